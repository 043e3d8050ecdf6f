//! What kind of terminal the program runs in, and what stands between it and the one that a person looks at: that
//! decides how things look, which sequences reach it, and in what wrapping.

use std::{env, fs};

use crate::app::theme::Theme;
use crate::app::{Appearance, TerminalKind};

/// Terminals that have no colour, and nothing of what came later, as `TERM` begins for them.
const WITHOUT_COLOR: &[&str] = &["vt1", "vt2", "vt3", "vt4", "vt5"];
/// Others without a desktop, whose fonts have letters, but hardly a symbol.
const CONSOLES: &[&str] = &["linux", "cons", "ansi", "sun"];
/// GNU screen hands strings of up to 256 bytes through in its older versions.
const SCREEN_STRING: usize = 240;

/// Whether a terminal by its `TERM` shows colour.
fn has_color(term: &str) -> bool {
    !begins_with_any(term, WITHOUT_COLOR)
}

/// Whether it is one without a desktop by its `TERM`.
fn is_console(term: &str) -> bool {
    begins_with_any(term, WITHOUT_COLOR) || begins_with_any(term, CONSOLES)
}

fn begins_with_any(term: &str, kinds: &[&str]) -> bool {
    kinds.iter().any(|kind| term.starts_with(kind))
}

/// The parents of this program, the nearest first, where the system tells them.
fn parents() -> impl Iterator<Item = u32> {
    let parent = |pid: &u32| {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
    };
    std::iter::successors(Some(std::process::id()), parent).skip(1)
}

/// Reads `TERM`, `NO_COLOR` (<https://no-color.org>) and the locale's character set, the last in the order
/// in which the C library does (`LC_ALL`, `LC_CTYPE`, `LANG`).
pub(crate) fn look(is_ascii_wanted: bool, wanted: Theme) -> Appearance {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
    let term = set("TERM").unwrap_or_default();
    let unicode = !is_ascii_wanted && is_utf8(&locale);
    let color = set("NO_COLOR").is_none() && has_color(&term);
    let can_show = color && (!wanted.needs_fixed_colors() || has_fixed_colors(&term));
    Appearance {
        color,
        theme: if can_show { wanted } else { Theme::default() },
        unicode,
        symbols: unicode && !is_console(&term),
    }
}

/// Whether the terminal has more colours than its own sixteen: all but old ones have.
fn has_fixed_colors(term: &str) -> bool {
    term != "screen" && !is_console(term)
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

impl TerminalKind {
    /// Reads the environment. A multiplexer that is among the parents of this program counts, the inner one first: the
    /// variables of others are there as well. Else `TERM` decides, which the inner one has set.
    pub(crate) fn detect() -> Self {
        let (tmux, screen) = (env::var("TMUX").ok(), env::var("STY").ok());
        let server = |pid: Option<&str>| pid?.parse::<u32>().ok();
        let servers = [
            (server(tmux.as_deref().and_then(|it| it.rsplit(',').nth(1))), Self::Tmux),
            (server(screen.as_deref().and_then(|it| it.split('.').next())), Self::Screen),
        ];
        let kind_of = |pid| servers.iter().find(|(server, _)| *server == Some(pid)).map(|(_, kind)| *kind);
        parents().find_map(kind_of).unwrap_or_else(|| {
            let term = env::var("TERM").unwrap_or_default();
            Self::of(&term, tmux.is_some(), screen.is_some())
        })
    }

    fn of(term: &str, has_tmux: bool, has_screen: bool) -> Self {
        let is_screen = has_screen && term.starts_with("screen");
        match (has_tmux, is_screen) {
            (true, false) => Self::Tmux,
            (_, true) => Self::Screen,
            (false, false) if is_console(term) => Self::Console,
            (false, false) => Self::Desktop,
        }
    }

    /// A sequence so that it reaches the terminal; empty where it must not.
    pub(crate) fn through(self, sequence: &str) -> String {
        match self {
            Self::Desktop => sequence.to_owned(),
            Self::Console => String::new(),
            Self::Tmux => format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b")),
            Self::Screen => {
                let mut through = String::new();
                let mut room = 0;
                for character in sequence.chars() {
                    if character.len_utf8() > room {
                        let end = if through.is_empty() { "" } else { "\x1b\\" };
                        through.extend([end, "\x1bP"]);
                        room = SCREEN_STRING;
                    }
                    room -= character.len_utf8();
                    through.push(character);
                }
                through + "\x1b\\"
            }
        }
    }

    /// Whether a title can be given, and given back.
    pub(crate) fn has_title(self) -> bool {
        matches!(self, Self::Desktop | Self::Tmux)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inner_multiplexer_counts() {
        assert_eq!(TerminalKind::of("xterm-256color", false, false), TerminalKind::Desktop);
        assert_eq!(TerminalKind::of("tmux-256color", true, false), TerminalKind::Tmux);
        assert_eq!(TerminalKind::of("tmux-256color", true, true), TerminalKind::Tmux);
        assert_eq!(TerminalKind::of("screen.xterm-256color", true, true), TerminalKind::Screen);
        assert_eq!(TerminalKind::of("screen", false, true), TerminalKind::Screen);
        assert_eq!(TerminalKind::of("linux", false, false), TerminalKind::Console);
        assert_eq!(TerminalKind::of("vt220", false, false), TerminalKind::Console);
    }

    #[test]
    fn old_terminals_are_known() {
        assert!(!has_color("vt100") && has_color("linux"));
        assert!(is_console("vt220") && is_console("linux"));
        assert!(!is_console("xterm-256color") && !is_console("screen"));
    }

    #[test]
    fn long_sequences_go_through_screen_in_pieces() {
        let long = format!("\x1b]52;c;{}\x07", "A".repeat(500));
        let through = TerminalKind::Screen.through(&long);
        assert!(through.split("\x1b\\").all(|piece| piece.len() <= SCREEN_STRING + 2));
        assert_eq!(through.replace("\x1bP", "").replace("\x1b\\", ""), long);
    }

    #[test]
    fn only_a_utf8_locale_gets_more_than_ascii() {
        assert!(is_utf8("en_US.UTF-8"));
        assert!(is_utf8("C.utf8"));
        assert!(!is_utf8("POSIX"));
        assert!(!is_utf8(""));
    }
}
