//! The requests of the past, and all that is known of one.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::place::Place;
use crate::app::screens::history::{History, KnownHistory};
use crate::domain::alteration::AlteredKind;
use crate::domain::ending::Took;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::record::{Entry, Record};
use crate::domain::text::length;

use super::details;
use super::nothing;
use super::paint::Paint;
use super::places::{self, PlaceWords};
use super::story::Story;
use super::table::{Column, LEAST_NAME, Table, fitting, hidden, longest, name_width};
use super::theme::Role;
use super::title;
use super::words;

/// The columns of the list, that is so wide, beside the place in the header. Who asked has room before for which
/// cluster: its name begins that of the snapshot, as a rule.
fn columns<'h>(
    history: &History,
    here: &Place,
    asked: &'h str,
    (width, now): (u16, &'h Now),
) -> Vec<Column<'h, Entry>> {
    let entries = || history.near().filter_map(|row| history.entry(row));
    let snapshot = longest(entries().map(Entry::snapshot));
    let cluster = longest(entries().map(cluster_of));
    let result = longest(entries().map(Entry::result));
    let (by, times) = (longest(entries().map(who)), longest(entries().map(took)));
    let places: BTreeSet<PlaceWords> =
        known_place(here).into_iter().chain(entries().filter_map(place_of)).collect();
    let of = |entry: &Entry| place_of(entry).unwrap_or_else(PlaceWords::not_known);
    let mut in_places: Vec<Column<'h, Entry>> = places::columns_of(&places, of, (2, 6)).collect();
    // What tells the places apart has room before long names and words.
    let (snapshot, least) = if in_places.is_empty() {
        (name_width(snapshot, width), 15)
    } else {
        ((LEAST_NAME.min(snapshot), snapshot + 1), 13)
    };
    // Whole before columns that only say more of a request: on 100 columns 20 of them.
    let result = (result.min((width.saturating_sub(60) / 2).max(least)), result + 1);
    let mut columns = vec![
        Column::text(asked, (16, 16), 3, |entry: &Entry| (Role::Plain, words::minute(entry.at(), &now.wall))),
        Column::text("AGE", (10, 10), 8, |entry: &Entry| (Role::Plain, words::ago(entry.at(), now.at()))),
        Column::name("CLUSTER", (cluster.min(20), cluster), 7, |entry: &Entry| cluster_of(entry).to_owned()),
        Column::name("SNAPSHOT", snapshot, 0, |entry: &Entry| entry.snapshot().to_owned()),
    ];
    columns.append(&mut in_places);
    columns.extend([
        Column::text("OUTCOME", result, 1, |entry: &Entry| (role(entry), entry.result().into_owned())),
        Column::text("TOOK", (times, times), 4, |entry| (Role::Plain, took(entry))),
        Column::text("BY", (by.min(16), by), 5, |entry| (Role::Quiet, who(entry))),
        Column::text("REQUEST ID", (36, 36), 10, |entry: &Entry| {
            (Role::Quiet, entry.request_id().unwrap_or_default().to_owned())
        }),
        Column::text("WHAT FAILED", (30, u16::MAX), 9, |entry: &Entry| {
            (Role::Plain, entry.failure().map(what_failed).unwrap_or_default())
        }),
    ]);
    columns
}

/// The place in the header, where it is known which it is.
fn known_place(here: &Place) -> Option<PlaceWords> {
    (here.account().is_some() && here.target().region.is_some()).then(|| PlaceWords::of(here))
}

/// Where something was asked, where that is known.
fn place_of(entry: &Entry) -> Option<PlaceWords> {
    let (account, profile, region) = entry.place();
    let (account, region) = (account?.to_string(), region?.to_owned());
    let whole = profile.map_or_else(|| account.clone(), |profile| format!("{account} {profile}"));
    Some(PlaceWords { account: whole, short: account, region })
}

/// Draws the list, or all that is known of the request under the cursor.
pub fn draw(history: &History, paint: &mut Paint<'_>, [title, heads, body]: [Rect; 3]) {
    let now = paint.now;
    if let Some(first) = history.opened {
        return draw_request(history, first, paint, [title, body]);
    }
    if history.rows.is_empty() {
        draw_title(history, paint, [title, body]);
        draw_empty(history, paint, body);
        return;
    }
    let story = Story::Texts(history.chosen().and_then(told).into_iter().collect());
    let [body, below] = story.parts(paint.world.layout.story_rows(), history.rows.len(), body);
    draw_title(history, paint, [title, body]);
    let asked = format!("REQUESTED {}", words::zone(&now.wall));
    let table = Table::new(columns(history, paint.world.place(), &asked, (body.width, now)), body.width);
    table.heads(paint, heads);
    for (row, at) in body.rows().zip(history.cursor.offset()..) {
        // One that is read again just now leaves its row blank.
        if let Some(entry) = history.entry(at) {
            table.row(paint, row, at == history.cursor.at(), entry);
        }
    }
    story.draw(paint, below);
}

/// What became of the request under the cursor, where that is not plain from its row.
fn told(entry: &Entry) -> Option<String> {
    let is_told = match entry {
        // How its snapshot ended says it.
        Entry::Request(request) if request.proof().is_some() => false,
        _ => matches!(role(entry), Role::Bad | Role::Doubt),
    };
    if !is_told {
        return None;
    }
    // The request id has a column, and a line in the details.
    let cause = entry.failure().map(|failure| Failure { request_id: None, ..failure.clone() }.to_string());
    let told = match (entry.as_request().map(Record::kind), cause) {
        (Some(OutcomeKind::Refused), Some(cause)) => cause,
        (Some(OutcomeKind::Unproven), _) | (_, None) => entry.sentence().to_owned(),
        (_, Some(cause)) => format!("{} {cause}", entry.sentence()),
    };
    Some(told).filter(|told| !told.is_empty())
}

/// What failed, in a few words: what was lost on its way back did not fail.
fn what_failed(failure: &Failure) -> String {
    let words = failure.words();
    match failure.kind {
        FailureKind::LostAnswer => format!("answer lost: {words}"),
        FailureKind::NotWrittenDown => format!("not written down: {words}"),
        _ => words,
    }
}

fn cluster_of(entry: &Entry) -> &str {
    entry.cluster().unwrap_or_default()
}

fn took(entry: &Entry) -> String {
    entry.as_request().and_then(Record::took).and_then(Took::observed).map(length).unwrap_or_default()
}

fn role(entry: &Entry) -> Role {
    match entry {
        Entry::Request(request) => role_of_request(request),
        Entry::Alteration(record) => match record.kind() {
            AlteredKind::Gone if !record.kind().is_as_wanted(&record.asked.deed) => Role::Bad,
            AlteredKind::Deleting | AlteredKind::Gone | AlteredKind::Tagged => Role::Plain,
            AlteredKind::NotDone | AlteredKind::Refused | AlteredKind::Replaced | AlteredKind::Another => {
                Role::Bad
            }
            AlteredKind::Unknown | AlteredKind::Other => Role::Doubt,
        },
    }
}

fn role_of_request(request: &Record) -> Role {
    match (&request.ended, request.kind()) {
        (_, OutcomeKind::Unknown | OutcomeKind::NotListed | OutcomeKind::Unproven | OutcomeKind::Other) => {
            Role::Doubt
        }
        (Some(ending), _) if ending.standing() == "available" => Role::Good,
        (Some(_), _)
        | (_, OutcomeKind::NotCreated | OutcomeKind::Refused | OutcomeKind::Elsewhere | OutcomeKind::Taken) => {
            Role::Bad
        }
        (None, OutcomeKind::Created | OutcomeKind::FoundAgain) => Role::Plain,
    }
}

/// Who asked: what stands behind the last colon of the ARN, without the kind of identity.
fn who(entry: &Entry) -> String {
    let resource = entry.caller().unwrap_or_default().rsplit(':').next().unwrap_or_default();
    resource.trim_start_matches("assumed-role/").trim_start_matches("user/").to_owned()
}

fn draw_title(history: &History, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let heading = [(Role::Heading, "History"), (Role::Plain, "  ")];
    let (total, unreadable) = match &history.known {
        KnownHistory::Read(past) => (past.total, past.unreadable),
        KnownHistory::Nothing | KnownHistory::NotKept => (0, 0),
    };
    // Without a filter the number of those that were not read yet is known too.
    let count = if history.filter.is_empty() { total } else { history.rows.len() };
    let hidden = hidden(count, history.cursor.offset(), body);
    let (role, told) = match unreadable {
        _ if history.problem.is_some() && history.past().is_some_and(|past| past.count() > 0) => {
            (Role::Bad, "could not be read anew".to_owned())
        }
        0 => (Role::Quiet, String::new()),
        lines => {
            let lines = format!("{lines} line{}", if lines == 1 { "" } else { "s" });
            let told = [format!("{lines} of the journal could not be read"), format!("{lines} unreadable")];
            (Role::Doubt, fitting(&told, title.width / 2).to_owned())
        }
    };
    if history.filter.is_shown() {
        // What was not read yet may have more.
        let more = if history.has_older() { "+" } else { "" };
        let count = format!("{}{more} of {total}  ", history.rows.len());
        let end = (&hidden, (role, told.as_str()));
        return title::draw_filtered(paint, title, &heading, (&count, &history.filter), end);
    }
    let mut column = paint.line(title, 1, &heading);
    if let KnownHistory::Read(_) = &history.known {
        column = paint.line(title, column, &[(Role::Plain, total.to_string())]);
    }
    paint.title_end(title, column, &hidden, (role, &told));
}

fn draw_empty(history: &History, paint: &mut Paint<'_>, body: Rect) {
    let (role, told) = match (&history.problem, &history.known) {
        (Some(why), _) => (
            Role::Bad,
            &*format!(
                "The journal cannot be read: {why}. Make it and its folder readable and writable for you, then press \
                 ‹r:refresh›; or start again with another XDG_STATE_HOME. Where it cannot be written either, nothing is sent \
                 without your word for it."
            ),
        ),
        (None, KnownHistory::Nothing) => (Role::Quiet, "Reading the journal."),
        (None, KnownHistory::NotKept) => (
            Role::Plain,
            "The embedded simulator leaves no trace on this machine, so there is no journal of the demo.",
        ),
        (None, KnownHistory::Read(past)) if past.count() == 0 && past.total == 0 => (
            Role::Plain,
            "The journal of this user on this machine is empty. Requests are written there before they are sent.",
        ),
        (None, KnownHistory::Read(_)) if history.has_older() => {
            (Role::Quiet, "Looking through the older requests.")
        }
        (None, KnownHistory::Read(_)) => (Role::Plain, "No request matches the filter."),
    };
    nothing::draw(told, role, paint, body);
}

fn draw_request(history: &History, first: usize, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let Some(request) = history.chosen() else { return };
    let rows = history.detail_rows(paint.world.page());
    details::draw_page(("History  ", request.snapshot()), (&rows, first), paint, [title, body]);
}
