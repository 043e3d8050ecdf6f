//! The pane of snapshots in progress, of all places, below the list of clusters: its cursor, and whether it has the
//! keys.

use crate::app::cursor::{Cursor, Motion, Rows};
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
        self.cursor.go(motion, &Followed(world.places.followed()), world.layout.pane_rows());
    }

    /// Puts the cursor on a row.
    pub fn put(&mut self, at: usize, world: &World) {
        self.cursor.put(at, &Followed(world.places.followed()), world.layout.pane_rows());
    }

    /// Takes a change of the rows. Where the keys do not go to them, the youngest stays in sight.
    pub fn fit(&mut self, world: &World) {
        let rows = Followed(world.places.followed());
        self.cursor.follow(&rows, world.layout.pane_rows(), self.is_focused);
    }
}

/// The rows as the cursor sees them.
struct Followed<'a>(Vec<(PlaceId, &'a FollowedSnapshot)>);

impl Rows for Followed<'_> {
    type Key = (PlaceId, String);

    fn count(&self) -> usize {
        self.0.len()
    }

    fn key(&self, at: usize) -> Option<Self::Key> {
        self.0.get(at).map(|(place, row)| (*place, row.id.clone()))
    }

    fn is(&self, at: usize, (place, id): &Self::Key) -> bool {
        self.0.get(at).is_some_and(|(of, row)| of == place && row.id == *id)
    }
}
