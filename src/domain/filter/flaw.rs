//! Why a text is no filter: what cannot be read, and what was probably not meant where it says what is left out.

use super::{FilterKey, FilteredList, age};
use crate::domain::snapshot::SnapshotKind;
use crate::domain::tag::is_allowed;
use crate::domain::text::describe_char;

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
    /// It asks for what no row of the list has.
    #[error("asks for what {rows} do not have: there are {forms}", rows = .0.rows(), forms = .0.forms())]
    NotOfList(FilteredList),
    /// It asks for what nothing is that AWS reports there.
    #[error("asks for what no {0} is: {values}. In quotes it is looked for all the same", values = values(*.0).1)]
    NeverThere(FilterKey),
    /// What is left out begins with a second hyphen.
    #[error("has two hyphens: one leaves out what fits. In quotes it is a word")]
    TwoHyphens,
    /// What is left out is asked for by a name that is none.
    #[error(
        "asks by a name that is none: there are {forms}, and a tag is KEY=VALUE. In quotes it is a word",
        forms = .0.forms()
    )]
    NoName(FilteredList),
    /// What is left out looks like a tag, and is the name of something else.
    #[error(
        "asks for a tag of that name; with a colon, or as age>90d, for what AWS reports. In quotes it is the tag"
    )]
    TagOfName,
    /// What is left out looks like a tag, and its key or value like an operator or nothing.
    #[error("is no tag as it is mostly written: KEY=VALUE. In quotes it is the tag")]
    OddTag,
    /// What is left out has a character that is in nothing that AWS reports.
    #[error("leaves nothing out: no identifier and no tag has {char}. In quotes it is a word", char = describe_char(*.0))]
    NoSuchChar(char),
}

/// The types that snapshots have.
const KINDS: [SnapshotKind; 5] = [
    SnapshotKind::Manual,
    SnapshotKind::Automated,
    SnapshotKind::AwsBackup,
    SnapshotKind::Shared,
    SnapshotKind::Public,
];

/// What names of snapshots, tags and ARNs begin with before a colon.
const BEGINNINGS: [&str; 4] = ["rds", "awsbackup", "arn", "aws"];

/// Whether a part can be in what AWS reports there, and what can be, in a clause.
fn values(of: FilterKey) -> (fn(&str) -> bool, &'static str) {
    let has_letters = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match of {
        FilterKey::Type => (
            |part| KINDS.iter().any(|kind| kind.as_str().contains(part)),
            "there are manual, automated, awsbackup, shared and public",
        ),
        FilterKey::Account => (|part| part.chars().all(|c| c.is_ascii_digit()), "it has digits only"),
        FilterKey::Region | FilterKey::Cluster => (has_letters, "it has letters, digits and hyphens only"),
        FilterKey::Status | FilterKey::Engine | FilterKey::Change => (|_| true, "it may be anything"),
    }
}

/// That a part, in lower case, is in nothing that AWS reports there.
pub(super) fn never_there(of: FilterKey, part: &str) -> Option<Flaw> {
    (!values(of).0(part)).then_some(Flaw::NeverThere(of))
}

/// What was probably not meant as it is written, where it says what is to be left out of a list.
pub(super) fn mistyped(text: &str, list: FilteredList) -> Option<Flaw> {
    if text.starts_with('-') {
        return Some(Flaw::TwoHyphens);
    }
    if age(text).is_some() {
        return None;
    }
    let letters = text.strip_prefix('~').unwrap_or(text);
    if let Some(char) = letters.chars().find(|c| !is_allowed(*c)) {
        return Some(if "<>".contains(char) { Flaw::NoName(list) } else { Flaw::NoSuchChar(char) });
    }
    mistyped_name(text, list).or_else(|| mistyped_tag(text))
}

fn mistyped_name(text: &str, list: FilteredList) -> Option<Flaw> {
    let is_name = |name: &str| name.eq_ignore_ascii_case("age") || name.parse::<FilterKey>().is_ok();
    let (name, rest) = text.split_once(|c: char| !c.is_alphanumeric() && !"-_ ".contains(c))?;
    match text.get(name.len()..)?.chars().next()? {
        '=' if is_name(name) => return Some(Flaw::TagOfName),
        ':' => {}
        _ => return is_name(name).then_some(Flaw::NoName(list)),
    }
    let is_meant = match name.to_lowercase().as_str() {
        "tag" | "tags" | "age" => false,
        name if is_name(name) => rest.is_empty() || rest.starts_with(char::is_alphanumeric),
        name => BEGINNINGS.contains(&name) || rest.contains('='),
    };
    (!is_meant).then_some(Flaw::NoName(list))
}

/// An empty value is a second word behind a blank, mostly, and one that begins with a sign an operator of elsewhere.
fn mistyped_tag(text: &str) -> Option<Flaw> {
    let (key, value) = text.split_once('=')?;
    let is_plain = !key.is_empty() && key.ends_with(char::is_alphanumeric) && !value.is_empty();
    (!is_plain || value.starts_with(['=', ':'])).then_some(Flaw::OddTag)
}
