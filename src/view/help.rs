//! The help overlay: every key, from the table of keys.

use ratatui::layout::Rect;

use crate::app::App;
use crate::app::keymap::{BINDINGS, Binding, FORM, Focus};

use super::paint::{Paint, row};
use super::theme::Role;

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, title: Rect, body: Rect) {
    paint.line(title, 1, &[(Role::Heading, "Keys")]);
    for (index, binding) in (0..body.height).zip(BINDINGS.iter().skip(app.help)) {
        let row = row(body, index);
        paint.cell(row, 2, 18, Role::Accent, &binding.keys.join("  "));
        paint.cell(row, 21, 42, Role::Plain, binding.help);
        paint.cell(row, 64, row.width.saturating_sub(64), Role::Quiet, &places(binding).join(", "));
    }
}

/// Where a key holds; the parts of the form only where it does not hold in all of them.
fn places(binding: &Binding) -> Vec<&'static str> {
    let is_whole_form = FORM.iter().all(|part| binding.focus.contains(part));
    let is_told = |focus: &&Focus| !(is_whole_form && FORM.contains(focus));
    let others = binding.focus.iter().filter(is_told).map(|focus| place(*focus));
    is_whole_form.then_some("form").into_iter().chain(others).collect()
}

fn place(focus: Focus) -> &'static str {
    match focus {
        Focus::Clusters => "list",
        Focus::Filter => "filter",
        Focus::Details => "details",
        Focus::Form => "form: name",
        Focus::Tags => "form: tags",
        Focus::Buttons => "form: buttons",
        Focus::Typing => "confirming",
        Focus::Review => "review",
        Focus::Sending => "sending",
        Focus::Pane => "in progress",
        Focus::Help => "help",
        Focus::Busy => "review, cluster busy",
        Focus::WaitAgain => "waited before",
        Focus::Leaving => "quitting",
        Focus::Unwritten => "review without a journal",
        Focus::History => "history",
        Focus::HistoryFilter => "history's filter",
        Focus::PastRequest => "history's details",
        Focus::Snapshots => "snapshots",
        Focus::SnapshotFilter => "snapshots' filter",
        Focus::OneSnapshot => "a snapshot",
        Focus::Evidence => "evidence",
    }
}
