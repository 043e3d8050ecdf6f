//! Which lists there are, and what the rows of each can be asked for by its name.

use super::FilterKey;

/// The list whose rows are filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilteredList {
    /// DB clusters.
    Clusters,
    /// DB cluster snapshots.
    Snapshots,
    /// What was asked in the past.
    History,
}

impl FilteredList {
    /// What a row of it can have. For anything else none would fit, and nothing be left out.
    pub(crate) fn keys(self) -> &'static [FilterKey] {
        use FilterKey::{Account, Change, Cluster, Engine, Region, Status, Type};
        match self {
            Self::Clusters => &[Status, Engine, Region, Account, Cluster],
            Self::Snapshots => &[Status, Engine, Type, Region, Account, Cluster, Change],
            Self::History => &[Status, Region, Account, Cluster, Change],
        }
    }

    /// What its rows are called.
    #[must_use]
    pub fn rows(self) -> &'static str {
        match self {
            Self::Clusters => "DB clusters",
            Self::Snapshots => "snapshots",
            Self::History => "requests of the past",
        }
    }

    /// All that can be asked for by its name, as it is typed.
    pub(super) fn forms(self) -> String {
        let keys: Vec<String> = self.keys().iter().map(|key| format!("{key}:X")).collect();
        format!("age>90d, age<2h, {}", keys.join(", "))
    }
}
