//! What is told of alterations in a column.

use super::*;
use crate::fixtures::{self, ACCOUNT, snapshot_arn};

fn record(deed: Deed, outcome: AlteredKind) -> AlterationRecord {
    let at = Timestamp::UNIX_EPOCH;
    let snapshot = Snapshot {
        arn: Some(snapshot_arn("eu-west-1", ACCOUNT, "s")),
        created_at: Some(at),
        ..fixtures::snapshot("s", "orders", "available")
    };
    let number = || "1".to_owned();
    let asked = Alteration::of(&snapshot, deed, number(), at, &Policy::default()).expect("it is told apart");
    let line = AlteredLine {
        number: number(),
        at,
        outcome,
        request_id: None,
        failure: None,
        snapshot: None,
        attempts: None,
        unlisted: None,
    };
    AlterationRecord { asked, outcome: Some(line) }
}

#[test]
fn no_end_of_a_deletion_reads_like_that_of_a_snapshot_that_was_requested() {
    let told = |kind| record(Deed::Delete, kind).result().into_owned();
    for kind in [
        AlteredKind::Deleting,
        AlteredKind::Gone,
        AlteredKind::NotDone,
        AlteredKind::Refused,
        AlteredKind::Replaced,
        AlteredKind::Unknown,
    ] {
        assert!(told(kind).starts_with("deletion"), "{}", told(kind));
        assert!(told(kind).ends_with(kind.short()), "{}", told(kind));
    }
    assert_eq!(told(AlteredKind::Gone), "deletion: gone");
    assert_eq!(told(AlteredKind::Another), "another deleted");
    let tags = Deed::Tag { add: Vec::new(), remove: Vec::new() };
    assert_eq!(record(tags.clone(), AlteredKind::Gone).result(), "tags: gone");
    assert_eq!(record(tags, AlteredKind::Tagged).result(), "tagged");
}

#[test]
fn a_change_of_tags_that_was_not_seen_through_is_not_told_as_nothing_changed() {
    let deed = Deed::Tag { add: vec![Tag::new("a", "b")], remove: vec!["c".to_owned()] };
    for (deed, is_as_before) in [(deed, false), (Deed::Delete, true)] {
        let told = AlteredKind::NotDone.sentence(&deed, false);
        assert_eq!(told.contains("it is as before"), is_as_before, "{told}");
        assert_eq!(told.contains("Some may have been changed"), !is_as_before, "{told}");
    }
}

#[test]
fn how_often_it_was_sent_stays_known_whoever_settles_it() {
    let mut of = record(Deed::Delete, AlteredKind::Unknown);
    let settled = record(Deed::Delete, AlteredKind::Gone).outcome.expect("it became something");
    let less = AlteredLine { outcome: AlteredKind::NotDone, attempts: Some(3), ..settled.clone() };
    of.outcome = of.outcome.map(|line| AlteredLine { attempts: Some(1), ..line });
    for line in [settled, less] {
        of.became(line);
        assert_eq!((of.kind(), of.sent()), (AlteredKind::Gone, Some(1)));
    }
    assert!(of.ticket().contains("Sent:           once\n"), "{}", of.ticket());
}

#[test]
fn nobody_of_another_account_is_said_to_have_asked() {
    let AlterationRecord { asked, .. } = record(Deed::Delete, AlteredKind::Unknown);
    let place = fixtures::place("eu-west-1");
    for (account, is_told) in [(ACCOUNT, true), ("222222222222", false)] {
        let asked = asked.clone().asked_by(Some(&fixtures::caller(account)), &place);
        assert_eq!(asked.caller.is_some(), is_told, "{account}");
    }
}
