//! The last row: what can be done, from the table of keys.

use ratatui::layout::Rect;

use crate::app::App;

use super::paint::Paint;
use super::theme::Role;

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, row: Rect) {
    let mut column = 1;
    for binding in app.keymap.rows(app.focus()) {
        let (Some(label), Some(key)) = (binding.binding.footer, binding.keys.first()) else { continue };
        let width = u16::try_from(key.len() + label.len() + 3).unwrap_or(u16::MAX);
        if column + width > row.width + 2 {
            break;
        }
        column =
            paint.line(row, column, &[(Role::Accent, key), (Role::Plain, " "), (Role::Quiet, label)]) + 2;
    }
}
