//! The table of tags: each row with where it came from, or with what is wrong with it.

use ratatui::layout::Rect;

use crate::app::drafts::fields::{Field, Fields};
use crate::domain::tag::{MAX_TAGS, Tag, TagDoubt, TagPart, TagProblem};

use super::super::paint::{Paint, row};
use super::super::table::hidden;
use super::super::theme::Role;
use super::{FIELD, draw_input, draw_press};

/// Draws the heading of the tags, of which so many are shown at once.
pub fn draw_heading(fields: &Fields, room: u16, paint: &mut Paint<'_, '_>, area: Rect) {
    let count = fields.tags.count();
    let role = if count > MAX_TAGS { Role::Bad } else { Role::Quiet };
    draw_heading_with(fields, room, (role, &format!("{count}/{MAX_TAGS}")), paint, area);
}

/// The same with what is said of how many there are.
pub fn draw_heading_with(
    fields: &Fields,
    room: u16,
    told: (Role, &str),
    paint: &mut Paint<'_, '_>,
    area: Rect,
) {
    let heading = row(area, 0);
    let is_narrow = heading.width < 60;
    let gap = if is_narrow { 1 } else { 3 };
    let column = paint.line(heading, FIELD, &[(Role::Plain, "Tags")]) + gap;
    let switch = match (fields.tags.with_own, is_narrow, fields.change.is_some()) {
        (true, false, false) => "[x] with the cluster's own",
        (false, false, false) => "[ ] with the cluster's own",
        (true, false, true) => "[x] with each cluster's own",
        (false, false, true) => "[ ] with each cluster's own",
        (true, true, _) => "[x] own",
        (false, true, _) => "[ ] own",
    };
    let column = draw_press(fields.focus == Field::OwnTags, switch, paint, heading, column) + gap;
    let column = draw_press(fields.focus == Field::AddTag, "[ Add ]", paint, heading, column);
    let count = fields.tags.count();
    let hidden = hidden(count, fields.offset, Rect { height: room, ..area });
    paint.title_end(heading, column, &hidden, told);
    let heads = row(area, 1);
    if count > 0 {
        for ((at, width), head) in columns(heads.width).into_iter().zip(["KEY", "VALUE", "FROM"]) {
            paint.cell(heads, at, width, Role::Quiet, head);
        }
    }
}

/// What the rows are drawn with.
pub struct Shown {
    /// What is offered to complete the field that has the focus.
    pub offer: Option<String>,
    /// The mark that stands below the rows.
    pub mark: Option<Tag>,
    /// The rows that are asked for and have no value.
    pub missing: Vec<usize>,
    /// What is said where there is no row.
    pub untagged: &'static str,
}

/// Draws the rows.
pub fn draw(fields: &Fields, shown: &Shown, paint: &mut Paint<'_, '_>, area: Rect) {
    if fields.tags.count() == 0 {
        paint.line(row(area, 0), FIELD + 1, &[(Role::Quiet, shown.untagged)]);
        return;
    }
    let found = Found {
        problems: fields.tags.complaints(fields.focus),
        doubts: fields.tags.doubts(),
        missing: &shown.missing,
    };
    let offer = shown.offer.as_deref();
    for (index, at) in (0..area.height).zip(fields.offset..fields.tags.count()) {
        let row = row(area, index);
        match &shown.mark {
            Some(mark) if at == fields.tags.rows.len() => draw_mark(mark, paint, row),
            _ => {
                draw_row(fields, at, offer, paint, row);
                draw_remark(fields, at, &found, offer.is_some(), paint, row);
            }
        }
    }
}

/// The mark, with what it is for.
fn draw_mark(mark: &Tag, paint: &mut Paint<'_, '_>, row: Rect) {
    let told = [
        "this request's number: proves whose the snapshot is",
        "this request's number: proves whose it is",
        "proves whose the snapshot is",
        "proves whose",
    ];
    draw_fixed(mark, &told, "mark", paint, row);
}

/// A tag that cannot be edited, with the first way to say what it is for that has room, else a word.
pub fn draw_fixed(tag: &Tag, told: &[&str], word: &str, paint: &mut Paint<'_, '_>, row: Rect) {
    let [key, value, from] = columns(row.width);
    paint.cell(row, key.0, key.1, Role::Quiet, &tag.key);
    paint.cell(row, value.0, value.1, Role::Quiet, &tag.value);
    let fitting = told.iter().find(|told| paint.columns_of(told) <= from.1);
    paint.cell(row, from.0, from.1, Role::Quiet, fitting.unwrap_or(&word));
}

/// What is to be said of the rows.
struct Found<'a> {
    problems: Vec<TagProblem>,
    doubts: Vec<(usize, TagDoubt)>,
    missing: &'a [usize],
}

/// What is wrong with a row, else where it came from.
fn draw_remark(
    fields: &Fields,
    at: usize,
    found: &Found<'_>,
    is_offered: bool,
    paint: &mut Paint<'_, '_>,
    row: Rect,
) {
    let Some(tag) = fields.tags.rows.get(at) else { return };
    let cross = paint.symbols().cross;
    let is_focused = matches!(fields.focus, Field::Key(row) | Field::Value(row) if row == at);
    let (role, told) = if let Some(problem) = found.problems.iter().find(|problem| problem.row == at) {
        let part = match problem.part {
            TagPart::Key => "key",
            TagPart::Value => "value",
        };
        (Role::Bad, format!("{cross} {part}: {}", problem.rule))
    } else if found.missing.contains(&at) {
        (Role::Bad, format!("{cross} required: no value yet"))
    } else if let Some((_, doubt)) = found.doubts.iter().find(|(row, _)| *row == at) {
        (Role::Doubt, format!("! {doubt}"))
    } else if is_focused && is_offered {
        (Role::Quiet, "right: takes it".to_owned())
    } else if fields.tags.is_new(at, fields.focus) {
        (Role::Quiet, "new".to_owned())
    } else {
        (Role::Quiet, tag.origin.word().to_owned())
    };
    let [_, value, from] = columns(row.width);
    // A problem begins where the value ends: there is more to say than where the row came from.
    let used = paint.columns_of(tag.value.value());
    let start = if role == Role::Quiet { from.0 } else { value.0 + used.saturating_add(3).min(value.1 + 2) };
    paint.cell(row, start, row.width.saturating_sub(start), role, &told);
}

fn draw_row(fields: &Fields, at: usize, offer: Option<&str>, paint: &mut Paint<'_, '_>, row: Rect) {
    let Some(tag) = fields.tags.rows.get(at) else { return };
    let [key, value, _] = columns(row.width);
    let offer_at = |field: Field| offer.filter(|_| fields.focus == field);
    let (of_key, of_value) = (Field::Key(at), Field::Value(at));
    draw_input(&tag.key, offer_at(of_key), fields.focus == of_key, paint, (row, key.0, key.1));
    draw_input(&tag.value, offer_at(of_value), fields.focus == of_value, paint, (row, value.0, value.1));
}

/// Start and width of key, value and origin.
fn columns(width: u16) -> [(u16, u16); 3] {
    let room = width.saturating_sub(FIELD + 1);
    let key = room * 3 / 10;
    let value = room * 3 / 10;
    let from = room.saturating_sub(key + value + 4);
    [(FIELD + 1, key), (FIELD + 3 + key, value), (FIELD + 5 + key + value, from)]
}
