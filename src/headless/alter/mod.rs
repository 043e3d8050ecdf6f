//! What `delete` and `tag` share: which snapshots are meant, what is known of their places, a confirmation by the
//! count, and the sending, paced in each place, whose outcomes are told one by one.

pub mod choice;
pub mod delete;
pub mod ground;
pub mod sending;
pub mod tag;

use std::io::{self, IsTerminal as _};

use serde::Serialize;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use super::interrupts::{Interrupts, interrupted};
use super::json;
use super::places::Incomplete;
use super::problem::{Code, Problem};
use super::streams::{Stop, Streams, ask, result};
use crate::domain::alteration::{Altered, AlteredKind};
use crate::domain::failure::Failure;
use crate::domain::snapshot::Snapshot;
use crate::domain::text::escape;

/// What an interruption means before anything left.
pub const NOTHING_SENT: &str = "Nothing was sent.";

/// Makes sure that the plan was seen: by the count, typed on a terminal, or given on the command line.
async fn confirm(
    streams: Streams,
    interrupts: &mut Interrupts,
    count: usize,
    yes: Option<usize>,
    verb: &str,
) -> Result<(), Stop> {
    let refuse = |why: String| Problem::parameter("--yes", "count", &why);
    match yes {
        Some(yes) if yes == count => return Ok(()),
        Some(yes) => {
            return Err(refuse(format!("{count} to {verb} by the plan, not {yes}. {NOTHING_SENT}")).into());
        }
        None if io::stdin().is_terminal() && io::stderr().is_terminal() => {}
        None => {
            let why =
                format!("without a terminal it takes --yes {count}, the count of the plan. {NOTHING_SENT}");
            return Err(refuse(why).into());
        }
    }
    ask(&format!("Type {count} to {verb} {}", snapshots(count)));
    let mut line = String::new();
    let mut input = BufReader::new(tokio::io::stdin());
    let read = tokio::select! {
        read = input.read_line(&mut line) => read,
        () = interrupts.next() => {
            streams.say("");
            return Err(interrupted(NOTHING_SENT).into());
        }
    };
    match read {
        Ok(1..) if line.trim() == count.to_string() => Ok(()),
        _ => Err(Problem::new(Code::Interrupted, format!("Not confirmed. {NOTHING_SENT}")).into()),
    }
}

/// Holds all back until each production cluster among them is named once more, where that is wanted: of each snapshot,
/// why it is.
fn check_production<'a>(
    items: impl Iterator<Item = (&'a Snapshot, Option<&'a Failure>)>,
    confirmed: &[String],
) -> Result<(), Problem> {
    let is_named = |snapshot: &Snapshot| {
        let cluster = snapshot.cluster.as_ref();
        cluster.is_some_and(|id| confirmed.iter().any(|name| name.eq_ignore_ascii_case(id.as_str())))
    };
    let mut held = items.filter(|(snapshot, _)| !is_named(snapshot));
    held.find_map(|(_, why)| why.cloned()).map_or(Ok(()), |failure| Err(failure.into()))
}

/// So many snapshots, in words.
fn snapshots(count: usize) -> String {
    if count == 1 { "1 snapshot".to_owned() } else { format!("{count} snapshots") }
}

/// What an outcome is as a failure of the command, if it is one.
fn code_of(altered: &Altered) -> Option<Code> {
    let of_failure = || altered.failure.as_ref().map_or(Code::Internal, |failure| Code::from(failure.kind));
    Some(match altered.kind {
        AlteredKind::Deleting | AlteredKind::Gone | AlteredKind::Tagged => return None,
        AlteredKind::NotDone | AlteredKind::Refused => of_failure(),
        AlteredKind::Replaced | AlteredKind::Another => Code::SnapshotExists,
        AlteredKind::Unknown | AlteredKind::Other => Code::OutcomeUnknown,
    })
}

/// The problem of one item, with AWS's code and request id.
fn problem_of(name: &str, altered: &Altered, words: &str) -> Option<Problem> {
    let failure = altered.failure.as_ref();
    Some(Problem {
        service_code: failure.and_then(|failure| failure.code.clone()),
        request_id: failure.and_then(|failure| failure.request_id.clone()),
        ..Problem::new(code_of(altered)?, format!("{}: {words}", escape(name)))
    })
}

/// Answers with the items, and with the worst of what failed; returns the exit code, the highest.
fn conclude(
    streams: Streams,
    text: &str,
    items: &impl Serialize,
    problems: Vec<Problem>,
    incomplete: &[Incomplete],
) -> Result<u8, Stop> {
    let of_places = incomplete.iter().map(|place| place.problem.clone());
    let failed: Vec<Problem> = problems.into_iter().chain(of_places).collect();
    // Of like ones the first.
    let worst = failed.iter().rev().max_by_key(|problem| problem.code.exit());
    let told = match worst {
        _ if !streams.json => text.to_owned(),
        None => json::done(items),
        Some(worst) => json::partly(items, worst, incomplete),
    };
    result(&told)?;
    Ok(worst.map_or(0, |problem| problem.code.exit()))
}
