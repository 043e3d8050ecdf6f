//! What a list that lags, or a plan that is minutes old, makes of a deletion: nothing is gone that a few looks miss, and
//! the last usable snapshot stays.

use std::time::Duration;

use clustersnap::domain::alteration::{AlterationTerms, AlteredKind, Deed};
use clustersnap::domain::listing::Unlisted;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::Tag;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultyAnswer};
use clustersnap::submit::alter::{alter, settle};
use clustersnap::submit::service::Service as _;
use jiff::SignedDuration;

use super::deletions::{DELETE, answer_of, asked, look, run, run_on, settled, words, world as begin};
use super::world::{LOOK_UP, NAME, pass};

/// These looks do not find what is there.
fn missed(first: u64, last: u64) -> Fault {
    Fault::on(LOOK_UP).calls(first, last).happened(false).answer(answer_of("missing"))
}

#[tokio::test(start_paused = true)]
async fn the_last_usable_one_stays_if_others_deleted_the_rest_after_the_plan() {
    for (others, expected) in [(0, AlteredKind::NotDone), (1, AlteredKind::Deleting)] {
        let (world, shown) = begin(Vec::new()).await;
        for other in 0..others {
            world.simulator.create_by_another(&format!("other-{other}"), "orders", Vec::new());
        }
        world.simulator.create_by_another("elsewhere", "billing", Vec::new());
        world.simulator.skip(Period::seconds(3_600));
        let few = AlterationTerms { leaves_few: true, ..AlterationTerms::default() };
        let (altered, _) = run_on(&world, &shown, Deed::Delete, few).await;
        assert_eq!(altered.kind, expected, "{altered:?}");
        let is_last = others == 0;
        assert_eq!(world.simulator.has_snapshot(NAME), is_last);
        if is_last {
            assert!(
                altered
                    .words(&Deed::Delete)
                    .contains("is the last usable manual snapshot of its cluster now")
            );
            let said = AlterationTerms { despite: vec!["last_usable".to_owned()], leaves_few: true };
            let (altered, _) = run_on(&world, &shown, Deed::Delete, said).await;
            assert_eq!(altered.kind, AlteredKind::Deleting, "{altered:?}");
        }
    }
    // One that others deleted themselves is no last one: others are there.
    let (world, shown) = begin(Vec::new()).await;
    for other in ["other-1", "other-2"] {
        world.simulator.create_by_another(other, "orders", Vec::new());
    }
    world.simulator.skip(Period::seconds(3_600));
    world.simulator.delete_by_another(NAME);
    world.simulator.skip(Period::seconds(3_600));
    let few = AlterationTerms { leaves_few: true, ..AlterationTerms::default() };
    let (altered, _) = run_on(&world, &shown, Deed::Delete, few).await;
    let told = altered.words(&Deed::Delete);
    assert!(!told.contains("last usable") && told.contains("may be gone"), "{told}");
    let (world, shown) = begin(vec![Fault::on(LOOK_UP).calls(2, 9).answer(FaultyAnswer::Drop)]).await;
    let few = AlterationTerms { leaves_few: true, ..AlterationTerms::default() };
    let (altered, _) = run_on(&world, &shown, Deed::Delete, few).await;
    assert_eq!(
        (altered.kind, altered.sent),
        (AlteredKind::NotDone, 0),
        "it could not be looked at: {altered:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_that_lags_makes_nothing_gone() {
    for deed in [Deed::Delete, Deed::Tag { add: vec![Tag::new("a", "b")], remove: Vec::new() }] {
        // One look right before misses it: the next finds it.
        let (world, shown) = begin(vec![missed(2, 2)]).await;
        let (altered, _) = run(&world, &shown, deed.clone()).await;
        assert!(altered.kind.is_as_wanted(&deed) && altered.sent == 1, "{altered:?}");
        let (world, shown) = begin(vec![missed(2, 3)]).await;
        let (altered, _) = run(&world, &shown, deed.clone()).await;
        assert_eq!((altered.kind, altered.sent), (AlteredKind::NotDone, 0), "{altered:?}");
        assert!(
            altered
                .words(&deed)
                .contains("No such DB cluster snapshot is listed: nightly may be gone, or the list may lag")
        );
        assert!(world.simulator.has_snapshot(NAME));
    }
    // After a lost answer, and after a refusal: for a minute and a half of looks it is not listed.
    for (name, said) in [("dropped", AlteredKind::Unknown), ("denied", AlteredKind::Refused)] {
        let lost = Fault::on(DELETE).call(1).happened(false).answer(answer_of(name));
        let (world, shown) = begin(vec![lost, missed(3, 22)]).await;
        let (altered, _) = run(&world, &shown, Deed::Delete).await;
        assert_eq!((altered.kind, altered.unlisted), (said, None), "{name}: {altered:?}");
        assert_eq!((words(&world), world.simulator.has_snapshot(NAME)), (vec![said], true), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_makes_no_absence_longer() {
    let lost = Fault::on(DELETE).call(1).happened(false).answer(FaultyAnswer::Drop);
    let (world, shown) = begin(vec![lost, missed(40, 99)]).await;
    run(&world, &shown, Deed::Delete).await;
    while world.simulator.calls(LOOK_UP) < 39 {
        look(&world.client()).await;
    }
    for steps in 0..3 {
        let [record] = world.journal.open_alterations().unwrap().try_into().unwrap();
        let clock = || world.clock()() + SignedDuration::from_mins(5 * steps);
        let altered = settle(&world.client(), Some(&world.journal), &record, clock).await.unwrap();
        assert_eq!(altered.kind, AlteredKind::Unknown, "three looks within a moment");
    }
    pass(100).await;
    assert_eq!(settled(&world).await, ["not known yet"]);
    pass(21).await;
    assert_eq!(settled(&world).await, ["gone"]);
}

#[tokio::test(start_paused = true)]
async fn later_looks_count_on_until_one_finds_it() {
    let lost = Fault::on(DELETE).call(1).happened(false).answer(FaultyAnswer::Drop);
    let (world, shown) = begin(vec![lost, missed(40, 41), missed(43, 99)]).await;
    let (altered, _) = run(&world, &shown, Deed::Delete).await;
    assert_eq!(altered.kind, AlteredKind::Unknown, "{altered:?}");
    while world.simulator.calls(LOOK_UP) < 39 {
        look(&world.client()).await;
    }
    let unlisted = || {
        let past = world.past();
        let record = past.alterations.into_iter().next().unwrap();
        (record.unlisted().map(|it| it.looks), record.may_still_delete())
    };
    for (expected, said) in
        [(1, "not known yet"), (2, "not known yet"), (0, "not known yet"), (1, "not known yet")]
    {
        pass(100).await;
        assert_eq!(settled(&world).await, [said]);
        assert_eq!(unlisted(), (Some(expected).filter(|looks| *looks > 0), true));
    }
    // Five looks within two minutes: no more than the third is written.
    for _ in 0..4 {
        pass(20).await;
        assert_eq!(settled(&world).await, ["not known yet"]);
    }
    assert_eq!(unlisted().0, Some(3));
    pass(40).await;
    assert_eq!(settled(&world).await, ["gone"]);
    assert_eq!(words(&world), [AlteredKind::Gone]);
}

#[tokio::test(start_paused = true)]
async fn another_accounts_snapshot_of_the_name_says_nothing() {
    let lost = Fault::on(DELETE).call(1).happened(false).answer(FaultyAnswer::Drop);
    let (world, shown) = begin(vec![lost]).await;
    run(&world, &shown, Deed::Delete).await;
    let [mut record] = world.journal.open_alterations().unwrap().try_into().unwrap();
    record.asked.arn = record.asked.arn.replace("123456789012", "999999999999");
    let now = world.clock()();
    let before = Unlisted { since: now, until: now, server_since: None, server_until: None, looks: 1 };
    record.outcome.as_mut().unwrap().unlisted = Some(before);
    let altered = settle(&world.client(), Some(&world.journal), &record, world.clock()).await.unwrap();
    assert_eq!((altered.kind, altered.unlisted), (AlteredKind::Unknown, Some(before)), "the looks count on");
}

#[tokio::test(start_paused = true)]
async fn where_sts_does_not_answer_the_clusters_tell_whose_lists_miss_it() {
    let hung = Fault::on(DELETE).call(1).happened(true).answer(FaultyAnswer::Hang);
    let no_sts = Fault::on("GetCallerIdentity").answer(FaultyAnswer::error(503, "ServiceUnavailable", ""));
    let (world, shown) = begin(vec![hung, no_sts]).await;
    // Its program is killed while the answer is held back.
    let (client, asked) = (world.client(), asked(&world, &shown, Deed::Delete));
    let running = alter(&client, Some(&world.journal), asked, world.clock(), |_| ());
    tokio::time::timeout(Duration::from_secs(2), running).await.unwrap_err();
    for said in ["not known yet", "not known yet", "gone"] {
        pass(100).await;
        assert_eq!(settled(&world).await, [said]);
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_programs_of_one_machine_that_delete_the_last_two_one_leaves_its_own() {
    for _ in 0..10 {
        let (world, shown) = begin(Vec::new()).await;
        world.simulator.create_by_another("other", "orders", Vec::new());
        world.simulator.skip(Period::seconds(3_600));
        let other = SnapshotId::parse("other").unwrap();
        let other = world.client().look_up(&other).await.unwrap().snapshot.unwrap();
        let few = || AlterationTerms { leaves_few: true, ..AlterationTerms::default() };
        let (one, two) = tokio::join!(
            run_on(&world, &shown, Deed::Delete, few()),
            run_on(&world, &other, Deed::Delete, few())
        );
        let kinds = [one.0.kind, two.0.kind];
        let left = usize::from(world.simulator.has_snapshot(NAME))
            + usize::from(world.simulator.has_snapshot("other"));
        assert_eq!(left, 1, "{kinds:?}");
        assert!(kinds.contains(&AlteredKind::Deleting) && kinds.contains(&AlteredKind::NotDone), "{kinds:?}");
    }
}
