//! A change that was confirmed: every item, the worst first, and how far the whole is.

use crate::app::Now;
use crate::app::action::Action;
use crate::app::changes::{Change, Item, Standing};
use crate::app::cursor::{ListCursor, Motion};
use crate::app::keymap::Focus;
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;
use crate::domain::snapshot::Snapshot;

use super::{Next, Screen, Shape, evidence, snapshot};

/// The screen of a change.
#[derive(Debug)]
pub struct ChangeScreen {
    /// Which of the changes of this run it is.
    at: usize,
    /// The cursor.
    pub cursor: ListCursor,
}

impl ChangeScreen {
    /// The screen of the change that was confirmed last.
    #[must_use]
    pub fn newest(world: &World) -> Self {
        Self { at: world.changes.rows.len().saturating_sub(1), cursor: ListCursor::default() }
    }

    /// The change.
    #[must_use]
    pub fn change<'a>(&self, world: &'a World) -> Option<&'a Change> {
        world.changes.rows.get(self.at)
    }

    /// Its items, the worst first.
    #[must_use]
    pub fn items<'a>(&self, world: &'a World) -> Vec<(Standing, &'a Item)> {
        let Some(change) = self.change(world) else { return Vec::new() };
        let item = |(standing, at)| Some((standing, change.items.get(at)?));
        change.standings(&world.places).into_iter().filter_map(item).collect()
    }

    /// The item under the cursor.
    #[must_use]
    pub fn chosen<'a>(&self, world: &'a World) -> Option<&'a Item> {
        self.items(world).get(self.cursor.at).map(|(_, item)| *item)
    }

    fn snapshot(&self, world: &World) -> Option<(PlaceId, Snapshot)> {
        let item = self.chosen(world)?;
        Some((item.place, item.snapshot(world.at(item.place))?.clone()))
    }
}

impl Screen for ChangeScreen {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Change
    }

    fn shape(&self) -> Shape {
        Shape::Table
    }

    fn act(&mut self, action: Action, world: &mut World, now: &Now) -> Next {
        match action {
            Action::Details => snapshot::open(self.snapshot(world), world),
            Action::Evidence => evidence::open(self.snapshot(world), world, now),
            Action::Copy => {
                let name = self.chosen(world).map(|item| item.request.snapshot.to_string());
                world.copy_one(name);
                Next::Stay
            }
            Action::Back => Next::Home,
            _ => Next::Pass,
        }
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let count = self.change(world).map_or(0, |change| change.items.len());
        self.cursor.go(motion, count, world.layout.rows_above_story());
    }

    fn about(&self, world: &World) -> Option<(PlaceId, ClusterId)> {
        self.chosen(world).map(|item| (item.place, item.request.cluster.clone()))
    }

    fn fit(&mut self, world: &mut World) {
        let count = self.change(world).map_or(0, |change| change.items.len());
        self.cursor.fit(count, world.layout.rows_above_story());
    }
}
