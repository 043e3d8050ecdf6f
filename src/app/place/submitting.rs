//! Requests that leave for this place, and what became of them.

use crate::app::Now;
use crate::app::effect::Effect;
use crate::app::message::Recovered;
use crate::app::request_id::RequestId;
use crate::domain::account::AccountId;
use crate::domain::alteration::{AlterationTerms, Deed};
use crate::domain::failure::FailureKind;
use crate::domain::mark::RequestNumber;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;

use super::Place;
use super::followed::FollowedState;

/// The request that an outcome is about.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The snapshot's identifier.
    pub snapshot: String,
    /// The cluster's identifier.
    pub cluster: String,
    /// Why the journal could not record the outcome, if it could not.
    pub not_recorded: Option<String>,
    /// Which account it is of, where another one answers since.
    pub left_behind: Option<AccountId>,
}

impl Place {
    /// Sends a confirmed request; one confirmation makes one such call. `told` are the open requests that were shown
    /// with it.
    pub fn submit(
        &mut self,
        request: &SnapshotRequest,
        told: Vec<RequestNumber>,
        without_journal: bool,
        now: &Now,
    ) -> RequestId {
        self.send(request, (self.account(), told), without_journal, now)
    }

    pub(super) fn send(
        &mut self,
        request: &SnapshotRequest,
        (account, told): (Option<AccountId>, Vec<RequestNumber>),
        without_journal: bool,
        now: &Now,
    ) -> RequestId {
        let id = self.ids.issue();
        self.followed.submit(id, request, without_journal, now);
        self.effects.push(Effect::Submit { id, request: request.clone(), account, without_journal, told });
        id
    }

    /// Does something to a snapshot that was shown; one confirmation makes one such call.
    pub fn alter(&mut self, snapshot: &Snapshot, deed: &Deed, terms: &AlterationTerms) -> RequestId {
        let id = self.ids.issue();
        let (snapshot, deed) = (Box::new(snapshot.clone()), deed.clone());
        self.effects.push(Effect::Alter { id, snapshot, deed, terms: terms.clone() });
        id
    }

    /// Takes what became of a request of this run; `None` if it is not followed here.
    pub fn settle(&mut self, id: RequestId, outcome: &Outcome, now: &Now) -> Option<Settled> {
        let row = self.followed.of(id)?;
        let (snapshot, cluster) = (row.id.clone(), row.cluster.clone().unwrap_or_default());
        let not_recorded = match &row.state {
            FollowedState::Submitting(Step::NotRecorded { cause }) => Some(cause.to_string()),
            _ => None,
        };
        let left_behind = self.left_behind(row);
        let settled = Settled { snapshot, cluster, not_recorded, left_behind };
        if settled.left_behind.is_some() {
            // What the account that answers now has is shown, and nothing else.
            if outcome.is_settled() {
                self.followed.rows.retain(|row| row.submission != Some(id));
            } else {
                self.followed.settle(id, outcome, now);
            }
            self.end_launched(id);
            return Some(settled);
        }
        self.followed.settle(id, outcome, now);
        self.take_to_list(outcome.seen());
        if let Outcome::Taken { by: Some(by), .. } = outcome {
            self.notice(std::slice::from_ref(by), now);
        }
        if outcome.snapshot().is_some() {
            self.recount(now);
        }
        self.remember_outcome(id, outcome);
        self.look_back(now);
        self.end_launched(id);
        if matches!(outcome, Outcome::NotCreated(failure) if failure.kind == FailureKind::OtherAccount) {
            // What is on the screen is the other account's: its answer clears it away.
            self.ask_caller();
        }
        // The service may have been done at once.
        if let Some(ended) =
            self.followed.rows.iter().position(|row| row.submission == Some(id) && !row.is_open())
        {
            self.take_ended(&[ended], now);
        }
        Some(settled)
    }

    /// Whether all was told that earlier runs left open here: the simulator's end with the program.
    pub fn knows_earlier(&self) -> bool {
        self.followed.knows_earlier || self.target().is_demo
    }

    /// Takes what became of requests of an earlier run.
    pub fn recover(&mut self, recovered: &[Recovered], now: &Now) {
        for found in recovered {
            self.take_to_list(found.outcome.seen());
            let id = self.ids.issue();
            self.followed.recover(id, found, now);
        }
        if self.followed.open_count() > 0 {
            self.look_back(now);
        }
    }

    /// Takes a snapshot that was seen with the outcome of what was done to it: to the list, and to the pane if it is
    /// there.
    pub fn see(&mut self, snapshot: &Snapshot, now: &Now) {
        if self.is_of_another(snapshot) {
            return;
        }
        let seen = std::slice::from_ref(snapshot);
        self.take_to_list(seen);
        if self.followed.rows.iter().any(|row| row.id == snapshot.id) {
            self.notice(seen, now);
        }
    }

    /// Journals what became known of ends since the last time: the end itself, and later its event.
    pub fn note_ends(&mut self) {
        for row in self.followed.rows.iter_mut().filter(|row| row.submission.is_some()) {
            let Some(ending) = row.followed.note_end() else { continue };
            self.effects.push(Effect::NoteEnd { place: self.id, snapshot: row.id.clone(), ending });
        }
    }
}
