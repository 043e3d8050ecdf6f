//! Every fault, whether the create happened or not, with somebody else who takes the name, or nobody.

use clustersnap::domain::failure::FailureKind;
use clustersnap::domain::outcome::{Outcome, Step};
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::record::Record;
use clustersnap::sim::faults::{Fault, FaultyAnswer, Rival};
use clustersnap::submit::submit;

use super::cells::{answer, cells, fault};
use super::world::{CREATE, LOOK_UP, Setup, World, pass, word};

const TAGS: &[(&str, &str)] = &[("owner", "dba"), ("ticket", "CHG-1042")];

async fn holds(setup: &Setup) {
    let cells = cells();
    assert_eq!(cells.len(), 68);
    for (name, happened, rival, said, sent) in cells {
        let context = format!("{name}, happened: {happened}, rival: {rival}, {setup:?}");
        let world = World::new(Setup { faults: vec![fault(name, happened, rival)], ..setup.clone() });
        let (submitted, _) = world.submit(TAGS).await;
        let outcome = submitted.outcome;
        // What a copy made is not listed yet when the refusal is told.
        let is_copy = setup.lag > 0 && matches!(name, "expired" | "busy" | "quota");
        let said = if is_copy { "Refused" } else { said };
        assert_eq!(format!("{:?}", word(&outcome)), said, "{context}: {outcome:?}");
        assert_eq!(world.sent(), sent, "creates on the wire: {context}");
        world.holds_true(&outcome, &context);
        assert_eq!(world.words(), [word(&outcome)], "the journal says something else: {context}");
        if word(&outcome) == OutcomeKind::Refused && happened && !rival {
            assert_eq!(world.settle().await.iter().map(word).collect::<Vec<_>>(), [OutcomeKind::Refused]);
            pass(u64::try_from(setup.lag).unwrap()).await;
            assert_eq!(
                world.settle().await.iter().map(word).collect::<Vec<_>>(),
                [OutcomeKind::FoundAgain],
                "{context}"
            );
            assert_eq!(world.words(), [OutcomeKind::FoundAgain], "a refusal is taken back: {context}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_cell_has_its_right_outcome() {
    holds(&Setup::default()).await;
}

#[tokio::test(start_paused = true)]
async fn every_cell_has_its_right_outcome_with_the_clock_an_hour_off() {
    for ahead in [-3_600, 3_600] {
        holds(&Setup { ahead, ..Setup::default() }).await;
    }
}

#[tokio::test(start_paused = true)]
async fn every_cell_has_its_right_outcome_with_lists_that_lag() {
    for lag in [1, 10, 30, 59, 60] {
        holds(&Setup { lag, ..Setup::default() }).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_rival_with_the_same_tags_of_another_cluster_is_told_apart() {
    for lag in [0, 60] {
        let rival = Rival { cluster: Some("billing".into()), same_tags: true, ..Rival::default() };
        let lost = Fault::on(CREATE).answer(FaultyAnswer::Drop).rival(rival);
        let world = World::new(Setup { faults: vec![lost], lag, ..Setup::default() });
        let (submitted, _) = world.submit(&[]).await;
        assert_eq!(word(&submitted.outcome), OutcomeKind::Taken);
        world.holds_true(&submitted.outcome, "rival of another cluster");
    }
}

#[tokio::test(start_paused = true)]
async fn a_taken_name_is_seen_before_anything_is_sent_or_written() {
    let world = World::new(Setup::default());
    world.simulator.create_by_another(NAME_IN_ANOTHER_CASE, "billing", Vec::new());
    let (submitted, steps) = world.submit(TAGS).await;
    assert!(matches!(&submitted.outcome, Outcome::Taken { by: Some(_), failure: None }), "{submitted:?}");
    assert_eq!(steps, [Step::LookingUp]);
    assert_eq!((world.sent(), submitted.intent), (0, None));
    assert!(!world.journal.path().exists());
}

const NAME_IN_ANOTHER_CASE: &str = "Nightly";

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_if_the_name_cannot_be_looked_up() {
    for (answer, kind) in [
        (FaultyAnswer::error(403, "AccessDenied", "not you"), FailureKind::AccessDenied),
        (FaultyAnswer::Drop, FailureKind::LostAnswer),
        (FaultyAnswer::body(200, "<html>"), FailureKind::UnreadableAnswer),
    ] {
        let world = World::new(Setup { faults: vec![Fault::on(LOOK_UP).answer(answer)], ..Setup::default() });
        let (submitted, _) = world.submit(TAGS).await;
        let Outcome::NotCreated(failure) = &submitted.outcome else { panic!("{submitted:?}") };
        assert_eq!(failure.kind, kind);
        assert!(failure.refused);
        assert_eq!(world.sent(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_another_cluster_has_now_is_not_called_a_cluster_that_is_not_there() {
    let world = World::new(Setup::default());
    let mut submission = world.submission(TAGS);
    submission.request.cluster_resource_id = Some("cluster-BEFORE".to_owned());
    let submitted = submit(&world.client(), Some(&world.journal), submission, world.clock(), |_| {}).await;
    let Outcome::NotCreated(failure) = &submitted.outcome else { panic!("{submitted:?}") };
    let told = failure.to_string();
    assert!(told.starts_with("Another DB cluster has this name now: orders is cluster-"), "{told}");
    assert!(told.ends_with(", and was cluster-BEFORE when it was confirmed"), "{told}");
    assert_eq!((world.sent(), submitted.intent), (0, None));
}

#[tokio::test(start_paused = true)]
async fn what_never_left_is_not_counted_as_sent() {
    for (refused, times) in [(Fault::on(CREATE), 0), (Fault::on(CREATE).calls(1, 2), 1)] {
        let fault = refused.answer(FaultyAnswer::Refuse);
        let world = World::new(Setup { faults: vec![fault], ..Setup::default() });
        let (submitted, _) = world.submit(TAGS).await;
        let record = world.past().records.remove(0);
        let journalled = record.outcome.and_then(|line| line.attempts);
        assert_eq!((submitted.sent, journalled), (times, Some(times)), "{submitted:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn throttles_are_tried_again_in_sight_and_not_for_ever() {
    let throttled = Fault::on(CREATE).answer(answer("throttle"));
    let world = World::new(Setup { faults: vec![throttled], ..Setup::default() });
    let begun = tokio::time::Instant::now();
    let (submitted, steps) = world.submit(TAGS).await;
    assert_eq!((word(&submitted.outcome), submitted.sent), (OutcomeKind::Refused, 5));
    assert_eq!(world.sent(), 5);
    let shown = steps.iter().filter(|step| matches!(step, Step::Retrying { .. })).count();
    assert_eq!(shown, 4);
    // A minute of attempts at the most, and then one look whether a copy of one was carried out.
    assert!(begun.elapsed().as_secs() <= 60 + 10);
    let record = world.past().records.remove(0);
    assert_eq!(record.outcome.unwrap().attempts, Some(5));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_again_after_anything_unclear_whatever_the_look_ups_say() {
    for lookup in [
        FaultyAnswer::Hang,
        FaultyAnswer::Drop,
        FaultyAnswer::body(503, ""),
        answer("throttle"),
        FaultyAnswer::Refuse,
    ] {
        let faults = vec![
            Fault::on(CREATE).happened(true).answer(FaultyAnswer::Drop),
            Fault::on(LOOK_UP).calls(2, u64::MAX).answer(lookup.clone()),
        ];
        let world = World::new(Setup { faults, ..Setup::default() });
        let begun = tokio::time::Instant::now();
        let (submitted, _) = world.submit(TAGS).await;
        assert_eq!(word(&submitted.outcome), OutcomeKind::Unknown, "{lookup:?}");
        assert_eq!(world.sent(), 1);
        assert!((60..150).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn look_ups_that_fail_for_a_while_only_delay_the_truth() {
    let faults = vec![
        Fault::on(CREATE).happened(true).answer(FaultyAnswer::Hang),
        Fault::on(LOOK_UP).calls(2, 12).answer(FaultyAnswer::Drop),
    ];
    let world = World::new(Setup { faults, lag: 20, ..Setup::default() });
    let (submitted, steps) = world.submit(TAGS).await;
    assert_eq!(word(&submitted.outcome), OutcomeKind::FoundAgain);
    assert!(matches!(steps.last(), Some(Step::Reconciling { .. })), "{steps:?}");
}

#[tokio::test(start_paused = true)]
async fn when_a_snapshot_was_begun_decides_nothing() {
    for time in [None, Some("2020-01-01T00:00:00Z"), Some("2031-01-01T00:00:00Z")] {
        for (unmarked, said) in [(false, OutcomeKind::FoundAgain), (true, OutcomeKind::Unproven)] {
            let faults = vec![
                Fault::on(CREATE).happened(true).answer(FaultyAnswer::Drop),
                Fault::on(LOOK_UP).edit("SnapshotCreateTime", time),
            ];
            let world = World::new(Setup { faults, unmarked, ..Setup::default() });
            let (submitted, _) = world.submit(TAGS).await;
            assert_eq!(word(&submitted.outcome), said, "{time:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_a_create_time_or_a_status_is_a_success_all_the_same() {
    let bare = Fault::on(CREATE).edit("SnapshotCreateTime", None).edit("Status", None);
    let world = World::new(Setup { faults: vec![bare], ..Setup::default() });
    let (submitted, _) = world.submit(TAGS).await;
    assert_eq!(word(&submitted.outcome), OutcomeKind::Created);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_request_itself_is_told_soon_even_if_the_look_that_confirms_it_hangs() {
    for (code, said) in [
        ("AccessDenied", OutcomeKind::Refused),
        ("InvalidParameterValue", OutcomeKind::Refused),
        ("DBClusterNotFoundFault", OutcomeKind::Refused),
        ("InvalidDBClusterStateFault", OutcomeKind::Refused),
    ] {
        let faults = vec![
            Fault::on(CREATE).answer(FaultyAnswer::error(400, code, "no")),
            Fault::on(LOOK_UP).calls(2, u64::MAX).answer(FaultyAnswer::Hang),
        ];
        let world = World::new(Setup { faults, ..Setup::default() });
        let begun = tokio::time::Instant::now();
        let (submitted, _) = world.submit(TAGS).await;
        assert!(begun.elapsed().as_secs() <= 10, "{:?}", begun.elapsed());
        assert_eq!(word(&submitted.outcome), said, "{code}");
        world.holds_true(&submitted.outcome, code);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told_at_once() {
    for code in ["InvalidDBClusterStateFault", "SnapshotQuotaExceeded", "ExpiredToken"] {
        let refused = Fault::on(CREATE).answer(FaultyAnswer::error(400, code, "no"));
        let world = World::new(Setup { faults: vec![refused], ..Setup::default() });
        let begun = tokio::time::Instant::now();
        let (submitted, steps) = world.submit(TAGS).await;
        assert!(matches!(steps.last(), Some(Step::Confirming { .. })), "{steps:?}");
        assert!(begun.elapsed().as_secs() <= 1, "{:?}", begun.elapsed());
        assert_eq!(word(&submitted.outcome), OutcomeKind::Refused);
    }
}

#[tokio::test(start_paused = true)]
async fn that_the_name_is_taken_is_told_at_once_and_proves_nothing() {
    let faults = vec![
        Fault::on(CREATE).answer(FaultyAnswer::error(400, "DBClusterSnapshotAlreadyExistsFault", "no")),
        Fault::on(LOOK_UP).calls(2, u64::MAX).answer(FaultyAnswer::Hang),
    ];
    let world = World::new(Setup { faults, ..Setup::default() });
    let (submitted, steps) = world.submit(TAGS).await;
    let [.., Step::Reconciling { cause }, Step::LookFailed { .. }] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    assert_eq!(cause.kind, FailureKind::SnapshotExists);
    assert_eq!(word(&submitted.outcome), OutcomeKind::Unknown);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_taken_back_when_its_snapshot_is_there_after_all_and_only_then() {
    for happened in [true, false] {
        let faults = vec![
            Fault::on(CREATE).happened(happened).answer(FaultyAnswer::error(403, "ExpiredToken", "")),
            Fault::on(LOOK_UP).calls(2, 12).answer(FaultyAnswer::error(403, "ExpiredToken", "")),
        ];
        let world = World::new(Setup { faults, ..Setup::default() });
        let (submitted, _) = world.submit(TAGS).await;
        assert_eq!(word(&submitted.outcome), OutcomeKind::Refused);
        for _ in 0..30 {
            world.settle().await;
            pass(60).await;
        }
        assert_eq!(world.words(), [if happened { OutcomeKind::FoundAgain } else { OutcomeKind::Refused }]);
        assert!(world.open().iter().all(Record::is_unfinished), "looked up for ever");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_stays_one_though_somebody_makes_the_same_a_moment_later() {
    let refused = Fault::on(CREATE).call(1).answer(answer("busy"));
    let world = World::new(Setup { faults: vec![refused], ..Setup::default() });
    let same = TAGS.iter().map(|(key, value)| clustersnap::domain::tag::Tag::new(*key, *value)).collect();
    let (submitted, _) = world.submit(TAGS).await;
    world.simulator.create_by_another("nightly", "orders", same);
    pass(30).await;
    assert_eq!(world.settle().await.iter().map(word).collect::<Vec<_>>(), [OutcomeKind::Refused]);
    assert_eq!(word(&submitted.outcome), OutcomeKind::Refused, "{submitted:?}");
    assert_eq!(world.words(), [OutcomeKind::Refused]);
}

#[tokio::test(start_paused = true)]
async fn what_the_answer_was_is_journalled_before_the_look_ups_that_follow_it() {
    for (fault, refused) in [("busy", true), ("dropped", false)] {
        let faults = vec![
            Fault::on(CREATE).answer(answer(fault)),
            Fault::on(LOOK_UP).calls(2, 3).delay(std::time::Duration::from_secs(9)),
        ];
        let world = World::new(Setup { faults, ..Setup::default() });
        let meanwhile = async {
            pass(5).await;
            let record = world.past().records.remove(0);
            assert_eq!(record.kind(), if refused { OutcomeKind::Refused } else { OutcomeKind::Unknown });
            let failure = record.outcome.and_then(|line| line.failure).expect("the answer");
            assert_eq!((failure.is_by_the_service(), failure.code.is_some()), (refused, refused), "{fault}");
        };
        tokio::join!(world.submit(TAGS), meanwhile);
    }
}
