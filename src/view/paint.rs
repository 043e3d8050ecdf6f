//! Puts text into a frame: the only place of the view that touches cells.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use tui_input::Input;

use crate::app::screens::filter_line::FilterLine;
use crate::app::ui::Ui;
use crate::app::world::World;
use crate::app::{App, Now};
use crate::domain::text::{ascii, cells, escaped, truncate, truncate_middle, width};

use super::table::HiddenRows;
use super::theme::{self, Role, Symbols};

/// A frame, what is to be seen in it, and when.
pub struct Paint<'a> {
    buffer: &'a mut Buffer,
    /// What is known.
    pub world: &'a World,
    /// Where the person is.
    pub ui: &'a Ui,
    /// The time for which it is drawn.
    pub now: &'a Now,
    /// Where the terminal's cursor is to be.
    pub cursor: Option<Position>,
}

/// A piece of a line.
pub type Piece<'a> = (Role, &'a str);

impl<'a> Paint<'a> {
    /// Paints into a frame.
    pub fn new(buffer: &'a mut Buffer, app: &'a App, now: &'a Now) -> Self {
        Self { buffer, world: &app.world, ui: &app.ui, now, cursor: None }
    }

    /// The symbols of the look.
    pub fn symbols(&self) -> &'static Symbols {
        theme::symbols(self.world.look)
    }

    /// A sentence of the program's own with the keys in force in it. Nothing from outside comes through here.
    pub fn told<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.world.keymap.told(text, self.ui.focus(self.world))
    }

    /// The text as it will be seen: safe, and in ASCII where the terminal shows no more. Signs in it that name keys in
    /// sentences are none: it may come from outside.
    pub fn shown(&self, text: &str) -> String {
        let safe = escaped(text);
        if self.world.look.unicode { safe.into_owned() } else { ascii(&safe).into_owned() }
    }

    /// The columns that the text takes as it will be seen.
    pub fn columns_of(&self, text: &str) -> u16 {
        u16::try_from(width(&self.shown(text))).unwrap_or(u16::MAX)
    }

    /// The same of pieces one after the other.
    pub fn columns_of_all(&self, pieces: &[(Role, impl AsRef<str>)]) -> u16 {
        let columns = pieces.iter().map(|(_, text)| self.columns_of(text.as_ref()));
        columns.fold(0, u16::saturating_add)
    }

    /// Writes pieces one after the other from a column on, cut at the row's end; returns the column
    /// after the last. The text becomes safe to show.
    pub fn line(&mut self, row: Rect, column: u16, pieces: &[(Role, impl AsRef<str>)]) -> u16 {
        if row.height == 0 {
            return column;
        }
        let mut x = column;
        for (role, text) in pieces {
            let room = usize::from(row.width.saturating_sub(x));
            if room == 0 {
                break;
            }
            let shown = self.shown(text.as_ref());
            let shown = truncate(&shown, room, self.symbols().ellipsis);
            let style = theme::style(*role, self.world.look);
            // Cell by cell, not grapheme by grapheme as ratatui does: some graphemes take several cells, and
            // what replaced a part of one would leave the rest of it on the terminal.
            for cell in cells(&shown) {
                let here = row.x + x;
                // Most are ASCII, one column wide: what is drawn for each of them is worth little.
                x += if cell.len() == 1 { 1 } else { u16::try_from(width(cell)).unwrap_or(1) };
                self.buffer[(here, row.y)].set_symbol(cell).set_style(style);
                for hidden in here + 1..row.x + x {
                    self.buffer[(hidden, row.y)].reset();
                }
            }
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

    /// An identifier as a column of a width of its own has room for it: cut in its middle.
    fn cut_name(&self, row: Rect, column: u16, width: u16, text: &str) -> String {
        let room = usize::from(width.min(row.width.saturating_sub(column)));
        truncate_middle(&self.shown(text), room, self.symbols().ellipsis).into_owned()
    }

    /// Writes an identifier in a column of a width of its own, cut in its middle.
    pub fn name(&mut self, row: Rect, column: u16, width: u16, role: Role, text: &str) -> u16 {
        let shown = self.cut_name(row, column, width, text);
        self.line(row, column, &[(role, shown)])
    }

    /// Writes an identifier of which the first columns are those of the row under the cursor.
    pub fn chosen_name(
        &mut self,
        row: Rect,
        column: u16,
        width: u16,
        (role, chosen): (Role, usize),
        text: &str,
    ) {
        let shown = self.cut_name(row, column, width, text);
        let first = truncate(&shown, chosen, "");
        let rest = shown.strip_prefix(first.as_ref()).unwrap_or_default();
        self.line(row, column, &[(Role::Chosen, first.as_ref()), (role, rest)]);
    }

    /// Writes a bar in the finest steps that the symbols allow, on the track of what is still to come.
    pub fn bar(&mut self, row: Rect, area: Rect, role: Role, percent: u8) {
        let symbols = self.symbols();
        let bar = bar(percent, area.width, symbols.bar);
        let rest = usize::from(area.width).saturating_sub(width(&bar));
        let track = symbols.track.repeat(rest);
        self.line(row, area.x, &[(role, &bar), (Role::Quiet, &track)]);
    }

    /// Draws steps of eight side by side; returns the column behind them.
    pub fn steps(&mut self, row: Rect, column: u16, steps: &[u8]) -> u16 {
        let symbols = self.symbols();
        let symbol = |step: &u8| match step.checked_sub(1) {
            None => (Role::Quiet, symbols.track),
            Some(at) => (Role::Good, symbols.steps.get(usize::from(at)).copied().unwrap_or(symbols.full)),
        };
        let pieces: Vec<Piece<'_>> = steps.iter().map(symbol).collect();
        self.line(row, column, &pieces)
    }

    /// Draws a line between what stands side by side.
    pub fn divider(&mut self, area: Rect) {
        for row in area.rows() {
            self.line(row, 0, &[(Role::Quiet, self.symbols().divider)]);
        }
    }

    /// Writes pieces so that they end at the row's end, if they fit behind `column`.
    pub fn right(&mut self, row: Rect, column: u16, pieces: &[(Role, impl AsRef<str>)]) {
        let width = self.columns_of_all(pieces);
        let start = row.width.saturating_sub(width.saturating_add(1));
        if start > column {
            self.line(row, start, pieces);
        }
    }

    /// Writes what is so at a title's end, and before it how many rows are hidden. Where there is no room for both, it
    /// gives way to that: nobody may take what is in sight for all there is.
    pub fn title_end(&mut self, row: Rect, column: u16, hidden: &HiddenRows, told: Piece<'_>) {
        self.title_ends(row, column, hidden, &[told]);
    }

    /// The same where what is so has several pieces.
    pub fn title_ends(
        &mut self,
        row: Rect,
        column: u16,
        hidden: &HiddenRows,
        told: &[(Role, impl AsRef<str>)],
    ) {
        let told: Vec<Piece<'_>> = told.iter().map(|(role, text)| (*role, text.as_ref())).collect();
        if hidden.is_none() {
            return self.right(row, column, &told);
        }
        let gap = match row.width {
            _ if told.iter().all(|(_, text)| text.is_empty()) => "",
            ..60 => ", ",
            _ => "   ",
        };
        for way in hidden.ways() {
            let mut parts = vec![(Role::Accent, way.as_str()), (Role::Plain, gap)];
            parts.extend(&told);
            for parts in [&parts[..], &parts[..1]] {
                if self.columns_of_all(parts).saturating_add(2).saturating_add(column) <= row.width {
                    return self.right(row, column, parts);
                }
            }
        }
        self.right(row, column, &told);
    }

    /// Writes what is typed, with the cursor in it where it takes the keys; returns the column after it.
    pub fn typed(&mut self, row: Rect, column: u16, input: &Input, is_open: bool) -> u16 {
        if is_open {
            self.place_cursor(row, column.saturating_add(self.columns_before_cursor(input)));
        }
        self.line(row, column, &[(Role::Plain, input.value())])
    }

    /// The columns that what stands before the cursor takes.
    pub fn columns_before_cursor(&self, input: &Input) -> u16 {
        self.columns_of(&input.value().chars().take(input.cursor()).collect::<String>())
    }

    /// Writes how many rows a filter leaves, and the filter with what is wrong with it; returns the column after it.
    pub fn filter(&mut self, row: Rect, column: u16, count: &str, filter: &FilterLine) -> u16 {
        let column = self.line(row, column, &[(Role::Plain, count), (Role::Accent, "/")]);
        let end = self.typed(row, column, &filter.input, filter.is_open);
        match filter.doubt().filter(|_| filter.doubt_below(row.width).is_none()) {
            Some(doubt) => self.line(row, end.saturating_add(2), &[(Role::Doubt, &doubt)]),
            None => end,
        }
    }

    /// Shows the terminal's cursor.
    pub fn place_cursor(&mut self, row: Rect, column: u16) {
        if row.height > 0 && row.width > 0 {
            self.cursor = Some(Position::new(row.x + column.min(row.width - 1), row.y));
        }
    }
}

/// The row at an index of an area; empty if it is outside.
pub fn row(area: Rect, index: u16) -> Rect {
    if index < area.height {
        Rect { y: area.y + index, height: 1, ..area }
    } else {
        Rect { height: 0, ..area }
    }
}

/// What is left of an area below so many of its rows.
pub fn below(area: Rect, rows: usize) -> Rect {
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// A bar of so many columns in the finest steps that the symbols allow.
fn bar(percent: u8, width: u16, symbols: &[&str]) -> String {
    let fine = symbols.len();
    let steps = usize::from(percent.min(100)) * usize::from(width) * fine / 100;
    let full = symbols.last().copied().unwrap_or("#");
    let part = (steps % fine).checked_sub(1).and_then(|index| symbols.get(index)).copied().unwrap_or("");
    format!("{}{part}", full.repeat(steps / fine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_grows_by_eighths_and_is_full_only_at_the_end() {
        let eighths = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];
        assert_eq!(bar(0, 12, &eighths), "");
        assert_eq!(bar(1, 12, &eighths), "");
        assert_eq!(bar(63, 12, &eighths), "███████▌");
        assert_eq!(bar(100, 12, &eighths), "█".repeat(12));
        assert_eq!(bar(99, 12, &["#"]), "#".repeat(11));
    }
}
