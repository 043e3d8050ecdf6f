//! What the program is started with.

use std::time::Duration;

use crate::domain::context::Target;
use crate::domain::notify::Notify;
use crate::domain::policy::Policy;

use super::overrides::Keymap;
use super::theme::Theme;

/// What the program is started with.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The places to open, each with its profile, Region and endpoint as given; without any, the one that the
    /// environment and the files of AWS say.
    pub places: Vec<Target>,
    /// Where jitter begins; any number.
    pub seed: u64,
    /// How things are to look.
    pub look: Appearance,
    /// What is wanted of every request.
    pub policy: Policy,
    /// How to tell that a snapshot has ended.
    pub notify: Notify,
    /// The keys in force.
    pub keymap: Keymap,
    /// What the program runs in.
    pub terminal: TerminalKind,
    /// For how long what ended well stays in the pane.
    pub stay: Stay,
    /// How the list of DB clusters begins.
    pub list: ListSettings,
    /// Something to tell at the start.
    pub told: Option<String>,
}

/// How the list of DB clusters begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListSettings {
    /// The key of the tag that they are grouped by, if they are.
    pub group_by: Option<String>,
    /// What they are filtered by; empty for nothing.
    pub filter: String,
}

/// For how long what ended well stays in the pane of snapshots in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay(pub Duration);

impl Default for Stay {
    fn default() -> Self {
        Self(Duration::from_mins(10))
    }
}

/// What the program runs in: it decides which sequences reach the terminal, and what can be copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TerminalKind {
    /// A terminal of a desktop, which may have a clipboard; none tells.
    #[default]
    Desktop,
    /// A terminal without a desktop: a Linux console, a vt100. It has no clipboard, no notifications and no
    /// title, and old ones show what they do not know.
    Console,
    /// tmux, which hands wrapped sequences through where `allow-passthrough` is on. It is asked to take what is copied,
    /// and says whether it did.
    Tmux,
    /// GNU screen, which hands wrapped sequences through, and has no stack of titles. It hands on what is copied, and
    /// says nothing.
    Screen,
}

/// How things are to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// Whether there is colour.
    pub color: bool,
    /// Whether the terminal shows text that is more than ASCII.
    pub unicode: bool,
    /// Whether its font has symbols and block elements.
    pub symbols: bool,
    /// What each kind of text looks like.
    pub theme: Theme,
}

impl Default for Appearance {
    fn default() -> Self {
        Self { color: true, unicode: true, symbols: true, theme: Theme::default() }
    }
}
