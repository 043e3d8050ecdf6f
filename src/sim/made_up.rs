//! DB clusters that are made up from the name of their place: the same ones each time, and others in each account and
//! Region, so that a simulator without a file is a fleet to look through.

use fastrand::Rng;

use super::clock::Period;
use super::fleet::{ClusterSpec, SnapshotSpec};
use super::places::AccountRegion;

/// What an account is for, by the last digit of its number: its clusters are called and tagged after it.
const STAGES: [&str; 3] = ["dev", "staging", "prod"];
/// What clusters are for, and whose they are.
const SERVICES: [(&str, &str); 24] = [
    ("orders", "shop"),
    ("payments", "finance"),
    ("inventory", "shop"),
    ("catalogue", "shop"),
    ("sessions", "platform"),
    ("search", "platform"),
    ("billing", "finance"),
    ("invoices", "finance"),
    ("identity", "platform"),
    ("pricing", "shop"),
    ("returns", "shop"),
    ("shipping", "logistics"),
    ("routing", "logistics"),
    ("loyalty", "marketing"),
    ("reviews", "marketing"),
    ("metrics", "observability"),
    ("audit", "risk"),
    ("claims", "risk"),
    ("content", "media"),
    ("booking", "travel"),
    ("quotes", "sales"),
    ("devices", "iot"),
    ("tickets", "support"),
    ("tenants", "platform"),
];
/// Engines with their versions.
const ENGINES: [(&str, &str); 6] = [
    ("aurora-postgresql", "16.4"),
    ("aurora-postgresql", "15.8"),
    ("aurora-mysql", "8.0.mysql_aurora.3.08.0"),
    ("aurora-mysql", "8.0.mysql_aurora.3.05.2"),
    ("mysql", "8.0.39"),
    ("postgres", "16.4"),
];
/// How many clusters a place has: at least, and up to.
const CLUSTERS: std::ops::RangeInclusive<usize> = 5..=12;

/// The clusters of a place.
pub fn clusters(place: &AccountRegion) -> Vec<ClusterSpec> {
    let last = place.account.bytes().last().unwrap_or_default();
    let stage = STAGES[usize::from(last.saturating_sub(b'0')) % STAGES.len()];
    let name = format!("{} {}", place.account, place.region);
    let mut numbers = Rng::with_seed(u64::from(crc32fast::hash(name.as_bytes())));
    let mut services = SERVICES;
    numbers.shuffle(&mut services);
    let count = numbers.usize(CLUSTERS);
    services.iter().take(count).map(|(service, owner)| cluster(&mut numbers, service, owner, stage)).collect()
}

fn cluster(numbers: &mut Rng, service: &str, owner: &str, stage: &str) -> ClusterSpec {
    let (engine, version) = ENGINES[numbers.usize(..ENGINES.len())];
    let identifier = format!("{service}-{stage}");
    let days = numbers.i64(20..1_200);
    let status = match numbers.u8(..20) {
        0 => "stopped",
        1 => "modifying",
        2 => "backing-up",
        _ => "available",
    };
    let is_multi_az = matches!(engine, "mysql" | "postgres");
    let members = (1..=numbers.u8(1..=3)).map(|member| format!("{identifier}-{member}"));
    let tags = [("env", stage), ("owner", owner), ("service", service)];
    ClusterSpec {
        status: status.to_owned(),
        available_after: (status == "backing-up").then(|| Period::seconds(90)),
        age: day(days),
        members: members.collect(),
        instance_class: is_multi_az.then(|| "db.m6gd.large".to_owned()),
        storage_gib: if is_multi_az { numbers.i64(100..4_000) } else { 1 },
        deletion_protection: stage == "prod",
        automated_snapshots: numbers.u32(1..=7),
        snapshots: snapshots(numbers, &identifier, days),
        tags: tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        ..ClusterSpec::new(&identifier, engine, version)
    }
}

/// Some that people took, each at its own age.
fn snapshots(numbers: &mut Rng, cluster: &str, days: i64) -> Vec<SnapshotSpec> {
    const REASONS: [&str; 4] = ["before-upgrade", "month-end", "before-migration", "release"];
    let count = numbers.usize(..=REASONS.len() / 2);
    let snapshot = |reason: &&str| {
        let age = day(numbers.i64(1..days));
        let takes = Period::seconds(numbers.i64(90..2_400));
        SnapshotSpec { takes, ..SnapshotSpec::new(&format!("{cluster}-{reason}"), age) }
    };
    REASONS.iter().take(count).map(snapshot).collect()
}

const fn day(days: i64) -> Period {
    Period::seconds(days * 86_400)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::cluster_id::ClusterId;

    fn names(account: &str, region: &str) -> Vec<String> {
        let place = AccountRegion { account: account.to_owned(), region: region.to_owned() };
        clusters(&place).into_iter().map(|spec| spec.identifier).collect()
    }

    #[test]
    fn a_place_has_the_same_clusters_each_time_and_no_other_place_has_them() {
        let mut fleets = BTreeSet::new();
        for account in ["111111111111", "222222222222", "333333333333"] {
            for region in ["eu-west-1", "eu-central-1", "us-east-1", "ap-southeast-2"] {
                let found = names(account, region);
                assert_eq!(found, names(account, region));
                assert!(CLUSTERS.contains(&found.len()), "{found:?}");
                assert!(found.iter().all(|name| ClusterId::parse(name).is_ok()), "{found:?}");
                fleets.insert(found);
            }
        }
        assert_eq!(fleets.len(), 12);
    }
}
