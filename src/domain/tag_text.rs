//! Tags as people have them in files, tickets and clipboards: read, not judged.
//!
//! Lines of `key=value`, of `Key=k,Value=v` as the AWS command line takes it (several on a line are parted by
//! spaces), or of a comment that begins with `#`; and the JSON that it prints and takes: a list of
//! `{"Key": …, "Value": …}`, alone or as the `TagList` or `Tags` of one thing, one of these, and `{"k": "v"}`. Whether
//! the tags may be given is [`super::tag`]'s to say, so that each problem is told at its row.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::tag::Tag;

/// The most tags that are read from a text: far more than may be given, and few enough to show.
const MAX_ROWS: usize = 200;
/// What the AWS command line calls the one thing, or the list of things, that tags are printed with.
const THINGS: &[&str] =
    &["DBClusterSnapshots", "DBClusters", "DBClusterSnapshot", "DBCluster", "ResourceTagMappingList"];
/// What it calls their tags.
const LISTS: &[&str] = &["TagList", "Tags"];
/// What editors of some systems put before a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Why a text cannot be read as tags.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagTextError {
    /// A line has no `=`.
    #[error("line {line}: no = between a tag key and its value")]
    NoEquals {
        /// Number of the line, from 1.
        line: usize,
    },
    /// There are blanks beside the `=`, which few people mean and AWS would keep.
    #[error(
        "line {line}: blanks beside the = would be part of the tag; write it without, or to keep them as \
         Key=KEY,Value=VALUE"
    )]
    BlanksAtEquals {
        /// Number of the line, from 1.
        line: usize,
    },
    /// It begins like JSON and is none.
    #[error("line {line}, column {column}: this is no JSON")]
    NotJson {
        /// Number of the line, from 1.
        line: usize,
        /// Number of the column, from 1; 0 before the first.
        column: usize,
    },
    /// It is JSON, and no tags.
    #[error("no tags in this JSON: {0}")]
    NoTags(String),
    /// There are more than anyone can mean.
    #[error("more than {MAX_ROWS} tags; a snapshot has at most {}", super::tag::MAX_TAGS)]
    TooMany,
}

impl TagTextError {
    /// What is wrong, where there is only one line.
    pub(crate) fn without_line(&self) -> String {
        let told = self.to_string();
        told.split_once(": ")
            .filter(|_| told.starts_with("line "))
            .map_or(told.clone(), |(_, rest)| rest.to_owned())
    }
}

/// Reads tags in any of the forms, in their order. Blank lines count for nothing, as do blanks at both ends of
/// a line; [`remarks`] tells of those.
///
/// # Errors
/// What cannot be read, and where.
pub fn parse(text: &str) -> Result<Vec<Tag>, TagTextError> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let tags = match text.trim_start().chars().next() {
        Some('[' | '{') => from_json(&json(text)?)?,
        _ => lines(text)?,
    };
    if tags.len() > MAX_ROWS { Err(TagTextError::TooMany) } else { Ok(tags) }
}

/// Whether the text is what AWS prints of a thing with tags, not a list that somebody wrote.
pub(crate) fn is_printed_by_aws(text: &str) -> bool {
    let start = text.trim_start_matches(BYTE_ORDER_MARK).trim_start();
    start.starts_with('{') && LISTS.iter().any(|list| start.contains(&format!("\"{list}\"")))
}

/// Reads one line, as it may stand on a command line too.
///
/// # Errors
/// If there is no tag in it, or one with blanks that nobody means.
pub fn line(text: &str) -> Result<Vec<Tag>, TagTextError> {
    line_of(text, 1)
}

/// What a person should know of how a text was read: blanks that were left out or kept, and that nothing was
/// there.
pub(crate) fn remarks(text: &str, tags: &[Tag]) -> Vec<String> {
    let mut remarks = Vec::new();
    if tags.is_empty() {
        remarks.push("there is no tag in it".to_owned());
    }
    let is_json = text.trim_start_matches(BYTE_ORDER_MARK).trim_start().starts_with(['[', '{']);
    let has_ends = |line: &&str| !is_passed_over(line) && line.trim() != *line;
    let count = text.lines().filter(has_ends).count();
    if count > 0 && !is_json {
        let lines = if count == 1 { "a line".to_owned() } else { format!("{count} lines") };
        remarks.push(format!("blanks at the ends of {lines} were left out"));
    }
    let has_blank_ends = |text: &str| text.trim() != text;
    let kept = tags.iter().filter(|tag| has_blank_ends(&tag.key) || has_blank_ends(&tag.value));
    remarks.extend(
        kept.map(|tag| format!("the blanks around \"{}\" = \"{}\" are part of it", tag.key, tag.value)),
    );
    remarks
}

/// The text of a file, which may be in UTF-16 if it says so, as Windows writes it.
///
/// # Errors
/// The byte from which on it is no text.
pub fn decode(bytes: &[u8]) -> Result<String, usize> {
    let units = |order: fn([u8; 2]) -> u16, bytes: &[u8]| -> Result<String, usize> {
        let units = bytes.chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
        char::decode_utf16(units).collect::<Result<String, _>>().map_err(|_lone_surrogate| 2)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => units(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => units(u16::from_be_bytes, rest),
        _ => std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| error.valid_up_to()),
    }
}

fn is_passed_over(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

fn lines(text: &str) -> Result<Vec<Tag>, TagTextError> {
    let mut tags = Vec::new();
    for (index, text) in text.lines().enumerate().filter(|(_, text)| !is_passed_over(text)) {
        tags.extend(line_of(text.trim(), index + 1)?);
        if tags.len() > MAX_ROWS {
            return Err(TagTextError::TooMany);
        }
    }
    Ok(tags)
}

fn line_of(text: &str, line: usize) -> Result<Vec<Tag>, TagTextError> {
    if let Some(tags) = shorthand(text).filter(|tags| !tags.is_empty()) {
        return Ok(tags);
    }
    let (key, value) = text.split_once('=').ok_or(TagTextError::NoEquals { line })?;
    if key.ends_with(char::is_whitespace) || value.starts_with(char::is_whitespace) {
        return Err(TagTextError::BlanksAtEquals { line });
    }
    Ok(vec![Tag::new(key, value)])
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

fn json(text: &str) -> Result<Json, TagTextError> {
    serde_json::from_str(text)
        .map_err(|error| TagTextError::NotJson { line: error.line(), column: error.column() })
}

/// JSON whose objects keep their order, and members that come twice.
#[derive(Deserialize)]
#[serde(untagged)]
enum Json {
    List(Vec<Json>),
    Object(Members),
    Text(String),
    Other(IgnoredAny),
}

struct Members(Vec<(String, Json)>);

fn from_json(json: &Json) -> Result<Vec<Tag>, TagTextError> {
    match json {
        Json::List(list) => list.iter().map(listed).collect(),
        Json::Object(Members(members)) => {
            let named = |names: &[&str]| members.iter().find(|(name, _)| names.contains(&name.as_str()));
            match (named(LISTS), named(THINGS)) {
                (Some((_, list @ Json::List(_))), _) => from_json(list),
                (_, Some((name, thing))) => from_thing(name, thing),
                _ if is_one(members) => Ok(vec![listed(json)?]),
                _ => members.iter().map(pair).collect(),
            }
        }
        Json::Text(_) | Json::Other(_) => Err(no_tags("it is neither a list nor an object")),
    }
}

/// The tags of a cluster or snapshot as it was printed; of several, nobody can tell whose are meant.
fn from_thing(name: &str, thing: &Json) -> Result<Vec<Tag>, TagTextError> {
    let one = match thing {
        Json::List(list) => match list.as_slice() {
            [one] => one,
            list => {
                return Err(no_tags(&format!(
                    "{name} has {} members, and the tags of one are wanted",
                    list.len()
                )));
            }
        },
        one => one,
    };
    let Json::Object(Members(members)) = one else {
        return Err(no_tags(&format!("{name} has no members in it")));
    };
    let list = members.iter().find(|(name, _)| LISTS.contains(&name.as_str()));
    list.map_or_else(|| Ok(Vec::new()), |(_, list)| from_json(list))
}

/// A member of a list: `{"Key": …, "Value": …}`, the value of which may be left out.
fn listed(json: &Json) -> Result<Tag, TagTextError> {
    let wrong = || no_tags("a member of the list is not {\"Key\": \"…\", \"Value\": \"…\"}");
    let Json::Object(Members(members)) = json else { return Err(wrong()) };
    let (mut key, mut value) = (None, None);
    for (name, text) in members {
        let place = match name.as_str() {
            "Key" | "key" => &mut key,
            "Value" | "value" => &mut value,
            _ => return Err(wrong()),
        };
        let Json::Text(text) = text else { return Err(wrong()) };
        *place = Some(text.clone());
    }
    Ok(Tag { key: key.ok_or_else(wrong)?, value: value.unwrap_or_default() })
}

/// Whether it is `{"Key": …, "Value": …}`: one tag, as the AWS command line takes it, and not the tags Key and Value.
fn is_one(members: &[(String, Json)]) -> bool {
    let has = |part: &str| members.iter().any(|(name, _)| name.eq_ignore_ascii_case(part));
    members.len() == 2 && has("key") && has("value")
}

/// A member of an object: `"k": "v"`.
fn pair((key, value): &(String, Json)) -> Result<Tag, TagTextError> {
    match value {
        Json::Text(value) => Ok(Tag::new(key, value)),
        _ => Err(no_tags(&format!("the value of {key} is not a text"))),
    }
}

fn no_tags(why: &str) -> TagTextError {
    TagTextError::NoTags(why.to_owned())
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let members = std::iter::from_fn(|| map.next_entry().transpose());
        members.collect::<Result<_, _>>().map(Members)
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
            "\u{feff}owner=dba\r\nticket=CHG 1042\r\n",
            "\u{feff}{\"owner\": \"dba\", \"ticket\": \"CHG 1042\"}",
            "# who answers for it\nowner=dba\n\n  # the change\nticket=CHG 1042",
            r#"{"TagList": [{"Key": "owner", "Value": "dba"}, {"Key": "ticket", "Value": "CHG 1042"}]}"#,
            r#"{"DBClusterSnapshots": [{"Status": "available", "Port": 0, "AvailabilityZones": ["a"],
                "TagList": [{"Key": "owner", "Value": "dba"}, {"Key": "ticket", "Value": "CHG 1042"}]}]}"#,
            r#"{"DBClusterSnapshot": {"StorageEncrypted": true,
                "TagList": [{"Key": "owner", "Value": "dba"}, {"Key": "ticket", "Value": "CHG 1042"}]}}"#,
            r#"{"Tags": [{"Key": "owner", "Value": "dba"}, {"Key": "ticket", "Value": "CHG 1042"}]}"#,
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_inside_a_tag_is_kept() {
        assert_eq!(read("a=b = c"), [("a".to_owned(), "b = c".to_owned())]);
        let kept = [("a ".to_owned(), " b".to_owned()), ("c".to_owned(), "d".to_owned())];
        assert_eq!(read("Key=a ,Value= b Key=c,Value=d"), kept);
        assert_eq!(read(r#"{"a ": " b", "c": "d"}"#), kept);
        assert_eq!(read(r#"{"DBClusters": [{"Port": 1}]}"#), []);
        assert_eq!(read(r#"{"Tags": "yes"}"#), [("Tags".to_owned(), "yes".to_owned())]);
        assert_eq!(read("Key=x"), [("Key".to_owned(), "x".to_owned())]);
        assert_eq!(read("=v\nk="), [(String::new(), "v".to_owned()), ("k".to_owned(), String::new())]);
        assert_eq!(read(r#"[{"Key":"k"}]"#), [("k".to_owned(), String::new())]);
        assert_eq!(read(r#"{"Value":"b","Key":"a"}"#), [("a".to_owned(), "b".to_owned())]);
        assert_eq!(read(r#"{"Key":"a","Value":"b","c":"d"}"#).len(), 3);
        assert_eq!(read(""), []);
    }

    #[test]
    fn a_key_that_comes_twice_is_not_swallowed() {
        assert_eq!(read(r#"{"b":"1","a":"2","b":"3"}"#).len(), 3);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        assert_eq!(parse("a=b\n\nowner"), Err(TagTextError::NoEquals { line: 3 }));
        for (text, line) in [("a = b", 1), ("a= b", 1), ("x=y\na =b", 2), ("a\u{a0}=b", 1)] {
            assert_eq!(parse(text), Err(TagTextError::BlanksAtEquals { line }), "{text}");
        }
        for text in ["[", "{} {}", "[\n{\"Key\": }]", "{\"a\": 1e999}"] {
            assert!(matches!(parse(text), Err(TagTextError::NotJson { .. })), "{text}");
        }
        let two = r#"{"DBClusters": [{"TagList": []}, {"TagList": []}]}"#;
        for text in ["{\"a\":1}", "[{\"Key\":\"a\",\"Value\":\"b\",\"x\":\"c\"}]", "[1]", "[{}]", two] {
            assert!(matches!(parse(text), Err(TagTextError::NoTags(_))), "{text}");
        }
        assert_eq!(parse(&"a=b\n".repeat(1 << 18)), Err(TagTextError::TooMany));
    }

    #[test]
    fn blanks_and_an_empty_text_are_told() {
        let told = |text: &str| remarks(text, &parse(text).unwrap()).join("; ");
        assert_eq!(told("owner=dba\r\nticket=CHG 1\r\n"), "");
        assert_eq!(told(" # indented\n\n"), "there is no tag in it");
        assert_eq!(told(" a=b\nc=d  \ne=f"), "blanks at the ends of 2 lines were left out");
        assert_eq!(told("\n { \"a\": \"b\" }"), "");
        assert_eq!(told(r#"{"a": " b"}"#), "the blanks around \"a\" = \" b\" are part of it");
    }

    #[test]
    fn files_of_windows_are_text() {
        let utf16 = |order: fn(u16) -> [u8; 2]| {
            "\u{feff}größe=1\n".encode_utf16().flat_map(order).collect::<Vec<u8>>()
        };
        for bytes in [utf16(u16::to_le_bytes), utf16(u16::to_be_bytes), "größe=1\n".into()] {
            assert_eq!(read(&decode(&bytes).unwrap()), [("größe".to_owned(), "1".to_owned())]);
        }
        assert_eq!(decode(b"a=\xff"), Err(2));
    }
}
