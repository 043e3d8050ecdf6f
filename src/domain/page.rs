//! Lists that arrive in pages, and what they may be limited to.

use std::collections::HashSet;
use std::fmt;

use super::cluster::Cluster;
use super::cluster_id::ClusterId;
use super::failure::{Failure, FailureKind};
use super::snapshot::{Snapshot, SnapshotKind};

/// The most pages of one list that are read: 100 rows a page, so 200,000 rows.
const MOST_PAGES: usize = 2000;
/// How many pages in a row may bring nothing new. A service may filter a page after it was cut.
const MOST_WITHOUT_NEWS: usize = 10;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What the page holds.
    pub items: Vec<T>,
    /// The marker of the next page; `None` on the last.
    pub next: Option<String>,
}

/// What stands in a list once, however often pages have it.
pub trait Row {
    /// What tells it from the others: the ARN, else the identifier.
    fn identity(&self) -> &str;

    /// Whether another state of it, of which the texts are the same, has the same place in every order.
    fn sorts_like(&self, _other: &Self) -> bool {
        true
    }

    /// Whether it may be in a list twice, because two of the service's are read as one.
    fn comes_twice(&self) -> bool {
        false
    }
}

impl Row for Cluster {
    fn identity(&self) -> &str {
        // One account has an identifier once in a Region.
        self.id.as_str()
    }
}

impl Row for Snapshot {
    fn identity(&self) -> &str {
        self.arn.as_deref().unwrap_or(&self.id)
    }

    fn sorts_like(&self, other: &Self) -> bool {
        (self.created_at, self.allocated_gib) == (other.created_at, other.allocated_gib)
    }

    fn comes_twice(&self) -> bool {
        self.kind == SnapshotKind::AwsBackup
    }
}

/// What was read of a list so far, so that it ends and has each row once.
#[derive(Clone, Debug, Default)]
pub struct PageGuard {
    seen: HashSet<String>,
    markers: HashSet<String>,
    pages: usize,
    without_news: usize,
}

impl PageGuard {
    /// Puts the rows of a page behind those of earlier ones; gives the marker of the next, `None` after the last.
    /// A row that was there before is left out: one that is made while the list is read pushes others onto the next
    /// page.
    ///
    /// # Errors
    /// `UnreadableAnswer`: a marker came twice, too many pages brought nothing new, or there are too many.
    pub fn take<T: Row>(&mut self, page: Page<T>, rows: &mut Vec<T>) -> Result<Option<String>, Failure> {
        let before = rows.len();
        for row in page.items {
            if self.seen.insert(row.identity().to_owned()) {
                rows.push(row);
            }
        }
        self.next(page.next, rows.len() - before)
    }

    /// How many pages were read.
    pub(crate) fn pages(&self) -> usize {
        self.pages
    }

    /// Takes it that a page with so many new rows was read; gives the marker of the next, `None` after the last.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub fn next(&mut self, marker: Option<String>, news: usize) -> Result<Option<String>, Failure> {
        self.pages += 1;
        self.without_news = if news > 0 { 0 } else { self.without_news + 1 };
        let Some(marker) = marker else { return Ok(None) };
        let why = if !self.markers.insert(marker.clone()) {
            "the list leads in a circle: a page's marker came twice, so the rest of it is not known"
                .to_owned()
        } else if self.without_news >= MOST_WITHOUT_NEWS {
            format!("the list does not end: {MOST_WITHOUT_NEWS} pages in a row brought nothing new")
        } else if self.pages >= MOST_PAGES {
            format!("the list does not end: {MOST_PAGES} pages were read, and there are more")
        } else {
            return Ok(Some(marker));
        };
        Err(Failure::local(FailureKind::UnreadableAnswer, why))
    }
}

/// Which DB cluster snapshots a list is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotScope {
    /// All of the Region that the account owns or that are shared with it.
    Region,
    /// The manual ones of the Region.
    Manual,
    /// Those of one cluster, of every type.
    Cluster(ClusterId),
    /// Those of one type, of one cluster or of the Region.
    Kind(SnapshotKind, Option<ClusterId>),
}

/// The quota of manual DB cluster snapshots of the account in the Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many there are.
    pub used: u64,
    /// How many there may be.
    pub max: u64,
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} manual snapshots", self.used, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Row for &str {
        fn identity(&self) -> &str {
            self
        }
    }

    fn page(items: &[&'static str], next: impl Into<Option<usize>>) -> Page<&'static str> {
        Page { items: items.to_vec(), next: next.into().map(|marker| marker.to_string()) }
    }

    /// Takes pages until the list ends or fails; gives how many were taken, and the words.
    fn read(mut page_of: impl FnMut(usize) -> Page<&'static str>) -> (usize, String) {
        let (mut rows, mut guard) = (Vec::new(), PageGuard::default());
        for at in 1.. {
            match guard.take(page_of(at), &mut rows) {
                Ok(Some(_)) => {}
                Ok(None) => return (at, rows.join(" ")),
                Err(failure) => return (at, failure.message),
            }
        }
        unreachable!()
    }

    #[test]
    fn a_row_that_comes_again_is_there_once() {
        let (pages, rows) =
            read(|at| if at == 1 { page(&["a", "b"], 1) } else { page(&["b", "c", "c"], None) });
        assert_eq!((pages, rows.as_str()), (2, "a b c"));
    }

    #[test]
    fn a_list_without_end_is_an_error_that_says_so() {
        let (pages, words) = read(|at| page(&["a"], at % 2));
        assert!(pages == 3 && words.contains("a page's marker came twice"), "{pages}: {words}");
        let (pages, words) = read(|at| page(&["a"], at));
        assert!(pages == 11 && words.contains("10 pages in a row brought nothing new"), "{pages}: {words}");
        let rows: Vec<&'static str> = (0..3000).map(|at| &*at.to_string().leak()).collect();
        let (pages, words) =
            read(|at| Page { items: rows.get(at).copied().into_iter().collect(), ..page(&[], at) });
        assert!(pages == 2000 && words.contains("2000 pages were read"), "{pages}: {words}");
    }
}
