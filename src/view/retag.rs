//! The line of tags, and the snapshots that it is for: of each first what changes.

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::place::Place;
use crate::app::screens::retag::RetagScreen;
use crate::app::screens::typed::Typed;
use crate::app::world::World;
use crate::domain::alteration::Deed;
use crate::domain::retag::RetagItem;
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;

use super::form::draw_input;
use super::paint::{Paint, row};
use super::removal::snapshot_columns;
use super::story::Story;
use super::table::{Column, Table, fitting, hidden, longest};
use super::theme::Role;
use super::words;

/// Where a question begins.
const MARGIN: u16 = 3;
/// What is so until the line is taken.
const NOTHING_YET: &str = "nothing is changed yet";

/// A row of the tags.
type Tagged<'p> = (&'p Place, &'p Snapshot, Option<&'p RetagItem>);

/// Draws the line of tags, and the snapshots that it is for.
pub fn draw(screen: &RetagScreen, paint: &mut Paint<'_>, [title, heads, body]: [Rect; 3]) {
    let world = paint.world;
    draw_line(screen, paint, title);
    let rows: Vec<Tagged<'_>> = screen
        .items
        .iter()
        .map(|(place, snapshot, item)| (world.at(*place), snapshot, item.as_ref()))
        .collect();
    let question = |typed: &Typed<_>| format!("Production. Type {} to change them:", typed.wanted);
    let story = Story::of(screen.typed.as_ref(), question, Vec::new());
    let [body, below] = story.parts(1, rows.len(), body);
    story.draw(paint, below);
    if screen.typed.is_none() {
        let (role, told) = told(world, screen, &rows);
        let told: Vec<_> = told.iter().map(|text| paint.told(text)).collect();
        let hidden = hidden(rows.len(), screen.first, body);
        let room = below.width.saturating_sub(MARGIN + paint.columns_of(&hidden.ways()[0]) + 3);
        let end = paint.line(row(below, 0), MARGIN, &[(role, fitting(&told, room))]);
        paint.title_end(row(below, 0), end, &hidden, (Role::Quiet, ""));
    }
    let table = Table::new(columns(&rows, body.width, paint.now), body.width);
    table.heads(paint, heads);
    // The keys are text: there is no cursor in the list, and up and down scroll it.
    table.rows(paint, body, rows.iter().skip(screen.first).map(|row| (false, row)));
}

/// Draws what is typed, and what is so until it is taken where there is room for both.
fn draw_line(screen: &RetagScreen, paint: &mut Paint<'_>, title: Rect) {
    let count = screen.items.len();
    let heading = format!("Tags of {count} snapshot{} ", if count == 1 { "" } else { "s" });
    let column = paint.line(title, 1, &[(Role::Heading, &heading)]) + 1;
    let told = paint.columns_of(NOTHING_YET) + 3;
    let wanted = column + paint.columns_of(screen.input.value()) + 1;
    let end = if wanted + told <= title.width {
        paint.right(title, wanted, &[(Role::Doubt, NOTHING_YET)]);
        told
    } else {
        1
    };
    let is_asked = screen.typed.is_none();
    draw_input(
        &screen.input,
        None,
        is_asked,
        paint,
        (title, column, title.width.saturating_sub(column + end)),
    );
}

/// What the line means, or what is wrong with it, from the longest way to say it to the shortest.
fn told(world: &World, screen: &RetagScreen, rows: &[Tagged<'_>]) -> (Role, Vec<String>) {
    let wanted = match screen.wanted(world) {
        Ok(wanted) => wanted.deed(),
        Err(problem) if screen.input.value().is_empty() => return (Role::Quiet, vec![problem]),
        Err(problem) => return (Role::Bad, vec![problem]),
    };
    let Deed::Tag { remove, .. } = &wanted else { return (Role::Plain, Vec::new()) };
    if screen.is_held() {
        let short = "nothing can be changed".to_owned();
        return (Role::Bad, vec![format!("{short}: something stands before each of them"), short]);
    }
    let has = |key: &str| rows.iter().filter(|(_, it, _)| it.tags.iter().any(|tag| tag.key == key)).count();
    let removed = remove.iter().map(|key| match has(key) {
        0 => format!("; {key}: on none of them"),
        count => format!("; {key}: on {count} of {}", rows.len()),
    });
    let removed = removed.collect::<String>();
    let changed = rows.iter().filter(|row| change(row).0 == Role::Heading).count();
    let texts = vec![
        format!("‹enter:submit_typed›: {}{removed}", wanted.words()),
        format!("‹enter:submit_typed› changes {changed}{removed}"),
        format!("‹enter:submit_typed› changes {changed}"),
    ];
    (Role::Good, texts)
}

fn columns<'p>(rows: &[Tagged<'p>], width: u16, now: &'p Now) -> Vec<Column<'p, Tagged<'p>>> {
    let mut columns = snapshot_columns(rows, |(place, snapshot, _)| (place, snapshot), width, now);
    let changes = longest(rows.iter().map(|row| change(row).1));
    if changes > 0 {
        columns.push(Column::text(
            "CHANGE",
            (16.min(changes).max(changes.min(width / 3)), changes),
            1,
            change,
        ));
    }
    columns.push(Column::text("TAGS", (16, u16::MAX), 2, |row: &Tagged<'_>| (Role::Quiet, kept(row))));
    columns
}

/// What changes, or why nothing does.
fn change((_, snapshot, item): &Tagged<'_>) -> (Role, String) {
    let Some(item) = item else { return (Role::Quiet, String::new()) };
    if let Some(why) = &item.why_not {
        return (Role::Bad, format!("stays as it is: {why}"));
    }
    let before = |tag: &Tag| snapshot.tags.iter().find(|it| it.key == tag.key);
    let given = item.tags.iter().filter_map(|tag| match before(tag) {
        None => Some(format!("+{}={}", tag.key, tag.value)),
        Some(old) if old.value == tag.value => None,
        Some(old) => Some(format!("+{}={} (was {})", tag.key, tag.value, old.value)),
    });
    let is_gone = |tag: &&Tag| !tag.is_reserved() && item.tags.iter().all(|it| it.key != tag.key);
    let taken = snapshot.tags.iter().filter(is_gone).map(|tag| format!("-{}", tag.key));
    let changes: Vec<String> = given.chain(taken).collect();
    if changes.is_empty() {
        return (Role::Quiet, "is so already".to_owned());
    }
    (Role::Heading, changes.join(" "))
}

/// The tags that stay as they are.
fn kept((_, snapshot, item): &Tagged<'_>) -> String {
    let Some(item) = item else { return words::tags(&snapshot.tags) };
    // Those of AWS are not among what can be changed.
    let is_kept = |tag: &&Tag| item.why_not.is_some() || tag.is_reserved() || item.tags.contains(tag);
    words::tags(&snapshot.tags.iter().filter(is_kept).cloned().collect::<Vec<_>>())
}
