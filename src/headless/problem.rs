//! Why a command did not do what it was asked: a closed set of codes, and an exit code for each.
//!
//! The same table stands in [`crate::cli::EXIT_CODES`] for people and in `assets/schema.json` for programs.

use std::collections::HashSet;
use std::hash::Hash;

use serde::Serialize;

use super::json::SnapshotData;
use crate::domain::change_id::ChangeId;
use crate::domain::cluster_id::{ClusterId, ClusterIdError};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::filter::{Filter, FilteredList};
use crate::domain::snapshot_id::{IdProblems, IdRule};
use crate::domain::tag::{TagPart, TagProblems, TagRule};
use crate::domain::text::{escape, truncate};
use crate::journal::JournalError;
use crate::places_wanted::PlacesError;

/// What went wrong, for a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// Something on the command line, in a file or in the configuration cannot be used; or AWS refused a
    /// parameter.
    ValidationError,
    /// There is no such DB cluster, or another one has its name now.
    ClusterNotFound,
    /// The name belongs to another snapshot.
    SnapshotExists,
    /// The cluster is not available.
    InvalidClusterState,
    /// The snapshot is in no state for what was asked.
    InvalidSnapshotState,
    /// The quota of manual snapshots is used up.
    QuotaExceeded,
    /// A cluster has no usable snapshot that is young enough.
    NotReady,
    /// The caller lacks a permission.
    AccessDenied,
    /// There are no credentials, or none that AWS accepts.
    Credentials,
    /// AWS asks to slow down.
    Throttled,
    /// No connection, or no readable answer to something that changes nothing.
    Network,
    /// The request may have been carried out: it is not known.
    OutcomeUnknown,
    /// The snapshot ended otherwise than available.
    SnapshotFailed,
    /// The time is over and the snapshot still being created.
    Timeout,
    /// Started with `--read-only`.
    ReadOnly,
    /// Told to end before the end.
    Interrupted,
    /// Anything else.
    Internal,
}

impl Code {
    /// Whether what is asked again later may be answered: a wait outlasts it.
    pub(crate) fn may_pass(self) -> bool {
        matches!(self, Self::Network | Self::Throttled)
    }

    /// The exit code.
    pub(crate) fn exit(self) -> u8 {
        match self {
            Self::Internal => 1,
            Self::ValidationError | Self::ReadOnly => 2,
            Self::ClusterNotFound
            | Self::SnapshotExists
            | Self::InvalidClusterState
            | Self::InvalidSnapshotState
            | Self::QuotaExceeded
            | Self::NotReady => 3,
            Self::OutcomeUnknown => 4,
            Self::Timeout => 5,
            Self::SnapshotFailed => 6,
            Self::Credentials | Self::AccessDenied => 7,
            Self::Network | Self::Throttled => 8,
            Self::Interrupted => 130,
        }
    }
}

impl From<FailureKind> for Code {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::ClusterNotFound | FailureKind::AnotherCluster => Self::ClusterNotFound,
            FailureKind::SnapshotExists | FailureKind::MadeJustNow => Self::SnapshotExists,
            // What the other one came to decides first.
            FailureKind::OpenRequest => Self::NotReady,
            FailureKind::InvalidState => Self::InvalidClusterState,
            FailureKind::SnapshotState => Self::InvalidSnapshotState,
            FailureKind::QuotaExceeded => Self::QuotaExceeded,
            FailureKind::AccessDenied | FailureKind::Forbidden => Self::AccessDenied,
            FailureKind::NoCredentials
            | FailureKind::ExpiredCredentials
            | FailureKind::BadCredentials
            | FailureKind::SignatureTime
            | FailureKind::OtherAccount => Self::Credentials,
            FailureKind::InvalidParameter
            | FailureKind::SnapshotNotFound
            | FailureKind::NoRegion
            | FailureKind::Guarded
            | FailureKind::Kept
            | FailureKind::Configuration => Self::ValidationError,
            FailureKind::Throttled => Self::Throttled,
            FailureKind::NoConnection
            | FailureKind::LostAnswer
            | FailureKind::NotWrittenDown
            | FailureKind::ServerTrouble
            | FailureKind::UnreadableAnswer => Self::Network,
            FailureKind::ReadOnly => Self::ReadOnly,
            FailureKind::Journal | FailureKind::Stale | FailureKind::Broken | FailureKind::Other => {
                Self::Internal
            }
        }
    }
}

/// One parameter, and the rule that it breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// The parameter, as it is called on the command line.
    pub parameter: String,
    /// The rule, in a word.
    pub rule: &'static str,
    /// The rule in a sentence, escaped.
    pub message: String,
    /// Index of the character, or of the tag, that breaks it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<usize>,
}

impl Detail {
    /// A parameter with a rule.
    pub fn new(parameter: &str, rule: &'static str, message: &str) -> Self {
        Self { parameter: parameter.to_owned(), rule, message: escape(message), at: None }
    }
}

/// Why a command did not do what it was asked.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// What went wrong, for a program.
    pub code: Code,
    /// The same for a person, escaped.
    pub message: String,
    /// What is wrong with which parameter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
    /// AWS's code.
    #[serde(rename = "aws_code", skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
    /// AWS's request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The snapshot that it is about, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Box<SnapshotData>>,
}

impl Problem {
    /// A problem in words that are safe to show.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message, details: Vec::new(), service_code: None, request_id: None, snapshot: None }
    }

    /// Parameters that cannot be sent.
    pub fn invalid(details: Vec<Detail>) -> Self {
        Self { details, ..Self::new(Code::ValidationError, "Invalid request parameters") }
    }

    /// Refuses parameters with which something is wrong.
    pub fn unless_fine(details: Vec<Detail>) -> Result<(), Self> {
        if details.is_empty() { Ok(()) } else { Err(Self::invalid(details)) }
    }

    /// One parameter that cannot be used.
    pub fn parameter(parameter: &str, rule: &'static str, message: &str) -> Self {
        Self::invalid(vec![Detail::new(parameter, rule, message)])
    }

    /// The same with the snapshot that it is about.
    pub(crate) fn about(mut self, snapshot: SnapshotData) -> Self {
        self.snapshot = Some(Box::new(snapshot));
        self
    }

    /// The same with AWS's code and request id.
    pub(crate) fn because(self, failure: &Failure) -> Self {
        Self { service_code: failure.code.clone(), request_id: failure.request_id.clone(), ..self }
    }

    /// The same with more words at its end.
    pub(crate) fn and(mut self, words: &str) -> Self {
        self.message = format!("{}. {words}", self.message.trim_end_matches('.'));
        self
    }

    /// The problem for a person: the message, and each parameter's on a line of its own.
    pub fn to_text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for detail in &self.details {
            let line = format!("\n  {}: {}", detail.parameter, detail.message);
            // Each character that breaks a rule has a detail of its own.
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        format!("{}{}", self.message, lines.concat())
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::new(Code::from(failure.kind), failure.to_string()).because(&failure)
    }
}

impl From<JournalError> for Problem {
    fn from(error: JournalError) -> Self {
        Self::new(Code::Internal, error.to_string())
    }
}

impl From<PlacesError> for Problem {
    fn from(error: PlacesError) -> Self {
        Self::parameter(error.options(), "usage", &error.to_string())
    }
}

/// The problem whose exit code is the command's, the highest: of like ones the first.
pub fn worst<'a>(problems: impl DoubleEndedIterator<Item = &'a Problem>) -> Option<&'a Problem> {
    problems.rev().max_by_key(|problem| problem.code.exit())
}

/// The most that is told of one word, and of all of them.
const MOST_COLUMNS: usize = 120;
const MOST_DETAILS: usize = 100;

/// The details of an identifier's problems.
pub fn id_details(parameter: &str, problems: &IdProblems) -> Vec<Detail> {
    let rule = |rule: IdRule| match rule {
        IdRule::Empty => "empty",
        IdRule::TooLong { .. } => "too-long",
        IdRule::FirstNotLetter => "first-not-letter",
        IdRule::Forbidden(_) => "forbidden-character",
        IdRule::HyphenAtEnd => "hyphen-at-end",
        IdRule::DoubleHyphen => "double-hyphen",
    };
    let problems = problems.0.iter();
    problems
        .map(|problem| Detail {
            at: Some(problem.at),
            ..Detail::new(parameter, rule(problem.rule), &problem.rule.to_string())
        })
        .collect()
}

/// The same of one of several words: which of them is told, and no more of it than anyone reads.
pub fn about(word: &str, details: Vec<Detail>) -> Vec<Detail> {
    if word.is_empty() {
        return details;
    }
    let word = escape(&truncate(word, MOST_COLUMNS, "…"));
    let of_word = |detail: Detail| Detail { message: format!("{word}: {}", detail.message), ..detail };
    details.into_iter().map(of_word).collect()
}

/// What several words of the command line or of a file say, each once. What is wrong with them goes to the `details`,
/// until there is more than anyone reads: of a wrong file every line may be wrong.
pub fn each_once<W, T: Clone + Eq + Hash>(
    words: impl IntoIterator<Item = W>,
    parse: impl Fn(W) -> Result<T, Vec<Detail>>,
    details: &mut Vec<Detail>,
) -> Vec<T> {
    let (mut said, mut known) = (Vec::new(), HashSet::new());
    for word in words {
        match parse(word) {
            Ok(one) if known.insert(one.clone()) => said.push(one),
            Ok(_) => {}
            Err(wrong) => details.extend(wrong),
        }
        if details.len() > MOST_DETAILS {
            break;
        }
    }
    said
}

/// The cluster that is named, by its identifier or ARN.
pub fn cluster(parameter: &str, text: &str) -> Result<ClusterId, Vec<Detail>> {
    ClusterId::parse(text).map_err(|error| match &error {
        ClusterIdError::NotAClusterArn => {
            vec![Detail::new(parameter, "not-a-cluster-arn", &error.to_string())]
        }
        ClusterIdError::Identifier(problems) => id_details(parameter, problems),
    })
}

/// The change of an id.
pub fn change(parameter: &str, text: &str) -> Result<ChangeId, Problem> {
    ChangeId::parse(text).map_err(|error| Problem::parameter(parameter, "invalid", &error.to_string()))
}

/// What `--filter` says of what something is to be done to. One that says nothing would mean all there is: a variable
/// that is not set, mostly.
pub fn filter_that_chooses(text: &str, list: FilteredList) -> Result<Filter, Problem> {
    let filter = filter(Some(text), list)?;
    if filter.tests().next().is_some() {
        return Ok(filter);
    }
    let message = format!("it says nothing, and so means all {}", list.rows());
    Err(Problem::parameter("--filter", "not-a-filter", &message))
}

/// What `--filter` of a list says; everything, if it was left out.
pub fn filter(text: Option<&str>, list: FilteredList) -> Result<Filter, Problem> {
    Filter::parse(text.unwrap_or_default(), list).map_err(|error| {
        let detail = Detail::new("--filter", "not-a-filter", &error.to_string());
        Problem::invalid(vec![Detail { at: Some(error.place - 1), ..detail }])
    })
}

/// The details of tags that may not be given.
pub fn tag_details(parameter: &str, problems: &TagProblems) -> Vec<Detail> {
    let rule = |rule: &TagRule| match rule {
        TagRule::EmptyKey => "empty-key",
        TagRule::TooLong { .. } => "too-long",
        TagRule::Forbidden(_) => "forbidden-character",
        TagRule::Reserved(_) => "reserved-prefix",
        TagRule::Duplicate { .. } => "duplicate-key",
        TagRule::Mark => "mark-key",
        TagRule::TooMany { .. } => "too-many",
    };
    let problems = problems.0.iter();
    problems
        .map(|problem| {
            let part = if problem.part == TagPart::Key { "key" } else { "value" };
            let message = format!("tag {}, {part}: {}", problem.row + 1, problem.rule);
            Detail { at: Some(problem.row), ..Detail::new(parameter, rule(&problem.rule), &message) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Code; 17] = [
        Code::ValidationError,
        Code::ClusterNotFound,
        Code::SnapshotExists,
        Code::InvalidClusterState,
        Code::InvalidSnapshotState,
        Code::QuotaExceeded,
        Code::NotReady,
        Code::AccessDenied,
        Code::Credentials,
        Code::Throttled,
        Code::Network,
        Code::OutcomeUnknown,
        Code::SnapshotFailed,
        Code::Timeout,
        Code::ReadOnly,
        Code::Interrupted,
        Code::Internal,
    ];

    #[test]
    fn every_code_stands_with_its_exit_code_in_the_help() {
        for code in ALL {
            let word = serde_json::to_string(&code).expect("a word");
            let word = word.trim_matches('"');
            let line =
                crate::cli::EXIT_CODES.lines().find(|line| line.contains(word)).expect("a line of the table");
            let number: u8 = line.split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number");
            assert_eq!(number, code.exit(), "{word}");
        }
    }
}
