//! Tags, and every rule they can break.
//!
//! Source of the rules: "Tagging Amazon RDS resources" (RDS user guide) and the pattern of the API
//! model: at most 50; key 1 to 128 characters, value 0 to 256; letters, digits, spaces of every
//! language and `_ . : / = + - @`; keys case-sensitive and unique; no key begins with `aws:`, in any
//! case, or `rds:`. The documentation disagrees with itself on an empty value (taken here) and on
//! `aws:` as a value's beginning (a doubt, not an error).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use unicode_general_category::{GeneralCategory as G, get_general_category};

use super::mark::MarkKey;

/// The most tags that a resource may have.
pub const MAX_TAGS: usize = 50;
/// The most characters of a tag key.
pub const MAX_KEY_CHARS: usize = 128;
/// The most characters of a tag value.
pub const MAX_VALUE_CHARS: usize = 256;

/// A tag, as it is reported by the service: any text. Serialized as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tag {
    /// The tag key, case-sensitive.
    pub key: String,
    /// The tag value, possibly empty.
    pub value: String,
}

impl Tag {
    /// Makes a tag of a key and a value, unchecked.
    #[must_use]
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self { key: key.into(), value: value.into() }
    }

    /// Whether AWS keeps this tag for itself (`aws:` in any case, or `rds:`): such tags cannot be given.
    pub(crate) fn is_reserved(&self) -> bool {
        reserved_prefix(&self.key).is_some()
    }
}

/// Tags that may be given with a request: each is valid, no key stands twice, at most [`MAX_TAGS`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Tag>")]
pub struct TagSet(Vec<Tag>);

/// The part of a tag row that a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagPart {
    /// The tag key.
    Key,
    /// The tag value.
    Value,
}

/// One rule that a tag breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagRule {
    /// The key has no character.
    #[error("a tag key has at least one character")]
    EmptyKey,
    /// Too many characters.
    #[error("at most {max} characters, this has {chars}")]
    TooLong {
        /// How many characters there are.
        chars: usize,
        /// How many there may be.
        max: usize,
    },
    /// A character that no tag may have.
    #[error("{} is not allowed", super::text::describe_char(*.0))]
    Forbidden(char),
    /// The key begins with a prefix that AWS keeps for itself.
    #[error("keys beginning with {0} are AWS's own")]
    Reserved(&'static str),
    /// The same key stands in an earlier row.
    #[error("another tag has this key already")]
    Duplicate {
        /// Index of the earlier row.
        first: usize,
    },
    /// The key is one of tags by which requests are known on their snapshots.
    #[error("this is the key of a mark, which only the program itself gives")]
    Mark,
    /// There are more rows than tags allowed.
    #[error("at most {MAX_TAGS} tags, this is number {}", .index + 1)]
    TooMany {
        /// Index of the row.
        index: usize,
    },
}

impl TagRule {
    /// Whether keys and values break it alike.
    fn is_of_part(&self) -> bool {
        matches!(self, Self::TooLong { .. } | Self::Forbidden(_))
    }
}

/// A rule that a row of tags breaks, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.told(&(.row + 1).to_string()))]
pub struct TagProblem {
    /// Index of the row.
    pub row: usize,
    /// Whether the key or the value breaks the rule.
    pub part: TagPart,
    /// The rule.
    pub rule: TagRule,
}

impl TagProblem {
    /// What is wrong, with the part of the tag where the rule does not name it.
    pub(crate) fn words(&self) -> String {
        let part = match self.part {
            TagPart::Key => "key",
            TagPart::Value => "value",
        };
        if self.rule.is_of_part() { format!("{part}: {}", self.rule) } else { self.rule.to_string() }
    }

    /// The same of the tag that has this key or number.
    pub(crate) fn told(&self, tag: &str) -> String {
        let (is_of_part, words) = (self.rule.is_of_part(), self.words());
        if is_of_part { format!("tag {tag}, {words}") } else { format!("tag {tag}: {words}") }
    }

    /// The same where there is little room.
    pub(crate) fn brief(&self) -> String {
        match self.rule {
            TagRule::Forbidden(char) => {
                let char = super::text::describe_char(char);
                format!("no {}", char.strip_prefix("a ").unwrap_or(&char))
            }
            TagRule::TooLong { max, .. } => format!("at most {max}"),
            TagRule::Reserved(prefix) => format!("no {prefix}"),
            TagRule::EmptyKey => "no key".to_owned(),
            TagRule::Duplicate { .. } => "key twice".to_owned(),
            TagRule::Mark => "the mark's key".to_owned(),
            TagRule::TooMany { .. } => format!("over {MAX_TAGS}"),
        }
    }
}

/// Every rule that a list of tags breaks, by row. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct TagProblems(pub Vec<TagProblem>);

/// Something about a row that AWS probably takes, but that a person should look at twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagDoubt {
    /// The key differs from an earlier one by case only.
    #[error("another key differs by case only: AWS keeps both")]
    CaseOnly {
        /// Index of the earlier row.
        first: usize,
    },
    /// The value begins with `aws:`.
    #[error("AWS's documentation is not clear on values beginning with aws:")]
    AwsValue,
    /// The key or the value begins or ends with a blank.
    #[error("blanks at an end are part of the tag")]
    BlankEnds,
}

impl TagSet {
    /// Parses rows of key and value; their order is kept.
    ///
    /// # Errors
    /// Every rule that a row breaks.
    pub fn parse<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, TagProblems> {
        rows.into_iter().map(|(key, value)| Tag::new(key, value)).collect::<Vec<Tag>>().try_into()
    }

    /// Tags and, as the last one, a request's mark, with the key by which that is found again.
    ///
    /// # Errors
    /// Every rule that a tag breaks.
    pub fn marked(mut tags: Vec<Tag>, mark: Option<Tag>) -> Result<(Self, Option<String>), TagProblems> {
        let key = mark.as_ref().map(|mark| mark.key.clone());
        let problems = MarkKey(key.clone()).problems(&tags);
        if !problems.is_empty() {
            return Err(TagProblems(problems));
        }
        tags.extend(mark);
        Ok((tags.try_into()?, key))
    }

    /// The tags, in the order they were given.
    pub(crate) fn as_slice(&self) -> &[Tag] {
        &self.0
    }
}

impl TryFrom<Vec<Tag>> for TagSet {
    type Error = TagProblems;

    fn try_from(tags: Vec<Tag>) -> Result<Self, TagProblems> {
        let problems = problems(&tags);
        if problems.is_empty() { Ok(Self(tags)) } else { Err(TagProblems(problems)) }
    }
}

/// The tags of a resource that can be given to another: all but AWS's own.
pub(crate) fn givable(reported: &[Tag]) -> Vec<Tag> {
    reported.iter().filter(|tag| !tag.is_reserved()).cloned().collect()
}

/// Puts tags over others: of one key, the later value counts, at the earlier's place.
pub fn overlay(tags: &mut Vec<Tag>, over: Vec<Tag>) {
    for tag in over {
        match tags.iter_mut().find(|earlier| earlier.key == tag.key) {
            Some(earlier) => *earlier = tag,
            None => tags.push(tag),
        }
    }
}

/// Every rule that a list of tags breaks, by row; empty if all may be given.
pub(crate) fn problems(tags: &[Tag]) -> Vec<TagProblem> {
    let mut found = Vec::new();
    let mut first_rows: HashMap<&str, usize> = HashMap::new();
    for (row, tag) in tags.iter().enumerate() {
        let mut note = |part, rule: Option<TagRule>| {
            found.extend(rule.map(|rule| TagProblem { row, part, rule }));
        };
        note(TagPart::Key, key_problem(&tag.key));
        note(TagPart::Value, text_problem(&tag.value, MAX_VALUE_CHARS));
        let first = *first_rows.entry(&tag.key).or_insert(row);
        if first != row && !tag.key.is_empty() {
            note(TagPart::Key, Some(TagRule::Duplicate { first }));
        }
        if row >= MAX_TAGS {
            note(TagPart::Key, Some(TagRule::TooMany { index: row }));
        }
    }
    found
}

/// What a person should look at twice, by row.
pub(crate) fn doubts(tags: &[Tag]) -> Vec<(usize, TagDoubt)> {
    let mut found = Vec::new();
    let mut first_rows: HashMap<String, usize> = HashMap::new();
    for (row, tag) in tags.iter().enumerate() {
        let first = *first_rows.entry(tag.key.to_lowercase()).or_insert(row);
        if tags.get(first).is_some_and(|earlier| earlier.key != tag.key) {
            found.push((row, TagDoubt::CaseOnly { first }));
        }
        if begins_ignoring_case(&tag.value, "aws:") {
            found.push((row, TagDoubt::AwsValue));
        }
        if [&tag.key, &tag.value].into_iter().any(|text| text.trim() != text) {
            found.push((row, TagDoubt::BlankEnds));
        }
    }
    found
}

fn key_problem(key: &str) -> Option<TagRule> {
    if key.is_empty() {
        return Some(TagRule::EmptyKey);
    }
    reserved_prefix(key).map(TagRule::Reserved).or_else(|| text_problem(key, MAX_KEY_CHARS))
}

fn text_problem(text: &str, max: usize) -> Option<TagRule> {
    let chars = text.chars().count();
    if chars > max {
        return Some(TagRule::TooLong { chars, max });
    }
    text.chars().find(|c| !is_allowed(*c)).map(TagRule::Forbidden)
}

fn reserved_prefix(key: &str) -> Option<&'static str> {
    if begins_ignoring_case(key, "aws:") {
        Some("aws:")
    } else if begins_ignoring_case(key, "rds:") {
        Some("rds:")
    } else {
        None
    }
}

fn begins_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]`, the pattern of the API model.
pub(super) fn is_allowed(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || " _.:/=+-@".contains(c);
    }
    matches!(
        get_general_category(c),
        G::UppercaseLetter
            | G::LowercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
            | G::SpaceSeparator
            | G::LineSeparator
            | G::ParagraphSeparator
            | G::DecimalNumber
            | G::LetterNumber
            | G::OtherNumber
    )
}

/// Tags in one line.
pub(crate) fn in_one_line(tags: &[Tag]) -> String {
    tags.iter().map(|tag| format!("{}={}", tag.key, tag.value)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn rule(key: &str, value: &str) -> Option<TagRule> {
        problems(&[Tag::new(key, value)]).into_iter().next().map(|p| p.rule)
    }

    #[test]
    fn what_the_documentation_allows_is_taken() {
        for (key, value) in [
            ("owner", "dba"),
            ("k", ""),
            ("Größe", "日本語 １２"),
            ("_.:/=+-@", "a b\u{a0}c"),
            (&"k".repeat(128), &"v".repeat(256)),
            ("x", "aws:something"),
        ] {
            assert_eq!(rule(key, value), None, "{key}={value}");
        }
    }

    #[test]
    fn each_broken_rule_is_named() {
        assert_eq!(rule("", "v"), Some(TagRule::EmptyKey));
        assert_eq!(rule("AWS:x", "v"), Some(TagRule::Reserved("aws:")));
        assert_eq!(rule("rds:x", "v"), Some(TagRule::Reserved("rds:")));
        assert_eq!(rule("k!", "v"), Some(TagRule::Forbidden('!')));
        assert_eq!(rule("k", "a\tb"), Some(TagRule::Forbidden('\t')));
        assert_eq!(rule("k", "e\u{301}"), Some(TagRule::Forbidden('\u{301}')));
        assert_eq!(rule(&"k".repeat(129), ""), Some(TagRule::TooLong { chars: 129, max: 128 }));
        assert_eq!(rule("k", &"v".repeat(257)), Some(TagRule::TooLong { chars: 257, max: 256 }));
    }

    #[test]
    fn a_character_that_is_not_allowed_is_named_in_few_words() {
        for (char, brief) in [('\n', "no line break"), ('\t', "no tab"), ('!', "no '!'")] {
            let problem = TagProblem { row: 0, part: TagPart::Value, rule: TagRule::Forbidden(char) };
            assert_eq!(problem.brief(), brief);
        }
    }

    #[test]
    fn a_key_stands_once_and_its_case_counts() {
        let twice = TagSet::parse([("a", "1"), ("a", "2")]).unwrap_err();
        assert_eq!(twice.0.first().unwrap().rule, TagRule::Duplicate { first: 0 });
        assert!(TagSet::parse([("a", "1"), ("A", "2")]).is_ok());
        assert_eq!(doubts(&[Tag::new("a", ""), Tag::new("A", "")]), [(1, TagDoubt::CaseOnly { first: 0 })]);
    }

    #[test]
    fn the_fifty_first_tag_is_one_too_many() {
        let keys: Vec<String> = (0..51).map(|n| format!("k{n}")).collect();
        assert!(TagSet::parse(keys.iter().take(50).map(|k| (k.as_str(), ""))).is_ok());
        let problems = TagSet::parse(keys.iter().map(|k| (k.as_str(), ""))).unwrap_err();
        assert_eq!(
            problems.0,
            [TagProblem { row: 50, part: TagPart::Key, rule: TagRule::TooMany { index: 50 } }]
        );
    }
}
