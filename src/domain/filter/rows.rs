//! What the rows of the lists are filtered by: clusters, snapshots, requests of the past.

use std::borrow::Cow;

use jiff::Timestamp;

use super::{FilterKey, Filterable};
use crate::domain::account::{AccountId, Arn};
use crate::domain::alteration::{AlterationRecord, Deed};
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::engine::EngineFamily;
use crate::domain::record::{Entry, Record};
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;

impl Filterable for Cluster {
    fn texts(&self) -> Vec<Cow<'_, str>> {
        let engine = self.member(FilterKey::Engine).unwrap_or_default();
        vec![self.id.as_str().into(), self.status.as_str().into(), engine]
    }

    fn tags(&self) -> &[Tag] {
        &self.tags
    }

    fn member(&self, member: FilterKey) -> Option<Cow<'_, str>> {
        match member {
            FilterKey::Status => Some(self.status.as_str().into()),
            FilterKey::Engine => Some(format!("{}\n{}", self.engine(), self.family.reported_name()).into()),
            FilterKey::Cluster => Some(self.id.as_str().into()),
            FilterKey::Type | FilterKey::Change => None,
            FilterKey::Region | FilterKey::Account => of_arn(self.arn.as_deref(), member),
        }
    }

    fn begun(&self) -> Option<Timestamp> {
        self.created_at
    }
}

impl Filterable for Snapshot {
    fn texts(&self) -> Vec<Cow<'_, str>> {
        let cluster = self.cluster.as_ref().map_or("", ClusterId::as_str);
        let engine = self.member(FilterKey::Engine).unwrap_or_default();
        let (kind, status) = (self.kind.as_str(), self.status.as_str());
        vec![self.id.as_str().into(), cluster.into(), kind.into(), status.into(), engine]
    }

    /// Its identifier; the others are mostly those of many snapshots of its cluster.
    fn own_texts(&self) -> usize {
        1
    }

    fn tags(&self) -> &[Tag] {
        &self.tags
    }

    fn member(&self, member: FilterKey) -> Option<Cow<'_, str>> {
        match member {
            FilterKey::Status => Some(self.status.as_str().into()),
            FilterKey::Engine => {
                let engine = self.more.engine.as_deref()?;
                let version = self.more.engine_version.as_deref().unwrap_or_default();
                Some(format!("{} {version}\n{engine}", EngineFamily::reported(engine).name()).into())
            }
            FilterKey::Cluster => self.cluster.as_ref().map(|cluster| cluster.as_str().into()),
            FilterKey::Type => Some(self.kind.as_str().into()),
            // Only who knows the key of the tag that carries it can tell: the sieve.
            FilterKey::Change => None,
            FilterKey::Region | FilterKey::Account => of_arn(self.arn.as_deref(), member),
        }
    }

    fn begun(&self) -> Option<Timestamp> {
        self.created_at
    }
}

/// A request of the past: its status is what became of it, and how its snapshot ended, where that is known.
impl Filterable for Record {
    fn texts(&self) -> Vec<Cow<'_, str>> {
        let status = self.member(FilterKey::Status).unwrap_or_default();
        vec![self.intent.snapshot.as_str().into(), self.intent.cluster.as_str().into(), status]
    }

    fn tags(&self) -> &[Tag] {
        &self.intent.tags
    }

    fn member(&self, member: FilterKey) -> Option<Cow<'_, str>> {
        match member {
            FilterKey::Status => Some(format!("{}\n{}", self.result(), self.kind().short()).into()),
            FilterKey::Cluster => Some(self.intent.cluster.as_str().into()),
            FilterKey::Region => self.intent.region.as_deref().map(Cow::from),
            FilterKey::Account => self.intent.account.as_ref().map(|account| account.as_str().into()),
            FilterKey::Change => self.intent.change.as_ref().map(|id| id.as_str().into()),
            FilterKey::Engine | FilterKey::Type => None,
        }
    }

    fn begun(&self) -> Option<Timestamp> {
        Some(self.intent.asked_at())
    }
}

/// What was done to a snapshot: its status is what became of that.
impl Filterable for AlterationRecord {
    fn texts(&self) -> Vec<Cow<'_, str>> {
        let cluster = self.asked.cluster.as_deref().unwrap_or_default();
        vec![self.asked.snapshot.as_str().into(), cluster.into(), self.kind().short().into()]
    }

    fn tags(&self) -> &[Tag] {
        match &self.asked.deed {
            Deed::Tag { add, .. } => add,
            Deed::Delete | Deed::Other => &[],
        }
    }

    fn member(&self, member: FilterKey) -> Option<Cow<'_, str>> {
        match member {
            FilterKey::Status => Some(self.kind().short().into()),
            FilterKey::Cluster => self.asked.cluster.as_deref().map(Cow::from),
            FilterKey::Region | FilterKey::Account => of_arn(Some(&self.asked.arn), member),
            FilterKey::Engine | FilterKey::Type | FilterKey::Change => None,
        }
    }

    fn begun(&self) -> Option<Timestamp> {
        Some(self.asked.asked_at())
    }
}

impl Entry {
    /// What it is filtered by, whichever it is.
    pub(crate) fn row(&self) -> &dyn Filterable {
        match self {
            Self::Request(record) => record,
            Self::Alteration(record) => record,
        }
    }
}

fn of_arn(arn: Option<&str>, member: FilterKey) -> Option<Cow<'static, str>> {
    let Arn { region, account, .. } = Arn::reported(arn)?;
    let text = if member == FilterKey::Region { region } else { account.as_ref().map(AccountId::to_string) };
    text.map(Cow::from)
}
