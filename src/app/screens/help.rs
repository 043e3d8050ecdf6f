//! The help overlay, as lines: every key in force, by the place where it holds.

use tui_input::Input;

use crate::app::Now;
use crate::app::action::Action;
use crate::app::cursor::Motion;
use crate::app::keymap::{FORM, Focus};
use crate::app::overrides::{Bound, Keymap};
use crate::app::world::World;

use super::filter_line::take_line;
use super::{Next, Screen, Shape, Text, scroll};

/// The help.
#[derive(Debug)]
pub struct Help {
    /// Where the keys of the screen below go: what they mean there is told first.
    below: Focus,
    /// What is looked for; empty shows everything.
    pub input: Input,
    /// Whether that takes the keys.
    pub is_open: bool,
    /// The first line that is shown.
    pub first: usize,
}

impl Screen for Help {
    fn focus(&self, _world: &World) -> Focus {
        if self.is_open { Focus::HelpFilter } else { Focus::Help }
    }

    fn shape(&self) -> Shape {
        Shape::Cover
    }

    fn act(&mut self, action: Action, _world: &mut World, _now: &Now) -> Next {
        match action {
            Action::Filter => self.is_open = true,
            Action::KeepFilter => self.is_open = false,
            Action::Back if self.is_open || !self.input.value().is_empty() => {
                (self.is_open, self.input, self.first) = (false, Input::default(), 0);
            }
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn take_text(&mut self, text: Text<'_>, _world: &mut World) -> bool {
        if self.is_open && take_line(&mut self.input, text) {
            self.first = 0;
        }
        self.is_open
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let len = self.rows(&world.keymap).len().div_ceil(columns(world.columns()));
        scroll(&mut self.first, motion, len, world.layout.body_rows());
    }
}

/// A line of the help.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    /// The beginning of a part.
    Heading(&'static str),
    /// Keys and what they mean.
    Keys(&'a Bound),
}

/// How wide a column of the help is.
const COLUMN: u16 = 96;

/// From so many places on, keys count as holding everywhere.
const MANY: usize = 7;

const PARTS: &[(&str, &[Focus])] = &[
    ("DB clusters", &[Focus::Clusters, Focus::Filter]),
    ("Snapshots in progress", &[Focus::Pane]),
    ("Details", &[Focus::Details]),
    ("Form", FORM),
    (
        "Review and confirmation",
        &[
            Focus::Review,
            Focus::Unwritten,
            Focus::Busy,
            Focus::Requested,
            Focus::Obstructed,
            Focus::Typing,
            Focus::Sending,
        ],
    ),
    ("Changes of many clusters", &[Focus::ChangeReview, Focus::ChangeObstructed, Focus::Change]),
    ("History", &[Focus::History, Focus::HistoryFilter, Focus::Record]),
    ("Snapshots", &[Focus::Snapshots, Focus::SnapshotFilter, Focus::OneSnapshot, Focus::Evidence]),
    ("Clean-up and tags", &[Focus::Removal, Focus::Retag, Focus::Alterations]),
    ("Actions by name", &[Focus::Palette]),
    ("Help", &[Focus::Help, Focus::HelpFilter]),
    ("Profiles and Regions", &[Focus::Chooser]),
    ("Questions", &[Focus::Leaving, Focus::WaitAgain, Focus::GoOn, Focus::Code, Focus::Login]),
];

impl Help {
    /// The help over a screen whose keys go there.
    #[must_use]
    pub fn over(below: Focus) -> Self {
        Self { below, input: Input::default(), is_open: false, first: 0 }
    }

    /// The lines: what holds on the screen below, then what holds in most places, then everything else by its place.
    #[must_use]
    pub fn rows<'a>(&self, keymap: &'a Keymap) -> Vec<Row<'a>> {
        let is_general = |row: &&Bound| row.binding.focus.len() >= MANY;
        let is_below = |row: &&Bound| !is_general(row) && row.binding.focus.contains(&self.below);
        let mut rows = vec![Row::Heading("On this screen")];
        rows.extend(keymap.all().iter().filter(is_below).map(Row::Keys));
        rows.push(Row::Heading("In most places"));
        rows.extend(keymap.all().iter().filter(is_general).map(Row::Keys));
        for (name, focuses) in PARTS {
            let is_here = |row: &&Bound| {
                let first = row.binding.focus.first();
                !is_general(row) && !is_below(row) && first.is_some_and(|first| focuses.contains(first))
            };
            let mut here = keymap.all().iter().filter(is_here).map(Row::Keys).peekable();
            rows.extend(here.peek().is_some().then_some(Row::Heading(name)));
            rows.extend(here);
        }
        if !self.input.value().is_empty() {
            rows.retain(|row| matches!(row, Row::Keys(bound) if self.is_meant(bound)));
        }
        rows
    }

    /// Whether a key is looked for: by all words in what it does, or by itself.
    fn is_meant(&self, bound: &Bound) -> bool {
        let typed = self.input.value().to_lowercase();
        let name = bound.binding.action.name().replace('_', " ");
        let text = format!("{name} {}", bound.binding.help).to_lowercase();
        bound.keys.iter().any(|key| key == self.input.value())
            || typed.split_whitespace().all(|word| text.contains(word))
    }
}

/// In how many columns there is room for the help.
#[must_use]
pub fn columns(width: u16) -> usize {
    usize::from(width / COLUMN).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_told_once() {
        let keymap = Keymap::default();
        for below in [Focus::Clusters, Focus::Tags, Focus::Change, Focus::Help] {
            let rows = Help::over(below).rows(&keymap);
            let told = rows.iter().filter(|row| matches!(row, Row::Keys(_))).count();
            assert_eq!(told, keymap.all().len(), "{below:?}");
            assert!(matches!(rows.first(), Some(Row::Heading("On this screen"))));
        }
    }

    #[test]
    fn a_key_is_found_by_what_it_does_and_by_itself() {
        let keymap = Keymap::default();
        let found = |typed: &str| {
            let help = Help { input: Input::new(typed.to_owned()), ..Help::over(Focus::Clusters) };
            let rows = help.rows(&keymap);
            rows.iter()
                .filter(|row| matches!(row, Row::Keys(bound) if bound.binding.action == Action::Sort))
                .count()
        };
        assert_eq!((found("sort next"), found("o"), found("nothing of the kind")), (2, 2, 0));
    }
}
