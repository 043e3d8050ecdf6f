//! A change that was confirmed: every item, the worst first, and how far the whole is; last the clusters that were left
//! out.

use std::time::Duration;

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::changes::{ConfirmedChange, RequestStage, RequestStanding};
use crate::app::place::Place;
use crate::app::place::followed::{FollowedSnapshot, FollowedState};
use crate::app::screens::change::{ChangeLine, ChangeScreen};
use crate::domain::account::AccountId;
use crate::domain::age::short_clock;
use crate::domain::change::LeftOut;
use crate::domain::outcome::Step;
use crate::domain::outcome_kind::OutcomeKind;

use super::paint::Paint;
use super::pane;
use super::places::{self, Of, PlaceWords};
use super::remarks;
use super::story::Story;
use super::table::{Column, HiddenRows, Table, hidden, longest, name_width};
use super::theme::Role;
use super::title::{self, Pieces};
use super::waiting;
use super::words;

/// From this width on the title has room for long words.
const WIDE: u16 = 60;
/// So many columns of a remark have room before the snapshot's name.
const REMARK: u16 = 40;

/// How a request stands in whose place another account answers.
const NOT_FOLLOWED: &str = "not followed";

/// A row, with its place.
type Row<'p> = Of<'p, ChangeLine<'p>>;

pub fn draw(screen: &ChangeScreen, paint: &mut Paint<'_>, [title, heads, body]: [Rect; 3]) {
    let (world, now) = (paint.world, paint.now);
    let Some(change) = screen.change(world) else { return };
    let lines = screen.lines(world);
    let rows: Vec<Row<'_>> = lines.iter().map(|line| (world.at(line.place()), line)).collect();
    let whole = whole(change, &rows, now);
    let table = Table::new(columns(&rows, body.width, now), body.width);
    table.heads(paint, heads);
    let chosen = rows.get(screen.cursor.at());
    let mut texts: Vec<String> = chosen.and_then(|row| unsaid(row, &table, now)).into_iter().collect();
    texts.extend(advice(change, &rows, chosen).map(|text| paint.told(&text).into_owned()));
    let story = Story::Texts(texts);
    let [body, below] = story.parts(world.layout.story_rows(), rows.len(), body);
    draw_title(change, &rows, whole, paint, (title, &hidden(rows.len(), screen.cursor.offset(), body)));
    table.listed(paint, body, &rows, screen.cursor.row());
    story.draw(paint, below);
}

/// Which change it is, how many stand how and how it stands as a whole: where there is little room, the counts alone, and
/// at last without the least important.
fn draw_title(
    change: &ConfirmedChange,
    rows: &[Row<'_>],
    whole: (Role, String),
    paint: &mut Paint<'_>,
    (row, hidden): (Rect, &HiddenRows),
) {
    let is_narrow = row.width < WIDE;
    let id = if is_narrow { change.id.to_string() } else { format!("Change {}", change.id) };
    let heading = (Role::Heading, id);
    // Where all are usable, that is told once.
    if whole.0 == Role::Good {
        return title::draw(paint, row, 1, hidden, (&[vec![heading], Pieces::new()], &[vec![whole]]));
    }
    let counts = counts(change, rows, is_narrow);
    let under = |heading: (Role, String)| std::iter::once(heading).chain(counts.iter().cloned()).collect();
    let with_id: [Pieces; 2] = [under(heading), under((Role::Heading, change.id.to_string()))];
    let trimmed = |(at, (role, text)): (usize, (Role, String))| {
        (role, if at == 0 { text.trim_start().to_owned() } else { text })
    };
    let alone: Pieces = counts.iter().cloned().enumerate().map(trimmed).collect();
    let worst: Pieces = alone.iter().take(alone.len().saturating_sub(1).max(1)).cloned().collect();
    // Which change it is stays longer than how it stands as a whole, which the counts say, too.
    let [with_word, with_id] = with_id;
    let ends = [vec![whole], Pieces::new()];
    let beside = if hidden.is_none() { 1 } else { 3 + paint.columns_of(&hidden.ways()[2]) };
    let has_room = paint.columns_of_all(&with_id) + beside <= row.width;
    let counts = if has_room { vec![with_word, with_id.clone(), with_id] } else { vec![alone, worst] };
    title::draw(paint, row, 1, hidden, (&counts, &ends));
}

/// How many stand how, the worst first.
fn counts(change: &ConfirmedChange, rows: &[Row<'_>], is_narrow: bool) -> Pieces {
    let count = |standing| rows.iter().filter(|(_, line)| line.standing() == Some(standing)).count();
    let mut counted = vec![(Role::Bad, count(RequestStanding::Failed), "FAILED")];
    // Each of these outcomes has the name that its row says.
    let refused = rows.iter().filter(|(_, line)| line.standing() == Some(RequestStanding::Refused));
    let mut words: Vec<String> = refused.map(|row| state(row).1.to_uppercase()).collect();
    words.sort_unstable_by(|one, other| other.cmp(one));
    for same in words.chunk_by(|one, other| one == other) {
        counted.extend(same.first().map(|word| (Role::Bad, same.len(), word.as_str())));
    }
    // Those of another account than the one that answers now are nothing that went wrong.
    let is_unknown = |row: &Row<'_>| row.1.standing() == Some(RequestStanding::Unknown);
    let is_elsewhere = |row: &&Row<'_>| is_unknown(row) && state(row).1 == NOT_FOLLOWED;
    let elsewhere = rows.iter().filter(is_elsewhere).count();
    counted.extend([
        (Role::Doubt, count(RequestStanding::Unknown) - elsewhere, "NOT KNOWN"),
        (Role::Doubt, elsewhere, NOT_FOLLOWED),
        (Role::Plain, count(RequestStanding::NotSent), if is_narrow { "to send" } else { "not sent yet" }),
        (Role::Plain, count(RequestStanding::UnderWay), "under way"),
        (Role::Good, count(RequestStanding::Usable), "usable"),
    ]);
    let short = |word: &'static str| if is_narrow { word.trim_start_matches("left ") } else { word };
    counted.extend(out(change).map(|(count, word)| (Role::Quiet, count, short(word))));
    title::counted(counted)
}

/// For how many clusters the change sends nothing.
fn out(change: &ConfirmedChange) -> impl Iterator<Item = (usize, &'static str)> {
    let count =
        |is_requested| change.left_out.iter().filter(|(_, it)| it.is_requested == is_requested).count();
    [(count(true), "requested before"), (count(false), "left out")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
}

/// How far the whole is: usable only when every single one is.
fn whole(change: &ConfirmedChange, rows: &[Row<'_>], now: &Now) -> (Role, String) {
    let all = |is: fn(RequestStanding) -> bool| rows.iter().filter_map(|(_, line)| line.standing()).all(is);
    if all(|standing| standing == RequestStanding::Usable) {
        let (count, out) = (change.items.len(), out(change));
        let out: Vec<String> = out.map(|(count, word)| format!(", {count} {word}")).collect();
        let text =
            if out.is_empty() { format!("all {count} usable") } else { format!("{count} of {count} usable") };
        return (Role::Good, format!("{text}{}", out.concat()));
    }
    if is_over_badly(rows) {
        return (Role::Bad, "over, and not all usable".to_owned());
    }
    (Role::Quiet, time_left(rows, now).unwrap_or_default())
}

/// Whether nothing of it goes on any more, and some of it came to nothing.
fn is_over_badly(rows: &[Row<'_>]) -> bool {
    let standings = || rows.iter().filter_map(|(_, line)| line.standing());
    let is_over = |it: RequestStanding| {
        matches!(it, RequestStanding::Usable | RequestStanding::Failed | RequestStanding::Refused)
    };
    standings().all(is_over) && standings().any(|standing| standing != RequestStanding::Usable)
}

/// What can be done next.
fn advice(change: &ConfirmedChange, rows: &[Row<'_>], chosen: Option<&Row<'_>>) -> Option<String> {
    if is_over_badly(rows) {
        let id = &change.id;
        return Some(format!(
            "Next: ‹esc:back›, mark the clusters again (‹space:mark›), ‹s:snapshot›, and the same id {id}: only what is missing is sent."
        ));
    }
    let waits = chosen.is_some_and(|(_, line)| matches!(line, ChangeLine::Item(_, item) if item.waits()));
    waits.then(|| "‹W:disarm› drops this request, which waits.".to_owned())
}

/// What the row under the cursor does not say in full.
fn unsaid(row: &Row<'_>, table: &Table<'_, Row<'_>>, now: &Now) -> Option<String> {
    let ChangeLine::Item(_, item) = row.1 else {
        let remark = remarks(row, now).1.into_iter().next()?;
        return (!remark.is_empty() && !table.has_room(REMARKS, &remark))
            .then(|| format!("{}: {remark}", row.1.cluster()));
    };
    let name = item.request().snapshot.as_str();
    let remark = remarks(row, now)
        .1
        .into_iter()
        .next()
        .filter(|text| !text.is_empty() && !table.has_room(REMARKS, text));
    match remark {
        Some(remark) => Some(format!("{name}: {remark}")),
        None => (!table.has_room("SNAPSHOT", name)).then(|| name.to_owned()),
    }
}

/// How long the slowest may still take; nothing while that of one cannot be told, as of what is not sent yet.
fn time_left(rows: &[Row<'_>], now: &Now) -> Option<String> {
    let mut most = Duration::ZERO;
    for (place, line) in rows {
        match line {
            ChangeLine::Item(RequestStanding::UnderWay, item) => {
                most = most.max(place.estimate(item.followed(place)?, now)?.most);
            }
            ChangeLine::Item(RequestStanding::NotSent | RequestStanding::Unknown, _) => return None,
            ChangeLine::Item(..) | ChangeLine::Out(..) => {}
        }
    }
    (!most.is_zero()).then(|| format!("at most about {} left", words::at_most(most)))
}

/// Above the remarks.
const REMARKS: &str = " ";

fn columns<'p>(rows: &[Row<'p>], width: u16, now: &'p Now) -> Vec<Column<'p, Row<'p>>> {
    let clusters = longest(rows.iter().map(|(_, line)| line.cluster()));
    let names = longest(rows.iter().map(|(_, line)| line.snapshot()));
    let states = longest(rows.iter().map(|row| state(row).1));
    // Where the header has another account than the rows, theirs is told, too.
    let shown = rows.iter().flat_map(|row| [place_of(row), PlaceWords::of(row.0)]).collect();
    let cluster = |(_, line): &Row<'p>| line.cluster().to_owned();
    let mut columns = vec![Column::name("CLUSTER", name_width(clusters, width), 0, cluster)];
    columns.extend(places::columns_of(&shown, place_of, (2, 4)));
    // Whole or not at all: cut, they show little but what all have in common.
    columns
        .push(Column::name("SNAPSHOT", (names, names), 5, |(_, line): &Row<'p>| line.snapshot().to_owned()));
    columns.push(Column::text("STATE", (14.min(states), states), 1, state));
    // A column in which nothing stands takes no room from the remarks.
    if rows.iter().any(|row| !percent(row).is_empty()) {
        columns.push(Column::text("", (5, 5), 2, |row| (Role::Plain, percent(row))));
    }
    let times = longest(rows.iter().map(|row| elapsed(row, now)));
    if times > 0 {
        columns.push(Column::text("", (times, times), 3, move |row| (Role::Plain, elapsed(row, now))));
    }
    let told = longest(rows.iter().map(|row| remarks(row, now).1.into_iter().next().unwrap_or_default()));
    let remark = move |row: &Row<'p>| remarks(row, now);
    columns.push(Column::told(REMARKS, (told.clamp(9, REMARK), u16::MAX), 4, remark));
    columns
}

/// Where it was confirmed for.
fn place_of((place, line): &Row<'_>) -> PlaceWords {
    PlaceWords::of_account(place, line.account().cloned().or_else(|| place.account()))
}

/// Which account answers in its place, where that is another one: what it has says nothing of a request.
fn other_account((place, line): &Row<'_>) -> Option<AccountId> {
    place.account().filter(|answers| line.account().is_some_and(|own| own != answers))
}

fn percent((place, line): &Row<'_>) -> String {
    line.item().and_then(|item| item.followed(place)).map(pane::percent).unwrap_or_default()
}

fn elapsed((place, line): &Row<'_>, now: &Now) -> String {
    line.item().and_then(|item| item.followed(place)).map(|row| pane::elapsed(row, now)).unwrap_or_default()
}

fn state(row: &Row<'_>) -> (Role, String) {
    let (place, line) = row;
    let item = match line {
        ChangeLine::Item(_, item) => item,
        ChangeLine::Out(_, LeftOut { is_requested: true, .. }) => return (Role::Quiet, "earlier".to_owned()),
        ChangeLine::Out(..) => return (Role::Quiet, "left out".to_owned()),
    };
    match &item.stage {
        RequestStage::Queued { .. } => (Role::Plain, "not sent yet".to_owned()),
        RequestStage::Waits(_) => (Role::Doubt, "waits".to_owned()),
        RequestStage::WaitOver | RequestStage::Ended(OutcomeKind::NotCreated, _) => {
            (Role::Bad, "not sent".to_owned())
        }
        RequestStage::Ended(kind, _) => (Role::Bad, kind.short().to_owned()),
        RequestStage::Deleted => (Role::Bad, "deleted".to_owned()),
        RequestStage::Sent => match (item.followed(place), item.snapshot(place)) {
            (Some(row), _) => pane::status(row),
            (None, Some(snapshot)) => words::status(snapshot),
            (None, None) if other_account(row).is_some() => (Role::Doubt, NOT_FOLLOWED.to_owned()),
            // It has left the pane since, and what is read now has it not.
            (None, None) => (Role::Doubt, "not listed".to_owned()),
        },
    }
}

/// What is to be said of a row in a few words, from the longest way to say it to the shortest.
fn remarks(row: &Row<'_>, now: &Now) -> (Role, Vec<String>) {
    let (place, line) = row;
    let item = match line {
        ChangeLine::Item(_, item) => item,
        ChangeLine::Out(_, out) => return (Role::Quiet, vec![out.why.clone()]),
    };
    let told = match &item.stage {
        RequestStage::Queued { .. } => {
            // Before it is known whose the place is, none of them is sent.
            let failure = place.failure().filter(|_| place.account().is_none());
            vec![failure.map_or_else(|| "its turn comes".to_owned(), |failure| failure.kind.clause())]
        }
        RequestStage::Waits(token) => waits(place, token, now),
        RequestStage::WaitOver => vec!["it waits no more; nothing was sent".to_owned()],
        RequestStage::Ended(_, why) => vec![why.clone()],
        RequestStage::Deleted => vec!["it was deleted from here".to_owned()],
        RequestStage::Sent => match item.followed(place) {
            Some(FollowedSnapshot { state: FollowedState::Submitting(step), .. }) => why_again(step),
            Some(row) => remarks::remarks(place, row, now),
            None => {
                other_account(row).map(|other| format!("account {other} answers now")).into_iter().collect()
            }
        },
    };
    (Role::Quiet, told)
}

/// Why a request is looked up or sent again, in a clause.
fn why_again(step: &Step) -> Vec<String> {
    match step {
        Step::Retrying { cause, .. } | Step::Reconciling { cause } | Step::LookFailed { cause } => {
            vec![cause.kind.clause()]
        }
        Step::Confirming { refusal } => vec![refusal.kind.clause()],
        _ => Vec::new(),
    }
}

/// How the cluster of a request is that waits for it, and until when that goes on.
fn waits(place: &Place, token: &str, now: &Now) -> Vec<String> {
    let Some(waiting) = place.waits.rows.iter().find(|row| row.wait.token == *token) else {
        return Vec::new();
    };
    let until = short_clock(waiting.wait.until, &now.wall);
    let state = waiting::state(place, waiting);
    vec![format!("{state}; until {until} at the latest"), format!("{state}; until {until}"), state]
}
