//! Values that tests begin with: the least that each can have. A test says what it is about with `..`.

use std::sync::Arc;

use clustersnap::domain::account::AccountId;
use clustersnap::domain::cluster::{Cluster, Encryption, Storage};
use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::context::{Caller, Target};
use clustersnap::domain::engine::{Capacity, EngineFamily};
use clustersnap::domain::record::{Intent, Record};
use clustersnap::domain::snapshot::{More, Snapshot, SnapshotKind};
use clustersnap::domain::status::{ClusterStatus, SnapshotStatus};
use jiff::Timestamp;

/// The account that everything is in.
pub const ACCOUNT: &str = "123456789012";

/// AWS in one Region.
pub fn place(region: &str) -> Target {
    Target {
        region: Some(region.to_owned()),
        resolved: Some(format!("https://rds.{region}.amazonaws.com")),
        ..Target::default()
    }
}

/// An account by its number.
pub fn account_id(number: &str) -> AccountId {
    AccountId::reported(number).expect("an account has a number")
}

/// A person of an account.
pub fn caller(account: &str) -> Caller {
    Caller { account: account_id(account), arn: format!("arn:aws:iam::{account}:user/dba") }
}

/// A cluster of which little is known but its status.
pub fn cluster(id: &str, status: &str) -> Cluster {
    Cluster {
        id: ClusterId::reported(id),
        arn: None,
        resource_id: None,
        family: EngineFamily::AuroraPostgresql,
        engine_version: None,
        capacity: Capacity::Provisioned,
        global_cluster: None,
        status: ClusterStatus::reported(status),
        created_at: None,
        members: Vec::new(),
        storage: Storage { encryption: Encryption::Unknown, ..Storage::default() },
        copies_tags: None,
        tags: Vec::new(),
    }
}

/// The ARN of a snapshot in an account.
pub fn snapshot_arn(region: &str, account: &str, id: &str) -> String {
    format!("arn:aws:rds:{region}:{account}:cluster-snapshot:{id}")
}

/// A manual snapshot of which little is known but its cluster and status.
pub fn snapshot(id: &str, cluster: &str, status: &str) -> Snapshot {
    Snapshot {
        id: id.to_owned(),
        arn: None,
        cluster: Some(ClusterId::reported(cluster)),
        kind: SnapshotKind::Manual,
        status: SnapshotStatus::reported(status),
        percent: None,
        created_at: None,
        allocated_gib: None,
        more: Arc::default(),
        tags: Arc::default(),
    }
}

/// What a snapshot shares with others of its cluster, of which only the cluster's resource id is known.
pub fn of_resource(id: Option<&str>) -> Arc<More> {
    Arc::new(More { cluster_resource_id: id.map(str::to_owned), ..More::default() })
}

/// A request as it was written down, by nobody who is known.
pub fn intent(number: &str, cluster: &str, snapshot: &str, at: Timestamp) -> Intent {
    Intent {
        number: number.to_owned(),
        at,
        cluster: cluster.to_owned(),
        snapshot: snapshot.to_owned(),
        ..Intent::default()
    }
}

/// A request of which the journal knows nothing but that it was written down.
pub fn open(intent: Intent) -> Record {
    Record { intent, outcome: None, ended: None }
}
