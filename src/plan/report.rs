//! A run's output, read again: what the state machine told of each cluster, as records of the past.
//!
//! It is text from outside: a member that is missing or of another form makes its request unreadable, never a guess.

use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::account::Arn;
use crate::domain::change_id::ChangeId;
use crate::domain::ending::Ending;
use crate::domain::failure::Failure;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::record::{Intent, OutcomeLine, Record, SnapshotLine};

/// What an execution put out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The change.
    pub change: String,
    /// What was asked for each cluster and what became of it, in the order of the clusters.
    pub records: Vec<Record>,
    /// Why the run as a whole broke, if it did.
    pub problem: Option<String>,
    /// The older snapshots that were deleted.
    pub deleted: Vec<String>,
}

/// Why a text is no output of a run.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// It is no JSON.
    #[error("not what an execution of a plan puts out, which is JSON: line {}, character {}", .0.line(), .0.column())]
    NoJson(serde_json::Error),
    /// It is JSON of another form.
    #[error("not what an execution of a plan puts out{}", member(.0))]
    Form(serde_json::Error),
    /// It is JSON, and no object.
    #[error("not what an execution of a plan puts out: that is a JSON object")]
    NoObject,
    /// The execution has not ended.
    #[error("the execution is still running ({0}): its output comes with its end")]
    Running(String),
    /// It ended without an output.
    #[error("the execution ended as {status} without an output{}", .cause.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default())]
    Without {
        /// The status in the service's words.
        status: String,
        /// The error and its cause, if they are told. Text from outside.
        cause: Option<String>,
    },
}

/// What `aws stepfunctions describe-execution` prints.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Execution {
    status: String,
    output: Option<String>,
    error: Option<String>,
    cause: Option<String>,
}

#[derive(Deserialize)]
struct Output {
    clustersnap: String,
    change: String,
    mark: String,
    execution: String,
    problem: Option<Problem>,
    requests: Vec<Request>,
}

#[derive(Clone, Deserialize)]
struct Problem {
    #[serde(rename = "Error")]
    error: Option<String>,
    #[serde(rename = "Cause")]
    cause: Option<String>,
}

#[derive(Deserialize)]
struct Request {
    cluster: String,
    snapshot: String,
    number: String,
    outcome: OutcomeKind,
    asked_at: Timestamp,
    known_at: Timestamp,
    attempts: Option<u32>,
    resource_id: Option<String>,
    #[serde(default)]
    seen: Seen,
    failure: Option<Failure>,
    end: Option<Ending>,
    #[serde(default)]
    deleted: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Seen {
    arn: Option<String>,
    cluster: Option<String>,
    created_at: Option<Timestamp>,
    status: Option<String>,
}

/// Reads a run's output: the output itself, or the execution as the AWS command line describes it.
///
/// # Errors
/// When the text is neither, or the execution has no output.
pub fn read(text: &str) -> Result<Report, ReportError> {
    let value: serde_json::Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(ReportError::NoJson)?;
    if !value.is_object() {
        return Err(ReportError::NoObject);
    }
    if value.get("status").is_none() {
        return Ok(report(&serde_json::from_value(value).map_err(ReportError::Form)?));
    }
    let execution: Execution = serde_json::from_value(value).map_err(ReportError::Form)?;
    match execution.output {
        Some(output) => {
            let output: serde_json::Value = serde_json::from_str(&output).map_err(ReportError::NoJson)?;
            Ok(report(&serde_json::from_value(output).map_err(ReportError::Form)?))
        }
        None if ["RUNNING", "PENDING_REDRIVE"].contains(&execution.status.as_str()) => {
            Err(ReportError::Running(execution.status))
        }
        None => {
            let cause = said(execution.error, execution.cause);
            Err(ReportError::Without { status: execution.status, cause })
        }
    }
}

/// The member that is missing, where that is what is wrong.
fn member(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let name = told.split_once("missing field `").and_then(|(_, rest)| rest.split('`').next());
    name.map(|name| format!(": it has no member {name}")).unwrap_or_default()
}

/// An error and its cause, as far as they are told.
fn said(error: Option<String>, cause: Option<String>) -> Option<String> {
    error.into_iter().chain(cause).reduce(|error, cause| format!("{error}: {cause}"))
}

fn report(output: &Output) -> Report {
    let problem = output.problem.clone().and_then(|Problem { error, cause }| said(error, cause));
    let records = output.requests.iter().map(|request| request.record(output)).collect();
    let deleted = output.requests.iter().flat_map(|request| request.deleted.iter().cloned()).collect();
    Report { change: output.change.clone(), records, problem, deleted }
}

impl Request {
    fn record(&self, of: &Output) -> Record {
        let place = Arn::reported(Some(&of.execution));
        let intent = Intent {
            number: self.number.clone(),
            at: self.asked_at,
            server_time: Some(self.asked_at),
            server_ahead_s: Some(0),
            caller: Some(of.execution.clone()),
            account: place.as_ref().and_then(|arn| arn.account.clone()),
            profile: None,
            region: place.and_then(|arn| arn.region),
            endpoint: "AWS Step Functions".to_owned(),
            cluster: self.cluster.clone(),
            cluster_resource_id: self.resource_id.clone(),
            snapshot: self.snapshot.clone(),
            tags: Vec::new(),
            mark: Some(of.mark.clone()),
            change: ChangeId::parse(&of.change).ok(),
            version: of.clustersnap.clone(),
        };
        let failure = self.failure.clone();
        let outcome = OutcomeLine {
            number: self.number.clone(),
            at: self.known_at,
            outcome: self.outcome,
            request_id: failure.as_ref().and_then(|failure| failure.request_id.clone()),
            failure,
            snapshot: self.seen.line(),
            attempts: self.attempts,
            unlisted: None,
        };
        // A run has no clock but AWS's.
        let ended = self.end.clone().map(|end| Ending { server_time: Some(end.seen_at), ..end });
        Record { intent, outcome: Some(outcome), ended }
    }
}

impl Seen {
    fn line(&self) -> Option<SnapshotLine> {
        let status = self.status.clone()?;
        Some(SnapshotLine {
            arn: self.arn.clone(),
            cluster: self.cluster.clone(),
            created_at: self.created_at,
            status,
        })
    }
}
