//! The identifier of a DB cluster snapshot, and every rule it can break.
//!
//! Source of the rules: `CreateDBClusterSnapshot`, parameter `DBClusterSnapshotIdentifier` (RDS API
//! reference, 2014-10-31): 1 to 63 letters, digits or hyphens; first a letter; no hyphen at the end,
//! no two in a row; stored as a lowercase string.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The most characters that a DB cluster snapshot's identifier may have.
pub const MAX_CHARS: usize = 63;

/// How many characters of a too long text are looked at for further problems: a pasted megabyte
/// must not cost a megabyte of complaints.
const EXAMINED_CHARS: usize = 256;

/// How many of the characters that are not allowed are told.
const TOLD_CHARS: usize = 3;

/// A valid DB cluster snapshot identifier, in the lowercase form that AWS stores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SnapshotId(String);

/// One rule of the identifier that a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdRule {
    /// There is nothing at all.
    #[error("an identifier has at least one character")]
    Empty,
    /// There are more than [`MAX_CHARS`] characters.
    #[error("{chars} characters, at most {MAX_CHARS}")]
    TooLong {
        /// How many characters the text has.
        chars: usize,
    },
    /// The first character is a digit or a hyphen.
    #[error("the first character must be a letter (a-z)")]
    FirstNotLetter,
    /// A character that is neither an ASCII letter, nor a digit, nor a hyphen.
    #[error("only a-z, digits and hyphens, not {}", super::text::describe_char(*.0))]
    Forbidden(char),
    /// The last character is a hyphen.
    #[error("no hyphen at the end")]
    HyphenAtEnd,
    /// Two hyphens stand in a row.
    #[error("no two hyphens in a row")]
    DoubleHyphen,
}

/// A broken rule and the character at which it is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdProblem {
    /// The rule that is broken.
    pub rule: IdRule,
    /// Index of the character (not the byte) at which it is broken.
    pub at: usize,
}

/// Every rule that a text breaks, in the order of their place. Never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", told(.0))]
pub struct IdProblems(pub Vec<IdProblem>);

impl SnapshotId {
    /// Parses what a person typed; letters are lowercased, nothing else is changed.
    ///
    /// # Errors
    /// Every rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, IdProblems> {
        let problems = problems(text);
        if problems.is_empty() { Ok(Self(text.to_ascii_lowercase())) } else { Err(IdProblems(problems)) }
    }

    /// The identifier of a snapshot that is there, in any case: also one that only AWS gives, with who made it before a
    /// colon (`rds:orders-2026-11-23-02-10`), which may be longer.
    ///
    /// # Errors
    /// Every rule that the text breaks.
    pub fn existing(text: &str) -> Result<Self, IdProblems> {
        let Some((maker, name)) = text.split_once(':') else { return Self::parse(text) };
        let is_other = |problem: &IdProblem| !matches!(problem.rule, IdRule::TooLong { .. });
        let broken: Vec<IdProblem> =
            problems(maker).into_iter().chain(problems(name)).filter(is_other).collect();
        if broken.is_empty() { Ok(Self(text.to_ascii_lowercase())) } else { Err(IdProblems(problems(text))) }
    }

    /// The identifier as AWS stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SnapshotId {
    type Error = IdProblems;

    fn try_from(text: String) -> Result<Self, IdProblems> {
        Self::parse(&text)
    }
}

impl AsRef<str> for SnapshotId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every rule of the identifier that `text` breaks, in the order of their place; empty if it is valid.
pub(crate) fn problems(text: &str) -> Vec<IdProblem> {
    if text.is_empty() {
        return vec![IdProblem { rule: IdRule::Empty, at: 0 }];
    }
    let mut found = Vec::new();
    let chars = text.chars().count();
    let mut previous = None;
    for (at, c) in text.chars().enumerate().take(EXAMINED_CHARS) {
        let rule = match c {
            '0'..='9' | '-' if at == 0 => Some(IdRule::FirstNotLetter),
            '-' if previous == Some('-') => Some(IdRule::DoubleHyphen),
            '-' if at + 1 == chars => Some(IdRule::HyphenAtEnd),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => None,
            other => Some(IdRule::Forbidden(other)),
        };
        found.extend(rule.map(|rule| IdProblem { rule, at }));
        previous = Some(c);
    }
    if chars > MAX_CHARS {
        found.push(IdProblem { rule: IdRule::TooLong { chars }, at: MAX_CHARS });
    }
    found.sort_by_key(|problem| problem.at);
    found
}

/// The rules that are broken, each once, with the first few of the characters that are not allowed.
pub(crate) fn told(problems: &[IdProblem]) -> String {
    let mut forbidden: Vec<String> = Vec::new();
    for problem in problems {
        let IdRule::Forbidden(char) = problem.rule else { continue };
        let told = super::text::describe_char(char);
        if !forbidden.contains(&told) {
            forbidden.push(told);
        }
    }
    let more = forbidden.len().saturating_sub(TOLD_CHARS);
    forbidden.truncate(TOLD_CHARS);
    if more > 0 {
        forbidden.push(format!("{more} more"));
    }
    let mut rules: Vec<String> = Vec::new();
    for problem in problems {
        let told = match problem.rule {
            IdRule::Forbidden(_) => format!("only a-z, digits and hyphens, not {}", forbidden.join(", ")),
            rule => rule.to_string(),
        };
        if !rules.contains(&told) {
            rules.push(told);
        }
    }
    rules.join("; ")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn rules(text: &str) -> Vec<(IdRule, usize)> {
        problems(text).iter().map(|p| (p.rule, p.at)).collect()
    }

    #[test]
    fn a_valid_identifier_is_kept_in_lowercase() {
        assert_eq!(SnapshotId::parse("Orders-PROD-1").unwrap().as_str(), "orders-prod-1");
        assert_eq!(SnapshotId::parse("a").unwrap().as_str(), "a");
        assert!(SnapshotId::parse(&"a".repeat(63)).is_ok());
    }

    #[test]
    fn each_broken_rule_is_named_with_its_place() {
        assert_eq!(rules(""), [(IdRule::Empty, 0)]);
        assert_eq!(rules("1abc"), [(IdRule::FirstNotLetter, 0)]);
        assert_eq!(rules("-abc"), [(IdRule::FirstNotLetter, 0)]);
        assert_eq!(rules("abc-"), [(IdRule::HyphenAtEnd, 3)]);
        assert_eq!(rules("a--b"), [(IdRule::DoubleHyphen, 2)]);
        assert_eq!(rules("a_b"), [(IdRule::Forbidden('_'), 1)]);
        assert_eq!(rules("rds:x"), [(IdRule::Forbidden(':'), 3)]);
        assert_eq!(rules("\u{430}bc"), [(IdRule::Forbidden('\u{430}'), 0)]);
        assert_eq!(rules(&"a".repeat(64)), [(IdRule::TooLong { chars: 64 }, 63)]);
        assert_eq!(rules("orders_prod--2026"), [(IdRule::Forbidden('_'), 6), (IdRule::DoubleHyphen, 12)]);
    }

    #[test]
    fn what_is_said_of_several_problems_names_each_rule_once() {
        let told = |text: &str| told(&problems(text));
        assert_eq!(told("a_b__c--d"), "only a-z, digits and hyphens, not '_'; no two hyphens in a row");
        assert_eq!(told("a!#$%b"), "only a-z, digits and hyphens, not '!', '#', '$', 1 more");
        assert_eq!(told("1a"), "the first character must be a letter (a-z)");
    }

    #[test]
    fn an_invisible_character_is_named_and_not_printed() {
        let message = SnapshotId::parse("a\u{202e}b").unwrap_err().to_string();
        assert!(message.contains("\\u{202e}"), "{message}");
        assert!(!message.contains('\u{202e}'));
    }

    #[test]
    fn a_pasted_megabyte_costs_a_bounded_number_of_problems() {
        assert!(problems(&"_".repeat(1 << 20)).len() <= EXAMINED_CHARS + 1);
    }
}
