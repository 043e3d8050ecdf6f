//! In which ways a person wants to be told that a snapshot has ended, or that a request came to nothing out of sight.

/// The ways, each of which can be turned off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notify {
    /// The terminal's bell.
    pub bell: bool,
    /// A notification of the desktop, by way of the terminal.
    pub desktop: bool,
    /// The title of the terminal's window, with counts.
    pub title: bool,
    /// A program and its arguments; empty for none.
    pub command: Vec<String>,
}

impl Default for Notify {
    fn default() -> Self {
        Self { bell: true, desktop: true, title: true, command: Vec::new() }
    }
}
