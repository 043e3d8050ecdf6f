//! A journal as it is at one moment: what its index says, and what stands behind that.
//!
//! Lines are only ever put together by [`super::fold::Folding`], from the lines themselves: the index says where they are.

use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::io;

use super::index::{self, JournalIndex, NewIndex, OpenRequest, key, of_key};
use super::line::Line;
use super::scan::{self, Backwards};
use super::tail::{Batch, Tail, put_together};
use super::{FILE_NAME, Journal, JournalError, file, lock};
use crate::domain::change_id::ChangeId;
use crate::domain::record::{Entry, Position, Record};

/// How much may stand behind what the index covers before it is made anew: some 2,000 lines, which take two
/// milliseconds to read. (Tests of this room make do with little ones.)
const MOST_BEHIND: u64 = if cfg!(test) { 1 << 10 } else { 1 << 20 };
/// How much an index is made to cover at a time, while others wait for the lock; a fraction of a second.
const STEP: u64 = if cfg!(test) { 1 << 12 } else { 1 << 26 };
/// How much is read in one go before it is put together.
const BATCH: u64 = if cfg!(test) { 1 << 9 } else { 1 << 21 };
/// How many lines are remembered on the way back. (Tests of this room pass more.)
const PASSED: usize = if cfg!(test) { 3 } else { 512 };
/// None of them is longer: a few long ones must not take the memory of many.
const LONGEST_PASSED: usize = 1 << 12;

/// A journal as it is at one moment.
pub(super) struct View {
    file: File,
    index: Option<JournalIndex>,
    /// Whether the journal is certainly what the index was made of.
    is_stamped: bool,
    tail: Tail,
    end: u64,
}

impl Journal {
    /// The journal as it is now; `None` if there is none.
    pub(super) fn view(&self, uses_index: bool) -> Result<Option<View>, JournalError> {
        let wrong = |source| JournalError::io(&self.path(), "read", source);
        let Some(mut view) = self.locked_view(uses_index)? else { return Ok(None) };
        if uses_index && view.is_old() {
            drop(view);
            if let Err(error) = self.renew_index() {
                tracing::debug!(%error, "the index of the journal cannot be made anew");
                if error.is_of_wrong_index() {
                    self.forget_index();
                }
            }
            let Some(renewed) = self.locked_view(uses_index)? else { return Ok(None) };
            view = renewed;
        }
        view.confirm().map_err(wrong)?;
        view.read_to(view.end).map_err(wrong)?;
        // What was written up to now stays: nobody has to wait for who looks at it.
        view.file.unlock().map_err(wrong)?;
        Ok(Some(view))
    }

    fn locked_view(&self, uses_index: bool) -> Result<Option<View>, JournalError> {
        let path = self.path();
        let Some(file) = file::file_for_reading(&self.folder, FILE_NAME, &path)? else { return Ok(None) };
        lock::shared(&file, &path)?;
        let index = if uses_index { JournalIndex::open(&self.folder, &file) } else { None };
        View::new(file, index).map(Some).map_err(|source| JournalError::io(&path, "read", source))
    }

    /// Makes the index cover the journal, a step at a time: others write in between.
    fn renew_index(&self) -> Result<(), JournalError> {
        let mut most_behind = MOST_BEHIND;
        while !self.renew_index_by_a_step(most_behind)? {
            most_behind = 0;
        }
        Ok(())
    }

    /// Takes away an index that turned out to be wrong. If it cannot be, it is only not used.
    pub(super) fn forget_index(&self) {
        let _ = std::fs::remove_file(self.folder.join(index::NAME));
    }

    /// Takes a step if more than `most_behind` is behind; whether it was the last.
    fn renew_index_by_a_step(&self, most_behind: u64) -> Result<bool, JournalError> {
        let path = self.path();
        let wrong = |source| JournalError::io(&path, "index", source);
        let folder = file::folder_for_writing(&self.folder)?;
        let file = file::existing(&folder, FILE_NAME, &path)?;
        lock::exclusive(&file, &path)?;
        let index = JournalIndex::open(&self.folder, &file);
        let mut view = View::new(file, index).map_err(wrong)?;
        view.confirm().map_err(wrong)?;
        let whole = scan::whole(&view.file, view.end).map_err(wrong)?;
        let behind = whole.saturating_sub(view.tail.at);
        if behind <= most_behind && view.index.is_some() {
            index::stamp(&file::existing(&folder, index::NAME, &path)?, &view.file).map_err(wrong)?;
            return Ok(true);
        }
        let new = NewIndex::begin(&folder)?;
        view.read_to(whole.min(view.tail.at + STEP)).map_err(wrong)?;
        new.write(&folder, &view.file, view.index.as_ref(), &view.tail).map_err(wrong)?;
        Ok(view.tail.at >= whole)
    }
}

impl View {
    fn new(file: File, index: Option<(JournalIndex, bool)>) -> io::Result<Self> {
        let end = file.metadata()?.len();
        let is_stamped = index.as_ref().is_none_or(|(_, is_stamped)| *is_stamped);
        let index = index.map(|(index, _)| index);
        Ok(Self {
            tail: index.as_ref().map(JournalIndex::tail).unwrap_or_default(),
            file,
            index,
            is_stamped,
            end,
        })
    }

    /// Whether much stands behind what the index covers, or the journal may not be what the index was made of.
    fn is_old(&self) -> bool {
        !self.is_stamped || self.end - self.tail.at > MOST_BEHIND
    }

    /// Makes sure that the journal is what the index was made of; else it is read without.
    fn confirm(&mut self) -> io::Result<()> {
        if let Some(index) = &self.index
            && !self.is_stamped
            && !index.is_confirmed(&self.file)?
        {
            self.index = None;
            self.tail = Tail::default();
        }
        self.is_stamped = true;
        Ok(())
    }

    /// Reads whole lines until one ends at or behind a place.
    fn read_to(&mut self, end: u64) -> io::Result<()> {
        while self.tail.at < end {
            self.read_batch(end.min(self.tail.at + BATCH))?;
        }
        Ok(())
    }

    fn read_batch(&mut self, until: u64) -> io::Result<()> {
        let batch = Batch::read(&self.file, &self.tail, until, self.end)?;
        let mut again = HashSet::new();
        for number in &batch.numbers {
            let earlier = self.lines_of(number)?;
            if earlier.is_empty() {
                continue;
            }
            let later = of_key(&batch.pointers, key(number));
            let later = self.lines_at(later.iter().map(|entry| entry.at), number)?;
            again.insert(number.clone());
            self.tail.take_again(earlier, later);
        }
        self.tail.take(batch, &again);
        Ok(())
    }

    /// The lines of a request so far, with where they stand, in that order.
    fn lines_of(&self, number: &str) -> io::Result<Vec<(u64, Line)>> {
        self.lines_at(self.places(number)?.into_iter(), number)
    }

    /// Where the lines of a number, a snapshot's name or a change stand, in that order, and others that have its key.
    fn places(&self, name: &str) -> io::Result<Vec<u64>> {
        let mut found = match &self.index {
            Some(index) => index.look_up(key(name))?,
            None => Vec::new(),
        };
        found.extend(of_key(&self.tail.pointers, key(name)));
        // A change can have the name of its snapshot.
        found.dedup();
        Ok(found.into_iter().map(|pointer| pointer.at).collect())
    }

    fn lines_at(&self, places: impl Iterator<Item = u64>, number: &str) -> io::Result<Vec<(u64, Line)>> {
        let mut lines = Vec::new();
        for at in places {
            let line = scan::line_at(&self.file, at)?;
            lines.extend(number_checked(&line, number).map(|line| (at, line)));
        }
        Ok(lines)
    }

    /// The entry of a number.
    pub(super) fn entry(&self, number: &str) -> io::Result<Option<Entry>> {
        Ok(put_together(self.lines_of(number)?).map(|(_, entry)| entry))
    }

    /// The entries that may be open, by what the index knows of them, in the order in which they begin.
    pub(super) fn open(&self, may_be: impl Fn(&OpenRequest) -> bool) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for request in self.tail.open(self.index.as_ref()).iter().filter(|request| may_be(request)) {
            entries.push(self.entry_at(request.at)?.ok_or(io::ErrorKind::InvalidData)?);
        }
        Ok(entries)
    }

    /// The requests for a snapshot of this name, in the order of their intents.
    pub(super) fn named(&self, name: &str) -> io::Result<Vec<Record>> {
        self.requests_at(self.places(name)?, |record| record.intent.snapshot == name)
    }

    /// The requests among those that begin at some places.
    fn requests_at(&self, places: Vec<u64>, is_it: impl Fn(&Record) -> bool) -> io::Result<Vec<Record>> {
        let mut records = Vec::new();
        for at in places {
            let found = self.entry_at(at)?.and_then(Entry::request);
            records.extend(found.filter(&is_it));
        }
        Ok(records)
    }

    /// The requests of a change, in the order of their intents.
    pub(super) fn of_change(&self, id: &ChangeId) -> io::Result<Vec<Record>> {
        self.requests_at(self.places(id.as_str())?, |record| record.intent.change.as_ref() == Some(id))
    }

    /// The entry that begins last at a place.
    fn entry_at(&self, at: u64) -> io::Result<Option<Entry>> {
        let line = scan::line_at(&self.file, at)?;
        self.entry_beginning(at, &line, &Passed::default())
    }

    /// The entry that begins last with a line that stands at a place; the lines that were passed on the way there need
    /// not be read again.
    fn entry_beginning(&self, at: u64, line: &[u8], passed: &Passed) -> io::Result<Option<Entry>> {
        let Ok(Some(first)) = Line::parse(line.trim_ascii()) else { return Ok(None) };
        if !first.begins() {
            return Ok(None);
        }
        let number = first.number().to_owned();
        let mut lines = vec![(at, first)];
        for other in self.places(&number)?.into_iter().filter(|other| *other != at) {
            let line = match passed.line(other) {
                Some(line) => number_checked(line, &number),
                None => number_checked(&scan::line_at(&self.file, other)?, &number),
            };
            lines.extend(line.map(|line| (other, line)));
        }
        lines.sort_by_key(|(at, _)| *at);
        // The same request may have been sent anew later: there it stands.
        Ok(put_together(lines).filter(|(last, _)| *last == at).map(|(_, entry)| entry))
    }

    /// The entries that begin last at some places, with those.
    pub(super) fn entries_at(&self, places: &[Position]) -> io::Result<Vec<(Position, Entry)>> {
        let mut entries = Vec::new();
        for place in places {
            entries.extend(self.entry_at(place.0)?.map(|entry| (*place, entry)));
        }
        Ok(entries)
    }

    /// The entries before a place, the newest first, with where they stand.
    pub(super) fn newest(&self, before: Option<Position>) -> Newest<'_> {
        let end = before.map_or(self.end, |before| before.0.min(self.end));
        Newest { view: self, lines: Backwards::new(&self.file, end), passed: Passed::default() }
    }

    /// How many entries there are, and how many lines that cannot be read.
    pub(super) fn counts(&self) -> (usize, usize) {
        let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        (count(self.tail.requests), count(self.tail.unreadable))
    }
}

/// A line that was read, if it is of a number: another one can have the same key.
fn number_checked(line: &[u8], number: &str) -> Option<Line> {
    let line = Line::parse(line.trim_ascii()).ok()??;
    (line.number() == number).then_some(line)
}

/// The entries, the newest first.
pub(super) struct Newest<'a> {
    view: &'a View,
    lines: Backwards<'a>,
    passed: Passed,
}

impl Iterator for Newest<'_> {
    type Item = io::Result<(Position, Entry)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.one_more().transpose()
    }
}

impl Newest<'_> {
    fn one_more(&mut self) -> io::Result<Option<(Position, Entry)>> {
        while let Some((at, line)) = self.lines.previous()? {
            if !Line::is_beginning(line.trim_ascii()) {
                self.passed.take(at, line);
            } else if let Some(entry) = self.view.entry_beginning(at, &line, &self.passed)? {
                return Ok(Some((Position(at), entry)));
            }
        }
        Ok(None)
    }
}

/// The last lines that were passed on the way back: what became of a request stands soon behind it, as a rule.
#[derive(Default)]
struct Passed(VecDeque<(u64, Vec<u8>)>);

impl Passed {
    fn take(&mut self, at: u64, line: Vec<u8>) {
        if line.len() <= LONGEST_PASSED {
            self.0.truncate(PASSED - 1);
            self.0.push_front((at, line));
        }
    }

    /// The line at a place, if it was passed lately.
    fn line(&self, at: u64) -> Option<&[u8]> {
        let found = self.0.binary_search_by_key(&at, |(at, _)| *at).ok()?;
        self.0.get(found).map(|(_, line)| line.as_slice())
    }
}
