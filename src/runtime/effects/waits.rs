//! Requests that wait for their cluster, kept on disk so that a restart can ask about them.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::domain::failure::Failure;
use crate::domain::wait::Wait;

use super::connection::Connection;
use super::kept::KeptFiles;

/// Writes down that a request waits. What cannot be written down waits all the same, and it is told.
pub(super) async fn keep(
    files: KeptFiles,
    connection: Arc<Connection>,
    wait: Wait,
    answers: mpsc::Sender<Msg>,
) {
    let token = wait.token.clone();
    let kept = match connection.session.journal_to_write() {
        Ok(None) => return,
        Ok(Some(journal)) => {
            let journal = journal.clone();
            tokio::task::spawn_blocking(move || journal.keep(&wait).map_err(Failure::from)).await
        }
        Err(failure) => Ok(Err(failure)),
    };
    match kept {
        Ok(Ok(file)) => files.put(token, file).await,
        Ok(Err(failure)) => {
            let _ = answers.send(Msg::WaitUnwritten(connection.place, token, failure.message)).await;
        }
        Err(_) => {}
    }
}

/// Takes up what waited in programs that have ended, if it is for this place and account.
pub(super) async fn recover(files: KeptFiles, connection: &Connection, answers: &mpsc::Sender<Msg>) {
    let Some(journal) = connection.session.journal().cloned() else { return };
    let (place, caller) = (connection.session.target().clone(), connection.session.caller());
    let read = move || journal.kept_before(|wait| wait.is_for(&place, caller.as_ref()));
    let Ok(found) = tokio::task::spawn_blocking(read).await else { return };
    if found.is_empty() {
        return;
    }
    let mut waits = Vec::new();
    for (wait, kept) in found {
        // Whether a request was sent, only the journal knows; that it cannot be read is told elsewhere.
        let named = connection.session.requests_named(wait.request.snapshot.as_str()).await;
        let Ok(named) = named else { continue };
        if named.iter().any(|record| record.intent.carries_out(&wait)) {
            // The program ended before it could let go of it. What became of it, the journal tells.
            let _ = tokio::task::spawn_blocking(move || kept.remove()).await;
        } else {
            files.put(wait.token.clone(), kept).await;
            waits.push(wait);
        }
    }
    if !waits.is_empty() {
        let _ = answers.send(Msg::WaitsBefore(connection.place, waits)).await;
    }
}
