//! `clustersnap report`: what became of a change, by the journal of this machine, ready to paste.
//!
//! It asks nobody: what is open there, `watch --change` looks up and follows. Where profiles or Regions are named, it is
//! about what went there.

use jiff::Timestamp;
use serde::Serialize;

use super::gaps::say_gaps;
use super::history::alterations::{self, AlterationData};
use super::history::{RequestData, data_of, is_in, is_open};
use super::problem::{self, Problem};
use super::streams::{Stop, Streams, result, shown};
use super::{hints, json};
use crate::cli::{AnswerOptions, Global, ReportFormat, ReportOptions};
use crate::domain::account::AccountId;
use crate::domain::alteration::AlterationRecord;
use crate::domain::change::{ChangeItem, ChangePlace, LeftOut};
use crate::domain::change_id::ChangeId;
use crate::domain::change_record::{Achieved, done_to, is_deleted, keep_done_to, newest_by_cluster};
use crate::domain::ending::Ending;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::record::Record;
use crate::domain::text::escape;
use crate::rds::ServiceOptions;
use crate::session::changes::ChangeHistory;
use crate::{config, places_wanted};

/// The heads of the columns, in the order of [`cells`].
const HEADS: [&str; 12] = [
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
    "Afterwards",
];

/// A change, and what the journal has of it.
struct ChangeReport<'a> {
    id: &'a ChangeId,
    /// Where, if places were named: in a clause, safe to show.
    places: &'a str,
    history: &'a ChangeHistory,
}

/// A report, for a program.
#[derive(Serialize)]
struct ReportData<'a> {
    change: &'a str,
    clusters: usize,
    usable: usize,
    requests: Vec<RequestData<'a>>,
    unsent: Vec<UnsentData<'a>>,
    left_out: Vec<UnsentData<'a>>,
    altered: Vec<AlterationData<'a>>,
}

/// A request that was not sent, or a cluster or place that was left out, for a program.
#[derive(Serialize)]
struct UnsentData<'a> {
    /// Not there for what was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// `null` for a place that could not be read.
    cluster: Option<&'a str>,
    account: Option<&'a str>,
    region: Option<&'a str>,
    why: Option<&'a str>,
}

/// How it answers: as a program reads it also where its format says so.
pub fn answer(args: &ReportOptions) -> AnswerOptions {
    AnswerOptions { json: args.answer.json || args.format == ReportFormat::Json, ..args.answer }
}

/// Prints the report; returns the exit code.
pub async fn run(args: &ReportOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(answer(args));
    let id = problem::change("ID", &args.change)?;
    let places = places_wanted::wanted(global, config::load)?;
    if global.demo {
        let message = "the embedded simulator leaves no journal: there is no report of the demo";
        return Err(Problem::parameter("ID", "not-found", message).into());
    }
    let mut history = ChangeHistory::read(&id).await?;
    say_gaps(global, streams).await;
    keep_those_of(&mut history, &places);
    let places = in_words(&places);
    if history.is_empty() {
        let message = format!("this machine's journal has nothing of the change {id}{places}");
        return Err(Problem::parameter("ID", "not-found", &message).into());
    }
    let open: Vec<&Record> = history.requests.iter().filter(|record| is_open(record)).collect();
    if !open.is_empty() {
        let command = hints::watch_change(&id, &open, global);
        streams.say(&format!("Not all is known yet: {command} looks up what became of it."));
    }
    let format = if streams.json { ReportFormat::Json } else { args.format };
    let report = ChangeReport { id: &id, places: &places, history: &history };
    result(&match format {
        ReportFormat::Markdown => shown(&report.markdown()).into_owned(),
        ReportFormat::Csv => report.csv(),
        ReportFormat::Json => json::done(&report.data()),
    })?;
    Ok(0)
}

/// Keeps what went to the places that were named, if any were.
fn keep_those_of(history: &mut ChangeHistory, places: &[ServiceOptions]) {
    let is_of = |profile: &Option<String>, region: &Option<String>| {
        places.iter().any(|place| is_in(profile.as_deref(), region.as_deref(), place))
    };
    let ChangeHistory { requests, unsent, left_out, altered } = history;
    requests.retain(|record| is_of(&record.intent.profile, &record.intent.region));
    unsent.retain(|item| is_of(&item.place.profile, &item.place.region));
    left_out.retain(|out| is_of(&out.place.profile, &out.place.region));
    keep_done_to(altered, requests);
}

/// Where, in a clause; empty where no place was named.
fn in_words(places: &[ServiceOptions]) -> String {
    let is_named = |place: &&ServiceOptions| place.profile.is_some() || place.region.is_some();
    let names: Vec<String> = places.iter().filter(is_named).map(places_wanted::name).collect();
    if names.is_empty() { String::new() } else { format!(" in {}", names.join(", ")) }
}

impl<'a> ChangeReport<'a> {
    /// How many clusters the change has, and when the newest snapshots of those were seen last that had a usable one
    /// then: that is all that a journal tells.
    fn count(&self) -> (usize, Vec<Timestamp>) {
        let newest = newest_by_cluster(&self.history.requests);
        let is_usable = |record: &&&Record| self.achieved(record) == Achieved::Usable;
        let usable = newest.iter().filter(is_usable).filter_map(|record| seen_last(record)).collect();
        let left_out = self.history.left_out.iter().filter(|out| !out.is_place());
        let without = self.history.unsent_clusters().count() + left_out.count();
        (newest.len() + without, usable)
    }

    /// The same in a sentence.
    fn count_words(&self) -> String {
        let (clusters, seen) = self.count();
        let usable = seen.len();
        let when = match (seen.iter().min(), seen.iter().max()) {
            (Some(first), Some(last)) if first == last => format!(", {first:.0}"),
            (Some(first), Some(last)) => format!(", {first:.0} to {last:.0}"),
            _ => String::new(),
        };
        let (id, places) = (for_markdown(self.id.as_str()), for_markdown(self.places));
        let apart = if self.has_others() { "; snapshots of other requests are not counted" } else { "" };
        format!(
            "{id}{places}: {usable} of {clusters} clusters had a usable snapshot when it was seen last{when}{apart}"
        )
    }

    /// Whether a cluster may have a snapshot of another request, as one of another machine.
    fn has_others(&self) -> bool {
        let newest = newest_by_cluster(&self.history.requests);
        newest.iter().any(|record| record.kind() == OutcomeKind::Taken)
            || self.history.left_out.iter().any(|out| out.is_requested)
    }

    /// What a request came to: a snapshot that was deleted afterwards is usable no more.
    fn achieved(&self, record: &Record) -> Achieved {
        match Achieved::by(record) {
            Achieved::Usable | Achieved::Making if is_deleted(record, &self.history.altered) => {
                Achieved::Failed
            }
            achieved => achieved,
        }
    }

    fn data(&self) -> ReportData<'a> {
        let (clusters, usable) = self.count();
        let not_sent = |item: &'a ChangeItem| UnsentData {
            id: Some(item.request.snapshot.as_str()),
            cluster: Some(item.request.cluster.as_str()),
            account: item.account.as_ref().map(AccountId::as_str),
            region: item.place.region.as_deref(),
            why: item.why.as_deref(),
        };
        let left_out = |out: &'a LeftOut| UnsentData {
            id: None,
            cluster: Some(out.cluster.as_str()).filter(|_| !out.is_place()),
            account: out.account.as_ref().map(AccountId::as_str),
            region: out.place.region.as_deref(),
            why: Some(&out.why),
        };
        ReportData {
            change: self.id.as_str(),
            clusters,
            usable: usable.len(),
            requests: self.history.requests.iter().map(data_of).collect(),
            unsent: self.history.unsent.iter().map(not_sent).collect(),
            left_out: self.history.left_out.iter().map(left_out).collect(),
            altered: self.history.altered.iter().map(alterations::data_of).collect(),
        }
    }

    /// The cells of a request, escaped of what no terminal and no page should get raw.
    fn cells(&self, record: &Record) -> [String; 12] {
        let intent = &record.intent;
        let ended = record.ended.as_ref().filter(|_| Achieved::by(record) == Achieved::Usable);
        let usable = ended.map(|ending| match ending.finished_at {
            Some(at) => format!("{at:.0}"),
            // AWS keeps no time of the end: it was seen to be so, by the server's clock where that is known.
            None => format!("{:.0} or before", ending.seen_by_server()),
        });
        let result = match self.achieved(record) {
            _ if is_deleted(record, &self.history.altered) => "deleted afterwards".to_owned(),
            Achieved::Nothing => record.kind().short().to_owned(),
            Achieved::Failed => record.result().into_owned(),
            Achieved::Usable => seen_last(record).map_or_else(
                || "usable when seen last".to_owned(),
                |seen| format!("usable when seen last, {seen:.0}"),
            ),
            other => other.word().to_owned(),
        };
        let why = record.ended.as_ref().and_then(|ending| ending.why.clone());
        let afterwards: Vec<String> = done_to(record, &self.history.altered).map(afterwards).collect();
        let cells = [
            Some(intent.cluster.clone()),
            intent.account.as_ref().map(ToString::to_string),
            intent.region.clone(),
            Some(intent.snapshot.clone()),
            Some(result),
            usable,
            record.proof().map(|proof| proof.words()),
            Some(intent.requested().into_text()),
            intent.caller.clone(),
            record.request_id().map(str::to_owned),
            record.failure().map(ToString::to_string).or(why),
            Some(afterwards.join("; ")),
        ];
        cells.map(|cell| escape(&cell.unwrap_or_default()))
    }

    fn rows(&self) -> impl Iterator<Item = [String; 12]> {
        self.history
            .requests
            .iter()
            .map(|record| self.cells(record))
            .chain(self.history.unsent.iter().map(unsent_cells))
            .chain(self.history.left_out.iter().map(left_out_cells))
    }

    fn markdown(&self) -> String {
        let head = [HEADS.map(str::to_owned), HEADS.map(|_| "---".to_owned())];
        let rows = self.rows().map(|cells| cells.map(|cell| for_markdown(&cell)));
        let lines = head.into_iter().chain(rows).map(|cells| format!("| {} |", cells.join(" | ")));
        let begin = format!("**{}**\n", self.count_words());
        std::iter::once(begin).chain(lines).collect::<Vec<String>>().join("\n")
    }

    fn csv(&self) -> String {
        let lines = std::iter::once(HEADS.map(str::to_owned)).chain(self.rows());
        let lines = lines.map(|cells| cells.map(|cell| for_csv(&cell)).join(","));
        lines.collect::<Vec<String>>().join("\n")
    }
}

/// When the end of a request's snapshot was seen, as the journal has it.
fn seen_last(record: &Record) -> Option<Timestamp> {
    record.ended.as_ref().map(Ending::seen_by_server)
}

/// What was done to a snapshot, when, and by whom.
fn afterwards(done: &AlterationRecord) -> String {
    let asked = &done.asked;
    let by = asked.caller.as_deref().unwrap_or("somebody not known");
    let at = asked.requested().into_text();
    format!("{at} {}: {}, by {by}", asked.deed.words(), done.kind().short())
}

/// The cells of what was not sent.
fn unsent_cells(item: &ChangeItem) -> [String; 12] {
    let ChangeItem { place, account, request, why, .. } = item;
    let words = (request.snapshot.as_str(), why.as_deref().unwrap_or_default());
    without_request(request.cluster.as_str(), account.as_ref(), place, words)
}

/// The cells of a cluster that was left out, or of a place.
fn left_out_cells(out: &LeftOut) -> [String; 12] {
    without_request(&out.cluster, out.account.as_ref(), &out.place, ("", &out.why))
}

/// The cells of a cluster for which nothing was sent: with the snapshot that was to be, and why.
fn without_request(
    cluster: &str,
    account: Option<&AccountId>,
    place: &ChangePlace,
    (snapshot, why): (&str, &str),
) -> [String; 12] {
    let mut cells: [String; 12] = Default::default();
    let (account, region) = (account.map_or("", AccountId::as_str), place.region.as_deref().unwrap_or(""));
    for (at, text) in [(0, cluster), (1, account), (2, region), (3, snapshot), (4, "not sent"), (10, why)] {
        cells[at] = escape(text);
    }
    cells
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
