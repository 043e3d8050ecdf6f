//! The form for a new snapshot: its name, its tags, and what is known before the request.

pub(super) mod checks;
mod name;
pub(super) mod tags;

use ratatui::layout::Rect;
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::app::Now;
use crate::app::drafts::fields::Field;
use crate::app::drafts::tags::untagged;
use crate::app::screens::form::FormScreen;
use crate::app::screens::form::checks::checks as all_checks;
use crate::app::screens::form::checks::{Check, Verdict};
use crate::app::screens::form::layout::FormLayout;
use crate::app::world::World;

use super::paint::{Paint, row};
use super::theme::Role;
use tags::Shown;

/// The column at which fields begin.
pub(super) const FIELD: u16 = 3;

pub fn draw(
    world: &World,
    screen: &FormScreen,
    paint: &mut Paint<'_, '_>,
    [title, body]: [Rect; 2],
    now: &Now,
) {
    let Some(form) = screen.form(world) else { return };
    let cluster = world.at(form.place).catalog.cluster(&form.cluster);
    let column = paint.line(title, 1, &[(Role::Heading, "New snapshot of ")]);
    let column =
        paint.name(title, column, title.width.saturating_sub(column), Role::Heading, form.cluster.as_str());
    if let Some(cluster) = cluster {
        paint.right(title, column, &[(Role::Quiet, &cluster.engine())]);
    }
    let layout = FormLayout::of(world, form, body.height);
    let part = |above: u16, height: u16| Rect { y: body.y + above.min(body.height), height, ..body };
    // On the fewest rows only the heading of the tags is left above them.
    let heading = match (layout.is_roomy, layout.top) {
        (true, _) => 4,
        (false, 1) if form.fields.focus != Field::Name => 0,
        (false, _) => 3,
    };
    name::draw(world, form, paint, part(0, layout.top.min(3).min(heading)), now);
    tags::draw_heading(&form.fields, layout.tags, paint, part(heading, layout.top.saturating_sub(heading)));
    let shown = Shown {
        offer: screen.offer(world),
        mark: form.fields.tags.mark(&form.number),
        missing: form.fields.tags.missing().into_iter().filter_map(|(_, row)| row).collect(),
        untagged: untagged(cluster.and_then(|cluster| cluster.copies_tags)),
    };
    tags::draw(&form.fields, &shown, paint, part(layout.top, layout.tags));
    let known = all_checks(world, form, now.at());
    let above = layout.top + layout.tags + layout.checks;
    let is_at_review = form.fields.focus == Field::Review;
    draw_button(is_at_review, &known, paint, part(above, layout.button));
    checks::draw(is_at_review, known, paint, part(layout.top + layout.tags, layout.checks), layout.is_roomy);
}

/// Below so many columns there is hardly room for the checks.
const NARROW: u16 = 60;

/// The way to the review, and what stands in it.
pub(super) fn draw_button(is_focused: bool, checks: &[Check], paint: &mut Paint<'_, '_>, area: Rect) {
    let row = row(area, 0);
    let column = draw_press(is_focused, "[ Review ]", paint, row, FIELD);
    let symbols = paint.symbols();
    let of = |verdict| checks.iter().filter(move |check| check.verdict == verdict);
    let first = |verdict| of(verdict).next().map(|check| check.text.clone()).unwrap_or_default();
    // Where the checks have no room, the first of them is told here.
    let told = match (of(Verdict::Blocks).count(), of(Verdict::Doubt).count()) {
        (1.., _) if row.width < NARROW => (Role::Bad, symbols.cross, first(Verdict::Blocks)),
        (1, _) => (Role::Bad, symbols.cross, "not yet: 1 obstacle".to_owned()),
        (n @ 2.., _) => (Role::Bad, symbols.cross, format!("not yet: {n} obstacles")),
        (0, 0) => (Role::Good, symbols.full, "no known obstacle".to_owned()),
        (0, _) if row.width < NARROW => (Role::Doubt, "!", first(Verdict::Doubt)),
        (0, n) => (Role::Doubt, "!", format!("no known obstacle, but {n} to look at twice")),
    };
    paint.line(row, column + 2, &[(told.0, told.1), (Role::Plain, " "), (told.0, &told.2)]);
}

/// Draws a switch or button; where it has the focus, the mark stands before it and the cursor on it.
fn draw_press(is_focused: bool, label: &str, paint: &mut Paint<'_, '_>, row: Rect, at: u16) -> u16 {
    if is_focused {
        draw_mark(paint, row, at);
        paint.place_cursor(row, at + 1);
    }
    paint.line(row, at, &[(if is_focused { Role::Heading } else { Role::Plain }, label)])
}

/// The mark that stands before what has the focus.
fn draw_mark(paint: &mut Paint<'_, '_>, row: Rect, at: u16) {
    let mark = paint.symbols().cursor;
    paint.line(row, at.saturating_sub(1), &[(Role::Accent, mark)]);
}

/// Draws a field, scrolled so that its cursor is seen, with what is offered behind its text; returns by
/// how many columns it is scrolled.
pub(super) fn draw_input(
    input: &Input,
    offer: Option<&str>,
    is_focused: bool,
    paint: &mut Paint<'_, '_>,
    (row, at, width): (Rect, u16, u16),
) -> usize {
    let shown = paint.shown(input.value());
    let before: String = input.value().chars().take(input.cursor()).collect();
    let cursor = usize::from(paint.columns_of(&before));
    let room = usize::from(width.max(1));
    let shift = if is_focused { (cursor + 1).saturating_sub(room) } else { 0 };
    let visible = skip_columns(&shown, shift);
    paint.cell(row, at, width, Role::Plain, &visible);
    if is_focused {
        draw_mark(paint, row, at);
        let column = u16::try_from(cursor - shift.min(cursor)).unwrap_or(u16::MAX);
        if let Some(offer) = offer {
            paint.cell(row, at + column, width.saturating_sub(column), Role::Quiet, offer);
        }
        paint.place_cursor(row, at.saturating_add(column));
    }
    shift
}

/// The text from a column on; a wide character that is cut becomes blanks.
fn skip_columns(text: &str, columns: usize) -> String {
    let mut passed = 0;
    let mut rest = String::new();
    for grapheme in text.graphemes(true) {
        if passed >= columns {
            rest.push_str(grapheme);
        } else {
            passed += crate::domain::text::width(grapheme);
            rest.extend(std::iter::repeat_n(' ', passed.saturating_sub(columns)));
        }
    }
    rest
}
