//! The messages so far.

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::screens::messages::{MessageRow, Messages, rows};
use crate::app::world::World;

use super::note;
use super::nothing::{self, Nothing};
use super::paint::{Paint, row};
use super::table::hidden;
use super::theme::Role;
use super::words;

pub fn draw(
    world: &World,
    messages: &Messages,
    paint: &mut Paint<'_, '_>,
    [title, body]: [Rect; 2],
    now: &Now,
) {
    let told = world.notices.messages().len();
    let count = format!("  {told}");
    let column = paint.line(title, 1, &[(Role::Heading, "Messages"), (Role::Plain, &count)]);
    if told == 0 {
        nothing::draw(Role::Plain, &[Nothing::Messages.words(nothing::EmptyFacts::default())], paint, body);
        return;
    }
    let rows = rows(world);
    paint.title_end(title, column, &hidden(rows.len(), messages.first, body), (Role::Quiet, ""));
    for (index, line) in (0..body.height).zip(rows.iter().skip(messages.first)) {
        let row = row(body, index);
        match line {
            MessageRow::Told(tone, at) => {
                let (role, symbol) = note::symbol(*tone, paint.symbols());
                paint.line(row, 1, &[(role, symbol)]);
                paint.line(row, 3, &[(Role::Quiet, &words::told_at(*at, &now.wall))]);
            }
            MessageRow::Text(text) => {
                paint.line(row, 3, &[(Role::Plain, text)]);
            }
        }
    }
}
