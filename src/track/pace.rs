//! How often an account and Region is asked: in the background at most once a second, and what a person waits for as
//! fast as the service lets it be. Both count together.
//!
//! The first lists are read with the screen still empty: as many pages as ten thousand clusters take come one after the
//! other, each asked for when the one before it is there, as the AWS command line does it. A throttle ends that.

use std::time::Duration;

/// The least time between two requests that nobody waits for.
pub const FLOOR: Duration = Duration::from_secs(1);
/// The time between two requests that a person waits for, once those are used up that may come at once.
pub const GAP: Duration = Duration::from_millis(200);
/// How many may come at once.
pub const AT_ONCE: u32 = 10;
/// How many more may come without a pause until the lists were read for the first time.
pub const FIRST_PAGES: u32 = 100;
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
    /// When all that were made would be made if each kept its time.
    booked_until: Duration,
    gap: Duration,
    /// How many of [`FIRST_PAGES`] are left.
    first_pages: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { quiet_until: Duration::ZERO, booked_until: Duration::ZERO, gap: GAP, first_pages: FIRST_PAGES }
    }
}

impl Pace {
    /// From when on the next request may be made.
    #[must_use]
    pub fn free_at(&self, haste: Haste) -> Duration {
        let free = self.booked_until.saturating_sub(self.gap * (AT_ONCE - 1));
        match haste {
            Haste::Waited if self.first_pages > 0 => Duration::ZERO,
            Haste::Waited => free,
            Haste::Background => free.max(self.quiet_until),
        }
    }

    /// Takes the turn, if there is one now.
    #[must_use]
    pub fn take(&mut self, haste: Haste, now: Duration) -> bool {
        if self.free_at(haste) > now {
            return false;
        }
        if haste == Haste::Background {
            self.quiet_until = now + FLOOR;
        }
        if haste == Haste::Waited && self.first_pages > 0 {
            self.first_pages -= 1;
            return true;
        }
        self.gap = self.gap.saturating_sub(self.gap / RECOVERY).max(GAP);
        self.booked_until = self.booked_until.max(now) + self.gap;
        true
    }

    /// The lists were read for the first time.
    pub fn settle(&mut self) {
        self.first_pages = 0;
    }

    /// The service asks to slow down: from now on half as fast, and nothing at once.
    pub fn slow_down(&mut self, now: Duration) {
        self.settle();
        self.gap = (self.gap * 2).min(LONGEST_GAP);
        self.booked_until = now + self.gap * AT_ONCE;
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

    /// A pace of a place whose lists were read before.
    fn settled() -> Pace {
        let mut pace = Pace::default();
        pace.settle();
        pace
    }

    #[test]
    fn the_first_pages_wait_for_nothing_until_a_throttle_or_the_end_of_the_lists() {
        let mut pace = Pace::default();
        assert_eq!(turns(&mut pace, Haste::Waited, 0, 200), 110, "then ten at once");
        let mut pace = Pace::default();
        assert_eq!(turns(&mut pace, Haste::Waited, 0, 50), 50);
        pace.slow_down(Duration::from_millis(50));
        assert_eq!(turns(&mut pace, Haste::Waited, 50, 400), 0);
        assert_eq!(turns(&mut settled(), Haste::Waited, 0, 50), 10);
    }

    #[test]
    fn who_is_waited_for_has_some_turns_at_once_and_then_five_a_second() {
        let mut pace = settled();
        assert_eq!(turns(&mut pace, Haste::Waited, 0, 1), 1);
        assert_eq!(turns(&mut pace, Haste::Waited, 1, 100), 9, "the others that may come at once");
        assert_eq!(turns(&mut pace, Haste::Waited, 101, 10_000), 50);
        assert_eq!(turns(&mut pace, Haste::Background, 10_101, 1), 0, "both count together");
        // What was not used is there again later, and never more of it.
        assert_eq!(turns(&mut pace, Haste::Waited, 3_600_000, 20), 10);
    }

    #[test]
    fn a_throttle_halves_the_rate_which_recovers_slowly() {
        let mut pace = settled();
        pace.slow_down(Duration::from_secs(1));
        assert_eq!(turns(&mut pace, Haste::Waited, 1_000, 400), 0);
        let first = turns(&mut pace, Haste::Waited, 1_400, 2_000);
        assert!((5..=6).contains(&first), "{first}");
        let later = turns(&mut pace, Haste::Waited, 60_000, 20_000);
        assert!((100..=110).contains(&later), "{later}");
        (0..20).for_each(|_| pace.slow_down(Duration::from_secs(100)));
        assert_eq!(pace.free_at(Haste::Waited), Duration::from_secs(106), "however often it is asked to");
    }
}
