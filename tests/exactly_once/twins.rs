//! Two programs on one machine that submit the same at the same moment.

use std::time::Duration;

use clustersnap::domain::change_id::ChangeId;
use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::failure::FailureKind;
use clustersnap::domain::mark::RequestNumber;
use clustersnap::domain::outcome::Outcome;
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::policy::Confirmation;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::sim::faults::{Fault, FaultyAnswer};
use clustersnap::submit::Submission;
use tokio::time::Instant;

use super::cells::answer;
use super::world::{CREATE, LOOK_UP, Setup, World, word};

/// What becomes of two, each told of the other or not.
async fn both(world: &World, are_told: bool) -> Vec<OutcomeKind> {
    let (mut one, mut other) = (world.submission(&[]), world.submission(&[]));
    if are_told {
        (one.consent.told, other.consent.told) =
            (vec![other.request.number.clone()], vec![one.request.number.clone()]);
    }
    let ((first, _), (second, _)) = tokio::join!(world.submit_this(one), world.submit_this(other));
    let mut words = vec![word(&first.outcome), word(&second.outcome)];
    words.sort_by_key(|word| format!("{word:?}"));
    words
}

#[tokio::test(start_paused = true)]
async fn of_two_that_are_not_told_of_each_other_the_later_is_held_back_also_for_another_name() {
    for name in ["nightly", "another"] {
        // The answer takes a while, so that the first is open when the second is about to leave.
        let slow = Fault::on(CREATE).delay(Duration::from_secs(5));
        let world = World::new(Setup { faults: vec![slow], ..Setup::default() });
        let (one, mut other) = (world.submission(&[]), world.submission(&[]));
        other.request.snapshot = SnapshotId::parse(name).unwrap();
        let ((first, _), (second, _)) = tokio::join!(world.submit_this(one), world.submit_this(other));
        let mut words = [word(&first.outcome), word(&second.outcome)];
        words.sort_by_key(|word| format!("{word:?}"));
        assert_eq!(words, [OutcomeKind::Created, OutcomeKind::NotCreated], "{name}");
        let held =
            [&first, &second].into_iter().find_map(|it| it.outcome.failure()).expect("one was held back");
        assert_eq!(held.kind, FailureKind::OpenRequest);
        assert!(held.message.contains(" of orders, sent "), "{held}");
        assert_eq!((world.sent(), world.simulator.creates(), world.open().len()), (1, 1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_is_held_back_by_an_open_request_for_its_own_name_only() {
    for (name, then) in [("nightly", OutcomeKind::NotCreated), ("another", OutcomeKind::Created)] {
        let lost = Fault::on(CREATE).call(1).answer(FaultyAnswer::Drop);
        let world = World::new(Setup { faults: vec![lost], ..Setup::default() });
        let mut first = world.submission(&[]);
        first.consent.look_until = Some(Instant::now());
        assert_eq!(word(&world.submit_this(first).await.0.outcome), OutcomeKind::Unknown);
        let mut next = world.submission(&[]);
        next.consent.confirmation = Confirmation::Command(None);
        next.request.snapshot = SnapshotId::parse(name).unwrap();
        assert_eq!(word(&world.submit_this(next).await.0.outcome), then, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_answer_was_lost_holds_back_the_next_for_its_cluster_until_that_is_told_of_it() {
    let lost = Fault::on(CREATE).call(1).answer(FaultyAnswer::Drop);
    let world = World::new(Setup { faults: vec![lost], ..Setup::default() });
    let mut first = world.submission(&[]);
    first.consent.look_until = Some(Instant::now());
    let number = first.request.number.clone();
    assert_eq!(word(&world.submit_this(first).await.0.outcome), OutcomeKind::Unknown);
    let of = |name: &str, cluster: &str, told: &[RequestNumber]| {
        let mut next = world.submission(&[]);
        next.consent.told = told.to_vec();
        next.request.snapshot = SnapshotId::parse(name).unwrap();
        next.request.cluster = ClusterId::parse(cluster).unwrap();
        next
    };
    let (held, _) = world.submit_this(of("held", "orders", &[])).await;
    assert_eq!(held.outcome.failure().map(|failure| failure.kind), Some(FailureKind::OpenRequest));
    assert_eq!((held.sent, world.sent()), (0, 1));
    let (other, _) = world.submit_this(of("other", "billing", &[])).await;
    assert_eq!(word(&other.outcome), OutcomeKind::Created, "of another cluster");
    let (told, _) = world.submit_this(of("told", "orders", &[number])).await;
    assert_eq!((word(&told.outcome), world.sent()), (OutcomeKind::Created, 3));
}

/// A request of a change under a name.
fn of_change(world: &World, name: &str) -> Submission {
    let mut submission = world.submission(&[("change", "CHG-1")]);
    submission.request.snapshot = SnapshotId::parse(name).unwrap();
    submission.request.change = ChangeId::parse("CHG-1").ok();
    submission.consent.confirmation = Confirmation::Command(None);
    submission
}

#[tokio::test(start_paused = true)]
async fn a_change_has_one_snapshot_of_a_cluster_whichever_program_or_machine_asked_for_it_meanwhile() {
    let world = World::new(Setup::default());
    let other_machine = world.with_journal(&world.home().join("other"));
    // Both were confirmed before either left.
    let second = [of_change(&world, "second"), of_change(&other_machine, "second")];
    let (first, _) = world.submit_this(of_change(&world, "first")).await;
    assert_eq!(word(&first.outcome), OutcomeKind::Created);
    for (on, second) in [&world, &other_machine].into_iter().zip(second) {
        let (second, _) = on.submit_this(second).await;
        assert!(
            matches!(&second.outcome, Outcome::Taken { by: Some(twin), .. } if twin.id == "first"),
            "{second:?}"
        );
        assert_eq!((second.sent, second.intent), (0, None));
    }
    let mut alone = of_change(&world, "alone");
    alone.request.change = ChangeId::parse("CHG-2").ok();
    assert_eq!(word(&world.submit_this(alone).await.0.outcome), OutcomeKind::Created, "of another change");
    assert_eq!((world.sent(), world.simulator.creates()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn of_two_programs_that_send_for_one_change_at_once_or_while_lists_lag_one_is_held_back() {
    for (lag, delay) in [(0, 5), (60, 0)] {
        let slow = Fault::on(CREATE).delay(Duration::from_secs(delay));
        let world = World::new(Setup { lag, faults: vec![slow], ..Setup::default() });
        let (one, other) = (of_change(&world, "one"), of_change(&world, "other"));
        let ((first, _), (second, _)) = tokio::join!(world.submit_this(one), world.submit_this(other));
        let held =
            [&first, &second].into_iter().find_map(|it| it.outcome.failure()).expect("one was held back");
        assert_eq!(held.kind, FailureKind::OpenRequest, "{held}");
        assert_eq!((world.sent(), world.simulator.creates()), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn where_the_snapshots_of_its_cluster_cannot_be_read_nothing_of_a_change_is_sent() {
    let denied = Fault::on(LOOK_UP).call(2).answer(answer("expired"));
    let world = World::new(Setup { faults: vec![denied], ..Setup::default() });
    let (unsent, _) = world.submit_this(of_change(&world, "one")).await;
    let told = unsent.outcome.failure().expect("a failure").message.clone();
    assert!(
        told.starts_with("the snapshots of its cluster could not be read, so nothing was sent"),
        "{told}"
    );
    assert_eq!((word(&unsent.outcome), world.sent()), (OutcomeKind::NotCreated, 0));
}

#[tokio::test(start_paused = true)]
async fn one_creates_it_and_the_other_finds_it_taken() {
    for lag in [0, 60] {
        // The answers take a while, so that both have left before one knows of its snapshot.
        let slow = Fault::on(CREATE).delay(Duration::from_secs(1));
        let world = World::new(Setup { lag, faults: vec![slow], ..Setup::default() });
        assert_eq!(both(&world, true).await, [OutcomeKind::Created, OutcomeKind::Taken]);
        assert_eq!((world.sent(), world.simulator.creates()), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_the_one_whose_request_was_lost_does_not_claim_the_others_snapshot() {
    // The first create never arrives, the second makes the snapshot, which looks like both's.
    let lost = Fault::on(CREATE).call(1).answer(FaultyAnswer::Drop);
    let world = World::new(Setup { faults: vec![lost], ..Setup::default() });
    assert_eq!(both(&world, true).await, [OutcomeKind::Created, OutcomeKind::Taken]);
    assert_eq!((world.sent(), world.simulator.creates()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn of_two_that_lost_their_answers_each_knows_its_own_snapshot_by_its_mark() {
    // The answers take a while not to come, so that both are on their way at once; or they do not.
    for delay in [0, 1] {
        let lost =
            Fault::on(CREATE).happened(true).answer(FaultyAnswer::Drop).delay(Duration::from_secs(delay));
        let world = World::new(Setup { faults: vec![lost], ..Setup::default() });
        assert_eq!(both(&world, true).await, [OutcomeKind::FoundAgain, OutcomeKind::Taken]);
        assert_eq!(world.simulator.creates(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_without_marks_that_lost_their_answers_neither_claims_what_it_cannot_prove() {
    let lost = Fault::on(CREATE).happened(true).answer(FaultyAnswer::Drop).delay(Duration::from_secs(1));
    let world = World::new(Setup { faults: vec![lost], unmarked: true, ..Setup::default() });
    assert_eq!(both(&world, true).await, [OutcomeKind::Unproven, OutcomeKind::Unproven]);
    assert_eq!((world.sent(), world.simulator.creates()), (2, 1));
}
