//! What submissions and alterations need of the service. The room `rds` implements it; nothing here knows AWS.

use std::future::Future;

use jiff::Timestamp;

use crate::domain::account::AccountId;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::Tag;

/// An answer to a look-up of one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The snapshot of that name, if one is listed.
    pub snapshot: Option<Snapshot>,
    /// The server's clock when it answered (its `Date` header, whole seconds), if it said.
    pub server_time: Option<Timestamp>,
}

/// An answer that says that the snapshot is being created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The snapshot, as answered.
    pub snapshot: Snapshot,
    /// The service's request id.
    pub request_id: Option<String>,
}

/// The calls that submissions and alterations are made of.
pub trait Service: Send + Sync {
    /// Looks one name up. May be repeated and cancelled at will.
    fn look_up(&self, id: &SnapshotId) -> impl Future<Output = Result<Sighting, Failure>> + Send;

    /// Looks the cluster up; `None` if there is none of that name. Its ARN tells whose the answers are.
    fn look_at_cluster(
        &self,
        id: &ClusterId,
    ) -> impl Future<Output = Result<Option<Cluster>, Failure>> + Send;

    /// The account in which the calls are made now, if that can be found out: by the word of STS, or where that cannot
    /// be had by the ARN of a cluster, which is always the caller's own. Where neither tells, nothing is stopped by it.
    fn account(&self) -> impl Future<Output = Option<AccountId>> + Send;

    /// Finds what a request takes before it can leave, as credentials: that can take long, and a machine can
    /// sleep meanwhile. The failure has no effect.
    fn ready(&self) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Sends the request exactly once: no retry below this call. The failure says whether the request
    /// can have taken effect.
    fn create_once(
        &self,
        request: &SnapshotRequest,
    ) -> impl Future<Output = Result<Accepted, Failure>> + Send;

    /// Sends the deletion exactly once: no retry below this call. The snapshot that is deleted, as answered.
    fn delete_once(
        &self,
        id: &SnapshotId,
    ) -> impl Future<Output = Result<(Option<Snapshot>, Option<String>), Failure>> + Send;

    /// The manual snapshots of a cluster of this name, or of all of them, to the end of the list.
    fn manual_snapshots(
        &self,
        cluster: Option<&ClusterId>,
    ) -> impl Future<Output = Result<Vec<Snapshot>, Failure>> + Send;

    /// Gives tags to the snapshot of an ARN, in place of those of the same keys; the service's request id.
    fn add_tags(
        &self,
        arn: &str,
        tags: &[Tag],
    ) -> impl Future<Output = Result<Option<String>, Failure>> + Send;

    /// Takes the tags of these keys from the snapshot of an ARN; the service's request id.
    fn remove_tags(
        &self,
        arn: &str,
        keys: &[String],
    ) -> impl Future<Output = Result<Option<String>, Failure>> + Send;
}
