//! A change that was confirmed: every item, the worst first, and how far the whole is.

use std::time::Duration;

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::changes::{Item, Stage, Standing};
use crate::app::place::Place;
use crate::app::screens::change::ChangeScreen;
use crate::app::world::World;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::text::width as width_of;

use super::paint::Paint;
use super::pane;
use super::places;
use super::story;
use super::table::{Cell, Column, Table, hidden, longest, name_width, whole_width};
use super::theme::Role;
use super::words;

/// A row: the item, with its place.
type Row<'p> = (&'p Place, &'p Item);

pub fn draw(
    world: &World,
    screen: &ChangeScreen,
    paint: &mut Paint<'_, '_>,
    [title, heads, body]: [Rect; 3],
    now: &Now,
) {
    let Some(change) = screen.change(world) else { return };
    let items = screen.items(world);
    let mut parts = vec![(Role::Heading, format!("Change {}", change.id))];
    parts.extend(counts(&items));
    let parts: Vec<(Role, &str)> = parts.iter().map(|(role, text)| (*role, text.as_str())).collect();
    let column = paint.line(title, 1, &parts);
    let rows: Vec<Row<'_>> = items.iter().map(|(_, item)| (world.at(item.place), *item)).collect();
    let (role, whole) = whole(&items, &rows, now);
    let table = Table::new(columns(&rows, body.width, now), body.width);
    table.heads(paint, heads);
    let [body, below] = story::parts(world.layout.story_rows(), body, None);
    paint.title_end(title, column, &hidden(rows.len(), screen.cursor.offset, body), (role, &whole));
    table.listed(paint, body, &rows, &screen.cursor);
    if let Some(row @ (place, item)) = rows.get(screen.cursor.at) {
        let remark = remark(place, item, now);
        let parts = [item.request.snapshot.to_string(), state(row).1, remark];
        let told: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        story::draw(&told.join(": "), paint, below);
    }
}

/// How many stand how, the worst first.
fn counts(items: &[(Standing, &Item)]) -> Vec<(Role, String)> {
    let kinds = [
        (Standing::Failed, Role::Bad, "FAILED"),
        (Standing::Refused, Role::Bad, "NOT MADE"),
        (Standing::Unknown, Role::Doubt, "NOT KNOWN"),
        (Standing::NotSent, Role::Plain, "not sent yet"),
        (Standing::UnderWay, Role::Plain, "under way"),
        (Standing::Usable, Role::Good, "usable"),
    ];
    let count = |standing| items.iter().filter(|(its, _)| *its == standing).count();
    let counted = kinds.into_iter().map(|(standing, role, word)| (count(standing), role, word));
    counted
        .filter(|(count, ..)| *count > 0)
        .map(|(count, role, word)| (role, format!("  {count} {word}")))
        .collect()
}

/// How far the whole is: usable only when every single one is.
fn whole(items: &[(Standing, &Item)], rows: &[Row<'_>], now: &Now) -> (Role, String) {
    let all = |is: fn(Standing) -> bool| items.iter().all(|(standing, _)| is(*standing));
    if all(|standing| standing == Standing::Usable) {
        return (Role::Good, format!("all {} usable", items.len()));
    }
    if all(|standing| matches!(standing, Standing::Usable | Standing::Failed | Standing::Refused)) {
        return (Role::Bad, "over, and not all usable".to_owned());
    }
    (Role::Quiet, time_left(rows, now).unwrap_or_default())
}

/// How long the slowest of those that are being made may still take; nothing while one of them cannot be told.
fn time_left(rows: &[Row<'_>], now: &Now) -> Option<String> {
    let mut most = Duration::ZERO;
    for (place, item) in rows.iter().filter(|(place, item)| item.standing(place) == Standing::UnderWay) {
        most = most.max(place.estimate(item.followed(place)?, now)?.most);
    }
    (!most.is_zero()).then(|| format!("at most about {} left", words::short(most)))
}

fn columns<'p>(rows: &[Row<'p>], width: u16, now: &'p Now) -> Vec<Column<'p, Row<'p>>> {
    let names = longest(rows.iter().map(|(_, item)| item.request.snapshot.as_str()));
    let clusters = longest(rows.iter().map(|(_, item)| item.request.cluster.as_str()));
    let states = longest(rows.iter().map(|row| state(row).1));
    let shown: Vec<&Place> = rows.iter().map(|(place, _)| *place).collect();
    let mut columns = vec![Column::name("SNAPSHOT", name_width(names, width), 0, |(_, item): &Row<'p>| {
        item.request.snapshot.to_string()
    })];
    columns.extend(places::columns(&shown, 3));
    let percent = |(place, item): &Row<'p>| item.followed(place).map(pane::percent).unwrap_or_default();
    let elapsed = move |(place, item): &Row<'p>| {
        item.followed(place).map(|row| pane::elapsed(row, now)).unwrap_or_default()
    };
    columns.push(Column::text("STATE", (12.min(states), states), 1, state));
    // A column in which nothing stands takes no room from the remarks.
    if rows.iter().any(|row| !percent(row).is_empty()) {
        columns.push(Column::text("", (5, 5), 2, move |row| (Role::Plain, percent(row))));
    }
    let times = longest(rows.iter().map(elapsed));
    if times > 0 {
        columns.push(Column::text("", (times, times), 3, move |row| (Role::Plain, elapsed(row))));
    }
    // A snapshot's name begins with its cluster's, as a rule: the remarks have room first.
    let told = longest(rows.iter().map(|(place, item)| remark(place, item, now)));
    if whole_width(&columns).saturating_add(told).saturating_add(clusters.max(7)).saturating_add(2) <= width {
        columns.push(Column::name("CLUSTER", (clusters, clusters), 4, |(_, item): &Row<'p>| {
            item.request.cluster.to_string()
        }));
    }
    columns.push(Column {
        head: "",
        width: (9, u16::MAX),
        rank: 5,
        cell: Box::new(move |(place, item): &Row<'p>, room| {
            let remarks = remarks(place, item, now);
            let fits = |text: &&String| width_of(text) <= usize::from(room);
            let told = remarks.iter().find(fits).or(remarks.first()).cloned().unwrap_or_default();
            Cell::Text(Role::Quiet, told)
        }),
    });
    columns
}

fn state((place, item): &Row<'_>) -> (Role, String) {
    match &item.stage {
        Stage::Queued { .. } => (Role::Plain, "not sent yet".to_owned()),
        Stage::Waits(_) => (Role::Doubt, "waits".to_owned()),
        Stage::WaitOver => (Role::Bad, "not sent".to_owned()),
        Stage::Ended(kind, _) => (Role::Bad, kind.short().to_owned()),
        Stage::Sent => match (item.followed(place), item.snapshot(place)) {
            (Some(row), _) => pane::status(row),
            (None, Some(snapshot)) => words::status(snapshot),
            (None, None) => (Role::Doubt, OutcomeKind::Unknown.short().to_owned()),
        },
    }
}

/// What is to be said of an item, in full.
fn remark(place: &Place, item: &Item, now: &Now) -> String {
    remarks(place, item, now).into_iter().next().unwrap_or_default()
}

/// What is to be said of an item in a few words, from the longest way to say it to the shortest.
fn remarks(place: &Place, item: &Item, now: &Now) -> Vec<String> {
    match &item.stage {
        Stage::Queued { .. } => vec!["its turn comes".to_owned()],
        Stage::Waits(_) => {
            vec!["until its cluster is available".to_owned(), "until it is available".to_owned()]
        }
        Stage::WaitOver => vec!["its wait is over".to_owned()],
        Stage::Ended(_, why) => vec![why.clone()],
        Stage::Sent => item.followed(place).map(|row| pane::remarks(place, row, now)).unwrap_or_default(),
    }
}
