//! A full disk and every umask. Both are of the whole process, hence a binary of their own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::context::Caller;
use clustersnap::domain::ending::Ending;
use clustersnap::domain::failure::FailureKind;
use clustersnap::domain::mark::MARK_KEY;
use clustersnap::domain::outcome::{Outcome, Step};
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::policy::{Confirmation, Policy};
use clustersnap::domain::record::{Record, RecordPage};
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;
use clustersnap::journal::{Ended, Journal, Line};
use clustersnap::rds::Client;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::{ClusterSpec, Fleet};
use clustersnap::sim::{Simulator, SimulatorOptions, in_process};
use clustersnap::submit::{Submission, Submitted, fresh_number, settle, submit};
use jiff::Timestamp;
use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit, umask};
use tokio::signal::unix::{SignalKind, signal};

/// One test at a time changes the process.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

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
    let submission = Submission {
        request: SnapshotRequest {
            number: number.clone(),
            cluster: ClusterId::parse("orders").unwrap(),
            cluster_resource_id: None,
            snapshot: SnapshotId::parse(name).unwrap(),
            tags: TagSet::parse([(MARK_KEY, number.as_str())]).unwrap(),
            mark: Some(MARK_KEY.to_owned()),
            change: None,
        },
        caller: Some(Caller { account: "123456789012".to_owned(), arn: "arn".to_owned() }),
        place: client.target().clone(),
        confirmed_for: None,
        earlier: None,
        confirms: true,
        policy: Policy::default(),
        confirmation: Confirmation::Person,
        told: Vec::new(),
    };
    let mut steps = Vec::new();
    let on_step = |step| steps.push(step);
    let submitted = Box::pin(submit(client, Some(journal), submission, Timestamp::now, on_step)).await;
    (submitted, steps)
}

#[tokio::test]
#[expect(clippy::await_holding_lock, reason = "the other test is to wait, and runs on another thread")]
async fn on_a_full_disk_nothing_is_sent_and_what_was_sent_is_not_lost() {
    let _alone = alone();
    // Without a handler, the signal that goes with the limit ends the process; a full disk sends none.
    let _ignored = signal(SignalKind::from_raw(25)).unwrap();
    let (simulator, home) = (simulator(), tempfile::tempdir().unwrap());
    let http = in_process::connector(Arc::clone(&simulator));
    let client = Client::demo(http, "demo", "eu-west-1", None, false).await.unwrap();
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

#[test]
fn folder_and_file_are_the_owners_alone_whatever_the_umask() {
    let _alone = alone();
    let ended = Ended { number: "1".into(), ending: Ending::seen("available", Timestamp::UNIX_EPOCH, None) };
    for mask in [0o000, 0o022, 0o077, 0o277] {
        let home = tempfile::tempdir().unwrap();
        let before = umask(Mode::from_raw_mode(mask));
        let journal = Journal::open(&home.path().join("clustersnap"));
        let appended = journal.append(&Line::Ended(ended.clone()));
        umask(before);
        appended.unwrap();
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        let modes = (mode(&home.path().join("clustersnap")), mode(&journal.path()));
        assert_eq!(modes, (0o700, 0o600), "umask {mask:o}");
    }
}
