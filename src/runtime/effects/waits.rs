//! Requests that wait for their cluster, kept on disk so that a restart can ask about them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::note::{Note, Tone};
use crate::domain::wait::Wait;
use crate::journal::KeptFile;

use super::connection::Connection;

/// The files of the requests that wait, by the requests' tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct WaitFiles(Arc<Mutex<Files>>);

#[derive(Debug, Default)]
struct Files {
    kept: HashMap<String, KeptFile>,
    /// Requests that were let go of while their files were still being written.
    dropped: HashSet<String>,
}

impl WaitFiles {
    fn files(&self) -> MutexGuard<'_, Files> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down that a request waits. What cannot be written down waits all the same, and it is told.
    pub(super) async fn keep(self, connection: Arc<Connection>, wait: Wait, answers: mpsc::Sender<Msg>) {
        let Some(journal) = connection.session.journal().cloned() else { return };
        let token = wait.token.clone();
        match tokio::task::spawn_blocking(move || journal.keep(&wait)).await {
            Ok(Ok(kept)) => {
                let is_dropped = {
                    let mut files = self.files();
                    files.kept.insert(token.clone(), kept);
                    files.dropped.remove(&token)
                };
                if is_dropped {
                    self.drop_request(token).await;
                }
            }
            Ok(Err(error)) => {
                let told = format!("The request that waits would be lost on quitting: {error}.");
                let _ = answers.send(Msg::Told(Note::new(Tone::Bad, &told))).await;
            }
            Err(_) => {}
        }
    }

    /// Lets go of a request.
    pub(super) async fn drop_request(self, token: String) {
        let kept = {
            let mut files = self.files();
            let kept = files.kept.remove(&token);
            if kept.is_none() {
                files.dropped.insert(token);
            }
            kept
        };
        if let Some(kept) = kept
            && let Ok(Err(error)) = tokio::task::spawn_blocking(move || kept.remove()).await
        {
            // The next start would ask about it, and the person can say no.
            tracing::warn!(%error, "the file of a request that waited could not be removed");
        }
    }

    /// Takes up what waited in programs that have ended, if it is for this place and account.
    pub(super) async fn recover(self, connection: &Connection, answers: &mpsc::Sender<Msg>) {
        let Some(journal) = connection.session.journal().cloned() else { return };
        let Ok(found) = tokio::task::spawn_blocking(move || journal.kept_before()).await else { return };
        if found.is_empty() {
            return;
        }
        let mut waits = Vec::new();
        for (wait, kept) in found {
            // Whether a request was sent, only the journal knows; that it cannot be read is told elsewhere.
            let named = connection.session.requests_named(wait.request.snapshot.as_str()).await;
            let Ok(named) = named else { return };
            if named.iter().any(|record| record.intent.carries_out(&wait)) {
                // The program ended before it could let go of it. What became of it, the journal tells.
                let _ = tokio::task::spawn_blocking(move || kept.remove()).await;
            } else if wait.is_for(connection.session.target(), connection.session.caller().as_ref()) {
                self.files().kept.insert(wait.token.clone(), kept);
                waits.push(wait);
            }
        }
        if !waits.is_empty() {
            let _ = answers.send(Msg::WaitsBefore(connection.place, waits)).await;
        }
    }
}
