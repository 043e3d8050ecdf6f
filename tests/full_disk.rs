//! A full disk. The limit on files is of the whole process, the output of its tests included: hence a binary with
//! one test only, whose result is written when the limit is gone.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::fs;
use std::sync::Arc;

use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::failure::FailureKind;
use clustersnap::domain::mark::MARK_KEY;
use clustersnap::domain::outcome::{Outcome, Step};
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::record::{Record, RecordPage};
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;
use clustersnap::journal::Journal;
use clustersnap::rds::Client;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::{ClusterSpec, Fleet};
use clustersnap::sim::{Simulator, SimulatorOptions, in_process};
use clustersnap::submit::{Submitted, fresh_number, settle, submit};
use jiff::Timestamp;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use support::demo;

/// Lets no file grow beyond a size, as a full disk does.
fn let_files_grow_to(size: Option<u64>) {
    let maximum = getrlimit(Resource::Fsize).maximum;
    setrlimit(Resource::Fsize, Rlimit { current: size, maximum }).unwrap();
}

fn simulator() -> Arc<Simulator> {
    let mut fleet = Fleet::demo();
    fleet.clusters = vec![ClusterSpec::new("orders", "aurora-postgresql", "16.4")];
    fleet.list_lag = Period::default();
    Arc::new(Simulator::new(fleet, FaultScript::default(), SimulatorOptions::default()))
}

async fn ask(client: &Client, journal: &Journal, name: &str) -> (Submitted, Vec<Step>) {
    let number = fresh_number(Timestamp::now());
    let request = SnapshotRequest {
        number: number.clone(),
        cluster: ClusterId::parse("orders").unwrap(),
        cluster_resource_id: None,
        snapshot: SnapshotId::parse(name).unwrap(),
        tags: TagSet::parse([(MARK_KEY, number.as_str())]).unwrap(),
        mark: Some(MARK_KEY.to_owned()),
        change: None,
    };
    let submission = demo::submission(client, request);
    let mut steps = Vec::new();
    let on_step = |step| steps.push(step);
    let submitted = Box::pin(submit(client, Some(journal), submission, Timestamp::now, on_step)).await;
    (submitted, steps)
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_sent_and_what_was_sent_is_not_lost() {
    // Without a handler, the signal that goes with the limit ends the process; a full disk sends none.
    let _ignored = signal(SignalKind::from_raw(25)).unwrap();
    let (simulator, home) = (simulator(), tempfile::tempdir().unwrap());
    let client = demo::client(in_process::connector(Arc::clone(&simulator)), false);
    let journal = Journal::open(home.path());

    // Full before the first line: not sent.
    let_files_grow_to(Some(100));
    let (refused, _) = ask(&client, &journal, "first").await;
    let_files_grow_to(None);
    let Outcome::NotCreated(failure) = &refused.outcome else { panic!("{refused:?}") };
    assert_eq!(failure.kind, FailureKind::Journal);
    assert_eq!(simulator.calls("CreateDBClusterSnapshot"), 0);

    // Full between the two lines: sent once, told right, and found again at the next start.
    let torn = fs::metadata(journal.path()).unwrap().len();
    let (whole, _) = ask(&client, &journal, "second").await;
    assert!(matches!(whole.outcome, Outcome::Created { .. }));
    let intent_and_outcome = fs::metadata(journal.path()).unwrap().len() - torn;
    let_files_grow_to(Some(torn + 2 * intent_and_outcome - 100));
    let (created, steps) = ask(&client, &journal, "third").await;
    let_files_grow_to(None);
    assert!(matches!(created.outcome, Outcome::Created { .. }), "{created:?}");
    assert!(matches!(steps.last(), Some(Step::NotRecorded { .. })), "{steps:?}");
    assert_eq!(simulator.creates(), 2);

    let history = journal.page(None, usize::MAX).unwrap();
    assert_eq!(history.unreadable, 2, "the two torn lines are kept");
    let records = |page: RecordPage| -> Vec<Record> {
        page.entries.into_iter().rev().filter_map(|(_, entry)| entry.request()).collect()
    };
    let words = |records: &[Record]| records.iter().map(Record::kind).collect::<Vec<_>>();
    let requests = records(history);
    assert_eq!(words(&requests), [OutcomeKind::Created, OutcomeKind::Unknown]);
    let open = &requests[1];
    let settled = settle(&client, Some(&journal), &open.intent, open.cause(), Timestamp::now).await;
    assert!(matches!(settled, Ok(Outcome::FoundAgain { .. })), "{settled:?}");
    let requests = records(journal.page(None, usize::MAX).unwrap());
    assert_eq!(words(&requests), [OutcomeKind::Created, OutcomeKind::FoundAgain]);
}
