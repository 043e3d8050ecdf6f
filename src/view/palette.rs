//! The palette of actions.

use ratatui::layout::Rect;

use crate::app::screens::palette::Palette;
use crate::app::world::World;

use super::help::places;
use super::paint::{Paint, row};
use super::theme::Role;

/// The columns at which the keys and the place stand.
const KEYS: u16 = 52;
const PLACE: u16 = 64;

pub fn draw(world: &World, palette: &Palette, paint: &mut Paint<'_, '_>, [title, body]: [Rect; 2]) {
    let prompt =
        paint.line(title, 1, &[(Role::Heading, "Actions"), (Role::Plain, "  "), (Role::Accent, ":")]);
    paint.line(title, prompt, &[(Role::Plain, palette.input.value())]);
    let before: String = palette.input.value().chars().take(palette.input.cursor()).collect();
    let cursor = prompt.saturating_add(paint.columns_of(&before));
    paint.place_cursor(title, cursor);
    let found = palette.found(&world.keymap);
    if found.is_empty() {
        paint.line(row(body, 0), 3, &[(Role::Plain, "No action is called so. esc goes back.")]);
    }
    let shown = found.iter().enumerate().skip(palette.cursor.offset);
    for (index, (at, entry)) in (0..body.height).zip(shown) {
        let row = row(body, index);
        if at == palette.cursor.at {
            paint.line(row, 1, &[(Role::Accent, paint.symbols().cursor)]);
        }
        let role = if entry.is_here { Role::Plain } else { Role::Quiet };
        let binding = entry.row.binding;
        let is_wide = row.width > PLACE + 8;
        let end = if is_wide { KEYS - 1 } else { row.width.saturating_sub(10) };
        paint.cell(row, 3, end.saturating_sub(3), role, binding.help);
        let keys = entry.row.keys.first().map(String::as_str).unwrap_or_default();
        paint.cell(row, end + 1, PLACE - KEYS - 1, Role::Accent, keys);
        if is_wide && !entry.is_here {
            let told = format!("in: {}", places(binding.focus).first().copied().unwrap_or_default());
            paint.cell(row, PLACE, row.width - PLACE, Role::Quiet, &told);
        }
    }
}
