//! The last row: what can be done, from the table of keys.

use ratatui::layout::Rect;

use crate::app::App;
use crate::app::keymap::{self, Focus};

use super::paint::Paint;
use super::theme::Role;

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, row: Rect) {
    let focus = app.focus();
    let mut column = 1;
    if focus == Focus::Leaving {
        let question = if app.is_sending() && row.width >= 200 {
            "A request is under way and cannot be taken back. It goes on for up to 10 s, is journalled, and \
             clustersnap history tells what became of it. "
        } else if app.is_sending() {
            "A request is under way. "
        } else {
            "A request waits; the next start asks about it. "
        };
        column = paint.line(row, column, &[(Role::Doubt, question)]);
    }
    for binding in keymap::bindings(focus) {
        let (Some(label), Some(key)) = (binding.footer, binding.keys.first()) else { continue };
        let width = u16::try_from(key.len() + label.len() + 3).unwrap_or(u16::MAX);
        if column + width > row.width + 2 {
            break;
        }
        column =
            paint.line(row, column, &[(Role::Accent, key), (Role::Plain, " "), (Role::Quiet, label)]) + 2;
    }
}
