//! All snapshots of the Region or of one cluster, whoever made them.

use std::collections::HashSet;

use jiff::Timestamp;

use crate::app::Now;
use crate::app::action::Action;
use crate::app::cursor::{Cursor, Motion};
use crate::app::keymap::Focus;
use crate::app::place::catalog::Catalog;
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;
use crate::domain::filter::{Filter, Filterable};
use crate::domain::snapshot::{Snapshot, SnapshotKind};

use super::filter_line::FilterLine;
use super::{Next, Screen, Shape, Text, evidence, snapshot};

/// By what the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
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

impl Order {
    fn next(self) -> Self {
        match self {
            Self::Newest => Self::Oldest,
            Self::Oldest => Self::Identifier,
            Self::Identifier => Self::Cluster,
            Self::Cluster => Self::Size,
            Self::Size => Self::Kind,
            Self::Kind => Self::Newest,
        }
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
    /// The cluster whose snapshots are shown; all of the Region's if `None`.
    pub of: Option<ClusterId>,
    /// The filter.
    pub filter: FilterLine,
    /// The order.
    pub order: Order,
    /// Indices into the catalogue's snapshots, in the order shown.
    pub rows: Vec<usize>,
    /// The cursor.
    pub cursor: Cursor<String>,
    /// How many there are of each type, without the filter.
    pub counts: Vec<(SnapshotKind, usize)>,
    /// When the manual ones were begun, the oldest first.
    pub manual: Vec<Timestamp>,
    /// In the order shown, each with the text that the filter looks in.
    sorted: Vec<(usize, Box<str>)>,
    /// How many snapshots the catalogue had when they were sorted.
    known: usize,
}

/// Opens the list: of a cluster, else of the Region.
pub fn open(of: Option<ClusterId>, world: &mut World) -> Next {
    let mut snapshots = Snapshots { of, ..Snapshots::default() };
    world.notices.clear();
    snapshots.sort(world);
    snapshots.into()
}

impl Screen for Snapshots {
    fn focus(&self, _world: &World) -> Focus {
        if self.filter.is_open { Focus::SnapshotFilter } else { Focus::Snapshots }
    }

    fn shape(&self) -> Shape {
        Shape::Table
    }

    fn act(&mut self, action: Action, world: &mut World, now: &Now) -> Next {
        match action {
            action if self.filter.act(action) => {}
            Action::Sort => {
                self.order = self.order.next();
                // Whoever sorts wants to see what comes first.
                self.cursor = Cursor::default();
                self.sort(world);
            }
            Action::Details => return snapshot::open(self.chosen(world).cloned(), world),
            Action::Evidence => return evidence::open(self.chosen(world).cloned(), world, now),
            Action::Copy | Action::CopyArn => self.copy(action == Action::CopyArn, world),
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
        let (rows, catalog) = (&self.rows, &world.place().catalog);
        self.cursor.go(motion, rows.len(), world.layout.list_rows(), |at| id_at(rows, catalog, at));
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

    fn is_empty(&self) -> bool {
        !self.filter.is_open && self.rows.is_empty() && self.filter.is_empty()
    }

    /// While pages arrive, the list is sorted when it has grown by a tenth.
    fn renew(&mut self, world: &World) {
        let snapshots = &world.place().catalog.snapshots;
        if !snapshots.is_loading() || snapshots.items.len() > self.known + self.known / 10 {
            self.sort(world);
        }
    }

    fn fit(&mut self, world: &mut World) {
        self.cursor.fit(self.rows.len(), world.layout.list_rows());
    }
}

impl Snapshots {
    /// The snapshot under the cursor.
    #[must_use]
    pub fn chosen<'a>(&self, world: &'a World) -> Option<&'a Snapshot> {
        let items = &world.place().catalog.snapshots.items;
        self.rows.get(self.cursor.at()).and_then(|index| items.get(*index))
    }

    fn copy(&self, arn: bool, world: &mut World) {
        if let Some(snapshot) = self.chosen(world) {
            let text = if arn { snapshot.arn.clone() } else { Some(snapshot.id.clone()) };
            world.copy_one(text);
        }
    }

    /// Sorts anew after the catalogue changed. While pages arrive, that is not done for each of them.
    fn sort(&mut self, world: &World) {
        let items = &world.place().catalog.snapshots.items;
        self.known = items.len();
        let is_shown = |snapshot: &Snapshot| self.of.is_none() || snapshot.cluster == self.of;
        let mut rows: Vec<usize> =
            items.iter().enumerate().filter(|(_, it)| is_shown(it)).map(|it| it.0).collect();
        let item = |index: &usize| &items[*index];
        let newest = |index: &usize| std::cmp::Reverse(item(index).created_at);
        match self.order {
            Order::Newest => rows.sort_by_key(newest),
            Order::Oldest => rows.sort_by_key(|index| item(index).created_at),
            Order::Identifier => rows.sort_by(|a, b| item(a).id.cmp(&item(b).id)),
            Order::Cluster => {
                rows.sort_by(|a, b| (&item(a).cluster, newest(a)).cmp(&(&item(b).cluster, newest(b))));
            }
            Order::Size => rows.sort_by_key(|index| std::cmp::Reverse(item(index).allocated_gib)),
            Order::Kind => rows.sort_by(|a, b| {
                let key = |index| (item(index).kind.as_str(), item(index).created_at);
                key(a).cmp(&key(b))
            }),
        }
        self.counts.clear();
        self.manual.clear();
        for snapshot in rows.iter().map(item) {
            match self.counts.iter_mut().find(|(kind, _)| *kind == snapshot.kind) {
                Some((_, count)) => *count += 1,
                None => self.counts.push((snapshot.kind.clone(), 1)),
            }
            self.manual.extend(snapshot.created_at.filter(|_| snapshot.kind == SnapshotKind::Manual));
        }
        self.manual.sort_unstable();
        self.counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        self.sorted = rows.into_iter().map(|index| (index, items[index].haystack())).collect();
        self.filter_rows(None, world);
        self.follow(world);
    }

    /// Keeps the cursor on its snapshot after the rows changed.
    fn follow(&mut self, world: &World) {
        let catalog = &world.place().catalog;
        let (rows, is_whole) = (&self.rows, !catalog.snapshots.is_loading());
        self.cursor.follow(rows.len(), world.layout.list_rows(), is_whole, |at| id_at(rows, catalog, at));
    }

    /// Leaves what fits the filter. After a narrower filter only what was left is looked at.
    fn filter_rows(&mut self, before: Option<&Filter>, world: &World) {
        let items = &world.place().catalog.snapshots.items;
        let filter = self.filter.filter();
        let is_narrower = before.is_some_and(|before| filter.narrows(before));
        let kept: Option<HashSet<usize>> = (is_narrower && self.rows.len() < self.sorted.len() / 4)
            .then(|| self.rows.iter().copied().collect());
        let mut sieve = filter.sieve(world.heard_at);
        let mut fits = |index: usize, haystack: &str| {
            kept.as_ref().is_none_or(|kept| kept.contains(&index))
                && items.get(index).is_some_and(|snapshot| sieve.score(snapshot, haystack).is_some())
        };
        let fitting = self.sorted.iter().filter(|(index, haystack)| fits(*index, haystack));
        self.rows = fitting.map(|(index, _)| *index).collect();
    }
}

/// What a row is.
fn id_at<'a>(rows: &[usize], catalog: &'a Catalog, at: usize) -> Option<&'a String> {
    rows.get(at).and_then(|index| catalog.snapshots.items.get(*index)).map(|snapshot| &snapshot.id)
}
