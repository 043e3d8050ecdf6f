//! A valid proposal for a snapshot's identifier.

use jiff::civil::DateTime;

use super::cluster_id::ClusterId;
use super::snapshot_id::{MAX_CHARS, SnapshotId};

/// Proposes `CLUSTER-YYYYMMDD-HHMM`, cut to 63 characters without losing the time at the end.
///
/// `at` is the local date and time; whose, is the caller's choice.
#[must_use]
pub fn propose(cluster: &ClusterId, at: DateTime) -> String {
    with_end(cluster.as_str(), &at.strftime("%Y%m%d-%H%M").to_string())
}

/// Proposes a variant of a taken identifier that `is_taken` denies: the same with `-2`, `-3`, … at
/// its end.
#[must_use]
pub fn free_variant(taken: &SnapshotId, is_taken: impl Fn(&str) -> bool) -> String {
    let stem = match taken.as_str().rsplit_once('-') {
        Some((stem, end)) if !end.is_empty() && end.len() <= 2 && end.bytes().all(|b| b.is_ascii_digit()) => {
            stem
        }
        _ => taken.as_str(),
    };
    let mut number = 2_u32;
    loop {
        let candidate = with_end(stem, &number.to_string());
        if !is_taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// Joins a start and an end with a hyphen, so that the whole is a valid identifier and the end is kept.
fn with_end(start: &str, end: &str) -> String {
    let room = MAX_CHARS.saturating_sub(end.chars().count() + 1);
    let mut kept = String::new();
    for c in start.chars().map(|c| c.to_ascii_lowercase()) {
        let c = if c.is_ascii_alphanumeric() { c } else { '-' };
        let opens = kept.is_empty() && !c.is_ascii_alphabetic();
        if kept.len() < room && !opens && !(c == '-' && kept.ends_with('-')) {
            kept.push(c);
        }
    }
    let kept = kept.trim_end_matches('-');
    if kept.is_empty() { format!("snapshot-{end}") } else { format!("{kept}-{end}") }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn at() -> DateTime {
        jiff::civil::date(2026, 11, 23).at(1, 58, 0, 0)
    }

    #[test]
    fn a_proposal_names_the_cluster_and_the_minute() {
        let proposed = propose(&ClusterId::reported("orders-prod"), at());
        assert_eq!(proposed, "orders-prod-20261123-0158");
    }

    #[test]
    fn a_proposal_is_valid_whatever_the_cluster_is_called_and_keeps_its_end() {
        for cluster in [&"c".repeat(63), &format!("{}-x", "c".repeat(47)), "", "1-a--b", "größe", "-"] {
            let proposed = propose(&ClusterId::reported(cluster), at());
            assert!(SnapshotId::parse(&proposed).is_ok(), "{proposed}");
            assert!(proposed.ends_with("20261123-0158"), "{proposed}");
        }
    }

    #[test]
    fn a_free_variant_counts_on() {
        let taken = SnapshotId::parse("a-20261123-0158").unwrap();
        assert_eq!(free_variant(&taken, |_| false), "a-20261123-0158-2");
        let second = SnapshotId::parse("a-20261123-0158-2").unwrap();
        assert_eq!(free_variant(&second, |name| name == "a-20261123-0158-2"), "a-20261123-0158-3");
        let long = SnapshotId::parse(&"a".repeat(63)).unwrap();
        assert_eq!(free_variant(&long, |_| false).len(), 63);
    }
}
