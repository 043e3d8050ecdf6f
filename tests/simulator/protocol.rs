//! The protocol as raw sockets see it: each request that is none gets what the service gives.

use clustersnap::sim::faults::{Fault, FaultyAnswer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::http::{raw, serve};
use super::*;

const FORM: &str = "application/x-www-form-urlencoded";
const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKID/20261123/eu-west-1/rds/aws4_request, \
                      SignedHeaders=host, Signature=0";

/// A signed request by POST, the last on its connection.
fn post(content_type: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: {SIGNED}\r\nContent-Type: {content_type}\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// A signed request by another method, the last on its connection.
fn bodiless(method: &str, query: &str) -> String {
    format!("{method} /?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: {SIGNED}\r\nConnection: close\r\n\r\n")
}

/// The text of an element.
fn text<'a>(answer: &'a str, element: &str) -> Option<&'a str> {
    let (_, rest) = answer.split_once(&format!("<{element}>"))?;
    rest.split_once("</").map(|(text, _)| text)
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{answer}"))
}

/// Status, code and namespace of a refusal, whose request id has to be that of its header.
fn refusal(answer: &str) -> (u16, &str, &str) {
    let (head, document) = answer.split_once("\r\n\r\n").unwrap();
    let id = head.lines().find_map(|line| line.strip_prefix("x-amzn-requestid: "));
    assert_eq!((text(document, "RequestId"), text(document, "Type")), (id, Some("Sender")), "{answer}");
    let namespace = document.split('"').find(|part| part.starts_with("http")).unwrap();
    (status(answer), text(document, "Code").unwrap(), namespace)
}

const FAULT: &str = "http://webservices.amazon.com/AWSFault/2005-15-09";
const RDS: &str = "http://rds.amazonaws.com/doc/2014-10-31/";
const STS: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

#[tokio::test]
async fn a_request_that_asks_for_nothing_that_there_is_is_told_so_by_code() {
    let sim = simulator(fleet(), vec![]);
    let (address, server) = serve(&sim).await;
    for (query, status, code) in [
        ("", 400, "MissingAction"),
        ("Version=2014-10-31", 400, "MissingAction"),
        ("Action=&Version=2014-10-31", 400, "InvalidAction"),
        ("Action=DescribeDBClusters", 400, "InvalidAction"),
        ("Action=DescribeDBClusters&Version=", 400, "InvalidAction"),
        ("Action=DescribeDBClusters&Version=2012-01-15", 400, "InvalidAction"),
        ("Action=DescribeDBClusters&Version=2011-06-15", 400, "InvalidAction"),
        ("Action=describedbclusters&Version=2014-10-31", 400, "InvalidAction"),
        ("Action=Nonsense&Action=DescribeDBClusters&Version=2014-10-31", 400, "InvalidAction"),
    ] {
        for request in [bodiless("GET", query), post(FORM, query)] {
            let answer = raw(address, &request).await;
            assert_eq!(refusal(&answer), (status, code, FAULT), "{query}");
        }
    }
    let answer = raw(address, &bodiless("GET", "Action=DescribeDBClusters")).await;
    let message = "Could not find operation DescribeDBClusters for version NO_VERSION_SPECIFIED";
    assert_eq!(text(&answer, "Message"), Some(message));
    server.abort();
}

#[tokio::test]
async fn other_methods_are_no_operation_at_all() {
    let sim = simulator(fleet(), vec![]);
    let (address, server) = serve(&sim).await;
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW"] {
        let answer = raw(address, &bodiless(method, "Action=DescribeDBClusters&Version=2014-10-31")).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(status(head), 404, "{answer}");
        assert!(head.contains("x-amzn-requestid: ") && head.contains("content-length: 29"), "{answer}");
        assert_eq!(body, if method == "HEAD" { "" } else { "<UnknownOperationException/>\n" }, "{method}");
    }
    assert_eq!(sim.calls("DescribeDBClusters"), 0);
    server.abort();
}

#[tokio::test]
async fn a_body_is_read_only_if_it_is_a_form() {
    let sim = simulator(fleet(), vec![]);
    let (address, server) = serve(&sim).await;
    let body = "Action=DescribeDBClusters&Version=2014-10-31";
    for (content_type, expected) in [
        (FORM, 200),
        ("application/x-www-form-urlencoded; charset=utf-8", 200),
        ("APPLICATION/x-www-form-URLENCODED;charset=UTF-8", 200),
        ("text/plain", 400),
        ("application/json", 400),
        ("application/x-amz-json-1.1", 400),
        ("application/x-www-form-urlencodedx", 400),
        ("", 400),
    ] {
        let answer = raw(address, &post(content_type, body)).await;
        assert_eq!(status(&answer), expected, "{content_type}: {answer}");
        if expected == 400 {
            assert_eq!(refusal(&answer).1, "MissingAction", "{content_type}");
        }
    }
    server.abort();
}

#[tokio::test]
async fn who_calls_is_asked_after_what_and_before_how() {
    let sim = simulator(fleet(), vec![]);
    let (address, server) = serve(&sim).await;
    for (query, code, namespace) in [
        ("Action=DescribeDBClusters&Version=2014-10-31", "MissingAuthenticationToken", RDS),
        ("Action=GetCallerIdentity&Version=2011-06-15", "MissingAuthenticationToken", STS),
        ("Action=CreateDBClusterSnapshot&Version=2014-10-31", "MissingAuthenticationToken", RDS),
        ("Action=Nonsense&Version=2014-10-31", "InvalidAction", FAULT),
    ] {
        let request = bodiless("GET", query).replace(&format!("Authorization: {SIGNED}\r\n"), "");
        let answer = raw(address, &request).await;
        let status = if namespace == FAULT { 400 } else { 403 };
        assert_eq!(refusal(&answer), (status, code, namespace), "{query}");
    }
    server.abort();
}

#[tokio::test]
async fn a_scripted_refusal_is_of_the_service_that_is_asked() {
    let sim = simulator(fleet(), vec![Fault::on("*").answer(FaultyAnswer::error(403, "AccessDenied", "no"))]);
    let (address, server) = serve(&sim).await;
    for (query, namespace) in [
        ("Action=DescribeDBClusters&Version=2014-10-31", RDS),
        ("Action=GetCallerIdentity&Version=2011-06-15", STS),
    ] {
        let answer = raw(address, &post(FORM, query)).await;
        assert_eq!(refusal(&answer), (403, "AccessDenied", namespace));
    }
    server.abort();
}

/// A create of a snapshot of `orders`, with more parameters.
fn create_with(more: &str) -> String {
    let body = format!(
        "Action=CreateDBClusterSnapshot&Version=2014-10-31&DBClusterIdentifier=orders\
         &DBClusterSnapshotIdentifier=a&{more}"
    );
    post(FORM, &body)
}

fn numbered(count: usize, member: impl Fn(usize) -> String) -> String {
    (1..=count).map(member).collect::<Vec<_>>().concat()
}

#[tokio::test]
async fn numbered_lists_have_no_gaps_and_no_more_than_their_limits() {
    let sim = simulator(fleet(), vec![]);
    let (address, server) = serve(&sim).await;
    let tags = |count| numbered(count, |n| format!("&Tags.Tag.{n}.Key=k{n}"));
    for (more, code) in [
        ("Tags.Tag.1.Key=a&Tags.Tag.3.Key=c", "MalformedInput"),
        ("Tags.Tag.0.Key=a", "MalformedInput"),
        ("Tags.Tag.2.Key=a", "MalformedInput"),
        ("Tags.Tag.x.Key=a", "MalformedInput"),
        ("Tags.Tag.-1.Key=a", "MalformedInput"),
        ("Tags.Tag.1.Key=a&Tags.Tag.99999999999999999999.Key=c", "MalformedInput"),
        ("Tags.Tag.1.Value=v", "InvalidParameterValue"),
        (&tags(51), "InvalidParameterValue"),
        (&tags(5_000), "InvalidParameterValue"),
    ] {
        let answer = raw(address, &create_with(more)).await;
        assert_eq!(refusal(&answer), (400, code, RDS), "{more}");
    }
    let values = numbered(101, |n| format!("&Filters.Filter.1.Values.Value.{n}=v"));
    for (list, code) in [
        (values.as_str(), "InvalidParameterValue"),
        ("&Filters.Filter.1.Values.Value.1=a&Filters.Filter.1.Values.Value.3=b", "MalformedInput"),
        ("&Filters.Filter.1.Values.Value.1=a&Filters.Filter.3.Name=b", "MalformedInput"),
    ] {
        let query = "Action=DescribeDBClusters&Version=2014-10-31&Filters.Filter.1.Name=engine";
        let answer = raw(address, &post(FORM, &format!("{query}{list}"))).await;
        assert_eq!(refusal(&answer), (400, code, RDS), "{list}");
    }
    assert_eq!(sim.creates(), 0);
    let answer = raw(address, &create_with(&format!("Unknown=x&Tags.Other.7=y{}", tags(50)))).await;
    assert_eq!((status(&answer), answer.matches("<Tag>").count()), (200, 50), "{answer}");
    server.abort();
}

#[tokio::test]
async fn what_an_action_needs_is_named_where_it_is_missing() {
    let sim = simulator(fleet(), vec![]);
    let (address, server) = serve(&sim).await;
    for (query, code, name) in [
        ("", "MissingParameter", "DBClusterSnapshotIdentifier"),
        ("&DBClusterSnapshotIdentifier=a", "MissingParameter", "DBClusterIdentifier"),
        ("&DBClusterSnapshotIdentifier=", "InvalidParameterValue", "DBClusterSnapshotIdentifier"),
    ] {
        let request = post(FORM, &format!("Action=CreateDBClusterSnapshot&Version=2014-10-31{query}"));
        let answer = raw(address, &request).await;
        assert_eq!(refusal(&answer), (400, code, RDS), "{query}");
        assert!(text(&answer, "Message").unwrap().contains(name), "{answer}");
    }
    server.abort();
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_not_kept() {
    let sim = simulator(fleet(), vec![]);
    let (address, server) = serve(&sim).await;
    let filler = |bytes: usize| create_with(&format!("Filler={}", "x".repeat(bytes)));
    assert_eq!(status(&raw(address, &filler(1_000_000)).await), 200);
    for bytes in [1 << 20, 3 << 20] {
        let answer = raw(address, &filler(bytes)).await;
        assert_eq!(refusal(&answer), (413, "RequestEntityTooLarge", FAULT));
    }
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\nExpect: 100-continue\r\n\r\n";
    assert_eq!(refusal(&raw(address, head).await).0, 413);
    let chunks = format!("100000\r\n{}\r\n", "x".repeat(1 << 20)).repeat(2);
    let chunked = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\
         Connection: close\r\n\r\n{chunks}0\r\n\r\n"
    );
    assert_eq!(refusal(&raw(address, &chunked).await).0, 413);
    assert_eq!(sim.creates(), 1);
    server.abort();
}

/// How long the server lets a connection be on which that was sent, in seconds of a paused clock.
async fn closed_after(sent: &str) -> u64 {
    let (address, server) = serve(&simulator(fleet(), vec![])).await;
    let begun = tokio::time::Instant::now();
    raw(address, sent).await;
    server.abort();
    begun.elapsed().as_secs()
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_whole_request_is_closed_after_a_minute() {
    let whole = "GET /?Action=X HTTP/1.1\r\nHost: x\r\n\r\n";
    let half = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nAction=";
    for sent in ["", "GET", "GET / HTTP/1.1\r\nHost: x\r\nX-Sl", whole, half] {
        let seconds = closed_after(sent).await;
        assert!((60..=61).contains(&seconds), "{sent:?}: {seconds} s");
    }
}

/// The first answer on a connection that stays open.
async fn next(stream: &mut TcpStream, before: &mut Vec<u8>) -> String {
    loop {
        let so_far = String::from_utf8_lossy(before).into_owned();
        if let Some((head, body)) = so_far.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.unwrap().parse().unwrap();
            if body.len() >= length {
                let rest = before.split_off(head.len() + 4 + length);
                return String::from_utf8(std::mem::replace(before, rest)).unwrap();
            }
        }
        assert_ne!(stream.read_buf(before).await.unwrap(), 0, "closed after {so_far:?}");
    }
}

#[tokio::test]
async fn a_connection_is_kept_and_requests_that_are_sent_at_once_are_answered_in_order() {
    let (address, server) = serve(&simulator(fleet(), vec![Fault::on(CREATE).delay(DELAY)])).await;
    let kept = |request: String| request.replace("Connection: close\r\n", "");
    let read = kept(bodiless("GET", "Action=DescribeDBClusterSnapshots&Version=2014-10-31"));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let mut buffer = Vec::new();
    for _ in 0..2 {
        stream.write_all(read.as_bytes()).await.unwrap();
        assert!(!next(&mut stream, &mut buffer).await.contains("<DBClusterSnapshot>"));
    }
    stream.write_all([kept(create_with("")), read].concat().as_bytes()).await.unwrap();
    assert!(next(&mut stream, &mut buffer).await.contains("<CreateDBClusterSnapshotResult>"));
    assert!(next(&mut stream, &mut buffer).await.contains("<DBClusterSnapshot>"));
    server.abort();
}

const DELAY: Duration = Duration::from_millis(200);

#[tokio::test]
async fn http_1_0_is_answered_and_closed() {
    let (address, server) = serve(&simulator(fleet(), vec![])).await;
    let request = bodiless("GET", "Action=DescribeDBClusters&Version=2014-10-31");
    let request = request.replace("HTTP/1.1\r\nHost: x", "HTTP/1.0").replace("Connection: close\r\n", "");
    let answer = raw(address, &request).await;
    assert!(answer.starts_with("HTTP/1.0 200 OK\r\n") && answer.contains("<DBCluster>"), "{answer}");
    server.abort();
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_closed() {
    let (address, server) = serve(&simulator(fleet(), vec![])).await;
    for nonsense in [
        "\x16\x03\x01\x02\x00\x01",
        "GET\r\n\r\n",
        "GET / HTTP/1.1\r\nno header\r\n\r\n",
        "\r\n\r\nx y\r\n\r\n",
    ] {
        let answer = raw(address, nonsense).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{nonsense:?}: {answer:?}");
    }
    server.abort();
}

#[tokio::test]
async fn whoever_has_said_everything_and_closes_that_half_gets_an_answer() {
    for fault in [Fault::on("*"), Fault::on("*").delay(DELAY)] {
        let (address, server) = serve(&simulator(fleet(), vec![fault])).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(create_with("").as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(status(&answer), 200, "{answer}");
        server.abort();
    }
}
