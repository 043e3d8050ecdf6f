//! The decision table of alterations: rows of facts about what has the name, and what follows from the first that fits.

use crate::domain::alteration::AlteredKind;
use crate::domain::failure::{FailureKind, SideEffect};

/// What can be said of what was listed under the name, beside the snapshot that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Something has the name.
    Listed,
    /// It was not listed at several looks, in the account that the snapshot is of.
    CertainlyAbsent,
    /// It has the ARN: it is of the account and Region that are meant.
    Here,
    /// It was begun at another moment, by the service's clock: it is another snapshot.
    AnotherTime,
    /// It was begun at the same moment.
    SameTime,
    /// It carries the mark of another request.
    AnotherMark,
    /// It is being deleted.
    Deleting,
    /// It is in a status in which it can be deleted, or its tags changed.
    Ready,
    /// Its tags are as they were asked for.
    AsAsked,
    /// A tag keeps it now, and nobody said it by name for all that.
    Kept,
    /// It is to be deleted.
    Deletion,
    /// The request is too old to take effect any more.
    Dead,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It is the snapshot that is meant: the request may leave.
    Go,
    /// It is this.
    Is(AlteredKind),
    /// What answers is another account or Region.
    Elsewhere,
    /// It cannot be told from another one.
    Unidentified,
    /// AWS would refuse it in its status.
    NotReady,
    /// A tag keeps it.
    Kept,
    /// Nothing is known yet.
    Open,
}

type When = &'static [(Fact, bool)];

/// Right before a request: nothing leaves but for the very snapshot that was shown.
const BEFORE: &[(When, Word)] = &[
    (&[(Fact::Listed, false)], Word::Is(AlteredKind::Gone)),
    (&[(Fact::Here, false)], Word::Elsewhere),
    (&[(Fact::AnotherTime, true)], Word::Is(AlteredKind::Replaced)),
    (&[(Fact::SameTime, false)], Word::Unidentified),
    (&[(Fact::AnotherMark, true)], Word::Is(AlteredKind::Replaced)),
    (&[(Fact::Deleting, true), (Fact::Deletion, true)], Word::Is(AlteredKind::Deleting)),
    (&[(Fact::AsAsked, true)], Word::Is(AlteredKind::Tagged)),
    (&[(Fact::Ready, false)], Word::NotReady),
    (&[(Fact::Kept, true), (Fact::Deletion, true)], Word::Kept),
    (&[], Word::Go),
];

/// After an answer that leaves open what happened.
const AFTER: &[(When, Word)] = &[
    (&[(Fact::Listed, false), (Fact::CertainlyAbsent, true)], Word::Is(AlteredKind::Gone)),
    (&[(Fact::Listed, false)], Word::Open),
    (&[(Fact::Here, false)], Word::Open),
    (&[(Fact::AnotherTime, true)], Word::Is(AlteredKind::Replaced)),
    (&[(Fact::SameTime, false)], Word::Open),
    (&[(Fact::AnotherMark, true)], Word::Is(AlteredKind::Replaced)),
    (&[(Fact::Deleting, true), (Fact::Deletion, true)], Word::Is(AlteredKind::Deleting)),
    (&[(Fact::AsAsked, true)], Word::Is(AlteredKind::Tagged)),
    (&[(Fact::Dead, true)], Word::Is(AlteredKind::NotDone)),
    (&[], Word::Open),
];

/// When something is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Right before a request.
    Before,
    /// After an answer that leaves open what happened.
    After,
}

/// What follows from what is listed, by the first row that fits.
pub(super) fn word(moment: Moment, holds: impl Fn(Fact) -> bool) -> Word {
    let rows = if moment == Moment::Before { BEFORE } else { AFTER };
    let fits = |when: When| when.iter().all(|(fact, is_so)| holds(*fact) == *is_so);
    rows.iter().find(|(when, _)| fits(when)).map_or(Word::Open, |(_, word)| *word)
}

/// What follows from an answer that is no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// It certainly did not happen: after another look it may be sent again.
    Again,
    /// It was refused, or never left; a copy of it, that something on the way sent before, may have happened all the
    /// same, and be why: one look tells.
    Refused,
    /// It may have happened.
    Unclear,
}

/// What follows from a failed request. That the snapshot is not there can be the work of a copy of the request; so it
/// is no refusal.
#[must_use]
pub fn after_failure(effect: SideEffect, kind: FailureKind) -> AfterFailure {
    match (effect, kind) {
        (SideEffect::None, FailureKind::NoConnection | FailureKind::Throttled) => AfterFailure::Again,
        (SideEffect::Possible, _) | (_, FailureKind::SnapshotNotFound) => AfterFailure::Unclear,
        (SideEffect::None, _) => AfterFailure::Refused,
    }
}
