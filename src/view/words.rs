//! Times and amounts in words.

use std::time::Duration;

use jiff::{Timestamp, Zoned};

use super::theme::Role;
use crate::app::Now;
pub(crate) use crate::domain::age::{ago, short_clock, told_at, zone};
use crate::domain::cluster_id::ClusterId;
use crate::domain::snapshot::Snapshot;
pub(crate) use crate::domain::tag::in_one_line as tags;
use crate::domain::text::length;

/// A length in its largest unit, for what is short as a rule: `5 s`, `12 min`, `3 h`.
pub fn short(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}

/// A range of times, rounded outward: `20 s to 50 s`, `12 min to 18 min`, `under 6 min`, `1 h 30 min to 3 h`.
pub fn range(least: Duration, most: Duration) -> String {
    let step = step(most);
    let low = Duration::from_secs(least.as_secs() / step * step);
    if low.is_zero() {
        return format!("under {}", at_most(most));
    }
    format!("{} to {}", length(low), at_most(most))
}

/// The upper end of such a range.
pub fn at_most(most: Duration) -> String {
    let step = step(most);
    length(Duration::from_secs(most.as_secs().div_ceil(step).max(1) * step))
}

/// To how many seconds a range up to here is rounded.
fn step(most: Duration) -> u64 {
    match most.as_secs() {
        0..100 => 10,
        100..7200 => 60,
        _ => 1800,
    }
}

/// A moment to the minute, for a column whose head has the zone: as far from UTC as it is now, also where it was another
/// then.
pub fn minute(at: Timestamp, zone_of: &Zoned) -> String {
    at.to_zoned(zone_of.offset().to_time_zone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The cluster of a snapshot, as far as is known.
pub fn cluster(snapshot: &Snapshot) -> &str {
    snapshot.cluster.as_ref().map(ClusterId::as_str).unwrap_or_default()
}

/// How old a snapshot is, as far as is known.
pub fn age(snapshot: &Snapshot, now: &Now) -> String {
    snapshot.created_at.map_or_else(|| "not known".to_owned(), |at| ago(at, now.at()))
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
            zone(&at.to_zoned(offset.to_time_zone()))
        };
        assert_eq!(told(0), "UTC");
        assert_eq!(told(7200), "+02");
        assert_eq!(told(-12_600), "-03:30");
    }

    #[test]
    fn times_of_a_column_are_all_of_the_zone_in_its_head() {
        let now: Timestamp = "2026-11-30T20:26:56Z".parse().expect("a time");
        let now = now.in_tz("Europe/Berlin").expect("a zone");
        let (winter, summer) = ("2026-11-01T20:26:56Z", "2026-07-30T20:26:56Z");
        let told = [winter, summer].map(|at| minute(at.parse().expect("a time"), &now));
        assert_eq!(
            (zone(&now).as_str(), told),
            ("+01", ["2026-11-01 21:26", "2026-07-30 21:26"].map(str::to_owned))
        );
    }

    #[test]
    fn ranges_are_rounded_outward_and_never_to_nothing() {
        let told = |least, most| range(Duration::from_secs(least), Duration::from_secs(most));
        assert_eq!(told(12, 41), "10 s to 50 s");
        assert_eq!(told(720, 1050), "12 min to 18 min");
        assert_eq!(told(3, 350), "under 6 min");
        assert_eq!(told(5400, 10_000), "1 h 30 min to 3 h");
        assert_eq!(told(0, 0), "under 10 s");
        assert_eq!(told(12, 81), "10 s to 1 min 30 s");
    }
}
