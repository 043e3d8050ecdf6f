//! Which changes are not over, by the journal and by what is listed.

use jiff::Timestamp;

use crate::domain::change_id::ChangeId;
use crate::domain::listing::LIST_LAG;
use crate::domain::record::Record;
use crate::domain::snapshot::Snapshot;

/// The changes that have a request which is not over, each once: its outcome is not known, or its snapshot is not
/// finished. That nobody saw the end of one which is listed as finished does not keep its change open.
#[must_use]
pub fn open_changes(open: &[Record], snapshots: &[Snapshot], now: Timestamp) -> Vec<ChangeId> {
    let mut changes: Vec<ChangeId> = open
        .iter()
        .filter(|record| record.intent.change.is_some() && is_under_way(record, snapshots, now))
        .filter_map(|record| record.intent.change.clone())
        .collect();
    changes.sort();
    changes.dedup();
    changes
}

fn is_under_way(record: &Record, snapshots: &[Snapshot], now: Timestamp) -> bool {
    if !record.is_unfinished() {
        return true;
    }
    let listed = snapshots.iter().find(|snapshot| snapshot.id.eq_ignore_ascii_case(&record.intent.snapshot));
    match listed {
        Some(snapshot) => !snapshot.status.is_final(),
        // One that is made right now may not be listed yet.
        None => record.intent.age(now, None) <= LIST_LAG,
    }
}
