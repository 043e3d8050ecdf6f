//! Where the program's files are, by the XDG Base Directory Specification. Knows nobody.

use std::path::PathBuf;

/// The folder of its configuration; `None` if no home directory is known.
#[must_use]
pub fn config_folder() -> Option<PathBuf> {
    folder("XDG_CONFIG_HOME", ".config")
}

/// The folder of what it remembers; `None` if no home directory is known.
#[must_use]
pub fn state_folder() -> Option<PathBuf> {
    folder("XDG_STATE_HOME", ".local/state")
}

/// The folder of what it can do without; `None` if no home directory is known.
#[must_use]
pub fn cache_folder() -> Option<PathBuf> {
    folder("XDG_CACHE_HOME", ".cache")
}

fn folder(variable: &str, default: &str) -> Option<PathBuf> {
    // The specification: a relative path is to be ignored.
    let absolute = |path: &PathBuf| path.is_absolute();
    let named = std::env::var_os(variable).map(PathBuf::from).filter(absolute);
    let base = named.or_else(|| Some(std::env::home_dir().filter(absolute)?.join(default)));
    base.map(|base| base.join("clustersnap"))
}
