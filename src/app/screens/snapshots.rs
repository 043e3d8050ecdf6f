//! All snapshots of the Region or of one cluster, whoever made them.

use jiff::Timestamp;
use strum::IntoEnumIterator as _;

use crate::app::Now;
use crate::app::action::Action;
use crate::app::cursor::{Cursor, Motion};
use crate::app::keymap::Focus;
use crate::app::note::{About, Note};
use crate::app::place::Place;
use crate::app::places::{CatalogRow, Listed, Places};
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;
use crate::domain::filter::Filter;
use crate::domain::snapshot::{Snapshot, SnapshotKind};

use super::alterations::AlterationScreen;
use super::filter_line::FilterLine;
use super::rows::{Stamp, keep};
use super::widths::SnapshotWidths;
use super::{Next, Screen, Text, evidence, removal, retag, snapshot};

/// By what the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumIter)]
pub enum SnapshotOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first: what could be cleaned up.
    Oldest,
    /// By identifier.
    Identifier,
    /// By cluster, the newest first.
    Cluster,
    /// By size, the largest first.
    Size,
    /// By type, the oldest first.
    Kind,
}

impl SnapshotOrder {
    fn next(self) -> Self {
        let mut orders = Self::iter().cycle().skip_while(|order| *order != self);
        orders.nth(1).unwrap_or_default()
    }

    /// The order in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest first",
            Self::Oldest => "oldest first",
            Self::Identifier => "by identifier",
            Self::Cluster => "by cluster",
            Self::Size => "largest first",
            Self::Kind => "by type, oldest first",
        }
    }
}

/// The list.
#[derive(Debug, Default)]
pub struct Snapshots {
    /// The cluster of a place whose snapshots are shown; all of the places that are shown if `None`.
    pub of: Option<(PlaceId, ClusterId)>,
    /// The filter.
    pub filter: FilterLine,
    /// The order.
    pub order: SnapshotOrder,
    /// Where the snapshots stand in the catalogues, in the order shown.
    pub rows: Vec<CatalogRow>,
    /// The cursor.
    pub cursor: Cursor<(PlaceId, String)>,
    /// How many there are of each type, without the filter.
    pub counts: Vec<(SnapshotKind, usize)>,
    /// When the manual ones were begun, the oldest first.
    pub manual: Vec<Timestamp>,
    /// How many failed, without the filter.
    pub failed: usize,
    /// What the texts of the snapshots need.
    pub widths: SnapshotWidths,
    /// All of them in the order shown, without the filter, and the state of the catalogues that they were sorted by.
    sorted: Vec<CatalogRow>,
    stamp: Stamp,
}

/// Opens the list: of a cluster, else of the places that are shown.
pub fn open(of: Option<(PlaceId, ClusterId)>, world: &mut World) -> Next {
    let mut snapshots = Snapshots { of, ..Snapshots::default() };
    world.notices.clear();
    snapshots.sort(world);
    snapshots.into()
}

impl Screen for Snapshots {
    fn focus(&self, _world: &World) -> Focus {
        if self.filter.is_open { Focus::SnapshotFilter } else { Focus::Snapshots }
    }

    fn act(&mut self, action: Action, world: &mut World, now: &Now) -> Next {
        match action {
            action if self.filter.act(action) => {}
            Action::Change if world.alterations.rows.is_empty() => {
                world
                    .notices
                    .say("No snapshot was deleted or tagged in this run. x deletes, t changes tags.");
            }
            Action::Change => return AlterationScreen::newest(world).into(),
            Action::Sort => {
                self.order = self.order.next();
                // Whoever sorts wants to see what comes first.
                self.cursor = Cursor::default();
                self.sort(world);
            }
            Action::Details => return snapshot::open(self.in_hand_owned(world), world),
            Action::Evidence => return evidence::open(self.in_hand_owned(world), world, now),
            Action::Copy | Action::CopyArn => self.copy(action == Action::CopyArn, world),
            Action::Remove => return removal::open(self.key(world), world),
            Action::Retag => return retag::open(self.key(world), world),
            Action::Mark => self.mark(world),
            Action::MarkAll => world.marks.snapshots.toggle_all(self.keys(world)),
            Action::Back if !self.filter.is_open && world.marks.snapshots.count() > 0 => {
                world.marks.snapshots.clear();
            }
            Action::Back if self.filter.is_open => {
                world.notices.clear();
                self.filter.clear();
                self.sort(world);
            }
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let rows = Listed { rows: &self.rows, places: &world.places, id_of };
        self.cursor.go(motion, &rows, world.layout.list_rows());
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        let before = self.filter.filter().clone();
        if self.filter.is_open && self.filter.take(text) {
            // The cursor goes to the first that fits.
            self.filter_rows(Some(&before), world);
            self.cursor = Cursor::default();
            self.follow(world);
        }
        self.filter.is_open
    }

    fn says(&self, note: &Note, world: &World) -> bool {
        let is_said = |place: &Place| note.about == Some(About::List(place.id, "snapshots"));
        self.rows.is_empty() && self.places(world).any(is_said)
    }

    fn filter(&self) -> Option<&FilterLine> {
        Some(&self.filter)
    }

    fn is_empty(&self, _world: &World) -> bool {
        self.rows.is_empty()
    }

    fn marked(&self, world: &World) -> usize {
        world.marks.snapshots.count()
    }

    fn renew(&mut self, world: &World) {
        let is_growing = self.places(world).any(|place| place.catalog.snapshots.is_growing());
        if self.stamp.is_old(&self.stamp_of(world), is_growing) {
            self.sort(world);
        } else {
            self.follow(world);
        }
    }

    fn place(&self, _world: &World) -> Option<PlaceId> {
        let of = self.of.as_ref().map(|(place, _)| *place);
        of.or_else(|| self.rows.get(self.cursor.at()).map(|row| row.place))
    }

    fn fit(&mut self, world: &mut World) {
        self.cursor.fit(self.rows.len(), world.layout.list_rows());
    }
}

impl Snapshots {
    /// The snapshot under the cursor.
    #[must_use]
    pub fn chosen<'a>(&self, world: &'a World) -> Option<&'a Snapshot> {
        self.rows.get(self.cursor.at()).and_then(|row| world.places.snapshot(*row))
    }

    /// How many there are without the filter, as far as is known.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The places whose snapshots are shown.
    pub fn places<'a>(&self, world: &'a World) -> impl Iterator<Item = &'a Place> + use<'a> {
        let of = self.of.as_ref().map(|(place, _)| *place);
        let all = world.places.shown().filter(move |_| of.is_none());
        of.map(|place| world.at(place)).into_iter().chain(all)
    }

    fn is_whole(&self, world: &World) -> bool {
        self.places(world).all(|place| !place.catalog.snapshots.is_loading())
    }

    fn in_hand_owned(&self, world: &World) -> Option<(PlaceId, Snapshot)> {
        self.place(world).zip(self.chosen(world).cloned())
    }

    fn key(&self, world: &World) -> Option<(PlaceId, String)> {
        self.in_hand_owned(world).map(|(place, snapshot)| (place, snapshot.id))
    }

    /// Every snapshot that the list shows.
    fn keys(&self, world: &World) -> Vec<(PlaceId, String)> {
        Listed { rows: &self.rows, places: &world.places, id_of }.keys()
    }

    fn mark(&mut self, world: &mut World) {
        let Some(snapshot) = self.key(world) else { return };
        world.marks.snapshots.toggle(snapshot);
        self.go(Motion::Down, world);
    }

    fn copy(&self, arn: bool, world: &mut World) {
        if let Some(snapshot) = self.chosen(world) {
            let text = if arn { snapshot.arn.clone() } else { Some(snapshot.id.clone()) };
            world.copy_one(text);
        }
    }

    fn stamp_of(&self, world: &World) -> Stamp {
        Stamp::of(self.places(world), |place| (&place.catalog.snapshots, 0))
    }

    /// Sorts anew after a catalogue or the order changed.
    fn sort(&mut self, world: &World) {
        let mut rows: Vec<(CatalogRow, &Snapshot)> = Vec::new();
        for place in self.places(world) {
            let items = &place.catalog.snapshots.items;
            let of = self.of.as_ref().map(|(_, cluster)| cluster);
            let shown = items.iter().enumerate().filter(|(_, it)| of.is_none() || it.cluster.as_ref() == of);
            rows.extend(shown.map(|(index, it)| (CatalogRow::of(place.id, index), it)));
        }
        let newest = |it: &Snapshot| std::cmp::Reverse(it.created_at);
        match self.order {
            SnapshotOrder::Newest => rows.sort_by_key(|(_, it)| newest(it)),
            SnapshotOrder::Oldest => rows.sort_by_key(|(_, it)| it.created_at),
            SnapshotOrder::Identifier => rows.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id)),
            SnapshotOrder::Cluster => {
                rows.sort_by(|(_, a), (_, b)| (&a.cluster, newest(a)).cmp(&(&b.cluster, newest(b))));
            }
            SnapshotOrder::Size => rows.sort_by_key(|(_, it)| std::cmp::Reverse(it.allocated_gib)),
            SnapshotOrder::Kind => rows.sort_by(|(_, a), (_, b)| {
                (a.kind.as_str(), a.created_at).cmp(&(b.kind.as_str(), b.created_at))
            }),
        }
        self.stamp = self.stamp_of(world);
        self.counts.clear();
        self.manual.clear();
        for (_, snapshot) in &rows {
            match self.counts.iter_mut().find(|(kind, _)| *kind == snapshot.kind) {
                Some((_, count)) => *count += 1,
                None => self.counts.push((snapshot.kind.clone(), 1)),
            }
            self.manual.extend(snapshot.created_at.filter(|_| snapshot.kind == SnapshotKind::Manual));
        }
        self.failed = rows.iter().filter(|(_, it)| it.status.is_failure()).count();
        self.manual.sort_unstable();
        self.counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        // Not collected from them: that would keep their memory, of which a row needs a half.
        self.sorted.clear();
        self.sorted.extend(rows.iter().map(|(row, _)| *row));
        self.filter_rows(None, world);
        self.follow(world);
    }

    /// Keeps the cursor on its snapshot after the rows changed.
    fn follow(&mut self, world: &World) {
        let is_whole = self.is_whole(world);
        let rows = Listed { rows: &self.rows, places: &world.places, id_of };
        self.cursor.follow(&rows, world.layout.list_rows(), is_whole);
    }

    /// Leaves what fits the filter. After a narrower filter only what was left is looked at.
    fn filter_rows(&mut self, before: Option<&Filter>, world: &World) {
        let filter = self.filter.filter();
        let is_narrower = before.is_some_and(|before| filter.narrows(before));
        let mut sieve = filter.sieve(world.moment());
        let fits = |row: &CatalogRow| {
            let snapshots = &world.at(row.place).catalog.snapshots;
            let snapshot = snapshots.items.get(row.index());
            snapshot.is_some_and(|it| sieve.score(it, snapshots.text(row.index())).is_some())
        };
        keep(&mut self.rows, &self.sorted, is_narrower, fits);
        self.widths = SnapshotWidths::of(self.rows.iter().filter_map(|row| world.places.snapshot(*row)));
    }
}

/// What a row is known by in its place.
fn id_of(places: &Places, row: CatalogRow) -> Option<&String> {
    places.snapshot(row).map(|it| &it.id)
}
