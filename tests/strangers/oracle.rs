//! The rules of the program against an oracle in another language, which was written from AWS's
//! documentation and not from the code: 100,000 identifiers and 100,000 lists of tags, new ones in each run.

use std::hash::{BuildHasher as _, RandomState};
use std::io::Write as _;
use std::process::Stdio;

use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;
use serde_json::{Value, json};
use unicode_general_category::{GeneralCategory, get_general_category};

use super::*;

const CASES: usize = 100_000;

/// Numbers from xorshift.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    /// A character: mostly one that looks right, sometimes any that Unicode has.
    fn any_char(&mut self, usual: &str) -> char {
        let usual: Vec<char> = usual.chars().collect();
        match self.below(60) {
            0 => self.of(&[' ', '\t', '\n', '\u{1b}', '\0', '!', '%', '"', '<', '&', '\'', '\\', '$', ',']),
            1 => self.of(&[
                '\u{430}', '\u{e4}', '\u{301}', '\u{202e}', '\u{200b}', '\u{a0}', '\u{2028}', '\u{ff11}',
            ]),
            2 => loop {
                let number = u32::try_from(self.below(0x11_0000)).unwrap();
                let found = char::from_u32(number);
                // What one of the two does not know yet is no matter of the rules.
                if let Some(c) = found.filter(|c| get_general_category(*c) != GeneralCategory::Unassigned) {
                    return c;
                }
            },
            _ => self.of(&usual),
        }
    }

    fn text(&mut self, length: usize, usual: &str) -> String {
        (0..length).map(|_| self.any_char(usual)).collect()
    }

    fn identifier(&mut self) -> String {
        let length = match self.below(10) {
            0 => self.below(3),
            1 | 2 => 61 + self.below(5),
            3 => 60 + self.below(200),
            _ => 1 + self.below(30),
        };
        // Long texts are valid only if nothing in them is odd.
        if self.below(3) == 0 {
            (0..length).map(|_| self.of(&['a', 'Z', '0', '9', 'm', 'k', 'q', 'w'])).collect()
        } else {
            self.text(length, "abcxyzABCXYZ0189abcxyz-")
        }
    }

    fn part(&mut self, edge: usize) -> String {
        let length = match self.below(12) {
            0 => 0,
            1 => edge - 1 + self.below(3),
            _ => 1 + self.below(12),
        };
        let prefix = match self.below(20) {
            0 => self.of(&["aws:", "AWS:", "aWs:", "rds:", "RDS:", "aws", "xaws:", ":aws:"]),
            _ => "",
        };
        let usual = "abcdefgABCDEFG0123 _.:/=+-@\u{e9}\u{5d0}\u{4e2d}\u{b2}";
        let rest = if length > 20 {
            (0..length).map(|_| self.of(&['k', 'v', '\u{e9}', '\u{1d7d9}'])).collect()
        } else {
            self.text(length, usual)
        };
        format!("{prefix}{rest}")
    }

    fn tags(&mut self) -> Vec<(String, String)> {
        if self.below(100) == 0 {
            let rows = 49 + self.below(4);
            return (0..rows).map(|row| (format!("key-{row}"), String::new())).collect();
        }
        let rows = self.below(4);
        let mut tags: Vec<(String, String)> = (0..rows).map(|_| (self.part(128), self.part(256))).collect();
        if self.below(10) == 0
            && let Some((key, _)) = tags.first().cloned()
        {
            let again = if self.below(2) == 0 { key } else { key.to_uppercase() };
            tags.push((again, self.part(256)));
        }
        tags
    }
}

#[test]
fn the_rules_are_those_of_the_documentation() {
    let mut numbers = Numbers(RandomState::new().hash_one("cases") | 1);
    let identifiers: Vec<String> = (0..CASES).map(|_| numbers.identifier()).collect();
    let tags: Vec<Vec<(String, String)>> = (0..CASES).map(|_| numbers.tags()).collect();
    let mut command = Venv::ready().script("oracle.py");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(json!({ "identifiers": identifiers, "tags": tags }).to_string().as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (said_of_ids, said_of_tags) =
        (said["identifiers"].as_array().unwrap(), said["tags"].as_array().unwrap());
    let mut valid = (0, 0);
    for (text, oracle) in identifiers.iter().zip(said_of_ids) {
        let ours = SnapshotId::parse(text).is_ok();
        assert_eq!(Some(ours), oracle.as_bool(), "{text:?}");
        valid.0 += usize::from(ours);
    }
    for (rows, oracle) in tags.iter().zip(said_of_tags).filter(|(_, oracle)| !oracle.is_null()) {
        let ours = TagSet::parse(rows.iter().map(|(key, value)| (key.as_str(), value.as_str()))).is_ok();
        assert_eq!(Some(ours), oracle.as_bool(), "{rows:?}");
        valid.1 += usize::from(ours);
    }
    // Both kinds have to be among the cases, or nothing was shown.
    let range = CASES / 10..CASES * 9 / 10;
    assert!(range.contains(&valid.0) && range.contains(&valid.1), "{valid:?} of {CASES} valid");
    let no_opinion = said_of_tags.iter().filter(|oracle| oracle.is_null()).count();
    assert!(no_opinion < CASES / 20, "{no_opinion} without an opinion");
}
