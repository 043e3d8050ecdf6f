//! One confirmed request, one outcome, exactly once: preflight, journal, send, reconcile.
//!
//! `CreateDBClusterSnapshot` has no client token, so the order is all: the name is looked up, and
//! nothing is sent if it is taken; the intent is on disk before the request leaves; only what certainly
//! did not happen is sent again; on anything unclear the name is looked up until it is known what
//! happened, or the honest word is "unknown". The decision tables ([`decide`]) are pure functions. This
//! room knows the domain and the journal, neither AWS nor the screen.
//!
//! A submission is never cancelled: its future is to be spawned and driven to its end. Should the
//! program have to end before it does, it gives it a bounded time; what is left open then is settled
//! from the journal at the next start.

pub mod decide;
mod number;
mod reconcile;
mod recorder;
mod send;
pub mod service;
mod settle;

use jiff::{SignedDuration, Timestamp};

pub use number::fresh_number;
pub use settle::settle;

use crate::domain::context::{Caller, Place};
use crate::domain::failure::{Effect, Failure, FailureKind};
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;
use crate::journal::{Entry, Intent, Journal, OutcomeLine};
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
    pub place: Place,
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// What became of it.
    pub outcome: Outcome,
    /// What was journalled before the request left, to [`settle`] an unknown outcome with. `None` if
    /// nothing was sent.
    pub intent: Option<Intent>,
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
    let Submission { request, caller, place } = submission;
    let number = request.number.to_string();
    on_step(Step::LookingUp);
    let server_time = match preflight(service, &request).await {
        Ok(server_time) => server_time,
        Err(outcome) => return Submitted { outcome, intent: None },
    };

    on_step(Step::Journalling);
    let intent = Intent::new(&request, &place, caller.as_ref(), clock(), server_time);
    let recorder = Recorder::new(journal);
    if let Err(failure) = recorder.write(Entry::Intent(Box::new(intent.clone()))).await {
        let outcome = Outcome::NotCreated(failure);
        // The line may be there all the same, unsynced: then this one says that nothing was sent. If it
        // cannot be written either, the next start looks the name up.
        let line = OutcomeLine::new(&number, clock(), &outcome, Some(0));
        let _ = recorder.write(Entry::Outcome(Box::new(line))).await;
        return Submitted { outcome, intent: None };
    }

    let sending = send::Sending { service, request: &request, intent: &intent, recorder: &recorder };
    let (outcome, attempts) = sending.run(&clock, &mut on_step).await;
    let line = OutcomeLine::new(&number, clock(), &outcome, Some(attempts));
    if let Err(cause) = recorder.write(Entry::Outcome(Box::new(line))).await {
        on_step(Step::NotRecorded { cause });
    }
    Submitted { outcome, intent: Some(intent) }
}

/// Looks the name up before anything is sent: the server's clock if it is free, else the outcome.
async fn preflight<S: Service>(service: &S, request: &SnapshotRequest) -> Result<Option<Timestamp>, Outcome> {
    match service.look_up(&request.snapshot).await {
        Ok(sighting) => match sighting.snapshot {
            None => Ok(sighting.server_time),
            Some(snapshot) => Err(Outcome::Taken { by: Some(Box::new(snapshot)), failure: None }),
        },
        Err(failure) => Err(Outcome::NotCreated(Failure {
            effect: Effect::None,
            message: format!("the name could not be looked up, so nothing was sent: {}", failure.message),
            ..failure
        })),
    }
}

/// Refuses to send on the strength of an old look-up. A clock that was set meanwhile also ends here, for
/// it cannot be told from a sleep.
fn staleness(intent: &Intent, now: Timestamp) -> Option<Failure> {
    let passed = now.duration_since(intent.at).abs();
    (passed > MAX_STALENESS).then(|| {
        let message = format!("{} s between the look-up and the request", passed.as_secs());
        Failure::local(FailureKind::Stale, message)
    })
}
