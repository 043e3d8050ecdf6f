//! The details of a DB cluster.

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::app::layout::VALUE_COLUMN as VALUE;
use crate::app::screens::details::{self, Row};
use crate::app::{App, Now};
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::snapshot::Snapshot;

use super::paint::{Paint, row};
use super::theme::Role;
use super::words;

pub fn draw(app: &App, id: &ClusterId, paint: &mut Paint<'_, '_>, title: Rect, body: Rect, now: &Now) {
    paint.line(title, 1, &[(Role::Heading, id.as_str())]);
    let rows = app.details_rows();
    if rows.is_empty() {
        paint.line(row(body, 0), 3, &[(Role::Plain, "This cluster is not listed any more. esc goes back.")]);
    }
    draw_rows(&rows, app.details, paint, [title, body], now);
}

/// Draws what there is room for beside the list.
pub fn draw_beside(
    app: &App,
    cluster: &Cluster,
    paint: &mut Paint<'_, '_>,
    [title, body]: [Rect; 2],
    now: &Now,
) {
    paint.cell(title, 1, title.width.saturating_sub(16), Role::Heading, cluster.id.as_str());
    draw_rows(&details::rows(cluster, &app.catalog), 0, paint, [Rect { height: 1, ..title }, body], now);
}

/// Draws the lines from one on, and how many more there are.
pub fn draw_rows(rows: &[Row], first: usize, paint: &mut Paint<'_, '_>, [title, body]: [Rect; 2], now: &Now) {
    let shown = rows.len().saturating_sub(first);
    if shown > usize::from(body.height) {
        let told = format!("{} more below", shown - usize::from(body.height));
        paint.right(title, 3, &[(Role::Quiet, &told)]);
    }
    for (index, line) in (0..body.height).zip(rows.iter().skip(first)) {
        draw_row(line, paint, row(body, index), now);
    }
}

fn draw_row(line: &Row, paint: &mut Paint<'_, '_>, row: Rect, now: &Now) {
    let rest = row.width.saturating_sub(VALUE);
    match line {
        Row::Heading(text) => {
            paint.line(row, 1, &[(Role::Heading, text)]);
        }
        Row::Fact(name, value) => {
            paint.cell(row, 3, VALUE - 4, Role::Quiet, name);
            paint.cell(row, VALUE, rest, Role::Plain, value);
        }
        Row::Span(name, from, to) => {
            paint.cell(row, 3, VALUE - 4, Role::Quiet, name);
            paint.cell(row, VALUE, rest, Role::Plain, &span(*from, *to, now));
        }
        Row::Tag(key, value) => {
            let width = (row.width.saturating_sub(4) / 2).min(40);
            paint.cell(row, 3, width, Role::Plain, key);
            paint.cell(row, 4 + width, row.width.saturating_sub(4 + width), Role::Plain, value);
        }
        Row::Snapshot(snapshot) => draw_snapshot(snapshot, paint, row, now),
        Row::Remark(text) => {
            paint.line(row, 3, &[(Role::Quiet, text)]);
        }
    }
}

fn draw_snapshot(snapshot: &Snapshot, paint: &mut Paint<'_, '_>, row: Rect, now: &Now) {
    let kind = if row.width < 70 { 0 } else { 12 };
    let width = row.width.saturating_sub(3 + 11 + kind + 12 + 2).min(64);
    let age = snapshot.created_at.map_or_else(|| "not known".to_owned(), |at| words::ago(at, now.at()));
    paint.cell(row, 3, width, Role::Plain, &snapshot.id);
    paint.cell(row, 4 + width, 11, Role::Plain, snapshot.status.as_str());
    paint.cell(row, 16 + width, kind.saturating_sub(1), Role::Quiet, snapshot.kind.as_str());
    let age_at = 16 + width + kind;
    paint.cell(row, age_at, row.width.saturating_sub(age_at), Role::Plain, &age);
}

fn span(from: Option<Timestamp>, to: Option<Timestamp>, now: &Now) -> String {
    let told = |at: Timestamp| format!("{} ({})", words::local(at, &now.wall), words::ago(at, now.at()));
    match (from, to) {
        (Some(from), Some(to)) => format!("{} to {}", words::local(from, &now.wall), told(to)),
        (Some(at), None) => told(at),
        (None, Some(at)) => format!("to {}", told(at)),
        (None, None) => "not known".to_owned(),
    }
}
