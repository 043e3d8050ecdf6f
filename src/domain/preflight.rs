//! What is known before a request is made, judged once: for the form, the review, the dry run and the linear
//! mode. What is not known is told as not known.
//!
//! Text in it comes from outside and is not yet safe to show.

use jiff::Zoned;
use serde::Serialize;

use super::account::{AccountId, may_be_same};
use super::cluster::Cluster;
use super::context::Caller;
use super::failure::{Failure, FailureKind};
use super::naming::who_of;
use super::page::Quota;
use super::snapshot::Snapshot;
use super::status::Readiness;

mod name;
mod open;

use name::{as_listed, beside_open, of_name};
pub use open::{Open, Relation, missing_words, numbers, of_open, open_words, related};

/// From which share of the quota on it is worth a warning, in percent.
const NEARLY_FULL: u64 = 90;

/// What a check is about. Serialized as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Subject {
    /// The caller.
    Credentials,
    /// The DB cluster.
    Cluster,
    /// The snapshot's identifier.
    Name,
    /// The quota of manual snapshots.
    Quota,
    /// What this machine's journal has open.
    Journal,
}

impl Subject {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }
}

/// What a check means for the request; the order is that of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The request would certainly be refused.
    Blocks,
    /// A person should look at it twice.
    Doubt,
    /// Not known, or not known yet.
    Unknown,
    /// It is as it should be.
    Fine,
    /// Something to know.
    Fact,
}

/// Something that is known, or not, before the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it is about.
    pub subject: Subject,
    /// What it means for the request.
    pub verdict: Verdict,
    /// The check in words; where a call failed, its failure has more of them.
    pub text: String,
    /// The same where there is room for a few words only; empty if it is as it should be.
    pub brief: String,
    /// Why it is not known, or what stands in the way, where a call failed.
    pub failure: Option<Failure>,
    /// Whether the answer is still waited for.
    pub is_asked: bool,
}

impl Check {
    /// Takes why the request would be refused, unless something stands in its way already.
    pub fn refuse(&mut self, refused: Option<&Failure>) {
        if let Some(failure) = refused.filter(|_| self.verdict != Verdict::Blocks) {
            let text = failure.message.clone();
            *self =
                Self { failure: Some(failure.clone()), ..check(self.subject, Verdict::Blocks, &text, "") };
        }
    }
}

/// What was asked of the service, or of this machine, about the request.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a, T> {
    /// There is no answer yet.
    Asking,
    /// It could not be found out.
    Failed(&'a Failure),
    /// The answer.
    Is(T),
}

impl<'a, T> Known<'a, T> {
    /// The same with something made of the answer.
    pub(crate) fn map<U>(self, make: impl FnOnce(T) -> U) -> Known<'a, U> {
        match self {
            Self::Asking => Known::Asking,
            Self::Failed(failure) => Known::Failed(failure),
            Self::Is(answer) => Known::Is(make(answer)),
        }
    }
}

/// What is known of the account that a request goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountStanding<'a> {
    /// It is this one.
    Known(AccountId),
    /// It was this one; that it still is cannot be verified now.
    Unverified(AccountId, &'a Failure),
    /// The cluster is of the first one, the credentials are of the second one.
    Disputed(AccountId, &'a Caller),
    /// It is not known, and could not be found out: AWS judges the request itself.
    NotFoundOut(&'a Failure),
    /// AWS takes nothing that is signed with the credentials, as it answered last.
    Refused(&'a Failure),
    /// It is being asked for.
    Asking,
}

/// What happens with a request for a cluster that is busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// AWS refuses it.
    No,
    /// It is sent as soon as the cluster is available.
    Yes,
    /// A person is asked which of both it is to be.
    Offered,
}

/// What is known of a request before it is made.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Whose the request is.
    pub account: AccountStanding<'a>,
    /// Who asks, if that is known.
    pub caller: Option<&'a Caller>,
    /// The identifier of the cluster.
    pub cluster_id: &'a str,
    /// Its resource id as the person saw it, if that is known.
    pub resource_id: Option<&'a str>,
    /// The cluster, if it is there.
    pub cluster: Option<&'a Cluster>,
    /// Why it could not be read anew.
    pub stale: Option<&'a Failure>,
    /// What happens if it is busy.
    pub waiting: Waiting,
    /// The snapshot's identifier, as it is stored.
    pub name: &'a str,
    /// The snapshot that has the name.
    pub taken_by: Known<'a, Option<&'a Snapshot>>,
    /// Why that could not be read anew.
    pub unlisted: Option<&'a Failure>,
    /// The quota, if the account reports one.
    pub quota: Known<'a, Option<Quota>>,
    /// The open requests.
    pub open: Open<'a>,
    /// Why AWS refused this very request the last time: what was read since and says otherwise is in doubt.
    pub refusal: Option<&'a Failure>,
}

/// All checks, in the order of reading.
pub(crate) fn checks(facts: &Facts<'_>, now: &Zoned) -> Vec<Check> {
    let refusal = facts.refusal.map(|failure| failure.kind);
    let mut checks = vec![
        of_account(&facts.account, facts.caller),
        beside_refusal(of_cluster(facts), refusal),
        beside_open(as_listed(of_name(facts.name, facts.taken_by, now), facts), &facts.open, facts.name, now),
        beside_refusal(of_quota(facts.quota), refusal),
    ];
    checks.extend(of_open(&facts.open, facts.name, facts.cluster_id, now));
    checks
}

/// Whose the request is. That nobody tells is no reason to refuse; that AWS takes no such credentials is.
fn of_account(standing: &AccountStanding<'_>, caller: Option<&Caller>) -> Check {
    let about = |verdict, text: &str, brief: &str| check(Subject::Credentials, verdict, text, brief);
    let failed = |verdict, what: &str, brief: &str, failure| of_failure(about(verdict, what, brief), failure);
    let not_taken = "AWS takes no request now";
    match standing {
        AccountStanding::Asking => asking(Subject::Credentials, "account: asking", "account not known"),
        AccountStanding::Known(account) => {
            let who = caller.filter(|caller| caller.account == *account).map(|caller| who_of(&caller.arn));
            let text = match who {
                Some(who) => format!("as {who} of {account}"),
                None => format!("in account {account}, caller not known"),
            };
            about(Verdict::Fact, &text, "")
        }
        AccountStanding::Disputed(account, caller) => {
            let text =
                format!("cluster of {account}, credentials of {}: sent to {account} only", caller.account);
            about(Verdict::Doubt, &text, "two accounts")
        }
        AccountStanding::Unverified(account, failure) => {
            let what = format!("account {account} cannot be verified now");
            failed(Verdict::Doubt, &what, "account not verified", failure)
        }
        AccountStanding::NotFoundOut(failure) => {
            failed(Verdict::Unknown, "account and caller not known", "account not known", failure)
        }
        AccountStanding::Refused(failure) => failed(Verdict::Blocks, not_taken, not_taken, failure),
    }
}

/// Whether AWS takes a snapshot of the cluster now, as far as its status tells.
fn of_cluster(facts: &Facts<'_>) -> Check {
    let about = |verdict, text: &str, brief: &str| check(Subject::Cluster, verdict, text, brief);
    let Some(cluster) = facts.cluster else {
        let text = format!("{} does not exist any more", facts.cluster_id);
        return about(Verdict::Blocks, &text, "the cluster is gone");
    };
    if !may_be_same(facts.resource_id, cluster.resource_id.as_deref()) {
        let text = format!("{} is another cluster now, with another resource id", cluster.id);
        return about(Verdict::Blocks, &text, "it is another cluster now");
    }
    let status = &cluster.status;
    match (status.readiness(), facts.waiting, facts.stale) {
        (Readiness::NotReady, _, _) | (Readiness::Busy, Waiting::No, _) => {
            about(Verdict::Blocks, &not_available(cluster), &format!("the cluster is {status}"))
        }
        (_, _, Some(failure)) => {
            let what = format!("cluster was {status}; it could not be read anew");
            of_failure(about(Verdict::Doubt, &what, "cluster not read anew"), failure)
        }
        (Readiness::Ready, _, None) => about(Verdict::Fine, &format!("cluster {status}"), ""),
        (Readiness::Busy | Readiness::Unknown, Waiting::Yes, None) => {
            let text = format!("cluster {status}: it will be waited for");
            about(Verdict::Doubt, &text, "the cluster will be waited for")
        }
        (Readiness::Busy, Waiting::Offered, None) => {
            let text = format!("cluster {status}: the review offers to wait for it");
            about(Verdict::Doubt, &text, "the cluster is busy: the review can wait for it")
        }
        (Readiness::Unknown, Waiting::No | Waiting::Offered, None) => {
            let text = format!("cluster {status}: whether AWS takes a snapshot now is not known");
            about(Verdict::Unknown, &text, "cluster: not certain")
        }
    }
}

/// That a cluster takes no snapshot as it is.
pub(crate) fn not_available(cluster: &Cluster) -> String {
    format!("{} is {}; it must be available", cluster.id, cluster.status)
}

/// Whether there is room in the quota. Without the permission to read it, a create still works.
pub(crate) fn of_quota(quota: Known<'_, Option<Quota>>) -> Check {
    let about = |verdict, text: &str, brief: &str| check(Subject::Quota, verdict, text, brief);
    let unknown = "quota not known";
    match quota {
        Known::Asking => asking(Subject::Quota, "quota: asking", unknown),
        Known::Failed(failure) => of_failure(about(Verdict::Unknown, unknown, unknown), failure),
        Known::Is(None) => about(Verdict::Unknown, "quota: the account does not report one", unknown),
        Known::Is(Some(quota)) if quota.used >= quota.max => {
            about(Verdict::Blocks, &format!("{quota} are used"), "the quota is used up")
        }
        Known::Is(Some(quota)) if quota.used.saturating_mul(100) >= quota.max.saturating_mul(NEARLY_FULL) => {
            about(Verdict::Doubt, &quota.to_string(), "quota nearly used up")
        }
        Known::Is(Some(quota)) => about(Verdict::Fine, &quota.to_string(), ""),
    }
}

fn check(subject: Subject, verdict: Verdict, text: &str, brief: &str) -> Check {
    let (text, brief) = (text.to_owned(), brief.to_owned());
    Check { subject, verdict, text, brief, failure: None, is_asked: false }
}

fn asking(subject: Subject, text: &str, brief: &str) -> Check {
    Check { is_asked: true, ..check(subject, Verdict::Unknown, text, brief) }
}

/// What was read since AWS refused the request for it, and says otherwise, is not certain.
fn beside_refusal(read: Check, refusal: Option<FailureKind>) -> Check {
    let (why, brief) = match (read.subject, read.verdict, refusal) {
        (Subject::Quota, Verdict::Fine, Some(FailureKind::QuotaExceeded)) => {
            ("for the quota", "quota not known")
        }
        (Subject::Cluster, Verdict::Fine, Some(FailureKind::InvalidState)) => {
            ("for its state", "cluster: not certain")
        }
        _ => return read,
    };
    check(read.subject, Verdict::Unknown, &format!("{}, but AWS refused {why}", read.text), brief)
}

/// A check for which a call failed, with why.
fn of_failure(check: Check, failure: &Failure) -> Check {
    let why = failure.missing_permission().map(|permission| format!("{permission} is missing"));
    let text = format!("{}: {}", check.text, why.unwrap_or_else(|| failure.kind.clause()));
    Check { text, failure: Some(failure.clone()), ..check }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(check: &Check) -> Verdict {
        check.verdict
    }

    #[test]
    fn the_quota_warns_before_it_blocks_and_what_is_not_known_does_neither() {
        let quota = |used| of_quota(Known::Is(Some(Quota { used, max: 100 })));
        assert_eq!(verdict(&quota(89)), Verdict::Fine);
        assert_eq!(verdict(&quota(90)), Verdict::Doubt);
        assert_eq!(verdict(&quota(100)), Verdict::Blocks);
        assert_eq!(quota(100).text, "100 of 100 manual snapshots are used");
        let denied = Failure::local(FailureKind::AccessDenied, "");
        for unknown in [Known::Asking, Known::Is(None), Known::Failed(&denied)] {
            assert_eq!(verdict(&of_quota(unknown)), Verdict::Unknown, "{unknown:?}");
        }
    }

    #[test]
    fn that_nobody_tells_whose_it_is_is_no_reason_to_refuse_but_credentials_that_ran_out_are() {
        for kind in [FailureKind::NoConnection, FailureKind::Throttled, FailureKind::AccessDenied] {
            let failure = Failure::local(kind, "");
            let standing = AccountStanding::NotFoundOut(&failure);
            assert_eq!(verdict(&of_account(&standing, None)), Verdict::Unknown, "{kind:?}");
        }
        let failure = Failure::local(FailureKind::ExpiredCredentials, "");
        assert_eq!(verdict(&of_account(&AccountStanding::Refused(&failure), None)), Verdict::Blocks);
    }

    #[test]
    fn a_name_that_could_not_be_looked_up_is_not_sent() {
        let lost = Failure::local(FailureKind::LostAnswer, "reset");
        let check = of_name("orders-1", Known::Failed(&lost), &Zoned::default());
        assert_eq!((check.verdict, check.failure.as_ref()), (Verdict::Blocks, Some(&lost)));
        assert_eq!(verdict(&of_name("orders-1", Known::Is(None), &Zoned::default())), Verdict::Fine);
    }
}
