//! The open requests of the journal: read for the person who is about to make another one, and looked up where
//! they ask for it.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::app::message::{Msg, Recovered};
use crate::app::open::OpenRequest;
use crate::app::requests::RequestId;
use crate::domain::failure::Failure;
use crate::domain::mark::RequestNumber;
use crate::domain::outcome::Outcome;
use crate::domain::text::escape;
use crate::journal::{History, Record};
use crate::session::TURN;

use super::connection::Connection;

/// Reads which requests are open.
pub(super) async fn read(
    connected: Result<Arc<Connection>, Failure>,
    id: RequestId,
    answers: mpsc::Sender<Msg>,
) {
    let answer = match history(connected).await {
        Ok(history) => Ok(history.records.iter().filter(|record| record.is_unsettled()).map(open).collect()),
        Err(why) => Err(why),
    };
    // Nobody takes it once the loop is over.
    let _ = answers.send(Msg::OpenRequests(id, answer)).await;
}

/// Looks once what became of some requests.
pub(super) async fn look_up(
    connected: Result<Arc<Connection>, Failure>,
    numbers: Vec<RequestNumber>,
    answers: mpsc::Sender<Msg>,
) {
    let Ok(connection) = connected.clone() else { return };
    let Ok(history) = history(connected).await else { return };
    let is_asked = |record: &&Record| numbers.iter().any(|number| number.as_str() == record.intent.number);
    let asked = history.records.iter().filter(|record| record.is_unsettled()).filter(is_asked);
    let mut found = Vec::new();
    for (at, record) in asked.enumerate() {
        if at > 0 {
            tokio::time::sleep(TURN).await;
        }
        let settled = connection.session.settle(&record.intent, record.cause()).await;
        let unknown = || Outcome::Unknown { since: record.intent.at, cause: record.cause() };
        // The journal can have been edited by anyone who may.
        found.push(Recovered {
            snapshot: escape(&record.intent.snapshot),
            cluster: escape(&record.intent.cluster),
            outcome: settled.unwrap_or_else(|_failed| unknown()),
            is_listed: true,
        });
    }
    let _ = answers.send(Msg::Recovered(found)).await;
}

/// The journal; an empty one where there is no connection or none is kept.
async fn history(connected: Result<Arc<Connection>, Failure>) -> Result<History, String> {
    let Ok(connection) = connected else { return Ok(History::default()) };
    match connection.session.history().await {
        Some(Ok(history)) => Ok(history),
        Some(Err(error)) => Err(error.to_string()),
        None => match connection.session.check_journal().await {
            Ok(()) => Ok(History::default()),
            Err(failure) => Err(failure.to_string()),
        },
    }
}

fn open(record: &Record) -> OpenRequest {
    let intent = &record.intent;
    OpenRequest {
        number: RequestNumber::journalled(&intent.number),
        cluster: intent.cluster.clone(),
        snapshot: intent.snapshot.clone(),
        account: intent.account.as_ref().map(ToString::to_string),
        region: intent.region.clone(),
        at: intent.at,
        word: record.word(),
    }
}
