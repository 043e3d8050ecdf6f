//! What comes back from a faulty call.

use serde::Deserialize;

use super::super::clock::Period;

/// A change to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The name of the elements to change.
    pub element: String,
    /// Their new text; they are left out, if it is.
    pub text: Option<String>,
}

/// What comes back from a faulty call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FaultyAnswer {
    /// The true answer.
    #[default]
    Normal,
    /// A refusal in AWS's form.
    Error {
        /// The HTTP status.
        status: u16,
        /// The wire code.
        code: String,
        /// The message.
        message: String,
    },
    /// Some other document, as a proxy on the way would send.
    Body {
        /// The HTTP status.
        status: u16,
        /// The body, possibly empty.
        body: String,
    },
    /// 200, and bytes that are neither XML nor text.
    Garbage,
    /// The true answer, cut off: its beginning, then the connection breaks.
    Truncate {
        /// How much of it arrives.
        #[serde(default = "half")]
        percent: u8,
    },
    /// The true answer, a little at a time.
    Drip {
        /// How many bytes at once.
        bytes: usize,
        /// How long between them.
        every: Period,
    },
    /// None: the connection breaks after the request was sent.
    Drop,
    /// None: the connection stays open for ever; over HTTP, where nobody can tell that a client is gone, for
    /// an hour.
    Hang,
    /// None: no connection is made. Over HTTP, where the action is known only after that, the
    /// connection is closed without an answer.
    Refuse,
    /// The true first page, with a marker that leads to itself.
    LoopingMarker,
}

impl FaultyAnswer {
    /// A refusal in AWS's form.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::Error { status, code: code.to_owned(), message: message.to_owned() }
    }

    /// Some other document.
    #[must_use]
    pub fn body(status: u16, body: &str) -> Self {
        Self::Body { status, body: body.to_owned() }
    }
}

const fn half() -> u8 {
    50
}
