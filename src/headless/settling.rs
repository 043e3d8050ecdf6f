//! Outcomes for programs and people: what became of a request, and what that is as an answer.

use jiff::Zoned;

use super::json::SnapshotData;
use super::problem::{Code, Problem};
use super::streams::Streams;
use crate::app::telling::{Reader, tell};
use crate::domain::failure::Failure;
use crate::domain::outcome::Outcome;
use crate::domain::request::SnapshotRequest;
use crate::session::Session;

/// What is known of the snapshot of a request.
pub fn data(session: &Session, request: &SnapshotRequest, outcome: &Outcome) -> SnapshotData {
    let known = match outcome {
        Outcome::Created { snapshot, .. }
        | Outcome::FoundAgain { snapshot, .. }
        | Outcome::Unproven { snapshot, .. }
        | Outcome::Elsewhere { snapshot, .. }
        | Outcome::Taken { by: Some(snapshot), .. } => SnapshotData::from(&**snapshot),
        _ => SnapshotData::requested(request),
    };
    known.asked_through(session, Some(outcome))
}

/// What became of a request in words that are safe to show.
pub fn words(request: &SnapshotRequest, outcome: &Outcome) -> String {
    tell(request.snapshot.as_str(), request.cluster.as_str(), outcome, Reader::Shell, &Zoned::now()).text
}

/// The problem that an outcome is, if it is one.
pub fn problem(session: &Session, request: &SnapshotRequest, outcome: &Outcome) -> Option<Problem> {
    let told = |code| Problem::new(code, words(request, outcome));
    let because = |code, failure: &Failure| Problem {
        service_code: failure.code.clone(),
        request_id: failure.request_id.clone(),
        ..told(code)
    };
    let problem = match outcome {
        Outcome::Created { .. } | Outcome::FoundAgain { .. } => return None,
        Outcome::NotCreated(failure) | Outcome::Refused(failure) => {
            because(Code::from(failure.kind), failure)
        }
        Outcome::Taken { failure: Some(failure), .. } => because(Code::SnapshotExists, failure),
        Outcome::Taken { failure: None, .. } => told(Code::SnapshotExists),
        Outcome::Unknown { cause, .. }
        | Outcome::NotListed { cause, .. }
        | Outcome::Elsewhere { cause, .. }
        | Outcome::Unproven { cause, .. } => because(Code::OutcomeUnknown, cause),
    };
    Some(problem.about(data(session, request, outcome)))
}

/// Look-ups that failed: the first of a row is told, and the others are not.
#[derive(Debug, Default)]
pub struct FailedLooks {
    is_told: bool,
}

impl FailedLooks {
    /// Tells that a look-up failed, and that it goes on.
    pub fn tell(&mut self, streams: Streams, name: &str, failure: &Failure) {
        if !std::mem::replace(&mut self.is_told, true) {
            streams.say(&format!("{name} could not be looked up: {failure}. It is tried again."));
        }
    }
}
