//! Changes that are under way, kept on disk before anything of them is sent, so that a restart can ask about the rest.

use tokio::sync::mpsc;

use crate::app::message::{Before, Msg};
use crate::app::request_id::RequestId;
use crate::domain::change::Change;
use crate::domain::change_id::ChangeId;
use crate::domain::earlier::Journalled;
use crate::journal::{Journal, JournalError, KeptFile};
use crate::session::changes;

use super::kept::KeptFiles;

/// Writes down what a change is to send, and says whether it is written.
pub(super) async fn keep(files: KeptFiles, change: Change, answers: mpsc::Sender<Msg>) {
    let (token, own) = (change.token.clone(), files.tokens());
    let kept = async { changes::keep(&Journal::open_default()?, change, Vec::new(), own).await };
    let told = match kept.await {
        Ok(file) => {
            files.put(token.clone(), file).await;
            Ok(())
        }
        Err(error) => Err(error.to_string()),
    };
    let _ = answers.send(Msg::ChangeKept(token, told)).await;
}

/// Lets go of a change of which nothing is to be sent any more; what was not sent of it stays written down, and is told
/// once by the first start after this program.
pub(super) async fn end(files: KeptFiles, change: Change) {
    let (file, token, is_untold) = (files.take(&change.token), change.token.clone(), change.is_untold);
    let ended = async { changes::end(&Journal::open_default()?, file, change).await };
    match ended.await {
        Ok(Some(ended)) if is_untold => files.put(token, ended).await,
        Ok(_) => {}
        // The next start would ask about it, where the journal does not tell that it was sent.
        Err(error) => tracing::warn!(%error, "a change that is over could not be written down as that"),
    }
}

/// Takes up the changes of programs that have ended, with what the journal knows to be sent.
pub(super) async fn recover(files: KeptFiles) -> Option<Msg> {
    let mut before = Vec::new();
    for (change, file) in unfinished().await.unwrap_or_default() {
        if let Some(file) = file {
            files.put(change.change.token.clone(), file).await;
        }
        before.push(change);
    }
    (!before.is_empty()).then_some(Msg::ChangesBefore(before))
}

/// Reads what the journal has of a change.
pub(super) async fn read(id: RequestId, change: ChangeId, is_demo: bool) -> Option<Msg> {
    let journalled = async { changes::journalled(&Journal::open_default()?, &change).await };
    let answer = if is_demo { Ok(Journalled::default()) } else { journalled.await };
    Some(Msg::ChangeRequests(id, answer.map_err(|error| error.to_string())))
}

/// What earlier programs were to send, and which of it they did: that is what the journal has a line of. The file of a
/// change of which nothing is left to send goes. With them come the changes that were over and of which something was not
/// sent.
async fn unfinished() -> Result<Vec<(Before, Option<KeptFile>)>, JournalError> {
    let journal = Journal::open_default()?;
    let mut found = Vec::new();
    for (change, sent, file) in changes::left(&journal).await? {
        let file = if sent.len() == change.items.len() {
            changes::end(&journal, Some(file), Change { items: Vec::new(), ..change.clone() }).await?;
            None
        } else {
            Some(file)
        };
        found.push((Before { change, sent }, file));
    }
    for change in changes::take_untold(&journal).await? {
        let (change, sent) = changes::with_sent(&journal, change).await?;
        found.push((Before { change, sent }, None));
    }
    Ok(found)
}
