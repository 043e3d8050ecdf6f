//! The plan of a clean-up, the line of tags, and what becomes of both: a row for each snapshot.

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::alterations::{Order, Stage, Standing};
use crate::app::place::Place;
use crate::app::screens::alterations::AlterationScreen;
use crate::app::screens::removal::Removal;
use crate::app::screens::retag::RetagScreen;
use crate::app::world::World;
use crate::domain::alteration::Deed;
use crate::domain::cluster_id::ClusterId;
use crate::domain::removal::{Item, Verdict};
use crate::domain::retag::RetagItem;
use crate::domain::snapshot::Snapshot;

use super::form::draw_input;
use super::paint::Paint;
use super::places;
use super::story;
use super::table::{Column, Table, hidden, longest, name_width};
use super::theme::{Role, Symbols};
use super::words;

/// Where a question begins.
const MARGIN: u16 = 3;

/// A row of the plan.
type Planned<'p> = (&'p Place, &'p Item);

/// Draws the plan.
pub fn draw_plan(
    world: &World,
    screen: &Removal,
    paint: &mut Paint<'_, '_>,
    [title, heads, body]: [Rect; 3],
    now: &Now,
) {
    let items = &screen.items;
    let deleted = items.iter().filter(|(_, item)| item.is_deleted()).count();
    let kept = items.len() - deleted;
    let count =
        format!("  {deleted} to delete{}", if kept > 0 { format!(", {kept} not") } else { String::new() });
    let column = paint.line(title, 1, &[(Role::Heading, "Clean-up"), (Role::Plain, &count)]);
    let label = screen.typed.as_ref().map(|typed| {
        let what = if typed.then.is_some() { "to take it into the plan" } else { "to delete" };
        format!("Type {} {what}:", typed.wanted)
    });
    let [body, below] = story::parts(world.layout.story_rows(), body, label.as_deref());
    let rows: Vec<Planned<'_>> = items.iter().map(|(place, item)| (world.at(*place), item)).collect();
    let table = Table::new(plan_columns(&rows, body.width, paint.symbols(), now), body.width)
        .marked(|(place, item)| places::mark(world.standing(place, item.snapshot.cluster.as_ref())));
    table.heads(paint, heads);
    let told = (Role::Doubt, "nothing is deleted yet");
    paint.title_end(title, column, &hidden(rows.len(), screen.cursor.offset, body), told);
    table.listed(paint, body, &rows, &screen.cursor);
    match (&screen.typed, label, items.get(screen.cursor.at)) {
        (Some(typed), Some(label), _) => story::draw_question(&label, &typed.text, paint, below),
        (_, _, Some((_, item))) => {
            let text = format!("{}: {}", item.snapshot.id, verdict(item, paint.symbols()).1);
            story::draw(&text, paint, below);
        }
        _ => {}
    }
}

fn plan_columns<'p>(
    rows: &[Planned<'p>],
    width: u16,
    symbols: &'static Symbols,
    now: &'p Now,
) -> Vec<Column<'p, Planned<'p>>> {
    let verdicts = longest(rows.iter().map(|(_, item)| verdict(item, symbols).1));
    let mut columns = snapshot_columns(rows, |(place, item)| (place, &item.snapshot), width, now);
    columns.extend([
        Column::text("REMAIN", (6, 6), 2, |(_, item): &Planned<'p>| remain(item)),
        Column::text("", (16.min(verdicts), verdicts), 1, move |(_, item): &Planned<'p>| {
            verdict(item, symbols)
        }),
    ]);
    columns
}

/// Identifier, place, age and cluster of the snapshot of a row.
fn snapshot_columns<'p, T: 'p>(
    rows: &[T],
    of: for<'a> fn(&'a T) -> (&'a Place, &'a Snapshot),
    width: u16,
    now: &'p Now,
) -> Vec<Column<'p, T>> {
    let names = longest(rows.iter().map(|row| &of(row).1.id));
    let clusters = longest(rows.iter().map(|row| cluster(of(row).1)));
    let labels = longest(rows.iter().map(|row| of(row).0.label()));
    let are_several = rows.windows(2).any(|pair| of(&pair[0]).0.id != of(&pair[1]).0.id);
    let name = move |row: &T| of(row).1.id.clone();
    let mut columns = vec![Column::name("SNAPSHOT", name_width(names, width), 0, name)];
    if are_several {
        columns.push(Column::text("PLACE", (labels, labels), 3, move |row: &T| {
            (Role::Quiet, of(row).0.label())
        }));
    }
    columns.push(Column::text("AGE", (10, 10), 4, move |row: &T| {
        let at = of(row).1.created_at;
        (Role::Plain, at.map_or_else(|| "not known".to_owned(), |at| words::ago(at, now.at())))
    }));
    columns.push(Column::name("CLUSTER", (clusters.min(16), clusters), 5, move |row: &T| {
        cluster(of(row).1).to_owned()
    }));
    columns
}

fn cluster(snapshot: &Snapshot) -> &str {
    snapshot.cluster.as_ref().map(ClusterId::as_str).unwrap_or_default()
}

/// How many usable manual ones of its cluster remain after the whole plan.
fn remain(item: &Item) -> (Role, String) {
    match item.remaining {
        Some(0) => (Role::Bad, "0".to_owned()),
        Some(count) => (Role::Plain, count.to_string()),
        None => (Role::Doubt, "?".to_owned()),
    }
}

fn verdict(item: &Item, symbols: &'static Symbols) -> (Role, String) {
    let why = item.why_not().unwrap_or_default();
    match &item.verdict {
        Verdict::Delete if item.overridden.is_empty() => (Role::Plain, "is deleted".to_owned()),
        Verdict::Delete => {
            let despite: Vec<String> = item.overridden.iter().map(ToString::to_string).collect();
            (Role::Doubt, format!("! is deleted, although: {}", despite.join("; ")))
        }
        Verdict::Guarded(_) => (Role::Doubt, format!("! stays: {why}; n says it by name")),
        Verdict::Kept(_) | Verdict::Refused(_) => (Role::Bad, format!("{} stays: {why}", symbols.cross)),
    }
}

/// A row of the tags.
type Tagged<'p> = (&'p Place, &'p Snapshot, Option<&'p RetagItem>);

/// Draws the line of tags, and the snapshots that it is for.
pub fn draw_retag(
    world: &World,
    screen: &RetagScreen,
    paint: &mut Paint<'_, '_>,
    [title, heads, body]: [Rect; 3],
    now: &Now,
) {
    let items = &screen.items;
    let heading = format!("Tags of {} snapshots ", items.len());
    let column = paint.line(title, 1, &[(Role::Heading, &heading)]) + 1;
    let is_asked = screen.typed.is_none();
    draw_input(&screen.input, None, is_asked, paint, (title, column, title.width.saturating_sub(column + 1)));
    let label =
        screen.typed.as_ref().map(|typed| format!("Production. Type {} to change them:", typed.wanted));
    let [body, hint] = story::parts(1, body, label.as_deref());
    let told = match screen.wanted(world) {
        Ok(wanted) => (Role::Good, format!("enter: {}", wanted.deed().words())),
        Err(problem) if screen.input.value().is_empty() => (Role::Quiet, problem),
        Err(problem) => (Role::Bad, problem),
    };
    if let (Some(typed), Some(label)) = (&screen.typed, label) {
        story::draw_question(&label, &typed.text, paint, hint);
    } else {
        let end = paint.line(hint, MARGIN, &[(told.0, &told.1)]);
        paint.title_end(hint, end, &hidden(items.len(), screen.cursor.offset, body), (Role::Quiet, ""));
    }
    let rows: Vec<Tagged<'_>> =
        items.iter().map(|(place, snapshot, item)| (world.at(*place), snapshot, item.as_ref())).collect();
    let mut columns = snapshot_columns(&rows, |(place, snapshot, _)| (place, snapshot), body.width, now);
    columns.push(Column::text("TAGS", (16, u16::MAX), 1, |(_, snapshot, item): &Tagged<'_>| {
        match item.and_then(|item| item.why_not.as_ref()) {
            Some(why) => (Role::Bad, format!("stays as it is: {why}")),
            None => (Role::Quiet, words::tags(item.map_or(&snapshot.tags, |item| &item.tags))),
        }
    }));
    let table = Table::new(columns, body.width);
    table.heads(paint, heads);
    table.listed(paint, body, &rows, &screen.cursor);
}

/// A row of what becomes of them.
type Ordered<'p> = (&'p Place, &'p Order);

/// Draws what becomes of them.
pub fn draw_orders(
    world: &World,
    screen: &AlterationScreen,
    paint: &mut Paint<'_, '_>,
    [title, heads, body]: [Rect; 3],
    now: &Now,
) {
    let orders = screen.orders(world);
    let is_removal = orders.iter().any(|order| order.deed == Deed::Delete);
    let heading = if is_removal { "Clean-up" } else { "Tags" };
    let mut parts = vec![(Role::Heading, heading.to_owned())];
    let done = if is_removal { "deleted or being deleted" } else { "tagged" };
    for (standing, role, word) in [
        (Standing::Wrong, Role::Bad, "NOT DONE"),
        (Standing::Unknown, Role::Doubt, "NOT KNOWN"),
        (Standing::Open, Role::Plain, "under way"),
        (Standing::Done, Role::Good, done),
    ] {
        let count = orders.iter().filter(|order| order.standing() == standing).count();
        parts.extend((count > 0).then(|| (role, format!("  {count} {word}"))));
    }
    let parts: Vec<(Role, &str)> = parts.iter().map(|(role, text)| (*role, text.as_str())).collect();
    let column = paint.line(title, 1, &parts);
    let rows: Vec<Ordered<'_>> = orders.iter().map(|order| (world.at(order.place), *order)).collect();
    let states = longest(rows.iter().map(|(_, order)| outcome(order).1));
    let mut columns = snapshot_columns(&rows, |(place, order)| (place, &order.snapshot), body.width, now);
    columns
        .push(Column::text("STATE", (16.min(states), states), 1, |(_, order): &Ordered<'_>| outcome(order)));
    let table = Table::new(columns, body.width);
    table.heads(paint, heads);
    let [body, below] = story::parts(world.layout.story_rows(), body, None);
    paint.title_end(title, column, &hidden(rows.len(), screen.cursor.offset, body), (Role::Quiet, ""));
    table.listed(paint, body, &rows, &screen.cursor);
    if let Some((_, order)) = rows.get(screen.cursor.at) {
        story::draw(&format!("{}: {}", order.snapshot.id, outcome(order).1), paint, below);
    }
}

fn outcome(order: &Order) -> (Role, String) {
    match (&order.stage, order.standing()) {
        (Stage::Queued, _) => (Role::Plain, "not sent yet".to_owned()),
        (Stage::UnderWay(_), _) => (Role::Doubt, "under way".to_owned()),
        (Stage::Over(altered), Standing::Done) => (Role::Good, altered.kind.short().to_owned()),
        (Stage::Over(altered), Standing::Unknown) => (Role::Doubt, altered.words(&order.deed)),
        (Stage::Over(altered), _) => (Role::Bad, altered.words(&order.deed)),
    }
}
