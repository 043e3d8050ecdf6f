//! The plan of a clean-up: which snapshots can be deleted, how many of each cluster remain, what is never deleted and
//! what only when somebody says it by its name.
//!
//! One [`RemovalGround`] is what is known of one place; its [`RemovalGround::plan`] is an [`RemovalItem`] for each chosen snapshot. Only
//! manual snapshots count as remaining: AWS deletes automated ones by itself, and those of AWS Backup follow a plan
//! of their own. Texts in it come from outside and are not yet safe to show.

mod guard;
mod open;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;

use jiff::{SignedDuration, Timestamp};

use super::account::AccountId;
use super::alteration::{AlterationRecord, AlterationTerms};
use super::change_id::ChangeId;
use super::cluster::Cluster;
use super::cluster_id::ClusterId;
use super::context::Target;
use super::failure::{Failure, FailureKind};
use super::page::Row as _;
use super::pattern::Candidate;
use super::policy::Policy;
use super::record::Record;
use super::snapshot::{Snapshot, SnapshotKind};
use super::snapshot_id::SnapshotId;
use super::status::SnapshotStatus;
use super::tag::Tag;

pub use guard::{Guard, KEEP_UNTIL, Refusal, kept_by_tags};
pub use open::open_changes;

/// What is known of one place before anything is deleted there.
#[derive(Clone, Copy, Debug)]
pub struct RemovalGround<'a> {
    /// The place.
    pub place: &'a Target,
    /// The account, as far as it is known.
    pub account: Option<&'a AccountId>,
    /// All snapshots that the place lists, to the end of the list: what remains is counted among them.
    pub snapshots: &'a [Snapshot],
    /// All its clusters; `None` if they could not be read.
    pub clusters: Option<&'a [Cluster]>,
    /// The requests that the journal has open there.
    pub open: &'a [Record],
    /// The deletions that the journal has open.
    pub deletions: &'a [AlterationRecord],
    /// The changes that are not over, wherever ([`open_changes`] and what a change still has to send).
    pub changes: &'a [ChangeId],
    /// What the people of this place want of every request.
    pub policy: &'a Policy,
    /// The moment.
    pub now: Timestamp,
}

/// What is wanted of a clean-up, besides the choice.
#[derive(Clone, Copy, Debug, Default)]
pub struct RemovalWish<'a> {
    /// How many of the newest usable snapshots of each cluster are kept.
    pub keep_last: Option<NonZeroUsize>,
    /// The snapshots that were said by their names, to be deleted although a [`Guard`] stands before them.
    pub even: &'a [String],
}

/// One chosen snapshot, and what the plan says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovalItem {
    /// The snapshot, as it was listed.
    pub snapshot: Snapshot,
    /// How old it is, where its create time is known.
    pub age: Option<SignedDuration>,
    /// What becomes of it.
    pub verdict: RemovalVerdict,
    /// What stood before it and was said by name.
    pub overridden: Vec<Guard>,
    /// How many usable manual snapshots of its cluster remain after the whole plan; `None` if its cluster is not
    /// known.
    pub remaining: Option<usize>,
    /// Why it takes the name of its cluster once more from a command ([`Policy::wants_confirmation`] without any).
    pub unconfirmed: Option<Failure>,
}

/// What becomes of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemovalVerdict {
    /// It is deleted.
    Delete,
    /// It is one of so many newest usable ones of its cluster that are kept.
    Kept(NonZeroUsize),
    /// It is deleted only if somebody says it by its name.
    Guarded(Vec<Guard>),
    /// It is never deleted from here.
    Refused(Refusal),
}

/// Of how many that remain of a cluster the last one is looked for once more, right before another one is deleted: others
/// may have deleted them since the plan.
const FEW: usize = 2;

impl RemovalItem {
    /// On which terms it is deleted.
    pub(crate) fn terms(&self) -> AlterationTerms {
        AlterationTerms {
            despite: self.overridden.iter().map(|guard| guard.word().to_owned()).collect(),
            leaves_few: is_counted(&self.snapshot) && self.remaining.is_none_or(|count| count <= FEW),
        }
    }

    /// Whether it is deleted.
    pub(crate) fn is_deleted(&self) -> bool {
        self.verdict == RemovalVerdict::Delete
    }

    /// Whether it is deleted if somebody says it by its name.
    pub(crate) fn is_guarded(&self) -> bool {
        matches!(self.verdict, RemovalVerdict::Guarded(_))
    }

    /// Why it is not deleted, in words; `None` if it is.
    pub(crate) fn why_not(&self) -> Option<String> {
        match &self.verdict {
            RemovalVerdict::Delete => None,
            RemovalVerdict::Kept(count) => {
                Some(format!("one of the newest {count} of its cluster, which are kept"))
            }
            RemovalVerdict::Guarded(guards) => {
                Some(guards.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            }
            RemovalVerdict::Refused(refusal) => Some(refusal.to_string()),
        }
    }

    /// The same in a few words, for a column.
    pub(crate) fn why_not_in_short(&self) -> Option<String> {
        match &self.verdict {
            RemovalVerdict::Delete => None,
            RemovalVerdict::Kept(count) => Some(format!("one of the newest {count}")),
            RemovalVerdict::Guarded(guards) => {
                Some(guards.iter().map(Guard::short).collect::<Vec<_>>().join("; "))
            }
            RemovalVerdict::Refused(refusal) => {
                let text = refusal.to_string();
                Some(text.split([';', ':', ',']).next().unwrap_or_default().to_owned())
            }
        }
    }
}

/// A cluster by what stays when it is renamed, else by its name: one that was made anew under the name is another.
type ClusterKey<'a> = &'a str;

fn cluster_key(snapshot: &Snapshot) -> Option<ClusterKey<'_>> {
    snapshot.more.cluster_resource_id.as_deref().or_else(|| snapshot.cluster.as_ref().map(ClusterId::as_str))
}

fn newest_first(one: &Snapshot, other: &Snapshot) -> Ordering {
    other.created_at.cmp(&one.created_at).then_with(|| one.id.cmp(&other.id))
}

/// Whether it counts as what a cluster can be restored from for good.
fn is_counted(snapshot: &Snapshot) -> bool {
    snapshot.kind == SnapshotKind::Manual && snapshot.status.is_usable()
}

/// Whether no usable manual snapshot of its cluster is listed besides it.
pub(crate) fn is_last_usable(snapshot: &Snapshot, listed: &[Snapshot]) -> bool {
    let is_itself = |other: &Snapshot| other.identity().eq_ignore_ascii_case(snapshot.identity());
    let is_another = |other: &&Snapshot| is_counted(other) && !is_itself(other);
    !listed.iter().filter(is_another).any(|other| cluster_key(other) == cluster_key(snapshot))
}

impl<'a> RemovalGround<'a> {
    /// The plan for the chosen snapshots, by cluster and the newest first.
    pub(crate) fn plan(
        &self,
        mut is_chosen: impl FnMut(&Snapshot) -> bool,
        wish: &RemovalWish<'_>,
    ) -> Vec<RemovalItem> {
        let chosen: Vec<&Snapshot> = self.snapshots.iter().filter(|snapshot| is_chosen(snapshot)).collect();
        let usable = self.usable_by_cluster();
        let kept = kept(&usable, wish.keep_last);
        let mut items: Vec<RemovalItem> =
            chosen.iter().map(|snapshot| self.item(snapshot, &kept, wish)).collect();
        items.sort_by(|one, other| {
            let (one, other) = (&one.snapshot, &other.snapshot);
            one.cluster.cmp(&other.cluster).then_with(|| newest_first(one, other))
        });
        guard_last(&mut items, &usable, wish);
        count_remaining(&mut items, &usable);
        items
    }

    /// The deletion of it of which it is not known what became.
    fn open_deletion(&self, snapshot: &Snapshot) -> Option<&'a AlterationRecord> {
        self.deletions.iter().find(|record| record.is_of_snapshot(snapshot))
    }

    /// The usable manual snapshots of each cluster, the newest first; but for those whose deletion may take effect yet.
    fn usable_by_cluster(&self) -> HashMap<ClusterKey<'a>, Vec<&'a Snapshot>> {
        let mut usable: HashMap<ClusterKey<'a>, Vec<&'a Snapshot>> = HashMap::new();
        let remains = |it: &&Snapshot| is_counted(it) && self.open_deletion(it).is_none();
        for snapshot in self.snapshots.iter().filter(remains) {
            if let Some(key) = cluster_key(snapshot) {
                usable.entry(key).or_default().push(snapshot);
            }
        }
        for snapshots in usable.values_mut() {
            snapshots.sort_by(|one, other| newest_first(one, other));
        }
        usable
    }

    fn item(&self, snapshot: &Snapshot, kept: &HashSet<&str>, wish: &RemovalWish<'_>) -> RemovalItem {
        let refusal = self.refusal(snapshot);
        let guards = self.guards(snapshot);
        let is_said = is_said(wish.even, snapshot);
        let mut overridden = Vec::new();
        let verdict = match (refusal, wish.keep_last) {
            (Some(refusal), _) => RemovalVerdict::Refused(refusal),
            (None, Some(count)) if kept.contains(snapshot.identity()) => RemovalVerdict::Kept(count),
            _ if guards.is_empty() => RemovalVerdict::Delete,
            _ if is_said => {
                overridden = guards;
                RemovalVerdict::Delete
            }
            _ => RemovalVerdict::Guarded(guards),
        };
        RemovalItem {
            snapshot: snapshot.clone(),
            age: snapshot.created_at.map(|at| self.now.duration_since(at)),
            verdict,
            overridden,
            remaining: None,
            unconfirmed: self.asked(snapshot, |target| self.policy.wants_confirmation(target, &[])),
        }
    }

    /// Why it is never deleted from here.
    fn refusal(&self, snapshot: &Snapshot) -> Option<Refusal> {
        if self.place.is_read_only {
            return Some(Refusal::Held(Failure::local(FailureKind::ReadOnly, "started with --read-only")));
        }
        if snapshot.kind != SnapshotKind::Manual {
            return Some(Refusal::NotManual(snapshot.kind.clone()));
        }
        if SnapshotId::parse(&snapshot.id).is_err() {
            return Some(Refusal::NoIdentifier);
        }
        if !matches!(snapshot.status, SnapshotStatus::Available | SnapshotStatus::Copying) {
            return Some(Refusal::Status(snapshot.status.clone()));
        }
        if snapshot.created_at.is_none() {
            return Some(Refusal::NoCreateTime);
        }
        if snapshot.arn.is_none() {
            return Some(Refusal::NoArn);
        }
        if snapshot.cluster.is_none() {
            return Some(Refusal::NoCluster);
        }
        if let Some(open) = self.open_deletion(snapshot) {
            return Some(Refusal::OpenDeletion(open.asked.age(self.now, None)));
        }
        self.asked(snapshot, |target| self.policy.forbids(target)).map(Refusal::Held)
    }

    /// What the policy says of the cluster of a snapshot. The snapshot's own tags count besides the cluster's, which
    /// may be there no more; where the clusters could not be read, their tags are not known.
    pub(super) fn asked(
        &self,
        snapshot: &Snapshot,
        ask: impl Fn(&Candidate<'_>) -> Option<Failure>,
    ) -> Option<Failure> {
        let id = snapshot.cluster.as_ref();
        let tags: Option<Vec<Tag>> = self.clusters.map(|clusters| {
            let own = id.and_then(|id| clusters.iter().find(|cluster| cluster.id == *id));
            own.into_iter().flat_map(|cluster| &cluster.tags).chain(&*snapshot.tags).cloned().collect()
        });
        let of_arn = snapshot.account();
        ask(&Candidate {
            profile: self.place.guarded_as(),
            account: of_arn.as_ref().or(self.account),
            cluster: id.map_or("", ClusterId::as_str),
            tags: tags.as_deref(),
        })
    }

    /// What stands before it unless it is said by its name, but for that it is the last.
    fn guards(&self, snapshot: &Snapshot) -> Vec<Guard> {
        let mut guards = Vec::new();
        let named = |record: &&Record| record.intent.snapshot.eq_ignore_ascii_case(&snapshot.id);
        if self.open.iter().any(|record| named(&record) && !record.is_unfinished()) {
            guards.push(Guard::OpenRequest);
        }
        let of_tag = snapshot.tags.iter().filter(|tag| tag.key == self.policy.change_key.0);
        let of_tag = of_tag.map(|tag| tag.value.as_str());
        let of_journal = self.open.iter().filter(named).filter_map(|record| record.intent.change.as_ref());
        let mut own = of_tag.chain(of_journal.map(ChangeId::as_str));
        if let Some(id) = own.find_map(|own| self.changes.iter().find(|change| change.as_str() == own)) {
            guards.push(Guard::OpenChange(id.clone()));
        }
        guards.extend(kept_by_tags(&snapshot.tags, self.now));
        guards
    }
}

/// Whether a snapshot was said by its name: its identifier or its ARN.
fn is_said(even: &[String], snapshot: &Snapshot) -> bool {
    let is_name = |name: &String| {
        name.eq_ignore_ascii_case(&snapshot.id)
            || snapshot.arn.as_ref().is_some_and(|arn| name.eq_ignore_ascii_case(arn))
    };
    even.iter().any(is_name)
}

/// The identities of the newest ones of each cluster.
fn kept<'a>(
    usable: &HashMap<ClusterKey<'a>, Vec<&'a Snapshot>>,
    keep_last: Option<NonZeroUsize>,
) -> HashSet<&'a str> {
    let count = keep_last.map_or(0, NonZeroUsize::get);
    usable.values().flat_map(|snapshots| snapshots.iter().take(count)).map(|kept| kept.identity()).collect()
}

/// How many of a cluster's usable ones the items delete.
fn deleted(items: &[RemovalItem]) -> HashMap<ClusterKey<'_>, usize> {
    let mut deleted = HashMap::new();
    for item in items.iter().filter(|item| item.is_deleted() && is_counted(&item.snapshot)) {
        if let Some(key) = cluster_key(&item.snapshot) {
            *deleted.entry(key).or_default() += 1;
        }
    }
    deleted
}

/// Puts a guard before the newest one of each cluster of which nothing would remain. Those that were said by name
/// are not kept for that: if that is all of them, nothing remains.
fn guard_last(
    items: &mut [RemovalItem],
    usable: &HashMap<ClusterKey<'_>, Vec<&Snapshot>>,
    wish: &RemovalWish<'_>,
) {
    let (mut kept, mut said) = (HashSet::new(), HashSet::new());
    for (key, count) in deleted(items) {
        let Some(all) = usable.get(key).filter(|all| all.len() <= count) else { continue };
        match all.iter().find(|snapshot| !is_said(wish.even, snapshot)) {
            Some(newest) => kept.extend([newest.identity()]),
            None => said.extend(all.iter().map(|snapshot| snapshot.identity())),
        }
    }
    for item in items {
        if kept.contains(item.snapshot.identity()) {
            item.verdict = RemovalVerdict::Guarded(vec![Guard::LastUsable]);
        } else if said.contains(item.snapshot.identity()) {
            item.overridden.push(Guard::LastUsable);
        }
    }
}

fn count_remaining(items: &mut [RemovalItem], usable: &HashMap<ClusterKey<'_>, Vec<&Snapshot>>) {
    let remaining: Vec<Option<usize>> = {
        let deleted = deleted(items);
        let remain = |key| {
            let all = usable.get(key).map_or(0, Vec::len);
            all.saturating_sub(deleted.get(key).copied().unwrap_or_default())
        };
        items.iter().map(|item| cluster_key(&item.snapshot).map(remain)).collect()
    };
    for (item, remaining) in items.iter_mut().zip(remaining) {
        item.remaining = remaining;
    }
}
