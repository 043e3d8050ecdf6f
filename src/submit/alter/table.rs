//! The decision table of alterations: rows of facts about what has the name, and what follows from the first that fits.

use crate::domain::alteration::AlteredKind;
use crate::submit::table::Rows;

/// What can be said of what was listed under the name, beside the snapshot that is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFact {
    /// Something has the name.
    Listed,
    /// It was not listed at so many looks, over so long, in the account that the snapshot is of, that it is not there.
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
    /// The service itself refused the request, and not because there was no such snapshot.
    Refused,
    /// The request is too old to take effect any more.
    Dead,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// It is the snapshot that is meant: the request may leave.
    Go,
    /// It is this.
    Is(AlteredKind),
    /// It is not listed at the moment.
    NotListed,
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

/// Right before a request: nothing leaves but for the very snapshot that was shown.
pub(super) const BEFORE: Rows<NameFact, NextStep> = &[
    (&[(NameFact::Listed, false)], NextStep::NotListed),
    (&[(NameFact::Here, false)], NextStep::Elsewhere),
    (&[(NameFact::AnotherTime, true)], NextStep::Is(AlteredKind::Replaced)),
    (&[(NameFact::SameTime, false)], NextStep::Unidentified),
    (&[(NameFact::AnotherMark, true)], NextStep::Is(AlteredKind::Replaced)),
    (&[(NameFact::Deleting, true), (NameFact::Deletion, true)], NextStep::Is(AlteredKind::Deleting)),
    (&[(NameFact::AsAsked, true)], NextStep::Is(AlteredKind::Tagged)),
    (&[(NameFact::Ready, false)], NextStep::NotReady),
    (&[(NameFact::Kept, true), (NameFact::Deletion, true)], NextStep::Kept),
    (&[], NextStep::Go),
];

/// After an answer that leaves open what happened.
pub(super) const AFTER: Rows<NameFact, NextStep> = &[
    (&[(NameFact::Listed, false), (NameFact::CertainlyAbsent, true)], NextStep::Is(AlteredKind::Gone)),
    (&[(NameFact::Listed, false)], NextStep::Open),
    (&[(NameFact::Here, false), (NameFact::Refused, true)], NextStep::Is(AlteredKind::Refused)),
    (&[(NameFact::Here, false)], NextStep::Open),
    (&[(NameFact::AnotherTime, true)], NextStep::Is(AlteredKind::Replaced)),
    (&[(NameFact::SameTime, false), (NameFact::Refused, true)], NextStep::Is(AlteredKind::Refused)),
    (&[(NameFact::SameTime, false)], NextStep::Open),
    (&[(NameFact::AnotherMark, true)], NextStep::Is(AlteredKind::Replaced)),
    (&[(NameFact::Deleting, true), (NameFact::Deletion, true)], NextStep::Is(AlteredKind::Deleting)),
    (&[(NameFact::AsAsked, true)], NextStep::Is(AlteredKind::Tagged)),
    (&[(NameFact::Refused, true)], NextStep::Is(AlteredKind::Refused)),
    (&[(NameFact::Dead, true)], NextStep::Is(AlteredKind::NotDone)),
    (&[], NextStep::Open),
];
