//! What a change has already for a cluster, so that nothing is asked for it a second time: by the journal, by the tags
//! of a snapshot that another machine made, or by a snapshot that is young enough.
//!
//! Text in it comes from outside and is not yet safe to show.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::account::{AccountId, may_be_same};
use super::alteration::AlterationRecord;
use super::change_id::{ChangeId, ChangeKey};
use super::change_record::{Achieved, is_deleted};
use super::cluster::Cluster;
use super::cluster_id::ClusterId;
use super::listing::LIST_LAG;
use super::mark::{is_marked, is_marked_beside};
use super::outcome::Outcome;
use super::policy::Policy;
use super::record::Record;
use super::request::SnapshotRequest;
use super::snapshot::{Snapshot, is_one_beginning};
use super::tag::Tag;
use super::text::length;

/// A cluster by its identifier and, where known, its resource id.
pub(crate) type Named<'a> = (&'a ClusterId, Option<&'a String>);

/// What there is for a cluster.
#[derive(Clone, Debug)]
pub enum Earlier {
    /// A request of this change made it, by this machine's journal.
    Made(Box<Record>, Option<Box<Snapshot>>),
    /// A snapshot carries the change and a request's mark: another program or machine asked for it.
    Elsewhere(Box<Snapshot>),
    /// It is not known what became of a request of this change, or whether what is there is its.
    Open(Box<Record>),
    /// A request of this change made it, a list had it, and the lists read now have it not: whether it is gone is not
    /// known yet. With how long ago it was seen last.
    Missing(Box<Record>, SignedDuration),
    /// A usable snapshot is young enough.
    Young(Box<Snapshot>),
}

/// What the journal has of a change.
#[derive(Clone, Debug, Default)]
pub struct Journalled {
    /// Its requests.
    pub requests: Vec<Record>,
    /// What was deleted from this machine so lately that a list may still have it, of this change or not.
    pub deleted: Vec<AlterationRecord>,
}

/// What is known of a change in a place before anything of it is sent there.
#[derive(Debug)]
pub struct SeenOfChange<'a> {
    /// The requests of the change that went there, by the journal, but for those whose snapshots were deleted.
    requests: Vec<&'a Record>,
    /// The snapshots that they name.
    named: Vec<&'a Snapshot>,
    /// Those that the tags say are of the change, and that are usable or may become so.
    tagged: Vec<&'a Snapshot>,
    /// The moment.
    now: Timestamp,
    /// When the list of snapshots was read, if it was to its end.
    listed_at: Option<Timestamp>,
}

impl<'a> SeenOfChange<'a> {
    /// What is known by the requests of the change that went to the place, by what was deleted lately, and by the
    /// snapshots of the place: they are gone through once for all of its clusters. With the moment, and when the
    /// list of these was read to its end, both by this machine's clock.
    pub(crate) fn of(
        id: &ChangeId,
        mut requests: Vec<&'a Record>,
        deleted: &[AlterationRecord],
        snapshots: &'a [Snapshot],
        policy: &Policy,
        (now, listed_at): (Timestamp, Option<Timestamp>),
    ) -> Self {
        requests.retain(|record| !is_deleted(record, deleted));
        let is_gone = |it: &Snapshot| deleted.iter().any(|one| one.has_deleted() && one.is_of_snapshot(it));
        let is_named = |it: &&Snapshot| requests.iter().any(|record| record.intent.snapshot == it.id);
        let is_tagged = |snapshot: &&Snapshot| {
            is_of_change(snapshot, id, &policy.change_key) && !snapshot.status.is_lost() && !is_gone(snapshot)
        };
        let named = snapshots.iter().filter(is_named).collect();
        let tagged = snapshots.iter().filter(is_tagged).collect();
        Self { requests, named, tagged, now, listed_at }
    }

    /// What the change has for a cluster, but for one that is merely young enough; `None` if it is to be asked for.
    pub(crate) fn earlier(&self, cluster: &Cluster) -> Option<Earlier> {
        let named = (&cluster.id, cluster.resource_id.as_ref());
        self.earlier_of(named, cluster.account().as_ref(), &cluster.tags)
    }

    /// The same, of a cluster by what a request says of it, and by its tags.
    pub(crate) fn earlier_of(
        &self,
        cluster: Named<'_>,
        account: Option<&AccountId>,
        tags: &[Tag],
    ) -> Option<Earlier> {
        self.by_journal(cluster, account).or_else(|| {
            let is_its = |it: &&Snapshot| is_of_cluster(it, cluster) && is_marked_beside(&it.tags, tags);
            let found = self.tagged.iter().copied().find(is_its)?;
            Some(Earlier::Elsewhere(Box::new(found.clone())))
        })
    }

    fn by_journal(&self, (id, resource_id): Named<'_>, account: Option<&AccountId>) -> Option<Earlier> {
        let is_of = |record: &&Record| {
            let intent = &record.intent;
            // A cluster that was made anew under its old name is another.
            intent.cluster == id.as_str()
                && may_be_same(intent.account.as_ref(), account)
                && may_be_same(intent.cluster_resource_id.as_ref(), resource_id)
        };
        // The newest first: one was sent because those before it did not count any more.
        self.requests.iter().copied().filter(is_of).rev().find_map(|record| self.has_made(record))
    }

    /// What a request of the change has made, as far as that counts for its cluster.
    fn has_made(&self, record: &Record) -> Option<Earlier> {
        let created = record.begun().created_at;
        let is_its = |found: &Snapshot| {
            let begun = created.zip(found.created_at);
            found.id == record.intent.snapshot
                && begun.is_none_or(|(one, other)| is_one_beginning(one, other))
        };
        let listed = self.named.iter().copied().find(|found| is_its(found));
        match (Achieved::by(record), listed) {
            // Another one could be the second.
            (Achieved::Unknown | Achieved::Doubtful, _) => Some(Earlier::Open(Box::new(record.clone()))),
            (Achieved::Nothing, _) | (Achieved::Failed, None) => None,
            // The list tells better than the journal, which may have taken it for gone.
            (_, Some(snapshot)) if snapshot.status.is_lost() => None,
            (_, Some(snapshot)) => {
                Some(Earlier::Made(Box::new(record.clone()), Some(Box::new(snapshot.clone()))))
            }
            (Achieved::Making | Achieved::Usable, None) => self.unlisted(record),
        }
    }

    /// One that the list does not have: it may be fresh, or the list older.
    fn unlisted(&self, record: &Record) -> Option<Earlier> {
        let may_lag = self.listed_at.is_none_or(|read| record.intent.age(read, None) <= LIST_LAG);
        let record = may_lag.then(|| Box::new(record.clone()))?;
        let is_read_since = |at: &Timestamp| self.listed_at.is_some_and(|read| read >= *at);
        Some(match record.listed_at().filter(is_read_since) {
            Some(at) => Earlier::Missing(record, self.now.duration_since(at)),
            None => Earlier::Made(record, None),
        })
    }
}

/// Whether a snapshot carries a change and the mark of a request, whichever machine sent that.
pub(crate) fn is_of_change(snapshot: &Snapshot, id: &ChangeId, key: &ChangeKey) -> bool {
    let change = snapshot.tags.iter().find(|tag| tag.key == key.0);
    let is_its = change.is_some_and(|tag| tag.value == id.as_str()) && is_marked(&snapshot.tags);
    // A copy has the tags of another.
    is_its && snapshot.can_be_requested()
}

/// The snapshots of a cluster; one that was made anew under its old name is another, and so is another account's.
pub fn of_cluster<'a>(
    snapshots: impl IntoIterator<Item = &'a Snapshot>,
    cluster: &Cluster,
) -> impl Iterator<Item = &'a Snapshot> {
    let named = (&cluster.id, cluster.resource_id.as_ref());
    snapshots.into_iter().filter(move |snapshot| is_of_cluster(snapshot, named))
}

/// Whether it is one of these, of a cluster by its identifier and, where it is known, what stays when it is renamed.
pub(crate) fn is_of_cluster(snapshot: &Snapshot, (id, resource_id): Named<'_>) -> bool {
    snapshot.cluster.as_ref() == Some(id)
        && !snapshot.kind.is_foreign()
        && may_be_same(snapshot.more.cluster_resource_id.as_ref(), resource_id)
}

impl Earlier {
    /// The snapshot that another program or machine made for the same change and cluster, where that is why a request was
    /// not sent.
    pub(crate) fn by_twin(request: &SnapshotRequest, outcome: &Outcome) -> Option<Self> {
        let Outcome::Taken { by: Some(twin), .. } = outcome else { return None };
        request.has_twin(twin).then(|| Self::Elsewhere(twin.clone()))
    }

    /// The identifier of the snapshot that there is, or was asked for.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Made(record, _) | Self::Open(record) | Self::Missing(record, _) => &record.intent.snapshot,
            Self::Elsewhere(snapshot) | Self::Young(snapshot) => &snapshot.id,
        }
    }
}

/// A clause.
impl fmt::Display for Earlier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Self::Made(record, None) if record.listed_at().is_some() => {
                write!(f, "this change has {name} of it, {}", record.result())
            }
            Self::Made(record, None) => {
                write!(f, "this change has {name} of it, {}; no list has it yet", record.result())
            }
            Self::Missing(record, since) => write!(
                f,
                "this change had {name} of it, {} {} ago, and the list read now has it not: whether it is gone is not \
                 known yet",
                record.result(),
                length(since.unsigned_abs())
            ),
            Self::Made(_, Some(seen)) => write!(f, "this change has {name} of it, {}", seen.status),
            Self::Elsewhere(snapshot) => write!(
                f,
                "this change has {name} of it by its tags, {}: requested by another program or machine",
                snapshot.status
            ),
            Self::Young(snapshot) => write!(f, "{name} ({}) is young enough", snapshot.kind),
            Self::Open(record) => {
                write!(f, "the request for {name} was sent before: {}", record.kind().short())
            }
        }
    }
}

#[cfg(test)]
#[path = "earlier_tests.rs"]
mod tests;
