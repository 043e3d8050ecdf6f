//! What is said at the next start of a request whose outcome was left open.

use std::time::Duration;

use clustersnap::domain::alteration::{AlteredKind, Deed};
use clustersnap::domain::ending::Ending;
use clustersnap::domain::failure::FailureKind;
use clustersnap::domain::outcome::{Outcome, Step};
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::record::Intent;
use clustersnap::domain::tag::Tag;
use clustersnap::journal::{Ended, Line};
use clustersnap::sim::faults::{Fault, FaultyAnswer, Rival};
use clustersnap::submit::{Submission, settle, submit};

use super::deletions::{self, answer_of};
use super::world::{CREATE, LOOK_UP, NAME, Setup, World, caller, pass};

const TAGS: &[(&str, &str)] = &[("owner", "dba")];

/// A world in which the program was killed after its intent was on disk, and before it sent anything.
fn killed_before_sending(setup: Setup) -> World {
    let world = World::new(setup);
    let submission = world.submission(TAGS);
    let server_time = Some(world.simulator.now());
    let place = &submission.place;
    let at = world.clock()();
    let intent = Intent::new(&submission.request, place, Some(&caller()), None, at, server_time);
    world.journal.append(&Line::Intent(Box::new(intent))).unwrap();
    world
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_is_unknown_until_it_is_too_old_to_appear() {
    for ahead in [-3_600, 0, 3_600] {
        let world = killed_before_sending(Setup { ahead, ..Setup::default() });
        for _ in 0..4 {
            assert!(matches!(world.settle().await.as_slice(), [Outcome::Unknown { .. }]));
            assert_eq!(world.open().len(), 1);
            pass(280).await;
        }
        pass(120).await;
        assert!(matches!(world.settle().await.as_slice(), [Outcome::NotListed { .. }]));
        assert_eq!(world.words(), [OutcomeKind::NotListed]);
        assert!(world.open().is_empty());
        assert_eq!(world.sent(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_carried_out_late_is_found_late() {
    let late = Fault::on(CREATE).answer(FaultyAnswer::Drop).happens_after(Duration::from_secs(270));
    let world = World::new(Setup { faults: vec![late], lag: 60, ..Setup::default() });
    let (submitted, _) = world.submit(TAGS).await;
    assert!(matches!(submitted.outcome, Outcome::Unknown { .. }));
    assert!(matches!(world.settle().await.as_slice(), [Outcome::Unknown { .. }]));
    pass(300).await;
    assert!(matches!(world.settle().await.as_slice(), [Outcome::FoundAgain { .. }]));
    assert_eq!(world.words(), [OutcomeKind::FoundAgain]);
    // From now on it is followed, until its end is written down.
    let [record] = world.open().try_into().unwrap();
    assert!(record.is_unfinished() && !record.is_unsettled());
    let ended =
        Ended { number: record.intent.number, ending: Ending::seen("available", world.clock()(), None) };
    world.journal.append(&Line::Ended(ended)).unwrap();
    assert!(world.open().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_of_the_name_that_somebody_made_later_says_nothing_of_this_request() {
    let world = killed_before_sending(Setup::default());
    pass(86_400).await;
    let tags = vec![Tag::new("owner", "dba")];
    world.simulator.create_by_another(NAME, "orders", tags);
    // That it was begun later rests on clocks; that it carries no mark, on nobody having replaced its tags.
    assert!(matches!(world.settle().await.as_slice(), [Outcome::Unproven { .. }]));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_settled_without_proof_while_whoever_sent_it_may_still_be_answered() {
    for unmarked in [true, false] {
        let world = killed_before_sending(Setup { unmarked, ..Setup::default() });
        world.simulator.create_by_another(NAME, "orders", Vec::new());
        for _ in 0..5 {
            assert!(matches!(world.settle().await.as_slice(), [Outcome::Unknown { .. }]), "{unmarked}");
            pass(30).await;
        }
        pass(5).await;
        assert!(matches!(world.settle().await.as_slice(), [Outcome::Unproven { .. }]), "{unmarked}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_somebody_else_took_is_taken() {
    let world = killed_before_sending(Setup::default());
    pass(10).await;
    world.simulator.create_by_another(NAME, "billing", Vec::new());
    assert!(matches!(world.settle().await.as_slice(), [Outcome::Taken { by: Some(_), .. }]));
    assert_eq!(world.words(), [OutcomeKind::Taken]);
}

#[tokio::test(start_paused = true)]
async fn a_look_up_that_fails_settles_nothing_however_late() {
    let down = Fault::on(LOOK_UP).answer(FaultyAnswer::body(503, ""));
    let world = killed_before_sending(Setup { faults: vec![down], ..Setup::default() });
    pass(86_400).await;
    assert!(matches!(world.settle().await.as_slice(), [Outcome::Unknown { .. }]));
    assert_eq!(world.words(), [OutcomeKind::Unknown]);
}

#[tokio::test(start_paused = true)]
async fn that_look_ups_are_refused_is_told_and_so_is_that_they_are_not_any_more() {
    let lost = || Fault::on(CREATE).happened(true).answer(FaultyAnswer::Drop);
    let refused = |first, last| {
        let answer = FaultyAnswer::error(403, "ExpiredToken", "the token has expired");
        Fault::on(LOOK_UP).calls(first, last).answer(answer)
    };
    let world = World::new(Setup { faults: vec![lost(), refused(2, 500)], ..Setup::default() });
    let (submitted, steps) = world.submit(&[]).await;
    let Outcome::Unknown { look: Some(look), .. } = submitted.outcome else { panic!("{submitted:?}") };
    assert_eq!(look.kind, FailureKind::ExpiredCredentials);
    let failed = |steps: &[Step]| steps.iter().filter(|it| matches!(it, Step::LookFailed { .. })).count();
    assert_eq!(
        (failed(&steps), matches!(steps.last(), Some(Step::LookFailed { .. }))),
        (1, true),
        "{steps:?}"
    );

    let world = World::new(Setup { faults: vec![lost(), refused(2, 4)], ..Setup::default() });
    let (submitted, steps) = world.submit(&[]).await;
    assert!(matches!(submitted.outcome, Outcome::FoundAgain { .. }), "{submitted:?}");
    assert_eq!(
        (failed(&steps), matches!(steps.last(), Some(Step::Reconciling { .. }))),
        (1, true),
        "{steps:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn without_the_account_an_absent_snapshot_settles_nothing() {
    let world = killed_before_sending(Setup::default());
    let mut record = world.open().remove(0);
    record.intent.account = None;
    pass(86_400).await;
    let (client, cause) = (world.client(), record.cause());
    let outcome = settle(&client, None, &record.intent, cause, world.clock()).await;
    assert!(matches!(outcome, Ok(Outcome::Unknown { .. })));
}

#[tokio::test(start_paused = true)]
async fn an_absent_snapshot_settles_nothing_in_another_account() {
    let other = Fault::on("*").account("999999999999");
    let world = killed_before_sending(Setup { faults: vec![other], ..Setup::default() });
    pass(86_400).await;
    assert!(matches!(world.settle().await.as_slice(), [Outcome::Unknown { .. }]));
}

#[tokio::test(start_paused = true)]
async fn an_absent_snapshot_settles_nothing_where_nobody_tells_the_account() {
    let faults = ["DescribeDBClusters", "GetCallerIdentity"];
    let faults = faults
        .map(|action| Fault::on(action).answer(FaultyAnswer::error(403, "AccessDenied", "no")))
        .to_vec();
    let world = killed_before_sending(Setup { faults, ..Setup::default() });
    pass(86_400).await;
    assert!(matches!(world.settle().await.as_slice(), [Outcome::Unknown { .. }]));
}

#[tokio::test(start_paused = true)]
async fn where_sts_is_silent_the_clusters_own_arn_tells_the_account() {
    let denied = Fault::on("GetCallerIdentity").answer(FaultyAnswer::error(403, "AccessDenied", "no"));
    let world = killed_before_sending(Setup { faults: vec![denied], ..Setup::default() });
    pass(86_400).await;
    assert!(matches!(world.settle().await.as_slice(), [Outcome::NotListed { .. }]));
}

#[tokio::test(start_paused = true)]
async fn a_second_confirmation_while_the_first_is_unknown_makes_no_second_snapshot() {
    let late = Fault::on(CREATE).call(1).answer(FaultyAnswer::Drop).happens_after(Duration::from_mins(2));
    let world = World::new(Setup { faults: vec![late], ..Setup::default() });
    let first = world.submission(TAGS);
    let told = vec![first.request.number.clone()];
    let (first, _) = world.submit_this(first).await;
    assert!(matches!(first.outcome, Outcome::Unknown { .. }));
    // Sent before the first one takes effect: which of the two is carried out is AWS's to say.
    let mut next = world.submission(TAGS);
    next.consent.told = told;
    let (second, _) = world.submit_this(next).await;
    assert!(matches!(second.outcome, Outcome::Created { .. }));
    pass(60).await;
    assert!(matches!(world.settle().await.as_slice(), [Outcome::Taken { .. }]));
    assert_eq!(
        (world.words(), world.simulator.creates()),
        (vec![OutcomeKind::Taken, OutcomeKind::Created], 1)
    );
}

#[tokio::test(start_paused = true)]
async fn what_another_program_was_answered_meanwhile_is_what_is_told() {
    let slow = Fault::on(CREATE).delay(Duration::from_secs(5));
    let world = World::new(Setup { faults: vec![slow], unmarked: true, ..Setup::default() });
    let ((submitted, _), record) = tokio::join!(world.submit(TAGS), async {
        pass(1).await;
        world.open().remove(0)
    });
    let Outcome::Created { request_id, .. } = submitted.outcome else { panic!("{submitted:?}") };
    // Without a mark the snapshot itself does not tell whose it is; who sent the request knows.
    let journal = Some(&world.journal);
    let told = settle(&world.client(), journal, &record.intent, record.cause(), world.clock()).await;
    assert!(matches!(&told, Ok(Outcome::Created { request_id: id, .. }) if *id == request_id), "{told:?}");
    assert_eq!(world.words(), [OutcomeKind::Created]);
}

/// Somebody else's request that equals this one in all that can be compared, before the second attempt.
fn equal_rival(first: FaultyAnswer) -> Vec<Fault> {
    let rival = Rival { same_tags: true, ..Rival::default() };
    vec![
        Fault::on(CREATE).call(1).answer(first),
        Fault::on(CREATE).call(2).answer(FaultyAnswer::Normal).rival(rival),
    ]
}

#[tokio::test(start_paused = true)]
async fn an_equal_snapshot_is_not_claimed_by_who_was_only_told_that_the_name_is_taken() {
    for first in [FaultyAnswer::Refuse, FaultyAnswer::error(400, "Throttling", "Rate exceeded")] {
        let world = World::new(Setup { faults: equal_rival(first), ..Setup::default() });
        let (submitted, _) = world.submit(TAGS).await;
        assert!(matches!(submitted.outcome, Outcome::Unproven { .. }), "{:?}", submitted.outcome);
        assert_eq!((world.sent(), world.simulator.creates()), (2, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn nor_is_it_claimed_later_when_the_look_ups_work_again() {
    for first in [FaultyAnswer::Refuse, FaultyAnswer::error(400, "Throttling", "Rate exceeded")] {
        let mut faults = equal_rival(first);
        faults.push(Fault::on(LOOK_UP).calls(2, 200).answer(FaultyAnswer::body(503, "")));
        let world = World::new(Setup { faults, ..Setup::default() });
        let (submitted, _) = world.submit(TAGS).await;
        assert!(matches!(submitted.outcome, Outcome::Unknown { .. }), "{:?}", submitted.outcome);
        while world.words() == [OutcomeKind::Unknown] {
            world.settle().await;
        }
        assert_eq!((world.words(), world.simulator.creates()), (vec![OutcomeKind::Unproven], 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_account_was_not_known_is_found_again_by_any_caller_there() {
    let lost = Fault::on(CREATE).answer(FaultyAnswer::Drop).happened(true);
    let world = World::new(Setup {
        faults: vec![lost, Fault::on(LOOK_UP).calls(2, 200).answer(FaultyAnswer::Hang)],
        ..Setup::default()
    });
    let submission = Submission { caller: None, ..world.submission(TAGS) };
    let client = world.client();
    let submitted = submit(&client, Some(&world.journal), submission, world.clock(), |_| {}).await;
    assert!(matches!(submitted.outcome, Outcome::Unknown { .. }));
    assert_eq!(world.open().len(), 1, "it is open for whoever asks there");
}

#[tokio::test(start_paused = true)]
async fn what_aws_refused_after_a_lost_answer_is_told_beside_it() {
    let lost = Fault::on("AddTagsToResource").call(1).happened(false).answer(FaultyAnswer::Drop);
    let denied = Fault::on("AddTagsToResource").call(2).happened(false).answer(answer_of("denied"));
    let (world, shown) = deletions::world(vec![lost, denied]).await;
    let deed = Deed::Tag { add: vec![Tag::new("ticket", "CHG-1")], remove: Vec::new() };
    let (open, _) = deletions::run(&world, &shown, deed.clone()).await;
    let told = open.words(&deed);
    assert_eq!(open.kind, AlteredKind::Unknown, "{told}");
    assert!(
        told.contains("The answer was lost: ") && told.contains("; sent again, it was refused: "),
        "{told}"
    );
    assert!(told.contains("not you (AccessDenied"), "what a person can mend: {told}");
}
