//! The identifier of a DB cluster, which a person may also give as an ARN.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::snapshot_id::{IdProblems, SnapshotId};

/// The identifier of a DB cluster. AWS treats it as case-insensitive and stores it in lowercase. Kept once, however
/// many snapshots name it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClusterId(Arc<str>);

/// Why a text names no DB cluster.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterIdError {
    /// The text is an ARN, but not that of a DB cluster (`arn:PARTITION:rds:REGION:ACCOUNT:cluster:ID`).
    #[error("not the ARN of a DB cluster (arn:aws:rds:REGION:ACCOUNT:cluster:IDENTIFIER)")]
    NotAClusterArn,
    /// The identifier breaks rules; a DB cluster's are those of its snapshots.
    #[error(transparent)]
    Identifier(#[from] IdProblems),
}

impl ClusterId {
    /// Parses what a person typed: an identifier in any case, or a DB cluster's ARN.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, ClusterIdError> {
        let name = if text.starts_with("arn:") {
            let mut parts = text.splitn(7, ':').skip(2);
            let service = parts.next();
            let kind = parts.nth(2);
            match (service, kind, parts.next()) {
                (Some("rds"), Some("cluster"), Some(name)) => name,
                _ => return Err(ClusterIdError::NotAClusterArn),
            }
        } else {
            text
        };
        Ok(Self(SnapshotId::parse(name)?.as_str().into()))
    }

    /// Takes an identifier as the service reports it, whatever it says.
    #[must_use]
    pub fn reported(text: &str) -> Self {
        Self(text.to_ascii_lowercase().into())
    }

    /// Whether it is kept in another place too.
    pub(crate) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// The identifier in lowercase.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClusterId {
    type Error = ClusterIdError;

    fn try_from(text: String) -> Result<Self, ClusterIdError> {
        Self::parse(&text)
    }
}

impl From<ClusterId> for String {
    fn from(id: ClusterId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_is_named_in_any_case_or_by_its_arn() {
        for text in ["Orders-Prod", "orders-prod", "arn:aws:rds:eu-west-1:123456789012:cluster:orders-prod"] {
            assert_eq!(ClusterId::parse(text).unwrap().as_str(), "orders-prod");
        }
    }

    #[test]
    fn an_arn_of_something_else_is_refused() {
        for text in [
            "arn:aws:rds:eu-west-1:123456789012:db:orders-prod",
            "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:orders-prod",
            "arn:aws:s3:::bucket",
            "arn:",
        ] {
            assert_eq!(ClusterId::parse(text), Err(ClusterIdError::NotAClusterArn), "{text}");
        }
        assert!(matches!(ClusterId::parse("a b"), Err(ClusterIdError::Identifier(_))));
    }
}
