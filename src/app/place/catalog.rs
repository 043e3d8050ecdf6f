//! What is known of the Region: its DB clusters, the names of its snapshots, and how fresh that is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::engine::{EngineFamily, ForeignEngine};
use crate::domain::failure::Failure;
use crate::domain::page::Page;
use crate::domain::snapshot::{LastUsable, More, Snapshot, SnapshotKind, note_usable};

use crate::app::Now;

use super::pages::Pages;

/// What is known of the Region.
#[derive(Debug, Default)]
pub struct Catalog {
    /// The DB clusters, foreign engines included.
    pub clusters: Pages<Cluster>,
    /// The DB cluster snapshots.
    pub snapshots: Pages<Snapshot>,
    names: HashMap<String, usize>,
    more: HashMap<ClusterId, Arc<More>>,
    last_usable: LastUsable,
    /// Those of AWS Backup that this read has had: a list of their own follows that of all types.
    of_backup: HashSet<String>,
}

/// What is known of a name's use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameUse<'a> {
    /// No snapshot of this name is listed.
    Free,
    /// This snapshot has the name.
    Taken(&'a Snapshot),
    /// The list is not complete yet.
    NotKnownYet,
}

impl Catalog {
    /// Takes a page of snapshots.
    pub fn take_snapshots(&mut self, answer: Result<Page<Snapshot>, Failure>, now: &Now) {
        if self.snapshots.is_at_first_page() {
            self.of_backup.clear();
        }
        let is_first_read = self.snapshots.complete_at.is_none();
        let answer = answer.map(|mut page| {
            page.items.retain(|snapshot| {
                let is_new =
                    snapshot.kind != SnapshotKind::AwsBackup || self.of_backup.insert(snapshot.id.clone());
                is_new && !(is_first_read && self.renew(snapshot))
            });
            page
        });
        let known = if is_first_read { self.snapshots.items.len() } else { 0 };
        self.snapshots.take(answer, now);
        if is_first_read || !self.snapshots.is_loading() {
            self.index_from(known);
        }
    }

    /// Takes a snapshot that was seen or made outside a full read.
    pub fn note(&mut self, snapshot: &Snapshot) {
        if !self.renew(snapshot) {
            self.snapshots.items.push(snapshot.clone());
            self.index_from(self.snapshots.items.len() - 1);
        }
    }

    /// Replaces what is known of a snapshot, if anything is.
    fn renew(&mut self, snapshot: &Snapshot) -> bool {
        if is_foreign(&snapshot.kind) {
            return false;
        }
        let known = self.names.get(&snapshot.id.to_ascii_lowercase()).copied();
        let Some(known) = known.and_then(|index| self.snapshots.items.get_mut(index)) else { return false };
        *known = snapshot.clone();
        note_usable(&mut self.last_usable, snapshot);
        true
    }

    /// Whether a name is free, as far as is known.
    #[must_use]
    pub fn name_use(&self, name: &str) -> NameUse<'_> {
        match self.names.get(&name.to_ascii_lowercase()).and_then(|index| self.snapshots.items.get(*index)) {
            Some(snapshot) => NameUse::Taken(snapshot),
            None if self.snapshots.complete_at.is_some() => NameUse::Free,
            None => NameUse::NotKnownYet,
        }
    }

    /// When the newest snapshot of a cluster was begun that can be restored, if one is known.
    #[must_use]
    pub fn last_usable_of(&self, cluster: &ClusterId) -> Option<Timestamp> {
        self.last_usable.get(cluster).copied()
    }

    /// The snapshots of a cluster, newest first.
    #[must_use]
    pub fn snapshots_of(&self, cluster: &ClusterId) -> Vec<&Snapshot> {
        let of_cluster = |snapshot: &&Snapshot| snapshot.cluster.as_ref() == Some(cluster);
        let mut found: Vec<&Snapshot> = self.snapshots.items.iter().filter(of_cluster).collect();
        found.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.created_at));
        found
    }

    /// The cluster of an identifier.
    #[must_use]
    pub fn cluster(&self, id: &ClusterId) -> Option<&Cluster> {
        self.clusters.items.iter().find(|cluster| cluster.id == *id)
    }

    /// Replaces what is known of one cluster.
    pub fn note_cluster(&mut self, cluster: Cluster) {
        if let Some(known) = self.clusters.items.iter_mut().find(|known| known.id == cluster.id) {
            *known = cluster;
        }
    }

    /// Lets go of a cluster that does not exist any more.
    pub fn forget_cluster(&mut self, id: &ClusterId) {
        self.clusters.items.retain(|cluster| cluster.id != *id);
    }

    /// How many clusters are another service's, by engine.
    #[must_use]
    pub fn hidden(&self) -> BTreeMap<ForeignEngine, usize> {
        let mut hidden = BTreeMap::new();
        for cluster in &self.clusters.items {
            if let EngineFamily::Foreign(engine) = cluster.family {
                *hidden.entry(engine).or_insert(0) += 1;
            }
        }
        hidden
    }

    /// Indexes the snapshots from a row on; from the first, everything anew.
    fn index_from(&mut self, start: usize) {
        if start == 0 {
            self.names.clear();
            self.last_usable.clear();
        }
        for (index, snapshot) in self.snapshots.items.iter_mut().enumerate().skip(start) {
            // Much is the same for all snapshots of a cluster: a hundred thousand keep it once.
            if let Some(cluster) = &snapshot.cluster {
                let known = self.more.entry(cluster.clone()).or_insert_with(|| Arc::clone(&snapshot.more));
                if *known == snapshot.more {
                    snapshot.more = Arc::clone(known);
                }
            }
            if is_foreign(&snapshot.kind) {
                continue;
            }
            self.names.insert(snapshot.id.to_ascii_lowercase(), index);
            note_usable(&mut self.last_usable, snapshot);
        }
    }
}

/// Whether a snapshot is another account's: its name takes none here.
fn is_foreign(kind: &SnapshotKind) -> bool {
    matches!(kind, SnapshotKind::Shared | SnapshotKind::Public)
}
