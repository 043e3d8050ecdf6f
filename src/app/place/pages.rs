//! A list that is read page by page: what is shown meanwhile, and where it goes on.

use jiff::Timestamp;

use crate::app::Now;
use crate::domain::age::short_clock;
use crate::domain::failure::Failure;
use crate::domain::filter::{Filterable, Haystack};
use crate::domain::page::{Page, PageGuard, Row};

use super::index::Index;
use super::texts::Texts;

/// A list that is read page by page. What is known stays while it is read anew: each page replaces its own rows, and
/// what is not listed any more goes at the end.
#[derive(Debug)]
pub struct Pages<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Of each row the text that words are looked for in, and by which read it was seen last.
    texts: Texts,
    seen: Vec<u32>,
    index: Index,
    read: u32,
    /// Which state of the list it is: another number where rows came, went, or have changed in what they are found
    /// or sorted by.
    pub version: u64,
    /// How often rows were let go of, so that the others stand in other places.
    pub moved: u64,
    /// Whether more of the list is to come.
    is_loading: bool,
    reading: Reading,
    /// When the list was last complete.
    pub complete_at: Option<Timestamp>,
    /// Why the last page could not be read.
    pub failure: Option<Failure>,
}

/// How far the read of a list has come, page by page.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Where the page begins that is wanted or awaited; the first one has no marker.
    marker: Option<String>,
    /// What was read so far: the list ends.
    guard: PageGuard,
}

impl Reading {
    /// Where the page begins that is to be asked for.
    pub(super) fn marker(&self) -> Option<String> {
        self.marker.clone()
    }

    /// How many pages were read.
    pub(super) fn pages(&self) -> usize {
        self.guard.pages()
    }

    /// Takes it that a page with so many new rows was read; whether there is another. After the last the next read
    /// begins anew, and after a list that does not end.
    pub(super) fn take(&mut self, next: Option<String>, news: usize) -> Result<bool, Failure> {
        let next = self.guard.next(next, news);
        if let Ok(Some(marker)) = next {
            self.marker = Some(marker);
            return Ok(true);
        }
        *self = Self::default();
        next.map(|_| false)
    }
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            texts: Texts::default(),
            seen: Vec::new(),
            index: Index::default(),
            read: 0,
            version: 0,
            moved: 0,
            is_loading: false,
            reading: Reading::default(),
            complete_at: None,
            failure: None,
        }
    }
}

impl<T> Pages<T> {
    /// Whether more of the list is to come.
    pub fn is_loading(&self) -> bool {
        self.is_loading
    }

    /// Lets go of all of it, as if nothing had ever been read.
    pub fn clear(&mut self) {
        *self = Self { moved: self.moved + 1, ..Self::default() };
    }

    /// Whether the list is read for the first time: more rows come with every page.
    pub fn is_growing(&self) -> bool {
        self.is_loading && self.complete_at.is_none()
    }
}

impl<T: Row + Filterable + PartialEq> Pages<T> {
    /// Begins to read the list from its first page; returns whether that page is to be asked for. A read that is
    /// still there serves, so that a key that is held down asks no more often.
    pub fn begin(&mut self) -> bool {
        if self.is_at_first_page() {
            return false;
        }
        self.stop();
        self.failure = None;
        self.is_loading = true;
        self.read += 1;
        true
    }

    /// Lets go of a read.
    pub fn stop(&mut self) {
        self.is_loading = false;
        self.reading = Reading::default();
    }

    /// Where the page begins that is to be asked for.
    pub fn marker(&self) -> Option<String> {
        self.reading.marker()
    }

    /// How far it could not be read, and from when what is shown is.
    pub(super) fn unread_words(&self, now: &Now) -> (&'static str, String) {
        let stays = |at| format!("What is shown is from {}. ", short_clock(at, &now.wall));
        match self.complete_at {
            Some(at) => ("could not be read again", stays(at)),
            None if self.items.is_empty() => ("could not be read", String::new()),
            None => ("could be read only in part", String::new()),
        }
    }

    /// Whether the page that is wanted or awaited is the first of a read.
    pub fn is_at_first_page(&self) -> bool {
        self.is_loading && self.reading.marker.is_none()
    }

    /// The text of a row that words are looked for in.
    pub fn text(&self, at: usize) -> Haystack<&str> {
        self.texts.get(at)
    }

    /// The place of a row.
    pub fn find(&self, identity: &str) -> Option<usize> {
        let items = &self.items;
        self.index.find(identity, |at| items.get(at).map(Row::identity))
    }

    /// Takes a page; the list goes on while it [`is_loading`](Self::is_loading). Returns whether rows were let go of,
    /// so that the others are in other places.
    ///
    /// What may pass by itself is asked for again, from the same page on.
    pub fn take(&mut self, answer: Result<Page<T>, Failure>, now: &Now) -> bool {
        self.failure = answer.as_ref().err().cloned();
        let page = match answer {
            Ok(page) => page,
            Err(failure) => {
                if !failure.kind.is_passing() {
                    self.stop();
                }
                return false;
            }
        };
        let mut news = 0;
        for item in page.items {
            // What is in two lists that are read as one makes no circle.
            let comes_twice = item.comes_twice();
            news += usize::from(self.put(item) || comes_twice);
        }
        match self.reading.take(page.next, news) {
            Ok(true) => false,
            Ok(false) => self.end(now),
            Err(failure) => {
                self.stop();
                self.failure = Some(failure);
                false
            }
        }
    }

    /// Puts a row in the place of what was known of it, else behind the others; whether this read has it for the first
    /// time.
    pub fn put(&mut self, item: T) -> bool {
        let Some(at) = self.find(item.identity()) else {
            self.texts.push(item.haystack().as_deref());
            self.items.push(item);
            self.seen.push(self.read);
            self.version += 1;
            let items = &self.items;
            self.index.insert(items.len() - 1, |at| items.get(at).map(Row::identity));
            return true;
        };
        self.change(at, item);
        std::mem::replace(&mut self.seen[at], self.read) != self.read
    }

    /// Puts a row in the place of another one that it replaces.
    pub fn replace(&mut self, at: usize, item: T) {
        let is_another = self.items[at].identity() != item.identity();
        self.change(at, item);
        if is_another {
            self.index_all();
        }
    }

    fn change(&mut self, at: usize, item: T) {
        if self.items[at] == item {
            return;
        }
        let text = item.haystack();
        let text = text.as_deref();
        let is_found_otherwise = text != self.texts.get(at);
        if is_found_otherwise {
            self.texts.replace(at, text);
        }
        self.version += u64::from(is_found_otherwise || !self.items[at].sorts_like(&item));
        self.items[at] = item;
    }

    /// Lets go of a row.
    pub fn remove(&mut self, is_it: impl Fn(&T) -> bool) {
        let kept: Vec<bool> = self.items.iter().map(|item| !is_it(item)).collect();
        self.keep(&kept);
    }

    /// Ends the read: what it did not see goes; whether that was anything.
    fn end(&mut self, now: &Now) -> bool {
        self.complete_at = Some(now.at());
        self.stop();
        let kept: Vec<bool> = self.seen.iter().map(|seen| *seen == self.read).collect();
        let is_less = self.keep(&kept);
        // A list that grew row by row has room for up to twice as many: now it is known how many there are.
        self.items.shrink_to_fit();
        self.seen.shrink_to_fit();
        self.texts.shrink();
        is_less
    }

    /// Keeps some of the rows; whether others were let go of.
    fn keep(&mut self, kept: &[bool]) -> bool {
        if kept.iter().all(|is_kept| *is_kept) {
            return false;
        }
        retain(&mut self.items, kept);
        self.texts.retain(kept);
        retain(&mut self.seen, kept);
        self.version += 1;
        self.moved += 1;
        self.index_all();
        true
    }

    fn index_all(&mut self) {
        self.index.clear();
        let items = &self.items;
        for at in 0..items.len() {
            self.index.insert(at, |at| items.get(at).map(Row::identity));
        }
    }
}

/// Leaves the rows that are kept.
pub(super) fn retain<T>(rows: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    rows.retain(|_| kept.next().is_none_or(|is_kept| *is_kept));
}
