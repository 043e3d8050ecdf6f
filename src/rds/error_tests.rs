//! The table of failures, row by row.

use std::io;

use aws_sdk_rds::operation::create_db_cluster_snapshot::CreateDBClusterSnapshotError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;

use super::*;

type CreateError = SdkError<CreateDBClusterSnapshotError, HttpResponse>;

const SENT: &SeenCall =
    &SeenCall { sent: true, call: None, uri: None, region: None, server_time: None, whole: false };

fn response(status: u16, body: &str) -> HttpResponse {
    HttpResponse::new(status.try_into().expect("a status"), SdkBody::from(body))
}

/// An error with a code, as the service writes it.
fn refused(status: u16, code: &str) -> CreateError {
    refused_as(status, code, "m")
}

fn refused_as(status: u16, code: &str, message: &str) -> CreateError {
    let body = format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
    );
    let meta = ErrorMetadata::builder().code(code).message(message).build();
    SdkError::service_error(CreateDBClusterSnapshotError::generic(meta), response(status, &body))
}

/// An answer in which the SDK found no code.
fn codeless(status: u16, body: &str) -> CreateError {
    let error = CreateDBClusterSnapshotError::generic(ErrorMetadata::builder().build());
    SdkError::service_error(error, response(status, body))
}

fn told(error: &CreateError) -> (FailureKind, bool) {
    let failure = failure(error, SENT);
    (failure.kind, failure.refused)
}

#[test]
fn what_the_service_itself_refuses_certainly_did_not_happen() {
    use FailureKind as K;
    for (status, code, kind) in [
        (400, "DBClusterSnapshotAlreadyExistsFault", K::SnapshotExists),
        (404, "DBClusterNotFoundFault", K::ClusterNotFound),
        (404, "DBClusterSnapshotNotFoundFault", K::SnapshotNotFound),
        (400, "InvalidDBClusterStateFault", K::InvalidState),
        (400, "InvalidDBClusterSnapshotStateFault", K::SnapshotState),
        (400, "SnapshotQuotaExceeded", K::QuotaExceeded),
        (400, "InvalidParameterValue", K::InvalidParameter),
        (400, "InvalidParameterCombination", K::InvalidParameter),
        (400, "MissingParameter", K::InvalidParameter),
        (403, "AccessDenied", K::AccessDenied),
        (403, "ExpiredToken", K::ExpiredCredentials),
        (403, "InvalidClientTokenId", K::BadCredentials),
        (403, "SignatureDoesNotMatch", K::BadCredentials),
        (400, "RequestExpired", K::SignatureTime),
        (403, "OptInRequired", K::Other),
        (400, "Throttling", K::Throttled),
        (400, "RequestLimitExceeded", K::Throttled),
        (503, "SlowDown", K::Throttled),
        (429, "TooManyRequestsException", K::Throttled),
        (400, "KMSKeyNotAccessibleFault", K::Other),
        (400, "InvalidAction", K::Other),
    ] {
        assert_eq!(told(&refused(status, code)), (kind, true), "{status} {code}");
    }
}

#[test]
fn what_is_not_a_refusal_may_have_happened() {
    use FailureKind as K;
    for (error, kind) in [
        (refused(500, "InternalFailure"), K::ServerTrouble),
        (refused(503, "ServiceUnavailable"), K::ServerTrouble),
        (refused(500, "DBClusterNotFoundFault"), K::ServerTrouble),
        (refused(400, "InternalFailure"), K::ServerTrouble),
        (refused(400, "RequestTimeout"), K::ServerTrouble),
        (refused(200, "DBClusterNotFoundFault"), K::UnreadableAnswer),
        (codeless(500, "<x><RequestId>r-1</RequestId></x>"), K::ServerTrouble),
        (codeless(502, "<html>Bad Gateway</html>"), K::UnreadableAnswer),
        (codeless(503, "<html>Squid</html>"), K::UnreadableAnswer),
        (codeless(500, ""), K::UnreadableAnswer),
        (codeless(200, ""), K::UnreadableAnswer),
        (codeless(200, "<html>Please log in</html>"), K::UnreadableAnswer),
        (codeless(403, "<html>Blocked</html>"), K::UnreadableAnswer),
        (codeless(407, ""), K::UnreadableAnswer),
        (codeless(302, ""), K::UnreadableAnswer),
        (SdkError::timeout_error("too long"), K::LostAnswer),
        (SdkError::response_error("cut", response(200, "")), K::LostAnswer),
        (SdkError::response_error("cut", response(502, "")), K::LostAnswer),
        (SdkError::dispatch_failure(ConnectorError::timeout("slow".into())), K::LostAnswer),
        (SdkError::dispatch_failure(ConnectorError::user("odd".into())), K::LostAnswer),
        (SdkError::dispatch_failure(ConnectorError::other("odd".into(), None)), K::LostAnswer),
        (broken(io::ErrorKind::ConnectionReset), K::LostAnswer),
        (broken(io::ErrorKind::BrokenPipe), K::LostAnswer),
        (broken(io::ErrorKind::TimedOut), K::LostAnswer),
    ] {
        assert_eq!(told(&error), (kind, false), "{error:?}");
    }
}

fn broken(kind: io::ErrorKind) -> CreateError {
    SdkError::dispatch_failure(ConnectorError::io(io::Error::from(kind).into()))
}

#[test]
fn a_refusal_that_stops_half_way_is_none() {
    let meta = ErrorMetadata::builder().code("InvalidParameterValue").build();
    let cut = response(400, "<ErrorResponse><Error><Code>InvalidParameterValue</Code>");
    let error: CreateError = SdkError::service_error(CreateDBClusterSnapshotError::generic(meta), cut);
    assert_eq!(told(&error), (FailureKind::UnreadableAnswer, false));
}

#[test]
fn a_whole_answer_that_cannot_be_read_says_so() {
    let failure = failure(&codeless(200, "<XResponse>\n</XResponse>"), SENT);
    assert_eq!((failure.kind, failure.refused), (FailureKind::UnreadableAnswer, false));
    assert_eq!(failure.message, "it is not built as an answer to this call is");
}

#[test]
fn what_never_left_certainly_did_not_happen() {
    assert_eq!(told(&broken(io::ErrorKind::ConnectionRefused)), (FailureKind::NoConnection, true));
    let unmade: CreateError = SdkError::construction_failure("no");
    assert_eq!(told(&unmade), (FailureKind::Configuration, true));
    let timeout: CreateError = SdkError::timeout_error("too long");
    let failure = failure(&timeout, &SeenCall::default());
    assert_eq!((failure.kind, failure.refused), (FailureKind::NoConnection, true));
}

#[test]
fn code_message_and_request_id_are_kept_verbatim() {
    let failure = failure(&refused(400, "Strange\u{202e}"), SENT);
    assert_eq!(failure.code.as_deref(), Some("Strange\u{202e}"));
    assert_eq!(failure.message, "m");
    assert_eq!(failure.request_id.as_deref(), Some("r-1"));
}

#[test]
fn the_request_id_of_the_header_comes_first() {
    let mut raw = response(502, "<RequestId>body</RequestId>");
    assert_eq!(request_id(&raw).as_deref(), Some("body"));
    raw.headers_mut().insert("x-amzn-RequestId", "header");
    assert_eq!(request_id(&raw).as_deref(), Some("header"));
}

#[test]
fn where_a_foreign_answer_came_from_and_where_it_sends_on_to_is_told() {
    let error = CreateDBClusterSnapshotError::generic(ErrorMetadata::builder().build());
    let mut raw = response(302, "");
    raw.headers_mut().insert("location", "http://portal.example/login");
    let error: CreateError = SdkError::service_error(error, raw);
    let uri = Some(http::Uri::from_static("https://rds.example/"));
    let failure = failure(&error, &SeenCall { uri, ..SENT.clone() });
    let told = "rds.example: HTTP 302 to http://portal.example/login with an empty body";
    assert_eq!((failure.message.as_str(), failure.refused), (told, false));
}

#[test]
fn a_signature_that_is_refused_for_its_time_is_no_matter_of_the_credentials() {
    let expired = "Signature expired: 20261123T015801Z is now earlier than 20261123T025301Z";
    for (message, kind) in [
        (expired, FailureKind::SignatureTime),
        ("Signature not yet current: 20261123T035801Z is still later than", FailureKind::SignatureTime),
        (
            "The request signature we calculated does not match.\n\n The Canonical String",
            FailureKind::BadCredentials,
        ),
    ] {
        let refused = failure(&refused_as(403, "SignatureDoesNotMatch", message), SENT);
        assert_eq!((refused.kind, refused.refused), (kind, true), "{message}");
        assert_eq!(refused.to_string().contains("credentials"), kind == FailureKind::BadCredentials);
        assert!(!refused.to_string().contains("u{a}"), "{refused}");
    }
}

#[test]
fn an_element_that_is_none_is_told_by_its_name() {
    let said = "invalid root, expected DescribeDBClustersResponse got StartEl { name: Name { prefix: \"\", local: \
                \"html\" }, attributes: [], closed: false, depth: 0 }";
    assert_eq!(plain(said), "invalid root, expected DescribeDBClustersResponse got html");
    assert_eq!(plain("unexpected end"), "unexpected end");
}

#[test]
fn a_clock_that_is_off_is_named_as_the_cause() {
    let server = Timestamp::from_second(1_800_000_000).expect("a time");
    let at = |offset: i64| Timestamp::from_second(1_800_000_000 + offset).expect("a time");
    assert_eq!(clock_off(server, at(0)), None);
    assert_eq!(clock_off(server, at(-240)), None);
    let behind = clock_off(server, at(-3600)).expect("off");
    assert!(behind.contains("60 minutes behind"), "{behind}");
    let ahead = clock_off(server, at(301)).expect("off");
    assert!(ahead.contains("5 minutes ahead of"), "{ahead}");
}
