//! The status of a DB cluster and of a DB cluster snapshot. Both are open strings at AWS: what is not
//! known here is kept and shown verbatim, never hidden and never taken for something else.

use std::fmt;

use strum::{AsRefStr, Display, EnumIter, EnumString};

/// The status of a DB cluster snapshot.
///
/// Source: the RDS API reference documents `available`, `copying` and `creating`; the SDK's waiters
/// also know the others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, AsRefStr, Display, EnumIter, EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum SnapshotStatus {
    /// It is being made. Not usable.
    Creating,
    /// It is complete: the only status in which it can be restored.
    Available,
    /// It is a copy that is being made. Not usable.
    Copying,
    /// It is being deleted.
    Deleting,
    /// It was deleted.
    Deleted,
    /// It could not be made.
    Failed,
    /// It cannot be restored in this place.
    IncompatibleRestore,
    /// Its parameters do not fit.
    IncompatibleParameters,
    /// Anything else that the service says, verbatim.
    #[strum(default, transparent)]
    Other(String),
}

impl SnapshotStatus {
    /// Takes the status as the service reports it.
    #[must_use]
    pub fn reported(text: &str) -> Self {
        Self::from(text)
    }

    /// The status in the service's words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.as_ref()
    }

    /// Whether the snapshot can be restored: `available`, nothing less.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        *self == Self::Available
    }

    /// Whether nothing more is to come. An unheard-of status is not an end: it is followed on.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Available | Self::Deleted) || self.is_failure()
    }

    /// Whether it cannot be restored, now or later: nothing more is to come, or it is being deleted.
    pub(crate) fn is_lost(&self) -> bool {
        (self.is_final() && !self.is_usable()) || *self == Self::Deleting
    }

    /// Whether it is there, and can never be restored.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, Self::Failed | Self::IncompatibleRestore | Self::IncompatibleParameters)
    }
}

/// The status of a DB cluster, in the service's words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClusterStatus(String);

/// What the status of a DB cluster means for a snapshot of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// AWS takes snapshots of it.
    Ready,
    /// AWS refuses now and will take one when the present work is done.
    Busy,
    /// AWS refuses until somebody does something (stopped, failed, inaccessible key, …).
    NotReady,
    /// The status is not known here: nothing is claimed.
    Unknown,
}

impl ClusterStatus {
    /// Statuses in which AWS refuses a snapshot until the present work is done.
    pub const BUSY: [&str; 17] = [
        "backing-up",
        "backtracking",
        "creating",
        "failing-over",
        "maintenance",
        "migrating",
        "modifying",
        "promoting",
        "rebooting",
        "renaming",
        "resetting-master-credentials",
        "scaling-compute",
        "scaling-storage",
        "starting",
        "storage-optimization",
        "update-iam-db-auth",
        "upgrading",
    ];
    /// Statuses in which AWS refuses a snapshot until somebody does something.
    pub const NOT_READY: [&str; 12] = [
        "cloning-failed",
        "deleting",
        "deleted",
        "failed",
        "inaccessible-encryption-credentials",
        "inaccessible-encryption-credentials-recoverable",
        "migration-failed",
        "stopped",
        "stopping",
        "incompatible-parameters",
        "incompatible-restore",
        "preparing-data-migration",
    ];

    /// Takes the status as the service reports it.
    #[must_use]
    pub fn reported(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The status in the service's words.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the status means for a snapshot. Source: "Viewing DB cluster status" (Aurora user guide);
    /// the cluster must be `available` (`InvalidDBClusterStateFault` otherwise).
    pub(crate) fn readiness(&self) -> Readiness {
        match self.0.as_str() {
            "available" => Readiness::Ready,
            busy if Self::BUSY.contains(&busy) => Readiness::Busy,
            not_ready if Self::NOT_READY.contains(&not_ready) => Readiness::NotReady,
            _ => Readiness::Unknown,
        }
    }
}

impl fmt::Display for ClusterStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unheard_of_status_is_kept_verbatim_and_is_no_end() {
        let status = SnapshotStatus::reported("pending");
        assert_eq!(status.as_str(), "pending");
        assert!(!status.is_final());
        assert!(!status.is_usable());
    }

    #[test]
    fn only_available_is_usable() {
        for text in
            ["creating", "copying", "deleting", "deleted", "failed", "incompatible-restore", "Available"]
        {
            assert!(!SnapshotStatus::reported(text).is_usable(), "{text}");
            assert_eq!(SnapshotStatus::reported(text).as_str(), text);
        }
        assert!(SnapshotStatus::reported("available").is_usable());
    }

    #[test]
    fn a_cluster_takes_a_snapshot_only_when_available() {
        assert_eq!(ClusterStatus::reported("available").readiness(), Readiness::Ready);
        assert_eq!(ClusterStatus::reported("backing-up").readiness(), Readiness::Busy);
        assert_eq!(ClusterStatus::reported("stopped").readiness(), Readiness::NotReady);
        assert_eq!(ClusterStatus::reported("unheard-of").readiness(), Readiness::Unknown);
    }
}
