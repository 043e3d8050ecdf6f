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

/// The rows of the table, and what is below them, of so many lines at least: a question has as many as it needs, and its
/// answer one of its own where it has little room behind it.
pub fn parts(story: u16, body: Rect, question: Option<&str>) -> [Rect; 2] {
    let of = |label| {
        let lines = lines(label, body).len() + usize::from(is_below(label, body));
        u16::try_from(lines).unwrap_or(u16::MAX)
    };
    let height = question.map_or(0, of).max(story);
    Layout::vertical([Constraint::Min(0), Constraint::Length(height)]).areas(body)
}

/// The rows of a table, and below them room for texts: so many lines at least, and all that they need where the table
/// leaves it.
pub fn below(texts: &[String], least: u16, rows: usize, body: Rect) -> [Rect; 2] {
    let wanted = texts.iter().map(|text| lines(text, body).len()).sum::<usize>();
    let free = usize::from(body.height).saturating_sub(rows);
    let height = u16::try_from(wanted.min(free)).unwrap_or(u16::MAX).max(least);
    Layout::vertical([Constraint::Min(0), Constraint::Length(height)]).areas(body)
}

/// Draws texts one below the other.
pub fn draw_all(texts: &[String], paint: &mut Paint<'_, '_>, mut area: Rect) {
    for text in texts {
        draw(text, paint, area);
        let used = u16::try_from(lines(text, area).len()).unwrap_or(u16::MAX).min(area.height);
        area = Rect { y: area.y + used, height: area.height - used, ..area };
    }
}

/// What is left of a body under so many rows of a table, but for a blank one.
pub fn under(body: Rect, rows: usize) -> Rect {
    let used = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(1).min(body.height);
    Rect { y: body.y + used, height: body.height - used, ..body }
}

fn lines(text: &str, area: Rect) -> Vec<String> {
    wrap(&escaped(text), usize::from(area.width.saturating_sub(MARGIN + 1)).max(1))
}

fn is_below(label: &str, area: Rect) -> bool {
    width(label) + ANSWER > usize::from(area.width)
}

/// Draws what the row under the cursor has no room for, in full.
pub fn draw(text: &str, paint: &mut Paint<'_, '_>, area: Rect) {
    for (index, line) in (0..area.height).zip(lines(text, area)) {
        paint.line(row(area, index), MARGIN, &[(Role::Quiet, &line)]);
    }
}

/// Draws a question, and what is typed in answer to it.
pub fn draw_question(label: &str, typed: &Input, paint: &mut Paint<'_, '_>, area: Rect) {
    let is_below = is_below(label, area) && area.height > 1;
    // Where not all has room, what is to be typed has it: that stands last.
    let (lines, room) = (lines(label, area), area.height - u16::from(is_below));
    let hidden = lines.len().saturating_sub(usize::from(room));
    let (mut at, mut column) = (0, MARGIN);
    for (index, line) in (0..room).zip(lines.iter().skip(hidden)) {
        (at, column) = (index, paint.line(row(area, index), MARGIN, &[(Role::Doubt, line)]) + 2);
    }
    (at, column) = if is_below { (at + 1, MARGIN + 1) } else { (at, column) };
    let room = area.width.saturating_sub(column + 1);
    draw_input(typed, None, true, paint, (row(area, at), column, room));
}
