//! What a place says before a change is sent there: its clusters, its snapshots, and what the journal has of the change.

use jiff::Timestamp;
use tokio::time::sleep;

use super::wanted::Wanted;
use crate::domain::change_record::by_cluster;
use crate::domain::cluster::Cluster;
use crate::domain::earlier::Journalled;
use crate::domain::ending::Ending;
use crate::domain::listing::HORIZON;
use crate::domain::mark::Marked;
use crate::domain::page::SnapshotScope;
use crate::domain::record::Record;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::headless::create::preflight::{self, PlaceAnswers};
use crate::headless::problem::Problem;
use crate::headless::ready::ServiceClock;
use crate::headless::streams::Streams;
use crate::headless::{list, pages, settling};
use crate::session::{Session, TURN, changes};

/// What a place says.
pub struct PlaceFacts {
    /// RDS's own clusters.
    pub clusters: Vec<Cluster>,
    /// Those of other services.
    pub foreign: Vec<Cluster>,
    /// The snapshots: the manual ones, and the others too where a young one makes another needless.
    pub snapshots: Vec<Snapshot>,
    /// What every request that goes there is judged by.
    pub asked: PlaceAnswers,
    /// The time there, as far as a young snapshot makes another needless.
    pub clock: ServiceClock,
    /// The requests of this change that went there before, and what was deleted from here lately.
    pub before: Journalled,
}

/// Reads a place. What an earlier run left open of the change is looked up first.
pub async fn read(session: &Session, wanted: &Wanted<'_>, streams: Streams) -> Result<PlaceFacts, Problem> {
    let scope =
        if wanted.args.unless_within.is_some() { SnapshotScope::Region } else { SnapshotScope::Manual };
    let caller = async {
        // Whose the journal's requests are: a request is taken or refused by what AWS knows of the caller.
        session.find_caller().await;
    };
    let (clusters, ()) = tokio::join!(pages::clusters(session.client()), caller);
    let (clusters, foreign) = list::own(clusters?);
    let before = Box::pin(before(session, wanted, streams)).await?;
    // After that: what was found again is in the list then, and is open no more.
    let (snapshots, asked) =
        tokio::join!(Box::pin(pages::snapshots(session.client(), &scope)), preflight::ask(session));
    let snapshots = snapshots?;
    let before = take_back(session, wanted, before, &snapshots, streams).await?;
    note_failed(session, &before.requests, &snapshots).await;
    let clock = match wanted.args.unless_within {
        Some(_) => ServiceClock::of(session, &snapshots).await,
        None => ServiceClock::own(),
    };
    Ok(PlaceFacts { clusters, foreign, snapshots, asked, clock, before })
}

/// Journals which snapshots of the change cannot be restored by the list, also those that were usable once.
async fn note_failed(session: &Session, requests: &[Record], snapshots: &[Snapshot]) {
    for record in requests.iter().filter(|record| record.made().is_some()) {
        let is_its = |found: &&Snapshot| {
            found.id == record.intent.snapshot && found.created_at == record.begun().created_at
        };
        let Some(found) = snapshots.iter().find(is_its).filter(|found| found.status.is_failure()) else {
            continue;
        };
        let status = found.status.as_str();
        if record.ended.as_ref().is_none_or(|ended| ended.status != status) {
            let ending = Ending::seen(status, Timestamp::now(), None);
            // If it cannot be, nothing of the change is sent either, and why is told with that.
            let _ = session.note_end(&record.intent.number, &ending).await;
        }
    }
}

async fn before(session: &Session, wanted: &Wanted<'_>, streams: Streams) -> Result<Journalled, Problem> {
    let before = journalled(session, wanted).await?;
    // A refusal counts only where nothing else does, and what is not known always.
    let counting = by_cluster(&before.requests);
    let is_counted = |record: &Record| counting.iter().any(|it| it.intent.number == record.intent.number);
    let since = Timestamp::now() - HORIZON;
    // It has to be looked up before anything else is sent for its cluster: also what AWS refused a moment ago, for a
    // copy of that may have been carried out.
    let is_open =
        |record: &&Record| record.is_unsettled() || (is_counted(record) && record.is_refused_since(since));
    let open: Vec<&Record> = before.requests.iter().filter(is_open).collect();
    Ok(look_again(session, wanted, &open, streams).await?.unwrap_or(before))
}

/// Looks up anew what came to nothing by the journal, and by its mark made one of these snapshots, however late: another
/// machine has not.
async fn take_back(
    session: &Session,
    wanted: &Wanted<'_>,
    before: Journalled,
    snapshots: &[Snapshot],
    streams: Streams,
) -> Result<Journalled, Problem> {
    let has_made = |record: &&Record| {
        let is_its = |request: &SnapshotRequest, found: &Snapshot| {
            found.id == record.intent.snapshot && request.marked(&found.tags) == Some(Marked::ThisRequest)
        };
        let request = record.intent.request().filter(|_| record.made().is_none());
        request.is_some_and(|request| snapshots.iter().any(|found| is_its(&request, found)))
    };
    let made: Vec<&Record> = before.requests.iter().filter(has_made).collect();
    Ok(look_again(session, wanted, &made, streams).await?.unwrap_or(before))
}

/// Looks up what became of these requests, if there are any; what the journal has after that.
async fn look_again(
    session: &Session,
    wanted: &Wanted<'_>,
    open: &[&Record],
    streams: Streams,
) -> Result<Option<Journalled>, Problem> {
    if open.is_empty() {
        return Ok(None);
    }
    for (at, record) in open.iter().enumerate() {
        if at > 0 {
            sleep(TURN).await;
        }
        settling::look_again(session, record, streams).await?;
    }
    journalled(session, wanted).await.map(Some)
}

/// What the journal has of the change, with the requests that went to this place.
async fn journalled(session: &Session, wanted: &Wanted<'_>) -> Result<Journalled, Problem> {
    let Some(journal) = session.journal() else { return Ok(Journalled::default()) };
    // What it has of the change decides what is not sent again: without it nothing is.
    let mut journalled = changes::journalled(journal, &wanted.id).await?;
    let caller = session.caller();
    journalled.requests.retain(|record| record.intent.is_of(session.target(), caller.as_ref()));
    Ok(journalled)
}
