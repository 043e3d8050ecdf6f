//! A DB cluster snapshot, as `DescribeDBClusterSnapshots` reports it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use strum::{AsRefStr, Display, EnumString};

use super::account::{AccountId, Arn, may_be_same};
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
    pub(crate) fn account(&self) -> Option<AccountId> {
        Arn::reported(self.arn.as_deref())?.account
    }

    /// Whether a request of its own can have made it, so that a mark on it proves which: a copy has the tags of another,
    /// and what RDS makes can have those of its cluster.
    pub(crate) fn can_be_requested(&self) -> bool {
        self.kind == SnapshotKind::Manual && self.more.source_arn.is_none()
    }

    /// By what the newest comes first. What AWS tells no time of yet was begun a moment ago.
    pub(crate) fn newest_first(&self) -> impl Ord + use<> {
        (self.created_at.is_some(), Reverse(self.created_at))
    }
}

/// So far apart two snapshots of one name were begun that are not the same.
const ANOTHER: SignedDuration = SignedDuration::from_mins(1);

/// Whether two create times of one name are of the same snapshot: the answer to its create and a list can differ a little.
pub(crate) fn is_one_beginning(one: Timestamp, other: Timestamp) -> bool {
    other.duration_since(one).abs() < ANOTHER
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
    pub(crate) fn reported(text: &str) -> Self {
        Self::from(text)
    }

    /// Whether a snapshot is another account's: its name takes none here, and its cluster is none of those here.
    pub(crate) fn is_foreign(&self) -> bool {
        matches!(self, Self::Shared | Self::Public)
    }

    /// The type in the service's words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.as_ref()
    }
}

/// Clamps a reported progress to 0..=100: the service's figure is any integer.
pub(crate) fn clamp_percent(reported: i32) -> u8 {
    u8::try_from(reported.clamp(0, 100)).unwrap_or(0)
}

/// When the newest snapshot of each cluster was begun that can be restored. A cluster that was made anew under its old
/// name is another, and so is one of another account.
#[derive(Clone, Debug, Default)]
pub struct LastUsable(HashMap<ClusterId, Vec<(Option<String>, Timestamp)>>);

impl LastUsable {
    /// Notes that a cluster has a snapshot that can be restored, if this is one; whether it is the newest by that.
    pub fn note(&mut self, snapshot: &Snapshot) -> bool {
        let (true, false, Some(cluster), Some(at)) =
            (snapshot.status.is_usable(), snapshot.kind.is_foreign(), &snapshot.cluster, snapshot.created_at)
        else {
            return false;
        };
        let resource_id = &snapshot.more.cluster_resource_id;
        let known = self.0.entry(cluster.clone()).or_default();
        match known.iter_mut().find(|(id, _)| id == resource_id) {
            Some((_, last)) if *last >= at => return false,
            Some((_, last)) => *last = at,
            None => known.push((resource_id.clone(), at)),
        }
        true
    }

    /// When the newest of a cluster was begun, if it has one. Where AWS tells no resource id, the name has to do.
    pub(crate) fn of(&self, cluster: &ClusterId, resource_id: Option<&str>) -> Option<Timestamp> {
        let known = self.0.get(cluster)?.iter();
        known.filter(|(id, _)| may_be_same(id.as_deref(), resource_id)).map(|(_, at)| *at).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn usable(resource_id: Option<&str>, kind: &str, at: &str) -> Snapshot {
        Snapshot {
            kind: SnapshotKind::reported(kind),
            created_at: at.parse().ok(),
            more: fixtures::of_resource(resource_id),
            ..fixtures::snapshot("before", "orders", "available")
        }
    }

    #[test]
    fn what_a_cluster_s_forerunner_or_namesake_has_is_not_its_own() {
        let orders = ClusterId::reported("orders");
        let mut last = LastUsable::default();
        let [early, late] = ["2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"];
        assert!(last.note(&usable(Some("cluster-OLD"), "manual", late)));
        assert!(!last.note(&usable(Some("cluster-OLD"), "manual", early)), "there is a newer one");
        assert!(!last.note(&usable(Some("cluster-THEIRS"), "shared", late)));
        assert_eq!(last.of(&orders, Some("cluster-NEW")), None);
        assert_eq!(last.of(&orders, Some("cluster-THEIRS")), None);
        assert!(last.note(&usable(Some("cluster-NEW"), "automated", early)));
        assert_eq!(last.of(&orders, Some("cluster-NEW")), early.parse().ok());
        assert_eq!(last.of(&orders, Some("cluster-OLD")), late.parse().ok());
        assert_eq!(last.of(&orders, None), late.parse().ok(), "which of them it is, AWS does not tell");
        assert_eq!(last.of(&ClusterId::reported("billing"), None), None);
    }

    #[test]
    fn what_has_no_time_yet_is_the_newest() {
        let begun = |at: Option<&str>| Snapshot {
            created_at: at.and_then(|at| at.parse().ok()),
            ..fixtures::snapshot(at.unwrap_or("just begun"), "orders", "creating")
        };
        let mut all = [Some("2026-11-23T08:00:00Z"), None, Some("2026-11-23T09:00:00Z")].map(begun);
        all.sort_by_key(Snapshot::newest_first);
        let names = all.each_ref().map(|it| it.id.as_str());
        assert_eq!(names, ["just begun", "2026-11-23T09:00:00Z", "2026-11-23T08:00:00Z"]);
    }
}
