//! `MaxRecords` and `Marker`: one page of a sorted list.
//!
//! A marker names the last item of its page, so it stays good while items come and go.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;

use super::errors::ApiError;
use super::query::Params;

/// The least and the most records of a page (RDS API reference); the most is also the default.
const RECORDS: std::ops::RangeInclusive<usize> = 20..=100;

/// A page of a list, and the marker of the next.
#[derive(Debug)]
pub struct SimulatedPage<T> {
    /// The records.
    pub items: Vec<T>,
    /// Where the next page begins, unless this is the last.
    pub marker: Option<String>,
}

/// Sorts a list by key and cuts the page that was asked for out of it.
///
/// # Errors
/// `InvalidParameterValue` for a number of records out of bounds, or a marker that is none.
pub fn page<T, K: Ord + AsRef<str>>(
    params: &Params,
    mut items: Vec<T>,
    key: impl Fn(&T) -> K,
) -> Result<SimulatedPage<T>, ApiError> {
    let limit = match params.get("MaxRecords") {
        None => *RECORDS.end(),
        Some(text) => text.parse().ok().filter(|limit| RECORDS.contains(limit)).ok_or_else(|| {
            ApiError::invalid_value(format!(
                "Invalid value {text} for MaxRecords. Must be between 20 and 100"
            ))
        })?,
    };
    if let Some(marker) = params.get("Marker") {
        let last = URL_SAFE_NO_PAD.decode(marker).ok().and_then(|last| String::from_utf8(last).ok());
        let last = last.ok_or_else(|| ApiError::invalid_value(format!("Invalid marker: {marker}")))?;
        items.retain(|item| key(item).as_ref() > last.as_str());
    }
    let by_key = |a: &T, b: &T| key(a).cmp(&key(b));
    let more = items.len() > limit;
    if more {
        // Of a hundred thousand only those are sorted that are answered with.
        items.select_nth_unstable_by(limit, by_key);
        items.truncate(limit);
    }
    items.sort_unstable_by(by_key);
    let marker = items.last().filter(|_| more).map(|item| URL_SAFE_NO_PAD.encode(key(item).as_ref()));
    Ok(SimulatedPage { items, marker })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::query::SimRequest;
    use super::*;

    fn ask(query: &str, items: Vec<String>) -> Result<SimulatedPage<String>, ApiError> {
        let params = SimRequest { query: query.to_owned(), ..SimRequest::default() }.params();
        page(&params, items, Clone::clone)
    }

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("n{n:03}")).collect()
    }

    #[test]
    fn pages_cover_everything_once_even_if_items_vanish_between_them() {
        let first = ask("MaxRecords=20", names(45)).unwrap();
        let marker = first.marker.unwrap();
        let rest: Vec<String> = names(45).into_iter().filter(|name| name != "n019").collect();
        let second = ask(&format!("MaxRecords=100&Marker={marker}"), rest).unwrap();
        assert_eq!(second.items, names(45).split_off(20));
        assert_eq!(second.marker, None);
    }

    #[test]
    fn a_full_last_page_has_no_marker() {
        assert_eq!(ask("", names(100)).unwrap().marker, None);
        assert!(ask("", names(101)).unwrap().marker.is_some());
    }

    #[test]
    fn numbers_and_markers_out_of_bounds_are_refused() {
        for query in ["MaxRecords=19", "MaxRecords=101", "MaxRecords=x", "Marker=xyz", "Marker=abc"] {
            assert_eq!(ask(query, names(3)).unwrap_err().code, "InvalidParameterValue", "{query}");
        }
    }
}
