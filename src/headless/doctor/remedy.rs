//! What to do about a failure, in one sentence.

use crate::domain::failure::{Failure, FailureKind};

/// What to do about a failure; names the permission where the service does.
pub fn of(failure: &Failure) -> String {
    match failure.missing_permission() {
        Some(permission) => format!("Have whoever administers the account allow {permission}."),
        None if failure.is_of_certificate() => of_certificate().to_owned(),
        None => of_kind(failure.kind).to_owned(),
    }
}

/// What to do about a certificate that is not accepted.
pub fn of_certificate() -> &'static str {
    "Look whose certificate it is, until when it is valid, and what is trusted (line certificates); and at this \
     machine's clock."
}

/// What to do about a kind of failure.
pub fn of_kind(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::AccessDenied => {
            "Have whoever administers the account allow this call; assets/iam-policy.json has all that are needed."
        }
        FailureKind::Forbidden => {
            "Ask whoever administers the account or the organization: a policy forbids it, and no permission more helps."
        }
        FailureKind::NoCredentials => {
            "Give the profile credentials (aws configure, aws sso login), or name another with --profile."
        }
        FailureKind::ExpiredCredentials => {
            "Log in again, or put new keys where the line credentials says that they come from."
        }
        FailureKind::BadCredentials => {
            "Compare the keys where they come from (line credentials) with the account's, and this machine's clock \
             with the time."
        }
        FailureKind::SignatureTime => {
            "Set this machine's clock right: signatures are accepted for 5 minutes either way."
        }
        FailureKind::NoRegion => "Name a Region: --region, AWS_REGION, or region in the profile.",
        FailureKind::Configuration => "Put right what is named here, and run this again.",
        FailureKind::Throttled => "Run this again in a minute.",
        FailureKind::NoConnection => {
            "Look whether this machine may reach the host: name server, routes, firewall, https_proxy and no_proxy."
        }
        FailureKind::LostAnswer | FailureKind::NotWrittenDown | FailureKind::ServerTrouble => {
            "Run this again; if it stays so, look at the network and at AWS's health dashboard."
        }
        FailureKind::UnreadableAnswer => {
            "Look what answers in the service's place: a proxy, a login page, or the wrong endpoint URL."
        }
        FailureKind::Journal => {
            "Make room on its disk, or give yourself the right to write there, or name another folder in XDG_STATE_HOME."
        }
        _ => "Look at the code and the request id in AWS's documentation, or ask AWS's support with them.",
    }
}
