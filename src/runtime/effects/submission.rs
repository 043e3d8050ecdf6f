//! A confirmed request on its way to its outcome. Nothing cancels it but the end of the process.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::requests::RequestId;
use crate::app::submitting::tell;
use crate::domain::context::Caller;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::request::SnapshotRequest;
use crate::submit::{Submission, Submitted, fresh_number};

use super::connection::Connection;
use super::journalled;

/// How long to wait for the caller's name, if it is not known yet. The journal takes the request without.
const CALLER: Duration = Duration::from_secs(10);

/// Submits a request. `farewells` is held until there is an outcome, and gets it if the loop is over.
pub(super) async fn submit(
    connected: Result<Arc<Connection>, Failure>,
    id: RequestId,
    request: SnapshotRequest,
    without_journal: bool,
    answers: mpsc::Sender<Msg>,
    farewells: mpsc::Sender<String>,
) {
    let (name, cluster) = (request.snapshot.as_str().to_owned(), request.cluster.as_str().to_owned());
    let (submitted, connection) = match connected {
        Ok(connection) => {
            let submitted = send(&connection, id, request, without_journal, &answers).await;
            (submitted, Some(connection))
        }
        Err(failure) => (Submitted { outcome: Outcome::NotCreated(failure), intent: None }, None),
    };
    let Submitted { outcome, intent } = submitted;
    tracing::info!(snapshot = name, cluster, settled = outcome.is_settled(), "a request has an outcome");
    if let (Some(connection), Some(intent)) = (&connection, &intent)
        && outcome.snapshot().is_some()
    {
        connection.follow(&name, &intent.number);
    }
    let last_words = tell(&name, &cluster, &outcome).text;
    let unknown = if let Outcome::Unknown { cause, .. } = &outcome { Some(cause.clone()) } else { None };
    if answers.send(Msg::Submitted(id, outcome)).await.is_err() {
        let _ = farewells.send(last_words).await;
    }
    drop(farewells);
    if let (Some(connection), Some(intent), Some(cause)) = (connection, intent, unknown) {
        let outcome = journalled::settle_at_last(&connection, &intent, cause, &answers).await;
        let _ = answers.send(Msg::Submitted(id, outcome)).await;
    }
}

async fn send(
    connection: &Connection,
    id: RequestId,
    request: SnapshotRequest,
    without_journal: bool,
    answers: &mpsc::Sender<Msg>,
) -> Submitted {
    let journal = match &connection.journal {
        Some(Err(error)) if !without_journal => {
            let failure = Failure::local(FailureKind::Journal, error.to_string());
            return Submitted { outcome: Outcome::NotCreated(failure), intent: None };
        }
        Some(Ok(journal)) if !without_journal => Some(journal),
        _ => None,
    };
    let number = fresh_number(Timestamp::now());
    let place = connection.client.place().clone();
    let submission = Submission { number, request, caller: caller(connection).await, place };
    let on_step = |step| {
        // A step that finds no room is one that nobody could have read.
        let _ = answers.try_send(Msg::Step(id, step));
    };
    crate::submit::submit(&connection.client, journal, submission, Timestamp::now, on_step).await
}

/// Who asks: without the account, a later start could not tell whose request it was.
async fn caller(connection: &Connection) -> Option<Caller> {
    if connection.caller().is_none() {
        // It is asked for at the start; this only waits for one that is late.
        let _ = tokio::time::timeout(CALLER, connection.read_caller()).await;
    }
    connection.caller().cloned()
}
