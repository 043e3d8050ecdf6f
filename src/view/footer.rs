//! The last row: what can be done, from the table of keys.

use ratatui::layout::Rect;

use crate::app::keymap::{Action, Focus};
use crate::app::overrides::Bound;

use super::paint::Paint;
use super::theme::Role;

/// What can be typed as a filter, in full and in short.
const LANGUAGE: [&str; 2] =
    ["words, key=value, status:, age>2h, -not, ~like", "words, key=value, age>2h, -not, ~like"];

pub fn draw(paint: &mut Paint<'_>, row: Rect) {
    let (world, ui) = (paint.world, paint.ui);
    let labelled: Vec<&Bound> = world
        .keymap
        .rows(ui.focus(world))
        .filter(|row| row.binding.footer.is_some() && !row.keys.is_empty())
        .filter(|row| is_of_use(row.binding.action, paint))
        .collect();
    // The ways out have their room first; what is shown keeps the order of the table.
    let mut ranked: Vec<(usize, &Bound)> = labelled.into_iter().enumerate().collect();
    ranked.sort_by_key(|(_, bound)| rank(bound, paint));
    let marked = match ui.screen().marked(world) {
        0 => String::new(),
        count => format!("{count} marked  "),
    };
    let first = 1 + paint.columns_of(&marked);
    let mut used = first;
    let fits = |(_, bound): &&(usize, &Bound)| {
        let is_first = used == first;
        used = used.saturating_add(paint.columns_of(&text(bound, paint)) + 2);
        is_first || used <= row.width.saturating_add(2)
    };
    let mut shown: Vec<_> = ranked.iter().take_while(fits).collect();
    shown.sort_by_key(|(at, _)| at);
    paint.line(row, 1, &[(Role::Heading, &marked)]);
    let mut column = first;
    for (_, bound) in shown {
        let Some(key) = bound.keys.first() else { continue };
        let parts = [(Role::Accent, key.as_str()), (Role::Plain, " "), (Role::Quiet, label(bound, paint))];
        column = paint.line(row, column, &parts) + 2;
    }
    if matches!(ui.focus(world), Focus::Filter | Focus::SnapshotFilter | Focus::HistoryFilter) {
        draw_language(paint, row, column + 1);
    }
}

/// What can be typed as a filter, as far as there is room.
fn draw_language(paint: &mut Paint<'_>, row: Rect, column: u16) {
    let room = row.width.saturating_sub(column);
    if let Some(told) = LANGUAGE.iter().find(|told| paint.columns_of(told) <= room) {
        paint.line(row, column, &[(Role::Quiet, told)]);
    }
}

/// Whether a key is worth its room: without rows there is nothing to open, and with some no need of the simulator.
fn is_of_use(action: Action, paint: &Paint<'_>) -> bool {
    let (world, ui) = (paint.world, paint.ui);
    let pane = &ui.home.pane;
    match action {
        _ if ui.prompt.is_none() && !ui.screen().offers(action) => false,
        Action::Snapshot
        | Action::Details
        | Action::Sort
        | Action::Copy
        | Action::CopyArn
        | Action::Evidence
        | Action::Mark
        | Action::Remove
        | Action::Retag
        | Action::Run => !has_no_rows(paint),
        Action::Filter => !has_no_rows(paint) || is_filtered(paint),
        Action::Demo => {
            let place = world.place();
            has_no_rows(paint) && !is_filtered(paint) && place.may_become_demo() && !place.target().is_demo
        }
        Action::KeepFilter => ui.screen().filter().is_none_or(|filter| filter.doubt().is_none()),
        Action::OtherPane => pane.is_focused || !world.places.followed().is_empty(),
        Action::Acknowledge => pane.chosen(world).is_some_and(|(_, row)| !row.is_open()),
        Action::Disarm => ui.screen().in_hand(world).is_some_and(|(place, cluster)| {
            world.at(place).waits.rows.iter().any(|row| row.wait.request.cluster == cluster)
        }),
        _ => true,
    }
}

fn has_no_rows(paint: &Paint<'_>) -> bool {
    paint.ui.prompt.is_none() && paint.ui.screen().is_empty(paint.world)
}

/// Whether a filter may hide what there is.
fn is_filtered(paint: &Paint<'_>) -> bool {
    paint.ui.screen().filter().is_some_and(|filter| !filter.is_empty())
}

/// Which keys have their room first: the ways out, and what a person is waited for with; those that are rarely wanted
/// have it last.
fn rank(bound: &Bound, paint: &Paint<'_>) -> u8 {
    match bound.binding.action {
        _ if is_way_out(bound) => 0,
        Action::Acknowledge | Action::Disarm => 0,
        // What helps where there is nothing in the list.
        Action::Refresh | Action::Demo if has_no_rows(paint) && !is_filtered(paint) => 0,
        Action::History if paint.ui.home.pane.is_focused => 2,
        Action::CopyArn => 2,
        _ => 1,
    }
}

fn is_way_out(bound: &Bound) -> bool {
    let is_escape = bound.keys.first().is_some_and(|key| key == "esc");
    is_escape || matches!(bound.binding.action, Action::Back | Action::Quit | Action::QuitAnyway)
}

fn text(bound: &Bound, paint: &Paint<'_>) -> String {
    format!("{} {}", bound.keys.first().map_or("", String::as_str), label(bound, paint))
}

/// What a key does as it stands.
fn label(bound: &Bound, paint: &Paint<'_>) -> &'static str {
    let undoes = || paint.ui.screen().undoes(bound.binding.action, paint.world);
    // In a question a key is none of the screen below it.
    let undoes = paint.ui.prompt.is_none().then(undoes).flatten();
    undoes.or(bound.binding.footer).unwrap_or_default()
}
