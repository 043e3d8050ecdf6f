//! `clustersnap history`: the journal of this machine, for people and for change tickets.
//!
//! It reads the journal and asks nobody: what is open there, `watch` looks up and follows.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::time::Duration;

use super::json::{self, TagData};
use super::problem::{Code, Problem, cluster_details};
use super::streams::{Stop, Streams, result};
use crate::cli::{Global, History};
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::FailureKind;
use crate::domain::text::escape;
use crate::journal::{Journal, Record, Word};
use crate::view::words::span;

/// A request, for a program. The members are the journal's.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    created_at: Option<Timestamp>,
    at: Timestamp,
    number: &'a str,
    cluster: &'a str,
    cluster_resource_id: Option<&'a str>,
    tags: Vec<TagData>,
    caller: Option<&'a str>,
    account: Option<&'a str>,
    profile: Option<&'a str>,
    region: Option<&'a str>,
    endpoint: &'a str,
    outcome: Word,
    open: bool,
    request_id: Option<&'a str>,
    #[serde(rename = "aws_code")]
    service_code: Option<&'a str>,
    failure: Option<FailureKind>,
    message: Option<String>,
    arn: Option<&'a str>,
    status: Option<&'a str>,
    ended_at: Option<Timestamp>,
    took_s: Option<f64>,
    attempts: Option<u32>,
    version: &'a str,
}

/// Prints the history; returns the exit code.
///
/// # Errors
/// Why it could not.
pub async fn run(args: &History, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let cluster = match &args.cluster {
        Some(text) => Some(
            ClusterId::parse(text).map_err(|error| Problem::invalid(cluster_details("--cluster", &error)))?,
        ),
        None => None,
    };
    let mut records = if global.demo { Vec::new() } else { read(streams).await? };
    if let Some(cluster) = cluster {
        records.retain(|record| record.intent.cluster == cluster.as_str());
    }
    if streams.json {
        let entries: Vec<Entry<'_>> = records.iter().map(entry).collect();
        result(&json::done(&entries))?;
        return Ok(0);
    }
    for record in &records {
        result(&text(record, streams))?;
    }
    let open = records.iter().filter(|record| is_open(record)).count();
    if records.is_empty() {
        streams.say("Nothing was asked yet, as far as this machine's journal knows.");
    } else if open > 0 {
        streams.say(&format!("{open} open: clustersnap watch looks what became of them."));
    }
    Ok(0)
}

async fn read(streams: Streams) -> Result<Vec<Record>, Problem> {
    let read = || Journal::open_default().and_then(|journal| journal.read());
    let history = match tokio::task::spawn_blocking(read).await {
        Ok(Ok(history)) => history,
        Ok(Err(error)) => return Err(Problem::new(Code::Internal, error.to_string())),
        Err(error) => return Err(Problem::new(Code::Internal, error.to_string())),
    };
    if history.unreadable > 0 {
        streams.say(&format!("{} lines of the journal cannot be read; they are kept.", history.unreadable));
    }
    Ok(history.records)
}

fn is_open(record: &Record) -> bool {
    record.is_unsettled() || record.is_unfinished()
}

fn entry(record: &Record) -> Entry<'_> {
    let Record { intent, outcome, ended } = record;
    let outcome = outcome.as_ref();
    let failure = outcome.and_then(|line| line.failure.as_ref());
    let snapshot = outcome.and_then(|line| line.snapshot.as_ref());
    let tag = |tag: &crate::journal::TagLine| TagData { key: tag.key.clone(), value: tag.value.clone() };
    Entry {
        id: &intent.snapshot,
        created_at: snapshot.and_then(|snapshot| snapshot.created_at),
        at: intent.at,
        number: &intent.number,
        cluster: &intent.cluster,
        cluster_resource_id: intent.cluster_resource_id.as_deref(),
        tags: intent.tags.iter().map(tag).collect(),
        caller: intent.caller.as_deref(),
        account: intent.account.as_deref(),
        profile: intent.profile.as_deref(),
        region: intent.region.as_deref(),
        endpoint: &intent.endpoint,
        outcome: record.word(),
        open: is_open(record),
        request_id: outcome.and_then(|line| line.request_id.as_deref()),
        service_code: failure.and_then(|failure| failure.code.as_deref()),
        failure: failure.map(|failure| failure.kind),
        message: failure.map(|failure| escape(&failure.message)),
        arn: snapshot.and_then(|snapshot| snapshot.arn.as_deref()),
        status: ended
            .as_ref()
            .map(|ended| ended.status.as_str())
            .or_else(|| snapshot.map(|snapshot| snapshot.status.as_str())),
        ended_at: ended.as_ref().map(|ended| ended.at),
        took_s: record.took().map(|took| took.as_secs_f64()),
        attempts: outcome.and_then(|line| line.attempts),
        version: &intent.version,
    }
}

/// A request for a person: what, when, what became of it; who and where; by which numbers it is known.
fn text(record: &Record, streams: Streams) -> String {
    let Record { intent, outcome, ended } = record;
    let outcome = outcome.as_ref();
    let unknown = || "not known".to_owned();
    let end = match ended {
        Some(ended) => {
            let took = record.took().and_then(took).map(|took| format!(" after {took}")).unwrap_or_default();
            format!(", {}{took}", streams.status(&escape(&ended.status)))
        }
        None if record.is_unfinished() => ", its end not seen yet".to_owned(),
        None => String::new(),
    };
    let mut lines = vec![
        format!(
            "{:.0}  {} of {}: {}{end}",
            intent.at,
            escape(&intent.snapshot),
            escape(&intent.cluster),
            words(record.word())
        ),
        format!(
            "  by {} in {} ({})",
            escape(&intent.caller.clone().unwrap_or_else(unknown)),
            escape(&intent.region.clone().unwrap_or_else(unknown)),
            escape(&intent.endpoint)
        ),
    ];
    let tags: Vec<String> = intent.tags.iter().map(|tag| format!("{}={}", tag.key, tag.value)).collect();
    if !tags.is_empty() {
        lines.push(format!("  tags {}", escape(&tags.join(", "))));
    }
    if let Some(failure) = outcome.and_then(|line| line.failure.as_ref()) {
        let code = failure.code.as_ref().map(|code| format!(" ({})", escape(code))).unwrap_or_default();
        lines.push(format!("  {}: {}{code}", failure.kind.headline(), escape(&failure.message)));
    }
    let request = outcome.and_then(|line| line.request_id.as_deref());
    let request = request.map(|id| format!("request {}, ", escape(id))).unwrap_or_default();
    lines.push(format!("  {request}number {}", escape(&intent.number)));
    lines.join("\n")
}

fn took(took: SignedDuration) -> Option<String> {
    Duration::try_from(took).ok().map(span)
}

fn words(word: Word) -> &'static str {
    match word {
        Word::Created => "created",
        Word::FoundAgain => "created (the answer was lost, found again)",
        Word::NotCreated => "not created",
        Word::Taken => "not created, the name was taken",
        Word::Unknown => "not known yet",
        Word::NotListed => "not there when looked up, the answer was lost",
        Word::Unproven => "a snapshot of that name is there, whose cannot be told",
        Word::Other => "written by a newer version",
    }
}
