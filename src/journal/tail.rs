//! What stands in a journal behind what its index covers, read a batch at a time.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::io;

use super::fold::Folding;
use super::index::{JournalIndex, OpenRequest, Pointer, key};
use super::line::Line;
use super::scan::{self, Forwards};
use crate::domain::record::{Entry, Position};

/// What stands behind what the index covers; without an index, all.
#[derive(Debug, Default)]
pub(super) struct Tail {
    pub(super) from: u64,
    /// Up to where it was read, and the checksum of all before that.
    pub(super) at: u64,
    pub(super) sum: u32,
    /// Where the lines of each number, and the intents of each snapshot's name and of each change, stand; sorted.
    pub(super) pointers: Vec<Pointer>,
    /// The open requests that these lines speak of, by where their intents stand.
    pub(super) open: BTreeMap<u64, OpenRequest>,
    /// The intents before it of requests that these lines speak of: what the index says of them is old.
    pub(super) overtaken: BTreeSet<u64>,
    /// How many requests there are in the whole journal, and how many lines that cannot be read.
    pub(super) requests: u64,
    pub(super) unreadable: u64,
}

/// Lines that were read in one go.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) at: u64,
    pub(super) sum: u32,
    pub(super) pointers: Vec<Pointer>,
    pub(super) numbers: HashSet<String>,
    folding: Folding,
}

impl Batch {
    pub(super) fn read(file: &File, tail: &Tail, until: u64, end: u64) -> io::Result<Self> {
        let mut forwards = Forwards::new(file, tail.at, end, tail.sum);
        let mut batch = Self::default();
        while forwards.at < until
            && let Some((at, line)) = forwards.next()?
        {
            batch.take(at, line);
        }
        (batch.at, batch.sum) = (forwards.at, forwards.sum.finalize());
        batch.pointers.sort_unstable();
        Ok(batch)
    }

    pub(super) fn take(&mut self, at: u64, line: &[u8]) {
        let Some(line) = self.folding.read(line) else { return };
        let mut point = |name: &str| self.pointers.push(Pointer { key: key(name), at });
        let number = line.number();
        point(number);
        if let Line::Intent(intent) = &line {
            point(&intent.snapshot);
            intent.change.iter().for_each(|change| point(change.as_str()));
        }
        if !self.numbers.contains(number) {
            self.numbers.insert(number.to_owned());
        }
        self.folding.put(Position(at), line);
    }
}

impl Tail {
    /// Takes what lines that were read say of requests of which nothing was known before; `again` are the others.
    pub(super) fn take(&mut self, batch: Batch, again: &HashSet<String>) {
        (self.at, self.sum) = (batch.at, batch.sum);
        self.pointers.extend(batch.pointers);
        // Both halves are in order: not the unstable sort, which would not notice.
        self.pointers.sort();
        let (entries, unreadable) = batch.folding.entries();
        self.unreadable += scan::length(unreadable);
        for (Position(at), entry) in entries {
            if !again.contains(entry.number()) {
                self.requests += 1;
                self.open.extend(OpenRequest::of(at, &entry).map(|request| (at, request)));
            }
        }
    }

    /// Takes what later lines say of a request that was there before.
    pub(super) fn take_again(&mut self, earlier: Vec<(u64, Line)>, later: Vec<(u64, Line)>) {
        for (at, _) in earlier.iter().filter(|(_, line)| line.begins()) {
            self.open.remove(at);
            if *at < self.from {
                self.overtaken.insert(*at);
            }
        }
        let was_there = earlier.iter().any(|(_, line)| line.begins());
        if let Some((at, entry)) = put_together(earlier.into_iter().chain(later)) {
            self.requests += u64::from(!was_there);
            self.open.extend(OpenRequest::of(at, &entry).map(|request| (at, request)));
        }
    }

    /// Every open request of the journal, in the order of their intents.
    pub(super) fn open(&self, earlier: Option<&JournalIndex>) -> Vec<OpenRequest> {
        let earlier = earlier.map(|index| index.open.as_slice()).unwrap_or_default().iter();
        let mut open: Vec<OpenRequest> =
            earlier.filter(|request| !self.overtaken.contains(&request.at)).copied().collect();
        open.extend(self.open.values());
        open.sort_by_key(|request| request.at);
        open
    }
}

/// The entry that lines make, with where it begins last.
pub(super) fn put_together(lines: impl IntoIterator<Item = (u64, Line)>) -> Option<(u64, Entry)> {
    let mut folding = Folding::default();
    for (at, line) in lines {
        folding.put(Position(at), line);
    }
    folding.entries().0.pop().map(|(Position(at), entry)| (at, entry))
}
