//! Events of DB cluster snapshots: how long past ones took.

use std::time::Duration;

use jiff::Timestamp;

/// How long after an end its event is looked for: it may come a little later.
pub const EVENT_LAG: Duration = Duration::from_secs(5);

/// An event that the service keeps about a DB cluster snapshot, for 14 days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotEvent {
    /// The snapshot's identifier.
    pub snapshot: String,
    /// When it happened.
    pub at: Timestamp,
    /// The service's words; text from outside, not escaped.
    pub message: String,
}

/// What an event says about the making of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Milestone {
    /// It was begun.
    Begun,
    /// It was finished: the snapshot is available.
    Finished,
}

impl SnapshotEvent {
    /// What it says about the making of the snapshot, if anything.
    ///
    /// The answer names no event id, so the words decide. Source: "Amazon RDS event categories and
    /// event messages for Aurora", DB cluster snapshot events RDS-EVENT-0074 and 0168 ("Creating manual
    /// cluster snapshot.", "Creating automated cluster snapshot."), 0075 and 0169 ("Manual cluster
    /// snapshot created.", "Automated cluster snapshot created.").
    #[must_use]
    pub fn milestone(&self) -> Option<Milestone> {
        let words = self.message.to_ascii_lowercase();
        if words.contains("cluster snapshot created") {
            Some(Milestone::Finished)
        } else if words.starts_with("creating") && words.contains("cluster snapshot") {
            Some(Milestone::Begun)
        } else {
            None
        }
    }

    /// Whether it says why a snapshot could not be made. AWS documents no such event of DB cluster
    /// snapshots, so any that speaks of a failure is one.
    pub(crate) fn is_trouble(&self) -> bool {
        let words = self.message.to_ascii_lowercase();
        ["fail", "error", "unable", "could not", "cannot"].iter().any(|word| words.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_event_tell_the_milestone() {
        for (message, milestone) in [
            ("Creating manual cluster snapshot", Some(Milestone::Begun)),
            ("Manual cluster snapshot created", Some(Milestone::Finished)),
            ("Automated cluster snapshot created.", Some(Milestone::Finished)),
            ("Manual cluster snapshot deleted.", None),
        ] {
            let event = SnapshotEvent {
                snapshot: "a".to_owned(),
                at: Timestamp::UNIX_EPOCH,
                message: message.to_owned(),
            };
            assert_eq!(event.milestone(), milestone, "{message}");
        }
    }
}
