//! For how long a request may wait until its cluster is available. One for all places: those of a change are armed
//! together.

use std::time::Duration;

/// What a person can choose.
const TIMES: [Duration; 8] = [
    Duration::from_mins(15),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(4),
    Duration::from_hours(8),
    Duration::from_hours(12),
    Duration::from_hours(24),
];
/// Which of them stands there at first.
const USUAL: usize = 2;

/// For how long a request may wait that is armed now.
#[derive(Clone, Copy, Debug)]
pub struct WaitTime(usize);

impl Default for WaitTime {
    fn default() -> Self {
        Self(USUAL)
    }
}

impl WaitTime {
    /// So long.
    pub fn length(self) -> Duration {
        TIMES.get(self.0).copied().unwrap_or_default()
    }

    /// Chooses a longer or shorter time.
    pub fn choose(&mut self, longer: bool) {
        let next = if longer { self.0 + 1 } else { self.0.saturating_sub(1) };
        self.0 = next.min(TIMES.len() - 1);
    }
}
