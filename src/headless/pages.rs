//! Lists read to their end, page after page without a pause, as the AWS command line reads them: a page is asked for when
//! the one before it is there, so that a list has one request under way, and ends. A throttle is waited out by the SDK's
//! retries (`rds::options`). What goes on for hours, and could hold up others, is the screen program: it has a pace.

use super::problem::Problem;
use crate::domain::cluster::Cluster;
use crate::domain::failure::Failure;
use crate::domain::page::{Page, PageGuard, Row, SnapshotScope};
use crate::domain::shared::Shared;
use crate::domain::snapshot::Snapshot;
use crate::rds::Client;

/// Reads every DB cluster, each once.
pub async fn clusters(client: &Client) -> Result<Vec<Cluster>, Problem> {
    let mut rows = Vec::new();
    each(async |marker| client.clusters_page(marker.as_deref()).await, |row| rows.push(row)).await?;
    Ok(rows)
}

/// Reads every DB cluster snapshot of a scope, each once.
pub async fn snapshots(client: &Client, scope: &SnapshotScope) -> Result<Vec<Snapshot>, Problem> {
    let (mut rows, mut shared) = (Vec::new(), Shared::default());
    each_snapshot(client, scope, |mut snapshot| {
        shared.share(&mut snapshot);
        rows.push(snapshot);
    })
    .await?;
    Ok(rows)
}

/// The same, handed on one by one: a hundred thousand need not be in memory for what is told of them.
pub async fn each_snapshot(
    client: &Client,
    scope: &SnapshotScope,
    take: impl FnMut(Snapshot),
) -> Result<(), Problem> {
    each(async |marker| client.snapshots_page(scope, marker.as_deref()).await, take).await
}

async fn each<T: Row>(
    page: impl AsyncFn(Option<String>) -> Result<Page<T>, Failure>,
    mut take: impl FnMut(T),
) -> Result<(), Problem> {
    let (mut rows, mut guard) = (Vec::new(), PageGuard::default());
    let mut marker = None;
    loop {
        marker = guard.take(page(marker).await?, &mut rows)?;
        rows.drain(..).for_each(&mut take);
        if marker.is_none() {
            return Ok(());
        }
    }
}
