//! The messages so far.

use ratatui::layout::Rect;

use crate::app::screens::messages::{MessageRow, Messages, rows};

use super::note;
use super::nothing;
use super::paint::Paint;
use super::table::hidden;
use super::theme::Role;
use super::words;

pub fn draw(messages: &Messages, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let world = paint.world;
    let told = world.notices.messages().len();
    let column = paint.line(title, 1, &[(Role::Heading, "Messages"), (Role::Plain, &format!("  {told}"))]);
    if told == 0 {
        return nothing::draw(
            "No messages yet. The last 100 are kept until you quit.",
            Role::Plain,
            paint,
            body,
        );
    }
    let rows = rows(world);
    paint.title_end(title, column, &hidden(rows.len(), messages.first, body), (Role::Quiet, ""));
    for (row, line) in body.rows().zip(rows.iter().skip(messages.first)) {
        match line {
            MessageRow::Told(tone, at) => {
                let (role, symbol) = note::symbol(*tone, paint.symbols());
                paint.line(row, 1, &[(role, symbol)]);
                paint.line(row, 3, &[(Role::Quiet, &words::told_at(*at, &paint.now.wall))]);
            }
            MessageRow::Text(text) => {
                paint.line(row, 3, &[(Role::Plain, text)]);
            }
        }
    }
}
