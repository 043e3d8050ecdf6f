//! The room `rds`: against the embedded simulator on paused time, on a real wire whose requests are
//! counted, and in bad environments.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod environment;
mod hostile;
mod identity;
mod login;
mod machine;
mod refusals;
mod renewals;
mod services;
mod simulator;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;
mod ways;
mod wire;

use support::pty;

use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::mark::RequestNumber;
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;

fn name(text: &str) -> SnapshotId {
    SnapshotId::parse(text).unwrap()
}

fn cluster(text: &str) -> ClusterId {
    ClusterId::parse(text).unwrap()
}

fn request(of: &str, named: &str) -> SnapshotRequest {
    SnapshotRequest {
        number: RequestNumber::new(jiff::Timestamp::UNIX_EPOCH, 1),
        cluster: cluster(of),
        cluster_resource_id: None,
        snapshot: name(named),
        tags: TagSet::parse([("owner", "dba"), ("empty", "")]).unwrap(),
        mark: None,
        change: None,
    }
}
