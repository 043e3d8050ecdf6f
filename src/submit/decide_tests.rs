//! The decision tables, row by row.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::domain::cluster_id::ClusterId;
use crate::domain::mark::{MARK_KEY, RequestNumber};
use crate::domain::record::OutcomeLine;
use crate::domain::snapshot::More;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::{Tag, TagSet};
use crate::fixtures::{ACCOUNT, caller, of_resource, place, snapshot, snapshot_arn};

const NUMBER: &str = "20270115T080000Z-00000000000000ab";
const OTHERS: &str = "20270115T080001Z-00000000000000cd";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn request(tags: &[(&str, &str)], is_marked: bool) -> SnapshotRequest {
    let mark = is_marked.then_some((MARK_KEY, NUMBER));
    SnapshotRequest {
        number: RequestNumber::journalled(NUMBER),
        cluster: ClusterId::parse("orders").unwrap(),
        cluster_resource_id: Some("cluster-1".to_owned()),
        snapshot: SnapshotId::parse("nightly").unwrap(),
        tags: TagSet::parse(tags.iter().copied().chain(mark)).unwrap(),
        change: None,
        mark: is_marked.then(|| MARK_KEY.to_owned()),
    }
}

fn intent(request: &SnapshotRequest) -> Intent {
    Intent::new(request, &place("eu-west-1"), Some(&caller(ACCOUNT)), None, at(0), Some(at(0)))
}

fn arn(region: &str, account: &str) -> String {
    snapshot_arn(region, account, "nightly")
}

/// What AWS would list of that request, a second after its look-up.
fn made_by(request: &SnapshotRequest) -> Snapshot {
    Snapshot {
        arn: Some(arn("eu-west-1", ACCOUNT)),
        more: of_resource(request.cluster_resource_id.as_deref()),
        percent: Some(0),
        created_at: Some(at(1)),
        tags: request.tags.as_slice().into(),
        ..snapshot("nightly", request.cluster.as_str(), "creating")
    }
}

type Change = fn(&mut Snapshot);

fn copy(snapshot: &mut Snapshot) {
    snapshot.more = Arc::new(More { source_arn: Some("arn:…".into()), ..More::default() });
}

#[test]
fn only_the_mark_makes_a_snapshot_ours_and_only_a_hard_fact_another_ones() {
    use Ownership::{CannotTell, NotOurs, Ours, OursElsewhere, SaysNothing};
    // What is so, with the mark on the request, and without one.
    let table: &[(&str, Change, Ownership, Ownership)] = &[
        ("as it was asked for", |_| {}, Ours, CannotTell),
        ("name in another case", |s| s.id = "NIGHTLY".into(), Ours, CannotTell),
        ("another name", |s| s.id = "other".into(), SaysNothing, SaysNothing),
        ("no ARN", |s| s.arn = None, Ours, CannotTell),
        ("another account", |s| s.arn = Some(arn("eu-west-1", "999999999999")), OursElsewhere, SaysNothing),
        ("another Region", |s| s.arn = Some(arn("us-east-1", "123456789012")), OursElsewhere, SaysNothing),
        ("a copy", copy, CannotTell, CannotTell),
        ("kind not told", |s| s.kind = SnapshotKind::Other(String::new()), Ours, CannotTell),
        ("begun a day before", |s| s.created_at = Some(at(-86_400)), Ours, CannotTell),
        ("begun a day later", |s| s.created_at = Some(at(86_400)), Ours, CannotTell),
        ("no create time", |s| s.created_at = None, Ours, CannotTell),
        ("a tag more", |s| s.tags = [&*s.tags, &[Tag::new("auto", "1")]].concat().into(), Ours, CannotTell),
        ("another owner", |s| Arc::make_mut(&mut s.tags)[0].value = "bot".into(), Ours, CannotTell),
        ("all tags replaced", |s| s.tags = vec![Tag::new("team", "ci")].into(), CannotTell, CannotTell),
        ("no tags", |s| s.tags = Arc::default(), CannotTell, CannotTell),
        ("another's mark", |s| s.tags = vec![Tag::new(MARK_KEY, OTHERS)].into(), NotOurs, CannotTell),
    ];
    for (what, change, marked, unmarked) in table {
        for (is_marked, expected) in [(true, marked), (false, unmarked)] {
            let asked = request(&[("owner", "dba")], is_marked);
            let mut found = made_by(&asked);
            change(&mut found);
            assert_eq!(ownership(&intent(&asked), &found), *expected, "{what}, marked: {is_marked}");
        }
    }
    // What stands against it counts only where no mark says that it is ours.
    let against: &[(&str, Change)] = &[
        ("automated", |s| s.kind = SnapshotKind::Automated),
        ("shared", |s| s.kind = SnapshotKind::Shared),
        ("another cluster's id", |s| s.more = of_resource(Some("cluster-2"))),
        ("no resource id, another cluster", |s| {
            (s.more, s.cluster) = (of_resource(None), Some(ClusterId::reported("billing")));
        }),
    ];
    for (what, change) in against {
        for is_marked in [true, false] {
            let asked = request(&[], is_marked);
            let mut found = Snapshot { tags: Arc::default(), ..made_by(&asked) };
            change(&mut found);
            assert_eq!(ownership(&intent(&asked), &found), NotOurs, "{what}, marked: {is_marked}");
        }
    }
}

#[test]
fn a_line_that_was_changed_by_hand_decides_nothing() {
    let asked = request(&[], true);
    let broken = Intent { snapshot: "not--valid".into(), ..intent(&asked) };
    assert_eq!(ownership(&broken, &made_by(&asked)), Ownership::CannotTell);
}

fn after(answer: Result<Accepted, Failure>) -> Result<Accepted, (AfterFailure, Failure)> {
    let asked = request(&[("owner", "dba")], true);
    next(&intent(&asked), &asked, answer)
}

#[test]
fn an_answer_is_sent_again_only_if_it_certainly_did_not_happen_and_may_yet() {
    let fail = |kind, refused| Err(Failure { refused, ..Failure::local(kind, "") });
    for kind in [FailureKind::NoConnection, FailureKind::Throttled, FailureKind::SnapshotExists] {
        let unclear = after(fail(kind, false));
        assert!(matches!(unclear, Err((AfterFailure::Unclear, _))), "{unclear:?}");
    }
    let refuse = |kind| {
        let code = Some("Code".to_owned());
        after(Err(Failure { code, ..Failure::local(kind, "") }))
    };
    for kind in [FailureKind::NoConnection, FailureKind::Throttled] {
        assert!(matches!(refuse(kind), Err((AfterFailure::Retry, _))), "{kind:?}");
    }
    for kind in [
        FailureKind::AccessDenied,
        FailureKind::InvalidParameter,
        FailureKind::ClusterNotFound,
        FailureKind::ExpiredCredentials,
        FailureKind::InvalidState,
        FailureKind::QuotaExceeded,
    ] {
        assert!(matches!(refuse(kind), Err((AfterFailure::Refused, _))), "{kind:?}");
    }
    // "Already exists" proves nothing: something on the way may have delivered the request before.
    assert!(matches!(refuse(FailureKind::SnapshotExists), Err((AfterFailure::Unclear, _))));
}

#[test]
fn a_refusal_is_the_services_own_or_nothing_left() {
    let local = Failure::local(FailureKind::InvalidState, "");
    let by_aws = Failure { code: Some("Code".into()), ..local.clone() };
    assert!(matches!(refused(local.clone()), Outcome::NotCreated(_)));
    assert!(matches!(refused(by_aws.clone()), Outcome::Refused(_)));
    assert!(by_aws.is_of_the_moment() && !local.is_of_the_moment());
    let denied = Failure { kind: FailureKind::AccessDenied, ..by_aws };
    assert!(!denied.is_of_the_moment(), "a copy would have been denied as well");
}

#[test]
fn what_follows_from_a_found_snapshot() {
    let asked = request(&[], true);
    let answer = Failure::local(FailureKind::LostAnswer, "");
    let word = |ownership, is_late| match found(
        Moment::Unclear { is_late },
        ownership,
        Box::new(made_by(&asked)),
        Some(&answer),
    ) {
        None => "open",
        Some(Outcome::FoundAgain { .. }) => "found again",
        Some(Outcome::Elsewhere { .. }) => "elsewhere",
        Some(Outcome::Taken { .. }) => "taken",
        Some(Outcome::Unproven { .. }) => "unproven",
        Some(other) => panic!("{other:?}"),
    };
    for (ownership, at_once, later) in [
        (Ownership::Ours, "found again", "found again"),
        (Ownership::OursElsewhere, "elsewhere", "elsewhere"),
        (Ownership::NotOurs, "taken", "taken"),
        (Ownership::CannotTell, "open", "unproven"),
        (Ownership::SaysNothing, "open", "open"),
    ] {
        assert_eq!((word(ownership, false), word(ownership, true)), (at_once, later), "{ownership:?}");
    }
}

#[test]
fn a_success_about_something_else_is_no_answer() {
    let asked = request(&[("owner", "dba")], true);
    let answer = |snapshot| after(Ok(Accepted { snapshot, request_id: Some("r".into()) }));
    for right in [
        made_by(&asked),
        Snapshot { tags: Arc::default(), ..made_by(&asked) },
        Snapshot { arn: None, ..made_by(&asked) },
        // Clocks are off, and the mark says more than they do.
        Snapshot { created_at: Some(at(-500_000_000)), ..made_by(&asked) },
    ] {
        assert!(answer(right.clone()).is_ok(), "{right:?}");
    }
    let untagged = || Snapshot { tags: Arc::default(), ..made_by(&asked) };
    for wrong in [
        Snapshot { id: "other".into(), ..made_by(&asked) },
        Snapshot { arn: Some(arn("eu-west-1", "999999999999")), ..made_by(&asked) },
        Snapshot { arn: Some(arn("us-east-1", "123456789012")), ..made_by(&asked) },
        Snapshot { more: of_resource(Some("cluster-2")), ..made_by(&asked) },
        Snapshot {
            cluster: Some(ClusterId::reported("billing")),
            more: of_resource(None),
            ..made_by(&asked)
        },
        Snapshot { kind: SnapshotKind::Automated, ..made_by(&asked) },
        Snapshot { tags: vec![Tag::new("owner", "bob")].into(), ..made_by(&asked) },
        Snapshot { tags: vec![Tag::new(MARK_KEY, OTHERS)].into(), ..made_by(&asked) },
        Snapshot { created_at: Some(at(-500_000_000)), ..untagged() },
    ] {
        let Err((AfterFailure::Unclear, failure)) = answer(wrong.clone()) else {
            panic!("taken for an answer: {wrong:?}")
        };
        assert_eq!((failure.refused, failure.request_id.as_deref()), (false, Some("r")));
    }
}

fn record(outcome: Option<&Outcome>) -> Record {
    let asked = SnapshotRequest { number: RequestNumber::journalled(OTHERS), ..request(&[], false) };
    let outcome = outcome.map(|outcome| OutcomeLine::new(OTHERS, at(9), outcome, None));
    Record { intent: intent(&asked), outcome, ended: None }
}

#[test]
fn without_a_mark_a_claim_in_the_journal_is_what_tells_anothers_snapshot() {
    let found = made_by(&request(&[], false));
    let of = |snapshot| Outcome::Created { snapshot: Box::new(snapshot), request_id: None };
    let created = of(found.clone());
    let earlier = of(Snapshot { created_at: Some(at(-9)), ..found.clone() });
    let refused = Outcome::Refused(Failure::local(FailureKind::InvalidState, ""));
    let judged = |others: &[Record]| considering(Ownership::CannotTell, others, &found);
    assert_eq!(judged(&[]), Ownership::CannotTell);
    assert_eq!(judged(&[record(None), record(Some(&refused))]), Ownership::CannotTell);
    assert_eq!(judged(&[record(None), record(Some(&created))]), Ownership::NotOurs);
    // An earlier snapshot of the name, since deleted.
    assert_eq!(judged(&[record(Some(&earlier))]), Ownership::CannotTell);
    assert_eq!(considering(Ownership::Ours, &[record(Some(&created))], &found), Ownership::Ours);
}

proptest! {
    #[test]
    fn whatever_is_ours_carries_the_mark_here(
        is_marked in any::<bool>(),
        mark in prop::option::of(prop::sample::select(vec![NUMBER, OTHERS, ""])),
        kind in 0..3,
        resource in prop::option::of(0_usize..2),
        created in prop::option::of(-20_i64..2_000),
        account in prop::option::of(prop::sample::select(vec!["123456789012", "999999999999"])),
    ) {
        let asked = request(&[], is_marked);
        let kind = match kind {
            0 => SnapshotKind::Manual,
            1 => SnapshotKind::Shared,
            _ => SnapshotKind::Other("?".into()),
        };
        let found = Snapshot {
            kind,
            more: of_resource(resource.map(|n| format!("cluster-{}", n + 1)).as_deref()),
            created_at: created.map(at),
            arn: account.map(|account| arn("eu-west-1", account)),
            tags: mark.map(|mark| Tag::new(MARK_KEY, mark)).into_iter().collect(),
            ..made_by(&asked)
        };
        let is_proved = is_marked && mark == Some(NUMBER) && account != Some("999999999999");
        prop_assert_eq!(ownership(&intent(&asked), &found) == Ownership::Ours, is_proved);
    }
}
