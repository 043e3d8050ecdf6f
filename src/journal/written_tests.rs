//! What version 0.1.0 wrote, and what it told of that: journals of many years are read by any version.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use super::tests::{at, became, intent, refused, request, unknown};
use super::*;
use crate::domain::context::Target;
use crate::domain::ending::Ending;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::record::Intent;
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::TagSet;
use crate::fixtures::{self, ACCOUNT, place, snapshot_arn};

/// One request of every outcome, with all that a line can have, and with as little as it can have.
fn of_every_kind() -> Vec<Line> {
    let snapshot = Box::new(Snapshot {
        arn: Some(snapshot_arn("eu-west-1", ACCOUNT, "orders-1")),
        percent: Some(0),
        created_at: Some(at(1)),
        ..fixtures::snapshot("orders-1", "orders-prod", "creating")
    });
    let lost = Failure {
        refused: false,
        request_id: Some("req-2".to_owned()),
        ..Failure::local(FailureKind::LostAnswer, "reset\n\u{202e}")
    };
    let Outcome::Refused(refusal) = refused() else { unreachable!() };
    let outcomes = [
        Outcome::Created { snapshot: snapshot.clone(), request_id: Some("req-1".to_owned()) },
        Outcome::FoundAgain { snapshot: snapshot.clone(), lost: lost.clone() },
        Outcome::NotCreated(Failure::local(FailureKind::NoConnection, "no route")),
        refused(),
        Outcome::Elsewhere { snapshot: snapshot.clone(), cause: lost.clone() },
        Outcome::Taken { by: Some(snapshot.clone()), failure: Some(refusal) },
        Outcome::Taken { by: None, failure: None },
        unknown(),
        Outcome::NotListed { looked_at: at(700), cause: lost.clone() },
        Outcome::Unproven { snapshot, cause: lost },
    ];
    let mut entries = Vec::new();
    for (index, outcome) in outcomes.iter().enumerate() {
        let number = format!("20261123T015801Z-{index:016x}");
        let mut intent = Intent { version: "0.1.0".to_owned(), ..intent(&number) };
        if index % 2 == 1 {
            intent.profile = Some("prod".to_owned());
            intent.mark = Some("clustersnap:request".to_owned());
        }
        entries.push(Line::Intent(Box::new(intent)));
        entries.push(became(&number, outcome));
    }
    let bare = Target { region: None, resolved: Some("no Region".to_owned()), ..place("") };
    let mut request = request("bare");
    (request.cluster_resource_id, request.tags) = (None, TagSet::default());
    let intent = Intent::new(&request, &bare, None, None, at(3), None);
    entries.push(Line::Intent(Box::new(Intent { version: "0.1.0".to_owned(), ..intent })));
    let gone = Ending::seen("gone", at(900), None);
    let seen = Ending {
        open_at: Some(at(595)),
        finished_at: Some(at(599)),
        watched: Some(std::time::Duration::from_millis(598_765)),
        ..Ending::seen("available", at(601), Some(at(600)))
    };
    entries.push(ended("20261123T015801Z-0000000000000000", &seen));
    entries.push(ended("20261123T015801Z-0000000000000001", &gone));
    entries
}

fn ended(number: &str, ending: &Ending) -> Line {
    Line::Ended(Ended { number: number.to_owned(), ending: ending.clone() })
}

/// What version 0.1.0 wrote for [`of_every_kind`], and what is told of that.
const WRITTEN: &str = include_str!("testdata/written-by-0.1.0.jsonl");
const TOLD: &str = include_str!("testdata/told-by-0.1.0.txt");

#[test]
fn what_version_0_1_0_wrote_is_written_and_read_to_the_byte() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    for entry in of_every_kind() {
        journal.append(&entry).unwrap();
    }
    let written = fs::read_to_string(journal.path()).unwrap();
    assert_eq!(written, WRITTEN);

    fs::write(journal.path(), WRITTEN).unwrap();
    let past = journal.page(None, 100).unwrap();
    let told: Vec<String> = past
        .entries
        .iter()
        .map(|(_, request)| format!("{}\n{}", request.result(), request.ticket()))
        .collect();
    assert_eq!(told.join("\n"), TOLD);
}

#[test]
fn what_an_older_version_said_too_much_or_too_little_of_is_read_as_what_its_line_proves() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::open(home.path());
    let old = |number: &str| Line::Intent(Box::new(Intent { mark: None, ..intent(number) }));
    for number in ["found", "refused"] {
        journal.append(&old(number)).unwrap();
    }
    let lines = r#"{"kind":"outcome","number":"found","at":"2027-01-15T08:00:02Z","outcome":"found_again","failure":{"kind":"lost_answer","message":"reset"},"snapshot":{"status":"creating"}}
{"kind":"ended","number":"found","at":"2027-01-15T08:10:02Z","status":"available"}
{"kind":"outcome","number":"refused","at":"2027-01-15T08:00:02Z","outcome":"not_created","request_id":"r","failure":{"kind":"quota_exceeded","code":"SnapshotQuotaExceeded","message":"too many","request_id":"r"}}
"#;
    let text = fs::read_to_string(journal.path()).unwrap() + lines;
    fs::write(journal.path(), text).unwrap();
    let records = journal.read().unwrap().records;
    let [found, refused] = records.as_slice() else { panic!("two records: {records:?}") };
    assert_eq!((found.kind(), &*found.result()), (OutcomeKind::Unproven, "not proved: available"));
    assert!(found.proof().is_none() && found.made().is_none() && !found.is_unfinished());
    let ticket = found.ticket();
    assert!(ticket.contains("nothing proves that this request made it"), "{ticket}");
    assert_eq!((refused.kind(), &*refused.result()), (OutcomeKind::Refused, "refused"));
}
