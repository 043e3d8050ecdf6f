//! Tags afterwards: what is wanted of the tags of snapshots that are there, and for which of them that can be done.
//!
//! Texts in it come from outside and are not yet safe to show.

use super::alteration::Deed;
use super::failure::Failure;
use super::policy::Policy;
use super::removal::{Refusal, RemovalGround};
use super::snapshot::{Snapshot, SnapshotKind};
use super::snapshot_id::SnapshotId;
use super::status::SnapshotStatus;
use super::tag::{self, MAX_TAGS, Tag, TagProblems, overlay};

/// What is wanted of tags: some are given, in place of those of the same keys, and some are taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retag {
    add: Vec<Tag>,
    remove: Vec<String>,
}

/// One chosen snapshot, and whether its tags can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetagItem {
    /// The snapshot, as it was listed.
    pub snapshot: Snapshot,
    /// Its tags afterwards, but for AWS's own.
    pub tags: Vec<Tag>,
    /// Why they are not changed, if they are not.
    pub why_not: Option<String>,
    /// Why it takes the name of its cluster once more from a command.
    pub unconfirmed: Option<Failure>,
}

impl Retag {
    /// Takes tags to add and keys to take away, in the order in which they were given: the added ones first.
    ///
    /// # Errors
    /// Every rule that one breaks. The mark is neither given nor taken away: it proves whose a snapshot is.
    pub fn parse(add: Vec<Tag>, remove: &[String], policy: &Policy) -> Result<Self, TagProblems> {
        // A key that is taken away follows the rules of keys, and stands nowhere else.
        let removed = remove.iter().map(|key| Tag::new(key, ""));
        let all: Vec<Tag> = add.iter().cloned().chain(removed).collect();
        let mut problems = tag::problems(&all);
        problems.extend(policy.mark_key.problems(&all));
        if problems.is_empty() {
            Ok(Self { add, remove: remove.to_vec() })
        } else {
            Err(TagProblems(problems))
        }
    }

    /// What is done to each snapshot.
    pub(crate) fn deed(&self) -> Deed {
        Deed::Tag { add: self.add.clone(), remove: self.remove.clone() }
    }

    fn of(&self, tags: &[Tag]) -> Vec<Tag> {
        let is_left = |tag: &&Tag| !tag.is_reserved() && !self.remove.contains(&tag.key);
        let mut left: Vec<Tag> = tags.iter().filter(is_left).cloned().collect();
        overlay(&mut left, self.add.clone());
        left
    }
}

impl RetagItem {
    /// Those of some keys that the snapshot does not carry: there is nothing to take away.
    pub fn absent<'a>(&'a self, keys: &'a [String]) -> impl Iterator<Item = &'a String> {
        keys.iter().filter(|key| self.snapshot.tags.iter().all(|tag| tag.key != **key))
    }
}

impl RemovalGround<'_> {
    /// For which of the chosen snapshots the tags can be changed.
    pub(crate) fn retag(
        &self,
        mut is_chosen: impl FnMut(&Snapshot) -> bool,
        retag: &Retag,
    ) -> Vec<RetagItem> {
        let chosen = self.snapshots.iter().filter(|snapshot| is_chosen(snapshot));
        let mut items: Vec<RetagItem> = chosen.map(|snapshot| self.retag_item(snapshot, retag)).collect();
        items.sort_by(|one, other| {
            let (one, other) = (&one.snapshot, &other.snapshot);
            one.cluster.cmp(&other.cluster).then_with(|| one.id.cmp(&other.id))
        });
        items
    }

    fn retag_item(&self, snapshot: &Snapshot, retag: &Retag) -> RetagItem {
        let tags = retag.of(&snapshot.tags);
        let why_not = self.why_not(snapshot, &tags, retag);
        let unconfirmed = self.asked(snapshot, |target| self.policy.wants_confirmation(target, &[]));
        RetagItem { snapshot: snapshot.clone(), tags, why_not, unconfirmed }
    }

    fn why_not(&self, snapshot: &Snapshot, tags: &[Tag], retag: &Retag) -> Option<String> {
        if self.place.is_read_only {
            return Some("started with --read-only".to_owned());
        }
        if snapshot.kind != SnapshotKind::Manual || SnapshotId::parse(&snapshot.id).is_err() {
            return Some(format!("{}, not manual", snapshot.kind));
        }
        if matches!(snapshot.status, SnapshotStatus::Deleting | SnapshotStatus::Deleted) {
            return Some(Refusal::Status(snapshot.status.clone()).to_string());
        }
        if snapshot.arn.is_none() || snapshot.created_at.is_none() {
            return Some("its ARN or when it was created is not known".to_owned());
        }
        if tags.len() > MAX_TAGS {
            return Some(format!("it would have {} tags, at most {MAX_TAGS}", tags.len()));
        }
        let touches =
            |key: &&String| retag.remove.contains(key) || retag.add.iter().any(|tag| tag.key == **key);
        let missing = self.policy.missing(tags).find(touches);
        if let Some(key) = missing {
            return Some(format!("the tag {key} is required"));
        }
        self.asked(snapshot, |target| self.policy.forbids(target)).map(|failure| failure.to_string())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use jiff::Timestamp;

    use super::super::mark::MARK_KEY;
    use super::super::tag::TagRule;
    use super::*;
    use crate::fixtures;

    fn parse(add: &[(&str, &str)], remove: &[&str]) -> Result<Retag, TagProblems> {
        let remove: Vec<String> = remove.iter().map(|key| (*key).to_owned()).collect();
        let add = add.iter().map(|(key, value)| Tag::new(*key, *value)).collect();
        Retag::parse(add, &remove, &Policy::default())
    }

    fn rule(add: &[(&str, &str)], remove: &[&str]) -> TagRule {
        parse(add, remove).unwrap_err().0.into_iter().next().unwrap().rule
    }

    #[test]
    fn the_mark_is_neither_given_nor_taken_away() {
        assert_eq!(rule(&[(MARK_KEY, "x")], &[]), TagRule::Mark);
        assert_eq!(rule(&[], &[MARK_KEY]), TagRule::Mark);
        let policy =
            Policy { mark_key: super::super::mark::MarkKey(Some("proof".to_owned())), ..Policy::default() };
        assert!(Retag::parse(Vec::new(), &["proof".to_owned()], &policy).is_err());
    }

    #[test]
    fn the_rules_of_tags_hold_for_both() {
        assert_eq!(rule(&[("aws:x", "y")], &[]), TagRule::Reserved("aws:"));
        assert_eq!(rule(&[], &["rds:x"]), TagRule::Reserved("rds:"));
        assert_eq!(rule(&[("a", "1"), ("a", "2")], &[]), TagRule::Duplicate { first: 0 });
        assert_eq!(rule(&[("a", "1")], &["a"]), TagRule::Duplicate { first: 0 });
        assert_eq!(rule(&[("a", "\t")], &[]), TagRule::Forbidden('\t'));
        assert_eq!(rule(&[], &[""]), TagRule::EmptyKey);
    }

    #[test]
    fn what_is_given_takes_the_place_of_what_is_there() {
        let there = [Tag::new("a", "1"), Tag::new("b", "2"), Tag::new("aws:x", "y")];
        let retag = parse(&[("a", "3"), ("c", "4")], &["b"]).unwrap();
        assert_eq!(retag.of(&there), [Tag::new("a", "3"), Tag::new("c", "4")]);
        assert!(retag.deed().is_done_to(&retag.of(&there)));
        assert!(!retag.deed().is_done_to(&there));
    }

    #[test]
    fn the_tags_of_one_that_is_being_deleted_are_left() {
        let retag = parse(&[("a", "1")], &[]).unwrap();
        let listed = |status: &str| Snapshot {
            arn: Some(fixtures::snapshot_arn("eu-west-1", fixtures::ACCOUNT, "s")),
            created_at: Some(Timestamp::UNIX_EPOCH),
            ..fixtures::snapshot("s", "orders", status)
        };
        let snapshots = ["available", "failed", "deleting", "deleted"].map(listed);
        let ground = RemovalGround {
            place: &fixtures::place("eu-west-1"),
            account: None,
            snapshots: &snapshots,
            clusters: None,
            open: &[],
            deletions: &[],
            changes: &[],
            policy: &Policy::default(),
            now: Timestamp::UNIX_EPOCH,
        };
        let why_not: Vec<_> = ground.retag(|_| true, &retag).into_iter().map(|item| item.why_not).collect();
        let why_not: Vec<_> = why_not.iter().map(Option::as_deref).collect();
        assert_eq!(why_not, [None, None, Some("it is being deleted already"), Some("it is deleted already")]);
    }
}
