//! `clustersnap report`: what became of a change, by the journal of this machine, ready to paste.
//!
//! It asks nobody: what is open there, `watch --change` looks up and follows.

use serde::Serialize;

use super::history::{RequestData, data_of};
use super::json;
use super::problem::{Code, Problem};
use super::streams::{Stop, Streams, result};
use crate::cli::{Global, Report, ReportFormat};
use crate::domain::account::AccountId;
use crate::domain::change::ChangeItem;
use crate::domain::change_id::{ChangeId, NotAChangeId};
use crate::domain::change_record::{Achieved, by_cluster};
use crate::domain::record::Record;
use crate::domain::text::escape;
use crate::journal::{Journal, JournalError};
use crate::session::changes;

/// The heads of the columns, in the order of [`cells`].
const HEADS: [&str; 11] = [
    "Cluster",
    "Account",
    "Region",
    "Snapshot",
    "Result",
    "Usable since",
    "Proved by",
    "Requested at",
    "Requested by",
    "AWS request",
    "Failure",
];

/// A report, for a program.
#[derive(Serialize)]
struct ReportData<'a> {
    change: &'a str,
    clusters: usize,
    usable: usize,
    requests: Vec<RequestData<'a>>,
    unsent: Vec<UnsentData<'a>>,
}

/// A request that was not sent, for a program.
#[derive(Serialize)]
struct UnsentData<'a> {
    id: &'a str,
    cluster: &'a str,
    account: Option<&'a str>,
    region: Option<&'a str>,
}

/// Prints the report; returns the exit code.
pub async fn run(args: &Report, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let invalid = |error: NotAChangeId| Problem::parameter("ID", "invalid", &error.to_string());
    let id = ChangeId::parse(&args.change).map_err(invalid)?;
    let unreadable = |error: JournalError| Problem::new(Code::Internal, error.to_string());
    let (mut records, mut unsent) = (Vec::new(), Vec::new());
    // The embedded simulator leaves no trace on this machine.
    if !global.demo {
        let journal = Journal::open_default().map_err(unreadable)?;
        records = changes::requests_of(&journal, &id).await.map_err(unreadable)?;
        unsent = changes::unsent_of(&journal, &id, &records).await;
    }
    if records.is_empty() && unsent.is_empty() {
        let message = format!("this machine's journal has nothing of the change {id}");
        return Err(Problem::parameter("ID", "not-found", &message).into());
    }
    let is_open = |record: &Record| record.is_unsettled() || record.is_unfinished();
    if records.iter().any(is_open) {
        streams
            .say(&format!("Not all is known yet: clustersnap watch --change {id} looks what became of it."));
    }
    let format = if args.answer.json { ReportFormat::Json } else { args.format };
    result(&match format {
        ReportFormat::Markdown => markdown(&id, &records, &unsent),
        ReportFormat::Csv => csv(&records, &unsent),
        ReportFormat::Json => json::done(&data(&id, &records, &unsent)),
    })?;
    Ok(0)
}

/// How many clusters the change has, and how many of them have a usable snapshot.
fn count(records: &[Record], unsent: &[ChangeItem]) -> (usize, usize) {
    let counting = by_cluster(records);
    let usable = counting.iter().filter(|record| Achieved::by(record) == Achieved::Usable).count();
    let is_new = |item: &&ChangeItem| {
        !counting.iter().any(|record| {
            let intent = &record.intent;
            intent.cluster == item.request.cluster.as_str()
                && item.may_be_of(intent.account.as_ref(), intent.region.as_deref())
        })
    };
    (counting.len() + unsent.iter().filter(is_new).count(), usable)
}

fn data<'a>(id: &'a ChangeId, records: &'a [Record], unsent: &'a [ChangeItem]) -> ReportData<'a> {
    let (clusters, usable) = count(records, unsent);
    let not_sent = |item: &'a ChangeItem| UnsentData {
        id: item.request.snapshot.as_str(),
        cluster: item.request.cluster.as_str(),
        account: item.account.as_ref().map(AccountId::as_str),
        region: item.place.region.as_deref(),
    };
    ReportData {
        change: id.as_str(),
        clusters,
        usable,
        requests: records.iter().map(data_of).collect(),
        unsent: unsent.iter().map(not_sent).collect(),
    }
}

/// The cells of a request, escaped of what no terminal and no page should get raw.
fn cells(record: &Record) -> [String; 11] {
    let intent = &record.intent;
    let ended = record.ended.as_ref().filter(|_| Achieved::by(record) == Achieved::Usable);
    let usable = ended.map(|ending| match (ending.finished_at, ending.server_time) {
        (Some(at), _) => format!("{at:.0}"),
        // AWS keeps no time of the end: it was seen to be so, by the server's clock where that is known.
        (None, seen) => format!("{:.0} or before", seen.unwrap_or(ending.seen_at)),
    });
    let result = match Achieved::by(record) {
        Achieved::Nothing => record.kind().short(),
        Achieved::Failed => record.result(),
        other => other.word(),
    };
    let failure = record.failure().map(ToString::to_string);
    let cells = [
        Some(intent.cluster.clone()),
        intent.account.as_ref().map(ToString::to_string),
        intent.region.clone(),
        Some(intent.snapshot.clone()),
        Some(result.to_owned()),
        usable,
        record.proof().map(|proof| proof.words()),
        Some(format!("{:.0}", intent.at)),
        intent.caller.clone(),
        record.request_id().map(str::to_owned),
        failure,
    ];
    cells.map(|cell| escape(&cell.unwrap_or_default()))
}

/// The cells of what was not sent.
fn unsent_cells(item: &ChangeItem) -> [String; 11] {
    let mut cells: [String; 11] = Default::default();
    let known = [
        item.request.cluster.to_string(),
        item.account.as_ref().map(ToString::to_string).unwrap_or_default(),
        item.place.region.clone().unwrap_or_default(),
        item.request.snapshot.to_string(),
        "not sent".to_owned(),
    ];
    for (cell, text) in cells.iter_mut().zip(known) {
        *cell = escape(&text);
    }
    cells
}

fn rows(records: &[Record], unsent: &[ChangeItem]) -> impl Iterator<Item = [String; 11]> {
    records.iter().map(cells).chain(unsent.iter().map(unsent_cells))
}

fn markdown(id: &ChangeId, records: &[Record], unsent: &[ChangeItem]) -> String {
    let (clusters, usable) = count(records, unsent);
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.collect();
        format!("| {} |", cells.join(" | "))
    };
    let head = format!(
        "**{}: {usable} of {clusters} clusters have a usable snapshot**\n\n{}\n{}",
        for_markdown(id.as_str()),
        line(&mut HEADS.iter().map(|head| (*head).to_owned())),
        line(&mut HEADS.iter().map(|_| "---".to_owned())),
    );
    let rows = rows(records, unsent).map(|cells| line(&mut cells.iter().map(|cell| for_markdown(cell))));
    std::iter::once(head).chain(rows).collect::<Vec<String>>().join("\n")
}

/// A text that a page shows as it is: a backslash before what markdown gives a meaning.
fn for_markdown(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if c.is_ascii_punctuation() && !"-.,:;/()=+'\"%".contains(c) {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

fn csv(records: &[Record], unsent: &[ChangeItem]) -> String {
    let line = |cells: &mut dyn Iterator<Item = &str>| cells.map(for_csv).collect::<Vec<String>>().join(",");
    let head = line(&mut HEADS.iter().copied());
    let rows = rows(records, unsent).map(|cells| line(&mut cells.iter().map(String::as_str)));
    std::iter::once(head).chain(rows).collect::<Vec<String>>().join("\n")
}

/// A cell that no spreadsheet takes for a formula, quoted.
fn for_csv(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_none_breaks_out_of_its_row() {
        for formula in ["=1+1", "+1", "-1", "@SUM(1)"] {
            assert_eq!(for_csv(formula), format!("\"'{formula}\""));
        }
        assert_eq!(for_csv("a\"b,c"), "\"a\"\"b,c\"");
        assert_eq!(for_markdown("a|b`c`<i>[x](y)\\"), "a\\|b\\`c\\`\\<i\\>\\[x\\](y)\\\\");
    }
}
