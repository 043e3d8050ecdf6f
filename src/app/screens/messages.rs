//! What was told so far, the newest first: the last hundred notes, with their times.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::text::wrap;

use super::super::notes::{Note, Tone};

/// How many are kept.
const MOST: usize = 100;

/// The notes so far.
#[derive(Debug, Default)]
pub struct Messages {
    kept: VecDeque<(Timestamp, Note)>,
    /// The one that is on the screen, so that it is kept once.
    shown: Option<Note>,
    /// When the last one came, on the clock that never jumps, if it came by itself.
    pub came_at: Option<Duration>,
    /// The first line that is shown.
    pub offset: usize,
}

/// A line of the screen. Its text is safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// When something was told, and how it was meant.
    Told(Tone, Timestamp),
    /// A line of what was told.
    Text(String),
}

impl Messages {
    /// Keeps what is told now, if it was not told before.
    pub fn keep(&mut self, note: Option<&Note>, at: Timestamp) {
        if self.shown.as_ref() == note {
            return;
        }
        self.shown = note.cloned();
        if let Some(note) = note {
            self.add(note.clone(), at);
        }
    }

    /// Keeps what there is no room to show.
    pub fn add(&mut self, note: Note, at: Timestamp) {
        self.kept.push_front((at, note));
        self.kept.truncate(MOST);
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether nothing was told yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The lines, for a screen of so many columns.
    #[must_use]
    pub fn rows(&self, width: u16) -> Vec<Row> {
        let room = usize::from(width.saturating_sub(4));
        let mut rows = Vec::new();
        for (at, note) in &self.kept {
            rows.push(Row::Told(note.tone, *at));
            rows.extend(wrap(&note.text, room).into_iter().map(Row::Text));
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_hundred_are_kept_each_once_and_the_newest_first() {
        let mut messages = Messages::default();
        let at = |second| Timestamp::from_second(second).expect("a time");
        for number in 0..150 {
            let note = Note::new(Tone::Good, &format!("message {number}"));
            messages.keep(Some(&note), at(number));
            messages.keep(Some(&note), at(number + 1));
            messages.keep(None, at(number + 2));
        }
        let rows = messages.rows(80);
        assert_eq!((messages.len(), rows.len()), (100, 200));
        assert_eq!(rows[..2], [Row::Told(Tone::Good, at(149)), Row::Text("message 149".to_owned())]);
        assert_eq!(rows[199], Row::Text("message 50".to_owned()));
    }
}
