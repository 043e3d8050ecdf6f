//! The help overlay, as lines: every key in force, by the place where it holds.

use crate::app::cursor::Motion;
use crate::app::keymap::{FORM, Focus};
use crate::app::overrides::{Bound, Keymap};
use crate::app::world::World;

use super::{Screen, Shape, scroll};

/// The help.
#[derive(Debug)]
pub struct Help {
    /// Where the keys of the screen below go: what they mean there is told first.
    below: Focus,
    /// The first line that is shown.
    pub first: usize,
}

impl Screen for Help {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Help
    }

    fn shape(&self) -> Shape {
        Shape::Cover
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let len = self.rows(&world.keymap).len();
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
    ("Changes of many clusters", &[Focus::ChangeReview, Focus::Change]),
    ("History", &[Focus::History, Focus::HistoryFilter, Focus::Record]),
    ("Snapshots", &[Focus::Snapshots, Focus::SnapshotFilter, Focus::OneSnapshot, Focus::Evidence]),
    ("Clean-up and tags", &[Focus::Removal, Focus::Retag, Focus::Alterations]),
    ("Actions by name", &[Focus::Palette]),
    ("Profiles and Regions", &[Focus::Chooser]),
    ("Questions", &[Focus::Leaving, Focus::WaitAgain, Focus::GoOn, Focus::Code, Focus::Login]),
];

impl Help {
    /// The help over a screen whose keys go there.
    #[must_use]
    pub fn over(below: Focus) -> Self {
        Self { below, first: 0 }
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
        rows
    }
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
}
