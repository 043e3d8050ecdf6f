//! The names that a run gives: legal for every cluster, and told apart by what tells runs apart.

use clustersnap::domain::snapshot_id::SnapshotId;

use super::{Rds, executed, plan_of};

/// Short ones, the longest, and such as a cut leaves a hyphen at the end of.
fn clusters() -> Vec<String> {
    let cut =
        ('d'..).zip(45..=50).map(|(first, length)| format!("{first:c<length$}-{}", "x".repeat(62 - length)));
    ["a".to_owned(), "orders-prod".to_owned(), "c".repeat(63)].into_iter().chain(cut).collect()
}

#[test]
fn a_runs_names_are_legal_and_keep_the_end_that_tells_them_apart() {
    let clusters = clusters();
    let names: Vec<&str> = clusters.iter().map(String::as_str).collect();
    let rds = Rds::new(Vec::new());
    // With how many hyphens of the template have no place in the name.
    for (template, begin, end, hyphens) in [
        ("{cluster}-{date}-{time}", "", "-20261201-0200", 0),
        ("{ticket}-{cluster}", "chg-1042-", "", 0),
        ("Before--{cluster}{date}-", "before-", "20261201", 1),
        ("{date}-{cluster}", "snapshot-20261201-", "", 0),
    ] {
        let run = executed(&rds, &plan_of(&names, &["--name", template]));
        for (request, cluster) in run["output"]["requests"].as_array().unwrap().iter().zip(&clusters) {
            let name = request["snapshot"].as_str().unwrap();
            assert!(SnapshotId::parse(name).is_ok_and(|id| id.as_str() == name), "{template}: {name}");
            // Of a cluster's name as much stands there as fits, less a hyphen at its end or beside another.
            let room = 63 - begin.len() - end.len() - hyphens;
            let kept: String = cluster.chars().take(room).collect();
            let kept = if end.starts_with(char::is_numeric) { &kept } else { kept.trim_end_matches('-') };
            assert_eq!(name, format!("{begin}{kept}{end}"), "{template} of {cluster}");
        }
    }
}
