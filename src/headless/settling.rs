//! Outcomes for programs and people: what became of a request, and what that is as an answer.

use jiff::Zoned;

use super::hints::{how_to_go_on, make_room};
use super::json::{RequestOrigin, SnapshotData};
use super::places::name_of;
use super::problem::{Code, Problem};
use super::streams::Streams;
use crate::app::proof;
use crate::app::telling::{Reader, tell};
use crate::domain::earlier::Earlier;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::record::Record;
use crate::domain::request::SnapshotRequest;
use crate::domain::text::escape;
use crate::session::Session;

/// What is known of the snapshot of a request.
pub fn data(session: &Session, request: &SnapshotRequest, outcome: &Outcome) -> SnapshotData {
    let known = outcome.seen().map_or_else(|| SnapshotData::requested(request), SnapshotData::from);
    known.asked_through(session, Some(outcome))
}

/// What is known of a snapshot, or the problem that it is, with where its request went.
pub fn with_origin(
    known: Result<SnapshotData, Problem>,
    origin: Option<&RequestOrigin>,
) -> Result<SnapshotData, Problem> {
    let with_origin = |data: SnapshotData| SnapshotData { origin: origin.cloned(), ..data };
    known.map(with_origin).map_err(|mut problem| {
        problem.snapshot = problem.snapshot.map(|data| Box::new(with_origin(*data)));
        problem
    })
}

/// What became of a request in words that are safe to show.
pub fn words(request: &SnapshotRequest, outcome: &Outcome) -> String {
    if let Some(earlier) = Earlier::by_twin(request, outcome) {
        return escape(&format!("{}: {earlier}.", request.cluster));
    }
    told(request, outcome, Reader::Shell)
}

/// The same, of a command that goes on looking for what is not known yet.
pub fn words_while_looking(request: &SnapshotRequest, outcome: &Outcome) -> String {
    if outcome.is_settled() { words(request, outcome) } else { told(request, outcome, Reader::Later) }
}

fn told(request: &SnapshotRequest, outcome: &Outcome, reader: Reader) -> String {
    // No option sends one of a change without the journal.
    let is_unwritten = outcome.failure().is_some_and(|failure| failure.kind == FailureKind::Journal);
    let reader = if is_unwritten && request.change.is_some() { Reader::AfterScreen } else { reader };
    tell(request.snapshot.as_str(), request.cluster.as_str(), outcome, reader, &Zoned::now()).text
}

/// The problem that an outcome is, if it is one.
pub fn problem(session: &Session, request: &SnapshotRequest, outcome: &Outcome) -> Option<Problem> {
    let told = |code| Problem::new(code, words(request, outcome));
    let because = |code, failure| told(code).because(failure);
    let problem = match outcome {
        Outcome::Created { .. } | Outcome::FoundAgain { .. } => return None,
        // Its cluster has what the change needs of it.
        Outcome::Taken { .. } if Earlier::by_twin(request, outcome).is_some() => return None,
        Outcome::NotCreated(failure) | Outcome::Refused(failure) => {
            let problem = because(Code::from(failure.kind), failure);
            // The mark may be why.
            let of_mark = request.mark.as_ref().and_then(|key| proof::refused(failure, key, Reader::Shell));
            of_mark.iter().fold(problem, |problem, words| problem.and(words))
        }
        Outcome::Taken { failure: Some(failure), .. } => because(Code::SnapshotExists, failure),
        Outcome::Taken { failure: None, .. } => told(Code::SnapshotExists),
        Outcome::Unknown { cause, .. }
        | Outcome::NotListed { cause, .. }
        | Outcome::Elsewhere { cause, .. }
        | Outcome::Unproven { cause, .. } => because(Code::OutcomeUnknown, cause),
    };
    let problem = match problem.code {
        Code::OutcomeUnknown if !outcome.is_settled() => {
            problem.and(&how_to_go_on(session, std::iter::once(&request.snapshot)))
        }
        Code::QuotaExceeded => problem.and(&make_room(session)),
        _ => problem,
    };
    Some(problem.about(data(session, request, outcome)))
}

/// The problem that an outcome or the snapshot of it is, if one is.
pub fn failed(session: &Session, request: &SnapshotRequest, outcome: &Outcome) -> Option<Problem> {
    problem(session, request, outcome).or_else(|| unusable(session, request, outcome))
}

/// The problem that the snapshot is which a request made, where it cannot be restored already.
pub fn unusable(session: &Session, request: &SnapshotRequest, outcome: &Outcome) -> Option<Problem> {
    let is_lost = outcome.snapshot().is_some_and(|made| made.status.is_lost());
    let problem = is_lost.then(|| Problem::new(Code::SnapshotFailed, words(request, outcome)))?;
    Some(problem.about(data(session, request, outcome)))
}

/// Looks once what became of an earlier request, and tells it if that is another word than before.
pub async fn look_again(session: &Session, record: &Record, streams: Streams) -> Result<(), Failure> {
    let outcome = session.settle(&record.intent, record.cause()).await?;
    // A line that was changed by hand into one that could not be sent has nothing to tell of.
    if let Some(request) = record.intent.request().filter(|_| outcome.kind() != record.kind()) {
        streams.say(&format!("{}: {}", name_of(session), words(&request, &outcome)));
    }
    Ok(())
}

/// That a look-up failed, and that it goes on.
pub fn missed(name: &str, failure: &Failure) -> String {
    format!("{name} could not be looked up: {failure}. It is tried again.")
}
