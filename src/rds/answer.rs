//! An answer of the service, with the account that it is known to come from and the server's clock.

use jiff::Timestamp;

use crate::domain::account::{AccountId, Arn};

/// What was answered, by whom and when.
///
/// The account is that of the ARNs in the answer: RDS lists by credentials, so what it lists without being
/// asked for what others share is the caller's own, whoever the caller was thought to be. An answer without
/// an ARN, as an empty list, does not say whose it is and proves no absence by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAnswer<T> {
    /// What was answered.
    pub value: T,
    /// The account of the ARNs in it; `None` if it has none, or if they disagree.
    pub from: Option<AccountId>,
    /// The server's clock when it answered (its `Date` header, whole seconds), if it said. Of an answer that
    /// took several calls, the last one's.
    pub server_time: Option<Timestamp>,
}

impl<T> ServiceAnswer<Vec<T>> {
    /// An answer of rows, whose ARNs tell whose it is.
    pub(super) fn of_rows(
        rows: Vec<T>,
        arn: impl Fn(&T) -> Option<&str>,
        server_time: Option<Timestamp>,
    ) -> Self {
        let from = account(rows.iter().map(arn));
        Self { value: rows, from, server_time }
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
