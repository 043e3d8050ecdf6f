//! A DB cluster snapshot that is there, as the command line names it.

use super::problem::{Detail, id_details};
use crate::domain::account::{Arn, may_be_same};
use crate::domain::record::Intent;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;

/// A snapshot, as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSnapshot {
    /// Its identifier, which may be one that only AWS gives.
    pub id: SnapshotId,
    /// Its ARN, if it was named by that.
    arn: Option<Arn>,
    text: String,
}

impl NamedSnapshot {
    /// A snapshot as it is named, by identifier or ARN.
    pub fn parse(text: &str) -> Result<Self, Vec<Detail>> {
        let arn = Arn::reported(Some(text));
        let name = match arn.as_ref() {
            None if !text.starts_with("arn:") => Some(text),
            None => None,
            Some(arn) => arn.resource.strip_prefix("cluster-snapshot:").filter(|_| arn.service == "rds"),
        };
        let name = name.ok_or_else(|| {
            let message = "not the ARN of a DB cluster snapshot \
                           (arn:aws:rds:REGION:ACCOUNT:cluster-snapshot:IDENTIFIER)";
            vec![Detail::new("SNAPSHOT", "not-a-snapshot-arn", message)]
        })?;
        let id = SnapshotId::existing(name).map_err(|problems| id_details("SNAPSHOT", &problems))?;
        Ok(Self { id, arn, text: text.to_owned() })
    }

    /// Whether it is this one: by its ARN in that account and Region only.
    pub fn is(&self, snapshot: &Snapshot) -> bool {
        let is_arn = |arn: &Arn| Arn::reported(snapshot.arn.as_deref()).is_none_or(|own| own == *arn);
        self.id.as_str().eq_ignore_ascii_case(&snapshot.id) && self.arn.as_ref().is_none_or(is_arn)
    }

    /// Whether a request may be for it.
    pub fn may_be_of(&self, intent: &Intent) -> bool {
        let is_there = |arn: &Arn| {
            may_be_same(arn.account.as_ref(), intent.account.as_ref())
                && may_be_same(arn.region.as_ref(), intent.region.as_ref())
        };
        self.id.as_str() == intent.snapshot && self.arn.as_ref().is_none_or(is_there)
    }

    /// How it was named, for a message.
    pub fn words(&self) -> &str {
        &self.text
    }
}
