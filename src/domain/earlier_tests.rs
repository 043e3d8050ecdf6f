//! What a change has already, by its requests in the order in which they were made and by the list.

use super::*;
use crate::domain::alteration::{Alteration, Deed};
use crate::domain::change_record::done_to;
use crate::domain::ending::{Ending, GONE};
use crate::domain::mark::MARK_KEY;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::record::{OutcomeLine, SnapshotLine};
use crate::domain::snapshot::{More, SnapshotKind};
use crate::domain::tag::{Tag, TagSet};
use crate::fixtures;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).expect("a time")
}

/// A request of second 0 for a snapshot that was begun then.
fn record(name: &str, outcome: OutcomeKind, ended: Option<&str>) -> Record {
    let seen = SnapshotLine {
        arn: None,
        cluster: Some("orders".to_owned()),
        created_at: Some(at(0)),
        status: "creating".to_owned(),
    };
    let line = OutcomeLine {
        number: name.to_owned(),
        at: at(1),
        outcome,
        request_id: None,
        failure: None,
        snapshot: Some(seen),
        attempts: None,
        unlisted: None,
    };
    let ended = ended.map(|status| Ending::seen(status, at(20), None));
    Record { intent: fixtures::intent(name, "orders", name, at(0)), outcome: Some(line), ended }
}

fn listed(name: &str, status: &str) -> Snapshot {
    Snapshot { created_at: Some(at(0)), ..fixtures::snapshot(name, "orders", status) }
}

/// What there is for the cluster so many seconds after its first request.
fn told(records: &[Record], listed: &[Snapshot], second: i64) -> Option<String> {
    let id = ChangeId::parse("CHG-1").expect("an id");
    let requests = records.iter().collect();
    let moment = (at(second), Some(at(second)));
    let seen = SeenOfChange::of(&id, requests, &[], listed, &Policy::default(), moment);
    words(&seen)
}

fn words(seen: &SeenOfChange<'_>) -> Option<String> {
    seen.earlier(&fixtures::cluster("orders", "available")).map(|earlier| match earlier {
        Earlier::Made(record, listed) => {
            format!(
                "made {} {}",
                record.intent.snapshot,
                listed.map_or("unlisted".into(), |it| it.status.to_string())
            )
        }
        Earlier::Missing(record, since) => format!("missing {} {}", record.intent.snapshot, since.as_secs()),
        Earlier::Open(record) => format!("open {}", record.intent.snapshot),
        other => other.to_string(),
    })
}

#[test]
fn what_a_list_had_is_missing_where_it_has_it_no_more_and_what_none_had_is_new() {
    let (created, found) = (OutcomeKind::Created, OutcomeKind::FoundAgain);
    for (outcome, ended, expected) in [
        (created, None, Some("made a unlisted")),
        (created, Some("available"), Some("missing a 40")),
        (found, None, Some("missing a 59")),
        (created, Some("failed"), None),
        (created, Some(GONE), None),
    ] {
        let known = told(&[record("a", outcome, ended)], &[], 60);
        assert_eq!(known.as_deref(), expected, "{outcome:?} {ended:?}");
        assert_eq!(told(&[record("a", outcome, ended)], &[], 601), None, "no list lags so long");
    }
    let gone = Ending { gone_at: Some(at(50)), ..Ending::seen("available", at(20), None) };
    let gone = Record { ended: Some(gone), ..record("a", created, None) };
    assert_eq!(told(std::slice::from_ref(&gone), &[], 60), None);
    assert_eq!(told(&[gone], &[listed("a", "available")], 60).as_deref(), Some("made a available"));
}

#[test]
fn what_cannot_be_restored_any_more_or_is_another_of_the_name_is_not_had() {
    let made = [record("a", OutcomeKind::Created, Some("available"))];
    for status in ["failed", "deleting", "deleted", "incompatible-restore"] {
        assert_eq!(told(&made, &[listed("a", status)], 60), None, "{status}");
    }
    let another = Snapshot { created_at: Some(at(300)), ..listed("a", "available") };
    assert_eq!(told(&made, &[another], 400).as_deref(), Some("missing a 380"));
}

#[test]
fn the_newest_request_counts_and_one_that_is_open_is_not_passed_over() {
    let usable = record("a", OutcomeKind::Created, Some("available"));
    let open = record("b", OutcomeKind::Unknown, None);
    assert_eq!(told(&[usable.clone(), open], &[], 700).as_deref(), Some("open b"));
    let refused = record("b", OutcomeKind::Refused, None);
    let again = [usable, refused];
    assert_eq!(told(&again, &[listed("a", "available")], 700).as_deref(), Some("made a available"));
    assert_eq!(told(&again, &[], 700), None);
}

#[test]
fn a_list_that_is_older_than_what_is_known_proves_no_absence() {
    let usable = record("a", OutcomeKind::Created, Some("available"));
    let id = ChangeId::parse("CHG-1").expect("an id");
    for (read, expected) in [
        (None, Some("made a unlisted")),
        (Some(-5), Some("made a unlisted")),
        (Some(10), Some("made a unlisted")),
        (Some(20), Some("missing a 880")),
        (Some(601), None),
    ] {
        let moment = (at(900), read.map(at));
        let seen = SeenOfChange::of(&id, vec![&usable], &[], &[], &Policy::default(), moment);
        assert_eq!(words(&seen).as_deref(), expected, "{read:?}");
    }
}

#[test]
fn the_snapshots_of_a_cluster_are_this_account_s_also_where_no_resource_id_is_told() {
    let cluster = fixtures::cluster("orders", "available");
    let own = fixtures::snapshot("own", "orders", "available");
    let shared =
        Snapshot { kind: SnapshotKind::Shared, ..fixtures::snapshot("theirs", "orders", "available") };
    let public =
        Snapshot { kind: SnapshotKind::Public, ..fixtures::snapshot("anybody", "orders", "available") };
    let all = [shared, own, public];
    let found: Vec<&str> = of_cluster(&all, &cluster).map(|found| found.id.as_str()).collect();
    assert_eq!(found, ["own"]);
}

#[test]
fn a_copy_with_the_tags_of_a_snapshot_of_the_change_is_none_of_it() {
    let tags = [Tag::new("change", "CHG-1"), Tag::new(MARK_KEY, "20261123T020000Z-1")];
    let own = Snapshot { tags: tags.to_vec().into(), ..listed("a", "available") };
    let copied =
        More { source_arn: Some("arn:aws:rds:eu-west-1:1:cluster-snapshot:b".to_owned()), ..More::default() };
    let copy = Snapshot { more: copied.into(), ..own.clone() };
    let request = SnapshotRequest {
        change: ChangeId::parse("CHG-1").ok(),
        tags: TagSet::parse([("change", "CHG-1")]).expect("tags"),
        ..fixtures::intent("c", "orders", "c", at(0)).request().expect("a request")
    };
    let tags = [Tag::new("ticket", "CHG-1"), Tag::new(MARK_KEY, "20261123T020000Z-1")];
    let other = Snapshot { tags: tags.to_vec().into(), ..own.clone() };
    let tags = TagSet::parse([("change", "CHG-1"), ("ticket", "CHG-1")]).expect("tags");
    assert!(!SnapshotRequest { tags, ..request.clone() }.has_twin(&other), "a ticket is no change");
    for (found, is_its) in [(own, true), (copy, false)] {
        assert_eq!(request.has_twin(&found), is_its);
        assert_eq!(told(&[], &[found], 60).is_some(), is_its);
    }
}

#[test]
fn a_mark_that_its_cluster_carries_too_makes_a_snapshot_none_of_the_change() {
    let tag = |number| Tag::new("team:request", format!("20261123T020000Z-{number}"));
    let id = ChangeId::parse("CHG-1").expect("an id");
    let restored = Cluster { tags: vec![tag(1)], ..fixtures::cluster("orders", "available") };
    let policy = Policy::default();
    for (marks, is_its) in [(vec![tag(1)], false), (vec![tag(2)], true), (vec![tag(1), tag(2)], true)] {
        let tags: Vec<Tag> = [Tag::new("change", "CHG-1")].into_iter().chain(marks).collect();
        let found = [Snapshot { tags: tags.into(), ..listed("a", "available") }];
        let seen = SeenOfChange::of(&id, Vec::new(), &[], &found, &policy, (at(60), Some(at(60))));
        assert_eq!(seen.earlier(&restored).is_some(), is_its);
    }
}

#[test]
fn a_deletion_is_of_a_request_whose_answer_and_list_tell_create_times_that_differ_a_little() {
    let made = record("a", OutcomeKind::Created, Some("available"));
    for (created, asked, is_its) in [(0, 600, true), (1, 600, true), (1, -5, false), (90, 600, false)] {
        let arn = fixtures::snapshot_arn("eu-west-1", fixtures::ACCOUNT, "a");
        let found = Snapshot { arn: Some(arn), created_at: Some(at(created)), ..listed("a", "available") };
        let asked = Alteration::of(&found, Deed::Delete, "2".to_owned(), at(asked), &Policy::default());
        let asked = Alteration { region: made.intent.region.clone(), ..asked.expect("an alteration") };
        let asked = [AlterationRecord { asked, outcome: None }];
        assert_eq!(done_to(&made, &asked).count() == 1, is_its, "{created} {asked:?}");
    }
}
