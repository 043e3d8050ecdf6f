//! The list of DB clusters: filter, order, cursor.

use crate::app::action::Action;
use crate::app::cursor::Motion;
use crate::app::keymap::Focus;
use crate::app::marks::{toggle, toggle_all};
use crate::app::note::{About, Note, Tone};
use crate::app::place::Place;
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::snapshot::Snapshot;

use super::catalog_list::{self, CatalogList, CatalogRow};
use super::filter_line::FilterLine;
use super::page::{self, DetailsPage, PageOf};
use super::pane::Pane;
use super::widths::ClusterWidths;
use super::{Names, Next, Screen, Shape, Text};

/// What is said where there is no cluster for a key.
pub const NO_CLUSTER: &str = "There is no cluster under the cursor.";
/// What is said where a key asks for the pane while that is empty.
const NOTHING_IN_PANE: &str = "There is nothing in the pane of snapshots in progress.";

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
    /// The clusters.
    pub list: CatalogList<Cluster>,
    /// The order.
    pub order: ClusterOrder,
    /// The pane of snapshots in progress.
    pub pane: Pane,
    /// What the texts of the clusters need.
    pub widths: ClusterWidths,
}

impl Screen for Clusters {
    fn focus(&self, _world: &World) -> Focus {
        match (self.list.filter.is_open, self.pane.is_focused) {
            (true, _) => Focus::Filter,
            (false, true) => Focus::Pane,
            (false, false) => Focus::Clusters,
        }
    }

    fn shape(&self) -> Shape {
        Shape::Home
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            action if self.list.filter.act(action) => {}
            Action::Sort => {
                self.order = self.order.next(world.list.group_by.is_some());
                self.list.reorder();
                self.arrange(world);
            }
            Action::OtherPane if !self.pane.is_focused && world.places.followed().is_empty() => {
                world.notices.say(NOTHING_IN_PANE);
            }
            Action::OtherPane => {
                self.pane.is_focused = !self.pane.is_focused;
            }
            Action::Details if self.pane.is_focused => {
                return page::open(self.snapshot(world), PageOf::Snapshot, world);
            }
            Action::Acknowledge => self.acknowledge(world),
            Action::Details => return self.open_details(world),
            Action::Mark if !self.pane.is_focused => self.mark(world),
            Action::MarkGroup => self.mark_group(world),
            Action::MarkAll if self.list.rows.is_empty() => world.notices.say(NO_CLUSTER),
            Action::MarkAll => toggle_all(self.list.keys(world), &mut world.marks.clusters),
            Action::Back => {
                world.notices.clear();
                if self.list.filter.is_shown() {
                    self.list.filter.clear();
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
        if self.pane.is_focused && !self.list.filter.is_open {
            return self.pane.go(motion, world);
        }
        self.list.go(motion, world);
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        if self.list.take_text(text) {
            self.arrange(world);
        }
        self.list.filter.is_open
    }

    fn place(&self, world: &World) -> Option<PlaceId> {
        if self.pane.is_focused {
            return self.pane.chosen(world).map(|(place, _)| place);
        }
        self.list.chosen(world).map(|(place, _)| place)
    }

    fn in_hand(&self, world: &World) -> Option<(PlaceId, ClusterId)> {
        self.list.chosen(world).map(|(place, cluster)| (place, cluster.id.clone()))
    }

    fn snapshot(&self, world: &World) -> Option<(PlaceId, Snapshot)> {
        let (place, row) = self.pane.chosen(world)?;
        Some((place, row.snapshot()?.clone()))
    }

    fn names(&self, world: &World) -> Result<Names, String> {
        if self.pane.is_focused {
            let (_, row) = self.pane.chosen(world).ok_or(NOTHING_IN_PANE)?;
            return Ok((row.id.clone(), row.snapshot().and_then(|snapshot| snapshot.arn.clone())));
        }
        let (_, cluster) = self.list.chosen(world).ok_or(NO_CLUSTER)?;
        Ok((cluster.id.to_string(), cluster.arn.clone()))
    }

    fn filter(&self) -> Option<&FilterLine> {
        Some(&self.list.filter)
    }

    fn is_empty(&self, _world: &World) -> bool {
        !self.pane.is_focused && self.list.rows.is_empty()
    }

    fn marked(&self, world: &World) -> usize {
        world.marks.clusters.len()
    }

    fn renew(&mut self, world: &World) {
        self.arrange(world);
    }

    fn fit(&mut self, world: &mut World) {
        if !self.list.rows.is_empty() {
            world.notices.take_back(NO_CLUSTER);
        }
        if !world.places.followed().is_empty() {
            world.notices.take_back(NOTHING_IN_PANE);
        }
        self.list.fit(world);
        self.pane.fit(world);
    }
}

impl Clusters {
    /// The list as it is opened: by groups, where there are any, and with the filter of the configuration.
    pub fn of(world: &World) -> Self {
        let order = if world.list.group_by.is_some() { ClusterOrder::Group } else { ClusterOrder::default() };
        let list = CatalogList::with(world.list.filter.clone());
        Self { list, order, ..Self::default() }
    }

    /// Puts the cursor where a person clicked: on a row of the list, or of the pane.
    pub fn click(&mut self, row: u16, world: &World) {
        let layout = &world.layout;
        let list = layout.header + layout.title + layout.columns;
        let pane = list + layout.body + layout.gap + layout.failed + layout.waiting + 1;
        if let Some(at) = row.checked_sub(pane).map(usize::from) {
            let row = self.pane.cursor.offset() + at;
            if row < world.places.followed().len() && at < layout.pane_rows() {
                self.pane.is_focused = true;
                self.pane.put(row, world);
            }
        } else if let Some(at) = row.checked_sub(list).map(usize::from).filter(|at| *at < layout.body_rows())
        {
            let row = self.list.cursor.offset() + at;
            if row < self.list.rows.len() {
                self.pane.is_focused = false;
                self.list.put(row, world);
            }
        }
    }

    fn open_details(&self, world: &mut World) -> Next {
        let Some((place, cluster)) = self.in_hand(world) else {
            world.notices.say(NO_CLUSTER);
            return Next::Stay;
        };
        DetailsPage { place, of: PageOf::Cluster(cluster), first: 0 }.into()
    }

    /// Puts away what is under the pane's cursor, if it is over.
    fn acknowledge(&self, world: &mut World) {
        let Some((place, chosen)) = self.pane.chosen(world) else { return };
        let name = chosen.id.clone();
        // Two may have had one name, one after the other.
        let rows = &world.at(place).followed.rows;
        let at = rows.iter().position(|row| std::ptr::eq(row, chosen)).unwrap_or(rows.len());
        let is_alone = rows.iter().filter(|row| row.id == name).count() == 1;
        if world.places.get_mut(place).followed.acknowledge(at) {
            if is_alone {
                world.notices.end(&About::Snapshot(place, name));
            }
        } else {
            let told = format!("{name} goes on: it stays in sight until it is over.");
            world.notices.answer(Note::new(Tone::Neutral, &told).about(place, &name));
        }
    }

    /// Marks all that the list shows of the group of the cluster under the cursor, or none of them.
    fn mark_group(&self, world: &mut World) {
        let group = |cluster: &Cluster| group_of(cluster, world).map(str::to_owned);
        let Some(key) = &world.list.group_by else {
            return world
                .notices
                .say("No groups: list.group_by in the configuration names a tag to group by.");
        };
        let Some((_, chosen)) = self.list.chosen(world) else { return world.notices.say(NO_CLUSTER) };
        let Some(meant) = group(chosen) else {
            let text = format!("{} has no tag {key}: it is in no group.", chosen.id);
            return world.notices.say(&text);
        };
        let is_meant = |(place, id): &(PlaceId, ClusterId)| {
            world.at(*place).catalog.cluster(id).and_then(group).as_ref() == Some(&meant)
        };
        let keys = self.list.keys(world).into_iter().filter(is_meant).collect();
        toggle_all(keys, &mut world.marks.clusters);
    }

    fn mark(&mut self, world: &mut World) {
        let Some(cluster) = self.in_hand(world) else { return world.notices.say(NO_CLUSTER) };
        toggle(cluster, &mut world.marks.clusters);
        self.go(Motion::Down, world);
    }

    /// Makes the rows anew after something changed; the cursor stays on its cluster.
    fn arrange(&mut self, world: &World) {
        let order = self.order;
        let by_usable = |place: &Place| match order {
            ClusterOrder::LastUsable => place.catalog.usable_version(),
            _ => 0,
        };
        let places: Vec<&Place> = world.places.shown().collect();
        let rows = || {
            let rows = in_order(&places, order, world);
            self.widths = ClusterWidths::of(&rows.iter().map(|(_, cluster)| *cluster), world);
            rows
        };
        self.list.arrange(&places, by_usable, world, rows);
    }
}

/// The clusters of places that are RDS's own, in an order, with their rows.
fn in_order<'a>(places: &[&'a Place], order: ClusterOrder, world: &World) -> Vec<(CatalogRow, &'a Cluster)> {
    let is_own = |(_, cluster): &(CatalogRow, &Cluster)| !cluster.family.is_foreign();
    let mut rows: Vec<_> =
        places.iter().flat_map(|place| catalog_list::of_place(place)).filter(is_own).collect();
    rows.sort_by_cached_key(|(row, cluster)| {
        let column = match order {
            ClusterOrder::Identifier | ClusterOrder::LastUsable => String::new(),
            ClusterOrder::Engine => cluster.engine(),
            ClusterOrder::Status => cluster.status.as_str().to_owned(),
            // Behind every text that a tag can have.
            ClusterOrder::Group => {
                group_of(cluster, world).map_or_else(|| char::MAX.to_string(), str::to_lowercase)
            }
        };
        // No snapshot at all sorts before any.
        let last_usable = (order == ClusterOrder::LastUsable)
            .then(|| world.at(row.place).catalog.last_usable_of(&cluster.id, cluster.resource_id.as_deref()));
        (last_usable.flatten(), column, cluster.id.clone())
    });
    rows
}

/// The group of a cluster: the value of the tag that they are grouped by.
pub fn group_of<'c>(cluster: &'c Cluster, world: &World) -> Option<&'c str> {
    let key = world.list.group_by.as_ref()?;
    cluster.tags.iter().find(|tag| tag.key == *key).map(|tag| tag.value.as_str())
}
