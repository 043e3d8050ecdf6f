//! How a snapshot was seen to end, and how long that took: told as a duration only where both of its ends are
//! known.
//!
//! The journal, the screens, the commands and the evidence have their words and figures from here. Two clocks
//! of different machines are never subtracted from each other, and this machine's date never counts: it can
//! be set while a snapshot is made.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::status::SnapshotStatus;
use super::text::{escape, length};

/// The longest interval between two looks while somebody watches, with its jitter and the time that an answer
/// takes. An end between two looks that were further apart was not watched.
pub const WATCHED: Duration = Duration::from_secs(40);
/// The part of a duration that may lie between those two looks, where they are further apart than [`EXACT`].
const SHARE: u32 = 10;
/// So close together two looks may be however short the duration is.
const EXACT: Duration = Duration::from_secs(10);
/// The longest that the answer to a request takes: who watches from its answer on may have begun so late.
const SLOWEST: Duration = Duration::from_mins(1);
/// By how much two clocks may disagree that are the same: the server's tells whole seconds.
const SLACK: SignedDuration = SignedDuration::from_secs(5);

/// From what the time is known at which a snapshot became available: AWS keeps none with the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An event of RDS said so.
    RdsEvent,
    /// This program was watching, and saw it at most a poll late.
    SeenByClustersnap,
}

/// How long the making of a snapshot took, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Took {
    /// So long: both ends are known.
    Observed(Duration, Source),
    /// It had ended when it was first looked at, so long after it began if that is known. How long it took is not
    /// known.
    FirstSeen(Option<(Duration, Beginning)>),
}

/// Which beginning of the making of a snapshot is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// The request of this machine's journal.
    Request,
    /// The service's create time: who asked, and when, is not known here.
    Creation,
}

/// When the making of a snapshot began, by the clocks that know it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// The service's create time of the snapshot.
    pub created_at: Option<Timestamp>,
    /// The server's clock (its `Date` header) just before the request left.
    pub asked_at: Option<Timestamp>,
}

impl Begun {
    /// The create time, unless it is of another clock than the server's: then it may lie before the request.
    fn created_by_server(self) -> Option<Timestamp> {
        self.created_at
            .filter(|created| self.asked_at.is_none_or(|asked| asked.duration_since(*created) <= SLACK))
    }
}

/// How a snapshot was seen to end. Serialized as the journal has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// When it was first seen, by this machine's clock: to tell the moment, never to measure with.
    #[serde(rename = "at")]
    pub seen_at: Timestamp,
    /// The final status in the service's words, or [`GONE`].
    pub status: String,
    /// The server's clock at that look. Lines of versions before it was there tell no duration: their times are
    /// this machine's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Timestamp>,
    /// The server's clock at the last look that saw it in progress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_at: Option<Timestamp>,
    /// When it was finished, by RDS's own event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// How long it took by the monotonic clock of the program that sent the request and watched it to the end.
    #[serde(default, rename = "watched_ms", skip_serializing_if = "Option::is_none", with = "milliseconds")]
    pub watched: Option<Duration>,
    /// When it was found to be gone, after it had ended otherwise, by this machine's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<Timestamp>,
    /// Why it cannot be restored, by RDS's own event: text from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A duration in whole milliseconds.
mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "serde wants it so")]
    pub fn serialize<S: Serializer>(time: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
        time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
        Ok(Option::deserialize(from)?.map(Duration::from_millis))
    }
}

/// The status of a snapshot that is not there any more.
pub const GONE: &str = "gone";

impl Took {
    /// The duration, where it is one.
    #[must_use]
    pub fn observed(self) -> Option<Duration> {
        match self {
            Self::Observed(length, _) => Some(length),
            Self::FirstSeen(_) => None,
        }
    }

    /// How long after its beginning the end was first seen, where only that is known.
    pub(crate) fn seen_after(self) -> Option<Duration> {
        match self {
            Self::Observed(..) => None,
            Self::FirstSeen(after) => after.map(|(after, _)| after),
        }
    }

    /// As the value of a length: `20 s`, `not known: first seen 1 min 40 s after the request`.
    pub(crate) fn as_length(self) -> String {
        match self {
            Self::Observed(time, Source::RdsEvent) => format!("{} by RDS's events", length(time)),
            Self::Observed(time, Source::SeenByClustersnap) => length(time),
            Self::FirstSeen(Some(_)) => format!("not known: {}", self.words()),
            Self::FirstSeen(None) => "not known: no one saw its end".to_owned(),
        }
    }

    /// In words that go on from a status: `took 20 s`, `first seen 1 min 40 s after the request`.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Observed(..) => format!("took {}", self.as_length()),
            Self::FirstSeen(Some((after, Beginning::Request))) => {
                format!("first seen {} after the request", length(after))
            }
            Self::FirstSeen(Some((after, Beginning::Creation))) => {
                format!("first seen {} after it was begun", length(after))
            }
            Self::FirstSeen(None) => "how long it took was not seen".to_owned(),
        }
    }
}

/// Whether the last look that saw something in progress and the first that saw it finished were so close
/// together that it was watched.
pub(crate) fn is_watched(gap: Duration, took: Duration) -> bool {
    gap <= EXACT || (gap <= WATCHED && gap * SHARE <= took)
}

impl Ending {
    /// An end that a look saw, and no more of it.
    #[must_use]
    pub fn seen(status: &str, seen_at: Timestamp, server_time: Option<Timestamp>) -> Self {
        Self { status: status.to_owned(), seen_at, server_time, ..Self::default() }
    }

    /// Whether the snapshot was found to be gone, whatever it was before.
    pub(crate) fn is_gone(&self) -> bool {
        self.is_only_gone() || self.gone_at.is_some()
    }

    /// Whether it ended as one that can be restored.
    pub(crate) fn is_usable(&self) -> bool {
        SnapshotStatus::reported(&self.status).is_usable()
    }

    /// Whether nothing else is known of its end.
    fn is_only_gone(&self) -> bool {
        self.status == GONE
    }

    /// That this end could not be written down, and why.
    pub(crate) fn unwritten(&self, snapshot: &str, why: &str) -> String {
        format!(
            "The journal could not record that {snapshot} is {}, so history and report do not tell it; the next watch \
             writes it down: {why}.",
            escape(self.standing())
        )
    }

    /// How the snapshot is, as far as was seen: gone, else its final status.
    #[must_use]
    pub fn standing(&self) -> &str {
        if self.is_gone() { GONE } else { &self.status }
    }

    /// When it was seen to have ended so, by the server's clock where that is known.
    pub(crate) fn seen_by_server(&self) -> Timestamp {
        self.server_time.unwrap_or(self.seen_at)
    }

    /// Takes it that the snapshot is gone: how it had ended before stays known.
    pub(crate) fn then_gone(self, at: Timestamp) -> Self {
        if self.is_only_gone() { self } else { Self { gone_at: self.gone_at.or(Some(at)), ..self } }
    }

    /// Takes a later look at the end of the same snapshot: two programs may have seen it, and one of them may have
    /// taken it for gone. Whoever saw the end first knows best when it was; an event can be told later, and so can
    /// that it is gone since.
    pub(crate) fn and(self, later: Self) -> Self {
        match (self.is_only_gone(), later.is_only_gone()) {
            (true, _) => later,
            (false, true) => self.then_gone(later.seen_at),
            (false, false) if self.status != later.status => later,
            (false, false) => Self {
                open_at: self.open_at.or(later.open_at),
                finished_at: later.finished_at.or(self.finished_at),
                watched: self.watched.or(later.watched),
                // Whoever looks last knows whether it is there.
                gone_at: later.gone_at,
                why: later.why.or(self.why),
                ..self
            },
        }
    }

    /// How long it took; `None` of a snapshot that was not seen to end before it was deleted, or was gone.
    pub(crate) fn took(&self, begun: Begun) -> Option<Took> {
        let status = SnapshotStatus::reported(&self.status);
        if self.is_only_gone() || matches!(status, SnapshotStatus::Deleting | SnapshotStatus::Deleted) {
            return None;
        }
        let by_event = self.finished_at.and_then(|end| between(begun.created_at?, end));
        if let Some(took) = by_event {
            return Some(Took::Observed(took, Source::RdsEvent));
        }
        let since = |from: Option<Timestamp>| between(from?, self.server_time?);
        let (since_created, since_asked) = (since(begun.created_by_server()), since(begun.asked_at));
        let gap = self.open_at.zip(self.server_time).and_then(|(open, seen)| between(open, seen));
        let is_close = |took: &Duration| gap.is_some_and(|gap| is_watched(gap, *took));
        let is_as_watched = |took: &Duration| {
            self.watched
                .is_some_and(|watched| *took + SLACK.unsigned_abs() >= watched && *took <= watched + SLOWEST)
        };
        // The monotonic clock stands while a machine sleeps. After the first look that shows; before it, by this.
        let first = |from: Timestamp| between(from, self.open_at.or(self.server_time)?);
        let first = begun.created_by_server().or(begun.asked_at).and_then(first);
        let watched = self.watched.filter(|watched| first.is_none_or(|passed| passed <= *watched + SLOWEST));
        let took = since_created.filter(|took| is_close(took) || is_as_watched(took)).or(watched);
        if let Some(took) = took.or(since_asked.filter(is_close)) {
            return Some(Took::Observed(took, Source::SeenByClustersnap));
        }
        let asked = begun.asked_at.map(|at| (at, Beginning::Request));
        let (from, beginning) = asked.or(begun.created_at.map(|at| (at, Beginning::Creation))).unzip();
        Some(Took::FirstSeen(since(from).zip(beginning)))
    }

    /// When the snapshot became available, if it did, and if that was told or watched.
    pub(crate) fn known_at(&self, begun: Begun) -> Option<(Timestamp, Source)> {
        if !self.is_usable() {
            return None;
        }
        match self.took(begun)? {
            Took::Observed(_, Source::RdsEvent) => Some((self.finished_at?, Source::RdsEvent)),
            Took::Observed(_, source) => Some((self.server_time.unwrap_or(self.seen_at), source)),
            Took::FirstSeen(_) => None,
        }
    }
}

/// The time from one moment to another of the same clock; `None` if they are the wrong way round.
fn between(from: Timestamp, to: Timestamp) -> Option<Duration> {
    Duration::try_from(to.duration_since(from)).ok()
}

#[cfg(test)]
#[path = "ending_tests.rs"]
mod tests;
