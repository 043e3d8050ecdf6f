//! A snapshot of a plan in its place, and what became of it: the same for whatever is done to it.

use std::cell::{Cell, OnceCell};

use serde::Serialize;

use super::choice::ChosenSnapshots;
use crate::domain::alteration::{AlterationTerms, Altered, AlteredKind, Deed};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::snapshot::Snapshot;
use crate::domain::text::escape;
use crate::headless::places::{self, Where};
use crate::headless::problem::{Code, Problem};
use crate::session::Session;

/// What a plan says of a snapshot.
pub trait AlterationItem {
    /// The snapshot, as it was listed.
    fn snapshot(&self) -> &Snapshot;
    /// Why nothing is done to it; `None` if it is.
    fn why_not(&self) -> Option<String>;
    /// What it is as a failure of the command that nothing is done to it, although it was said by its name.
    fn code_of_staying(&self) -> Option<Code>;
    /// On which terms it is altered.
    fn terms(&self) -> AlterationTerms;
    /// Why it takes the name of its cluster once more.
    fn unconfirmed(&self) -> Option<&Failure>;
}

/// A snapshot of a plan in its place.
pub struct AlterationRow<'a, T> {
    /// The connection to its place.
    pub session: &'a Session,
    /// Which of the places that is.
    pub place: usize,
    /// Its identifier, with its place where several were named; safe to show.
    pub name: String,
    /// What the plan says of it.
    pub item: T,
    /// What became of it; empty if it was not begun, or that is not known in time.
    pub outcome: OnceCell<Altered>,
    /// Whether it was written down, to be sent: before, it was only looked at.
    pub is_begun: Cell<bool>,
}

/// What became of a snapshot of a plan, for a program.
#[derive(Serialize)]
pub struct AlteredData {
    why: Option<String>,
    outcome: Option<AlteredKind>,
    message: Option<String>,
    request_id: Option<String>,
    #[serde(rename = "aws_code")]
    service_code: Option<String>,
    #[serde(flatten)]
    place: Where,
}

impl<'a, T: AlterationItem> AlterationRow<'a, T> {
    /// Nothing was done to it yet.
    pub fn new(session: &'a Session, place: usize, are_several: bool, item: T) -> Self {
        let name = places::prefix(session, are_several) + &escape(&item.snapshot().id);
        Self { session, place, name, item, outcome: OnceCell::new(), is_begun: Cell::new(false) }
    }

    /// Whether the plan does something to it.
    pub fn is_altered(&self) -> bool {
        self.item.why_not().is_none()
    }

    /// Where it is.
    pub fn is_in(&self) -> Where {
        Where::of(self.item.snapshot().arn.as_deref(), self.session)
    }

    /// What becomes of it, or became, in a line; `planned` says what is to be done.
    pub fn what(&self, deed: &Deed, planned: impl FnOnce() -> String) -> String {
        match (self.outcome.get(), self.item.why_not()) {
            (Some(outcome), _) if code_of(outcome, deed).is_none() && outcome.sent > 0 => {
                outcome.kind.short().to_owned()
            }
            (Some(outcome), _) => {
                let (short, words) = (outcome.kind.short(), outcome.words(deed));
                let is_said = words.to_lowercase().starts_with(short);
                if is_said { words } else { format!("{short}: {words}") }
            }
            (None, Some(why)) => format!("stays: {why}"),
            (None, None) => planned(),
        }
    }

    /// What became of it in a few words, if it was begun.
    pub fn in_short(&self) -> Option<String> {
        let unknown = self.is_begun.get().then_some(AlteredKind::Unknown);
        let kind = self.outcome.get().map(|outcome| outcome.kind).or(unknown)?;
        Some(format!("{}: {}", self.name, kind.short()))
    }

    /// Why the command failed because of this one, if it did: it was not done although it was sent, or said by its
    /// name. What a filter found and the plan leaves is no failure.
    pub fn problem(&self, choice: &ChosenSnapshots, deed: &Deed) -> Option<Problem> {
        let Some(outcome) = self.outcome.get() else {
            let why = self.item.why_not().filter(|_| choice.names(self.item.snapshot()))?;
            let code = self.item.code_of_staying()?;
            return Some(Problem::new(code, format!("{} stays: {}", self.name, escape(&why))));
        };
        let words = format!("{}: {}", self.name, outcome.words(deed));
        let problem = Problem::new(code_of(outcome, deed)?, words);
        Some(match &outcome.failure {
            Some(failure) => problem.because(failure),
            None => problem,
        })
    }

    /// What became of it, for a program.
    pub fn data(&self, deed: &Deed) -> AlteredData {
        let outcome = self.outcome.get();
        let failure = outcome.and_then(|outcome| outcome.failure.as_ref());
        AlteredData {
            why: self.item.why_not().map(|why| escape(&why)),
            outcome: outcome.map(|outcome| outcome.kind),
            message: outcome.map(|outcome| outcome.words(deed)),
            request_id: outcome.and_then(|outcome| outcome.request_id.clone()),
            service_code: failure.and_then(|failure| failure.code.clone()),
            place: self.is_in(),
        }
    }
}

/// What an outcome is as a failure of the command, if it is one.
fn code_of(altered: &Altered, deed: &Deed) -> Option<Code> {
    let of_failure = || altered.failure.as_ref().map_or(Code::Internal, |failure| Code::from(failure.kind));
    Some(match altered.kind {
        kind if kind.is_as_wanted(deed) => return None,
        // Its tags were to be changed, and there is nothing that could carry them.
        AlteredKind::Deleting | AlteredKind::Gone | AlteredKind::Tagged => {
            Code::from(FailureKind::SnapshotNotFound)
        }
        AlteredKind::NotDone | AlteredKind::Refused => of_failure(),
        AlteredKind::Replaced | AlteredKind::Another => Code::SnapshotExists,
        AlteredKind::Unknown | AlteredKind::Other => Code::OutcomeUnknown,
    })
}
