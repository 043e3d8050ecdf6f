//! Puts text into a frame: the only place of the view that touches cells.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr as _;

use crate::app::Look;
use crate::domain::text::{escaped, truncate};

use super::theme::{self, Role, Symbols};

/// A frame, and how it is to look.
pub struct Paint<'a, 'b> {
    frame: &'a mut Frame<'b>,
    look: Look,
}

/// A piece of a line.
pub type Piece<'a> = (Role, &'a str);

impl<'a, 'b> Paint<'a, 'b> {
    /// Paints into a frame.
    pub fn new(frame: &'a mut Frame<'b>, look: Look) -> Self {
        Self { frame, look }
    }

    /// The symbols of the look.
    pub fn symbols(&self) -> &'static Symbols {
        theme::symbols(self.look)
    }

    /// The text as it will be seen: safe, and in ASCII where the terminal shows no more.
    pub fn shown(&self, text: &str) -> String {
        let safe = escaped(text).into_owned();
        if self.look.unicode { safe } else { ascii(&safe) }
    }

    /// Writes pieces one after the other from a column on, cut at the row's end; returns the column
    /// after the last. The text becomes safe to show.
    pub fn line(&mut self, row: Rect, column: u16, pieces: &[Piece<'_>]) -> u16 {
        if row.height == 0 {
            return column;
        }
        let mut x = column;
        for (role, text) in pieces {
            let room = usize::from(row.width.saturating_sub(x));
            if room == 0 {
                break;
            }
            let safe = escaped(text);
            let shown = self.fitting(&safe, room);
            let style = theme::style(*role, self.look);
            self.frame.buffer_mut().set_stringn(row.x + x, row.y, &shown, room, style);
            x += u16::try_from(shown.width()).unwrap_or(u16::MAX).min(row.width.saturating_sub(x));
        }
        x
    }

    /// Writes text in a column of a width of its own, cut with an ellipsis.
    pub fn cell(&mut self, row: Rect, column: u16, width: u16, role: Role, text: &str) {
        let end = (column + width).min(row.width);
        if end > column {
            self.line(Rect { width: end, ..row }, column, &[(role, text)]);
        }
    }

    /// Writes pieces so that they end at the row's end, if they fit behind `column`.
    pub fn right(&mut self, row: Rect, column: u16, pieces: &[Piece<'_>]) {
        let width: usize = pieces.iter().map(|(_, text)| escaped(text).width()).sum();
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        let start = row.width.saturating_sub(width.saturating_add(1));
        if start > column {
            self.line(row, start, pieces);
        }
    }

    /// Shows the terminal's cursor.
    pub fn place_cursor(&mut self, row: Rect, column: u16) {
        if row.height > 0 && row.width > 0 {
            self.frame.set_cursor_position(Position::new(row.x + column.min(row.width - 1), row.y));
        }
    }

    fn fitting(&self, safe: &str, room: usize) -> String {
        let cut = truncate(safe, room);
        if self.look.unicode {
            return cut.into_owned();
        }
        let ascii = ascii(safe);
        let cut: String = ascii.chars().take(room).collect();
        if ascii.len() > room && room > 3 { format!("{}...", cut.get(..room - 3).unwrap_or("")) } else { cut }
    }
}

/// In a locale that is not UTF-8 every character that is not ASCII is told by its number.
fn ascii(safe: &str) -> String {
    safe.chars()
        .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{{{:x}}}", u32::from(c)) })
        .collect()
}

/// The row at an index of an area; empty if it is outside.
#[must_use]
pub fn row(area: Rect, index: u16) -> Rect {
    if index < area.height {
        Rect { y: area.y + index, height: 1, ..area }
    } else {
        Rect { height: 0, ..area }
    }
}
