//! Questions that lie over any screen until they are answered.

use super::action::Action;
use super::effect::Effect;
use super::note::{Note, Tone};
use super::place::followed::{FollowedSnapshot, FollowedState};
use super::place::waits::WaitingRequest;
use super::preflight;
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
    pub fn act(self, action: Action, world: &mut World) -> bool {
        let answer = match action {
            Action::WaitAgain | Action::GoOn | Action::QuitAnyway => Some(true),
            Action::DropWait => Some(false),
            Action::Back => None,
            _ => return false,
        };
        match self {
            Self::Leaving if action == Action::QuitAnyway => world.put(Effect::Quit),
            Self::Leaving => {}
            Self::WaitAgain(place) => {
                let wait = world.at(place).waits.before.first();
                let held = wait.and_then(|wait| preflight::guard(world, place, &wait.request.cluster));
                world.places.get_mut(place).answer_wait(answer, held, &world.now);
            }
            Self::GoOn => sending::go_on(answer, world),
        }
        true
    }

    /// The question.
    pub fn note(self, world: &World) -> Option<Note> {
        match self {
            Self::Leaving => Some(Note::new(Tone::Doubt, leaving(world))),
            Self::WaitAgain(place) => Some(world.places.signed(place, world.at(place).waits.question()?)),
            Self::GoOn => Some(world.changes.before.first()?.question()),
        }
    }
}

/// What of this run may not be over, the one first of which a person has to know before quitting: whether it is so, and
/// what quitting means then. Short, for it has to fit a small terminal in full: people answer it in a hurry.
type Unfinished = (fn(&World) -> bool, &'static str);

const UNFINISHED: [Unfinished; 9] = [
    (
        |world| follows(world, |row| row.is_unwritten && is_sending(row)),
        "A request that is in no journal is under way. Quitting waits 10 s for it at most; after that nothing here \
         knows of it.",
    ),
    (
        |world| follows(world, |row| row.is_unwritten && is_unknown(row)),
        "The outcome of a request that is in no journal is not known. After quitting nothing here knows of it.",
    ),
    (
        |world| waits(world).any(|waiting| waiting.is_unwritten),
        "A request waits for its cluster, and is not written down. Quitting drops it.",
    ),
    (
        |world| world.alterations.are_open(),
        "Snapshots are being deleted or tagged. Quitting waits 10 s for what is under way, and does no more.",
    ),
    (
        |world| world.changes.has_queued(),
        "Not all of a change is sent. Quitting waits 10 s for what is under way; the next start asks about the rest.",
    ),
    (
        |world| follows(world, is_sending),
        "A request is under way. Quitting waits 10 s for it at most; the next start in its place tells what became of it.",
    ),
    (
        |world| follows(world, is_unknown),
        "The outcome of a request is not known yet. After quitting, the next start in its place looks for it, or clustersnap watch.",
    ),
    (
        |world| waits(world).next().is_some(),
        "A request waits for its cluster. Quitting sends nothing; the next start in its place asks about it.",
    ),
    (
        |world| world.changes.has_undecided(),
        "A change of an earlier run is not all sent. Quitting sends nothing; ‹C:change› asks about it, and the next start.",
    ),
];

fn waits(world: &World) -> impl Iterator<Item = &WaitingRequest> {
    world.places.iter().flat_map(|place| &place.waits.rows)
}

fn follows(world: &World, is: fn(&FollowedSnapshot) -> bool) -> bool {
    world.places.iter().flat_map(|place| &place.followed.rows).any(is)
}

fn is_sending(row: &FollowedSnapshot) -> bool {
    matches!(row.state, FollowedState::Submitting(_))
}

fn is_unknown(row: &FollowedSnapshot) -> bool {
    matches!(row.state, FollowedState::Unknown)
}

/// Whether it is to be asked before the program ends.
pub fn is_needed_to_leave(world: &World) -> bool {
    UNFINISHED.iter().any(|(is_so, _)| is_so(world))
}

/// What quitting means.
fn leaving(world: &World) -> &'static str {
    match UNFINISHED.iter().find(|(is_so, _)| is_so(world)) {
        // What was open when the question came may be over by now.
        None => "Nothing is under way any more. Quitting loses nothing.",
        // The simulator ends with the program and keeps no file: there is no next start for it.
        Some(_) if world.places.iter().all(|place| place.target().is_demo) => {
            "What is simulated is not over. Quitting ends the demo."
        }
        Some((_, told)) => told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_what_is_unfinished_is_asked_about_in_words_of_its_own() {
        let told: Vec<&str> = UNFINISHED.iter().map(|(_, told)| *told).collect();
        let mut different = told.clone();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), told.len(), "{told:#?}");
        assert!(told.iter().all(|words| words.len() <= 125), "it fits 40 columns in four lines: {told:#?}");
    }
}
