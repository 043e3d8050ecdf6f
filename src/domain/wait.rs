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
    /// Whether it is meant for this place and this account: it is never sent to another. The URL can be written in
    /// several ways; it decides only where one of the accounts is not known.
    pub(crate) fn is_for(&self, place: &Target, caller: Option<&Caller>) -> bool {
        self.is_in(place)
            && (self.url == place.url() || caller.is_some())
            && may_be_same(self.account.as_ref(), caller.map(|caller| &caller.account))
    }

    /// Whether it is meant for this place, whichever account answers there now.
    pub(crate) fn is_in(&self, place: &Target) -> bool {
        self.region == place.region && (self.url == place.url() || self.account.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    #[test]
    fn it_is_for_its_account_and_region_however_their_url_is_written() {
        let wait = |account: Option<&str>| Wait {
            token: "1".to_owned(),
            request: fixtures::intent("1", "orders", "orders-1", Timestamp::UNIX_EPOCH)
                .request()
                .expect("one"),
            since: Timestamp::UNIX_EPOCH,
            until: Timestamp::UNIX_EPOCH,
            region: Some("eu-west-1".to_owned()),
            url: fixtures::place("eu-west-1").url(),
            account: account.map(fixtures::account_id),
        };
        let spelt =
            |region| Target { resolved: Some("http://localhost:1/".to_owned()), ..fixtures::place(region) };
        let [own, other] = ["123456789012", "222222222222"].map(fixtures::caller);
        let known = Some("123456789012");
        for (account, place, caller, is_for) in [
            (known, spelt("eu-west-1"), Some(&own), true),
            (known, spelt("eu-west-1"), Some(&other), false),
            (known, spelt("eu-west-1"), None, false),
            (None, spelt("eu-west-1"), Some(&own), false),
            (None, fixtures::place("eu-west-1"), Some(&own), true),
            (known, fixtures::place("eu-west-1"), None, true),
            (known, spelt("us-east-1"), Some(&own), false),
        ] {
            assert_eq!(wait(account).is_for(&place, caller), is_for, "{account:?} {place:?} {caller:?}");
        }
    }
}
