//! How fast requests are sent to one account and Region: evenly, and slower once AWS asks for that.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The pause between two requests to begin with: five a second, well under what an account is allowed.
const PAUSE: Duration = Duration::from_millis(200);
/// The longest pause that throttling makes of it.
const LONGEST: Duration = Duration::from_secs(4);

/// When the next request may be made.
#[derive(Debug)]
pub struct SendingPace {
    free_at: Cell<Instant>,
    pause: Cell<Duration>,
}

impl SendingPace {
    /// Nothing was sent yet.
    pub fn new() -> Self {
        Self { free_at: Cell::new(Instant::now()), pause: Cell::new(PAUSE) }
    }

    /// Waits for the turn of so many requests.
    pub async fn turn(&self, requests: u32) {
        let at = self.free_at.get().max(Instant::now());
        self.free_at.set(at + self.pause.get() * requests);
        sleep_until(at).await;
    }

    /// Takes it that AWS asked to slow down.
    pub fn slow_down(&self) {
        self.pause.set((self.pause.get() * 2).min(LONGEST));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_are_five_a_second_and_half_as_many_after_a_throttle() {
        let (pace, begun) = (SendingPace::new(), Instant::now());
        for _ in 0..10 {
            pace.turn(1).await;
        }
        assert_eq!(begun.elapsed().as_millis(), 1_800);
        pace.slow_down();
        for _ in 0..2 {
            pace.turn(3).await;
        }
        assert_eq!(begun.elapsed().as_millis(), 2_000 + 1_200);
    }
}
