//! The decision tables themselves: rows of facts, and what follows from the first row that fits.
//!
//! They stand once. [`super::decide`] holds them against a request of this program, and [`crate::plan`] writes them
//! out into a state machine that decides the same where this program does not run. Nothing here knows what a
//! snapshot looks like: a fact is asked for by its name.

use crate::domain::failure::FailureKind;

/// What can be said of a snapshot beside the request that it may be of. All of it is told by an answer of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// It has the name that was asked for.
    ThisName,
    /// It is of the account and Region that the request went to, as far as both are known.
    Here,
    /// It is of the cluster that was asked for: by its resource id, else by its name, as far as these are known.
    ThisCluster,
    /// Its type does not say that no request for a snapshot made it.
    Manual,
    /// It is a copy, which carries the tags of what it was copied from.
    Copy,
    /// The request was sent with a mark.
    SentWithMark,
    /// It carries the request's mark.
    ThisMark,
    /// It carries the mark of another request.
    AnotherMark,
    /// It carries any tag.
    Tagged,
    /// It was begun before the request by more than clocks differ.
    BegunLongBefore,
}

/// The rows of a table: what must be so for one to fit, and what follows then.
pub type Rows<Fact, Then> = &'static [(&'static [(Fact, bool)], Then)];

/// What an answer is about that is about another name.
pub(super) const ANOTHER_NAME: &str = "another snapshot";
/// The same of one that is about another account or Region.
pub(super) const ANOTHER_PLACE: &str = "a snapshot of another account or Region";

/// What an answer of success is held against: what it is about, where it contradicts the request. A clock counts only
/// where no tag says more.
pub const ANSWERS: Rows<Fact, Option<&str>> = &[
    (&[(Fact::ThisName, false)], Some(ANOTHER_NAME)),
    (&[(Fact::Here, false)], Some(ANOTHER_PLACE)),
    (&[(Fact::ThisCluster, false)], Some("a snapshot of another cluster")),
    (&[(Fact::Manual, false)], Some("a snapshot that no request made")),
    (&[(Fact::ThisMark, true)], None),
    (&[(Fact::AnotherMark, true)], Some("a snapshot of another request")),
    (&[(Fact::SentWithMark, true), (Fact::Tagged, true)], Some("a snapshot without this request's tag")),
    (&[(Fact::BegunLongBefore, true)], Some("a snapshot that was begun long before")),
    (&[], None),
];

/// Whose a snapshot is that was found under the name; as a text a word in the style of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Ownership {
    /// This request's: it carries its mark.
    Ours,
    /// This request's, in another account or Region than it was confirmed for.
    OursElsewhere,
    /// Certainly not this request's.
    NotOurs,
    /// Nothing decides it.
    CannotTell,
    /// The answer is about another name, account or Region: it says nothing of this one.
    SaysNothing,
}

/// Whose a found snapshot is.
pub const OWNERSHIP: Rows<Fact, Ownership> = &[
    (&[(Fact::ThisName, false)], Ownership::SaysNothing),
    (&[(Fact::ThisMark, true), (Fact::Here, true), (Fact::Copy, true)], Ownership::CannotTell),
    (&[(Fact::ThisMark, true), (Fact::Here, true)], Ownership::Ours),
    (&[(Fact::ThisMark, true), (Fact::Copy, false)], Ownership::OursElsewhere),
    (&[(Fact::Here, false)], Ownership::SaysNothing),
    (&[(Fact::AnotherMark, true)], Ownership::NotOurs),
    (&[(Fact::Manual, false)], Ownership::NotOurs),
    (&[(Fact::ThisCluster, false)], Ownership::NotOurs),
    (&[], Ownership::CannotTell),
];

/// When a snapshot is found under the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before anything is sent.
    Before {
        /// Whether the same request was sent at an earlier time.
        was_sent: bool,
    },
    /// After the service refused the request.
    Refused,
    /// After an answer that leaves open what happened.
    Unclear {
        /// Whether a mark would have been listed by now.
        is_late: bool,
    },
}

/// What a found snapshot makes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundConclusion {
    /// It is the request's.
    FoundAgain,
    /// It is the request's, in another account or Region.
    Elsewhere,
    /// It is not the request's.
    Taken,
    /// Nothing proves whose it is.
    Unproven,
}

/// What follows from whose a found snapshot is; `None` if that leaves everything as it was.
pub(crate) fn word(moment: Moment, ownership: Ownership) -> Option<FoundConclusion> {
    match (moment, ownership) {
        (_, Ownership::Ours) => Some(FoundConclusion::FoundAgain),
        (Moment::Before { was_sent: true } | Moment::Unclear { is_late: true }, Ownership::CannotTell) => {
            Some(FoundConclusion::Unproven)
        }
        (Moment::Before { .. }, _) | (Moment::Unclear { .. }, Ownership::NotOurs) => {
            Some(FoundConclusion::Taken)
        }
        (Moment::Refused | Moment::Unclear { .. }, Ownership::OursElsewhere) => {
            Some(FoundConclusion::Elsewhere)
        }
        (Moment::Refused | Moment::Unclear { .. }, _) => None,
    }
}

/// What follows from an answer that is no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// It certainly did not happen, and may be tried again.
    Retry,
    /// It was refused, or never left; a copy of it may have happened all the same, and be why.
    Refused,
    /// It may have happened, or a copy of it did.
    Unclear,
}

/// What follows from a failed request, which was certainly refused or may have happened. `by_own_copy` is what a copy of the request that something on the way had
/// delivered before would make of it: for a create that the name is taken, for an alteration that the snapshot is not
/// there. It proves nothing by itself, not even at the first attempt.
pub(crate) fn after_failure(refused: bool, kind: FailureKind, by_own_copy: FailureKind) -> AfterFailure {
    match kind {
        _ if !refused => AfterFailure::Unclear,
        FailureKind::NoConnection | FailureKind::Throttled => AfterFailure::Retry,
        kind if kind == by_own_copy => AfterFailure::Unclear,
        _ => AfterFailure::Refused,
    }
}

/// What follows from the first row that fits; `None` if none does.
pub(super) fn first<Fact: Copy, Then: Copy>(
    rows: Rows<Fact, Then>,
    holds: impl Fn(Fact) -> bool,
) -> Option<Then> {
    let fits = |when: &[(Fact, bool)]| when.iter().all(|(fact, is_so)| holds(*fact) == *is_so);
    rows.iter().find(|(when, _)| fits(when)).map(|(_, then)| *then)
}
