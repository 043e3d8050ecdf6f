//! One look at snapshots by their identifiers: what is listed, and what makes it worth something that the
//! others are not.

use jiff::{SignedDuration, Timestamp};

use super::account::{AccountId, Arn};
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
    /// The server's clock when it answered (its `Date` header, whole seconds), if it said. Of an answer that took
    /// several calls, the last one's.
    pub server_time: Option<Timestamp>,
}

impl Listing {
    /// What was answered, with the account that all ARNs of RDS in it name.
    ///
    /// RDS lists by credentials, so what it lists without being asked for what others share is the caller's own,
    /// whoever the caller was thought to be. An answer without an ARN, as an empty list, does not say whose it is and
    /// proves no absence by itself, nor does one whose ARNs disagree.
    #[must_use]
    pub fn answered(listed: Vec<Snapshot>, server_time: Option<Timestamp>) -> Self {
        let account = account(listed.iter().map(|snapshot| snapshot.arn.as_deref()));
        Self { listed, account, server_time }
    }

    /// The snapshot of an identifier, if it is listed.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Snapshot> {
        self.listed.iter().find(|snapshot| snapshot.id.eq_ignore_ascii_case(id))
    }
}

/// The account that all ARNs of RDS among these name; `None` if there is none, or more than one.
fn account<'a>(arns: impl Iterator<Item = Option<&'a str>>) -> Option<AccountId> {
    let mut accounts =
        arns.filter_map(Arn::reported).filter(|arn| arn.service == "rds").filter_map(|arn| arn.account);
    let first = accounts.next()?;
    accounts.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arns: &[Option<&str>]) -> Option<String> {
        account(arns.iter().copied()).map(|account| account.to_string())
    }

    #[test]
    fn the_account_is_that_of_the_arns_which_agree() {
        let (a, b) = ("arn:aws:rds:eu-west-1:111111111111:cluster:a", "arn:aws-cn:rds::111111111111:x:b");
        let other = "arn:aws:rds:eu-west-1:222222222222:cluster:a";
        assert_eq!(of(&[Some(a), None, Some(b)]).as_deref(), Some("111111111111"));
        assert_eq!(of(&[Some(a), Some(other)]), None);
        assert_eq!(
            of(&[None, Some("no ARN"), Some("arn:aws:iam::1:user/a"), Some("arn:aws:rds:r::x:y")]),
            None
        );
        assert_eq!(of(&[]), None);
    }
}
