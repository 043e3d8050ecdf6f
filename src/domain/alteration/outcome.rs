//! What became of an alteration. Never a success or a failure that is not certain.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Deed;
use crate::domain::failure::{self, Failure};
use crate::domain::listing::Unlisted;
use crate::domain::record::{OutcomeLine, SnapshotLine};
use crate::domain::snapshot::Snapshot;

/// What became of an alteration, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlteredKind {
    /// AWS answered that it deletes the snapshot, or shows it as being deleted.
    Deleting,
    /// The snapshot is not there any more.
    Gone,
    /// Its tags are as they were asked for.
    Tagged,
    /// It certainly was not done: nothing was sent, or the request is too old and the snapshot as before.
    NotDone,
    /// The service itself refused.
    Refused,
    /// Another snapshot has the name.
    Replaced,
    /// AWS answered that it deletes another snapshot, made under the name between the look and the request.
    Another,
    /// Not known yet: it may still take effect.
    Unknown,
    /// A word of a newer version of the program.
    #[serde(other)]
    Other,
}

impl AlteredKind {
    /// What became of it, for a column.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::Deleting => "deleting",
            Self::Gone => "gone",
            Self::Tagged => "tagged",
            Self::NotDone => "not done",
            Self::Refused => "refused",
            Self::Replaced => "replaced",
            Self::Another => "another deleted",
            Self::Unknown => "not known yet",
            Self::Other => "see the journal",
        }
    }

    /// What became of it, in a sentence.
    pub(crate) fn sentence(self, deed: &Deed, is_unsent: bool) -> &'static str {
        match (self, is_unsent) {
            (Self::Deleting, true) => "It was being deleted already: nothing was sent.",
            (Self::Deleting, false) => "AWS deletes it.",
            (Self::Gone, _) if *deed == Deed::Delete => {
                "It is not there any more. No clear answer came, so by whom it was deleted cannot be proved."
            }
            (Self::Gone, _) => "It is not there any more.",
            (Self::Tagged, true) => "Its tags were as wanted already: nothing was sent.",
            (Self::Tagged, false) => "Its tags are as wanted.",
            (Self::NotDone, true) => "Not done: nothing was sent.",
            (Self::NotDone, false) if matches!(deed, Deed::Tag { .. }) => {
                "Not done: no clear answer came, the request is too old to take effect, and its tags are not as wanted. \
                 Some may have been changed."
            }
            (Self::NotDone, false) => {
                "Not done: no clear answer came, the request is too old to take effect, and it is as before."
            }
            (Self::Refused, _) => "AWS refused.",
            (Self::Replaced, true) => "Another snapshot has the name now: nothing was sent.",
            (Self::Replaced, false) => "It is gone, and another snapshot has the name now, which is there.",
            (Self::Another, _) => {
                "AWS answered that it deletes another snapshot of the name, made between the look and the request."
            }
            (Self::Unknown, _) => {
                "Not known yet: it may have been done. Every start in its place looks it up again."
            }
            (Self::Other, _) => "A newer version of clustersnap wrote what this one cannot read.",
        }
    }

    /// Whether what was wanted is so: it is deleted or being deleted, or its tags are as wanted.
    #[must_use]
    pub fn is_as_wanted(self, deed: &Deed) -> bool {
        match deed {
            Deed::Delete => matches!(self, Self::Deleting | Self::Gone),
            Deed::Tag { .. } | Deed::Other => self == Self::Tagged,
        }
    }

    /// How much the word is worth beside another one on the same alteration. Of equals the last counts.
    pub(super) fn weight(self) -> u8 {
        match self {
            Self::Other | Self::Unknown => 0,
            Self::NotDone => 1,
            Self::Refused => 2,
            Self::Deleting | Self::Gone | Self::Tagged | Self::Replaced | Self::Another => 3,
        }
    }
}

/// What became of one alteration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Altered {
    /// In one word.
    pub kind: AlteredKind,
    /// What failed, or what happened to the answer.
    pub failure: Option<Failure>,
    /// Why the last look at it failed, if it did and what became of it is not known.
    pub look: Option<Box<Failure>>,
    /// Of what is not known: the looks that did not find the snapshot, if the last did not.
    pub unlisted: Option<Unlisted>,
    /// The snapshot as it was answered or seen last.
    pub seen: Option<Box<Snapshot>>,
    /// The service's request id.
    pub request_id: Option<String>,
    /// How often a request left this machine, or may have.
    pub sent: u32,
}

impl Altered {
    /// A word, of which nothing more is known.
    pub(crate) fn new(kind: AlteredKind) -> Self {
        Self { kind, failure: None, look: None, unlisted: None, seen: None, request_id: None, sent: 0 }
    }

    /// The same with what failed, or what happened to the answer.
    pub(crate) fn because(self, failure: Failure) -> Self {
        let request_id = failure.request_id.clone().or(self.request_id);
        Self { failure: Some(failure), request_id, ..self }
    }

    /// The same with the snapshot that was seen.
    pub(crate) fn seeing(self, snapshot: Snapshot) -> Self {
        Self { seen: Some(Box::new(snapshot)), ..self }
    }

    /// What became of it, in a sentence with what failed: text from outside is escaped.
    #[must_use]
    pub fn words(&self, deed: &Deed) -> String {
        let sentence = self.kind.sentence(deed, self.sent == 0);
        let unlisted = self.unlisted.map(|looks| format!(" {}", looks.words())).unwrap_or_default();
        let failed = self.failure.iter().map(|failure| format!(" {failure}"));
        let look = self.look.iter().map(|look| format!(" The last look-up failed: {look}"));
        format!("{sentence}{unlisted}{}", failed.chain(look).collect::<Vec<_>>().join("."))
    }
}

/// What became of an alteration, as the journal keeps it.
pub type AlteredLine = OutcomeLine<AlteredKind>;

impl AlteredLine {
    /// The line for what became of an alteration.
    pub(crate) fn altered(number: &str, at: Timestamp, altered: &Altered, attempts: Option<u32>) -> Self {
        Self {
            number: number.to_owned(),
            at,
            outcome: altered.kind,
            request_id: altered.request_id.as_deref().map(failure::cut),
            failure: altered.failure.as_ref().map(Failure::kept),
            snapshot: altered.seen.as_deref().map(SnapshotLine::new),
            attempts,
            unlisted: altered.unlisted,
        }
    }
}
