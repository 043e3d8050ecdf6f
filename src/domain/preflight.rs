//! What is known before a request is made, judged once: for the form, the review, the dry run and the linear
//! mode. What is not known is told as not known.
//!
//! Text in it comes from outside and is not yet safe to show.

use jiff::Zoned;
use serde::Serialize;

use super::age::clock;
use super::cluster::Cluster;
use super::context::Caller;
use super::failure::Failure;
use super::page::Quota;
use super::record::{Intent, Record};
use super::snapshot::Snapshot;
use super::status::Readiness;

/// From which share of the quota on it is worth a warning, in percent.
const NEARLY_FULL: u64 = 90;

/// What a check is about. Serialized as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
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
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Credentials => "credentials",
            Self::Cluster => "cluster",
            Self::Name => "name",
            Self::Quota => "quota",
            Self::Journal => "journal",
        }
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
    /// The check in words, which go on from its subject.
    pub text: String,
    /// Why it is not known, or what stands in the way, where a call failed.
    pub failure: Option<Failure>,
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
    #[must_use]
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Known<'a, U> {
        match self {
            Self::Asking => Known::Asking,
            Self::Failed(failure) => Known::Failed(failure),
            Self::Is(answer) => Known::Is(make(answer)),
        }
    }
}

/// What is known of a request before it is made.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Who asks.
    pub caller: Known<'a, &'a Caller>,
    /// The cluster.
    pub cluster: &'a Cluster,
    /// Whether it is waited for if it is busy.
    pub is_waited_for: bool,
    /// The snapshot's identifier.
    pub name: &'a str,
    /// The snapshot that has the name.
    pub taken_by: Known<'a, Option<&'a Snapshot>>,
    /// The quota, if the account reports one.
    pub quota: Known<'a, Option<Quota>>,
    /// The requests that the journal has open here, or why they cannot be read; failed if it cannot be written.
    pub open: Known<'a, Result<&'a [Record], &'a str>>,
}

/// How an open request stands to one that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is for the same name: it is settled, and nothing is sent meanwhile.
    SameName,
    /// It is for another snapshot of the same cluster.
    SameCluster,
}

/// All checks, in the order of reading.
#[must_use]
pub fn checks(facts: &Facts<'_>, now: &Zoned) -> Vec<Check> {
    vec![
        of_caller(facts.caller),
        of_cluster(facts.cluster, facts.is_waited_for),
        of_name(facts.name, facts.taken_by),
        of_quota(facts.quota),
        of_journal(facts, now),
    ]
}

/// Who asks. A link that is lost for a moment stands in nobody's way.
fn of_caller(caller: Known<'_, &Caller>) -> Check {
    let about = |verdict, text: &str| check(Subject::Credentials, verdict, text);
    match caller {
        Known::Asking => about(Verdict::Unknown, "asking"),
        Known::Is(caller) => about(Verdict::Fine, &caller.arn),
        Known::Failed(failure) => {
            let verdict = if failure.kind.is_passing() { Verdict::Unknown } else { Verdict::Blocks };
            of_failure(Subject::Credentials, verdict, failure)
        }
    }
}

/// Whether AWS takes a snapshot of the cluster now, as far as its status tells.
fn of_cluster(cluster: &Cluster, is_waited_for: bool) -> Check {
    let words = format!("{}, {}", cluster.engine(), cluster.status);
    let (verdict, text) = match cluster.status.readiness() {
        Readiness::Ready => (Verdict::Fine, words),
        Readiness::Unknown if !is_waited_for => {
            (Verdict::Unknown, format!("{words}: a status not known here"))
        }
        Readiness::Busy | Readiness::Unknown if is_waited_for => {
            (Verdict::Doubt, format!("{words}: it will be waited for"))
        }
        _ => (Verdict::Blocks, not_available(cluster)),
    };
    check(Subject::Cluster, verdict, &text)
}

/// That a cluster takes no snapshot as it is.
#[must_use]
pub fn not_available(cluster: &Cluster) -> String {
    format!("{} is {}, and AWS takes snapshots of available clusters only", cluster.id, cluster.status)
}

/// Whether the name can be had.
fn of_name(name: &str, taken_by: Known<'_, Option<&Snapshot>>) -> Check {
    match taken_by {
        Known::Asking => check(Subject::Name, Verdict::Unknown, "asking"),
        Known::Failed(failure) => of_failure(Subject::Name, Verdict::Blocks, failure),
        Known::Is(None) => check(Subject::Name, Verdict::Fine, "free"),
        Known::Is(Some(by)) => {
            let since = by.created_at.map(|at| format!(", begun {at:.0}")).unwrap_or_default();
            let text = format!("{name} is taken by a snapshot that is {}{since}", by.status);
            check(Subject::Name, Verdict::Blocks, &text)
        }
    }
}

/// Whether there is room in the quota. Without the permission to read it, a create still works.
#[must_use]
pub fn of_quota(quota: Known<'_, Option<Quota>>) -> Check {
    let about = |verdict, text: &str| check(Subject::Quota, verdict, text);
    match quota {
        Known::Asking => about(Verdict::Unknown, "asking"),
        Known::Failed(failure) => of_failure(Subject::Quota, Verdict::Unknown, failure),
        Known::Is(None) => about(Verdict::Unknown, "the account does not report it"),
        Known::Is(Some(quota)) => match judge_quota(quota) {
            Verdict::Blocks => about(Verdict::Blocks, &format!("{quota} are used")),
            verdict => about(verdict, &quota.to_string()),
        },
    }
}

/// What a quota means for one more snapshot.
#[must_use]
pub fn judge_quota(quota: Quota) -> Verdict {
    match quota.used {
        used if used >= quota.max => Verdict::Blocks,
        used if used * 100 >= quota.max * NEARLY_FULL => Verdict::Doubt,
        _ => Verdict::Fine,
    }
}

/// What this machine's journal has open: a request for the same name would be settled instead of sent.
fn of_journal(facts: &Facts<'_>, now: &Zoned) -> Check {
    let about = |verdict, text: &str| check(Subject::Journal, verdict, text);
    let open = match facts.open {
        Known::Asking => return about(Verdict::Unknown, "reading"),
        Known::Failed(failure) => return of_failure(Subject::Journal, Verdict::Blocks, failure),
        Known::Is(Ok(open)) => open,
        Known::Is(Err(why)) => {
            let text = format!("can be written, not read, so what is open is not known: {why}");
            return about(Verdict::Unknown, &text);
        }
    };
    let cluster = facts.cluster.id.as_str();
    let of = |wanted| related(open, facts.name, cluster).find(|(relation, _)| *relation == wanted);
    if let Some((_, record)) = of(Relation::SameName) {
        return about(Verdict::Blocks, &open_words(&record.intent, &clock(record.intent.at, now)));
    }
    match of(Relation::SameCluster) {
        Some((_, record)) => {
            about(Verdict::Doubt, &open_words(&record.intent, &clock(record.intent.at, now)))
        }
        None => about(Verdict::Fine, "can be written, and has no open request for this cluster"),
    }
}

/// The requests of which it is not known what became of them, and that are for the same name or the same cluster.
pub fn related<'a>(
    open: impl IntoIterator<Item = &'a Record>,
    name: &str,
    cluster: &str,
) -> impl Iterator<Item = (Relation, &'a Record)> {
    open.into_iter().filter(|record| record.is_unsettled()).filter_map(move |record| {
        if record.intent.snapshot == name {
            Some((Relation::SameName, record))
        } else {
            (record.intent.cluster == cluster).then_some((Relation::SameCluster, record))
        }
    })
}

/// That a request is open, in a sentence, with the time that it was sent in words.
#[must_use]
pub fn open_words(intent: &Intent, sent: &str) -> String {
    let Intent { snapshot, cluster, .. } = intent;
    format!(
        "A request for {snapshot} of {cluster}, sent {sent}, is open: it is not known whether it was carried out."
    )
}

fn check(subject: Subject, verdict: Verdict, text: &str) -> Check {
    Check { subject, verdict, text: text.to_owned(), failure: None }
}

fn of_failure(subject: Subject, verdict: Verdict, failure: &Failure) -> Check {
    Check { failure: Some(failure.clone()), ..check(subject, verdict, &failure.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::failure::FailureKind;

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
    fn a_lost_link_is_no_reason_to_refuse_but_credentials_that_ran_out_are() {
        for (kind, expected) in [
            (FailureKind::NoConnection, Verdict::Unknown),
            (FailureKind::Throttled, Verdict::Unknown),
            (FailureKind::ExpiredCredentials, Verdict::Blocks),
        ] {
            assert_eq!(verdict(&of_caller(Known::Failed(&Failure::local(kind, "")))), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_name_that_could_not_be_looked_up_is_not_sent() {
        let lost = Failure::local(FailureKind::LostAnswer, "reset");
        let check = of_name("orders-1", Known::Failed(&lost));
        assert_eq!((check.verdict, check.failure.as_ref()), (Verdict::Blocks, Some(&lost)));
        assert_eq!(verdict(&of_name("orders-1", Known::Is(None))), Verdict::Fine);
    }
}
