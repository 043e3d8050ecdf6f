//! The table of tags: each row with where it came from, or with what is wrong with it.

use ratatui::layout::Rect;

use crate::app::drafts::fields::{Field, Fields};
use crate::app::drafts::tags::TagRow;
use crate::domain::tag::{MAX_TAGS, Tag, TagDoubt, TagProblem};
use crate::domain::text;

use super::super::paint::{Paint, row};
use super::super::table::{fitting, hidden};
use super::super::theme::Role;
use super::{FIELD, draw_input, draw_press};

/// The columns that the mark's key needs as it is configured by default, and its value.
const KEY: u16 = 20;
const VALUE: u16 = 34;

/// Draws the heading of the tags, of which so many are shown at once.
pub fn draw_heading(fields: &Fields, room: u16, paint: &mut Paint<'_>, area: Rect) {
    let count = fields.tags.count();
    let role = if count > MAX_TAGS { Role::Bad } else { Role::Quiet };
    draw_heading_with(fields, room, (role, &format!("{count}/{MAX_TAGS}")), paint, area);
}

/// The same with what is said of how many there are.
pub fn draw_heading_with(fields: &Fields, room: u16, told: (Role, &str), paint: &mut Paint<'_>, area: Rect) {
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
        for ((at, width), head) in columns(fields, heads.width).into_iter().zip(["KEY", "VALUE", "FROM"]) {
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
pub fn draw(fields: &Fields, shown: &Shown, paint: &mut Paint<'_>, area: Rect) {
    if fields.tags.count() == 0 {
        paint.line(row(area, 0), FIELD + 1, &[(Role::Quiet, shown.untagged)]);
        return;
    }
    let found = Found {
        problems: fields.tags.complaints(fields.focus),
        doubts: fields.tags.doubts(),
        missing: &shown.missing,
        offer: shown.offer.as_deref(),
    };
    let offer = found.offer;
    let columns = columns(fields, area.width);
    for (row, at) in area.rows().zip(fields.offset..fields.tags.count()) {
        match &shown.mark {
            Some(mark) if at == fields.tags.rows.len() => draw_mark(fields, mark, paint, row),
            _ => {
                draw_row(fields, at, offer, columns, paint, row);
                draw_remark(fields, at, &found, columns, paint, row);
            }
        }
    }
}

/// The mark, with what it is for.
fn draw_mark(fields: &Fields, mark: &Tag, paint: &mut Paint<'_>, row: Rect) {
    let told = ["this request's number: proves whose snapshot it is", "proves whose snapshot it is", "mark"];
    draw_fixed(fields, mark, &told, paint, row);
}

/// A tag that cannot be edited, with what it is for: from the longest way to say it to the shortest.
pub fn draw_fixed(fields: &Fields, tag: &Tag, told: &[&str], paint: &mut Paint<'_>, row: Rect) {
    let [key, value, from] = columns(fields, row.width);
    paint.cell(row, key.0, key.1, Role::Quiet, &tag.key);
    paint.cell(row, value.0, value.1, Role::Quiet, &tag.value);
    paint.cell(row, from.0, from.1, Role::Quiet, fitting(told, from.1));
}

/// What is to be said of the rows.
struct Found<'a> {
    problems: Vec<TagProblem>,
    doubts: Vec<(usize, TagDoubt)>,
    missing: &'a [usize],
    /// What is offered for the field that has the focus.
    offer: Option<&'a str>,
}

/// Start and width of key, value and origin.
type Columns = [(u16, u16); 3];

/// What is wrong with a row, else where it came from.
fn draw_remark(
    fields: &Fields,
    at: usize,
    found: &Found<'_>,
    [_, value, from]: Columns,
    paint: &mut Paint<'_>,
    row: Rect,
) {
    let Some(tag) = fields.tags.rows.get(at) else { return };
    let cross = paint.symbols().cross;
    let is_focused = matches!(fields.focus, Field::Key(row) | Field::Value(row) if row == at);
    let offered = found.offer.filter(|_| fields.focus == Field::Value(at));
    let (role, told) = if let Some(problem) = found.problems.iter().find(|problem| problem.row == at) {
        (Role::Bad, format!("{cross} {}", problem.words()))
    } else if found.missing.contains(&at) {
        let what = if offered.is_some() { "‹right:field_right› takes it" } else { "no value yet" };
        (Role::Bad, format!("{cross} required: {}", paint.told(what)))
    } else if let Some((_, doubt)) = found.doubts.iter().find(|(row, _)| *row == at) {
        (Role::Doubt, format!("! {doubt}"))
    } else if is_focused && found.offer.is_some() {
        (Role::Quiet, paint.told("‹right:field_right›: takes it").into_owned())
    } else if fields.tags.is_new(at, fields.focus) {
        (Role::Quiet, "new".to_owned())
    } else {
        (Role::Quiet, tag.origin.to_string())
    };
    // A problem begins where the value ends: there is more to say than where the row came from.
    let used = paint.columns_of(offered.unwrap_or(tag.value.value()));
    let start = if role == Role::Quiet { from.0 } else { value.0 + used.saturating_add(3).min(value.1 + 2) };
    let is_cut = paint.columns_of(&told) > row.width.saturating_sub(start);
    let problem = found.problems.iter().find(|problem| problem.row == at).filter(|_| is_cut);
    let (start, told) = match problem {
        Some(problem) => (value.0 + used.min(value.1) + 1, format!("{cross} {}", problem.brief())),
        None => (start, told),
    };
    paint.line(row, start, &[(role, told)]);
}

fn draw_row(
    fields: &Fields,
    at: usize,
    offer: Option<&str>,
    [key, value, _]: Columns,
    paint: &mut Paint<'_>,
    row: Rect,
) {
    let Some(tag) = fields.tags.rows.get(at) else { return };
    let offer_at = |field: Field| offer.filter(|_| fields.focus == field);
    let (of_key, of_value) = (Field::Key(at), Field::Value(at));
    draw_input(&tag.key, offer_at(of_key), fields.focus == of_key, paint, (row, key.0, key.1));
    draw_input(&tag.value, offer_at(of_value), fields.focus == of_value, paint, (row, value.0, value.1));
}

/// Where they stand: not wider than what is in them needs, within a share of the row.
fn columns(fields: &Fields, width: u16) -> Columns {
    let room = width.saturating_sub(FIELD + 1);
    let most = room * 3 / 10;
    let of = |least: u16, text: fn(&TagRow) -> &str| {
        let longest = fields.tags.rows.iter().map(|row| text::width(text(row))).max().unwrap_or_default();
        // In steps, so that typing does not move the columns at each key.
        u16::try_from(longest + 1)
            .unwrap_or(u16::MAX)
            .max(least)
            .checked_next_multiple_of(8)
            .unwrap_or(most)
            .min(most)
    };
    let (key, value) = (of(KEY, |row| row.key.value()), of(VALUE, |row| row.value.value()));
    let from = room.saturating_sub(key + value + 4);
    [(FIELD + 1, key), (FIELD + 3 + key, value), (FIELD + 5 + key + value, from)]
}
