//! What was confirmed in this run to be done to snapshots that are there: deleted, or tagged anew; each once, some of a
//! place at a time, and what became of it.

use crate::domain::alteration::{Altered, AlteredKind, Deed};
use crate::domain::removal::Guard;
use crate::domain::snapshot::Snapshot;

use super::Now;
use super::request_id::{PlaceId, RequestId};
use super::world::World;

/// How many of a place are under way at a time.
const AT_ONCE: usize = 2;

/// What was confirmed, the last order at the end.
#[derive(Debug, Default)]
pub struct Alterations {
    /// The orders.
    pub rows: Vec<Order>,
}

/// One thing that is done to one snapshot.
#[derive(Debug)]
pub struct Order {
    /// Its place.
    pub place: PlaceId,
    /// The snapshot as it was shown: nothing is done to another one of its name.
    pub snapshot: Snapshot,
    /// What is done.
    pub deed: Deed,
    /// What stood before it and was said by name.
    pub despite: Vec<Guard>,
    /// How far it is.
    pub stage: Stage,
}

/// How far an order is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Its turn has not come: nothing was sent.
    Queued,
    /// It is under way.
    UnderWay(RequestId),
    /// What became of it.
    Over(Altered),
}

/// How an order stands, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Something else than was wanted.
    Wrong,
    /// It is not known what became of it.
    Unknown,
    /// It was not sent yet, or is under way.
    Open,
    /// It is as was wanted.
    Done,
}

impl Order {
    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match &self.stage {
            Stage::Queued | Stage::UnderWay(_) => Standing::Open,
            Stage::Over(altered) if altered.kind.is_as_wanted() => Standing::Done,
            Stage::Over(Altered { kind: AlteredKind::Unknown, .. }) => Standing::Unknown,
            Stage::Over(_) => Standing::Wrong,
        }
    }
}

impl Alterations {
    /// Whether something was confirmed and is not over.
    #[must_use]
    pub fn are_open(&self) -> bool {
        self.rows.iter().any(|order| order.standing() == Standing::Open)
    }
}

/// Sends what may be sent now of what was confirmed.
pub fn send_next(world: &mut World) {
    let World { alterations, places, .. } = world;
    let is_under_way =
        |order: &&Order, place| order.place == place && matches!(order.stage, Stage::UnderWay(_));
    for at in 0..alterations.rows.len() {
        let Some(Order { place, stage: Stage::Queued, .. }) = alterations.rows.get(at) else { continue };
        let place = *place;
        if alterations.rows.iter().filter(|order| is_under_way(order, place)).count() >= AT_ONCE {
            continue;
        }
        if let Some(order) = alterations.rows.get_mut(at) {
            let Order { snapshot, deed, despite, .. } = &*order;
            order.stage = Stage::UnderWay(places.get_mut(place).alter(snapshot, deed, despite));
        }
    }
}

/// Takes what became of an order; its place reads its snapshots anew once all of its orders are over.
pub fn settle(id: RequestId, altered: Altered, world: &mut World, now: &Now) {
    let is_its = |order: &&mut Order| order.stage == Stage::UnderWay(id);
    let Some(order) = world.alterations.rows.iter_mut().find(is_its) else { return };
    let place = order.place;
    world.marks.snapshots.remove(&(place, order.snapshot.id.clone()));
    if let Some(seen) = &altered.seen {
        world.places.get_mut(place).catalog.note(seen);
    }
    order.stage = Stage::Over(altered);
    let mut orders = world.alterations.rows.iter();
    if !orders.any(|order| order.place == place && order.standing() == Standing::Open) {
        world.places.get_mut(place).want_for_removal(now);
    }
}
