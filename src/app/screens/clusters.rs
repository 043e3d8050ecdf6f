//! The list of DB clusters: filter, order, cursor.

use crate::app::Now;
use crate::app::action::Action;
use crate::app::cursor::{Cursor, Motion};
use crate::app::keymap::Focus;
use crate::app::note::About;
use crate::app::place::Place;
use crate::app::places::{CatalogRow, Listed, Places};
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::filter::Filter;
use crate::domain::snapshot::Snapshot;

use super::details::Details;
use super::filter_line::FilterLine;
use super::pane::Pane;
use super::rows::{Stamp, keep};
use super::widths::ClusterWidths;
use super::{Next, Screen, Shape, Text, evidence, snapshot};

/// What is said where there is no cluster for a key.
pub const NO_CLUSTER: &str = "There is no cluster under the cursor.";

/// By which column the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterOrder {
    /// By identifier.
    #[default]
    Identifier,
    /// By engine, then identifier.
    Engine,
    /// By status, then identifier.
    Status,
    /// By the age of the last usable snapshot, the oldest and the clusters without any first.
    LastUsable,
    /// By the value of the tag that they are grouped by, then identifier; those without it last.
    Group,
}

impl ClusterOrder {
    fn next(self, is_grouped: bool) -> Self {
        match self {
            Self::Identifier => Self::Engine,
            Self::Engine => Self::Status,
            Self::Status => Self::LastUsable,
            Self::LastUsable if is_grouped => Self::Group,
            Self::LastUsable | Self::Group => Self::Identifier,
        }
    }

    /// The order in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Engine => "engine",
            Self::Status => "status",
            Self::LastUsable => "last usable snapshot",
            Self::Group => "group",
        }
    }
}

/// The list of clusters, which lies below every other screen, and the pane below it.
#[derive(Debug, Default)]
pub struct Clusters {
    /// The filter; while it has fuzzy words, the best match comes first.
    pub filter: FilterLine,
    /// The order.
    pub order: ClusterOrder,
    /// Where the clusters stand in the catalogues, in the order shown.
    pub rows: Vec<CatalogRow>,
    /// The cursor.
    pub cursor: Cursor<(PlaceId, ClusterId)>,
    /// The pane of snapshots in progress.
    pub pane: Pane,
    /// What the texts of the clusters need.
    pub widths: ClusterWidths,
    /// All of them in the order, without the filter, and the state of the catalogues that they were sorted by.
    sorted: Vec<CatalogRow>,
    stamp: Stamp,
    /// For which filter the rows are.
    filtered: Filter,
}

impl Screen for Clusters {
    fn focus(&self, _world: &World) -> Focus {
        match (self.filter.is_open, self.pane.is_focused) {
            (true, _) => Focus::Filter,
            (false, true) => Focus::Pane,
            (false, false) => Focus::Clusters,
        }
    }

    fn shape(&self) -> Shape {
        Shape::Home
    }

    fn act(&mut self, action: Action, world: &mut World, now: &Now) -> Next {
        match action {
            action if self.filter.act(action) => {}
            Action::Sort => {
                self.order = self.order.next(world.list.group_by.is_some());
                self.stamp = Stamp::default();
                self.arrange(world);
            }
            Action::OtherPane => {
                self.pane.is_focused = !self.pane.is_focused && !world.places.followed().is_empty();
            }
            Action::Details if self.pane.is_focused => return snapshot::open(self.followed(world), world),
            Action::Acknowledge => self.acknowledge(world),
            Action::Evidence => return evidence::open(self.followed(world), world, now),
            Action::Details => return self.open_details(world),
            Action::Copy => self.copy(false, world),
            Action::CopyArn => self.copy(true, world),
            Action::Mark if !self.pane.is_focused => self.mark(world),
            Action::MarkGroup => self.mark_group(world),
            Action::MarkAll => world.marks.clusters.toggle_all(self.keys(world)),
            Action::Back => {
                world.notices.clear();
                if self.filter.is_shown() {
                    self.filter.clear();
                    self.arrange(world);
                } else {
                    world.marks.clusters.clear();
                }
            }
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn go(&mut self, motion: Motion, world: &World) {
        if self.pane.is_focused && !self.filter.is_open {
            return self.pane.go(motion, world);
        }
        let rows = Listed { rows: &self.rows, places: &world.places, id_of };
        self.cursor.go(motion, &rows, world.layout.list_rows());
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        if self.filter.is_open && self.filter.take(text) {
            // The cursor goes to the first that fits.
            self.cursor = Cursor::default();
            self.arrange(world);
        }
        self.filter.is_open
    }

    fn place(&self, world: &World) -> Option<PlaceId> {
        if self.pane.is_focused {
            return self.pane.chosen(world).map(|(place, _)| place);
        }
        self.rows.get(self.cursor.at()).map(|row| row.place)
    }

    fn in_hand(&self, world: &World) -> Option<(PlaceId, ClusterId)> {
        self.chosen(world).map(|(place, cluster)| (place, cluster.id.clone()))
    }

    fn filter(&self) -> Option<&FilterLine> {
        Some(&self.filter)
    }

    fn is_empty(&self, _world: &World) -> bool {
        !self.pane.is_focused && self.rows.is_empty()
    }

    fn marked(&self, world: &World) -> usize {
        world.marks.clusters.count()
    }

    fn renew(&mut self, world: &World) {
        self.arrange(world);
    }

    fn fit(&mut self, world: &mut World) {
        self.cursor.fit(self.rows.len(), world.layout.list_rows());
        self.pane.fit(world);
    }
}

impl Clusters {
    /// The list as it is opened: by groups, where there are any, and with the filter of the configuration.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let order = if world.list.group_by.is_some() { ClusterOrder::Group } else { ClusterOrder::default() };
        Self { order, filter: FilterLine::of(world.list.filter.clone()), ..Self::default() }
    }

    /// The cluster under the cursor, and its place.
    #[must_use]
    pub fn chosen<'a>(&self, world: &'a World) -> Option<(PlaceId, &'a Cluster)> {
        let row = *self.rows.get(self.cursor.at())?;
        Some((row.place, world.places.cluster(row)?))
    }

    /// How many there are without the filter, as far as is known.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// Puts the cursor where a person clicked: on a row of the list, or of the pane.
    pub fn click(&mut self, row: u16, world: &World) {
        let layout = &world.layout;
        let list = layout.header + layout.title + layout.columns;
        let pane = list + layout.body + layout.gap + layout.waiting + 1;
        if let Some(at) = row.checked_sub(pane).map(usize::from) {
            let row = self.pane.cursor.offset() + at;
            if row < world.places.followed().len() && at < layout.pane_rows() {
                self.pane.is_focused = true;
                self.pane.put(row, world);
            }
        } else if let Some(at) = row.checked_sub(list).map(usize::from).filter(|at| *at < layout.list_rows())
        {
            let row = self.cursor.offset() + at;
            if row < self.rows.len() {
                self.pane.is_focused = false;
                let rows = Listed { rows: &self.rows, places: &world.places, id_of };
                self.cursor.put(row, &rows, layout.list_rows());
            }
        }
    }

    fn open_details(&self, world: &mut World) -> Next {
        let Some((place, cluster)) = self.in_hand(world) else {
            world.notices.say(NO_CLUSTER);
            return Next::Stay;
        };
        Details::new(place, cluster).into()
    }

    /// Puts away what is under the pane's cursor, if it is over.
    fn acknowledge(&self, world: &mut World) {
        let Some((place, name)) = self.pane.chosen(world).map(|(place, row)| (place, row.id.clone())) else {
            return;
        };
        if world.places.get_mut(place).followed.acknowledge(&name) {
            world.notices.end(&About::Snapshot(place, name));
        } else {
            world.notices.say(&format!("{name} goes on: it stays in sight until it is over."));
        }
    }

    /// Every cluster that the list shows.
    fn keys(&self, world: &World) -> Vec<(PlaceId, ClusterId)> {
        Listed { rows: &self.rows, places: &world.places, id_of }.keys()
    }

    /// Marks all that the list shows of the group of the cluster under the cursor, or none of them.
    fn mark_group(&self, world: &mut World) {
        let group = |cluster: &Cluster| group_of(cluster, world).map(str::to_owned);
        let (Some(key), Some((_, chosen))) = (&world.list.group_by, self.chosen(world)) else {
            return world
                .notices
                .say("No groups: list.group_by in the configuration names a tag to group by.");
        };
        let Some(meant) = group(chosen) else {
            let text = format!("{} has no tag {key}: it is in no group.", chosen.id);
            return world.notices.say(&text);
        };
        let is_meant = |(place, id): &(PlaceId, ClusterId)| {
            world.at(*place).catalog.cluster(id).and_then(group).as_ref() == Some(&meant)
        };
        let keys = self.keys(world).into_iter().filter(is_meant).collect();
        world.marks.clusters.toggle_all(keys);
    }

    fn mark(&mut self, world: &mut World) {
        let Some(cluster) = self.in_hand(world) else { return world.notices.say(NO_CLUSTER) };
        world.marks.clusters.toggle(cluster);
        self.go(Motion::Down, world);
    }

    fn followed(&self, world: &World) -> Option<(PlaceId, Snapshot)> {
        let (place, row) = self.pane.chosen(world)?;
        Some((place, row.snapshot()?.clone()))
    }

    fn copy(&self, arn: bool, world: &mut World) {
        let (id, its_arn) = if self.pane.is_focused {
            let Some((_, row)) = self.pane.chosen(world) else { return };
            (row.id.clone(), row.snapshot().and_then(|snapshot| snapshot.arn.clone()))
        } else {
            let Some((_, cluster)) = self.chosen(world) else { return world.notices.say(NO_CLUSTER) };
            (cluster.id.to_string(), cluster.arn.clone())
        };
        world.copy_one(if arn { its_arn } else { Some(id) });
    }

    /// Makes the rows anew after something changed; the cursor stays on its cluster.
    fn arrange(&mut self, world: &World) {
        let by_usable = self.order == ClusterOrder::LastUsable;
        let stamp = Stamp::of(world.places.shown(), |place| {
            let usable = if by_usable { place.catalog.usable_version() } else { 0 };
            (&place.catalog.clusters, usable)
        });
        let is_growing = world.places.shown().any(|place| place.catalog.clusters.is_growing());
        if self.stamp.is_old(&stamp, is_growing) {
            self.stamp = stamp;
            self.sort(world);
            self.filter_rows(None, world);
        } else if self.filtered != *self.filter.filter() {
            let before = self.filtered.clone();
            self.filter_rows(Some(&before), world);
        }
        let is_whole = world.places.shown().all(|place| !place.catalog.clusters.is_loading());
        let rows = Listed { rows: &self.rows, places: &world.places, id_of };
        self.cursor.follow(&rows, world.layout.list_rows(), is_whole);
    }

    fn sort(&mut self, world: &World) {
        let (order, places) = (self.order, &world.places);
        self.sorted = places.shown().flat_map(own_clusters).collect();
        self.sorted.sort_by_cached_key(|row| {
            let cluster = places.cluster(*row);
            let id = cluster.map(|cluster| cluster.id.clone());
            let column = cluster.map(|cluster| match order {
                ClusterOrder::Identifier | ClusterOrder::LastUsable => String::new(),
                ClusterOrder::Engine => cluster.engine(),
                ClusterOrder::Status => cluster.status.as_str().to_owned(),
                // Behind every text that a tag can have.
                ClusterOrder::Group => {
                    group_of(cluster, world).map_or_else(|| char::MAX.to_string(), str::to_lowercase)
                }
            });
            // No snapshot at all sorts before any.
            let by_usable = cluster.filter(|_| order == ClusterOrder::LastUsable);
            let catalog = &places.get(row.place).catalog;
            let last_usable = by_usable
                .and_then(|cluster| catalog.last_usable_of(&cluster.id, cluster.resource_id.as_deref()));
            (last_usable, column, id)
        });
        let clusters = self.sorted.iter().filter_map(|row| places.cluster(*row));
        self.widths = ClusterWidths::of(&clusters, world);
    }

    /// Leaves what fits the filter. After a narrower one only what was left is looked at.
    fn filter_rows(&mut self, before: Option<&Filter>, world: &World) {
        let filter = self.filter.filter();
        // The best match of a fuzzy filter comes first, so that its rows have no order of their own.
        let is_narrower = before.is_some_and(|before| filter.narrows(before) && !before.is_ranked());
        let mut sieve = filter.sieve(world.moment());
        let mut score = |row: &CatalogRow| {
            let clusters = &world.at(row.place).catalog.clusters;
            sieve.score(clusters.items.get(row.index())?, clusters.text(row.index()))
        };
        if filter.is_ranked() {
            let looked_at = if is_narrower { &self.rows } else { &self.sorted };
            let scored = looked_at.iter().filter_map(|row| Some((score(row)?, *row)));
            let mut scored: Vec<(u32, CatalogRow)> = scored.collect();
            // A stable sort: equal matches keep the list's order.
            scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
            self.rows = scored.into_iter().map(|(_, row)| row).collect();
        } else {
            keep(&mut self.rows, &self.sorted, is_narrower, |row| score(row).is_some());
        }
        self.filtered = filter.clone();
    }
}

/// The clusters of a place that are RDS's own.
fn own_clusters(place: &Place) -> impl Iterator<Item = CatalogRow> {
    let of = place.id;
    let clusters = place.catalog.clusters.items.iter().enumerate();
    let own = clusters.filter(|(_, cluster)| !cluster.family.is_foreign());
    own.map(move |(index, _)| CatalogRow::of(of, index))
}

/// The group of a cluster: the value of the tag that they are grouped by.
#[must_use]
pub fn group_of<'c>(cluster: &'c Cluster, world: &World) -> Option<&'c str> {
    let key = world.list.group_by.as_ref()?;
    cluster.tags.iter().find(|tag| tag.key == *key).map(|tag| tag.value.as_str())
}

/// What a row is known by in its place.
fn id_of(places: &Places, row: CatalogRow) -> Option<&ClusterId> {
    places.cluster(row).map(|it| &it.id)
}
