//! A DB cluster snapshot that is there, as the command line names it.

use super::problem::{Detail, about, id_details};
use crate::domain::account::{AccountId, Arn};
use crate::domain::record::Intent;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;

/// A snapshot, as it was named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
            about(text, vec![Detail::new("SNAPSHOT", "not-a-snapshot-arn", message)])
        })?;
        let id = SnapshotId::existing(name);
        let id = id.map_err(|problems| about(text, id_details("SNAPSHOT", &problems)))?;
        Ok(Self { id, arn, text: text.to_owned() })
    }

    /// Whether it is this one: by its ARN in that account and Region only.
    pub fn is(&self, snapshot: &Snapshot) -> bool {
        let own = Arn::reported(snapshot.arn.as_deref());
        let (account, region) = own.map_or((None, None), |own| (own.account, own.region));
        self.may_be(&snapshot.id, account.as_ref(), region.as_deref())
    }

    /// Whether a request may be for it.
    pub fn may_be_of(&self, intent: &Intent) -> bool {
        self.may_be(&intent.snapshot, intent.account.as_ref(), intent.region.as_deref())
    }

    fn may_be(&self, id: &str, account: Option<&AccountId>, region: Option<&str>) -> bool {
        let is_there = |arn: &Arn| arn.may_be_in(account, region);
        self.id.as_str().eq_ignore_ascii_case(id) && self.arn.as_ref().is_none_or(is_there)
    }

    /// How it was named, for a message.
    pub fn words(&self) -> &str {
        &self.text
    }
}
