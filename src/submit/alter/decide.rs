//! What is listed under the name, held against the snapshot that is meant. Pure functions.

use jiff::Timestamp;

use super::table::{AFTER, BEFORE, NameFact, NextStep};
use crate::domain::alteration::{Alteration, Altered, AlteredKind, Deed};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Unlisted;
use crate::domain::removal::kept_by_tags;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::SnapshotStatus;
use crate::submit::SECOND_LOOK;
use crate::submit::table::{ANOTHER_NAME, ANOTHER_PLACE, first};

/// One look at the name.
#[derive(Clone, Copy, Debug)]
pub(super) struct AlterationLook<'a> {
    /// What has the name.
    pub(super) snapshot: Option<&'a Snapshot>,
    /// The looks that did not find it, this one the last, in the account of the snapshot.
    pub(super) unlisted: Option<Unlisted>,
    /// Whether the request is too old to take effect.
    pub(super) is_dead: bool,
    /// The moment.
    pub(super) now: Timestamp,
}

impl<'a> AlterationLook<'a> {
    /// A single look.
    pub(super) fn once(snapshot: Option<&'a Snapshot>, now: Timestamp) -> Self {
        Self { snapshot, unlisted: None, is_dead: false, now }
    }
}

/// What follows from a look right before a request; `None` if it may leave.
pub(super) fn before(asked: &Alteration, seen: AlterationLook<'_>) -> Option<Altered> {
    let step = first(BEFORE, |fact| holds(fact, asked, seen, None)).unwrap_or(NextStep::Open);
    let name = &asked.snapshot;
    let not_done = |kind, message: String| {
        Some(Altered::new(AlteredKind::NotDone).because(Failure::local(kind, message)))
    };
    let altered = match step {
        NextStep::Go => None,
        NextStep::Is(kind) => Some(Altered::new(kind)),
        NextStep::NotListed => {
            not_done(FailureKind::SnapshotNotFound, format!("{name} may be gone, or the list may lag"))
        }
        NextStep::Elsewhere => {
            not_done(FailureKind::OtherAccount, format!("{name} is not {} here", asked.arn))
        }
        NextStep::Unidentified | NextStep::Open => not_done(
            FailureKind::UnreadableAnswer,
            format!("it is not known when {name} was created, so it cannot be told from a later one"),
        ),
        NextStep::NotReady => {
            let status = seen.snapshot.map(|snapshot| snapshot.status.to_string()).unwrap_or_default();
            not_done(FailureKind::SnapshotState, format!("{name} is {status}"))
        }
        NextStep::Kept => not_done(FailureKind::Kept, format!("{name} carries a tag now that keeps it")),
    };
    altered.map(|altered| with_seen(altered, seen))
}

/// What follows from a look after an answer that left something open; `None` if it still is. `answer` is what came.
pub(super) fn after(asked: &Alteration, seen: AlterationLook<'_>, answer: &Failure) -> Option<Altered> {
    match first(AFTER, |fact| holds(fact, asked, seen, Some(answer))) {
        Some(NextStep::Is(kind)) => Some(with_seen(Altered::new(kind).because(answer.clone()), seen)),
        _ => None,
    }
}

/// How an answer of success contradicts the request: then it is no answer to it.
pub(super) fn contradiction(asked: &Alteration, answered: &Snapshot) -> Option<String> {
    if !answered.id.eq_ignore_ascii_case(&asked.snapshot) {
        return Some(format!("{ANOTHER_NAME}, {}", answered.id));
    }
    let arn = answered.arn.as_ref().filter(|arn| !arn.eq_ignore_ascii_case(&asked.arn))?;
    Some(format!("{ANOTHER_PLACE}, {arn}"))
}

/// Whether an answer of success is about another snapshot: made under the name between the look and the request.
pub(super) fn is_about_another(asked: &Alteration, answered: &Snapshot) -> bool {
    holds(NameFact::AnotherTime, asked, AlterationLook::once(Some(answered), asked.at), None)
}

fn with_seen(altered: Altered, seen: AlterationLook<'_>) -> Altered {
    match seen.snapshot {
        Some(snapshot) => altered.seeing(snapshot.clone()),
        None => altered,
    }
}

/// Whether looks that did not find it say that it is not there: it takes fewer where the service itself said so.
fn is_gone(unlisted: &Unlisted, answer: &Failure) -> bool {
    let is_said = answer.kind == FailureKind::SnapshotNotFound && answer.is_by_the_service();
    unlisted.is_gone() || is_said && unlisted.were(2, SECOND_LOOK)
}

/// Whether a fact of the table holds, beside the answer that came, if one did.
fn holds(fact: NameFact, asked: &Alteration, seen: AlterationLook<'_>, answer: Option<&Failure>) -> bool {
    let Some(snapshot) = seen.snapshot else {
        let is_gone = seen.unlisted.zip(answer).is_some_and(|(looks, answer)| is_gone(&looks, answer));
        return fact == NameFact::CertainlyAbsent && is_gone;
    };
    match fact {
        NameFact::Listed => true,
        NameFact::CertainlyAbsent => false,
        NameFact::Here => snapshot.arn.as_ref().is_some_and(|arn| arn.eq_ignore_ascii_case(&asked.arn)),
        NameFact::AnotherTime => snapshot.created_at.is_some_and(|at| at != asked.created_at),
        NameFact::SameTime => snapshot.created_at == Some(asked.created_at),
        NameFact::AnotherMark => asked.mark.as_ref().is_some_and(|mark| {
            snapshot.tags.iter().any(|tag| tag.key == mark.key && tag.value != mark.value)
        }),
        NameFact::Deleting => matches!(snapshot.status, SnapshotStatus::Deleting | SnapshotStatus::Deleted),
        NameFact::Ready => is_ready(&asked.deed, &snapshot.status),
        NameFact::AsAsked => asked.deed.is_done_to(&snapshot.tags),
        NameFact::Kept => {
            let mut guards = kept_by_tags(&snapshot.tags, seen.now);
            guards.any(|guard| asked.despite.iter().all(|said| said != guard.word()))
        }
        NameFact::Deletion => asked.deed == Deed::Delete,
        NameFact::Refused => answer
            .is_some_and(|answer| answer.is_by_the_service() && answer.kind != FailureKind::SnapshotNotFound),
        NameFact::Dead => seen.is_dead,
    }
}

fn is_ready(deed: &Deed, status: &SnapshotStatus) -> bool {
    match deed {
        Deed::Delete => matches!(status, SnapshotStatus::Available | SnapshotStatus::Copying),
        Deed::Tag { .. } => !matches!(status, SnapshotStatus::Deleting | SnapshotStatus::Deleted),
        Deed::Other => false,
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
