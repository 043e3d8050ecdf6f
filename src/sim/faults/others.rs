//! What others do in the account: somebody who wants the same name, an auto-tagger.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::clock::Period;
use crate::domain::tag::{MAX_TAGS, Tag};

/// Somebody else's snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rival {
    /// Its identifier; the request's, if left out.
    pub identifier: Option<String>,
    /// The cluster it is of; the request's, if left out.
    pub cluster: Option<String>,
    /// Whether it carries the request's tags, but for its mark; it has none otherwise.
    pub same_tags: bool,
    /// Whether what has the name is deleted first.
    pub replaces: bool,
}

/// Something in the account that changes the tags of each new snapshot, whoever made it, once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tagger {
    /// How long after the snapshot was begun; the answer to the create still shows the tags before.
    pub after: Period,
    /// Whether it takes all tags away before it sets its own.
    pub replaces_all: bool,
    /// The keys that it removes.
    pub remove: Vec<String>,
    /// The tags that it adds, or overwrites by key.
    pub set: BTreeMap<String, String>,
}

impl Tagger {
    /// Changes tags. One that does not fit any more, after 50, is not set: the service refuses it.
    pub fn apply(&self, tags: &mut Vec<Tag>) {
        tags.retain(|tag| !self.replaces_all && !self.remove.contains(&tag.key));
        for (key, value) in &self.set {
            if let Some(tag) = tags.iter_mut().find(|tag| tag.key == *key) {
                tag.value.clone_from(value);
            } else if tags.len() < MAX_TAGS {
                tags.push(Tag::new(key, value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tagged(tagger: &Tagger, tags: &[(&str, &str)]) -> Vec<Tag> {
        let mut tags = tags.iter().map(|(key, value)| Tag::new(*key, *value)).collect();
        tagger.apply(&mut tags);
        tags
    }

    fn set(key: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(key.to_owned(), value.to_owned())])
    }

    #[test]
    fn it_overwrites_adds_and_removes_by_key() {
        let tags = [("owner", "me"), ("ticket", "1")];
        let overwrites = Tagger { set: set("owner", "bot"), ..Tagger::default() };
        assert_eq!(tagged(&overwrites, &tags), [Tag::new("owner", "bot"), Tag::new("ticket", "1")]);
        let adds = Tagger { set: set("by", "bot"), ..Tagger::default() };
        assert_eq!(tagged(&adds, &tags[..1]), [Tag::new("owner", "me"), Tag::new("by", "bot")]);
        let removes = Tagger { remove: vec!["ticket".to_owned()], ..Tagger::default() };
        assert_eq!(tagged(&removes, &tags), [Tag::new("owner", "me")]);
        let replaces = Tagger { replaces_all: true, set: set("by", "bot"), ..Tagger::default() };
        assert_eq!(tagged(&replaces, &tags), [Tag::new("by", "bot")]);
    }

    #[test]
    fn a_full_list_of_tags_takes_no_more_and_is_overwritten_all_the_same() {
        let full: Vec<Tag> = (0..MAX_TAGS).map(|n| Tag::new(format!("k{n}"), "")).collect();
        for (key, added) in [("k7", true), ("by", false)] {
            let mut tags = full.clone();
            Tagger { set: set(key, "bot"), ..Tagger::default() }.apply(&mut tags);
            assert_eq!((tags.len(), tags.contains(&Tag::new(key, "bot"))), (MAX_TAGS, added));
        }
    }
}
