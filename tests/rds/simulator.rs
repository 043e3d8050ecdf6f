//! Every call, against the simulator through its in-process door.

use std::sync::Arc;
use std::time::Duration;

use clustersnap::domain::event::{Milestone, SnapshotEvent};
use clustersnap::domain::failure::FailureKind;
use clustersnap::domain::page::SnapshotScope;
use clustersnap::domain::status::SnapshotStatus;
use clustersnap::domain::tag::Tag;
use clustersnap::rds::Client;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Simulator, SimulatorOptions, in_process};
use clustersnap::submit::service::Service as _;

use super::support::demo;
use super::{cluster, name, request};

const CREATE: &str = "CreateDBClusterSnapshot";
const SNAPSHOTS: &str = "DescribeDBClusterSnapshots";
const CLUSTERS: &str = "DescribeDBClusters";

const FLEET: &str = r#"
[[cluster]]
identifier = "orders"
engine = "aurora-postgresql"
engine_version = "16.4"
snapshot_takes = "100s"
tags = { owner = "dba" }
"#;

fn simulator(faults: Vec<Fault>) -> Arc<Simulator> {
    let options = SimulatorOptions {
        epoch: Some("2026-11-23T02:00:00Z".parse().unwrap()),
        ..SimulatorOptions::default()
    };
    Arc::new(Simulator::new(Fleet::from_toml(FLEET).unwrap(), FaultScript::new(faults), options))
}

fn client(simulator: &Arc<Simulator>) -> Client {
    demo::client(in_process::connector(Arc::clone(simulator)), false)
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_created_looked_up_and_followed() {
    let sim = simulator(vec![]);
    let client = client(&sim);
    assert_eq!(client.look_up(&name("a")).await.unwrap().snapshot, None);
    let accepted = client.create_once(&request("orders", "a")).await.unwrap();
    assert!(accepted.request_id.is_some());
    assert_eq!(accepted.snapshot.status, SnapshotStatus::Creating);
    assert_eq!(accepted.snapshot.cluster, Some(cluster("orders")));
    assert_eq!(accepted.snapshot.tags, [Tag::new("owner", "dba"), Tag::new("empty", "")].into());
    tokio::time::advance(Duration::from_secs(200)).await;
    let sighting = client.look_up(&name("a")).await.unwrap();
    assert!(sighting.snapshot.unwrap().status.is_usable());
    assert_eq!(sighting.server_time, Some("2026-11-23T02:03:20Z".parse().unwrap()));
    let found = client.snapshots_named(&[name("a"), name("nothing")]).await.unwrap();
    assert_eq!(found.listed.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["a"]);
    let caller = client.caller().await.unwrap();
    assert_eq!(found.account, Some(caller.account.clone()));
    assert_eq!(found.server_time, Some("2026-11-23T02:03:20Z".parse().unwrap()));
    let nothing = client.snapshots_named(&["nothing".to_owned()]).await.unwrap();
    assert_eq!((nothing.listed.len(), nothing.account), (0, None));
    let events = client.events_page(60, None).await.unwrap();
    let milestones: Vec<_> = events.items.iter().filter_map(SnapshotEvent::milestone).collect();
    assert_eq!(milestones, [Milestone::Begun, Milestone::Finished]);
}

#[tokio::test(start_paused = true)]
async fn the_caller_the_quota_and_the_clusters_are_read() {
    let sim = simulator(vec![]);
    let client = client(&sim);
    let caller = client.caller().await.unwrap();
    assert_eq!(caller.account.as_str().len(), 12);
    assert!(client.quota().await.unwrap().unwrap().max > 0);
    let page = client.clusters_page(None).await.unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
    assert_eq!(page.items.first(), client.cluster(&cluster("orders")).await.unwrap().as_ref());
    assert_eq!(client.cluster(&cluster("nobody")).await.unwrap(), None);
    for scope in [SnapshotScope::Region, SnapshotScope::Manual, SnapshotScope::Cluster(cluster("orders"))] {
        client.create_once(&request("orders", "a")).await.ok();
        tokio::time::advance(Duration::from_secs(200)).await;
        let page = client.snapshots_page(&scope, None).await.unwrap();
        assert_eq!(page.items.len(), 1, "{scope:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_list_is_read_page_by_page() {
    let fleet = Fleet::generated(250);
    let sim = Arc::new(Simulator::new(fleet, FaultScript::default(), SimulatorOptions::default()));
    let client = client(&sim);
    let mut sizes = Vec::new();
    let mut marker = None;
    loop {
        let page = client.clusters_page(marker.as_deref()).await.unwrap();
        sizes.push(page.items.len());
        marker = page.next;
        if marker.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [100, 100, 50]);
}

/// Each way that a create can end without a good answer, and what it means.
fn bad_answers() -> Vec<(FaultyAnswer, FailureKind, bool)> {
    use FailureKind as K;
    vec![
        (FaultyAnswer::Refuse, K::NoConnection, true),
        (FaultyAnswer::error(400, "Throttling", "Rate exceeded"), K::Throttled, true),
        (FaultyAnswer::error(403, "ExpiredToken", "x"), K::ExpiredCredentials, true),
        (FaultyAnswer::error(403, "AccessDenied", "x"), K::AccessDenied, true),
        (FaultyAnswer::error(400, "SnapshotQuotaExceeded", "x"), K::QuotaExceeded, true),
        (FaultyAnswer::error(500, "InternalFailure", "x"), K::ServerTrouble, false),
        (FaultyAnswer::error(503, "ServiceUnavailable", "x"), K::ServerTrouble, false),
        (FaultyAnswer::body(502, "<html>Bad Gateway</html>"), K::UnreadableAnswer, false),
        (FaultyAnswer::body(504, ""), K::UnreadableAnswer, false),
        (FaultyAnswer::body(200, ""), K::UnreadableAnswer, false),
        (FaultyAnswer::body(200, "<html>Please log in</html>"), K::UnreadableAnswer, false),
        (FaultyAnswer::body(403, "<html>Blocked</html>"), K::UnreadableAnswer, false),
        (FaultyAnswer::Garbage, K::UnreadableAnswer, false),
        (FaultyAnswer::Truncate { percent: 50 }, K::LostAnswer, false),
        (FaultyAnswer::Drop, K::LostAnswer, false),
        (FaultyAnswer::Hang, K::LostAnswer, false),
        (FaultyAnswer::Drip { bytes: 8, every: Period::seconds(1) }, K::LostAnswer, false),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_create_is_sent_once_whatever_is_answered_and_the_failure_says_what_it_means() {
    for (answer, kind, refused) in bad_answers() {
        let sim = simulator(vec![Fault::on(CREATE).answer(answer.clone())]);
        let failure = client(&sim).create_once(&request("orders", "a")).await.unwrap_err();
        assert_eq!((failure.kind, failure.refused), (kind, refused), "{answer:?}: {failure}");
        assert_eq!(sim.calls(CREATE), 1, "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_that_hangs_is_given_up_after_twenty_seconds() {
    let sim = simulator(vec![Fault::on(CREATE).answer(FaultyAnswer::Hang)]);
    let start = tokio::time::Instant::now();
    client(&sim).create_once(&request("orders", "a")).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn a_read_is_tried_three_times_and_within_its_limit() {
    for answer in [
        FaultyAnswer::error(400, "Throttling", "x"),
        FaultyAnswer::Drop,
        FaultyAnswer::body(503, ""),
        FaultyAnswer::Hang,
    ] {
        let sim = simulator(vec![Fault::on(CLUSTERS).answer(answer.clone())]);
        let start = tokio::time::Instant::now();
        client(&sim).clusters_page(None).await.unwrap_err();
        assert_eq!(sim.calls(CLUSTERS), 3, "{answer:?}");
        assert!(start.elapsed() <= Duration::from_secs(35), "{answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_about_another_snapshot_is_not_taken_for_this_one() {
    let edit = |element, text| Fault::on("*").edit(element, text);
    for (fault, words) in [
        (edit("DBClusterSnapshotIdentifier", Some("other")), "another snapshot"),
        (edit("DBClusterSnapshotIdentifier", None), "names no snapshot"),
        (edit("DBClusterSnapshotArn", Some("arn:aws:rds:r:1:cluster-snapshot:b")), "another snapshot"),
        (edit("DBClusterSnapshotArn", Some("arn:aws:rds:r:1:cluster:a")), "another snapshot"),
    ] {
        let sim = simulator(vec![fault]);
        let failure = client(&sim).create_once(&request("orders", "a")).await.unwrap_err();
        assert_eq!((failure.kind, failure.refused), (FailureKind::UnreadableAnswer, false));
        assert!(failure.message.contains(words), "{failure}");
        assert!(failure.request_id.is_some());
    }
    let sim = simulator(vec![]);
    let client = client(&sim);
    client.create_once(&request("orders", "a")).await.unwrap();
    tokio::time::advance(Duration::from_secs(200)).await;
    sim.set_faults(FaultScript::new(vec![
        Fault::on(SNAPSHOTS).edit("DBClusterSnapshotIdentifier", Some("other")),
    ]));
    assert_eq!(client.look_up(&name("a")).await.unwrap_err().kind, FailureKind::UnreadableAnswer);
}

#[tokio::test(start_paused = true)]
async fn whose_snapshot_was_answered_is_handed_on_and_not_lost_in_a_failure() {
    let elsewhere = "arn:aws:rds:us-east-1:222222222222:cluster-snapshot:A";
    let fault = Fault::on(CREATE)
        .edit("DBClusterSnapshotArn", Some(elsewhere))
        .edit("DBClusterIdentifier", Some("other"))
        .edit("SnapshotType", Some("automated"));
    let accepted = client(&simulator(vec![fault])).create_once(&request("orders", "a")).await.unwrap();
    assert_eq!(accepted.snapshot.arn.as_deref(), Some(elsewhere));
    assert_eq!(accepted.snapshot.cluster, Some(cluster("other")));
    assert_eq!(accepted.snapshot.kind.as_str(), "automated");
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_or_odd_in_a_snapshot_is_kept_as_it_is() {
    let odd = Fault::on(CREATE)
        .edit("PercentProgress", Some("-1"))
        .edit("SnapshotCreateTime", None)
        .edit("Status", Some("pending\u{202e}"));
    let sim = simulator(vec![odd]);
    let snapshot = client(&sim).create_once(&request("orders", "a")).await.unwrap().snapshot;
    assert_eq!((snapshot.percent, snapshot.created_at), (Some(0), None));
    assert_eq!(snapshot.status.as_str(), "pending\u{202e}");
}

#[tokio::test(start_paused = true)]
async fn read_only_lets_reads_pass_and_nothing_else_leave() {
    let sim = simulator(vec![]);
    let client = demo::client(in_process::connector(Arc::clone(&sim)), true);
    assert!(client.target().is_read_only);
    client.caller().await.unwrap();
    client.clusters_page(None).await.unwrap();
    client.look_up(&name("a")).await.unwrap();
    let failure = client.create_once(&request("orders", "a")).await.unwrap_err();
    assert_eq!((failure.kind, failure.refused), (FailureKind::ReadOnly, true));
    assert!(failure.message.contains(CREATE), "{failure}");
    assert_eq!(sim.calls(CREATE), 0);
}

#[tokio::test(start_paused = true)]
async fn a_list_of_names_whose_markers_come_round_is_an_error_and_no_endless_loop() {
    let sim = simulator(vec![Fault::on(SNAPSHOTS).answer(FaultyAnswer::LoopingMarker)]);
    let failure = client(&sim).snapshots_named(&[name("a")]).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::UnreadableAnswer);
    assert!(failure.message.contains("leads in a circle"), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn a_member_that_cannot_be_read_costs_that_member_and_not_the_list() {
    let fleet = Fleet::from_toml(FLEET).unwrap();
    let sim = Arc::new(Simulator::new(fleet, FaultScript::default(), SimulatorOptions::default()));
    let client = client(&sim);
    client.create_once(&request("orders", "a")).await.unwrap();
    tokio::time::advance(Duration::from_secs(200)).await;
    for time in ["", " ", "yesterday", "9999999-01-01T00:00:00Z"] {
        let fault =
            Fault::on(SNAPSHOTS).edit("SnapshotCreateTime", Some(time)).edit("AllocatedStorage", Some(""));
        sim.set_faults(FaultScript::new(vec![fault]));
        let page = client.snapshots_page(&SnapshotScope::Region, None).await.unwrap();
        let found = page.items.iter().find(|snapshot| snapshot.id == "a").unwrap();
        assert_eq!((found.created_at, found.allocated_gib), (None, None), "{time:?}");
        assert!(found.status.is_usable() && found.tags.len() == 2);
    }
    for (size, read) in
        [("plenty", None), ("50.5", None), ("99999999999", None), (" 50 ", Some(50)), ("50\n", Some(50))]
    {
        let fault = Fault::on(SNAPSHOTS)
            .edit("AllocatedStorage", Some(size))
            .edit("StorageEncrypted", Some("perhaps"));
        sim.set_faults(FaultScript::new(vec![fault]));
        let page = client.snapshots_page(&SnapshotScope::Region, None).await.unwrap();
        let found = page.items.iter().find(|snapshot| snapshot.id == "a").unwrap();
        assert_eq!(found.allocated_gib, read, "{size:?}");
        assert!(found.status.is_usable() && found.created_at.is_some());
    }
}
