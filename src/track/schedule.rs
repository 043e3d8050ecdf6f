//! When to ask the service again how far the snapshots are.

use std::time::Duration;

/// The interval while a snapshot is fresh or nearly done.
pub const FAST: Duration = Duration::from_secs(5);
/// The interval towards which it goes as a snapshot drags on.
pub const SLOW: Duration = Duration::from_secs(30);
/// How long a snapshot counts as fresh.
const FRESH: Duration = Duration::from_mins(2);
/// From this age on the interval is [`SLOW`].
const OLD: Duration = Duration::from_mins(30);
/// From this percentage on a snapshot counts as nearly done.
const NEARLY_DONE: u8 = 90;
/// The longest interval, however often the service asks to slow down.
const LONGEST: Duration = Duration::from_mins(5);
/// By how much the interval grows while nobody looks.
const UNFOCUSED_FACTOR: u32 = 4;

/// What the next interval depends on.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// The age of the youngest snapshot in progress.
    pub youngest: Duration,
    /// The progress of the one that is farthest.
    pub farthest_percent: u8,
    /// How many throttles came in a row.
    pub throttles: u32,
    /// Whether the terminal has the focus.
    pub is_focused: bool,
}

/// How long to wait before the next poll, with `jitter` (0 to 255) spread over ±10 %, so that many
/// programs on many hosts do not ask in step.
#[must_use]
pub fn interval(situation: Situation, jitter: u8) -> Duration {
    let base = if situation.youngest <= FRESH || situation.farthest_percent >= NEARLY_DONE {
        FAST
    } else {
        let old = OLD.saturating_sub(FRESH).as_secs_f64();
        let share = (situation.youngest.saturating_sub(FRESH).as_secs_f64() / old).min(1.0);
        FAST + SLOW.saturating_sub(FAST).mul_f64(share)
    };
    let unfocused = if situation.is_focused { base } else { base * UNFOCUSED_FACTOR };
    let throttled = unfocused * 2_u32.saturating_pow(situation.throttles.min(8));
    throttled.min(LONGEST).mul_f64(0.9 + 0.2 * f64::from(jitter) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_EASE: Situation =
        Situation { youngest: Duration::ZERO, farthest_percent: 0, throttles: 0, is_focused: true };

    fn seconds(situation: Situation) -> f64 {
        interval(situation, 128).as_secs_f64().round()
    }

    #[test]
    fn it_is_fast_while_fresh_slow_as_it_drags_on_and_fast_again_near_the_end() {
        let aged = |minutes: u64, percent| Situation {
            youngest: Duration::from_mins(minutes),
            farthest_percent: percent,
            ..AT_EASE
        };
        assert!((seconds(aged(0, 0)) - 5.0).abs() < 0.1);
        assert!((seconds(aged(16, 50)) - 18.0).abs() < 1.1);
        assert!((seconds(aged(600, 50)) - 30.0).abs() < 0.1);
        assert!((seconds(aged(600, 95)) - 5.0).abs() < 0.1);
    }

    #[test]
    fn a_throttle_doubles_it_up_to_a_bound() {
        let throttled = |throttles| seconds(Situation { throttles, ..AT_EASE });
        assert!((throttled(1) - 10.0).abs() < 0.1);
        assert!((throttled(2) - 20.0).abs() < 0.1);
        assert!(throttled(u32::MAX) <= 330.0);
    }

    #[test]
    fn jitter_moves_it_by_a_tenth_at_most() {
        assert!((interval(AT_EASE, 0).as_secs_f64() - 4.5).abs() < 0.01);
        assert!((interval(AT_EASE, 255).as_secs_f64() - 5.5).abs() < 0.01);
    }
}
