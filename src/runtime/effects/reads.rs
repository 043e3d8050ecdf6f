//! Pages and single things, read in one request each and handed on: the core keeps the rate.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::requests::RequestId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::{Page, SnapshotScope};
use crate::domain::snapshot::Snapshot;
use crate::names::{self, Seen};
use crate::rds::Client;

use super::connection::Connection;
use super::recovery;

/// What the markers of the second list begin with: no marker of the service has this character.
const BACKUP: &str = "\u{1}awsbackup";

type Connected = Result<Arc<Connection>, Failure>;

/// Reads a page of the DB clusters.
pub(super) async fn clusters(
    connected: Connected,
    id: RequestId,
    marker: Option<String>,
    answers: mpsc::Sender<Msg>,
) {
    let answer = with(connected, async |connection| {
        let page = connection.reader.clusters_page(marker.as_deref()).await?;
        let (names, place) = (names::of_clusters(&page.items), connection.session.place());
        connection.clusters.note(place, marker.is_none(), names, page.next.is_none(), Seen::Clusters);
        Ok(page)
    })
    .await;
    send(&answers, Msg::Clusters(id, answer)).await;
}

/// Reads a page of the DB cluster snapshots of the Region.
pub(super) async fn snapshots(
    connected: Connected,
    id: RequestId,
    marker: Option<String>,
    answers: mpsc::Sender<Msg>,
) {
    let answer = with(connected, async |connection| {
        let page = snapshot_page(&connection.reader, marker.as_deref()).await?;
        let (names, place) = (names::of_snapshots(&page.items), connection.session.place());
        connection.snapshots.note(place, marker.is_none(), names, page.next.is_none(), Seen::Snapshots);
        recovery::take_back(connection, &page.items).await;
        Ok(page)
    })
    .await;
    send(&answers, Msg::Snapshots(id, answer)).await;
}

/// Reads the page behind a marker. Behind the last of all types come those of AWS Backup: it is not
/// documented whether a list without a type has them.
async fn snapshot_page(client: &Client, marker: Option<&str>) -> Result<Page<Snapshot>, Failure> {
    if let Some(rest) = marker.and_then(|marker| marker.strip_prefix(BACKUP)) {
        let marker = Some(rest).filter(|rest| !rest.is_empty());
        let mut page = client.snapshots_page(&SnapshotScope::AwsBackup, marker).await?;
        page.next = page.next.map(|next| format!("{BACKUP}{next}"));
        return Ok(page);
    }
    let mut page = client.snapshots_page(&SnapshotScope::Region, marker).await?;
    page.next = page.next.or_else(|| Some(BACKUP.to_owned()));
    Ok(page)
}

/// Reads one DB cluster.
pub(super) async fn cluster(
    connected: Connected,
    id: RequestId,
    cluster: ClusterId,
    answers: mpsc::Sender<Msg>,
) {
    let answer = with(connected, async |connection| connection.reader.cluster(&cluster).await)
        .await
        .map(|cluster| cluster.map(Box::new));
    send(&answers, Msg::Cluster(id, answer)).await;
}

/// Reads the quota of manual snapshots.
pub(super) async fn quota(connected: Connected, id: RequestId, answers: mpsc::Sender<Msg>) {
    let answer = with(connected, async |connection| connection.reader.quota().await).await;
    send(&answers, Msg::Quota(id, answer)).await;
}

/// Reads the snapshots that are followed.
pub(super) async fn poll(connected: Connected, id: RequestId, ids: Vec<String>, answers: mpsc::Sender<Msg>) {
    let answer = with(connected, async |connection| {
        let answer = connection.reader.follow(&ids).await?;
        let look = connection.session.listing(answer, ids.len()).await;
        if connection.session.is_of_another(&look) {
            return Err(Failure::local(FailureKind::OtherAccount, "what is followed is not of this account"));
        }
        Ok(look)
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
        let page = connection.reader.snapshots_page(&SnapshotScope::Manual, marker.as_deref()).await?;
        recovery::take_back(connection, &page.items).await;
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
    let read =
        async |connection: &Arc<Connection>| connection.reader.events_page(minutes, marker.as_deref()).await;
    send(&answers, Msg::Events(id, with(connected, read).await)).await;
}

async fn with<T>(
    connected: Connected,
    read: impl AsyncFnOnce(&Arc<Connection>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    read(&connected?).await
}

async fn send(answers: &mpsc::Sender<Msg>, message: Msg) {
    // Nobody takes it once the loop is over.
    let _ = answers.send(message).await;
}
