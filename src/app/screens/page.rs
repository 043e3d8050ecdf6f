//! All that is known of one thing, as a page of lines: of a DB cluster, of a snapshot, or of how a snapshot came about.

use crate::app::action::Action;
use crate::app::cursor::Motion;
use crate::app::keymap::Focus;
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;
use crate::domain::snapshot::Snapshot;

use super::details::{self, DetailsRow};
use super::{Names, Next, Screen, Shape, fit, scroll, snapshot};

/// What a page is about.
#[derive(Debug)]
pub enum PageOf {
    /// A DB cluster.
    Cluster(ClusterId),
    /// A snapshot.
    Snapshot(Snapshot),
    /// How a snapshot came about: its evidence card.
    Evidence(Snapshot),
}

/// A page.
#[derive(Debug)]
pub struct DetailsPage {
    /// The place of what it is about.
    pub place: PlaceId,
    /// What that is.
    pub of: PageOf,
    /// The first line that is shown.
    pub first: usize,
}

/// Opens a page about a snapshot, if there is one.
pub fn open(snapshot: Option<(PlaceId, Snapshot)>, of: fn(Snapshot) -> PageOf, world: &mut World) -> Next {
    let Some((place, snapshot)) = snapshot else {
        world.notices.say("AWS lists no snapshot here that could be shown.");
        return Next::Stay;
    };
    world.notices.clear();
    let of = of(snapshot);
    if matches!(of, PageOf::Evidence(_)) {
        world.places.get_mut(place).look_back(&world.now);
    }
    DetailsPage { place, of, first: 0 }.into()
}

impl DetailsPage {
    /// The lines; none if the cluster is not listed any more.
    pub fn rows(&self, world: &World) -> Vec<DetailsRow> {
        let (place, page) = (world.at(self.place), world.page());
        match &self.of {
            PageOf::Cluster(id) => {
                let cluster = place.catalog.cluster(id);
                cluster.map(|it| details::rows(it, place, world.now.at(), page)).unwrap_or_default()
            }
            PageOf::Snapshot(snapshot) => snapshot::rows(snapshot, place, page),
            PageOf::Evidence(snapshot) => {
                let parts = place.evidence(snapshot).parts();
                parts.into_iter().flat_map(|part| details::part(part, page)).collect()
            }
        }
    }
}

impl Screen for DetailsPage {
    fn focus(&self, _world: &World) -> Focus {
        match self.of {
            PageOf::Cluster(_) => Focus::Details,
            PageOf::Snapshot(_) => Focus::OneSnapshot,
            PageOf::Evidence(_) => Focus::Evidence,
        }
    }

    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        let PageOf::Evidence(snapshot) = &self.of else { return Next::Pass };
        let card = world.at(self.place).evidence(snapshot);
        let (text, form) = match action {
            Action::Copy => (card.to_text(), "text"),
            Action::CopyArn => (card.to_json(), "JSON"),
            _ => return Next::Pass,
        };
        world.copy(text, &format!("The card, as {form}, was sent to the terminal's clipboard."));
        Next::Stay
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let len = self.rows(world).len();
        scroll(&mut self.first, motion, len, world.layout.body_rows());
    }

    fn place(&self, _world: &World) -> Option<PlaceId> {
        Some(self.place)
    }

    fn about(&self, _world: &World) -> Option<(PlaceId, ClusterId)> {
        if let PageOf::Cluster(id) = &self.of { Some((self.place, id.clone())) } else { None }
    }

    fn snapshot(&self, _world: &World) -> Option<(PlaceId, Snapshot)> {
        if let PageOf::Snapshot(it) = &self.of { Some((self.place, it.clone())) } else { None }
    }

    fn names(&self, world: &World) -> Result<Names, String> {
        match &self.of {
            PageOf::Cluster(id) => {
                let cluster = world.at(self.place).catalog.cluster(id);
                cluster.map(|it| (it.id.to_string(), it.arn.clone())).ok_or_else(|| details::gone(id))
            }
            PageOf::Snapshot(it) | PageOf::Evidence(it) => Ok((it.id.clone(), it.arn.clone())),
        }
    }

    fn is_empty(&self, world: &World) -> bool {
        matches!(&self.of, PageOf::Cluster(id) if world.at(self.place).catalog.cluster(id).is_none())
    }

    fn fit(&mut self, world: &mut World) {
        if let PageOf::Snapshot(snapshot) = &mut self.of
            && let Some((latest, _)) = world.at(self.place).latest(snapshot)
            && *latest != *snapshot
        {
            *snapshot = latest.clone();
        }
        let len = self.rows(world).len();
        fit(&mut self.first, len, world.layout.body_rows());
    }
}
