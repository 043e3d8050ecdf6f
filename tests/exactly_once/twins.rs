//! Two programs on one machine that submit the same at the same moment.

use std::time::Duration;

use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::sim::faults::{Fault, FaultyAnswer};

use super::world::{CREATE, Setup, World, word};

async fn both(world: &World) -> Vec<OutcomeKind> {
    let ((first, _), (second, _)) = tokio::join!(world.submit(&[]), world.submit(&[]));
    let mut words = vec![word(&first.outcome), word(&second.outcome)];
    words.sort_by_key(|word| format!("{word:?}"));
    words
}

#[tokio::test(start_paused = true)]
async fn one_creates_it_and_the_other_finds_it_taken() {
    for lag in [0, 60] {
        let world = World::new(Setup { lag, ..Setup::default() });
        assert_eq!(both(&world).await, [OutcomeKind::Created, OutcomeKind::Taken]);
        assert_eq!((world.sent(), world.simulator.creates()), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_the_one_whose_request_was_lost_does_not_claim_the_others_snapshot() {
    // The first create never arrives, the second makes the snapshot, which looks like both's.
    let lost = Fault::on(CREATE).call(1).answer(FaultyAnswer::Drop);
    let world = World::new(Setup { faults: vec![lost], ..Setup::default() });
    assert_eq!(both(&world).await, [OutcomeKind::Created, OutcomeKind::Taken]);
    assert_eq!((world.sent(), world.simulator.creates()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn of_two_that_lost_their_answers_each_knows_its_own_snapshot_by_its_mark() {
    // The answers take a while not to come, so that both are on their way at once; or they do not.
    for delay in [0, 1] {
        let lost =
            Fault::on(CREATE).happened(true).answer(FaultyAnswer::Drop).delay(Duration::from_secs(delay));
        let world = World::new(Setup { faults: vec![lost], ..Setup::default() });
        assert_eq!(both(&world).await, [OutcomeKind::FoundAgain, OutcomeKind::Taken]);
        assert_eq!(world.simulator.creates(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_without_marks_that_lost_their_answers_neither_claims_what_it_cannot_prove() {
    let lost = Fault::on(CREATE).happened(true).answer(FaultyAnswer::Drop).delay(Duration::from_secs(1));
    let world = World::new(Setup { faults: vec![lost], unmarked: true, ..Setup::default() });
    assert_eq!(both(&world).await, [OutcomeKind::Unproven, OutcomeKind::Unproven]);
    assert_eq!((world.sent(), world.simulator.creates()), (2, 1));
}
