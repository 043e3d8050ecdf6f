//! All snapshots of the Region or of a cluster, and all that is known of one.

use jiff::SignedDuration;
use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::place::{ConnectionState, Place};
use crate::app::screens::details::Row;
use crate::app::screens::evidence::EvidenceCard;
use crate::app::screens::snapshot::SnapshotDetails;
use crate::app::screens::snapshots::Snapshots;
use crate::app::world::World;
use crate::domain::cluster::{Encryption, told_engine, told_size};
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;
use crate::domain::snapshot::{Snapshot, SnapshotKind};

use super::details;
use super::nothing::{self, Listing, Nothing};
use super::paint::Paint;
use super::places::{self, Of};
use super::table::{Cell, Column, Table, hidden, name_width};
use super::theme::Role;
use super::words;

/// From this age on manual snapshots are counted as old.
const OLD: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The columns of an engine with its version, in short and in full: `Multi-AZ MySQL 8.0.39`, `Multi-AZ PostgreSQL 16.4`.
const ENGINE: (u16, u16) = (21, 24);

/// The columns of the list, that is so wide. The cluster has none in the list of its own snapshots. A shared snapshot
/// is identified by its whole ARN, and cut before all others have to be.
fn columns<'p>(
    world: &'p World,
    list: &'p Snapshots,
    width: u16,
    now: &'p Now,
) -> Vec<Column<'p, Of<'p, Snapshot>>> {
    type Row<'p> = Of<'p, Snapshot>;
    let widths = list.widths;
    let (least, _) = name_width(widths.own_names, width);
    let name = |(_, one): &Row<'p>| one.id.clone();
    let mut columns = vec![Column::name("IDENTIFIER", (least, widths.names), 0, name)];
    columns.extend(places::columns(&list.places(world).collect::<Vec<_>>(), 2));
    columns.extend([
        Column::text("STATUS", (widths.statuses.min(10), widths.statuses), 1, |(_, one): &Row<'p>| {
            words::status(one)
        }),
        Column::text("AGE", (10, 10), 3, |(_, one): &Row<'p>| (Role::Plain, age(one, now))),
        Column::text("TYPE", (9, widths.kinds), 4, |(_, one): &Row<'p>| kind(one)),
        Column::text("SIZE", (9, 9), 5, |(_, one): &Row<'p>| (Role::Plain, size(one))),
    ]);
    if list.of.is_none() {
        let width = (widths.clusters.min(20), widths.clusters);
        columns.push(Column::name("CLUSTER", width, 6, |(_, one): &Row<'p>| cluster(one).to_owned()));
    }
    columns.push(Column {
        head: "ENGINE",
        width: ENGINE,
        rank: 7,
        cell: Box::new(|(_, one): &Row<'p>, width| {
            // The same for all of them.
            let is_short = width < ENGINE.1;
            let told = told_engine(one.more.engine.as_deref(), one.more.engine_version.as_deref(), is_short);
            Cell::Text(Role::Quiet, told)
        }),
    });
    columns.push(Column::text("KEY", (4, 4), 8, |(_, one): &Row<'p>| (Role::Quiet, key(one).to_owned())));
    columns.push(Column::text("TAGS", (30, u16::MAX), 9, |(_, one): &Row<'p>| {
        (Role::Quiet, words::tags(&one.tags))
    }));
    columns
}

/// The snapshots in the list from one on, in the order shown.
fn listed<'w>(world: &'w World, list: &'w Snapshots, first: usize) -> impl Iterator<Item = Of<'w, Snapshot>> {
    list.rows
        .get(first..)
        .unwrap_or_default()
        .iter()
        .filter_map(|row| Some((world.at(row.place), world.places.snapshot(*row)?)))
}

/// Draws the list.
pub fn draw(
    world: &World,
    list: &Snapshots,
    paint: &mut Paint<'_, '_>,
    [title, heads, body]: [Rect; 3],
    now: &Now,
) {
    draw_title(world, list, paint, [title, body], now);
    if list.rows.is_empty() {
        draw_empty(world, list, paint, body);
        return;
    }
    let table = Table::new(columns(world, list, body.width, now), body.width)
        .chosen(|(place, one)| world.marks.snapshots.has(&(place.id, one.id.clone())));
    table.heads(paint, heads);
    let first = list.cursor.offset();
    let rows = (first..).zip(listed(world, list, first)).map(|(at, one)| (at == list.cursor.at(), one));
    table.rows(paint, body, rows);
}

fn cluster(snapshot: &Snapshot) -> &str {
    snapshot.cluster.as_ref().map(ClusterId::as_str).unwrap_or_default()
}

fn age(snapshot: &Snapshot, now: &Now) -> String {
    snapshot.created_at.map_or_else(|| "not known".to_owned(), |at| words::ago(at, now.at()))
}

fn kind(snapshot: &Snapshot) -> (Role, String) {
    (Role::Plain, snapshot.kind.to_string())
}

fn size(snapshot: &Snapshot) -> String {
    told_size(snapshot.allocated_gib).map(|gib| format!("{gib} GiB")).unwrap_or_default()
}

fn key(snapshot: &Snapshot) -> &'static str {
    match snapshot.more.encryption {
        Encryption::Kms(_) => "kms",
        Encryption::ServiceOwned => "rds",
        Encryption::None => "none",
        Encryption::Unknown => "?",
    }
}

fn draw_title(
    world: &World,
    list: &Snapshots,
    paint: &mut Paint<'_, '_>,
    [title, body]: [Rect; 2],
    now: &Now,
) {
    let hidden = hidden(list.rows.len(), list.cursor.offset(), body);
    let of = list.of.as_ref().map(|(_, of)| format!(" of {of}")).unwrap_or_default();
    let mut column = paint.line(title, 1, &[(Role::Heading, &format!("Snapshots{of}")), (Role::Plain, "  ")]);
    if list.filter.is_open || !list.filter.is_empty() {
        let count = format!("{} match  ", list.rows.len());
        column = paint.line(title, column, &[(Role::Plain, &count), (Role::Accent, "/")]);
        let column = paint.filter(title, column, &list.filter);
        return paint.title_end(title, column, &hidden, (Role::Quiet, ""));
    }
    let lists = || list.places(world).map(|place| &place.catalog.snapshots);
    let is_whole = lists().all(|snapshots| snapshots.complete_at.is_some());
    let is_loading = lists().any(|snapshots| snapshots.is_loading() && snapshots.complete_at.is_none());
    let more = match (is_whole, is_loading) {
        (false, true) => " loaded, more may come",
        (false, false) => " loaded, not all",
        (true, _) => "",
    };
    let told = format!("{}{more}{}", list.rows.len(), counted(list, now));
    // By what they are sorted comes first: a key changes it.
    let failed = lists().find_map(|snapshots| snapshots.failure.as_ref().filter(|_| is_whole));
    let (role, order) = match failed {
        Some(failure) => (Role::Bad, format!("not read anew: {}", failure.kind.clause())),
        None => (Role::Quiet, list.order.name().to_owned()),
    };
    // How many there are of each type gives way to both.
    let room = title.width.saturating_sub(column + paint.columns_of(&order) + paint.columns_of(&hidden) + 6);
    paint.cell(title, column, room, Role::Plain, &told);
    paint.title_end(title, column, &hidden, (role, &order));
}

/// How many there are of each type, and how many manual ones are old: nobody deletes those but a person.
fn counted(list: &Snapshots, now: &Now) -> String {
    let old = now.at().checked_sub(OLD).unwrap_or_default();
    let old = list.manual.partition_point(|begun| *begun < old);
    let part = |(kind, count): &(SnapshotKind, usize)| match (kind, old) {
        (SnapshotKind::Manual, 1..) => format!("{count} {kind} ({old} over 90 d)"),
        _ => format!("{count} {kind}"),
    };
    let parts: Vec<String> = list.counts.iter().map(part).collect();
    if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
}

fn draw_empty(world: &World, list: &Snapshots, paint: &mut Paint<'_, '_>, body: Rect) {
    let places: Vec<&Place> = list.places(world).collect();
    let is_empty = |place: &&Place| state(place) == Listing::Empty;
    let (role, lines) = match places.as_slice() {
        all if all.iter().all(is_empty) => (Role::Plain, vec![told_whole(list, &places)]),
        [only] => (state(only).role(), told_empty(only)),
        several => (Role::Plain, several.iter().map(|place| told_in_short(place)).collect()),
    };
    nothing::draw(role, &lines, paint, body);
}

fn state(place: &Place) -> Listing {
    let snapshots = &place.catalog.snapshots;
    nothing::listing(place, snapshots.failure.as_ref(), snapshots.complete_at.is_some())
}

fn trouble(place: &Place) -> Option<&Failure> {
    match &place.connection {
        ConnectionState::Failed(failure) => Some(failure),
        ConnectionState::Connecting(_) | ConnectionState::Ready(_) => {
            place.catalog.snapshots.failure.as_ref()
        }
    }
}

/// What is told where all was read.
fn told_whole(list: &Snapshots, places: &[&Place]) -> String {
    let state = if list.filter.is_empty() { Listing::Empty } else { Listing::Filtered };
    let of = list.of.as_ref().map(|(_, of)| format!(" of {of}")).unwrap_or_default();
    let regions: Vec<String> = places.iter().map(|place| places::region(place)).collect();
    let facts = nothing::Facts { region: &regions.join(", "), of: &of, why: "" };
    Nothing::Snapshots(state).words(facts)
}

/// Why the only place that is shown has no snapshots to show, and what to do.
fn told_empty(place: &Place) -> Vec<String> {
    let (state, trouble) = (state(place), trouble(place));
    let why = match (state, trouble) {
        (Listing::Unconnected, Some(failure)) => failure.kind.headline().to_owned(),
        (_, Some(failure)) => failure.to_string(),
        (_, None) => String::new(),
    };
    let facts = nothing::Facts { why: &why, ..nothing::Facts::default() };
    let mut lines = vec![Nothing::Snapshots(state).words(facts)];
    if let (Listing::Unconnected, Some(failure)) = (state, trouble) {
        lines.extend(nothing::what_to_do(failure, false));
        lines.extend(nothing::own_words(failure));
    }
    lines
}

/// The same of one of several places, in a line.
fn told_in_short(place: &Place) -> String {
    let why = trouble(place).map(|failure| failure.kind.headline()).unwrap_or_default();
    format!("{}: {}", place.label(), Nothing::Snapshots(state(place)).in_short(why))
}

/// Draws all that is known of a snapshot.
pub fn draw_one(
    world: &World,
    one: &SnapshotDetails,
    paint: &mut Paint<'_, '_>,
    parts: [Rect; 2],
    now: &Now,
) {
    let rows = one.rows(world);
    draw_rows(("Snapshot  ", &one.snapshot.id), &rows, one.first, paint, parts, now);
}

/// Draws the evidence card of a snapshot.
pub fn draw_card(world: &World, card: &EvidenceCard, paint: &mut Paint<'_, '_>, parts: [Rect; 2], now: &Now) {
    let rows = card.rows(world.page());
    draw_rows(("Evidence  ", &card.snapshot.id), &rows, card.first, paint, parts, now);
}

fn draw_rows(
    (what, name): (&str, &str),
    rows: &[Row],
    first: usize,
    paint: &mut Paint<'_, '_>,
    [title, body]: [Rect; 2],
    now: &Now,
) {
    details::draw_title(what, name, &hidden(rows.len(), first, body), paint, title);
    details::draw_rows(rows, first, paint, body, now);
}
