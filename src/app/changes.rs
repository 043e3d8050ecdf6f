//! The changes that were confirmed in this run: what was asked for each cluster, and how far that is. Some requests of a
//! place are under way at a time; what waits for its cluster holds up none of the others.

use crate::domain::change_id::ChangeId;
use crate::domain::mark::RequestNumber;
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::request::SnapshotRequest;

use super::Now;
use super::asked::Asked;
use super::place::Place;
use super::place::followed::{FollowedSnapshot, State};
use super::request_id::PlaceId;
use super::world::World;

/// How many requests of a place are under way at a time.
const AT_ONCE: usize = 4;

/// The changes, the one that was confirmed last at the end.
#[derive(Debug, Default)]
pub struct Changes {
    /// The changes.
    pub rows: Vec<Change>,
}

/// A change that was confirmed.
#[derive(Debug)]
pub struct Change {
    /// What it is called.
    pub id: ChangeId,
    /// What is asked for each cluster.
    pub items: Vec<Item>,
}

/// What is asked for one cluster of a change.
#[derive(Debug)]
pub struct Item {
    /// The place that the request goes to.
    pub place: PlaceId,
    /// The request.
    pub request: SnapshotRequest,
    /// How far it is.
    pub stage: Stage,
}

/// How far the request for a cluster is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
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
}

/// How an item stands, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
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

impl Changes {
    /// Takes a change that was confirmed: what is in it of what was asked for.
    pub fn confirm(&mut self, id: ChangeId, asked: Vec<Asked>) {
        let item = |one: Asked| {
            let stage = Stage::Queued { waits: one.waits };
            Some(Item { place: one.part.place, request: one.request?, stage })
        };
        let items = asked.into_iter().filter(Asked::is_in).filter_map(item).collect();
        self.rows.push(Change { id, items });
    }

    /// Takes what became of a request that was sent to a place; whether it belongs to a change. What made a snapshot,
    /// or may have, its place follows on; of anything else nothing is claimed later.
    pub fn settle(&mut self, place: PlaceId, snapshot: &str, outcome: &Outcome) -> bool {
        let is_meant = |item: &Item| {
            item.place == place && item.stage == Stage::Sent && item.request.snapshot.as_str() == snapshot
        };
        let Some(item) = self.find(is_meant) else { return false };
        let kind = outcome.kind();
        if !matches!(kind, OutcomeKind::Created | OutcomeKind::FoundAgain | OutcomeKind::Unknown) {
            let why = outcome.failure().map(ToString::to_string).unwrap_or_default();
            item.stage = Stage::Ended(kind, why);
        }
        true
    }

    /// Takes it that the request of a wait is sent now.
    pub fn launch(&mut self, number: &RequestNumber) {
        if let Some(item) = self.find(|item| item.request.number == *number) {
            item.stage = Stage::Sent;
        }
    }

    /// Takes it that a wait is over without a request.
    pub fn end_wait(&mut self, token: &str) {
        if let Some(item) = self.find(|item| matches!(&item.stage, Stage::Waits(its) if its == token)) {
            item.stage = Stage::WaitOver;
        }
    }

    fn find(&mut self, is_meant: impl Fn(&Item) -> bool) -> Option<&mut Item> {
        self.rows.iter_mut().flat_map(|change| &mut change.items).find(|item| is_meant(item))
    }

    /// Whether something was confirmed and its turn has not come.
    #[must_use]
    pub fn has_queued(&self) -> bool {
        self.items().any(|item| matches!(item.stage, Stage::Queued { .. }))
    }

    fn items(&self) -> impl Iterator<Item = &Item> {
        self.rows.iter().flat_map(|change| &change.items)
    }
}

impl Change {
    /// How its items stand, the worst first, each with its index.
    #[must_use]
    pub fn standings(&self, world: &World) -> Vec<(Standing, usize)> {
        let mut standings: Vec<(Standing, usize)> = self
            .items
            .iter()
            .enumerate()
            .map(|(at, item)| (item.standing(world.at(item.place)), at))
            .collect();
        standings.sort();
        standings
    }
}

impl Item {
    /// What its place follows of it.
    #[must_use]
    pub fn followed<'a>(&self, place: &'a Place) -> Option<&'a FollowedSnapshot> {
        let name = self.request.snapshot.as_str();
        place.followed.rows.iter().find(|row| self.stage == Stage::Sent && row.id == name)
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self, place: &Place) -> Standing {
        match &self.stage {
            Stage::Queued { .. } | Stage::Waits(_) => Standing::NotSent,
            Stage::WaitOver => Standing::Refused,
            Stage::Ended(OutcomeKind::NotListed | OutcomeKind::Unproven | OutcomeKind::Elsewhere, _) => {
                Standing::Unknown
            }
            Stage::Ended(..) => Standing::Refused,
            Stage::Sent => self.followed(place).map_or(Standing::Unknown, of_followed),
        }
    }
}

fn of_followed(row: &FollowedSnapshot) -> Standing {
    match &row.state {
        State::Submitting(_) | State::NotListed(_) => Standing::UnderWay,
        State::Unknown(_) => Standing::Unknown,
        State::Gone(_) => Standing::Failed,
        State::Listed(snapshot) if snapshot.status.is_usable() => Standing::Usable,
        State::Listed(snapshot) if snapshot.status.is_final() => Standing::Failed,
        State::Listed(_) => Standing::UnderWay,
    }
}

/// Sends what may be sent now of what was confirmed.
pub fn send_next(world: &mut World, now: &Now) {
    if !world.changes.has_queued() {
        return;
    }
    let World { changes, places, .. } = world;
    for item in changes.rows.iter_mut().flat_map(|change| &mut change.items) {
        let Stage::Queued { waits } = item.stage else { continue };
        let place = places.get_mut(item.place);
        if waits {
            item.stage = Stage::Waits(place.arm(&item.request, now));
        } else if place.followed.sending_count() < AT_ONCE {
            place.submit(&item.request, false, now);
            item.stage = Stage::Sent;
        }
    }
}
