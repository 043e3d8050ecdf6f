//! `clustersnap history`: the journal of this machine, for people and for change tickets.
//!
//! It reads the journal and asks nobody: what is open there, `watch` looks up and follows.

use jiff::Timestamp;
use serde::Serialize;

use super::json::{self, TagData, tags};
use super::problem::{Code, Problem, cluster_details};
use super::streams::{Stop, Streams, result};
use crate::cli::{Global, History};
use crate::domain::cluster_id::ClusterId;
use crate::domain::ending::Took;
use crate::domain::failure::FailureKind;
use crate::domain::past::{Past, PastRequest, Word};
use crate::domain::text::escape;
use crate::session;

/// A request, for a program.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    created_at: Option<Timestamp>,
    at: Timestamp,
    number: &'a str,
    cluster: &'a str,
    tags: Vec<TagData>,
    caller: Option<&'a str>,
    account: Option<&'a str>,
    profile: Option<&'a str>,
    region: Option<&'a str>,
    endpoint: &'a str,
    outcome: Word,
    proved_by: Option<&'static str>,
    open: bool,
    known_at: Option<Timestamp>,
    request_id: Option<&'a str>,
    #[serde(rename = "aws_code")]
    service_code: Option<&'a str>,
    failure: Option<FailureKind>,
    message: Option<String>,
    arn: Option<&'a str>,
    status: Option<&'a str>,
    ended_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
    took_s: Option<f64>,
    seen_after_s: Option<f64>,
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
    let Past { mut requests, unreadable } = if global.demo { Past::default() } else { read().await? };
    if unreadable > 0 {
        streams.say(&format!("{unreadable} lines of the journal cannot be read; they are kept."));
    }
    if let Some(cluster) = cluster {
        requests.retain(|request| request.cluster == cluster.as_str());
    }
    if streams.json {
        let entries: Vec<Entry<'_>> = requests.iter().map(entry).collect();
        result(&json::done(&entries))?;
        return Ok(0);
    }
    for request in &requests {
        result(&text(request, streams))?;
    }
    let open = requests.iter().filter(|request| is_open(request)).count();
    if requests.is_empty() {
        streams.say("Nothing was asked yet, as far as this machine's journal knows.");
    } else if open > 0 {
        streams.say(&format!("{open} open: clustersnap watch looks what became of them."));
    }
    Ok(0)
}

async fn read() -> Result<Past, Problem> {
    match session::past().await {
        Some(Ok(past)) => Ok(past),
        Some(Err(error)) => Err(Problem::new(Code::Internal, error.to_string())),
        None => Err(Problem::new(Code::Internal, "the journal was not read to its end")),
    }
}

/// Whether it is not known what became of the request, or how its snapshot ended.
fn is_open(request: &PastRequest) -> bool {
    let has_made = matches!(request.word, Word::Created | Word::FoundAgain);
    request.word == Word::Unknown || (has_made && request.ended.is_none())
}

fn entry(request: &PastRequest) -> Entry<'_> {
    let failure = request.failure.as_ref();
    Entry {
        id: &request.snapshot,
        created_at: request.begun_at,
        at: request.at,
        number: &request.number,
        cluster: &request.cluster,
        tags: tags(&request.tags),
        caller: request.caller.as_deref(),
        account: request.account.as_deref(),
        profile: request.profile.as_deref(),
        region: request.region.as_deref(),
        endpoint: &request.endpoint,
        outcome: request.word,
        proved_by: request.proof().map(|proof| proof.word()),
        open: is_open(request),
        known_at: request.known_at,
        request_id: request.request_id.as_deref(),
        service_code: failure.and_then(|failure| failure.code.as_deref()),
        failure: failure.map(|failure| failure.kind),
        message: failure.map(|failure| escape(&failure.message)),
        arn: request.arn.as_deref(),
        status: request.ended.as_ref().map(|ending| ending.status.as_str()),
        ended_at: request.ended.as_ref().map(|ending| ending.seen_at),
        finished_at: request.ended.as_ref().and_then(|ending| ending.finished_at),
        took_s: request.took().and_then(Took::observed).map(|took| took.as_secs_f64()),
        seen_after_s: request.took().and_then(Took::seen_after).map(|after| after.as_secs_f64()),
        attempts: request.attempts,
        version: &request.version,
    }
}

/// A request for a person: what, when, what became of it; who and where; by which numbers it is known.
fn text(request: &PastRequest, streams: Streams) -> String {
    let known = |text: &Option<String>| escape(text.as_deref().unwrap_or("not known"));
    let end = match &request.ended {
        Some(ending) => {
            let took = request.took().map(|took| format!(", {}", took.words())).unwrap_or_default();
            format!(", {}{took}", streams.status(&escape(&ending.status)))
        }
        None if is_open(request) && request.word != Word::Unknown => ", its end not seen yet".to_owned(),
        None => String::new(),
    };
    let (snapshot, cluster) = (escape(&request.snapshot), escape(&request.cluster));
    let mut lines = vec![
        format!("{:.0}  {snapshot} of {cluster}: {}{end}", request.at, request.word.short()),
        format!(
            "  by {} in {} ({})",
            known(&request.caller),
            known(&request.region),
            escape(&request.endpoint)
        ),
    ];
    let tags: Vec<String> = request.tags.iter().map(|tag| format!("{}={}", tag.key, tag.value)).collect();
    if !tags.is_empty() {
        lines.push(format!("  tags {}", escape(&tags.join(", "))));
    }
    lines.extend(request.failure.as_ref().map(|failure| format!("  {failure}")));
    let id = request.request_id.as_ref().map(|id| format!("request {}, ", escape(id))).unwrap_or_default();
    lines.extend(request.proof().map(|proof| format!("  proved by {}", escape(&proof.words()))));
    lines.push(format!("  {id}number {}", escape(&request.number)));
    lines.join("\n")
}
