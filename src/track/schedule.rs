//! How long after a look the next one is due, and how many snapshots it can be at.

use std::time::Duration;

/// The most snapshots that one call can ask for (the service's limit for the values of a filter).
pub const MOST: usize = 100;
/// The interval while a snapshot is fresh or nearly done.
pub const FAST: Duration = Duration::from_secs(5);
/// The interval towards which it goes as a snapshot drags on.
pub const SLOW: Duration = Duration::from_secs(30);
/// The interval of one that has ended: three looks that miss it lie over two minutes.
pub const ENDED: Duration = Duration::from_mins(1);
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

/// How long to wait after a look at a snapshot of an age, whose progress (0 to 100; 0 if it is not known) has stood
/// where it is for so long.
pub fn interval(age: Duration, percent: u8, unmoved: Duration) -> Duration {
    let is_nearly_done = percent >= NEARLY_DONE && unmoved < STANDS_STILL;
    if age <= FRESH || is_nearly_done {
        return FAST;
    }
    let old = OLD.saturating_sub(FRESH).as_secs_f64();
    let share = (age.saturating_sub(FRESH).as_secs_f64() / old).min(1.0);
    FAST + SLOW.saturating_sub(FAST).mul_f64(share)
}

/// How long to wait before the next look whether a cluster is available, after a request has waited so long: backups
/// and changes mostly take minutes, and a request that waits an hour does not mind a minute more.
pub fn of_waiting(waited: Duration) -> Duration {
    match waited.as_secs() / 60 {
        0..10 => Duration::from_secs(10),
        10..60 => Duration::from_secs(30),
        _ => Duration::from_mins(1),
    }
}

/// An interval as it is kept, longer while nobody looks.
pub fn kept(interval: Duration, is_focused: bool, jitter: u8) -> Duration {
    jittered(if is_focused { interval } else { interval * UNFOCUSED_FACTOR }, jitter)
}

/// A length with `jitter` (0 to 255) spread over ±10 %, so that many programs on many hosts do not ask in step.
pub fn jittered(length: Duration, jitter: u8) -> Duration {
    length.mul_f64(0.9 + 0.2 * f64::from(jitter) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aged(minutes: u64, percent: u8) -> f64 {
        interval(Duration::from_mins(minutes), percent, Duration::ZERO).as_secs_f64()
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
        let kept = interval(Duration::from_hours(2), 99, Duration::from_mins(6));
        assert!((kept.as_secs_f64() - 30.0).abs() < 0.1);
    }

    #[test]
    fn it_is_four_times_as_long_while_nobody_looks() {
        assert!((kept(FAST, false, 128).as_secs_f64() - 20.0).abs() < 0.1);
    }

    #[test]
    fn jitter_moves_it_by_a_tenth_at_most() {
        assert!((kept(FAST, true, 0).as_secs_f64() - 4.5).abs() < 0.01);
        assert!((kept(FAST, true, 255).as_secs_f64() - 5.5).abs() < 0.01);
    }

    #[test]
    fn a_cluster_that_is_waited_for_is_looked_at_often_at_first_and_each_minute_later() {
        assert_eq!(of_waiting(Duration::ZERO), Duration::from_secs(10));
        assert_eq!(of_waiting(Duration::from_mins(10)), Duration::from_secs(30));
        assert_eq!(of_waiting(Duration::from_hours(20)), Duration::from_mins(1));
    }
}
