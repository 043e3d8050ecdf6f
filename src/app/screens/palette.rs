//! The palette: every action by its name, those first that can be done where the focus was.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use crate::app::Now;
use crate::app::cursor::{ListCursor, Motion};
use crate::app::keymap::{Action, Focus};
use crate::app::overrides::{Bound, Keymap};
use crate::app::world::World;

use super::filter_line::take_line;
use super::{Next, Screen, Shape, Text};

/// The palette.
#[derive(Debug)]
pub struct Palette {
    /// Where the keys went before it was opened.
    pub below: Focus,
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

impl Screen for Palette {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Palette
    }

    fn shape(&self) -> Shape {
        Shape::Cover
    }

    fn act(&mut self, action: Action, world: &mut World, _now: &Now) -> Next {
        if action == Action::Run { self.run(world) } else { Next::Pass }
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let len = self.found(&world.keymap).len();
        self.cursor.go(motion, len, world.layout.list_rows());
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        take_line(&mut self.input, text);
        self.go(Motion::Top, world);
        true
    }
}

impl Palette {
    /// The palette over a screen whose keys went to a focus.
    #[must_use]
    pub fn over(below: Focus) -> Self {
        Self { below, input: Input::default(), cursor: ListCursor::default() }
    }

    /// Does what is under the cursor, as if its key had been pressed on the screen below.
    fn run(&self, world: &mut World) -> Next {
        let found = self.found(&world.keymap);
        let Some(entry) = found.get(self.cursor.at) else { return Next::Stay };
        let binding = entry.row.binding;
        if entry.is_here {
            return Next::Run(binding.action);
        }
        let help = binding.help;
        world.notices.say(&format!("Not available here: {help}. ? tells where each action is."));
        Next::Stay
    }

    /// The actions whose names match, the best match first.
    #[must_use]
    pub fn found<'a>(&self, keymap: &'a Keymap) -> Vec<Entry<'a>> {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(self.input.value(), CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, Entry<'a>)> = entries(keymap, self.below)
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
    use super::*;
    use crate::app::overrides::actions;

    #[test]
    fn every_action_is_found_by_its_name() {
        let keymap = Keymap::default();
        for (action, _) in actions() {
            let input = Input::new(action.name().replace('_', " "));
            let palette = Palette { input, ..Palette::over(Focus::Clusters) };
            let found = palette.found(&keymap);
            let is_found = found.iter().any(|entry| entry.row.binding.action == action);
            assert_eq!(is_found, !matches!(action, Action::Run | Action::Palette), "{action:?}");
        }
    }

    #[test]
    fn what_can_be_done_here_comes_first_and_letters_may_be_left_out() {
        let keymap = Keymap::default();
        let palette = Palette { input: Input::new("nwsnp".to_owned()), ..Palette::over(Focus::Clusters) };
        let found = palette.found(&keymap);
        assert!(found.first().is_some_and(|entry| entry.is_here));
        assert_eq!(found.first().map(|entry| entry.row.binding.action), Some(Action::Snapshot));
    }
}
