//! Why a text is no filter: what cannot be read, and what was probably not meant where it says what is left out.

use super::FilterKey;

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("character {place}: {term} {flaw}")]
pub struct FilterError {
    /// Where the term begins, in characters, from 1.
    pub place: usize,
    /// The term, as it was typed.
    pub term: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What is wrong with a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Nothing stands there to look for.
    #[error("says nothing")]
    SaysNothing,
    /// Nothing stands behind what is asked for by its name.
    #[error("has no value")]
    NoValue,
    /// An age that cannot be read.
    #[error("has no time like 90d or 2h")]
    NoTime,
    /// A quote that does not end.
    #[error("has no second quote")]
    OpenQuote,
    /// What is left out begins with a second hyphen.
    #[error("has two hyphens: one leaves out what fits. In quotes it is a word")]
    TwoHyphens,
    /// What is left out is asked for by a name that is none.
    #[error(
        "asks by a name that is none: there are age>90d, age<2h, status:X, engine:X, type:X, region:X, account:X, \
         cluster:X and change:X, and a tag is KEY=VALUE. In quotes it is a word"
    )]
    NoName,
    /// What is left out looks like a tag, and is the name of something else.
    #[error(
        "asks for a tag of that name; with a colon, or as age>90d, for what AWS reports. In quotes it is the tag"
    )]
    TagOfName,
}

/// What names of snapshots, tags and ARNs begin with before a colon.
const BEGINNINGS: [&str; 4] = ["rds", "awsbackup", "arn", "aws"];

/// What was probably not meant as it is written, where it says what is to be left out.
pub(super) fn mistyped(text: &str) -> Option<Flaw> {
    let is_name = |name: &str| name.eq_ignore_ascii_case("age") || name.parse::<FilterKey>().is_ok();
    if text.starts_with('-') {
        return Some(Flaw::TwoHyphens);
    }
    if text.split_once('=').is_some_and(|(key, _)| is_name(key)) {
        return Some(Flaw::TagOfName);
    }
    let (name, rest) = text.split_once(':')?;
    let is_meant = match name.to_lowercase().as_str() {
        "tag" | "tags" | "age" => false,
        name => is_name(name) || BEGINNINGS.contains(&name) || rest.contains('='),
    };
    (!is_meant).then_some(Flaw::NoName)
}
