//! What becomes of the snapshots that are deleted or tagged: every one, the worst first.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::app::alterations::AlterationOrder;
use crate::app::cursor::{Cursor, Motion};
use crate::app::keymap::Focus;
use crate::app::request_id::{PlaceId, RequestId};
use crate::app::world::World;
use crate::domain::snapshot::Snapshot;

use super::{Next, Screen};

/// The screen of what was confirmed together.
#[derive(Debug)]
pub struct AlterationScreen {
    /// The first of its orders; all that came later are shown as well.
    first: usize,
    /// The cursor: the rows change places meanwhile, and it stays on what it was moved to.
    pub cursor: Cursor<(PlaceId, String)>,
}

/// Takes what was confirmed together, and shows what becomes of it.
pub(super) fn send(orders: impl IntoIterator<Item = AlterationOrder>, world: &mut World) -> Next {
    world.notices.clear();
    world.alterations.take(orders);
    for order in world.alterations.rows.iter().skip(world.alterations.newest) {
        world.marks.snapshots.remove(&key(order));
    }
    Next::Instead(Box::new(AlterationScreen::newest(world).into()))
}

/// Which snapshots a confirmation is asked for: another one of the same name, begun at another time, is none of them.
pub(super) type Meant = BTreeSet<(PlaceId, String, Option<Timestamp>)>;

/// Those of these.
pub(super) fn meant<'a>(snapshots: impl Iterator<Item = (PlaceId, &'a Snapshot)>) -> Meant {
    snapshots.map(|(place, snapshot)| (place, snapshot.id.clone(), snapshot.created_at)).collect()
}

impl AlterationScreen {
    /// The screen of what was confirmed last.
    pub fn newest(world: &World) -> Self {
        Self { first: world.alterations.newest, cursor: Cursor::default() }
    }

    /// The orders, the worst first.
    pub fn orders<'a>(&self, world: &'a World) -> Vec<&'a AlterationOrder> {
        let mut orders: Vec<&AlterationOrder> = world.alterations.rows.iter().skip(self.first).collect();
        orders.sort_by_key(|order| order.standing());
        orders
    }
}

impl Screen for AlterationScreen {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Alterations
    }

    fn shows_alteration(&self, id: RequestId, world: &World) -> bool {
        self.orders(world).iter().any(|order| order.stage.is_of(id))
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let (orders, room) = (self.orders(world), world.layout.rows_above_story());
        self.cursor.go(motion, orders.len(), room, |at| orders.get(at).copied().map(key));
    }

    fn place(&self, world: &World) -> Option<PlaceId> {
        self.orders(world).get(self.cursor.at()).map(|order| order.place)
    }

    /// What was done elsewhere, and to that place, is told whoever answers there now.
    fn is_of(&self, _place: PlaceId, _world: &World) -> bool {
        false
    }

    fn fit(&mut self, world: &mut World) {
        let (orders, room) = (self.orders(world), world.layout.rows_above_story());
        let key = |at: usize| orders.get(at).copied().map(key);
        // Before it was moved it stays on the first row, which is the worst.
        self.cursor.follow(orders.len(), room, false, key, |at, on| key(at).as_ref() == Some(on));
    }
}

/// What an order is known by on its screen.
fn key(order: &AlterationOrder) -> (PlaceId, String) {
    (order.place, order.snapshot.id.clone())
}
