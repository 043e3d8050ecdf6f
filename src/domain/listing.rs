//! One look at snapshots by their identifiers: what is listed, and what makes it worth something that the
//! others are not.

use jiff::{SignedDuration, Timestamp};

use super::account::AccountId;
use super::snapshot::Snapshot;

/// For how long a snapshot that is there may be missing from lists. AWS documents no bound: lists are
/// "eventually consistent". This is an assumption, and the only place where it is written.
pub const LIST_LAG: SignedDuration = SignedDuration::from_mins(10);

/// What was answered to a look at some snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Those of them that are listed.
    pub listed: Vec<Snapshot>,
    /// The account whose lists these are, as far as it is known: in another one it means nothing that a
    /// snapshot is missing.
    pub account: Option<AccountId>,
    /// The server's clock when it answered, in whole seconds, if it said.
    pub server_time: Option<Timestamp>,
}

impl Listing {
    /// The snapshot of an identifier, if it is listed.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Snapshot> {
        self.listed.iter().find(|snapshot| snapshot.id.eq_ignore_ascii_case(id))
    }
}
