//! Why a text is no filter: what cannot be read, and what was probably not meant where it says what is left out.

use super::{FilterKey, FilteredList, age};
use crate::domain::snapshot::SnapshotKind;
use crate::domain::tag::is_allowed;

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
    /// It asks for a tag of a name by which something else is asked for.
    #[error("asks for a tag: there are {forms}. In quotes it is looked for all the same", forms = .0.forms())]
    TagOfName(FilteredList),
    /// What is left out is probably not meant as it is written.
    #[error(
        "would probably leave nothing out: there are {forms}, KEY=VALUE and words. In quotes it is looked for as it \
         stands",
        forms = .0.forms()
    )]
    Mistyped(FilteredList),
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

/// Whether a part, in lower case, is in nothing that AWS reports there.
pub(super) fn is_never_there(of: FilterKey, part: &str) -> bool {
    !values(of).0(part)
}

/// Whether it was probably not meant as it is written, where it says what is to be left out of a list: it begins with a
/// second hyphen, or has a character that is in nothing that AWS reports.
pub(super) fn is_mistyped(text: &str) -> bool {
    let letters = text.strip_prefix('~').unwrap_or(text);
    let is_odd = || text.starts_with('-') || !letters.chars().all(is_allowed);
    age(text).is_none() && (is_odd() || is_odd_name(text) || is_odd_tag(text))
}

/// Whether something that AWS reports, or an age, is asked for by this name.
pub(super) fn is_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("age") || name.parse::<FilterKey>().is_ok()
}

/// It asks by a name that is none, or for a tag of a name that is one.
fn is_odd_name(text: &str) -> bool {
    let Some(end) = text.find(|c: char| !c.is_alphanumeric() && !"-_ ".contains(c)) else { return false };
    let (name, rest) = text.split_at(end);
    let Some(rest) = rest.strip_prefix(':') else { return is_name(name) };
    let is_meant = match name.to_lowercase().as_str() {
        "tag" | "tags" | "age" => false,
        name if is_name(name) => rest.is_empty() || rest.starts_with(char::is_alphanumeric),
        name => BEGINNINGS.contains(&name) || rest.contains('='),
    };
    !is_meant
}

/// An empty value is a second word behind a blank, mostly, and one that begins with a sign an operator of elsewhere.
fn is_odd_tag(text: &str) -> bool {
    text.split_once('=').is_some_and(|(key, value)| {
        !key.ends_with(char::is_alphanumeric) || value.is_empty() || value.starts_with(['=', ':'])
    })
}

#[cfg(test)]
mod tests {
    use super::super::Filter;
    use super::super::FilteredList::Snapshots;
    use super::*;

    #[test]
    fn a_tag_whose_key_is_a_name_of_the_language_is_meant_in_quotes_only() {
        for text in ["status=failed", "Cluster=orders", "age=2d", "region=", "TYPE=manual"] {
            let error = Filter::parse(text, Snapshots).expect_err(text);
            assert_eq!(error.flaw, Flaw::TagOfName(Snapshots), "{text}");
            assert!(error.to_string().contains("status:X"), "{error}");
            assert!(Filter::parse(&format!("\"{text}\""), Snapshots).is_ok(), "{text}");
        }
    }
}
