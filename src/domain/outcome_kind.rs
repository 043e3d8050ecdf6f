//! What became of a request, in one word, and what that word says.

use serde::{Deserialize, Serialize};

/// What became of a request, in one word. See [`super::outcome::Outcome`] for what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// The service said that it creates the snapshot.
    Created,
    /// The answer was lost, and the snapshot found again.
    FoundAgain,
    /// Nothing left this machine.
    NotCreated,
    /// The service itself refused the request.
    Refused,
    /// The service answered with a snapshot of another account or Region.
    Elsewhere,
    /// The name belongs to a snapshot that the request did not make.
    Taken,
    /// It may still appear.
    Unknown,
    /// No snapshot is listed that the request can have made, and none can appear any more.
    NotListed,
    /// A snapshot of the name is there, and nothing proves whose it is.
    Unproven,
    /// A word of a newer version of the program.
    #[serde(other)]
    Other,
}

impl OutcomeKind {
    /// What became of the request, for a column.
    pub(crate) fn short(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::FoundAgain => "found again",
            Self::NotCreated => "not created",
            Self::Refused => "refused",
            Self::Elsewhere => "made elsewhere",
            Self::Taken => "name taken",
            Self::Unknown => "not known yet",
            Self::NotListed => "not there",
            Self::Unproven => "cannot be told",
            Self::Other => "see the journal",
        }
    }

    /// What became of the request, in a sentence.
    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Created => "AWS answered that it creates the snapshot.",
            Self::FoundAgain => "Created: no clear answer came, and the snapshot was found again.",
            Self::NotCreated => "Not created: nothing was sent.",
            Self::Refused => "AWS refused the request.",
            Self::Elsewhere => {
                "AWS answered with a snapshot of another account or Region than was confirmed."
            }
            Self::Taken => "Not created: the name belongs to a snapshot that this request did not make.",
            Self::Unknown => {
                "Not known yet: it may have been carried out. Every start in its place looks it up again."
            }
            Self::NotListed => {
                "AWS lists no snapshot of this name, and the request is too old to take effect any more."
            }
            Self::Unproven => {
                "No clear answer came; a snapshot of this name was found, and nothing proves that this request made it."
            }
            Self::Other => "A newer version of clustersnap wrote what this one cannot read.",
        }
    }

    /// How much the word is worth beside another one on the same request: the mark on the snapshot and an answer
    /// that it is created beat every other word, whichever was written first, for two running programs can both
    /// write one. Of equals the last counts.
    pub(crate) fn weight(self) -> u8 {
        match self {
            Self::Other | Self::Unknown => 0,
            Self::NotListed | Self::Unproven => 1,
            Self::Taken => 2,
            Self::NotCreated | Self::Refused => 3,
            Self::FoundAgain | Self::Elsewhere => 4,
            Self::Created => 5,
        }
    }
}
