//! Times and amounts in words.

use std::time::Duration;

use jiff::{Timestamp, Zoned};

pub use crate::domain::text::span;

/// How long ago something was, in the largest unit that tells it: `now`, `5 min ago`, `2 h ago`.
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(at).as_secs().max(0);
    match seconds {
        0..60 => "now".to_owned(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_the_unit_that_fits() {
        let now: Timestamp = Timestamp::from_second(10_000_000).expect("a time");
        let told = |seconds: i64| ago(Timestamp::from_second(10_000_000 - seconds).expect("a time"), now);
        assert_eq!(told(-5), "now");
        assert_eq!(told(59), "now");
        assert_eq!(told(60), "1 min ago");
        assert_eq!(told(7300), "2 h ago");
        assert_eq!(told(172_800), "2 d ago");
    }
}
