//! What an answer means, and whose a found snapshot is, by the decision tables (`table`). Pure functions.
//!
//! Only a hard fact makes a snapshot this request's or another's: the mark among its tags, the account, Region
//! and name in its ARN, the cluster's resource id, the type, a claim in the journal by another request. Clocks,
//! other tags, "already exists" and an absence decide nothing here.

use jiff::SignedDuration;

use super::service::Accepted;
use crate::domain::account::Arn;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::mark::Marked;
use crate::domain::outcome::Outcome;
use crate::domain::record::{Intent, Record};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::{Snapshot, SnapshotKind};

pub use super::table::Ownership;
use super::table::{self, ANSWERS, AfterFailure, Fact, FoundConclusion, Moment, OWNERSHIP, first};

/// For how long a snapshot may be listed without the tags that it was made with. AWS documents no such lag, and a
/// person waits for the answer.
pub const TAGS_LAG: SignedDuration = SignedDuration::from_secs(20);

/// How long before its look-up an answered snapshot may have been begun, by clocks that may be off, without a
/// mark that says more: a clock can be set wrong by hours, and is seldom by more than a day.
pub const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_hours(25);

/// Reads an answer to a create: it is being created, or what follows from the failure.
///
/// # Errors
/// What follows, and the failure.
pub fn next(
    intent: &Intent,
    request: &SnapshotRequest,
    answer: Result<Accepted, Failure>,
) -> Result<Accepted, (AfterFailure, Failure)> {
    let accepted = answer.map_err(|failure| {
        (table::after_failure(failure.refused, failure.kind, FailureKind::SnapshotExists), failure)
    })?;
    let Some(message) = contradiction(intent, request, &accepted.snapshot) else { return Ok(accepted) };
    let failure = Failure::unclear(FailureKind::UnreadableAnswer, format!("it is about {message}"));
    Err((AfterFailure::Unclear, Failure { request_id: accepted.request_id, ..failure }))
}

/// How an answer of success contradicts the request: then it is no answer to it.
fn contradiction(intent: &Intent, request: &SnapshotRequest, answered: &Snapshot) -> Option<String> {
    let words = first(ANSWERS, |fact| holds(fact, intent, request, answered)).flatten()?;
    Some(format!("{words}, {}", answered.arn.as_ref().unwrap_or(&answered.id)))
}

/// Whether a fact of the tables holds of a snapshot.
fn holds(fact: Fact, intent: &Intent, request: &SnapshotRequest, seen: &Snapshot) -> bool {
    match fact {
        Fact::ThisName => seen.id.eq_ignore_ascii_case(request.snapshot.as_str()),
        Fact::Here => is_here(intent, seen),
        Fact::ThisCluster => !is_of_another_cluster(request, seen),
        Fact::Manual => is_manual(&seen.kind),
        Fact::Copy => seen.more.source_arn.is_some(),
        Fact::SentWithMark => request.mark.is_some(),
        Fact::ThisMark => request.marked(&seen.tags) == Some(Marked::ThisRequest),
        Fact::AnotherMark => request.marked(&seen.tags) == Some(Marked::AnotherRequest),
        Fact::Tagged => !seen.tags.is_empty(),
        Fact::BegunLongBefore => {
            seen.created_at.is_some_and(|begun| intent.asked_at().duration_since(begun) > CLOCKS_DIFFER)
        }
    }
}

/// The outcome of a request that was refused, or of which nothing left.
pub(crate) fn refused(failure: Failure) -> Outcome {
    if failure.is_by_the_service() { Outcome::Refused(failure) } else { Outcome::NotCreated(failure) }
}

/// Decides whose a snapshot is that was found under the name of a journalled request.
pub(crate) fn ownership(intent: &Intent, found: &Snapshot) -> Ownership {
    // A line that was changed by hand into one that could not be sent decides nothing.
    let Some(request) = intent.request() else { return Ownership::CannotTell };
    first(OWNERSHIP, |fact| holds(fact, intent, &request, found)).unwrap_or(Ownership::CannotTell)
}

/// Whether a snapshot is of the account and Region that the request went to, as far as both are known.
fn is_here(intent: &Intent, found: &Snapshot) -> bool {
    Arn::reported(found.arn.as_deref())
        .is_none_or(|arn| arn.may_be_in(intent.account.as_ref(), intent.region.as_deref()))
}

/// Whether the type says that no request for a snapshot made it. One that is not told says nothing.
fn is_manual(kind: &SnapshotKind) -> bool {
    matches!(kind, SnapshotKind::Manual | SnapshotKind::Other(_))
}

/// The resource id tells a cluster from a later one of its name, and stays when it is renamed.
fn is_of_another_cluster(request: &SnapshotRequest, found: &Snapshot) -> bool {
    match (&request.cluster_resource_id, &found.more.cluster_resource_id, &found.cluster) {
        (Some(asked), Some(found), _) => asked != found,
        (_, _, Some(found)) => *found != request.cluster,
        (_, _, None) => false,
    }
}

/// Whose it is in the light of what other requests of the same journal say of the snapshot: one that the
/// service answered another request that it made is not this one's.
pub(crate) fn considering(ownership: Ownership, others: &[Record], found: &Snapshot) -> Ownership {
    match ownership {
        Ownership::CannotTell if others.iter().any(|other| claims(other, found)) => Ownership::NotOurs,
        ownership => ownership,
    }
}

/// Whether a request of the journal made this very snapshot: of the same name, and begun at the same moment by
/// the same clock, the service's.
fn claims(record: &Record, found: &Snapshot) -> bool {
    record.made().is_some_and(|made| {
        made.id.eq_ignore_ascii_case(&found.id)
            && made.created_at.is_some()
            && made.created_at == found.created_at
            && made.arn == found.arn
    })
}

/// What follows from a found snapshot at a moment; `None` if that leaves everything as it was. `cause` is what became
/// of the answer, if something was sent.
pub(crate) fn found(
    moment: Moment,
    ownership: Ownership,
    snapshot: Box<Snapshot>,
    cause: Option<&Failure>,
) -> Option<Outcome> {
    let failure = cause.cloned();
    // Without an earlier answer, somebody ran the printed command of this request.
    let by_hand = || Failure::local(FailureKind::LostAnswer, "this program has sent nothing yet");
    let cause = || cause.cloned().unwrap_or_else(by_hand);
    match table::word(moment, ownership)? {
        FoundConclusion::FoundAgain => Some(Outcome::FoundAgain { snapshot, lost: cause() }),
        FoundConclusion::Elsewhere => Some(Outcome::Elsewhere { snapshot, cause: cause() }),
        FoundConclusion::Taken => Some(Outcome::Taken { by: Some(snapshot), failure }),
        FoundConclusion::Unproven => Some(Outcome::Unproven { snapshot, cause: cause() }),
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
