//! What is known of the Region: its DB clusters, the names of its snapshots, and how fresh that is.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::earlier::of_cluster;
use crate::domain::failure::Failure;
use crate::domain::page::{Page, Row as _};
use crate::domain::preflight::Known;
use crate::domain::shared::Shared;
use crate::domain::snapshot::{LastUsable, Snapshot};

use crate::app::Now;

use super::index::Index;
use super::pages::Pages;

/// What is known of the Region.
#[derive(Debug, Default)]
pub struct Catalog {
    /// The DB clusters, foreign engines included.
    pub clusters: Pages<Cluster>,
    /// The DB cluster snapshots.
    pub snapshots: Pages<Snapshot>,
    /// Those of this account, by identifier.
    names: Index,
    /// How many of those each cluster has.
    counts: HashMap<ClusterId, usize>,
    /// Whether one of them turned out to be of another cluster.
    is_count_old: bool,
    /// Names that were looked up by themselves and were not listed, while the list was not complete.
    free: HashSet<String>,
    shared: Shared,
    last_usable: LastUsable,
    /// Which state of that it is.
    usable_version: u64,
    /// Whether what is known of snapshots that were usable does not hold any more.
    is_usable_old: bool,
}

impl Catalog {
    /// Lets go of everything, as if nothing had ever been known.
    pub fn clear(&mut self) {
        let (mut clusters, mut snapshots) =
            (std::mem::take(&mut self.clusters), std::mem::take(&mut self.snapshots));
        clusters.clear();
        snapshots.clear();
        *self = Self { clusters, snapshots, ..Self::default() };
    }

    /// Takes a page of snapshots.
    pub fn take_snapshots(&mut self, answer: Result<Page<Snapshot>, Failure>, now: &Now) {
        if self.snapshots.is_at_first_page() {
            self.free.clear();
        }
        let answer = answer.map(|mut page| {
            page.items.iter_mut().for_each(|snapshot| self.shared.share(snapshot));
            page.items.iter().for_each(|snapshot| self.note_before(snapshot));
            page
        });
        let known = self.snapshots.items.len();
        if self.snapshots.take(answer, now) {
            self.is_count_old = true;
            self.shared.forget_unused();
            self.is_usable_old = true;
        }
        self.take_own(known);
    }

    /// Takes a snapshot that was seen or made outside a full read.
    pub fn note(&mut self, snapshot: &Snapshot) {
        let mut snapshot = snapshot.clone();
        self.shared.share(&mut snapshot);
        self.note_before(&snapshot);
        let known = self.snapshots.items.len();
        match self.names_row(&snapshot.id).filter(|_| !snapshot.kind.is_foreign()) {
            // A name may have gone to another snapshot.
            Some(at) if self.snapshots.items[at].identity() != snapshot.identity() => {
                self.snapshots.replace(at, snapshot);
            }
            _ => {
                self.snapshots.put(snapshot);
            }
        }
        self.take_own(known);
    }

    /// Takes note of what a snapshot, as it is reported now, says of the ones that can be restored.
    fn note_before(&mut self, snapshot: &Snapshot) {
        let known = self.names_row(&snapshot.id).and_then(|at| self.snapshots.items.get(at));
        self.is_count_old |= known.is_some_and(|known| known.cluster != snapshot.cluster);
        let was_usable = known.is_some_and(|known| known.status.is_usable());
        let is_another = |known: &Snapshot| {
            known.created_at != snapshot.created_at
                || known.more.cluster_resource_id != snapshot.more.cluster_resource_id
        };
        self.is_usable_old |= was_usable && known.is_some_and(is_another);
        self.is_usable_old |= was_usable && !snapshot.status.is_usable();
        if self.last_usable.note(snapshot) {
            self.usable_version += 1;
        }
    }

    /// Finds out anew which snapshots can be restored.
    fn find_usable(&mut self) {
        let mut last_usable = LastUsable::default();
        for snapshot in &self.snapshots.items {
            last_usable.note(snapshot);
        }
        self.is_usable_old = false;
        self.last_usable = last_usable;
        self.usable_version += 1;
    }

    /// Takes the names of this account's snapshots from a row on, and counts them; all of them anew where that does
    /// not hold any more, and so for those that can be restored.
    fn take_own(&mut self, start: usize) {
        if self.is_usable_old {
            self.find_usable();
        }
        let start = if std::mem::take(&mut self.is_count_old) { 0 } else { start };
        if start == 0 {
            self.names.clear();
            self.counts.clear();
        }
        let items = &self.snapshots.items;
        let id_of = |at: usize| items.get(at).map(|snapshot| snapshot.id.as_str());
        for (at, snapshot) in items.iter().enumerate().skip(start) {
            if snapshot.kind.is_foreign() {
                continue;
            }
            self.names.insert(at, id_of);
            if let Some(cluster) = &snapshot.cluster {
                *self.counts.entry(cluster.clone()).or_default() += 1;
            }
        }
    }

    fn names_row(&self, name: &str) -> Option<usize> {
        let items = &self.snapshots.items;
        self.names.find(name, |at| items.get(at).map(|snapshot| snapshot.id.as_str()))
    }

    /// The snapshot of a name, if one is known.
    pub fn named(&self, name: &str) -> Option<&Snapshot> {
        self.snapshots.items.get(self.names_row(name)?)
    }

    /// Notes that a name was looked up by itself, and that no snapshot of it is listed.
    pub fn note_free(&mut self, name: &str) {
        self.free.insert(name.to_ascii_lowercase());
    }

    /// The snapshot that has a name: none is listed only where the list is complete, or the name was looked up.
    pub fn taken_by(&self, name: &str) -> Known<'_, Option<&Snapshot>> {
        let taken_by = self.named(name);
        let is_known = taken_by.is_some()
            || self.snapshots.complete_at.is_some()
            || self.free.contains(&name.to_ascii_lowercase());
        if is_known { Known::Is(taken_by) } else { Known::Asking }
    }

    /// Why the list by which a name is free could not be read again.
    pub fn not_relisted(&self, name: &str) -> Option<&Failure> {
        self.snapshots.failure.as_ref().filter(|_| !self.free.contains(&name.to_ascii_lowercase()))
    }

    /// When the newest snapshot of a cluster was begun that can be restored, if one is known.
    pub fn last_usable_of(&self, cluster: &ClusterId, resource_id: Option<&str>) -> Option<Timestamp> {
        self.last_usable.of(cluster, resource_id)
    }

    /// How many snapshots of a cluster are listed, those of other accounts left out.
    pub fn snapshot_count(&self, cluster: &ClusterId) -> usize {
        self.counts.get(cluster).copied().unwrap_or_default()
    }

    /// The snapshots of a cluster, newest first.
    pub fn snapshots_of(&self, cluster: &Cluster) -> Vec<&Snapshot> {
        let mut found: Vec<&Snapshot> = of_cluster(&self.snapshots.items, cluster).collect();
        found.sort_by_key(|snapshot| snapshot.newest_first());
        found
    }

    /// The cluster of an identifier.
    pub fn cluster(&self, id: &ClusterId) -> Option<&Cluster> {
        self.clusters.items.get(self.clusters.find(id.as_str())?)
    }

    /// Another number where the newest snapshot of a cluster that can be restored is another one.
    pub fn usable_version(&self) -> u64 {
        self.usable_version
    }

    /// Replaces what is known of one cluster.
    pub fn note_cluster(&mut self, cluster: Cluster) {
        if let Some(at) = self.clusters.find(cluster.id.as_str()) {
            self.clusters.replace(at, cluster);
        }
    }

    /// Lets go of a cluster that does not exist any more.
    pub fn forget_cluster(&mut self, id: &ClusterId) {
        self.clusters.remove(|cluster| cluster.id == *id);
    }

    /// Lets go of a snapshot of this account that does not exist any more.
    pub fn forget_snapshot(&mut self, name: &str) {
        self.snapshots.remove(|it| !it.kind.is_foreign() && it.id.eq_ignore_ascii_case(name));
        (self.is_count_old, self.is_usable_old) = (true, true);
        self.take_own(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn one_that_turns_out_to_have_failed_is_not_the_last_usable_one_any_more_also_while_the_list_is_read() {
        let orders = ClusterId::reported("orders");
        let begun = |id: &str, status: &str, at: &str| Snapshot {
            created_at: at.parse().ok(),
            ..fixtures::snapshot(id, "orders", status)
        };
        let [early, late] = ["2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"];
        let mut catalog = Catalog::default();
        catalog.note(&begun("early", "available", early));
        catalog.note(&begun("late", "available", late));
        catalog.note(&begun("late", "failed", late));
        assert_eq!(catalog.last_usable_of(&orders, None), early.parse().ok());
        catalog.snapshots.begin();
        catalog.note(&begun("early", "deleting", early));
        assert_eq!(catalog.last_usable_of(&orders, None), None);
    }
}
