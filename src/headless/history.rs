//! `clustersnap history`: the journal of this machine, for people and for change tickets.
//!
//! It reads the journal and asks nobody: what is open there, `watch` looks up and follows. A run of a plan, which AWS's
//! own engine carried out, is told in the same words.

pub mod alterations;

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::{Timestamp, Zoned};
use serde::Serialize;

use super::blocking;
use super::execution;
use super::hints;
use super::json::{self, EndData};
use super::named_cluster::NamedCluster;
use super::problem::{self, Problem};
use super::streams::{Stop, Streams, piece, result, shown};
use super::table;
use crate::cli::{Global, HistoryOptions};
use crate::domain::account::AccountId;
use crate::domain::change_id::ChangeId;
use crate::domain::ending::Ending;
use crate::domain::failure::FailureKind;
use crate::domain::filter::{Filter, FilteredList};
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::preflight::missing_words;
use crate::domain::record::{Entry, Record, RecordPage, Value};
use crate::domain::tag::Tag;
use crate::domain::text::escape;
use crate::journal::{Journal, JournalError};
use crate::rds::ServiceOptions;
use crate::session::PAST;
use crate::{config, places_wanted};

/// A request, for a program.
#[derive(Serialize)]
pub struct RequestData<'a> {
    id: &'a str,
    created_at: Option<Timestamp>,
    at: Timestamp,
    clock: &'static str,
    number: &'a str,
    cluster: &'a str,
    change: Option<&'a str>,
    tags: &'a [Tag],
    caller: Option<&'a str>,
    account: Option<&'a str>,
    profile: Option<&'a str>,
    region: Option<&'a str>,
    endpoint: &'a str,
    outcome: OutcomeKind,
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
    gone_at: Option<Timestamp>,
    #[serde(flatten)]
    end: EndData,
    attempts: Option<u32>,
    version: &'a str,
}

/// Prints the history; returns the exit code.
pub async fn run(args: &HistoryOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let cluster = args.cluster.as_deref().map(|text| NamedCluster::parse_as("--cluster", text));
    let cluster = cluster.transpose().map_err(Problem::invalid)?;
    let filter = problem::filter(args.filter.as_deref(), FilteredList::History)?;
    let places = places_wanted::wanted(global, config::load)?;
    let mut telling =
        HistoryTelling { streams, cluster, filter, places, told: 0, open: 0, open_in: BTreeSet::new() };
    if let Some(path) = args.execution.clone() {
        let (page, remarks) = blocking(move || execution::read(&path)).await?;
        if forget_profiles(&mut telling.places) {
            streams.say("A run of a plan has no profile: only Regions choose among its requests.");
        }
        telling.run(page, &remarks)?;
        return Ok(0);
    }
    if global.demo {
        if streams.json {
            result(&json::done::<[(); 0]>(&[]))?;
        } else {
            streams.say("The embedded simulator leaves no journal: there is no history of the demo.");
        }
        return Ok(0);
    }
    let journal = Journal::open_default()?;
    blocking(move || telling.all(&journal)).await?;
    Ok(0)
}

/// What was told so far: of years of requests no more than a page is in memory.
struct HistoryTelling {
    streams: Streams,
    cluster: Option<NamedCluster>,
    filter: Filter,
    /// The places that were named.
    places: Vec<ServiceOptions>,
    told: usize,
    open: usize,
    /// What looks up the outcomes of those, each in its place.
    open_in: BTreeSet<String>,
}

impl HistoryTelling {
    /// Tells pages, one after the other; how many requests there are, fitting or not.
    fn pages(
        &mut self,
        mut pages: impl Iterator<Item = Result<RecordPage, JournalError>>,
    ) -> Result<usize, Stop> {
        let mut total = 0;
        // Before the first word: what cannot be read at all is told in an envelope of its own.
        let mut page = pages.next().transpose()?;
        if let Some(first) = &page {
            total = first.total;
            if first.unreadable > 0 {
                self.streams.say(&format!("{}.", missing_words(first.unreadable)));
            }
        }
        if self.streams.json {
            piece(json::LIST_START)?;
        }
        while let Some(read) = page {
            self.page(&read)?;
            page = match pages.next().transpose() {
                Ok(page) => page,
                Err(error) => {
                    // Half a list is no answer: it stays without its end, on a line of its own.
                    piece("\n")?;
                    return Err(error.into());
                }
            };
        }
        if self.streams.json {
            result(json::LIST_END)?;
        }
        Ok(total)
    }

    fn all(mut self, journal: &Journal) -> Result<(), Stop> {
        let total = self.pages(journal.pages(PAST)?)?;
        if !self.streams.json {
            self.conclude(total);
        }
        Ok(())
    }

    fn run(mut self, page: RecordPage, remarks: &[String]) -> Result<(), Stop> {
        for remark in remarks {
            self.streams.say(&escape(remark));
        }
        let total = self.pages(std::iter::once(Ok(page)))?;
        match (self.told, self.open) {
            _ if self.streams.json => {}
            (0, _) => self.streams.say(&format!("None of the {total} requests of this run fits.")),
            (_, 0) => {}
            (_, open) => self.streams.say(&format!(
                "{open} open: clustersnap snapshots CLUSTER tells whether it is there, and its tags whose it is."
            )),
        }
        Ok(())
    }

    fn page(&mut self, past: &RecordPage) -> Result<(), Stop> {
        let mut sieve = self.filter.sieve(Timestamp::now());
        let mut is_asked =
            |entry: &Entry| is_of(entry, self.cluster.as_ref(), &self.places) && sieve.lets_pass(entry.row());
        let mut output = String::new();
        for (_, entry) in past.entries.iter().filter(|(_, entry)| is_asked(entry)) {
            if self.streams.json {
                output.push_str(if self.told == 0 { "" } else { "," });
                output.push_str(&json_of(entry));
            } else {
                output.push_str(&text_of(entry, self.streams));
                output.push('\n');
            }
            self.told += 1;
            if is_entry_open(entry) {
                self.open += 1;
                self.open_in.insert(hints::watch_entry(entry));
            }
        }
        piece(&if self.streams.json { Cow::Owned(output) } else { shown(&output) })
    }

    fn conclude(&self, total: usize) {
        let told = match (self.told, self.open) {
            (0, _) if total == 0 => {
                "Nothing was requested yet, as far as this machine's journal knows.".to_owned()
            }
            (0, _) => format!("None of the {total} requests of this machine's journal fits."),
            (_, 0) => return,
            _ => {
                let commands: Vec<&str> = self.open_in.iter().map(String::as_str).collect();
                let look = if commands.len() == 1 { "looks" } else { "look" };
                format!("{} open: {} {look} up the outcome.", self.open, commands.join(" and "))
            }
        };
        self.streams.say(&told);
    }
}

fn is_entry_open(entry: &Entry) -> bool {
    match entry {
        Entry::Request(request) => is_open(request),
        Entry::Alteration(record) => record.is_open(),
    }
}

fn json_of(entry: &Entry) -> String {
    match entry {
        Entry::Request(request) => json::value(&data_of(request)),
        Entry::Alteration(record) => alterations::json(record),
    }
}

fn text_of(entry: &Entry, streams: Streams) -> String {
    match entry {
        Entry::Request(request) => text(request, streams),
        Entry::Alteration(record) => alterations::text(record),
    }
}

/// Lets places be of any profile; whether one was named.
fn forget_profiles(places: &mut [ServiceOptions]) -> bool {
    places.iter_mut().filter_map(|place| place.profile.take()).count() > 0
}

/// Whether an entry is for a cluster, if one was named, and of one of the places.
fn is_of(entry: &Entry, cluster: Option<&NamedCluster>, places: &[ServiceOptions]) -> bool {
    let (account, profile, region) = entry.place();
    cluster.is_none_or(|cluster| cluster.may_have(entry.cluster(), account.as_ref(), region))
        && places.iter().any(|place| is_in(profile, region, place))
}

/// Whether a profile and a Region are of a place, as far as that names them. Where no profile was named, it was mostly
/// the one that is called default.
pub fn is_in(profile: Option<&str>, region: Option<&str>, place: &ServiceOptions) -> bool {
    let fits = |named: &Option<String>, own| named.as_deref().is_none_or(|named| own == Some(named));
    fits(&place.profile, profile.or(Some("default"))) && fits(&place.region, region)
}

/// Whether it is not known what became of the request, or how its snapshot ended.
pub fn is_open(request: &Record) -> bool {
    request.is_unsettled() || request.is_unfinished()
}

/// A request for a program.
pub fn data_of(request: &Record) -> RequestData<'_> {
    let Record { intent, outcome, ended } = request;
    let failure = request.failure();
    let seen = request.seen();
    RequestData {
        id: &intent.snapshot,
        created_at: request.begun().created_at,
        at: intent.asked_at(),
        clock: json::clock(intent.server_time.is_some()),
        number: &intent.number,
        cluster: &intent.cluster,
        change: intent.change.as_ref().map(ChangeId::as_str),
        tags: &intent.tags,
        caller: intent.caller.as_deref(),
        account: intent.account.as_ref().map(AccountId::as_str),
        profile: intent.profile.as_deref(),
        region: intent.region.as_deref(),
        endpoint: &intent.endpoint,
        outcome: request.kind(),
        proved_by: request.proof().map(|proof| proof.word()),
        open: is_open(request),
        known_at: outcome.as_ref().map(|line| line.at),
        request_id: request.request_id(),
        service_code: failure.and_then(|failure| failure.code.as_deref()),
        failure: failure.map(|failure| failure.kind),
        message: failure.map(|failure| escape(&failure.message)),
        arn: seen.and_then(|seen| seen.arn.as_deref()),
        status: ended.as_ref().map(Ending::standing),
        ended_at: ended.as_ref().map(Ending::seen_by_server),
        gone_at: ended.as_ref().and_then(|ending| ending.gone_at),
        end: EndData::new(ended.as_ref(), request.took()),
        attempts: outcome.as_ref().and_then(|line| line.attempts),
        version: &intent.version,
    }
}

/// A request for a person: what, when, what became of it; who and where; by which numbers it is known.
fn text(request: &Record, streams: Streams) -> String {
    let intent = &request.intent;
    let end = match &request.ended {
        Some(ending) if request.kind() == OutcomeKind::Unproven => {
            format!("; the snapshot of its name: {}", escape(ending.standing()))
        }
        Some(ending) => {
            let took = request.took().map(|took| format!(", {}", took.words())).unwrap_or_default();
            let gone = ending.gone_at.map(Value::HereAt);
            let gone = gone.map(|at| format!("; found gone {}", at.told(&Zoned::now())));
            format!(", {}{took}{}", streams.status(&escape(&ending.status)), gone.unwrap_or_default())
        }
        None if request.is_unfinished() => ", its end not seen yet".to_owned(),
        None => String::new(),
    };
    let (snapshot, cluster) = (escape(&intent.snapshot), escape(&intent.cluster));
    let mut lines = vec![
        format!(
            "{}  {snapshot} of {cluster}: {}{end}",
            intent.requested().told(&Zoned::now()),
            request.kind().short()
        ),
        asked_by(intent.caller.as_deref(), intent.region.as_deref(), &intent.endpoint),
    ];
    lines.extend(table::told_tags(&intent.tags).map(|tags| format!("  tags requested {}", escape(&tags))));
    lines.extend(request.failure_in_words().map(|words| format!("  {words}")));
    let why = request.ended.as_ref().and_then(|ending| ending.why.as_deref());
    lines.extend(why.map(|why| format!("  AWS says: {}", escape(why))));
    lines.extend(request.proof().map(|proof| format!("  proved by {}", escape(&proof.words()))));
    lines.push(numbers(request.request_id(), &intent.number));
    lines.join("\n")
}

/// Who asked, and where.
fn asked_by(caller: Option<&str>, region: Option<&str>, endpoint: &str) -> String {
    let known = |text: Option<&str>| escape(text.unwrap_or("not known"));
    format!("  by {} in {} ({})", known(caller), known(region), escape(endpoint))
}

/// By which numbers it is known.
fn numbers(request_id: Option<&str>, number: &str) -> String {
    let id = request_id.map(|id| format!("request {}, ", escape(id))).unwrap_or_default();
    format!("  {id}number {}", escape(number))
}
