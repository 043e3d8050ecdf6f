//! A list that is read page by page: which page is wanted, and what is shown meanwhile.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::{Page, PageGuard, Row};

use super::Now;
use super::requests::RequestId;

/// A list that is read page by page. What is on screen stays while it is read anew.
#[derive(Debug)]
pub struct Pages<T> {
    /// What is shown: the pages of the first read as they arrive, later only complete lists.
    pub items: Vec<T>,
    /// The pages of a read that will replace `items`.
    coming: Vec<T>,
    /// The request whose page is awaited.
    in_flight: Option<RequestId>,
    /// Since when the next page is wanted, on the monotonic clock.
    due: Option<Duration>,
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
            in_flight: None,
            due: None,
            marker: None,
            guard: PageGuard::default(),
            complete_at: None,
            failure: None,
        }
    }
}

impl<T: Row> Pages<T> {
    /// Wants the list read from its first page. A read that is still there serves, so that a key that is held
    /// down asks no more often.
    pub fn begin(&mut self, now: Duration) {
        if self.is_at_first_page() {
            return;
        }
        self.stop();
        self.failure = None;
        self.due = Some(now);
        if self.complete_at.is_none() {
            self.items.clear();
        }
    }

    /// Lets go of a read; an answer that still comes is late.
    pub fn stop(&mut self) {
        self.in_flight = None;
        self.due = None;
        self.marker = None;
        self.guard = PageGuard::default();
        self.coming.clear();
    }

    /// Since when a page is to be asked for, on the monotonic clock; `None` if none is, or one is awaited.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        self.due
    }

    /// Notes that the page is asked for; returns where it begins.
    pub fn ask(&mut self, id: RequestId) -> Option<String> {
        self.in_flight = Some(id);
        self.due = None;
        self.marker.clone()
    }

    /// Whether more of the list is to come.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.in_flight.is_some() || self.due.is_some()
    }

    /// Whether a page is awaited.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.in_flight.is_some()
    }

    /// Whether it is this request's page that is awaited.
    #[must_use]
    pub fn awaits(&self, id: RequestId) -> bool {
        self.in_flight == Some(id)
    }

    /// Whether the page that is wanted or awaited is the first of a read.
    #[must_use]
    pub fn is_at_first_page(&self) -> bool {
        self.is_loading() && self.marker.is_none()
    }

    /// Takes a page, unless it is late; returns whether it was taken.
    ///
    /// What may pass by itself is asked for again, from the same page on.
    pub fn take(&mut self, id: RequestId, answer: Result<Page<T>, Failure>, now: &Now) -> bool {
        if !self.awaits(id) {
            return false;
        }
        self.in_flight = None;
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
                if is_passing(&failure) {
                    self.due = Some(now.mono);
                } else {
                    self.stop();
                }
                self.failure = Some(failure);
            }
        }
        true
    }

    /// Goes on to the next page, or ends the read.
    fn turn(&mut self, next: Option<String>, now: &Now) {
        match next {
            None => {
                if self.complete_at.is_some() {
                    self.items = std::mem::take(&mut self.coming);
                }
                self.complete_at = Some(now.at());
                self.stop();
            }
            Some(marker) => {
                self.marker = Some(marker);
                self.due = Some(now.mono);
            }
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
