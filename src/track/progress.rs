//! The percentage of a snapshot over time, as it was reported: it may stand still, jump, and fall back.

use std::time::Duration;

/// The most changes that are remembered: a percentage that only rises has no more than 101.
const MOST_POINTS: usize = 101;

/// A percentage, and the snapshot's age when it was first seen there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The age.
    pub age: Duration,
    /// The percentage.
    pub percent: u8,
}

/// The changes of a snapshot's percentage.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    points: Vec<Point>,
    highest: u8,
}

impl Progress {
    /// Takes what was reported when the snapshot had an age.
    pub fn observe(&mut self, percent: u8, age: Duration) {
        match self.points.last() {
            Some(last) if last.percent == percent => return,
            // What was learnt about its speed does not hold any more.
            Some(last) if last.percent > percent => self.points.clear(),
            _ => {}
        }
        if self.points.len() >= MOST_POINTS {
            self.points.remove(0);
        }
        self.points.push(Point { age, percent });
        self.highest = self.highest.max(percent);
    }

    /// The changes since it last fell back, oldest first.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// From where it fell back, until it is there again.
    pub fn fell_from(&self) -> Option<u8> {
        let last = self.points.last()?.percent;
        (last < self.highest).then_some(self.highest)
    }

    /// For how long it has stood where it is, at an age.
    pub fn unmoved(&self, age: Duration) -> Duration {
        self.points.last().map_or(age, |last| age.saturating_sub(last.age))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(reports: &[u8]) -> Progress {
        let mut progress = Progress::default();
        for (second, percent) in (0..).zip(reports) {
            progress.observe(*percent, Duration::from_secs(second));
        }
        progress
    }

    #[test]
    fn only_changes_are_kept_and_standing_still_is_measured() {
        let progress = of(&[0, 0, 5, 5, 5, 9]);
        assert_eq!(progress.points().iter().map(|point| point.percent).collect::<Vec<_>>(), [0, 5, 9]);
        assert_eq!(progress.unmoved(Duration::from_secs(65)), Duration::from_mins(1));
        assert_eq!(Progress::default().unmoved(Duration::from_secs(3)), Duration::from_secs(3));
    }

    #[test]
    fn a_fall_is_told_until_it_is_made_up_for() {
        assert_eq!(of(&[10, 63]).fell_from(), None);
        assert_eq!(of(&[10, 63, 20]).fell_from(), Some(63));
        assert_eq!(of(&[10, 63, 20, 40]).fell_from(), Some(63));
        assert_eq!(of(&[10, 63, 20, 63]).fell_from(), None);
        assert_eq!(of(&[10, 63, 20, 40]).points().len(), 2);
    }
}
