//! The lines of the journal by where they stand: forwards, backwards, and one at a time. None of it keeps more
//! than a line in memory, whatever is in the file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::FileExt as _;

use crc32fast::Hasher;
use memchr::{memchr, memrchr};

/// The longest line that is read; a request with fifty of the longest tags, all of them escaped, takes a third of
/// it. What is longer is none of the program's, and counts as unreadable.
pub(super) const MAX_LINE: usize = 1 << 20;
/// How much is read at a time from one end to the other.
const STRETCH: usize = 1 << 18;
/// How much is read for one line: most are shorter.
const ONE_LINE: usize = 1 << 11;

/// A stretch of a file, read without moving anybody's cursor.
struct Stretch<'a> {
    file: &'a File,
    at: u64,
    end: u64,
}

impl Read for Stretch<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let room = left.min(buffer.len());
        let read = self.file.read_at(buffer.get_mut(..room).unwrap_or_default(), self.at)?;
        self.at += length(read);
        Ok(read)
    }
}

/// Lines from a place on.
pub(super) struct Forwards<'a> {
    reader: BufReader<Stretch<'a>>,
    /// Where the next line begins.
    pub(super) at: u64,
    /// The checksum of everything up to there, if that of what comes before was given.
    pub(super) sum: Hasher,
    line: Vec<u8>,
}

impl<'a> Forwards<'a> {
    /// The lines of a stretch that begins with one; `sum` is the checksum of all that comes before.
    pub(super) fn new(file: &'a File, at: u64, end: u64, sum: u32) -> Self {
        let reader = BufReader::with_capacity(STRETCH, Stretch { file, at, end });
        Self { reader, at, sum: Hasher::new_with_initial(sum), line: Vec::new() }
    }

    /// The next line with where it begins, its end included; cut where it is too long to be read.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, &[u8])>> {
        let at = self.at;
        self.line.clear();
        self.at += next_line(&mut self.reader, &mut self.line, Some(&mut self.sum))?;
        Ok((self.at > at).then_some((at, self.line.as_slice())))
    }
}

/// Takes a line off a reader, at most [`MAX_LINE`] of it into `line`; how long it really is.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>, mut sum: Option<&mut Hasher>) -> io::Result<u64> {
    let mut total = 0;
    loop {
        let buffer = reader.fill_buf()?;
        let end = memchr(b'\n', buffer);
        let piece = buffer.get(..end.map_or(buffer.len(), |end| end + 1)).unwrap_or_default();
        if let Some(sum) = &mut sum {
            sum.update(piece);
        }
        if line.len() < MAX_LINE {
            line.extend_from_slice(piece.get(..MAX_LINE - line.len()).unwrap_or(piece));
        }
        let taken = piece.len();
        reader.consume(taken);
        total += length(taken);
        if end.is_some() || taken == 0 {
            return Ok(total);
        }
    }
}

/// The line that begins at a place.
pub(super) fn line_at(file: &File, at: u64) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let stretch = Stretch { file, at, end: u64::MAX };
    next_line(&mut BufReader::with_capacity(ONE_LINE, stretch), &mut line, None)?;
    Ok(line)
}

/// Where the last line that has an end ends.
pub(super) fn whole(file: &File, end: u64) -> io::Result<u64> {
    let mut backwards = Backwards::new(file, end);
    backwards.load()?;
    if backwards.bytes.last() == Some(&b'\n') || end == 0 {
        return Ok(end);
    }
    Ok(backwards.previous()?.map_or(0, |(at, _)| at))
}

/// Lines from a place back to the beginning.
pub(super) struct Backwards<'a> {
    file: &'a File,
    /// What was read and not given out, and where it begins.
    bytes: Vec<u8>,
    start: u64,
}

impl<'a> Backwards<'a> {
    /// The lines before a place, the last one first.
    pub(super) fn new(file: &'a File, end: u64) -> Self {
        Self { file, bytes: Vec::new(), start: end }
    }

    /// The line before the last one given, with where it begins; empty where it is too long to be read.
    pub(super) fn previous(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        let mut is_long = false;
        loop {
            let body = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
            let begin = match memrchr(b'\n', body) {
                Some(before) => before + 1,
                None if self.start > 0 => {
                    if self.bytes.len() > MAX_LINE {
                        // Only where it begins is still looked for.
                        is_long = true;
                        self.bytes.clear();
                    }
                    self.load()?;
                    continue;
                }
                None if self.bytes.is_empty() && !is_long => return Ok(None),
                None => 0,
            };
            let line = if is_long { Vec::new() } else { body.get(begin..).unwrap_or_default().to_vec() };
            self.bytes.truncate(begin);
            return Ok(Some((self.start + length(begin), line)));
        }
    }

    /// Reads what comes before.
    fn load(&mut self) -> io::Result<()> {
        let from = self.start.saturating_sub(length(STRETCH));
        let mut bytes = vec![0; usize::try_from(self.start - from).unwrap_or(0)];
        self.file.read_exact_at(&mut bytes, from)?;
        bytes.append(&mut self.bytes);
        self.bytes = bytes;
        self.start = from;
        Ok(())
    }
}

/// The checksum of everything before a place.
pub(super) fn sum_before(file: &File, end: u64) -> io::Result<u32> {
    let mut reader = BufReader::with_capacity(STRETCH, Stretch { file, at: 0, end });
    let mut sum = Hasher::new();
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(sum.finalize());
        }
        sum.update(buffer);
        let taken = buffer.len();
        reader.consume(taken);
    }
}

/// A length in memory as one in a file.
pub(super) fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> (tempfile::NamedTempFile, File) {
        let named = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(named.path(), bytes).unwrap();
        let file = File::open(named.path()).unwrap();
        (named, file)
    }

    /// The lines with where they begin, without their ends, in the order of the file.
    fn both_ways(bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
        let (_named, file) = file(bytes);
        let end = length(bytes.len());
        let mut forwards = Forwards::new(&file, 0, end, 0);
        let mut lines = Vec::new();
        while let Some((at, line)) = forwards.next().unwrap() {
            lines.push((at, line.strip_suffix(b"\n").unwrap_or(line).to_vec()));
        }
        assert_eq!((forwards.at, forwards.sum.finalize()), (end, sum_before(&file, end).unwrap()));
        let mut backwards = Backwards::new(&file, end);
        let mut reversed = Vec::new();
        while let Some(line) = backwards.previous().unwrap() {
            reversed.insert(0, line);
        }
        let cut: Vec<(u64, Vec<u8>)> = lines
            .iter()
            .map(|(at, line)| (*at, if line.len() < MAX_LINE { line.clone() } else { Vec::new() }))
            .collect();
        assert_eq!(reversed, cut);
        lines
    }

    #[test]
    fn the_same_lines_are_found_forwards_and_backwards() {
        assert!(both_ways(b"").is_empty());
        let texts = |bytes: &[u8]| {
            let lines = both_ways(bytes);
            lines
                .iter()
                .map(|(at, line)| format!("{at}{}", String::from_utf8_lossy(line)))
                .collect::<Vec<_>>()
        };
        assert_eq!(texts(b"a"), ["0a"]);
        assert_eq!(texts(b"a\n"), ["0a"]);
        assert_eq!(texts(b"\n\nab\nc"), ["0", "1", "2ab", "5c"]);
        let mut long = b"before\n".repeat(STRETCH / 7 + 1);
        let count = both_ways(&long).len();
        long.extend(b"x".repeat(MAX_LINE + STRETCH + 5));
        long.extend(b"\nafter\n");
        let lines = both_ways(&long);
        assert_eq!(lines.len(), count + 2);
        assert_eq!(lines[count].1.len(), MAX_LINE);
        assert_eq!(lines[count + 1].1, b"after");
    }

    #[test]
    fn where_the_last_whole_line_ends_is_found_behind_a_torn_one() {
        for (bytes, end) in [(&b""[..], 0), (b"a", 0), (b"a\n", 2), (b"a\nbc", 2), (b"\n", 1)] {
            let (_named, file) = file(bytes);
            assert_eq!(whole(&file, length(bytes.len())).unwrap(), end, "{bytes:?}");
        }
    }
}
