//! The open requests of the journal: read for the person who is about to make another one, and looked up where
//! they ask for it.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::request_id::RequestId;
use crate::domain::failure::Failure;
use crate::domain::mark::RequestNumber;
use crate::domain::record::{OpenRecords, Record};
use crate::session;

use super::connection::Connection;
use super::recovery::{FIRST_GAP, look_at, look_on};

/// Reads which requests of this machine are open, to whichever place. That needs no connection.
pub(super) async fn read(id: RequestId, is_demo: bool) -> Option<Msg> {
    let read = if is_demo { Ok(OpenRecords::default()) } else { session::open_beside().await };
    Some(Msg::OpenRequests(id, read.map_err(|error| error.to_string())))
}

/// Looks what became of some requests, now and until it is known.
pub(super) async fn look_up(
    connected: Result<Arc<Connection>, Failure>,
    numbers: Vec<RequestNumber>,
    answers: mpsc::Sender<Msg>,
) {
    let Ok(connection) = connected else { return };
    let Ok(OpenRecords { records: open, .. }) = session::open_beside().await else { return };
    let is_asked = |record: &Record| numbers.iter().any(|number| number.as_str() == record.intent.number);
    let (found, unknown) = look_at(&connection, open.into_iter().filter(is_asked)).await;
    let _ = answers.send(Msg::Recovered(connection.place, found)).await;
    tokio::spawn(look_on(connection, unknown, FIRST_GAP, answers));
}
