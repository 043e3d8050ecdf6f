//! The pane of snapshots in progress, of all places, below the list of clusters: its cursor, and whether it has the
//! keys.

use crate::app::cursor::{Cursor, Motion};
use crate::app::place::followed::FollowedSnapshot;
use crate::app::request_id::PlaceId;
use crate::app::world::World;

/// The pane.
#[derive(Debug, Default)]
pub struct Pane {
    /// The cursor.
    pub cursor: Cursor<(PlaceId, String)>,
    /// Whether the keys go to it.
    pub is_focused: bool,
}

impl Pane {
    /// What is under the cursor, and its place.
    pub fn chosen<'a>(&self, world: &'a World) -> Option<(PlaceId, &'a FollowedSnapshot)> {
        world.places.followed().into_iter().nth(self.cursor.at())
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion, world: &World) {
        let rows = world.places.followed();
        self.cursor.go(motion, rows.len(), world.layout.pane_rows(), |at| key(&rows, at));
    }

    /// Puts the cursor on a row.
    pub fn put(&mut self, at: usize, world: &World) {
        let rows = world.places.followed();
        self.cursor.put(at, rows.len(), world.layout.pane_rows(), |at| key(&rows, at));
    }

    /// Takes a change of the rows. Where the keys do not go to them, the youngest stays in sight.
    pub fn fit(&mut self, world: &World) {
        let (rows, room) = (world.places.followed(), world.layout.pane_rows());
        let key = |at: usize| key(&rows, at);
        self.cursor.follow(rows.len(), room, self.is_focused, key, |at, on| key(at).as_ref() == Some(on));
    }
}

/// What the row at an index is known by.
fn key(rows: &[(PlaceId, &FollowedSnapshot)], at: usize) -> Option<(PlaceId, String)> {
    rows.get(at).map(|(place, row)| (*place, row.id.clone()))
}
