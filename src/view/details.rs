//! All that is known of a DB cluster, a snapshot, or how a snapshot came about.

use ratatui::layout::Rect;

use crate::app::layout::{PageLayout, VALUE_COLUMN as VALUE};
use crate::app::place::Place;
use crate::app::screens::details::{self, DetailsRow};
use crate::app::screens::page::{DetailsPage, PageOf};
use crate::domain::cluster::Cluster;
use crate::domain::snapshot::Snapshot;

use super::nothing;
use super::paint::Paint;
use super::table::{Column, Table, hidden, longest};
use super::theme::Role;
use super::words;

/// What stands before the name of a cluster.
const CLUSTER: &str = "DB cluster  ";

pub fn draw(page: &DetailsPage, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let rows = page.rows(paint.world);
    let what = match &page.of {
        PageOf::Cluster(cluster) => (CLUSTER, cluster.as_str()),
        PageOf::Snapshot(snapshot) => ("Snapshot  ", snapshot.id.as_str()),
        PageOf::Evidence(snapshot) => ("Evidence  ", snapshot.id.as_str()),
    };
    draw_page(what, (&rows, page.first), paint, [title, body]);
    if rows.is_empty() {
        let gone = "This cluster is not listed any more. ‹esc:back› goes back.";
        nothing::draw(gone, Role::Plain, paint, body);
    }
}

/// Draws all that is known of something: what it is and how many lines are hidden, and the lines from one on.
pub fn draw_page(
    (what, name): (&str, &str),
    (rows, first): (&[DetailsRow], usize),
    paint: &mut Paint<'_>,
    [title, body]: [Rect; 2],
) {
    let hidden = hidden(rows.len(), first, body);
    let column = paint.line(title, 1, &[(Role::Plain, what)]);
    let room = title.width.saturating_sub(column + paint.columns_of(&hidden.ways()[0]) + 3);
    let column = paint.name(title, column, room, Role::Heading, name);
    paint.title_end(title, column, &hidden, (Role::Quiet, ""));
    draw_rows(rows, first, paint, body);
}

/// Draws what there is room for beside the list.
pub fn draw_beside(place: &Place, cluster: &Cluster, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let now = paint.now;
    let page = PageLayout { columns: body.width, now: &now.wall };
    let rows = details::rows(cluster, place, now.at(), page);
    draw_page((CLUSTER, cluster.id.as_str()), (&rows, 0), paint, [title, body]);
}

fn draw_rows(rows: &[DetailsRow], first: usize, paint: &mut Paint<'_>, body: Rect) {
    let names = longest(rows.iter().filter_map(|row| match row {
        DetailsRow::Snapshot(snapshot) => Some(&snapshot.id),
        _ => None,
    }));
    let keys = longest(rows.iter().filter_map(|row| match row {
        DetailsRow::Tag(key, _) => Some(key),
        _ => None,
    }));
    for (row, line) in body.rows().zip(rows.iter().skip(first)) {
        draw_row(line, (names, keys), paint, row);
    }
}

fn draw_row(line: &DetailsRow, (names, keys): (u16, u16), paint: &mut Paint<'_>, row: Rect) {
    match line {
        DetailsRow::Heading(text) => {
            paint.line(row, 1, &[(Role::Heading, text)]);
        }
        DetailsRow::Fact(name, value) => {
            paint.cell(row, 3, VALUE - 4, Role::Quiet, name);
            paint.line(row, VALUE, &[(Role::Plain, value)]);
        }
        DetailsRow::Tag(key, value) => {
            paint.cell(row, 3, keys, Role::Plain, key);
            paint.line(row, 4 + keys, &[(Role::Plain, value)]);
        }
        DetailsRow::Snapshot(snapshot) => draw_snapshot(snapshot, names, paint, row),
        DetailsRow::Steps(name, steps, words) => {
            paint.cell(row, 3, VALUE - 4, Role::Quiet, name);
            let column = paint.steps(row, VALUE, steps);
            paint.line(row, column + 1, &[(Role::Plain, words)]);
        }
        DetailsRow::Remark(text) => {
            let told = paint.told(text);
            paint.line(row, 3, &[(Role::Quiet, told)]);
        }
    }
}

fn draw_snapshot(snapshot: &Snapshot, names: u16, paint: &mut Paint<'_>, row: Rect) {
    // Every line is a table of its own: so each column is as wide whatever stands in it.
    let columns = vec![
        Column::name("", (names.min(24), names), 0, |one: &Snapshot| one.id.clone()),
        Column::text("", (9, 11), 1, words::status),
        Column::text("", (11, 11), 3, |one: &Snapshot| (Role::Quiet, one.kind.to_string())),
        Column::text("", (9, 12), 2, |_| (Role::Plain, words::age(snapshot, paint.now))),
    ];
    Table::new(columns, row.width).row(paint, row, false, snapshot);
}
