//! Where the rows of a long list are, by a text of theirs. The text itself is not kept: the list has it.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;

/// The rows by a text.
#[derive(Debug, Default)]
pub(super) struct Index {
    rows: HashTable<u32>,
    hasher: RandomState,
}

impl Index {
    /// The row of a text.
    pub(super) fn find<'a>(&self, text: &str, text_of: impl Fn(usize) -> Option<&'a str>) -> Option<usize> {
        let is_it = |row: &u32| text_of(index(*row)).is_some_and(|its| its.eq_ignore_ascii_case(text));
        self.rows.find(hash(&self.hasher, text), is_it).map(|row| index(*row))
    }

    /// Takes a row in that is not there yet.
    pub(super) fn insert<'a>(&mut self, row: usize, text_of: impl Fn(usize) -> Option<&'a str>) {
        let at = number(row);
        let Self { rows, hasher } = self;
        let hash = |row: &u32| hash(hasher, text_of(index(*row)).unwrap_or_default());
        rows.insert_unique(hash(&at), at, hash);
    }

    /// Lets go of all rows.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }
}

/// A place in a list, or in its texts, in half the memory. None is so long: a list has at most 200,000 rows.
pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The place of a number.
pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The same for every spelling of a text in upper and lower case.
fn hash(hasher: &RandomState, text: &str) -> u64 {
    hasher.hash_one(text.to_ascii_lowercase())
}
