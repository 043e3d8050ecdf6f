//! The index beside the journal: where the lines of a request, of a snapshot's name and of a change stand, and which
//! requests are open, so that nobody has to read years of lines to know it.
//!
//! Why an index, and not a file a month: a request of any month can be open, a later line can take back what an
//! earlier month says, and older versions of the program, and people with `tail`, know one file. The journal stays
//! the truth and its lines stay where they are; the index can be deleted at any moment and is made anew.
//!
//! It covers the journal up to some whole line; what stands behind is read each time, and once that is much
//! ([`super::view`]) the index is made anew to cover it: written beside, then renamed, so that a program that is
//! killed leaves the earlier one. Programs that know no index just append.
//!
//! A wrong index must never hide an open request. So it counts only for the same file (inode) that is at least as
//! long, and only if nobody else touched it: every append leaves a *stamp* of the journal (length and times)
//! behind, if the one before it was right. Where the stamp is not that of the journal, an older version appended,
//! or someone edited: then the checksum of all that the index covers is compared first, which takes a fraction of
//! a second for years of lines. Every part of the index carries a checksum of its own, and is compared as it is
//! read. An index that is wrong is made anew; one that cannot be written is no error, only slow.

mod table;

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::scan::{self, length};
use super::tail::Tail;
use super::{JournalError, file};
use crate::domain::record::Entry;
use table::{DIRECTORY, FileTable};

pub(super) use table::{Pointer, key, of_key};

/// The name of the index in the journal's folder.
pub(super) const NAME: &str = "journal.index";
/// The name under which a new one is written.
const NEW_NAME: &str = "journal.index.new";
/// An index of another version is made anew.
const VERSION: u32 = 6;
/// How many bytes the stamp takes, and the head after it.
const HEAD: usize = 512;
/// How many bytes a request that is open takes.
const OPEN: usize = 20;

/// What is known of the part of a journal that the index covers.
#[derive(Debug)]
pub(super) struct JournalIndex {
    file: File,
    head: Head,
    table: FileTable,
    /// The requests that were open then, in the order of their intents.
    pub(super) open: Vec<OpenRequest>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    version: u32,
    /// The journal's.
    inode: u64,
    /// Up to where the journal is covered, and the checksum of that.
    covered: u64,
    sum: u32,
    requests: u64,
    unreadable: u64,
    open: u64,
    /// The checksum of the directory and of the open requests.
    rest: u32,
}

/// How the journal looked when it was last known to say what the index says of it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// What sort of entry is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// A request.
    Request = 0,
    /// A request that is open only as a refusal of the moment.
    Refusal = 1,
    /// An alteration.
    Alteration = 2,
    /// A request whose snapshot was not seen to end: there are thousands, where nobody watches.
    Unfinished = 3,
}

/// A request or an alteration that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenRequest {
    /// Where its intent stands.
    pub(super) at: u64,
    /// When it was asked at the latest, in seconds.
    asked: i64,
    sort: Sort,
}

impl Stamp {
    fn of(journal: &File) -> io::Result<Self> {
        let meta = journal.metadata()?;
        Ok(Self {
            length: meta.len(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        })
    }
}

/// The index, if its stamp is right, before a line is appended: then it may be stamped again. Whoever asks holds the
/// journal's lock.
pub(super) fn stamped(folder: &OwnedFd, journal: &File) -> Option<File> {
    let index = file::existing(folder, NAME, Path::new(NAME)).ok()?;
    has_stamp_of(&index, journal).then_some(index)
}

/// Stamps an index as that of the journal as it is now.
pub(super) fn stamp(index: &File, journal: &File) -> io::Result<()> {
    index.write_all_at(&framed(&Stamp::of(journal)?)?, 0)
}

fn has_stamp_of(index: &File, journal: &File) -> bool {
    let stamp: Option<Stamp> = read_framed(index, 0);
    stamp.is_some() && stamp == Stamp::of(journal).ok()
}

impl JournalIndex {
    /// The index of a journal, if there is one that can be its own; and whether its stamp is right. Otherwise it
    /// has to be confirmed first ([`Self::is_confirmed`]).
    pub(super) fn open(folder: &Path, journal: &File) -> Option<(Self, bool)> {
        let file = file::file_for_reading(folder, NAME, &folder.join(NAME)).ok()??;
        let meta = journal.metadata().ok()?;
        let head: Head = read_framed(&file, length(HEAD))?;
        if head.version != VERSION || head.inode != meta.ino() || head.covered > meta.len() {
            return None;
        }
        let mut directory = vec![0; DIRECTORY];
        file.read_exact_at(&mut directory, length(2 * HEAD)).ok()?;
        let table = FileTable::new(length(2 * HEAD + DIRECTORY), &directory);
        let start_of_open = length(2 * HEAD + DIRECTORY) + table.bytes();
        // Its length is compared first: a number that is wrong must not ask for all the memory there is.
        let count = head.open.checked_mul(length(OPEN))?;
        if file.metadata().ok()?.len() != start_of_open.checked_add(count)? {
            return None;
        }
        let mut open = vec![0; usize::try_from(count).ok()?];
        file.read_exact_at(&mut open, start_of_open).ok()?;
        if rest_of(&directory, &open) != head.rest {
            return None;
        }
        let open = open.as_chunks::<OPEN>().0.iter().map(OpenRequest::read).collect();
        let is_stamped = has_stamp_of(&file, journal);
        Some((Self { file, head, table, open }, is_stamped))
    }

    /// Whether the journal still says what the index was made of: all of that is read.
    pub(super) fn is_confirmed(&self, journal: &File) -> io::Result<bool> {
        Ok(scan::sum_before(journal, self.head.covered)? == self.head.sum)
    }

    /// What stands behind what it covers, before any of that is read.
    pub(super) fn tail(&self) -> Tail {
        let Head { covered: at, sum, requests, unreadable, .. } = self.head;
        Tail { from: at, at, sum, requests, unreadable, ..Tail::default() }
    }

    /// Where the lines of a key stand.
    pub(super) fn look_up(&self, key: u32) -> io::Result<Vec<Pointer>> {
        self.table.look_up(&self.file, key)
    }
}

/// A new index that is being written. Whoever does holds the journal's lock alone.
pub(super) struct NewIndex(File);

impl NewIndex {
    /// Begins one, before anything is read in vain where none can be written.
    pub(super) fn begin(folder: &OwnedFd) -> Result<Self, JournalError> {
        file::fresh(folder, NEW_NAME, Path::new(NEW_NAME)).map(Self)
    }

    /// Writes what the earlier index and the lines after it say, and puts it in the earlier one's place.
    pub(super) fn write(
        self,
        folder: &OwnedFd,
        journal: &File,
        earlier: Option<&JournalIndex>,
        tail: &Tail,
    ) -> io::Result<()> {
        let nothing = FileTable::empty();
        let mut output = BufWriter::new(&self.0);
        output.seek(SeekFrom::Start(length(2 * HEAD + DIRECTORY)))?;
        let file = earlier.map(|index| &index.file);
        let table = earlier.map_or(&nothing, |index| &index.table);
        let directory = table.merged(file, &tail.pointers, &mut output)?;
        let open: Vec<OpenRequest> = tail.open(earlier);
        let open_bytes: Vec<u8> = open.iter().flat_map(OpenRequest::bytes).collect();
        output.write_all(&open_bytes)?;
        output.flush()?;
        let head = Head {
            version: VERSION,
            inode: journal.metadata()?.ino(),
            covered: tail.at,
            sum: tail.sum,
            requests: tail.requests,
            unreadable: tail.unreadable,
            open: length(open.len()),
            rest: rest_of(&directory, &open_bytes),
        };
        self.0.write_all_at(&directory, length(2 * HEAD))?;
        self.0.write_all_at(&framed(&head)?, length(HEAD))?;
        stamp(&self.0, journal)?;
        Ok(rustix::fs::renameat(folder, NEW_NAME, folder, NAME)?)
    }
}

impl OpenRequest {
    /// An entry, if it may be open at any time.
    pub(super) fn of(at: u64, entry: &Entry) -> Option<Self> {
        match entry {
            Entry::Request(record) => record.is_open(Timestamp::MIN).then(|| Self {
                at,
                asked: record.intent.at_the_latest().as_second(),
                sort: match record {
                    _ if record.is_unfinished() => Sort::Unfinished,
                    _ if record.is_refused_since(Timestamp::MIN) => Sort::Refusal,
                    _ => Sort::Request,
                },
            }),
            Entry::Alteration(record) => record.is_open().then(|| Self {
                at,
                asked: record.asked.at_the_latest().as_second(),
                sort: Sort::Alteration,
            }),
        }
    }

    /// Whether it can be an open request for somebody for whom refusals count since then.
    pub(super) fn may_be(&self, refused_since: Timestamp) -> bool {
        match self.sort {
            Sort::Request | Sort::Unfinished => true,
            Sort::Refusal => self.asked >= refused_since.as_second(),
            Sort::Alteration => false,
        }
    }

    /// Whether it can be a request of which it is not known what became.
    pub(super) fn is_unsettled(&self) -> bool {
        self.sort == Sort::Request
    }

    /// Whether it can be a request that was asked since then and whose snapshot was not seen to end.
    pub(super) fn is_unfinished_since(&self, since: Timestamp) -> bool {
        self.sort == Sort::Unfinished && self.asked >= since.as_second()
    }

    /// Whether it is an alteration.
    pub(super) fn is_alteration(&self) -> bool {
        self.sort == Sort::Alteration
    }

    fn read(bytes: &[u8; OPEN]) -> Self {
        let (at, rest) = bytes.split_at(8);
        let (asked, sort) = rest.split_at(8);
        Self {
            at: at.try_into().map_or(0, u64::from_le_bytes),
            asked: asked.try_into().map_or(0, i64::from_le_bytes),
            sort: match sort.try_into().map_or(0, u32::from_le_bytes) {
                0 => Sort::Request,
                1 => Sort::Refusal,
                2 => Sort::Alteration,
                _ => Sort::Unfinished,
            },
        }
    }

    fn bytes(&self) -> impl Iterator<Item = u8> + use<> {
        let long = self.at.to_le_bytes().into_iter().chain(self.asked.to_le_bytes());
        long.chain((self.sort as u32).to_le_bytes())
    }
}

fn rest_of(directory: &[u8], open: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(directory);
    sum.update(open);
    sum.finalize()
}

/// A value as a line of JSON behind its checksum, in a place of [`HEAD`] bytes.
fn framed<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let json = serde_json::to_string(value)?;
    let mut bytes = format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes())).into_bytes();
    bytes.resize(HEAD, b' ');
    Ok(bytes)
}

/// The value that was written so; `None` if that is not what is there.
fn read_framed<T: DeserializeOwned>(file: &File, at: u64) -> Option<T> {
    let mut bytes = vec![0; HEAD];
    file.read_exact_at(&mut bytes, at).ok()?;
    let (sum, json) = std::str::from_utf8(&bytes).ok()?.trim_end().split_once(' ')?;
    let is_whole = u32::from_str_radix(sum, 16).ok()? == crc32fast::hash(json.as_bytes());
    is_whole.then(|| serde_json::from_str(json).ok())?
}
