//! Lists and single things, read and handed on. Pages go on as they arrive.

use std::collections::HashSet;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::requests::RequestId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::{Page, SnapshotScope};
use crate::domain::snapshot::{Snapshot, SnapshotKind};

use super::connection::Connection;
use super::journalled;

/// What the markers of the second list begin with: no marker of the service has this character.
const BACKUP: &str = "\u{1}awsbackup";

type Connected = Result<Arc<Connection>, Failure>;

/// Reads every page of the DB clusters.
pub(super) async fn clusters(connected: Connected, id: RequestId, answers: mpsc::Sender<Msg>) {
    let message = |page| Msg::Clusters(id, page);
    match connected {
        Ok(connection) => {
            let read = async |marker: Option<String>| {
                connection.session.client().clusters_page(marker.as_deref()).await
            };
            pages(read, message, &answers).await;
        }
        Err(failure) => send(&answers, message(Err(failure))).await,
    }
}

/// Reads every page of DB cluster snapshots.
pub(super) async fn snapshots(
    connected: Connected,
    id: RequestId,
    scope: SnapshotScope,
    answers: mpsc::Sender<Msg>,
) {
    let message = |page| Msg::Snapshots(id, page);
    match connected {
        Ok(connection) => {
            let of_backup = Mutex::default();
            let read = async |marker: Option<String>| {
                let page = snapshot_page(&connection, &scope, marker.as_deref(), &of_backup).await?;
                journalled::note_ends(&connection, &page.items).await;
                Ok(page)
            };
            pages(read, message, &answers).await;
        }
        Err(failure) => send(&answers, message(Err(failure))).await,
    }
}

/// Reads the page behind a marker. Behind the last of the Region come those of AWS Backup: it is not
/// documented whether a list without a type has them.
async fn snapshot_page(
    connection: &Connection,
    scope: &SnapshotScope,
    marker: Option<&str>,
    of_backup: &Mutex<HashSet<String>>,
) -> Result<Page<Snapshot>, Failure> {
    let client = connection.session.client();
    let of_backup = || of_backup.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(rest) = marker.and_then(|marker| marker.strip_prefix(BACKUP)) {
        let marker = Some(rest).filter(|rest| !rest.is_empty());
        let mut page = client.snapshots_page(&SnapshotScope::AwsBackup, marker).await?;
        page.items.retain(|snapshot| !of_backup().contains(&snapshot.id));
        page.next = page.next.map(|next| format!("{BACKUP}{next}"));
        return Ok(page);
    }
    let mut page = client.snapshots_page(scope, marker).await?;
    let listed = page.items.iter().filter(|snapshot| snapshot.kind == SnapshotKind::AwsBackup);
    of_backup().extend(listed.map(|snapshot| snapshot.id.clone()));
    if page.next.is_none() && *scope == SnapshotScope::Region {
        page.next = Some(BACKUP.to_owned());
    }
    Ok(page)
}

/// Reads one DB cluster.
pub(super) async fn cluster(
    connected: Connected,
    id: RequestId,
    cluster: ClusterId,
    answers: mpsc::Sender<Msg>,
) {
    let answer = with(connected, async |connection| connection.session.client().cluster(&cluster).await)
        .await
        .map(|cluster| cluster.map(Box::new));
    send(&answers, Msg::Cluster(id, answer)).await;
}

/// Reads the quota of manual snapshots.
pub(super) async fn quota(connected: Connected, id: RequestId, answers: mpsc::Sender<Msg>) {
    let answer = with(connected, async |connection| connection.session.client().quota().await).await;
    send(&answers, Msg::Quota(id, answer)).await;
}

/// Reads the snapshots that are followed; those that ended are journalled so.
pub(super) async fn poll(connected: Connected, id: RequestId, ids: Vec<String>, answers: mpsc::Sender<Msg>) {
    let answer = with(connected, async |connection| {
        let snapshots = connection.session.client().follow(&ids).await?;
        journalled::note_ends(connection, &snapshots).await;
        Ok(snapshots)
    })
    .await;
    send(&answers, Msg::Polled(id, answer)).await;
}

/// Reads a page of the manual snapshots of the Region.
pub(super) async fn discover(
    connected: Connected,
    id: RequestId,
    marker: Option<String>,
    answers: mpsc::Sender<Msg>,
) {
    let answer = with(connected, async |connection| {
        let page = connection.session.client().manual_page(marker.as_deref()).await?;
        journalled::note_ends(connection, &page.items).await;
        Ok(page)
    })
    .await;
    send(&answers, Msg::Discovered(id, answer)).await;
}

/// Reads a page of the events of DB cluster snapshots.
pub(super) async fn events(
    connected: Connected,
    id: RequestId,
    minutes: u16,
    marker: Option<String>,
    answers: mpsc::Sender<Msg>,
) {
    let read = async |connection: &Arc<Connection>| {
        connection.session.client().events_page(minutes, marker.as_deref()).await
    };
    send(&answers, Msg::Events(id, with(connected, read).await)).await;
}

async fn with<T>(
    connected: Connected,
    read: impl AsyncFnOnce(&Arc<Connection>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    read(&connected?).await
}

/// Reads page after page. A marker that comes again would lead in a circle for ever.
async fn pages<T, F>(
    read: impl Fn(Option<String>) -> F,
    message: impl Fn(Result<Page<T>, Failure>) -> Msg,
    answers: &mpsc::Sender<Msg>,
) where
    F: Future<Output = Result<Page<T>, Failure>>,
{
    let mut seen = HashSet::new();
    let mut marker = None;
    loop {
        let page = read(marker).await;
        marker = page.as_ref().ok().and_then(|page| page.next.clone());
        let is_circle = marker.as_ref().is_some_and(|marker| !seen.insert(marker.clone()));
        if is_circle {
            let failure = Failure::local(
                FailureKind::UnreadableAnswer,
                "the list leads in a circle: a page's marker came twice, so the rest of it is not known",
            );
            return send(answers, message(Err(failure))).await;
        }
        send(answers, message(page)).await;
        if marker.is_none() || answers.is_closed() {
            return;
        }
    }
}

async fn send(answers: &mpsc::Sender<Msg>, message: Msg) {
    // Nobody takes it once the loop is over.
    let _ = answers.send(message).await;
}
