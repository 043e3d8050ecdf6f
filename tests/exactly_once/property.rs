//! Random interleavings of faults, lag, a rival, clocks that are off, and a program that is killed.

use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::tag::Tag;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultyAnswer, Rival};
use clustersnap::submit::submit;
use proptest::prelude::*;

use super::soft_signals::{DATES, Tagging};
use super::world::{CREATE, LOOK_UP, NAME, Setup, World, pass, word};

const TAGS: &[(&str, &str)] = &[("owner", "dba"), ("ticket", "CHG-1042")];

/// One story.
#[derive(Clone, Debug)]
struct Story {
    setup: Setup,
    has_tags: bool,
    /// How many seconds before the submission somebody made the same; the lists may lag more than that.
    made_before: Option<u64>,
    /// After how many polls of the submission the program is killed.
    killed_after: Option<usize>,
    /// How many seconds pass until it is started again.
    restarted_after: u64,
}

/// Whether something on the way delivers a request twice.
fn is_copied() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.2)
}

/// An answer that leaves it open what happened, and when the create takes effect, if it does.
fn unclear() -> impl Strategy<Value = Fault> {
    let answers = prop::sample::select(vec![
        FaultyAnswer::Drop,
        FaultyAnswer::Hang,
        FaultyAnswer::Garbage,
        FaultyAnswer::Truncate { percent: 0 },
        FaultyAnswer::Truncate { percent: 90 },
        FaultyAnswer::body(200, ""),
        FaultyAnswer::body(200, "<html>log in</html>"),
        FaultyAnswer::error(500, "InternalFailure", ""),
        FaultyAnswer::body(502, "<html>"),
        FaultyAnswer::error(503, "ServiceUnavailable", ""),
        FaultyAnswer::body(504, ""),
        FaultyAnswer::Drip { bytes: 7, every: Period::seconds(2) },
    ]);
    let effects = prop_oneof![Just(None), Just(Some(0)), (1_i64..290).prop_map(Some)];
    (answers, effects, 0_i64..30, is_copied()).prop_map(|(answer, effect, delay, is_copied)| {
        let mut fault = Fault::on(CREATE).answer(answer).delay(Period::seconds(delay));
        fault.delivered_twice = is_copied;
        match effect {
            None => fault.happened(false),
            Some(0) => fault.happened(true),
            Some(seconds) => fault.happens_after(Period::seconds(seconds)),
        }
    })
}

/// An answer that says clearly that nothing happened, or that it did. A copy of the request, sent by something
/// on the way, may have happened all the same.
fn clear() -> impl Strategy<Value = Fault> {
    let answers = prop::sample::select(vec![
        FaultyAnswer::Normal,
        FaultyAnswer::Refuse,
        FaultyAnswer::error(400, "Throttling", "Rate exceeded"),
        FaultyAnswer::error(403, "ExpiredToken", ""),
        FaultyAnswer::error(400, "InvalidDBClusterStateFault", ""),
        FaultyAnswer::error(400, "SnapshotQuotaExceeded", ""),
    ]);
    (answers, any::<bool>(), is_copied()).prop_map(|(answer, copied, is_copied)| {
        let is_refusal = !matches!(answer, FaultyAnswer::Normal | FaultyAnswer::Refuse);
        let mut fault = Fault::on(CREATE).answer(answer.clone());
        fault.delivered_twice = is_copied && answer != FaultyAnswer::Refuse;
        if is_refusal { fault.happened(copied) } else { fault }
    })
}

/// What goes wrong with the creates, the first one first; somebody may come before any of them.
fn creates(has_tags: bool) -> impl Strategy<Value = Vec<Fault>> {
    // Without tags, nothing tells a snapshot of the same cluster from ours.
    let same = Rival::default();
    let other = Rival { cluster: Some("billing".into()), same_tags: true, ..Rival::default() };
    let rivals = if has_tags { vec![same, other] } else { vec![other] };
    let rival = prop::option::weighted(0.2, prop::sample::select(rivals));
    let one = (prop_oneof![unclear(), clear()], rival).prop_map(|(fault, rival)| match rival {
        Some(rival) => fault.rival(rival),
        None => fault,
    });
    prop::collection::vec(one, 0..5)
        .prop_map(|faults| (1..).zip(faults).map(|(call, fault)| fault.call(call)).collect())
}

/// What goes wrong with the look-ups, but for the first.
fn look_ups() -> impl Strategy<Value = Vec<Fault>> {
    let answers = prop::sample::select(vec![
        FaultyAnswer::Drop,
        FaultyAnswer::Hang,
        FaultyAnswer::Refuse,
        FaultyAnswer::Garbage,
        FaultyAnswer::body(503, ""),
        FaultyAnswer::body(200, "<html>"),
        FaultyAnswer::error(400, "Throttling", ""),
    ]);
    let one = (answers, 2_u64..30, 0_u64..10)
        .prop_map(|(answer, first, length)| Fault::on(LOOK_UP).calls(first, first + length).answer(answer));
    prop::collection::vec(one, 0..3)
}

fn stories() -> impl Strategy<Value = Story> {
    any::<bool>().prop_flat_map(|has_tags| {
        let killed_after = prop::option::of(prop_oneof![0_usize..12, 0_usize..80]);
        let made_before = prop::option::weighted(0.2, 1_u64..60);
        let lag = prop_oneof![Just(0_i64), 0_i64..=60, 0_i64..=600];
        let ahead = prop::sample::select(vec![-3_600_i64, 0, 3_600]);
        let date = prop::sample::select(DATES.to_vec());
        let tagging = prop::sample::select(Tagging::ALL.to_vec());
        let faults = (creates(has_tags), look_ups(), date, tagging);
        (faults, lag, ahead, any::<bool>(), made_before, killed_after, 0_u64..1_500).prop_map(
            move |(
                (mut faults, look_ups, date, tagging),
                lag,
                ahead,
                unmarked,
                made_before,
                killed_after,
                restarted_after,
            )| {
                faults.extend(look_ups);
                faults.push(Fault::on("*").date_off_s(date));
                let setup = Setup { faults, lag, ahead, unmarked, tagger: tagging.tagger() };
                Story { setup, has_tags, made_before, killed_after, restarted_after }
            },
        )
    })
}

/// Runs a future until it has been polled so often, and drops it there: what a killed program leaves.
async fn killed_after<T>(polls: Option<usize>, mut future: impl Future<Output = T> + Unpin) -> Option<T> {
    let mut left = polls;
    std::future::poll_fn(move |context| {
        if left == Some(0) {
            return Poll::Ready(None);
        }
        left = left.map(|left| left - 1);
        pin!(&mut future).poll(context).map(Some)
    })
    .await
}

/// How far a submission came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Came {
    written: bool,
    sent: u64,
    finished: bool,
}

/// Runs a story, panics if a word is false, and tells how far the submission came.
async fn holds(story: &Story) -> Came {
    let context = format!("{story:?}");
    let world = World::new(story.setup.clone());
    let tags = if story.has_tags { TAGS } else { &[] };
    if let Some(seconds) = story.made_before {
        let same = tags.iter().map(|(key, value)| Tag::new(*key, *value)).collect();
        world.simulator.create_by_another(NAME, "orders", same);
        pass(seconds).await;
    }
    let client = world.client();
    let submission = world.submission(tags);
    let running = submit(&client, Some(&world.journal), submission, world.clock(), |_| {});
    let submitted = killed_after(story.killed_after, Box::pin(running)).await;
    let finished = submitted.is_some();
    let sent = world.sent();
    assert!(sent <= 5, "{context}");
    if let Some(submitted) = &submitted {
        world.holds_true(&submitted.outcome, &context);
        assert_eq!(world.words().last().copied().unwrap_or(OutcomeKind::NotCreated), {
            let said = word(&submitted.outcome);
            if submitted.intent.is_some() { said } else { OutcomeKind::NotCreated }
        });
    }

    pass(story.restarted_after).await;
    for _ in 0..40 {
        for outcome in world.settle().await {
            world.holds_true(&outcome, &context);
        }
        pass(60).await;
    }
    assert_eq!(world.sent(), sent, "something was sent after the end: {context}");
    assert!(!world.words().contains(&OutcomeKind::Unknown), "not classified: {context}");
    if let Some(submitted) = submitted {
        // What was said holds for good, also of a create that was carried out late.
        world.holds_true(&submitted.outcome, &context);
    } else if world.words().is_empty() {
        assert_eq!((sent, world.simulator.creates()), (0, 0), "sent without a trace: {context}");
    }
    for record in world.past().records {
        let made = world.simulator.creates();
        match record.kind() {
            OutcomeKind::Created | OutcomeKind::FoundAgain => assert_eq!(made, 1, "false success: {context}"),
            OutcomeKind::Unproven => {}
            // What AWS answered; a copy that its mark proves has taken it back, if it was looked for in time.
            OutcomeKind::Refused => {
                let keeps_mark = story.setup.tagger.as_ref().is_none_or(|tagger| !tagger.replaces_all);
                let is_looked_for = !story.setup.unmarked && keeps_mark && story.restarted_after < 600;
                assert!(made == 0 || !is_looked_for, "not taken back: {context}");
            }
            said => assert_eq!(made, 0, "false failure {said:?}: {context}"),
        }
    }
    Came { written: !world.words().is_empty(), sent, finished }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_story_makes_two_snapshots_or_a_false_word_and_every_intent_is_classified(story in stories()) {
        runtime().block_on(holds(&story));
    }
}

/// The kills of the stories above fall on any step; here they fall on each.
#[test]
fn a_program_killed_at_any_one_step_leaves_nothing_unclassified() {
    let lost = Fault::on(CREATE).happened(true).answer(FaultyAnswer::Drop).delay(Duration::from_secs(3));
    let setup = Setup { faults: vec![lost], lag: 20, ..Setup::default() };
    let mut seen = Vec::new();
    for polls in 0..500 {
        let story = Story {
            setup: setup.clone(),
            has_tags: true,
            made_before: None,
            killed_after: Some(polls),
            restarted_after: 5,
        };
        let came = runtime().block_on(holds(&story));
        seen.push((came.written, came.sent, came.finished));
        if came.finished {
            break;
        }
    }
    for step in [(false, 0, false), (true, 0, false), (true, 1, false), (true, 1, true)] {
        assert!(seen.contains(&step), "no kill fell on {step:?}: {seen:?}");
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap()
}
