//! What of an answer cannot be read, in plain words: which member of which row.
//!
//! The SDK says neither, and speaks of its own types. So it is given the answer again in parts, each within the elements
//! that it stands in, until the least one is found that it does not read.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Deeper no answer goes, more elements none has, and longer no tag is: what is so is not taken apart.
const DEEPEST: usize = 32;
const MOST: usize = 100_000;
const LONGEST: usize = 4_096;

/// An element, by where it stands in the answer.
struct Element {
    /// As it is written, with its prefix.
    name: String,
    /// Its first tag.
    tag: Range<usize>,
    /// All of it.
    whole: Range<usize>,
    children: Vec<Element>,
}

/// What cannot be read of an answer that the SDK refuses as a whole; `None` where no part of it is to blame by itself.
pub(super) fn words(answer: &[u8], can_read: impl Fn(&[u8]) -> bool) -> Option<String> {
    let root = parsed(answer)?;
    let result = root.children.first()?;
    let mut path = vec![&root];
    let is_unread = |path: &[&Element], element: &Element| !can_read(&alone(answer, path, element));
    if !is_unread(&path, result) {
        return None;
    }
    path.push(result);
    while let Some(next) = path.last()?.children.iter().find(|child| is_unread(&path, child)) {
        path.push(next);
    }
    Some(told(answer, &path))
}

/// The elements of an answer; `None` if it is no XML.
fn parsed(answer: &[u8]) -> Option<Element> {
    let mut reader = Reader::from_reader(answer);
    let mut open: Vec<Element> = Vec::new();
    let mut count = 0;
    loop {
        let from = place(&reader)?;
        let event = reader.read_event().ok()?;
        let range = from..place(&reader)?;
        let closed = match event {
            Event::Eof => return None,
            Event::Start(_) if open.len() >= DEEPEST || count >= MOST || range.len() > LONGEST => {
                return None;
            }
            Event::Start(tag) => {
                count += 1;
                open.push(Element::begun(&tag, range));
                continue;
            }
            Event::End(_) => {
                let begun = open.pop()?;
                Element { whole: begun.tag.start..range.end, ..begun }
            }
            _ => continue,
        };
        match open.last_mut() {
            Some(parent) => parent.children.push(closed),
            None => return Some(closed),
        }
    }
}

fn place(reader: &Reader<&[u8]>) -> Option<usize> {
    usize::try_from(reader.buffer_position()).ok()
}

/// An element with nothing beside it, within those that it stands in.
fn alone(answer: &[u8], path: &[&Element], element: &Element) -> Vec<u8> {
    let written = |range: &Range<usize>| answer.get(range.clone()).unwrap_or_default();
    let mut part: Vec<u8> = path.iter().flat_map(|outer| written(&outer.tag)).copied().collect();
    part.extend(written(&element.whole));
    for outer in path.iter().rev() {
        part.extend(format!("</{}>", outer.name).bytes());
    }
    part
}

/// Where the last element of a path stands. Text from outside, not escaped.
fn told(answer: &[u8], path: &[&Element]) -> String {
    let names = |from: usize| {
        let names: Vec<&str> = path.iter().skip(from).map(|element| element.local_name()).collect();
        names.join("/")
    };
    match path {
        [_, _, list, row, members @ ..] if list.local_name() == format!("{}s", row.local_name()) => {
            let place = list.children.iter().position(|one| one.whole == row.whole).unwrap_or_default() + 1;
            let id = row.identifier(answer).map(|id| format!(", {id}")).unwrap_or_default();
            let member = if members.is_empty() { String::new() } else { format!(": its {}", names(4)) };
            format!("row {place} of the list{id}{member} cannot be read")
        }
        [_, _, _, ..] => format!("its {} cannot be read", names(2)),
        _ => format!("its {} cannot be read", names(1)),
    }
}

impl Element {
    fn begun(tag: &BytesStart<'_>, range: Range<usize>) -> Self {
        let name: &str = tag.name().into_inner();
        Self { name: name.to_owned(), tag: range.clone(), whole: range, children: Vec::new() }
    }

    fn local_name(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or_default()
    }

    /// What a row is known by, where that can be read.
    fn identifier(&self, answer: &[u8]) -> Option<String> {
        let own = format!("{}Identifier", self.local_name());
        let is_own = |child: &&Self| child.children.is_empty() && child.local_name() == own;
        let child = self.children.iter().find(is_own)?;
        let end = child.whole.end.checked_sub(child.name.len() + "</>".len())?;
        let text = std::str::from_utf8(answer.get(child.tag.end..end)?).ok()?.trim();
        Some(text.to_owned()).filter(|text| !text.is_empty() && !text.contains('&'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "<R xmlns=\"x\"><Result><Marker>m</Marker><Snapshots>\
                        <Snapshot><SnapshotIdentifier>one</SnapshotIdentifier><Engine>a</Engine></Snapshot>\
                        <Snapshot><Engine>ENGINE</Engine><SnapshotIdentifier>two</SnapshotIdentifier>\
                        <TagList><Tag><Key>k</Key><Value>VALUE</Value></Tag></TagList></Snapshot>\
                        </Snapshots></Result><Metadata/></R>";

    /// What is said where no part with these letters in it can be read.
    fn told(answer: &str, bad: &str) -> Option<String> {
        words(answer.as_bytes(), |part| !String::from_utf8_lossy(part).contains(bad))
    }

    #[test]
    fn the_row_and_the_member_that_cannot_be_read_are_named() {
        let said = |bad| told(ROWS, bad).unwrap_or_default();
        assert_eq!(said("ENGINE"), "row 2 of the list, two: its Engine cannot be read");
        assert_eq!(said("VALUE"), "row 2 of the list, two: its TagList/Tag/Value cannot be read");
        assert_eq!(said(">one<"), "row 1 of the list, one: its SnapshotIdentifier cannot be read");
        assert_eq!(said(">m<"), "its Marker cannot be read");
        let single = "<R><Result><Snapshot><Engine>x</Engine></Snapshot></Result></R>";
        assert_eq!(told(single, ">x<").unwrap_or_default(), "its Snapshot/Engine cannot be read");
    }

    #[test]
    fn nothing_is_blamed_where_no_part_is_to_blame_by_itself() {
        assert_eq!(told(ROWS, "nowhere"), None, "each part can be read");
        assert_eq!(told("<R><Result>", "R"), None, "it is no XML");
        assert_eq!(told("<R></R>", "R"), None, "it has no result");
        assert_eq!(told(&"<a>".repeat(1 << 20), "a"), None, "it has no end");
        let many = format!("<R><Result>{}</Result></R>", "<a>b</a>".repeat(MOST));
        assert_eq!(told(&many, "b"), None, "no answer has so many");
    }
}
