//! Styles by role, from the theme; without colour, bold, dim, reverse and words remain. Nothing is told by
//! colour alone.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::bar;

use crate::app::Appearance;
use crate::app::theme::{self, Named};

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
    /// The row under the cursor, and the part of the screen that has the keys: reversed where there is no colour.
    Chosen,
    /// It went well.
    Good,
    /// It is under way, or not certain.
    Doubt,
    /// It failed, or is not allowed.
    Bad,
}

/// The style of a role.
pub fn style(role: Role, look: Appearance) -> Style {
    let inks = look.theme.inks;
    let ink = match role {
        Role::Plain => inks.plain,
        Role::Heading => inks.heading,
        Role::Quiet => inks.quiet,
        Role::Accent | Role::Chosen => inks.accent,
        Role::Good => inks.good,
        Role::Doubt => inks.doubt,
        Role::Bad => inks.bad,
    };
    let is_chosen = role == Role::Chosen;
    let has_color = look.color && ink.color.is_some();
    let mut style = Style::new();
    for (is_set, modifier) in [
        (ink.bold || (is_chosen && has_color), Modifier::BOLD),
        (ink.dim, Modifier::DIM),
        (ink.reverse || (is_chosen && !has_color), Modifier::REVERSED),
    ] {
        if is_set {
            style = style.add_modifier(modifier);
        }
    }
    match ink.color {
        Some(ink) if look.color => style.fg(color(ink)),
        _ => style,
    }
}

fn color(color: theme::Color) -> Color {
    match color {
        theme::Color::Fixed(number) => Color::Indexed(number),
        theme::Color::Named(Named::Red) => Color::Red,
        theme::Color::Named(Named::Green) => Color::Green,
        theme::Color::Named(Named::Yellow) => Color::Yellow,
        theme::Color::Named(Named::Blue) => Color::Blue,
        theme::Color::Named(Named::Magenta) => Color::Magenta,
        theme::Color::Named(Named::Cyan) => Color::Cyan,
    }
}

/// The symbols that stand beside words, in Unicode or ASCII.
#[derive(Clone, Copy, Debug)]
pub struct Symbols {
    /// The cursor at the left edge.
    pub cursor: &'static str,
    /// Before what a person has marked.
    pub chosen: &'static str,
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
    /// How high something is, from one step to eight.
    pub steps: [&'static str; 8],
    /// What of a bar is still to come.
    pub track: &'static str,
    /// Between what stands side by side.
    pub divider: &'static str,
}

const UNICODE: Symbols = Symbols {
    cursor: "▌",
    chosen: "*",
    full: "●",
    half: "◐",
    empty: "○",
    cross: "✗",
    ellipsis: "…",
    marker: "╵",
    bar: &["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    steps: [
        bar::ONE_EIGHTH,
        bar::ONE_QUARTER,
        bar::THREE_EIGHTHS,
        bar::HALF,
        bar::FIVE_EIGHTHS,
        bar::THREE_QUARTERS,
        bar::SEVEN_EIGHTHS,
        bar::FULL,
    ],
    track: "░",
    divider: "│",
};

const ASCII: Symbols = Symbols {
    cursor: ">",
    chosen: "+",
    full: "*",
    half: "~",
    empty: "o",
    cross: "x",
    ellipsis: "...",
    marker: "^",
    bar: &["#"],
    steps: ["_", "_", "-", "-", "=", "=", "#", "#"],
    track: ".",
    divider: "|",
};

/// The symbols for a look.
pub fn symbols(look: Appearance) -> &'static Symbols {
    if look.symbols { &UNICODE } else { &ASCII }
}
