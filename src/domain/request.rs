//! A request for a DB cluster snapshot, which can only be made of parsed parts.

use super::cluster_id::ClusterId;
use super::snapshot_id::SnapshotId;
use super::tag::TagSet;

/// One confirmed wish: a snapshot of this cluster, of this name, with these tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotRequest {
    /// The cluster.
    pub cluster: ClusterId,
    /// The cluster's resource id, where known: it tells a cluster from a later one of the same name.
    pub cluster_resource_id: Option<String>,
    /// The snapshot's identifier.
    pub snapshot: SnapshotId,
    /// The tags given with the request. If there are none, the cluster's copy-tags setting decides.
    pub tags: TagSet,
}
