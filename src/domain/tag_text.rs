//! Tags as people have them in files, tickets and clipboards: read, not judged.
//!
//! Four forms: `key=value`, and `Key=k,Value=v` as the AWS command line takes it (several on a line are
//! parted by spaces), one or more lines of either; JSON `[{"Key": "k", "Value": "v"}]` as it prints them; and JSON
//! `{"k": "v"}`. Whether the tags may be given is [`super::tag`]'s to say, so that each problem is told at
//! its row.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::tag::Tag;

/// The most tags that are read from a text: far more than may be given, and few enough to show.
const MAX_ROWS: usize = 200;

/// Why a text cannot be read as tags.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagTextError {
    /// A line has no `=`.
    #[error("line {line}: no = between a tag key and its value")]
    NoEquals {
        /// Number of the line, from 1.
        line: usize,
    },
    /// It begins like JSON and is neither of the two forms.
    #[error("not tags in JSON: {0}")]
    Json(String),
    /// There are more than anyone can mean.
    #[error("more than {MAX_ROWS} tags; a snapshot has at most {}", super::tag::MAX_TAGS)]
    TooMany,
}

/// Reads tags in any of the four forms, in their order. Blank lines count for nothing, as do blanks at
/// both ends of a line.
///
/// # Errors
/// What cannot be read, and where.
pub fn parse(text: &str) -> Result<Vec<Tag>, TagTextError> {
    let tags = match text.trim_start().chars().next() {
        Some('[') => json::<Vec<Listed>>(text)?.into_iter().map(|tag| Tag::new(tag.key, tag.value)).collect(),
        Some('{') => json::<Pairs>(text)?.0,
        _ => lines(text)?,
    };
    if tags.len() > MAX_ROWS { Err(TagTextError::TooMany) } else { Ok(tags) }
}

/// Reads one `key=value`, parted at the first `=`. `None` if there is none.
#[must_use]
pub fn pair(text: &str) -> Option<Tag> {
    text.split_once('=').map(|(key, value)| Tag::new(key, value))
}

fn lines(text: &str) -> Result<Vec<Tag>, TagTextError> {
    let mut tags = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        match shorthand(line) {
            Some(found) => tags.extend(found),
            None => tags.push(pair(line).ok_or(TagTextError::NoEquals { line: index + 1 })?),
        }
        if tags.len() > MAX_ROWS {
            return Err(TagTextError::TooMany);
        }
    }
    Ok(tags)
}

/// The AWS command line's form. No tag may have a comma, so nothing valid of the other form looks like it.
fn shorthand(line: &str) -> Option<Vec<Tag>> {
    let mut parts = line.split("Key=");
    if !parts.next()?.is_empty() {
        return None;
    }
    let tag = |part: &str| part.split_once(",Value=").map(|(key, value)| Tag::new(key, value.trim_end()));
    parts.map(tag).collect()
}

fn json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, TagTextError> {
    serde_json::from_str(text).map_err(|error| TagTextError::Json(error.to_string()))
}

/// A tag in a list.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    #[serde(rename = "Key", alias = "key")]
    key: String,
    #[serde(rename = "Value", alias = "value", default)]
    value: String,
}

/// The members of an object, in their order, also those that come twice.
struct Pairs(Vec<Tag>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut tags = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, String>()? {
            tags.push(Tag { key, value });
        }
        Ok(Pairs(tags))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        parse(text).unwrap().into_iter().map(|tag| (tag.key, tag.value)).collect()
    }

    #[test]
    fn every_form_gives_the_same_tags() {
        let expected = [("owner".to_owned(), "dba".to_owned()), ("ticket".to_owned(), "CHG 1042".to_owned())];
        for text in [
            "owner=dba\nticket=CHG 1042",
            "\n  owner=dba\r\n\r\n\tticket=CHG 1042  \n",
            "Key=owner,Value=dba Key=ticket,Value=CHG 1042",
            "Key=owner,Value=dba\nKey=ticket,Value=CHG 1042\n",
            "Key=owner,Value=dba\nticket=CHG 1042",
            r#"[{"Key":"owner","Value":"dba"},{"Value":"CHG 1042","Key":"ticket"}]"#,
            r#" {"owner": "dba", "ticket": "CHG 1042"}"#,
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_inside_a_tag_is_kept() {
        assert_eq!(read("a= b=c"), [("a".to_owned(), " b=c".to_owned())]);
        assert_eq!(read("Key=x"), [("Key".to_owned(), "x".to_owned())]);
        assert_eq!(read("=v\nk="), [(String::new(), "v".to_owned()), ("k".to_owned(), String::new())]);
        assert_eq!(read(r#"[{"Key":"k"}]"#), [("k".to_owned(), String::new())]);
        assert_eq!(read(""), []);
    }

    #[test]
    fn a_key_that_comes_twice_is_not_swallowed() {
        assert_eq!(read(r#"{"b":"1","a":"2","b":"3"}"#).len(), 3);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        assert_eq!(parse("a=b\n\nowner"), Err(TagTextError::NoEquals { line: 3 }));
        for text in ["[", "{\"a\":1}", "[{\"Key\":\"a\",\"Value\":\"b\",\"x\":\"c\"}]", "{} {}", "[1]"] {
            assert!(matches!(parse(text), Err(TagTextError::Json(_))), "{text}");
        }
        assert_eq!(parse(&"a=b\n".repeat(1 << 18)), Err(TagTextError::TooMany));
    }
}
