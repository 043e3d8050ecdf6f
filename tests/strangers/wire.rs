//! curl, which signs and speaks HTTP in its own way, asks for things that are and for things that are none.

use super::*;

/// What curl makes of an answer: its body, and its status.
fn curl(url: &str, words: &[&str]) -> (String, u16) {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "30", "--write-out", "\n%{http_code}"]);
    command.args(["--aws-sigv4", "aws:amz:us-east-1:rds", "--user", "AKIAPROD:secret"]);
    let printed = run(command.args(words).arg(url));
    let (body, status) = printed.rsplit_once('\n').unwrap();
    (body.to_owned(), status.parse().unwrap())
}

#[test]
fn curl_gets_for_each_odd_request_what_a_service_gives() {
    if !has_curl() {
        return;
    }
    let mut fleet = fleet();
    fleet.accounts = [("AKIAPROD".to_owned(), "111111111111".to_owned())].into();
    let server = served(fleet, 1.0);
    let list = "Action=DescribeDBClusters&Version=2014-10-31";
    let large = format!("@{}", large_file().display());
    for (words, status, part) in [
        (&["--data", list][..], 200, "arn:aws:rds:us-east-1:111111111111:cluster:orders"),
        (&["--get", "--data", list], 200, "<DBClusterIdentifier>orders<"),
        (&["--http1.0", "--data", list], 200, "<DBClusterIdentifier>orders<"),
        (&["--header", "Transfer-Encoding: chunked", "--data", list], 200, "<DBClusterIdentifier>orders<"),
        (&["--request", "PUT", "--data", list], 404, "<UnknownOperationException/>"),
        (&["--request", "DELETE"], 404, "<UnknownOperationException/>"),
        (&["--header", "Content-Type: application/json", "--data", "{}"], 400, "<Code>MissingAction<"),
        (&["--data", "Action=DescribeDBClusters"], 400, "NO_VERSION_SPECIFIED"),
        (&["--data", "Action=Nonsense&Version=2014-10-31"], 400, "<Code>InvalidAction<"),
        (&["--data", list, "--data", "Filters.Filter.2.Name=engine"], 400, "<Code>MalformedInput<"),
        (&["--data", list, "--data-urlencode", "Unknown=\u{e9} &="], 200, "<DBClusterIdentifier>orders<"),
        (&["--data-binary", &large], 413, "<Code>RequestEntityTooLarge<"),
    ] {
        let (body, found) = curl(&server.url, words);
        assert_eq!(found, status, "{words:?}: {body}");
        assert!(body.contains(part), "{words:?}: {body}");
    }
}

/// Two million bytes in a file.
fn large_file() -> std::path::PathBuf {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("large-body");
    std::fs::write(&path, "x".repeat(2_000_000)).unwrap();
    path
}
