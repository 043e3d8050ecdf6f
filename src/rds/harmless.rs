//! Answers as they come from outside, made harmless before the AWS SDK reads them.
//!
//! The SDK adds up times out of headers without a check, and panics over what no calendar holds. So a header
//! that cannot be what its sender means is dropped or clamped here, for every call that is made: to RDS, to STS,
//! and by whatever gets credentials. So does the largest answer: the SDK reads one to its end, however far that
//! is.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::http::Headers;
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::date_time::Format;
use http_body_util::Limited;

/// The seconds since 1970 at which a server's clock is taken for one: the years 2000 to 2199. The SDK signs by
/// the server's clock, and panics beyond the year 9999.
const CREDIBLE: std::ops::Range<i64> = 946_684_800..7_258_118_400;
/// The largest answer that is read, in MiB. A page has 100 rows; with 50 tags of full length each, that is 8 MiB.
/// Something else than AWS may know no pages, and give some thousand rows at once.
pub(super) const LARGEST_MIB: usize = 32;

/// Makes an answer harmless.
pub(super) fn make_harmless(answer: &mut HttpResponse) {
    clean(answer.headers_mut());
    limit(answer.body_mut());
}

/// Lets a body fail that is too large; what is in memory already cannot grow.
fn limit(body: &mut SdkBody) {
    if body.bytes().is_none() {
        let whole = std::mem::replace(body, SdkBody::taken());
        *body = SdkBody::from_body_1_x(Limited::new(whole, LARGEST_MIB * 1024 * 1024));
    }
}

fn clean(headers: &mut Headers) {
    let is_credible = |date: &str| {
        DateTime::from_str(date, Format::HttpDate).is_ok_and(|date| CREDIBLE.contains(&date.secs()))
    };
    if headers.get("date").is_some_and(|date| !is_credible(date)) {
        headers.remove("date");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(name: &'static str, value: &str) -> Option<String> {
        let mut headers = Headers::new();
        headers.insert(name, value.to_owned());
        clean(&mut headers);
        headers.get(name).map(str::to_owned)
    }

    #[test]
    fn a_clock_that_no_server_has_is_no_clock() {
        let now = "Mon, 23 Nov 2026 01:58:07 GMT";
        assert_eq!(cleaned("date", now).as_deref(), Some(now));
        for date in [
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Wed, 01 Jan 2200 00:00:00 GMT",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Sat, 01 Jan 0000 00:00:00 GMT",
            "yesterday",
            "",
        ] {
            assert_eq!(cleaned("date", date), None, "{date}");
        }
    }
}
