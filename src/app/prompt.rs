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
        let answer = match action {
            Action::WaitAgain | Action::GoOn | Action::QuitAnyway => Some(true),
            Action::DropWait => Some(false),
            Action::Back => None,
            _ => return false,
        };
        match self {
            Self::Leaving if action == Action::QuitAnyway => world.put(Effect::Quit),
            Self::Leaving => {}
            Self::WaitAgain(place) => world.places.get_mut(place).answer_wait(answer, now),
            Self::GoOn => sending::go_on(answer, world),
        }
        true
    }

    /// The question.
    pub fn note(self, world: &World) -> Option<Note> {
        match self {
            Self::Leaving => Some(Note::new(Tone::Doubt, leaving(world))),
            Self::WaitAgain(place) => world.at(place).waits.question(),
            Self::GoOn => world.changes.question(),
        }
    }
}

/// What of this run is not over, the one first of which a person has to know before quitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
enum Unfinished {
    /// Snapshots are being deleted or tagged, or are to be.
    Alterations,
    /// Requests of a change were not sent yet.
    Change,
    /// A request is under way that is in no journal.
    SendingUnwritten,
    /// A request is under way.
    Sending,
    /// The outcome of a request that is in no journal is not known.
    UnknownUnwritten,
    /// The outcome of a request is not known.
    Unknown,
    /// A request waits for its cluster.
    Waiting,
}

/// Whether it is to be asked before the program ends.
pub fn is_needed_to_leave(world: &World) -> bool {
    unfinished(world).is_some()
}

fn unfinished(world: &World) -> Option<Unfinished> {
    let any = |is: fn(&Place) -> bool| world.places.iter().any(is);
    let is_unwritten = any(|place| place.followed.has_unwritten());
    let is_sending = any(|place| place.followed.sending_count() > 0);
    let has_unknown = any(|place| place.followed.has_unknown());
    let kinds = [
        (world.alterations.are_open(), Unfinished::Alterations),
        (world.changes.has_queued(), Unfinished::Change),
        (is_sending && is_unwritten, Unfinished::SendingUnwritten),
        (is_sending, Unfinished::Sending),
        (has_unknown && is_unwritten, Unfinished::UnknownUnwritten),
        (has_unknown, Unfinished::Unknown),
        (any(|place| !place.waits.rows.is_empty()), Unfinished::Waiting),
    ];
    kinds.into_iter().find(|(is_so, _)| *is_so).map(|(_, kind)| kind)
}

/// What quitting means. Short, for it has to fit a small terminal in full: people answer it in a hurry.
fn leaving(world: &World) -> &'static str {
    // The simulator ends with the program and keeps no file: there is no next start for it.
    let is_demo = world.places.iter().all(|place| place.target().is_demo);
    // What was open when the question came may be over by now.
    unfinished(world)
        .map_or("Nothing is under way any more. Quitting loses nothing.", |kind| kind.words(is_demo))
}

impl Unfinished {
    fn words(self, is_demo: bool) -> &'static str {
        match (self, is_demo) {
            (Self::Alterations, false) => {
                "Snapshots are being deleted or tagged. Quitting waits 10 s for what is under way, and does no more."
            }
            (Self::Alterations, true) => {
                "Simulated snapshots are being deleted or tagged. Quitting waits 10 s for it, and ends the demo."
            }
            (Self::Change, false) => {
                "Not all of a change is sent. Quitting waits 10 s for what is under way; the next start asks about \
                 the rest."
            }
            (Self::Change, true) => {
                "Not all of a simulated change is sent. Quitting drops the rest, and ends the demo."
            }
            (Self::SendingUnwritten, false) => {
                "A request that is in no journal is under way. Quitting waits 10 s for it at most; after that nothing \
                 here knows of it."
            }
            // The demo keeps no journal, so there is nothing that could be missing in it.
            (Self::SendingUnwritten | Self::Sending, true) => {
                "A simulated request is under way. Quitting waits 10 s for it at most, and ends the demo."
            }
            (Self::Sending, false) => {
                "A request is under way. Quitting waits 10 s for it at most; the next start tells what became of it."
            }
            (Self::UnknownUnwritten, false) => {
                "The outcome of a request that is in no journal is not known. After quitting nothing here knows of it."
            }
            (Self::UnknownUnwritten | Self::Unknown, true) => {
                "The outcome of a simulated request is not known. Quitting ends the demo."
            }
            (Self::Unknown, false) => {
                "The outcome of a request is not known yet. After quitting, the next start looks for it, or \
                 clustersnap watch."
            }
            (Self::Waiting, false) => {
                "A request waits for its cluster. Quitting sends nothing; the next start asks about it."
            }
            (Self::Waiting, true) => {
                "A simulated request waits for its cluster. Quitting drops it, and ends the demo."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn every_kind_of_what_is_unfinished_is_asked_about_in_words_of_its_own() {
        for is_demo in [false, true] {
            let told: Vec<&str> = Unfinished::iter().map(|kind| kind.words(is_demo)).collect();
            let mut different = told.clone();
            different.sort_unstable();
            different.dedup();
            // The demo has no journal that a request could be missing in.
            assert_eq!(different.len(), told.len() - if is_demo { 2 } else { 0 }, "{told:#?}");
            assert!(told.iter().all(|words| words.contains("imulated") == is_demo), "{told:#?}");
            assert!(
                told.iter().all(|words| words.len() <= 125),
                "it fits 40 columns in four lines: {told:#?}"
            );
        }
    }
}
