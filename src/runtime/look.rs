//! How things are to look, told from the environment: colour and characters.

use std::env;

use crate::app::Look;
use crate::app::theme::Theme;

/// Terminals that have no colour.
const WITHOUT_COLOR: &[&str] = &["vt1", "vt2", "vt3", "vt4", "vt5"];
/// Terminals whose fonts have letters, but hardly a symbol.
const WITHOUT_SYMBOLS: &[&str] = &["vt1", "vt2", "vt3", "vt4", "vt5", "linux", "cons", "ansi", "sun"];

/// Reads `TERM`, `NO_COLOR` (<https://no-color.org>) and the locale's character set, the last in the order
/// in which the C library does (`LC_ALL`, `LC_CTYPE`, `LANG`).
#[must_use]
pub fn look(is_ascii_wanted: bool, wanted: Theme) -> Look {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
    let term = set("TERM").unwrap_or_default();
    let unicode = !is_ascii_wanted && is_utf8(&locale);
    let color = set("NO_COLOR").is_none() && !is_one_of(&term, WITHOUT_COLOR);
    let can_show = color && (!wanted.needs_fixed_colors() || has_fixed_colors(&term));
    Look {
        color,
        theme: if can_show { wanted } else { Theme::default() },
        unicode,
        symbols: unicode && !is_one_of(&term, WITHOUT_SYMBOLS),
    }
}

/// Whether the terminal has more colours than its own sixteen: all but old ones have.
fn has_fixed_colors(term: &str) -> bool {
    term != "screen" && !is_one_of(term, WITHOUT_SYMBOLS)
}

fn is_one_of(term: &str, kinds: &[&str]) -> bool {
    kinds.iter().any(|kind| term.starts_with(kind))
}

fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_utf8_locale_gets_more_than_ascii() {
        assert!(is_utf8("en_US.UTF-8"));
        assert!(is_utf8("C.utf8"));
        assert!(!is_utf8("POSIX"));
        assert!(!is_utf8(""));
    }

    #[test]
    fn old_terminals_are_known() {
        assert!(is_one_of("vt100", WITHOUT_COLOR) && !is_one_of("linux", WITHOUT_COLOR));
        assert!(is_one_of("vt220", WITHOUT_SYMBOLS) && is_one_of("linux", WITHOUT_SYMBOLS));
        assert!(!is_one_of("xterm-256color", WITHOUT_SYMBOLS) && !is_one_of("screen", WITHOUT_SYMBOLS));
    }
}
