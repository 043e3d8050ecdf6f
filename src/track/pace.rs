//! The floor under every rate: the program asks at most once a second.

use std::time::Duration;

/// The least time between two requests to an account and Region.
pub const FLOOR: Duration = Duration::from_secs(1);

/// Remembers when the last such request was made, on the monotonic clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    last: Option<Duration>,
}

impl Pace {
    /// From when on the next request may be made.
    #[must_use]
    pub fn free_at(&self) -> Duration {
        self.last.map_or(Duration::ZERO, |last| last + FLOOR)
    }

    /// Takes the turn, if there is one now.
    #[must_use]
    pub fn take(&mut self, now: Duration) -> bool {
        let is_free = self.free_at() <= now;
        if is_free {
            self.last = Some(now);
        }
        is_free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_often_it_is_asked_it_gives_one_turn_a_second() {
        let mut pace = Pace::default();
        let turns = (0..10_000).filter(|ms| pace.take(Duration::from_millis(*ms))).count();
        assert_eq!(turns, 10);
    }
}
