//! The form for a new snapshot: its name, its tags, and what is known before the request.

use ratatui::layout::Rect;
use tui_input::Input;
use unicode_width::UnicodeWidthStr as _;

use crate::app::catalog::NameUse;
use crate::app::layout::{FORM_TOP, Layout};
use crate::app::screens::form::{Field, Form, Origin, TagRow};
use crate::app::{App, Now};
use crate::domain::snapshot_id::MAX_CHARS;
use crate::domain::tag::{MAX_TAGS, TagPart};
use crate::domain::text::{escape, escaped};

use super::clusters::{newest, readiness};
use super::paint::{Paint, row};
use super::theme::Role;

/// The column at which fields begin.
const FIELD: u16 = 3;

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, title: Rect, body: Rect, now: &Now) {
    let Some(form) = app.form() else { return };
    let cluster = app.catalog.cluster(&form.cluster);
    let column =
        paint.line(title, 1, &[(Role::Heading, "New snapshot of "), (Role::Heading, form.cluster.as_str())]);
    if let Some(cluster) = cluster {
        paint.right(title, column, &[(Role::Quiet, &cluster.engine())]);
    }
    draw_name(app, form, paint, body);
    let layout = Layout::of(app);
    let tags_end = body.height.saturating_sub(layout.form_checks());
    let tags =
        Rect { y: body.y + FORM_TOP.min(body.height), height: tags_end.saturating_sub(FORM_TOP), ..body };
    draw_tags_heading(form, paint, body);
    draw_tags(form, paint, tags);
    let checks = Rect { y: body.y + tags_end, height: body.height.saturating_sub(tags_end), ..body };
    draw_checks(app, form, paint, checks, now);
}

fn draw_name(app: &App, form: &Form, paint: &mut Paint<'_, '_>, body: Rect) {
    let label = row(body, 0);
    let is_focused = form.focus == Field::Name;
    paint.line(
        label,
        FIELD,
        &[(if is_focused { Role::Heading } else { Role::Plain }, "Snapshot identifier")],
    );
    let count = format!("{}/{MAX_CHARS}", form.name.value().chars().count());
    paint.right(label, FIELD, &[(Role::Quiet, &count)]);
    let field = row(body, 1);
    if is_focused {
        paint.line(field, 1, &[(Role::Accent, paint.symbols().cursor)]);
    }
    let width = field.width.saturating_sub(FIELD + 1);
    let shift = draw_input(&form.name, is_focused, paint, field, FIELD, width);
    draw_name_hint(app, form, shift, paint, row(body, 2));
}

/// The line under the identifier: the rule that it breaks, with a marker under the character, or what
/// will be stored, and whether the name is free.
fn draw_name_hint(app: &App, form: &Form, shift: usize, paint: &mut Paint<'_, '_>, row: Rect) {
    let problems = form.name_problems();
    if let Some(first) = problems.first() {
        let before: String = form.name.value().chars().take(first.at).collect();
        let column = escaped(&before).width().saturating_sub(shift);
        let column = u16::try_from(column).unwrap_or(u16::MAX).saturating_add(FIELD);
        let more: Vec<String> = problems.iter().skip(1).map(|problem| problem.rule.to_string()).collect();
        let more = if more.is_empty() { String::new() } else { format!(" (also: {})", more.join("; ")) };
        let told = format!(" {}{more}", first.rule);
        let width = u16::try_from(told.width() + 1).unwrap_or(u16::MAX);
        if column < row.width {
            let marker = paint.symbols().marker;
            let end = paint.line(row, column, &[(Role::Bad, marker)]);
            // Right of the marker where that fits, else left-aligned behind it.
            if row.width.saturating_sub(end) > width.min(row.width / 2) {
                paint.line(row, end, &[(Role::Bad, &told)]);
            } else {
                let start = column.saturating_sub(width).max(FIELD);
                paint.cell(row, start, column.saturating_sub(start), Role::Bad, told.trim_start());
            }
        } else {
            paint.line(row, FIELD, &[(Role::Bad, told.trim_start())]);
        }
        return;
    }
    let name = form.name.value();
    let stored = name.to_ascii_lowercase();
    let lowered = if stored == name { String::new() } else { format!("stored as {stored}; ") };
    let (role, told) = match app.catalog.name_use(name) {
        NameUse::Free => (Role::Good, format!("{lowered}the name is free")),
        NameUse::NotKnownYet => (Role::Quiet, format!("{lowered}not known yet whether the name is free")),
        NameUse::Taken(taken) => {
            let of = taken.cluster.as_ref().map(|id| format!(" of {id}")).unwrap_or_default();
            let told =
                format!("{lowered}taken: a snapshot{of}, {}; ctrl-t proposes a free name", taken.status);
            (Role::Bad, told)
        }
    };
    if form.refusal_is_about_name() {
        let told = form.refusal.as_ref().map(|failure| format!("AWS refused: {failure}")).unwrap_or_default();
        paint.line(row, FIELD, &[(Role::Bad, &told)]);
    } else if let Some(remark) = &form.remark {
        paint.line(row, FIELD, &[(Role::Doubt, remark)]);
    } else {
        paint.line(row, FIELD, &[(role, &told)]);
    }
}

fn draw_tags_heading(form: &Form, paint: &mut Paint<'_, '_>, body: Rect) {
    let heading = row(body, 4);
    let switch = if form.with_cluster_tags { "[x]" } else { "[ ]" };
    let column = paint.line(
        heading,
        FIELD,
        &[
            (Role::Plain, "Tags"),
            (Role::Plain, "   "),
            (Role::Plain, switch),
            (Role::Quiet, " with the cluster's own"),
        ],
    );
    let count = format!("{}/{MAX_TAGS}", form.tags.len());
    paint.right(heading, column, &[(Role::Quiet, &count)]);
    let heads = row(body, 5);
    let columns = tag_columns(heads.width);
    if form.tags.is_empty() {
        let told = if form.with_cluster_tags {
            "none; ctrl-n adds one"
        } else {
            "none: the cluster's copy-tags setting decides; ctrl-n adds one"
        };
        paint.line(heads, FIELD + 2, &[(Role::Quiet, told)]);
        return;
    }
    for ((at, width), head) in columns.into_iter().zip(["KEY", "VALUE", "FROM"]) {
        paint.cell(heads, at, width, Role::Quiet, head);
    }
}

fn draw_tags(form: &Form, paint: &mut Paint<'_, '_>, area: Rect) {
    for (index, (at, tag)) in (0..area.height).zip(form.tags.iter().enumerate().skip(form.offset)) {
        draw_tag(form, at, tag, paint, row(area, index));
    }
}

fn draw_tag(form: &Form, at: usize, tag: &TagRow, paint: &mut Paint<'_, '_>, row: Rect) {
    let [key, value, from] = tag_columns(row.width);
    if matches!(form.focus, Field::Key(focused) | Field::Value(focused) if focused == at) {
        paint.line(row, 1, &[(Role::Accent, paint.symbols().cursor)]);
    }
    draw_input(&tag.key, form.focus == Field::Key(at), paint, row, key.0, key.1);
    draw_input(&tag.value, form.focus == Field::Value(at), paint, row, value.0, value.1);
    let problem = form.tag_problems().into_iter().find(|problem| problem.row == at);
    let doubt = form.tag_doubts().into_iter().find(|(row, _)| *row == at);
    let origin = match tag.origin {
        Origin::Cluster => "cluster",
        Origin::Typed => "typed",
    };
    match (problem, doubt) {
        (Some(problem), _) => {
            let part = match problem.part {
                TagPart::Key => "key",
                TagPart::Value => "value",
            };
            let told = format!("{} {part}: {}", paint.symbols().cross, problem.rule);
            paint.cell(row, from.0, from.1, Role::Bad, &told);
        }
        (None, Some((_, doubt))) => paint.cell(row, from.0, from.1, Role::Doubt, &format!("! {doubt}")),
        (None, None) => paint.cell(row, from.0, from.1, Role::Quiet, origin),
    }
}

/// Start and width of key, value and origin.
fn tag_columns(width: u16) -> [(u16, u16); 3] {
    let room = width.saturating_sub(FIELD + 2);
    let key = room * 3 / 10;
    let value = room * 3 / 10;
    let from = room.saturating_sub(key + value + 2);
    [(FIELD + 2, key), (FIELD + 3 + key, value), (FIELD + 4 + key + value, from)]
}

/// Draws a field, scrolled so that its cursor is seen; returns by how many columns it is scrolled.
fn draw_input(
    input: &Input,
    is_focused: bool,
    paint: &mut Paint<'_, '_>,
    row: Rect,
    at: u16,
    width: u16,
) -> usize {
    let shown = escape(input.value());
    let before: String = input.value().chars().take(input.cursor()).collect();
    let cursor = escape(&before).width();
    let room = usize::from(width.max(1));
    let shift = if is_focused { (cursor + 1).saturating_sub(room) } else { 0 };
    let visible = skip_columns(&shown, shift);
    paint.cell(row, at, width, Role::Plain, &visible);
    if is_focused {
        let column = u16::try_from(cursor - shift.min(cursor)).unwrap_or(u16::MAX);
        paint.place_cursor(row, at.saturating_add(column));
    }
    shift
}

/// The text from a column on; a wide character that is cut becomes blanks.
fn skip_columns(text: &str, columns: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation as _;
    let mut passed = 0;
    let mut rest = String::new();
    for grapheme in text.graphemes(true) {
        if passed >= columns {
            rest.push_str(grapheme);
        } else {
            passed += grapheme.width();
            rest.extend(std::iter::repeat_n(' ', passed.saturating_sub(columns)));
        }
    }
    rest
}

fn draw_checks(app: &App, form: &Form, paint: &mut Paint<'_, '_>, area: Rect, now: &Now) {
    let Some(cluster) = app.catalog.cluster(&form.cluster) else { return };
    let symbols = paint.symbols();
    paint.line(row(area, 1), FIELD, &[(Role::Heading, "Before the request")]);
    let (role, symbol) = readiness(cluster, symbols);
    let state = format!("cluster {}", cluster.status);
    let newest = format!("newest snapshot: {}", newest(app, cluster, now));
    let encryption = cluster.storage.encryption.describe();
    let line = row(area, 2);
    let half = line.width / 2;
    paint.line(
        Rect { width: half, ..line },
        FIELD,
        &[(role, symbol), (Role::Plain, " "), (Role::Plain, &state)],
    );
    paint.line(line, half, &[(Role::Quiet, "- "), (Role::Plain, &newest)]);
    let line = row(area, 3);
    paint.line(Rect { width: half, ..line }, FIELD, &[(Role::Quiet, "- "), (Role::Plain, &encryption)]);
    let (role, told) = match form.request(&app.catalog) {
        Ok(_) => (Role::Good, "nothing stands in the way".to_owned()),
        Err(blockers) => (Role::Bad, blockers.first().cloned().unwrap_or_default()),
    };
    let symbol = if role == Role::Good { symbols.full } else { symbols.cross };
    paint.line(line, half, &[(role, symbol), (Role::Plain, " "), (Role::Plain, &told)]);
}
