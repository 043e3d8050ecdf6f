//! When a plan runs: once, or again and again by a cron expression of EventBridge Scheduler.

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
    /// It has gone by.
    #[error("that time has gone by")]
    GoneBy,
    /// It has not the six fields of EventBridge Scheduler.
    #[error("six fields: minutes hours day-of-month month day-of-week year, such as 0 2 * * ? *")]
    NotSixFields,
    /// A field has what none can have.
    #[error("a field has digits, letters and , - * ? / # only")]
    NotAField,
    /// Both days are given, or none.
    #[error("one of day-of-month and day-of-week is ?, and the other is not")]
    Days,
}

impl Schedule {
    /// Takes a moment after `now`.
    ///
    /// # Errors
    /// When it is no moment, or has gone by.
    pub fn at(text: &str, now: Timestamp) -> Result<Self, ScheduleError> {
        let zoned = || text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp());
        let moment = text.parse::<Timestamp>().ok().or_else(zoned);
        let at = moment.ok_or(ScheduleError::NotAMoment)?;
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
        let now = "2026-12-01T02:00Z".parse().unwrap();
        assert_eq!(Schedule::at("2026-12-01T02:00Z", now), Err(ScheduleError::GoneBy));
    }

    #[test]
    fn a_cron_expression_has_six_fields_and_one_day() {
        for text in ["0 2 * * ? *", "cron(0 2 ? * MON-FRI *)", " 0/15 2 L * ?  2027 "] {
            assert!(Schedule::cron(text).is_ok(), "{text}");
        }
        assert_eq!(Schedule::cron("0 2 * * *"), Err(ScheduleError::NotSixFields));
        assert_eq!(Schedule::cron("0 2 * * * *"), Err(ScheduleError::Days));
        assert_eq!(Schedule::cron("0 2 ? * ? *"), Err(ScheduleError::Days));
        assert_eq!(Schedule::cron("0 2 * * ? $"), Err(ScheduleError::NotAField));
    }
}
