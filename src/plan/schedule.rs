//! When a plan runs: once, or again and again by a cron expression of EventBridge Scheduler.

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::Disambiguation;
use jiff::{Timestamp, Zoned};

use super::cron;

/// When a plan runs. All times are in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Once, at this time.
    At(Timestamp),
    /// By a cron expression, without `cron( )` around it.
    Cron(String),
}

/// Why a text says no time for a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It is no moment: there is no such time, or a time without a zone is another one for everybody.
    #[error(
        "no such time, or without its zone: write it like 2026-12-01T02:00Z, 2026-12-01T02:00+01:00 or \
         2026-12-01T02:00[Europe/Berlin]"
    )]
    NotAMoment,
    /// The clocks are put forward or back then: there is no such time in its zone, or there are two.
    #[error("the clocks of its zone change then: write it with its offset, such as 2026-12-01T02:00+01:00")]
    NotOneMoment,
    /// Its offset is none of its zone, or there is no such zone.
    #[error("its offset and its zone say two things")]
    OfAnotherZone,
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
        number: i16,
        /// What the field has.
        field: &'static str,
        /// Its least.
        least: i16,
        /// Its most.
        most: i16,
    },
    /// A word that a field never has.
    #[error("'{text}' is none of {field}")]
    NoneOf {
        /// The word.
        text: String,
        /// What the field has.
        field: &'static str,
    },
    /// A range whose end comes before its beginning.
    #[error("{0} goes backwards: the smaller one comes first")]
    Backwards(String),
    /// Steps that lead nowhere.
    #[error("/0 is no step")]
    NoStep,
    /// No time that is still to come fits.
    #[error("it would never run: no time from now on fits it")]
    Never,
    /// Both days are given, or none.
    #[error("one of day-of-month and day-of-week is ?, and the other is not")]
    Days,
}

/// Takes no time that is none in its zone, or two.
const ONE_MOMENT: DateTimeParser = DateTimeParser::new().disambiguation(Disambiguation::Reject);

impl Schedule {
    /// Takes a moment after `now`.
    ///
    /// # Errors
    /// When it is no moment, or has gone by.
    pub fn at(text: &str, now: Timestamp) -> Result<Self, ScheduleError> {
        let at = match (ONE_MOMENT.parse_zoned(text), text.parse::<Timestamp>()) {
            (Ok(zoned), _) => zoned.timestamp(),
            // Without a zone an offset is all there is.
            (_, Ok(at)) if !text.contains('[') => at,
            _ if text.parse::<Zoned>().is_ok() => return Err(ScheduleError::NotOneMoment),
            (_, Ok(_)) => return Err(ScheduleError::OfAnotherZone),
            _ => return Err(ScheduleError::NotAMoment),
        };
        if at > now { Ok(Self::At(at)) } else { Err(ScheduleError::GoneBy) }
    }

    /// Takes a cron expression, with `cron( )` around it or without. Whether AWS takes each of its fields is AWS's to
    /// say.
    ///
    /// # Errors
    /// The first thing in it that AWS certainly refuses, and that it would never run after `now`.
    pub fn cron(text: &str, now: Timestamp) -> Result<Self, ScheduleError> {
        let inside = text.trim();
        let inside = inside.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(inside);
        let fields: Vec<&str> = inside.split_whitespace().collect();
        let six = <[&str; 6]>::try_from(fields).map_err(|_other| ScheduleError::NotSixFields)?;
        cron::check(six, now)?;
        Ok(Self::Cron(six.join(" ")))
    }

    /// The expression of EventBridge Scheduler.
    pub(crate) fn expression(&self) -> String {
        match self {
            Self::At(at) => format!("at({})", at.strftime("%Y-%m-%dT%H:%M:%S")),
            Self::Cron(fields) => format!("cron({fields})"),
        }
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
        for text in ["2026-12-01T02:00", "2027-02-30T02:00Z", "tomorrow", ""] {
            assert_eq!(Schedule::at(text, Timestamp::UNIX_EPOCH), Err(ScheduleError::NotAMoment), "{text}");
        }
        for text in ["2027-03-28T02:30[Europe/Berlin]", "2027-10-31T02:30[Europe/Berlin]"] {
            assert_eq!(Schedule::at(text, Timestamp::UNIX_EPOCH), Err(ScheduleError::NotOneMoment), "{text}");
        }
        for text in ["2026-12-01T02:00+05:00[Europe/Berlin]", "2026-12-01T02:00+01:00[Nowhere/Else]"] {
            assert_eq!(
                Schedule::at(text, Timestamp::UNIX_EPOCH),
                Err(ScheduleError::OfAnotherZone),
                "{text}"
            );
        }
        let second = Schedule::at("2027-10-31T02:30+01:00[Europe/Berlin]", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(second.expression(), "at(2027-10-31T01:30:00)");
        let now = "2026-12-01T02:00Z".parse().unwrap();
        assert_eq!(Schedule::at("2026-12-01T02:00Z", now), Err(ScheduleError::GoneBy));
    }

    #[test]
    fn a_cron_expression_has_six_fields_and_one_day() {
        let cron = |text: &str| Schedule::cron(text, Timestamp::UNIX_EPOCH);
        for text in ["0 2 * * ? *", "cron(0 2 ? * MON-FRI *)", " 0/15 2 L * ?  2027 "] {
            assert!(cron(text).is_ok(), "{text}");
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
            let told = cron(text);
            let is_it = |error: &ScheduleError| matches!(error, ScheduleError::OutOfRange { number: n, .. } if *n == number);
            assert!(told.as_ref().is_err_and(is_it), "{text}: {told:?}");
        }
        assert!(cron("0/90 2 ? * 6#3 2027-2199").is_ok(), "steps are AWS's to judge");
        assert_eq!(cron("0 2 * * *"), Err(ScheduleError::NotSixFields));
        assert_eq!(cron("0 2 * * * *"), Err(ScheduleError::Days));
        assert_eq!(cron("0 2 ? * ? *"), Err(ScheduleError::Days));
        assert_eq!(cron("0 2 * * ? $"), Err(ScheduleError::NotAField));
    }
}
