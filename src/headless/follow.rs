//! Snapshots followed to their end: one look for all of them, at [`crate::track`]'s pace.
//!
//! It takes more than a lost link to give up: the snapshot goes on being made meanwhile.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::json::SnapshotData;
use super::problem::{Code, Problem};
use super::streams::Streams;
use crate::domain::command::quote;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::journal::Intent;
use crate::session::Session;
use crate::submit::decide::is_of_later;
use crate::track::backoff::Backoff;
use crate::track::presence::{self, Absence};
use crate::track::progress::Progress;
use crate::track::schedule::{self, Situation};

/// For how long no look may succeed before it is given up.
const SILENCE: Duration = Duration::from_mins(15);
/// How many characters the bar has.
const BAR: usize = 24;

/// How a snapshot ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It can be restored.
    Available,
    /// It has a final status, and cannot.
    Unusable,
    /// It is not there any more.
    Gone,
}

/// A snapshot that is followed.
#[derive(Debug)]
pub struct Item {
    /// Its identifier.
    pub id: SnapshotId,
    /// The journal's request for it, until its end is journalled.
    intent: Option<Intent>,
    /// As it was seen last.
    pub seen: Option<Snapshot>,
    /// How it ended.
    pub end: Option<End>,
    progress: Progress,
    since: Instant,
}

impl Item {
    /// A snapshot to follow, as it was seen so far.
    pub fn new(id: SnapshotId, intent: Option<Intent>, seen: Option<Snapshot>) -> Self {
        Self { id, intent, seen, end: None, progress: Progress::default(), since: Instant::now() }
    }

    /// The snapshot for a program.
    pub fn data(&self) -> SnapshotData {
        let known = self.seen.as_ref().map(SnapshotData::from);
        let data =
            known.unwrap_or_else(|| SnapshotData { id: self.id.to_string(), ..SnapshotData::default() });
        if self.end == Some(End::Gone) {
            SnapshotData { status: Some("gone".to_owned()), ..data }
        } else {
            data
        }
    }

    /// The problem that its end is, if it is one.
    pub fn problem(&self) -> Option<Problem> {
        let message = match (self.end.as_ref()?, &self.seen) {
            (End::Available, _) => return None,
            (End::Unusable, Some(snapshot)) => {
                format!("{} is {}: it cannot be restored", self.id, snapshot.status)
            }
            _ => format!(
                "{} is not listed any more, so it cannot be restored; AWS CloudTrail may say why",
                self.id
            ),
        };
        Some(Problem::new(Code::SnapshotFailed, crate::domain::text::escape(&message)).about(self.data()))
    }

    /// How far it is, for a person.
    pub fn tell(&self, as_bar: bool) -> String {
        let percent = self.seen.as_ref().and_then(|snapshot| snapshot.percent);
        let status = match (&self.end, &self.seen) {
            (Some(End::Gone), _) => "gone",
            (_, Some(snapshot)) => snapshot.status.as_str(),
            (_, None) => "not listed yet",
        };
        let shown = percent.map_or_else(|| "progress not known".to_owned(), |percent| format!("{percent} %"));
        let bar = if as_bar { format!("  {}", bar(percent.unwrap_or(0))) } else { String::new() };
        let begun = self.seen.as_ref().and_then(|snapshot| snapshot.created_at);
        let elapsed = begun.map(|at| Timestamp::now().duration_since(at));
        let elapsed = elapsed.and_then(|elapsed| Duration::try_from(elapsed).ok());
        let elapsed =
            elapsed.map_or_else(String::new, |elapsed| format!("  {}", crate::domain::text::span(elapsed)));
        crate::domain::text::escape(&format!("{}  {status}{bar}  {shown}{elapsed}", self.id))
    }
}

fn bar(percent: u8) -> String {
    let full = usize::from(percent) * BAR / 100;
    format!("[{}{}]", "#".repeat(full), ".".repeat(BAR.saturating_sub(full)))
}

/// Looks at snapshots until they have ended.
pub struct Follower<'a> {
    session: &'a Session,
    streams: Streams,
    backoff: Backoff,
    begun: Instant,
    /// When a look last succeeded; `None` if none has yet.
    heard: Option<Instant>,
}

impl<'a> Follower<'a> {
    /// A follower. If the service `has_answered` just now, a look that fails is no reason to end.
    pub fn new(session: &'a Session, streams: Streams, has_answered: bool) -> Self {
        let heard = has_answered.then(Instant::now);
        Self { session, streams, backoff: Backoff::default(), begun: Instant::now(), heard }
    }

    /// Looks once at all that have not ended; the indices of those that changed.
    ///
    /// # Errors
    /// What makes further looks useless.
    pub async fn look(&mut self, items: &mut [Item]) -> Result<Vec<usize>, Problem> {
        let ids: Vec<SnapshotId> =
            items.iter().filter(|item| item.end.is_none()).map(|item| item.id.clone()).collect();
        let found = match self.session.client().snapshots_named(&ids).await {
            Ok(found) => found.value,
            Err(failure) => return self.missed(failure, items, &ids).map(|()| Vec::new()),
        };
        if found.len() < ids.len() && self.session.is_elsewhere().await {
            let failure =
                Failure::local(FailureKind::OtherAccount, "what is followed is not of this account");
            return self.missed(failure, items, &ids).map(|()| Vec::new());
        }
        if self.backoff.failure().is_some() {
            self.streams.say("The service answers again.");
        }
        self.backoff.well();
        // Until then nothing had ended of what ends now.
        let open_at = self.heard.and_then(|heard| Timestamp::now().checked_sub(heard.elapsed()).ok());
        self.heard = Some(Instant::now());
        let mut changed = Vec::new();
        for (index, item) in items.iter_mut().enumerate().filter(|(_, item)| item.end.is_none()) {
            let snapshot = found.iter().find(|found| item.is(found));
            if item.take(snapshot) {
                changed.push(index);
            }
            let status = item.data().status.unwrap_or_default();
            if item.end.is_some()
                && let Some(intent) = item.intent.take()
            {
                self.session.note_end(intent.number, &status, open_at).await;
            }
        }
        Ok(changed)
    }

    /// How long to wait before the next look: what is due first takes the others along.
    pub fn pause(&self, items: &[Item]) -> Duration {
        if self.backoff.failure().is_some() {
            return self.backoff.until().saturating_sub(self.begun.elapsed());
        }
        interval(items)
    }

    fn missed(&mut self, failure: Failure, items: &[Item], ids: &[SnapshotId]) -> Result<(), Problem> {
        let is_over = self.heard.is_none_or(|heard| heard.elapsed() > SILENCE);
        let may_pass = matches!(Code::from(failure.kind), Code::Network | Code::Throttled);
        if is_over || !may_pass {
            let hint = format!("To go on following: {}", watch_command(self.session, ids));
            return Err(Problem::from(failure).and(&hint));
        }
        if self.backoff.failure().is_none() {
            self.streams.say(&format!("{failure}. Trying again; the snapshot goes on at AWS."));
        }
        let interval = interval(items);
        self.backoff.failed(failure, interval, self.begun.elapsed(), jitter());
        Ok(())
    }
}

/// How long to wait after a look that went well.
fn interval(items: &[Item]) -> Duration {
    let now = Timestamp::now();
    let open = items.iter().filter(|item| item.end.is_none());
    let of = |item: &Item| {
        let age = item.age(now);
        let percent = item.seen.as_ref().and_then(|snapshot| snapshot.percent).unwrap_or(0);
        let situation = Situation { age, percent, unmoved: item.progress.unmoved(age), is_focused: true };
        schedule::interval(situation, jitter())
    };
    open.map(of).min().unwrap_or(schedule::FAST)
}

/// A number that differs between runs, so that many programs do not ask in step.
fn jitter() -> u8 {
    let [jitter, ..] = RandomState::new().hash_one(0).to_ne_bytes();
    jitter
}

impl Item {
    /// How old the snapshot is, by this machine's clock; how long it is followed, where that is not known.
    fn age(&self, now: Timestamp) -> Duration {
        let begun = self.seen.as_ref().and_then(|snapshot| snapshot.created_at);
        let age = begun.and_then(|at| Duration::try_from(now.duration_since(at)).ok());
        age.unwrap_or_else(|| self.since.elapsed())
    }

    /// Whether it is this one that was found, and not a later one of its name.
    fn is(&self, found: &Snapshot) -> bool {
        let is_later = self.intent.as_ref().is_some_and(|intent| is_of_later(intent, found));
        found.id.eq_ignore_ascii_case(self.id.as_str()) && !is_later
    }

    /// Takes what a look saw of it; whether that is news.
    fn take(&mut self, found: Option<&Snapshot>) -> bool {
        let age = self.age(Timestamp::now());
        let Some(found) = found else {
            // This machine's clock may be off, so what was followed for less than the lag may be missing.
            let age = age.min(self.since.elapsed());
            let last = self.seen.as_ref().map(|snapshot| &snapshot.status);
            let is_gone = presence::absence(age, last) != Absence::NotListedYet;
            if is_gone {
                self.end = Some(End::Gone);
            }
            return is_gone;
        };
        if let Some(percent) = found.percent {
            self.progress.observe(percent, age);
        }
        if found.status.is_final() {
            self.end = Some(if found.status.is_usable() { End::Available } else { End::Unusable });
        }
        let is_news = self
            .seen
            .as_ref()
            .is_none_or(|seen| seen.status != found.status || seen.percent != found.percent);
        self.seen = Some(found.clone());
        is_news || self.end.is_some()
    }
}

/// The command that goes on following, for a person to paste.
pub fn watch_command(session: &Session, ids: &[SnapshotId]) -> String {
    let place = session.place();
    let mut words = vec!["clustersnap".to_owned(), "watch".to_owned()];
    words.extend(ids.iter().map(ToString::to_string));
    let options =
        [("--profile", &place.profile), ("--region", &place.region), ("--endpoint-url", &place.endpoint)];
    for (option, value) in options {
        words.extend(value.iter().flat_map(|value| [option.to_owned(), quote(value)]));
    }
    crate::domain::text::escape(&words.join(" "))
}
