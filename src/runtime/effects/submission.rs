//! A confirmed request on its way to its outcome. Nothing cancels it but the end of the process.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::request_id::RequestId;
use crate::app::telling::{Reader, tell};
use crate::domain::alteration::{AlterationTerms, Altered, AlteredKind, Deed};
use crate::domain::command;
use crate::domain::failure::Failure;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::text::escape;
use crate::session::Consent;
use crate::submit::Submitted;

use super::connection::Connection;
use super::recovery::{FIRST_GAP, LeftOpen, look_on};
use crate::runtime::last_words::LastWords;

/// Where the outcome of a request is told.
pub(super) struct OutcomeTelling {
    /// The loop, for as long as there is one.
    pub answers: mpsc::Sender<Msg>,
    /// What is said after the screen is gone.
    pub last_words: LastWords,
    /// Held until there is an outcome, and told of it.
    pub under_way: mpsc::Sender<()>,
}

/// Submits a request, and tells what became of it.
pub(super) async fn submit(
    connected: Result<Arc<Connection>, Failure>,
    id: RequestId,
    request: SnapshotRequest,
    confirmed: Consent,
    telling: OutcomeTelling,
) {
    let OutcomeTelling { answers, last_words, under_way } = telling;
    let (name, cluster) = (request.snapshot.as_str().to_owned(), request.cluster.as_str().to_owned());
    let (submitted, connection) = match connected {
        Ok(connection) => {
            let on_step = |step| {
                // A step that finds no room is one that nobody could have read.
                let _ = answers.try_send(Msg::Step(id, step));
            };
            let submitted = connection.session.submit(request, confirmed, on_step).await;
            (submitted, Some(connection))
        }
        Err(failure) => (Submitted::unsent(Outcome::NotCreated(failure)), None),
    };
    let Submitted { outcome, intent, .. } = submitted;
    if let (Some(connection), Some(intent)) = (&connection, &intent)
        && outcome.snapshot().is_some()
    {
        connection.follow(&name, &intent.number);
    }
    let told = tell(&name, &cluster, &outcome, Reader::AfterScreen, &jiff::Zoned::now()).text;
    let place = connection.as_ref().filter(|_| !outcome.is_settled()).map(|it| it.session.target());
    let go_on = place.and_then(|place| command::watch(place, std::iter::once(&name)));
    let go_on = go_on.map(|go_on| format!(" To go on following: {go_on}")).unwrap_or_default();
    last_words.keep(format!("{told}{go_on}"));
    let (open, was_refused) = (left_open(&outcome), matches!(outcome, Outcome::Refused(_)));
    // Nobody takes them once the loop, or the wait after it, is over.
    let _ = answers.send(Msg::Submitted(id, outcome)).await;
    let _ = under_way.try_send(());
    drop(under_way);
    if let (Some(connection), Some(intent), Some(cause)) = (connection, intent, open) {
        // What was refused is over, and its draft may be another request's by now.
        let of = (!was_refused).then_some(id);
        look_on(connection, vec![LeftOpen::Request(Box::new(intent), cause, of)], FIRST_GAP, answers).await;
    }
}

/// Does something to a snapshot, and tells what became of it.
pub(super) async fn alter(
    connected: Result<Arc<Connection>, Failure>,
    id: RequestId,
    (snapshot, deed, terms): (Snapshot, Deed, AlterationTerms),
    telling: OutcomeTelling,
) {
    let OutcomeTelling { answers, last_words, under_way } = telling;
    let words = |altered: &Altered| format!("{}: {}", escape(&snapshot.id), altered.words(&deed));
    let on_step = |step| {
        if matches!(step, Step::Sending { .. }) {
            let _ = answers.try_send(Msg::JournalGrew);
        }
    };
    let altered = match &connected {
        Ok(connection) => Box::pin(connection.session.alter(&snapshot, deed.clone(), terms, on_step)).await,
        Err(failure) => Altered::new(AlteredKind::NotDone).because(failure.clone()),
    };
    last_words.keep(words(&altered));
    let is_open = altered.kind == AlteredKind::Unknown;
    // Nobody takes it once the loop, or the wait after it, is over: the journal has it.
    let _ = answers.send(Msg::Altered(id, Box::new(altered))).await;
    let _ = under_way.try_send(());
    drop(under_way);
    if let (Ok(connection), true) = (connected, is_open) {
        let mut open = connection.session.open_alterations().await.unwrap_or_default();
        open.retain(|record| record.is_of_snapshot(&snapshot));
        let open = open.into_iter().map(|record| LeftOpen::Alteration(Box::new(record), Some(id))).collect();
        look_on(connection, open, Duration::ZERO, answers).await;
    }
}

/// Why a request is still looked up: its outcome is not known, or it was refused for what was so at the moment,
/// and a copy of it, sent by something on the way, may have been carried out.
fn left_open(outcome: &Outcome) -> Option<Failure> {
    match outcome {
        Outcome::Unknown { cause, .. } => Some(cause.clone()),
        Outcome::Refused(refusal) if refusal.is_of_the_moment() => Some(refusal.clone()),
        _ => None,
    }
}
