//! The pane of snapshots in progress: identifier, status, percent, time.

use std::cmp::Reverse;
use std::time::Duration;

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::keymap::Focus;
use crate::app::place::Place;
use crate::app::place::followed::{FollowedSnapshot, FollowedState, Weight};
use crate::app::place::questions::QuestionSubject;
use crate::app::world::World;
use crate::domain::account::AccountId;
use crate::domain::ending::Took;
use crate::domain::outcome::Step;
use crate::domain::record::Record;
use crate::domain::text::{escape, length};
use crate::track::presence::Absence;

use super::paint::{Paint, below, row};
use super::places::{self, Of};
use super::remarks::{LEAST_REMARK, remarks};
use super::table::{Cell, Column, HiddenRows, Table, fitting, hidden, longest, name_width};
use super::theme::Role;
use super::title::{self, Pieces};
use super::words;

/// What is told of a look that goes on, and of one that is to begin.
const ASKING: &str = "asking now";
const DUE: &str = "due now";
/// From this width on there is room for the long bar, and more of a status.
const WIDE: u16 = 90;

pub fn draw(paint: &mut Paint<'_>, area: Rect) {
    let (world, ui) = (paint.world, paint.ui);
    let pane = &ui.home.pane;
    let followed: Vec<Of<'_, FollowedSnapshot>> =
        world.places.followed().into_iter().map(|(place, row)| (world.at(place), row)).collect();
    let has_keys = ui.focus(world) == Focus::Pane;
    // Where no cursor moves through them, the worst stays in sight.
    let first = if ui.is_home() { pane.cursor.offset() } else { 0 };
    let rows = below(area, 1);
    let hidden = if rows.height == 0 { HiddenRows::default() } else { hidden(followed.len(), first, rows) };
    draw_heading(&followed, paint, area, (has_keys, hidden));
    let shown = followed.iter().enumerate().skip(first);
    if followed.is_empty() || area.height < 2 {
        return;
    }
    let columns = columns(paint, &followed, area.width);
    let table = Table::new(columns, area.width);
    let is_cursor = |at| has_keys && at == pane.cursor.at();
    table.rows(paint, rows, shown.map(|(at, tracked)| (is_cursor(at), tracked)));
}

/// What the pane is, how many stand how, how many are hidden, and how fresh that is: that there is trouble has its room
/// first. Where there is no more than this row, it has the first of them too.
fn draw_heading(
    followed: &[Of<'_, FollowedSnapshot>],
    paint: &mut Paint<'_>,
    area: Rect,
    (has_keys, hidden): (bool, HiddenRows),
) {
    let world = paint.world;
    let heading = row(area, 0);
    let role = if has_keys { Role::Chosen } else { Role::Quiet };
    let fresh =
        least_fresh(followed, world.place()).map(|place| (place, freshness(place, world.place(), paint.now)));
    let trouble = fresh.as_ref().filter(|(place, _)| is_troubled(place)).and_then(|(_, told)| told.last());
    let room = trouble.map_or(0, |told| paint.columns_of(told) + 2);
    let line = Rect { width: heading.width.saturating_sub(room), ..heading };
    let untold = world.open_requests.untold(world.places.iter());
    let mut parts = vec![(role, "In progress".to_owned())];
    let elsewhere = world.open_requests.elsewhere(&world.places);
    parts.extend(counts(world, followed, untold.len()));
    parts.extend(title::counted([(Role::Doubt, elsewhere.len(), "OPEN IN OTHER PLACES")]));
    let first_row = followed.first().filter(|_| area.height == 1).map(|(_, row)| *row);
    if !hidden.is_none() {
        add_hidden(&mut parts, hidden, paint, line.width);
    } else if let Some(first) = first_row
        && gives_way(&parts, first, paint, line)
    {
        // The name, and how it stands, tell more than what the pane is called.
        parts = vec![(
            role,
            if followed.len() == 1 { "1:".to_owned() } else { format!("1 of {}:", followed.len()) },
        )];
    }
    let told = told_of(&untold, &elsewhere, followed.is_empty());
    let rest = line.width.saturating_sub(paint.columns_of_all(&parts) + 2);
    parts.extend(told.into_iter().find(|told| paint.columns_of(told) <= rest).map(|it| (Role::Quiet, it)));
    let mut column = paint.line(line, 1, &parts);
    if let Some(first) = first_row {
        column = draw_summary(first, paint, line, column + if parts.len() == 1 { 1 } else { 2 });
    }
    if let Some((place, told)) = fresh {
        let role = if is_troubled(place) { Role::Doubt } else { Role::Quiet };
        let rest = heading.width.saturating_sub(column + 3);
        paint.right(heading, column, &[(role, fitting(&told, rest))]);
    }
}

/// Counts the rows that are hidden. What is usable is counted where there is room for it beside them.
fn add_hidden(parts: &mut Pieces, hidden: HiddenRows, paint: &Paint<'_>, room: u16) {
    let ways = hidden.ways();
    if paint.columns_of_all(parts) + paint.columns_of(&ways[0]) + 4 > room {
        parts.retain(|(_, text)| !text.ends_with("usable"));
    }
    let rest = room.saturating_sub(paint.columns_of_all(parts) + 4);
    parts.push((Role::Accent, format!("  {}", fitting(&ways, rest))));
}

/// How many stand how: what goes on, the worst, and what ended well, with those that have left the pane since. Requests
/// that earlier runs left open, and of which nothing was told yet, are not known either.
fn counts(world: &World, followed: &[Of<'_, FollowedSnapshot>], untold: usize) -> Pieces {
    let count = |weight| followed.iter().filter(|(_, row)| row.weight() == weight).count();
    let open = followed.iter().filter(|(_, row)| row.is_open()).count() + untold;
    let usable =
        count(Weight::Usable) + world.places.iter().map(|place| place.followed.left_usable).sum::<usize>();
    // What was begun elsewhere is in the list of snapshots, or nobody knows.
    let is_read = world.places.shown().all(|place| place.catalog.snapshots.complete_at.is_some());
    let open = match open {
        0 if is_read => "nothing".to_owned(),
        0 => "not known".to_owned(),
        _ => open.to_string(),
    };
    let mut parts = vec![(Role::Plain, format!("  {open}"))];
    parts.extend(title::counted([
        (Role::Bad, count(Weight::Failed), "FAILED"),
        (Role::Doubt, count(Weight::Unknown) + untold, "NOT KNOWN"),
        (Role::Plain, usable, "usable"),
    ]));
    parts
}

/// Which requests of earlier runs are open, where no row tells of anything, or in which other place: from the longest way to say it to the
/// shortest.
fn told_of(untold: &[&Record], elsewhere: &[&Record], is_alone: bool) -> Vec<String> {
    let all = if untold.is_empty() { elsewhere } else { untold };
    let Some(first) = all.first().filter(|_| is_alone || untold.is_empty()) else { return Vec::new() };
    let more = if all.len() > 1 { format!(" and {} more", all.len() - 1) } else { String::new() };
    let name = format!("  {}{more}", escape(&first.intent.snapshot));
    if untold.is_empty() {
        let account = first.intent.account.as_ref().map_or("another account", AccountId::as_str);
        let place = escape(&format!("{account} {}", first.intent.region.as_deref().unwrap_or_default()));
        return vec![
            format!("{name}: in {place}, where nobody looks before it is opened"),
            format!("{name}: in {place}"),
            name,
        ];
    }
    vec![
        format!("{name}: requested before, and not looked up yet"),
        format!("{name}: not looked up yet"),
        name,
    ]
}

/// The columns of the pane, that is so wide.
fn columns<'p>(
    paint: &Paint<'p>,
    followed: &[Of<'p, FollowedSnapshot>],
    table: u16,
) -> Vec<Column<'p, Of<'p, FollowedSnapshot>>> {
    type Row<'p> = Of<'p, FollowedSnapshot>;
    let now = paint.now;
    let names = longest(followed.iter().map(|(_, row)| &row.id));
    let states = longest(followed.iter().map(|(_, row)| status(row).1));
    // Of the bar, and of what a status keeps where there is little room.
    let (bar, least) = if table < WIDE { (8, 16) } else { (12, 24) };
    let percents = longest(followed.iter().map(|(_, row)| percent(row)));
    // What is followed in a place that was left is not taken for something of the one that is shown.
    let places: Vec<&Place> =
        followed.iter().map(|(place, _)| *place).chain(paint.world.places.shown()).collect();
    let mut columns =
        vec![Column::name("", name_width(names, table), 0, |(_, row): &Row<'p>| row.id.clone())];
    columns.extend(places::columns(&places, 2).map(|column| Column { head: "", ..column }));
    columns.extend([
        Column::text("", (states.min(least), states), 1, |(_, row): &Row<'p>| status(row)),
        Column::new("", (bar, bar), 5, |(_, row): &Row<'p>, _| {
            Cell::Bar(status(row).0, row.snapshot().and_then(|snapshot| snapshot.percent))
        }),
        Column::text("", (percents, percents), 2, |(_, row): &Row<'p>| (Role::Plain, percent(row))),
        Column::text("", (11, 11), 3, |(_, row): &Row<'p>| (Role::Plain, elapsed(row, now))),
        Column::told("", (LEAST_REMARK, u16::MAX), 4, |(place, row): &Row<'p>| {
            (Role::Quiet, remarks(place, row, now))
        }),
    ]);
    columns
}

pub(super) fn percent(tracked: &FollowedSnapshot) -> String {
    let percent = tracked.snapshot().and_then(|snapshot| snapshot.percent);
    percent.map(|percent| format!("{percent:>3} %")).unwrap_or_default()
}

/// How old it is, or how long it took; nothing where that is not known. A request on its way is as old as its
/// confirmation.
pub(super) fn elapsed(tracked: &FollowedSnapshot, now: &Now) -> String {
    let time = match tracked.followed.ending() {
        None if matches!(tracked.state, FollowedState::Submitting(_)) => {
            Some(tracked.followed.age_or_time(now.mono))
        }
        Some(_) => tracked.took().and_then(Took::observed),
        // As long as no look told its age, the service's own time of it does.
        None => tracked.followed.age(now.mono).or_else(|| {
            let began = tracked.snapshot()?.created_at?;
            Duration::try_from(now.at().duration_since(began)).ok()
        }),
    };
    time.map(length).unwrap_or_default()
}

/// The remark on the row under the cursor, from the longest way to say it to the shortest.
pub fn story(paint: &Paint<'_>) -> Vec<String> {
    let world = paint.world;
    let Some((place, tracked)) = paint.ui.home.pane.chosen(world) else { return Vec::new() };
    let said = remarks(world.at(place), tracked, paint.now).into_iter().filter(|remark| !remark.is_empty());
    said.map(|remark| format!("{}: {remark}", tracked.id)).collect()
}

/// Whether the heading with its count is worth less than a whole name beside it: where it tells nothing else.
fn gives_way(parts: &[(Role, String)], first: &FollowedSnapshot, paint: &Paint<'_>, row: Rect) -> bool {
    let used = paint.columns_of_all(parts);
    let state = states(first).first().map_or(0, |state| paint.columns_of(state));
    parts.len() == 2 && used + paint.columns_of(&first.id) + state + 4 > row.width
}

/// How one snapshot stands, in full; then without what its percents say too.
fn states(tracked: &FollowedSnapshot) -> Vec<String> {
    let (status, percent) = (status(tracked).1, percent(tracked));
    match percent.trim_start() {
        "" => vec![format!(" {status}")],
        percent if tracked.is_open() => vec![format!(" {status} {percent}"), format!(" {percent}")],
        percent => vec![format!(" {status} {percent}"), format!(" {status}")],
    }
}

/// One snapshot in what is left of the heading: how it stands, and of its name what there is room for.
fn draw_summary(tracked: &FollowedSnapshot, paint: &mut Paint<'_>, row: Rect, column: u16) -> u16 {
    let (states, name) = (states(tracked), paint.columns_of(&tracked.id));
    let room = row.width.saturating_sub(column + 1);
    let state = fitting(&states, room.saturating_sub(name));
    let room = room.saturating_sub(paint.columns_of(state));
    let column = paint.name(row, column, room, Role::Plain, &tracked.id);
    paint.line(row, column, &[(status(tracked).0, state)])
}

pub(super) fn status(tracked: &FollowedSnapshot) -> (Role, String) {
    match &tracked.state {
        FollowedState::Submitting(step) => (Role::Doubt, step_word(step).to_owned()),
        FollowedState::Unknown => (Role::Doubt, "not known yet".to_owned()),
        FollowedState::NotListed(_) if tracked.followed.presence.was_listed() => {
            (Role::Doubt, "not listed".to_owned())
        }
        FollowedState::NotListed(_) => (Role::Doubt, "not listed yet".to_owned()),
        FollowedState::Gone(Absence::Deleted) => (Role::Quiet, "deleted".to_owned()),
        FollowedState::Gone(_) => (Role::Bad, "disappeared".to_owned()),
        FollowedState::Listed(snapshot) => words::status(snapshot),
    }
}

/// One word for a step.
pub fn step_word(step: &Step) -> &'static str {
    match step {
        Step::LookingUp => "looking up",
        Step::Journalling => "journalling",
        Step::Sending { .. } => "sending",
        Step::Retrying { .. } => "retrying",
        Step::Reconciling { .. } => "looking again",
        Step::Confirming { .. } => "refused so far",
        Step::LookFailed { .. } => "look-ups fail",
        Step::AccountUnverified { .. } => "account not verified",
        Step::NotRecorded { .. } => "not recorded",
    }
}

/// The place whose rows are the least fresh, where any are looked at or the place in hand has trouble: the others are no
/// older than what is told of it.
fn least_fresh<'a>(followed: &[Of<'a, FollowedSnapshot>], in_hand: &'a Place) -> Option<&'a Place> {
    let open = followed.iter().filter(|(_, row)| row.is_open()).map(|(place, _)| *place);
    let troubled = Some(in_hand).filter(|place| is_troubled(place));
    let trouble = |place: &Place| (place.questions.backoff.is_paused(), is_troubled(place));
    open.chain(troubled).max_by_key(|place| (trouble(place), Reverse(place.followed.polled)))
}

/// Whether a place cannot be asked as it should be.
fn is_troubled(place: &Place) -> bool {
    place.questions.backoff.failure().is_some()
}

/// How fresh the rows of a place are, and what is done about it: `refreshed 3 s ago, next in 5 s`. Of trouble from the
/// longest way to say it to the shortest, and where it is not that of the place in hand, with where it is.
fn freshness(place: &Place, in_hand: &Place, now: &Now) -> Vec<String> {
    let (told, next) = (looked(place, now), next_look(place, now));
    if !is_troubled(place) {
        // Before the first look.
        if told.is_none() && matches!(next.as_deref(), Some(ASKING | DUE)) {
            return vec!["reading".to_owned()];
        }
        return vec![told.into_iter().chain(next).collect::<Vec<_>>().join(", ")];
    }
    let is_paused = place.questions.backoff.is_paused();
    let least = if is_paused { "paused" } else { "retrying" };
    let told = told.unwrap_or_else(|| least.to_owned());
    let whole = next.map(|next| format!("{told}, {next}"));
    let ways = whole.into_iter().chain([told]);
    if place.id == in_hand.id {
        return ways.chain([least.to_owned()]).collect();
    }
    let ways = ways.map(|told| format!("{}: {told}", place.label()));
    ways.chain([format!("{}: {least}", place.label()), format!("one place {least}")]).collect()
}

/// How fresh the rows are.
fn looked(place: &Place, now: &Now) -> Option<String> {
    let (pane, backoff) = (&place.followed, &place.questions.backoff);
    // What no look told yet is as old as the list that has it.
    let known = pane.polled_at.or(place.catalog.snapshots.complete_at);
    match backoff.failure() {
        Some(_) if backoff.is_paused() => {
            let at = known.map(|at| format!(", as of {}", words::short_clock(at, &now.wall)));
            Some(format!("paused{}", at.unwrap_or_default()))
        }
        Some(failure) => Some(format!("{}, retrying", failure.kind.headline())),
        None => {
            let ago = now.mono.saturating_sub(pane.polled);
            let ago = if ago.as_secs() == 0 { "just now".to_owned() } else { words::short(ago) + " ago" };
            pane.polled_at.map(|_| format!("refreshed {ago}"))
        }
    }
}

/// When they are looked at next.
fn next_look(place: &Place, now: &Now) -> Option<String> {
    if place.questions.is_in_flight(&QuestionSubject::Followed) {
        return Some(ASKING.to_owned());
    }
    // What became of a request is looked up apart from the others, and more often.
    if place.followed.rows.iter().any(is_looked_up) {
        return Some("looking again by itself".to_owned());
    }
    let left = place.next_poll(now)?.saturating_sub(now.mono);
    Some(if left.as_secs() == 0 { DUE.to_owned() } else { format!("next in {}", words::short(left)) })
}

/// Whether it is looked up again and again what became of its request.
fn is_looked_up(row: &FollowedSnapshot) -> bool {
    use Step::{Confirming, LookFailed, Reconciling};
    matches!(
        row.state,
        FollowedState::Unknown
            | FollowedState::Submitting(Reconciling { .. } | Confirming { .. } | LookFailed { .. })
    )
}
