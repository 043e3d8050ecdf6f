//! What RDS's own events tell of a snapshot. Where they cannot be asked for, less is told, and nothing fails.

use std::time::Duration;

use jiff::Timestamp;

use super::Session;
use crate::domain::event::{Milestone, SnapshotEvent};
use crate::domain::snapshot::Snapshot;

/// For how long an event is waited for that only tells more.
const EVENT: Duration = Duration::from_secs(10);

impl Session {
    /// When a snapshot was finished by RDS's own event, asked once.
    pub async fn finished_at(&self, snapshot: &Snapshot) -> Option<Timestamp> {
        let events = self.events_of(snapshot).await.into_iter();
        events.filter(|event| event.milestone() == Some(Milestone::Finished)).map(|event| event.at).min()
    }

    /// Why a snapshot cannot be restored by RDS's own event, asked once: text from outside, not escaped.
    pub async fn trouble_of(&self, snapshot: &Snapshot) -> Option<String> {
        let events = self.events_of(snapshot).await.into_iter();
        let trouble = events.filter(|event| event.milestone().is_none() && event.is_trouble());
        trouble.max_by_key(|event| event.at).map(|event| event.message)
    }

    /// RDS's own events of a snapshot: where they cannot be asked for, less is told.
    async fn events_of(&self, snapshot: &Snapshot) -> Vec<SnapshotEvent> {
        let answer = tokio::time::timeout(EVENT, self.client.once().events_of(&snapshot.id)).await;
        let mut events = answer.ok().and_then(Result::ok).unwrap_or_default();
        // Those of an earlier snapshot of the same name are not this one's.
        events.retain(|event| {
            event.snapshot.eq_ignore_ascii_case(&snapshot.id)
                && snapshot.created_at.is_none_or(|created| created <= event.at)
        });
        events
    }
}
