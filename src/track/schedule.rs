//! How long after a look at a snapshot the next one is due.

use std::time::Duration;

/// The interval while a snapshot is fresh or nearly done.
pub const FAST: Duration = Duration::from_secs(5);
/// The interval towards which it goes as a snapshot drags on.
pub const SLOW: Duration = Duration::from_secs(30);
/// The interval of one that has ended: three looks that miss it lie over two minutes.
const ENDED: Duration = Duration::from_mins(1);
/// How long a snapshot counts as fresh.
const FRESH: Duration = Duration::from_mins(2);
/// From this age on the interval is [`SLOW`].
const OLD: Duration = Duration::from_mins(30);
/// From this percentage on a snapshot counts as nearly done, until it has stood there for long.
const NEARLY_DONE: u8 = 90;
/// For how long a snapshot that stands still counts as nearly done: the last percents can take hours.
const STANDS_STILL: Duration = Duration::from_mins(5);
/// By how much the interval grows while nobody looks.
const UNFOCUSED_FACTOR: u32 = 4;

/// What the next interval depends on.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// The snapshot's age.
    pub age: Duration,
    /// Its progress, 0 to 100; 0 if it is not known.
    pub percent: u8,
    /// For how long its progress has stood where it is.
    pub unmoved: Duration,
    /// Whether the terminal has the focus.
    pub is_focused: bool,
}

/// How long to wait after a look, with `jitter` (0 to 255) spread over ±10 %, so that many programs on
/// many hosts do not ask in step.
pub fn interval(situation: Situation, jitter: u8) -> Duration {
    let is_nearly_done = situation.percent >= NEARLY_DONE && situation.unmoved < STANDS_STILL;
    let base = if situation.age <= FRESH || is_nearly_done {
        FAST
    } else {
        let old = OLD.saturating_sub(FRESH).as_secs_f64();
        let share = (situation.age.saturating_sub(FRESH).as_secs_f64() / old).min(1.0);
        FAST + SLOW.saturating_sub(FAST).mul_f64(share)
    };
    let base = if situation.is_focused { base } else { base * UNFOCUSED_FACTOR };
    jittered(base, jitter)
}

/// How long to wait after a look at a snapshot that has ended: it may be deleted, or fail after all.
pub fn of_ended(is_focused: bool, jitter: u8) -> Duration {
    jittered(if is_focused { ENDED } else { ENDED * UNFOCUSED_FACTOR }, jitter)
}

/// A length with `jitter` (0 to 255) spread over ±10 %.
pub fn jittered(length: Duration, jitter: u8) -> Duration {
    length.mul_f64(0.9 + 0.2 * f64::from(jitter) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_EASE: Situation =
        Situation { age: Duration::ZERO, percent: 0, unmoved: Duration::ZERO, is_focused: true };

    fn aged(minutes: u64, percent: u8) -> f64 {
        let situation = Situation { age: Duration::from_mins(minutes), percent, ..AT_EASE };
        interval(situation, 128).as_secs_f64()
    }

    #[test]
    fn it_is_fast_while_fresh_slow_as_it_drags_on_and_fast_again_near_the_end() {
        assert!((aged(0, 0) - 5.0).abs() < 0.1);
        assert!((aged(16, 50) - 17.5).abs() < 0.1);
        assert!((aged(600, 50) - 30.0).abs() < 0.1);
        assert!((aged(600, 95) - 5.0).abs() < 0.1);
    }

    #[test]
    fn one_that_stands_still_near_the_end_is_not_asked_for_every_5_s_for_hours() {
        let unmoved = Duration::from_mins(6);
        let situation = Situation { age: Duration::from_hours(2), percent: 99, unmoved, ..AT_EASE };
        assert!((interval(situation, 128).as_secs_f64() - 30.0).abs() < 0.1);
    }

    #[test]
    fn it_is_four_times_as_long_while_nobody_looks() {
        let situation = Situation { is_focused: false, ..AT_EASE };
        assert!((interval(situation, 128).as_secs_f64() - 20.0).abs() < 0.1);
    }

    #[test]
    fn jitter_moves_it_by_a_tenth_at_most() {
        assert!((interval(AT_EASE, 0).as_secs_f64() - 4.5).abs() < 0.01);
        assert!((interval(AT_EASE, 255).as_secs_f64() - 5.5).abs() < 0.01);
    }
}
