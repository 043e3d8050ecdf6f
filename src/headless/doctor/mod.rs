//! `clustersnap doctor`: one page before a change: what this machine says of who asks and where, what the service
//! answers, and what is to be done about what is wrong.
//!
//! It tries what changes nothing and tells no secret, so that the page can be handed on. What is not known is told as
//! not known: above all whether a snapshot may be created, which AWS tells to nobody who does not create one.
//!
//! - `machine`: configuration, files, and the way to the service. `service`: identity, clock, permissions, quota.
//! - `local`: journal, terminal, clipboard. `row`: one check. `remedy`: what to do.

mod local;
mod machine;
mod remedy;
mod row;
mod service;

use super::json;
use super::problem::{Code, Problem};
use super::streams::{Stop, Streams, read_or_not, result};
use super::table;
use crate::app::{Appearance, TerminalKind};
use crate::cli::{AnswerOptions, Global};
use crate::domain::preflight::Verdict;
use crate::session::Session;
use crate::{config, places_wanted};
use row::Finding;

/// Checks and prints; returns the exit code: that of the first check that failed.
pub async fn run(
    answer: AnswerOptions,
    global: &Global,
    screen: (Appearance, TerminalKind),
) -> Result<u8, Stop> {
    let streams = Streams::new(answer);
    places_wanted::only(places_wanted::wanted(global, config::load)?)?;
    let session = super::connect(global, None).await;
    if let Err(left @ Problem { code: Code::Interrupted, .. }) = session {
        return Err(left.into());
    }
    let mut rows = vec![local::config()];
    rows.extend(Box::pin(of_connection(global, &session)).await);
    rows.extend(Box::pin(local::journal(session.as_ref().ok())).await);
    rows.extend(local::screen(screen));
    read_or_not(result(&if streams.json { json::done(&rows) } else { text(&rows) }))?;
    Ok(exit(&rows))
}

/// What is between this machine and the service.
async fn of_connection(global: &Global, session: &Result<Session, Problem>) -> Vec<Finding> {
    let origins = machine::origins(global).await;
    let mut rows = origins.as_ref().map(machine::files).unwrap_or_default();
    let session = match session {
        Ok(session) => session,
        Err(problem) => {
            rows.push(Finding::of_problem("setup", problem));
            return rows;
        }
    };
    let found = session.client().pinned().await;
    rows.push(machine::credentials(origins.as_ref(), found.as_ref().map(|_| ())));
    rows.extend(machine::way(origins.as_ref(), session.target()).await);
    rows.extend(match found {
        Ok(_) => Box::pin(service::rows(session)).await,
        Err(_) => service::not_tried("there are no credentials to ask with"),
    });
    rows
}

fn exit(rows: &[Finding]) -> u8 {
    let failed = rows.iter().find(|row| row.verdict == Verdict::Blocks);
    failed.map_or(0, Finding::exit)
}

/// The page for a person.
fn text(rows: &[Finding]) -> String {
    let lines: Vec<Vec<String>> = rows.iter().flat_map(Finding::lines).collect();
    let count = |verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    format!(
        "{}\n\n{} checks: {} failed, {} to look at twice, {} not known.",
        table::lay_out(&["CHECK", "VERDICT", "WHAT WAS FOUND"], lines, None),
        rows.len(),
        count(Verdict::Blocks),
        count(Verdict::Doubt),
        count(Verdict::Unknown),
    )
}
