//! All snapshots of the Region or of one cluster, whoever made them.

use jiff::Timestamp;
use strum::IntoEnumIterator as _;

use crate::app::action::Action;
use crate::app::cursor::{Cursor, Motion};
use crate::app::keymap::Focus;
use crate::app::marks::{toggle, toggle_all};
use crate::app::note::{About, Note};
use crate::app::place::Place;
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;
use crate::domain::earlier::is_of_cluster;
use crate::domain::snapshot::{Snapshot, SnapshotKind};

use super::alterations::AlterationScreen;
use super::catalog_list::{self, CatalogList, CatalogRow};
use super::filter_line::FilterLine;
use super::page::{self, PageOf};
use super::widths::SnapshotWidths;
use super::{Names, Next, Screen, Text, removal, retag};

/// What is said where a key asks for the one that is marked by the cursor.
pub const NO_SNAPSHOT: &str = "There is no snapshot under the cursor.";

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
    pub(crate) fn name(self) -> &'static str {
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
    /// The snapshots.
    pub list: CatalogList<Snapshot>,
    /// The order.
    pub order: SnapshotOrder,
    /// How many there are, without the filter.
    pub counts: Counts,
    /// What the texts of the snapshots need.
    pub widths: SnapshotWidths,
}

/// How many snapshots there are.
#[derive(Debug, Default)]
pub struct Counts {
    /// How many of each type.
    pub kinds: Vec<(SnapshotKind, usize)>,
    /// When the manual ones were begun, the oldest first.
    pub manual: Vec<Timestamp>,
    /// How many failed.
    pub failed: usize,
}

/// Opens the list: of a cluster, else of the places that are shown.
pub fn open(of: Option<(PlaceId, ClusterId)>, world: &mut World) -> Next {
    let mut snapshots = Snapshots { of, ..Snapshots::default() };
    world.notices.clear();
    snapshots.arrange(world);
    snapshots.into()
}

impl Screen for Snapshots {
    fn focus(&self, _world: &World) -> Focus {
        if self.list.filter.is_open { Focus::SnapshotFilter } else { Focus::Snapshots }
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            action if self.list.filter.act(action) => {}
            Action::Change if world.alterations.rows.is_empty() => {
                world
                    .notices
                    .say("No snapshot was deleted or tagged in this run. ‹x:remove› deletes, ‹t:retag› changes tags.");
            }
            Action::Change => return AlterationScreen::newest(world).into(),
            Action::Sort => {
                self.order = self.order.next();
                // Whoever sorts wants to see what comes first.
                self.list.cursor = Cursor::default();
                self.list.reorder();
                self.arrange(world);
            }
            Action::Details | Action::Evidence | Action::Mark | Action::MarkAll
                if self.list.rows.is_empty() =>
            {
                world.notices.say(NO_SNAPSHOT);
            }
            Action::Details => return page::open(self.snapshot(world), PageOf::Snapshot, world),
            Action::Remove => return removal::open(self.key(world), world),
            Action::Retag => return retag::open(self.key(world), world),
            Action::Mark => self.mark(world),
            Action::MarkAll => toggle_all(self.list.keys(world), &mut world.marks.snapshots),
            Action::Back if self.drops_marks(world) => world.marks.snapshots.clear(),
            Action::Back if self.list.filter.is_open => {
                world.notices.clear();
                self.list.filter.clear();
                self.arrange(world);
            }
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn go(&mut self, motion: Motion, world: &World) {
        self.list.go(motion, world);
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        if self.list.take_text(text) {
            self.arrange(world);
        }
        self.list.filter.is_open
    }

    fn says(&self, note: &Note, world: &World) -> bool {
        let is_said = |place: &Place| note.about == Some(About::List(place.id, "snapshots"));
        self.list.rows.is_empty() && self.places(world).any(is_said)
    }

    fn filter(&self) -> Option<&FilterLine> {
        Some(&self.list.filter)
    }

    fn is_empty(&self, _world: &World) -> bool {
        self.list.rows.is_empty()
    }

    fn undoes(&self, action: Action, world: &World) -> Option<&'static str> {
        (action == Action::Back && self.drops_marks(world)).then_some("drop the marks")
    }

    fn marked(&self, world: &World) -> usize {
        world.marks.snapshots.len()
    }

    fn renew(&mut self, world: &World) {
        self.arrange(world);
    }

    fn place(&self, world: &World) -> Option<PlaceId> {
        let of = self.of.as_ref().map(|(place, _)| *place);
        of.or_else(|| self.list.chosen(world).map(|(place, _)| place))
    }

    /// The list of all is read anew, and stays for the other places.
    fn is_of(&self, place: PlaceId, _world: &World) -> bool {
        self.of.as_ref().is_some_and(|(of, _)| *of == place)
    }

    fn snapshot(&self, world: &World) -> Option<(PlaceId, Snapshot)> {
        self.list.chosen(world).map(|(place, snapshot)| (place, snapshot.clone()))
    }

    fn names(&self, world: &World) -> Result<Names, String> {
        let (_, snapshot) = self.list.chosen(world).ok_or(NO_SNAPSHOT)?;
        Ok((snapshot.id.clone(), snapshot.arn.clone()))
    }

    fn fit(&mut self, world: &mut World) {
        if !self.list.rows.is_empty() {
            world.notices.take_back(NO_SNAPSHOT);
        }
        self.list.fit(world);
    }
}

impl Snapshots {
    /// The places whose snapshots are shown.
    pub fn places<'a>(&self, world: &'a World) -> impl Iterator<Item = &'a Place> + use<'a> {
        let of = self.of.as_ref().map(|(place, _)| *place);
        let all = world.places.shown().filter(move |_| of.is_none());
        of.map(|place| world.at(place)).into_iter().chain(all)
    }

    /// Whether the key that goes back takes the marks away first.
    fn drops_marks(&self, world: &World) -> bool {
        !self.list.filter.is_open && !world.marks.snapshots.is_empty()
    }

    fn key(&self, world: &World) -> Option<(PlaceId, String)> {
        self.list.chosen(world).map(|(place, snapshot)| (place, snapshot.id.clone()))
    }

    fn mark(&mut self, world: &mut World) {
        let Some(snapshot) = self.key(world) else { return };
        toggle(snapshot, &mut world.marks.snapshots);
        self.go(Motion::Down, world);
    }

    /// Makes the rows anew after something changed; the cursor stays on its snapshot.
    fn arrange(&mut self, world: &World) {
        let places: Vec<&Place> = self.places(world).collect();
        let (of, order) = (self.of.as_ref().map(|(_, cluster)| cluster), self.order);
        let rows = || {
            let rows = in_order(&places, of, order);
            self.counts = Counts::of(rows.iter().map(|(_, snapshot)| *snapshot));
            rows
        };
        if self.list.arrange(&places, |_| 0, world, rows) {
            self.widths = SnapshotWidths::of(self.list.rows.iter().filter_map(|row| row.get(world)));
        }
    }
}

/// The snapshots of places, or of one cluster there, in an order, with their rows.
fn in_order<'a>(
    places: &[&'a Place],
    of: Option<&ClusterId>,
    order: SnapshotOrder,
) -> Vec<(CatalogRow, &'a Snapshot)> {
    let of_place = |place: &&'a Place| {
        // What is known of the cluster tells its snapshots from those of another one of this name.
        let cluster = of.and_then(|id| place.catalog.cluster(id));
        catalog_list::of_place(place).filter(move |(_, it): &(CatalogRow, &Snapshot)| match (of, cluster) {
            (None, _) => true,
            (Some(id), Some(cluster)) => is_of_cluster(it, (id, cluster.resource_id.as_ref())),
            (Some(id), None) => it.cluster.as_ref() == Some(id),
        })
    };
    let mut rows: Vec<_> = places.iter().flat_map(of_place).collect();
    let newest = Snapshot::newest_first;
    rows.sort_by(|(_, a), (_, b)| match order {
        SnapshotOrder::Newest => newest(a).cmp(&newest(b)),
        SnapshotOrder::Oldest => newest(b).cmp(&newest(a)),
        SnapshotOrder::Identifier => a.id.cmp(&b.id),
        SnapshotOrder::Cluster => (&a.cluster, newest(a)).cmp(&(&b.cluster, newest(b))),
        SnapshotOrder::Size => b.allocated_gib.cmp(&a.allocated_gib),
        SnapshotOrder::Kind => (a.kind.as_str(), newest(b)).cmp(&(b.kind.as_str(), newest(a))),
    });
    rows
}

impl Counts {
    fn of<'a>(snapshots: impl Iterator<Item = &'a Snapshot>) -> Self {
        let mut counts = Self::default();
        for snapshot in snapshots {
            match counts.kinds.iter_mut().find(|(kind, _)| *kind == snapshot.kind) {
                Some((_, count)) => *count += 1,
                None => counts.kinds.push((snapshot.kind.clone(), 1)),
            }
            counts.manual.extend(snapshot.created_at.filter(|_| snapshot.kind == SnapshotKind::Manual));
            counts.failed += usize::from(snapshot.status.is_failure());
        }
        counts.manual.sort_unstable();
        counts.kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }
}
