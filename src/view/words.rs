//! Times and amounts in words.

use std::time::Duration;

use jiff::{Timestamp, Zoned};

pub use crate::domain::age::ago;
pub use crate::domain::text::span;

/// A length in its largest unit, for what is short as a rule: `5 s`, `12 min`, `3 h`.
#[must_use]
pub fn short(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

/// A moment in this machine's time zone, with its offset from UTC.
#[must_use]
pub fn local(at: Timestamp, zone_of: &Zoned) -> String {
    at.to_zoned(zone_of.time_zone().clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()
}

/// A moment in this machine's time zone, to the minute, for a column.
#[must_use]
pub fn minute(at: Timestamp, zone_of: &Zoned) -> String {
    at.to_zoned(zone_of.time_zone().clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The clock of a moment in this machine's time zone.
#[must_use]
pub fn clock(at: Timestamp, zone_of: &Zoned) -> String {
    at.to_zoned(zone_of.time_zone().clone()).strftime("%H:%M:%S").to_string()
}
