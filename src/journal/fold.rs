//! From lines to entries: an intent with what became of it, and an alteration likewise.

use std::collections::HashMap;

use super::line::Line;
use crate::domain::alteration::AlterationRecord;
use crate::domain::record::{Entry, Position, Record};

/// Puts the lines of a journal together, in the order in which they stand there.
#[derive(Default)]
pub(super) struct Folding {
    /// Each entry with where it begins; `None` where a later beginning of its number took its place.
    entries: Vec<Option<(Position, Entry)>>,
    by_number: HashMap<String, usize>,
    unreadable: usize,
}

impl Folding {
    /// Reads a line, and counts it if it cannot be read; `None` also for a blank one and one of a newer version.
    pub(super) fn read(&mut self, line: &[u8]) -> Option<Line> {
        let text = line.trim_ascii();
        if text.is_empty() {
            return None;
        }
        let line = Line::parse(text);
        self.unreadable += usize::from(line.is_err());
        line.ok().flatten()
    }

    /// Puts a line to the others of its request.
    pub(super) fn put(&mut self, at: Position, line: Line) {
        let entry = self.entry(line.number());
        match (line, entry) {
            (Line::Intent(intent), _) => self.begin(at, Entry::Request(Record::asked(*intent))),
            (Line::Alteration(asked), _) => {
                self.begin(at, Entry::Alteration(AlterationRecord { asked: *asked, outcome: None }));
            }
            (Line::Outcome(line), Some(Entry::Request(record))) => record.became(*line),
            (Line::Ended(line), Some(Entry::Request(record))) => record.ended_with(line.ending),
            (Line::Altered(line), Some(Entry::Alteration(record))) => record.became(*line),
            _ => {}
        }
    }

    /// A number that is there already is the same confirmed request, sent anew: what became of it is open again.
    fn begin(&mut self, at: Position, entry: Entry) {
        let earlier = self.by_number.insert(entry.number().to_owned(), self.entries.len());
        if let Some(earlier) = earlier.and_then(|earlier| self.entries.get_mut(earlier)) {
            *earlier = None;
        }
        self.entries.push(Some((at, entry)));
    }

    fn entry(&mut self, number: &str) -> Option<&mut Entry> {
        let at = self.by_number.get(number)?;
        self.entries.get_mut(*at)?.as_mut().map(|(_, entry)| entry)
    }

    /// The entries with where they begin, in that order, and how many lines could not be read.
    pub(super) fn entries(self) -> (Vec<(Position, Entry)>, usize) {
        (self.entries.into_iter().flatten().collect(), self.unreadable)
    }
}
