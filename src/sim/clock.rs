//! The simulator's own time. Everything else in the room is told what time it is.
//!
//! It stands on tokio's clock, so that a test on paused time decides how fast snapshots progress, and
//! it has a speed and a wall-clock epoch of its own: a service whose clock is an hour off is a matter
//! of one option.

use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use serde::Deserialize;
use tokio::time::Instant;

/// A clock that was started at a moment and may run faster than the world's.
#[derive(Clone, Copy, Debug)]
pub struct SimulatedClock {
    started: Instant,
    epoch: Timestamp,
    speed: f64,
}

impl SimulatedClock {
    /// Starts a clock that reads `epoch` now and runs `speed` times as fast as the world's.
    pub(crate) fn start(epoch: Timestamp, speed: f64) -> Self {
        Self { started: Instant::now(), epoch, speed }
    }

    /// Lets time pass at once.
    pub fn skip(&mut self, period: Period) {
        self.epoch = self.epoch.checked_add(period.simulated()).unwrap_or(Timestamp::MAX);
    }

    /// The simulated time.
    pub(crate) fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from_secs_f64(self.started.elapsed().as_secs_f64() * self.speed);
        passed.ok().and_then(|passed| self.epoch.checked_add(passed).ok()).unwrap_or(Timestamp::MAX)
    }
}

/// A length of time as a fleet or a fault script writes it: `"90s"`, `"2h 30m"`, `"14d"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Period(SignedDuration);

impl Period {
    /// A length of whole seconds.
    #[must_use]
    pub const fn seconds(seconds: i64) -> Self {
        Self(SignedDuration::from_secs(seconds))
    }

    /// The length in simulated time.
    pub(crate) const fn simulated(self) -> SignedDuration {
        self.0
    }

    /// The length for a timer of the real world; never negative.
    pub(crate) fn real(self) -> Duration {
        Duration::try_from(self.0).unwrap_or_default()
    }
}

impl From<Duration> for Period {
    fn from(length: Duration) -> Self {
        Self(SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX))
    }
}

impl TryFrom<String> for Period {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let span: Span = text.parse()?;
        span.to_duration(SpanRelativeTo::days_are_24_hours()).map(Self)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_written_as_people_write_it() {
        let read = |text: &str| Period::try_from(text.to_owned()).unwrap().simulated().as_secs();
        assert_eq!(read("90s"), 90);
        assert_eq!(read("14d"), 14 * 86_400);
        assert_eq!(read("2h 30m"), 9_000);
        assert!(Period::try_from("soon".to_owned()).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn simulated_time_runs_at_its_own_speed_from_its_own_epoch() {
        let epoch: Timestamp = "2026-11-23T01:58:00Z".parse().unwrap();
        let clock = SimulatedClock::start(epoch, 10.0);
        tokio::time::advance(Duration::from_secs(6)).await;
        assert_eq!(clock.now().to_string(), "2026-11-23T01:59:00Z");
    }
}
