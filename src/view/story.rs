//! What stands below a table: all of what its row under the cursor has no room for, or a question with its answer.

use ratatui::layout::{Constraint, Layout, Rect};
use tui_input::Input;

use crate::domain::text::{escaped, width, wrap};

use super::form::draw_input;
use super::paint::{Paint, row};
use super::theme::Role;

/// Where both begin.
const MARGIN: u16 = 3;
/// The columns that an answer should have at least.
const ANSWER: usize = 30;

/// The rows of the table, and what is below them, of so many lines at least: the answer to a question has a line of its own where it has little room
/// behind it.
pub fn parts(story: u16, body: Rect, question: Option<&str>) -> [Rect; 2] {
    let of = |label| if width(label) + ANSWER > usize::from(body.width) { 2 } else { 1 };
    let height = question.map_or(0, of).max(story);
    Layout::vertical([Constraint::Min(0), Constraint::Length(height)]).areas(body)
}

/// Draws what the row under the cursor has no room for, in full.
pub fn draw(text: &str, paint: &mut Paint<'_, '_>, area: Rect) {
    let room = usize::from(area.width.saturating_sub(MARGIN + 1));
    for (index, line) in (0..area.height).zip(wrap(&escaped(text), room)) {
        paint.line(row(area, index), MARGIN, &[(Role::Quiet, &line)]);
    }
}

/// Draws a question, and what is typed in answer to it.
pub fn draw_question(label: &str, typed: &Input, paint: &mut Paint<'_, '_>, area: Rect) {
    let column = paint.line(row(area, 0), MARGIN, &[(Role::Doubt, label)]) + 1;
    let is_below = width(label) + ANSWER > usize::from(area.width) && area.height > 1;
    let (at, column) = if is_below { (1, MARGIN + 1) } else { (0, column + 1) };
    let room = area.width.saturating_sub(column + 1);
    draw_input(typed, None, true, paint, (row(area, at), column, room));
}
