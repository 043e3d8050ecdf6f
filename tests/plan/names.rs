//! The names that a run gives: legal for every cluster, and told apart by what tells runs apart.

use clustersnap::domain::snapshot_id::SnapshotId;

use super::{Rds, executed, plan_of};

/// Short ones, the longest, and such as a cut leaves a hyphen at the end of.
fn clusters() -> Vec<String> {
    let cut = (45..=50).map(|length| format!("{}-{}", "c".repeat(length), "x".repeat(62 - length)));
    ["a".to_owned(), "orders-prod".to_owned(), "c".repeat(63)].into_iter().chain(cut).collect()
}

#[test]
fn a_runs_names_are_legal_and_keep_the_end_that_tells_them_apart() {
    let clusters = clusters();
    let names: Vec<&str> = clusters.iter().map(String::as_str).collect();
    let rds = Rds::new(Vec::new());
    for (template, begin, end) in [
        ("{cluster}-{date}-{time}", "", "-20261201-0200"),
        ("{ticket}-{cluster}", "chg-1042-", ""),
        ("Before--{cluster}{date}-", "before-", "20261201"),
        ("{date}-{cluster}", "snapshot-20261201-", ""),
    ] {
        let run = executed(&rds, &plan_of(&names, &["--name", template]));
        for (request, cluster) in run["output"]["requests"].as_array().unwrap().iter().zip(&clusters) {
            let name = request["snapshot"].as_str().unwrap();
            assert!(SnapshotId::parse(name).is_ok_and(|id| id.as_str() == name), "{template}: {name}");
            // Of a cluster's name as much stands there as fits, less a hyphen at its end or beside another.
            let kept = &cluster[..cluster.len().min(63 - begin.len() - end.len())];
            let kept = if end.starts_with('-') || end.is_empty() { kept.trim_end_matches('-') } else { kept };
            let (begin, kept) = if template.starts_with("Before--") {
                // The hyphens of the template count before they are made one.
                (begin, &cluster[..cluster.len().min(63 - "before-".len() - "20261201-".len())])
            } else {
                (begin, kept)
            };
            assert_eq!(name, format!("{begin}{kept}{end}"), "{template} of {cluster}");
        }
    }
}
