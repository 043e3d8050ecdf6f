//! Files of this machine, none of which may be without end: each is read or looked at within a limit.

use std::fs::File;
use std::io::{Error, Read as _};
use std::path::Path;

/// The largest file of configuration, certificates or tokens that is read. The system's bundle of roots has some
/// 250 kB; a configuration of ten thousand profiles, 2 MB.
const MOST: u64 = 4 * 1024 * 1024;

/// Reads a file, which may be a pipe or a device, up to the limit.
///
/// # Errors
/// What the system says, or that it is larger.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST { Err(too_large()) } else { Ok(bytes) }
}

/// Looks at a file that the SDK will read, and read to its end. One that is missing is the SDK's to tell of.
///
/// # Errors
/// What the system says; or that it is no ordinary file, or larger than the limit.
pub(crate) fn check(path: &Path) -> Result<(), Error> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(found) if !found.is_file() => Err(Error::other("it is no ordinary file")),
        Ok(found) if found.len() > MOST => Err(too_large()),
        Ok(_) => Ok(()),
    }
}

/// Looks so at each file of a folder; gives the path of what is wrong with why.
///
/// # Errors
/// The first that is wrong.
pub(crate) fn check_folder(path: &Path) -> Result<(), (std::path::PathBuf, Error)> {
    let Ok(entries) = std::fs::read_dir(path) else { return Ok(()) };
    for entry in entries.flatten() {
        let is_json = entry.path().extension().is_some_and(|extension| extension == "json");
        if is_json {
            check(&entry.path()).map_err(|error| (entry.path(), error))?;
        }
    }
    Ok(())
}

fn too_large() -> Error {
    Error::other(format!("it is larger than {} MiB", MOST / 1024 / 1024))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_end_is_given_up_at_the_limit() {
        assert_eq!(read(Path::new("/dev/zero")).unwrap_err().to_string(), "it is larger than 4 MiB");
        assert_eq!(check(Path::new("/dev/zero")).unwrap_err().to_string(), "it is no ordinary file");
    }

    #[test]
    fn a_file_may_be_as_large_as_the_limit_and_a_pipe_may_be_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        File::create(&path).unwrap().set_len(MOST).unwrap();
        assert_eq!(read(&path).unwrap().len() as u64, MOST);
        assert!(check(&path).is_ok() && check_folder(folder.path()).is_ok());
        File::create(&path).unwrap().set_len(MOST + 1).unwrap();
        assert!(read(&path).is_err() && check(&path).is_err());
        assert_eq!(check_folder(folder.path()).unwrap_err().0, path);
        assert!(read(Path::new("/dev/null")).unwrap().is_empty());
        assert!(check(&folder.path().join("missing")).is_ok());
        assert!(check_folder(&folder.path().join("missing")).is_ok());
    }
}
