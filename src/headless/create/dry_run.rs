//! `--dry-run`: every check that can be made without creating, and the request that would be sent.

use jiff::Timestamp;
use serde::Serialize;

use super::args::CreateArgs;
use super::cluster::{found, not_ready};
use super::open;
use super::{place, tags};
use crate::domain::cluster::Cluster;
use crate::domain::command;
use crate::domain::context::Caller;
use crate::domain::failure::Failure;
use crate::domain::page::Quota;
use crate::domain::policy::Policy;
use crate::domain::record::Record;
use crate::domain::request::SnapshotRequest;
use crate::domain::text::{escape, escaped_lines};
use crate::headless::json::{self, SnapshotData};
use crate::headless::problem::{Code, Detail, Problem};
use crate::headless::streams::{Stop, Streams, result};
use crate::headless::table;
use crate::journal::JournalError;
use crate::session::Session;
use crate::submit::fresh_number;
use crate::submit::service::{Service as _, Sighting};

/// The share of the quota from which on it is worth a warning, in per cent.
const NEARLY_FULL: u64 = 90;

/// One check, and what it found.
#[derive(Serialize)]
struct Check {
    name: &'static str,
    result: Verdict,
    message: String,
    #[serde(skip)]
    problem: Option<Problem>,
}

/// What a check found.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    /// As it should be.
    Ok,
    /// Worth a look.
    Warning,
    /// It could not be found out.
    Unknown,
    /// The request would be refused.
    Failed,
}

/// What a dry run answers: the request as it would be sent.
#[derive(Serialize)]
struct DryRun {
    #[serde(flatten)]
    snapshot: SnapshotData,
    #[serde(rename = "dry_run")]
    is_dry: bool,
    caller: Option<String>,
    checks: Vec<Check>,
    /// The same request for the AWS command line.
    #[serde(rename = "aws_command")]
    equivalent: String,
}

impl Check {
    fn new(name: &'static str, result: Verdict, message: &str) -> Self {
        Self { name, result, message: escape(message), problem: None }
    }

    fn failed(name: &'static str, problem: Problem) -> Self {
        let message = problem.message.clone();
        Self { name, result: Verdict::Failed, message, problem: Some(problem) }
    }
}

/// Checks and prints; returns the exit code.
///
/// # Errors
/// The first check that failed, with all that did in its details.
pub async fn run(
    session: &Session,
    wanted: &CreateArgs,
    policy: &Policy,
    streams: Streams,
    when_available: bool,
) -> Result<u8, Stop> {
    let client = session.client();
    let (caller, cluster, quota, journal) = tokio::join!(
        session.read_caller(),
        client.cluster(&wanted.cluster),
        client.quota(),
        session.check_journal()
    );
    let mut checks = vec![of_caller(caller)];
    let cluster = match found(wanted, cluster) {
        Ok(cluster) => {
            checks.push(of_cluster(&cluster, when_available));
            cluster
        }
        Err(problem) => {
            checks.push(Check::failed("cluster", problem));
            return Err(refusal(checks, None).into());
        }
    };
    let request = super::request(session, &fresh_number(Timestamp::now()), wanted, &cluster, policy).await?;
    checks.push(of_name(client.look_up(&request.snapshot).await, &request));
    checks.push(of_quota(quota));
    checks.push(match journal {
        Ok(()) => of_journal(session.open_requests().await, &request),
        Err(failure) => Check::failed("journal", failure.into()),
    });
    let snapshot = SnapshotData::requested(&request).asked_through(session, None);
    if checks.iter().any(|check| check.problem.is_some()) {
        return Err(refusal(checks, Some(snapshot)).into());
    }
    let equivalent = command::cli(session.place(), &request);
    let caller = session.caller().map(|caller| caller.arn.clone());
    let answer = DryRun { snapshot, is_dry: true, caller, checks, equivalent };
    let text = if streams.json { json::done(&answer) } else { text(session, &answer) };
    result(&text)?;
    Ok(0)
}

fn text(session: &Session, answer: &DryRun) -> String {
    let checks: Vec<(&str, Option<String>)> = answer
        .checks
        .iter()
        .map(|check| {
            let word = match check.result {
                Verdict::Ok => "ok",
                Verdict::Warning => "look twice",
                Verdict::Unknown => "not known",
                Verdict::Failed => "failed",
            };
            (check.name, Some(format!("{word}: {}", check.message)))
        })
        .collect();
    let request = table::fields(&[
        ("Snapshot", Some(answer.snapshot.id.clone())),
        ("Cluster", answer.snapshot.cluster.clone()),
        ("Place", Some(place(session.place()))),
        ("Caller", answer.caller.clone()),
        ("Tags", Some(tags(&answer.snapshot))),
    ]);
    let command = escaped_lines(&answer.equivalent).join("\n");
    format!(
        "Nothing is created. The request:\n\n{request}\n\nChecks:\n\n{}\n\n{command}",
        table::fields(&checks)
    )
}

/// The first failure as the problem, every one in its details.
fn refusal(checks: Vec<Check>, snapshot: Option<SnapshotData>) -> Problem {
    let mut details = Vec::new();
    let mut first = None;
    for check in checks {
        let Some(problem) = check.problem else { continue };
        if problem.details.is_empty() {
            details.push(Detail::new(check.name, "check-failed", &check.message));
        } else {
            details.extend(problem.details.clone());
        }
        first.get_or_insert(problem);
    }
    let first = first.unwrap_or_else(|| Problem::new(Code::Internal, "no check failed"));
    let problem = Problem { details, ..first };
    match snapshot {
        Some(snapshot) => problem.about(snapshot),
        None => problem,
    }
}

fn of_caller(caller: Result<Caller, Failure>) -> Check {
    match caller {
        Ok(caller) => Check::new("credentials", Verdict::Ok, &caller.arn),
        Err(failure) => {
            let problem = Problem::from(failure);
            match problem.code {
                Code::Network | Code::Throttled => {
                    Check { problem: None, result: Verdict::Unknown, ..Check::failed("credentials", problem) }
                }
                _ => Check::failed("credentials", problem),
            }
        }
    }
}

fn of_cluster(cluster: &Cluster, when_available: bool) -> Check {
    let words = format!("{}, {}", cluster.engine(), cluster.status);
    match not_ready(cluster, false) {
        Some(_) if when_available => {
            Check::new("cluster", Verdict::Warning, &format!("{words}: it will be waited for"))
        }
        Some(problem) => Check::failed("cluster", problem),
        None if cluster.status.as_str() == "available" => Check::new("cluster", Verdict::Ok, &words),
        None => Check::new("cluster", Verdict::Unknown, &format!("{words}: a status not known here")),
    }
}

fn of_name(answer: Result<Sighting, Failure>, request: &SnapshotRequest) -> Check {
    match answer {
        Ok(Sighting { snapshot: None, .. }) => Check::new("name", Verdict::Ok, "free"),
        Ok(Sighting { snapshot: Some(by), .. }) => {
            let since = by.created_at.map(|at| format!(", begun {at:.0}")).unwrap_or_default();
            let message = format!("{} is taken by a snapshot that is {}{since}", request.snapshot, by.status);
            Check::failed("name", Problem::new(Code::SnapshotExists, escape(&message)))
        }
        Err(failure) => Check::failed("name", failure.into()),
    }
}

/// What this machine's journal has open: a request for the same name would be settled instead of sent.
fn of_journal(open: Result<Vec<Record>, JournalError>, request: &SnapshotRequest) -> Check {
    let open = match open {
        Ok(open) => open,
        Err(error) => {
            let message = format!("can be written, not read, so what is open is not known: {error}");
            return Check::new("journal", Verdict::Unknown, &message);
        }
    };
    let told = |record: &Record| open::about(record, "");
    let mut unsettled = open.iter().filter(|record| record.is_unsettled());
    let is_same_name = |record: &&Record| record.intent.snapshot == request.snapshot.as_str();
    let is_same_cluster = |record: &&Record| record.intent.cluster == request.cluster.as_str();
    if let Some(record) = unsettled.clone().find(is_same_name) {
        return Check::failed("journal", Problem::new(Code::OutcomeUnknown, told(record).trim_end()));
    }
    match unsettled.find(is_same_cluster) {
        Some(record) => Check::new("journal", Verdict::Warning, told(record).trim_end()),
        None => {
            Check::new("journal", Verdict::Ok, "can be written, and has no open request for this cluster")
        }
    }
}

fn of_quota(answer: Result<Option<Quota>, Failure>) -> Check {
    let used = |quota: Quota| format!("{} of {} manual snapshots", quota.used, quota.max);
    match answer {
        Ok(Some(quota)) if quota.used >= quota.max => {
            Check::failed("quota", Problem::new(Code::QuotaExceeded, format!("{} are used", used(quota))))
        }
        Ok(Some(quota)) if quota.used * 100 >= quota.max * NEARLY_FULL => {
            Check::new("quota", Verdict::Warning, &used(quota))
        }
        Ok(Some(quota)) => Check::new("quota", Verdict::Ok, &used(quota)),
        Ok(None) => Check::new("quota", Verdict::Unknown, "the account does not report it"),
        // Without the permission to read it, a create still works.
        Err(failure) => Check::new("quota", Verdict::Unknown, &failure.to_string()),
    }
}
