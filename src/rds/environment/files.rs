//! Files of this machine, none of which may be without end: each is read or looked at within a limit.

use std::fs::File;
use std::io::{Error, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

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

/// Reads a file that must be an ordinary one, as a pipe would keep whoever reads it waiting.
///
/// # Errors
/// What the system says; or that it is no ordinary file, or larger than the limit.
pub(crate) fn read_ordinary(path: &Path) -> Result<Vec<u8>, Error> {
    check(path).and_then(|()| read(path))
}

/// The same where a slow disk holds nothing else up.
///
/// # Errors
/// What the system says; or that it is no ordinary file, or larger than the limit.
pub(crate) async fn read_whole(path: PathBuf) -> Result<Vec<u8>, Error> {
    let work = move || read_ordinary(&path);
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|ended| Err(Error::other(ended)))
}

/// The same of a file that must be text.
///
/// # Errors
/// As of [`read_whole`]; or that it is not UTF-8 text.
pub(crate) async fn read_text(path: &str) -> Result<String, Error> {
    let bytes = read_whole(path.into()).await?;
    String::from_utf8(bytes).map_err(|_not_text| Error::other("it is not UTF-8 text"))
}

/// Puts a file with a secret in the place of another, at once, readable by its owner only.
///
/// # Errors
/// What the system says; the other is as it was.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    beside(&path, bytes, |new| std::fs::rename(new, &path))
}

/// Tries whether a file could be replaced by one of as many bytes.
///
/// # Errors
/// As of [`replace`].
pub(crate) fn try_replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    beside(&path, bytes, |new| std::fs::remove_file(new))
}

/// Writes a file beside another, and does with it what is to be done; where anything fails it is gone.
fn beside(path: &Path, bytes: &[u8], finish: impl FnOnce(&Path) -> Result<(), Error>) -> Result<(), Error> {
    let new = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = (|| {
        let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        finish(&new)
    })();
    if written.is_err() {
        let _ = std::fs::remove_file(&new);
    }
    written
}

/// Looks at a file that will be read to its end. One that is missing is whoever reads it to tell of.
///
/// # Errors
/// What the system says; or that it is no ordinary file, or larger than the limit.
fn check(path: &Path) -> Result<(), Error> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(found) if !found.is_file() => Err(Error::other("it is no ordinary file")),
        Ok(found) if found.len() > MOST => Err(too_large()),
        Ok(_) => Ok(()),
    }
}

/// Whether it is an ordinary file beyond the limit.
pub(crate) fn is_too_large(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() > MOST)
}

/// That a file is beyond the limit.
pub(crate) fn too_large() -> Error {
    Error::other(format!("it is larger than {} MiB", MOST / 1024 / 1024))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::io::ErrorKind;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[tokio::test]
    async fn a_file_without_end_is_given_up_at_the_limit() {
        assert_eq!(read(Path::new("/dev/zero")).unwrap_err().to_string(), "it is larger than 4 MiB");
        assert_eq!(read_whole("/dev/zero".into()).await.unwrap_err().to_string(), "it is no ordinary file");
    }

    #[tokio::test]
    async fn a_file_may_be_as_large_as_the_limit_and_a_pipe_may_be_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        File::create(&path).unwrap().set_len(MOST).unwrap();
        assert_eq!(read(&path).unwrap().len() as u64, MOST);
        assert!(read_whole(path.clone()).await.is_ok());
        File::create(&path).unwrap().set_len(MOST + 1).unwrap();
        assert!(read(&path).is_err() && read_whole(path).await.is_err());
        assert!(read(Path::new("/dev/null")).unwrap().is_empty());
        assert_eq!(read_whole(folder.path().join("missing")).await.unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_file_is_replaced_at_once_where_a_link_leads_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let [path, link] = ["a.json", "b.json"].map(|name| folder.path().join(name));
        std::fs::write(&path, "old").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
        assert!(replace(&folder.path().join("none/a.json"), b"new").is_err());
    }
}
