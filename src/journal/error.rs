//! Why the journal cannot be used.

use std::io;
use std::path::Path;

use super::file;
use crate::domain::change_id::ChangeId;
use crate::domain::command::quote;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::text::shown_path;

/// Why the journal cannot be read or written. Paths are escaped already.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// There is no folder to put it in.
    #[error("neither HOME nor XDG_STATE_HOME is an absolute path: there is no place for the journal")]
    NoHome,
    /// The system refuses.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// The folder or the file.
        path: String,
        /// What was tried.
        action: &'static str,
        /// The system's word.
        source: io::Error,
    },
    /// The system refuses, for a folder or file of the person's own is closed to them: an earlier program may have
    /// made it under such a umask.
    #[error(
        "cannot {action} {path}: its own owner may not use {closed} (permissions {mode:03o}); this allows it: \
         chmod {bits} {closed}"
    )]
    Closed {
        /// The folder or the file.
        path: String,
        /// What was tried.
        action: &'static str,
        /// What is closed, quoted for a shell: the folder or the file itself, or a folder above it.
        closed: String,
        /// Its permissions.
        mode: u32,
        /// What its owner needs.
        bits: &'static str,
    },
    /// A symbolic link, or something else than the folder or the plain file it has to be.
    #[error("{path} is a symbolic link or not a {expected}; the journal follows no link")]
    NotPlain {
        /// The folder or the file.
        path: String,
        /// What it has to be.
        expected: &'static str,
    },
    /// Somebody else owns it, and could change what it says.
    #[error("{path} belongs to user {owner}, and this program runs as user {user}")]
    ForeignOwner {
        /// The folder or the file.
        path: String,
        /// Who owns it.
        owner: u32,
        /// Who runs the program.
        user: u32,
    },
    /// Another program keeps the lock for longer than any line takes.
    #[error("another program has kept {path} locked for {seconds} s")]
    Locked {
        /// The file.
        path: String,
        /// How long was waited.
        seconds: u64,
    },
    /// Another program sends the requests of the same change.
    #[error("another program on this machine works on the change {change}: ask again once it has ended")]
    AtWork {
        /// The change.
        change: ChangeId,
    },
}

impl JournalError {
    /// The system's refusal to do something to `path`.
    pub(super) fn io(path: &Path, action: &'static str, source: io::Error) -> Self {
        let closed = (source.kind() == io::ErrorKind::PermissionDenied).then(|| file::closed(path)).flatten();
        match closed {
            Some(file::Closed { at, mode, bits }) => {
                Self::Closed { path: shown_path(path), action, closed: quote(&shown_path(&at)), mode, bits }
            }
            None => Self::Io { path: shown_path(path), action, source },
        }
    }

    /// Whether it can come from an index that is not of this journal, or was damaged.
    pub(super) fn is_of_wrong_index(&self) -> bool {
        let kind = if let Self::Io { source, .. } = self { Some(source.kind()) } else { None };
        matches!(kind, Some(io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof))
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        Self::local(FailureKind::Journal, error.to_string())
    }
}
