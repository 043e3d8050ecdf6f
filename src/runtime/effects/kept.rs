//! The files beside the journal that this program keeps for as long as what they say is still to be done.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::journal::KeptFile;

/// The files by their tokens; its clones are the same files.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptFiles(Arc<Mutex<Files>>);

#[derive(Debug, Default)]
struct Files {
    kept: HashMap<String, KeptFile>,
    /// What was let go of while its file was still being written.
    dropped: HashSet<String>,
}

impl KeptFiles {
    fn files(&self) -> MutexGuard<'_, Files> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tokens of all that there are.
    pub(super) fn tokens(&self) -> Vec<String> {
        self.files().kept.keys().cloned().collect()
    }

    /// Keeps a file, unless what it says was let go of meanwhile.
    pub(super) async fn put(&self, token: String, file: KeptFile) {
        let is_dropped = {
            let mut files = self.files();
            files.kept.insert(token.clone(), file);
            files.dropped.remove(&token)
        };
        if is_dropped {
            self.clone().drop_file(token).await;
        }
    }

    /// Takes a file out, if there is one.
    pub(super) fn take(&self, token: &str) -> Option<KeptFile> {
        self.files().kept.remove(token)
    }

    /// Lets go of what is done, or is not to be done any more.
    pub(super) async fn drop_file(self, token: String) {
        let file = {
            let mut files = self.files();
            let file = files.kept.remove(&token);
            if file.is_none() {
                files.dropped.insert(token);
            }
            file
        };
        if let Some(file) = file
            && let Ok(Err(error)) = tokio::task::spawn_blocking(move || file.remove()).await
        {
            // The next start would ask about it, where the journal does not tell that it was done.
            tracing::warn!(%error, "the file of what was still to be done could not be removed");
        }
    }
}
