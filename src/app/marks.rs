//! What a person has marked in the lists, to do something with all of it: it stays marked under filters, on other
//! screens, and while other places are shown.

use std::collections::BTreeSet;

use crate::domain::cluster_id::ClusterId;

use super::request_id::PlaceId;

/// What is marked, by its place and its identifier there.
#[derive(Debug, Default)]
pub struct Marks {
    /// DB clusters.
    pub clusters: BTreeSet<(PlaceId, ClusterId)>,
    /// DB cluster snapshots.
    pub snapshots: BTreeSet<(PlaceId, String)>,
    /// The snapshot among them that was under the cursor when a plan was opened without any: until that is left.
    pub for_plan: Option<(PlaceId, String)>,
}

impl Marks {
    /// Lets go of the one that a plan was opened for.
    pub fn leave_plan(&mut self) {
        if let Some(one) = self.for_plan.take() {
            self.snapshots.remove(&one);
        }
    }

    /// The places of what is marked, each once.
    pub fn places(&self) -> BTreeSet<PlaceId> {
        let clusters = self.clusters.iter().map(|(place, _)| *place);
        clusters.chain(self.snapshots.iter().map(|(place, _)| *place)).collect()
    }

    /// Takes what is marked in a place for the same of another one.
    pub fn move_to(&mut self, place: PlaceId, from: PlaceId) {
        moved(&mut self.clusters, place, from);
        moved(&mut self.snapshots, place, from);
        if let Some((of, _)) = self.for_plan.as_mut().filter(|(of, _)| *of == from) {
            *of = place;
        }
    }

    /// Lets go of those of a place.
    pub fn clear_of(&mut self, place: PlaceId) {
        self.clusters.retain(|(of, _)| *of != place);
        self.snapshots.retain(|(of, _)| *of != place);
    }
}

fn moved<K: Ord>(marked: &mut BTreeSet<(PlaceId, K)>, to: PlaceId, from: PlaceId) {
    let place = |of| if of == from { to } else { of };
    *marked = std::mem::take(marked).into_iter().map(|(of, one)| (place(of), one)).collect();
}

/// Marks something, or takes its mark away.
pub fn toggle<K: Ord>(one: K, marked: &mut BTreeSet<K>) {
    if !marked.remove(&one) {
        marked.insert(one);
    }
}

/// Marks all of these; takes their marks away where all of them have one.
pub fn toggle_all<K: Ord>(all: Vec<K>, marked: &mut BTreeSet<K>) {
    if all.iter().all(|one| marked.contains(one)) {
        for one in &all {
            marked.remove(one);
        }
    } else {
        marked.extend(all);
    }
}
