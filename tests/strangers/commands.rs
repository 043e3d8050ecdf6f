//! The equivalent commands, run by a shell as they are copied and as they are shown.

use clustersnap::app::request_id::PlaceId;
use clustersnap::app::screens::review::{Kind, Review};
use clustersnap::app::{App, Settings};
use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::command;
use clustersnap::domain::context::Target;
use clustersnap::domain::mark::RequestNumber;
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;
use serde_json::{Value, json};

use super::*;

/// Valid tags that a shell, JSON, the AWS CLI or curl could take for something else.
const HOSTILE: &[(&str, &str)] = &[
    ("a b", "  two  blanks  "),
    ("=", "=a=b=="),
    ("@", "@/etc/passwd"),
    ("file", "file:///etc/passwd"),
    ("url", "http://127.0.0.1/x"),
    ("-x", "--help"),
    ("plus", "a+b +"),
    ("\u{5e9}\u{5dc}\u{5d5}\u{5dd}", "\u{5e2}\u{5d5}\u{5dc}\u{5dd} abc \u{627}\u{644}"),
    ("line", "a\u{2028}b\u{2029}c"),
    ("unseen", "\u{3164}\u{a0}\u{115f}"),
    ("wide", "\u{1d7d9}\u{20000}\u{4e2d}"),
    ("empty", ""),
];

fn request(snapshot: &str) -> SnapshotRequest {
    SnapshotRequest {
        number: RequestNumber::new(jiff::Timestamp::UNIX_EPOCH, 1),
        cluster: ClusterId::parse("orders").unwrap(),
        cluster_resource_id: None,
        snapshot: SnapshotId::parse(snapshot).unwrap(),
        tags: TagSet::parse(HOSTILE.iter().copied()).unwrap(),
        mark: None,
        change: None,
    }
}

fn place(url: &str) -> Target {
    Target { endpoint: Some(url.to_owned()), resolved: None, ..fixtures::place("eu-west-1") }
}

/// The command as it stands on the screen of this width.
fn shown(place: Target, request: &SnapshotRequest) -> String {
    let (app, _) = App::new(Settings { places: vec![place], ..Settings::default() }, (80, 24));
    let lines = Review::of(PlaceId(0), request.clone())
        .rows(&app.world)
        .into_iter()
        .filter(|row| row.kind == Kind::Command);
    lines.map(|row| row.text).collect::<Vec<_>>().join("\n   ")
}

/// What the simulator has under a snapshot's name.
fn made(venv: &Venv, url: &str, snapshot: &str) -> Value {
    let mut command = venv.command("aws");
    let find = ["--db-cluster-snapshot-identifier", snapshot, "--endpoint-url", url, "--output", "json"];
    command.args(["rds", "describe-db-cluster-snapshots"]).args(find);
    let listed: Value = serde_json::from_str(&run(&mut command)).unwrap();
    let snapshot = &listed["DBClusterSnapshots"][0];
    json!({ "of": snapshot["DBClusterIdentifier"], "tags": snapshot["TagList"] })
}

#[test]
fn the_commands_make_the_same_snapshot_with_the_same_tags() {
    let venv = Venv::ready();
    let server = served(Fleet { snapshot_quota: 100, ..fleet() }, 1.0);
    let place = || place(&server.url);
    let tags: Vec<Value> = HOSTILE.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    let has_curl = has_curl();
    for (name, text) in [
        ("by-aws", command::cli(&place(), &request("by-aws"))),
        ("by-aws-shown", shown(place(), &request("by-aws-shown"))),
        ("by-curl", command::curl(&place(), &request("by-curl"))),
    ] {
        if name == "by-curl" && !has_curl {
            continue;
        }
        run(&mut venv.shell(&text));
        assert_eq!(made(&venv, &server.url, name), json!({ "of": "orders", "tags": tags }), "{text}");
    }
}

#[test]
fn a_shell_gives_back_every_quoted_word() {
    let hostile = "<>&|;()$`\\\"'*?[]#~=%! \t\n{}^-@,aZ\u{e9}\u{5d0}\u{1b}\u{7f}";
    let chars: Vec<char> = hostile.chars().collect();
    let words: Vec<String> = (0..2_000_usize)
        .map(|seed| {
            let length = seed % 7;
            (0..length).map(|at| chars[(seed * 31 + at * at * 17 + seed / 7) % chars.len()]).collect()
        })
        .collect();
    let quoted: Vec<String> = words.iter().map(|word| command::quote(word)).collect();
    let printed = run(Command::new("sh").args(["-c", &format!("printf '%s\\0' {}", quoted.join(" "))]));
    let back: Vec<&str> = printed.split_terminator('\0').collect();
    assert_eq!(back, words);
}
