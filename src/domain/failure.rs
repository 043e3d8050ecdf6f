//! Why a call to the service failed, in a form that tells what it means for the snapshot.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::renewal::Renewal;

/// The most characters of a text from outside that the journal keeps: an answer can be a web page.
const MAX_KEPT_CHARS: usize = 2_000;

/// A text from outside as the journal keeps it.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(MAX_KEPT_CHARS).collect()
}

/// What a failure begins to say of a certificate that is not accepted.
pub const CERTIFICATE: &str = "the certificate shown";

/// What to do where the time of a signature is not accepted.
pub const LOOK_AT_CLOCK: &str = "Look at this machine's clock.";

/// A failed call: what kind of failure, the service's own words, and whether the request can have
/// taken effect all the same. Serialized as the journal has it ([`Failure::kept`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Failure {
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// The service's error code, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The service's message, or the cause on this side; text from outside, not escaped.
    pub message: String,
    /// Whether words of this program stand in the message beside the service's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reworded: bool,
    /// The service's request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Whether it certainly took no effect: the service refused it, or it never left. Otherwise it may have, for no clear
    /// answer came back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// What a person can do about it here; of this run only.
    #[serde(skip)]
    pub renewal: Option<Box<Renewal>>,
}

/// The kinds of failure that lead a person to different next steps.
///
/// Serialized by its name: the journal keeps it, and a kind of a newer version reads as [`Self::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// `DBClusterNotFoundFault`.
    ClusterNotFound,
    /// The cluster that was meant has another resource id than the one that has its name now.
    AnotherCluster,
    /// `DBClusterSnapshotNotFoundFault`.
    SnapshotNotFound,
    /// `DBClusterSnapshotAlreadyExistsFault`.
    SnapshotExists,
    /// A request of this machine made a snapshot of the name a moment ago, and lists may lag: whether it is there is not
    /// known.
    MadeJustNow,
    /// `InvalidDBClusterStateFault`.
    InvalidState,
    /// `InvalidDBClusterSnapshotStateFault`.
    SnapshotState,
    /// `SnapshotQuotaExceeded`.
    QuotaExceeded,
    /// `InvalidParameterValue`, `InvalidParameterCombination`, `MissingParameter`.
    InvalidParameter,
    /// `AccessDenied`: the caller lacks a permission.
    AccessDenied,
    /// `AccessDenied`: a policy forbids it, whatever the caller is permitted.
    Forbidden,
    /// No credentials were found anywhere.
    NoCredentials,
    /// The credentials or the SSO session have run out.
    ExpiredCredentials,
    /// The service does not accept the credentials (unknown key, wrong signature).
    BadCredentials,
    /// The service does not accept the time at which a request was signed.
    SignatureTime,
    /// No Region is configured, or it has no endpoint.
    NoRegion,
    /// The configuration on this machine cannot be used (unknown profile, broken file, bad PEM bundle).
    Configuration,
    /// The service asks to slow down.
    Throttled,
    /// No connection could be made.
    NoConnection,
    /// The connection broke, or no answer came in time.
    LostAnswer,
    /// Nobody wrote down what became of it: who sent it has ended, or waits for the answer.
    NotWrittenDown,
    /// The service answered with a 5xx.
    ServerTrouble,
    /// An answer came that is not one of the service's.
    UnreadableAnswer,
    /// Nothing that changes anything may leave: by `--read-only`, or by the configuration's `[read_only]`.
    ReadOnly,
    /// A guard of the configuration holds the request back: it cannot be understood, or what it wants is missing.
    Guarded,
    /// The snapshot that was to be deleted is kept: by a tag, or as the last usable one.
    Kept,
    /// The journal cannot be written. Before a request that means that nothing is sent; after it, that its
    /// outcome is not recorded.
    Journal,
    /// Too long passed between the look-up and the request (the machine slept), so nothing was sent.
    Stale,
    /// Another request for the same name or cluster is open, and whoever confirmed this one was not told of it.
    OpenRequest,
    /// The credentials are those of another account than the request was confirmed for.
    OtherAccount,
    /// Code of this program broke within the call.
    Broken,
    /// Any other code of the service.
    #[serde(other)]
    Other,
}

impl FailureKind {
    /// Whether the same call may well be answered a moment later: nothing is wrong with it or with who asks.
    pub(crate) fn is_passing(self) -> bool {
        matches!(
            self,
            Self::Throttled
                | Self::NoConnection
                | Self::LostAnswer
                | Self::NotWrittenDown
                | Self::ServerTrouble
                | Self::UnreadableAnswer
        )
    }

    /// Whether AWS takes no request that this machine signs now.
    pub(crate) fn is_credentials(self) -> bool {
        self.wants_credentials() || self == Self::SignatureTime
    }

    /// Whether new credentials are what is needed.
    pub(crate) fn wants_credentials(self) -> bool {
        matches!(self, Self::NoCredentials | Self::ExpiredCredentials | Self::BadCredentials)
    }

    /// What happened, in a few words; the start of a sentence.
    pub(crate) fn headline(self) -> &'static str {
        match self {
            Self::ClusterNotFound => "There is no such DB cluster",
            Self::AnotherCluster => "Another DB cluster has this name now",
            Self::SnapshotNotFound => "No such DB cluster snapshot is listed",
            Self::SnapshotExists => "A snapshot of this name exists already",
            Self::MadeJustNow => "A snapshot of this name may be there, so nothing was sent",
            Self::InvalidState => "AWS takes snapshots of available clusters only",
            Self::SnapshotState => "The snapshot is in no state for that",
            Self::QuotaExceeded => "The quota of manual DB cluster snapshots is used up",
            Self::InvalidParameter => "AWS does not accept a parameter",
            Self::AccessDenied => "A permission is missing",
            Self::Forbidden => "A policy forbids it",
            Self::NoCredentials => "No AWS credentials were found",
            Self::ExpiredCredentials => "The AWS credentials have expired",
            Self::BadCredentials => "AWS does not accept the credentials",
            Self::SignatureTime => "AWS does not accept the time of the signature",
            Self::NoRegion => "There is no AWS Region to ask in",
            Self::Configuration => "The AWS configuration on this machine cannot be used",
            Self::Throttled => "AWS is throttling requests",
            Self::NoConnection => "No connection to the service",
            Self::LostAnswer => "The answer was lost",
            Self::NotWrittenDown => "Its outcome was not written down",
            Self::ServerTrouble => "AWS reports an internal error",
            Self::UnreadableAnswer => "The answer cannot be used",
            Self::ReadOnly => "Read-only, so nothing was sent",
            Self::Guarded => "The configuration holds it back, so nothing was sent",
            Self::Kept => "It is kept",
            Self::Journal => "The journal cannot be written",
            Self::Stale => "Too long passed since the name was looked up, so it was held back",
            Self::OpenRequest => "Another request is open, so nothing was sent",
            Self::OtherAccount => "The credentials belong to another account now",
            Self::Broken => "Something in this program broke",
            Self::Other => "AWS refused",
        }
    }
}

impl FailureKind {
    /// The headline in the middle of a sentence: with a small letter, unless it begins with AWS's name.
    pub(crate) fn clause(self) -> String {
        let headline = self.headline();
        let mut chars = headline.chars();
        match chars.next() {
            Some(first) if !headline.starts_with("AWS") => first.to_lowercase().chain(chars).collect(),
            _ => headline.to_owned(),
        }
    }
}

/// What stands in a message before the words of a program of the caller's own, which may be anything.
pub const ITS_WORDS: &str = "; its words: ";

impl Failure {
    /// A failure on this side, before anything left.
    #[must_use]
    pub fn local(kind: FailureKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, refused: true, code: None, message, reworded: false, request_id: None, renewal: None }
    }

    /// A failure that leaves open whether the request took effect.
    pub(crate) fn unclear(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { refused: false, ..Self::local(kind, message) }
    }

    /// The same with words of this program beside the message, which then are not the service's own any more.
    pub(crate) fn reworded(self, words: impl FnOnce(&str) -> String) -> Self {
        Self { message: words(&self.message), reworded: self.code.is_some(), ..self }
    }

    /// Why it is not known what became of something that was sent, where no line says so.
    pub(crate) fn unwritten() -> Self {
        Self::unclear(FailureKind::NotWrittenDown, "the run that sent it has ended, or is still at work")
    }

    /// The same, with what a person can do about it here.
    pub(crate) fn renewed_by(self, renewal: Renewal) -> Self {
        Self { renewal: Some(Box::new(renewal)), ..self }
    }

    /// The failure as the journal keeps it: its effect is clear only where the service itself refused.
    pub(crate) fn kept(&self) -> Self {
        Self {
            refused: self.is_by_the_service(),
            message: cut(&self.message),
            code: self.code.as_deref().map(cut),
            request_id: self.request_id.as_deref().map(cut),
            ..self.clone()
        }
    }

    /// Whether it is a refusal that says nothing about a copy of the request that came a moment before it: the copy
    /// itself may have made the cluster busy or used the quota up, or the token ran out in between. What is wrong
    /// with the request itself, or not permitted, would have been refused in the copy as well.
    pub(crate) fn is_of_the_moment(&self) -> bool {
        let is_of_the_moment = matches!(
            self.kind,
            FailureKind::InvalidState
                | FailureKind::SnapshotState
                | FailureKind::QuotaExceeded
                | FailureKind::ExpiredCredentials
                | FailureKind::BadCredentials
                | FailureKind::SignatureTime
                | FailureKind::Throttled
                | FailureKind::Other
        );
        is_of_the_moment && self.is_by_the_service()
    }

    /// Whether it was the service itself that refused, in its own words and to their end. Without a code it was
    /// not: nothing reached it.
    #[must_use]
    pub fn is_by_the_service(&self) -> bool {
        self.refused && self.code.is_some()
    }

    /// Whether no connection was made for a certificate that is not accepted.
    pub(crate) fn is_of_certificate(&self) -> bool {
        self.kind == FailureKind::NoConnection && self.message.contains(CERTIFICATE)
    }

    /// The permission that the service says is missing, if it does.
    ///
    /// AWS words it so: "User: ARN is not authorized to perform: ACTION on resource: ARN because …".
    pub(crate) fn missing_permission(&self) -> Option<String> {
        if self.kind != FailureKind::AccessDenied {
            return None;
        }
        let word_after = |mark: &str| {
            let (_, rest) = self.message.split_once(mark)?;
            rest.split_whitespace().next().map(|word| word.trim_end_matches('.'))
        };
        let action = word_after("to perform: ")?;
        Some(match word_after("on resource: ") {
            Some(resource) => format!("{action} on {resource}"),
            None => action.to_owned(),
        })
    }

    /// What the service, or the cause on this side, says of it, with code and request id: for the end of a
    /// message, behind what it means and what to do. Safe to show.
    pub(crate) fn words(&self) -> String {
        let message = super::text::escaped(&self.message);
        match (message.is_empty(), self.reference()) {
            (true, reference) if reference.is_empty() => String::new(),
            (true, reference) => format!("({reference})"),
            (false, reference) if reference.is_empty() => format!("{message}."),
            (false, reference) => format!("{message} ({reference})."),
        }
    }

    /// The service's code and request id, for the end of a message; empty if there is neither.
    pub(crate) fn reference(&self) -> String {
        let code = self.code.as_deref().map(str::to_owned);
        let request = self.request_id.as_deref().map(|id| format!("request {id}"));
        let parts: Vec<String> = code.into_iter().chain(request).collect();
        super::text::escape(&parts.join(", "))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind.headline())?;
        if !self.message.is_empty() {
            write!(f, ": {}", super::text::escaped(&self.message))?;
        }
        let reference = self.reference();
        if reference.is_empty() { Ok(()) } else { write!(f, " ({reference})") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_much_of_an_answer_is_kept_as_a_line_of_the_journal_holds() {
        let long = "x".repeat(1_200_000);
        let failure = Failure::local(FailureKind::Other, &long);
        let kept = Failure { code: Some(long.clone()), request_id: Some(long), ..failure }.kept();
        assert!(kept.to_string().len() < 7_000);
    }

    #[test]
    fn a_missing_permission_is_named_with_its_resource() {
        let denied = |message: &str| Failure::local(FailureKind::AccessDenied, message).missing_permission();
        let said = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: \
                    rds:CreateDBClusterSnapshot on resource: arn:aws:rds:eu-west-1:123456789012:cluster:orders \
                    because no identity-based policy allows the action";
        let named = "rds:CreateDBClusterSnapshot on arn:aws:rds:eu-west-1:123456789012:cluster:orders";
        assert_eq!(denied(said).as_deref(), Some(named));
        let short = "not authorized to perform: rds:DescribeDBClusters.";
        assert_eq!(denied(short).as_deref(), Some("rds:DescribeDBClusters"));
        assert_eq!(denied("Access denied"), None);
    }
}
