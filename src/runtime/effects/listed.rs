//! The names of lists that come page by page, kept for completion in the shell once all of a list was read.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::domain::context::Target;
use crate::names::{self, ListedNames, MAX_NAMES};

/// The names of one list so far.
#[derive(Debug)]
pub(super) struct SeenNames {
    names: Mutex<BTreeSet<String>>,
    /// What they are names of.
    of: fn(BTreeSet<String>) -> ListedNames,
}

impl SeenNames {
    /// No names yet.
    pub(super) fn new(of: fn(BTreeSet<String>) -> ListedNames) -> Self {
        Self { names: Mutex::default(), of }
    }

    /// Takes the names of a page; gives those of the whole list with the last one.
    fn take(&self, is_first: bool, page: BTreeSet<String>, is_last: bool) -> Option<BTreeSet<String>> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if is_first {
            names.clear();
        }
        names.extend(page);
        // No more of them are kept in the end.
        while names.len() > MAX_NAMES {
            names.pop_last();
        }
        is_last.then(|| std::mem::take(&mut *names))
    }

    /// Takes the names of a page, and keeps those of the whole list after the last one. A slow disk holds up
    /// nothing.
    pub(super) fn note(&self, place: &Target, is_first: bool, page: BTreeSet<String>, is_last: bool) {
        if let Some(names) = self.take(is_first, page, is_last) {
            let (place, names) = (place.clone(), (self.of)(names));
            tokio::task::spawn_blocking(move || names::keep(&place, names));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_kept_whole_or_not_at_all() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        let listed = SeenNames::new(ListedNames::Clusters);
        assert_eq!(listed.take(true, names(&["a"]), false), None);
        assert_eq!(listed.take(true, names(&["b"]), false), None, "begun anew");
        assert_eq!(listed.take(false, names(&["c"]), true), Some(names(&["b", "c"])));
        assert_eq!(listed.take(true, names(&[]), true), Some(names(&[])));
        let many: Vec<String> = (0..=MAX_NAMES).map(|at| format!("{at:05}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(listed.take(true, names(&many), true), Some(names(&many[..MAX_NAMES])), "the first ones");
    }
}
