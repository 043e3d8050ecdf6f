//! One snapshot that is followed: what is known of it, and what a look at it tells.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::ending::{Begun, Took};
use crate::domain::listing::Listing;
use crate::domain::mark;
use crate::domain::outcome::Step;
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;
use crate::track::followed::{Followed, Look, LookMoment};
use crate::track::presence::Absence;
use crate::track::schedule;

use crate::app::Now;
use crate::app::request_id::RequestId;

/// A snapshot that is followed.
#[derive(Debug, Clone)]
pub struct FollowedSnapshot {
    /// The snapshot's identifier.
    pub id: String,
    /// The cluster's identifier, if known.
    pub cluster: Option<String>,
    /// What is known of it.
    pub state: FollowedState,
    /// When it was begun, to tell which were begun before: when the request was made here, by this clock; for
    /// others the service's create time.
    pub began: Timestamp,
    /// What looking at it has told.
    pub followed: Followed,
    /// The request of this run or of an earlier one that it belongs to.
    pub submission: Option<RequestId>,
    /// That request's mark: what carries another one is another snapshot.
    pub mark: Option<Tag>,
    /// Whether it was deleted from here: then it is no riddle that it is gone.
    pub is_deleted_here: bool,
    /// Whether nothing proves that it is that request's: it may be anybody's.
    pub is_unproven: bool,
    /// Whether that request was sent without the journal.
    pub is_unwritten: bool,
    /// When it was last seen or asked for, on the monotonic clock.
    pub looked: Duration,
    /// Since when nothing more is to come of it, on the same clock.
    pub over: Option<Duration>,
    /// When it was seen last, by this machine's date.
    pub seen_at: Option<Timestamp>,
    /// Why it failed, by an event of the service; text from outside, not escaped.
    pub why: Option<String>,
    /// What the first estimate said it would take in all: how good it was is told at the end.
    pub first_estimate: Option<(Duration, Duration)>,
}

/// What is known of a snapshot that is followed.
#[derive(Debug, Clone)]
pub enum FollowedState {
    /// Its request is under way.
    Submitting(Step),
    /// The request's outcome is not known yet.
    Unknown,
    /// It is listed like this.
    Listed(Box<Snapshot>),
    /// It is not listed at the moment; how it was listed last, if it was.
    NotListed(Option<Box<Snapshot>>),
    /// Looks enough have missed it: deleted, or nobody knows why. A list that has it again takes it back.
    Gone(Absence),
}

impl FollowedState {
    /// Whether it is a request without an outcome yet.
    pub(crate) fn is_unsettled(&self) -> bool {
        matches!(self, Self::Submitting(_) | Self::Unknown)
    }
}

/// How a snapshot that is followed stands, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It cannot be restored, or is gone and nobody knows why.
    Failed,
    /// It is not known what became of its request, or whose it is.
    Unknown,
    /// More is to come.
    Open,
    /// It can be restored.
    Usable,
    /// It was deleted.
    Deleted,
}

impl FollowedSnapshot {
    /// How it stands.
    pub(crate) fn weight(&self) -> Weight {
        match &self.state {
            FollowedState::Unknown => Weight::Unknown,
            FollowedState::Gone(Absence::Deleted) => Weight::Deleted,
            FollowedState::Gone(_) => Weight::Failed,
            FollowedState::Listed(snapshot) if snapshot.status.is_usable() && self.is_unproven => {
                Weight::Unknown
            }
            FollowedState::Listed(snapshot) if snapshot.status.is_usable() => Weight::Usable,
            FollowedState::Listed(snapshot) if snapshot.status.is_final() => Weight::Failed,
            FollowedState::Submitting(_) | FollowedState::NotListed(_) | FollowedState::Listed(_) => {
                Weight::Open
            }
        }
    }

    /// A snapshot that is to be followed, and of which nothing is known yet.
    pub(super) fn new(id: &str, began: Timestamp, now: &Now) -> Self {
        Self {
            id: id.to_owned(),
            cluster: None,
            state: FollowedState::NotListed(None),
            began,
            followed: Followed::new(now.mono),
            submission: None,
            mark: None,
            is_deleted_here: false,
            is_unproven: false,
            is_unwritten: false,
            looked: now.mono,
            over: None,
            seen_at: None,
            why: None,
            first_estimate: None,
        }
    }

    /// Whether it was somebody else's and is gone: to whoever looks here that is no failure.
    pub(crate) fn is_others_gone(&self) -> bool {
        self.submission.is_none() && matches!(self.state, FollowedState::Gone(_))
    }

    /// Whether more is to come.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, FollowedState::Unknown) || self.weight() == Weight::Open
    }

    /// The snapshot as it is listed, or was last.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Snapshot> {
        match &self.state {
            FollowedState::Listed(snapshot) | FollowedState::NotListed(Some(snapshot)) => Some(snapshot),
            _ => None,
        }
    }

    /// Whether a snapshot is it, as far as name, create time and mark tell. Its request takes the name, until its outcome is
    /// known.
    pub(super) fn may_be(&self, seen: &Snapshot) -> bool {
        let is_another =
            || self.followed.is_replaced_by(seen) || mark::is_of_another(self.mark.as_ref(), &seen.tags);
        self.id == seen.id && (self.state.is_unsettled() || !is_another())
    }

    /// Whether it is listed like this.
    pub(super) fn shows(&self, seen: &Snapshot) -> bool {
        matches!(&self.state, FollowedState::Listed(snapshot) if **snapshot == *seen)
    }

    /// How long its making took, as far as that can be told; `None` until it has ended.
    #[must_use]
    pub fn took(&self) -> Option<Took> {
        let created_at = self.snapshot().and_then(|snapshot| snapshot.created_at);
        self.followed.took(Begun { created_at, asked_at: None })
    }

    /// What to do about a snapshot that cannot be restored.
    pub(crate) fn what_to_do(&self) -> String {
        self.cluster.as_ref().map_or_else(String::new, |cluster| {
            format!(" Take another: ‹s:snapshot› on {cluster} in the list of clusters.")
        })
    }

    /// Whether polls ask for it, also once it has ended: it can be deleted, or fail after all. `submit` looks after what
    /// is not settled yet.
    pub(super) fn is_polled(&self) -> bool {
        !self.state.is_unsettled() && !matches!(self.state, FollowedState::Gone(_))
    }

    /// How long after the last look the next one is due.
    pub(super) fn interval(&self, now: &Now, is_watched: bool, jitter: u8) -> Duration {
        if self.is_open() {
            return self.followed.interval(is_watched, now.mono, jitter);
        }
        schedule::kept(schedule::ENDED, is_watched, jitter)
    }

    /// How it was seen to end, to tell one end from the next; `None` while more is to come.
    pub(super) fn end(&self) -> Option<String> {
        self.followed.ending().filter(|_| !self.is_open()).map(|ending| ending.standing().to_owned())
    }
}

impl FollowedSnapshot {
    /// Takes it from the answer to its request.
    pub(super) fn answered(&mut self, snapshot: &Snapshot, now: &Now) {
        self.looked = now.mono;
        self.seen_at = Some(now.at());
        self.followed.answered(snapshot, &now.moment(None));
        self.stand(FollowedState::Listed(Box::new(snapshot.clone())), now.mono);
    }

    /// Takes it from the journal.
    pub(super) fn recall(&mut self, snapshot: &Snapshot, now: &Now) {
        self.looked = now.mono;
        self.followed.recalled(snapshot);
        if self.snapshot().is_none() {
            self.stand(FollowedState::Listed(Box::new(snapshot.clone())), now.mono);
        }
    }

    /// Takes it as a list has it.
    pub(super) fn take(&mut self, snapshot: &Snapshot, now: &LookMoment) {
        self.followed.listed(snapshot, now);
        self.show(snapshot, now);
    }

    /// Takes what a look tells of it.
    pub(super) fn look(&mut self, answer: &Listing, now: &LookMoment) {
        let last = match &mut self.state {
            FollowedState::Listed(snapshot) => Some(snapshot.clone()),
            FollowedState::NotListed(last) => last.take(),
            _ => None,
        };
        let mark = self.mark.as_ref();
        let is_it = |found: &Snapshot| !mark::is_of_another(mark, &found.tags);
        match self.followed.look(&self.id, answer, last.as_deref(), is_it, now) {
            Look::Listed(snapshot) => self.show(snapshot, now),
            Look::Missed(None) => self.stand(FollowedState::NotListed(last), now.mono),
            Look::Missed(Some(absence)) => {
                let absence = if self.is_deleted_here { Absence::Deleted } else { absence };
                self.stand(FollowedState::Gone(absence), now.mono);
            }
        }
    }

    fn stand(&mut self, state: FollowedState, now: Duration) {
        self.state = state;
        self.over = (!self.is_open()).then(|| self.over.unwrap_or(now));
    }

    fn show(&mut self, snapshot: &Snapshot, now: &LookMoment) {
        if self.submission.is_none() {
            self.began = snapshot.created_at.unwrap_or(self.began);
        }
        self.looked = now.mono;
        self.seen_at = Some(now.at);
        self.stand(FollowedState::Listed(Box::new(snapshot.clone())), now.mono);
    }
}
