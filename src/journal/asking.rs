//! What the journal is asked: what is open, what was asked for a name, one request, and the newest ones.

use std::io;

use jiff::Timestamp;

use super::index::OpenRequest;
use super::view::View;
use super::{Journal, JournalError};
use crate::domain::alteration::AlterationRecord;
use crate::domain::change_id::ChangeId;
use crate::domain::record::{Entry, OpenRecords, Position, Record, RecordPage};

/// The newest requests before a position.
fn page_of(view: &View, before: Option<Position>, count: usize) -> io::Result<RecordPage> {
    let (total, unreadable) = view.counts();
    let mut page = RecordPage { total, unreadable, ..RecordPage::default() };
    let (mut newest, mut last) = (view.newest(before), None);
    for request in newest.by_ref().take(count) {
        let request = request?;
        last = Some(request.0);
        page.entries.push(request);
    }
    page.older = newest.next().transpose()?.and(last);
    Ok(page)
}

/// As many as are asked in some minutes, as a rule.
const FEW: usize = 20;

impl Journal {
    /// The requests that have to be looked up or followed, in the order in which they were made: what became of
    /// them is not known; or they made a snapshot that was not seen to end; or the service refused them for what
    /// was so at the moment, when they were asked at or after `refused_since`, by any clock. With them the
    /// deletions of which it is not known what became.
    ///
    /// # Errors
    /// If the journal is there and cannot be read: then it is not known whether there are any.
    pub fn open_requests(&self, refused_since: Timestamp) -> Result<OpenRecords, JournalError> {
        self.what_is_open(|request| request.may_be(refused_since), |record| record.is_open(refused_since))
    }

    /// What another request is beside: the requests of which it is not known what became, those that were asked since a
    /// moment, by any clock, and made a snapshot that was not seen to end, and the deletions of which it is not known what
    /// became.
    ///
    /// # Errors
    /// If the journal is there and cannot be read: then it is not known whether there are any.
    pub(crate) fn open_or_made_since(&self, since: Timestamp) -> Result<OpenRecords, JournalError> {
        let may_be = |request: &OpenRequest| request.is_unsettled() || request.is_unfinished_since(since);
        self.what_is_open(may_be, |record| record.is_unsettled() || record.is_unfinished())
    }

    /// The open requests of a kind, by what the index and what the lines know of them, and the open deletions.
    fn what_is_open(
        &self,
        may_be: impl Fn(&OpenRequest) -> bool,
        is_open: impl Fn(&Record) -> bool,
    ) -> Result<OpenRecords, JournalError> {
        self.ask(|view| {
            let open = view.open(|request| may_be(request) || request.is_alteration())?;
            let (mut records, mut deletions) = (Vec::new(), Vec::new());
            for entry in open {
                match entry {
                    Entry::Request(record) if is_open(&record) => records.push(record),
                    Entry::Alteration(record) if record.is_open_deletion() => deletions.push(record),
                    _ => {}
                }
            }
            let lines_missing = view.counts().1;
            Ok(OpenRecords { records, deletions, lines_missing, ..OpenRecords::default() })
        })
    }

    /// The requests of which it is not known what became, in the order in which they were made; and how many lines are
    /// missing.
    ///
    /// # Errors
    /// If the journal is there and cannot be read: then it is not known whether there are any.
    pub(crate) fn unsettled_requests(&self) -> Result<OpenRecords, JournalError> {
        self.ask(|view| {
            let open = view.open(OpenRequest::is_unsettled)?.into_iter().filter_map(Entry::request);
            let records = open.filter(Record::is_unsettled).collect();
            Ok(OpenRecords { records, lines_missing: view.counts().1, ..OpenRecords::default() })
        })
    }

    /// How many lines cannot be read.
    ///
    /// # Errors
    /// If the journal is there and cannot be read at all.
    pub fn lines_missing(&self) -> Result<usize, JournalError> {
        self.ask(|view| Ok(view.counts().1))
    }

    /// The alterations of which it is not known what became, in the order in which they were asked.
    ///
    /// # Errors
    /// If the journal is there and cannot be read: then it is not known whether there are any.
    pub fn open_alterations(&self) -> Result<Vec<AlterationRecord>, JournalError> {
        let open = self.ask(|view| view.open(OpenRequest::is_alteration))?;
        Ok(open.into_iter().filter_map(Entry::alteration).filter(AlterationRecord::is_open).collect())
    }

    /// What was done to snapshots since a moment, as far as the clocks tell; the newest first.
    ///
    /// # Errors
    /// If the journal is there and cannot be read.
    pub fn alterations_since(&self, since: Timestamp) -> Result<Vec<AlterationRecord>, JournalError> {
        let mut found = Vec::new();
        for page in self.pages(FEW)? {
            for (_, entry) in page?.entries {
                if entry.is_before(since) {
                    return Ok(found);
                }
                found.extend(entry.alteration().filter(|one| one.asked.at_the_latest() >= since));
            }
        }
        Ok(found)
    }

    /// Every request for a snapshot of this identifier, in the order in which they were made, wherever they went
    /// ([`crate::domain::record::Intent::competes_with`] tells).
    ///
    /// # Errors
    /// If the journal is there and cannot be read: then it is not known whether there are any.
    pub fn named(&self, snapshot: &str) -> Result<Vec<Record>, JournalError> {
        self.ask(|view| view.named(snapshot))
    }

    /// Every request of a change, in the order in which they were made, wherever they went.
    ///
    /// # Errors
    /// If the journal is there and cannot be read: then it is not known whether there are any.
    pub fn of_change(&self, id: &ChangeId) -> Result<Vec<Record>, JournalError> {
        self.ask(|view| view.of_change(id))
    }

    /// The request or alteration of this number; `None` if there is none.
    ///
    /// # Errors
    /// If the journal is there and cannot be read.
    pub fn entry(&self, number: &str) -> Result<Option<Entry>, JournalError> {
        self.ask(|view| view.entry(number))
    }

    /// The newest `count` requests, or the newest of those before a position.
    ///
    /// # Errors
    /// If the journal is there and cannot be read.
    pub fn page(&self, before: Option<Position>, count: usize) -> Result<RecordPage, JournalError> {
        self.ask(|view| page_of(view, before, count))
    }

    /// What begins at some positions; nothing of those where none begins any more.
    ///
    /// # Errors
    /// If the journal is there and cannot be read.
    pub fn entries_at(&self, positions: &[Position]) -> Result<Vec<(Position, Entry)>, JournalError> {
        self.ask(|view| view.entries_at(positions))
    }

    /// All requests in pages of `count`, the newest first, as they are now. There is always a first page.
    ///
    /// # Errors
    /// If the journal is there and cannot be read.
    pub fn pages(
        &self,
        count: usize,
    ) -> Result<impl Iterator<Item = Result<RecordPage, JournalError>> + use<>, JournalError> {
        let (journal, mut view) = (self.clone(), self.view(true)?);
        let (mut before, mut is_over) = (None, false);
        Ok(std::iter::from_fn(move || {
            if is_over {
                return None;
            }
            let page = journal.page_in(&mut view, before, count);
            before = page.as_ref().ok().and_then(|page| page.older);
            is_over = before.is_none();
            Some(page)
        }))
    }

    /// A page of a view. If that turns out to rest on a wrong index, the journal is viewed again without.
    fn page_in(
        &self,
        view: &mut Option<View>,
        before: Option<Position>,
        count: usize,
    ) -> Result<RecordPage, JournalError> {
        let read = |view: &Option<View>| {
            let page =
                view.as_ref().map_or_else(|| Ok(RecordPage::default()), |view| page_of(view, before, count));
            page.map_err(|source| JournalError::io(&self.path(), "read", source))
        };
        match read(view) {
            Err(error) if error.is_of_wrong_index() => {
                self.forget_index();
                *view = self.view(false)?;
                read(view)
            }
            page => page,
        }
    }

    /// Asks the journal as it is now. An index that turns out to be wrong is made anew; if it cannot be, the
    /// journal is read without.
    fn ask<T: Default>(&self, ask: impl Fn(&View) -> io::Result<T>) -> Result<T, JournalError> {
        for _ in 0..2 {
            match self.ask_once(&ask, true) {
                Err(error) if error.is_of_wrong_index() => self.forget_index(),
                answer => return answer,
            }
        }
        self.ask_once(&ask, false)
    }

    fn ask_once<T: Default>(
        &self,
        ask: impl Fn(&View) -> io::Result<T>,
        uses_index: bool,
    ) -> Result<T, JournalError> {
        let Some(view) = self.view(uses_index)? else { return Ok(T::default()) };
        ask(&view).map_err(|source| JournalError::io(&self.path(), "read", source))
    }
}
