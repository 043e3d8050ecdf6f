//! The index beside the journal: whatever happens to either, the answers are those of the lines.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use proptest::prelude::*;

use super::asking_tests::{ended, lost, made, snapshot};
use super::tests::{Contents, asked, at, became, intent, refused, unknown};
use super::*;
use crate::domain::alteration::{Alteration, AlterationRecord, Altered, AlteredKind, AlteredLine, Deed};
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::record::{Entry, Intent, Record};

/// Longer than a tick of the clock that files are stamped with: nobody edits a file that soon after a program.
const TICK: Duration = Duration::from_millis(12);

/// Something that happens to a journal or its index.
#[derive(Clone, Debug)]
enum Event {
    /// This version appends a line.
    Append(Said),
    /// A version that knows no index does.
    AppendByOlder(Said),
    /// A program is killed while it writes.
    Torn(Said, usize),
    /// Somebody edits a word in place, which leaves the length as it is.
    Edit,
    /// Somebody replaces the file, with some of its end left out.
    Replace(usize),
    /// Somebody cuts the end off.
    Truncate(usize),
    /// A program is killed while it writes an index.
    KilledAtIndex,
    Garble(usize),
    DeleteIndex,
}

#[derive(Clone, Debug)]
struct Said {
    number: u8,
    says: u8,
}

impl Said {
    fn line(&self) -> Line {
        let number = self.number.to_string();
        let ask = |cluster: &str, second: i64| {
            let name = format!("orders-{}", self.number % 3);
            let (cluster, at) = (cluster.to_owned(), at(second));
            Line::Intent(Box::new(Intent { at, cluster, snapshot: name, ..intent(&number) }))
        };
        match self.says {
            0 => ask("orders", 0),
            1 => ask("billing", 100),
            2 => became(&number, &unknown()),
            3 => became(&number, &refused()),
            4 => became(&number, &made(None)),
            5 => became(&number, &Outcome::FoundAgain { snapshot: snapshot(None), lost: lost() }),
            6 => became(&number, &Outcome::NotCreated(lost())),
            7 => ended(&number),
            8 => Line::Alteration(Box::new(alteration(&number))),
            9 => altered(&number, AlteredKind::Unknown),
            _ => altered(&number, AlteredKind::Gone),
        }
    }

    fn text(&self) -> String {
        serde_json::to_string(&self.line()).unwrap()
    }
}

fn alteration(number: &str) -> Alteration {
    Alteration {
        number: number.to_owned(),
        at: at(50),
        server_time: None,
        caller: None,
        profile: None,
        region: None,
        endpoint: String::new(),
        snapshot: "orders-1".to_owned(),
        arn: "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:orders-1".to_owned(),
        created_at: at(0),
        cluster: Some("orders".to_owned()),
        mark: None,
        deed: Deed::Delete,
        despite: Vec::new(),
        leaves_few: false,
        version: String::new(),
    }
}

fn altered(number: &str, kind: AlteredKind) -> Line {
    Line::Altered(Box::new(AlteredLine::altered(number, at(60), &Altered::new(kind), Some(1))))
}

fn line() -> impl Strategy<Value = Said> {
    (0..12_u8, 0..11_u8).prop_map(|(number, says)| Said { number, says })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => line().prop_map(Event::Append),
        4 => line().prop_map(Event::AppendByOlder),
        1 => (line(), 1..80_usize).prop_map(|(line, cut)| Event::Torn(line, cut)),
        1 => Just(Event::Edit),
        1 => (0..900_usize).prop_map(Event::Replace),
        1 => (0..900_usize).prop_map(Event::Truncate),
        1 => Just(Event::KilledAtIndex),
        2 => (0..9_000_usize).prop_map(Event::Garble),
        1 => Just(Event::DeleteIndex),
    ]
}

fn index_of(journal: &Journal) -> PathBuf {
    journal.path().with_file_name(index::NAME)
}

fn append_raw(journal: &Journal, text: &str) {
    let mut file = OpenOptions::new().create(true).append(true).open(journal.path()).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

impl Event {
    fn happen(&self, journal: &Journal) {
        let bytes = fs::read(journal.path()).unwrap_or_default();
        let cut = |length: usize| bytes.get(..bytes.len().saturating_sub(length)).unwrap().to_vec();
        match self {
            Self::Append(line) => journal.append(&line.line()).unwrap(),
            Self::AppendByOlder(line) => {
                let start = if bytes.ends_with(b"\n") || bytes.is_empty() { "" } else { "\n" };
                append_raw(journal, &format!("{start}{}\n", line.text()));
            }
            Self::Torn(line, cut) => {
                let text = line.text();
                // A character is torn as a whole: the lines are text for the helpers here.
                let end = text.floor_char_boundary(text.len().saturating_sub(*cut));
                append_raw(journal, text.get(..end).unwrap());
            }
            Self::Edit => {
                sleep(TICK);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                fs::write(journal.path(), text.replacen("\"refused\"", "\"unknown\"", 1)).unwrap();
            }
            Self::Replace(length) => {
                let other = journal.path().with_file_name("other");
                fs::write(&other, cut(*length)).unwrap();
                fs::rename(other, journal.path()).unwrap();
            }
            Self::Truncate(length) => {
                sleep(TICK);
                fs::write(journal.path(), cut(*length)).unwrap();
            }
            Self::KilledAtIndex => {
                let new = journal.path().with_file_name("journal.index.new");
                fs::write(new, "half of an index").unwrap();
            }
            Self::Garble(at) => {
                if let Ok(file) = OpenOptions::new().read(true).write(true).open(index_of(journal)) {
                    let at = *at as u64 % file.metadata().unwrap().len();
                    let mut byte = [0];
                    file.read_exact_at(&mut byte, at).unwrap();
                    file.write_all_at(&[byte[0] ^ 1], at).unwrap();
                }
            }
            Self::DeleteIndex => drop(fs::remove_file(index_of(journal))),
        }
    }
}

/// The answers of the index are those of all the lines.
fn agrees_with_the_lines(journal: &Journal) {
    let Contents { records, alterations, unreadable } = journal.read().unwrap();
    let open: Vec<AlterationRecord> = alterations.iter().filter(|it| it.is_open()).cloned().collect();
    assert_eq!(journal.open_alterations().unwrap(), open);
    let that = |is: &dyn Fn(&Record) -> bool| records.iter().filter(|it| is(it)).cloned().collect::<Vec<_>>();
    for since in [at(-1), at(50)] {
        let open = that(&|record| record.is_open(since));
        assert_eq!(journal.open_requests(since).unwrap().records, open, "{since}");
    }
    assert_eq!(journal.unsettled_requests().unwrap().records, that(&Record::is_unsettled));
    let named = that(&|record| record.intent.snapshot == "orders-1");
    assert_eq!(journal.named("orders-1").unwrap(), named);
    let seven = records.iter().find(|record| record.intent.number == "7").cloned();
    assert_eq!(journal.record("7").unwrap(), seven);
    let page = journal.page(None, usize::MAX).unwrap();
    assert_eq!((page.total, page.unreadable), (records.len() + alterations.len(), unreadable));
    let entries = || page.entries.iter().rev().map(|(_, entry)| entry.clone());
    assert_eq!(entries().filter_map(Entry::alteration).collect::<Vec<_>>(), alterations);
    assert_eq!(entries().filter_map(Entry::request).collect::<Vec<_>>(), records);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_to_journal_and_index_the_answers_are_those_of_the_lines(
        events in proptest::collection::vec(event(), 1..40)
    ) {
        let home = tempfile::tempdir().unwrap();
        let journal = Journal::open(home.path());
        journal.append(&asked("7")).unwrap();
        for (count, event) in events.iter().enumerate() {
            event.happen(&journal);
            // Not each time: several things can happen before somebody asks.
            if count % 3 != 1 {
                agrees_with_the_lines(&journal);
            }
        }
        agrees_with_the_lines(&journal);
    }
}

/// A journal with an index that covers nearly all of it.
fn indexed() -> (tempfile::TempDir, Journal) {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(&home.path().join("clustersnap"));
    for number in 0..40 {
        journal.append(&asked(&number.to_string())).unwrap();
        journal.append(&became(&number.to_string(), &refused())).unwrap();
    }
    agrees_with_the_lines(&journal);
    assert!(index_of(&journal).exists());
    (home, journal)
}

fn inode(journal: &Journal) -> u64 {
    fs::metadata(index_of(journal)).unwrap().ino()
}

#[test]
fn an_index_is_the_owners_alone_and_is_not_made_anew_for_every_line() {
    let (_home, journal) = indexed();
    assert_eq!(fs::metadata(index_of(&journal)).unwrap().permissions().mode() & 0o7777, 0o600);
    let before = inode(&journal);
    for _ in 0..2 {
        journal.append(&became("1", &unknown())).unwrap();
        agrees_with_the_lines(&journal);
    }
    assert_eq!(inode(&journal), before);
}

#[test]
fn what_an_older_version_appends_is_seen_and_the_index_kept_once_it_was_compared() {
    let (_home, journal) = indexed();
    let before = inode(&journal);
    append_raw(&journal, &format!("{}\n", serde_json::to_string(&asked("new")).unwrap()));
    let open = journal.open_requests(at(9_999)).unwrap().records;
    assert_eq!(open.len(), 1);
    assert_eq!(inode(&journal), before);
}

#[test]
fn an_edit_that_keeps_the_length_in_the_middle_of_what_is_covered_is_noticed() {
    let (_home, journal) = indexed();
    sleep(TICK);
    let text = fs::read_to_string(journal.path()).unwrap();
    fs::write(journal.path(), text.replacen("\"refused\"", "\"unknown\"", 1)).unwrap();
    let open = journal.open_requests(at(9_999)).unwrap().records;
    assert_eq!(open.iter().map(|record| record.intent.number.as_str()).collect::<Vec<_>>(), ["0"]);
}

#[test]
fn an_edit_between_two_appends_is_noticed() {
    let (_home, journal) = indexed();
    sleep(TICK);
    let text = fs::read_to_string(journal.path()).unwrap();
    fs::write(journal.path(), text.replacen("\"refused\"", "\"unknown\"", 1)).unwrap();
    journal.append(&asked("new")).unwrap();
    assert_eq!(journal.open_requests(at(9_999)).unwrap().records.len(), 2);
}

#[test]
fn an_index_that_cannot_be_written_is_no_error() {
    let (home, journal) = indexed();
    fs::remove_file(index_of(&journal)).unwrap();
    let folder = home.path().join("clustersnap");
    for name in [index::NAME, "journal.index.new"] {
        let _ = fs::remove_file(folder.join(name));
        fs::create_dir_all(folder.join(name).join("in the way")).unwrap();
        agrees_with_the_lines(&journal);
    }
}

#[test]
fn the_index_of_another_journal_does_not_count() {
    let (_home, journal) = indexed();
    let (_other_home, other) = indexed();
    other.append(&asked("open")).unwrap();
    fs::copy(index_of(&journal), index_of(&other)).unwrap();
    agrees_with_the_lines(&other);
}

#[test]
fn many_programs_that_append_and_ask_at_once_see_each_others_lines() {
    let home = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let journal = Journal::open(home.path());
            scope.spawn(move || {
                for line in 0..15 {
                    let number = format!("{writer}-{line}");
                    journal.append(&asked(&number)).unwrap();
                    assert!(journal.record(&number).unwrap().unwrap().is_unsettled());
                    journal.append(&became(&number, &refused())).unwrap();
                    assert_eq!(journal.record(&number).unwrap().unwrap().kind(), OutcomeKind::Refused);
                }
            });
        }
    });
    let journal = Journal::open(home.path());
    agrees_with_the_lines(&journal);
    assert_eq!(journal.page(None, 1).unwrap().total, 60);
}
