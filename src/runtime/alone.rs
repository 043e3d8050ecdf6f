//! Whether a key stands alone: only such a one confirms anything.
//!
//! A terminal that does not mark pastes may hand one on a character at a time, as a serial line does. No finger
//! presses keys as fast, and no one decides within that time.

use std::time::Duration;

use crossterm::event::KeyEvent;

use crate::app::keymap::{FIELDS, Focus};

/// Keys that follow one another faster are not typed by hand: an auto-repeat has 15 ms and more.
const QUICK: Duration = Duration::from_millis(10);
/// How long a key that confirms waits for others.
const HOLD: Duration = Duration::from_millis(15);

/// The times of the last keys, and the one that waits.
#[derive(Debug, Default)]
pub struct Alone {
    last: Option<(Duration, Focus)>,
    /// How many keys have followed one another quickly.
    quick: usize,
    held: Option<(KeyEvent, Duration)>,
}

impl Alone {
    /// Notes a key at a time on the clock that never jumps; whether those before it came too quickly for hands.
    /// What a key of another place brought about has been seen since.
    pub fn is_quick(&mut self, now: Duration, focus: Focus) -> bool {
        let follows = |(at, place): (Duration, Focus)| place == focus && now.saturating_sub(at) < QUICK;
        self.quick = if self.last.is_some_and(follows) { self.quick + 1 } else { 0 };
        self.last = Some((now, focus));
        // In a field, what was typed shows at once: whoever sees it may answer quickly.
        self.quick > usize::from(FIELDS.contains(&focus))
    }

    /// Lets a key wait.
    pub fn hold(&mut self, key: KeyEvent, now: Duration) {
        self.held = Some((key, now + HOLD));
    }

    /// The key that waits, which waits no more.
    pub fn take(&mut self) -> Option<KeyEvent> {
        self.held.take().map(|(key, _)| key)
    }

    /// For how long it still waits; `None` if no key does.
    pub(crate) fn wait(&self, now: Duration) -> Option<Duration> {
        self.held.map(|(_, until)| until.saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_are_told_from_lines_that_hand_on_a_paste_by_characters() {
        let is_quick_after = |gap: u64, keys: u64, focus| {
            let mut alone = Alone::default();
            let times = (0..keys).map(|n| Duration::from_millis(n * gap));
            times.map(|at| alone.is_quick(at, focus)).last()
        };
        assert_eq!(is_quick_after(1, 2, Focus::Review), Some(true));
        assert_eq!(is_quick_after(30, 9, Focus::Review), Some(false));
        assert_eq!(is_quick_after(1, 2, Focus::Typing), Some(false));
        assert_eq!(is_quick_after(1, 9, Focus::Typing), Some(true));
        let mut alone = Alone::default();
        alone.is_quick(Duration::ZERO, Focus::Form);
        assert!(!alone.is_quick(Duration::from_millis(1), Focus::Review), "another screen was shown");
    }
}
