//! The pane of snapshots in progress: those requested here, and those being made elsewhere.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::status::SnapshotStatus;
use crate::track::schedule::{self, Situation};

use super::super::list::ListCursor;
use super::super::requests::RequestId;

/// For how long a snapshot that was just created may be missing from lists: they are eventually
/// consistent.
pub const LIST_LAG: Duration = Duration::from_mins(1);

/// A snapshot that is followed.
#[derive(Debug, Clone)]
pub struct Tracked {
    /// The snapshot's identifier.
    pub id: String,
    /// The cluster's identifier, if known.
    pub cluster: Option<String>,
    /// What is known of it.
    pub state: State,
    /// When it was begun: when the request was made here, by this clock; for others the service's
    /// create time.
    pub began: Timestamp,
    /// When it was last seen to have ended.
    pub ended: Option<Timestamp>,
    /// The request of this run that it belongs to.
    pub submission: Option<RequestId>,
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
    /// It was created here and is not listed yet.
    NotListedYet,
    /// It was listed, and is no more; its last status.
    Disappeared(SnapshotStatus),
}

/// The pane's state.
#[derive(Debug, Default)]
pub struct Pane {
    /// What is followed, the youngest first.
    pub rows: Vec<Tracked>,
    /// The cursor.
    pub cursor: ListCursor,
    /// The poll that is in flight.
    pub in_flight: Option<RequestId>,
    /// When the last good answer to a poll came.
    pub polled_at: Option<Timestamp>,
    /// When the next poll is due, on the monotonic clock.
    pub due: Option<Duration>,
    /// Why the last poll failed.
    pub failure: Option<Failure>,
    throttles: u32,
}

impl Tracked {
    /// Whether more is to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match &self.state {
            State::Submitting(_) | State::Unknown(_) | State::NotListedYet => true,
            State::Listed(snapshot) => !snapshot.status.is_final(),
            State::Disappeared(_) => false,
        }
    }

    /// The listed snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Snapshot> {
        match &self.state {
            State::Listed(snapshot) => Some(snapshot),
            _ => None,
        }
    }
}

impl Pane {
    /// How many are still in progress.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.rows.iter().filter(|row| row.is_open()).count()
    }

    /// Begins to follow a request of this run.
    pub fn submit(&mut self, id: RequestId, request: &SnapshotRequest, now: Timestamp) {
        self.rows.retain(|row| row.id != request.snapshot.as_str() || row.snapshot().is_some());
        self.rows.insert(
            0,
            Tracked {
                id: request.snapshot.to_string(),
                cluster: Some(request.cluster.to_string()),
                state: State::Submitting(Step::LookingUp),
                began: now,
                ended: None,
                submission: Some(id),
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
    pub fn settle(&mut self, id: RequestId, outcome: &Outcome) {
        let Some(row) = self.of_submission(id) else { return };
        match outcome {
            Outcome::Created { snapshot, .. }
            | Outcome::FoundAgain { snapshot, .. }
            | Outcome::Unproven { snapshot, .. } => {
                row.state = State::Listed(snapshot.clone());
            }
            Outcome::Unknown { cause, .. } => row.state = State::Unknown(cause.clone()),
            Outcome::NotCreated(_) | Outcome::Taken { .. } | Outcome::NotListed { .. } => {
                self.rows.retain(|row| row.submission != Some(id));
            }
        }
        let id = self.rows.iter().find(|row| row.submission == Some(id)).map(|row| row.id.clone());
        if let Some(id) = id {
            self.rows.retain(|row| row.id != id || row.submission.is_some());
        }
    }

    /// Takes a snapshot seen in a list: one in progress is followed from now on.
    pub fn notice(&mut self, snapshot: &Snapshot, now: Timestamp) {
        if let Some(row) = self.rows.iter_mut().find(|row| row.id == snapshot.id) {
            if !matches!(row.state, State::Submitting(_) | State::Unknown(_)) {
                row.take(snapshot, now);
            }
        } else if snapshot.kind == SnapshotKind::Manual && !snapshot.status.is_final() {
            self.rows.push(Tracked {
                id: snapshot.id.clone(),
                cluster: snapshot.cluster.as_ref().map(ToString::to_string),
                began: snapshot.created_at.unwrap_or(now),
                state: State::Listed(Box::new(snapshot.clone())),
                ended: None,
                submission: None,
            });
        }
    }

    /// The identifiers to ask for in the next poll.
    #[must_use]
    pub fn to_poll(&self) -> Vec<SnapshotId> {
        let listed =
            |row: &&Tracked| row.is_open() && !matches!(row.state, State::Submitting(_) | State::Unknown(_));
        self.rows.iter().filter(listed).filter_map(|row| SnapshotId::parse(&row.id).ok()).collect()
    }

    /// Takes the answer to a poll, unless it is late; returns the snapshots that ended with it.
    pub fn take(
        &mut self,
        id: RequestId,
        answer: Result<Vec<Snapshot>, Failure>,
        now: Timestamp,
    ) -> Vec<Snapshot> {
        if self.in_flight != Some(id) {
            return Vec::new();
        }
        self.in_flight = None;
        let listed = match answer {
            Ok(listed) => listed,
            Err(failure) => {
                let throttled = failure.kind == FailureKind::Throttled;
                self.throttles = if throttled { self.throttles.saturating_add(1) } else { 0 };
                self.failure = Some(failure);
                return Vec::new();
            }
        };
        self.throttles = 0;
        self.failure = None;
        self.polled_at = Some(now);
        let polled = self.to_poll();
        let mut ended = Vec::new();
        for row in self.rows.iter_mut().filter(|row| polled.iter().any(|id| id.as_str() == row.id)) {
            match listed.iter().find(|snapshot| snapshot.id.eq_ignore_ascii_case(&row.id)) {
                Some(snapshot) => {
                    row.take(snapshot, now);
                    if snapshot.status.is_final() {
                        ended.push(snapshot.clone());
                    }
                }
                None => row.miss(now),
            }
        }
        ended
    }

    /// Sets when the next poll is due, if there is anything to follow.
    pub fn schedule(&mut self, now: Timestamp, mono: Duration, is_focused: bool, jitter: u8) {
        let open: Vec<&Tracked> = self.rows.iter().filter(|row| row.is_open()).collect();
        let youngest = open.iter().map(|row| age(row.began, now)).min();
        let percents = open.iter().filter_map(|row| row.snapshot().and_then(|snapshot| snapshot.percent));
        let situation = |youngest| Situation {
            youngest,
            farthest_percent: percents.max().unwrap_or(0),
            throttles: self.throttles,
            is_focused,
        };
        self.due = youngest.map(|youngest| mono + schedule::interval(situation(youngest), jitter));
    }

    fn of_submission(&mut self, id: RequestId) -> Option<&mut Tracked> {
        self.rows.iter_mut().find(|row| row.submission == Some(id))
    }
}

impl Tracked {
    fn take(&mut self, snapshot: &Snapshot, now: Timestamp) {
        if self.submission.is_none() {
            self.began = snapshot.created_at.unwrap_or(self.began);
        }
        if snapshot.status.is_final() && self.ended.is_none() {
            self.ended = Some(now);
        }
        self.state = State::Listed(Box::new(snapshot.clone()));
    }

    /// A snapshot that a list does not have: new ones may not be listed yet, old ones are gone.
    fn miss(&mut self, now: Timestamp) {
        let is_new = age(self.began, now) < LIST_LAG;
        self.state = match &self.state {
            _ if is_new => State::NotListedYet,
            State::Listed(snapshot) => State::Disappeared(snapshot.status.clone()),
            _ => State::Disappeared(SnapshotStatus::Creating),
        };
        if !is_new {
            self.ended = Some(now);
        }
    }
}

/// The time from `began` to `now`, never negative: the service's clock is not this machine's.
#[must_use]
pub fn age(began: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(began)).unwrap_or_default()
}
