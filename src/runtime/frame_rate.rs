//! When the next frame may be drawn: at most 30 a second, and at once after a key.

use std::time::Duration;

/// The least time between two frames on average.
const GAP: Duration = Duration::from_millis(33);

/// Remembers how far the frames that were drawn reach; times count from the start of the program.
#[derive(Debug, Default)]
pub struct FrameRate {
    /// Until when the frames so far take up their gaps, each one behind the other.
    taken: Duration,
}

impl FrameRate {
    /// How long to wait, at `now`, before a frame. A key may use the gap of the frame after it, so that
    /// it need not wait because something else was drawn just before.
    pub(crate) fn wait(&self, now: Duration, is_for_key: bool) -> Duration {
        let borrowed = if is_for_key { GAP } else { Duration::ZERO };
        self.taken.saturating_sub(now + borrowed)
    }

    /// A frame was drawn.
    pub fn drawn(&mut self, now: Duration) {
        self.taken = self.taken.max(now) + GAP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_storm_of_causes_costs_a_frame_each_33_ms_and_keys_no_more() {
        for is_for_key in [false, true] {
            let mut pace = FrameRate::default();
            let mut frames = 0;
            for ms in 0..3000 {
                let now = Duration::from_millis(ms);
                if pace.wait(now, is_for_key).is_zero() {
                    pace.drawn(now);
                    frames += 1;
                }
            }
            assert!((89..=92).contains(&frames), "{frames} frames in 3 s, for keys: {is_for_key}");
        }
    }

    #[test]
    fn a_key_is_drawn_at_once_even_just_after_another_frame() {
        let mut pace = FrameRate::default();
        pace.drawn(Duration::from_millis(0));
        pace.drawn(Duration::from_secs(1));
        let now = Duration::from_millis(1001);
        assert!(pace.wait(now, true).is_zero());
        assert_eq!(pace.wait(now, false), Duration::from_millis(32));
    }

    #[test]
    fn a_key_that_is_held_down_waits_for_no_answer_that_is_drawn_between() {
        let mut pace = FrameRate::default();
        let mut due = Duration::ZERO;
        for key in 0..100 {
            let pressed = Duration::from_millis(key * 34);
            // Something else is drawn as soon as it may.
            let other = due + pace.wait(due, false);
            if other < pressed {
                pace.drawn(other);
            }
            assert!(pace.wait(pressed, true).is_zero(), "key {key}");
            pace.drawn(pressed);
            due = pressed;
        }
    }
}
