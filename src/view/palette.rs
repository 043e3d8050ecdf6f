//! The palette of actions.

use ratatui::layout::Rect;

use crate::app::screens::palette::Palette;
use crate::app::world::World;

use super::help::places;
use super::paint::{Paint, row};
use super::table::hidden;
use super::theme::Role;

/// The column at which the keys stand.
const KEYS: u16 = 64;

pub fn draw(world: &World, palette: &Palette, paint: &mut Paint<'_, '_>, [title, body]: [Rect; 2]) {
    let prompt =
        paint.line(title, 1, &[(Role::Heading, "Actions"), (Role::Plain, "  "), (Role::Accent, ":")]);
    let end = paint.line(title, prompt, &[(Role::Plain, palette.input.value())]);
    let before: String = palette.input.value().chars().take(palette.input.cursor()).collect();
    let cursor = prompt.saturating_add(paint.columns_of(&before));
    paint.place_cursor(title, cursor);
    let found = palette.found(&world.keymap);
    if found.is_empty() {
        draw_none(world, palette, paint, body);
    }
    let hidden = hidden(found.len(), palette.cursor.offset, body);
    paint.title_end(title, end, &hidden, (Role::Quiet, ""));
    let shown = found.iter().enumerate().skip(palette.cursor.offset);
    for (index, (at, bound)) in (0..body.height).zip(shown) {
        let row = row(body, index);
        let is_cursor = at == palette.cursor.at;
        if is_cursor {
            paint.line(row, 1, &[(Role::Accent, paint.symbols().cursor)]);
        }
        let role = if is_cursor { Role::Chosen } else { Role::Plain };
        let end = KEYS.min(row.width.saturating_sub(10));
        paint.cell(row, 3, end.saturating_sub(4), role, bound.binding.help);
        let keys = bound.keys.first().map(String::as_str).unwrap_or_default();
        paint.cell(row, end, row.width.saturating_sub(end), Role::Accent, keys);
    }
}

/// Says that there is no such action here, and where there is one.
fn draw_none(world: &World, palette: &Palette, paint: &mut Paint<'_, '_>, body: Rect) {
    paint.line(row(body, 0), 3, &[(Role::Plain, "No such action on this screen. esc goes back.")]);
    for (index, bound) in (1..body.height).zip(palette.elsewhere(&world.keymap)) {
        let place = places(bound.binding.focus).first().copied().unwrap_or_default();
        let told = format!("elsewhere ({place}): {}", bound.binding.help);
        paint.line(row(body, index), 3, &[(Role::Quiet, &told)]);
    }
}
