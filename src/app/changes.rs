//! The changes that were confirmed in this run: what was asked for each cluster, and how far that is. Some requests of a
//! place are under way at a time; what waits for its cluster holds up none of the others.

use crate::domain::change::{self, ChangeItem, LeftOut};
use crate::domain::change_id::ChangeId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;
use crate::domain::mark::{Marked, RequestNumber};
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;

use super::message::Before;
use super::note::Note;
use super::place::Place;
use super::place::followed::{FollowedSnapshot, FollowedState, Weight};
use super::places::Places;
use super::request_id::PlaceId;

/// The changes, the one that was confirmed last at the end.
#[derive(Debug, Default)]
pub struct Changes {
    /// The changes.
    pub rows: Vec<ConfirmedChange>,
    /// Those of earlier runs of which something was not sent, and about which the person is asked.
    pub before: Vec<Before>,
    /// Those of them about which the person decides later.
    pub later: Vec<Before>,
}

/// A change that was confirmed.
#[derive(Debug)]
pub struct ConfirmedChange {
    /// What it is called.
    pub id: ChangeId,
    /// What is asked for each cluster.
    pub items: Vec<RequestOfChange>,
    /// What tells it from another one of its id.
    pub token: String,
    /// Whether it is written down.
    pub keeping: Keeping,
    /// Whether nothing more of it is sent once one has come to nothing.
    pub all_or_stop: bool,
    /// The clusters that were marked for it and for which it sends nothing, each with its place.
    pub left_out: Vec<(PlaceId, LeftOut)>,
    /// The places that an earlier run could not read for it: it is gone on with without them.
    pub unread: Vec<LeftOut>,
}

/// Whether a change is written down: nothing of it is sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It is being written.
    Asked,
    /// It is.
    Kept,
    /// It needs not be: nothing of it is left to send, or it is the simulator's.
    Needless,
}

/// What is asked for one cluster of a change.
#[derive(Debug)]
pub struct RequestOfChange {
    /// The place that the request goes to.
    pub place: PlaceId,
    /// The request, and what it was confirmed for.
    pub item: ChangeItem,
    /// The open requests for its name or cluster that were shown with it.
    pub told: Vec<RequestNumber>,
    /// How far it is.
    pub stage: RequestStage,
}

/// How far the request for a cluster is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestStage {
    /// Its turn has not come: nothing was sent.
    Queued {
        /// Whether it is to wait until its cluster is available.
        waits: bool,
    },
    /// It waits until its cluster is available, under this token.
    Waits(String),
    /// It was sent: its place follows it.
    Sent,
    /// It came to nothing; in one word and in a clause.
    Ended(OutcomeKind, String),
    /// Its wait is over, and nothing was sent.
    WaitOver,
    /// It made a snapshot, which was deleted from here since.
    Deleted,
}

/// How an item stands, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestStanding {
    /// There is a snapshot, and it cannot be restored or is gone.
    Failed,
    /// AWS or this program refused it: there is no snapshot.
    Refused,
    /// It is not known what became of the request.
    Unknown,
    /// Nothing was sent yet: its turn has not come, or it waits for its cluster.
    NotSent,
    /// It is on its way, or its snapshot is being made.
    UnderWay,
    /// Its snapshot is usable.
    Usable,
}

impl RequestStage {
    /// Whether it was sent, and not in vain as far as is known.
    pub fn was_sent(&self) -> bool {
        matches!(self, Self::Sent | Self::Deleted)
    }

    /// How far a request is after its outcome: what made a snapshot, or may have, its place follows on.
    pub fn after(kind: OutcomeKind, failure: Option<&Failure>) -> Self {
        match kind {
            OutcomeKind::Created | OutcomeKind::FoundAgain | OutcomeKind::Unknown => Self::Sent,
            _ => Self::Ended(kind, failure.map(ToString::to_string).unwrap_or_default()),
        }
    }
}

impl Changes {
    /// Takes it whether a change is written down. One that is not is not sent.
    pub fn kept(&mut self, token: &str, kept: &Result<(), String>) {
        let Some(change) = self.rows.iter_mut().find(|change| change.token == token) else { return };
        change.keeping = if kept.is_ok() { Keeping::Kept } else { Keeping::Needless };
        let Err(why) = kept else { return };
        for item in change.items.iter_mut().filter(|item| item.is_queued()) {
            let why = format!("the change cannot be written down: {why}");
            item.stage = RequestStage::Ended(OutcomeKind::NotCreated, why);
        }
    }

    /// What was confirmed under an id in this run for a cluster of a place, and is or may become a snapshot of it.
    pub fn asked_before(
        &self,
        id: &ChangeId,
        (place, cluster): (PlaceId, &ClusterId),
        places: &Places,
    ) -> Option<&RequestOfChange> {
        let place = places.get(place);
        let items = self.rows.iter().filter(|change| change.id == *id).flat_map(|change| &change.items);
        let mut its = items.filter(|item| item.request().cluster == *cluster && item.is_of(place, places));
        its.find(|item| {
            let standing = item.standing(places.get(item.place));
            !matches!(standing, RequestStanding::Failed | RequestStanding::Refused)
        })
    }

    /// Takes it that a snapshot was deleted from here: no change has it any more.
    pub fn deleted(&mut self, place: PlaceId, snapshot: &Snapshot) {
        let is_its = |item: &&mut RequestOfChange| {
            let is_marked = || item.request().marked(&snapshot.tags) != Some(Marked::AnotherRequest);
            item.place == place && item.request().snapshot.as_str() == snapshot.id && is_marked()
        };
        let items = self.rows.iter_mut().flat_map(|change| &mut change.items);
        for item in items.filter(is_its).filter(|item| item.stage == RequestStage::Sent) {
            item.stage = RequestStage::Deleted;
        }
    }

    /// Takes what became of a request that was sent to a place; whether it belongs to a change. What made a snapshot,
    /// or may have, its place follows on; of anything else nothing is claimed later, unless its mark is found.
    pub fn settle(&mut self, place: PlaceId, snapshot: &str, outcome: &Outcome) -> bool {
        let is_marked = |item: &RequestOfChange| {
            outcome.snapshot().is_some_and(|it| item.request().marked(&it.tags) == Some(Marked::ThisRequest))
        };
        let is_meant = |item: &RequestOfChange| {
            let is_open = match item.stage {
                RequestStage::Ended(..) => is_marked(item),
                ref stage => *stage == RequestStage::Sent,
            };
            is_open && item.place == place && item.request().snapshot.as_str() == snapshot
        };
        let Some(item) = self.find(is_meant) else { return false };
        item.stage = RequestStage::after(outcome.kind(), outcome.failure());
        true
    }

    /// Takes it that the request of a wait is sent now.
    pub fn launch(&mut self, number: &RequestNumber) {
        if let Some(item) = self.find(|item| item.request().number == *number) {
            item.stage = RequestStage::Sent;
        }
    }

    /// Takes it that a wait is over without a request.
    pub fn end_wait(&mut self, token: &str) {
        if let Some(item) = self.find(|item| matches!(&item.stage, RequestStage::Waits(its) if its == token))
        {
            item.stage = RequestStage::WaitOver;
        }
    }

    /// Takes changes of earlier runs: about those of which something was not sent the person is asked. Gives what is to
    /// be told of each: which of its requests did not end well, for nobody may have seen that.
    pub fn take_before(&mut self, changes: Vec<Before>) -> Vec<Note> {
        let told = changes.iter().filter_map(Before::told).collect();
        self.before.extend(changes.into_iter().filter(|before| !before.is_over() && before.unsent() > 0));
        told
    }

    /// Asks about the changes of this id first, also those that were left for later; whether there are any. Nothing
    /// else is sent under an id before that is decided: it could be a second snapshot of a cluster.
    pub fn ask_again(&mut self, id: &ChangeId) -> bool {
        let is_its = |before: &Before| before.change.id == *id;
        self.before.extend(self.later.extract_if(.., |before| is_its(before)));
        self.before.sort_by_key(|before| !is_its(before));
        self.before.first().is_some_and(is_its)
    }

    /// Asks about all that were left for later; whether there are any.
    pub fn ask_about_later(&mut self) -> bool {
        self.before.append(&mut self.later);
        !self.before.is_empty()
    }

    /// Whether something of a change of an earlier run was not sent, and that is not decided.
    pub fn has_undecided(&self) -> bool {
        !self.before.is_empty() || !self.later.is_empty()
    }

    fn find(&mut self, is_meant: impl Fn(&RequestOfChange) -> bool) -> Option<&mut RequestOfChange> {
        // A name may have been had before, by a snapshot that is gone since: the later request is meant.
        self.rows.iter_mut().rev().flat_map(|change| &mut change.items).find(|item| is_meant(item))
    }

    /// Whether something was confirmed and its turn has not come.
    pub fn has_queued(&self) -> bool {
        self.rows.iter().flat_map(|change| &change.items).any(RequestOfChange::is_queued)
    }
}

impl ConfirmedChange {
    /// How its items stand, the worst first, each with its index.
    pub fn standings(&self, places: &Places) -> Vec<(RequestStanding, usize)> {
        let mut standings: Vec<(RequestStanding, usize)> = self
            .items
            .iter()
            .enumerate()
            .map(|(at, item)| (item.standing(places.get(item.place)), at))
            .collect();
        standings.sort();
        standings
    }

    /// Why nothing more of it is sent, where one that came to nothing is to stop the others: a clause.
    pub fn stopped_by(&self, places: &Places) -> Option<String> {
        let is_bad = |item: &&RequestOfChange| {
            let place = places.get(item.place);
            let standing = item.standing(place);
            !item.is_untold(place)
                && matches!(
                    standing,
                    RequestStanding::Failed | RequestStanding::Refused | RequestStanding::Unknown
                )
        };
        if !self.all_or_stop {
            return None;
        }
        let first = self.items.iter().find(is_bad)?;
        let name = &first.request().snapshot;
        let is_known = first.standing(places.get(first.place)) != RequestStanding::Unknown;
        Some(format!("{}, and one was to stop all", change::why_stopped(name, is_known)))
    }

    /// Whether nothing more of it is sent yet: one that came to nothing is to stop the others, and of one it was not
    /// told yet.
    pub fn is_held(&self, places: &Places) -> bool {
        self.all_or_stop && self.items.iter().any(|item| item.is_untold(places.get(item.place)))
    }

    /// Why requests of it are not sent any more, each in a clause.
    pub fn unsent_whys(&self) -> impl Iterator<Item = &String> {
        self.items.iter().filter_map(|item| match &item.stage {
            RequestStage::Ended(OutcomeKind::NotCreated, why) => Some(why),
            _ => None,
        })
    }

    /// Whether one of its requests waits under a token.
    pub fn waits_as(&self, token: &str) -> bool {
        self.items.iter().any(|item| matches!(&item.stage, RequestStage::Waits(its) if its == token))
    }

    /// Whether all that is left to send of it has left, or is not to be sent.
    pub fn is_sent(&self, places: &Places) -> bool {
        self.items.iter().all(|item| {
            let followed = item.followed(places.get(item.place));
            !item.is_queued()
                && !followed.is_some_and(|row| matches!(row.state, FollowedState::Submitting(_)))
        })
    }
}

impl RequestOfChange {
    /// The request.
    pub fn request(&self) -> &SnapshotRequest {
        &self.item.request
    }

    /// Whether it is of the account and Region that a place is, which may be open under another profile as well.
    fn is_of(&self, place: &Place, places: &Places) -> bool {
        let (own, other) = (places.get(self.place).target(), place.target());
        let is_same = || (&own.region, own.is_demo) == (&other.region, other.is_demo);
        match (&self.item.account, place.account()) {
            (Some(own), Some(account)) => *own == account && is_same(),
            _ => self.place == place.id,
        }
    }

    /// Whether its turn has not come.
    pub fn is_queued(&self) -> bool {
        matches!(self.stage, RequestStage::Queued { .. })
    }

    /// Whether it waits for its cluster.
    pub fn waits(&self) -> bool {
        matches!(self.stage, RequestStage::Waits(_))
    }

    /// Whether it was sent by an earlier run, and nothing was told yet of what became of it.
    fn is_untold(&self, place: &Place) -> bool {
        let is_told = place.knows_earlier() && place.catalog.snapshots.complete_at.is_some();
        self.stage == RequestStage::Sent
            && !is_told
            && self.standing(place) == RequestStanding::Unknown
            && self.followed(place).is_none()
    }

    /// What its place follows of it.
    pub fn followed<'a>(&self, place: &'a Place) -> Option<&'a FollowedSnapshot> {
        let name = self.request().snapshot.as_str();
        let is_its = |row: &&FollowedSnapshot| row.id == name && row.submission.is_some();
        place.followed.rows.iter().find(is_its).filter(|_| self.stage == RequestStage::Sent)
    }

    /// Its snapshot as it is followed, or as it is listed with the mark of this very request.
    pub fn snapshot<'a>(&self, place: &'a Place) -> Option<&'a Snapshot> {
        let followed = || self.followed(place)?.snapshot();
        let is_own = |it: &&Snapshot| self.request().marked(&it.tags) == Some(Marked::ThisRequest);
        followed().or_else(|| place.catalog.named(self.request().snapshot.as_str()).filter(is_own))
    }

    /// How it stands.
    pub fn standing(&self, place: &Place) -> RequestStanding {
        match &self.stage {
            RequestStage::Queued { .. } | RequestStage::Waits(_) => RequestStanding::NotSent,
            RequestStage::Ended(
                OutcomeKind::NotListed | OutcomeKind::Unproven | OutcomeKind::Elsewhere,
                _,
            ) => RequestStanding::Unknown,
            RequestStage::Ended(..) | RequestStage::WaitOver => RequestStanding::Refused,
            RequestStage::Deleted => RequestStanding::Failed,
            RequestStage::Sent => match (self.followed(place), self.snapshot(place)) {
                (Some(row), _) => of_followed(row),
                (None, Some(snapshot)) => of_snapshot(snapshot),
                (None, None) => RequestStanding::Unknown,
            },
        }
    }
}

fn of_followed(row: &FollowedSnapshot) -> RequestStanding {
    match row.weight() {
        Weight::Failed | Weight::Deleted => RequestStanding::Failed,
        Weight::Unknown => RequestStanding::Unknown,
        // One that is being deleted comes to nothing.
        Weight::Open if row.snapshot().is_some_and(|it| it.status.is_lost()) => RequestStanding::Failed,
        Weight::Open => RequestStanding::UnderWay,
        Weight::Usable => RequestStanding::Usable,
    }
}

fn of_snapshot(snapshot: &Snapshot) -> RequestStanding {
    match (snapshot.status.is_usable(), snapshot.status.is_lost()) {
        (true, _) => RequestStanding::Usable,
        (false, true) => RequestStanding::Failed,
        (false, false) => RequestStanding::UnderWay,
    }
}
