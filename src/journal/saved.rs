//! A request in a file beside the journal, which may not have been sent yet.

use serde::{Deserialize, Serialize};

use crate::domain::change_id::ChangeId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::mark::RequestNumber;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::{Tag, TagSet};

/// What a file says of a request.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedRequest {
    cluster: String,
    cluster_resource_id: Option<String>,
    snapshot: String,
    tags: Vec<Tag>,
    #[serde(default)]
    change: Option<ChangeId>,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    mark: Option<String>,
}

impl SavedRequest {
    pub(super) fn of(request: &SnapshotRequest) -> Self {
        Self {
            cluster: request.cluster.to_string(),
            cluster_resource_id: request.cluster_resource_id.clone(),
            snapshot: request.snapshot.to_string(),
            tags: request.tags.as_slice().to_vec(),
            number: Some(request.number.to_string()),
            mark: request.mark.clone(),
            change: request.change.clone(),
        }
    }

    /// The request, parsed anew: the file can have been edited. `number` is for one that was written without.
    pub(super) fn request(self, number: &str) -> Option<SnapshotRequest> {
        let rows = self.tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()));
        Some(SnapshotRequest {
            number: RequestNumber::journalled(self.number.as_deref().unwrap_or(number)),
            cluster: ClusterId::parse(&self.cluster).ok()?,
            cluster_resource_id: self.cluster_resource_id,
            snapshot: SnapshotId::parse(&self.snapshot).ok()?,
            tags: TagSet::parse(rows).ok()?,
            mark: self.mark,
            change: self.change,
        })
    }
}
