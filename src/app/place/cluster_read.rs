//! What a form or a review shows of its clusters, read anew.

use std::time::Duration;

use crate::app::Now;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;

use super::Place;
use super::questions::QuestionSubject;

/// How old may be what a review shows before it is read anew.
const FRESH: Duration = Duration::from_mins(1);
/// The same of a cluster that is busy, for whose end the person waits.
const FRESH_BUSY: Duration = Duration::from_secs(10);
/// How soon after a snapshot was made the quota is read anew: once for those that are made in a row.
const RECOUNT: Duration = Duration::from_secs(3);

/// The last read of the cluster of a form.
#[derive(Debug, Default)]
pub struct ClusterRead {
    pub(super) of: Option<ClusterId>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Whether it was answered.
    pub(super) is_answered: bool,
}

impl Place {
    /// Why a cluster could not be read anew: by itself, where a form or review has asked for it, else in the list.
    pub fn unread(&self, cluster: &ClusterId) -> Option<&Failure> {
        let read = &self.cluster_read;
        let is_read = read.is_answered && read.of.as_ref() == Some(cluster);
        if is_read { read.failure.as_ref() } else { self.trouble() }
    }

    /// Wants the cluster and the quota read anew, which a form shows.
    pub fn want_for_form(&mut self, cluster: &ClusterId, now: &Now) {
        if self.cluster_read.of.as_ref() != Some(cluster) {
            // What is still to come of another cluster is late.
            self.questions.forget(&QuestionSubject::Cluster);
            self.cluster_read = ClusterRead { of: Some(cluster.clone()), ..ClusterRead::default() };
        }
        // A name that could not be looked up is looked up anew.
        self.name = None;
        self.questions.want_sooner(QuestionSubject::Cluster, now.mono);
        self.questions.want_sooner(QuestionSubject::Quota, now.mono);
    }

    /// Wants what the review of a request shows kept up to date while it is open: one call a minute each, and more
    /// often whether its cluster is still busy.
    pub fn keep_fresh(&mut self, now: &Now) {
        let is_busy = self.cluster_read.of.as_ref().is_some_and(|cluster| self.is_busy(cluster));
        let cluster = (QuestionSubject::Cluster, if is_busy { FRESH_BUSY } else { FRESH });
        for (subject, age) in [cluster, (QuestionSubject::Quota, FRESH)] {
            if !self.questions.is_in_flight(&subject) {
                self.questions.want_sooner(subject, now.mono + age);
            }
        }
    }

    /// Takes it that the cluster of a form was not found. It may be another account that answers now: the list says
    /// whose it is, and what is in it.
    pub(super) fn doubt_cluster(&mut self, now: &Now) {
        let missing = self.cluster_read.of.as_ref().and_then(|missing| self.catalog.cluster(missing));
        if missing.is_some() && now.mono.saturating_sub(self.clusters_begun) >= FRESH_BUSY {
            self.questions.want(QuestionSubject::Caller, now.mono);
            self.read_clusters(now);
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
        // One that a form asked for is as old as the others from now on.
        self.questions.forget(&QuestionSubject::Cluster);
        self.cluster_read = ClusterRead::default();
        self.read_clusters(now);
        self.questions.want_sooner(QuestionSubject::Quota, now.mono);
    }

    /// Whether that is still read.
    pub fn reads_for_change(&self) -> bool {
        self.catalog.clusters.is_loading() || self.questions.is_in_flight(&QuestionSubject::Quota)
    }

    /// Wants what the review of a change shows kept up to date while it is open: once a minute.
    pub fn keep_fresh_for_change(&mut self, now: &Now) {
        if !self.questions.is_in_flight(&QuestionSubject::Quota) {
            self.questions.want(QuestionSubject::Quota, now.mono + FRESH);
        }
        let is_old = now.mono.saturating_sub(self.clusters_begun) >= FRESH;
        if is_old && !self.catalog.clusters.is_loading() {
            let failure = self.catalog.clusters.failure.take();
            self.read_clusters(now);
            // It stands until an answer says otherwise, and is told once.
            self.catalog.clusters.failure = failure;
        }
    }

    /// Wants the snapshots and the quota read anew, after some were deleted or tagged.
    pub fn want_for_removal(&mut self, now: &Now) {
        self.read_snapshots(now);
        self.questions.want_sooner(QuestionSubject::Quota, now.mono);
    }
}
