//! The time at which something happened, on both clocks: it comes to the core as a value.

use std::time::Duration;

use jiff::{Timestamp, Zoned};

use crate::track::followed::LookMoment;

/// The time at which something happened.
#[derive(Clone, Debug, Default)]
pub struct Now {
    /// The date and time of this machine, in its time zone.
    pub wall: Zoned,
    /// The time since the program started, on a clock that never jumps.
    pub mono: Duration,
}

impl Now {
    /// The moment, apart from any time zone.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.wall.timestamp()
    }

    /// The moment with the server's clock in the answer that came at it, if it said.
    pub(crate) fn moment(&self, server: Option<Timestamp>) -> LookMoment {
        LookMoment { mono: self.mono, at: self.at(), server }
    }
}
