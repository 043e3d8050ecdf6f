//! The lines of the journal. `assets/journal.md` describes them for other readers: keep the two in step.

use serde::{Deserialize, Serialize};

use crate::domain::alteration::{Alteration, AlteredLine};
use crate::domain::ending::Ending;
use crate::domain::record::{Intent, OutcomeLine};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line {
    /// Something is about to be sent. On disk before anything leaves.
    Intent(Box<Intent>),
    /// What became of it.
    Outcome(Box<OutcomeLine>),
    /// How the snapshot ended.
    Ended(Ended),
    /// A snapshot that is there is about to be altered. On disk before anything leaves.
    Alteration(Box<Alteration>),
    /// What became of that.
    Altered(Box<AlteredLine>),
}

/// How the snapshot of a request ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The request's number.
    pub number: String,
    /// How it ended.
    #[serde(flatten)]
    pub ending: Ending,
}

/// What kind of line it is. A kind of a newer version is no error: it is left alone.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LineKind {
    Intent,
    Outcome,
    Ended,
    Alteration,
    Altered,
    #[serde(other)]
    Newer,
}

impl LineKind {
    /// The program's own lines begin with their kind; in others it is looked for, which takes as long as
    /// to read them.
    fn of(line: &[u8]) -> Result<Self, serde_json::Error> {
        const OWN: [(&[u8], LineKind); 5] = [
            (br#"{"kind":"intent","#, LineKind::Intent),
            (br#"{"kind":"outcome","#, LineKind::Outcome),
            (br#"{"kind":"ended","#, LineKind::Ended),
            (br#"{"kind":"alteration","#, LineKind::Alteration),
            (br#"{"kind":"altered","#, LineKind::Altered),
        ];
        match OWN.iter().find(|(start, _)| line.starts_with(start)) {
            Some((_, kind)) => Ok(*kind),
            None => serde_json::from_slice::<Head>(line).map(|head| head.kind),
        }
    }
}

#[derive(Deserialize)]
struct Head {
    kind: LineKind,
}

impl Line {
    /// Reads a line; `None` for one of a kind that a newer version writes.
    pub(super) fn parse(line: &[u8]) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match LineKind::of(line)? {
            LineKind::Intent => Self::Intent(serde_json::from_slice(line)?),
            LineKind::Outcome => {
                Self::Outcome(serde_json::from_slice::<Box<OutcomeLine>>(line)?.in_todays_words())
            }
            LineKind::Ended => Self::Ended(serde_json::from_slice(line)?),
            LineKind::Alteration => Self::Alteration(serde_json::from_slice(line)?),
            LineKind::Altered => Self::Altered(serde_json::from_slice(line)?),
            LineKind::Newer => return Ok(None),
        }))
    }

    /// Whether a line can be what an entry begins with, without reading all of it.
    pub(super) fn is_beginning(line: &[u8]) -> bool {
        matches!(LineKind::of(line), Ok(LineKind::Intent | LineKind::Alteration))
    }

    /// Whether an entry begins with it, written before something leaves.
    pub(super) fn begins(&self) -> bool {
        matches!(self, Self::Intent(_) | Self::Alteration(_))
    }

    /// The number of the request or alteration that the line is about.
    pub(super) fn number(&self) -> &str {
        match self {
            Self::Intent(intent) => &intent.number,
            Self::Outcome(line) => &line.number,
            Self::Ended(line) => &line.number,
            Self::Alteration(asked) => &asked.number,
            Self::Altered(line) => &line.number,
        }
    }
}
