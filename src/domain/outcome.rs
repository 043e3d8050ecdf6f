//! What became of a confirmed request. Never a success or a failure that is not certain.

use jiff::Timestamp;

use super::account::AccountId;
use super::failure::Failure;
use super::outcome_kind::OutcomeKind;
use super::snapshot::Snapshot;

/// What became of one confirmed request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The service answered that it creates the snapshot.
    Created {
        /// The snapshot, as answered.
        snapshot: Box<Snapshot>,
        /// The service's request id.
        request_id: Option<String>,
    },
    /// No clear answer came, and the snapshot was found again and is certainly this request's.
    FoundAgain {
        /// The snapshot, as found.
        snapshot: Box<Snapshot>,
        /// What happened to the answer.
        lost: Failure,
    },
    /// It certainly was not created: nothing left this machine.
    NotCreated(Failure),
    /// The service itself refused the request, with its code. That is certain of the request that was answered;
    /// of a copy that something on the way sent before, it says nothing, so this can be taken back.
    Refused(Failure),
    /// The service answered with a snapshot of another account or Region than the request was confirmed for.
    Elsewhere {
        /// The snapshot, as answered or found.
        snapshot: Box<Snapshot>,
        /// What does not agree.
        cause: Failure,
    },
    /// The name belongs to a snapshot that this request did not make; or its change has one of its cluster, made by
    /// another.
    Taken {
        /// That snapshot, if it could be seen.
        by: Option<Box<Snapshot>>,
        /// The service's refusal, if it came to that.
        failure: Option<Failure>,
    },
    /// Not known yet: it may still appear. Looked up on and on, never shown as success or failure.
    Unknown {
        /// When it was requested.
        since: Timestamp,
        /// Why it is not known.
        cause: Failure,
        /// Why the last look-up of it failed, if it did.
        look: Option<Box<Failure>>,
    },
    /// No clear answer came, AWS lists no snapshot that this request can have made, and the request is
    /// too old to take effect any more. Not the same as [`Outcome::NotCreated`]: it could have been made and deleted
    /// between two look-ups.
    NotListed {
        /// When the name was looked up.
        looked_at: Timestamp,
        /// What happened to the answer.
        cause: Failure,
    },
    /// No clear answer came, and nothing can prove any more whether the snapshot of this name was made
    /// by this request or by someone else. Neither a success nor a failure.
    Unproven {
        /// The snapshot of that name.
        snapshot: Box<Snapshot>,
        /// What happened to the answer.
        cause: Failure,
    },
}

impl Outcome {
    /// Whether this is the last word; an unknown outcome is looked up again.
    pub(crate) fn is_settled(&self) -> bool {
        !matches!(self, Self::Unknown { .. })
    }

    /// Whether nothing came of the request, so that it is to be changed.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::NotCreated(_) | Self::Refused(_) | Self::Taken { .. })
    }

    /// What it is, in one word.
    pub(crate) fn kind(&self) -> OutcomeKind {
        match self {
            Self::Created { .. } => OutcomeKind::Created,
            Self::FoundAgain { .. } => OutcomeKind::FoundAgain,
            Self::NotCreated(_) => OutcomeKind::NotCreated,
            Self::Refused(_) => OutcomeKind::Refused,
            Self::Elsewhere { .. } => OutcomeKind::Elsewhere,
            Self::Taken { .. } => OutcomeKind::Taken,
            Self::Unknown { .. } => OutcomeKind::Unknown,
            Self::NotListed { .. } => OutcomeKind::NotListed,
            Self::Unproven { .. } => OutcomeKind::Unproven,
        }
    }

    /// What went wrong, where something did: also of a request that was carried out all the same.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Created { .. } => None,
            Self::Taken { failure, .. } => failure.as_ref(),
            Self::NotCreated(failure)
            | Self::Refused(failure)
            | Self::Elsewhere { cause: failure, .. }
            | Self::FoundAgain { lost: failure, .. }
            | Self::Unknown { cause: failure, .. }
            | Self::NotListed { cause: failure, .. }
            | Self::Unproven { cause: failure, .. } => Some(failure),
        }
    }

    /// The service's request id of the create, or of the answer that it ended with.
    pub(crate) fn request_id(&self) -> Option<&str> {
        match self {
            Self::Created { request_id, .. } => request_id.as_deref(),
            // That of the answer is not that of the create.
            Self::FoundAgain { .. } => None,
            other => other.failure()?.request_id.as_deref(),
        }
    }

    /// The snapshot that this request made, or that has its name, as far as one was seen.
    pub(crate) fn seen(&self) -> Option<&Snapshot> {
        match self {
            Self::Taken { by, .. } => by.as_deref(),
            Self::Unproven { snapshot, .. } | Self::Elsewhere { snapshot, .. } => Some(snapshot),
            other => other.snapshot(),
        }
    }

    /// The snapshot that this request made, if it is certain that it made one.
    pub(crate) fn snapshot(&self) -> Option<&Snapshot> {
        match self {
            Self::Created { snapshot, .. } | Self::FoundAgain { snapshot, .. } => Some(snapshot),
            _ => None,
        }
    }
}

/// A step of a request under way, for the person who waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The name is looked up before anything is sent.
    LookingUp,
    /// The intent is being written to the journal.
    Journalling,
    /// The request is on its way.
    Sending {
        /// Which attempt this is, from 1. A further one follows only what certainly did not happen.
        attempt: u32,
    },
    /// The last attempt certainly did not happen; another follows.
    Retrying {
        /// Why the last attempt failed.
        cause: Failure,
        /// How long until the next attempt, in milliseconds.
        after_ms: u64,
    },
    /// No clear answer came: the name is looked up until it is known what happened.
    Reconciling {
        /// What happened to the answer.
        cause: Failure,
    },
    /// A look-up after no clear answer failed; others follow.
    LookFailed {
        /// Why it failed.
        cause: Failure,
    },
    /// The account cannot be verified at this moment; what was confirmed for one is sent all the same.
    AccountUnverified {
        /// The account that the person saw when they confirmed it.
        confirmed: AccountId,
    },
    /// The service refused the request: one look shows whether a copy of it, sent by something on the way, was
    /// carried out before.
    Confirming {
        /// What the service said.
        refusal: Failure,
    },
    /// The outcome is certain, but could not be written to the journal.
    NotRecorded {
        /// What is wrong with the journal.
        cause: Failure,
    },
}
