//! `clustersnap list`: the DB clusters.

use jiff::Timestamp;

use super::json::ClusterData;
use super::places::{self, Found, Where};
use super::problem::Problem;
use super::streams::{Stop, Streams, read_or_not, result};
use super::{pages, problem, table};
use crate::cli::{ClusterColumn, Global, ListOptions};
use crate::domain::cluster::Cluster;
use crate::domain::filter::FilteredList;
use crate::domain::page::SnapshotScope;
use crate::domain::snapshot::LastUsable;
use crate::names::{self, ListedNames};
use crate::session::Session;

/// What was read in a place.
struct ListedClusters {
    clusters: Vec<Cluster>,
    /// The engines of the clusters that are not RDS's own.
    hidden: Vec<Cluster>,
    /// `None` where the snapshots were not read.
    usable: Option<LastUsable>,
}

/// A cluster where it is.
struct ClusterRow<'a> {
    cluster: &'a Cluster,
    usable: Option<&'a LastUsable>,
    place: Where,
}

/// Lists the DB clusters; returns the exit code.
pub async fn run(args: &ListOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let filter = problem::filter(args.filter.as_deref(), FilteredList::Clusters)?;
    let read = async |session: &Session| Box::pin(read(&args.columns, session, streams)).await;
    let answers = places::ask_each(global, streams, None, read).await?;
    let mut sieve = filter.sieve(Timestamp::now());
    let mut rows: Vec<ClusterRow> = Vec::new();
    for Found { session, value } in &answers.found {
        let fitting = value.clusters.iter().filter(|cluster| sieve.lets_pass(*cluster));
        rows.extend(fitting.map(|cluster| ClusterRow {
            cluster,
            usable: value.usable.as_ref(),
            place: Where::of(cluster.arn.as_deref(), session),
        }));
    }
    if streams.json {
        let usable = |row: &ClusterRow| row.usable.map(|usable| last_of(usable, row.cluster));
        let data = |row: &ClusterRow| ClusterData::new(row.cluster, usable(row), row.place.clone());
        read_or_not(answers.write_rows(rows.iter().map(data)))?;
    } else if !answers.found.is_empty() {
        let now = Timestamp::now();
        let placed = rows.iter().map(|row| (row.place.clone(), row));
        let table = answers.columns(&args.columns, placed, |row, column| cell(row, column, now), streams);
        read_or_not(result(&table))?;
    }
    if rows.is_empty() {
        let all: usize = answers.found.iter().map(|found| found.value.clusters.len()).sum();
        let what = match &args.filter {
            Some(filter) if all > 0 => format!("None of the {all} DB clusters fits \"{filter}\""),
            _ => "There is no DB cluster".to_owned(),
        };
        answers.say_nothing(&what, streams).await;
    }
    let foreign = answers.found.iter().flat_map(|found| &found.value.hidden);
    if let Some(words) = hidden(foreign) {
        streams.say(&words);
    }
    Ok(answers.exit())
}

/// Reads the clusters of a place, and its snapshots if they are needed.
async fn read(
    columns: &[ClusterColumn],
    session: &Session,
    streams: Streams,
) -> Result<ListedClusters, Problem> {
    let (clusters, hidden) = own(pages::clusters(session.client()).await?);
    names::keep(session.target(), ListedNames::Clusters(names::of_clusters(&clusters)));
    let usable =
        if columns.contains(&ClusterColumn::LastUsable) { last_usable(session, streams).await } else { None };
    Ok(ListedClusters { clusters, hidden, usable })
}

fn cell(row: &ClusterRow, column: ClusterColumn, now: Timestamp) -> String {
    let ClusterRow { cluster, usable, .. } = row;
    match column {
        ClusterColumn::Id => cluster.id.to_string(),
        ClusterColumn::Engine => cluster.engine(),
        ClusterColumn::Status => cluster.status.as_str().to_owned(),
        ClusterColumn::LastUsable => match usable.map(|usable| last_of(usable, cluster)) {
            Some(Some(at)) => table::ago(Some(at), now),
            Some(None) => "none".to_owned(),
            None => "not known".to_owned(),
        },
        ClusterColumn::Age => table::ago(cluster.created_at, now),
        ClusterColumn::Created => table::time(cluster.created_at),
        ClusterColumn::Tags => table::tags(&cluster.tags),
        ClusterColumn::Arn => cluster.arn.clone().unwrap_or_else(table::dash),
    }
}

fn last_of(usable: &LastUsable, cluster: &Cluster) -> Option<Timestamp> {
    usable.of(&cluster.id, cluster.resource_id.as_deref())
}

/// When the last usable snapshot of each cluster was begun. A list without it is better than none.
async fn last_usable(session: &Session, streams: Streams) -> Option<LastUsable> {
    let mut last = LastUsable::default();
    let note = |snapshot| {
        last.note(&snapshot);
    };
    if let Err(problem) = Box::pin(pages::each_snapshot(session.client(), &SnapshotScope::Region, note)).await
    {
        let place = places::name_of(session);
        streams.say(&format!("The last usable snapshots are not known. {place}: {}", problem.to_text()));
        return None;
    }
    Some(last)
}

/// How many clusters of these engines are not shown, if there are any.
pub fn hidden<'a>(foreign: impl IntoIterator<Item = &'a Cluster>) -> Option<String> {
    let mut engines: Vec<&str> = foreign.into_iter().map(|cluster| cluster.family.name()).collect();
    let count = engines.len();
    engines.sort_unstable();
    engines.dedup();
    (count > 0).then(|| format!("{count} hidden ({})", engines.join(", ")))
}

/// The clusters that are RDS's own, by identifier, and those that are not.
pub fn own(clusters: Vec<Cluster>) -> (Vec<Cluster>, Vec<Cluster>) {
    let (foreign, mut own): (Vec<Cluster>, Vec<Cluster>) =
        clusters.into_iter().partition(|cluster| cluster.family.is_foreign());
    own.sort_by(|a, b| a.id.cmp(&b.id));
    (own, foreign)
}
