//! A journal that cannot be written, from the start or between its two lines.

use std::fs;
use std::path::Path;

use clustersnap::domain::failure::FailureKind;
use clustersnap::domain::outcome::{Outcome, Step};
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::sim::faults::{Fault, FaultyAnswer};
use clustersnap::submit::submit;
use jiff::SignedDuration;

use super::world::{CREATE, Setup, World, pass, word};

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_if_nothing_can_be_written_down() {
    let world = World::new(Setup::default());
    let file = world.home().join("file");
    fs::write(&file, "").unwrap();
    // A file system where nobody can make a folder; a file where the folder has to be.
    for folder in [Path::new("/proc/clustersnap"), &file, &file.join("below")] {
        let unusable = world.with_journal(folder);
        let (submitted, steps) = unusable.submit(&[]).await;
        let Outcome::NotCreated(failure) = &submitted.outcome else { panic!("{submitted:?}") };
        assert_eq!(failure.kind, FailureKind::Journal);
        assert_eq!(steps, [Step::LookingUp, Step::Journalling]);
    }
    assert_eq!(world.sent(), 0);
}

#[tokio::test(start_paused = true)]
async fn without_a_journal_if_the_person_said_so() {
    let world = World::new(Setup::default());
    let client = world.client();
    let submitted = submit(&client, None, world.submission(&[]), world.clock(), |_| {}).await;
    assert_eq!(word(&submitted.outcome), OutcomeKind::Created);
    assert!(submitted.intent.is_some());
    assert!(!world.journal.path().exists());
}

#[tokio::test(start_paused = true)]
async fn a_disk_lost_between_the_two_lines_changes_no_outcome_and_is_told() {
    for (answer, said, at_next_start) in [
        (FaultyAnswer::Normal, OutcomeKind::Created, OutcomeKind::FoundAgain),
        (FaultyAnswer::Drop, OutcomeKind::FoundAgain, OutcomeKind::FoundAgain),
    ] {
        let fault = Fault::on(CREATE).happened(true).answer(answer).delay(std::time::Duration::from_secs(5));
        let world = World::new(Setup { faults: vec![fault], ..Setup::default() });
        let folder = world.home().join("clustersnap");
        let away = world.home().join("away");
        let (submitted, steps) = {
            let lose = async {
                pass(2).await;
                fs::rename(&folder, &away).unwrap();
                fs::write(&folder, "").unwrap();
            };
            tokio::join!(world.submit(&[]), lose).0
        };
        assert_eq!(word(&submitted.outcome), said);
        assert!(matches!(steps.last(), Some(Step::NotRecorded { .. })), "{steps:?}");

        fs::remove_file(&folder).unwrap();
        fs::rename(&away, &folder).unwrap();
        assert_eq!(world.words(), [OutcomeKind::Unknown]);
        world.settle().await;
        assert_eq!(world.words(), [at_next_start]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_slept_between_look_up_and_request_sends_nothing() {
    let world = World::new(Setup::default());
    let (client, clock) = (world.client(), world.clock());
    // The clock is read for the look-up, for the intent, and again before the request leaves: an hour later.
    let reads = std::cell::Cell::new(0);
    let slept = move || {
        reads.set(reads.get() + 1);
        clock() + SignedDuration::from_hours(i64::from(reads.get() > 2))
    };
    let submitted = submit(&client, Some(&world.journal), world.submission(&[]), slept, |_| {}).await;
    let Outcome::NotCreated(failure) = &submitted.outcome else { panic!("{submitted:?}") };
    assert_eq!(failure.kind, FailureKind::Stale);
    assert_eq!(world.sent(), 0);
    assert_eq!(world.words(), [OutcomeKind::NotCreated]);
}
