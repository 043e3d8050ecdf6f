//! When something was, in words.

use jiff::{SignedDuration, Timestamp, Zoned};

/// So far apart the service's clock and this machine's may be while AWS accepts what is signed here: what lies further
/// ahead was not just now, one of the two is wrong.
pub const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(5);

/// How long ago something was, in the largest unit that tells it: `just now`, `40 s ago`, `5 min ago`, `2 h ago`; of what
/// lies ahead by this clock, `in 2 h`. Seconds in steps of ten: what is told anew all the time should not change each
/// second.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    let passed = now.duration_since(at);
    let seconds = passed.as_secs();
    let span = match seconds.abs() {
        0..60 => format!("{} s", seconds / 10 * 10),
        60..3600 => format!("{} min", seconds.abs() / 60),
        3600..172_800 => format!("{} h", seconds.abs() / 3600),
        _ => format!("{} d", seconds.abs() / 86_400),
    };
    match seconds {
        ..10 if passed < -CLOCKS_APART => format!("in {span}"),
        ..10 => "just now".to_owned(),
        _ => format!("{span} ago"),
    }
}

/// The zone of a moment: how far it is from UTC, in hours where that says it.
pub(crate) fn zone(at: &Zoned) -> String {
    match at.offset() {
        offset if offset.is_zero() => "UTC".to_owned(),
        offset if offset.seconds() % 3600 == 0 => at.strftime("%:::z").to_string(),
        _ => at.strftime("%:z").to_string(),
    }
}

/// A moment in every way that is asked for: how long ago, here and in UTC. For what is told anew all the time.
/// `2 h ago, 2026-11-24 00:10:05 +01 (2026-11-23 23:10:05 UTC)`; the date of UTC only where it is another.
pub(crate) fn told_at(at: Timestamp, now: &Zoned) -> String {
    format!("{}, {}", ago(at, now.timestamp()), clock(at, now))
}

/// A moment here, and in UTC where that differs. For what stays as it was told.
pub(crate) fn clock(at: Timestamp, now: &Zoned) -> String {
    in_both(at, now, ["%Y-%m-%d %H:%M:%S", "%H:%M:%S"], |_here| true)
}

/// The same to the minute, with the date only where it is another day than now: `02:10 +01 (01:10 UTC)`.
pub(crate) fn short_clock(at: Timestamp, now: &Zoned) -> String {
    in_both(at, now, ["%Y-%m-%d %H:%M", "%H:%M"], |here| here.date() != now.date())
}

fn in_both(at: Timestamp, now: &Zoned, [day, time]: [&str; 2], has_day: impl Fn(&Zoned) -> bool) -> String {
    let here = at.to_zoned(now.time_zone().clone());
    let told = here.strftime(if has_day(&here) { day } else { time });
    if here.offset().is_zero() {
        return format!("{told} UTC");
    }
    let utc = at.to_zoned(jiff::tz::TimeZone::UTC);
    let format = if here.date() == utc.date() { time } else { day };
    format!("{told} {} ({} UTC)", zone(&here), utc.strftime(format))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_with_the_date_of_utc_where_that_is_another() {
        let at: Timestamp = "2026-11-23T23:10:05Z".parse().expect("a time");
        let told = |zone: &str| {
            let now: Timestamp = "2026-11-24T01:10:05Z".parse().expect("a time");
            told_at(at, &now.in_tz(zone).expect("a zone"))
        };
        assert_eq!(told("UTC"), "2 h ago, 2026-11-23 23:10:05 UTC");
        assert_eq!(told("Europe/Berlin"), "2 h ago, 2026-11-24 00:10:05 +01 (2026-11-23 23:10:05 UTC)");
    }

    #[test]
    fn a_moment_of_today_is_told_in_short_without_its_date() {
        let told = |at: &str, zone: &str| {
            let now: Timestamp = "2026-11-24T01:10:05Z".parse().expect("a time");
            short_clock(at.parse().expect("a time"), &now.in_tz(zone).expect("a zone"))
        };
        assert_eq!(told("2026-11-24T00:58:05Z", "UTC"), "00:58 UTC");
        assert_eq!(told("2026-11-23T23:58:05Z", "UTC"), "2026-11-23 23:58 UTC");
        assert_eq!(told("2026-11-24T00:58:05Z", "Europe/Berlin"), "01:58 +01 (00:58 UTC)");
        assert_eq!(
            told("2026-11-23T23:58:05Z", "Europe/Berlin"),
            "00:58 +01 (2026-11-23 23:58 UTC)",
            "the date of UTC where that is another"
        );
    }

    #[test]
    fn ages_are_told_in_the_unit_that_fits() {
        let now: Timestamp = Timestamp::from_second(10_000_000).expect("a time");
        let told = |seconds: i64| ago(Timestamp::from_second(10_000_000 - seconds).expect("a time"), now);
        assert_eq!(told(-2_592_000), "in 30 d");
        assert_eq!(told(-300), "just now", "clocks may be so far apart");
        assert_eq!(told(-5), "just now");
        assert_eq!(told(9), "just now");
        assert_eq!(told(10), "10 s ago");
        assert_eq!(told(59), "50 s ago");
        assert_eq!(told(60), "1 min ago");
        assert_eq!(told(7300), "2 h ago");
        assert_eq!(told(172_800), "2 d ago");
    }
}
