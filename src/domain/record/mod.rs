//! Requests of the past: what was asked, by whom, when, and what became of it.
//!
//! The journal keeps them; the screen, the commands and the clipboard tell of them in the words of this
//! room. Text in them comes from outside and is not yet safe to show, but for [`Record::ticket`].

mod entry;
mod facts;
mod lines;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::alteration::AlterationRecord;
use super::change_id::ChangeId;
use super::cluster_id::ClusterId;
use super::ending::{Begun, Ending, Took};
use super::failure::Failure;
use super::listing::LIST_LAG;
use super::mark::Proof;
use super::outcome::Outcome;
use super::outcome_kind::OutcomeKind;
use super::snapshot::{More, Snapshot, SnapshotKind};
use super::status::SnapshotStatus;

pub use entry::Entry;
pub(in crate::domain) use facts::ticket;
pub use facts::{Fact, HERE, Value};
pub(in crate::domain) use lines::time_since;
pub use lines::{Intent, OutcomeLine, SnapshotLine};

/// One request, with what became of it and how its snapshot ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What was asked.
    pub intent: Intent,
    /// What became of it; `None` if the program was ended before it knew.
    pub outcome: Option<OutcomeLine>,
    /// How the snapshot ended; `None` if it was not seen to end.
    pub ended: Option<Ending>,
}

impl Record {
    /// What became of it, in one word.
    #[must_use]
    pub fn kind(&self) -> OutcomeKind {
        self.outcome.as_ref().map_or(OutcomeKind::Unknown, |line| line.outcome)
    }

    /// Whether it is not known what became of the request: it has to be looked up.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        self.kind() == OutcomeKind::Unknown
    }

    /// Whether the request made a snapshot that was not seen to end: it has to be followed.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        matches!(self.kind(), OutcomeKind::Created | OutcomeKind::FoundAgain) && self.ended.is_none()
    }

    /// Whether it made a snapshot that no list is known to have had yet, an age ago at which lists may still lag.
    pub(crate) fn may_be_unlisted(&self, age: SignedDuration) -> bool {
        self.is_unfinished() && self.listed_at().is_none() && age <= LIST_LAG
    }

    /// Whether its snapshot was found to be gone, which can be taken back.
    pub(crate) fn is_gone(&self) -> bool {
        self.ended.as_ref().is_some_and(Ending::is_gone)
    }

    /// Whether the service refused it for what was so at that moment, when it was asked at or after a time: a copy
    /// of it that something on the way sent before may still appear.
    pub(crate) fn is_refused_since(&self, since: Timestamp) -> bool {
        self.kind() == OutcomeKind::Refused
            && self.intent.at_the_latest() >= since
            && self.cause().is_of_the_moment()
    }

    /// Whether it has to be looked up or followed. A refusal for what was so at the moment counts for as long as
    /// its request was asked at or after `refused_since`.
    pub(crate) fn is_open(&self, refused_since: Timestamp) -> bool {
        self.is_unsettled() || self.is_unfinished() || self.is_refused_since(refused_since)
    }

    /// The snapshot that the request made, as it was answered or found then.
    pub(crate) fn made(&self) -> Option<Snapshot> {
        if !matches!(self.kind(), OutcomeKind::Created | OutcomeKind::FoundAgain) {
            return None;
        }
        let intent = &self.intent;
        let line = self.seen()?;
        Some(Snapshot {
            id: intent.snapshot.clone(),
            arn: line.arn.clone(),
            cluster: line.cluster.as_deref().map(ClusterId::reported),
            kind: SnapshotKind::Manual,
            status: SnapshotStatus::reported(&line.status),
            percent: None,
            created_at: line.created_at,
            allocated_gib: None,
            more: Arc::new(More {
                cluster_resource_id: intent.cluster_resource_id.clone(),
                ..More::default()
            }),
            tags: intent.tags.as_slice().into(),
        })
    }

    /// The snapshot that was made, or that has the name, as it was seen then.
    pub(crate) fn seen(&self) -> Option<&SnapshotLine> {
        self.outcome.as_ref()?.snapshot.as_ref()
    }

    /// When a list had its snapshot, as far as is known, by this machine's clock: an answer that it is created is no list.
    pub(crate) fn listed_at(&self) -> Option<Timestamp> {
        let found = self.outcome.as_ref().filter(|line| line.outcome == OutcomeKind::FoundAgain);
        self.ended.as_ref().map(|ending| ending.seen_at).or(found.map(|line| line.at))
    }

    /// Why it failed, or what happened to the answer: which of them, its kind tells.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.outcome.as_ref()?.failure.as_ref()
    }

    /// The same in words; with a request id only where that is not the one that the service gave this request.
    pub(crate) fn failure_in_words(&self) -> Option<String> {
        let failure = self.failure()?;
        let request_id = failure.request_id.clone().filter(|id| self.request_id() != Some(id.as_str()));
        Some(Failure { request_id, ..failure.clone() }.to_string())
    }

    /// The service's request id.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.outcome.as_ref()?.request_id.as_deref()
    }

    /// What became of it, for a column: how the snapshot was seen last, where there is one that ended.
    pub(crate) fn result(&self) -> Cow<'_, str> {
        match &self.ended {
            Some(ending) if self.kind() == OutcomeKind::Unproven => {
                format!("not proved: {}", ending.standing()).into()
            }
            Some(ending) => ending.standing().into(),
            // AWS's yes is only the beginning, and no end was seen.
            None if self.kind() == OutcomeKind::Created => "begun".into(),
            None => self.kind().short().into(),
        }
    }

    /// When the making of the snapshot began, by the clocks that know it.
    pub(crate) fn begun(&self) -> Begun {
        let created_at = self.seen().and_then(|seen| seen.created_at);
        Begun { created_at, asked_at: self.intent.server_time }
    }

    /// How long it took, as far as that can be told; `None` if it was not seen to end, or is gone.
    pub(crate) fn took(&self) -> Option<Took> {
        self.ended.as_ref()?.took(self.begun())
    }

    /// What proves that the snapshot is this request's; `None` if it is not known to have made one.
    pub(crate) fn proof(&self) -> Option<Proof> {
        match self.kind() {
            OutcomeKind::Created => Some(Proof::Answer),
            OutcomeKind::FoundAgain => self.intent.mark.clone().map(Proof::Tag),
            _ => None,
        }
    }

    /// Why it is not known what became of the request.
    #[must_use]
    pub fn cause(&self) -> Failure {
        self.failure().cloned().unwrap_or_else(Failure::unwritten)
    }

    /// What became of the request, where the journal has all that such an outcome says.
    pub(crate) fn told(&self) -> Option<Outcome> {
        let made = || self.made().map(Box::new);
        match self.kind() {
            OutcomeKind::Created => {
                let request_id = self.request_id().map(str::to_owned);
                Some(Outcome::Created { snapshot: made()?, request_id })
            }
            OutcomeKind::FoundAgain => Some(Outcome::FoundAgain { snapshot: made()?, lost: self.cause() }),
            OutcomeKind::NotCreated => Some(Outcome::NotCreated(self.cause())),
            OutcomeKind::Refused => Some(Outcome::Refused(self.cause())),
            _ => None,
        }
    }

    /// That it is not known what became of the request, as the look-up of it failed.
    #[must_use]
    pub fn unsettled(&self, look: Failure) -> Outcome {
        Outcome::Unknown { since: self.intent.asked_at(), cause: self.cause(), look: Some(Box::new(look)) }
    }

    /// A request of which nothing but its intent is known.
    pub(crate) fn asked(intent: Intent) -> Self {
        Self { intent, outcome: None, ended: None }
    }

    /// Takes what became of the request, unless something worth more is known. Where the ARN of what it made says
    /// it, that is where it went.
    pub(crate) fn became(&mut self, line: OutcomeLine) {
        let line = line.no_stronger_than_proved(&self.intent);
        line.follow(&mut self.outcome, OutcomeKind::weight);
        if let Some(arn) = self.outcome.as_ref().and_then(OutcomeLine::arn_of_own) {
            self.intent.account = self.intent.account.take().or(arn.account);
            self.intent.region = self.intent.region.take().or(arn.region);
        }
    }

    /// Takes how its snapshot was seen to end, besides what is known of that.
    pub(crate) fn ended_with(&mut self, ending: Ending) {
        self.ended = Some(match self.ended.take() {
            Some(earlier) => earlier.and(ending),
            None => ending,
        });
    }
}

/// What a journal has open, as far as it can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenRecords {
    /// The requests, in the order in which they were made.
    pub records: Vec<Record>,
    /// The deletions of which it is not known what became.
    pub deletions: Vec<AlterationRecord>,
    /// The changes that have something still to send, wherever, if that was asked.
    pub changes: Vec<ChangeId>,
    /// How many lines cannot be read: any of them may be what an open request began with.
    pub lines_missing: usize,
    /// Why it cannot be written, if that was tried.
    pub unwritable: Option<Failure>,
}

/// Where a request stands in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub u64);

/// Some entries of the journal: the newest ones, or the newest before a position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordPage {
    /// The entries, the newest first, each with where it stands.
    pub entries: Vec<(Position, Entry)>,
    /// Before which position older ones go on; `None` if there are none.
    pub older: Option<Position>,
    /// How many entries there are in all.
    pub total: usize,
    /// How many lines of the journal could not be read; they stay in it.
    pub unreadable: usize,
}
