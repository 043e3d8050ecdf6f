//! What stands below a table: all of what its row under the cursor has no room for, or a question with its answer.

use ratatui::layout::{Constraint, Layout, Rect};
use tui_input::Input;

use crate::app::screens::typed::Typed;
use crate::domain::text::{escaped, width, wrap};

use super::form::draw_input;
use super::paint::{Paint, row};
use super::theme::Role;

/// Where both begin.
const MARGIN: u16 = 3;
/// The columns that an answer should have at least.
const ANSWER: usize = 30;

/// What stands below a table.
pub enum Story<'a> {
    /// Texts, one below the other.
    Texts(Vec<String>),
    /// A question, and what is typed in answer to it.
    Question(String, &'a Input),
}

impl<'a> Story<'a> {
    /// The question, while something is to be typed; else the texts.
    pub fn of<T>(
        typed: Option<&'a Typed<T>>,
        question: impl FnOnce(&Typed<T>) -> String,
        texts: Vec<String>,
    ) -> Self {
        typed.map_or(Self::Texts(texts), |typed| Self::Question(question(typed), &typed.text))
    }

    /// A table of so many rows, and below it room of so many lines at least. Texts have all that they need where the
    /// table leaves it; a question has it in any case, and its answer a line of its own where it has little room
    /// behind it.
    pub fn parts(&self, least: u16, rows: usize, body: Rect) -> [Rect; 2] {
        let wanted = match self {
            Self::Texts(texts) => {
                let wanted = texts.iter().map(|text| lines(text, body).len()).sum::<usize>();
                wanted.min(usize::from(body.height).saturating_sub(rows))
            }
            Self::Question(label, _) => lines(label, body).len() + usize::from(is_below(label, body)),
        };
        let height = u16::try_from(wanted).unwrap_or(u16::MAX).max(least);
        Layout::vertical([Constraint::Min(0), Constraint::Length(height)]).areas(body)
    }

    /// Draws it.
    pub fn draw(&self, paint: &mut Paint<'_>, area: Rect) {
        match self {
            Self::Texts(texts) => {
                for (row, line) in area.rows().zip(texts.iter().flat_map(|text| lines(text, area))) {
                    paint.line(row, MARGIN, &[(Role::Quiet, line)]);
                }
            }
            Self::Question(label, typed) => draw_question(label, typed, paint, area),
        }
    }
}

fn lines(text: &str, area: Rect) -> Vec<String> {
    wrap(&escaped(text), usize::from(area.width.saturating_sub(MARGIN + 1)).max(1))
}

fn is_below(label: &str, area: Rect) -> bool {
    width(label) + ANSWER > usize::from(area.width)
}

fn draw_question(label: &str, typed: &Input, paint: &mut Paint<'_>, area: Rect) {
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
