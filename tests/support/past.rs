//! All that a journal says.

use clustersnap::domain::alteration::AlterationRecord;
use clustersnap::domain::record::{Entry, Record};
use clustersnap::journal::Journal;

/// All that a journal says, the oldest first.
#[derive(Debug)]
pub struct Past {
    /// The requests.
    pub records: Vec<Record>,
    /// What was done to snapshots that were there.
    pub alterations: Vec<AlterationRecord>,
    /// How many lines could not be read.
    pub unreadable: usize,
}

impl Past {
    /// Reads it.
    pub fn of(journal: &Journal) -> Self {
        let page = journal.page(None, usize::MAX).expect("the journal can be read");
        let entries: Vec<Entry> = page.entries.into_iter().rev().map(|(_, entry)| entry).collect();
        Self {
            records: entries.iter().cloned().filter_map(Entry::request).collect(),
            alterations: entries.into_iter().filter_map(Entry::alteration).collect(),
            unreadable: page.unreadable,
        }
    }
}
