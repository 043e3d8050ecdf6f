//! A service, a program with its journal, and the truth about both.

use std::sync::Arc;
use std::time::Duration;

use clustersnap::domain::account::AccountId;
use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::context::Caller;
use clustersnap::domain::listing::HORIZON;
use clustersnap::domain::mark::MARK_KEY;
use clustersnap::domain::outcome::{Outcome, Step};
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::record::{OutcomeLine, Record};
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;
use clustersnap::journal::Journal;
use clustersnap::rds::Client;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultScript, Tagger};
use clustersnap::sim::fleet::{ClusterSpec, Fleet};
use clustersnap::sim::{Simulator, SimulatorOptions, in_process};
use clustersnap::submit::{Submission, Submitted, fresh_number, settle, submit};
use jiff::{SignedDuration, Timestamp};

pub use super::cells::CREATE;
use super::support::demo;
use super::support::past::Past;
use super::truth::Truth;

pub const LOOK_UP: &str = "DescribeDBClusterSnapshots";
pub const NAME: &str = "nightly";

/// What a world is made of.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    pub faults: Vec<Fault>,
    /// For how many seconds a new snapshot is not listed.
    pub lag: i64,
    /// How many seconds this machine's clock is ahead of the service's.
    pub ahead: i64,
    /// Whether requests are sent without their mark.
    pub unmarked: bool,
    /// What changes the tags of new snapshots.
    pub tagger: Option<Tagger>,
}

/// A service and this machine. Clones are the same world.
#[derive(Clone)]
pub struct World {
    pub simulator: Arc<Simulator>,
    pub journal: Journal,
    home: Arc<tempfile::TempDir>,
    ahead: i64,
    unmarked: bool,
}

impl World {
    pub fn new(setup: Setup) -> Self {
        Self::with(setup, Fleet::demo())
    }

    /// A world in which a snapshot that is deleted is there for ten minutes more.
    pub fn slow_to_delete() -> Self {
        Self::with(Setup::default(), Fleet { delete_takes: Period::seconds(600), ..Fleet::demo() })
    }

    fn with(setup: Setup, mut fleet: Fleet) -> Self {
        fleet.clusters = vec![
            ClusterSpec::new("orders", "aurora-postgresql", "16.4"),
            ClusterSpec::new("billing", "mysql", "8.0.39"),
        ];
        fleet.list_lag = Period::seconds(setup.lag);
        let epoch = "2026-11-23T02:00:00.700Z".parse().unwrap();
        let options = SimulatorOptions { epoch: Some(epoch), speed: 1.0 };
        let script = FaultScript::new(setup.faults);
        let script = FaultScript { tagger: setup.tagger, ..script };
        let simulator = Arc::new(Simulator::new(fleet, script, options));
        let home = Arc::new(tempfile::tempdir().unwrap());
        let journal = Journal::open(&home.path().join("clustersnap"));
        Self { simulator, journal, home, ahead: setup.ahead, unmarked: setup.unmarked }
    }

    /// The same world, with another journal.
    pub fn with_journal(&self, folder: &std::path::Path) -> Self {
        Self { journal: Journal::open(folder), ..self.clone() }
    }

    /// The folder that the journal's folder is in.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// A connection of its own, as each running program has.
    pub fn client(&self) -> Client {
        demo::client(in_process::connector(Arc::clone(&self.simulator)), false)
    }

    /// This machine's clock.
    pub fn clock(&self) -> impl Fn() -> Timestamp + Send + Sync + 'static {
        let world = self.clone();
        move || world.simulator.now() + SignedDuration::from_secs(world.ahead)
    }

    pub fn submission(&self, tags: &[(&str, &str)]) -> Submission {
        let number = fresh_number(self.clock()());
        let mark = (!self.unmarked).then(|| (MARK_KEY, number.to_string()));
        let mark_row = mark.as_ref().map(|(key, number)| (*key, number.as_str()));
        let request = SnapshotRequest {
            number: number.clone(),
            cluster: ClusterId::parse("orders").unwrap(),
            cluster_resource_id: None,
            snapshot: SnapshotId::parse(NAME).unwrap(),
            tags: TagSet::parse(tags.iter().copied().chain(mark_row)).unwrap(),
            change: None,
            mark: mark.as_ref().map(|(key, _)| (*key).to_owned()),
        };
        Submission { caller: Some(caller()), ..demo::submission(&self.client(), request) }
    }

    /// Submits as a program does: in a task of its own, to its end.
    pub async fn submit(&self, tags: &[(&str, &str)]) -> (Submitted, Vec<Step>) {
        self.submit_for(tags, None).await
    }

    /// The same, confirmed for an account.
    pub async fn submit_for(
        &self,
        tags: &[(&str, &str)],
        confirmed_for: Option<AccountId>,
    ) -> (Submitted, Vec<Step>) {
        let mut submission = self.submission(tags);
        submission.consent.account = confirmed_for;
        self.submit_this(submission).await
    }

    /// The same of a submission as it is.
    pub async fn submit_this(&self, submission: Submission) -> (Submitted, Vec<Step>) {
        let world = self.clone();
        let running = tokio::spawn(async move {
            let client = world.client();
            let mut steps = Vec::new();
            let on_step = |step| steps.push(step);
            let submitted = submit(&client, Some(&world.journal), submission, world.clock(), on_step).await;
            (submitted, steps)
        });
        running.await.unwrap()
    }

    /// What is open, as the next start finds it.
    pub fn open(&self) -> Vec<Record> {
        let refused_since = self.clock()() - HORIZON;
        let open = self.journal.open_requests(refused_since).unwrap().records.into_iter();
        let place = self.client().target().clone();
        open.filter(|record| record.intent.is_of(&place, Some(&caller()))).collect()
    }

    /// Looks up once what became of every open request, and of every refused one that can be taken back.
    pub async fn settle(&self) -> Vec<Outcome> {
        let client = self.client();
        let mut outcomes = Vec::new();
        for record in self.open().into_iter().filter(|record| !record.is_unfinished()) {
            let journal = Some(&self.journal);
            let settled = settle(&client, journal, &record.intent, record.cause(), self.clock()).await;
            let unknown = |failed| record.unsettled(failed);
            outcomes.push(settled.unwrap_or_else(unknown));
        }
        outcomes
    }

    /// All that the journal says.
    pub fn past(&self) -> Past {
        Past::of(&self.journal)
    }

    /// What the journal says of every request.
    pub fn words(&self) -> Vec<OutcomeKind> {
        self.past().records.iter().map(Record::kind).collect()
    }

    /// How many creates arrived at the service, or were on their way.
    pub fn sent(&self) -> u64 {
        self.simulator.calls(CREATE)
    }

    /// Panics if a word is false: the service knows how many creates took effect.
    pub fn holds_true(&self, outcome: &Outcome, context: &str) {
        Truth { world: self, context, is_refused: true, changes_account: false }.holds_true(outcome);
    }
}

pub fn caller() -> Caller {
    Caller {
        account: AccountId::reported("123456789012").unwrap(),
        arn: "arn:aws:iam::123456789012:user/dba".to_owned(),
    }
}

pub fn word(outcome: &Outcome) -> OutcomeKind {
    OutcomeLine::new("", Timestamp::UNIX_EPOCH, outcome, None).outcome
}

pub async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}
