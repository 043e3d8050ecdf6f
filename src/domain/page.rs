//! Lists that arrive in pages, and what they may be limited to.

use super::cluster_id::ClusterId;
use super::snapshot::SnapshotKind;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What the page holds.
    pub items: Vec<T>,
    /// The marker of the next page; `None` on the last.
    pub next: Option<String>,
}

/// Which DB cluster snapshots a list is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotScope {
    /// All of the Region that the account owns or that are shared with it.
    Region,
    /// Those of AWS Backup: it is not documented whether a list without a type has them.
    AwsBackup,
    /// The manual ones of the Region.
    Manual,
    /// Those of one cluster, of every type.
    Cluster(ClusterId),
    /// Those of one type, of one cluster or of the Region.
    Kind(SnapshotKind, Option<ClusterId>),
}

/// The quota of manual DB cluster snapshots of the account in the Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many there are.
    pub used: u64,
    /// How many there may be.
    pub max: u64,
}
