//! boto3 sends samples of identifiers and tags, and the service's verdict is that of the program's
//! own form and that of a list made by hand.

use std::io::Write as _;
use std::process::Stdio;

use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;
use serde_json::{Value, json};

use super::*;

/// A sample of identifiers, each with whether it is valid.
fn identifiers() -> Vec<(String, bool)> {
    let mut samples: Vec<(String, bool)> = [
        ("a", true),
        ("Orders-2", true),
        ("x1-2-3", true),
        ("", false),
        (" ", false),
        ("1abc", false),
        ("-abc", false),
        ("abc-", false),
        ("a--b", false),
        ("a_b", false),
        ("a.b", false),
        ("a:b", false),
        ("rds:x", false),
        ("\u{430}bc", false),
        ("sn\u{e4}p", false),
        ("a\u{1f600}", false),
        ("a\u{202e}b", false),
        ("a\u{1b}[31mb", false),
        ("a\nb", false),
        ("abc ", false),
        ("a&b=c", false),
        ("a+b", false),
        ("a%2Db", false),
    ]
    .map(|(text, valid)| (text.to_owned(), valid))
    .into();
    samples
        .extend([(63, true), (64, false), (255, false)].map(|(length, valid)| ("z".repeat(length), valid)));
    samples
}

type Rows = Vec<(String, String)>;

/// A sample of lists of tags, each with whether it is valid.
fn tag_lists() -> Vec<(Rows, bool)> {
    let mut samples: Vec<(Rows, bool)> = [
        (vec![("k", "")], true),
        (vec![("k", "v"), ("K", "v")], true),
        (vec![("k", "v"), ("k", "w")], false),
        (vec![("", "v")], false),
        (vec![("aws:x", "v")], false),
        (vec![("AWS:x", "v")], false),
        (vec![("rds:x", "v")], false),
        (vec![("k!", "v")], false),
        (vec![("k", "a\tb")], false),
        (vec![("k", "a\nb")], false),
        (vec![("k", "e\u{301}")], false),
        (vec![("k", "\u{e9} \u{5d0}\u{4e2d}")], true),
        (vec![("k", "\u{1f600}")], false),
        (vec![("k", "a\u{a0}b")], true),
        (vec![("k", " v")], true),
        (vec![("k", "\u{1b}]52;c;x\u{7}")], false),
        (vec![("k", "<&\"'>")], false),
        (vec![("a b_.:/=+-@9", "a b_.:/=+-@9")], true),
    ]
    .map(|(rows, valid)| (rows.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect(), valid))
    .into();
    samples.extend([
        (vec![("k".repeat(128), "v".repeat(256))], true),
        (vec![("k".repeat(129), String::new())], false),
        (vec![("k".to_owned(), "v".repeat(257))], false),
        (vec![("k".to_owned(), "\u{e9}".repeat(256))], true),
        ((0..51).map(|n| (format!("key-{n}"), String::new())).collect(), false),
    ]);
    samples
}

#[test]
fn the_service_and_the_form_have_one_opinion_on_what_is_valid() {
    let (identifiers, tags) = (identifiers(), tag_lists());
    let mut fleet = fleet();
    fleet.snapshot_quota = 100;
    let server = served(fleet, 1.0);
    let samples = json!({
        "identifiers": identifiers.iter().map(|(text, _)| text).collect::<Vec<_>>(),
        "tags": tags.iter().map(|(rows, _)| rows).collect::<Vec<_>>(),
    });
    let mut command = Venv::ready().script("verdicts.py");
    command.arg(&server.url).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(samples.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    for ((text, valid), service) in identifiers.iter().zip(said["identifiers"].as_array().unwrap()) {
        assert_eq!((SnapshotId::parse(text).is_ok(), service), (*valid, &json!(valid)), "{text:?}");
    }
    for ((rows, valid), service) in tags.iter().zip(said["tags"].as_array().unwrap()) {
        let form = TagSet::parse(rows.iter().map(|(key, value)| (key.as_str(), value.as_str()))).is_ok();
        assert_eq!((form, service), (*valid, &json!(valid)), "{rows:?}");
    }
}
