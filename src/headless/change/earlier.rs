//! What a change has already for a cluster: by the journal, by the tags of a snapshot that another machine made, or by
//! a snapshot that is young enough.

use std::time::Duration;

use jiff::Timestamp;

use super::ground::Ground;
use super::wanted::Wanted;
use crate::domain::change_record::{Achieved, by_cluster};
use crate::domain::cluster::Cluster;
use crate::domain::listing::LIST_LAG;
use crate::domain::mark::MARK_KEY;
use crate::domain::policy::Policy;
use crate::domain::record::Record;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::headless::ready;

/// What there is for a cluster, so that nothing is asked for it.
#[derive(Debug)]
pub enum Earlier {
    /// A request of this change made it, by this machine's journal.
    Made(Box<Record>, Option<Box<Snapshot>>),
    /// A snapshot carries the change and a request's mark: another machine asked for it.
    Elsewhere(Box<Snapshot>),
    /// It is not known what became of a request of this change, or whether what is there is its.
    Open(Box<Record>),
    /// A usable snapshot is young enough.
    Young(Box<Snapshot>),
}

/// What there is for a cluster; `None` if it is to be asked for.
pub fn of(wanted: &Wanted, policy: &Policy, ground: &Ground, cluster: &Cluster) -> Option<Earlier> {
    by_journal(ground, cluster)
        .or_else(|| by_tags(wanted, policy, ground, cluster))
        .or_else(|| young(ground, cluster, wanted.unless_within?))
}

fn by_journal(ground: &Ground, cluster: &Cluster) -> Option<Earlier> {
    let account = cluster.account();
    let is_of = |record: &&Record| {
        let intent = &record.intent;
        let is_account = intent.account.as_ref().zip(account.as_ref()).is_none_or(|(a, b)| a == b);
        // A cluster that was made anew under its old name is another.
        let ids = intent.cluster_resource_id.as_ref().zip(cluster.resource_id.as_ref());
        let is_same = ids.is_none_or(|(a, b)| a == b);
        intent.cluster == cluster.id.as_str() && is_account && is_same
    };
    let own: Vec<Record> = ground.before.iter().filter(is_of).cloned().collect();
    let record = (*by_cluster(&own).first()?).clone();
    let listed = ground.snapshots.iter().find(|found| found.id == record.intent.snapshot).cloned();
    match Achieved::by(&record) {
        // Another one could be the second.
        Achieved::Unknown | Achieved::Doubtful => Some(Earlier::Open(Box::new(record))),
        Achieved::Making | Achieved::Usable if !has_failed(listed.as_ref(), &record) => {
            Some(Earlier::Made(Box::new(record), listed.map(Box::new)))
        }
        _ => None,
    }
}

/// Whether the snapshot of a request is there no more, or cannot be restored.
fn has_failed(listed: Option<&Snapshot>, record: &Record) -> bool {
    match listed {
        Some(snapshot) => snapshot.status.is_final() && !snapshot.status.is_usable(),
        // A fresh one may be missing from a list.
        None => Timestamp::now().duration_since(record.intent.at) > LIST_LAG,
    }
}

fn by_tags(wanted: &Wanted, policy: &Policy, ground: &Ground, cluster: &Cluster) -> Option<Earlier> {
    let key = policy.mark_key.0.as_deref().unwrap_or(MARK_KEY);
    let is_of_change = |snapshot: &&Snapshot| {
        let has = |key: &str| snapshot.tags.iter().find(|tag| tag.key == key);
        has(&policy.change_key.0).is_some_and(|tag| tag.value == wanted.id.as_str()) && has(key).is_some()
    };
    let found = of_cluster(ground, cluster).filter(|snapshot| snapshot.kind == SnapshotKind::Manual);
    let mut found = found.filter(|snapshot| !snapshot.status.is_final() || snapshot.status.is_usable());
    found.find(is_of_change).map(|snapshot| Earlier::Elsewhere(Box::new(snapshot.clone())))
}

fn young(ground: &Ground, cluster: &Cluster, within: Duration) -> Option<Earlier> {
    let newest = ready::newest_usable(of_cluster(ground, cluster))?;
    ground.clock.is_within(newest, within).then(|| Earlier::Young(Box::new(newest.clone())))
}

fn of_cluster<'a>(ground: &'a Ground, cluster: &'a Cluster) -> impl Iterator<Item = &'a Snapshot> {
    let is_same = |snapshot: &&Snapshot| {
        let ids = snapshot.more.cluster_resource_id.as_ref().zip(cluster.resource_id.as_ref());
        snapshot.cluster.as_ref() == Some(&cluster.id) && ids.is_none_or(|(own, other)| own == other)
    };
    ground.snapshots.iter().filter(is_same)
}
