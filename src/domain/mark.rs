//! The number of a request, and the mark that it leaves on its snapshot: one tag more, whose value is the
//! number. It proves from any machine, with no journal, whose a snapshot is.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::tag::{self, Tag, TagPart, TagProblem, TagRule};

/// The number of one confirmed request: no other has it, on this machine or another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestNumber(String);

impl RequestNumber {
    /// A number of the time at which it is drawn, by this machine's clock, and 64 random bits.
    #[must_use]
    pub fn new(now: Timestamp, random: u64) -> Self {
        Self(format!("{}-{random:016x}", now.strftime("%Y%m%dT%H%M%SZ")))
    }

    /// A number as a journal has it.
    pub(crate) fn journalled(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of the tag that carries a request's number; `None` where requests are to be sent without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkKey(pub Option<String>);

/// The key where the configuration names no other.
pub const MARK_KEY: &str = "clustersnap:request";

impl Default for MarkKey {
    fn default() -> Self {
        Self(Some(MARK_KEY.to_owned()))
    }
}

impl MarkKey {
    /// The mark of a request: the tag that it carries besides its others.
    pub(crate) fn tag(&self, number: &RequestNumber) -> Option<Tag> {
        self.0.as_deref().map(|key| Tag::new(key, number.as_str()))
    }

    /// Every tag that stands under a mark's key although only the program gives those. Other machines know a request by
    /// the usual key.
    pub(crate) fn problems(&self, tags: &[Tag]) -> Vec<TagProblem> {
        let rows = tags.iter().enumerate().filter(|(_, tag)| self.is_marks(&tag.key));
        rows.map(|(row, _)| TagProblem { row, part: TagPart::Key, rule: TagRule::Mark }).collect()
    }

    /// The tags of a cluster that can be given to its snapshot: all but AWS's own, and but the mark that a
    /// cluster has when it was restored from a marked snapshot. That would be another request's. A tag that merely has
    /// the key which the configuration gave the mark is the cluster's own: no request may take its place.
    pub(crate) fn givable(&self, reported: &[Tag]) -> Vec<Tag> {
        let is_mark = |tag: &Tag| tag.key == MARK_KEY || (self.is_marks(&tag.key) && is_number(&tag.value));
        tag::givable(reported).into_iter().filter(|tag| !is_mark(tag)).collect()
    }

    /// Whether a tag of this key is a mark: it is this one, or the usual one.
    pub(crate) fn is_marks(&self, key: &str) -> bool {
        key == MARK_KEY || self.0.as_deref() == Some(key)
    }
}

/// Whose the mark on a snapshot is, beside a request that was sent with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// It carries the request's own number.
    ThisRequest,
    /// It carries the number of another request.
    AnotherRequest,
}

/// Whether tags carry the mark of any request: a request's number, whatever key its configuration gave it.
pub(crate) fn is_marked(tags: &[Tag]) -> bool {
    is_marked_beside(tags, &[])
}

/// The same, where a mark is none that their cluster carries: one that was restored from a marked snapshot can have its
/// tags, and every snapshot of it then, whoever makes it.
pub(crate) fn is_marked_beside(tags: &[Tag], cluster: &[Tag]) -> bool {
    tags.iter().any(|tag| (tag.key == MARK_KEY || is_number(&tag.value)) && !cluster.contains(tag))
}

/// Whether a value begins as the numbers of requests do, those of plans too: with their time.
fn is_number(value: &str) -> bool {
    let parts = value.split_once('-');
    parts.is_some_and(|(time, rest)| DateTime::strptime("%Y%m%dT%H%M%SZ", time).is_ok() && !rest.is_empty())
}

/// Reads the mark of a snapshot; `None` if it carries no number. That is soft: a tool that replaces all tags takes the
/// mark with it.
pub(crate) fn read(key: &str, number: &RequestNumber, tags: &[Tag]) -> Option<Marked> {
    let mark = tags.iter().find(|tag| tag.key == key)?;
    Some(if mark.value == number.as_str() { Marked::ThisRequest } else { Marked::AnotherRequest })
}

/// Whether tags carry, under the key of a mark, another one.
pub(crate) fn is_of_another(mark: Option<&Tag>, tags: &[Tag]) -> bool {
    mark.is_some_and(|mark| tags.iter().any(|tag| tag.key == mark.key && tag.value != mark.value))
}

/// What proves that a snapshot is a request's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The tag of this key on it, which carries the request's number.
    Tag(String),
    /// AWS's answer to the request.
    Answer,
}

impl Proof {
    /// The proof in words, for who counts on it.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Tag(key) => format!("its tag {key}"),
            Self::Answer => "AWS's answer to the request".to_owned(),
        }
    }

    /// The proof in one word, for programs.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Tag(_) => "tag",
            Self::Answer => "answer",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_names_this_request_another_one_or_none() {
        let number = RequestNumber::new(Timestamp::UNIX_EPOCH, 0xab);
        assert_eq!(number.as_str(), "19700101T000000Z-00000000000000ab");
        let tags = |value: &str| vec![Tag::new("owner", "dba"), Tag::new(MARK_KEY, value)];
        assert_eq!(read(MARK_KEY, &number, &tags(number.as_str())), Some(Marked::ThisRequest));
        assert_eq!(read(MARK_KEY, &number, &tags("x")), Some(Marked::AnotherRequest));
        assert_eq!(read("other", &number, &tags(number.as_str())), None);
    }

    #[test]
    fn a_number_is_a_mark_under_whatever_key_it_stands() {
        let number = RequestNumber::new(Timestamp::UNIX_EPOCH, 0xab);
        assert!(is_marked(&[Tag::new("proof", number.as_str())]) && is_marked(&[Tag::new(MARK_KEY, "7")]));
        for other in ["", "CHG-1042", "20261129-ab", "19700101T000000Z-", "20261399T000000Z-00000000000000ab"]
        {
            assert!(!is_marked(&[Tag::new("proof", other)]), "{other}");
        }
    }

    #[test]
    fn nobody_gives_a_mark_under_the_usual_key_nor_under_the_configured_one() {
        let tags = [MARK_KEY, "owner", "proof"].map(|key| Tag::new(key, "x"));
        let given = |key: Option<&str>| {
            let problems = MarkKey(key.map(str::to_owned)).problems(&tags);
            problems.into_iter().map(|problem| problem.row).collect::<Vec<usize>>()
        };
        assert_eq!(
            (given(Some("proof")), given(Some(MARK_KEY)), given(None)),
            (vec![0, 2], vec![0], vec![0])
        );
        for mark in [None, Some(Tag::new("other", "7"))] {
            assert!(tag::TagSet::marked(tags.to_vec(), mark).is_err());
        }
    }

    #[test]
    fn a_cluster_that_was_restored_from_a_marked_snapshot_does_not_pass_its_mark_on() {
        let number = "20261123T015801Z-9f0c5b1e77aa42d3";
        let tags = [Tag::new("owner", "dba"), Tag::new(MARK_KEY, "x"), Tag::new("proof", number)];
        let keys = |key: &str| {
            let key = MarkKey(Some(key.to_owned()));
            key.givable(&tags).into_iter().map(|tag| tag.key).collect::<Vec<String>>()
        };
        assert_eq!(keys(MARK_KEY), ["owner", "proof"]);
        assert_eq!(keys("proof"), ["owner"]);
        assert_eq!(MarkKey(None).givable(&tags).len(), 2);
        assert_eq!(keys("owner"), ["owner", "proof"], "its own, whatever the mark's key is");
    }

    #[test]
    fn a_number_is_told_from_what_else_a_tag_says() {
        let made = RequestNumber::new(Timestamp::UNIX_EPOCH, 0xab);
        for number in [made.as_str(), "20261201T020000Z-nightly-orders"] {
            assert!(is_number(number), "{number}");
        }
        for other in ["", "dba", "20261201T020000Z", "20261201T020000Z-", "2026-12-01T02:00:00Z-x", "größe"]
        {
            assert!(!is_number(other), "{other}");
        }
    }
}
