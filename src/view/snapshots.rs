//! All snapshots of the Region or of a cluster.

use jiff::SignedDuration;
use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::place::Place;
use crate::app::screens::snapshots::Snapshots;
use crate::app::screens::widths::gib;
use crate::domain::cluster::{Encryption, told_engine, told_size};
use crate::domain::snapshot::{Snapshot, SnapshotKind};

use super::nothing::{self, ListState, SNAPSHOTS, Told};
use super::paint::Paint;
use super::places::{self, Of};
use super::table::{Cell, Column, HiddenRows, LEAST_NAME, Table, hidden, whole_width};
use super::theme::Role;
use super::title::{self, Pieces};
use super::words;

/// From this age on manual snapshots are counted as old.
const OLD: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The columns of the list, that is so wide. The cluster has none in the list of its own snapshots. A shared snapshot
/// is identified by its whole ARN, and cut before anything else has to be.
fn columns<'p>(paint: &Paint<'p>, screen: &'p Snapshots, width: u16) -> Vec<Column<'p, Of<'p, Snapshot>>> {
    type Row<'p> = Of<'p, Snapshot>;
    let (world, now) = (paint.world, paint.now);
    let widths = screen.widths;
    // Names are worth more than any further column.
    let least = widths.own_names.min((width / 2).max(LEAST_NAME));
    let name = |(_, one): &Row<'p>| one.id.clone();
    let mut columns = vec![Column::name("IDENTIFIER", (least, widths.own_names.max(least)), 0, name)];
    columns.extend(places::columns(&screen.places(world).collect::<Vec<_>>(), 2));
    columns.extend([
        Column::text("STATUS", (widths.statuses.min(16), widths.statuses), 1, |(_, one): &Row<'p>| {
            words::status(one)
        }),
        Column::text("AGE", (10, 10), 3, |(_, one): &Row<'p>| (Role::Plain, words::age(one, now))),
        Column::text("TYPE", (9, widths.kinds), 4, |(_, one): &Row<'p>| (Role::Plain, one.kind.to_string())),
    ]);
    if widths.sizes > 0 {
        columns.push(Column::new("SIZE", (widths.sizes, widths.sizes), 6, |(_, one): &Row<'p>, width| {
            let size = told_size(one.allocated_gib).map(gib).unwrap_or_default();
            Cell::Text(Role::Plain, format!("{size:>0$}", usize::from(width)))
        }));
    }
    if screen.of.is_none() {
        let width = (widths.clusters.min(20), widths.clusters);
        columns.push(Column::name("CLUSTER", width, 5, |(_, one): &Row<'p>| words::cluster(one).to_owned()));
    }
    let engine = (widths.short_engines, widths.engines);
    columns.push(Column::new("ENGINE", engine, 7, move |(_, one): &Row<'p>, width| {
        // The same for all of them.
        let is_short = width < widths.engines;
        let told = told_engine(one.more.engine.as_deref(), one.more.engine_version.as_deref(), is_short);
        Cell::Text(Role::Quiet, told)
    }));
    columns.push(Column::text("ENCRYPTED", (9, 9), 8, |(_, one): &Row<'p>| {
        (Role::Quiet, encrypted(one).to_owned())
    }));
    columns.push(Column::text("TAGS", (widths.tags.min(30), widths.tags), 9, |(_, one): &Row<'p>| {
        (Role::Quiet, words::tags(&one.tags))
    }));
    let free = width.saturating_sub(whole_width(&columns));
    if let Some(name) = columns.first_mut() {
        name.width.1 = widths.names.min(name.width.1 + free);
    }
    columns
}

/// Draws the list.
pub fn draw(screen: &Snapshots, paint: &mut Paint<'_>, [title, heads, body]: [Rect; 3]) {
    let world = paint.world;
    if screen.list.rows.is_empty() {
        let told = told_nothing(screen, paint, body);
        draw_title(screen, paint, (title, &told.hidden(body)));
        return told.draw(paint, body);
    }
    let hidden = hidden(screen.list.rows.len(), screen.list.cursor.offset(), body);
    draw_title(screen, paint, (title, &hidden));
    let table = Table::new(columns(paint, screen, body.width), body.width)
        .chosen(|(place, one)| world.marks.snapshots.contains(&(place.id, one.id.clone())));
    table.heads(paint, heads);
    table.rows(paint, body, screen.list.visible(body.height, world));
}

fn encrypted(snapshot: &Snapshot) -> &'static str {
    match snapshot.more.encryption {
        Encryption::Kms(_) => "KMS key",
        Encryption::ServiceOwned => "RDS key",
        Encryption::None => "no",
        Encryption::Unknown => "not known",
    }
}

fn draw_title(screen: &Snapshots, paint: &mut Paint<'_>, (row, hidden): (Rect, &HiddenRows)) {
    let (world, now) = (paint.world, paint.now);
    let more = title::more_to_come(screen.places(world).map(|place| &place.catalog.snapshots));
    let heading = format!("Snapshots{}", of_cluster(screen));
    let heading = [(Role::Heading, heading.as_str()), (Role::Plain, "  ")];
    if screen.list.filter.is_shown() {
        let count = title::left(screen.list.rows.len(), screen.list.count(), more);
        let (role, stale) =
            title::in_short(screen.places(world).map(|it| title::standing(it, &it.catalog.snapshots, now)));
        let end = (hidden, (role, stale.as_str()));
        return title::draw_filtered(paint, row, &heading, (&count, &screen.list.filter), end);
    }
    let column = paint.line(row, 1, &heading);
    if screen.list.rows.is_empty() && !more.is_empty() {
        return paint.title_end(row, column, hidden, (Role::Quiet, ""));
    }
    let standing = screen.places(world).map(|place| title::standing(place, &place.catalog.snapshots, now));
    let ends = title::ends(standing, screen.order.name());
    title::draw(paint, row, column, hidden, (&counts(screen, (more, paint.symbols().ellipsis), now), &ends));
}

/// How many there are, how many of them failed, and of each type: from all types to none.
fn counts(screen: &Snapshots, (more, ellipsis): (&str, &str), now: &Now) -> Vec<Pieces> {
    let mut least = vec![(Role::Plain, format!("{}{more}", screen.list.rows.len()))];
    if screen.counts.failed > 0 {
        least.extend([
            (Role::Plain, ", ".to_owned()),
            (Role::Bad, format!("{} FAILED", screen.counts.failed)),
        ]);
    }
    let types = types(screen, now);
    let with = |count: usize| {
        let rest = if count < types.len() { format!(", {ellipsis}") } else { String::new() };
        let told: Vec<&str> = types.iter().take(count).map(String::as_str).collect();
        let told = if count == 0 { String::new() } else { format!(": {}{rest}", told.join(", ")) };
        least.iter().cloned().chain([(Role::Plain, told)]).collect()
    };
    (0..=types.len()).rev().map(with).collect()
}

/// How many there are of each type, and how many manual ones are old: nobody deletes those but a person.
fn types(screen: &Snapshots, now: &Now) -> Vec<String> {
    let old = now.at().checked_sub(OLD).unwrap_or_default();
    let old = screen.counts.manual.partition_point(|begun| *begun < old);
    let part = |(kind, count): &(SnapshotKind, usize)| match (kind, old) {
        (SnapshotKind::Manual, 1..) => format!("{count} {kind} ({old} over 90 d)"),
        _ => format!("{count} {kind}"),
    };
    screen.counts.kinds.iter().map(part).collect()
}

/// Of which cluster it is, if it is of one.
fn of_cluster(screen: &Snapshots) -> String {
    screen.of.as_ref().map(|(_, cluster)| format!(" of {cluster}")).unwrap_or_default()
}

/// What is told where there are no snapshots to show.
fn told_nothing(screen: &Snapshots, paint: &Paint<'_>, body: Rect) -> Told {
    let world = paint.world;
    let places: Vec<&Place> = screen.places(world).collect();
    let is_empty = |place: &&Place| nothing::listing(place, &place.catalog.snapshots).0 == ListState::Empty;
    let (role, lines) = match places.as_slice() {
        // What a filter hides is there, wherever something could not be read.
        all if all.iter().all(is_empty) || hides_all(screen) => (Role::Plain, told_whole(screen, &places)),
        all => nothing::of_places(all, |place| &place.catalog.snapshots, &SNAPSHOTS),
    };
    Told::new(role, &lines, paint, body)
}

/// Whether there are rows, and a filter hides them all.
fn hides_all(screen: &Snapshots) -> bool {
    !screen.list.filter.is_empty() && screen.list.count() > 0
}

/// What is told where all was read, or is filtered, and what to do.
fn told_whole(screen: &Snapshots, places: &[&Place]) -> Vec<String> {
    let of = of_cluster(screen);
    let regions: Vec<String> = places.iter().map(|place| places::region(place)).collect();
    let none = format!("AWS lists no DB cluster snapshot{of} of any type in {}.", regions.join(", "));
    match (screen.list.filter.is_empty(), &screen.of) {
        (false, _) => {
            let is_of =
                |it: &&Snapshot| screen.of.as_ref().is_none_or(|(_, of)| it.cluster.as_ref() == Some(of));
            let rows = places.iter().flat_map(|place| &place.catalog.snapshots.items).filter(is_of);
            nothing::of_filtered(&screen.list.filter, "No snapshot matches the filter.", rows)
        }
        (true, Some(_)) => {
            vec![
                none,
                "‹esc:back› goes back: ‹s:snapshot› takes one there. ‹r:refresh› looks again.".to_owned(),
            ]
        }
        (true, None) => vec![none, nothing::ELSEWHERE.to_owned()],
    }
}
