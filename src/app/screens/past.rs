//! What the history knows of the journal. Of years of entries only those near the cursor are in memory; of the others
//! it is known where they stand, and they are read again when the cursor comes near.

use std::collections::BTreeMap;

use crate::domain::filter::Sieve;
use crate::domain::record::{Entry, Position, RecordPage};

/// How many of the newest entries stay in memory: they are shown at once, and every filter begins with them.
const NEWEST: usize = 500;
/// How many rows above and below the cursor stay in memory.
pub(super) const NEAR: usize = 500;
/// With so many in memory the others are let go of.
const MOST: usize = NEWEST + 4 * NEAR;

/// Entries of the journal, the newest first.
#[derive(Debug, Default)]
pub struct Past {
    /// Where they stand, the highest first, and whether the filter let each pass.
    positions: Vec<Position>,
    fits: Vec<bool>,
    /// Those that are in memory.
    entries: BTreeMap<Position, Entry>,
    /// Before which position older ones go on; `None` if there are none.
    pub older: Option<Position>,
    /// How many entries there are in all.
    pub total: usize,
    /// How many lines of the journal could not be read; they stay in it.
    pub unreadable: usize,
    /// How many are known without gaps, and before which position older ones go on then: of those behind them only what
    /// the filter let pass was kept.
    whole: Option<(usize, Option<Position>)>,
}

impl From<RecordPage> for Past {
    fn from(page: RecordPage) -> Self {
        let RecordPage { entries, older, total, unreadable } = page;
        let positions: Vec<Position> = entries.iter().map(|(at, _)| *at).collect();
        let (fits, entries) = (vec![true; positions.len()], entries.into_iter().collect());
        Self { positions, fits, entries, older, total, unreadable, whole: None }
    }
}

impl Past {
    /// How many entries are known.
    pub fn count(&self) -> usize {
        self.positions.len()
    }

    /// An entry, if it is in memory.
    pub fn entry(&self, index: usize) -> Option<&Entry> {
        self.entries.get(self.positions.get(index)?)
    }

    /// Puts into `rows` where each of the entries that fit is among them. Those that are not in memory fitted when they
    /// were.
    pub(super) fn fitting(&mut self, sieve: &mut Sieve<'_>, rows: &mut Vec<usize>) {
        for (at, fits) in self.positions.iter().zip(&mut self.fits) {
            if let Some(entry) = self.entries.get(at) {
                *fits = sieve.lets_pass(entry.row());
            }
        }
        rows.clear();
        rows.extend(self.fits.iter().enumerate().filter(|(_, fits)| **fits).map(|(index, _)| index));
    }

    /// Puts what was known of older entries behind the newest, if it goes on there.
    pub(super) fn go_on_with(&mut self, mut before: Self) {
        let last = self.positions.last().filter(|_| self.older.is_some());
        let Some(at) = last.and_then(|last| before.positions.iter().position(|known| known == last)) else {
            return;
        };
        let count = self.count();
        self.whole = before.whole.map(|(whole, older)| ((whole + count).saturating_sub(at + 1), older));
        self.positions.extend(before.positions.drain(at + 1..));
        self.fits.extend(before.fits.drain(at + 1..));
        before.entries.append(&mut self.entries);
        self.entries = before.entries;
        self.older = before.older;
    }

    /// Takes older entries that a filter lets pass: of years of them only those that are looked for.
    pub(super) fn take_older(&mut self, older: RecordPage, sieve: &mut Sieve<'_>) {
        let RecordPage { mut entries, older, .. } = older;
        let count = entries.len();
        entries.retain(|(_, entry)| sieve.lets_pass(entry.row()));
        if entries.len() < count {
            self.whole.get_or_insert((self.positions.len(), self.older));
        }
        self.positions.extend(entries.iter().map(|(at, _)| *at));
        self.fits.resize(self.positions.len(), true);
        self.entries.extend(entries);
        self.older = older;
    }

    /// Forgets what another filter let pass, and what is known only to have passed it: that is behind the first that is
    /// not in memory.
    pub(super) fn forget_sifted(&mut self) {
        if let Some((whole, older)) = self.whole.take() {
            self.cut(whole, older);
        }
        if let Some(gap) = self.positions.iter().position(|at| !self.entries.contains_key(at))
            && let Some(last) = gap.checked_sub(1).and_then(|last| self.positions.get(last).copied())
        {
            self.cut(gap, Some(last));
        }
    }

    /// Forgets all but so many of the newest: they go on before a position.
    fn cut(&mut self, count: usize, older: Option<Position>) {
        self.positions.truncate(count);
        self.fits.truncate(count);
        self.older = older;
        let last = self.positions.last().copied();
        self.entries.retain(|at, _| last.is_some_and(|last| *at >= last));
    }

    /// Lets go of entries that are far from a row, once there are many in memory.
    pub(super) fn let_go(&mut self, rows: &[usize], row: usize) {
        if self.entries.len() <= MOST {
            return;
        }
        let position = |row: usize| self.positions.get(*rows.get(row)?).copied();
        let newest = self.positions.get(NEWEST).copied();
        let (first, last) = (position(row.saturating_sub(NEAR)), position(row.saturating_add(NEAR)));
        self.entries.retain(|at, _| {
            let is_near = first.is_none_or(|first| *at <= first) && last.is_none_or(|last| *at >= last);
            is_near || newest.is_none_or(|newest| *at > newest)
        });
    }

    /// Where those of some entries stand that are not in memory.
    pub(super) fn missing(&self, rows: &[usize]) -> Vec<Position> {
        let positions = rows.iter().filter_map(|row| self.positions.get(*row));
        positions.filter(|at| !self.entries.contains_key(at)).copied().collect()
    }

    /// Takes entries that were asked for again. Where none begins any more, there is none.
    pub(super) fn take_again(&mut self, asked: &[Position], entries: Vec<(Position, Entry)>) {
        self.entries.extend(entries);
        for at in asked {
            let index = self.positions.binary_search_by(|known| at.cmp(known));
            if let Some(fits) = index.ok().and_then(|index| self.fits.get_mut(index)) {
                *fits &= self.entries.contains_key(at);
            }
        }
    }

    /// How many entries are in memory.
    #[cfg(test)]
    pub(in crate::app) fn loaded(&self) -> usize {
        self.entries.len()
    }
}
