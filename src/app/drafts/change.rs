//! The draft of a change: its clusters, and what is typed once for all of them.

use crate::domain::change_id::{ChangeId, NotAChangeId};
use crate::domain::cluster_id::ClusterId;
use crate::domain::mark::RequestNumber;
use crate::domain::policy::Policy;

use crate::app::request_id::PlaceId;

use super::fields::Fields;
use super::tags::TagTable;

/// The draft of a change. It stays until it is sent, however often its form is left.
#[derive(Debug)]
pub struct ChangeDraft {
    /// Its clusters, in the order in which they are listed.
    pub parts: Vec<ClusterOfChange>,
    /// What is typed once for all of them.
    pub fields: Fields,
    /// Whether nothing more is sent once one request has come to nothing.
    pub all_or_stop: bool,
}

/// A cluster of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterOfChange {
    /// The place of the cluster.
    pub place: PlaceId,
    /// The cluster.
    pub cluster: ClusterId,
    /// The number of the request that it becomes.
    pub number: RequestNumber,
    /// Whether a person left it out on the review.
    pub is_left_out: bool,
}

/// The places of clusters, each once.
pub fn places<'p>(parts: impl IntoIterator<Item = &'p ClusterOfChange>) -> Vec<PlaceId> {
    let mut places: Vec<PlaceId> = parts.into_iter().map(|part| part.place).collect();
    places.sort_unstable();
    places.dedup();
    places
}

impl ChangeDraft {
    /// A new draft without clusters.
    pub fn new(policy: &Policy) -> Self {
        let template = policy.name_template.to_string();
        let fields = Fields::of_change(template, TagTable::new(None, policy));
        Self { parts: Vec::new(), fields, all_or_stop: false }
    }

    /// Takes these clusters and no others, each with a number for its request; those that were in it keep what is
    /// theirs.
    pub fn take(&mut self, clusters: Vec<(PlaceId, ClusterId, RequestNumber)>) {
        let known = std::mem::take(&mut self.parts);
        let part = |(place, cluster, number)| {
            let earlier = known.iter().find(|part| part.place == place && part.cluster == cluster).cloned();
            earlier.unwrap_or(ClusterOfChange { place, cluster, number, is_left_out: false })
        };
        self.parts = clusters.into_iter().map(part).collect();
    }

    /// The places of its clusters, each once.
    pub fn places(&self) -> Vec<PlaceId> {
        places(&self.parts)
    }

    /// The id of the change, as far as it is one.
    ///
    /// # Errors
    /// When what is typed is none.
    pub fn id(&self) -> Result<ChangeId, NotAChangeId> {
        ChangeId::parse(self.fields.change.as_ref().map_or("", |typed| typed.value().trim()))
    }
}
