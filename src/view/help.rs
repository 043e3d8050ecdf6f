//! The help overlay: every key in force, from the table of keys.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::keymap::{FORM, Focus};
use crate::app::overrides::Bound;
use crate::app::screens::help::{Help, HelpLine, KEYS, columns, is_general};

use super::nothing;
use super::paint::Paint;
use super::table::hidden;
use super::theme::Role;

/// The column at which places stand, unless what a key means goes further.
const PLACES: u16 = 66;
/// With fewer columns a place cannot be told.
const LEAST_PLACES: u16 = 10;

pub fn draw(help: &Help, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let mut column = paint.line(title, 1, &[(Role::Heading, "Keys")]);
    if help.is_open || !help.input.value().is_empty() {
        column = paint.line(title, column, &[(Role::Accent, "  /")]);
        column = paint.typed(title, column, &help.input, help.is_open);
    }
    let (all, meaning) = help.lines(&paint.world.keymap, body.width);
    if all.is_empty() {
        nothing::draw("No key does this. ‹esc:back› shows all keys.", Role::Plain, paint, body);
    }
    let count = columns(body.width);
    let lines = all.len().div_ceil(count).max(1);
    paint.title_end(title, column, &hidden(lines, help.first, body), (Role::Quiet, ""));
    let areas = Layout::horizontal(vec![Constraint::Fill(1); count]).split(body);
    for (area, part) in areas.iter().zip(all.chunks(lines)) {
        for (row, line) in area.rows().zip(part.iter().skip(help.first)) {
            draw_line(help, line, meaning, paint, row);
        }
    }
}

fn draw_line(help: &Help, line: &HelpLine<'_>, meaning: u16, paint: &mut Paint<'_>, row: Rect) {
    match line {
        HelpLine::Heading(name) => {
            paint.line(row, 1, &[(Role::Heading, name)]);
        }
        HelpLine::More(text) => {
            paint.line(row, meaning, &[(Role::Plain, text)]);
        }
        HelpLine::Keys(bound, text) => {
            let end = paint.line(row, KEYS, &[(Role::Accent, &bound.keys.join(" "))]);
            let end = paint.line(row, end.max(meaning), &[(Role::Plain, text)]) + 2;
            if help.tells_places(bound) {
                draw_places(bound, end, paint, row);
            }
        }
    }
}

/// Draws where a key holds in what is left of its row.
fn draw_places(bound: &Bound, end: u16, paint: &mut Paint<'_>, row: Rect) {
    let told =
        if is_general(bound) { "most places".to_owned() } else { places(bound.binding.focus).join(", ") };
    let at = if end.max(PLACES) + paint.columns_of(&told) < row.width { end.max(PLACES) } else { end };
    let room = row.width.saturating_sub(at + 1);
    if room >= LEAST_PLACES.min(paint.columns_of(&told)) {
        paint.cell(row, at, room, Role::Quiet, &told);
    }
}

/// Where a key holds; the parts of the form only where it does not hold in all of them.
pub fn places(focuses: &[Focus]) -> Vec<&'static str> {
    let is_whole_form = FORM.iter().all(|part| focuses.contains(part));
    let is_told = |focus: &&Focus| !(is_whole_form && FORM.contains(focus));
    let others = focuses.iter().filter(is_told).map(|focus| place(*focus));
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
        Focus::GoOn => "change before",
        Focus::Removal => "clean-up",
        Focus::Retag => "tags",
        Focus::Alterations => "what becomes of it",
        Focus::ChangeReview => "a change's review",
        Focus::ChangeObstructed => "a change, not as it is",
        Focus::Change => "a change",
        Focus::Pane => "in progress",
        Focus::Help => "help",
        Focus::HelpFilter => "help's search",
        Focus::Busy => "review, cluster busy",
        Focus::Requested => "review, request open",
        Focus::Obstructed => "review, not as it is",
        Focus::WaitAgain => "waited before",
        Focus::Leaving => "quitting",
        Focus::Code => "MFA code",
        Focus::Login => "login",
        Focus::Unwritten => "review without a journal",
        Focus::History => "history",
        Focus::HistoryFilter => "history's filter",
        Focus::Record => "history's details",
        Focus::Snapshots => "snapshots",
        Focus::SnapshotFilter => "snapshots' filter",
        Focus::OneSnapshot => "a snapshot",
        Focus::Evidence => "evidence",
        Focus::Messages => "messages",
        Focus::Palette => "actions",
        Focus::Chooser => "profiles and Regions",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::VariantArray as _;

    use super::*;
    use crate::app::keymap::Action;
    use crate::app::overrides::Keymap;

    #[test]
    fn every_focus_has_a_name_a_footer_and_a_help_of_its_own_and_a_way_out_in_them() {
        let keymap = Keymap::default();
        let names: HashSet<&str> = Focus::VARIANTS.iter().copied().map(place).collect();
        assert_eq!(names.len(), Focus::VARIANTS.len(), "{names:?}");
        for focus in Focus::VARIANTS.iter().copied() {
            let labelled = || keymap.rows(focus).filter(|row| row.binding.footer.is_some());
            let leaves = |row: &Bound| {
                use Action::{Back, DropWait, KeepFilter, Quit, QuitAnyway};
                matches!(row.binding.action, Back | DropWait | KeepFilter | Quit | QuitAnyway)
            };
            assert!(labelled().any(leaves), "{focus:?} has no way out in its footer");
            let labels: Vec<&str> = labelled().filter_map(|row| row.binding.footer).collect();
            let different: HashSet<&&str> = labels.iter().collect();
            assert_eq!(different.len(), labels.len(), "two keys of {focus:?} are labelled alike: {labels:?}");
            let help = Help::over(focus).rows(&keymap);
            assert!(matches!(help.get(1), Some(HelpLine::Keys(..))), "{focus:?} has nothing in its help");
        }
    }
}
