//! The calls that change what is there: the deletion of a snapshot, and its tags. Each is one request on the wire.

use aws_sdk_rds::config::{Builder, Config};
use aws_sdk_rds::types;
use aws_types::request_id::RequestId as _;

use super::call_probe::probed;
use super::client::Client;
use super::{convert, options};
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;
use crate::domain::page::{PageGuard, SnapshotScope};
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::Tag;
use crate::submit::alter::AlterService;

/// What a call is made with that changes something: it is never repeated below this room.
pub(super) fn once() -> Builder {
    Config::builder().retry_config(options::once()).timeout_config(options::create_timeouts())
}

/// Tags in the words of the SDK.
pub(super) fn given(tags: &[Tag]) -> Vec<types::Tag> {
    tags.iter().map(|tag| types::Tag::builder().key(&tag.key).value(&tag.value).build()).collect()
}

impl AlterService for Client {
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
