//! The checks of the domain for the dry run and the linear mode: asks for what they judge, and creates nothing.

use jiff::Zoned;

use crate::domain::cluster::Cluster;
use crate::domain::failure::Failure;
use crate::domain::preflight::{self, Check, Facts, Known, Subject, Verdict};
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::text::escape;
use crate::headless::problem::{Code, Problem};
use crate::headless::table;
use crate::session::Session;
use crate::submit::service::Service as _;

/// Every check that can be made without creating, in the order of reading.
pub async fn checks(
    session: &Session,
    cluster: &Cluster,
    name: &SnapshotId,
    is_waited_for: bool,
) -> Vec<Check> {
    let client = session.client();
    let (caller, sighting, quota, journal, open) = tokio::join!(
        session.read_caller(),
        client.look_up(name),
        client.quota(),
        session.check_journal(),
        session.open_requests()
    );
    let open = open.map_err(|error| error.to_string());
    let facts = Facts {
        caller: known(&caller),
        cluster,
        is_waited_for,
        name: name.as_str(),
        taken_by: known(&sighting).map(|sighting| sighting.snapshot.as_ref()),
        quota: known(&quota).map(|quota| *quota),
        open: known(&journal).map(|()| open.as_deref().map_err(String::as_str)),
    };
    let mut checks = preflight::checks(&facts, &Zoned::now());
    // The embedded simulator has no journal, so nothing is said of one.
    checks.retain(|check| check.subject != Subject::Journal || !session.place().is_demo);
    checks
}

fn known<T>(answer: &Result<T, Failure>) -> Known<'_, &T> {
    answer.as_ref().map_or_else(Known::Failed, Known::Is)
}

/// What a check that stands in the way says to a program; `None` if it does not.
pub fn problem(check: &Check) -> Option<Problem> {
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
    Some(Problem::new(code, escape(&check.text)))
}

/// A check for a person, without what it is about. Safe to show.
pub fn line(check: &Check) -> String {
    format!("{}: {}", table::verdict(check.verdict), escape(&check.text))
}
