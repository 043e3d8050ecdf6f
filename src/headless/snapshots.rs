//! `clustersnap snapshots`: the DB cluster snapshots.

use std::collections::HashSet;

use jiff::Timestamp;

use super::config::policy;
use super::json::SnapshotData;
use super::named_cluster::NamedCluster;
use super::places::{self, Found, Where};
use super::problem::{self, Problem};
use super::streams::{Stop, Streams, read_or_not, result};
use super::{pages, table};
use crate::cli::{Global, KindChoice, SnapshotColumn, SnapshotsOptions};
use crate::domain::account::Arn;
use crate::domain::cluster_id::ClusterId;
use crate::domain::filter::FilteredList;
use crate::domain::page::SnapshotScope;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::text::escape;
use crate::names::{self, ListedNames};
use crate::rds::Client;
use crate::session::Session;

/// Lists the snapshots of all places, newest first; returns the exit code.
pub async fn run(args: &SnapshotsOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let cluster = args.cluster.as_deref().map(NamedCluster::parse);
    let cluster = cluster.transpose().map_err(Problem::invalid)?;
    let filter = problem::filter(args.filter.as_deref(), FilteredList::Snapshots)?;
    let policy = policy(streams);
    let read = async |session: &Session| {
        let named = cluster.as_ref();
        let mut snapshots = Box::pin(read(session.client(), args.kind, named.map(|named| &named.id))).await?;
        snapshots.retain(|snapshot| named.is_none_or(|named| is_of(snapshot, named)));
        let is_whole = args.kind == KindChoice::All && cluster.is_none();
        let seen = if is_whole { ListedNames::Snapshots } else { ListedNames::SomeSnapshots };
        names::keep(session.target(), seen(names::of_snapshots(&snapshots)));
        Ok(snapshots)
    };
    let answers = places::ask_each(global, streams, None, read).await?;
    let mut rows: Vec<(&Session, &Snapshot)> = Vec::new();
    for Found { session, value } in &answers.found {
        rows.extend(value.iter().map(|snapshot| (session, snapshot)));
    }
    rows.sort_by_key(|(_, snapshot)| (snapshot.newest_first(), &snapshot.id));
    let all = rows.len();
    let mut sieve = filter.sieve(Timestamp::now()).by_change_tag(&policy.change_key);
    rows.retain(|(_, snapshot)| sieve.lets_pass(*snapshot));
    if streams.json {
        let data =
            |(session, snapshot): &(&Session, &Snapshot)| SnapshotData::from(*snapshot).in_place_of(session);
        read_or_not(answers.write_rows(rows.iter().map(data)))?;
    } else if !answers.found.is_empty() {
        let now = Timestamp::now();
        let placed = rows.iter().map(|(session, it)| (Where::of(it.arn.as_deref(), session), *it));
        let table = answers.columns(&args.columns, placed, |it, column| cell(it, column, now), streams);
        read_or_not(result(&table))?;
    }
    if rows.is_empty() {
        let kind =
            if args.kind == KindChoice::All { String::new() } else { format!("{} ", args.kind.word()) };
        let of = cluster.map(|cluster| escape(&format!(" of {}", cluster.words())));
        let of = of.unwrap_or_default();
        let what = match &args.filter {
            Some(filter) if all > 0 => format!("None of the {all} {kind}snapshots{of} fits \"{filter}\""),
            _ => format!("There is no {kind}snapshot{of}"),
        };
        answers.say_nothing(&what, streams).await;
    }
    Ok(answers.exit())
}

fn is_of(snapshot: &Snapshot, named: &NamedCluster) -> bool {
    let arn = Arn::reported(snapshot.arn.as_deref());
    let (account, region) = arn.map_or((None, None), |arn| (arn.account, arn.region));
    let cluster = snapshot.cluster.as_ref().map(ClusterId::as_str);
    named.may_have(cluster, account.as_ref(), region.as_deref())
}

fn cell(snapshot: &Snapshot, column: SnapshotColumn, now: Timestamp) -> String {
    match column {
        SnapshotColumn::Id => snapshot.id.clone(),
        SnapshotColumn::Type => snapshot.kind.as_str().to_owned(),
        SnapshotColumn::Status => snapshot.status.as_str().to_owned(),
        SnapshotColumn::Percent => {
            snapshot.percent.map_or_else(table::dash, |percent| format!("{percent} %"))
        }
        SnapshotColumn::Age => table::ago(snapshot.created_at, now),
        SnapshotColumn::Created => table::time(snapshot.created_at),
        SnapshotColumn::Cluster => snapshot.cluster.as_ref().map_or_else(table::dash, ToString::to_string),
        SnapshotColumn::Engine => {
            let parts = [snapshot.more.engine.clone(), snapshot.more.engine_version.clone()];
            let known: Vec<String> = parts.into_iter().flatten().collect();
            if known.is_empty() { table::dash() } else { known.join(" ") }
        }
        SnapshotColumn::Tags => table::tags(&snapshot.tags),
        SnapshotColumn::Arn => snapshot.arn.clone().unwrap_or_else(table::dash),
    }
}

/// Reads the snapshots of a type. Without one, the service leaves out those of other accounts; so these are asked for by
/// name.
pub async fn read(
    client: &Client,
    kind: KindChoice,
    cluster: Option<&ClusterId>,
) -> Result<Vec<Snapshot>, Problem> {
    let of = |kind| SnapshotScope::Kind(kind, cluster.cloned());
    if kind != KindChoice::All {
        return pages::snapshots(client, &of(SnapshotKind::reported(&kind.word()))).await;
    }
    let own = cluster.map_or(SnapshotScope::Region, |id| SnapshotScope::Cluster(id.clone()));
    let shared = of(SnapshotKind::Shared);
    let (own, shared) = tokio::try_join!(pages::snapshots(client, &own), pages::snapshots(client, &shared))?;
    let mut seen = HashSet::new();
    let all = own.into_iter().chain(shared);
    Ok(all.filter(|snapshot| seen.insert((snapshot.arn.clone(), snapshot.id.clone()))).collect())
}
