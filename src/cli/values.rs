//! Values as people write them, and what is said of those that are none: never in the words of a library.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};

/// The most clusters that the simulator makes: as many as the program lists.
const MOST_CLUSTERS: usize = 200_000;

/// A name of a list, without the blanks beside its commas.
#[expect(clippy::unnecessary_wraps, reason = "clap wants a parser that can fail")]
pub(super) fn trimmed(text: &str) -> Result<String, Infallible> {
    Ok(text.trim().to_owned())
}

/// A length of time: `90s`, `45m`, `1h30m`, `3d`. A day has 24 hours, as in filters.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    // What has no days in it may be longer than dates go.
    let length = text.parse::<SignedDuration>().or_else(|_days| {
        text.parse::<Span>().and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()))
    });
    match length.map(Duration::try_from) {
        Err(_unclear) => Err("write it like 90s, 45m, 1h30m or 3d".to_owned()),
        Ok(Ok(length)) if !length.is_zero() => Ok(length),
        Ok(_) => Err("it has to be longer than nothing".to_owned()),
    }
}

/// A count of what there may be none of.
pub(super) fn count(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_unclear| "it takes a whole number".to_owned())
}

/// A count of at least one, as a type that holds no other.
pub(super) fn some<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_unclear| "it takes a whole number of at least 1".to_owned())
}

/// A count of the simulator's clusters.
pub(super) fn clusters(text: &str) -> Result<usize, String> {
    let known = count(text)?;
    if known > MOST_CLUSTERS { Err(format!("at most {MOST_CLUSTERS}")) } else { Ok(known) }
}

/// A factor above nothing.
pub(super) fn factor(text: &str) -> Result<f64, String> {
    let factor = text.parse().ok().filter(|factor: &f64| factor.is_finite() && *factor > 0.0);
    factor.ok_or_else(|| "it takes a number above 0".to_owned())
}

/// An address with its port.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_unclear| "it takes an address and a port, such as 127.0.0.1:8080".to_owned())
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use clap::Parser as _;

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn a_time_is_written_as_people_write_it() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        assert_eq!(duration("2h"), Ok(Duration::from_hours(2)));
        assert_eq!(duration("3d"), Ok(Duration::from_hours(72)));
        for wrong in ["", "2", "soon", "-5m", "0s", "1mo", "99999999d"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wrong_number_is_told_in_plain_words() {
        assert_eq!(some::<NonZeroU32>("7").map(NonZeroU32::get), Ok(7));
        for (line, told) in [
            ("delete x --keep-last 0", "a whole number of at least 1"),
            ("delete x --keep-last -1", "a whole number of at least 1"),
            ("plan x --at y --change z --keep-last few", "a whole number of at least 1"),
            ("delete x --yes all", "it takes a whole number"),
            ("tag x k=v --yes -3", "it takes a whole number"),
            ("sim --clusters 99999999999", "at most 200000"),
            ("sim --clusters many", "it takes a whole number"),
            ("sim --speed 0", "a number above 0"),
            ("sim --speed fast", "a number above 0"),
            ("sim --listen 8080", "an address and a port"),
        ] {
            let words = std::iter::once("clustersnap").chain(line.split(' '));
            let error = Cli::try_parse_from(words).expect_err(line).to_string();
            assert!(error.contains(told), "{line}: {error}");
        }
    }
}
