//! The journal on a real disk: what is written is read, whatever happened to the file meanwhile.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use jiff::Timestamp;

use super::*;
use crate::domain::alteration::AlterationRecord;
use crate::domain::cluster_id::ClusterId;
use crate::domain::ending::Took;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::mark::RequestNumber;
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::record::{Entry, Intent, OutcomeLine, Position, Record};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::TagSet;
use crate::domain::wait::Wait;
use crate::fixtures::{caller, place};

/// All that the journal says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    /// The requests, in the order in which they were made; one that was sent anew stands where that was.
    pub(super) records: Vec<Record>,
    /// What was done to snapshots that were there, in the order in which it was asked.
    pub(super) alterations: Vec<AlterationRecord>,
    /// How many lines could not be read: they stay in the file.
    pub(super) unreadable: usize,
}

impl Journal {
    /// Reads all of it without an index, and folds what belongs together. An absent journal is an empty one.
    pub(super) fn read(&self) -> Result<Contents, JournalError> {
        let path = self.path();
        let mut folding = fold::Folding::default();
        if let Some(file) = file::file_for_reading(&self.folder, FILE_NAME, &path)? {
            let wrong = |source| JournalError::io(&path, "read", source);
            lock::shared(&file, &path)?;
            let mut lines = scan::Forwards::new(&file, 0, u64::MAX, 0);
            while let Some((at, line)) = lines.next().map_err(wrong)? {
                if let Some(line) = folding.read(line) {
                    folding.put(Position(at), line);
                }
            }
        }
        let (entries, unreadable) = folding.entries();
        let (requests, alterations): (Vec<Entry>, Vec<Entry>) =
            entries.into_iter().map(|(_, entry)| entry).partition(|entry| matches!(entry, Entry::Request(_)));
        let records = requests.into_iter().filter_map(Entry::request).collect();
        let alterations = alterations.into_iter().filter_map(Entry::alteration).collect();
        Ok(Contents { records, alterations, unreadable })
    }

    /// The request of a number.
    pub(super) fn record(&self, number: &str) -> Result<Option<Record>, JournalError> {
        Ok(self.entry(number)?.and_then(Entry::request))
    }
}

pub(super) fn request(number: &str) -> SnapshotRequest {
    SnapshotRequest {
        number: RequestNumber::journalled(number),
        cluster: ClusterId::parse("orders-prod").unwrap(),
        cluster_resource_id: Some("cluster-1".to_owned()),
        snapshot: SnapshotId::parse("orders-1").unwrap(),
        tags: TagSet::parse([("owner", "größe"), ("env", "")]).unwrap(),
        mark: None,
        change: None,
    }
}

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub(super) fn intent(number: &str) -> Intent {
    Intent::new(
        &request(number),
        &place("eu-west-1"),
        Some(&caller("123456789012")),
        None,
        at(0),
        Some(at(-1)),
    )
}

pub(super) fn asked(number: &str) -> Line {
    Line::Intent(Box::new(intent(number)))
}

pub(super) fn became(number: &str, outcome: &Outcome) -> Line {
    Line::Outcome(Box::new(OutcomeLine::new(number, at(2), outcome, Some(1))))
}

pub(super) fn unknown() -> Outcome {
    let cause = Failure { refused: false, ..Failure::local(FailureKind::LostAnswer, "\u{202e}reset\n") };
    Outcome::Unknown { since: at(1), cause, look: None }
}

pub(super) fn refused() -> Outcome {
    Outcome::Refused(Failure {
        code: Some("SnapshotQuotaExceeded".to_owned()),
        request_id: Some("req-1".to_owned()),
        ..Failure::local(FailureKind::QuotaExceeded, "too many")
    })
}

#[test]
fn what_was_written_is_read_again_word_for_word() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(&home.path().join("a/b/clustersnap"));
    assert_eq!(journal.read().unwrap(), Contents::default());
    journal.append(&asked("1")).unwrap();
    journal.append(&became("1", &unknown())).unwrap();
    journal.append(&asked("2")).unwrap();
    journal.append(&became("2", &refused())).unwrap();

    let history = journal.read().unwrap();
    assert_eq!(history.unreadable, 0);
    let [first, second] = history.records.as_slice() else { panic!("two records: {history:?}") };
    assert_eq!(first.intent, intent("1"));
    assert_eq!(first.intent.request(), Some(request("1")));
    assert_eq!(first.intent.server_ahead_s, Some(-1));
    assert!(first.is_unsettled());
    assert_eq!(first.cause().message, "\u{202e}reset\n");
    assert_eq!(second.kind(), OutcomeKind::Refused);
    let line = second.outcome.as_ref().unwrap();
    assert_eq!(line.request_id.as_deref(), Some("req-1"));
    assert_eq!(line.failure.as_ref().unwrap().code.as_deref(), Some("SnapshotQuotaExceeded"));
    assert_eq!(fs::read_to_string(journal.path()).unwrap().lines().count(), 4);
}

#[test]
fn a_torn_last_line_is_kept_and_costs_no_other() {
    for cut in 1..40 {
        let home = tempfile::tempdir().unwrap();
        let journal = Journal::open(home.path());
        journal.append(&asked("1")).unwrap();
        journal.append(&asked("2")).unwrap();
        let mut torn = fs::read(journal.path()).unwrap();
        torn.truncate(torn.len() - cut);
        fs::write(journal.path(), &torn).unwrap();

        // A cut of one byte takes only the end of the line: it still says all.
        let whole = if cut == 1 { 2 } else { 1 };
        let history = journal.read().unwrap();
        assert_eq!((history.records.len(), history.unreadable), (whole, 2 - whole));
        journal.append(&asked("3")).unwrap();
        let history = journal.read().unwrap();
        assert_eq!((history.records.len(), history.unreadable), (whole + 1, 2 - whole));
        assert!(fs::read(journal.path()).unwrap().starts_with(&torn), "the torn line was not kept");
    }
}

#[test]
fn lines_members_and_words_of_a_newer_version_do_no_harm() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    journal.append(&asked("1")).unwrap();
    let mut text = fs::read_to_string(journal.path()).unwrap().replacen('{', r#"{"colour":["blue"],"#, 1);
    text.push_str("{\"kind\":\"celebration\",\"number\":\"1\"}\n");
    text.push_str(
        r#"{"kind":"outcome","number":"1","at":"2027-01-15T08:00:00Z","outcome":"teleported","failure":{"kind":"odd","message":""}}"#,
    );
    text.push_str("\nnot json\n\n{\"kind\":\"outcome\"}\n\u{0}\u{0}\n");
    fs::write(journal.path(), text).unwrap();
    let history = journal.read().unwrap();
    assert_eq!(history.unreadable, 3);
    let [record] = history.records.as_slice() else { panic!("one record: {history:?}") };
    assert_eq!(record.kind(), OutcomeKind::Other);
    assert_eq!(record.cause().kind, FailureKind::Other);
    assert!(!record.is_unsettled());
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn folder_and_file_are_the_owners_alone_even_if_they_were_not() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("state/clustersnap");
    let journal = Journal::open(&folder);
    journal.append(&asked("1")).unwrap();
    assert_eq!((mode(&folder), mode(&journal.path())), (0o700, 0o600));
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    fs::set_permissions(journal.path(), fs::Permissions::from_mode(0o666)).unwrap();
    journal.append(&asked("2")).unwrap();
    assert_eq!((mode(&folder), mode(&journal.path())), (0o700, 0o600));
}

#[test]
fn no_symbolic_link_is_followed_to_the_folder_or_to_the_file() {
    let home = tempfile::tempdir().unwrap();
    let real = home.path().join("real");
    fs::create_dir(&real).unwrap();
    let linked = home.path().join("linked");
    symlink(&real, &linked).unwrap();
    let folder = Journal::open(&linked);
    let target = home.path().join("target");
    fs::write(&target, "").unwrap();
    symlink(&target, real.join(FILE_NAME)).unwrap();
    let file = Journal::open(&real);
    for journal in [folder, file] {
        assert!(matches!(journal.append(&asked("1")), Err(JournalError::NotPlain { .. })));
        assert!(matches!(journal.check(), Err(JournalError::NotPlain { .. })));
        assert!(matches!(journal.read(), Err(JournalError::NotPlain { .. })));
    }
    assert_eq!(fs::read_to_string(target).unwrap(), "");
}

#[test]
fn a_pipe_or_a_folder_in_the_files_place_is_refused_at_once() {
    let home = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("mkfifo").arg(home.path().join(FILE_NAME)).status().unwrap();
    assert!(made.success());
    let other = tempfile::tempdir().unwrap();
    fs::create_dir(other.path().join(FILE_NAME)).unwrap();
    for journal in [Journal::open(home.path()), Journal::open(other.path())] {
        assert!(matches!(journal.append(&asked("1")), Err(JournalError::NotPlain { .. })));
        assert!(matches!(journal.read(), Err(JournalError::NotPlain { .. })));
    }
}

#[test]
fn what_somebody_else_owns_is_refused() {
    // A folder of the system that is never this test's own, whoever runs it.
    let user = rustix::process::geteuid().as_raw();
    let home = tempfile::tempdir().unwrap();
    let journal = if user == 0 {
        std::os::unix::fs::chown(home.path(), Some(65_534), None).unwrap();
        Journal::open(home.path())
    } else {
        Journal::open(Path::new("/"))
    };
    let owner = fs::metadata(journal.path().parent().unwrap()).unwrap().uid();
    assert_ne!(owner, user);
    for error in [journal.append(&asked("1")).unwrap_err(), journal.read().unwrap_err()] {
        assert!(matches!(error, JournalError::ForeignOwner { .. }), "{error}");
    }
}

#[test]
fn lines_of_many_writers_never_mix() {
    let home = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let folder = home.path();
            scope.spawn(move || {
                for line in 0..25 {
                    Journal::open(folder).append(&asked(&format!("{writer}-{line}"))).unwrap();
                }
            });
        }
    });
    let history = Journal::open(home.path()).read().unwrap();
    assert_eq!((history.records.len(), history.unreadable), (200, 0));
}

#[test]
fn the_documented_example_is_what_the_program_reads() {
    let text = include_str!("../../assets/journal.md");
    let example: String =
        text.lines().filter(|line| line.starts_with('{')).flat_map(|line| [line, "\n"]).collect();
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let journal = Journal::open(home.path());
    fs::write(journal.path(), example).unwrap();
    let history = journal.read().unwrap();
    assert_eq!(history.unreadable, 0);
    let [record] = history.records.as_slice() else { panic!("one record: {history:?}") };
    assert_eq!(record.kind(), OutcomeKind::Created);
    assert!(!record.is_unfinished());
    let past = record;
    let took = past.took().and_then(Took::observed).unwrap();
    assert_eq!((&*past.result(), took.as_secs()), ("available", 578));
    let ticket = past.ticket();
    for told in [
        "Snapshot:       orders-prod-20261123-0158",
        "Requested:      2026-11-23T01:58:00Z",
        "Requested by:   arn:aws:sts::123456789012:assumed-role/dba/bastion-1",
        "AWS request id: 5f1c0c1e-6f0e-4a57-9a3e-2f1d0a9be2e2",
        "Sent:           once",
        "Duration:       9 min 38 s by RDS's events",
        "AWS's clock:    1 s behind this machine's",
        "Tags requested: owner=dba",
    ] {
        assert!(ticket.lines().any(|line| line == told), "{told}\n{ticket}");
    }
}

#[test]
fn the_past_is_told_newest_first_and_nothing_in_it_drives_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    journal.append(&asked("1")).unwrap();
    journal.append(&became("1", &unknown())).unwrap();
    journal.append(&asked("2")).unwrap();
    let past = journal.page(None, 10).unwrap();
    let numbers: Vec<&str> = past.entries.iter().map(|(_, entry)| entry.number()).collect();
    assert_eq!(numbers, ["2", "1"]);
    let ticket = past.entries.last().unwrap().1.ticket();
    assert!(ticket.contains("The answer was lost: \\u{202e}reset\\u{a}"), "{ticket}");
    assert!(ticket.contains("Not known yet"), "{ticket}");
}

#[test]
fn a_request_that_waited_was_sent_if_a_line_has_its_number() {
    let place = place("eu-west-1");
    let wait = Wait {
        token: "a1".to_owned(),
        request: request("1"),
        since: at(-60),
        until: at(3_600),
        region: place.region.clone(),
        url: place.url(),
        account: None,
    };
    assert!(intent("1").carries_out(&wait));
    assert!(!intent("2").carries_out(&wait), "another request for the name");
}
