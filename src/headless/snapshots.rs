//! `clustersnap snapshots`: the DB cluster snapshots.

use std::collections::HashSet;

use super::json::{self, SnapshotData};
use super::problem::{Problem, cluster_details};
use super::streams::{Stop, Streams, result};
use super::{connect, pages, table};
use crate::cli::{Global, Kind, Snapshots};
use crate::domain::cluster_id::ClusterId;
use crate::domain::page::SnapshotScope;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::rds::Client;

/// Lists the snapshots, newest first; returns the exit code.
///
/// # Errors
/// Why it could not.
pub async fn run(args: &Snapshots, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let cluster = match &args.cluster {
        Some(text) => Some(
            ClusterId::parse(text).map_err(|error| Problem::invalid(cluster_details("CLUSTER", &error)))?,
        ),
        None => None,
    };
    let session = connect(global).await?;
    let mut snapshots = Box::pin(read(session.client(), args.kind, cluster.as_ref())).await?;
    snapshots.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id)));
    if streams.json {
        let data: Vec<SnapshotData> = snapshots.iter().map(SnapshotData::from).collect();
        result(&json::done(&data))?;
        return Ok(0);
    }
    let rows: Vec<Vec<String>> = snapshots.iter().map(row).collect();
    let paint = |column: usize, cell: &str| if column == 2 { streams.status(cell) } else { cell.to_owned() };
    let headings = ["IDENTIFIER", "TYPE", "STATUS", "PERCENT", "CREATED", "CLUSTER"];
    result(&table::lay_out(&headings, &rows, paint))?;
    Ok(0)
}

fn row(snapshot: &Snapshot) -> Vec<String> {
    let dash = || "-".to_owned();
    vec![
        snapshot.id.clone(),
        snapshot.kind.as_str().to_owned(),
        snapshot.status.as_str().to_owned(),
        snapshot.percent.map_or_else(dash, |percent| format!("{percent} %")),
        snapshot.created_at.map_or_else(dash, |at| format!("{at:.0}")),
        snapshot.cluster.as_ref().map_or_else(dash, ToString::to_string),
    ]
}

/// Reads the snapshots of a type. Without one, the service leaves out those of other accounts, and says
/// nothing of those of AWS Backup; so these are asked for by name.
async fn read(client: &Client, kind: Kind, cluster: Option<&ClusterId>) -> Result<Vec<Snapshot>, Problem> {
    let of = |kind| SnapshotScope::Kind(kind, cluster.cloned());
    let scope = match kind {
        Kind::Manual => of(SnapshotKind::Manual),
        Kind::Automated => of(SnapshotKind::Automated),
        Kind::Shared => of(SnapshotKind::Shared),
        Kind::Awsbackup => of(SnapshotKind::AwsBackup),
        Kind::All => {
            let own = cluster.map_or(SnapshotScope::Region, |id| SnapshotScope::Cluster(id.clone()));
            let (shared, backup) = (of(SnapshotKind::Shared), of(SnapshotKind::AwsBackup));
            let (own, shared, backup) = tokio::try_join!(
                pages::snapshots(client, &own),
                pages::snapshots(client, &shared),
                pages::snapshots(client, &backup)
            )?;
            let mut seen = HashSet::new();
            let all = own.into_iter().chain(shared).chain(backup);
            return Ok(all
                .filter(|snapshot| seen.insert((snapshot.arn.clone(), snapshot.id.clone())))
                .collect());
        }
    };
    pages::snapshots(client, &scope).await
}
