//! What makes a request for a cluster needless: what the change has already, or a snapshot that is young enough.

use std::time::Duration;

use jiff::Timestamp;

use super::ground::Ground;
use super::wanted::Wanted;
use crate::domain::cluster::Cluster;
use crate::domain::earlier::{Earlier, Seen, of_cluster};
use crate::domain::policy::Policy;
use crate::headless::ready;

/// What there is for a cluster; `None` if it is to be asked for.
pub fn of(wanted: &Wanted, policy: &Policy, ground: &Ground, cluster: &Cluster) -> Option<Earlier> {
    let Ground { before, snapshots, .. } = ground;
    let seen = Seen { requests: before, snapshots, policy, now: Timestamp::now() };
    seen.earlier(&wanted.id, cluster).or_else(|| young(ground, cluster, wanted.unless_within?))
}

fn young(ground: &Ground, cluster: &Cluster, within: Duration) -> Option<Earlier> {
    let newest = ready::newest_usable(of_cluster(&ground.snapshots, cluster))?;
    ground.clock.is_within(newest, within).then(|| Earlier::Young(Box::new(newest.clone())))
}
