//! The state as a frame: one file per part of the screen.
//!
//! Reads, never decides: what is shown follows from [`App`] and the time alone. Text from outside
//! becomes safe on the way ([`crate::domain::text::escaped`]).

mod change;
mod change_facts;
mod change_form;
mod change_review;
mod chooser;
mod clusters;
mod code;
mod details;
mod footer;
mod form;
mod header;
mod help;
mod history;
mod login;
mod messages;
mod note;
mod nothing;
mod paint;
mod palette;
mod pane;
mod places;
mod remarks;
mod removal;
mod retag;
mod review;
mod snapshots;
mod story;
mod table;
mod theme;
mod title;
mod waiting;
mod words;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::layout::Layout;
use crate::app::screens::AnyScreen;
use crate::app::{App, Now};

use paint::Paint;

/// Draws the whole program.
pub fn draw(app: &App, frame: &mut Frame<'_>, now: &Now) {
    let area = frame.area();
    let mut rest = area;
    let Layout { header, title, columns, body, gap, failed, waiting, pane, note, footer: _ } =
        app.world.layout;
    let [header, title, columns, body, _, failed, waiting, pane, note] =
        [header, title, columns, body, gap, failed, waiting, pane, note]
            .map(|rows| take_top(&mut rest, rows));
    let paint = &mut Paint::new(frame.buffer_mut(), app, now);
    header::draw(paint, header);
    let (table, text) = ([title, columns, body], [title, body]);
    match app.ui.top() {
        None => clusters::draw(&app.ui.home, paint, table),
        Some(AnyScreen::Page(one)) => details::draw(one, paint, text),
        Some(AnyScreen::Form(form)) => form::draw(form, paint, text),
        Some(AnyScreen::ChangeForm(_)) => change_form::draw(paint, text),
        Some(AnyScreen::ChangeReview(review)) => change_review::draw(review, paint, table),
        Some(AnyScreen::Change(change)) => change::draw(change, paint, table),
        Some(AnyScreen::Removal(plan)) => removal::draw_plan(plan, paint, table),
        Some(AnyScreen::Retag(retag)) => retag::draw(retag, paint, table),
        Some(AnyScreen::Alterations(orders)) => removal::draw_orders(orders, paint, table),
        Some(AnyScreen::Review(review)) => review::draw(review, paint, text),
        Some(AnyScreen::History(history)) => history::draw(history, paint, table),
        Some(AnyScreen::Snapshots(list)) => snapshots::draw(list, paint, table),
        Some(AnyScreen::Help(help)) => help::draw(help, paint, text),
        Some(AnyScreen::Messages(messages)) => messages::draw(messages, paint, text),
        Some(AnyScreen::Chooser(chooser)) => chooser::draw(chooser, paint, table),
        Some(AnyScreen::Code(code)) => code::draw(code, paint, text),
        Some(AnyScreen::Login(login)) => login::draw(login, paint, text),
        Some(AnyScreen::Palette(palette)) => palette::draw(palette, paint, text),
    }
    places::draw_failed(paint, failed);
    waiting::draw(paint, waiting);
    pane::draw(paint, pane);
    note::draw(paint, note);
    footer::draw(paint, rest);
    if let Some(cursor) = paint.cursor {
        frame.set_cursor_position(cursor);
    }
}

/// Cuts `rows` off the top of what is left.
fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let top = Rect { height: rows, ..*rest };
    rest.y += rows;
    rest.height -= rows;
    top
}
