//! The checks of the domain for the dry run and the linear mode: asks for what they judge, and creates nothing.

use jiff::Zoned;

use crate::domain::age::clock;
use crate::domain::alteration::AlterationRecord;
use crate::domain::cluster::Cluster;
use crate::domain::context::Caller;
use crate::domain::failure::Failure;
use crate::domain::mark::RequestNumber;
use crate::domain::page::Quota;
use crate::domain::preflight::{
    self, AccountStanding, Check, Facts, Known, Open, Subject, Verdict, Waiting, numbers, related,
};
use crate::domain::record::OpenRecords;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::text::escape;
use crate::headless::hints::make_room;
use crate::headless::problem::{Code, Problem};
use crate::headless::table;
use crate::session::Session;
use crate::session::alter::refused_for_deletion;
use crate::submit::service::Service as _;

/// What a request is judged by that the command line says.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckTerms {
    /// Whether a busy cluster is waited for.
    pub is_waited_for: bool,
    /// Whether it is sent even if the journal cannot be written.
    pub without_journal: bool,
}

/// What is asked of a place once, for every request that goes there.
pub struct PlaceAnswers {
    /// Who asks.
    pub caller: Result<Caller, Failure>,
    /// The quota of manual snapshots.
    pub quota: Result<Option<Quota>, Failure>,
    /// Whether the journal can be written.
    journal: Result<(), Failure>,
    /// What it has open.
    open: Result<OpenRecords, String>,
    /// The deletions that may still take effect.
    deletions: Vec<AlterationRecord>,
}

impl PlaceAnswers {
    /// The open requests that are told of with a request.
    pub fn told(&self, request: &SnapshotRequest) -> Vec<RequestNumber> {
        let open = self.open.iter().flat_map(|open| &open.records);
        numbers(related(open, request.snapshot.as_str(), request.cluster.as_str()))
    }
}

/// Asks a place what every request that goes there is judged by.
pub async fn ask(session: &Session) -> PlaceAnswers {
    let (caller, quota, journal, open, deletions) = tokio::join!(
        session.check_caller(),
        session.client().quota(),
        session.check_journal(),
        session.open_requests(),
        session.deletions_under_way()
    );
    // Where the journal cannot be read, the check of what is open says so.
    let (open, deletions) = (open.map_err(|error| error.to_string()), deletions.unwrap_or_default());
    PlaceAnswers { caller, quota, journal, open, deletions }
}

/// Every check that can be made without creating, in the order of reading.
pub async fn checks(
    session: &Session,
    cluster: &Cluster,
    name: &SnapshotId,
    terms: CheckTerms,
) -> Vec<Check> {
    let (asked, sighting) = tokio::join!(ask(session), session.client().look_up(name));
    let taken_by = known(&sighting).map(|sighting| sighting.snapshot.as_ref());
    judge(session, &asked, cluster, (name, taken_by), terms)
}

/// The same of what was asked: `name` comes with the snapshot that has it.
pub fn judge(
    session: &Session,
    asked: &PlaceAnswers,
    cluster: &Cluster,
    name: (&SnapshotId, Known<'_, Option<&Snapshot>>),
    terms: CheckTerms,
) -> Vec<Check> {
    let facts = Facts {
        account: standing(cluster, &asked.caller),
        caller: asked.caller.as_ref().ok(),
        cluster_id: cluster.id.as_str(),
        resource_id: None,
        cluster: Some(cluster),
        stale: None,
        waiting: if terms.is_waited_for { Waiting::Yes } else { Waiting::No },
        name: name.0.as_str(),
        taken_by: name.1,
        unlisted: None,
        quota: known(&asked.quota).map(|quota| *quota),
        open: Open {
            records: asked.open.iter().flat_map(|open| &open.records).collect(),
            lines_missing: asked.open.as_ref().map_or(0, |open| open.lines_missing),
            unreadable: asked.open.as_ref().err().map(String::as_str),
            unwritable: asked.journal.as_ref().err(),
            may_do_without: terms.without_journal,
            is_under_way: false,
            sent: clock,
        },
        refusal: None,
    };
    let mut checks = preflight::checks(&facts, &Zoned::now());
    let refused = refused_for_deletion(name.0, &asked.deletions);
    for check in checks.iter_mut().filter(|check| check.subject == Subject::Name) {
        check.refuse(refused.as_ref());
    }
    // The embedded simulator has no journal, so nothing is said of one.
    checks.retain(|check| check.subject != Subject::Journal || !session.target().is_demo);
    checks
}

/// Whose the request is: by the caller, else by the cluster's own ARN. Who may not, or cannot, ask for the caller's name
/// can create all the same.
fn standing<'a>(cluster: &Cluster, caller: &'a Result<Caller, Failure>) -> AccountStanding<'a> {
    match (cluster.account(), caller) {
        (Some(account), Ok(caller)) if caller.account != account => {
            AccountStanding::Disputed(account, caller)
        }
        (_, Ok(caller)) => AccountStanding::Known(caller.account.clone()),
        (_, Err(failure)) if failure.kind.is_credentials() => AccountStanding::Refused(failure),
        (Some(account), Err(_)) => AccountStanding::Known(account),
        (None, Err(failure)) => AccountStanding::NotFoundOut(failure),
    }
}

fn known<T>(answer: &Result<T, Failure>) -> Known<'_, &T> {
    answer.as_ref().map_or_else(Known::Failed, Known::Is)
}

/// What a check that stands in the way says to a program; `None` if it does not.
pub fn problem(session: &Session, check: &Check) -> Option<Problem> {
    if check.verdict != Verdict::Blocks {
        return None;
    }
    if let Some(failure) = &check.failure {
        return Some(failure.clone().into());
    }
    let code = match check.subject {
        Subject::Credentials => Code::Credentials,
        Subject::Cluster => Code::InvalidClusterState,
        Subject::Name => Code::SnapshotExists,
        Subject::Quota => Code::QuotaExceeded,
        Subject::Journal => Code::OutcomeUnknown,
    };
    let problem = Problem::new(code, escape(&check.text));
    Some(if check.subject == Subject::Quota { problem.and(&make_room(session)) } else { problem })
}

/// A check for a person, without what it is about. Safe to show.
pub fn line(check: &Check) -> String {
    format!("{}: {}", table::verdict(check.verdict), words(check))
}

/// The check in words: of what failed all that is known. Safe to show.
pub fn words(check: &Check) -> String {
    escape(&check.failure.as_ref().map_or_else(|| check.text.clone(), ToString::to_string))
}
