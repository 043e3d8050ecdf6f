//! What it means that a snapshot which is followed is not in an answer. Lists are eventually consistent.

use std::time::Duration;

use crate::domain::status::SnapshotStatus;

/// For how long after its create a snapshot may be missing from lists.
pub const LIST_LAG: Duration = Duration::from_mins(1);

/// What a missing snapshot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// It was created just now: lists may not have it yet.
    NotListedYet,
    /// It was being deleted, and is gone.
    Deleted,
    /// It was there, or should have been, and is not.
    Disappeared,
}

/// Tells what it means that a snapshot of an age is missing; `last` is the status it was last listed with.
#[must_use]
pub fn absence(age: Duration, last: Option<&SnapshotStatus>) -> Absence {
    match last {
        Some(SnapshotStatus::Deleting | SnapshotStatus::Deleted) => Absence::Deleted,
        _ if age < LIST_LAG => Absence::NotListedYet,
        _ => Absence::Disappeared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_one_may_be_missing_for_a_minute_and_a_deleted_one_is_no_riddle() {
        let creating = Some(&SnapshotStatus::Creating);
        assert_eq!(absence(Duration::from_secs(59), None), Absence::NotListedYet);
        assert_eq!(absence(Duration::from_secs(59), creating), Absence::NotListedYet);
        assert_eq!(absence(LIST_LAG, creating), Absence::Disappeared);
        assert_eq!(absence(Duration::ZERO, Some(&SnapshotStatus::Deleting)), Absence::Deleted);
    }
}
