//! The one reader of times in text, wherever credentials say when they end: the forms that the AWS command line takes
//! (those of Python's dateutil), as far as any program is known to write them.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// Forms that are neither ISO 8601 nor RFC 2822: what `date` prints, and two with the month in words.
const OTHERS: [&str; 3] = ["%a %b %d %H:%M:%S %z %Y", "%A, %d-%b-%y %H:%M:%S %z", "%b %d %Y %H:%M:%S %z"];

/// The moment that a text names. One without an offset or `UTC` names none.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    // All that is said of UTC, written in the one way that each of the forms below takes.
    let text = text.trim().replace("UTC", "+0000").replace("GMT", "+0000");
    // What some write for never is beyond what can be held; a year less is as far.
    let text = text.strip_prefix("9999").map_or(text.clone(), |rest| format!("9998{rest}"));
    let iso = || {
        let (date, rest) = text.split_at_checked(10)?;
        let rest: String = rest.split_whitespace().collect();
        let joint = if rest.starts_with(['T', 't']) || date.contains('T') { "" } else { "T" };
        format!("{}{joint}{rest}", date.replace(['/', '.'], "-")).parse().ok()
    };
    let other = |format: &&str| Timestamp::strptime(format, &text).ok();
    let mail = || Some(DateTimeParser::new().relaxed_weekday(true).parse_zoned(&text).ok()?.timestamp());
    iso().or_else(mail).or_else(|| OTHERS.iter().find_map(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_every_form_that_the_aws_command_line_reads() {
        let expected = "2026-11-30T10:00:00Z".parse().ok();
        for text in [
            "2026-11-30T10:00:00Z",
            "2026-11-30t10:00:00z",
            " 2026-11-30T10:00:00Z\n",
            "2026-11-30T10:00:00 Z",
            "2026-11-30T10:00Z",
            "20261130T100000Z",
            "2026-11-30T10:00:00.000000Z",
            "2026-11-30T10:00:00UTC",
            "2026-11-30T10:00:00GMT",
            "2026-11-30 10:00:00 UTC",
            "2026-11-30T10:00:00+00:00",
            "2026-11-30T10:00:00+0000",
            "2026-11-30 10:00:00 +00:00",
            "2026-11-30 11:00:00.000 +01",
            "2026-11-30T02:30:00-07:30",
            "2026/11/30 10:00:00 UTC",
            "2026.11.30 10:00:00 UTC",
            "Mon, 30 Nov 2026 10:00:00 GMT",
            "Mon, 30 Nov 2026 11:00:00 +0100",
            "Fri, 30 Nov 2026 10:00:00 GMT",
            "30 Nov 2026 10:00:00 UTC",
            "Mon Nov 30 10:00:00 UTC 2026",
            "Monday, 30-Nov-26 10:00:00 GMT",
            "Nov 30 2026 10:00:00 UTC",
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn the_last_moment_of_the_calendar_is_a_time() {
        for text in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999+00:00", "99991231T235959Z"] {
            assert!(read(text) > read("9998-12-31T00:00:00Z"), "{text}");
        }
    }

    #[test]
    fn what_names_no_moment_is_no_time() {
        for text in
            ["", "soon", "2026-11-30", "2026-11-30T10:00:00", "1796032800", "UTC", "2026-13-30T10:00:00Z"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
