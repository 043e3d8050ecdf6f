//! A DB cluster snapshot, as `DescribeDBClusterSnapshots` reports it.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use strum::{AsRefStr, Display, EnumString};

use super::account::{AccountId, Arn};
use super::cluster::Encryption;
use super::cluster_id::ClusterId;
use super::status::SnapshotStatus;
use super::tag::Tag;

/// A DB cluster snapshot. Everything but the identifier may be missing from an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The identifier as reported; automated ones (`rds:…`) are not valid for a request.
    pub id: String,
    /// The Amazon Resource Name.
    pub arn: Option<String>,
    /// The cluster that it is of.
    pub cluster: Option<ClusterId>,
    /// Who made it.
    pub kind: SnapshotKind,
    /// The status.
    pub status: SnapshotStatus,
    /// How far it is, 0 to 100, clamped; `None` if the answer does not say.
    pub percent: Option<u8>,
    /// When it was begun. AWS reports no time of completion.
    pub created_at: Option<Timestamp>,
    /// Allocated storage in GiB.
    pub allocated_gib: Option<i32>,
    /// The tags.
    pub tags: Arc<[Tag]>,
    /// What is mostly the same for the snapshots of a cluster, and is kept once where it is.
    pub more: Arc<More>,
}

impl Snapshot {
    /// The account that its own ARN names; where the answer has it.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        Arn::reported(self.arn.as_deref())?.account
    }
}

/// The members of a snapshot that it mostly shares with the others of its cluster, as reported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct More {
    /// The cluster's identifier that stays when it is renamed.
    pub cluster_resource_id: Option<String>,
    /// The engine, verbatim.
    pub engine: Option<String>,
    /// The engine's version.
    pub engine_version: Option<String>,
    /// The encryption.
    pub encryption: Encryption,
    /// The Availability Zones.
    pub zones: Vec<String>,
    /// The engine mode.
    pub engine_mode: Option<String>,
    /// The port of the cluster.
    pub port: Option<i32>,
    /// The VPC.
    pub vpc: Option<String>,
    /// When the cluster was created.
    pub cluster_created_at: Option<Timestamp>,
    /// The master user's name.
    pub master_username: Option<String>,
    /// The licence.
    pub license: Option<String>,
    /// For how many days automated backups are kept.
    pub retention_days: Option<i32>,
    /// The daily backup window.
    pub backup_window: Option<String>,
    /// The snapshot that it was copied from.
    pub source_arn: Option<String>,
    /// Whether IAM accounts may sign in to the database.
    pub iam_authentication: Option<bool>,
    /// The storage type.
    pub storage_type: Option<String>,
    /// The storage throughput in MiB/s.
    pub storage_throughput: Option<i32>,
    /// The DB system id, of Oracle.
    pub system_id: Option<String>,
}

/// Who made a snapshot (`SnapshotType`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, AsRefStr, Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum SnapshotKind {
    /// A person, by `CreateDBClusterSnapshot` or a copy.
    Manual,
    /// RDS, within the backup retention.
    Automated,
    /// AWS Backup.
    AwsBackup,
    /// Another account, which shares it.
    Shared,
    /// Another account, which made it public.
    Public,
    /// Anything else, verbatim.
    #[strum(default, transparent)]
    Other(String),
}

impl SnapshotKind {
    /// Takes the type as the service reports it.
    #[must_use]
    pub fn reported(text: &str) -> Self {
        Self::from(text)
    }

    /// Whether a snapshot is another account's: its name takes none here, and its cluster is none of those here.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        matches!(self, Self::Shared | Self::Public)
    }

    /// The type in the service's words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.as_ref()
    }
}

/// Clamps a reported progress to 0..=100: the service's figure is any integer.
#[must_use]
pub fn clamp_percent(reported: i32) -> u8 {
    u8::try_from(reported.clamp(0, 100)).unwrap_or(0)
}

/// When the newest snapshot of each cluster was begun that can be restored.
pub type LastUsable = HashMap<ClusterId, Timestamp>;

/// Notes that a cluster has a snapshot that can be restored, if this is one; whether it is the newest by that.
pub fn note_usable(last_usable: &mut LastUsable, snapshot: &Snapshot) -> bool {
    if let (true, Some(cluster), Some(at)) =
        (snapshot.status.is_usable(), &snapshot.cluster, snapshot.created_at)
        && last_usable.get(cluster).is_none_or(|last| *last < at)
    {
        last_usable.insert(cluster.clone(), at);
        return true;
    }
    false
}
