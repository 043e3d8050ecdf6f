//! A change that was confirmed: every item, the worst first, and how far the whole is.

use crate::app::action::Action;
use crate::app::changes::{ConfirmedChange, RequestOfChange, RequestStage, RequestStanding};
use crate::app::cursor::{Cursor, Motion};
use crate::app::keymap::Focus;
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::account::AccountId;
use crate::domain::change::LeftOut;
use crate::domain::cluster_id::ClusterId;
use crate::domain::snapshot::Snapshot;

use super::page::{self, PageOf};
use super::{Names, Next, Screen};

/// The screen of a change.
#[derive(Debug)]
pub struct ChangeScreen {
    /// Which of the changes of this run it is.
    at: usize,
    /// The cursor: the rows change places while the change goes on, and it stays on what it was moved to.
    pub cursor: Cursor<(PlaceId, String)>,
}

/// A row of the screen.
#[derive(Debug, Clone, Copy)]
pub enum ChangeLine<'a> {
    /// What is asked for a cluster, and how it stands.
    Item(RequestStanding, &'a RequestOfChange),
    /// A cluster of a place that was left out.
    Out(PlaceId, &'a LeftOut),
}

impl<'a> ChangeLine<'a> {
    /// The item, if it is one.
    pub fn item(&self) -> Option<&'a RequestOfChange> {
        if let Self::Item(_, item) = self { Some(item) } else { None }
    }

    /// How the item stands, if it is one.
    pub fn standing(&self) -> Option<RequestStanding> {
        if let Self::Item(standing, _) = self { Some(*standing) } else { None }
    }

    /// Its place.
    pub fn place(&self) -> PlaceId {
        match self {
            Self::Item(_, item) => item.place,
            Self::Out(place, _) => *place,
        }
    }

    /// The account that it was confirmed for, as far as it was known: another one may answer in its place by now.
    pub fn account(&self) -> Option<&'a AccountId> {
        match self {
            Self::Item(_, item) => item.item.account.as_ref(),
            Self::Out(_, out) => out.account.as_ref(),
        }
    }

    /// Its cluster.
    pub fn cluster(&self) -> &'a str {
        match self {
            Self::Item(_, item) => item.request().cluster.as_str(),
            Self::Out(_, out) => &out.cluster,
        }
    }

    /// What it is known by.
    fn key(&self) -> (PlaceId, String) {
        (self.place(), self.cluster().to_owned())
    }

    /// The identifier of its snapshot; empty if there is to be none.
    pub fn snapshot(&self) -> &'a str {
        self.item().map_or("", |item| item.request().snapshot.as_str())
    }
}

impl ChangeScreen {
    /// The screen of the change that was confirmed last.
    pub fn newest(world: &World) -> Self {
        Self { at: world.changes.rows.len().saturating_sub(1), cursor: Cursor::default() }
    }

    /// The change.
    pub fn change<'a>(&self, world: &'a World) -> Option<&'a ConfirmedChange> {
        world.changes.rows.get(self.at)
    }

    /// Its rows: the items, the worst first, and then the clusters that were left out.
    pub fn lines<'a>(&self, world: &'a World) -> Vec<ChangeLine<'a>> {
        let Some(change) = self.change(world) else { return Vec::new() };
        let item = |(standing, at)| Some(ChangeLine::Item(standing, change.items.get(at)?));
        let items = change.standings(&world.places).into_iter().filter_map(item);
        items.chain(change.left_out.iter().map(|(place, out)| ChangeLine::Out(*place, out))).collect()
    }

    /// The item under the cursor.
    pub fn chosen<'a>(&self, world: &'a World) -> Option<&'a RequestOfChange> {
        self.lines(world).get(self.cursor.at()).and_then(ChangeLine::item)
    }

    /// Lets go of the request under the cursor, if it waits.
    fn drop_wait(&self, world: &mut World) {
        match self.chosen(world).map(|item| (item.place, item.stage.clone())) {
            Some((place, RequestStage::Waits(token))) => {
                world.places.get_mut(place).drop_wait(&token, "dropped");
            }
            _ => world.notices.say("This one does not wait for its cluster."),
        }
    }
}

impl Screen for ChangeScreen {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Change
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::Details => page::open(self.snapshot(world), PageOf::Snapshot, world),
            Action::Disarm => {
                self.drop_wait(world);
                Next::Stay
            }
            Action::Back => Next::Home,
            _ => Next::Pass,
        }
    }

    fn has_wait(&self, token: &str, world: &World) -> bool {
        self.change(world).is_some_and(|change| change.waits_as(token))
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let (lines, room) = (self.lines(world), world.layout.rows_above_story());
        self.cursor.go(motion, lines.len(), room, |at| lines.get(at).map(ChangeLine::key));
    }

    fn about(&self, world: &World) -> Option<(PlaceId, ClusterId)> {
        self.chosen(world).map(|item| (item.place, item.request().cluster.clone()))
    }

    /// What became of it elsewhere, and in that place, is told whoever answers there now.
    fn is_of(&self, _place: PlaceId, _world: &World) -> bool {
        false
    }

    fn snapshot(&self, world: &World) -> Option<(PlaceId, Snapshot)> {
        let item = self.chosen(world)?;
        Some((item.place, item.snapshot(world.at(item.place))?.clone()))
    }

    fn names(&self, world: &World) -> Result<Names, String> {
        let item = self.chosen(world).ok_or("Nothing is requested here for this cluster.")?;
        let arn = item.snapshot(world.at(item.place)).and_then(|snapshot| snapshot.arn.clone());
        Ok((item.request().snapshot.to_string(), arn))
    }

    fn fit(&mut self, world: &mut World) {
        let (lines, room) = (self.lines(world), world.layout.rows_above_story());
        let key = |at: usize| lines.get(at).map(ChangeLine::key);
        // Before it was moved it stays on the first row, which is the worst.
        self.cursor.follow(lines.len(), room, false, key, |at, on| key(at).as_ref() == Some(on));
    }
}
