//! The messages so far.

use ratatui::layout::Rect;

use crate::app::screens::messages::Row;
use crate::app::{App, Now};

use super::help::more_below;
use super::note;
use super::paint::{Paint, row};
use super::theme::Role;
use super::words;

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, title: Rect, body: Rect, now: &Now) {
    let messages = &app.messages;
    let count = format!("  {}", messages.len());
    let column = paint.line(title, 1, &[(Role::Heading, "Messages"), (Role::Plain, &count)]);
    if messages.is_empty() {
        let text = "No messages yet. The last 100 are kept until you quit.";
        for (index, line) in
            (0..body.height).zip(crate::domain::text::wrap(text, usize::from(body.width.saturating_sub(4))))
        {
            paint.line(row(body, index), 3, &[(Role::Plain, &line)]);
        }
        return;
    }
    let rows = messages.rows(app.viewport.0);
    more_below(rows.len(), messages.offset, paint, title, column, body);
    for (index, line) in (0..body.height).zip(rows.iter().skip(messages.offset)) {
        let row = row(body, index);
        match line {
            Row::Told(tone, at) => {
                let (role, symbol) = note::symbol(*tone, paint.symbols());
                paint.line(row, 1, &[(role, symbol)]);
                paint.line(row, 3, &[(Role::Quiet, &words::told_at(*at, &now.wall))]);
            }
            Row::Text(text) => {
                paint.line(row, 3, &[(Role::Plain, text)]);
            }
        }
    }
}
