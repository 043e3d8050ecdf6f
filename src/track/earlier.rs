//! How long earlier snapshots took, and what else is known of how they came about: from the events of the
//! service, and from the journal of this program.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use super::estimate::MOST_EARLIER;
use crate::domain::cluster_id::ClusterId;
use crate::domain::ending::{Ending, Took};
use crate::domain::event::{Milestone, SnapshotEvent};
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::record::Record;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::status::SnapshotStatus;

/// What the events say of a snapshot, by its name.
#[derive(Clone, Debug, Default)]
struct Told {
    begun: Option<Timestamp>,
    finished: Option<Timestamp>,
    trouble: Option<(Timestamp, String)>,
}

/// Everything that is known of earlier snapshots.
#[derive(Clone, Debug, Default)]
pub struct EarlierSnapshots {
    told: HashMap<String, Told>,
    requested: HashMap<String, Record>,
    took: HashMap<ClusterId, Vec<(Timestamp, Duration)>>,
}

impl EarlierSnapshots {
    /// Takes an event. A name can be used again after a snapshot was deleted: a new beginning is another one.
    pub fn note_event(&mut self, event: &SnapshotEvent) {
        let told = self.told.entry(event.snapshot.to_ascii_lowercase()).or_default();
        match event.milestone() {
            Some(Milestone::Begun) => told.begun = told.begun.max(Some(event.at)),
            Some(Milestone::Finished) => told.finished = told.finished.max(Some(event.at)),
            None if event.is_trouble() && told.trouble.as_ref().is_none_or(|(at, _)| *at <= event.at) => {
                told.trouble = Some((event.at, event.message.clone()));
            }
            None => {}
        }
    }

    /// Takes a request of the journal, if it made a snapshot; a later one of the same name replaces it.
    pub fn note_request(&mut self, request: &Record) {
        if matches!(request.kind(), OutcomeKind::Created | OutcomeKind::FoundAgain) {
            self.requested.insert(request.intent.snapshot.clone(), request.clone());
        }
    }

    /// Takes how a snapshot of a request of this run was seen to end.
    pub fn note_ending(&mut self, snapshot: &str, ending: &Ending) {
        if let Some(request) = self.requested.get_mut(snapshot) {
            request.ended = Some(ending.clone());
        }
    }

    /// Works out how long the snapshots of each cluster took, after something was noted.
    pub fn work_out<'a>(&mut self, snapshots: impl Iterator<Item = &'a Snapshot>) {
        let mut took: HashMap<ClusterId, HashMap<&str, (Timestamp, Duration)>> = HashMap::new();
        for requested in self.requested.values() {
            let is_usable = |ending: &Ending| ending.status == SnapshotStatus::Available.as_str();
            let ended = requested.ended.as_ref().filter(|ending| is_usable(ending));
            // What was only seen later than it happened teaches nothing.
            let length = ended.and_then(|ending| ending.took(requested.begun())).and_then(Took::observed);
            if let Some(length) = length.filter(|length| !length.is_zero()) {
                let cluster = took.entry(ClusterId::reported(&requested.intent.cluster)).or_default();
                cluster.insert(&requested.intent.snapshot, (requested.intent.asked_at(), length));
            }
        }
        // An automated snapshot need not take as long as one that a person asks for.
        for snapshot in snapshots.filter(|snapshot| snapshot.kind == SnapshotKind::Manual) {
            let (Some(cluster), Some(created)) = (&snapshot.cluster, snapshot.created_at) else { continue };
            let finished = self.finished(snapshot).and_then(|finished| length(created, finished));
            if let Some(length) = finished {
                took.entry(cluster.clone()).or_default().insert(&snapshot.id, (created, length));
            }
        }
        let in_order = |runs: HashMap<&str, (Timestamp, Duration)>| {
            let mut runs: Vec<(Timestamp, Duration)> = runs.into_values().collect();
            runs.sort_unstable();
            runs
        };
        self.took = took.into_iter().map(|(cluster, runs)| (cluster, in_order(runs))).collect();
    }

    /// How long the latest snapshots of a cluster took that were begun before a moment, oldest first.
    pub fn durations(&self, cluster: &ClusterId, before: Timestamp) -> Vec<Duration> {
        let runs = self.took.get(cluster).map(Vec::as_slice).unwrap_or_default();
        let earlier: Vec<Duration> =
            runs.iter().filter(|(began, _)| *began < before).map(|(_, took)| *took).collect();
        earlier.iter().skip(earlier.len().saturating_sub(MOST_EARLIER)).copied().collect()
    }

    /// How a snapshot ended, as far as the journal and the events tell.
    pub fn ending(&self, snapshot: &Snapshot) -> Option<Ending> {
        let seen = self.requested_as(snapshot).and_then(|request| request.ended.clone());
        let Some(finished) = self.finished(snapshot) else { return seen };
        let told = Ending::seen(SnapshotStatus::Available.as_str(), finished, None);
        Some(Ending { finished_at: Some(finished), ..seen.filter(|seen| !seen.is_gone()).unwrap_or(told) })
    }

    /// What an event says of why a snapshot failed; text from outside, not escaped.
    pub fn trouble(&self, snapshot: &Snapshot) -> Option<&str> {
        let (at, message) = self.told.get(&snapshot.id.to_ascii_lowercase())?.trouble.as_ref()?;
        snapshot.created_at.is_none_or(|created| created <= *at).then_some(message)
    }

    /// The request that made a snapshot, if the journal has it.
    pub fn requested_as(&self, snapshot: &Snapshot) -> Option<&Record> {
        let requested = self.requested.get(&snapshot.id)?;
        let is_its_cluster =
            snapshot.cluster.as_ref().is_none_or(|it| it.as_str() == requested.intent.cluster);
        (is_its_cluster && !requested.intent.is_not_of(snapshot)).then_some(requested)
    }

    /// When a snapshot was finished, by its event.
    pub fn finished(&self, snapshot: &Snapshot) -> Option<Timestamp> {
        let told = self.told.get(&snapshot.id.to_ascii_lowercase())?;
        let finished = told.finished?;
        // The end of an earlier snapshot of the same name is not this one's.
        let is_its_own = snapshot.created_at.max(told.begun).is_none_or(|begun| begun <= finished);
        is_its_own.then_some(finished)
    }
}

fn length(from: Timestamp, to: Timestamp) -> Option<Duration> {
    Duration::try_from(to.duration_since(from)).ok().filter(|length| !length.is_zero())
}

#[cfg(test)]
#[path = "earlier_tests.rs"]
mod tests;
