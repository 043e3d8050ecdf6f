//! What the history knows of the journal. Of years of entries only those near the cursor are in memory; of the others
//! it is known where they stand, and they are read again when the cursor comes near.

use std::collections::BTreeMap;

use crate::domain::filter::Sieve;
use crate::domain::record::{Entry, Position, RecordPage};

/// How many of the newest entries stay in memory: they are shown at once, and every filter begins with them.
const NEWEST: usize = 500;
/// How many rows above and below the cursor stay in memory.
const NEAR: usize = 1000;
/// With so many in memory the others are let go of.
const MOST: usize = NEWEST + 4 * NEAR;

/// Entries of the journal, the newest first.
#[derive(Debug, Default)]
pub struct Past {
    slots: Vec<Slot>,
    /// Before which position older ones go on; `None` if there are none.
    pub older: Option<Position>,
    /// How many entries there are in all.
    pub total: usize,
    /// How many lines of the journal could not be read; they stay in it.
    pub unreadable: usize,
}

/// An entry, in memory or not.
#[derive(Debug)]
struct Slot {
    at: Position,
    /// Whether the filter let it pass.
    fits: bool,
    entry: Option<Box<Entry>>,
}

impl From<RecordPage> for Past {
    fn from(page: RecordPage) -> Self {
        let RecordPage { entries, positions, older, total, unreadable } = page;
        let slot = |(at, entry)| Slot { at, fits: true, entry: Some(Box::new(entry)) };
        Self { slots: positions.into_iter().zip(entries).map(slot).collect(), older, total, unreadable }
    }
}

impl Past {
    /// How many entries are known.
    #[must_use]
    pub fn count(&self) -> usize {
        self.slots.len()
    }

    /// An entry, if it is in memory.
    #[must_use]
    pub fn entry(&self, index: usize) -> Option<&Entry> {
        self.slots.get(index)?.entry.as_deref()
    }

    /// Where each of the entries that fit is among them. Those that are not in memory fitted when they were.
    pub(super) fn fitting(&mut self, sieve: &mut Sieve<'_>) -> Vec<usize> {
        for slot in &mut self.slots {
            if let Some(entry) = slot.entry.as_deref() {
                slot.fits = sieve.lets_pass(entry);
            }
        }
        let fitting = self.slots.iter().enumerate().filter(|(_, slot)| slot.fits);
        fitting.map(|(index, _)| index).collect()
    }

    /// Puts what was known of older entries behind the newest, if it goes on there; how many rows came before them.
    pub(super) fn go_on_with(&mut self, before: Self) -> Option<(usize, usize)> {
        let last = self.slots.last()?.at;
        let at = before.slots.iter().position(|slot| slot.at == last)?;
        self.older?;
        let count = self.slots.len();
        self.slots.extend(before.slots.into_iter().skip(at + 1));
        self.older = before.older;
        Some((count, at + 1))
    }

    /// Takes older entries that a filter lets pass; whether it left some out.
    pub(super) fn take_older(&mut self, older: RecordPage, sieve: &mut Sieve<'_>) -> bool {
        let mut older = Self::from(older);
        let count = older.slots.len();
        older.slots.retain(|slot| slot.entry.as_deref().is_some_and(|entry| sieve.lets_pass(entry)));
        let is_less = older.slots.len() < count;
        self.slots.extend(older.slots);
        self.older = older.older;
        is_less
    }

    /// Forgets all but so many of the newest: they go on before a position.
    pub(super) fn cut(&mut self, count: usize, older: Option<Position>) {
        self.slots.truncate(count);
        self.older = older;
    }

    /// Forgets what is behind the first that is not in memory: whether it fits another filter is not known.
    pub(super) fn cut_at_gap(&mut self) {
        if let Some(gap) = self.slots.iter().position(|slot| slot.entry.is_none())
            && let Some(last) = gap.checked_sub(1).and_then(|last| self.slots.get(last))
        {
            self.cut(gap, Some(last.at));
        }
    }

    /// Lets go of entries that are far from a row, once there are many in memory.
    pub(super) fn let_go(&mut self, rows: &[usize], row: usize) {
        if self.slots.iter().filter(|slot| slot.entry.is_some()).count() <= MOST {
            return;
        }
        let first = rows.get(row.saturating_sub(NEAR)).copied().unwrap_or_default();
        let last = rows.get(row.saturating_add(NEAR)).copied().unwrap_or(usize::MAX);
        for (index, slot) in self.slots.iter_mut().enumerate().skip(NEWEST) {
            if index < first || index > last {
                slot.entry = None;
            }
        }
    }

    /// Where those of some entries stand that are not in memory.
    pub(super) fn missing(&self, rows: &[usize]) -> Vec<Position> {
        let slots = rows.iter().filter_map(|row| self.slots.get(*row));
        slots.filter(|slot| slot.entry.is_none()).map(|slot| slot.at).collect()
    }

    /// Takes entries that were asked for again. Where none begins any more, there is none.
    pub(super) fn take_again(&mut self, asked: &[Position], entries: Vec<(Position, Entry)>) {
        let mut entries: BTreeMap<Position, Entry> = entries.into_iter().collect();
        // They stand in the order of their positions, the highest first.
        for at in asked {
            if let Ok(index) =
                self.slots.binary_search_by_key(&std::cmp::Reverse(*at), |slot| std::cmp::Reverse(slot.at))
                && let Some(slot) = self.slots.get_mut(index)
            {
                slot.entry = entries.remove(at).map(Box::new);
                slot.fits &= slot.entry.is_some();
            }
        }
    }

    /// How many entries are in memory.
    #[cfg(test)]
    pub(in crate::app) fn loaded(&self) -> usize {
        self.slots.iter().filter(|slot| slot.entry.is_some()).count()
    }
}
