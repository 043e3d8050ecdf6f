//! What a hundred thousand snapshots have in common, kept once: the clusters' identifiers, what is mostly the same for
//! the snapshots of a cluster, and lists of tags.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use super::cluster_id::ClusterId;
use super::snapshot::{More, Snapshot};
use super::tag::Tag;

/// The values that snapshots share.
#[derive(Debug, Default)]
pub struct Shared {
    clusters: HashSet<ClusterId>,
    more: HashSet<Arc<More>>,
    tags: HashSet<Arc<[Tag]>>,
}

impl Shared {
    /// Lets a snapshot have what is kept already in the place of its own.
    pub fn share(&mut self, snapshot: &mut Snapshot) {
        snapshot.more = kept(&mut self.more, &snapshot.more);
        snapshot.tags = kept(&mut self.tags, &snapshot.tags);
        if let Some(cluster) = &mut snapshot.cluster {
            *cluster = kept(&mut self.clusters, cluster);
        }
    }

    /// Lets go of what no snapshot has any more.
    pub fn forget_unused(&mut self) {
        self.clusters.retain(ClusterId::is_shared);
        self.more.retain(|more| Arc::strong_count(more) > 1);
        self.tags.retain(|tags| Arc::strong_count(tags) > 1);
    }
}

/// The value that is kept already, else this one, which is kept from now on.
fn kept<T: Clone + Eq + Hash>(values: &mut HashSet<T>, value: &T) -> T {
    if let Some(known) = values.get(value) {
        return known.clone();
    }
    values.insert(value.clone());
    value.clone()
}
