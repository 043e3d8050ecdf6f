//! From lines to records: an intent with what became of it.

use std::collections::HashMap;

use super::line::Line;
use crate::domain::record::{Intent, Position, Record};

/// All that the journal says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The requests, in the order in which they were made; one that was sent anew stands where that was.
    pub records: Vec<Record>,
    /// How many lines could not be read: torn by a loss of power, or not the program's. They stay in
    /// the file.
    pub unreadable: usize,
}

/// Puts the lines of a journal together, in the order in which they stand there.
#[derive(Default)]
pub(super) struct Folding {
    /// Each record with where its intent stands; `None` where a later intent of its number took its place.
    records: Vec<Option<(Position, Record)>>,
    by_number: HashMap<String, usize>,
    unreadable: usize,
}

impl Folding {
    /// Takes the line that begins at a place, if it is not blank.
    pub(super) fn take(&mut self, at: Position, line: &[u8]) {
        if let Some(line) = self.read(line) {
            self.put(at, line);
        }
    }

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
        match line {
            Line::Intent(intent) => self.intent(at, *intent),
            Line::Outcome(line) => {
                if let Some(record) = self.record(&line.number) {
                    record.became(*line);
                }
            }
            Line::Ended(line) => {
                if let Some(record) = self.record(&line.number) {
                    record.ended_with(line.ending);
                }
            }
        }
    }

    /// A number that is there already is the same confirmed request, sent anew: what became of it is open again.
    fn intent(&mut self, at: Position, intent: Intent) {
        let earlier = self.by_number.insert(intent.number.clone(), self.records.len());
        if let Some(earlier) = earlier.and_then(|earlier| self.records.get_mut(earlier)) {
            *earlier = None;
        }
        self.records.push(Some((at, Record::asked(intent))));
    }

    fn record(&mut self, number: &str) -> Option<&mut Record> {
        let at = self.by_number.get(number)?;
        self.records.get_mut(*at)?.as_mut().map(|(_, record)| record)
    }

    /// The records with where their intents stand, in that order, and how many lines could not be read.
    pub(super) fn records(self) -> (Vec<(Position, Record)>, usize) {
        (self.records.into_iter().flatten().collect(), self.unreadable)
    }
}
