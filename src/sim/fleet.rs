//! A fleet as data: the account, its DB clusters and their snapshots, read from TOML or generated.
//!
//! It says what there is at the start; what becomes of it is in `state`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Error as _};

use super::clock::Period;
use super::made_up;
use super::places::AccountRegion;
use crate::domain::account::may_be_same;

/// The engines of DB clusters.
const ENGINES: [&str; 6] = ["aurora-mysql", "aurora-postgresql", "mysql", "postgres", "neptune", "docdb"];
/// Who can have made a snapshot.
const KINDS: [&str; 3] = ["manual", "automated", "awsbackup"];

/// The fleet of `--demo`, part of the program.
const DEMO: &str = include_str!("../../assets/demo-fleet.toml");

/// DB clusters, and the account and Region of whoever says nothing else.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fleet {
    /// The account of every access key that `accounts` does not name.
    pub account: String,
    /// The Region of a request that is signed for none.
    pub region: String,
    /// Accounts by access key.
    pub accounts: BTreeMap<String, String>,
    /// The ARN that `GetCallerIdentity` answers with; in another account with that one's number.
    pub caller: String,
    /// The quota of manual DB cluster snapshots; AWS's default is 100.
    pub snapshot_quota: usize,
    /// How long a new snapshot is missing in answers of the describe actions.
    pub list_lag: Period,
    /// For how long a snapshot that is deleted is still there, `deleting`.
    pub delete_takes: Period,
    /// The clusters of every account and Region, unless they name theirs, and (with `owner`) of others that
    /// share snapshots.
    #[serde(rename = "cluster")]
    pub clusters: Vec<ClusterSpec>,
    /// Whether these are the clusters of the account and Region above only, and any other place has some that are
    /// made up from its name.
    #[serde(skip)]
    pub is_made_up_elsewhere: bool,
}

impl Default for Fleet {
    fn default() -> Self {
        Self {
            account: "123456789012".to_owned(),
            region: "eu-west-1".to_owned(),
            accounts: BTreeMap::new(),
            caller: "arn:aws:sts::123456789012:assumed-role/dba/bastion-1".to_owned(),
            snapshot_quota: 100,
            list_lag: Period::default(),
            delete_takes: Period::default(),
            clusters: Vec::new(),
            is_made_up_elsewhere: false,
        }
    }
}

/// A DB cluster. What is left out is what AWS has by default, or not there.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent members of the API's DBCluster")]
pub struct ClusterSpec {
    /// The DB cluster identifier, lowercase.
    pub identifier: String,
    /// The engine: `aurora-mysql`, `aurora-postgresql`, `mysql`, `postgres`, `neptune`, `docdb`.
    pub engine: String,
    /// The engine's version.
    #[serde(default)]
    pub engine_version: String,
    /// The account that it shares its snapshots from: elsewhere it is not listed, but they are.
    pub owner: Option<String>,
    /// The one account that it is in; every one, if left out.
    pub account: Option<String>,
    /// The one Region that it is in; every one, if left out.
    pub region: Option<String>,
    /// The status at the start.
    #[serde(default = "available")]
    pub status: String,
    /// When, after the start, it becomes `available`; never, if left out.
    pub available_after: Option<Period>,
    /// How long before the start it was created.
    #[serde(default = "a_hundred_days")]
    pub age: Period,
    /// `provisioned`, `serverless` (v1), `global`, `parallelquery`.
    pub engine_mode: Option<String>,
    /// The instances; the first is the writer.
    #[serde(default)]
    pub members: Vec<String>,
    /// The instance class of a Multi-AZ DB cluster.
    pub instance_class: Option<String>,
    /// Allocated storage in GiB; 1 for Aurora, whose volume grows by itself.
    #[serde(default = "one")]
    pub storage_gib: i64,
    /// `aurora`, `aurora-iopt1`, `io1`, `gp3`.
    pub storage_type: Option<String>,
    /// Provisioned IOPS.
    pub iops: Option<i64>,
    /// Whether storage is encrypted, in the sense of `StorageEncrypted`.
    #[serde(default = "yes")]
    pub encrypted: bool,
    /// `none`, `sse-kms`, `sse-rds`; made from `encrypted` if left out.
    pub encryption_type: Option<String>,
    /// Days that automated backups are kept.
    #[serde(default = "seven")]
    pub backup_retention_days: i64,
    /// The daily backup window.
    #[serde(default = "backup_window")]
    pub backup_window: String,
    /// Least and most capacity units, of Serverless v2.
    pub serverless_v2: Option<[f64; 2]>,
    /// Least and most capacity units, of Serverless v1.
    pub serverless_v1: Option<[i64; 2]>,
    /// Whether it is an Aurora Limitless cluster.
    #[serde(default)]
    pub limitless: bool,
    /// The global database it is a member of.
    pub global_cluster: Option<String>,
    /// `enabled`, `disabled`, `enabling`, of a global database's secondary.
    pub global_write_forwarding: Option<String>,
    /// The ARN of the cluster that this one replicates.
    pub replication_source: Option<String>,
    /// Whether tags are copied to snapshots.
    #[serde(default = "yes")]
    pub copy_tags: bool,
    /// Whether it cannot be deleted.
    #[serde(default)]
    pub deletion_protection: bool,
    /// The tags, any text.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// How long a new snapshot takes; 20 to 60 s, by turns, if left out.
    pub snapshot_takes: Option<Period>,
    /// The percentage at which new snapshots fail.
    pub snapshot_fails_at: Option<u8>,
    /// How many daily automated snapshots there are at the start.
    #[serde(default)]
    pub automated_snapshots: u32,
    /// Further snapshots that there are at the start.
    #[serde(default, rename = "snapshot")]
    pub snapshots: Vec<SnapshotSpec>,
}

impl ClusterSpec {
    /// A cluster with nothing but what every cluster has.
    ///
    /// # Panics
    /// Never: every other member has a default.
    #[must_use]
    pub fn new(identifier: &str, engine: &str, engine_version: &str) -> Self {
        let members = [("identifier", identifier), ("engine", engine), ("engine_version", engine_version)];
        let spec: Self = of_members(members);
        Self { members: vec![format!("{identifier}-1")], ..spec }
    }
}

/// What is read where a file says so much and no more.
fn of_members<T: DeserializeOwned, const N: usize>(members: [(&str, &str); N]) -> T {
    let members: MapDeserializer<'_, _, serde::de::value::Error> = MapDeserializer::new(members.into_iter());
    T::deserialize(members).expect("every other member has a default")
}

/// A DB cluster snapshot that there is at the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotSpec {
    /// The DB cluster snapshot identifier.
    pub identifier: String,
    /// `manual`, `automated` or `awsbackup`.
    #[serde(default = "manual")]
    pub kind: String,
    /// How long before the start it was begun.
    pub age: Period,
    /// How long it takes, or took.
    #[serde(default = "a_minute")]
    pub takes: Period,
    /// The percentage at which it failed, or will.
    pub fails_at: Option<u8>,
    /// A status that it has whatever its progress.
    pub status: Option<String>,
    /// Whether another account's snapshot is public, and not only shared with this one.
    #[serde(default)]
    pub public: bool,
    /// Its tags; the cluster's, if left out.
    pub tags: Option<BTreeMap<String, String>>,
}

impl SnapshotSpec {
    /// A manual one that is there.
    ///
    /// # Panics
    /// Never: every other member has a default.
    #[must_use]
    pub fn new(identifier: &str, age: Period) -> Self {
        Self { age, ..of_members([("identifier", identifier), ("age", "0s")]) }
    }
}

/// The clusters that have a name, or a snapshot of it.
#[derive(Default)]
struct Names<'a>(BTreeMap<&'a str, Vec<&'a ClusterSpec>>);

impl<'a> Names<'a> {
    /// Whether a name is taken already where a cluster is; from now on it is.
    fn has(&mut self, name: &'a str, spec: &'a ClusterSpec) -> bool {
        let earlier = self.0.entry(name).or_default();
        let is_taken = earlier.iter().any(|it| {
            it.owner == spec.owner
                && may_be_same(it.account.as_ref(), spec.account.as_ref())
                && may_be_same(it.region.as_ref(), spec.region.as_ref())
        });
        earlier.push(spec);
        is_taken
    }
}

impl Fleet {
    /// Reads a fleet.
    ///
    /// # Errors
    /// What is wrong with the TOML, and where.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        let fleet: Self = toml::from_str(text)?;
        fleet.contradiction().map_or(Ok(fleet), |wrong| Err(toml::de::Error::custom(wrong)))
    }

    /// What there cannot be at AWS: two of one name in a place, an engine or a kind that is none.
    fn contradiction(&self) -> Option<String> {
        let (mut clusters, mut snapshots) = (Names::default(), Names::default());
        for spec in &self.clusters {
            let name = &spec.identifier;
            if !ENGINES.contains(&spec.engine.as_str()) {
                return Some(format!("{name}: there is no engine {}", spec.engine));
            }
            if clusters.has(name, spec) {
                return Some(format!("there are two clusters {name} in a place"));
            }
            for SnapshotSpec { identifier, kind, .. } in &spec.snapshots {
                if !KINDS.contains(&kind.as_str()) {
                    return Some(format!("{identifier}: there is no kind {kind}"));
                }
                if snapshots.has(identifier, spec) {
                    return Some(format!("there are two snapshots {identifier} in a place"));
                }
            }
        }
        None
    }

    /// The fleet of the demo.
    ///
    /// # Panics
    /// Never: the file is part of the program, and a test reads it.
    #[must_use]
    pub fn demo() -> Self {
        Self::from_toml(DEMO).expect("assets/demo-fleet.toml is part of the program and tested")
    }

    /// The same with other clusters in every other account and Region.
    #[must_use]
    pub fn everywhere(self) -> Self {
        Self { is_made_up_elsewhere: true, ..self }
    }

    /// The clusters of a place, those of others that share snapshots with it included.
    pub(crate) fn clusters_of(&self, place: &AccountRegion) -> Vec<ClusterSpec> {
        let is_home = place.account == self.account && place.region == self.region;
        let is_elsewhere = self.is_made_up_elsewhere && !is_home;
        let is_own = place.account == self.account;
        let is_named = |spec: &&ClusterSpec| {
            !is_elsewhere || spec.account.is_some() || (spec.region.is_some() && is_own)
        };
        let mut found: Vec<_> =
            self.clusters.iter().filter(|spec| place.has(spec)).filter(is_named).cloned().collect();
        if is_elsewhere {
            found.extend(made_up::clusters(place));
        }
        found
    }

    /// As many like clusters as are asked for, `cluster-0001` onwards.
    #[must_use]
    pub fn generated(clusters: usize) -> Self {
        let spec = |number| match number % 3 {
            0 => ClusterSpec::new(&format!("cluster-{number:04}"), "aurora-mysql", "8.0.mysql_aurora.3.08.0"),
            _ => ClusterSpec::new(&format!("cluster-{number:04}"), "aurora-postgresql", "16.4"),
        };
        Self { clusters: (1..=clusters).map(spec).collect(), ..Self::default() }
    }
}

fn available() -> String {
    "available".to_owned()
}

fn manual() -> String {
    "manual".to_owned()
}

fn backup_window() -> String {
    "01:30-02:00".to_owned()
}

const fn a_hundred_days() -> Period {
    Period::seconds(100 * 86_400)
}

const fn a_minute() -> Period {
    Period::seconds(60)
}

const fn one() -> i64 {
    1
}

const fn seven() -> i64 {
    7
}

const fn yes() -> bool {
    true
}
