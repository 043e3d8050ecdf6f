//! A change: snapshots of many clusters, asked for together under one id, each an exactly-once request of its own.
//!
//! What is wrong with the whole of it is found here, before anything is sent; what stands against one item,
//! [`preflight`](super::preflight) tells as for a single request. Text in it comes from outside and is not yet safe to
//! show.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::{AccountId, may_be_same};
use super::change_id::{ChangeId, ChangeKey};
use super::cluster_id::ClusterId;
use super::page::Quota;
use super::request::SnapshotRequest;
use super::snapshot_id::SnapshotId;
use super::tag::{Tag, overlay};

/// How many requests of a change are under way in one account and Region at a time.
pub const AT_ONCE: usize = 4;

/// Why a request was not sent that may be sent yet.
pub const AT_WORK: &str = "a program is at work on the change, and may send it yet";

/// Snapshots of many clusters, asked for together. Serialized as its file has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What the change is called where it was approved.
    pub id: ChangeId,
    /// What tells this asking from another one for the same change; it names the file that keeps it.
    pub token: String,
    /// When a person said that it may be sent.
    pub since: Timestamp,
    /// What is asked, each a request of its own. What became of one, the journal tells by its number.
    pub items: Vec<ChangeItem>,
    /// Whether nothing more of it is sent once one has come to nothing. A file of before there was this choice has none.
    #[serde(default)]
    pub all_or_stop: bool,
    /// The clusters that it was to be for, and for which it sends nothing. A file of before these were written has none.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// Whether it is over and requests of it were not sent, by no person's decision: the next start tells that once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_untold: bool,
}

/// A cluster that was marked for a change, and for which the change sends nothing; or a whole place that could not be
/// read, so that it is not known which of its clusters were meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its place.
    #[serde(flatten)]
    pub place: ChangePlace,
    /// The account that was asked, if it was known.
    pub account: Option<AccountId>,
    /// The cluster, as it was written down; empty for a place.
    pub cluster: String,
    /// Why, in a clause.
    pub why: String,
    /// Whether it was requested before, or is requested apart.
    pub is_requested: bool,
}

/// A place that was asked, by its profile and its Region, as far as these are known.
pub(crate) type AskedPlace = (Option<String>, Option<String>);

/// One request of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeItem {
    /// Where it goes.
    #[serde(flatten)]
    pub place: ChangePlace,
    /// The account that it was confirmed for, if it was known: it goes to no other.
    pub account: Option<AccountId>,
    /// What is asked.
    #[serde(flatten)]
    pub request: SnapshotRequest,
    /// Whether it waits until its cluster is available.
    pub when_available: bool,
    /// Why it was not sent, in a clause, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Where a request of a change goes, by what a connection is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChangePlace {
    /// The profile that was named, if one was.
    pub profile: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// The endpoint, where it is not AWS's own.
    pub endpoint: Option<String>,
}

/// The quota of manual snapshots of an account in a Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The account, if it is known.
    pub account: Option<AccountId>,
    /// The Region.
    pub region: Option<String>,
    /// What it has of them.
    pub quota: Quota,
}

/// What stands against a change as a whole: not all of it can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeObstacle {
    /// Two snapshots of one account and Region would have one name.
    #[error(
        "{name} would be the name for {first} and for {second}: with {{cluster}} or {{seq}} in it, names tell \
         clusters apart"
    )]
    SameName {
        /// The name.
        name: SnapshotId,
        /// A cluster that it would stand for.
        first: ClusterId,
        /// Another one.
        second: ClusterId,
    },
    /// There is less room than is wanted.
    #[error("{wanted} wanted, the quota has room for {left} in {}", place(account.as_ref(), region.as_deref()))]
    NoRoom {
        /// How many snapshots are wanted.
        wanted: u64,
        /// How many more there may be.
        left: u64,
        /// The account, if it is known.
        account: Option<AccountId>,
        /// The Region.
        region: Option<String>,
    },
}

impl LeftOut {
    /// Whether it is a place that could not be read.
    #[must_use]
    pub fn is_place(&self) -> bool {
        self.cluster.is_empty()
    }

    /// Whether it is one of these places, as far as it was got to know.
    pub(crate) fn is_of_place(&self, asked: &[AskedPlace]) -> bool {
        let is_it = |(profile, region): &AskedPlace| {
            self.place.profile == *profile && may_be_same(self.place.region.as_ref(), region.as_ref())
        };
        self.is_place() && asked.iter().any(is_it)
    }
}

impl ChangeItem {
    /// Whether it may go to an account and Region: an account that is not known may be any.
    pub(crate) fn may_be_of(&self, account: Option<&AccountId>, region: Option<&str>) -> bool {
        may_be_same(self.account.as_ref(), account) && self.place.region.as_deref() == region
    }

    fn collides_with(&self, other: &Self) -> bool {
        self.request.snapshot == other.request.snapshot
            && self.may_be_of(other.account.as_ref(), other.place.region.as_deref())
    }
}

/// Everything that stands against sending all of these.
pub(crate) fn obstacles(items: &[&ChangeItem], rooms: &[Room]) -> Vec<ChangeObstacle> {
    let mut found: Vec<ChangeObstacle> = Vec::new();
    for (at, second) in items.iter().enumerate() {
        let first = items.iter().take(at).find(|first| first.collides_with(second));
        found.extend(first.map(|first| ChangeObstacle::SameName {
            name: second.request.snapshot.clone(),
            first: first.request.cluster.clone(),
            second: second.request.cluster.clone(),
        }));
    }
    for Room { account, region, quota } in rooms {
        let goes_there = |item: &&&ChangeItem| item.may_be_of(account.as_ref(), region.as_deref());
        let wanted = u64::try_from(items.iter().filter(goes_there).count()).unwrap_or(u64::MAX);
        let left = quota.max.saturating_sub(quota.used);
        if wanted > left {
            let (account, region) = (account.clone(), region.clone());
            found.push(ChangeObstacle::NoRoom { wanted, left, account, region });
        }
    }
    found
}

/// The tags of an item: those that its cluster (or the configuration) gives, over them those that were typed for all,
/// and the change's id under its key.
pub(crate) fn tags(given: Vec<Tag>, typed: &[Tag], key: &ChangeKey, id: &ChangeId) -> Vec<Tag> {
    let mut tags = given;
    overlay(&mut tags, typed.to_vec());
    overlay(&mut tags, vec![Tag::new(&key.0, id.as_str())]);
    tags
}

/// Why one of them stops those that are not sent yet: a clause.
pub(crate) fn why_stopped(name: &SnapshotId, is_known: bool) -> String {
    if is_known {
        format!("{name} came to nothing")
    } else {
        format!("it is not known what became of {name}")
    }
}

fn place(account: Option<&AccountId>, region: Option<&str>) -> String {
    let region = region.unwrap_or("a Region that is not known");
    account.map_or_else(|| region.to_owned(), |account| format!("{region} of {account}"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::domain::mark::RequestNumber;
    use crate::domain::tag::TagSet;

    fn item(account: Option<&str>, region: &str, cluster: &str, snapshot: &str) -> ChangeItem {
        ChangeItem {
            place: ChangePlace { region: Some(region.to_owned()), ..ChangePlace::default() },
            account: account.and_then(AccountId::reported),
            request: SnapshotRequest {
                number: RequestNumber::journalled(snapshot),
                cluster: ClusterId::parse(cluster).unwrap(),
                cluster_resource_id: None,
                snapshot: SnapshotId::parse(snapshot).unwrap(),
                tags: TagSet::default(),
                mark: None,
                change: None,
            },
            when_available: false,
            why: None,
        }
    }

    fn words(items: &[ChangeItem], rooms: &[Room]) -> Vec<String> {
        let items: Vec<&ChangeItem> = items.iter().collect();
        obstacles(&items, rooms).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_name_for_two_clusters_of_one_place_is_told_and_elsewhere_it_is_none() {
        let here = item(Some("1"), "eu-west-1", "a", "x");
        for (account, region, collides) in [
            (Some("1"), "eu-west-1", true),
            (None, "eu-west-1", true),
            (Some("2"), "eu-west-1", false),
            (Some("1"), "us-east-1", false),
        ] {
            let told = words(&[here.clone(), item(account, region, "b", "x")], &[]);
            assert_eq!(told.len(), usize::from(collides), "{account:?} {region}: {told:?}");
            assert!(!collides || told[0].starts_with("x would be the name for a and for b"), "{told:?}");
        }
        assert!(words(&[here, item(Some("1"), "eu-west-1", "b", "y")], &[]).is_empty());
    }

    #[test]
    fn the_quota_is_counted_over_all_that_go_to_one_place() {
        let names = ["a", "b", "c"];
        let items = names.map(|name| item(Some("1"), "eu-west-1", name, name));
        let room = |used| Room {
            account: AccountId::reported("1"),
            region: Some("eu-west-1".to_owned()),
            quota: Quota { used, max: 100 },
        };
        assert!(words(&items, &[room(97)]).is_empty());
        assert_eq!(words(&items, &[room(98)]), ["3 wanted, the quota has room for 2 in eu-west-1 of 1"]);
        assert_eq!(words(&items, &[room(120)]), ["3 wanted, the quota has room for 0 in eu-west-1 of 1"]);
        let elsewhere = Room { region: Some("us-east-1".to_owned()), ..room(100) };
        assert!(words(&items, &[elsewhere]).is_empty());
    }

    #[test]
    fn an_item_keeps_its_cluster_s_tags_and_carries_what_was_typed_and_the_change() {
        let id = ChangeId::parse("CHG-1").unwrap();
        let given = vec![Tag::new("owner", "dba"), Tag::new("change", "old")];
        let tags = tags(given, &[Tag::new("owner", "me"), Tag::new("why", "x")], &ChangeKey::default(), &id);
        assert_eq!(tags, [Tag::new("owner", "me"), Tag::new("change", "CHG-1"), Tag::new("why", "x")]);
    }
}
