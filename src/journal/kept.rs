//! Small files beside the journal of what a program was told and has not done yet, so that the next start finds it. A
//! running program keeps the lock of its files; a file whose lock is free belongs to a program that ended.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::scan::length;
use super::{FILE_NAME, Journal, JournalError, file, lock};

/// No such file is longer: a change of a thousand requests with fifty tags each of usual length takes a tenth. (Tests of
/// this room make do with little ones.)
const MAX_BYTES: usize = if cfg!(test) { 1 << 16 } else { 1 << 26 };

/// The name under which one is written: a program that is killed, or a full disk, leaves no part of one behind.
const NEW_NAME: &str = "kept.new";

/// A file beside the journal, kept for as long as this lives.
#[derive(Debug)]
pub struct KeptFile {
    pub(super) path: PathBuf,
    // Its lock says that a program still has to do with it.
    file: File,
}

impl KeptFile {
    /// Writes such a file; it is on disk when this returns. Whoever does holds the journal's lock alone.
    pub(super) fn write(
        folder: &OwnedFd,
        path: &Path,
        name: &str,
        kept: &impl Serialize,
    ) -> Result<Self, JournalError> {
        let (folder_path, path) = (path, path.join(name));
        let wrong = |source| JournalError::io(&path, "write", source);
        let text = serde_json::to_vec(kept).map_err(|source| wrong(source.into()))?;
        if text.len() > MAX_BYTES {
            return Err(wrong(io::ErrorKind::FileTooLarge.into()));
        }
        let mut file = file::fresh(folder, NEW_NAME, &path)?;
        lock::exclusive(&file, &path)?;
        file.write_all(&text).map_err(wrong)?;
        file.sync_data().map_err(wrong)?;
        rustix::fs::renameat(folder, NEW_NAME, folder, name).map_err(|errno| wrong(errno.into()))?;
        file::sync_names(folder, folder_path)?;
        Ok(Self { path, file })
    }

    /// Takes it up, if the program that wrote it has ended and no other has taken it up; whether it did.
    pub(super) fn take_up(&self) -> bool {
        self.file.try_lock().is_ok()
    }

    /// Removes it: what it says is done, or is not to be done any more.
    ///
    /// # Errors
    /// If the file cannot be removed.
    pub fn remove(self) -> Result<(), JournalError> {
        std::fs::remove_file(&self.path).map_err(|source| JournalError::io(&self.path, "remove", source))
    }
}

/// The name of a file of a sort, by what tells it from the others.
pub(super) fn name(sort: &str, token: &str) -> String {
    format!("{sort}-{token}.json")
}

impl Journal {
    /// The journal's lock, for as long as this lives.
    pub(super) fn locked(&self, folder: &OwnedFd) -> Result<File, JournalError> {
        let path = self.path();
        let journal = file::file_for_writing(folder, FILE_NAME, &path)?;
        lock::exclusive(&journal, &path)?;
        Ok(journal)
    }

    /// Every file of a sort. What cannot be read is left alone: it is nobody's request.
    pub(super) fn kept_files<T: DeserializeOwned>(
        &self,
        sort: &'static str,
        token: fn(&T) -> &str,
    ) -> impl Iterator<Item = (T, KeptFile)> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        names.filter(move |name| name.starts_with(sort)).filter_map(move |found| {
            let path = self.folder.join(&found);
            let file = file::file_for_locking(&self.folder, &found, &path).ok()??;
            let mut text = Vec::new();
            (&file).take(length(MAX_BYTES)).read_to_end(&mut text).ok()?;
            let kept = serde_json::from_slice::<T>(&text).ok()?;
            (found == name(sort, token(&kept))).then_some((kept, KeptFile { path, file }))
        })
    }
}
