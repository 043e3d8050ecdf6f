//! The form for a new snapshot: its name, its tags, and what is known before the request.

mod button;
pub(super) mod checks;
mod name;
pub(super) mod tags;

use ratatui::layout::{Layout, Rect};
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::app::drafts::fields::Field;
use crate::app::drafts::tags::untagged;
use crate::app::screens::form::FormScreen;
use crate::app::screens::form::checks::checks as all_checks;
use crate::app::screens::form::layout::FormLayout;

use super::paint::Paint;
use super::theme::Role;
pub(super) use button::draw_button;
use tags::Shown;

/// The column at which fields begin.
pub(super) const FIELD: u16 = 3;

pub fn draw(screen: &FormScreen, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let world = paint.world;
    let Some(form) = screen.form(world) else { return };
    let cluster = world.at(form.place).catalog.cluster(&form.cluster);
    let column = paint.line(title, 1, &[(Role::Heading, "New snapshot of ")]);
    let column =
        paint.name(title, column, title.width.saturating_sub(column), Role::Heading, form.cluster.as_str());
    if let Some(cluster) = cluster {
        paint.right(title, column, &[(Role::Quiet, &cluster.engine())]);
    }
    let layout = FormLayout::of(world, form, body.height);
    let FormLayout { is_roomy, top, tags: rows, checks, button } = layout;
    // On the fewest rows only the heading of the tags is left above them.
    let heading = match (is_roomy, top) {
        (true, _) => 4,
        (false, 1) if form.fields.focus != Field::Name => 0,
        (false, _) => 3,
    }
    .min(top);
    let name = heading.min(3);
    let parts = Layout::vertical([name, heading - name, top - heading, rows, checks, button]);
    let [name, _, heading, rows, checks, button] = parts.areas(body);
    name::draw(form, paint, name);
    tags::draw_heading(&form.fields, rows.height, paint, heading);
    let shown = Shown {
        offer: screen.offer(world),
        mark: form.fields.tags.mark(&form.number),
        missing: form.fields.tags.missing().into_iter().filter_map(|(_, row)| row).collect(),
        untagged: untagged(cluster.and_then(|cluster| cluster.copies_tags)),
    };
    tags::draw(&form.fields, &shown, paint, rows);
    let known = all_checks(world, form);
    let is_at_review = form.fields.focus == Field::Review;
    draw_button(is_at_review, &known, paint, button);
    checks::draw(is_at_review, known, paint, checks, is_roomy);
}

/// Draws a switch or button; where it has the focus, the mark stands before it and the cursor on it.
fn draw_press(is_focused: bool, label: &str, paint: &mut Paint<'_>, row: Rect, at: u16) -> u16 {
    if is_focused {
        draw_mark(paint, row, at);
        paint.place_cursor(row, at + 1);
    }
    paint.line(row, at, &[(if is_focused { Role::Heading } else { Role::Plain }, label)])
}

/// The mark that stands before what has the focus.
fn draw_mark(paint: &mut Paint<'_>, row: Rect, at: u16) {
    let mark = paint.symbols().cursor;
    paint.line(row, at.saturating_sub(1), &[(Role::Accent, mark)]);
}

/// Draws a field, scrolled so that its cursor is seen, with what is offered behind its text; returns by
/// how many columns it is scrolled.
pub(super) fn draw_input(
    input: &Input,
    offer: Option<&str>,
    is_focused: bool,
    paint: &mut Paint<'_>,
    (row, at, width): (Rect, u16, u16),
) -> usize {
    let shown = paint.shown(input.value());
    let cursor = usize::from(paint.columns_before_cursor(input));
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
