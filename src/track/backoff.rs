//! What follows when looking fails: slower after a throttle, again after trouble, a pause without
//! credentials. It holds for everything that is asked of an account and Region but what a person waits for in
//! a form.

use std::time::Duration;

use super::schedule::{FAST, jittered};
use crate::domain::failure::{Failure, FailureKind};

/// The longest pause, however often the service asks to slow down.
const LONGEST_THROTTLE: Duration = Duration::from_mins(5);
/// The longest pause after other trouble: a link that comes back is noticed within a minute.
const LONGEST_TROUBLE: Duration = Duration::from_mins(1);
/// How often it is tried whether new credentials work.
pub const PROBE: Duration = Duration::from_secs(30);

/// Remembers what went wrong, and until when to wait.
#[derive(Clone, Debug, Default)]
pub struct Backoff {
    in_a_row: u32,
    failure: Option<Failure>,
    until: Duration,
}

impl Backoff {
    /// A look went well. Returns whether looking was paused until now.
    pub fn well(&mut self) -> bool {
        let was_paused = self.is_paused();
        *self = Self::default();
        was_paused
    }

    /// A look failed at `now` on the monotonic clock, where the usual interval would have been `interval`.
    pub fn failed(&mut self, failure: Failure, interval: Duration, now: Duration, jitter: u8) {
        let is_like_before = self.failure.as_ref().is_some_and(|before| family(before) == family(&failure));
        self.in_a_row = if is_like_before { self.in_a_row.saturating_add(1) } else { 1 };
        let factor = 2_u32.saturating_pow(self.in_a_row.min(12));
        let pause = match family(&failure) {
            Family::Throttled => interval.saturating_mul(factor).min(LONGEST_THROTTLE),
            Family::Credentials => jittered(PROBE, jitter),
            Family::Trouble => FAST.saturating_mul(factor / 2).min(LONGEST_TROUBLE),
        };
        self.until = now + pause;
        self.failure = Some(failure);
    }

    /// Until when to wait, on the monotonic clock.
    pub(crate) fn until(&self) -> Duration {
        self.until
    }

    /// Waits no longer: somebody says that it was put right.
    pub fn lift(&mut self) {
        self.until = Duration::ZERO;
    }

    /// Whether the credentials do not work: then nothing is asked but whether they do again.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| failure.kind.is_credentials())
    }

    /// Whether the service asked to slow down.
    pub(crate) fn is_throttled(&self) -> bool {
        self.failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::Throttled)
    }

    /// Why the last look failed.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Throttled,
    Credentials,
    Trouble,
}

fn family(failure: &Failure) -> Family {
    match failure.kind {
        FailureKind::Throttled => Family::Throttled,
        kind if kind.is_credentials() => Family::Credentials,
        _ => Family::Trouble,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(backoff: &mut Backoff, kind: FailureKind) -> u64 {
        backoff.failed(Failure::local(kind, ""), FAST, Duration::from_secs(100), 128);
        backoff.until().as_secs() - 100
    }

    #[test]
    fn a_throttle_doubles_the_interval_up_to_a_bound() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u64> = (0..8).map(|_| fail(&mut backoff, FailureKind::Throttled)).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 300, 300, 300]);
        assert!(!backoff.well());
        assert_eq!(fail(&mut backoff, FailureKind::Throttled), 10);
    }

    #[test]
    fn trouble_is_tried_again_soon_and_then_every_minute() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u64> = (0..6).map(|_| fail(&mut backoff, FailureKind::LostAnswer)).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
        assert!(!backoff.is_paused() && backoff.failure().is_some());
    }

    #[test]
    fn expired_credentials_pause_and_are_tried_slowly_until_they_work() {
        let mut backoff = Backoff::default();
        for _ in 0..100 {
            assert_eq!(fail(&mut backoff, FailureKind::ExpiredCredentials), 30);
            assert!(backoff.is_paused());
        }
        assert!(backoff.well());
        assert_eq!(backoff.failure(), None);
    }
}
