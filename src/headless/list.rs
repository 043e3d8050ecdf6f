//! `clustersnap list`: the DB clusters.

use std::collections::BTreeMap;

use super::json::{self, ClusterData};
use super::streams::{Stop, Streams, result};
use super::{connect, pages, table};
use crate::cli::{Global, List};
use crate::domain::cluster::Cluster;
use crate::domain::engine::EngineFamily;

/// Lists the DB clusters; returns the exit code.
///
/// # Errors
/// Why it could not.
pub async fn run(args: &List, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let session = connect(global).await?;
    let (mut clusters, hidden) = own(pages::clusters(session.client()).await?);
    if let Some(filter) = &args.filter {
        clusters.retain(|cluster| fits(cluster, filter));
    }
    if streams.json {
        let data: Vec<ClusterData> = clusters.iter().map(ClusterData::from).collect();
        result(&json::done(&data))?;
        return Ok(0);
    }
    let row = |cluster: &Cluster| {
        vec![cluster.id.to_string(), cluster.engine(), cluster.status.as_str().to_owned()]
    };
    let rows: Vec<Vec<String>> = clusters.iter().map(row).collect();
    let paint = |column: usize, cell: &str| if column == 2 { streams.status(cell) } else { cell.to_owned() };
    result(&table::lay_out(&["IDENTIFIER", "ENGINE", "STATUS"], &rows, paint))?;
    if let Some(hidden) = hidden {
        streams.say(&hidden);
    }
    Ok(0)
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

/// Whether a cluster has a text in its identifier, engine or status, in any case.
pub fn fits(cluster: &Cluster, text: &str) -> bool {
    let text = text.to_lowercase();
    let parts = [cluster.id.to_string(), cluster.engine(), cluster.status.as_str().to_owned()];
    parts.iter().any(|part| part.to_lowercase().contains(&text))
}
