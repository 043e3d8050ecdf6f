//! Sending: one attempt, a further one only after what certainly did not happen.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::MAX_STALENESS;
use super::decide;
use super::recorder::Recorder;
use super::service::{Accepted, Service};
use super::table::AfterFailure;
use crate::domain::failure::Failure;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::record::Intent;
use crate::domain::request::SnapshotRequest;

/// The most attempts of one submission.
pub const MAX_ATTEMPTS: u32 = 5;
/// No further attempt begins later than this after the first.
const RETRY_WINDOW: Duration = Duration::from_mins(1);
/// The pause before the second attempt; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// A submission whose intent is journalled.
pub(super) struct Sending<'a, S> {
    pub(super) service: &'a S,
    pub(super) request: &'a SnapshotRequest,
    pub(super) intent: &'a Intent,
    pub(super) recorder: &'a Recorder,
    pub(super) look_until: Option<Instant>,
}

/// Whether the request left this machine, or may have: the only thing that "nothing was sent" follows from.
pub(super) fn has_left<T>(answer: &Result<T, Failure>) -> bool {
    let failed = answer.as_ref().err();
    failed.is_none_or(|failure| !failure.refused || failure.code.is_some())
}

impl<S: Service> Sending<'_, S> {
    /// Sends until something happened, was refused, or is unclear, and looks up what is left open; how often it
    /// left this machine, or may have, comes with the outcome.
    pub(super) async fn run(
        &self,
        clock: &impl Fn() -> Timestamp,
        on_step: &mut impl FnMut(Step),
    ) -> (Outcome, u32) {
        let (sent, times) = self.send(clock, on_step).await;
        let outcome = match sent {
            Ok(Accepted { snapshot, request_id }) => {
                Outcome::Created { snapshot: Box::new(snapshot), request_id }
            }
            Err((AfterFailure::Unclear, answer)) if self.is_late() => self.unknown(answer, None),
            Err((AfterFailure::Unclear, answer)) => {
                on_step(Step::Reconciling { cause: answer.clone() });
                self.note(clock, &self.unknown(answer.clone(), None), times).await;
                let outcome = self.reconcile(&answer, on_step).await;
                outcome.unwrap_or_else(|look| self.unknown(answer, look))
            }
            Err((_, failure)) if !failure.is_by_the_service() || self.is_late() => decide::refused(failure),
            Err((_, failure)) => {
                let so_far = decide::refused(failure.clone());
                on_step(Step::Confirming { refusal: failure.clone() });
                self.note(clock, &so_far, times).await;
                self.confirm(failure).await.unwrap_or(so_far)
            }
        };
        (outcome, times)
    }

    fn unknown(&self, cause: Failure, look: Option<Failure>) -> Outcome {
        Outcome::Unknown { since: self.intent.asked_at(), cause, look: look.map(Box::new) }
    }

    /// Should the program end now, the next start knows what the answer was. A line that cannot be written
    /// is no reason not to look; that of the outcome tells of it.
    async fn note(&self, clock: &impl Fn() -> Timestamp, so_far: &Outcome, times: u32) {
        let _ = self.recorder.outcome(&self.intent.number, clock(), so_far, Some(times)).await;
    }

    /// Attempts, one after the other; how the last one ended, and in how many the request left, or may have.
    async fn send(
        &self,
        clock: &impl Fn() -> Timestamp,
        on_step: &mut impl FnMut(Step),
    ) -> (Result<Accepted, (AfterFailure, Failure)>, u32) {
        let refused = |failure| Err((AfterFailure::Refused, failure));
        let begun = Instant::now();
        let mut refusal: Option<Failure> = None;
        let (mut attempt, mut times) = (0, 0);
        loop {
            let ready = self.service.ready().await;
            // What a later start has to know is what the service said, not why nothing more was sent after it.
            if let Some(failure) = super::staleness(self.intent.at, clock(), MAX_STALENESS) {
                return (refused(refusal.unwrap_or(failure)), times);
            }
            attempt += 1;
            on_step(Step::Sending { attempt });
            let answer = match ready {
                Ok(()) => self.service.create_once(self.request).await,
                Err(failure) => Err(failure),
            };
            times += u32::from(has_left(&answer));
            let (after, failure) = match decide::next(self.intent, self.request, answer) {
                Ok(accepted) => return (Ok(accepted), times),
                Err(failed) => failed,
            };
            if failure.is_by_the_service() {
                refusal = Some(failure.clone());
            }
            let pause = match after {
                AfterFailure::Unclear => return (Err((after, failure)), times),
                AfterFailure::Refused => None,
                AfterFailure::Retry => pause_before_next(attempt, begun.elapsed()),
            };
            let Some(pause) = pause else {
                return (refused(refusal.unwrap_or(failure)), times);
            };
            let after_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            on_step(Step::Retrying { cause: failure, after_ms });
            sleep(pause).await;
        }
    }
}

/// How long to wait before the next attempt, with jitter; `None` if there is to be none.
pub(super) fn pause_before_next(attempt: u32, elapsed: Duration) -> Option<Duration> {
    if attempt >= MAX_ATTEMPTS {
        return None;
    }
    let full = FIRST_PAUSE * 2_u32.pow(attempt - 1);
    // Between half and all of it, so that many programs that were refused together do not come back so.
    let millis = u64::try_from(full.as_millis()).unwrap_or(u64::MAX);
    let pause = Duration::from_millis(fastrand::u64(millis / 2..=millis));
    (elapsed + pause <= RETRY_WINDOW).then_some(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_are_never_the_same_for_all_and_end() {
        for attempt in 1..MAX_ATTEMPTS {
            let full = FIRST_PAUSE * 2_u32.pow(attempt - 1);
            let pauses: Vec<_> =
                (0..100).filter_map(|_| pause_before_next(attempt, Duration::ZERO)).collect();
            assert_eq!(pauses.len(), 100);
            assert!(pauses.iter().all(|pause| (full / 2..=full).contains(pause)), "{pauses:?}");
            assert!(pauses.iter().any(|pause| Some(pause) != pauses.first()));
        }
        assert_eq!(pause_before_next(MAX_ATTEMPTS, Duration::ZERO), None);
        assert_eq!(pause_before_next(1, RETRY_WINDOW), None);
    }
}
