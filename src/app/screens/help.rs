//! The help overlay, as lines: every key in force, by the place where it holds.

use tui_input::Input;

use crate::app::action::Action;
use crate::app::cursor::Motion;
use crate::app::keymap::{FORM, Focus};
use crate::app::overrides::{Bound, Keymap};
use crate::app::world::World;
use crate::domain::text::wrap;

use super::filter_line::take_line;
use super::widths::longest;
use super::{Next, Screen, Shape, Text, fit, scroll};

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

    fn act(&mut self, action: Action, _world: &mut World) -> Next {
        match action {
            Action::Filter => self.is_open = true,
            Action::KeepFilter => self.is_open = false,
            Action::Back if self.is_searched() => {
                (self.is_open, self.input, self.first) = (false, Input::default(), 0);
            }
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn undoes(&self, action: Action, _world: &World) -> Option<&'static str> {
        (action == Action::Back && self.is_searched()).then_some("drop the filter")
    }

    fn take_text(&mut self, text: Text<'_>, _world: &mut World) -> bool {
        if self.is_open && take_line(&mut self.input, text) {
            self.first = 0;
        }
        self.is_open
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let len = self.len(world);
        scroll(&mut self.first, motion, len, world.layout.body_rows());
    }

    fn fit(&mut self, world: &mut World) {
        let len = self.len(world);
        fit(&mut self.first, len, world.layout.body_rows());
    }
}

/// A line of the help.
#[derive(Clone, Debug)]
pub enum HelpLine<'a> {
    /// The beginning of a part.
    Heading(&'static str),
    /// Keys, and the beginning of what they mean.
    Keys(&'a Bound, String),
    /// The rest of that.
    More(String),
}

/// How wide a column of the help is.
const COLUMN: u16 = 96;
/// Narrower columns give the keys so few columns, and longer ones a line of their own.
const NARROW: u16 = 60;
const FEW_KEYS: u16 = 8;
/// The column at which the keys stand.
pub const KEYS: u16 = 3;

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
    /// Whether something is looked for, or is about to be.
    fn is_searched(&self) -> bool {
        self.is_open || !self.input.value().is_empty()
    }

    /// How many rows its lines take.
    fn len(&self, world: &World) -> usize {
        let width = world.viewport.0;
        self.lines(&world.keymap, width).0.len().div_ceil(columns(width))
    }

    /// The help over a screen whose keys go there.
    pub fn over(below: Focus) -> Self {
        Self { below, input: Input::default(), is_open: false, first: 0 }
    }

    /// The lines before they are broken: what holds on the screen below, then what holds in most places, then everything else by its place.
    pub fn rows<'a>(&self, keymap: &'a Keymap) -> Vec<HelpLine<'a>> {
        let is_below = |row: &&Bound| self.is_below(row);
        let is_general = |row: &&Bound| is_general(row);
        let all = || keymap.all().iter().filter(|row| does_something(row));
        let keys = |bound: &'a Bound| HelpLine::Keys(bound, bound.binding.help.to_owned());
        let mut rows = vec![HelpLine::Heading("On this screen")];
        rows.extend(all().filter(is_below).map(keys));
        rows.push(HelpLine::Heading("In most places"));
        rows.extend(all().filter(is_general).map(keys));
        for (name, focuses) in PARTS {
            let is_here = |row: &&Bound| {
                let first = row.binding.focus.first();
                !is_general(row) && !is_below(row) && first.is_some_and(|first| focuses.contains(first))
            };
            let mut here = all().filter(is_here).map(keys).peekable();
            rows.extend(here.peek().is_some().then_some(HelpLine::Heading(name)));
            rows.extend(here);
        }
        if !self.input.value().is_empty() {
            rows.retain(|row| matches!(row, HelpLine::Keys(bound, _) if self.is_meant(bound)));
        }
        rows
    }

    /// The same in so many columns, of which there can be several side by side: what a key means is wrapped, not cut. With
    /// the column at which that stands.
    pub fn lines<'a>(&self, keymap: &'a Keymap, width: u16) -> (Vec<HelpLine<'a>>, u16) {
        let rows = self.rows(keymap);
        let keys = rows.iter().filter_map(|row| match row {
            HelpLine::Keys(bound, _) => Some(bound.keys.join(" ")),
            HelpLine::Heading(_) | HelpLine::More(_) => None,
        });
        let column = width / u16::try_from(columns(width)).unwrap_or(1);
        let most = if column < NARROW { FEW_KEYS } else { column };
        let meaning = KEYS + longest(keys.collect::<Vec<_>>().iter()).min(most) + 2;
        let room = usize::from(column.saturating_sub(meaning + 1));
        let lines = rows.into_iter().flat_map(|row| match row {
            HelpLine::Keys(bound, help) => {
                let is_long = bound.keys.join(" ").len() > usize::from(meaning - KEYS - 2);
                let mut told = wrap(&help, room).into_iter();
                let first = if is_long { None } else { told.next() };
                let first = HelpLine::Keys(bound, first.unwrap_or_default());
                std::iter::once(first).chain(told.map(HelpLine::More)).collect()
            }
            line => vec![line],
        });
        (lines.collect(), meaning)
    }

    /// Whether it has to be said where a key holds: what is found stands below no heading.
    pub fn tells_places(&self, bound: &Bound) -> bool {
        let is_of_one = bound.binding.focus.len() == 1;
        !self.input.value().is_empty() || !(is_general(bound) || (is_of_one && self.is_below(bound)))
    }

    fn is_below(&self, bound: &Bound) -> bool {
        !is_general(bound) && bound.binding.focus.contains(&self.below)
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

/// Whether keys hold in most places.
pub fn is_general(bound: &Bound) -> bool {
    bound.binding.focus.len() >= MANY
}

/// Whether keys do something where they hold: some only say why they do not.
fn does_something(bound: &Bound) -> bool {
    !bound.binding.help.starts_with("nothing yet")
}

/// In how many columns there is room for the help.
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
            let told = rows.iter().filter(|row| matches!(row, HelpLine::Keys(..))).count();
            let all = keymap.all().iter().filter(|bound| does_something(bound)).count();
            assert!(all > 100 && all < keymap.all().len());
            assert_eq!(told, all, "{below:?}");
            assert!(matches!(rows.first(), Some(HelpLine::Heading("On this screen"))));
        }
    }

    #[test]
    fn a_key_is_found_by_what_it_does_and_by_itself() {
        let keymap = Keymap::default();
        let found = |typed: &str| {
            let help = Help { input: Input::new(typed.to_owned()), ..Help::over(Focus::Clusters) };
            let rows = help.rows(&keymap);
            rows.iter()
                .filter(|row| matches!(row, HelpLine::Keys(bound, _) if bound.binding.action == Action::Sort))
                .count()
        };
        assert_eq!((found("sort next"), found("o"), found("nothing of the kind")), (2, 2, 0));
    }

    #[test]
    fn what_a_key_means_is_cut_nowhere_and_what_is_found_says_where_it_holds() {
        let keymap = Keymap::default();
        let help = Help::over(Focus::Clusters);
        for width in [40, 80, 120, 200] {
            let (lines, meaning) = help.lines(&keymap, width);
            let room = usize::from(width) / columns(width) - usize::from(meaning);
            let text: Vec<&str> = lines
                .iter()
                .filter_map(|line| match line {
                    HelpLine::Keys(_, text) | HelpLine::More(text) => Some(text.trim_end()),
                    HelpLine::Heading(_) => None,
                })
                .collect();
            assert!(text.iter().all(|text| text.chars().count() < room), "{width}: {text:#?}");
            let text = text.join(" ");
            assert!(
                keymap
                    .all()
                    .iter()
                    .filter(|row| does_something(row))
                    .all(|row| text.contains(row.binding.help))
            );
        }
        let found = Help { input: Input::new("drop".to_owned()), ..Help::over(Focus::Clusters) };
        assert!(keymap.all().iter().all(|bound| found.tells_places(bound)));
        let back = keymap.rows(Focus::Review).find(|bound| bound.binding.action == Action::Back);
        assert!(back.is_some_and(|bound| help.tells_places(bound)));
    }
}
