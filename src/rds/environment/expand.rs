//! `~` and `$VAR` in the path of a file, as Python's `expandvars` and `expanduser` take them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A path with `$VAR` and `${VAR}` replaced, then a `~` at its beginning. A variable that is not set stays as it is
/// written, and so does the home of a user of another name.
pub(crate) fn path(text: &str) -> PathBuf {
    home(&variables(text, super::set_to))
}

/// A path with the `~` at its beginning replaced by the home folder.
pub(crate) fn home(text: &str) -> PathBuf {
    match text.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            let Some(home) = own() else { return PathBuf::from(text) };
            home.join(rest.trim_start_matches('/'))
        }
        _ => PathBuf::from(text),
    }
}

/// Whether a path begins in the home of a user of another name.
pub(crate) fn is_of_another(path: &Path) -> bool {
    let begin = path.iter().next().and_then(OsStr::to_str);
    begin.is_some_and(|begin| begin.len() > 1 && begin.starts_with('~'))
}

/// The home folder. A `HOME` that is empty is the root, as for Python; only one that is not set is looked up.
fn own() -> Option<PathBuf> {
    match std::env::var_os("HOME") {
        Some(home) if home.is_empty() => Some(PathBuf::from("/")),
        _ => std::env::home_dir(),
    }
}

fn variables(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        expanded.push_str(before);
        let (name, behind) = name(after);
        if let Some(value) = value(name).filter(|_| !name.is_empty()) {
            expanded.push_str(&value);
            rest = behind;
        } else {
            expanded.push('$');
            rest = after;
        }
    }
    expanded + rest
}

/// The name of a variable after its `$`, and what follows it.
fn name(text: &str) -> (&str, &str) {
    if let Some((name, rest)) = text.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        return (name, rest);
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split_at(text.find(|c| !is_name(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced_where_they_are_set() {
        let value = |name: &str| (name == "A_1").then(|| "x".to_owned());
        for (text, expected) in
            [("$A_1/b", "x/b"), ("${A_1}b$A_1", "xbx"), ("$B/$", "$B/$"), ("${B", "${B"), ("a", "a")]
        {
            assert_eq!(variables(text, value), expected);
        }
    }

    #[test]
    fn only_a_tilde_of_ones_own_is_a_home() {
        let own = own().unwrap_or_default();
        assert_eq!(home("~/a"), own.join("a"));
        assert_eq!(home("~other/a"), PathBuf::from("~other/a"));
        assert!(is_of_another(&home("~other/a")) && !is_of_another(&home("~/a")));
        assert_eq!(home("a/~"), PathBuf::from("a/~"));
    }
}
