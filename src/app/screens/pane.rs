//! The pane of snapshots in progress, below the list of clusters: its cursor, and whether it has the keys.

use crate::app::cursor::{Cursor, Motion};
use crate::app::place::followed::FollowedSnapshot;
use crate::app::world::World;

/// The pane.
#[derive(Debug, Default)]
pub struct Pane {
    /// The cursor.
    pub cursor: Cursor<String>,
    /// Whether the keys go to it.
    pub is_focused: bool,
}

impl Pane {
    /// What is under the cursor.
    #[must_use]
    pub fn chosen<'a>(&self, world: &'a World) -> Option<&'a FollowedSnapshot> {
        world.place().followed.rows.get(self.cursor.at())
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion, world: &World) {
        let rows = &world.place().followed.rows;
        self.cursor.go(motion, rows.len(), world.layout.pane_rows(), |at| rows.get(at).map(|row| &row.id));
    }

    /// Puts the cursor on a row.
    pub fn put(&mut self, at: usize, world: &World) {
        let rows = &world.place().followed.rows;
        self.cursor.put(at, rows.len(), world.layout.pane_rows(), |at| rows.get(at).map(|row| &row.id));
    }

    /// Takes a change of the rows. Where the keys do not go to them, the youngest stays in sight.
    pub fn fit(&mut self, world: &World) {
        let rows = &world.place().followed.rows;
        let key = |at: usize| rows.get(at).map(|row| &row.id);
        self.cursor.follow(rows.len(), world.layout.pane_rows(), self.is_focused, key);
    }
}
