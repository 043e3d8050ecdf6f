//! How things are to look, told from the environment: colour and characters.

use std::env;

use crate::app::Look;

/// Reads `NO_COLOR` (<https://no-color.org>) and the locale's character set, in the order in which the
/// C library does (`LC_ALL`, `LC_CTYPE`, `LANG`).
#[must_use]
pub fn look() -> Look {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
    Look { color: env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()), unicode: is_utf8(&locale) }
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
