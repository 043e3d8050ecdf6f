//! The snapshots that are followed: those requested here, and those being made elsewhere.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::listing::Listing;
use crate::domain::mark::MarkKey;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;
use crate::track::schedule::MOST;

use crate::app::Now;
use crate::app::message::Recovered;
use crate::app::request_id::RequestId;
use crate::app::settings::Stay;

pub use super::followed_snapshot::{FollowedSnapshot, FollowedState, Weight};

/// The snapshots that are followed.
#[derive(Debug, Default)]
pub struct FollowedSnapshots {
    /// What is followed, the youngest first.
    pub rows: Vec<FollowedSnapshot>,
    /// What the poll that is in flight asks for.
    asked: Vec<String>,
    /// When the last good answer to a poll came.
    pub polled_at: Option<Timestamp>,
    /// The same on the monotonic clock.
    pub polled: Duration,
    /// The jitter of the next poll.
    pub jitter: u8,
    /// How many ended well and have left the pane since.
    pub left_usable: usize,
    /// Whether the journal was looked through for what earlier runs left open: before that, what is being made may be
    /// theirs.
    pub knows_earlier: bool,
}

impl FollowedSnapshots {
    /// How many are still in progress.
    pub fn open_count(&self) -> usize {
        self.rows.iter().filter(|row| row.is_open()).count()
    }

    /// Whether a request for a snapshot of this name is under way, or its outcome is not known.
    pub fn is_requested(&self, name: &str) -> bool {
        self.rows.iter().any(|row| row.id.eq_ignore_ascii_case(name) && row.state.is_unsettled())
    }

    /// Lets those leave that ended well a while ago; one from here stays where nothing on it proves whose it is.
    pub fn let_go(&mut self, mark: &MarkKey, stay: Stay, now: &Now) {
        let mut left = 0;
        self.rows.retain(|row| {
            let is_marked = |it: &Snapshot| it.tags.iter().any(|tag| mark.0.as_ref() == Some(&tag.key));
            let is_deleted = row.weight() == Weight::Deleted;
            let is_gone = is_deleted || row.is_others_gone();
            let is_proven = row.submission.is_none() || row.snapshot().is_some_and(is_marked);
            let is_over = is_gone || row.weight() == Weight::Usable && is_proven;
            let is_long_over = row.over.is_some_and(|over| now.mono.saturating_sub(over) > stay.0);
            let leaves = is_over && is_long_over;
            left += usize::from(leaves && row.weight() == Weight::Usable);
            !leaves
        });
        self.left_usable += left;
    }

    /// Puts away a row that is over, which a person has seen; whether it was.
    pub fn acknowledge(&mut self, at: usize) -> bool {
        let is_over = self.rows.get(at).is_some_and(|row| !row.is_open());
        if is_over {
            self.rows.remove(at);
        }
        is_over
    }

    /// How many requests are under way.
    pub fn sending_count(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.state, FollowedState::Submitting(_))).count()
    }

    /// Whether a request for this snapshot is on its way.
    pub fn is_under_way(&self, name: &str) -> bool {
        self.rows.iter().any(|row| row.id == name && matches!(row.state, FollowedState::Submitting(_)))
    }

    /// The snapshot that belongs to a request.
    pub fn of(&self, id: RequestId) -> Option<&FollowedSnapshot> {
        self.rows.iter().find(|row| row.submission == Some(id))
    }

    /// Begins to follow a request of this run.
    pub fn submit(&mut self, id: RequestId, request: &SnapshotRequest, is_unwritten: bool, now: &Now) {
        self.rows.retain(|row| row.id != request.snapshot.as_str() || row.snapshot().is_some());
        self.rows.insert(
            0,
            FollowedSnapshot {
                cluster: Some(request.cluster.to_string()),
                state: FollowedState::Submitting(Step::LookingUp),
                submission: Some(id),
                mark: request.mark.as_deref().map(|key| Tag::new(key, request.number.as_str())),
                is_unwritten,
                ..FollowedSnapshot::new(request.snapshot.as_str(), now.at(), now)
            },
        );
    }

    /// Takes a step of a request of this run.
    pub fn step(&mut self, id: RequestId, step: Step) {
        if let Some(row) = self.of_submission(id) {
            row.state = FollowedState::Submitting(step);
        }
    }

    /// Takes the outcome of a request of this run. What certainly was not created is not followed.
    pub fn settle(&mut self, id: RequestId, outcome: &Outcome, now: &Now) {
        let Some(row) = self.of_submission(id) else { return };
        match outcome {
            Outcome::Created { snapshot, .. } => row.answered(snapshot, now),
            Outcome::FoundAgain { snapshot, .. }
            | Outcome::Elsewhere { snapshot, .. }
            | Outcome::Unproven { snapshot, .. } => {
                row.is_unproven = matches!(outcome, Outcome::Unproven { .. });
                row.take(snapshot, &now.moment(None));
            }
            Outcome::Unknown { .. } => row.state = FollowedState::Unknown,
            Outcome::NotCreated(_)
            | Outcome::Refused(_)
            | Outcome::Taken { .. }
            | Outcome::NotListed { .. } => {
                self.rows.retain(|row| row.submission != Some(id));
            }
        }
        // What else had the name is gone, or is this one.
        let name = self.rows.iter().find(|row| row.submission == Some(id)).map(|row| row.id.clone());
        self.rows.retain(|row| row.submission == Some(id) || name.as_ref() != Some(&row.id));
    }

    /// The request of this run for a snapshot, whose outcome is not known.
    pub fn unknown(&self, name: &str) -> Option<RequestId> {
        let is_it = |row: &&FollowedSnapshot| row.id == name && matches!(row.state, FollowedState::Unknown);
        self.rows.iter().find(is_it)?.submission
    }

    /// Takes the outcome of a request of an earlier run: what it made, or may have made, is followed.
    pub fn recover(&mut self, mut id: RequestId, found: &Recovered, now: &Now) {
        let made = found.outcome.snapshot();
        let is_followed = made.is_some() || !found.outcome.is_settled();
        let has_ended = made.is_some_and(|snapshot| snapshot.status.is_final());
        let known = self.rows.iter_mut().find(|row| row.id == found.snapshot);
        match known {
            Some(row) if matches!(row.state, FollowedState::Submitting(_)) => return,
            // A snapshot that is listed under the name is another's, where the request made none.
            Some(row) if is_followed || matches!(row.state, FollowedState::Unknown) => {
                // What asked for it here may still learn more.
                id = *row.submission.get_or_insert(id);
            }
            None if is_followed && !has_ended => self.rows.insert(
                0,
                FollowedSnapshot {
                    cluster: Some(found.cluster.clone()),
                    submission: Some(id),
                    ..FollowedSnapshot::new(
                        &found.snapshot,
                        began(&found.outcome).unwrap_or_else(|| now.at()),
                        now,
                    )
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
        if let Some(row) = self.of_submission(id) {
            row.mark = row.mark.take().or_else(|| found.mark.clone());
        }
    }

    /// Takes a snapshot seen in a list: one in progress is followed from now on. Returns the row that
    /// ended with it, if one did.
    pub fn notice(&mut self, snapshot: &Snapshot, now: &Now) -> Option<usize> {
        let known = self.rows.iter_mut().enumerate().find(|(_, row)| row.may_be(snapshot));
        if let Some((at, row)) = known {
            let before = row.end();
            if !row.state.is_unsettled() && row.followed.is_own(snapshot) {
                row.take(snapshot, &now.moment(None));
            }
            let end = row.end();
            return (end.is_some() && end != before).then_some(at);
        }
        if !snapshot.kind.is_foreign() && !snapshot.status.is_final() {
            let mut row = FollowedSnapshot {
                cluster: snapshot.cluster.as_ref().map(ToString::to_string),
                ..FollowedSnapshot::new(&snapshot.id, snapshot.created_at.unwrap_or_else(|| now.at()), now)
            };
            row.take(snapshot, &now.moment(None));
            self.rows.push(row);
        }
        None
    }

    /// When each of those that polls ask for is due, on the monotonic clock, by its row.
    pub fn dues(&self, now: &Now, is_watched: bool) -> Vec<(usize, Duration)> {
        let polled = self.rows.iter().enumerate().filter(|(_, row)| row.is_polled());
        polled.map(|(at, row)| (at, row.looked + row.interval(now, is_watched, self.jitter))).collect()
    }

    /// When the first of them is due.
    pub fn next_due(&self, now: &Now, is_watched: bool) -> Option<Duration> {
        self.dues(now, is_watched).iter().map(|(_, due)| *due).min()
    }

    /// When the last of those is due of which more is to come.
    pub fn last_due(&self, now: &Now, is_watched: bool) -> Option<Duration> {
        let is_open = |at: &usize| self.rows.get(*at).is_some_and(FollowedSnapshot::is_open);
        self.dues(now, is_watched).iter().filter(|(at, _)| is_open(at)).map(|(_, due)| *due).max()
    }

    /// Notes that a poll asks for the rows that are due first, as many as one call takes: those that are due take others
    /// along. Returns their identifiers.
    pub fn ask(&mut self, now: &Now, is_watched: bool) -> Vec<String> {
        let mut dues = self.dues(now, is_watched);
        // A stable sort: of those that are due at once, the first rows go first.
        dues.sort_by_key(|(_, due)| *due);
        self.asked.clear();
        for (at, _) in dues.into_iter().take(MOST) {
            if let Some(row) = self.rows.get_mut(at) {
                row.looked = now.mono;
                self.asked.push(row.id.clone());
            }
        }
        self.asked.clone()
    }

    /// Takes what a look at the rows that a poll asked for tells; returns those that ended with it.
    pub fn take(&mut self, look: &Listing, now: &Now) -> Vec<usize> {
        self.polled_at = Some(now.at());
        self.polled = now.mono;
        let moment = now.moment(look.server_time);
        let mut ended = Vec::new();
        for (at, row) in self.rows.iter_mut().enumerate() {
            // Something else may have told of it while the poll was under way.
            if !row.is_polled() || !self.asked.contains(&row.id) {
                continue;
            }
            let before = row.end();
            row.look(look, &moment);
            let end = row.end();
            if end.is_some() && end != before {
                ended.push(at);
            }
        }
        ended
    }

    /// Takes it that a snapshot was deleted from here: whether it is gone, looks tell.
    pub fn deleted(&mut self, snapshot: &Snapshot) {
        let is_it = |known: &Snapshot| known.arn == snapshot.arn && known.created_at == snapshot.created_at;
        for row in &mut self.rows {
            row.is_deleted_here |= row.snapshot().is_some_and(is_it);
        }
    }

    fn of_submission(&mut self, id: RequestId) -> Option<&mut FollowedSnapshot> {
        self.rows.iter_mut().find(|row| row.submission == Some(id))
    }
}

/// When the request of an outcome was made, or its snapshot begun.
fn began(outcome: &Outcome) -> Option<Timestamp> {
    match outcome {
        Outcome::Unknown { since, .. } => Some(*since),
        outcome => outcome.snapshot().and_then(|snapshot| snapshot.created_at),
    }
}

/// The time from a moment to `now` by this machine's date, never negative. Not for what a snapshot took.
pub fn age(began: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(began)).unwrap_or_default()
}
