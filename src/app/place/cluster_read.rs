//! What a form or a review shows of its clusters, read anew.

use crate::app::Now;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;

use super::Place;
use super::questions::Subject;

/// The last read of the cluster of a form.
#[derive(Debug, Default)]
pub struct ClusterRead {
    pub(super) of: Option<ClusterId>,
    /// Why it failed.
    pub failure: Option<Failure>,
}

impl ClusterRead {
    /// Whether it was this cluster that could not be read anew.
    #[must_use]
    pub fn has_failed_for(&self, cluster: &ClusterId) -> bool {
        self.failure.is_some() && self.of.as_ref() == Some(cluster)
    }
}

impl Place {
    /// Wants the cluster and the quota read anew, which a form shows.
    pub fn want_for_form(&mut self, cluster: &ClusterId, now: &Now) {
        if self.cluster_read.of.as_ref() != Some(cluster) {
            // What is still to come of another cluster is late.
            self.questions.forget(&Subject::Cluster);
            self.cluster_read = ClusterRead { of: Some(cluster.clone()), failure: None };
        }
        self.questions.want(Subject::Cluster, now.mono);
        self.questions.want(Subject::Quota, now.mono);
    }

    /// Wants the clusters and the quota read anew, which the review of a change shows.
    pub fn want_for_change(&mut self, now: &Now) {
        self.read_clusters(now);
        self.questions.want(Subject::Quota, now.mono);
    }

    /// Wants the snapshots and the quota read anew, after some were deleted or tagged.
    pub fn want_for_removal(&mut self, now: &Now) {
        self.read_snapshots(now);
        self.questions.want(Subject::Quota, now.mono);
    }
}
