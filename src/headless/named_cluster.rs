//! A DB cluster, as the command line names it.

use super::problem::{self, Detail};
use crate::domain::account::{AccountId, Arn};
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;

/// A cluster, as it was named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NamedCluster {
    /// Its identifier.
    pub id: ClusterId,
    /// Its ARN, if it was named by that.
    pub arn: Option<String>,
}

impl NamedCluster {
    /// A cluster as it is named, by identifier or ARN.
    pub fn parse(text: &str) -> Result<Self, Vec<Detail>> {
        Self::parse_as("CLUSTER", text).map_err(|details| problem::about(text, details))
    }

    /// The same of a parameter of this name.
    pub fn parse_as(parameter: &str, text: &str) -> Result<Self, Vec<Detail>> {
        let id = problem::cluster(parameter, text)?;
        Ok(Self { id, arn: text.starts_with("arn:").then(|| text.to_owned()) })
    }

    /// Whether it is this one: by its ARN in that account and Region only.
    pub fn is(&self, cluster: &Cluster) -> bool {
        let is_arn = |arn: &String| cluster.arn.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(arn));
        self.id == cluster.id && self.arn.as_ref().is_none_or(is_arn)
    }

    /// Whether a snapshot is one of its own, or a request is for it: of its name, and of the account and Region that
    /// its ARN names, as far as they are known.
    pub fn may_have(&self, cluster: Option<&str>, account: Option<&AccountId>, region: Option<&str>) -> bool {
        let arn = Arn::reported(self.arn.as_deref());
        cluster == Some(self.id.as_str()) && arn.is_none_or(|arn| arn.may_be_in(account, region))
    }

    /// How it was named, for a message.
    pub fn words(&self) -> &str {
        self.arn.as_deref().unwrap_or(self.id.as_str())
    }
}
