//! A list that is read page by page: what is shown meanwhile, and where it goes on.

use jiff::Timestamp;

use crate::app::Now;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::{Page, PageGuard, Row};

/// A list that is read page by page. What is on screen stays while it is read anew.
#[derive(Debug)]
pub struct Pages<T> {
    /// What is shown: the pages of the first read as they arrive, later only complete lists.
    pub items: Vec<T>,
    /// The pages of a read that will replace `items`.
    coming: Vec<T>,
    /// Whether more of the list is to come.
    is_loading: bool,
    /// Where the page begins that is wanted or awaited; the first one has no marker.
    marker: Option<String>,
    /// What was read so far: the list ends, and has each row once.
    guard: PageGuard,
    /// When the list was last complete.
    pub complete_at: Option<Timestamp>,
    /// Why the last page could not be read.
    pub failure: Option<Failure>,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            coming: Vec::new(),
            is_loading: false,
            marker: None,
            guard: PageGuard::default(),
            complete_at: None,
            failure: None,
        }
    }
}

impl<T: Row> Pages<T> {
    /// Begins to read the list from its first page; returns whether that page is to be asked for. A read that is
    /// still there serves, so that a key that is held down asks no more often.
    pub fn begin(&mut self) -> bool {
        if self.is_at_first_page() {
            return false;
        }
        self.stop();
        self.failure = None;
        self.is_loading = true;
        if self.complete_at.is_none() {
            self.items.clear();
        }
        true
    }

    /// Lets go of a read.
    pub fn stop(&mut self) {
        self.is_loading = false;
        self.marker = None;
        self.guard = PageGuard::default();
        self.coming.clear();
    }

    /// Where the page begins that is to be asked for.
    #[must_use]
    pub fn marker(&self) -> Option<String> {
        self.marker.clone()
    }

    /// Whether more of the list is to come.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.is_loading
    }

    /// Whether the page that is wanted or awaited is the first of a read.
    #[must_use]
    pub fn is_at_first_page(&self) -> bool {
        self.is_loading && self.marker.is_none()
    }

    /// Takes a page; the list goes on while it [`is_loading`](Self::is_loading).
    ///
    /// What may pass by itself is asked for again, from the same page on.
    pub fn take(&mut self, answer: Result<Page<T>, Failure>, now: &Now) {
        match answer {
            Ok(page) => {
                let target = if self.complete_at.is_none() { &mut self.items } else { &mut self.coming };
                self.failure = None;
                match self.guard.take(page, target) {
                    Ok(next) => self.turn(next, now),
                    Err(failure) => {
                        self.stop();
                        self.failure = Some(failure);
                    }
                }
            }
            Err(failure) => {
                if !is_passing(&failure) {
                    self.stop();
                }
                self.failure = Some(failure);
            }
        }
    }

    /// Goes on to the next page, or ends the read.
    fn turn(&mut self, next: Option<String>, now: &Now) {
        if next.is_none() {
            if self.complete_at.is_some() {
                self.items = std::mem::take(&mut self.coming);
            }
            self.complete_at = Some(now.at());
            self.stop();
        } else {
            self.marker = next;
        }
    }
}

/// Whether the same question may be answered a little later, with nobody having put anything right.
#[must_use]
pub fn is_passing(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::Throttled
            | FailureKind::NoConnection
            | FailureKind::LostAnswer
            | FailureKind::ServerTrouble
            | FailureKind::UnreadableAnswer
    )
}
