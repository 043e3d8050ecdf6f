//! What just happened, above the footer.

use ratatui::layout::Rect;

use crate::app::arrangement::{banner_rows, has_story};
use crate::app::keymap::Action;
use crate::app::note::{Note, Tone};
use crate::domain::text::{truncate, width, wrap};

use super::paint::{Paint, below, row};
use super::pane;
use super::theme::{Role, Symbols};

pub fn draw(paint: &mut Paint<'_>, area: Rect) {
    let (world, ui) = (paint.world, paint.ui);
    let room = usize::from(area.width.saturating_sub(4));
    let mut banner = banner_rows(world, ui, area.width);
    if area.height == 1 && banner.len() > 1 {
        banner = world.places.banner_in_short().into_iter().collect();
    }
    let is_cut = banner.len() > usize::from(area.height);
    for (index, line) in (0..area.height).zip(&banner) {
        if index == 0 {
            paint.line(row(area, 0), 1, &[(Role::Doubt, "!")]);
        }
        let is_last = is_cut && index + 1 == area.height;
        let line = if is_last { cut(line, room, paint.symbols()) } else { line.clone() };
        paint.line(row(area, index), 3, &[(Role::Doubt, &line)]);
    }
    let area = below(area, banner.len());
    let Some(note) = ui.note(world) else {
        if has_story(world, ui) {
            draw_story(&pane::story(paint), paint, area);
        }
        return;
    };
    let (role, symbol) = symbol(note.tone, paint.symbols());
    paint.line(row(area, 0), 1, &[(role, symbol)]);
    let lines = wrap(&note.text, room);
    let is_cut = lines.len() > usize::from(area.height);
    for (index, line) in (0..area.height).zip(&lines) {
        if is_cut && index + 1 == area.height {
            draw_cut(&note, paint, (row(area, index), line));
        } else {
            paint.line(row(area, index), 3, &[(Role::Plain, line)]);
        }
    }
}

/// What is to be said of the row under the pane's cursor: in full where there is more than one line, else as it fits.
fn draw_story(ways: &[String], paint: &mut Paint<'_>, area: Rect) {
    let room = usize::from(area.width.saturating_sub(4));
    let fits = |way: &&String| area.height > 1 || width(way) <= room;
    let Some(told) = ways.iter().find(fits).or(ways.first()) else { return };
    let mut lines = wrap(told, room);
    if lines.len() > usize::from(area.height) {
        lines.truncate(usize::from(area.height));
        if let Some(last) = lines.last_mut() {
            *last = cut(last, room, paint.symbols());
        }
    }
    for (line, text) in area.rows().zip(&lines) {
        paint.line(line, 3, &[(Role::Quiet, text)]);
    }
}

/// The last line that there is room for.
fn cut(line: &str, room: usize, symbols: &Symbols) -> String {
    format!("{}{}", truncate(line, room.saturating_sub(width(symbols.ellipsis)), ""), symbols.ellipsis)
}

/// The same, and the key that shows the rest, if it is among the messages.
fn draw_cut(note: &Note, paint: &mut Paint<'_>, (row, line): (Rect, &str)) {
    let world = paint.world;
    let is_told = |told: &Note| note.text.starts_with(&*paint.told(&told.text));
    let is_kept = world.notices.note().is_some_and(is_told)
        || world.notices.messages().any(|(_, message)| is_told(message));
    let mut bindings = world.keymap.rows(paint.ui.focus(world)).filter(|_| is_kept);
    let messages = bindings.find(|bound| bound.binding.action == Action::Messages);
    let key = messages.and_then(|bound| bound.keys.first()).map_or("", String::as_str);
    let more = format!("{}{key}", if key.is_empty() { "" } else { " " });
    let ellipsis = paint.symbols().ellipsis;
    let room = usize::from(row.width.saturating_sub(4)).saturating_sub(width(ellipsis) + width(&more));
    let column = paint.line(row, 3, &[(Role::Plain, truncate(line, room, "").trim_end())]);
    paint.line(row, column, &[(Role::Quiet, ellipsis), (Role::Accent, &more)]);
}

/// The symbol for how something is meant.
pub fn symbol(tone: Tone, symbols: &Symbols) -> (Role, &'static str) {
    match tone {
        Tone::Good => (Role::Good, symbols.full),
        Tone::Neutral => (Role::Quiet, "-"),
        Tone::Doubt => (Role::Doubt, "?"),
        Tone::Bad => (Role::Bad, symbols.cross),
    }
}
