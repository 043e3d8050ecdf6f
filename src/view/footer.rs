//! The last row: what can be done, from the table of keys.

use ratatui::layout::Rect;

use crate::app::keymap::Action;
use crate::app::overrides::Bound;
use crate::app::ui::Ui;
use crate::app::world::World;

use super::paint::Paint;
use super::theme::Role;

pub fn draw(world: &World, ui: &Ui, paint: &mut Paint<'_, '_>, row: Rect) {
    let has_no_rows = ui.prompt.is_none() && ui.screen().is_empty();
    let labelled: Vec<&Bound> = world
        .keymap
        .rows(ui.focus(world))
        .filter(|row| row.binding.footer.is_some() && !row.keys.is_empty())
        .filter(|row| is_of_use(row.binding.action, has_no_rows))
        .collect();
    // The ways out have their room first; what is shown keeps the order of the table.
    let mut ranked: Vec<usize> = (0..labelled.len()).collect();
    let is_first = |bound: &&Bound| is_way_out(bound) || (has_no_rows && is_way_on(bound));
    ranked.sort_by_key(|at| !labelled.get(*at).is_some_and(is_first));
    let mut shown = vec![false; labelled.len()];
    let marked = match ui.screen().marked(world) {
        0 => String::new(),
        count => format!("{count} marked  "),
    };
    let first = 1 + paint.columns_of(&marked);
    let mut used = first;
    for (rank, at) in ranked.into_iter().enumerate() {
        let width = labelled.get(at).map_or(0, |bound| paint.columns_of(&text(bound)) + 2);
        if used + width > row.width + 2 && rank > 0 {
            break;
        }
        used += width;
        if let Some(shown) = shown.get_mut(at) {
            *shown = true;
        }
    }
    paint.line(row, 1, &[(Role::Heading, &marked)]);
    let mut column = first;
    for (bound, _) in labelled.iter().zip(shown).filter(|(_, shown)| *shown) {
        let (Some(label), Some(key)) = (bound.binding.footer, bound.keys.first()) else { continue };
        column =
            paint.line(row, column, &[(Role::Accent, key), (Role::Plain, " "), (Role::Quiet, label)]) + 2;
    }
}

/// Whether a key is worth its room: without rows there is nothing to open, and with some no need of the
/// simulator.
fn is_of_use(action: Action, has_no_rows: bool) -> bool {
    match action {
        Action::Snapshot
        | Action::Details
        | Action::Filter
        | Action::Sort
        | Action::Copy
        | Action::Evidence
        | Action::OtherPane => !has_no_rows,
        Action::Demo => has_no_rows,
        _ => true,
    }
}

/// What helps where there is nothing in the list.
fn is_way_on(bound: &Bound) -> bool {
    matches!(bound.binding.action, Action::Refresh | Action::Demo)
}

fn is_way_out(bound: &Bound) -> bool {
    let is_escape = bound.keys.first().is_some_and(|key| key == "esc");
    is_escape || matches!(bound.binding.action, Action::Back | Action::Quit | Action::QuitAnyway)
}

fn text(bound: &Bound) -> String {
    format!("{} {}", bound.keys.first().map_or("", String::as_str), bound.binding.footer.unwrap_or_default())
}
