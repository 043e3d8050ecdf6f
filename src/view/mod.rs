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

use crate::app::screens::AnyScreen;
use crate::app::{App, Now};

use paint::Paint;

/// Draws the whole program.
pub fn draw(app: &App, frame: &mut Frame<'_>, now: &Now) {
    let area = frame.area();
    let (world, ui) = (&app.world, &app.ui);
    let layout = world.layout;
    let mut rest = area;
    let header = take_top(&mut rest, layout.header);
    let title = take_top(&mut rest, layout.title);
    let columns = take_top(&mut rest, layout.columns);
    let body = take_top(&mut rest, layout.body);
    take_top(&mut rest, layout.gap);
    let failed = take_top(&mut rest, layout.failed);
    let waiting = take_top(&mut rest, layout.waiting);
    let pane = take_top(&mut rest, layout.pane);
    let note = take_top(&mut rest, layout.note);
    let mut paint = Paint::new(frame, world.look);
    header::draw(world, ui, &mut paint, header);
    let (table, text) = ([title, columns, body], [title, body]);
    match ui.top() {
        None => clusters::draw(world, &ui.home, &mut paint, table, now),
        Some(AnyScreen::Details(details)) => details::draw(world, details, &mut paint, text, now),
        Some(AnyScreen::Form(form)) => form::draw(world, form, &mut paint, text),
        Some(AnyScreen::ChangeForm(_)) => change_form::draw(world, &mut paint, text, now),
        Some(AnyScreen::ChangeReview(review)) => change_review::draw(world, review, &mut paint, table),
        Some(AnyScreen::Change(change)) => change::draw(world, change, &mut paint, table, now),
        Some(AnyScreen::Removal(plan)) => removal::draw_plan(world, plan, &mut paint, table, now),
        Some(AnyScreen::Retag(retag)) => retag::draw(world, retag, &mut paint, table, now),
        Some(AnyScreen::Alterations(orders)) => removal::draw_orders(world, orders, &mut paint, table, now),
        Some(AnyScreen::Review(review)) => review::draw(world, review, &mut paint, text),
        Some(AnyScreen::History(history)) => history::draw(world, history, &mut paint, table, now),
        Some(AnyScreen::Snapshots(list)) => snapshots::draw(world, list, &mut paint, table, now),
        Some(AnyScreen::Snapshot(one)) => {
            let rows = one.rows(world);
            let what = ("Snapshot  ", one.snapshot.id.as_str());
            details::draw_page(what, (&rows, one.first), &mut paint, text, now);
        }
        Some(AnyScreen::Evidence(card)) => {
            let rows = card.rows(world.page());
            let what = ("Evidence  ", card.snapshot.id.as_str());
            details::draw_page(what, (&rows, card.first), &mut paint, text, now);
        }
        Some(AnyScreen::Help(help)) => help::draw(world, help, &mut paint, text),
        Some(AnyScreen::Messages(messages)) => messages::draw(world, messages, &mut paint, text, now),
        Some(AnyScreen::Chooser(chooser)) => chooser::draw(world, chooser, &mut paint, table),
        Some(AnyScreen::Code(code)) => code::draw(world, code, &mut paint, text),
        Some(AnyScreen::Login(login)) => login::draw(world, login, &mut paint, text),
        Some(AnyScreen::Palette(palette)) => palette::draw(world, palette, &mut paint, text),
    }
    places::draw_failed(world, &mut paint, failed);
    waiting::draw(world, ui, &mut paint, waiting, now);
    pane::draw(world, ui, &mut paint, pane, now);
    note::draw(world, ui, &mut paint, note, now);
    footer::draw(world, ui, &mut paint, rest);
}

/// Cuts `rows` off the top of what is left.
fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let top = Rect { height: rows, ..*rest };
    rest.y += rows;
    rest.height -= rows;
    top
}
