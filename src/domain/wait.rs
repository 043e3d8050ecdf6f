//! A reviewed request that waits until its cluster is available.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::{AccountId, may_be_same};
use super::context::{Caller, Target};
use super::request::SnapshotRequest;

/// A reviewed request that waits until its cluster is available. Serialized as its file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Its name among those of this machine.
    pub token: String,
    /// The request.
    #[serde(flatten)]
    pub request: SnapshotRequest,
    /// When a person said that it may be sent.
    pub since: Timestamp,
    /// Until when; it is not sent later.
    pub until: Timestamp,
    /// The Region.
    pub region: Option<String>,
    /// The URL that it would go to.
    pub url: String,
    /// The account, if it was known.
    pub account: Option<AccountId>,
}

impl Wait {
    /// Whether it is meant for this place and this account: it is never sent to another.
    pub(crate) fn is_for(&self, place: &Target, caller: Option<&Caller>) -> bool {
        let is_place = self.region == place.region && self.url == place.url();
        is_place && may_be_same(self.account.as_ref(), caller.map(|caller| &caller.account))
    }
}
