//! All snapshots of the Region or of a cluster, and all that is known of one.

use jiff::SignedDuration;
use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::screens::details::Row;
use crate::app::screens::evidence::EvidenceCard;
use crate::app::screens::snapshot::{self, SnapshotDetails};
use crate::app::screens::snapshots::Snapshots;
use crate::app::world::World;
use crate::domain::cluster::{Encryption, told_size};
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::text::wrap;

use super::details;
use super::paint::{Paint, row};
use super::theme::Role;
use super::words;

/// From this age on manual snapshots are counted as old.
const OLD: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The columns behind the identifier, with their widths, from the one that is left out last.
const COLUMNS: [(&str, u16); 8] = [
    ("STATUS", 10),
    ("AGE", 10),
    ("TYPE", 9),
    ("SIZE", 9),
    ("CLUSTER", 20),
    ("ENGINE", 17),
    ("KEY", 5),
    ("TAGS", 30),
];
/// The least width of the identifier, and on a terminal of less than [`WIDE`] columns.
const LEAST_ID: (u16, u16) = (30, 24);
const WIDE: u16 = 60;

/// Those of the columns that there is room for. The cluster has none in the list of its own snapshots.
fn shown_columns(width: u16, list: &Snapshots) -> Vec<(&'static str, u16)> {
    let mut used = 3 + if width < WIDE { LEAST_ID.1 } else { LEAST_ID.0 };
    let wanted = COLUMNS.into_iter().filter(|(head, _)| *head != "CLUSTER" || list.of.is_none());
    wanted
        .take_while(|(_, column)| {
            used += column + 1;
            used <= width
        })
        .collect()
}

/// Draws the list.
pub fn draw(
    world: &World,
    list: &Snapshots,
    paint: &mut Paint<'_, '_>,
    [title, heads, body]: [Rect; 3],
    now: &Now,
) {
    draw_title(world, list, paint, title, now);
    if list.rows.is_empty() {
        draw_empty(world, list, paint, body);
        return;
    }
    let columns = shown_columns(body.width, list);
    let behind: u16 = columns.iter().map(|(_, width)| width + 1).sum();
    let id = body.width.saturating_sub(3 + behind).clamp(1, 64);
    paint.cell(heads, 3, id, Role::Quiet, "IDENTIFIER");
    let mut at = 4 + id;
    for (head, width) in &columns {
        paint.cell(heads, at, *width, Role::Quiet, head);
        at += width + 1;
    }
    let shown = list.rows.iter().enumerate().skip(list.cursor.offset());
    for (index, (at, snapshot)) in (0..body.height).zip(shown) {
        let Some(snapshot) = world.places.snapshot(*snapshot) else { continue };
        let row = row(body, index);
        if at == list.cursor.at() {
            paint.line(row, 1, &[(Role::Accent, paint.symbols().cursor)]);
        }
        paint.name(row, 3, id, Role::Plain, &snapshot.id);
        let mut column = 4 + id;
        for (head, width) in &columns {
            let (role, text) = cell(head, snapshot, now);
            paint.cell(row, column, *width, role, &text);
            column += width + 1;
        }
    }
}

fn cell(head: &str, snapshot: &Snapshot, now: &Now) -> (Role, String) {
    match head {
        "AGE" => (
            Role::Plain,
            snapshot.created_at.map_or_else(|| "not known".to_owned(), |at| words::ago(at, now.at())),
        ),
        "STATUS" => {
            let role = match (snapshot.status.is_usable(), snapshot.status.is_final()) {
                (true, _) => Role::Good,
                (false, true) => Role::Bad,
                (false, false) => Role::Doubt,
            };
            (role, snapshot.status.to_string())
        }
        "TYPE" => (Role::Plain, snapshot.kind.to_string()),
        "SIZE" => {
            let size = told_size(snapshot.allocated_gib);
            (Role::Plain, size.map(|gib| format!("{gib} GiB")).unwrap_or_default())
        }
        "CLUSTER" => (Role::Plain, snapshot.cluster.as_ref().map(ToString::to_string).unwrap_or_default()),
        "ENGINE" => (Role::Quiet, snapshot.engine.clone().unwrap_or_default()),
        "KEY" => {
            let word = match snapshot.encryption {
                Encryption::Kms(_) => "kms",
                Encryption::ServiceOwned => "rds",
                Encryption::None => "none",
                Encryption::Unknown => "?",
            };
            (Role::Quiet, word.to_owned())
        }
        _ => {
            let tags = snapshot.tags.iter().map(|tag| format!("{}={}", tag.key, tag.value));
            (Role::Quiet, tags.collect::<Vec<_>>().join(" "))
        }
    }
}

fn draw_title(world: &World, list: &Snapshots, paint: &mut Paint<'_, '_>, title: Rect, now: &Now) {
    let of = list.of.as_ref().map(|(_, of)| format!(" of {of}")).unwrap_or_default();
    let mut column = paint.line(title, 1, &[(Role::Heading, &format!("Snapshots{of}")), (Role::Plain, "  ")]);
    if list.filter.is_open || !list.filter.is_empty() {
        let count = format!("{} match  ", list.rows.len());
        column = paint.line(title, column, &[(Role::Plain, &count), (Role::Accent, "/")]);
        paint.filter(title, column, &list.filter);
        return;
    }
    let snapshots = &world.place().catalog.snapshots;
    let more = match (snapshots.complete_at, snapshots.is_loading()) {
        (None, true) => " loaded, more may come",
        (None, false) => " loaded, not all",
        (Some(_), _) => "",
    };
    let told = format!("{}{more}{}", list.rows.len(), counted(list, now));
    // By what they are sorted comes first: a key changes it.
    let order = match (&snapshots.failure, snapshots.complete_at) {
        (Some(failure), Some(_)) => format!("not read anew: {}", failure.kind.clause()),
        _ => list.order.name().to_owned(),
    };
    let room = title.width.saturating_sub(column + paint.columns_of(&order) + 3);
    paint.cell(title, column, room, Role::Plain, &told);
    paint.right(title, column, &[(Role::Quiet, &order)]);
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
    let place = world.place();
    let snapshots = &place.catalog.snapshots;
    let text = match (&snapshots.failure, snapshots.complete_at, list.filter.text()) {
        (Some(failure), None, _) => format!("The snapshots could not be read: {failure}. r tries again."),
        (_, None, _) => "Reading the snapshots.".to_owned(),
        (_, Some(_), "") => {
            let region = place.target().region.clone().unwrap_or_default();
            let of = list.of.as_ref().map(|(_, of)| format!(" of {of}")).unwrap_or_default();
            format!("AWS lists no DB cluster snapshot{of} of any type in {region}.")
        }
        (_, Some(_), _) => "Nothing matches the filter. / then esc drops it.".to_owned(),
    };
    let room = usize::from(body.width.saturating_sub(4));
    for (index, line) in (u16::from(body.height > 6)..body.height).zip(wrap(&text, room)) {
        paint.line(row(body, index), 3, &[(Role::Plain, &line)]);
    }
}

/// Draws all that is known of a snapshot.
pub fn draw_one(
    world: &World,
    one: &SnapshotDetails,
    paint: &mut Paint<'_, '_>,
    parts: [Rect; 2],
    now: &Now,
) {
    let rows = snapshot::rows(&one.snapshot, world.columns());
    draw_rows(("Snapshot  ", &one.snapshot.id), &rows, one.first, paint, parts, now);
}

/// Draws the evidence card of a snapshot.
pub fn draw_card(world: &World, card: &EvidenceCard, paint: &mut Paint<'_, '_>, parts: [Rect; 2], now: &Now) {
    let rows = card.rows(world.columns());
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
    details::draw_title(what, name, rows.len().saturating_sub(first), paint, [title, body]);
    details::draw_rows(rows, first, paint, body, now);
}
