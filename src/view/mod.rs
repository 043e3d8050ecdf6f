//! The state as a frame: one file per part of the screen.
//!
//! Reads, never decides: what is shown follows from [`App`] and the time alone. Text from outside
//! becomes safe on the way ([`crate::domain::text::escaped`]).

mod clusters;
mod details;
mod footer;
mod form;
mod header;
mod help;
mod history;
mod messages;
mod note;
mod paint;
mod palette;
mod pane;
mod review;
mod snapshots;
pub mod theme;
mod waiting;
mod words;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::layout::Layout;
use crate::app::{App, Now, Overlay, Screen};

use paint::Paint;

/// Draws the whole program.
pub fn draw(app: &App, frame: &mut Frame<'_>, now: &Now) {
    let area = frame.area();
    let layout = Layout::of(app);
    let mut rest = area;
    let header = take_top(&mut rest, layout.header);
    let title = take_top(&mut rest, layout.title);
    let columns = take_top(&mut rest, layout.columns);
    let body = take_top(&mut rest, layout.body);
    take_top(&mut rest, layout.gap);
    let waiting = take_top(&mut rest, layout.waiting);
    let pane = take_top(&mut rest, layout.pane);
    let note = take_top(&mut rest, layout.note);
    let mut paint = Paint::new(frame, app.look);
    header::draw(app, &mut paint, header);
    match (&app.overlay, &app.screen) {
        (Some(Overlay::Help), _) => help::draw(app, &mut paint, title, body),
        (Some(Overlay::Messages), _) => messages::draw(app, &mut paint, title, body, now),
        (Some(Overlay::Palette), _) => palette::draw(app, &mut paint, title, body),
        (_, Screen::Clusters) => clusters::draw(app, &mut paint, [title, columns, body], now),
        (_, Screen::Details(id)) => details::draw(app, id, &mut paint, title, body, now),
        (_, Screen::Form(_)) => form::draw(app, &mut paint, title, body, now),
        (_, Screen::Review(request)) => review::draw(app, request, None, &mut paint, title, body),
        (_, Screen::History) => history::draw(app, &mut paint, [title, columns, body], now),
        (_, Screen::Snapshots) => snapshots::draw(app, &mut paint, [title, columns, body], now),
        (_, Screen::Snapshot | Screen::Evidence) => {
            snapshots::draw_opened(app, &mut paint, [title, body], now);
        }
        (_, Screen::Record) => history::draw_request(app, &mut paint, [title, body], now),
        (_, Screen::Sending(id, request)) => review::draw(app, request, Some(*id), &mut paint, title, body),
    }
    waiting::draw(app, &mut paint, waiting, now);
    pane::draw(app, &mut paint, pane, now);
    note::draw(app, &mut paint, note, now);
    footer::draw(app, &mut paint, rest);
}

/// Cuts `rows` off the top of what is left.
fn take_top(rest: &mut Rect, rows: u16) -> Rect {
    let rows = rows.min(rest.height);
    let top = Rect { height: rows, ..*rest };
    rest.y += rows;
    rest.height -= rows;
    top
}
