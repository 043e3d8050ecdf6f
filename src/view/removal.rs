//! The plan of a clean-up, and what becomes of snapshots that are deleted or tagged: a row for each.

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::alterations::{AlterationOrder, AlterationStage, AlterationStanding};
use crate::app::place::Place;
use crate::app::request_id::PlaceId;
use crate::app::screens::alterations::AlterationScreen;
use crate::app::screens::removal::{Removal, ToConfirm};
use crate::app::screens::typed::Typed;
use crate::domain::alteration::Deed;
use crate::domain::removal::{Guard, RemovalItem, RemovalVerdict};
use crate::domain::snapshot::Snapshot;
use crate::domain::text::width as width_of;

use super::paint::Paint;
use super::places::{self, Of, PlaceWords};
use super::story::Story;
use super::table::{Column, Table, hidden, longest, name_width, told_width};
use super::theme::Role;
use super::title;
use super::words;

/// What goes without saying where there is no room for it.
const OF_CLUSTER: &str = " of its cluster";

/// A row of the plan.
type Planned<'p> = Of<'p, RemovalItem>;

/// Draws the plan.
pub fn draw_plan(screen: &Removal, paint: &mut Paint<'_>, [title, heads, body]: [Rect; 3]) {
    let world = paint.world;
    let items = &screen.items;
    let deleted = items.iter().filter(|(_, item)| item.is_deleted()).count();
    let stay = match items.len() - deleted {
        0 => String::new(),
        1 => ", 1 stays".to_owned(),
        count => format!(", {count} stay"),
    };
    let heading = format!("Clean-up  {deleted} to delete");
    let column = paint.line(title, 1, &[(Role::Heading, heading), (Role::Plain, stay)]);
    let rows: Vec<Planned<'_>> = items.iter().map(|(place, item)| (world.at(*place), item)).collect();
    let table = Table::new(plan_columns(&rows, body.width, paint.now), body.width)
        .marked(|(place, item)| places::mark(world.standing(place, item.snapshot.cluster.as_ref())));
    table.heads(paint, heads);
    let told = rows.get(screen.cursor.at).and_then(|row| unsaid(row, &table)).into_iter().collect();
    let story = Story::of(screen.typed.as_ref(), |typed| question(typed, items, body.width), told);
    let [body, below] = story.parts(world.layout.story_rows(), rows.len(), body);
    let can_be = deleted > 0 || items.iter().any(|(_, item)| item.is_guarded());
    let end =
        (Role::Doubt, if can_be { "nothing is deleted yet" } else { "nothing can be deleted from here" });
    paint.title_end(title, column, &hidden(rows.len(), screen.cursor.offset, body), end);
    table.listed(paint, body, &rows, &screen.cursor);
    story.draw(paint, below);
}

/// What is asked before anything is deleted, or taken into the plan: with the names of what goes, as far as they fit.
fn question(typed: &Typed<ToConfirm>, items: &[(PlaceId, RemovalItem)], width: u16) -> String {
    let wanted = &typed.wanted;
    if let ToConfirm::Name(..) = typed.then {
        return format!("Type {wanted} to plan its deletion all the same:");
    }
    let names: Vec<&str> = items
        .iter()
        .filter(|(_, item)| item.is_deleted())
        .map(|(_, item)| item.snapshot.id.as_str())
        .collect();
    // About two lines, of which the rest of the question takes a part.
    let room = usize::from(width).saturating_mul(2).saturating_sub(70);
    let mut used = 0;
    let fits = |name: &&&str| {
        used += width_of(name) + 2;
        used <= room
    };
    let shown: Vec<&str> = names.iter().take_while(fits).copied().collect();
    let shown = if shown.is_empty() { names.iter().take(1).copied().collect() } else { shown };
    let rest = names.len() - shown.len();
    let told = match shown.split_last() {
        Some((last, first)) if rest == 0 && !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => shown.join(", "),
    };
    match (names.len(), rest) {
        (1, _) => format!("{told} is deleted for good. Type {wanted} to delete it:"),
        (_, 0) => format!("{told} are deleted for good. Type {wanted} to delete them:"),
        (_, rest) => format!("{told} and {rest} more are deleted for good. Type {wanted} to delete them:"),
    }
}

/// What the row under the cursor does not say in full.
fn unsaid(row: &Planned<'_>, table: &Table<'_, Planned<'_>>) -> Option<String> {
    let id = &row.1.snapshot.id;
    let verdict = verdict(row.1).1.into_iter().next().unwrap_or_default();
    (!table.has_room("", &verdict)).then(|| format!("{id} {}", verdict.trim_start_matches("! ")))
}

fn plan_columns<'p>(rows: &[Planned<'p>], width: u16, now: &'p Now) -> Vec<Column<'p, Planned<'p>>> {
    let (least, most) = told_width(rows.iter().map(|(_, item)| verdict(item).1));
    let mut columns = snapshot_columns(rows, |(place, item)| (place, &item.snapshot), width, now);
    columns.extend([
        Column::text("USABLE LEFT", (11, 11), 2, |(_, item): &Planned<'p>| left(item)),
        Column::told("", (least.min(width.saturating_sub(24)), most), 1, |(_, item): &Planned<'p>| {
            verdict(item)
        }),
    ]);
    columns
}

/// Identifier, place, age and cluster of the snapshot of a row.
pub(super) fn snapshot_columns<'p, T: 'p>(
    rows: &[T],
    of: for<'a> fn(&'a T) -> (&'a Place, &'a Snapshot),
    width: u16,
    now: &'p Now,
) -> Vec<Column<'p, T>> {
    let names = longest(rows.iter().map(|row| &of(row).1.id));
    let clusters = longest(rows.iter().map(|row| words::cluster(of(row).1)));
    // Where the header has another account than the rows, theirs is told, too.
    let whose = move |row: &T| {
        let (place, snapshot) = of(row);
        let own = snapshot.account().filter(|_| !snapshot.kind.is_foreign());
        PlaceWords::of_account(place, own.or_else(|| place.account()))
    };
    let shown = rows.iter().flat_map(|row| [whose(row), PlaceWords::of(of(row).0)]).collect();
    let name = move |row: &T| of(row).1.id.clone();
    let mut columns = vec![Column::name("SNAPSHOT", name_width(names, width), 0, name)];
    columns.extend(places::columns_of(&shown, whose, (3, 6)));
    let age = move |row: &T| words::age(of(row).1, now).trim_end_matches(" ago").to_owned();
    let ages = longest(rows.iter().map(age));
    columns.push(Column::text("AGE", (ages, ages), 4, move |row: &T| (Role::Plain, age(row))));
    columns.push(Column::name("CLUSTER", (clusters.min(16), clusters), 5, move |row: &T| {
        words::cluster(of(row).1).to_owned()
    }));
    columns
}

/// How many usable manual ones of its cluster are left after the whole plan.
fn left(item: &RemovalItem) -> (Role, String) {
    match item.remaining {
        // Where there is none anyway, the plan is not what takes it.
        Some(0) if item.is_deleted() => (Role::Bad, "0".to_owned()),
        Some(count) => (Role::Plain, count.to_string()),
        None => (Role::Doubt, "?".to_owned()),
    }
}

/// What becomes of a snapshot, from the longest way to say it to the shortest: what is deleted weighs most.
fn verdict(item: &RemovalItem) -> (Role, Vec<String>) {
    let of = |say: fn(&Guard) -> String| item.overridden.iter().map(say).collect::<Vec<_>>();
    match &item.verdict {
        RemovalVerdict::Delete if item.overridden.is_empty() => {
            (Role::Heading, vec!["will be deleted".to_owned()])
        }
        RemovalVerdict::Delete => {
            let long = format!("! will be deleted, although {}", of(Guard::clause).join("; "));
            let short = format!("! will be deleted: {}", of(Guard::short).join("; "));
            let least = short.replace(OF_CLUSTER, "");
            (Role::Bad, vec![long, short, least])
        }
        _ => {
            let short = item.why_not_in_short();
            let least = short.as_ref().map(|why| why.replace(OF_CLUSTER, ""));
            let whys = [item.why_not(), short, least];
            (Role::Quiet, whys.into_iter().flatten().map(|why| format!("stays: {why}")).collect())
        }
    }
}

/// A row of what becomes of them.
type Ordered<'p> = Of<'p, AlterationOrder>;

/// Draws what becomes of them.
pub fn draw_orders(screen: &AlterationScreen, paint: &mut Paint<'_>, [title, heads, body]: [Rect; 3]) {
    let world = paint.world;
    let orders = screen.orders(world);
    let is_removal = orders.iter().any(|order| order.deed == Deed::Delete);
    let heading = if is_removal { "Clean-up" } else { "Tags" };
    let mut parts = vec![(Role::Heading, heading.to_owned())];
    let done = if is_removal { "deleted or being deleted" } else { "tagged" };
    let count = |standing| orders.iter().filter(|order| order.standing() == standing).count();
    parts.extend(title::counted([
        (Role::Bad, count(AlterationStanding::Wrong), "NOT DONE"),
        (Role::Doubt, count(AlterationStanding::Unknown), "NOT KNOWN"),
        (Role::Plain, count(AlterationStanding::Open), "under way"),
        (Role::Good, count(AlterationStanding::Done), done),
    ]));
    let column = paint.line(title, 1, &parts);
    let rows: Vec<Ordered<'_>> = orders.iter().map(|order| (world.at(order.place), *order)).collect();
    let states = longest(rows.iter().map(|(_, order)| outcome(order).1));
    let mut columns =
        snapshot_columns(&rows, |(place, order)| (place, &order.snapshot), body.width, paint.now);
    columns
        .push(Column::text("STATE", (16.min(states), states), 1, |(_, order): &Ordered<'_>| outcome(order)));
    let table = Table::new(columns, body.width);
    table.heads(paint, heads);
    let told = rows.get(screen.cursor.at()).and_then(|(_, order)| {
        let outcome = outcome(order).1;
        (!table.has_room("STATE", &outcome)).then(|| format!("{}: {outcome}", order.snapshot.id))
    });
    let story = Story::Texts(told.into_iter().collect());
    let [body, below] = story.parts(world.layout.story_rows(), rows.len(), body);
    paint.title_end(title, column, &hidden(rows.len(), screen.cursor.offset(), body), (Role::Quiet, ""));
    table.listed(paint, body, &rows, screen.cursor.row());
    story.draw(paint, below);
}

fn outcome(order: &AlterationOrder) -> (Role, String) {
    match (&order.stage, order.standing()) {
        (AlterationStage::Queued, _) => (Role::Plain, "not sent yet".to_owned()),
        (AlterationStage::UnderWay(_), _) => (Role::Doubt, "under way".to_owned()),
        (AlterationStage::Over(_, altered), AlterationStanding::Done) => {
            (Role::Good, altered.kind.short().to_owned())
        }
        (AlterationStage::Over(_, altered), AlterationStanding::Unknown) => {
            (Role::Doubt, altered.words(&order.deed))
        }
        (AlterationStage::Over(_, altered), _) => (Role::Bad, altered.words(&order.deed)),
    }
}
