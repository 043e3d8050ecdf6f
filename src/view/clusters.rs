//! The list of DB clusters, and what is said where there is none.

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::place::pages::is_passing;
use crate::app::place::{Connection, Place};
use crate::app::screens::clusters::Clusters;
use crate::app::telling::permission;
use crate::app::world::World;
use crate::domain::cluster::Cluster;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::status::Readiness;
use crate::domain::text::wrap;

use super::details;
use super::paint::{Paint, row};
use super::theme::{Role, Symbols};
use super::words;

/// From so many columns and rows of the body on, details stand beside the list.
const BESIDE: (u16, u16) = (110, 26);

/// The least columns of details that are worth showing beside the list.
const LEAST_BESIDE: u16 = 50;

/// Where the columns stand: start and width of each; a width of 0 leaves the column out.
struct Columns {
    id: (u16, u16),
    engine: (u16, u16),
    status: (u16, u16),
    last_usable: (u16, u16),
}

impl Columns {
    /// Shares out a width, where the longest identifier takes so many columns: the engine has what it leaves.
    fn of(width: u16, longest: u16) -> Self {
        let last_usable = if width < 60 { 0 } else { 11 };
        let status = if width < 60 { 14 } else { 15 };
        let gaps = 1 + u16::from(last_usable > 0);
        let room = width.saturating_sub(3 + last_usable + status + gaps);
        let engine = match room.saturating_sub(longest.min(64) + 1) {
            36.. => 36,
            26.. => 26,
            15.. => 15,
            // Where not all fits, a long identifier is cut, but not for ever.
            _ if room >= 26 + 24 => 26,
            _ if width >= 60 && room >= 15 + 24 => 15,
            _ => 0,
        };
        let id = room.saturating_sub(engine + u16::from(engine > 0)).min(longest.clamp(10, 64) + 1);
        let engine_at = 3 + id + 1;
        let status_at = engine_at + engine + u16::from(engine > 0);
        Self {
            id: (3, id),
            engine: (engine_at, engine),
            status: (status_at, status),
            last_usable: (status_at + status + 1, last_usable),
        }
    }
}

/// The columns of the longest identifier in the list.
fn longest(world: &World, list: &Clusters) -> u16 {
    let names = list.rows.iter().filter_map(|row| world.places.cluster(*row));
    let longest = names.map(|cluster| cluster.id.as_str().len()).max().unwrap_or_default();
    u16::try_from(longest).unwrap_or(u16::MAX)
}

/// Where the details of the cluster under the cursor stand, on a terminal that has room for them: beside
/// the list, from its headings down. The list keeps its identifiers whole.
fn room_beside(longest: u16, heads: Rect, body: Rect) -> Option<Rect> {
    let has_room = body.width >= BESIDE.0 && body.height >= BESIDE.1 && heads.height > 0;
    let list = (body.width / 2).max(60).max(3 + longest.min(64) + 1 + 15 + 1 + 11 + 2);
    (has_room && list + LEAST_BESIDE <= body.width).then(|| Rect {
        x: heads.x + list,
        y: heads.y,
        width: body.width - list,
        height: heads.height + body.height,
    })
}

/// What is below the first row of an area.
fn below(area: Rect) -> Rect {
    Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
}

pub fn draw(
    world: &World,
    list: &Clusters,
    paint: &mut Paint<'_, '_>,
    [title, heads, body]: [Rect; 3],
    now: &Now,
) {
    let place = world.place();
    draw_title(place, list, paint, title, now);
    if list.rows.is_empty() {
        draw_empty(place, list, paint, body);
        return;
    }
    let longest = longest(world, list);
    let (heads, body) = match room_beside(longest, heads, body) {
        Some(beside) => {
            if let Some((place, cluster)) = list.chosen(world) {
                details::draw_beside(world.at(place), cluster, paint, [beside, below(beside)], now);
            }
            let rest = |area: Rect| Rect { width: area.width - beside.width, ..area };
            (rest(heads), rest(body))
        }
        None => (heads, body),
    };
    let columns = Columns::of(body.width, longest);
    for ((at, width), head) in [
        (columns.id, "IDENTIFIER"),
        (columns.engine, "ENGINE"),
        (columns.status, "STATUS"),
        (columns.last_usable, "LAST USABLE"),
    ] {
        paint.cell(heads, at, width, Role::Quiet, head);
    }
    let shown = list.rows.iter().enumerate().skip(list.cursor.offset());
    for (index, (at, cluster)) in (0..body.height).zip(shown) {
        let (place, Some(cluster)) = (world.at(cluster.place), world.places.cluster(*cluster)) else {
            continue;
        };
        // While the keys go to the pane, its cursor is the only one.
        let is_cursor = at == list.cursor.at() && !list.pane.is_focused;
        draw_row(place, cluster, is_cursor, &columns, paint, (row(body, index), now));
    }
}

fn draw_row(
    place: &Place,
    cluster: &Cluster,
    is_cursor: bool,
    columns: &Columns,
    paint: &mut Paint<'_, '_>,
    (row, now): (Rect, &Now),
) {
    if is_cursor {
        paint.line(row, 1, &[(Role::Accent, paint.symbols().cursor)]);
    }
    paint.name(row, columns.id.0, columns.id.1, Role::Plain, cluster.id.as_str());
    let engine = if columns.engine.1 < 30 { cluster.short_engine() } else { cluster.engine() };
    paint.cell(row, columns.engine.0, columns.engine.1, Role::Plain, &engine);
    let (role, symbol) = readiness(cluster, paint.symbols());
    let status = format!("{symbol} {}", cluster.status);
    paint.cell(row, columns.status.0, columns.status.1, role, &status);
    paint.cell(
        row,
        columns.last_usable.0,
        columns.last_usable.1,
        Role::Plain,
        &last_usable(place, cluster, now),
    );
}

/// The symbol for what a cluster's status means; the word stands beside it.
pub fn readiness(cluster: &Cluster, symbols: &Symbols) -> (Role, &'static str) {
    match cluster.status.readiness() {
        Readiness::Ready => (Role::Good, symbols.full),
        Readiness::Busy => (Role::Doubt, symbols.half),
        Readiness::NotReady => (Role::Quiet, symbols.empty),
        Readiness::Unknown => (Role::Doubt, "?"),
    }
}

/// The age of the newest snapshot of a cluster that can be restored, as far as is known.
pub fn last_usable(place: &Place, cluster: &Cluster, now: &Now) -> String {
    match (place.catalog.last_usable_of(&cluster.id), place.catalog.snapshots.complete_at) {
        (Some(at), Some(_)) => words::ago(at, now.at()),
        // A newer one may be on a page that was not read yet.
        (Some(at), None) => format!("{}?", words::ago(at, now.at())),
        (None, Some(_)) => "none".to_owned(),
        (None, None) if place.catalog.snapshots.failure.is_some() => "not known".to_owned(),
        (None, None) => "loading".to_owned(),
    }
}

fn draw_title(place: &Place, list: &Clusters, paint: &mut Paint<'_, '_>, row: Rect, now: &Now) {
    let mut column = paint.line(row, 1, &[(Role::Heading, "Clusters"), (Role::Plain, "  ")]);
    let clusters = &place.catalog.clusters;
    if list.filter.is_open || !list.filter.is_empty() {
        let count = format!("{} match  ", list.rows.len());
        column = paint.line(row, column, &[(Role::Plain, &count), (Role::Accent, "/")]);
        paint.filter(row, column, &list.filter);
        return;
    }
    let hidden = place.catalog.hidden();
    let own = clusters.items.len().saturating_sub(hidden.values().sum());
    let mut told = match (clusters.is_loading(), clusters.complete_at) {
        (true, None) => format!("{own} loaded, more may come"),
        (false, None) if own > 0 => format!("{own} loaded, not all"),
        (false, None) => String::new(),
        _ => own.to_string(),
    };
    if !hidden.is_empty() && clusters.failure.is_none() {
        let names: Vec<&str> = hidden.keys().map(|engine| engine.name()).collect();
        let count: usize = hidden.values().sum();
        told = format!("{told}, {count} hidden ({})", names.join(", "));
    }
    column = paint.line(row, column, &[(Role::Plain, &told)]);
    draw_freshness(place, list, paint, (row, column), now);
}

fn draw_freshness(
    place: &Place,
    list: &Clusters,
    paint: &mut Paint<'_, '_>,
    (row, column): (Rect, u16),
    now: &Now,
) {
    let clusters = &place.catalog.clusters;
    if let (Some(failure), Some(at)) = (&clusters.failure, clusters.complete_at) {
        let (age, clause) = (words::ago(at, now.at()), failure.kind.clause());
        let told = format!("read {age}, at {}; not anew: {clause}", words::local(at, &now.wall));
        let short = format!("read {age}, not anew: {clause}");
        let room = usize::from(row.width.saturating_sub(column + 1));
        let told = if usize::from(paint.columns_of(&told)) < room { told } else { short };
        paint.right(row, column, &[(Role::Bad, &told)]);
    } else if clusters.is_loading() && clusters.complete_at.is_some() {
        paint.right(row, column, &[(Role::Quiet, "reading anew")]);
    } else if clusters.complete_at.is_some() {
        let told = format!("sorted by {}", list.order.name());
        paint.right(row, column, &[(Role::Quiet, &told)]);
    }
}

fn draw_empty(place: &Place, list: &Clusters, paint: &mut Paint<'_, '_>, body: Rect) {
    let clusters = &place.catalog.clusters;
    let region = place.target().region.clone().unwrap_or_default();
    let (role, lines) = match (&place.connection, &clusters.failure) {
        (Connection::Connecting(_), _) => {
            (Role::Quiet, vec!["Reading the AWS configuration of this machine.".to_owned()])
        }
        (Connection::Failed(failure), _) | (_, Some(failure)) => {
            (Role::Plain, explain(failure, clusters.is_loading()))
        }
        _ if clusters.is_loading() => {
            (Role::Quiet, vec![format!("Loading the DB clusters of {region}. The keys answer meanwhile.")])
        }
        _ if !list.filter.is_empty() => {
            (Role::Plain, vec!["Nothing matches the filter. esc drops it.".to_owned()])
        }
        _ => (
            Role::Plain,
            vec![
                format!("There is no Aurora or Multi-AZ DB cluster in {region} for this account."),
                "Another Region or profile? Start with --region or --profile. r looks again.".to_owned(),
            ],
        ),
    };
    let room = usize::from(body.width.saturating_sub(4));
    let wrapped = lines.iter().flat_map(|line| wrap(line, room));
    let top = u16::from(body.height > 6);
    for (index, line) in (top..body.height).zip(wrapped) {
        paint.line(row(body, index), 3, &[(role, &line)]);
    }
}

/// Why there is nothing to show, and what to do.
fn explain(failure: &Failure, is_loading: bool) -> Vec<String> {
    // What to do comes first: on the smallest screens the end is cut.
    let mut lines = vec![format!("{}.", failure.kind.headline())];
    lines.push(match failure.kind {
        _ if is_passing(failure) && is_loading => "It is tried again by itself; r tries now.".to_owned(),
        FailureKind::AccessDenied => format!("{} Then press r.", permission(failure)),
        FailureKind::Forbidden => {
            "Ask whoever administers the account or the organization, then press r.".to_owned()
        }
        FailureKind::NoConnection => "Check the network and the proxy, then press r.".to_owned(),
        kind if kind == FailureKind::NoCredentials || kind.is_credentials() => {
            "Log in or renew them in another shell, then press r. For variables of the environment: quit, export \
             them, and start again."
                .to_owned()
        }
        _ => "Put it right in another shell, then press r.".to_owned(),
    });
    if matches!(
        failure.kind,
        FailureKind::NoRegion
            | FailureKind::NoCredentials
            | FailureKind::Configuration
            | FailureKind::NoConnection
    ) || failure.kind.is_credentials()
    {
        lines.push("D goes on with the embedded simulator instead: no account, no network.".to_owned());
    }
    lines.push(String::new());
    lines.extend(crate::domain::text::escaped_lines(&failure.message));
    lines.extend(Some(failure.reference()).filter(|reference| !reference.is_empty()));
    lines
}
