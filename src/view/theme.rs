//! Styles by role. The sixteen ANSI colours only, so that light and dark terminals both read; without
//! colour, bold, dim and words remain. Nothing is told by colour alone.

use ratatui::style::{Color, Modifier, Style};

use crate::app::Look;

/// What a piece of text is, from which its style follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// What a screen or part is called.
    Heading,
    /// Text that explains, or that matters less.
    Quiet,
    /// Where the cursor is, and what can be pressed.
    Accent,
    /// It went well.
    Good,
    /// It is under way, or not certain.
    Doubt,
    /// It failed, or is not allowed.
    Bad,
}

/// The style of a role.
#[must_use]
pub fn style(role: Role, look: Look) -> Style {
    let base = match role {
        Role::Plain => return Style::new(),
        Role::Heading => Style::new().add_modifier(Modifier::BOLD),
        Role::Quiet => Style::new().add_modifier(Modifier::DIM),
        Role::Accent => Style::new().fg(Color::Cyan),
        Role::Good => Style::new().fg(Color::Green),
        Role::Doubt => Style::new().fg(Color::Yellow),
        Role::Bad => Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
    };
    if look.color { base } else { Style { fg: None, bg: None, ..base } }
}

/// The symbols that stand beside words, in Unicode or ASCII.
#[derive(Clone, Copy, Debug)]
pub struct Symbols {
    /// The cursor at the left edge.
    pub cursor: &'static str,
    /// Done, ready, fine.
    pub full: &'static str,
    /// Under way.
    pub half: &'static str,
    /// Not available.
    pub empty: &'static str,
    /// Failed, or not allowed.
    pub cross: &'static str,
    /// What holds a place until something is known.
    pub ellipsis: &'static str,
    /// Under the character that breaks a rule.
    pub marker: &'static str,
    /// The eighths of a bar, from one to a full block.
    pub bar: &'static [&'static str],
}

const UNICODE: Symbols = Symbols {
    cursor: "▌",
    full: "●",
    half: "◐",
    empty: "○",
    cross: "✗",
    ellipsis: "…",
    marker: "╵",
    bar: &["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
};

const ASCII: Symbols = Symbols {
    cursor: ">",
    full: "*",
    half: "~",
    empty: "o",
    cross: "x",
    ellipsis: "...",
    marker: "^",
    bar: &["#"],
};

/// The symbols for a look.
#[must_use]
pub fn symbols(look: Look) -> &'static Symbols {
    if look.symbols { &UNICODE } else { &ASCII }
}
