//! The durable record of what was asked and what became of it: one JSON Lines file, append-only.
//!
//! `$XDG_STATE_HOME/clustersnap/journal.jsonl`, by default under `~/.local/state`. `assets/journal.md`
//! describes its lines for other readers.
//!
//! A line is on disk when [`Journal::append`] returns. Several running programs share the file under a
//! lock that is held only while a line is written or the file is read. A last line torn by a loss of
//! power is kept as it is; the next one starts on a line of its own.
//!
//! This room knows the domain, and where its folder is. Its calls block: an async caller goes through `spawn_blocking`.

mod asking;
mod changes;
mod error;
mod file;
mod fold;
mod index;
mod kept;
mod line;
mod lock;
mod scan;
mod tail;
mod view;
mod waits;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::xdg;

pub use error::JournalError;
pub use kept::KeptFile;
pub use line::{Ended, Line};

/// The name of the journal in its folder.
const FILE_NAME: &str = "journal.jsonl";

/// The journal, by the folder that it is in. Nothing is touched until it is read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    folder: PathBuf,
}

impl Journal {
    /// The journal in the state folder of the person who runs the program.
    ///
    /// # Errors
    /// If neither `XDG_STATE_HOME` nor a home directory is known.
    pub fn open_default() -> Result<Self, JournalError> {
        xdg::state_folder().map(|folder| Self { folder }).ok_or(JournalError::NoHome)
    }

    /// The journal in `folder`, which is the program's own: it is made if it is absent, and kept 0700.
    #[must_use]
    pub fn open(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Where the journal is.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.join(FILE_NAME)
    }

    /// Makes sure that the journal can be opened for writing, and that the disk has room; nothing is written.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn check(&self) -> Result<(), JournalError> {
        let folder = file::folder_for_writing(&self.folder)?;
        let path = self.path();
        file::file_for_writing(&folder, FILE_NAME, &path)?;
        file::check_room(&folder).map_err(|source| JournalError::io(&path, "write", source))
    }

    /// Appends a line; it is on disk when this returns.
    ///
    /// # Errors
    /// Whatever stands in the way: then the line may be there in part or not at all, and nothing that
    /// depends on it may be done.
    pub fn append(&self, line: &Line) -> Result<(), JournalError> {
        let path = self.path();
        let wrong = |source| JournalError::io(&path, "write", source);
        let mut bytes = serde_json::to_vec(line).map_err(|source| wrong(source.into()))?;
        bytes.push(b'\n');

        let folder = file::folder_for_writing(&self.folder)?;
        let mut file = file::file_for_writing(&folder, FILE_NAME, &path)?;
        lock::exclusive(&file, &path)?;
        let stamped = index::stamped(&folder, &file);
        let end = file::LastLine::of(&file).map_err(wrong)?;
        if end == file::LastLine::Torn {
            bytes.insert(0, b'\n');
        }
        file.write_all(&bytes).map_err(wrong)?;
        file.sync_data().map_err(wrong)?;
        // Before a request leaves, whoever made the names: another program may have died before it did this.
        if end == file::LastLine::Empty || line.begins() {
            file::sync_names(&folder, &self.folder)?;
        }
        if let Some(Err(error)) = stamped.map(|index| index::stamp(&index, &file)) {
            // The next reader compares the checksum.
            tracing::debug!(%error, "the index of the journal was not stamped");
        }
        file.unlock().map_err(wrong)
    }
}

#[cfg(test)]
mod asking_tests;
#[cfg(test)]
mod index_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod written_tests;
