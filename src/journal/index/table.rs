//! Where things stand, by the checksum of their name: a table in a file, in pieces that are read and verified one
//! at a time.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt as _;

use super::super::scan::length;

/// How many bits of a key say in which piece of a table it is. At a million entries a piece takes 3 KiB. (Tests of
/// this room make do with few pieces.)
const BITS: u32 = if cfg!(test) { 4 } else { 12 };
/// How many pieces a table has.
const PIECES: usize = 1 << BITS;
/// How many bytes an entry takes: four of its key and eight of its place.
const ENTRY: usize = 12;
/// How many bytes a directory takes.
pub(super) const DIRECTORY: usize = PIECES * 8;

/// Where something stands in the journal, by its key ([`key`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Pointer {
    pub(in super::super) key: u32,
    pub(in super::super) at: u64,
}

/// What a name is looked up by. Several can have the same: what is found has to be compared.
pub(in super::super) fn key(name: &str) -> u32 {
    crc32fast::hash(name.as_bytes())
}

/// The entries of a key, in a sorted list.
pub(in super::super) fn of_key(entries: &[Pointer], key: u32) -> &[Pointer] {
    let from = entries.partition_point(|entry| entry.key < key);
    let to = entries.partition_point(|entry| entry.key <= key);
    entries.get(from..to).unwrap_or_default()
}

fn piece_of(key: u32) -> usize {
    usize::try_from(key >> (u32::BITS - BITS)).unwrap_or(0)
}

/// A table in a file: where it begins, and where each piece of it ends, with its checksum.
#[derive(Debug)]
pub(super) struct FileTable {
    start: u64,
    pieces: Vec<(u32, u32)>,
}

impl FileTable {
    /// An empty table.
    pub(super) fn empty() -> Self {
        Self { start: 0, pieces: vec![(0, 0); PIECES] }
    }

    /// The table that begins at a place and has this directory.
    pub(super) fn new(start: u64, directory: &[u8]) -> Self {
        let number = |bytes: &[u8]| bytes.try_into().map_or(0, u32::from_le_bytes);
        let pieces = directory.as_chunks::<8>().0.iter();
        let pieces = pieces.map(|piece| {
            let (end, sum) = piece.split_at(4);
            (number(end), number(sum))
        });
        Self { start, pieces: pieces.collect() }
    }

    /// How many bytes its entries take.
    pub(super) fn bytes(&self) -> u64 {
        let entries = self.pieces.last().map_or(0, |(end, _)| *end);
        u64::from(entries) * length(ENTRY)
    }

    /// The entries of a key.
    pub(super) fn look_up(&self, file: &File, key: u32) -> io::Result<Vec<Pointer>> {
        let bytes = self.piece(file, piece_of(key))?;
        // They are in order; only those of the key are worth being taken out.
        let entries = bytes.as_chunks::<ENTRY>().0;
        let from = entries.partition_point(|entry| Pointer::read(entry).key < key);
        let own = entries.iter().skip(from).map(Pointer::read);
        Ok(own.take_while(|entry| entry.key == key).collect())
    }

    fn piece(&self, file: &File, piece: usize) -> io::Result<Vec<u8>> {
        let end_of = |piece: usize| self.pieces.get(piece).map_or(0, |(end, _)| *end);
        let from = piece.checked_sub(1).map_or(0, end_of);
        let (end, sum) = self.pieces.get(piece).copied().unwrap_or_default();
        let entries = usize::try_from(end.saturating_sub(from)).unwrap_or(0);
        let mut bytes = vec![0; entries * ENTRY];
        file.read_exact_at(&mut bytes, self.start + u64::from(from) * length(ENTRY))?;
        if crc32fast::hash(&bytes) != sum {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(bytes)
    }

    /// Writes the entries of this table and of a sorted list into a new one; its directory.
    pub(super) fn merged(
        &self,
        file: Option<&File>,
        more: &[Pointer],
        output: &mut impl Write,
    ) -> io::Result<Vec<u8>> {
        let (mut directory, mut end, mut rest) = (Vec::with_capacity(DIRECTORY), 0_u32, more);
        for piece in 0..PIECES {
            let entries = match file {
                Some(file) => self.piece(file, piece)?,
                None => Vec::new(),
            };
            let mut entries: Vec<Pointer> =
                entries.as_chunks::<ENTRY>().0.iter().map(Pointer::read).collect();
            let (new, later) = rest.split_at(rest.partition_point(|entry| piece_of(entry.key) <= piece));
            rest = later;
            entries.extend_from_slice(new);
            entries.sort_unstable();
            let bytes: Vec<u8> = entries.iter().flat_map(Pointer::bytes).collect();
            output.write_all(&bytes)?;
            end += u32::try_from(entries.len()).unwrap_or(u32::MAX);
            directory.extend(end.to_le_bytes());
            directory.extend(crc32fast::hash(&bytes).to_le_bytes());
        }
        Ok(directory)
    }
}

impl Pointer {
    fn read(bytes: &[u8; ENTRY]) -> Self {
        let (key, at) = bytes.split_at(4);
        Self {
            key: key.try_into().map_or(0, u32::from_le_bytes),
            at: at.try_into().map_or(0, u64::from_le_bytes),
        }
    }

    fn bytes(&self) -> impl Iterator<Item = u8> + use<> {
        self.key.to_le_bytes().into_iter().chain(self.at.to_le_bytes())
    }
}
