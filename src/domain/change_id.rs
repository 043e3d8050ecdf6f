//! What a change is called where it was approved: the ticket that its snapshots belong to.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most characters of a change's id.
const MAX_CHARS: usize = 40;

/// The id of a change: what a tag, a name and the subject of a message can hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeId(String);

/// Why a text is no id of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("1 to 40 ASCII letters, digits and any of . : / = + - @ _, such as CHG-1042")]
pub struct NotAChangeId;

impl ChangeId {
    /// Takes the id of a change.
    ///
    /// # Errors
    /// When a tag or a message's subject could not hold it.
    pub fn parse(text: &str) -> Result<Self, NotAChangeId> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".:/=+-@_".contains(c);
        let is_change = (1..=MAX_CHARS).contains(&text.len()) && text.chars().all(is_plain);
        if is_change { Ok(Self(text.to_owned())) } else { Err(NotAChangeId) }
    }

    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of the tag that carries the change's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeKey(pub String);

impl Default for ChangeKey {
    fn default() -> Self {
        Self("change".to_owned())
    }
}
