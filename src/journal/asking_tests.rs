//! What the journal answers when it is asked.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use super::tests::{asked, at, became, intent, refused, unknown};
use super::*;
use crate::domain::account::AccountId;
use crate::domain::alteration::{Alteration, Deed};
use crate::domain::context::{Caller, Target};
use crate::domain::ending::Ending;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::mark::MARK_KEY;
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::policy::Policy;
use crate::domain::record::{Intent, OutcomeLine, Record, RecordPage};
use crate::domain::snapshot::Snapshot;
use crate::fixtures::{self, caller, place};

/// Later than every request of these tests: no refusal counts as young.
const LONG_AFTER: i64 = 1_000_000;

pub(super) fn snapshot(arn: Option<&str>) -> Box<Snapshot> {
    let arn = arn.map(str::to_owned);
    Box::new(Snapshot { arn, cluster: None, ..fixtures::snapshot("orders-1", "orders-prod", "creating") })
}

pub(super) fn lost() -> Failure {
    Failure::local(FailureKind::LostAnswer, "")
}

pub(super) fn made(arn: Option<&str>) -> Outcome {
    Outcome::Created { snapshot: snapshot(arn), request_id: None }
}

pub(super) fn ended(number: &str) -> Line {
    Line::Ended(Ended { number: number.to_owned(), ending: Ending::seen("available", at(9), None) })
}

fn write(journal: &Journal, lines: &[Line]) {
    for line in lines {
        journal.append(line).unwrap();
    }
}

fn numbers(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.intent.number.as_str()).collect()
}

fn open(journal: &Journal, refused_since: i64) -> Vec<String> {
    let open = journal.open_requests(at(refused_since)).unwrap().records;
    numbers(&open).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_hard_fact_takes_a_softer_word_back_and_is_not_taken_back_by_one() {
    let not_listed = || Outcome::NotListed { looked_at: at(1000), cause: lost() };
    let taken = || Outcome::Taken { by: None, failure: Some(lost()) };
    let unproven = || Outcome::Unproven { snapshot: snapshot(None), cause: lost() };
    let not_created = || Outcome::NotCreated(lost());
    let found = || Outcome::FoundAgain { snapshot: snapshot(None), lost: lost() };
    let elsewhere = || Outcome::Elsewhere { snapshot: snapshot(None), cause: lost() };
    for hard in [&found as &dyn Fn() -> Outcome, &elsewhere, &|| made(None)] {
        for soft in [&refused as &dyn Fn() -> Outcome, &not_created, &taken, &unproven, &not_listed, &unknown]
        {
            for outcomes in [[soft(), hard()], [hard(), soft()]] {
                let home = tempfile::tempdir().unwrap();
                let journal = Journal::open(home.path());
                let intent = Intent { mark: Some(MARK_KEY.to_owned()), ..intent("1") };
                write(&journal, &[Line::Intent(Box::new(intent))]);
                write(&journal, &[became("1", &outcomes[0]), became("1", &outcomes[1])]);
                let word = journal.record("1").unwrap().unwrap().kind();
                assert_eq!(word, hard().kind(), "{outcomes:?}");
            }
        }
    }
}

#[test]
fn a_conclusion_counts_more_than_that_nothing_is_known_and_a_later_one_than_an_earlier() {
    let not_listed = || Outcome::NotListed { looked_at: at(1000), cause: lost() };
    let unproven = || Outcome::Unproven { snapshot: snapshot(None), cause: lost() };
    for (outcomes, word) in [
        ([unknown(), not_listed()], OutcomeKind::NotListed),
        ([not_listed(), unknown()], OutcomeKind::NotListed),
        ([not_listed(), unproven()], OutcomeKind::Unproven),
        ([unproven(), not_listed()], OutcomeKind::NotListed),
        ([refused(), not_listed()], OutcomeKind::Refused),
        ([not_listed(), refused()], OutcomeKind::Refused),
    ] {
        let home = tempfile::tempdir().unwrap();
        let journal = Journal::open(home.path());
        write(&journal, &[asked("1"), became("1", &outcomes[0]), became("1", &outcomes[1])]);
        assert_eq!(journal.record("1").unwrap().unwrap().kind(), word, "{outcomes:?}");
    }
}

#[test]
fn a_refusal_that_an_older_version_called_not_created_reads_as_refused() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    write(&journal, &[asked("1"), became("1", &refused()), asked("2")]);
    write(&journal, &[became("2", &Outcome::NotCreated(lost()))]);
    let text = fs::read_to_string(journal.path()).unwrap();
    let old = text.replace(r#""outcome":"refused""#, r#""outcome":"not_created""#);
    assert_ne!(text, old);
    fs::write(journal.path(), old).unwrap();
    let word = |number| journal.record(number).unwrap().unwrap().kind();
    assert_eq!((word("1"), word("2")), (OutcomeKind::Refused, OutcomeKind::NotCreated));
}

#[test]
fn open_is_what_is_not_known_what_was_not_seen_to_end_and_a_young_refusal_of_the_moment() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    let denied = Outcome::Refused(Failure {
        code: Some("AccessDenied".to_owned()),
        ..Failure::local(FailureKind::AccessDenied, "no")
    });
    write(&journal, &["no word", "unknown", "made", "ended", "busy", "denied", "not made"].map(asked));
    write(&journal, &[became("unknown", &unknown()), became("made", &made(None))]);
    write(&journal, &[became("ended", &made(None)), ended("ended"), became("busy", &refused())]);
    write(&journal, &[became("denied", &denied), became("not made", &Outcome::NotCreated(lost()))]);
    assert_eq!(open(&journal, 0), ["no word", "unknown", "made", "busy"]);
    assert_eq!(open(&journal, LONG_AFTER), ["no word", "unknown", "made"]);
}

#[test]
fn all_requests_for_a_name_are_found() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    let of = |number: &str, cluster: &str, snapshot: &str| {
        let intent = Intent { cluster: cluster.to_owned(), snapshot: snapshot.to_owned(), ..intent(number) };
        Line::Intent(Box::new(intent))
    };
    write(&journal, &[of("1", "orders", "a"), of("2", "orders", "b"), of("3", "billing", "c")]);
    write(&journal, &[of("4", "billing", "a"), became("4", &refused())]);
    assert_eq!(open(&journal, LONG_AFTER), ["1", "2", "3"]);
    assert_eq!(numbers(&journal.named("a").unwrap()), ["1", "4"]);
}

#[test]
fn a_request_sent_anew_under_its_number_is_open_again_and_stands_once_where_it_was_sent_last() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    write(&journal, &[asked("1"), became("1", &refused()), asked("2"), became("2", &refused())]);
    let again = Intent { at: at(60), ..intent("1") };
    write(&journal, &[Line::Intent(Box::new(again.clone()))]);
    assert_eq!(journal.record("1").unwrap(), Some(Record { intent: again, outcome: None, ended: None }));
    assert_eq!(numbers(&journal.read().unwrap().records), ["2", "1"]);
    assert_eq!(open(&journal, LONG_AFTER), ["1"]);
    write(&journal, &[became("1", &made(None)), ended("1")]);
    assert!(open(&journal, LONG_AFTER).is_empty());
}

fn all(page: &RecordPage) -> Vec<&str> {
    page.entries.iter().map(|(_, entry)| entry.number()).collect()
}

#[test]
fn pages_give_every_request_once_the_newest_first() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    assert_eq!(journal.page(None, 3).unwrap(), RecordPage::default());
    assert_eq!(journal.pages(3).unwrap().count(), 1, "there is always a first page");
    for number in 0..7 {
        write(&journal, &[asked(&number.to_string()), became(&number.to_string(), &unknown())]);
    }
    write(&journal, &[asked("2")]);
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = journal.page(before, 3).unwrap();
        assert_eq!((page.total, page.unreadable), (7, 0));
        seen.push(all(&page).concat());
        before = page.older;
        if before.is_none() {
            break;
        }
        // What is written meanwhile moves no page.
        write(&journal, &[became("0", &refused())]);
    }
    assert_eq!(seen, ["265", "431", "0"]);
    let pages = journal.pages(3).unwrap().map(|page| all(&page.unwrap()).concat());
    assert_eq!(pages.collect::<Vec<_>>(), seen);
    assert_eq!(journal.page(None, 7).unwrap().older, None);
}

#[test]
fn a_journal_that_cannot_be_read_is_no_empty_one() {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(FILE_NAME)).unwrap();
    let journal = Journal::open(home.path());
    assert!(journal.open_requests(at(0)).is_err());
    assert!(journal.named("a").is_err() && journal.pages(1).is_err());
    assert!(journal.record("1").is_err() && journal.page(None, 1).is_err());
}

#[test]
fn requests_are_told_apart_by_account_region_and_name_and_never_by_the_endpoints_spelling() {
    let dba = caller("123456789012");
    let other = caller("210987654321");
    let known = intent("1");
    let unknown = Intent { account: None, ..intent("2") };
    let spelt = Target { endpoint: Some("http://localhost:5000".to_owned()), ..place("eu-west-1") };
    for (intent, place, caller, is_of) in [
        (&known, &place("eu-west-1"), Some(&dba), true),
        (&known, &spelt, Some(&dba), true),
        (&known, &place("eu-west-2"), Some(&dba), false),
        (&known, &spelt, Some(&other), false),
        // What is not known says nothing.
        (&known, &spelt, None, true),
        (&unknown, &spelt, Some(&other), true),
        (&unknown, &place("eu-west-2"), None, false),
    ] {
        assert_eq!(
            intent.is_of(place, caller.map(|it: &Caller| it)),
            is_of,
            "{intent:?} {place:?} {caller:?}"
        );
    }
    let rival = |account: Option<&str>, region: &str, snapshot: &str| {
        let account = account.and_then(AccountId::reported);
        let (region, snapshot) = (Some(region.to_owned()), snapshot.to_owned());
        let endpoint = "http://127.0.0.1:5000".to_owned();
        Intent { account, region, endpoint, snapshot, ..intent("3") }
    };
    assert!(known.competes_with(&rival(Some("123456789012"), "eu-west-1", "orders-1")));
    assert!(known.competes_with(&rival(None, "eu-west-1", "orders-1")));
    assert!(!known.competes_with(&rival(Some("210987654321"), "eu-west-1", "orders-1")));
    assert!(!known.competes_with(&rival(None, "eu-west-2", "orders-1")));
    assert!(!known.competes_with(&rival(None, "eu-west-1", "orders-2")));
    assert!(!known.competes_with(&known));
}

#[test]
fn where_the_account_was_not_known_the_arn_of_what_was_made_tells_it() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    let arn = Some("arn:aws:rds:us-east-1:210987654321:cluster-snapshot:orders-1");
    for (number, account, outcome) in [
        ("1", None, made(arn)),
        ("2", AccountId::reported("123456789012"), made(arn)),
        ("3", None, Outcome::Taken { by: Some(snapshot(arn)), failure: None }),
    ] {
        let intent = Intent { account, ..intent(number) };
        write(&journal, &[Line::Intent(Box::new(intent)), became(number, &outcome)]);
    }
    let account = |number| {
        let account = journal.record(number).unwrap().unwrap().intent.account;
        account.map(|account| account.to_string())
    };
    assert_eq!(account("1").as_deref(), Some("210987654321"));
    assert_eq!(account("2").as_deref(), Some("123456789012"), "what was written before it left");
    assert_eq!(account("3"), None, "that of another's snapshot says nothing");
}

#[test]
fn what_was_done_lately_is_found_whatever_this_machines_clock_said_then() {
    const MONTH: i64 = 30 * 86_400;
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    let done = |number: &str, here: i64, server: Option<i64>| {
        let seen =
            Snapshot { created_at: Some(at(-500)), ..*snapshot(Some("arn:aws:rds:::cluster-snapshot:x")) };
        let policy = Policy::default();
        let asked = Alteration::of(&seen, Deed::Delete, number.to_owned(), at(here), &policy).unwrap();
        Line::Alteration(Box::new(Alteration { server_time: server.map(at), ..asked }))
    };
    write(
        &journal,
        &[
            done("old", -MONTH, Some(-MONTH)),
            done("behind", 10 - MONTH, Some(10)),
            done("ahead", MONTH, Some(20)),
            done("not-known", -MONTH, None),
            done("right", 30, Some(30)),
        ],
    );
    let found = journal.alterations_since(at(0)).unwrap();
    let found: Vec<&str> = found.iter().map(|one| one.asked.number.as_str()).collect();
    assert_eq!(found, ["right", "ahead", "behind"]);
}

#[test]
fn a_refusal_of_this_moment_is_open_by_the_clock_that_says_the_later() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    let intent = Intent { at: at(-86_400), server_time: Some(at(0)), ..intent("1") };
    write(&journal, &[Line::Intent(Box::new(intent)), became("1", &refused())]);
    assert_eq!(open(&journal, -60), ["1"]);
    assert_eq!(open(&journal, 60), Vec::<String>::new());
}

#[test]
fn beside_a_new_request_stands_what_is_open_or_was_made_a_moment_ago_and_not_thousands_of_unfinished() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("state"));
    let asked_later =
        |number: &str| Line::Intent(Box::new(Intent { server_time: Some(at(100)), ..intent(number) }));
    let made = made(None);
    let lines = [
        asked("old"),
        became("old", &made),
        asked("open"),
        asked_later("new"),
        became("new", &made),
        asked_later("over"),
        became("over", &made),
        ended("over"),
    ];
    write(&journal, &lines);
    let beside = journal.open_or_made_since(at(50)).unwrap().records;
    assert_eq!(numbers(&beside), ["open", "new"]);
}

#[test]
fn who_settles_a_request_later_leaves_it_known_how_often_it_was_sent() {
    let mut record = Record::asked(intent("1"));
    let line = |outcome: &Outcome, sent| OutcomeLine::new("1", at(1), outcome, sent);
    record.became(line(&unknown(), Some(2)));
    record.became(line(&made(None), None));
    assert_eq!(record.outcome.and_then(|line| line.attempts), Some(2));
}
