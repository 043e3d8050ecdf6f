//! How often an account and Region is asked: in the background at most once a second, and what a person waits for as
//! fast as the service lets it be: nobody waits for a limit that the service does not set.
//!
//! Both take from one bucket. It has room for as many turns as a list of ten thousand rows has pages, which come one
//! after the other as they do for the AWS command line, and is filled again at five a second. A throttle empties it, and
//! halves that.

use std::time::Duration;

/// The least time between two requests that nobody waits for.
const FLOOR: Duration = Duration::from_secs(1);
/// In which time the bucket has one turn more.
const GAP: Duration = Duration::from_millis(200);
/// For how many turns the bucket has room.
const ROOM: f64 = 100.0;
/// The longest such time, however often the service asks to slow down.
const LONGEST_GAP: Duration = Duration::from_secs(6);
/// By which share of itself that time shrinks with each request after a throttle.
const RECOVERY: u32 = 32;

/// Whether somebody waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Haste {
    /// A person does.
    Waited,
    /// Nobody: it is asked in the background.
    Background,
}

/// Remembers on the monotonic clock when the last requests were made, and how fast the service lets them be.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// From when on the background may ask.
    quiet_until: Duration,
    /// How many turns the bucket had, and when.
    turns: f64,
    counted_at: Duration,
    gap: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { quiet_until: Duration::ZERO, turns: ROOM, counted_at: Duration::ZERO, gap: GAP }
    }
}

impl Pace {
    /// From when on the next request may be made.
    pub fn free_at(&self, haste: Haste) -> Duration {
        let missing = (1.0 - self.turns).max(0.0);
        let free = self.counted_at + self.gap.mul_f64(missing);
        match haste {
            Haste::Waited => free,
            Haste::Background => free.max(self.quiet_until),
        }
    }

    /// Takes the turn, if there is one now.
    pub(crate) fn take(&mut self, haste: Haste, now: Duration) -> bool {
        if self.free_at(haste) > now {
            return false;
        }
        if haste == Haste::Background {
            self.quiet_until = now + FLOOR;
        }
        let filled = now.saturating_sub(self.counted_at).div_duration_f64(self.gap);
        self.turns = (self.turns + filled).min(ROOM) - 1.0;
        self.counted_at = now;
        self.gap = self.gap.saturating_sub(self.gap / RECOVERY).max(GAP);
        true
    }

    /// The service asks to slow down: from now on half as fast, and nothing at once.
    pub fn slow_down(&mut self, now: Duration) {
        self.gap = (self.gap * 2).min(LONGEST_GAP);
        (self.turns, self.counted_at) = (0.0, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many turns there are in some milliseconds from a moment on.
    fn turns(pace: &mut Pace, haste: Haste, from: u64, length: u64) -> usize {
        (from..from + length).filter(|ms| pace.take(haste, Duration::from_millis(*ms))).count()
    }

    #[test]
    fn however_often_it_is_asked_the_background_has_one_turn_a_second() {
        assert_eq!(turns(&mut Pace::default(), Haste::Background, 0, 10_000), 10);
    }

    #[test]
    fn who_is_waited_for_has_a_hundred_turns_at_once_and_then_five_a_second() {
        let mut pace = Pace::default();
        assert_eq!((0..200).filter(|_| pace.take(Haste::Waited, Duration::ZERO)).count(), 100);
        assert_eq!(turns(&mut pace, Haste::Waited, 1, 10_000), 50);
        assert_eq!(turns(&mut pace, Haste::Background, 10_001, 1), 0, "both count together");
        // What was not used is there again later, and never more of it.
        assert_eq!(turns(&mut pace, Haste::Waited, 20_001, 150), 50);
        assert_eq!(turns(&mut pace, Haste::Waited, 3_600_000, 150), 100);
    }

    #[test]
    fn a_turn_is_there_at_the_moment_that_was_told() {
        let mut pace = Pace::default();
        let mut now = Duration::from_nanos(7);
        pace.slow_down(now);
        for _ in 0..1000 {
            let next = pace.free_at(Haste::Waited);
            assert!(
                next > now && !pace.take(Haste::Waited, next.saturating_sub(Duration::from_nanos(1))),
                "{pace:?}"
            );
            assert!(pace.take(Haste::Waited, next), "{pace:?}");
            now = next;
        }
    }

    #[test]
    fn a_throttle_halves_the_rate_which_recovers_slowly() {
        let mut pace = Pace::default();
        pace.slow_down(Duration::from_secs(1));
        assert_eq!(turns(&mut pace, Haste::Waited, 1_000, 400), 0);
        let first = turns(&mut pace, Haste::Waited, 1_400, 2_000);
        assert!((5..=6).contains(&first), "{first}");
        let soon = turns(&mut pace, Haste::Waited, 3_400, 5_000);
        assert!((19..=21).contains(&soon), "{soon}");
        let later = turns(&mut pace, Haste::Waited, 8_400, 60_000);
        assert!((290..=300).contains(&later), "{later}");
        assert_eq!(turns(&mut pace, Haste::Waited, 68_400, 10_000), 50);
        (0..20).for_each(|_| pace.slow_down(Duration::from_secs(100)));
        assert_eq!(pace.free_at(Haste::Waited), Duration::from_secs(106), "however often it is asked to");
    }
}
