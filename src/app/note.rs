//! What is told to the person: a few lines that stay until they are read or replaced.

use crate::domain::text::escaped;

/// How a note is meant, the more urgent the later; it is told by a symbol and a word too, never by colour
/// alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Something went well.
    Good,
    /// Something to know.
    Neutral,
    /// Something is not certain.
    Doubt,
    /// Something failed.
    Bad,
}

/// A few lines for the person. The text is safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How it is meant.
    pub tone: Tone,
    /// What is told.
    pub text: String,
}

/// The longest text of a note.
const MAX_CHARS: usize = 4000;

impl Note {
    /// Makes a note; text from outside in it becomes safe to show.
    #[must_use]
    pub fn new(tone: Tone, text: &str) -> Self {
        // What a proxy answers may be long; the beginning tells.
        let text: String = text.chars().take(MAX_CHARS).collect();
        Self { tone, text: escaped(&text).into_owned() }
    }
}
