//! The palette: every action by its name, those first that can be done where the focus was.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use super::super::bound::{Bound, Keymap};
use super::super::keymap::{Action, Focus};
use super::super::list::ListCursor;

/// The state of the palette.
#[derive(Debug, Default)]
pub struct Palette {
    /// What is looked for.
    pub input: Input,
    /// The cursor.
    pub cursor: ListCursor,
}

/// An action that was found.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The row of the table, with the keys in force.
    pub row: &'a Bound,
    /// Whether it can be done where the focus was.
    pub is_here: bool,
}

impl Palette {
    /// The actions whose names match, the best match first.
    #[must_use]
    pub fn found<'a>(&self, keymap: &'a Keymap, focus: Focus) -> Vec<Entry<'a>> {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(self.input.value(), CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, Entry<'a>)> = entries(keymap, focus)
            .into_iter()
            .filter_map(|entry| {
                let binding = entry.row.binding;
                let text = format!("{} {}", binding.action.name().replace('_', " "), binding.help);
                let score = pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher)?;
                Some((score, entry))
            })
            .collect();
        scored.sort_by_key(|(score, entry)| (!entry.is_here, std::cmp::Reverse(*score)));
        scored.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// Every action once: with the words of the place where the focus was, if it can be done there.
fn entries(keymap: &Keymap, focus: Focus) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let here = keymap.rows(focus).map(|row| Entry { row, is_here: true });
    let others = keymap.all().iter().map(|row| Entry { row, is_here: false });
    for entry in here.chain(others) {
        let action = entry.row.binding.action;
        let is_known = entries.iter().any(|known| known.row.binding.action == action);
        if !is_known && !matches!(action, Action::Run | Action::Palette) {
            entries.push(entry);
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::super::super::bound::actions;
    use super::*;

    #[test]
    fn every_action_is_found_by_its_name() {
        let keymap = Keymap::default();
        for (action, _) in actions() {
            let input = Input::new(action.name().replace('_', " "));
            let palette = Palette { input, cursor: ListCursor::default() };
            let found = palette.found(&keymap, Focus::Clusters);
            let is_found = found.iter().any(|entry| entry.row.binding.action == action);
            assert_eq!(is_found, !matches!(action, Action::Run | Action::Palette), "{action:?}");
        }
    }

    #[test]
    fn what_can_be_done_here_comes_first_and_letters_may_be_left_out() {
        let keymap = Keymap::default();
        let palette = Palette { input: Input::new("nwsnp".to_owned()), cursor: ListCursor::default() };
        let found = palette.found(&keymap, Focus::Clusters);
        assert!(found.first().is_some_and(|entry| entry.is_here));
        assert_eq!(found.first().map(|entry| entry.row.binding.action), Some(Action::Snapshot));
    }
}
