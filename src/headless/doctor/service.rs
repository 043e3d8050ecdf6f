//! What the service answers: who asks, its clock, what may be read, and the quota.

use jiff::{SignedDuration, Timestamp};

use super::remedy;
use super::row::Finding;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::Quota;
use crate::domain::preflight::{self, Known, Verdict};
use crate::domain::text::length;
use crate::headless::hints::make_room;
use crate::headless::problem::Code;
use crate::session::Session;

const CLUSTERS: &str = "rds:DescribeDBClusters";
const SNAPSHOTS: &str = "rds:DescribeDBClusterSnapshots";
const EVENTS: &str = "rds:DescribeEvents";
const QUOTA: &str = "rds:DescribeAccountAttributes";
const CREATE: &str = "rds:CreateDBClusterSnapshot";

/// A name that is looked up to see whether names may be looked up; it need not be there.
const ANY_NAME: &str = "clustersnap-doctor";
/// For how many minutes back events are asked for, to see whether they may be.
const ANY_MINUTES: u16 = 1;
/// How far this machine's clock may be off. Signatures are accepted for 5 minutes either way.
const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_mins(4);

/// Asks the service what may be asked of it.
pub async fn rows(session: &Session) -> Vec<Finding> {
    let client = session.client();
    let (caller, clusters) = tokio::join!(session.read_caller(), client.clusters_page(None));
    let identity = match caller {
        Ok(caller) => Finding::fine("identity", &format!("{} in account {}", caller.arn, caller.account)),
        Err(failure) => Finding::of_failure("identity", weight_of_caller(&failure), &failure),
    };
    let mut rows = vec![identity, read(CLUSTERS, Verdict::Blocks, &clusters)];
    if clusters.is_err_and(|failure| !is_refusal(&failure)) {
        rows.extend(others_not_tried(&format!("not tried after what became of {CLUSTERS}")));
        return rows;
    }
    let asked = Timestamp::now();
    let names = [ANY_NAME.to_owned()];
    let (snapshots, events, quota) =
        tokio::join!(client.snapshots_named(&names), client.events_page(ANY_MINUTES, None), client.quota());
    rows.push(read(SNAPSHOTS, Verdict::Blocks, &snapshots));
    rows.push(read(EVENTS, Verdict::Doubt, &events));
    rows.push(read(QUOTA, Verdict::Doubt, &quota));
    rows.push(create(session.target().is_read_only));
    rows.push(clock(snapshots.ok().and_then(|answer| answer.server_time), asked, Timestamp::now()));
    rows.extend(quota.ok().map(|quota| of_quota(quota, &make_room(session))));
    rows
}

/// All of it, where there is nobody to ask as.
pub fn not_tried(why: &str) -> Vec<Finding> {
    let why = format!("not tried: {why}");
    let first = ["identity", CLUSTERS].map(|check| Finding::new(check, Verdict::Unknown, &why));
    first.into_iter().chain(others_not_tried(&why)).collect()
}

fn others_not_tried(why: &str) -> impl Iterator<Item = Finding> {
    [SNAPSHOTS, EVENTS, QUOTA, CREATE, "clock"]
        .into_iter()
        .map(|check| Finding::new(check, Verdict::Unknown, why))
}

/// Whether the service itself answered, and only this call is refused.
fn is_refusal(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::AccessDenied | FailureKind::Forbidden)
}

/// A request goes without the caller's name; with credentials that are not accepted it does not.
fn weight_of_caller(failure: &Failure) -> Verdict {
    match failure.kind {
        kind if kind.is_credentials() => Verdict::Blocks,
        kind if kind.is_passing() => Verdict::Unknown,
        _ => Verdict::Doubt,
    }
}

/// A read, and what it means that it fails: without some no request is made, without others less is told.
fn read<T>(action: &'static str, without: Verdict, answer: &Result<T, Failure>) -> Finding {
    match answer {
        Ok(_) => Finding::fine(action, "allowed"),
        Err(failure) => Finding::of_failure(action, without, failure),
    }
}

/// Whether a snapshot may be created is not tried: AWS tells it only to who creates one.
fn create(is_read_only: bool) -> Finding {
    let text = if is_read_only {
        "not tried, and not sent by this program, as it was started with --read-only"
    } else {
        "not tried: only a create shows it, and with tags, as the mark is one, rds:AddTagsToResource"
    };
    Finding::new(CREATE, Verdict::Unknown, text)
}

fn of_quota(quota: Option<Quota>, room: &str) -> Finding {
    let check = preflight::of_quota(Known::Is(quota));
    let row = Finding::new("quota", check.verdict, &check.text);
    let remedy = format!("Have the quota raised (Service Quotas, Amazon RDS), or make room. {room}");
    match check.verdict {
        Verdict::Blocks => row.coded(Code::QuotaExceeded).remedied(&remedy),
        Verdict::Doubt => row.remedied(&remedy),
        Verdict::Unknown | Verdict::Fact | Verdict::Fine => row,
    }
}

/// How this machine's clock stands to the service's, which tells whole seconds; the answer came between `asked` and
/// `answered`, so what is within these is no difference.
fn clock(server: Option<Timestamp>, asked: Timestamp, answered: Timestamp) -> Finding {
    let Some(server) = server else {
        return Finding::new(
            "clock",
            Verdict::Unknown,
            "taken from the answer to rds:DescribeDBClusterSnapshots, and there is none",
        );
    };
    let ahead = asked.duration_since(server) - SignedDuration::from_secs(1);
    let behind = server.duration_since(answered);
    let (off, side) = if ahead.is_positive() { (ahead, "ahead of") } else { (behind, "behind") };
    if !off.is_positive() {
        return Finding::fine("clock", "as the service's");
    }
    let text = format!("at least {} {side} the service's", length(off.unsigned_abs()));
    if off > CLOCK_TOLERANCE {
        let remedy = remedy::of_kind(FailureKind::SignatureTime);
        return Finding::new("clock", Verdict::Doubt, &text).remedied(remedy);
    }
    Finding::fine("clock", &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_off_by_no_more_than_is_certain() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let verdict = |server, asked, answered| clock(Some(at(server)), at(asked), at(answered)).verdict;
        assert_eq!(verdict(1000, 1000, 1001), Verdict::Fine);
        assert_eq!(verdict(1000, 1241, 1242), Verdict::Fine);
        assert_eq!(verdict(1000, 1242, 1243), Verdict::Doubt);
        assert_eq!(verdict(1300, 1000, 1001), Verdict::Doubt);
        assert_eq!(verdict(1300, 1000, 1100), Verdict::Fine);
        assert_eq!(clock(None, at(0), at(1)).verdict, Verdict::Unknown);
    }

    #[test]
    fn the_quota_stands_in_the_way_when_it_is_used_up() {
        let row = of_quota(Some(Quota { used: 100, max: 100 }), "");
        assert_eq!((row.verdict, row.exit()), (Verdict::Blocks, 3));
        assert_eq!(of_quota(None, "").verdict, Verdict::Unknown);
    }
}
