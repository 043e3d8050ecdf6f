//! What there is in one place: clusters and snapshots, and what they look like at a given moment.
//!
//! A pure value: it knows no clock and no door. Progress is worked out from the time that has passed,
//! so nothing has to tick.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::clock::Period;
use super::faults::Tagger;
use super::fleet::{ClusterSpec, Fleet, SnapshotSpec};
use super::places::AccountRegion;
use crate::domain::tag::{Tag, givable};

/// A DB cluster.
#[derive(Clone, Debug)]
pub struct StoredCluster {
    /// What it is.
    pub spec: ClusterSpec,
    /// When it was created.
    pub created: Timestamp,
    /// When it becomes `available`, if it is not and ever does.
    pub available_at: Option<Timestamp>,
    /// Its Amazon Resource Name.
    pub arn: String,
    /// The identifier that outlives a change of name.
    pub resource_id: String,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl StoredCluster {
    /// The status at a moment.
    pub(crate) fn status(&self, now: Timestamp) -> &str {
        match self.available_at {
            Some(at) if now >= at => "available",
            _ => &self.spec.status,
        }
    }
}

/// A DB cluster snapshot.
#[derive(Clone, Debug)]
pub struct StoredSnapshot {
    /// The identifier; another account's is known by its ARN.
    pub identifier: String,
    /// `manual`, `automated`, `awsbackup`, `shared` or `public`.
    pub kind: String,
    /// The cluster as it was.
    pub cluster: Arc<StoredCluster>,
    /// When it was begun.
    pub created: Timestamp,
    /// Its Amazon Resource Name.
    pub arn: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Whether it was there from the start: what happens to new snapshots does not happen to it.
    is_old: bool,
    is_tagged: bool,
    takes: SignedDuration,
    fails_at: Option<u8>,
    status: Option<String>,
    /// When it is gone, once it is deleted.
    gone_at: Option<Timestamp>,
}

impl StoredSnapshot {
    /// The status and the percentage at a moment.
    pub(crate) fn progress(&self, now: Timestamp) -> (&str, u8) {
        if self.gone_at.is_some() {
            return ("deleting", 100);
        }
        let passed = now.duration_since(self.created).as_millis().max(0);
        let percent = (passed * 100).checked_div(self.takes.as_millis()).unwrap_or(100);
        let percent = u8::try_from(percent.min(100)).unwrap_or(100);
        let (status, percent) = match self.fails_at {
            Some(end) if percent >= end => ("failed", end),
            _ if percent == 100 => ("available", 100),
            _ => ("creating", percent),
        };
        (self.status.as_deref().unwrap_or(status), percent)
    }

    /// When it failed, or will fail.
    pub(crate) fn fails(&self) -> Option<Timestamp> {
        let share = i32::from(self.fails_at.filter(|_| self.status.is_none())?);
        self.created.checked_add(self.takes * share / 100).ok()
    }

    /// When it became, or will become, `available`; never, if it fails.
    pub(crate) fn finishes(&self) -> Option<Timestamp> {
        let whole = self.fails_at.is_none() && self.status.is_none();
        whole.then(|| self.created.checked_add(self.takes).unwrap_or(Timestamp::MAX))
    }
}

/// Everything in one account, in one Region.
#[derive(Clone, Debug)]
pub struct PlaceState {
    /// The account and the Region.
    pub place: AccountRegion,
    /// The ARN of whoever calls.
    pub caller: String,
    /// The quota of manual snapshots.
    pub snapshot_quota: usize,
    /// The clusters, by identifier.
    pub clusters: Vec<Arc<StoredCluster>>,
    /// The snapshots.
    pub snapshots: Vec<StoredSnapshot>,
    /// Snapshots that were deleted: their events stay.
    pub deleted: Vec<StoredSnapshot>,
    /// How many calls to `CreateDBClusterSnapshot` took effect.
    pub created: u64,
    list_lag: SignedDuration,
    delete_takes: SignedDuration,
    begun: u64,
}

impl PlaceState {
    /// What a fleet has in a place at the start.
    pub(crate) fn new(fleet: &Fleet, place: AccountRegion, now: Timestamp) -> Self {
        let mut state = Self {
            caller: place.caller(fleet),
            place,
            snapshot_quota: fleet.snapshot_quota,
            clusters: Vec::new(),
            snapshots: Vec::new(),
            deleted: Vec::new(),
            created: 0,
            list_lag: fleet.list_lag.simulated(),
            delete_takes: fleet.delete_takes.simulated(),
            begun: 0,
        };
        for spec in fleet.clusters_of(&state.place) {
            let is_foreign = state.place.is_foreign(&spec);
            let cluster = Arc::new(state.cluster_of(spec, fleet, now));
            state.add_first_snapshots(&cluster, now);
            if !is_foreign {
                state.clusters.push(cluster);
            }
        }
        state.clusters.sort_by(|a, b| a.spec.identifier.cmp(&b.spec.identifier));
        state
    }

    /// A cluster by identifier, in any case, or by ARN.
    pub(crate) fn cluster(&self, name: &str) -> Option<&Arc<StoredCluster>> {
        self.clusters.iter().find(|c| c.spec.identifier.eq_ignore_ascii_case(name) || c.arn == name)
    }

    /// A snapshot by identifier, in any case, or by ARN.
    pub(crate) fn snapshot(&self, name: &str) -> Option<&StoredSnapshot> {
        self.snapshots.iter().find(|s| s.identifier.eq_ignore_ascii_case(name) || s.arn == name)
    }

    /// Whether the describe actions show a snapshot yet.
    pub(crate) fn lists(&self, snapshot: &StoredSnapshot, now: Timestamp) -> bool {
        snapshot.is_old || now.duration_since(snapshot.created) >= self.list_lag
    }

    /// Does something while lists lag otherwise than they do in this place.
    pub fn with_lag<T>(&mut self, lag: Option<Period>, act: impl FnOnce(&mut Self) -> T) -> T {
        let usual = self.list_lag;
        self.list_lag = lag.map_or(usual, Period::simulated);
        let result = act(self);
        self.list_lag = usual;
        result
    }

    /// Begins to delete the snapshot of an ARN; it is gone at once unless that takes time here.
    pub fn delete(&mut self, arn: &str, now: Timestamp) {
        let gone_at = now.checked_add(self.delete_takes).unwrap_or(Timestamp::MAX);
        if let Some(snapshot) = self.snapshots.iter_mut().find(|snapshot| snapshot.arn == arn) {
            snapshot.gone_at = Some(gone_at);
        }
        self.bury(now);
    }

    /// Takes away what is deleted by now: its events stay.
    pub fn bury(&mut self, now: Timestamp) {
        let is_gone = |snapshot: &mut StoredSnapshot| snapshot.gone_at.is_some_and(|at| at <= now);
        self.deleted.extend(self.snapshots.extract_if(.., is_gone));
    }

    /// Lets the auto-tagger have those new snapshots that it has not been at yet.
    pub fn retag(&mut self, tagger: &Tagger, now: Timestamp) {
        let due = |s: &&mut StoredSnapshot| {
            !s.is_old && !s.is_tagged && now.duration_since(s.created) >= tagger.after.simulated()
        };
        for snapshot in self.snapshots.iter_mut().filter(due) {
            tagger.apply(&mut snapshot.tags);
            snapshot.is_tagged = true;
        }
    }

    /// How many manual snapshots count against the quota.
    pub(crate) fn manual_snapshots(&self) -> usize {
        self.snapshots.iter().filter(|s| s.kind == "manual").count()
    }

    /// Begins a snapshot, unchecked; its identifier is in lowercase.
    pub fn begin(
        &mut self,
        identifier: &str,
        cluster: &Arc<StoredCluster>,
        tags: Vec<Tag>,
        now: Timestamp,
    ) -> &StoredSnapshot {
        self.begun += 1;
        let by_turns = Period::seconds(20 + i64::try_from(self.begun * 17 % 41).unwrap_or(0));
        let spec = SnapshotSpec {
            takes: cluster.spec.snapshot_takes.unwrap_or(by_turns),
            fails_at: cluster.spec.snapshot_fails_at,
            ..SnapshotSpec::new(identifier, Period::default())
        };
        let snapshot = StoredSnapshot { is_old: false, tags, ..self.stored(cluster, &spec, now) };
        let place = self.snapshots.len();
        self.snapshots.push(snapshot);
        &self.snapshots[place]
    }

    /// The tags of the cluster or snapshot with that ARN.
    pub fn tags_mut(&mut self, arn: &str) -> Option<&mut Vec<Tag>> {
        if let Some(cluster) = self.clusters.iter_mut().find(|c| c.arn == arn) {
            return Some(&mut Arc::make_mut(cluster).tags);
        }
        self.snapshots.iter_mut().find(|s| s.arn == arn).map(|s| &mut s.tags)
    }

    fn cluster_of(&self, spec: ClusterSpec, fleet: &Fleet, now: Timestamp) -> StoredCluster {
        let arn = self.place.of_owner(&spec).arn("rds", &format!("cluster:{}", spec.identifier));
        // No two clusters have the same id; in the fleet's own place the name alone makes it.
        let is_home = self.place.account == fleet.account && self.place.region == fleet.region;
        let resource_id = resource_id(if is_home { &spec.identifier } else { &arn });
        StoredCluster {
            created: before(now, spec.age),
            available_at: spec.available_after.map(Period::simulated).and_then(|d| now.checked_add(d).ok()),
            arn,
            resource_id,
            tags: spec.tags.iter().map(|(key, value)| Tag::new(key, value)).collect(),
            spec,
        }
    }

    fn add_first_snapshots(&mut self, cluster: &Arc<StoredCluster>, now: Timestamp) {
        for day in 0..cluster.spec.automated_snapshots {
            let age = Period::seconds(i64::from(day) * 86_400 + 7_200);
            let begun = before(now, age);
            let identifier = format!("rds:{}-{}", cluster.spec.identifier, begun.strftime("%Y-%m-%d-%H-%M"));
            let spec = SnapshotSpec {
                kind: "automated".to_owned(),
                takes: Period::seconds(300),
                ..SnapshotSpec::new(&identifier, age)
            };
            self.snapshots.push(self.stored(cluster, &spec, now));
        }
        for spec in &cluster.spec.snapshots {
            self.snapshots.push(self.stored(cluster, spec, now));
        }
    }

    /// A snapshot of a cluster as it is told of: one that was there from the start.
    fn stored(&self, cluster: &Arc<StoredCluster>, spec: &SnapshotSpec, now: Timestamp) -> StoredSnapshot {
        let resource = format!("cluster-snapshot:{}", spec.identifier);
        let arn = self.place.of_owner(&cluster.spec).arn("rds", &resource);
        let foreign = self.place.is_foreign(&cluster.spec);
        let kind = match (foreign, spec.public) {
            (false, _) => spec.kind.as_str(),
            (true, false) => "shared",
            (true, true) => "public",
        };
        let own_tags = spec.tags.as_ref().map(|tags| tags.iter().map(|(k, v)| Tag::new(k, v)).collect());
        StoredSnapshot {
            identifier: if foreign { arn.clone() } else { spec.identifier.clone() },
            kind: kind.to_owned(),
            created: before(now, spec.age),
            arn,
            is_old: true,
            is_tagged: false,
            tags: own_tags.unwrap_or_else(|| givable(&cluster.tags)),
            takes: spec.takes.simulated(),
            fails_at: spec.fails_at,
            status: spec.status.clone(),
            gone_at: None,
            cluster: Arc::clone(cluster),
        }
    }
}

fn before(now: Timestamp, age: Period) -> Timestamp {
    now.checked_sub(age.simulated()).unwrap_or(Timestamp::MIN)
}

/// `cluster-` and 26 letters and digits, always the same for a text (FNV-1a, stepped).
fn resource_id(text: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let mut hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    let mut id = String::from("cluster-");
    for turn in 0..26 {
        hash = step(hash, turn);
        id.push(char::from(LETTERS[usize::try_from(hash >> 59).unwrap_or(0)]));
    }
    id
}
