//! The help overlay: every key, from the table of keys.

use ratatui::layout::Rect;

use crate::app::App;
use crate::app::keymap::{BINDINGS, Focus};

use super::paint::{Paint, row};
use super::theme::Role;

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, title: Rect, body: Rect) {
    paint.line(title, 1, &[(Role::Heading, "Keys")]);
    for (index, binding) in (0..body.height).zip(BINDINGS.iter().skip(app.help)) {
        let row = row(body, index);
        paint.cell(row, 2, 18, Role::Accent, &binding.keys.join("  "));
        paint.cell(row, 21, 42, Role::Plain, binding.help);
        let places: Vec<&str> = binding.focus.iter().map(|focus| place(*focus)).collect();
        paint.cell(row, 64, row.width.saturating_sub(64), Role::Quiet, &places.join(", "));
    }
}

fn place(focus: Focus) -> &'static str {
    match focus {
        Focus::Clusters => "list",
        Focus::Filter => "filter",
        Focus::Details => "details",
        Focus::Form => "form",
        Focus::Review => "review",
        Focus::Sending => "sending",
        Focus::Pane => "in progress",
        Focus::Help => "help",
        Focus::Leaving => "quitting",
        Focus::Unwritten => "review without a journal",
        Focus::History => "history",
        Focus::HistoryFilter => "history's filter",
        Focus::PastRequest => "history's details",
    }
}
