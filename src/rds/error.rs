//! What a failed call means: `SdkError` to [`Failure`], for every error there is.
//!
//! [`Failure::refused`] is claimed only where it is certain: the request never left, no connection was made, or the
//! service itself refused, in its own words and to their end. Not of anything else: a 5xx of any kind, an answer that is
//! not the service's, a broken connection, a timeout.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use http_body_util::LengthLimitError;
use jiff::Timestamp;

use super::call_probe::{SeenCall, is_whole};
use super::contain::Broken;
use super::distrust;
use super::environment::proxy::NotAProxy;
use super::environment::region;
use super::foreign::foreign;
use super::guard::Refused;
use super::harmless::LARGEST_MIB;
use super::origins;
use crate::domain::failure::{Failure, FailureKind};

/// Codes by which the service asks to slow down, whatever the status: the request was not begun.
/// Source: `THROTTLING_ERRORS` of the SDK's retry classifier, less those that are another service's.
const THROTTLED: [&str; 11] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
];

/// Codes by which the service says that it does not know itself what became of the request, whatever
/// the status.
const UNSURE: [&str; 9] = [
    "InternalFailure",
    "InternalError",
    "InternalServerError",
    "InternalServiceError",
    "ServiceUnavailable",
    "Unavailable",
    "RequestTimeout",
    "RequestTimeoutException",
    // Of STS, which cannot reach whoever gave the token.
    "IDPCommunicationError",
];

/// Messages by which the layers of the SDK hand on what a lower one says.
const SAYS_NOTHING: [&str; 10] = [
    "failed to construct request",
    "request has timed out",
    "dispatch failure",
    "response error",
    "service error",
    "io error",
    "timeout",
    "other",
    "client error (Connect)",
    "an error occurred while loading credentials",
];

/// How far this machine's clock may be off before it is named as a cause. Signatures are accepted
/// for 5 minutes either way.
const CLOCK_TOLERANCE_SECONDS: i64 = 240;

/// Tells what a failed call means.
pub(super) fn failure<E>(error: &SdkError<E, HttpResponse>, seen: &SeenCall) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
{
    // Credentials that were got, and could not be renewed when the request was to be signed.
    if let Some(credentials) = find::<Failure>(error) {
        return Failure { refused: !seen.sent, ..credentials.clone() };
    }
    let mut failure = match error {
        SdkError::ServiceError(context) => answered(context.err(), context.raw(), seen),
        SdkError::ResponseError(_) if find::<LengthLimitError>(error).is_some() => too_large(seen),
        SdkError::ResponseError(context) => half_answered(error, context.raw()),
        SdkError::TimeoutError(_) => Failure::unclear(FailureKind::LostAnswer, chain(error)),
        SdkError::DispatchFailure(_) => undelivered(error),
        _ => unsent(error),
    };
    if !seen.sent {
        failure.refused = true;
        if failure.kind == FailureKind::LostAnswer {
            failure.kind = FailureKind::NoConnection;
        }
    }
    if let (FailureKind::NoConnection | FailureKind::LostAnswer, Some(host)) = (failure.kind, seen.host()) {
        failure.message = format!("{host}: {}", failure.message);
    }
    if failure.kind == FailureKind::NoConnection {
        failure.message = hints(seen).fold(failure.message, |message, hint| format!("{message}; {hint}"));
    }
    failure
}

/// What can be why no connection is made: the proxy on the way, a Region that may not exist.
fn hints(seen: &SeenCall) -> impl Iterator<Item = String> {
    let proxy = seen.uri.as_ref().and_then(|uri| origins::proxy_of(uri).ok().flatten());
    let proxy = proxy.map(|proxy| format!("through the proxy {proxy}"));
    proxy.into_iter().chain(seen.region.as_deref().and_then(region::hint))
}

/// A call that panicked: what left before may have taken effect.
pub(super) fn broken(broken: &Broken, seen: &SeenCall) -> Failure {
    Failure { refused: !seen.sent, ..Failure::local(FailureKind::Broken, broken.to_string()) }
}

/// An answer that was read in good order but is not what a call of this kind is answered with.
pub(super) fn unreadable(message: impl Into<String>, request_id: Option<&str>) -> Failure {
    Failure {
        request_id: request_id.map(str::to_owned),
        ..Failure::unclear(FailureKind::UnreadableAnswer, message.into())
    }
}

/// The messages of an error and its causes, each once, on one line, less those that say nothing.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut told: Vec<String> = Vec::new();
    for error in with_causes(error) {
        let text = plain(&error.to_string().split_whitespace().collect::<Vec<_>>().join(" "));
        if !text.is_empty() && !told.iter().any(|earlier| earlier.contains(&text)) {
            told.push(text);
        }
    }
    let last = told.len().saturating_sub(1);
    let telling =
        |(at, text): (usize, String)| (at == last || !SAYS_NOTHING.contains(&text.as_str())).then_some(text);
    told.into_iter().enumerate().filter_map(telling).collect::<Vec<_>>().join(": ")
}

/// A message of the SDK without the insides of its reader, which names an element of an answer by all of them.
fn plain(text: &str) -> String {
    let Some((before, inside)) = text.split_once("StartEl {") else { return text.to_owned() };
    let name = inside.split_once("local: \"").and_then(|(_, rest)| rest.split('"').next());
    format!("{before}{}", name.unwrap_or("another element"))
}

/// The first error of a chain that is a `T`.
pub(super) fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    with_causes(error).find_map(|error| error.downcast_ref::<T>())
}

/// An error, and each that it comes from.
pub(super) fn with_causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The request could not be made, so nothing left.
fn unsent(error: &(dyn Error + 'static)) -> Failure {
    match find::<Refused>(error) {
        Some(refused) => Failure::local(FailureKind::ReadOnly, refused.to_string()),
        None => Failure::local(FailureKind::Configuration, chain(error)),
    }
}

/// The request was handed to the connection, and no answer came.
fn undelivered(error: &(dyn Error + 'static)) -> Failure {
    if let Some(wrong) = find::<NotAProxy>(error) {
        Failure::local(FailureKind::Configuration, wrong.to_string())
    } else if let Some(why) = distrust::found(error) {
        Failure::local(FailureKind::NoConnection, distrust::words(why))
    } else if never_connected(error) {
        let is_no_tls = distrust::is_no_tls(error);
        let no_tls = "what answers there does not speak TLS, which a URL that begins with https:// wants";
        let why = if is_no_tls { no_tls.to_owned() } else { chain(error) };
        Failure::local(FailureKind::NoConnection, why)
    } else {
        Failure::unclear(FailureKind::LostAnswer, chain(error))
    }
}

/// Whether the failure was in making the connection: name, TCP, the proxy's tunnel, TLS, or the time
/// limit for all of these. The connection pool marks exactly these as `Connect`; only then has no byte
/// of the request left. A refused connection says the same without a pool.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    find::<hyper_util::client::legacy::Error>(error)
        .is_some_and(hyper_util::client::legacy::Error::is_connect)
        || find::<std::io::Error>(error)
            .is_some_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
}

/// The head of an answer came, and its body broke or could not be read.
fn half_answered(error: &(dyn Error + 'static), raw: &HttpResponse) -> Failure {
    let status = raw.status().as_u16();
    let request_id = request_id(raw);
    let kind = trouble(status, request_id.as_deref(), FailureKind::LostAnswer);
    Failure { request_id, ..Failure::unclear(kind, format!("HTTP {status}: {}", chain(error))) }
}

/// That the service has trouble, which only its own request id shows: a proxy answers with a 5xx too. Else `other`.
fn trouble(status: u16, request_id: Option<&str>, other: FailureKind) -> FailureKind {
    if status >= 500 && request_id.is_some() { FailureKind::ServerTrouble } else { other }
}

/// An answer that was not read to its end, if it has one.
fn too_large(seen: &SeenCall) -> Failure {
    let call = seen.call.as_deref().unwrap_or("the call");
    let host = seen.host().unwrap_or("the service");
    let message = format!("{host} answers {call} with more than {LARGEST_MIB} MiB, which no answer has");
    Failure::unclear(FailureKind::UnreadableAnswer, message)
}

/// An answer came that is no success, or that claims to be one and cannot be read.
fn answered<E>(error: &E, raw: &HttpResponse, seen: &SeenCall) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let status = raw.status().as_u16();
    let body = raw.body().bytes().unwrap_or_default();
    let request_id = request_id(raw);
    let Some(code) = error.code().filter(|code| !code.is_empty() && is_whole(body)) else {
        let kind = trouble(status, request_id.as_deref(), FailureKind::UnreadableAnswer);
        if (200..300).contains(&status) && is_whole(body) {
            let is_text = std::str::from_utf8(body).is_ok();
            let odd =
                if is_text { "it is not built as an answer to this call is" } else { "it is not UTF-8 text" };
            return Failure { request_id, ..Failure::unclear(kind, odd.to_owned()) };
        }
        let host = seen.host().map(|host| format!("{host}: ")).unwrap_or_default();
        let to = raw.headers().get("location").filter(|_| (300..400).contains(&status));
        return Failure { request_id, ..Failure::unclear(kind, host + &foreign(status, to, body)) };
    };
    let (kind, refused) = meaning(code, status);
    // On one line: AWS's own has several where it tells what should have been signed.
    let described = description(body);
    let message = error.message().filter(|said| !said.is_empty()).or(described.as_deref());
    let lines = message.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty());
    let message = &lines.collect::<Vec<_>>().join(" ");
    let kind = match kind {
        FailureKind::AccessDenied if is_forbidden(message) => FailureKind::Forbidden,
        FailureKind::BadCredentials if is_of_time(message) => FailureKind::SignatureTime,
        kind => kind,
    };
    let failure =
        Failure { refused, code: Some(code.to_owned()), request_id, ..Failure::local(kind, message) };
    match seen.server_time.and_then(|time| clock_off(time, Timestamp::now())) {
        Some(clock) if matches!(kind, FailureKind::BadCredentials | FailureKind::SignatureTime) => {
            failure.reworded(|words| format!("{words} ({clock})"))
        }
        _ => failure,
    }
}

/// What stands in place of a message where a service answers by the rules of `OAuth`.
fn description(body: &[u8]) -> Option<String> {
    let answer: serde_json::Value = serde_json::from_slice(body).ok()?;
    answer.get("error_description")?.as_str().map(str::to_owned)
}

/// What a code of the service means, and whether the request was certainly refused. `status` decides only where the code is not known here.
///
/// Source of the codes: the model of RDS 2014-10-31 and "Common Errors" of its API reference.
fn meaning(code: &str, status: u16) -> (FailureKind, bool) {
    use FailureKind as K;
    if THROTTLED.contains(&code) {
        return (K::Throttled, true);
    }
    if UNSURE.contains(&code) || status >= 500 {
        return (K::ServerTrouble, false);
    }
    if !(400..500).contains(&status) {
        return (K::UnreadableAnswer, false);
    }
    let kind = match code {
        "DBClusterNotFoundFault" => K::ClusterNotFound,
        // The latter two are what the tags of a missing snapshot are answered with.
        "DBClusterSnapshotNotFoundFault" | "DBSnapshotNotFound" | "DBSnapshotNotFoundFault" => {
            K::SnapshotNotFound
        }
        "DBClusterSnapshotAlreadyExistsFault" => K::SnapshotExists,
        "InvalidDBClusterStateFault" => K::InvalidState,
        "InvalidDBClusterSnapshotStateFault" => K::SnapshotState,
        "SnapshotQuotaExceeded" | "SnapshotQuotaExceededFault" => K::QuotaExceeded,
        "InvalidParameterValue"
        | "InvalidParameterCombination"
        | "MissingParameter"
        | "ValidationError"
        | "InvalidParameter" => K::InvalidParameter,
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "NotAuthorized"
        // Of SSO, where the account or the role is not the caller's.
        | "ForbiddenException" => K::AccessDenied,
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => K::ExpiredCredentials,
        "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "IncompleteSignature"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "AuthFailure"
        | "InvalidAccessKeyId"
        // Of SSO, whose login is not accepted, and of STS, whose token is not.
        | "UnauthorizedException"
        | "InvalidIdentityToken" => K::BadCredentials,
        "RequestExpired" | "RequestTimeTooSkewed" => K::SignatureTime,
        _ => K::Other,
    };
    (kind, true)
}

/// Whether a policy forbids something, so that no permission more would help the caller. AWS says it in words only:
/// "... with an explicit deny in a service control policy", "because no service control policy allows the ... action".
///
/// Source: "Troubleshoot access denied error messages" (IAM user guide).
fn is_forbidden(message: &str) -> bool {
    const BOUNDS: [&str; 4] = [
        "no service control policy allows",
        "no resource control policy allows",
        "no permissions boundary allows",
        "no VPC endpoint policy allows",
    ];
    message.contains("with an explicit deny") || BOUNDS.iter().any(|bound| message.contains(bound))
}

/// Whether a signature is refused for its time, which AWS says in words only, under the code of any wrong signature:
/// "Signature expired: 20261123T015801Z is now earlier than ...", "Signature not yet current: ...".
///
/// Source: "Troubleshoot Signature Version 4 signing" (IAM user guide).
fn is_of_time(message: &str) -> bool {
    ["Signature expired", "Signature not yet current"].iter().any(|said| message.contains(said))
}

/// How far this machine's clock is off, if that can be why a signature was refused.
fn clock_off(server: Timestamp, here: Timestamp) -> Option<String> {
    let seconds = here.as_second() - server.as_second();
    if seconds.abs() <= CLOCK_TOLERANCE_SECONDS {
        return None;
    }
    let minutes = (seconds.abs() + 30) / 60;
    let side = if seconds > 0 { "ahead of" } else { "behind" };
    Some(format!("this machine's clock is {minutes} minutes {side} the service's: set it right"))
}

/// The service's request id: of the header, or of the body where the header is missing.
pub(super) fn request_id(raw: &HttpResponse) -> Option<String> {
    let header = raw.headers().get("x-amzn-requestid").or_else(|| raw.headers().get("x-amz-request-id"));
    header.map(str::to_owned).or_else(|| {
        let body = std::str::from_utf8(raw.body().bytes()?).ok()?;
        let (id, _) = body.split_once("<RequestId>")?.1.split_once("</RequestId>")?;
        Some(id.trim().to_owned()).filter(|id| !id.is_empty())
    })
}

#[cfg(test)]
#[path = "error_tests.rs"]
mod tests;
