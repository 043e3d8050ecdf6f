//! The form for a new snapshot: whose it is, what is typed, and what was refused.

use jiff::civil::DateTime;

use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::mark::RequestNumber;
use crate::domain::policy::Policy;

use crate::app::request_id::PlaceId;

use super::fields::{Field, Fields};
use super::tags::TagTable;

/// A draft of a request. It stays until its snapshot is created, however often the form is left.
#[derive(Debug, Clone)]
pub struct Form {
    /// The number of the request that it becomes.
    pub number: RequestNumber,
    /// The place of its cluster.
    pub place: PlaceId,
    /// The cluster.
    pub cluster: ClusterId,
    /// The cluster's resource id, where known.
    pub resource_id: Option<String>,
    /// What is typed.
    pub fields: Fields,
    /// The identifier that was proposed last, and of what.
    pub proposed: Option<Proposed>,
    /// What the service refused when this draft was last sent.
    pub refusal: Option<Failure>,
}

/// An identifier as it was proposed.
#[derive(Debug, Clone)]
pub struct Proposed {
    name: String,
    ticket: Option<String>,
    at: DateTime,
}

impl Form {
    /// A new draft with the tags that it begins with.
    pub fn new(number: RequestNumber, place: PlaceId, cluster: &Cluster, policy: &Policy) -> Self {
        Self {
            number,
            place,
            cluster: cluster.id.clone(),
            resource_id: cluster.resource_id.clone(),
            fields: Fields::new(TagTable::new(Some(cluster), policy)),
            proposed: None,
            refusal: None,
        }
    }

    /// Replaces the identifier by one that is proposed, at a time by the wall.
    pub fn propose(&mut self, name: String, at: DateTime) {
        self.proposed = Some(Proposed { name: name.clone(), ticket: self.ticket().map(str::to_owned), at });
        self.fields.name = tui_input::Input::new(name);
    }

    /// When the identifier was proposed, if it still stands as it was and the ticket is another one since.
    pub fn awaits_ticket(&self) -> Option<DateTime> {
        let proposed = self.proposed.as_ref()?;
        let is_as_proposed = self.fields.name.value() == proposed.name;
        (is_as_proposed && self.ticket() != proposed.ticket.as_deref()).then_some(proposed.at)
    }

    /// Begins anew with an identifier that is proposed.
    pub fn rename(&mut self, name: String, at: DateTime) {
        self.propose(name, at);
        self.fields.focus = Field::Name;
        self.refusal = None;
    }

    /// The ticket that the tags name, for a proposed identifier.
    pub fn ticket(&self) -> Option<&str> {
        let row = self.fields.tags.rows.iter().find(|row| row.key.value().eq_ignore_ascii_case("ticket"));
        row.map(|row| row.value.value())
    }

    /// Whether the last refusal is about the identifier; else it is about the tags or the whole.
    pub fn refusal_is_about_name(&self) -> bool {
        self.refusal.as_ref().is_some_and(|failure| {
            matches!(failure.kind, FailureKind::SnapshotExists | FailureKind::MadeJustNow)
                || failure.message.contains("DBClusterSnapshotIdentifier")
        })
    }
}
