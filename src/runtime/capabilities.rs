//! How things are to look, told from the environment: colour and characters.

use std::env;

use crate::app::Appearance;
use crate::app::theme::Theme;

use super::terminal_kind::{has_color, is_console};

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
}
