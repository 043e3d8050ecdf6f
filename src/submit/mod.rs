//! One confirmed request, one outcome, exactly once: preflight, journal, send, reconcile.
//!
//! `CreateDBClusterSnapshot` has no client token, so the order is all: the name is looked up, and
//! nothing is sent if it is taken; the intent is on disk before the request leaves; only what certainly
//! did not happen is sent again; on anything unclear the name is looked up until it is known what
//! happened, or the honest word is "unknown". What follows from what is
//! decided by tables ([`decide`], [`table`]), purely. [`alter`] does the same for what is done to a snapshot that is there. This
//! room knows the domain and the journal, neither AWS nor the screen.
//!
//! A submission is never cancelled: its future is to be spawned and driven to its end. Should the
//! program have to end before it does, it gives it a bounded time; what is left open then is settled
//! from the journal at the next start.

pub mod alter;
pub mod decide;
mod preflight;
mod reconcile;
mod recorder;
mod send;
pub mod service;
mod settle;
pub mod table;

use std::hash::{BuildHasher as _, RandomState};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

pub use send::MAX_ATTEMPTS;
pub use settle::{SECOND_LOOK, settle};

use crate::domain::account::AccountId;
use crate::domain::context::{Caller, Target};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::mark::RequestNumber;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::policy::{Confirmation, Policy};
use crate::domain::record::Intent;
use crate::domain::request::SnapshotRequest;
use crate::journal::{Journal, Line};
use recorder::Recorder;
use service::Service;

/// The longest that may pass between the look-up of the name and the request, retries included. More
/// means that the machine slept: what was looked up and confirmed then is not true now, and the journal's
/// times, which a later start relies on, would not be either.
const MAX_STALENESS: SignedDuration = SignedDuration::from_secs(120);

/// One confirmed request, with who asks and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// What is asked.
    pub request: SnapshotRequest,
    /// Who asks, where that could be found out.
    pub caller: Option<Caller>,
    /// Where the request goes.
    pub place: Target,
    /// What may hold the request back.
    pub policy: Policy,
    /// What was said with it.
    pub consent: Consent,
}

/// What a person said with a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// The account that they saw, if it was known: it goes to no other.
    pub account: Option<AccountId>,
    /// Whether it may be sent without a journal that can be written.
    pub without_journal: bool,
    /// How an earlier sending of this same request ended, if there was one.
    pub earlier: Option<Failure>,
    /// Until when to look what became of it after an answer that leaves something open; `None` for as long as that is of
    /// use. What is known then is the outcome, and a later look settles it.
    pub look_until: Option<Instant>,
    /// Who said that it is to be sent.
    pub confirmation: Confirmation,
    /// The open requests for the same name or cluster that they were told of: any other holds it back. A command is held
    /// back by one for its own name only: it makes another snapshot of the cluster beside an open request, told or not.
    pub told: Vec<RequestNumber>,
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// What became of it.
    pub outcome: Outcome,
    /// What was journalled before the request left, to [`settle`] an unknown outcome with. `None` if
    /// nothing was sent.
    pub intent: Option<Intent>,
    /// How many times a request left this machine, or may have.
    pub sent: u32,
}

impl Submitted {
    /// The outcome of a request of which nothing left.
    pub(crate) fn unsent(outcome: Outcome) -> Self {
        Self { outcome, intent: None, sent: 0 }
    }
}

/// Makes one confirmed request into one outcome. At most one create takes effect.
///
/// Without a journal only for the embedded simulator, or because the person said so for this one request.
/// `clock` is this machine's clock; no decision rests on it, as it may be off. The future must be
/// driven to its end; to drop it is to end the program at that point.
pub async fn submit<S: Service>(
    service: &S,
    journal: Option<&Journal>,
    submission: Submission,
    clock: impl Fn() -> Timestamp,
    mut on_step: impl FnMut(Step),
) -> Submitted {
    on_step(Step::LookingUp);
    let ground = match Box::pin(preflight::look(service, &submission, clock(), &mut on_step)).await {
        Ok(ground) => ground,
        Err(outcome) => return Submitted::unsent(outcome),
    };

    let intent = ground.intent(&submission, clock());
    let recorder = Recorder::new(journal);
    if let Some(outcome) = recorder.of_change(&intent, &submission, &ground).await {
        return Submitted::unsent(outcome);
    }
    on_step(Step::Journalling);
    if let Err(failure) = recorder.just_made(&intent).await {
        return Submitted::unsent(Outcome::NotCreated(failure));
    }
    if let Err(failure) = recorder.write(Line::Intent(Box::new(intent.clone()))).await {
        let outcome = Outcome::NotCreated(failure);
        // The line may be there all the same, unsynced: then this one says that nothing was sent. If it
        // cannot be written either, the next start looks the name up.
        let _ = recorder.outcome(&intent.number, clock(), &outcome, Some(0)).await;
        return Submitted::unsent(outcome);
    }
    let held = match recorder.untold(&intent, &submission).await {
        Err(failure) => Some(Outcome::NotCreated(failure)),
        // Again, now that the line is there: of two programs that send for one change, one sees the other's.
        Ok(()) => recorder.of_change(&intent, &submission, &ground).await,
    };
    if let Some(outcome) = held {
        // Should this not be written, the next look-up of the name finds out the same.
        let _ = recorder.outcome(&intent.number, clock(), &outcome, Some(0)).await;
        return Submitted::unsent(outcome);
    }

    let request = &submission.request;
    let look_until = submission.consent.look_until;
    let sending = send::Sending { service, request, intent: &intent, recorder: &recorder, look_until };
    let (outcome, sent) = sending.run(&clock, &mut on_step).await;
    if let Err(cause) = recorder.outcome(&intent.number, clock(), &outcome, Some(sent)).await {
        on_step(Step::NotRecorded { cause });
    }
    Submitted { outcome, intent: Some(intent), sent }
}

/// Refuses to send on the strength of an old look-up. A clock that was set meanwhile also ends here, for
/// it cannot be told from a sleep.
fn staleness(looked_at: Timestamp, now: Timestamp, most: SignedDuration) -> Option<Failure> {
    let passed = now.duration_since(looked_at).abs();
    (passed > most).then(|| {
        let message = format!("{} s between the look-up and the request", passed.as_secs());
        Failure::local(FailureKind::Stale, message)
    })
}

/// A number that no other request has, on this machine or another: the time, and 64 random bits.
#[must_use]
pub fn fresh_number(now: Timestamp) -> RequestNumber {
    RequestNumber::new(now, random())
}

/// Bits that the operating system draws. Those of `fastrand` follow from a clock that all programs of a machine share.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_number_comes_twice_even_within_one_moment() {
        let numbers: HashSet<RequestNumber> =
            (0..10_000).map(|_| fresh_number(Timestamp::UNIX_EPOCH)).collect();
        assert_eq!(numbers.len(), 10_000);
        assert!(numbers.iter().all(|number| number.as_str().starts_with("19700101T000000Z-")));
    }
}
