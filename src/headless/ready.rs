//! `clustersnap ready`: whether each cluster has a usable snapshot that is young enough, whoever made it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::create::cluster;
use super::json::{self, SnapshotData};
use super::named_cluster::NamedCluster;
use super::places::{self, Answers, Found, Where};
use super::problem::{self, Code, Problem, worst};
use super::streams::{Stop, Streams, read_or_not, result};
use super::{list, pages, table};
use crate::cli::{Global, ReadyOptions};
use crate::domain::cluster::Cluster;
use crate::domain::earlier::of_cluster;
use crate::domain::page::SnapshotScope;
use crate::domain::snapshot::Snapshot;
use crate::domain::text::{escape, length};
use crate::session::Session;

/// Clocks of the service may differ by so much: the answer tells whole seconds, and several hosts answer.
const CLOCKS_DIFFER_BY: SignedDuration = SignedDuration::from_secs(60);

/// The time at the service, or here where the service does not tell it.
#[derive(Clone, Copy, Debug)]
pub struct ServiceClock {
    now: Timestamp,
    is_servers: bool,
}

impl ServiceClock {
    /// This machine's.
    pub fn own() -> Self {
        Self { now: Timestamp::now(), is_servers: false }
    }

    /// The service's, asked for by looking at a snapshot that is there; else this machine's.
    pub async fn of(session: &Session, snapshots: &[Snapshot]) -> Self {
        let Some(any) = snapshots.first() else { return Self::own() };
        let answer = session.client().snapshots_named(std::slice::from_ref(&any.id)).await;
        match answer.ok().and_then(|answer| answer.server_time) {
            Some(now) => Self { now, is_servers: true },
            None => Self::own(),
        }
    }

    /// How old a snapshot is; `None` if AWS does not tell when it was begun, or tells a time that this clock has not
    /// come to: one of the two is wrong, and the age is not known.
    fn age(&self, snapshot: &Snapshot) -> Option<Duration> {
        let age = self.now.duration_since(snapshot.created_at?);
        (age >= -CLOCKS_DIFFER_BY).then(|| age.max(SignedDuration::ZERO).unsigned_abs())
    }

    /// The newest of these that can be restored, if it was begun within a time; with its age.
    pub fn young<'a>(
        &self,
        snapshots: impl Iterator<Item = &'a Snapshot>,
        within: Duration,
    ) -> Option<(&'a Snapshot, Duration)> {
        let newest = newest_usable(snapshots)?;
        let age = self.age(newest).filter(|age| *age <= within)?;
        Some((newest, age))
    }

    fn words(self) -> &'static str {
        if self.is_servers { "the server's clock" } else { "this machine's clock" }
    }
}

/// The newest snapshot that can be restored.
fn newest_usable<'a>(snapshots: impl Iterator<Item = &'a Snapshot>) -> Option<&'a Snapshot> {
    snapshots.filter(|snapshot| snapshot.status.is_usable()).max_by_key(|snapshot| snapshot.created_at)
}

/// The newest usable snapshot of a cluster, if it is young enough, and that nothing is asked for because of it, safe to
/// show. A cluster that is not there has none, nor has one of the same name elsewhere.
pub async fn young_snapshot(
    session: &Session,
    named: &NamedCluster,
    within: Duration,
) -> Result<Option<(Snapshot, String)>, Problem> {
    let found = session.client().cluster(&named.id).await?;
    let Some(found) = found.filter(|found| named.is(found)) else { return Ok(None) };
    let scope = SnapshotScope::Cluster(named.id.clone());
    let snapshots = pages::snapshots(session.client(), &scope).await?;
    let clock = ServiceClock::of(session, &snapshots).await;
    let young = clock.young(of_cluster(&snapshots, &found), within);
    Ok(young.map(|(newest, age)| {
        let (Snapshot { id, kind, .. }, age) = (newest, length(age));
        let begun = format!("{id} ({kind}) is usable and was begun {age} ago by {}", clock.words());
        (newest.clone(), escape(&format!("{begun}: nothing was requested.")))
    }))
}

/// What a place says.
struct SeenPlace {
    clusters: Vec<Cluster>,
    foreign: Vec<Cluster>,
    snapshots: Vec<Snapshot>,
    clock: ServiceClock,
}

/// A cluster with its newest usable snapshot, for a program.
#[derive(Serialize)]
struct ReadyData {
    ready: bool,
    cluster: String,
    #[serde(flatten)]
    place: Where,
    age_s: Option<u64>,
    clock: &'static str,
    snapshot: Option<SnapshotData>,
}

/// Checks in every place; returns the exit code.
pub async fn run(args: &ReadyOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let mut details = Vec::new();
    let texts = args.clusters.iter().map(String::as_str);
    let names = problem::each_once(texts, NamedCluster::parse, &mut details);
    Problem::unless_fine(details)?;
    let read = async |session: &Session| Box::pin(read(session, &names)).await;
    let answers = places::ask_each(global, streams, None, read).await?;
    let is_nowhere = |name: &&NamedCluster| {
        let mut places = answers.found.iter();
        places.all(|found| !found.value.clusters.iter().any(|cluster| name.is(cluster)))
    };
    if let Some(missing) = names.iter().find(is_nowhere).filter(|_| answers.incomplete.is_empty()) {
        let mut foreign = answers.found.iter().flat_map(|found| &found.value.foreign);
        if let Some(foreign) = foreign.find(|cluster| missing.is(cluster)) {
            return Err(cluster::foreign(foreign).into());
        }
        let message = format!("There is no DB cluster {} where it was looked for", missing.words());
        return Err(Problem::new(Code::ClusterNotFound, escape(&message)).into());
    }
    let rows: Vec<ReadyData> = answers.found.iter().flat_map(|found| rows(found, args.within)).collect();
    tell(&rows, &answers, args.within, streams)
}

async fn read(session: &Session, names: &[NamedCluster]) -> Result<SeenPlace, Problem> {
    let client = session.client();
    let (mut clusters, foreign) = list::own(pages::clusters(client).await?);
    clusters.retain(|cluster| names.iter().any(|name| name.is(cluster)));
    let scope = match clusters.as_slice() {
        [] => return Ok(SeenPlace { clusters, foreign, snapshots: Vec::new(), clock: ServiceClock::own() }),
        [only] => SnapshotScope::Cluster(only.id.clone()),
        _ => SnapshotScope::Region,
    };
    let snapshots = pages::snapshots(client, &scope).await?;
    let clock = ServiceClock::of(session, &snapshots).await;
    Ok(SeenPlace { clusters, foreign, snapshots, clock })
}

fn rows(found: &Found<SeenPlace>, within: Duration) -> impl Iterator<Item = ReadyData> {
    let Found { session, value: SeenPlace { clusters, snapshots, clock, .. } } = found;
    clusters.iter().map(move |cluster| {
        let newest = newest_usable(of_cluster(snapshots, cluster));
        let age = newest.and_then(|newest| clock.age(newest));
        ReadyData {
            ready: age.is_some_and(|age| age <= within),
            cluster: cluster.id.to_string(),
            place: Where::of(cluster.arn.as_deref(), session),
            age_s: age.map(|age| age.as_secs()),
            clock: json::clock(clock.is_servers),
            snapshot: newest.map(|newest| SnapshotData::from(newest).in_place_of(session)),
        }
    })
}

fn tell(
    rows: &[ReadyData],
    answers: &Answers<SeenPlace>,
    within: Duration,
    streams: Streams,
) -> Result<u8, Stop> {
    let late: Vec<&ReadyData> = rows.iter().filter(|row| !row.ready).collect();
    let problem = late.first().map(|first| {
        let several = if late.len() > 1 { format!(" and {} more", late.len() - 1) } else { String::new() };
        let why = format!("{}{several}: no usable snapshot of the last {}", first.cluster, length(within));
        Problem::new(Code::NotReady, escape(&why))
    });
    // A place that failed may have any of them.
    let worst = worst(answers.problems().chain(&problem));
    if streams.json {
        read_or_not(result(&json::answer(&rows, worst, &answers.incomplete)))?;
    } else if !rows.is_empty() {
        read_or_not(result(&to_table(rows, answers)))?;
    }
    let Some(worst) = worst else { return Ok(0) };
    streams.warn(&format!("clustersnap: {}", worst.message));
    Ok(worst.code.exit())
}

fn to_table(rows: &[ReadyData], answers: &Answers<SeenPlace>) -> String {
    let cells = |row: &ReadyData| {
        let of = |part: fn(&SnapshotData) -> Option<String>| row.snapshot.as_ref().and_then(part);
        let age = row.age_s.map(|age| length(Duration::from_secs(age)));
        vec![
            row.cluster.clone(),
            if row.ready { "yes" } else { "no" }.to_owned(),
            of(|snapshot| Some(snapshot.id.clone())).unwrap_or_else(|| "none is usable".to_owned()),
            of(|snapshot| snapshot.kind.clone()).unwrap_or_else(table::dash),
            age.unwrap_or_else(table::dash),
        ]
    };
    let headings = ["CLUSTER", "READY", "NEWEST USABLE", "TYPE", "BEGUN AGO"];
    answers.table(&headings, rows.iter().map(|row| (row.place.clone(), cells(row))), None)
}
