//! Which calls a fault is about.

use serde::Deserialize;

/// The calls that a fault is about, both ends included: `"3"`, `"2-5"`, `"2-"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Calls {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}

impl Calls {
    /// Whether a call is among them; the first call is number 1.
    pub(crate) fn has(self, call: u64) -> bool {
        (self.first..=self.last).contains(&call)
    }
}

impl Default for Calls {
    fn default() -> Self {
        Self { first: 1, last: u64::MAX }
    }
}

impl TryFrom<String> for Calls {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (first, last) = text.split_once('-').unwrap_or((&text, &text));
        let last = if last.is_empty() { Ok(u64::MAX) } else { last.parse() };
        match (first.parse(), last) {
            (Ok(first), Ok(last)) if 1 <= first && first <= last => Ok(Self { first, last }),
            _ => Err(format!("\"{text}\" says no calls: \"3\", \"2-5\" or \"2-\", and the first is 1")),
        }
    }
}
