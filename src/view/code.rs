//! The code of an MFA device: a star for each digit.

use ratatui::layout::Rect;

use crate::app::screens::code::CodeScreen;
use crate::domain::text::wrap;

use super::paint::{Paint, row};
use super::theme::Role;

pub fn draw(code: &CodeScreen, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    paint.line(title, 1, &[(Role::Heading, "Code of an MFA device")]);
    let room = usize::from(paint.world.columns().saturating_sub(4)).max(1);
    let mut lines = wrap(&paint.shown(&code.why), room);
    lines.truncate(usize::from(body.height.saturating_sub(3)));
    for (row, line) in body.rows().zip(&lines) {
        paint.line(row, 3, &[(Role::Quiet, line)]);
    }
    let at = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(1);
    let (row, stars) = (row(body, at), "*".repeat(code.typed()));
    let parts = [(Role::Plain, code.device.as_str()), (Role::Plain, ": "), (Role::Accent, &stars)];
    let cursor = paint.line(row, 3, &parts);
    paint.place_cursor(row, cursor);
}
