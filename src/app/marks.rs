//! What a person has marked in the lists, to do something with all of it: it stays marked under filters, on other
//! screens, and while other places are shown.

use std::collections::BTreeSet;

use crate::domain::cluster_id::ClusterId;

use super::request_id::PlaceId;

/// What is marked, by its place and its identifier there.
#[derive(Debug, Default)]
pub struct Marks {
    /// DB clusters.
    pub clusters: MarkedRows<ClusterId>,
    /// DB cluster snapshots.
    pub snapshots: MarkedRows<String>,
}

/// What is marked in lists of one kind.
#[derive(Debug)]
pub struct MarkedRows<K>(BTreeSet<(PlaceId, K)>);

impl<K> Default for MarkedRows<K> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

impl<K: Ord> MarkedRows<K> {
    /// Marks something, or takes its mark away.
    pub fn toggle(&mut self, of: (PlaceId, K)) {
        if !self.0.remove(&of) {
            self.0.insert(of);
        }
    }

    /// Marks all of these; takes their marks away where all of them have one.
    pub fn toggle_all(&mut self, all: Vec<(PlaceId, K)>) {
        if all.iter().all(|of| self.0.contains(of)) {
            for of in &all {
                self.0.remove(of);
            }
        } else {
            self.0.extend(all);
        }
    }

    /// Marks what is under the cursor where nothing is marked; whether something is then.
    pub fn or_mark(&mut self, under_cursor: Option<(PlaceId, K)>) -> bool {
        if self.0.is_empty() {
            self.0.extend(under_cursor);
        }
        !self.0.is_empty()
    }

    /// Whether something is marked.
    pub fn has(&self, of: &(PlaceId, K)) -> bool {
        self.0.contains(of)
    }

    /// How many are marked.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// All that is marked, place by place.
    pub fn iter(&self) -> impl Iterator<Item = &(PlaceId, K)> {
        self.0.iter()
    }

    /// Takes the mark of something away.
    pub fn remove(&mut self, of: &(PlaceId, K)) {
        self.0.remove(of);
    }

    /// Takes all marks away.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
