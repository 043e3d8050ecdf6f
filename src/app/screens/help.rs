//! The help overlay, as lines: every key in force, by the place where it holds.

use crate::app::cursor::Motion;
use crate::app::keymap::{FORM, Focus};
use crate::app::overrides::{Bound, Keymap};
use crate::app::world::World;

use super::{Screen, Shape, scroll};

/// The help.
#[derive(Debug, Default)]
pub struct Help {
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
        scroll(&mut self.first, motion, rows(&world.keymap).len(), world.layout.body_rows());
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
        &[Focus::Review, Focus::Unwritten, Focus::Busy, Focus::Requested, Focus::Typing, Focus::Sending],
    ),
    ("Changes of many clusters", &[Focus::ChangeReview, Focus::Change]),
    ("History", &[Focus::History, Focus::HistoryFilter, Focus::Record]),
    ("Snapshots", &[Focus::Snapshots, Focus::SnapshotFilter, Focus::OneSnapshot, Focus::Evidence]),
    ("Clean-up and tags", &[Focus::Removal, Focus::Retag, Focus::Alterations]),
    ("Actions by name", &[Focus::Palette]),
    ("Profiles and Regions", &[Focus::Chooser]),
    ("Questions", &[Focus::Leaving, Focus::WaitAgain, Focus::GoOn, Focus::Code, Focus::Login]),
];

/// The lines.
#[must_use]
pub fn rows(keymap: &Keymap) -> Vec<Row<'_>> {
    let is_general = |row: &&Bound| row.binding.focus.len() >= MANY;
    let mut rows = vec![Row::Heading("In most places")];
    rows.extend(keymap.all().iter().filter(is_general).map(Row::Keys));
    for (name, focuses) in PARTS {
        let is_here = |row: &&Bound| {
            !is_general(row) && row.binding.focus.first().is_some_and(|first| focuses.contains(first))
        };
        rows.push(Row::Heading(name));
        rows.extend(keymap.all().iter().filter(is_here).map(Row::Keys));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_told_once() {
        let keymap = Keymap::default();
        let told = rows(&keymap).iter().filter(|row| matches!(row, Row::Keys(_))).count();
        assert_eq!(told, keymap.all().len());
    }
}
