//! When a plan runs: once, or again and again by a cron expression of EventBridge Scheduler.

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::Disambiguation;
use jiff::{Timestamp, Zoned};

/// When a plan runs. All times are in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Once, at this time.
    At(Timestamp),
    /// By a cron expression, without `cron( )` around it.
    Cron(String),
}

/// Why a text says no time for a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It is no moment: a time without a zone is another one for everybody.
    #[error(
        "write it with its zone: 2026-12-01T02:00Z, 2026-12-01T02:00+01:00 or 2026-12-01T02:00[Europe/Berlin]"
    )]
    NotAMoment,
    /// The clocks are put forward or back then: there is no such time in its zone, or there are two.
    #[error("the clocks of its zone change then: write it with its offset, such as 2026-12-01T02:00+01:00")]
    NotOneMoment,
    /// It has gone by.
    #[error("that time has gone by")]
    GoneBy,
    /// It has not the six fields of EventBridge Scheduler.
    #[error("six fields: minutes hours day-of-month month day-of-week year, such as 0 2 * * ? *")]
    NotSixFields,
    /// A field has what none can have.
    #[error("a field has digits, letters and , - * ? / # only")]
    NotAField,
    /// A number that a field never has.
    #[error("{number} is none of {field}, which go from {least} to {most}")]
    OutOfRange {
        /// The number.
        number: u32,
        /// What the field has.
        field: &'static str,
        /// Its least.
        least: u32,
        /// Its most.
        most: u32,
    },
    /// Both days are given, or none.
    #[error("one of day-of-month and day-of-week is ?, and the other is not")]
    Days,
}

/// Takes no time that is none in its zone, or two.
const ONE_MOMENT: DateTimeParser = DateTimeParser::new().disambiguation(Disambiguation::Reject);

/// The fields of a cron expression with what numbers they have ("Cron-based schedules", EventBridge Scheduler user guide).
const FIELDS: [(&str, u32, u32); 6] = [
    ("the minutes", 0, 59),
    ("the hours", 0, 23),
    ("the days of a month", 1, 31),
    ("the months", 1, 12),
    ("the days of a week", 1, 7),
    ("the years", 1970, 2199),
];

impl Schedule {
    /// Takes a moment after `now`.
    ///
    /// # Errors
    /// When it is no moment, or has gone by.
    pub fn at(text: &str, now: Timestamp) -> Result<Self, ScheduleError> {
        let at = match (text.parse::<Timestamp>(), ONE_MOMENT.parse_zoned(text)) {
            (Ok(at), _) => at,
            (_, Ok(zoned)) => zoned.timestamp(),
            _ if text.parse::<Zoned>().is_ok() => return Err(ScheduleError::NotOneMoment),
            _ => return Err(ScheduleError::NotAMoment),
        };
        if at > now { Ok(Self::At(at)) } else { Err(ScheduleError::GoneBy) }
    }

    /// Takes a cron expression, with `cron( )` around it or without. Whether AWS takes each of its fields is AWS's to
    /// say.
    ///
    /// # Errors
    /// The first thing in it that AWS certainly refuses.
    pub fn cron(text: &str) -> Result<Self, ScheduleError> {
        let inside = text.trim();
        let inside = inside.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(inside);
        let fields: Vec<&str> = inside.split_whitespace().collect();
        let [_, _, day_of_month, _, day_of_week, _] = fields[..] else {
            return Err(ScheduleError::NotSixFields);
        };
        let is_fields = |c: char| c.is_ascii_alphanumeric() || ",-*?/#".contains(c);
        if !fields.iter().all(|field| field.chars().all(is_fields)) {
            return Err(ScheduleError::NotAField);
        }
        for (field, has) in fields.iter().zip(FIELDS) {
            in_range(field, has)?;
        }
        if (day_of_month == "?") == (day_of_week == "?") {
            return Err(ScheduleError::Days);
        }
        Ok(Self::Cron(fields.join(" ")))
    }

    /// The expression of EventBridge Scheduler.
    #[must_use]
    pub fn expression(&self) -> String {
        match self {
            Self::At(at) => format!("at({})", at.strftime("%Y-%m-%dT%H:%M:%S")),
            Self::Cron(fields) => format!("cron({fields})"),
        }
    }
}

/// Finds in a field of a cron expression a number that it cannot have. What is behind a `/` or a `#` counts steps and
/// weeks.
fn in_range(field: &str, (name, least, most): (&'static str, u32, u32)) -> Result<(), ScheduleError> {
    let bases = field.split(',').filter_map(|item| item.split(['/', '#']).next());
    let mut numbers = bases.flat_map(|base| base.split('-')).filter_map(|text| text.parse::<u32>().ok());
    match numbers.find(|number| !(least..=most).contains(number)) {
        Some(number) => Err(ScheduleError::OutOfRange { number, field: name, least, most }),
        None => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_with_its_zone_and_told_in_utc() {
        for text in ["2026-12-01T02:00Z", "2026-12-01T03:00+01:00", "2026-12-01T03:00[Europe/Berlin]"] {
            let at = Schedule::at(text, Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!(at.expression(), "at(2026-12-01T02:00:00)", "{text}");
        }
        for text in ["2026-12-01T02:00", "tomorrow", ""] {
            assert_eq!(Schedule::at(text, Timestamp::UNIX_EPOCH), Err(ScheduleError::NotAMoment), "{text}");
        }
        for text in ["2027-03-28T02:30[Europe/Berlin]", "2027-10-31T02:30[Europe/Berlin]"] {
            assert_eq!(Schedule::at(text, Timestamp::UNIX_EPOCH), Err(ScheduleError::NotOneMoment), "{text}");
        }
        let second = Schedule::at("2027-10-31T02:30+01:00[Europe/Berlin]", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(second.expression(), "at(2027-10-31T01:30:00)");
        let now = "2026-12-01T02:00Z".parse().unwrap();
        assert_eq!(Schedule::at("2026-12-01T02:00Z", now), Err(ScheduleError::GoneBy));
    }

    #[test]
    fn a_cron_expression_has_six_fields_and_one_day() {
        for text in ["0 2 * * ? *", "cron(0 2 ? * MON-FRI *)", " 0/15 2 L * ?  2027 "] {
            assert!(Schedule::cron(text).is_ok(), "{text}");
        }
        for (text, number) in [
            ("99 2 * * ? *", 99),
            ("0 24 * * ? *", 24),
            ("0 2 0 * ? *", 0),
            ("0 2 30-32 * ? *", 32),
            ("0 2 ? 1,13 MON *", 13),
            ("0 2 ? * 8#2 *", 8),
            ("0 2 * * ? 26", 26),
        ] {
            let told = Schedule::cron(text);
            let is_it = |error: &ScheduleError| matches!(error, ScheduleError::OutOfRange { number: n, .. } if *n == number);
            assert!(told.as_ref().is_err_and(is_it), "{text}: {told:?}");
        }
        assert!(Schedule::cron("0/90 2 ? * 6#3 2027-2199").is_ok(), "steps and weeks are AWS's to judge");
        assert_eq!(Schedule::cron("0 2 * * *"), Err(ScheduleError::NotSixFields));
        assert_eq!(Schedule::cron("0 2 * * * *"), Err(ScheduleError::Days));
        assert_eq!(Schedule::cron("0 2 ? * ? *"), Err(ScheduleError::Days));
        assert_eq!(Schedule::cron("0 2 * * ? $"), Err(ScheduleError::NotAField));
    }
}
