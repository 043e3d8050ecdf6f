//! Times and amounts in words.

use std::time::Duration;

use jiff::{Timestamp, Zoned};

use super::theme::Role;
pub use crate::domain::age::{ago, short_clock, told_at, zone};
use crate::domain::snapshot::Snapshot;
pub use crate::domain::tag::in_one_line as tags;

/// A length in its largest unit, for what is short as a rule: `5 s`, `12 min`, `3 h`.
#[must_use]
pub fn short(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

/// A range of times, rounded outward: `20-50 s`, `12-18 min`, `under 6 min`, `1.5-3 h`.
#[must_use]
pub fn range(least: Duration, most: Duration) -> String {
    let (unit, seconds) = match most.as_secs() {
        0..100 => ("s", 10),
        100..7200 => ("min", 60),
        _ => ("h", 1800),
    };
    let (low, high) = (least.as_secs() / seconds, most.as_secs().div_ceil(seconds).max(1));
    let told = |count: u64| match unit {
        "s" => (count * 10).to_string(),
        "h" if count % 2 == 1 => format!("{}.5", count / 2),
        "h" => (count / 2).to_string(),
        _ => count.to_string(),
    };
    match low {
        0 => format!("under {} {unit}", told(high)),
        low => format!("{}-{} {unit}", told(low), told(high)),
    }
}

/// A moment in this machine's time zone, to the minute, with the zone.
#[must_use]
pub fn local(at: Timestamp, zone_of: &Zoned) -> String {
    let here = at.to_zoned(zone_of.time_zone().clone());
    format!("{} {}", here.strftime("%Y-%m-%d %H:%M"), zone(&here))
}

/// A moment in this machine's time zone, to the minute, for a column whose head has the zone.
#[must_use]
pub fn minute(at: Timestamp, zone_of: &Zoned) -> String {
    at.to_zoned(zone_of.time_zone().clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The status of a snapshot, by what it means.
pub fn status(snapshot: &Snapshot) -> (Role, String) {
    let role = match (snapshot.status.is_usable(), snapshot.status.is_final()) {
        (true, _) => Role::Good,
        (false, true) => Role::Bad,
        (false, false) => Role::Doubt,
    };
    (role, snapshot.status.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_told_in_few_characters() {
        let at: Timestamp = "2026-11-23T01:58:00Z".parse().expect("a time");
        let told = |seconds| {
            let offset = jiff::tz::Offset::from_seconds(seconds).expect("an offset");
            local(at, &at.to_zoned(offset.to_time_zone()))
        };
        assert_eq!(told(0), "2026-11-23 01:58 UTC");
        assert_eq!(told(7200), "2026-11-23 03:58 +02");
        assert_eq!(told(-12_600), "2026-11-22 22:28 -03:30");
    }

    #[test]
    fn ranges_are_rounded_outward_and_never_to_nothing() {
        let told = |least, most| range(Duration::from_secs(least), Duration::from_secs(most));
        assert_eq!(told(12, 41), "10-50 s");
        assert_eq!(told(720, 1050), "12-18 min");
        assert_eq!(told(3, 350), "under 6 min");
        assert_eq!(told(5400, 10_000), "1.5-3 h");
        assert_eq!(told(0, 0), "under 10 s");
    }
}
