//! A DB cluster, as `DescribeDBClusters` reports it.

use jiff::Timestamp;

use super::account::{AccountId, Arn};
use super::cluster_id::ClusterId;
use super::engine::{Capacity, EngineFamily};
use super::status::ClusterStatus;
use super::tag::Tag;

/// A DB cluster. Everything but the identifier may be missing from an answer; missing is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The identifier.
    pub id: ClusterId,
    /// The Amazon Resource Name.
    pub arn: Option<String>,
    /// The identifier that stays when the cluster is renamed (`DbClusterResourceId`).
    pub resource_id: Option<String>,
    /// The engine family.
    pub family: EngineFamily,
    /// The engine's version.
    pub engine_version: Option<String>,
    /// How capacity is provided.
    pub capacity: Capacity,
    /// The global cluster that this one is a member of, or an empty text where only the membership is known.
    pub global_cluster: Option<String>,
    /// The status.
    pub status: ClusterStatus,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// The instances.
    pub members: Vec<Member>,
    /// Storage, encryption and backups.
    pub storage: Storage,
    /// Whether a snapshot made without tags gets the cluster's.
    pub copies_tags: Option<bool>,
    /// The tags, AWS's own included.
    pub tags: Vec<Tag>,
}

/// A DB instance of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The instance's identifier.
    pub id: String,
    /// Whether it is the writer.
    pub is_writer: bool,
}

/// What is known of a cluster's storage and backups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// The storage type (`aurora`, `aurora-iopt1`, `io1`, …).
    pub kind: Option<String>,
    /// Allocated storage in GiB; Aurora reports 1.
    pub allocated_gib: Option<i32>,
    /// The encryption.
    pub encryption: Encryption,
    /// For how many days automated backups are kept.
    pub retention_days: Option<i32>,
    /// The earliest time that the cluster can be restored to.
    pub restorable_from: Option<Timestamp>,
    /// The latest time that the cluster can be restored to.
    pub restorable_to: Option<Timestamp>,
    /// When automated backups are taken, UTC (`HH:MM-HH:MM`).
    pub backup_window: Option<String>,
}

/// How data at rest is encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// With a KMS key, whose ARN or alias is given if known.
    Kms(Option<String>),
    /// With a key that RDS owns (`StorageEncryptionType` is `sse-rds`, `StorageEncrypted` is false).
    ServiceOwned,
    /// Not at all.
    None,
    /// The answer does not say.
    #[default]
    Unknown,
}

impl Encryption {
    /// Reads the three members that together tell the encryption.
    pub(crate) fn reported(encrypted: Option<bool>, kind: Option<&str>, key: Option<&str>) -> Self {
        match (encrypted, kind) {
            (Some(true), _) | (_, Some("sse-kms")) => Self::Kms(key.map(str::to_owned)),
            (_, Some("sse-rds")) => Self::ServiceOwned,
            (Some(false), _) => Self::None,
            (None, _) => Self::Unknown,
        }
    }

    /// The key, where it is one of AWS KMS and reported.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Kms(key) => key.as_deref(),
            _ => None,
        }
    }

    /// The encryption in words, with the whole of its key; `None` where the answer does not say.
    pub(crate) fn in_full(&self) -> Option<String> {
        match self {
            Self::Unknown => None,
            Self::Kms(Some(key)) => Some(format!("encrypted, key {key}")),
            known => Some(known.describe()),
        }
    }

    /// The encryption in words.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Kms(Some(key)) => format!("encrypted, key {}", key.rsplit('/').next().unwrap_or(key)),
            Self::Kms(None) => "encrypted".to_owned(),
            Self::ServiceOwned => "encrypted, key owned by RDS".to_owned(),
            Self::None => "not encrypted".to_owned(),
            Self::Unknown => "encryption unknown".to_owned(),
        }
    }
}

impl Cluster {
    /// The account that its own ARN names; it is always the caller's own.
    pub(crate) fn account(&self) -> Option<AccountId> {
        Arn::reported(self.arn.as_deref())?.account
    }

    /// The engine as a person names it: family, capacity and version.
    pub(crate) fn engine(&self) -> String {
        self.engine_as(self.family.name(), true)
    }

    /// The whole of its version, where what people call it is only a part of that.
    pub(crate) fn longer_version(&self) -> Option<&str> {
        self.engine_version.as_deref().filter(|version| short_version(version) != *version)
    }

    /// The engine where there is little room.
    pub(crate) fn short_engine(&self) -> String {
        self.engine_as(self.family.short_name(), true)
    }

    /// The engine where there is less: without a version where the capacity says more.
    pub(crate) fn shortest_engine(&self) -> String {
        self.engine_as(self.family.short_name(), self.capacity == Capacity::Provisioned)
    }

    fn engine_as(&self, family: &str, with_version: bool) -> String {
        let global = self.global_cluster.as_ref().map(|_| "global");
        let version = self.engine_version.as_deref().filter(|_| with_version).map(short_version);
        // `16.4-limitless`: the capacity says it already.
        let version = version.map(|version| match self.capacity {
            Capacity::Limitless => version.trim_end_matches("-limitless"),
            _ => version,
        });
        let parts = [Some(family), self.capacity.name(), version, global];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// The engine of a snapshot as a person names it: family, in short where there is little room, and version.
pub(crate) fn told_engine(engine: Option<&str>, version: Option<&str>, is_short: bool) -> String {
    let family = engine.map(EngineFamily::reported);
    let name = family.as_ref().map(|family| if is_short { family.short_name() } else { family.name() });
    [name, version.map(short_version)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The engine of a snapshot as a person names it, and behind that what AWS calls it, where that says more.
pub(crate) fn engine_in_full(engine: Option<&str>, version: Option<&str>) -> Option<String> {
    let told = told_engine(engine, version, false);
    let raw = [engine, version.filter(|version| short_version(version) != *version)];
    let raw = raw.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match (told.is_empty(), raw.is_empty() || told.starts_with(&raw)) {
        (true, _) => None,
        (false, true) => Some(told),
        (false, false) => Some(format!("{told} ({raw})")),
    }
}

/// Aurora MySQL's own version out of `8.0.mysql_aurora.3.08.0`: what people call it.
fn short_version(version: &str) -> &str {
    version.split_once("mysql_aurora.").map_or(version, |(_, aurora)| aurora)
}

/// An allocated size that says something: Aurora grows by itself and reports 1 GiB.
pub(crate) fn told_size(allocated_gib: Option<i32>) -> Option<i32> {
    allocated_gib.filter(|gib| *gib > 1)
}

#[cfg(test)]
mod engine_tests {
    use super::*;

    #[test]
    fn an_engine_is_told_by_its_name_and_by_that_of_aws_where_it_says_more() {
        let told = |engine, version| engine_in_full(Some(engine), version);
        assert_eq!(
            told("aurora-mysql", Some("8.0.mysql_aurora.3.08.0")).as_deref(),
            Some("Aurora MySQL 3.08.0 (aurora-mysql 8.0.mysql_aurora.3.08.0)")
        );
        assert_eq!(
            told("aurora-postgresql", Some("16.4")).as_deref(),
            Some("Aurora PostgreSQL 16.4 (aurora-postgresql)")
        );
        assert_eq!(told("new", Some("1.0")).as_deref(), Some("new 1.0"));
        assert_eq!(engine_in_full(None, None), None);
    }
}
