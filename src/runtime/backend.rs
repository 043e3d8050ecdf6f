//! Frames as bytes: what changed, in as few bytes as it takes, ready for one write.
//!
//! ratatui's own backend writes the cursor's visibility, position and a reset with every frame, changed
//! or not, and sixteen colours in their long form. Here a frame without a change is no bytes at all,
//! which is what an idle SSH link should carry. This room may not write to the terminal.

use std::convert::Infallible;
use std::io::Write as _;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

const BEGIN_UPDATE: &[u8] = b"\x1b[?2026h";
const END_UPDATE: &[u8] = b"\x1b[?2026l";

/// How the terminal's cells are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

/// Collects a frame; [`FrameBackend::take`] hands it out.
#[derive(Debug)]
pub struct FrameBackend {
    size: Size,
    body: Vec<u8>,
    /// Where the terminal shows its cursor, and where it should.
    shown_cursor: Option<Position>,
    wanted_cursor: Option<Position>,
    last_position: Position,
}

impl FrameBackend {
    /// A backend for a terminal of this size, whose cursor is hidden.
    #[must_use]
    pub fn new(size: (u16, u16)) -> Self {
        Self {
            size: size.into(),
            body: Vec::new(),
            shown_cursor: None,
            wanted_cursor: None,
            last_position: Position::ORIGIN,
        }
    }

    /// The terminal has another size now.
    pub fn set_size(&mut self, size: (u16, u16)) {
        self.size = size.into();
    }

    /// Forgets what the terminal shows of the cursor: it was set up anew, with the cursor hidden.
    pub fn forget_cursor(&mut self) {
        self.shown_cursor = None;
    }

    /// The frame that was drawn, as one piece; `None` if nothing changed.
    pub fn take(&mut self) -> Option<Vec<u8>> {
        let is_moved = self.wanted_cursor != self.shown_cursor;
        if self.body.is_empty() && !is_moved {
            return None;
        }
        let mut frame = Vec::with_capacity(self.body.len() + 32);
        // A lone cursor move cannot tear, so it needs no brackets.
        let is_bracketed = !self.body.is_empty();
        if is_bracketed {
            frame.extend_from_slice(BEGIN_UPDATE);
            frame.append(&mut self.body);
        }
        match (self.wanted_cursor, self.shown_cursor) {
            (Some(position), shown) => {
                move_to(&mut frame, position);
                if shown.is_none() {
                    frame.extend_from_slice(b"\x1b[?25h");
                }
            }
            (None, Some(_)) => frame.extend_from_slice(b"\x1b[?25l"),
            (None, None) => {}
        }
        if is_bracketed {
            frame.extend_from_slice(END_UPDATE);
        }
        self.shown_cursor = self.wanted_cursor;
        Some(frame)
    }
}

impl Backend for FrameBackend {
    type Error = Infallible;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Infallible>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut pen = PLAIN;
        let mut next: Option<Position> = None;
        for (x, y, cell) in content {
            let here = Position { x, y };
            if next != Some(here) {
                go(&mut self.body, next, here);
            }
            let wanted = Pen { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
            change_pen(&mut self.body, pen, wanted);
            pen = wanted;
            self.body.extend_from_slice(cell.symbol().as_bytes());
            // Where a symbol is not one column wide, terminals disagree about where the cursor is.
            next =
                (cell.symbol().width() == 1 && x + 1 < self.size.width).then_some(Position { x: x + 1, y });
        }
        if pen != PLAIN {
            self.body.extend_from_slice(b"\x1b[m");
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.wanted_cursor = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        self.wanted_cursor = Some(self.last_position);
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        Ok(self.last_position)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.last_position = position.into();
        if self.wanted_cursor.is_some() {
            self.wanted_cursor = Some(self.last_position);
        }
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), Infallible> {
        self.body.extend_from_slice(match clear_type {
            ClearType::All => b"\x1b[2J",
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[K",
        });
        Ok(())
    }

    fn size(&self) -> Result<Size, Infallible> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// The shortest way from where the cursor is, if that is known.
fn go(out: &mut Vec<u8>, from: Option<Position>, to: Position) {
    match from {
        Some(from) if from.y == to.y && to.x == from.x + 1 => out.extend_from_slice(b"\x1b[C"),
        Some(from) if from.y == to.y && to.x > from.x => put(out, format_args!("\x1b[{}C", to.x - from.x)),
        _ => move_to(out, to),
    }
}

fn move_to(out: &mut Vec<u8>, to: Position) {
    put(out, format_args!("\x1b[{};{}H", u32::from(to.y) + 1, u32::from(to.x) + 1));
}

/// From one pen to another in one sequence.
fn change_pen(out: &mut Vec<u8>, from: Pen, to: Pen) {
    if from == to {
        return;
    }
    out.extend_from_slice(b"\x1b[");
    if to == PLAIN {
        out.push(b'm');
        return;
    }
    let mut from = from;
    if !to.modifier.contains(from.modifier) {
        // There are codes to end each one, but old terminals know only the one that ends all.
        out.extend_from_slice(b"0;");
        from = PLAIN;
    }
    for (_, modifier) in (to.modifier - from.modifier).iter_names() {
        put(out, format_args!("{};", modifier_code(modifier)));
    }
    if from.fg != to.fg {
        push_color(out, to.fg, 30);
    }
    if from.bg != to.bg {
        push_color(out, to.bg, 40);
    }
    out.pop();
    out.push(b'm');
}

fn modifier_code(modifier: Modifier) -> u8 {
    match modifier {
        Modifier::BOLD => 1,
        Modifier::DIM => 2,
        Modifier::ITALIC => 3,
        Modifier::UNDERLINED => 4,
        Modifier::SLOW_BLINK => 5,
        Modifier::RAPID_BLINK => 6,
        Modifier::REVERSED => 7,
        Modifier::HIDDEN => 8,
        _ => 9,
    }
}

/// A colour and a semicolon; `base` is 30 for the text and 40 for its background.
fn push_color(out: &mut Vec<u8>, color: Color, base: u8) {
    let ansi = |index: u8| base + index;
    let bright = |index: u8| base + 60 + index;
    let code = match color {
        Color::Reset => base + 9,
        Color::Black => ansi(0),
        Color::Red => ansi(1),
        Color::Green => ansi(2),
        Color::Yellow => ansi(3),
        Color::Blue => ansi(4),
        Color::Magenta => ansi(5),
        Color::Cyan => ansi(6),
        Color::Gray => ansi(7),
        Color::DarkGray => bright(0),
        Color::LightRed => bright(1),
        Color::LightGreen => bright(2),
        Color::LightYellow => bright(3),
        Color::LightBlue => bright(4),
        Color::LightMagenta => bright(5),
        Color::LightCyan => bright(6),
        Color::White => bright(7),
        Color::Indexed(index) => return put(out, format_args!("{};5;{index};", base + 8)),
        Color::Rgb(r, g, b) => return put(out, format_args!("{};2;{r};{g};{b};", base + 8)),
    };
    put(out, format_args!("{code};"));
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to a Vec cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use ratatui::Terminal;
    use ratatui::style::Style;

    use super::*;

    fn size(cells: u16) -> NonZero<u16> {
        NonZero::new(cells).expect("not zero")
    }

    fn terminal() -> Terminal<FrameBackend> {
        Terminal::new(FrameBackend::new((20, 4))).expect("cannot fail")
    }

    fn draw(
        terminal: &mut Terminal<FrameBackend>,
        text: &str,
        style: Style,
        cursor: Option<(u16, u16)>,
    ) -> Option<String> {
        terminal
            .draw(|frame| {
                frame.buffer_mut().set_string(0, 1, text, style);
                if let Some(cursor) = cursor {
                    frame.set_cursor_position(cursor);
                }
            })
            .expect("cannot fail");
        terminal.backend_mut().take().map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
    }

    #[test]
    fn a_frame_without_a_change_is_no_bytes() {
        let mut terminal = terminal();
        assert!(draw(&mut terminal, "orders", Style::new(), Some((3, 1))).is_some());
        assert_eq!(draw(&mut terminal, "orders", Style::new(), Some((3, 1))), None);
        assert_eq!(draw(&mut terminal, "orders", Style::new(), Some((4, 1))).as_deref(), Some("\x1b[2;5H"));
        assert_eq!(draw(&mut terminal, "orders", Style::new(), None).as_deref(), Some("\x1b[?25l"));
        assert_eq!(draw(&mut terminal, "orders", Style::new(), None), None);
    }

    #[test]
    fn a_frame_is_one_piece_in_a_synchronized_update() {
        let frame =
            draw(&mut terminal(), "orders", Style::new().red().bold(), Some((6, 1))).expect("a frame");
        assert_eq!(frame, "\x1b[?2026h\x1b[2;1H\x1b[1;31morders\x1b[m\x1b[2;7H\x1b[?25h\x1b[?2026l");
    }

    #[test]
    fn only_what_changed_is_written() {
        let mut terminal = terminal();
        draw(&mut terminal, "orders-prod", Style::new(), None);
        let frame = draw(&mut terminal, "orderz-prot", Style::new(), None).expect("a frame");
        assert_eq!(frame, "\x1b[?2026h\x1b[2;6Hz\x1b[4Ct\x1b[?2026l");
    }

    #[test]
    fn a_terminal_ends_up_showing_what_was_drawn() {
        let mut terminal = terminal();
        let mut screen = vt100::Parser::new(size(4), size(20), 0);
        let styles = [
            Style::new(),
            Style::new().reversed(),
            Style::new().on_blue().light_cyan(),
            Style::new().dim().underlined(),
        ];
        for (round, text) in ["漢字 wide", "plain text", "ünï ●", "▌ orders   ✗"].into_iter().enumerate()
        {
            for style in styles {
                let bytes = draw(&mut terminal, text, style, Some((2, 2)));
                screen.process(bytes.unwrap_or_default().as_bytes());
                assert_eq!(screen.screen().contents().trim(), text, "round {round}, {style:?}");
                assert_eq!(screen.screen().cell(1, 0).expect("in range").inverse(), style == styles[1]);
                assert_eq!(screen.screen().cursor_position(), (2, 2));
            }
        }
    }
}
