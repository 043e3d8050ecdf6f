//! The plan of a clean-up, by what is known of a place.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::domain::alteration::{Alteration, Deed};
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::pattern::{Pattern, Patterns};
use crate::domain::record::OutcomeLine;
use crate::fixtures;

const DAY: i64 = 86_400;

fn now() -> Timestamp {
    "2026-11-29T12:00:00Z".parse().unwrap()
}

fn days_ago(days: i64) -> Timestamp {
    now() - SignedDuration::from_secs(days * DAY)
}

fn snapshot(id: &str, cluster: &str, days: i64) -> Snapshot {
    let arn = Some(fixtures::snapshot_arn("eu-west-1", fixtures::ACCOUNT, id));
    Snapshot { created_at: Some(days_ago(days)), arn, ..fixtures::snapshot(id, cluster, "available") }
}

fn tagged(id: &str, key: &str, value: &str) -> Snapshot {
    Snapshot { tags: vec![Tag::new(key, value)].into(), ..snapshot(id, "orders", 100) }
}

/// What a test says of the place.
struct World {
    place: Target,
    snapshots: Vec<Snapshot>,
    clusters: Option<Vec<Cluster>>,
    open: Vec<Record>,
    deletions: Vec<AlterationRecord>,
    changes: Vec<ChangeId>,
    policy: Policy,
}

impl World {
    fn of(snapshots: Vec<Snapshot>) -> Self {
        let clusters = Some(vec![fixtures::cluster("orders", "available")]);
        let place = fixtures::place("eu-west-1");
        let policy = Policy::default();
        let (open, deletions, changes) = (Vec::new(), Vec::new(), Vec::new());
        Self { place, snapshots, clusters, open, deletions, changes, policy }
    }

    fn plan(
        &self,
        is_chosen: impl FnMut(&Snapshot) -> bool,
        keep_last: usize,
        even: &[&str],
    ) -> Vec<RemovalItem> {
        let even: Vec<String> = even.iter().map(|name| (*name).to_owned()).collect();
        let ground = RemovalGround {
            place: &self.place,
            account: None,
            snapshots: &self.snapshots,
            clusters: self.clusters.as_deref(),
            open: &self.open,
            deletions: &self.deletions,
            changes: &self.changes,
            policy: &self.policy,
            now: now(),
        };
        ground.plan(is_chosen, &RemovalWish { keep_last: NonZeroUsize::new(keep_last), even: &even })
    }

    /// What becomes of each in a word, with how many remain: `a deleted 1`.
    fn told(&self, keep_last: usize, even: &[&str]) -> Vec<String> {
        self.plan(|_| true, keep_last, even).iter().map(told).collect()
    }
}

fn told(item: &RemovalItem) -> String {
    let word = match &item.verdict {
        RemovalVerdict::Delete => "deleted".to_owned(),
        RemovalVerdict::Kept(count) => format!("kept {count}"),
        RemovalVerdict::Guarded(guards) => guards.iter().map(Guard::word).collect::<Vec<_>>().join(","),
        RemovalVerdict::Refused(refusal) => refusal.word().to_owned(),
    };
    let remaining = item.remaining.map_or("?".to_owned(), |count| count.to_string());
    format!("{} {word} {remaining}", item.snapshot.id)
}

#[test]
fn the_last_usable_one_of_a_cluster_stays_unless_it_is_said_by_name() {
    let world = World::of(vec![
        snapshot("a", "orders", 300),
        snapshot("b", "orders", 200),
        snapshot("c", "billing", 100),
        fixtures::snapshot("half", "billing", "creating"),
    ]);
    let all = ["c last_usable 1", "half status 1", "b last_usable 1", "a deleted 1"];
    assert_eq!(world.told(0, &[]), all);
    // The one that is not said is kept in the place of the newest.
    let one = ["c last_usable 1", "half status 1", "b deleted 1", "a last_usable 1"];
    assert_eq!(world.told(0, &["B"]), one);
    let plan = world.plan(|snapshot| snapshot.id != "half", 0, &["a", "b", "c"]);
    assert_eq!(plan.iter().map(told).collect::<Vec<_>>(), ["c deleted 0", "b deleted 0", "a deleted 0"]);
    assert!(plan.iter().all(|item| item.overridden == [Guard::LastUsable]));
    // What is not chosen remains.
    let plan = world.plan(|snapshot| snapshot.id == "b", 0, &[]);
    assert_eq!(plan.iter().map(told).collect::<Vec<_>>(), ["b deleted 1"]);
}

#[test]
fn automated_ones_and_those_that_are_not_usable_do_not_count_as_remaining() {
    let automated = |id: &str| Snapshot { kind: SnapshotKind::Automated, ..snapshot(id, "orders", 1) };
    let failed = fixtures::snapshot("failed", "orders", "failed");
    let world = World::of(vec![automated("rds:orders-1"), failed, snapshot("a", "orders", 100)]);
    let expected = ["rds:orders-1 not_manual 1", "a last_usable 1", "failed status 1"];
    assert_eq!(world.told(0, &[]), expected);
}

#[test]
fn a_cluster_that_was_made_anew_under_the_name_has_its_own_last_one() {
    let of = |id: &str, resource: &str, days| Snapshot {
        more: fixtures::of_resource(Some(resource)),
        ..snapshot(id, "orders", days)
    };
    let world = World::of(vec![of("old", "cluster-1", 400), of("new", "cluster-2", 10)]);
    assert_eq!(world.told(0, &[]), ["new last_usable 1", "old last_usable 1"]);
    // A renamed one is the same.
    let renamed = Snapshot { cluster: Some(ClusterId::reported("archive")), ..of("old", "cluster-2", 400) };
    let world = World::of(vec![renamed, of("new", "cluster-2", 10)]);
    assert_eq!(world.told(0, &[]), ["old deleted 1", "new last_usable 1"]);
}

#[test]
fn the_newest_usable_ones_are_kept_whatever_is_said() {
    let mut snapshots: Vec<Snapshot> =
        (1..=5).map(|n| snapshot(&format!("s{n}"), "orders", 100 * n)).collect();
    snapshots.push(fixtures::snapshot("half", "orders", "creating"));
    let world = World::of(snapshots);
    let kept =
        ["s1 kept 2 2", "s2 kept 2 2", "s3 deleted 2", "s4 deleted 2", "s5 deleted 2", "half status 2"];
    assert_eq!(world.told(2, &[]), kept);
    assert_eq!(world.told(2, &["s1"]), kept);
    // Those kept are the newest of the cluster, not of the choice.
    let plan = world.plan(|snapshot| snapshot.created_at < Some(days_ago(250)), 2, &[]);
    let expected = ["s3 deleted 2", "s4 deleted 2", "s5 deleted 2", "half status 2"];
    assert_eq!(plan.iter().map(told).collect::<Vec<_>>(), expected);
}

#[test]
fn what_others_made_and_what_cannot_be_told_apart_is_never_deleted() {
    let kind = |kind| Snapshot { kind, ..snapshot("x", "orders", 100) };
    for (snapshot, word) in [
        (kind(SnapshotKind::Automated), "not_manual"),
        (kind(SnapshotKind::Shared), "not_manual"),
        (kind(SnapshotKind::Public), "not_manual"),
        (kind(SnapshotKind::AwsBackup), "not_manual"),
        (kind(SnapshotKind::Other("new".to_owned())), "not_manual"),
        (fixtures::snapshot("x", "orders", "deleting"), "status"),
        (fixtures::snapshot("x", "orders", "unheard-of"), "status"),
        (fixtures::snapshot("x", "orders", "available"), "no_create_time"),
        (Snapshot { arn: None, ..snapshot("x", "orders", 1) }, "no_arn"),
        (Snapshot { cluster: None, ..snapshot("x", "orders", 1) }, "no_cluster"),
        (snapshot("rds:x", "orders", 1), "no_identifier"),
    ] {
        let id = snapshot.id.clone();
        let world = World::of(vec![snapshot, self::snapshot("other", "orders", 1)]);
        let plan = world.plan(|chosen| chosen.id == id, 0, &[&id]);
        let RemovalVerdict::Refused(refusal) = &plan[0].verdict else { panic!("{plan:?}") };
        assert_eq!(refusal.word(), word, "{id}");
    }
    let copying = Snapshot { status: SnapshotStatus::Copying, ..snapshot("x", "orders", 1) };
    let world = World::of(vec![copying, snapshot("other", "orders", 1)]);
    assert!(world.plan(|chosen| chosen.id == "x", 0, &[])[0].is_deleted());
}

#[test]
fn a_tag_keeps_until_its_day_is_over_and_one_that_is_no_date_keeps_for_good() {
    for (value, word) in [
        ("2026-11-28", "deleted"),
        ("2026-11-29", "keep_until"),
        ("2026-12-31", "keep_until"),
        (" 2026-12-31 ", "keep_until"),
        ("9999-12-31", "keep_until"),
        ("2026-11-29T11:59:59Z", "deleted"),
        ("2026-11-29T12:00:01Z", "keep_until"),
        ("2026-11-29T12:30:00+01:00", "deleted"),
        ("2026-11-29T12:30:00-01:00", "keep_until"),
        ("2026-12", "keep_until_unclear"),
        ("31.12.2020", "keep_until_unclear"),
        ("2020-13-01", "keep_until_unclear"),
        ("2020-02-30", "keep_until_unclear"),
        ("2020-01-01T00:00", "keep_until_unclear"),
        ("20200101T1", "keep_until_unclear"),
        ("forever", "keep_until_unclear"),
        ("", "keep_until_unclear"),
    ] {
        for key in ["keep-until", "Keep-Until"] {
            let world = World::of(vec![tagged("x", key, value), snapshot("other", "orders", 1)]);
            let plan = world.plan(|chosen| chosen.id == "x", 0, &[]);
            assert_eq!(told(&plan[0]).split(' ').nth(1), Some(word), "{value:?}");
            let plan = world.plan(|chosen| chosen.id == "x", 0, &["x"]);
            assert!(plan[0].is_deleted(), "said by name");
        }
    }
}

#[test]
fn what_an_open_request_or_change_needs_stays() {
    let change = ChangeId::parse("CHG-1").unwrap();
    let other = || snapshot("other", "orders", 1);
    let intent = |snapshot: &str| crate::domain::record::Intent {
        change: Some(change.clone()),
        ..fixtures::intent("1", "orders", snapshot, days_ago(3))
    };
    let mut world = World::of(vec![tagged("x", "change", "CHG-1"), other()]);
    let verdict = |world: &World| told(&world.plan(|chosen| chosen.id == "x", 0, &[])[0]);
    assert_eq!(verdict(&world), "x deleted 1");
    world.changes = vec![ChangeId::parse("CHG-1").unwrap()];
    assert_eq!(verdict(&world), "x open_change 2");
    world.changes = Vec::new();
    world.open = vec![fixtures::open(intent("x"))];
    assert_eq!(verdict(&world), "x open_request 2");
    assert_eq!(open_changes(&world.open, &world.snapshots, now()), [ChangeId::parse("CHG-1").unwrap()]);

    // Its end was not seen by anybody, but it is over by what is listed.
    let made = |snapshot: &str| {
        let line = OutcomeLine {
            number: "1".to_owned(),
            at: days_ago(3),
            outcome: OutcomeKind::Created,
            request_id: None,
            failure: None,
            snapshot: None,
            attempts: None,
            unlisted: None,
        };
        Record { outcome: Some(line), ..fixtures::open(intent(snapshot)) }
    };
    world.open = vec![made("x")];
    assert_eq!(verdict(&world), "x deleted 1");
    assert_eq!(open_changes(&world.open, &world.snapshots, now()), []);
    let creating = [fixtures::snapshot("x", "orders", "creating")];
    assert_eq!(open_changes(&world.open, &creating, now()).len(), 1);
    assert_eq!(open_changes(&world.open, &[], now()), [], "it is gone");
    assert_eq!(open_changes(&world.open, &[], days_ago(3)).len(), 1, "it may not be listed yet");
}

#[test]
fn a_second_deletion_waits_until_it_is_known_what_became_of_the_first() {
    let snapshots = vec![snapshot("x", "orders", 100), snapshot("other", "orders", 1)];
    let at = now() - SignedDuration::from_mins(3);
    let asked = |snapshot: &Snapshot| {
        Alteration::of(snapshot, Deed::Delete, "1".to_owned(), at, &Policy::default()).unwrap()
    };
    let open = AlterationRecord { asked: asked(&snapshots[0]), outcome: None };
    let earlier = Snapshot { created_at: Some(days_ago(200)), ..snapshots[0].clone() };
    let other = AlterationRecord { asked: asked(&earlier), outcome: None };
    let mut world = World::of(snapshots);
    world.deletions = vec![other];
    assert!(world.plan(|chosen| chosen.id == "x", 0, &[])[0].is_deleted(), "that was an earlier one");
    world.deletions.push(open);
    let plan = world.plan(|chosen| chosen.id == "x", 0, &["x"]);
    assert_eq!(told(&plan[0]), "x open_deletion 1");
    assert_eq!(
        world.told(0, &[]),
        ["other last_usable 1", "x open_deletion 1"],
        "it may be all that remains"
    );
    let why = plan[0].why_not().unwrap();
    assert_eq!(why, "its deletion 3 min ago got no clear answer, and may take effect within 20 min of that");
}

#[test]
fn read_only_holds_by_name_too_and_production_wants_its_confirmation() {
    let mut world = World::of(vec![snapshot("x", "orders", 100), snapshot("other", "orders", 1)]);
    let clusters = |pattern: &str| Patterns { clusters: vec![Pattern::new(pattern)], ..Patterns::default() };
    world.policy.production = clusters("ord*");
    world.policy.confirm_headless = true;
    let plan = world.plan(|chosen| chosen.id == "x", 0, &[]);
    assert!(plan[0].is_deleted() && plan[0].unconfirmed.is_some());
    world.policy.read_only = clusters("ord*");
    assert_eq!(told(&world.plan(|chosen| chosen.id == "x", 0, &["x"])[0]), "x held_back 2");
    world.policy.read_only = Patterns::default();
    world.place.is_read_only = true;
    assert_eq!(told(&world.plan(|chosen| chosen.id == "x", 0, &["x"])[0]), "x held_back 2");
}

#[test]
fn a_pattern_of_tags_holds_by_the_tags_of_the_cluster_and_of_the_snapshot() {
    let tags = crate::domain::pattern::TagPattern::parse("env=prod").unwrap();
    let policy =
        Policy { read_only: Patterns { tags: vec![tags], ..Patterns::default() }, ..Policy::default() };
    let verdict = |world: &World| told(&world.plan(|chosen| chosen.id == "x", 0, &[])[0]);
    let world = World { policy, ..World::of(vec![tagged("x", "a", "b"), snapshot("other", "orders", 1)]) };
    assert_eq!(verdict(&world), "x deleted 1");
    let unread = World { clusters: None, ..world };
    assert_eq!(verdict(&unread), "x held_back 2", "the tags of its cluster are not known");
    let gone = World { clusters: Some(Vec::new()), ..unread };
    assert_eq!(verdict(&gone), "x deleted 1");
    let own = World { snapshots: vec![tagged("x", "env", "prod"), snapshot("other", "orders", 1)], ..gone };
    assert_eq!(verdict(&own), "x held_back 2");
}
