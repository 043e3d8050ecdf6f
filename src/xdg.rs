//! Where the program's files are, by the XDG Base Directory Specification, and how small ones are read and replaced.
//! Knows nobody.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The folder of its configuration; `None` if no home directory is known.
pub(crate) fn config_folder() -> Option<PathBuf> {
    folder("XDG_CONFIG_HOME", ".config")
}

/// The folder of what it remembers; `None` if no home directory is known.
pub(crate) fn state_folder() -> Option<PathBuf> {
    folder("XDG_STATE_HOME", ".local/state")
}

/// The folder of what it can do without; `None` if no home directory is known.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    folder("XDG_CACHE_HOME", ".cache")
}

fn folder(variable: &str, default: &str) -> Option<PathBuf> {
    // The specification: a relative path is to be ignored.
    let absolute = |path: &PathBuf| path.is_absolute();
    let named = std::env::var_os(variable).map(PathBuf::from).filter(absolute);
    let base = named.or_else(|| Some(std::env::home_dir().filter(absolute)?.join(default)));
    base.map(|base| base.join("clustersnap"))
}

/// The first bytes of a file.
///
/// # Errors
/// When it cannot be read.
pub fn read_some(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    fs::File::open(path)?.take(most).read_to_end(&mut text)?;
    Ok(text)
}

/// Replaces a file as a whole, readable by its owner alone: another program that reads meanwhile sees the old one or
/// the new one.
///
/// # Errors
/// When it, or its folder, cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let beside = path.with_extension(format!("json.{}", std::process::id()));
    // One that a kill left under this process's number is in nobody's way.
    let mut file = fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    let written = file.write_all(bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is there in part would be in the way.
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_of_the_same_number_left_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("names.json");
        fs::write(path.with_extension(format!("json.{}", std::process::id())), "a longer part of one")
            .unwrap();
        replace(&path, b"{}").unwrap();
        assert_eq!(read_some(&path, 100).unwrap(), b"{}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
