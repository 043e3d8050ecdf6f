//! What a form or a review shows of its clusters, read anew.

use std::time::Duration;

use crate::app::Now;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;

use super::Place;
use super::questions::QuestionSubject;

/// How old may be what a review shows before it is read anew.
const FRESH: Duration = Duration::from_mins(1);
/// How soon after a snapshot was made the quota is read anew: once for those that are made in a row.
const RECOUNT: Duration = Duration::from_secs(3);

/// The last read of the cluster of a form.
#[derive(Debug, Default)]
pub struct ClusterRead {
    pub(super) of: Option<ClusterId>,
    /// Why it failed.
    pub failure: Option<Failure>,
}

impl ClusterRead {
    /// Why this cluster could not be read anew.
    pub fn failure_for(&self, cluster: &ClusterId) -> Option<&Failure> {
        self.failure.as_ref().filter(|_| self.of.as_ref() == Some(cluster))
    }
}

impl Place {
    /// Wants the cluster and the quota read anew, which a form shows.
    pub fn want_for_form(&mut self, cluster: &ClusterId, now: &Now) {
        if self.cluster_read.of.as_ref() != Some(cluster) {
            // What is still to come of another cluster is late.
            self.questions.forget(&QuestionSubject::Cluster);
            self.cluster_read = ClusterRead { of: Some(cluster.clone()), failure: None };
        }
        self.questions.want_sooner(QuestionSubject::Cluster, now.mono);
        self.questions.want_sooner(QuestionSubject::Quota, now.mono);
    }

    /// Wants what the review of a request shows kept up to date while it is open: one call a minute each.
    pub fn keep_fresh(&mut self, now: &Now) {
        for subject in [QuestionSubject::Cluster, QuestionSubject::Quota] {
            if !self.questions.is_in_flight(&subject) {
                self.questions.want(subject, now.mono + FRESH);
            }
        }
    }

    /// Wants the quota read anew after a snapshot was made, where it was told before: once for all that come together.
    pub(super) fn recount(&mut self, now: &Now) {
        if self.quota.value.is_some() && self.quota.failure.is_none() {
            self.questions.want_sooner(QuestionSubject::Quota, now.mono + RECOUNT);
        }
    }

    /// Wants the clusters and the quota read anew, which the review of a change shows.
    pub fn want_for_change(&mut self, now: &Now) {
        self.read_clusters(now);
        self.questions.want_sooner(QuestionSubject::Quota, now.mono);
    }

    /// Wants what the review of a change shows kept up to date while it is open: once a minute.
    pub fn keep_fresh_for_change(&mut self, now: &Now) {
        if !self.questions.is_in_flight(&QuestionSubject::Quota) {
            self.questions.want(QuestionSubject::Quota, now.mono + FRESH);
        }
        let age = self.catalog.clusters.complete_at.map(|at| now.at().duration_since(at));
        if age.is_some_and(|age| Duration::try_from(age).is_ok_and(|age| age > FRESH)) {
            self.read_clusters(now);
        }
    }

    /// Wants the snapshots and the quota read anew, after some were deleted or tagged.
    pub fn want_for_removal(&mut self, now: &Now) {
        self.read_snapshots(now);
        self.questions.want_sooner(QuestionSubject::Quota, now.mono);
    }
}
