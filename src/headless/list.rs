//! `clustersnap list`: the DB clusters.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::json::{self, ClusterData};
use super::streams::{Stop, Streams, result};
use super::{connect, nothing, pages, problem, table};
use crate::cli::{ClusterColumn, Global, List};
use crate::domain::cluster::Cluster;
use crate::domain::engine::EngineFamily;
use crate::domain::page::SnapshotScope;
use crate::domain::snapshot::{LastUsable, note_usable};
use crate::names::{self, Seen};
use crate::session::Session;

/// Lists the DB clusters; returns the exit code.
pub async fn run(args: &List, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let filter = problem::filter(args.filter.as_deref())?;
    let session = connect(global, None).await?;
    let (mut clusters, hidden) = own(pages::clusters(session.client()).await?);
    names::keep(session.place(), Seen::Clusters(names::of_clusters(&clusters)));
    let all = clusters.len();
    let mut sieve = filter.sieve(Timestamp::now());
    clusters.retain(|cluster| sieve.lets_pass(cluster));
    let usable = last_usable(&args.columns, &session, streams).await;
    result(&if streams.json {
        let of = |cluster: &Cluster| usable.as_ref().map(|usable| usable.get(&cluster.id).copied());
        let data: Vec<ClusterData> =
            clusters.iter().map(|cluster| ClusterData::new(cluster, of(cluster))).collect();
        json::done(&data)
    } else {
        to_table(&args.columns, &clusters, usable.as_ref(), streams)
    })?;
    if clusters.is_empty() {
        let what = match &args.filter {
            Some(filter) if all > 0 => format!("None of the {all} DB clusters fits \"{filter}\""),
            _ => "There is no DB cluster".to_owned(),
        };
        nothing::say(streams, &session, &what).await;
    }
    if let Some(hidden) = hidden {
        streams.say(&hidden);
    }
    Ok(0)
}

fn to_table(
    columns: &[ClusterColumn],
    clusters: &[Cluster],
    usable: Option<&LastUsable>,
    streams: Streams,
) -> String {
    let now = Timestamp::now();
    let row = |cluster: &Cluster| columns.iter().map(|column| cell(cluster, *column, usable, now)).collect();
    let rows: Vec<Vec<String>> = clusters.iter().map(row).collect();
    let headings: Vec<&str> = columns.iter().map(|column| heading(*column)).collect();
    let is_status = |column: usize| columns.get(column) == Some(&ClusterColumn::Status);
    let paint =
        |column: usize, cell: &str| if is_status(column) { streams.status(cell) } else { cell.to_owned() };
    table::lay_out(&headings, &rows, paint)
}

fn heading(column: ClusterColumn) -> &'static str {
    match column {
        ClusterColumn::Id => "IDENTIFIER",
        ClusterColumn::Engine => "ENGINE",
        ClusterColumn::Status => "STATUS",
        ClusterColumn::LastUsable => "LAST USABLE",
        ClusterColumn::Age => "AGE",
        ClusterColumn::Created => "CREATED",
        ClusterColumn::Tags => "TAGS",
        ClusterColumn::Arn => "ARN",
    }
}

fn cell(cluster: &Cluster, column: ClusterColumn, usable: Option<&LastUsable>, now: Timestamp) -> String {
    match column {
        ClusterColumn::Id => cluster.id.to_string(),
        ClusterColumn::Engine => cluster.engine(),
        ClusterColumn::Status => cluster.status.as_str().to_owned(),
        ClusterColumn::LastUsable => match usable.map(|usable| usable.get(&cluster.id)) {
            Some(Some(at)) => table::ago(Some(*at), now),
            Some(None) => "none".to_owned(),
            None => "not known".to_owned(),
        },
        ClusterColumn::Age => table::ago(cluster.created_at, now),
        ClusterColumn::Created => table::time(cluster.created_at),
        ClusterColumn::Tags => table::tags(&cluster.tags),
        ClusterColumn::Arn => cluster.arn.clone().unwrap_or_else(table::dash),
    }
}

/// When the last usable snapshot of each cluster was begun, if that is to be shown. A list without it is better
/// than none.
async fn last_usable(columns: &[ClusterColumn], session: &Session, streams: Streams) -> Option<LastUsable> {
    if !columns.contains(&ClusterColumn::LastUsable) {
        return None;
    }
    let snapshots = match Box::pin(pages::snapshots(session.client(), &SnapshotScope::Region)).await {
        Ok(snapshots) => snapshots,
        Err(problem) => {
            streams.say(&format!("The last usable snapshots are not known. {}", problem.to_text()));
            return None;
        }
    };
    let mut last = LastUsable::new();
    for snapshot in &snapshots {
        note_usable(&mut last, snapshot);
    }
    Some(last)
}

/// The clusters that are RDS's own, by identifier, and how many are not, in words.
pub fn own(clusters: Vec<Cluster>) -> (Vec<Cluster>, Option<String>) {
    let mut foreign: BTreeMap<&str, usize> = BTreeMap::new();
    let mut own = Vec::new();
    for cluster in clusters {
        match cluster.family {
            EngineFamily::Foreign(engine) => *foreign.entry(engine.name()).or_insert(0) += 1,
            _ => own.push(cluster),
        }
    }
    own.sort_by(|a, b| a.id.cmp(&b.id));
    let count: usize = foreign.values().sum();
    let engines = foreign.into_keys().collect::<Vec<_>>().join(", ");
    (own, (count > 0).then(|| format!("{count} hidden ({engines})")))
}
