//! A connection to the service with the journal that belongs to it: what the interactive program and the
//! commands share.
//!
//! Which journal a request is written to, whose name stands in it, and how it is read and settled are
//! decided here once. This room knows [`rds`], [`submit`](crate::submit), [`journal`](crate::journal) and the
//! simulator's in-process door; no screen and no stream. [`changes`]: the changes of this machine.

pub mod alter;
pub mod changes;

mod caller;
mod events;

use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinError;

use crate::domain::cluster::Cluster;
use crate::domain::context::{Caller, Target};
use crate::domain::ending::{Ending, GONE};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::{HORIZON, LIST_LAG, Listing};
use crate::domain::outcome::{Outcome, Step};
use crate::domain::pattern::Candidate;
use crate::domain::policy::{Confirmation, Policy};
use crate::domain::record::{Entry, Intent, OpenRecords, Position, Record, RecordPage};
use crate::domain::request::SnapshotRequest;
use crate::journal::{Ended, Journal, JournalError, Line};
use crate::rds::{self, Client};
use crate::sim::demo::{DEMO_PLACES, DemoPlace};
use crate::sim::{Simulator, in_process};
pub use crate::submit::Consent;
use crate::submit::service::Service as _;
use crate::submit::{Submission, Submitted};

/// For how long it is expected that a snapshot which was found to be gone comes back.
const MAY_COME_BACK: SignedDuration = SignedDuration::from_hours(24);
/// How many requests of the past are read at a time: some screenfuls.
pub const PAST: usize = 500;

/// The pause between the look-ups of two requests that were left open: RDS is asked at most once a second.
pub const TURN: Duration = Duration::from_secs(1);

/// A client, and what goes with it.
#[derive(Debug)]
pub struct Session {
    client: Client,
    /// `None` with the embedded simulator, which leaves no trace on this machine.
    journal: Option<Result<Journal, JournalError>>,
    /// Who the caller was found to be last, or why that was never told: after a new login it may be somebody else.
    caller: RwLock<Option<Result<Caller, Failure>>>,
    /// What may hold a request back; without it none is sent.
    policy: Option<Policy>,
}

impl Session {
    /// Reads AWS's configuration of this machine, or starts the embedded simulator. Sends nothing to AWS. The policy
    /// is for whoever submits: without one, nothing that changes anything is ever sent.
    pub async fn connect(
        demo: bool,
        options: &rds::ServiceOptions,
        policy: Option<Policy>,
    ) -> Result<Self, Failure> {
        let client = if demo { demo_client(options).await? } else { Client::connect(options).await? };
        let journal = (!client.target().is_demo).then(Journal::open_default);
        Ok(Self { client, journal, caller: RwLock::default(), policy })
    }

    /// The client.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Where requests go.
    pub(crate) fn target(&self) -> &Target {
        self.client.target()
    }

    /// What an answer to a look at so many snapshots is worth: where it lacks some of them, it is found out whose
    /// lists it is from, as far as the answer itself does not say.
    pub async fn listing(&self, mut answer: Listing, asked: usize) -> Listing {
        if answer.account.is_none() && answer.listed.len() < asked {
            answer.account = self.client.account().await;
        }
        answer
    }

    /// The journal, if there is one that can be used.
    pub(crate) fn journal(&self) -> Option<&Journal> {
        self.journal.as_ref().and_then(|journal| journal.as_ref().ok())
    }

    /// The journal where there is to be one, or why it cannot be used.
    pub(crate) fn journal_to_write(&self) -> Result<Option<&Journal>, Failure> {
        let journal = self.journal.as_ref().map(Result::as_ref).transpose();
        journal.map_err(|error| Failure::local(FailureKind::Journal, error.to_string()))
    }

    /// Makes sure that the journal can be written, where there is to be one.
    pub async fn check_journal(&self) -> Result<(), Failure> {
        match self.journal_to_write()? {
            Some(journal) => Ok(asked(journal, Journal::check).await?),
            None => Ok(()),
        }
    }

    /// Makes one confirmed request into one outcome. The future must be driven to its end; see
    /// [`crate::submit::submit`].
    pub async fn submit(
        &self,
        request: SnapshotRequest,
        consent: Consent,
        on_step: impl FnMut(Step),
    ) -> Submitted {
        let without_journal = consent.without_journal;
        let refuse = |failure| Submitted::unsent(Outcome::NotCreated(failure));
        let Some(policy) = self.policy.clone() else {
            return refuse(Failure::local(FailureKind::Broken, "this connection is for reading only"));
        };
        let journal = match self.journal_to_write() {
            _ if without_journal => None,
            Ok(journal) => journal,
            Err(failure) => return refuse(failure),
        };
        // One set of credentials from the first look to the last: what is confirmed for one account is not sent
        // to another because somebody logs in meanwhile.
        let client = match self.client.pinned().await {
            Ok(client) => client,
            Err(failure) => return refuse(failure),
        };
        match self.refuse_before_deletion(&request.snapshot).await {
            // It cannot be read: that was said to be no hindrance, and nothing else was.
            Err(Failure { kind: FailureKind::Journal, .. }) if without_journal => {}
            Err(failure) => return refuse(failure),
            Ok(()) => {}
        }
        let (snapshot, cluster) = (request.snapshot.to_string(), request.cluster.to_string());
        let place = self.target().clone();
        let submission = Submission { request, caller: self.caller(), place, policy, consent };
        let submitted =
            Box::pin(crate::submit::submit(&client, journal, submission, Timestamp::now, on_step)).await;
        self.note_end_at_once(&submitted).await;
        let is_settled = submitted.outcome.is_settled();
        tracing::info!(snapshot, cluster, settled = is_settled, "a request has an outcome");
        submitted
    }

    /// Journals the end of a snapshot that had ended in the answer already, or when it was found again.
    async fn note_end_at_once(&self, Submitted { outcome, intent, .. }: &Submitted) {
        let made = outcome.snapshot().filter(|made| made.status.is_final());
        if let (Some(made), Some(intent)) = (made, intent) {
            // The create time in an answer is the server's clock at that answer, as near as it is told.
            let server_time = made.created_at.filter(|_| matches!(outcome, Outcome::Created { .. }));
            let ending = Ending::seen(made.status.as_str(), Timestamp::now(), server_time);
            // Who follows it sees the end as well, and tells if it cannot be written down.
            let _ = self.note_end(&intent.number, &ending).await;
        }
    }

    /// Why the policy would hold a request to this cluster back, as far as can be told without sending it.
    pub(crate) fn holds_back(
        &self,
        request: &SnapshotRequest,
        cluster: &Cluster,
        confirmation: &Confirmation,
    ) -> Option<Failure> {
        let account = cluster.account().or_else(|| self.account());
        let target = Candidate {
            profile: self.target().guarded_as(),
            account: account.as_ref(),
            cluster: cluster.id.as_str(),
            tags: Some(&cluster.tags),
        };
        self.policy.as_ref()?.holds_back(&target, request.tags.as_slice(), confirmation)
    }

    /// Looks up once what became of a request whose outcome is not known; see [`crate::submit::settle`].
    pub async fn settle(&self, intent: &Intent, cause: Failure) -> Result<Outcome, Failure> {
        crate::submit::settle(&self.client, self.journal(), intent, cause, Timestamp::now).await
    }

    /// What the journal has open in this place, whichever program asked for it.
    pub async fn open_requests(&self) -> Result<OpenRecords, JournalError> {
        let refused_since = Timestamp::now() - HORIZON;
        self.requests(move |journal| journal.open_requests(refused_since)).await
    }

    /// The requests in this place of which it is not known what became, whichever program asked for them.
    pub async fn unsettled_requests(&self) -> Result<OpenRecords, JournalError> {
        self.requests(Journal::unsettled_requests).await
    }

    async fn requests(
        &self,
        ask: impl FnOnce(&Journal) -> Result<OpenRecords, JournalError> + Send + 'static,
    ) -> Result<OpenRecords, JournalError> {
        let Some(journal) = self.journal() else { return Ok(OpenRecords::default()) };
        let caller = self.caller();
        let mut open = asked(journal, ask).await?;
        open.records.retain(|record| record.intent.is_of(self.target(), caller.as_ref()));
        Ok(open)
    }

    /// The newest requests of the last day in this place whose snapshots were found to be gone, as far as the journal
    /// can be read: a list may still take that back.
    pub async fn gone_requests(&self) -> Vec<Record> {
        let Some(journal) = self.journal() else { return Vec::new() };
        let since = Timestamp::now() - MAY_COME_BACK;
        let read = asked(journal, |journal| journal.page(None, PAST)).await;
        let caller = self.caller();
        let past = read.unwrap_or_default().entries;
        let requests = past.into_iter().filter_map(|(_, entry)| entry.request());
        let is_gone = |record: &Record| {
            let is_recent = record.intent.at_the_latest() >= since;
            is_recent && record.is_gone() && record.intent.is_of(self.target(), caller.as_ref())
        };
        requests.filter(is_gone).collect()
    }

    /// The requests for a snapshot of this name, whichever program asked for it.
    pub async fn requests_named(&self, snapshot: &str) -> Result<Vec<Record>, JournalError> {
        let Some(journal) = self.journal() else { return Ok(Vec::new()) };
        let name = snapshot.to_owned();
        asked(journal, move |journal| journal.named(&name)).await
    }

    /// Journals that the snapshot of a journalled request is gone: another one has its name.
    ///
    /// # Errors
    /// Why it could not be: whoever looks next sees the same, and tries again.
    pub async fn note_replaced(
        &self,
        intent: &Intent,
        server_time: Option<Timestamp>,
    ) -> Result<(), JournalError> {
        self.note_end(&intent.number, &Ending::seen(GONE, Timestamp::now(), server_time)).await
    }

    /// Journals how the snapshot of a journalled request ended.
    ///
    /// # Errors
    /// Why it could not be: whoever looks next sees the same end, and tries again.
    pub async fn note_end(&self, number: &str, ending: &Ending) -> Result<(), JournalError> {
        let Some(journal) = self.journal() else { return Ok(()) };
        let line = Line::Ended(Ended { number: number.to_owned(), ending: ending.clone() });
        asked(journal, move |journal| journal.append(&line)).await
    }
}

/// Reads a page of the journal for a person to look at, the newest or the one before a position. That needs no
/// connection: the journal of requests is there also when the credentials have run out.
///
/// # Errors
/// If it cannot be read.
pub async fn past(before: Option<Position>) -> Result<RecordPage, JournalError> {
    asked(&Journal::open_default()?, move |journal| journal.page(before, PAST)).await
}

/// Reads what begins at some positions of the journal.
///
/// # Errors
/// If it cannot be read.
pub async fn entries_at(positions: Vec<Position>) -> Result<Vec<(Position, Entry)>, JournalError> {
    asked(&Journal::open_default()?, move |journal| journal.entries_at(&positions)).await
}

/// What another request is beside in the journal of this machine, in whichever place and asked for by whichever program:
/// what is open, which changes have something still to send, and what was made a moment ago, which lists may not have yet;
/// and why it cannot be written: then nothing can be sent that it has to hold. That needs no connection.
///
/// # Errors
/// `Journal`, if it cannot be read.
pub async fn open_beside() -> Result<OpenRecords, JournalError> {
    let journal = Journal::open_default()?;
    let made_since = Timestamp::now() - LIST_LAG;
    let open = asked(&journal, move |journal| journal.open_or_made_since(made_since)).await?;
    let (checked, changes) = asked(&journal, |journal| (journal.check(), journal.changes_under_way())).await;
    Ok(OpenRecords { changes, unwritable: checked.err().map(Failure::from), ..open })
}

/// How many lines of this machine's journal cannot be read.
///
/// # Errors
/// If it is there and cannot be read at all.
pub async fn lines_missing() -> Result<usize, JournalError> {
    asked(&Journal::open_default()?, Journal::lines_missing).await
}

/// A client of the embedded simulator, of which there is one in a run: in the place of the demo that is named, or in
/// the first.
async fn demo_client(options: &rds::ServiceOptions) -> Result<Client, Failure> {
    static SIMULATOR: OnceLock<Arc<Simulator>> = OnceLock::new();
    let place = DemoPlace::named(options.profile.as_deref()).ok_or_else(no_such_demo)?;
    let region = options.region.clone().unwrap_or_else(|| place.region.to_owned());
    let (profile, is_read_only) = (options.profile.clone(), options.read_only);
    // The fleet is parsed and the TLS of a client prepared: milliseconds that no key should wait for.
    let make = || in_process::connector(Arc::clone(SIMULATOR.get_or_init(|| Arc::new(Simulator::demo()))));
    Client::demo(blocking(make).await, &place.access_key(), &region, profile, is_read_only).await
}

fn no_such_demo() -> Failure {
    let known = DEMO_PLACES.map(|place| place.profile).join(", ");
    Failure::local(FailureKind::Configuration, format!("the demo has no such profile; it has {known}"))
}

/// What the journal answers.
async fn asked<T: Send + 'static>(
    journal: &Journal,
    question: impl FnOnce(&Journal) -> T + Send + 'static,
) -> T {
    let journal = journal.clone();
    blocking(move || question(&journal)).await
}

/// Does what a disk may take seconds for.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await.map_err(JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The program is ending: nothing goes on from here.
        Err(Err(_cancelled)) => std::future::pending().await,
    }
}
