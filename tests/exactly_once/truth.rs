//! Whether a word is true, by what the service knows that it did.

use clustersnap::domain::outcome::Outcome;
use clustersnap::domain::outcome_kind::OutcomeKind;

use super::world::{NAME, World, word};

/// An account that is not the one that was confirmed.
pub const OTHER: &str = "999999999999";

/// What the words about the only request of a world are held against.
pub struct Truth<'a> {
    pub world: &'a World,
    pub context: &'a str,
    /// Whether the service's own refusal can have reached the program.
    pub is_refused: bool,
    /// Whether the calls may be another account's from some moment on.
    pub changes_account: bool,
}

impl Truth<'_> {
    /// Panics if an outcome is false.
    #[track_caller]
    pub fn holds_true(&self, outcome: &Outcome) {
        self.word_holds_true(word(outcome));
    }

    /// Panics if a word is false.
    #[track_caller]
    pub fn word_holds_true(&self, said: OutcomeKind) {
        let simulator = &self.world.simulator;
        let (made, arns) = (simulator.creates(), simulator.snapshots_named(NAME));
        let context =
            format!("{said:?}, {made} made, {arns:?}, {} sent: {}", self.world.sent(), self.context);
        assert!(made <= 1, "made twice: {context}");
        match said {
            OutcomeKind::Created | OutcomeKind::FoundAgain => assert_eq!(made, 1, "false success: {context}"),
            OutcomeKind::Refused => assert!(self.is_refused, "AWS refused nothing: {context}"),
            OutcomeKind::Elsewhere => {
                let is_elsewhere = made == 1 && arns.iter().any(|arn| arn.contains(OTHER));
                assert!(self.changes_account && is_elsewhere, "it is not: {context}");
            }
            OutcomeKind::Taken => assert!(made == 0 && !arns.is_empty(), "not taken: {context}"),
            OutcomeKind::NotCreated | OutcomeKind::NotListed => assert_eq!(made, 0, "it was made: {context}"),
            OutcomeKind::Unproven => assert!(!arns.is_empty(), "nothing is there: {context}"),
            OutcomeKind::Unknown => {}
            OutcomeKind::Other => panic!("no word: {context}"),
        }
    }
}
