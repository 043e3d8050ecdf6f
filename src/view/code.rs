//! The code of an MFA device: a star for each digit.

use ratatui::layout::Rect;

use crate::app::screens::code::CodeScreen;
use crate::app::telling::capitalized;
use crate::domain::text::wrap;

use super::paint::{Paint, row};
use super::theme::Role;

/// The columns of a code, with what stands before and behind it.
const STARS: u16 = 9;

pub fn draw(code: &CodeScreen, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    paint.line(title, 1, &[(Role::Heading, "Code of an MFA device")]);
    let room = usize::from(paint.world.viewport.0.saturating_sub(4)).max(1);
    let mut lines = wrap(&paint.shown(&capitalized(&code.why)), room);
    lines.truncate(usize::from(body.height.saturating_sub(3)));
    for (row, line) in body.rows().zip(&lines) {
        paint.line(row, 3, &[(Role::Quiet, line)]);
    }
    let at = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(1);
    let (row, stars) = (row(body, at), "*".repeat(code.typed()));
    // The stars have their room before a long name of the device.
    let room = row.width.saturating_sub(STARS + 3);
    let column = paint.name(row, 3, room, Role::Plain, &code.device);
    let cursor = paint.line(row, column, &[(Role::Plain, ": "), (Role::Accent, &stars)]);
    paint.place_cursor(row, cursor);
}
