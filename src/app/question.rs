//! What is asked of the service, and what it answers. Each question is one call that is made once.

use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::Caller;
use crate::domain::event::SnapshotEvent;
use crate::domain::listing::Listing;
use crate::domain::page::{Page, Quota};
use crate::domain::snapshot::Snapshot;

/// Something to ask. A list is asked for page by page, each by the marker that the page before it ended with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Who the caller is.
    Caller,
    /// A page of the DB clusters.
    Clusters(Option<String>),
    /// A page of the Region's DB cluster snapshots.
    Snapshots(Option<String>),
    /// A page of the Region's manual DB cluster snapshots, for those that were begun elsewhere.
    ManualSnapshots(Option<String>),
    /// Snapshots of these names, at most a hundred, if they are listed.
    Named(Vec<String>),
    /// One DB cluster.
    Cluster(ClusterId),
    /// The quota of manual snapshots.
    Quota,
    /// These snapshots, at most a hundred.
    Followed(Vec<String>),
    /// A page of the events of DB cluster snapshots.
    Events {
        /// From how long ago on, in minutes; the service keeps 14 days.
        minutes: u16,
        /// Where the page begins.
        marker: Option<String>,
    },
}

/// What the service answers.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Who the caller is.
    Caller(Caller),
    /// A page of the DB clusters.
    Clusters(Page<Cluster>),
    /// A page of the Region's DB cluster snapshots.
    Snapshots(Page<Snapshot>),
    /// A page of the Region's manual DB cluster snapshots.
    ManualSnapshots(Page<Snapshot>),
    /// Those of the named snapshots that are listed.
    Named(Vec<Snapshot>),
    /// One DB cluster; `None` if there is none of that identifier.
    Cluster(Option<Box<Cluster>>),
    /// The quota of manual snapshots; `None` if the account does not report one.
    Quota(Option<Quota>),
    /// One look at the snapshots that are followed.
    Followed(Listing),
    /// A page of the events of DB cluster snapshots.
    Events(Page<SnapshotEvent>),
}
