//! What the mark is good for, in words: the tag by which a request is known on its snapshot.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::snapshot::Snapshot;

use super::note::{Note, Tone};
use super::telling::Reader;

/// What goes with the mark.
pub const LOST: &str = "nothing proves later whose a snapshot of this name is, should the answer be lost";

/// What to do about a refusal that the mark may be the cause of; `None` if it certainly is not.
///
/// A tag needs a permission of its own, and a policy can be on its very key. The program never leaves the mark
/// out by itself: it says what that costs.
pub fn refused(failure: &Failure, key: &str, reader: Reader) -> Option<String> {
    let said = failure.message.to_lowercase();
    let is_of_tags = said.contains("rds:addtagstoresource") || said.contains(&key.to_lowercase());
    let is_permission = failure.kind == FailureKind::AccessDenied && is_of_tags;
    let code = failure.code.as_deref().unwrap_or_default();
    let is_policy = code.contains("TagPolicy")
        || said.contains("tag policy")
        || said.contains("tag policies")
        || failure.kind == FailureKind::Forbidden && is_of_tags;
    let cause = match (is_permission, is_policy) {
        (true, _) => "needs the permission rds:AddTagsToResource, as every tag does",
        (false, true) => "may be what the policy on tags refuses",
        (false, false) => return None,
    };
    let way = match reader {
        Reader::Form | Reader::Screen => "‹ctrl-y:toggle_mark› in the draft leaves it out of the request",
        Reader::Shell => "--no-mark leaves it out of this request",
        Reader::Change => "‹ctrl-y:toggle_mark› in the form of the change leaves it out of all of them",
        Reader::Later | Reader::AfterScreen => "A request can be sent without it",
    };
    Some(format!("The mark {key} {cause}. {way}: then {LOST}."))
}

/// That a request was not sent, for another one of its change made a snapshot of its cluster.
pub fn twin(name: &str, cluster: &str, twin: &Snapshot) -> Note {
    let text =
        format!("Not sent: {name}. Its change has {} of {cluster} already ({}).", twin.id, twin.status);
    Note::new(Tone::Neutral, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: FailureKind, code: &str, message: &str) -> Option<String> {
        let failure = Failure { code: Some(code.to_owned()), ..Failure::local(kind, message) };
        refused(&failure, "clustersnap:request", Reader::Shell)
    }

    #[test]
    fn a_refusal_for_a_tag_says_what_the_mark_needs_what_it_is_good_for_and_how_to_go_on_without() {
        let denied =
            "User: arn:aws:iam::1:user/a is not authorized to perform: rds:AddTagsToResource on resource: x";
        assert_eq!(
            told(FailureKind::AccessDenied, "AccessDenied", denied).as_deref(),
            Some(
                "The mark clustersnap:request needs the permission rds:AddTagsToResource, as every tag does. \
                 --no-mark leaves it out of this request: then nothing proves later whose a snapshot of this name \
                 is, should the answer be lost."
            )
        );
        let policy = "The tag policy does not allow the specified value for the following tag key";
        let told_of_policy = told(FailureKind::InvalidParameter, "InvalidParameterValue", policy);
        assert!(told_of_policy.is_some_and(|told| told.contains("the policy on tags")));
        assert!(told(FailureKind::Other, "TagPolicyViolation", "").is_some());
        let forbidden = told(FailureKind::Forbidden, "AccessDenied", denied);
        assert!(forbidden.is_some_and(|told| told.contains("the policy on tags")));
    }

    #[test]
    fn a_refusal_for_something_else_is_not_put_down_to_the_mark() {
        let denied = "not authorized to perform: rds:CreateDBClusterSnapshot";
        assert_eq!(told(FailureKind::AccessDenied, "AccessDenied", denied), None);
        assert_eq!(told(FailureKind::QuotaExceeded, "SnapshotQuotaExceeded", "no more"), None);
    }
}
