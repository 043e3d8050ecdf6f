//! The last row: what can be done, from the table of keys.

use ratatui::layout::Rect;

use crate::app::App;
use crate::app::bound::Bound;
use crate::app::keymap::Action;

use super::paint::Paint;
use super::theme::Role;

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, row: Rect) {
    let mut shown = Vec::new();
    let mut used = 1;
    let labelled: Vec<&Bound> = app
        .keymap
        .rows(app.focus())
        .filter(|row| row.binding.footer.is_some() && !row.keys.is_empty())
        .collect();
    // The ways out have their room first; what is shown keeps the order of the table.
    let ways_out = labelled.iter().filter(|row| is_way_out(row.binding.action));
    let others = labelled.iter().filter(|row| !is_way_out(row.binding.action));
    for (rank, bound) in ways_out.chain(others).enumerate() {
        let width = paint.columns_of(&text(bound)) + 2;
        if used + width > row.width + 2 && rank > 0 {
            break;
        }
        used += width;
        shown.push(bound.binding.action);
    }
    let mut column = 1;
    for bound in labelled.iter().filter(|bound| shown.contains(&bound.binding.action)) {
        let (Some(label), Some(key)) = (bound.binding.footer, bound.keys.first()) else { continue };
        column =
            paint.line(row, column, &[(Role::Accent, key), (Role::Plain, " "), (Role::Quiet, label)]) + 2;
    }
}

fn is_way_out(action: Action) -> bool {
    matches!(action, Action::Back | Action::Quit | Action::QuitAnyway)
}

fn text(bound: &Bound) -> String {
    format!("{} {}", bound.keys.first().map_or("", String::as_str), bound.binding.footer.unwrap_or_default())
}
