//! A request for a DB cluster snapshot, which can only be made of parsed parts.

use serde::{Deserialize, Serialize};

use super::account::may_be_same;
use super::change_id::ChangeId;
use super::cluster_id::ClusterId;
use super::mark::{self, Marked, RequestNumber};
use super::snapshot::Snapshot;
use super::snapshot_id::SnapshotId;
use super::tag::{Tag, TagSet};

/// One confirmed request: a snapshot of this cluster, of this name, with these tags. Serialized as files have it that
/// keep what is still to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRequest {
    /// Its number. It stays the same however often what certainly did not happen is sent again. A file of before
    /// there were numbers has none.
    #[serde(default)]
    pub number: RequestNumber,
    /// The cluster.
    pub cluster: ClusterId,
    /// The cluster's resource id, where known: it tells a cluster from a later one of the same name.
    pub cluster_resource_id: Option<String>,
    /// The snapshot's identifier.
    pub snapshot: SnapshotId,
    /// All tags given with the request, the mark among them. If there are none, the cluster's copy-tags
    /// setting decides.
    pub tags: TagSet,
    /// The key of the tag that carries the number; `None` if it is sent without a mark.
    pub mark: Option<String>,
    /// The change that it belongs to, if it was asked for as a part of one.
    pub change: Option<ChangeId>,
}

impl SnapshotRequest {
    /// The tags but for the mark.
    pub fn own_tags(&self) -> impl Iterator<Item = &Tag> {
        self.tags.as_slice().iter().filter(|tag| self.mark.as_ref() != Some(&tag.key))
    }

    /// Whether a snapshot was made for the same change and cluster by another request, as it and its tags say.
    pub(crate) fn has_twin(&self, snapshot: &Snapshot) -> bool {
        let Some(change) = &self.change else { return false };
        // Which of the tags that say the change is the change's own, the request does not tell: the snapshot has all.
        let mut own = self.own_tags().filter(|tag| tag.value == change.as_str()).peekable();
        own.peek().is_some()
            && own.all(|tag| snapshot.tags.contains(tag))
            && mark::is_marked(&snapshot.tags)
            && self.marked(&snapshot.tags) != Some(Marked::ThisRequest)
            && snapshot.cluster.as_ref() == Some(&self.cluster)
            && may_be_same(snapshot.more.cluster_resource_id.as_ref(), self.cluster_resource_id.as_ref())
            && snapshot.can_be_requested()
            && !snapshot.status.is_lost()
    }

    /// Whose mark the tags of a snapshot carry; `None` if they or this request carry none.
    pub(crate) fn marked(&self, tags: &[Tag]) -> Option<Marked> {
        mark::read(self.mark.as_deref()?, &self.number, tags)
    }
}
