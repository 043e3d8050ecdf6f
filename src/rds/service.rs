//! The calls that change something, each one request on the wire, and the look-ups that go with them: of the name, and
//! of whose account it is.

use aws_sdk_rds::config::{Builder, Config};
use aws_sdk_rds::types;
use aws_types::request_id::RequestId as _;

use super::call_probe::probed;
use super::client::Client;
use super::convert;
use super::error::unreadable;
use super::options;
use crate::domain::account::{AccountId, Arn};
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::{PageGuard, SnapshotScope};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::Tag;
use crate::submit::service::{Accepted, Service, Sighting};

impl Service for Client {
    async fn look_up(&self, id: &SnapshotId) -> Result<Sighting, Failure> {
        let call = self.rds().describe_db_cluster_snapshots().db_cluster_snapshot_identifier(id.as_str());
        let (probe, call) = probed!(call);
        let answer = self.ask((probe.clone(), call)).await;
        let server_time = probe.seen().server_time;
        let answer = match answer {
            Err(failure) if failure.kind == FailureKind::SnapshotNotFound => {
                return Ok(Sighting { snapshot: None, server_time });
            }
            answer => answer?,
        };
        let request_id = answer.request_id();
        let snapshot = match answer.db_cluster_snapshots() {
            [] => None,
            [only] => match convert::snapshot(only) {
                Some(snapshot) if is_named(&snapshot, id) => Some(snapshot),
                _ => return Err(unreadable("it is about another snapshot", request_id)),
            },
            _ => return Err(unreadable("it is about several snapshots", request_id)),
        };
        Ok(Sighting { snapshot, server_time })
    }

    async fn look_at_cluster(&self, id: &ClusterId) -> Result<Option<Cluster>, Failure> {
        self.cluster(id).await
    }

    async fn account(&self) -> Option<AccountId> {
        match tokio::time::timeout(options::CALLER, self.caller()).await {
            Ok(Ok(caller)) => Some(caller.account),
            _ => self.account_of_clusters().await.ok()?,
        }
    }

    async fn ready(&self) -> Result<(), Failure> {
        self.find_credentials().await
    }

    async fn create_once(&self, request: &SnapshotRequest) -> Result<Accepted, Failure> {
        let tags = request.tags.as_slice();
        let call = self
            .rds()
            .create_db_cluster_snapshot()
            .db_cluster_identifier(request.cluster.as_str())
            .db_cluster_snapshot_identifier(request.snapshot.as_str())
            .set_tags((!tags.is_empty()).then(|| given(tags)));
        let answer = self.ask(probed!(call, once())).await?;
        let request_id = answer.request_id();
        let snapshot = answer.db_cluster_snapshot().and_then(convert::snapshot);
        let snapshot = snapshot.ok_or_else(|| unreadable("the answer names no snapshot", request_id))?;
        if !is_named(&snapshot, &request.snapshot) {
            return Err(unreadable("it is about another snapshot", request_id));
        }
        // Whether account, Region, cluster, type and tags are those of the request is for the caller to judge,
        // who sees more of it in the snapshot than in a failure.
        Ok(Accepted { snapshot, request_id: request_id.map(str::to_owned) })
    }

    async fn delete_once(&self, id: &SnapshotId) -> Result<(Option<Snapshot>, Option<String>), Failure> {
        let call = self.rds().delete_db_cluster_snapshot().db_cluster_snapshot_identifier(id.as_str());
        let answer = self.ask(probed!(call, once())).await?;
        let request_id = answer.request_id().map(str::to_owned);
        // An answer without a snapshot is a success all the same: what it names is only compared.
        Ok((answer.db_cluster_snapshot().and_then(convert::snapshot), request_id))
    }

    async fn manual_snapshots(&self, cluster: Option<&ClusterId>) -> Result<Vec<Snapshot>, Failure> {
        let scope = SnapshotScope::Kind(SnapshotKind::Manual, cluster.cloned());
        let (mut rows, mut guard) = (Vec::new(), PageGuard::default());
        let mut marker = None;
        loop {
            marker = guard.take(self.snapshots_page(&scope, marker.as_deref()).await?, &mut rows)?;
            if marker.is_none() {
                return Ok(rows);
            }
        }
    }

    async fn add_tags(&self, arn: &str, tags: &[Tag]) -> Result<Option<String>, Failure> {
        let call = self.rds().add_tags_to_resource().resource_name(arn).set_tags(Some(given(tags)));
        let answer = self.ask(probed!(call, once())).await?;
        Ok(answer.request_id().map(str::to_owned))
    }

    async fn remove_tags(&self, arn: &str, keys: &[String]) -> Result<Option<String>, Failure> {
        let call = self.rds().remove_tags_from_resource().resource_name(arn);
        let answer = self.ask(probed!(call.set_tag_keys(Some(keys.to_vec())), once())).await?;
        Ok(answer.request_id().map(str::to_owned))
    }
}

/// What a call is made with that changes something: it is never repeated below this room.
fn once() -> Builder {
    Config::builder().retry_config(options::once()).timeout_config(options::create_timeouts())
}

/// Tags in the words of the SDK.
fn given(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(|tag| types::Tag::builder().key(&tag.key).value(&tag.value).build()).collect()
}

/// Whether a snapshot has this name, in its ARN as well where it has one. AWS treats names as
/// case-insensitive.
fn is_named(snapshot: &Snapshot, id: &SnapshotId) -> bool {
    let is_it = |name: &str| name.eq_ignore_ascii_case(id.as_str());
    let arn = Arn::reported(snapshot.arn.as_deref());
    is_it(&snapshot.id)
        && arn.is_none_or(|arn| arn.resource.strip_prefix("cluster-snapshot:").is_some_and(is_it))
}
