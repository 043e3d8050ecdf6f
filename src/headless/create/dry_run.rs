//! `--dry-run`: every check that can be made without creating, and the request that would be sent.

use serde::Serialize;

use super::args::CreateArgs;
use super::cluster::found;
use super::preflight::{self, CheckTerms};
use super::{place, tags};
use crate::domain::command;
use crate::domain::policy::{Confirmation, Policy};
use crate::domain::preflight::{Check, Subject, Verdict};
use crate::domain::text::escaped_lines;
use crate::headless::json::{self, SnapshotData};
use crate::headless::problem::{Detail, Problem};
use crate::headless::streams::{Stop, Streams, result, shown};
use crate::headless::table;
use crate::session::Session;

/// A check, as a program reads it.
#[derive(Serialize)]
pub struct CheckData {
    name: Subject,
    #[serde(serialize_with = "json::verdict")]
    result: Verdict,
    message: String,
}

/// What a dry run answers: the request as it would be sent.
#[derive(Serialize)]
struct DryRun {
    #[serde(flatten)]
    snapshot: SnapshotData,
    caller: Option<String>,
    checks: Vec<CheckData>,
    /// The same request for the AWS command line.
    #[serde(rename = "aws_command")]
    equivalent: String,
}

impl CheckData {
    /// A check for a program.
    pub fn of(check: &Check) -> Self {
        Self { name: check.subject, result: check.verdict, message: preflight::words(check) }
    }
}

/// Checks and prints; returns the exit code.
pub async fn run(
    session: &Session,
    wanted: &CreateArgs,
    policy: &Policy,
    confirmation: &Confirmation,
    streams: Streams,
    terms: CheckTerms,
) -> Result<u8, Stop> {
    let cluster = session.client().cluster(&wanted.cluster.id).await;
    let cluster = found(&wanted.cluster, cluster).map_err(|problem| {
        let details = vec![Detail::new(Subject::Cluster.name(), "check-failed", &problem.message)];
        Problem { details, ..problem }
    })?;
    let request = super::request(session, wanted, &cluster, policy).await?;
    let checks = Box::pin(preflight::checks(session, &cluster, &request.snapshot, terms)).await;
    let snapshot = SnapshotData::requested(&request).asked_through(session, None);
    let held = session.holds_back(&request, &cluster, confirmation);
    if let Some(problem) = held.map(Problem::from).or_else(|| refusal(session, &checks)) {
        return Err(problem.about(snapshot).into());
    }
    let snapshot = SnapshotData { is_dry: true, ..snapshot };
    let equivalent = command::cli(session.target(), &request);
    let caller = session.caller().map(|caller| caller.arn.clone());
    let told = checks.iter().map(CheckData::of).collect();
    let answer = DryRun { snapshot, caller, checks: told, equivalent };
    let text = if streams.json { json::done(&answer) } else { text(session, &answer, &checks) };
    result(&text)?;
    Ok(0)
}

fn text(session: &Session, answer: &DryRun, checks: &[Check]) -> String {
    let checks: Vec<(&str, Option<String>)> =
        checks.iter().map(|check| (check.subject.name(), Some(preflight::line(check)))).collect();
    let request = table::fields(&[
        ("Snapshot", Some(answer.snapshot.id.clone())),
        ("Cluster", answer.snapshot.cluster.clone()),
        ("Place", Some(place(session.target()))),
        ("Caller", answer.caller.clone()),
        ("Tags", Some(tags(&answer.snapshot.tags))),
    ]);
    let command = escaped_lines(&answer.equivalent).join("\n");
    let command = shown(&command);
    format!(
        "Nothing is created. The request:\n\n{request}\n\nChecks:\n\n{}\n\n{command}",
        table::fields(&checks)
    )
}

/// The first check that stands in the way as the problem, every one in its details.
fn refusal(session: &Session, checks: &[Check]) -> Option<Problem> {
    let problems = checks.iter().filter_map(|check| Some((check, preflight::problem(session, check)?)));
    let (mut details, mut first) = (Vec::new(), None);
    for (check, problem) in problems {
        details.push(Detail::new(check.subject.name(), "check-failed", &problem.message));
        first.get_or_insert(problem);
    }
    first.map(|problem| Problem { details, ..problem })
}
