//! The palette: the actions that can be done where the focus was, by their names first and then by what they mean.

use tui_input::Input;

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

impl Screen for Palette {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Palette
    }

    fn shape(&self) -> Shape {
        Shape::Cover
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        if action == Action::Run { self.run(world) } else { Next::Pass }
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let len = self.found(&world.keymap).len();
        self.cursor.go(motion, len, world.layout.body_rows());
    }

    fn is_empty(&self, world: &World) -> bool {
        self.found(&world.keymap).is_empty()
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        take_line(&mut self.input, text);
        self.go(Motion::Top, world);
        true
    }
}

impl Palette {
    /// The palette over a screen whose keys went to a focus.
    pub fn over(below: Focus) -> Self {
        Self { below, input: Input::default(), cursor: ListCursor::default() }
    }

    /// Does what is under the cursor, as if its key had been pressed on the screen below.
    fn run(&self, world: &World) -> Next {
        let found = self.found(&world.keymap);
        found.get(self.cursor.at).map_or(Next::Stay, |bound| Next::Run(bound.binding.action))
    }

    /// The actions of the screen below that match, those first whose name does.
    pub fn found<'a>(&self, keymap: &'a Keymap) -> Vec<&'a Bound> {
        matching(self.input.value(), keymap.rows(self.below))
    }

    /// The actions that match and can be done elsewhere only.
    pub fn elsewhere<'a>(&self, keymap: &'a Keymap) -> Vec<&'a Bound> {
        let is_here = |action| keymap.rows(self.below).any(|here| here.binding.action == action);
        matching(self.input.value(), keymap.all().iter().filter(|bound| !is_here(bound.binding.action)))
    }
}

/// Each action once of those that match, the best match first.
fn matching<'a>(typed: &str, rows: impl Iterator<Item = &'a Bound>) -> Vec<&'a Bound> {
    let mut found: Vec<(u8, &Bound)> = Vec::new();
    for bound in rows {
        let action = bound.binding.action;
        let is_known = found.iter().any(|(_, known)| known.binding.action == action);
        if is_known || matches!(action, Action::Run | Action::Palette) {
            continue;
        }
        found.extend(distance(typed, bound).map(|distance| (distance, bound)));
    }
    found.sort_by_key(|(distance, _)| *distance);
    found.into_iter().map(|(_, bound)| bound).collect()
}

/// How far an action is from what is typed, of which every word begins one of its name, or of its meaning; `None` where
/// it is not meant. Letters that are merely strewn through the text are no match.
fn distance(typed: &str, bound: &Bound) -> Option<u8> {
    let typed = typed.to_lowercase();
    let name = format!(
        "{} {}",
        bound.binding.action.name().replace('_', " "),
        bound.binding.footer.unwrap_or_default().to_lowercase()
    );
    let help = bound.binding.help.to_lowercase();
    let begins = |text: &str| {
        typed
            .split_whitespace()
            .all(|part| text.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(part)))
    };
    match () {
        () if name.starts_with(typed.trim()) => Some(0),
        () if begins(&name) => Some(1),
        () if begins(&format!("{name} {help}")) => Some(2),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::overrides::actions;

    fn palette(typed: &str, below: Focus) -> Palette {
        Palette { input: Input::new(typed.to_owned()), ..Palette::over(below) }
    }

    fn found(typed: &str, below: Focus) -> Vec<Action> {
        let keymap = Keymap::default();
        palette(typed, below).found(&keymap).iter().map(|bound| bound.binding.action).collect()
    }

    #[test]
    fn every_action_is_found_by_its_name_here_or_elsewhere() {
        let keymap = Keymap::default();
        for (action, _) in actions() {
            let palette = palette(&action.name().replace('_', " "), Focus::Clusters);
            let all = [palette.found(&keymap), palette.elsewhere(&keymap)].concat();
            let is_found = all.iter().any(|bound| bound.binding.action == action);
            assert_eq!(is_found, !matches!(action, Action::Run | Action::Palette), "{action:?}");
        }
    }

    #[test]
    fn a_name_comes_before_a_meaning_and_strewn_letters_are_no_match() {
        assert_eq!(found("snapshot", Focus::Clusters).first(), Some(&Action::Snapshot));
        assert_eq!(found("new sn", Focus::Clusters).first(), Some(&Action::Snapshot));
        assert_eq!(found("nwsnp", Focus::Clusters), []);
        assert_eq!(found("delete", Focus::Snapshots).first(), Some(&Action::Remove));
    }

    #[test]
    fn what_cannot_be_done_here_is_not_offered() {
        for typed in ["undo", "restore", "delete"] {
            assert_eq!(found(typed, Focus::Clusters), [], "{typed}");
        }
    }
}
