//! The decision tables, row by row.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;
use crate::domain::cluster::Encryption;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::{Caller, Place};
use crate::domain::mark::RequestNumber;
use crate::domain::outcome::Outcome;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::status::SnapshotStatus;
use crate::journal::OutcomeLine;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn request(tags: &[(&str, &str)]) -> SnapshotRequest {
    SnapshotRequest {
        number: RequestNumber::new(Timestamp::UNIX_EPOCH, 1),
        cluster: ClusterId::parse("orders").unwrap(),
        cluster_resource_id: Some("cluster-1".to_owned()),
        snapshot: SnapshotId::parse("nightly").unwrap(),
        tags: TagSet::parse(tags.iter().copied()).unwrap(),
        mark: None,
    }
}

/// What AWS would list of that request, a second after its look-up.
fn made_by(request: &SnapshotRequest) -> Snapshot {
    Snapshot {
        id: "nightly".to_owned(),
        arn: None,
        cluster: Some(request.cluster.clone()),
        cluster_resource_id: request.cluster_resource_id.clone(),
        kind: SnapshotKind::Manual,
        status: SnapshotStatus::Creating,
        percent: Some(0),
        created_at: Some(at(1)),
        engine: None,
        engine_version: None,
        allocated_gib: None,
        more: std::sync::Arc::default(),
        encryption: Encryption::Unknown,
        tags: request.tags.as_slice().to_vec(),
    }
}

type Change = fn(&mut Snapshot);

const TIMES: (i64, i64) = (0, 5);

fn judge(request: &SnapshotRequest, found: &Snapshot) -> Verdict {
    verdict(request, Times { noted: Some(at(TIMES.0)), seen: Some(at(TIMES.1)) }, found)
}

#[test]
fn only_what_agrees_in_all_is_ours() {
    let asked = request(&[("owner", "dba")]);
    assert_eq!(judge(&asked, &made_by(&asked)), Verdict::Ours);
    let table: &[(&str, Change, Verdict)] = &[
        ("name in another case", |s| s.id = "NIGHTLY".into(), Verdict::Ours),
        ("another name", |s| s.id = "other".into(), Verdict::CannotTell),
        ("automated", |s| s.kind = SnapshotKind::Automated, Verdict::NotOurs),
        ("kind unheard of", |s| s.kind = SnapshotKind::Other(String::new()), Verdict::CannotTell),
        ("another cluster's id", |s| s.cluster_resource_id = Some("cluster-2".into()), Verdict::NotOurs),
        ("cluster renamed", |s| s.cluster = Some(ClusterId::reported("renamed")), Verdict::Ours),
        ("no resource id", |s| s.cluster_resource_id = None, Verdict::Ours),
        (
            "no resource id, another cluster",
            |s| (s.cluster_resource_id, s.cluster) = (None, Some(ClusterId::reported("billing"))),
            Verdict::NotOurs,
        ),
        ("no cluster", |s| (s.cluster_resource_id, s.cluster) = (None, None), Verdict::CannotTell),
        ("no create time", |s| s.created_at = None, Verdict::CannotTell),
        ("begun in the noted second", |s| s.created_at = Some(at(0)), Verdict::Ours),
        ("begun a little before", |s| s.created_at = Some(at(-3)), Verdict::CannotTell),
        ("begun before", |s| s.created_at = Some(at(-6)), Verdict::NotOurs),
        ("begun an hour later", |s| s.created_at = Some(at(3_600)), Verdict::NotOurs),
        ("no tags yet", |s| s.tags.clear(), Verdict::CannotTell),
        ("a tag more", |s| s.tags.push(Tag::new("auto", "1")), Verdict::CannotTell),
        ("AWS's own tag more", |s| s.tags.push(Tag::new("aws:stack", "1")), Verdict::Ours),
        ("another value", |s| s.tags = vec![Tag::new("owner", "ci")], Verdict::NotOurs),
        ("other tags", |s| s.tags = vec![Tag::new("team", "ci")], Verdict::NotOurs),
    ];
    for (what, change, expected) in table {
        let mut found = made_by(&asked);
        change(&mut found);
        assert_eq!(judge(&asked, &found), *expected, "{what}");
    }
}

#[test]
fn without_the_servers_clock_nothing_is_ours() {
    let asked = request(&[]);
    let times = Times { noted: None, seen: Some(at(5)) };
    assert_eq!(verdict(&asked, times, &made_by(&asked)), Verdict::CannotTell);
}

#[test]
fn tags_tell_strangers_apart_once_the_lists_have_caught_up_and_only_while_it_is_new() {
    let asked = request(&[("owner", "dba")]);
    let untagged = Snapshot { tags: Vec::new(), ..made_by(&asked) };
    let retagged = Snapshot { tags: vec![Tag::new("owner", "archive")], ..made_by(&asked) };
    for (seen, of_untagged, of_retagged) in [
        (Some(2), Verdict::CannotTell, Verdict::NotOurs),
        (Some(61), Verdict::CannotTell, Verdict::NotOurs),
        (Some(62), Verdict::NotOurs, Verdict::NotOurs),
        (Some(86_400), Verdict::CannotTell, Verdict::CannotTell),
        (None, Verdict::CannotTell, Verdict::CannotTell),
    ] {
        let times = Times { noted: Some(at(0)), seen: seen.map(at) };
        assert_eq!(verdict(&asked, times, &untagged), of_untagged, "{seen:?}");
        assert_eq!(verdict(&asked, times, &retagged), of_retagged, "{seen:?}");
    }
}

#[test]
fn without_tags_the_clusters_copied_ones_do_not_matter() {
    let asked = request(&[]);
    let found = Snapshot { tags: vec![Tag::new("env", "prod")], ..made_by(&asked) };
    assert_eq!(judge(&asked, &found), Verdict::Ours);
}

#[test]
fn an_answer_is_sent_again_only_if_it_certainly_did_not_happen_and_may_yet() {
    let asked = request(&[]);
    let fail = |kind, effect| Err(Failure { effect, ..Failure::local(kind, "") });
    for kind in [FailureKind::NoConnection, FailureKind::Throttled, FailureKind::SnapshotExists] {
        let unclear = next(&asked, 1, fail(kind, Effect::Possible));
        assert!(matches!(unclear, Next::Unclear(_)), "{unclear:?}");
    }
    let refuse = |kind| {
        let code = Some("Code".to_owned());
        next(&asked, 1, Err(Failure { code, ..Failure::local(kind, "") }))
    };
    for kind in [FailureKind::NoConnection, FailureKind::Throttled] {
        assert!(matches!(refuse(kind), Next::Retry(_)), "{kind:?}");
    }
    for kind in [FailureKind::AccessDenied, FailureKind::InvalidParameter, FailureKind::ClusterNotFound] {
        assert!(matches!(refuse(kind), Next::Refused(_)), "{kind:?}");
    }
    for kind in [FailureKind::ExpiredCredentials, FailureKind::InvalidState, FailureKind::QuotaExceeded] {
        assert!(matches!(refuse(kind), Next::RefusedNow(_)), "{kind:?}");
        // Where nothing left this machine, no copy of it did.
        assert!(matches!(next(&asked, 1, fail(kind, Effect::None)), Next::Refused(_)), "{kind:?}");
    }
    let exists = || fail(FailureKind::SnapshotExists, Effect::None);
    assert!(matches!(next(&asked, 1, exists()), Next::Taken(_)));
    assert!(matches!(next(&asked, 2, exists()), Next::Unclear(_)));
}

#[test]
fn what_a_look_makes_certain_depends_on_what_the_answer_left_open() {
    let asked = request(&[]);
    let answer = Failure::local(FailureKind::InvalidState, "");
    let found = |verdict| Sight::Found(verdict, Box::new(made_by(&asked)));
    let word = |open, sight| match certain(open, &answer, sight) {
        None => "open",
        Some(Outcome::FoundAgain { .. }) => "found again",
        Some(Outcome::Taken { .. }) => "taken",
        Some(Outcome::NotCreated(_)) => "not created",
        Some(Outcome::Unproven { .. }) => "unproven",
        Some(other) => panic!("{other:?}"),
    };
    for (open, ours, not_ours, absent) in [
        (Open::Effect, "found again", "taken", "open"),
        // An equal snapshot may be somebody else's, who asked for the same at that moment.
        (Open::Copy, "unproven", "not created", "not created"),
        (Open::Name, "unproven", "taken", "open"),
    ] {
        assert_eq!(word(open, found(Verdict::Ours)), ours, "{open:?}");
        assert_eq!(word(open, found(Verdict::NotOurs)), not_ours, "{open:?}");
        assert_eq!(word(open, found(Verdict::CannotTell)), "open", "{open:?}");
        assert_eq!(word(open, Sight::Absent), absent, "{open:?}");
    }
}

#[test]
fn a_success_about_something_else_is_no_answer() {
    let asked = request(&[]);
    let answer = |snapshot| next(&asked, 1, Ok(Accepted { snapshot, request_id: Some("r".into()) }));
    assert!(matches!(answer(made_by(&asked)), Next::Created(_)));
    let elsewhere = Snapshot { cluster: Some(ClusterId::reported("billing")), ..made_by(&asked) };
    let other = Snapshot { id: "other".into(), ..made_by(&asked) };
    for wrong in [elsewhere, other] {
        let Next::Unclear(failure) = answer(wrong) else { panic!("taken for an answer") };
        assert_eq!((failure.effect, failure.request_id.as_deref()), (Effect::Possible, Some("r")));
    }
}

fn record(number: &str, noted: i64, outcome: Option<&Outcome>) -> Record {
    let place = Place { profile: None, region: None, endpoint: None, is_demo: false, is_read_only: false };
    let caller = Caller { account: "1".into(), arn: "a".into() };
    let intent = Intent::new(
        &SnapshotRequest { number: RequestNumber::journalled(number), ..request(&[]) },
        &place,
        Some(&caller),
        at(0),
        Some(at(noted)),
    );
    let outcome = outcome.map(|outcome| OutcomeLine::new(number, at(9), outcome, None));
    Record { intent, outcome, ended: None }
}

#[test]
fn a_twin_on_this_machine_is_told_apart_by_the_journal_or_not_at_all() {
    let found = made_by(&request(&[]));
    let created = Outcome::Created { snapshot: Box::new(found.clone()), request_id: None };
    let refused = Outcome::NotCreated(Failure::local(FailureKind::InvalidState, ""));
    let rivalry = |others: &[Record]| rivalry(others, Some(at(5)), &found);
    assert_eq!(rivalry(&[]), Rivalry::None);
    assert_eq!(rivalry(&[record("2", 0, None)]), Rivalry::Possible);
    assert_eq!(rivalry(&[record("2", 0, Some(&refused))]), Rivalry::None);
    assert_eq!(rivalry(&[record("2", 0, None), record("3", 0, Some(&created))]), Rivalry::Claimed);
    // Long before, or later: not this snapshot.
    assert_eq!(rivalry(&[record("2", -86_400, None), record("3", 60, None)]), Rivalry::None);
    assert_eq!(considering(Verdict::Ours, Rivalry::Claimed), Verdict::NotOurs);
    assert_eq!(considering(Verdict::Ours, Rivalry::Possible), Verdict::CannotTell);
    assert_eq!(considering(Verdict::CannotTell, Rivalry::Claimed), Verdict::CannotTell);
}

proptest! {
    #[test]
    fn whatever_is_ours_agrees_in_kind_cluster_time_and_tags(
        asked_tags in 0_usize..3,
        found_tags in 0_usize..3,
        kind in 0..3,
        cluster in prop::option::of(0_usize..2),
        resource in prop::option::of(0_usize..2),
        created in prop::option::of(-20_i64..2_000),
        noted in prop::option::of(-20_i64..20),
        seen in prop::option::of(0_i64..2_000),
    ) {
        let all = [("a", "1"), ("b", "2")];
        let asked = request(&all[..asked_tags.min(2)]);
        let kind = match kind {
            0 => SnapshotKind::Manual,
            1 => SnapshotKind::Shared,
            _ => SnapshotKind::Other("?".into()),
        };
        let found = Snapshot {
            kind,
            cluster: cluster.map(|n| ClusterId::reported(["orders", "billing"][n])),
            cluster_resource_id: resource.map(|n| format!("cluster-{}", n + 1)),
            created_at: created.map(at),
            tags: all[..found_tags.min(2)].iter().map(|(k, v)| Tag::new(*k, *v)).collect(),
            ..made_by(&asked)
        };
        let times = Times { noted: noted.map(at), seen: seen.map(at) };
        if verdict(&asked, times, &found) == Verdict::Ours {
            prop_assert_eq!(&found.kind, &SnapshotKind::Manual);
            prop_assert!(resource == Some(0) || (resource.is_none() && cluster == Some(0)));
            prop_assert!(created.is_some() && noted.is_some() && created >= noted);
            prop_assert!(asked_tags == 0 || asked_tags.min(2) == found_tags.min(2));
        }
    }
}
