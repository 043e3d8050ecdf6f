//! Questions that lie over any screen until they are answered.

use super::Now;
use super::action::Action;
use super::effect::Effect;
use super::note::{Note, Tone};
use super::place::Place;
use super::request_id::PlaceId;
use super::sending;
use super::world::World;

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Whether to end although a request is under way or waits.
    Leaving,
    /// Whether a request of an earlier run to a place shall wait again.
    WaitAgain(PlaceId),
    /// Whether what was not sent of a change of an earlier run is sent now.
    GoOn,
}

impl Prompt {
    /// Does what a key means, if it answers the question; whether it does.
    pub fn act(self, action: Action, world: &mut World, now: &Now) -> bool {
        match (self, action) {
            (Self::Leaving, Action::QuitAnyway) => world.put(Effect::Quit),
            (Self::Leaving, Action::Back) => {}
            (Self::WaitAgain(place), action) => {
                let again = match action {
                    Action::WaitAgain => Some(true),
                    Action::DropWait => Some(false),
                    Action::Back => None,
                    _ => return false,
                };
                world.places.get_mut(place).answer_wait(again, now);
            }
            (Self::GoOn, Action::GoOn) => sending::go_on(Some(true), world),
            (Self::GoOn, Action::DropWait) => sending::go_on(Some(false), world),
            (Self::GoOn, Action::Back) => sending::go_on(None, world),
            _ => return false,
        }
        true
    }

    /// The question.
    #[must_use]
    pub fn note(self, world: &World) -> Option<Note> {
        match self {
            Self::Leaving => Some(Note::new(Tone::Doubt, leaving(world))),
            Self::WaitAgain(place) => world.at(place).waits.question(),
            Self::GoOn => world.changes.question(),
        }
    }
}

/// Whether it is to be asked before the program ends: while a request is under way, is not known to have ended, or
/// waits.
#[must_use]
pub fn is_needed_to_leave(world: &World) -> bool {
    let mut places = world.places.iter();
    world.changes.has_queued()
        || world.alterations.are_open()
        || places.any(|place| {
            place.followed.is_sending() || place.followed.has_unknown() || !place.waits.rows.is_empty()
        })
}

/// What quitting means. Short, for it has to fit a small terminal in full: people answer it in a hurry.
fn leaving(world: &World) -> &'static str {
    let any = |is: fn(&Place) -> bool| world.places.iter().any(is);
    let is_sending = any(|place| place.followed.is_sending());
    let has_unwritten = any(|place| place.followed.has_unwritten());
    let has_unknown = any(|place| place.followed.has_unknown());
    let waits = any(|place| !place.waits.rows.is_empty());
    // The simulator ends with the program and keeps no file: there is no next start for it.
    let is_demo = world.places.iter().all(|place| place.target().is_demo);
    match (is_sending, is_demo) {
        _ if world.alterations.are_open() => {
            "Snapshots are being deleted or tagged. Quitting waits 10 s for what is under way, and does no more."
        }
        (_, false) if world.changes.has_queued() => {
            "Not all of a change is sent. Quitting waits 10 s for what is under way; the next start asks about the rest."
        }
        (true, false) if has_unwritten => {
            "A request that is in no journal is under way. Quitting waits 10 s for it at most; after that nothing \
             here knows of it."
        }
        (false, false) if has_unwritten => {
            "The outcome of a request that is in no journal is not known. After quitting nothing here knows of it."
        }
        (true, true) => {
            "A simulated request is under way. Quitting waits 10 s for it at most, and ends the demo."
        }
        (true, false) => {
            "A request is under way. Quitting waits 10 s for it at most; the next start tells what became of it."
        }
        (false, true) if !waits => "The outcome of a simulated request is not known. Quitting ends the demo.",
        (false, false) if has_unknown => {
            "The outcome of a request is not known yet. After quitting, the next start looks for it, or clustersnap \
             watch."
        }
        (false, true) => "A simulated request waits for its cluster. Quitting drops it, and ends the demo.",
        (false, false) => {
            "A request waits for its cluster. Quitting sends nothing; the next start asks about it."
        }
    }
}
