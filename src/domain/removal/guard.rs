//! What stands before the deletion of a snapshot: what is never deleted, and what only by its name.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::change_id::ChangeId;
use crate::domain::failure::Failure;
use crate::domain::listing::HORIZON;
use crate::domain::snapshot::SnapshotKind;
use crate::domain::status::SnapshotStatus;
use crate::domain::tag::Tag;
use crate::domain::text::length;

/// The key of the tag that says until when a snapshot is kept; its case does not count.
pub const KEEP_UNTIL: &str = "keep-until";

/// Why a snapshot is never deleted from here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No person made it, or not in this account.
    #[error("{}", not_manual(.0))]
    NotManual(SnapshotKind),
    /// It has no identifier that a request could carry.
    #[error("its identifier is not one of a manual snapshot")]
    NoIdentifier,
    /// AWS deletes it in no such status.
    #[error("{}", status(.0))]
    Status(SnapshotStatus),
    /// Nothing would tell it from a later one of its name.
    #[error("it is not known when it was created, so it cannot be told from a later one of its name")]
    NoCreateTime,
    /// Nothing would tell whether it is of the account that was meant.
    #[error("AWS does not say its ARN, so it cannot be told whose it is")]
    NoArn,
    /// Neither what remains of its cluster nor what the configuration holds can be told.
    #[error("AWS does not say which cluster it is of")]
    NoCluster,
    /// It is not known what became of an earlier deletion of it, asked for so long ago: a second one is not sent.
    #[error("{}", open_deletion(.0))]
    OpenDeletion(SignedDuration),
    /// `--read-only` or the configuration holds it.
    #[error("{0}")]
    Held(Failure),
}

fn not_manual(kind: &SnapshotKind) -> String {
    match kind {
        SnapshotKind::Automated => "automated: AWS deletes it when its time is over".to_owned(),
        SnapshotKind::AwsBackup => "of AWS Backup: its plan deletes it".to_owned(),
        SnapshotKind::Shared | SnapshotKind::Public => format!("{kind}: it belongs to another account"),
        SnapshotKind::Manual | SnapshotKind::Other(_) => format!("of the type {kind}, not manual"),
    }
}

fn status(status: &SnapshotStatus) -> String {
    match status {
        SnapshotStatus::Deleting => "it is being deleted already".to_owned(),
        SnapshotStatus::Deleted => "it is deleted already".to_owned(),
        SnapshotStatus::Creating => "still being created; AWS deletes available ones only".to_owned(),
        SnapshotStatus::Failed => "it failed; AWS deletes available ones only".to_owned(),
        status => format!("it is {status}; AWS deletes available ones only"),
    }
}

fn open_deletion(age: &SignedDuration) -> String {
    let [age, horizon] = [*age, HORIZON].map(|time| length(time.unsigned_abs()));
    format!("its deletion {age} ago got no clear answer, and may take effect within {horizon} of that")
}

/// Why a snapshot is deleted only if somebody says it by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Of its cluster no other usable manual snapshot would remain.
    LastUsable,
    /// The journal has a request of this name open.
    OpenRequest,
    /// It belongs to a change that is not over.
    OpenChange(ChangeId),
    /// A tag keeps it until a day, the day included, or until a moment.
    KeepUntil(String),
    /// A tag keeps it until nobody knows when.
    KeepUntilUnclear(String),
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LastUsable => f.write_str("the last usable manual snapshot of its cluster"),
            Self::OpenRequest => f.write_str("a request for this name is open in the journal"),
            Self::OpenChange(id) => write!(f, "it belongs to the change {id}, which is not over"),
            Self::KeepUntil(until) => write!(f, "its tag keeps it until {until}"),
            Self::KeepUntilUnclear(text) => {
                write!(f, "its tag {KEEP_UNTIL}={text} is no date like 2026-12-31")
            }
        }
    }
}

impl Guard {
    /// The guard in a few words, for a column.
    pub(crate) fn short(&self) -> String {
        match self {
            Self::LastUsable => "the last usable of its cluster".to_owned(),
            Self::OpenRequest => "a request for it is open".to_owned(),
            Self::OpenChange(id) => format!("the change {id} is not over"),
            Self::KeepUntil(until) => format!("kept until {until}"),
            Self::KeepUntilUnclear(_) => format!("its {KEEP_UNTIL} is no date"),
        }
    }

    /// The guard in a clause of its own.
    pub(crate) fn clause(&self) -> String {
        if *self == Self::LastUsable { format!("it is {self}") } else { self.to_string() }
    }

    /// The guard in one word, for programs.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::LastUsable => "last_usable",
            Self::OpenRequest => "open_request",
            Self::OpenChange(_) => "open_change",
            Self::KeepUntil(_) => "keep_until",
            Self::KeepUntilUnclear(_) => "keep_until_unclear",
        }
    }
}

impl Refusal {
    /// The refusal in one word, for programs.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::NotManual(_) => "not_manual",
            Self::NoIdentifier => "no_identifier",
            Self::Status(_) => "status",
            Self::NoCreateTime => "no_create_time",
            Self::NoArn => "no_arn",
            Self::NoCluster => "no_cluster",
            Self::OpenDeletion(_) => "open_deletion",
            Self::Held(_) => "held_back",
        }
    }
}

/// What the tags of a snapshot say against its deletion now.
pub fn kept_by_tags(tags: &[Tag], now: Timestamp) -> impl Iterator<Item = Guard> {
    tags.iter().filter_map(move |tag| keep_until(tag, now))
}

/// Whether a tag keeps its snapshot now: the last day counts to its end, in UTC. A guard that cannot be understood
/// holds.
fn keep_until(tag: &Tag, now: Timestamp) -> Option<Guard> {
    if !tag.key.eq_ignore_ascii_case(KEEP_UNTIL) {
        return None;
    }
    let text = tag.value.trim();
    match is_over(text, now) {
        Some(true) => None,
        Some(false) => Some(Guard::KeepUntil(text.to_owned())),
        None => Some(Guard::KeepUntilUnclear(tag.value.clone())),
    }
}

/// Whether a day, or a moment of RFC 3339, is over; `None` if the text is neither.
fn is_over(text: &str, now: Timestamp) -> Option<bool> {
    if text.len() == "2026-12-31".len() {
        let day: Date = text.parse().ok()?;
        return Some(day < now.to_zoned(TimeZone::UTC).date());
    }
    let moment: Timestamp = text.parse().ok()?;
    Some(moment <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_one_stays_is_said_in_words_of_their_own_and_in_few() {
        let refused = |status: &str| Refusal::Status(SnapshotStatus::reported(status)).to_string();
        assert_eq!(refused("creating"), "still being created; AWS deletes available ones only");
        assert_eq!(refused("failed"), "it failed; AWS deletes available ones only");
        assert_eq!(refused("deleting"), "it is being deleted already");
        assert_eq!(Guard::LastUsable.clause(), "it is the last usable manual snapshot of its cluster");
        assert_eq!(Guard::LastUsable.short(), "the last usable of its cluster");
        let kept = Guard::KeepUntil("2026-12-31".to_owned());
        assert_eq!(
            (kept.clause(), kept.short()),
            ("its tag keeps it until 2026-12-31".to_owned(), "kept until 2026-12-31".to_owned())
        );
    }
}
