//! What just happened, above the footer.

use ratatui::layout::Rect;

use crate::app::notes::Tone;
use crate::app::{App, Now};
use crate::domain::text::wrap;

use super::paint::{Paint, row};
use super::pane;
use super::theme::{Role, Symbols};

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, area: Rect, now: &Now) {
    let room = usize::from(area.width.saturating_sub(4));
    let banner = app.banner().map(|banner| wrap(&banner, room)).unwrap_or_default();
    for (index, line) in (0..area.height).zip(&banner) {
        if index == 0 {
            paint.line(row(area, 0), 1, &[(Role::Doubt, "!")]);
        }
        paint.line(row(area, index), 3, &[(Role::Doubt, line)]);
    }
    let used = u16::try_from(banner.len()).unwrap_or(u16::MAX).min(area.height);
    let area = Rect { y: area.y + used, height: area.height - used, ..area };
    let Some(note) = app.shown_note() else {
        if let Some(story) = app.has_story().then(|| pane::story(app, now)).flatten() {
            paint.line(row(area, 0), 3, &[(Role::Quiet, &story)]);
        }
        return;
    };
    let (role, symbol) = symbol(note.tone, paint.symbols());
    paint.line(row(area, 0), 1, &[(role, symbol)]);
    for (index, line) in (0..area.height).zip(wrap(&note.text, room)) {
        paint.line(row(area, index), 3, &[(Role::Plain, &line)]);
    }
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
