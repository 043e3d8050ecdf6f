//! The list of DB clusters, and what is said where there is none.

use std::collections::BTreeMap;

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::Now;
use crate::app::place::Place;
use crate::app::screens::clusters::{ClusterOrder, Clusters, group_of};
use crate::app::screens::widths::ClusterWidths;
use crate::app::world::World;
use crate::domain::cluster::Cluster;
use crate::domain::engine::EngineFamily;
use crate::domain::preflight::{Known, Verdict, of_quota};
use crate::domain::status::Readiness;

use super::details;
use super::nothing::{self, CLUSTERS, Told};
use super::paint::Paint;
use super::places::{self, Of};
use super::table::{Cell, Column, HiddenRows, Table, fitting, hidden, longest, name_width, whole_width};
use super::theme::{Role, Symbols};
use super::title::{self, Pieces};
use super::words;

/// From so many columns and rows of the body on, details stand beside the list.
const BESIDE: (u16, u16) = (110, 26);

/// The least columns of details that are worth showing beside the list, and those in which hardly anything is broken:
/// keys and resource ids have a line, snapshots their age.
const LEAST_BESIDE: u16 = 54;
const WHOLE_BESIDE: u16 = 62;

/// The head of the column of ages.
const USABLE: &str = "LAST USABLE";

/// The columns of the list, that is so wide. What matters most is whole before anything else has room.
fn columns<'p>(paint: &Paint<'p>, screen: &'p Clusters, width: u16) -> Vec<Column<'p, Of<'p, Cluster>>> {
    let mut columns = main_columns(paint, screen, width);
    if width >= whole_width(&columns) {
        for column in &mut columns {
            column.width.0 = column.width.1;
        }
        columns.extend(further_columns(screen));
    }
    columns
}

/// What matters most of a cluster.
fn main_columns<'p>(paint: &Paint<'p>, screen: &'p Clusters, width: u16) -> Vec<Column<'p, Of<'p, Cluster>>> {
    type Row<'p> = Of<'p, Cluster>;
    let (world, now, symbols) = (paint.world, paint.now, paint.symbols());
    let ClusterWidths { names, statuses, engines: engine, short_engines: short, .. } = screen.widths;
    let status = statuses + 2;
    let name = |(_, cluster): &Row<'p>| cluster.id.to_string();
    let mut columns = vec![Column::name("IDENTIFIER", name_width(names, width), 0, name)];
    if let Some(key) = world.list.group_by.as_deref().filter(|_| screen.widths.groups > 0) {
        let width = screen.widths.groups;
        columns.push(Column::text(key, (width.min(12), width), 2, |(_, cluster): &Row<'p>| {
            (Role::Accent, group_of(cluster, world).unwrap_or_default().to_owned())
        }));
    }
    columns.extend(places::columns(&world.places.shown().collect::<Vec<_>>(), 2));
    columns.extend([
        Column::new("ENGINE", (short.min(15), engine), 4, move |(_, cluster): &Row<'p>, width| {
            // Families have the same names in all rows; a version is left out where it would be cut.
            let told = if width < engine {
                fitting(&[cluster.short_engine(), cluster.shortest_engine()], width).to_owned()
            } else {
                cluster.engine()
            };
            Cell::Text(Role::Plain, told)
        }),
        Column::text("STATUS", (status.min(12), status + 1), 1, |(_, cluster): &Row<'p>| {
            let (role, symbol) = readiness(cluster, symbols);
            (role, format!("{symbol} {}", cluster.status))
        }),
        Column::text(USABLE, (10, 11), 3, |(place, cluster): &Row<'p>| {
            (Role::Plain, last_usable(place, cluster, now))
        }),
    ]);
    columns
}

/// What is told of a cluster where there is room.
fn further_columns<'p>(screen: &'p Clusters) -> impl Iterator<Item = Column<'p, Of<'p, Cluster>>> {
    type Row<'p> = Of<'p, Cluster>;
    let width = screen.widths.tags;
    let tags = (width > 0).then(|| {
        Column::text("TAGS", (width.min(20), width), 8, |(_, cluster): &Row<'p>| {
            (Role::Quiet, words::tags(&cluster.tags))
        })
    });
    let always = [
        Column::text("SNAPSHOTS", (9, 9), 5, |(place, cluster): &Row<'p>| {
            (Role::Plain, snapshot_count(place, cluster))
        }),
        Column::text("MEMBERS", (7, 7), 6, |(_, cluster): &Row<'p>| {
            (Role::Plain, cluster.members.len().to_string())
        }),
        Column::text("RETENTION", (9, 9), 7, |(_, cluster): &Row<'p>| {
            let days = cluster.storage.retention_days;
            (Role::Plain, days.map_or_else(|| "?".to_owned(), |days| format!("{days} d")))
        }),
    ];
    always.into_iter().chain(tags)
}

/// How many snapshots of a cluster are listed, as far as is known.
fn snapshot_count(place: &Place, cluster: &Cluster) -> String {
    let count = place.catalog.snapshot_count(&cluster.id);
    let snapshots = &place.catalog.snapshots;
    match (snapshots.complete_at, count) {
        (Some(_), count) => count.to_string(),
        (None, 0) => not_read(place).to_owned(),
        // More may come with a page that was not read yet.
        (None, count) => format!("{count}+"),
    }
}

/// The list and, on a terminal that has room for them, the details of the cluster under the cursor beside it, with a line
/// between them. The list keeps what it tells of each cluster whole.
fn beside(paint: &Paint<'_>, screen: &Clusters, [heads, body]: [Rect; 2]) -> Option<[Rect; 3]> {
    let mut columns = main_columns(paint, screen, body.width);
    let least = whole_width(&columns);
    columns.extend(further_columns(screen));
    let has_room = body.width >= BESIDE.0 && body.height >= BESIDE.1 && heads.height > 0;
    let list = whole_width(&columns).min(body.width.saturating_sub(WHOLE_BESIDE)).max(least);
    (has_room && list + LEAST_BESIDE <= body.width).then(|| {
        let [list, divider, details] =
            Layout::horizontal([Constraint::Length(list), Constraint::Length(1), Constraint::Fill(1)])
                .areas(heads.union(body));
        // With a blank before the line.
        [Rect { width: list.width - 1, ..list }, divider, details]
    })
}

/// Makes the columns of a list that has no room for heads: those of which the head is the longest need no more than
/// what is shown.
fn without_heads<'p>(
    columns: &mut [Column<'p, Of<'p, Cluster>>],
    shown: &(impl Iterator<Item = Of<'p, Cluster>> + Clone),
) {
    for column in columns {
        if std::mem::take(&mut column.head) == USABLE {
            let texts = shown.clone().map(|row| match (column.cell)(&row, u16::MAX) {
                Cell::Text(_, text) | Cell::Name(text) => text,
                Cell::Bar(..) => String::new(),
            });
            let width = longest(texts);
            column.width = (width, width);
        }
    }
}

pub fn draw(screen: &Clusters, paint: &mut Paint<'_>, [title, heads, body]: [Rect; 3]) {
    let world = paint.world;
    if screen.list.rows.is_empty() {
        let told = told_nothing(screen, paint, body);
        draw_title(screen, paint, (title, &told.hidden(body)));
        return told.draw(paint, body);
    }
    let hidden = hidden(screen.list.rows.len(), screen.list.cursor.offset(), body);
    draw_title(screen, paint, (title, &hidden));
    let [heads, body] = match beside(paint, screen, [heads, body]) {
        Some([list_area, divider, details]) => {
            let under_heads = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]);
            if let Some((place, cluster)) = screen.list.chosen(world) {
                paint.divider(divider);
                details::draw_beside(world.at(place), cluster, paint, under_heads.areas(details));
            }
            under_heads.areas(list_area)
        }
        None => [heads, body],
    };
    let rows = screen.list.visible(body.height, world);
    let mut columns = columns(paint, screen, body.width);
    if heads.height == 0 {
        without_heads(&mut columns, &rows.clone().map(|(_, row)| row));
    }
    let table = Table::new(columns, body.width).marked(|(place, cluster)| {
        places::mark(world.standing_of_place(place).and(world.policy.of_cluster(cluster)))
    });
    let table =
        table.chosen(|(place, cluster)| world.marks.clusters.contains(&(place.id, cluster.id.clone())));
    table.heads(paint, heads);
    // While the keys go to the pane, its cursor is the only one.
    table.rows(paint, body, rows.map(|(is_cursor, row)| (is_cursor && !screen.pane.is_focused, row)));
}

/// The symbol for what a cluster's status means; the word stands beside it.
fn readiness(cluster: &Cluster, symbols: &Symbols) -> (Role, &'static str) {
    match cluster.status.readiness() {
        Readiness::Ready => (Role::Good, symbols.full),
        Readiness::Busy => (Role::Doubt, symbols.half),
        Readiness::NotReady => (Role::Quiet, symbols.empty),
        Readiness::Unknown => (Role::Doubt, "?"),
    }
}

/// The age of the newest snapshot of a cluster that can be restored, as far as is known.
fn last_usable(place: &Place, cluster: &Cluster, now: &Now) -> String {
    let last = place.catalog.last_usable_of(&cluster.id, cluster.resource_id.as_deref());
    match (last, place.catalog.snapshots.complete_at) {
        (Some(at), Some(_)) => words::ago(at, now.at()),
        // A newer one may be on a page that was not read yet.
        (Some(at), None) => format!("{}?", words::ago(at, now.at())),
        (None, Some(_)) => "none".to_owned(),
        (None, None) => not_read(place).to_owned(),
    }
}

/// What stands for what the snapshots will tell, as long as none was read.
fn not_read(place: &Place) -> &'static str {
    if place.catalog.snapshots.failure.is_some() { "not known" } else { "loading" }
}

fn draw_title(screen: &Clusters, paint: &mut Paint<'_>, (row, hidden): (Rect, &HiddenRows)) {
    let world = paint.world;
    let role = match (screen.pane.is_focused, world.places.followed().is_empty()) {
        (true, _) => Role::Quiet,
        (false, false) => Role::Chosen,
        (false, true) => Role::Heading,
    };
    let heading = [(role, "Clusters"), (Role::Plain, "  ")];
    if screen.list.filter.is_shown() {
        let more = title::more_to_come(world.places.shown().map(|place| &place.catalog.clusters));
        let count = title::left(screen.list.rows.len(), screen.list.count(), more);
        let standing = world.places.shown().map(|it| title::standing(it, &it.catalog.clusters, paint.now));
        let (role, stale) = title::in_short(standing);
        let end = (hidden, (role, stale.as_str()));
        return title::draw_filtered(paint, row, &heading, (&count, &screen.list.filter), end);
    }
    let column = paint.line(row, 1, &heading);
    // It is of one account and Region: beside numbers of several places it would be taken for theirs.
    let quota = if world.places.are_several() { None } else { quota(world.place()) };
    let counts: Vec<Pieces> = counts(world, screen)
        .into_iter()
        .map(|count| std::iter::once((Role::Plain, count)).chain(quota.clone()).collect())
        .collect();
    title::draw(paint, row, column, hidden, (&counts, &ends(world, screen, paint.now)));
}

/// The quota of a place, where it was read: it is, as soon as a form is opened.
fn quota(place: &Place) -> Option<(Role, String)> {
    let (Some(Some(quota)), None) = (place.quota.value, &place.quota.failure) else { return None };
    let role = match of_quota(Known::Is(Some(quota))).verdict {
        Verdict::Blocks => Role::Bad,
        Verdict::Doubt => Role::Doubt,
        Verdict::Unknown | Verdict::Fine | Verdict::Fact => Role::Plain,
    };
    Some((role, format!("   manual {}/{}", quota.used, quota.max)))
}

/// How many there are, as far as is known; then those that are not listed, by what they are or as a number only.
fn counts(world: &World, screen: &Clusters) -> Vec<String> {
    let lists = || world.places.shown().map(|place| &place.catalog.clusters);
    let mut hidden: BTreeMap<&EngineFamily, usize> = BTreeMap::new();
    for family in lists().flat_map(|list| &list.items).map(|cluster| &cluster.family) {
        if family.is_foreign() {
            *hidden.entry(family).or_default() += 1;
        }
    }
    let (own, more) = (screen.list.count(), title::more_to_come(lists()));
    let own = if own == 0 && !more.is_empty() { String::new() } else { format!("{own}{more}") };
    if hidden.is_empty()
        || lists().any(|clusters| clusters.failure.is_some() && clusters.complete_at.is_none())
    {
        return vec![own];
    }
    let gap = if own.is_empty() { "" } else { ", " };
    let names: Vec<&str> = hidden.keys().map(|engine| engine.name()).collect();
    let short = format!("{own}{gap}{} hidden", hidden.values().sum::<usize>());
    vec![format!("{short} ({})", names.join(", ")), short, own]
}

/// How fresh the list is, and by what it is sorted. Of several places that cannot be read each has a line of its own.
fn ends(world: &World, screen: &Clusters, now: &Now) -> Vec<Pieces> {
    let is_told = |place: &&Place| place.catalog.clusters.failure.is_none() || !world.places.are_several();
    let standing =
        world.places.shown().filter(is_told).map(|it| title::standing(it, &it.catalog.clusters, now));
    let order = match (screen.order, &world.list.group_by) {
        _ if world.places.shown().all(|place| place.catalog.clusters.complete_at.is_none()) => String::new(),
        (ClusterOrder::Group, Some(key)) => format!("grouped by {key}"),
        (order, _) => format!("sorted by {}", order.name()),
    };
    title::ends(standing, &order)
}

/// What is told where a filter hides all of them.
const NONE_MATCHES: &str = "No cluster matches the filter. ‹esc:back› drops it.";

/// What is told where there are no clusters to show.
fn told_nothing(screen: &Clusters, paint: &Paint<'_>, body: Rect) -> Told {
    let world = paint.world;
    let places: Vec<&Place> = world.places.shown().collect();
    let has_some = places.iter().any(|place| !place.catalog.clusters.items.is_empty());
    let (role, lines) = match places.as_slice() {
        _ if has_some && !screen.list.filter.is_empty() => {
            let rows = places.iter().flat_map(|place| &place.catalog.clusters.items);
            let own = rows.filter(|cluster| !cluster.family.is_foreign());
            (Role::Plain, nothing::of_filtered(&screen.list.filter, NONE_MATCHES, own))
        }
        all => nothing::of_places(all, |place| &place.catalog.clusters, &CLUSTERS),
    };
    Told::new(role, &lines, paint, body)
}
