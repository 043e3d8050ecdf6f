//! What is judged before a request in a few words, for the button: on the smallest screens there is room for no more.

use crate::domain::cluster::Cluster;
use crate::domain::preflight::{Check, Subject, Verdict};

/// What stands in the way, is doubtful or not known.
#[must_use]
pub(super) fn brief(check: &Check, cluster: Option<&Cluster>) -> String {
    let told = match (check.subject, check.verdict) {
        (Subject::Name, Verdict::Blocks) => "the name is taken",
        (Subject::Name, _) => "the name: not known",
        (Subject::Journal, Verdict::Blocks) => "a request for it is open",
        (Subject::Journal, Verdict::Doubt) => "another request is open",
        (Subject::Journal, _) => "journal not readable",
        (Subject::Cluster, Verdict::Blocks) => {
            return cluster.map_or("the cluster is gone".to_owned(), |cluster| {
                format!("the cluster is {}", cluster.status)
            });
        }
        (Subject::Cluster, Verdict::Doubt) if check.failure.is_some() => "cluster not read anew",
        (Subject::Cluster, Verdict::Doubt) => "the cluster is busy: the review can wait for it",
        (Subject::Cluster, _) => "cluster: not certain",
        (Subject::Quota, Verdict::Blocks) => "the quota is used up",
        (Subject::Quota, Verdict::Doubt) => "quota nearly used up",
        (Subject::Quota, _) => "quota not known",
        (Subject::Credentials, Verdict::Blocks) => "AWS takes no request now",
        (Subject::Credentials, Verdict::Doubt) if check.failure.is_some() => "account not verified",
        (Subject::Credentials, Verdict::Doubt) => "two accounts",
        (Subject::Credentials, _) => "account not known",
    };
    told.to_owned()
}
