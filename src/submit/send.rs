//! Sending: one attempt, a further one only after what certainly did not happen.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::decide::{self, Next, Open};
use super::number::random_bits;
use super::recorder::Recorder;
use super::service::Service;
use crate::domain::failure::Failure;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;
use crate::journal::{Entry, Intent, OutcomeLine};

/// The most attempts of one submission.
const MAX_ATTEMPTS: u32 = 5;
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
}

/// How the sending ended.
enum Sent {
    /// With an outcome.
    Settled(Outcome),
    /// With something left open.
    Open {
        /// What.
        open: Open,
        /// By which answer.
        answer: Failure,
        /// What the service itself had said of an earlier attempt.
        refused: Option<Failure>,
        /// When the last attempt was sent, by this machine's clock.
        since: Timestamp,
    },
}

impl<S: Service> Sending<'_, S> {
    /// Sends until something happened, was refused, or is unclear, and looks up what is left open; how often it
    /// was sent, comes with the outcome.
    pub(super) async fn run(
        &self,
        clock: &impl Fn() -> Timestamp,
        on_step: &mut impl FnMut(Step),
    ) -> (Outcome, u32) {
        let (sent, attempts) = self.send(clock, on_step).await;
        let (open, answer, refused, since) = match sent {
            Sent::Settled(outcome) => return (outcome, attempts),
            Sent::Open { open, answer, refused, since } => (open, answer, refused, since),
        };
        // What a later start has to know is what the service said, not why nothing more was sent after it.
        let cause = refused.filter(|_| open == Open::Copy).unwrap_or_else(|| answer.clone());
        on_step(match open {
            Open::Effect | Open::Name => Step::Reconciling { cause: cause.clone() },
            Open::Copy => Step::Confirming { refusal: cause.clone() },
        });
        // Should the program end now, the next start knows what the answer was. A line that cannot be written
        // is no reason not to look; that of the outcome tells of it.
        let so_far = Outcome::Unknown { since, cause };
        let line = OutcomeLine::new(&self.intent.number, clock(), &so_far, Some(attempts));
        let _ = self.recorder.write(Entry::Outcome(Box::new(line))).await;
        (self.reconcile(open, &answer).await.unwrap_or(so_far), attempts)
    }

    /// Attempts, one after the other.
    async fn send(&self, clock: &impl Fn() -> Timestamp, on_step: &mut impl FnMut(Step)) -> (Sent, u32) {
        let begun = Instant::now();
        let mut refused: Option<Failure> = None;
        let mut attempt = 1;
        loop {
            let ready = self.service.ready().await;
            let since = clock();
            let left = |open, answer, refused| Sent::Open { open, answer, refused, since };
            if let Some(failure) = super::staleness(self.intent, since) {
                return match refused {
                    Some(_) => (left(Open::Copy, failure, refused), attempt),
                    None => (Sent::Settled(Outcome::NotCreated(failure)), attempt - 1),
                };
            }
            on_step(Step::Sending { attempt });
            let answer = match ready {
                Ok(()) => self.service.create_once(self.request).await,
                Err(failure) => Err(failure),
            };
            let sent = match decide::next(self.request, attempt, answer) {
                Next::Created(accepted) => {
                    let snapshot = Box::new(accepted.snapshot);
                    Sent::Settled(Outcome::Created { snapshot, request_id: accepted.request_id })
                }
                Next::Unclear(failure) => left(decide::left_open(&failure), failure, refused),
                Next::Taken(failure) => Sent::Settled(self.taken(failure).await),
                Next::RefusedNow(failure) => left(Open::Copy, failure, refused),
                Next::Refused(failure) if refused.is_some() => left(Open::Copy, failure, refused),
                Next::Refused(failure) => Sent::Settled(self.refused(failure).await),
                Next::Retry(failure) => {
                    if decide::is_of_the_moment(&failure) {
                        refused = Some(failure.clone());
                    }
                    if let Some(pause) = pause_before_next(attempt, begun.elapsed()) {
                        let after_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
                        on_step(Step::Retrying { cause: failure, after_ms });
                        sleep(pause).await;
                        attempt += 1;
                        continue;
                    }
                    match refused {
                        Some(_) => left(Open::Copy, failure, refused),
                        None => Sent::Settled(Outcome::NotCreated(failure)),
                    }
                }
            };
            return (sent, attempt);
        }
    }
}

/// How long to wait before the next attempt, with jitter; `None` if there is to be none.
fn pause_before_next(attempt: u32, elapsed: Duration) -> Option<Duration> {
    if attempt >= MAX_ATTEMPTS {
        return None;
    }
    let full = FIRST_PAUSE * 2_u32.pow(attempt - 1);
    // Between half and all of it, so that many programs that were refused together do not come back so.
    let millis = u64::try_from(full.as_millis()).unwrap_or(u64::MAX);
    let pause = Duration::from_millis(millis / 2 + random_bits() % (millis / 2 + 1));
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
