//! What the journal is asked: what is open, what was asked for a name, one request, and the newest ones.

use std::io::BufRead as _;
use std::io::BufReader;

use jiff::{SignedDuration, Timestamp};

use super::fold::{Folding, History, Record};
use super::{FILE_NAME, Journal, JournalError, file, lock};

/// How far a clock may have been set back between two requests of which the later one is asked for by its time.
const CLOCK_MARGIN: SignedDuration = SignedDuration::from_hours(1);

/// Where a request stands in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub(super) u64);

/// Some requests of the journal, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The requests.
    pub records: Vec<Record>,
    /// Where older ones go on; `None` if there are none.
    pub older: Option<Position>,
    /// How many requests there are in all.
    pub total: usize,
    /// How many lines of the journal could not be read.
    pub unreadable: usize,
}

/// Which open requests are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// Those for one of these snapshot identifiers.
    pub names: Vec<String>,
    /// And those for one of these DB clusters. If there is neither, all.
    pub clusters: Vec<String>,
}

impl Sought {
    fn matches(&self, record: &Record) -> bool {
        let is_any = self.names.is_empty() && self.clusters.is_empty();
        is_any
            || self.names.contains(&record.intent.snapshot)
            || self.clusters.contains(&record.intent.cluster)
    }
}

impl Journal {
    /// The requests that have to be looked up or followed, in the order in which they were made: what became of
    /// them is not known; or they made a snapshot that was not seen to end; or the service refused them for what
    /// was so at the moment, when they were asked at or after `refused_since`, by this machine's clock.
    ///
    /// # Errors
    /// If the journal is there and cannot be read: then it is not known whether there are any.
    pub fn open_requests(
        &self,
        refused_since: Timestamp,
        sought: &Sought,
    ) -> Result<Vec<Record>, JournalError> {
        self.records(|record| record.is_open(refused_since) && sought.matches(record))
    }

    /// Every request for a snapshot of this identifier, in the order in which they were made, wherever they went
    /// ([`super::Intent::competes_with`] tells).
    ///
    /// # Errors
    /// If the journal is there and cannot be read: then it is not known whether there are any.
    pub fn named(&self, snapshot: &str) -> Result<Vec<Record>, JournalError> {
        self.records(|record| record.intent.snapshot == snapshot)
    }

    /// The requests that were asked at or after a time by this machine's clock, or up to an hour before: the clock
    /// can have been set.
    ///
    /// # Errors
    /// If the journal is there and cannot be read: then it is not known whether there are any.
    pub fn since(&self, at: Timestamp) -> Result<Vec<Record>, JournalError> {
        self.records(|record| record.intent.at.duration_since(at) >= -CLOCK_MARGIN)
    }

    /// The request of this number; `None` if there is none.
    ///
    /// # Errors
    /// If the journal is there and cannot be read.
    pub fn record(&self, number: &str) -> Result<Option<Record>, JournalError> {
        Ok(self.records(|record| record.intent.number == number)?.pop())
    }

    /// The newest `count` requests, or the newest of those before a position.
    ///
    /// # Errors
    /// If the journal is there and cannot be read.
    pub fn page(&self, before: Option<Position>, count: usize) -> Result<Page, JournalError> {
        let (records, unreadable) = self.fold()?.records();
        let total = records.len();
        let mut older =
            records.into_iter().rev().skip_while(|(at, _)| before.is_some_and(|before| *at >= before));
        let shown: Vec<(Position, Record)> = older.by_ref().take(count).collect();
        let last = shown.last().map(|(at, _)| *at);
        let older = older.next().and(last);
        Ok(Page { records: shown.into_iter().map(|(_, record)| record).collect(), older, total, unreadable })
    }

    /// Reads all of it, and folds what belongs together. An absent journal is an empty one.
    ///
    /// # Errors
    /// If it is there and cannot be read.
    pub fn read(&self) -> Result<History, JournalError> {
        let (records, unreadable) = self.fold()?.records();
        Ok(History { records: records.into_iter().map(|(_, record)| record).collect(), unreadable })
    }

    fn records(&self, is_wanted: impl Fn(&Record) -> bool) -> Result<Vec<Record>, JournalError> {
        let (records, _) = self.fold()?.records();
        Ok(records.into_iter().map(|(_, record)| record).filter(is_wanted).collect())
    }

    fn fold(&self) -> Result<Folding, JournalError> {
        let path = self.path();
        let mut folding = Folding::default();
        let Some(file) = file::file_for_reading(&self.folder, FILE_NAME, &path)? else {
            return Ok(folding);
        };
        let wrong = |source| JournalError::io(&path, "read", source);
        lock::shared(&file, &path)?;
        let (mut reader, mut line, mut at) = (BufReader::new(&file), Vec::new(), Position(0));
        loop {
            let length = reader.read_until(b'\n', &mut line).map_err(wrong)?;
            if length == 0 {
                break;
            }
            folding.take(at, &line);
            at.0 += u64::try_from(length).unwrap_or(u64::MAX);
            line.clear();
        }
        file.unlock().map_err(wrong)?;
        Ok(folding)
    }
}
