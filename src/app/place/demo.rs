//! The embedded simulator in the place of an account of which nothing can be shown.

use super::followed::FollowedSnapshots;
use super::questions::Remote;
use super::{ConnectionState, Place};
use crate::domain::context;

impl Place {
    /// Whether the simulator may take its place: no cluster could be read, or there is none, and nothing of it is open.
    pub fn may_become_demo(&self) -> bool {
        let clusters = &self.catalog.clusters;
        let is_bare = match &self.connection {
            ConnectionState::Failed(_) => true,
            ConnectionState::Connecting(_) => false,
            ConnectionState::Ready(_) => {
                clusters.items.is_empty() && (clusters.complete_at.is_some() || clusters.failure.is_some())
            }
        };
        is_bare
            && self.waits.rows.is_empty()
            && !self.followed.rows.iter().any(|row| row.state.is_unsettled())
    }

    /// Goes on with the embedded simulator instead: nothing that was read or followed before is of its account.
    pub fn go_on_with_demo(&mut self) {
        self.forget_questions();
        self.catalog.clear();
        self.caller = Remote::default();
        self.followed = FollowedSnapshots::default();
        // The endpoint is the run's: a profile that is chosen after this is asked there.
        let endpoint = self.given.endpoint.take();
        self.given = context::Target { is_demo: true, endpoint, ..context::Target::default() };
        self.connect();
    }
}
