//! The six fields of a cron expression of EventBridge Scheduler ("Cron-based schedules", its user guide): what none of
//! them can have, and what would never run. Whether AWS takes the rest is AWS's to say.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::schedule::ScheduleError;

/// What a field can have.
struct CronField {
    name: &'static str,
    least: i16,
    most: i16,
    /// The names of its numbers, from the least on.
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: [CronField; 6] = [
    CronField { name: "the minutes", least: 0, most: 59, names: &[] },
    CronField { name: "the hours", least: 0, most: 23, names: &[] },
    CronField { name: "the days of a month", least: 1, most: 31, names: &[] },
    CronField { name: "the months", least: 1, most: 12, names: &MONTHS },
    CronField { name: "the days of a week", least: 1, most: 7, names: &WEEKDAYS },
    CronField { name: "the years", least: 1970, most: 2199, names: &[] },
];

/// Checks the fields.
///
/// # Errors
/// The first thing that is none, or that nothing from `now` on fits.
pub(super) fn check(fields: [&str; 6], now: Timestamp) -> Result<(), ScheduleError> {
    let is_field = |c: char| c.is_ascii_alphanumeric() || ",-*?/#".contains(c);
    if !fields.iter().all(|field| field.chars().all(is_field)) {
        return Err(ScheduleError::NotAField);
    }
    let [minutes, hours, days, months, weekdays, years] = fields;
    let [of_minutes, of_hours, of_days, of_months, of_weekdays, of_years] = FIELDS;
    let minutes = of_minutes.numbers(minutes)?;
    let hours = of_hours.numbers(hours)?;
    let days = if days == "?" { Some((1..=31).collect()) } else { of_days.days(days, is_of_month)? };
    let months = of_months.numbers(months)?;
    if weekdays != "?" {
        of_weekdays.days(weekdays, |day| is_of_week(&of_weekdays, day))?;
    }
    let years = of_years.numbers(years)?;
    if (fields[2] == "?") == (fields[4] == "?") {
        return Err(ScheduleError::Days);
    }
    let now = now.to_zoned(TimeZone::UTC).datetime();
    let is_to_come =
        |hour: &i16| minutes.iter().any(|minute| (*hour, *minute) > (now.hour().into(), now.minute().into()));
    let first = if hours.iter().any(is_to_come) { now.date() } else { now.date().saturating_add(1.day()) };
    let fits = |days: &[i16]| {
        years.iter().filter(|year| **year >= first.year()).any(|year| {
            let mut dates = months.iter().flat_map(|month| days.iter().map(move |day| (*month, *day)));
            dates.any(|(month, day)| date(*year, month, day).is_some_and(|date| date >= first))
        })
    };
    // Without numbers they are told from the end of a month, or by weeks: each month has some.
    let every: Vec<i16> = (1..=31).collect();
    if fits(days.as_deref().unwrap_or(&every)) { Ok(()) } else { Err(ScheduleError::Never) }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `L`, `LW` and `L-3`, and the working day nearest to one: `15W`.
fn is_of_month(day: &str) -> bool {
    let nearest = day.strip_suffix('W').and_then(|day| day.parse::<i16>().ok());
    let before_last = day.strip_prefix("L-").and_then(|day| day.parse::<i16>().ok());
    ["L", "LW"].contains(&day)
        || [nearest, before_last].into_iter().flatten().any(|day| (1..=31).contains(&day))
}

/// The last one of a month, `6L`, and one of its five weeks: `6#3`.
fn is_of_week(field: &CronField, day: &str) -> bool {
    let is_day = |day: &str| field.number(day).is_ok();
    let of_week = |(day, week): (&str, &str)| is_day(day) && ["1", "2", "3", "4", "5"].contains(&week);
    day == "L" || day.strip_suffix('L').is_some_and(is_day) || day.split_once('#').is_some_and(of_week)
}

impl CronField {
    /// The numbers of a field of days; `None` where some are told in another way.
    fn days(&self, text: &str, is_other: impl Fn(&str) -> bool) -> Result<Option<Vec<i16>>, ScheduleError> {
        let upper = text.to_ascii_uppercase();
        let (other, plain): (Vec<&str>, Vec<&str>) = upper.split(',').partition(|item| is_other(item));
        let numbers = if plain.is_empty() { Vec::new() } else { self.numbers(&plain.join(","))? };
        Ok(Some(numbers).filter(|_| other.is_empty()))
    }

    /// The numbers that a field says, item by item.
    fn numbers(&self, text: &str) -> Result<Vec<i16>, ScheduleError> {
        let mut all = Vec::new();
        for item in text.to_ascii_uppercase().split(',') {
            let (base, step) = item.split_once('/').map_or((item, None), |(base, step)| (base, Some(step)));
            let step = match step.map(str::parse::<u16>) {
                None => 1,
                Some(Ok(0)) => return Err(ScheduleError::NoStep),
                Some(Ok(step)) => step,
                Some(Err(_)) => return Err(self.has_not(item)),
            };
            let (first, last) = match base.split_once('-') {
                _ if base == "*" || (base.is_empty() && item != base) => (self.least, self.most),
                Some((first, last)) => (self.number(first)?, self.number(last)?),
                None if item == base => (self.number(base)?, self.number(base)?),
                None => (self.number(base)?, self.most),
            };
            if first > last {
                return Err(ScheduleError::Backwards(item.to_owned()));
            }
            all.extend((first..=last).step_by(usize::from(step)));
        }
        Ok(all)
    }

    fn number(&self, text: &str) -> Result<i16, ScheduleError> {
        let named = self.names.iter().zip(self.least..).find(|(name, _)| **name == text);
        let (field, least, most) = (self.name, self.least, self.most);
        match named.map(|(_, number)| number).or_else(|| text.parse().ok()) {
            Some(number) if (least..=most).contains(&number) => Ok(number),
            Some(number) => Err(ScheduleError::OutOfRange { number, field, least, most }),
            // What is wrong with 8#2 is the day.
            None => match text.split_once('#') {
                Some((day, _)) => self.number(day).and(Err(self.has_not(text))),
                None => Err(self.has_not(text)),
            },
        }
    }

    fn has_not(&self, text: &str) -> ScheduleError {
        ScheduleError::NoneOf { text: text.to_owned(), field: self.name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Result<(), ScheduleError> {
        let fields: Vec<&str> = text.split(' ').collect();
        check(fields.try_into().expect("six fields"), "2026-11-30T12:00:00Z".parse().expect("a time"))
    }

    #[test]
    fn what_runs_is_taken() {
        for text in [
            "0 2 * * ? *",
            "0 2 ? * MON-FRI *",
            "0/15 2 L * ? 2027",
            "*/5,1-10/2,/7 0-23 15W,1 jan-mar,DEC ? 2026-2030",
            "0 2 ? * 6#3,7L,L 2026/2",
            "0/90 2 LW FEB ? *",
            "0 2 29 2 ? *",
            "1 12 30 11 ? 2026",
            "0 0,13 30 11 ? 2026",
            "0 2 30 11 ? 2026-2027",
            "0 2 L-3 2 ? *",
        ] {
            assert_eq!(told(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_is_none_of_a_field_is_named() {
        for (text, wrong) in [
            ("a 2 * * ? *", "a"),
            ("0 ? * * ? *", "?"),
            ("0 2 ? ? * *", "?"),
            ("0 2 1,? * ? *", "?"),
            ("0 2 1, * ? *", ""),
            ("0 2 1W5 * ? *", "1W5"),
            ("0 2 ? * 6#6 *", "6#6"),
            ("0 2 ? * FRY *", "FRY"),
            ("0 2 * L ? *", "L"),
            ("0 2 *-5 * ? *", "*"),
            ("0/x 2 * * ? *", "0/X"),
        ] {
            let is_it = |error: ScheduleError| matches!(error, ScheduleError::NoneOf { text, .. } if text.eq_ignore_ascii_case(wrong));
            assert!(told(text).is_err_and(is_it), "{text}: {:?}", told(text));
        }
    }

    #[test]
    fn what_never_runs_or_goes_backwards_is_refused() {
        for text in
            ["0 2 31 2 ? *", "0 2 30,31 FEB ? *", "0 2 31 4,6,9,11 ? *", "0 2 29 2 ? 2027", "0 2 * * ? 2025"]
        {
            assert_eq!(told(text), Err(ScheduleError::Never), "{text}");
        }
        assert_eq!(told("0 2 29 11 ? 2026"), Err(ScheduleError::Never), "yesterday");
        assert_eq!(told("0 2 30 11 ? 2026"), Err(ScheduleError::Never), "ten hours ago");
        assert_eq!(told("0 12 30 NOV ? 2026"), Err(ScheduleError::Never), "now");
        assert_eq!(told("0 5-1 * * ? *"), Err(ScheduleError::Backwards("5-1".to_owned())));
        assert_eq!(told("0 2 * * ? 2026-2025"), Err(ScheduleError::Backwards("2026-2025".to_owned())));
        assert_eq!(told("0 2 ? * FRI-MON *"), Err(ScheduleError::Backwards("FRI-MON".to_owned())));
        assert_eq!(told("0/0 2 * * ? *"), Err(ScheduleError::NoStep));
    }
}
