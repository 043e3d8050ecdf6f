//! The evidence card of a snapshot: what can be shown of how it came about.

use crate::app::action::Action;
use crate::app::cursor::Motion;
use crate::app::keymap::Focus;
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::evidence::{Evidence, EvidencePart};
use crate::domain::snapshot::Snapshot;

use super::details::{self, DetailsRow};
use super::snapshot::NOT_LISTED;
use super::{Next, Screen, Shape, scroll};

/// The card.
#[derive(Debug)]
pub struct EvidenceCard {
    /// The place of the snapshot.
    pub place: PlaceId,
    /// The snapshot.
    pub snapshot: Snapshot,
    /// The first line that is shown.
    pub first: usize,
}

/// Opens the card of a snapshot, if there is one.
pub fn open(snapshot: Option<(PlaceId, Snapshot)>, world: &mut World) -> Next {
    let Some((place, snapshot)) = snapshot else {
        world.notices.say(NOT_LISTED);
        return Next::Stay;
    };
    world.notices.clear();
    world.places.get_mut(place).look_back(&world.now);
    EvidenceCard { place, snapshot, first: 0 }.into()
}

impl EvidenceCard {
    /// What can be shown of it.
    fn card(&self, world: &World) -> Evidence {
        world.at(self.place).evidence(&self.snapshot)
    }

    /// The lines.
    pub fn rows(&self, world: &World) -> Vec<DetailsRow> {
        let page = world.page();
        let part = |part: EvidencePart| {
            let facts = part.facts.into_iter().flat_map(move |fact| details::value(fact, page));
            std::iter::once(DetailsRow::Heading(part.heading.to_owned())).chain(facts)
        };
        self.card(world).parts().into_iter().flat_map(part).collect()
    }
}

impl Screen for EvidenceCard {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Evidence
    }

    fn place(&self, _world: &World) -> Option<PlaceId> {
        Some(self.place)
    }

    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::Copy => {
                world.copy(
                    self.card(world).to_text(),
                    "The card, as text, was sent to the terminal's clipboard.",
                );
            }
            Action::CopyArn => {
                world.copy(
                    self.card(world).to_json(),
                    "The card, as JSON, was sent to the terminal's clipboard.",
                );
            }
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let len = self.rows(world).len();
        scroll(&mut self.first, motion, len, world.layout.body_rows());
    }
}
