//! The pane of snapshots in progress: those requested here, and those being made elsewhere.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::account::AccountId;
use crate::domain::ending::{Begun, Ending, Took};
use crate::domain::failure::Failure;
use crate::domain::listing::Listing;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::track::followed::{Followed, Moment};
use crate::track::presence::{Absence, Verdict};

use super::super::Now;
use super::super::list::{Cursor, Motion};
use super::super::message::Recovered;
use super::super::requests::RequestId;

/// A snapshot that is followed.
#[derive(Debug, Clone)]
pub struct Tracked {
    /// The snapshot's identifier.
    pub id: String,
    /// The cluster's identifier, if known.
    pub cluster: Option<String>,
    /// What is known of it.
    pub state: State,
    /// When it was begun, to tell which were begun before: when the request was made here, by this clock; for
    /// others the service's create time.
    pub began: Timestamp,
    /// What looking at it has told.
    pub followed: Followed,
    /// The request of this run or of an earlier one that it belongs to.
    pub submission: Option<RequestId>,
    /// Whether that request was sent without the journal.
    pub is_unwritten: bool,
    /// When it was last seen or asked for, on the monotonic clock.
    pub looked: Duration,
    /// The end as it was journalled last.
    pub noted: Option<Ending>,
    /// Why it failed, by an event of the service; text from outside, not escaped.
    pub why: Option<String>,
    /// What the first estimate said it would take in all: how good it was is told at the end.
    pub foretold: Option<(Duration, Duration)>,
}

/// What is known of a snapshot that is followed.
#[derive(Debug, Clone)]
pub enum State {
    /// Its request is under way.
    Submitting(Step),
    /// The request's outcome is not known yet; why.
    Unknown(Failure),
    /// It is listed like this.
    Listed(Box<Snapshot>),
    /// It is not listed at the moment; how it was listed last, if it was.
    NotListed(Option<Box<Snapshot>>),
    /// Looks enough have missed it: deleted, or nobody knows why. A list that has it again takes it back.
    Gone(Absence),
}

/// The pane's state.
#[derive(Debug, Default)]
pub struct Pane {
    /// What is followed, the youngest first.
    pub rows: Vec<Tracked>,
    /// The cursor.
    pub cursor: Cursor<String>,
    /// The poll that is in flight, and what it asks for.
    pub in_flight: Option<(RequestId, Vec<String>)>,
    /// When the last good answer to a poll came.
    pub polled_at: Option<Timestamp>,
    /// The same on the monotonic clock.
    pub polled: Duration,
    /// The jitter of the next poll.
    pub jitter: u8,
}

impl State {
    /// Whether it is a request without an outcome yet.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        matches!(self, Self::Submitting(_) | Self::Unknown(_))
    }
}

impl Tracked {
    /// A snapshot that is to be followed, and of which nothing is known yet.
    fn new(id: &str, began: Timestamp, now: &Now) -> Self {
        Self {
            id: id.to_owned(),
            cluster: None,
            state: State::NotListed(None),
            began,
            followed: Followed::new(now.mono),
            submission: None,
            is_unwritten: false,
            looked: now.mono,
            noted: None,
            why: None,
            foretold: None,
        }
    }

    /// Whether more is to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match &self.state {
            State::Submitting(_) | State::Unknown(_) | State::NotListed(_) => true,
            State::Listed(snapshot) => !snapshot.status.is_final(),
            State::Gone(_) => false,
        }
    }

    /// The snapshot as it is listed, or was last.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Snapshot> {
        match &self.state {
            State::Listed(snapshot) | State::NotListed(Some(snapshot)) => Some(snapshot),
            _ => None,
        }
    }

    /// How long its making took, as far as that can be told; `None` until it has ended.
    #[must_use]
    pub fn took(&self) -> Option<Took> {
        let created_at = self.snapshot().and_then(|snapshot| snapshot.created_at);
        self.followed.took(Begun { created_at, asked_at: None })
    }

    /// Whether polls ask for it: `submit` looks after what is not settled yet.
    fn is_polled(&self) -> bool {
        self.is_open() && !self.state.is_unsettled()
    }

    /// How long after the last look the next one is due.
    fn interval(&self, now: &Now, is_focused: bool, jitter: u8) -> Duration {
        let percent = self.snapshot().and_then(|snapshot| snapshot.percent);
        self.followed.interval(percent, is_focused, now.mono, jitter)
    }
}

impl Pane {
    /// How many are still in progress.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.rows.iter().filter(|row| row.is_open()).count()
    }

    /// What is under the cursor.
    #[must_use]
    pub fn chosen(&self) -> Option<&Tracked> {
        self.rows.get(self.cursor.at())
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion, room: usize) {
        let rows = &self.rows;
        self.cursor.go(motion, rows.len(), room, |at| rows.get(at).map(|row| &row.id));
    }

    /// Puts the cursor on a row.
    pub fn put(&mut self, at: usize, room: usize) {
        let rows = &self.rows;
        self.cursor.put(at, rows.len(), room, |at| rows.get(at).map(|row| &row.id));
    }

    /// Takes a change of the rows. Where the keys do not go to them, the youngest stays in sight.
    pub fn follow(&mut self, room: usize, is_focused: bool) {
        let rows = &self.rows;
        self.cursor.follow(rows.len(), room, is_focused, |at| rows.get(at).map(|row| &row.id));
    }

    /// Begins to follow a request of this run.
    pub fn submit(&mut self, id: RequestId, request: &SnapshotRequest, now: &Now) {
        self.rows.retain(|row| row.id != request.snapshot.as_str() || row.snapshot().is_some());
        self.rows.insert(
            0,
            Tracked {
                cluster: Some(request.cluster.to_string()),
                state: State::Submitting(Step::LookingUp),
                submission: Some(id),
                ..Tracked::new(request.snapshot.as_str(), now.at(), now)
            },
        );
    }

    /// Takes a step of a request of this run.
    pub fn step(&mut self, id: RequestId, step: Step) {
        if let Some(row) = self.of_submission(id) {
            row.state = State::Submitting(step);
        }
    }

    /// Takes the outcome of a request of this run. What certainly was not created is not followed.
    pub fn settle(&mut self, id: RequestId, outcome: &Outcome, now: &Now) {
        let Some(row) = self.of_submission(id) else { return };
        match outcome {
            Outcome::Created { snapshot, .. } => row.answered(snapshot, now),
            Outcome::FoundAgain { snapshot, .. }
            | Outcome::Elsewhere { snapshot, .. }
            | Outcome::Unproven { snapshot, .. } => row.take(snapshot, &now.moment(None)),
            Outcome::Unknown { cause, .. } => row.state = State::Unknown(cause.clone()),
            Outcome::NotCreated(_)
            | Outcome::Refused(_)
            | Outcome::Taken { .. }
            | Outcome::NotListed { .. } => {
                self.rows.retain(|row| row.submission != Some(id));
            }
        }
        let id = self.rows.iter().find(|row| row.submission == Some(id)).map(|row| row.id.clone());
        if let Some(id) = id {
            self.rows.retain(|row| row.id != id || row.submission.is_some());
        }
    }

    /// Takes the outcome of a request of an earlier run: what it made, or may have made, is followed.
    pub fn recover(&mut self, id: RequestId, found: &Recovered, now: &Now) {
        let made = found.outcome.snapshot();
        let is_followed = made.is_some() || !found.outcome.is_settled();
        let has_ended = made.is_some_and(|snapshot| snapshot.status.is_final());
        let known = self.rows.iter_mut().find(|row| row.id == found.snapshot);
        match known {
            Some(row) if matches!(row.state, State::Submitting(_)) => return,
            // A snapshot that is listed under the name is another's, where the request made none.
            Some(row) if is_followed || matches!(row.state, State::Unknown(_)) => row.submission = Some(id),
            None if is_followed && !has_ended => self.rows.insert(
                0,
                Tracked {
                    cluster: Some(found.cluster.clone()),
                    submission: Some(id),
                    ..Tracked::new(&found.snapshot, began(&found.outcome).unwrap_or_else(|| now.at()), now)
                },
            ),
            Some(_) | None => return,
        }
        match (&found.outcome, self.of_submission(id)) {
            // What the journal knows of it: a list that had it already knows better.
            (Outcome::Created { snapshot, .. }, Some(row)) if !snapshot.status.is_final() => {
                row.recall(snapshot, now);
            }
            _ => self.settle(id, &found.outcome, now),
        }
    }

    /// Takes a snapshot seen in a list: one in progress is followed from now on. Returns the row that
    /// ended with it, if one did.
    pub fn notice(&mut self, snapshot: &Snapshot, now: &Now) -> Option<usize> {
        let known = self.rows.iter_mut().enumerate().find(|(_, row)| row.id == snapshot.id);
        if let Some((at, row)) = known {
            let was_open = row.is_open();
            if !row.state.is_unsettled() && row.followed.is_own(snapshot) {
                row.take(snapshot, &now.moment(None));
            }
            return (was_open && !row.is_open()).then_some(at);
        }
        if is_own(&snapshot.kind) && !snapshot.status.is_final() {
            let mut row = Tracked {
                cluster: snapshot.cluster.as_ref().map(ToString::to_string),
                ..Tracked::new(&snapshot.id, snapshot.created_at.unwrap_or_else(|| now.at()), now)
            };
            row.take(snapshot, &now.moment(None));
            self.rows.push(row);
        }
        None
    }

    /// When each of those that polls ask for is due, on the monotonic clock, by its row.
    #[must_use]
    pub fn dues(&self, now: &Now, is_focused: bool) -> Vec<(usize, Duration)> {
        let polled = self.rows.iter().enumerate().filter(|(_, row)| row.is_polled());
        polled.map(|(at, row)| (at, row.looked + row.interval(now, is_focused, self.jitter))).collect()
    }

    /// Notes that a poll asks for some rows; returns their identifiers.
    pub fn ask(&mut self, id: RequestId, rows: &[usize], now: &Now) -> Vec<String> {
        let mut asked = Vec::with_capacity(rows.len());
        for at in rows {
            if let Some(row) = self.rows.get_mut(*at) {
                row.looked = now.mono;
                asked.push(row.id.clone());
            }
        }
        self.in_flight = Some((id, asked.clone()));
        asked
    }

    /// Takes what a look at the rows that a poll asked for tells; returns those that ended with it.
    pub fn take(&mut self, asked: &[String], look: &Listing, now: &Now) -> Vec<usize> {
        self.polled_at = Some(now.at());
        self.polled = now.mono;
        let moment = now.moment(look.server_time);
        let mut ended = Vec::new();
        for (at, row) in self.rows.iter_mut().enumerate() {
            // Something else may have told of it while the poll was under way.
            if !row.is_polled() || !asked.contains(&row.id) {
                continue;
            }
            match look.find(&row.id).filter(|snapshot| row.followed.is_own(snapshot)) {
                Some(snapshot) => row.take(snapshot, &moment),
                None => row.miss(look.account.as_ref(), &moment),
            }
            if !row.is_open() {
                ended.push(at);
            }
        }
        ended
    }

    fn of_submission(&mut self, id: RequestId) -> Option<&mut Tracked> {
        self.rows.iter_mut().find(|row| row.submission == Some(id))
    }
}

impl Tracked {
    /// Takes it from the answer to its request.
    fn answered(&mut self, snapshot: &Snapshot, now: &Now) {
        self.looked = now.mono;
        self.followed.answered(snapshot, &now.moment(None));
        self.state = State::Listed(Box::new(snapshot.clone()));
    }

    /// Takes it from the journal.
    fn recall(&mut self, snapshot: &Snapshot, now: &Now) {
        self.looked = now.mono;
        self.followed.recalled(snapshot);
        if self.snapshot().is_none() {
            self.state = State::Listed(Box::new(snapshot.clone()));
        }
    }

    /// Takes it as a list has it.
    fn take(&mut self, snapshot: &Snapshot, now: &Moment) {
        if self.submission.is_none() {
            self.began = snapshot.created_at.unwrap_or(self.began);
        }
        self.looked = now.mono;
        self.followed.listed(snapshot, now);
        self.state = State::Listed(Box::new(snapshot.clone()));
    }

    /// Takes that an answer of an account does not have it.
    fn miss(&mut self, theirs: Option<&AccountId>, now: &Moment) {
        let last = match std::mem::replace(&mut self.state, State::NotListed(None)) {
            State::Listed(snapshot) | State::NotListed(Some(snapshot)) => Some(snapshot),
            _ => None,
        };
        self.state = match self.followed.missed(theirs, last.as_deref(), now) {
            Verdict::Elsewhere | Verdict::NotListed => State::NotListed(last),
            Verdict::Gone(absence) => State::Gone(absence),
        };
    }
}

/// When the request of an outcome was made, or its snapshot begun.
fn began(outcome: &Outcome) -> Option<Timestamp> {
    match outcome {
        Outcome::Unknown { since, .. } => Some(*since),
        outcome => outcome.snapshot().and_then(|snapshot| snapshot.created_at),
    }
}

/// Whether a snapshot is of this account: those of others are made elsewhere.
fn is_own(kind: &SnapshotKind) -> bool {
    !matches!(kind, SnapshotKind::Shared | SnapshotKind::Public)
}

/// The time from a moment to `now` by this machine's date, never negative. Not for what a snapshot took.
#[must_use]
pub fn age(began: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(began)).unwrap_or_default()
}
