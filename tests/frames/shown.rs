//! A frame in forms that a person can review: text, runs of style, and a picture.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// The frame's text, without blanks at the ends of its rows.
pub fn text(frame: &Buffer) -> String {
    let rows: Vec<String> = rows(frame).map(|row| row_text(&row).trim_end().to_owned()).collect();
    rows.join("\n")
}

/// The text, and behind it which columns of which row have which style.
pub fn text_and_styles(frame: &Buffer) -> String {
    format!("{}\n\n{}", text(frame), styles(frame))
}

/// Which columns of which row have which style.
pub fn styles(frame: &Buffer) -> String {
    let mut shown = "styles:".to_owned();
    for (number, row) in rows(frame).enumerate() {
        for (start, end, style) in runs(&row) {
            let _ = write!(shown, "\n  row {number}, columns {start}-{end}: {style}");
        }
    }
    shown
}

fn rows(frame: &Buffer) -> impl Iterator<Item = Vec<&Cell>> {
    let area = frame.area;
    (0..area.height).map(move |y| (0..area.width).map(|x| &frame[(x, y)]).collect())
}

/// The text of a row; the second cell of a wide character is empty.
fn row_text(row: &[&Cell]) -> String {
    row.iter().map(|cell| cell.symbol()).collect()
}

/// The columns that look other than plain text, with their look.
fn runs(row: &[&Cell]) -> Vec<(usize, usize, String)> {
    let mut runs: Vec<(usize, usize, String)> = Vec::new();
    for (column, cell) in row.iter().enumerate() {
        let style = style(cell);
        match runs.last_mut() {
            Some((_, end, last)) if *last == style && *end + 1 == column => *end = column,
            _ if style.is_empty() => {}
            _ => runs.push((column, column, style)),
        }
    }
    runs
}

fn style(cell: &Cell) -> String {
    let color = if cell.fg == Color::Reset { String::new() } else { format!("{:?}", cell.fg).to_lowercase() };
    let names = [(Modifier::BOLD, "bold"), (Modifier::DIM, "dim"), (Modifier::REVERSED, "reverse")];
    let set = names.iter().filter(|(modifier, _)| cell.modifier.contains(*modifier)).map(|(_, name)| *name);
    let parts: Vec<String> =
        Some(color).filter(|color| !color.is_empty()).into_iter().chain(set.map(str::to_owned)).collect();
    parts.join(" ")
}

/// Width and height of a cell of the picture, in its units.
const CELL: (usize, usize) = (9, 19);

/// The frame as an SVG picture, in the colours of a common terminal, dark or light.
pub fn svg(frame: &Buffer, is_light: bool) -> String {
    format!("{}{}</g>\n</svg>\n", svg_head(frame, is_light), svg_rows(frame, is_light))
}

/// How long each frame of a picture that moves is shown, in seconds.
const SECONDS: usize = 3;

/// Several frames of a size as one SVG picture that shows one after the other, again and again; where nothing moves, it
/// shows the first one.
pub fn moving_svg(frames: &[Buffer]) -> String {
    let Some(first) = frames.first() else { return String::new() };
    let mut svg = svg_head(first, false);
    let (count, all) = (frames.len(), frames.len() * SECONDS);
    for (number, frame) in frames.iter().enumerate() {
        let hidden = if number == 0 { "" } else { " visibility=\"hidden\"" };
        let values: Vec<&str> =
            (0..count).map(|at| if at == number { "visible" } else { "hidden" }).collect();
        let _ = writeln!(
            svg,
            "<g{hidden}>\n<animate attributeName=\"visibility\" calcMode=\"discrete\" dur=\"{all}s\" \
             repeatCount=\"indefinite\" values=\"{}\"/>\n{}</g>",
            values.join(";"),
            svg_rows(frame, false)
        );
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn background(is_light: bool) -> &'static str {
    if is_light { "#fafafa" } else { "#16181d" }
}

/// The beginning of a picture of such frames.
fn svg_head(frame: &Buffer, is_light: bool) -> String {
    let background = background(is_light);
    let (width, height) =
        (usize::from(frame.area.width) * CELL.0 + 20, usize::from(frame.area.height) * CELL.1 + 20);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{background}\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"15\" \
         xml:space=\"preserve\">\n"
    )
}

/// The rows of a frame.
fn svg_rows(frame: &Buffer, is_light: bool) -> String {
    let background = background(is_light);
    let mut svg = String::new();
    for (number, row) in rows(frame).enumerate() {
        let y = 10 + number * CELL.1 + 14;
        let mut start = 0;
        while start < row.len() {
            let look = style(row[start]);
            let end = (start..row.len()).find(|column| style(row[*column]) != look).unwrap_or(row.len());
            let words = row_text(&row[start..end]);
            if !words.trim().is_empty() {
                let x = 10 + start * CELL.0;
                let length = (end - start) * CELL.0;
                let (fill, weight) = paint(row[start], is_light);
                let is_reversed = row[start].modifier.contains(Modifier::REVERSED);
                if is_reversed {
                    let (top, height) = (10 + number * CELL.1, CELL.1);
                    let _ = writeln!(
                        svg,
                        "<rect x=\"{x}\" y=\"{top}\" width=\"{length}\" height=\"{height}\" fill=\"{fill}\"/>"
                    );
                }
                let fill = if is_reversed { background } else { &fill };
                let _ = writeln!(
                    svg,
                    "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\" fill=\"{fill}\"{weight}>{}</text>",
                    escape(&words)
                );
            }
            start = end;
        }
    }
    svg
}

/// The colour of a cell's text, and its weight as an attribute.
fn paint(cell: &Cell, is_light: bool) -> (String, &'static str) {
    let weight = if cell.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let fill = match (cell.fg, cell.modifier.contains(Modifier::DIM)) {
        (Color::Indexed(number), _) => return (fixed(number), weight),
        (Color::Cyan, _) => "#56c7d6",
        (Color::Green, _) => "#7fc46b",
        (Color::Yellow, _) => "#e0b454",
        (Color::Red, _) => "#ef6b6b",
        (_, true) => "#8a919e",
        _ if is_light => "#24292f",
        _ => "#d7dae0",
    };
    (fill.to_owned(), weight)
}

/// The colour of a number, from 16 on the same in every terminal: a cube of six steps, and 24 greys.
fn fixed(number: u8) -> String {
    let step = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    let [r, g, b] = match number {
        0..232 => {
            let at = number.saturating_sub(16);
            [step(at / 36), step(at / 6 % 6), step(at % 6)]
        }
        _ => [8 + 10 * (number - 232); 3],
    };
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
