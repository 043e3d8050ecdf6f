//! Two programs on one machine that submit the same at the same moment.

use std::time::Duration;

use clustersnap::journal::Word;
use clustersnap::sim::faults::{Answer, Fault};

use super::world::{CREATE, Setup, World, pass, word};

async fn both(world: &World) -> Vec<Word> {
    let ((first, _), (second, _)) = tokio::join!(world.submit(&[]), world.submit(&[]));
    let mut words = vec![word(&first.outcome), word(&second.outcome)];
    words.sort_by_key(|word| format!("{word:?}"));
    words
}

#[tokio::test(start_paused = true)]
async fn one_creates_it_and_the_other_finds_it_taken() {
    for lag in [0, 60] {
        let world = World::new(Setup { lag, ..Setup::default() });
        assert_eq!(both(&world).await, [Word::Created, Word::Taken]);
        assert_eq!((world.sent(), world.simulator.creates()), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_the_one_whose_request_was_lost_does_not_claim_the_others_snapshot() {
    // The first create never arrives, the second makes the snapshot, which looks like both's.
    let lost = Fault::on(CREATE).call(1).answer(Answer::Drop);
    let world = World::new(Setup { faults: vec![lost], ..Setup::default() });
    assert_eq!(both(&world).await, [Word::Created, Word::Taken]);
    assert_eq!((world.sent(), world.simulator.creates()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn of_two_that_lost_their_answers_neither_claims_what_it_cannot_prove() {
    // The answers take a while not to come, so that both are on their way at once.
    let lost = Fault::on(CREATE).happened(true).answer(Answer::Drop).delay(Duration::from_secs(1));
    let world = World::new(Setup { faults: vec![lost], ..Setup::default() });
    assert_eq!(both(&world).await, [Word::Unknown, Word::Unknown]);
    assert_eq!((world.sent(), world.simulator.creates()), (2, 1));
    pass(16 * 60).await;
    world.settle().await;
    assert_eq!(world.words(), [Word::Unproven, Word::Unproven]);
}

#[tokio::test(start_paused = true)]
async fn of_two_one_of_which_came_first_only_that_one_claims_it() {
    // Without a delay the first may be done before the second has written its intent: then it is certain.
    let lost = Fault::on(CREATE).happened(true).answer(Answer::Drop);
    for _ in 0..20 {
        let world = World::new(Setup { faults: vec![lost.clone()], ..Setup::default() });
        let words = both(&world).await;
        assert!(words == [Word::FoundAgain, Word::Taken] || words == [Word::Unknown; 2], "{words:?}");
        assert_eq!(world.simulator.creates(), 1);
    }
}
