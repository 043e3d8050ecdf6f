//! Whose something is: AWS accounts and Amazon Resource Names, taken apart once.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The number of an AWS account, as a request's journal, an ARN or `GetCallerIdentity` gives it.
///
/// AWS's own have twelve digits; any other text is kept as it is, so that an old journal or a service of
/// another make is not refused for its form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(String);

impl AccountId {
    /// The account as it was reported; `None` for an empty text, which says nothing.
    #[must_use]
    pub fn reported(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The account as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether two may be one, such as the accounts of two requests: what is not known may be any.
pub(crate) fn may_be_same<T: PartialEq + ?Sized>(one: Option<&T>, other: Option<&T>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

/// An Amazon Resource Name.
///
/// Source of the form: "Amazon Resource Names (ARNs)", IAM user guide:
/// `arn:partition:service:region:account-id:resource-type:resource-id`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: String,
    /// `rds`, `sts`, `iam`, …
    pub service: String,
    /// The Region; `None` for what belongs to none.
    pub region: Option<String>,
    /// The account; `None` for what belongs to none.
    pub account: Option<AccountId>,
    /// The rest: `cluster:orders`, `cluster-snapshot:orders-1`. It may have colons of its own.
    pub resource: String,
}

/// A text that is no ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an ARN has six parts: arn:partition:service:region:account:resource")]
pub struct ArnError;

impl FromStr for Arn {
    type Err = ArnError;

    fn from_str(text: &str) -> Result<Self, ArnError> {
        let mut parts = text.splitn(6, ':');
        let mut part = || parts.next().ok_or(ArnError);
        if part()? != "arn" {
            return Err(ArnError);
        }
        let [partition, service, region, account, resource] = [part()?, part()?, part()?, part()?, part()?];
        if partition.is_empty() || service.is_empty() || resource.is_empty() {
            return Err(ArnError);
        }
        Ok(Self {
            partition: partition.to_owned(),
            service: service.to_owned(),
            region: (!region.is_empty()).then(|| region.to_owned()),
            account: AccountId::reported(account),
            resource: resource.to_owned(),
        })
    }
}

impl Arn {
    /// Whether it may be of an account and a Region, as far as these are known.
    pub(crate) fn may_be_in(&self, account: Option<&AccountId>, region: Option<&str>) -> bool {
        may_be_same(self.account.as_ref(), account) && may_be_same(self.region.as_deref(), region)
    }

    /// The ARN of something reported, where it is one.
    #[must_use]
    pub fn reported(text: Option<&str>) -> Option<Self> {
        text?.parse().ok()
    }
}

/// The partition of a Region, which its ARNs begin with (botocore's `partitions.json`).
pub(crate) fn partition(region: &str) -> &'static str {
    const BY_PREFIX: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-isof-", "aws-iso-f"),
        ("eusc-", "aws-eusc"),
    ];
    let found = BY_PREFIX.iter().find(|(prefix, _)| region.starts_with(prefix));
    found.map_or("aws", |(_, partition)| partition)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_taken_apart_into_its_parts() {
        let arn: Arn =
            "arn:aws-cn:rds:cn-north-1:123456789012:cluster-snapshot:rds:orders-1".parse().unwrap();
        assert_eq!(arn.partition, "aws-cn");
        assert_eq!(arn.region.as_deref(), Some("cn-north-1"));
        assert_eq!(arn.account.unwrap().as_str(), "123456789012");
        assert_eq!(arn.resource, "cluster-snapshot:rds:orders-1");
        let global: Arn = "arn:aws:iam::123456789012:user/ada".parse().unwrap();
        assert_eq!((global.region, global.service.as_str()), (None, "iam"));
    }

    #[test]
    fn what_has_not_six_parts_is_no_arn() {
        for text in
            ["", "orders", "arn:aws:rds", "urn:aws:rds:r:1:cluster:a", "arn:aws:rds:r:1:", "arn::rds:r:1:x"]
        {
            assert_eq!(text.parse::<Arn>(), Err(ArnError), "{text}");
        }
    }
}
