//! The palette of actions.

use ratatui::layout::Rect;

use crate::app::overrides::Bound;
use crate::app::screens::palette::Palette;
use crate::domain::text::wrap;

use super::help::places;
use super::paint::{Paint, below};
use super::table::{HiddenRows, hidden, longest};
use super::theme::Role;

/// The column at which the keys stand.
const KEYS: u16 = 64;

pub fn draw(palette: &Palette, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let prompt =
        paint.line(title, 1, &[(Role::Heading, "Actions"), (Role::Plain, "  "), (Role::Accent, ":")]);
    let end = paint.typed(title, prompt, &palette.input, true);
    let found = palette.found(&paint.world.keymap);
    let hidden = if found.is_empty() {
        draw_none(palette, paint, body)
    } else {
        hidden(found.len(), palette.cursor.offset, body)
    };
    paint.title_end(title, end, &hidden, (Role::Quiet, ""));
    let shown = found.iter().enumerate().skip(palette.cursor.offset);
    for (row, (at, bound)) in body.rows().zip(shown) {
        let is_cursor = at == palette.cursor.at;
        if is_cursor {
            paint.line(row, 1, &[(Role::Accent, paint.symbols().cursor)]);
        }
        let role = if is_cursor { Role::Chosen } else { Role::Plain };
        let end = KEYS.min(row.width.saturating_sub(10));
        paint.cell(row, 3, end.saturating_sub(4), role, bound.binding.help);
        paint.line(row, end, &[(Role::Accent, bound.keys.first().map_or("", String::as_str))]);
    }
}

/// Says that there is no such action here, and where there is one, with its key there; returns how many more there are.
fn draw_none(palette: &Palette, paint: &mut Paint<'_>, body: Rect) -> HiddenRows {
    let elsewhere = palette.elsewhere(&paint.world.keymap);
    let told = if elsewhere.is_empty() { "" } else { " Elsewhere:" };
    let told = format!("No such action on this screen. ‹esc:back› goes back.{told}");
    let lines = wrap(&paint.told(&told), usize::from(body.width.saturating_sub(4)));
    for (row, line) in body.rows().zip(&lines) {
        paint.line(row, 3, &[(Role::Plain, line)]);
    }
    let rest = below(body, lines.len());
    let behind: Vec<(&str, &str)> = elsewhere.iter().map(|bound| place_and_key(bound)).collect();
    let of_places = longest(behind.iter().map(|(place, _)| place));
    let of_keys = longest(behind.iter().map(|(_, key)| key));
    let end = KEYS.min(rest.width.saturating_sub(of_places + of_keys + 3));
    for (row, (bound, (place, key))) in rest.rows().zip(elsewhere.iter().zip(&behind)) {
        paint.cell(row, 3, end.saturating_sub(4), Role::Quiet, bound.binding.help);
        paint.cell(row, end, of_places, Role::Quiet, place);
        paint.cell(row, end + of_places + 1, of_keys, Role::Accent, key);
    }
    hidden(elsewhere.len(), 0, rest)
}

/// Where an action can be done, and by which key there.
fn place_and_key(bound: &Bound) -> (&'static str, &str) {
    let place = places(bound.binding.focus).first().copied().unwrap_or_default();
    (place, bound.keys.first().map(String::as_str).unwrap_or_default())
}
