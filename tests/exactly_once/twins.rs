//! Two programs on one machine that submit the same at the same moment.

use std::time::Duration;

use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::failure::FailureKind;
use clustersnap::domain::mark::RequestNumber;
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::policy::Confirmation;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::sim::faults::{Fault, FaultyAnswer};
use clustersnap::submit::Submission;
use tokio::time::Instant;

use super::world::{CREATE, Setup, World, word};

/// What becomes of two, each told of the other or not.
async fn both(world: &World, are_told: bool) -> Vec<OutcomeKind> {
    let (mut one, mut other) = (world.submission(&[]), world.submission(&[]));
    if are_told {
        (one.told, other.told) = (vec![other.request.number.clone()], vec![one.request.number.clone()]);
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
        let first = Submission { look_until: Some(Instant::now()), ..world.submission(&[]) };
        assert_eq!(word(&world.submit_this(first).await.0.outcome), OutcomeKind::Unknown);
        let mut next = Submission { confirmation: Confirmation::Command(None), ..world.submission(&[]) };
        next.request.snapshot = SnapshotId::parse(name).unwrap();
        assert_eq!(word(&world.submit_this(next).await.0.outcome), then, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_answer_was_lost_holds_back_the_next_for_its_cluster_until_that_is_told_of_it() {
    let lost = Fault::on(CREATE).call(1).answer(FaultyAnswer::Drop);
    let world = World::new(Setup { faults: vec![lost], ..Setup::default() });
    let first = Submission { look_until: Some(Instant::now()), ..world.submission(&[]) };
    let number = first.request.number.clone();
    assert_eq!(word(&world.submit_this(first).await.0.outcome), OutcomeKind::Unknown);
    let of = |name: &str, cluster: &str, told: &[RequestNumber]| {
        let mut next = Submission { told: told.to_vec(), ..world.submission(&[]) };
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
