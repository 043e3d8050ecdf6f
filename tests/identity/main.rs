//! Whoever a person is for `aws`, they are for this program: the same key, Region and host, or both refuse.
//!
//! `tests/python/identity` makes files and environments from a seed, lays each in a private home, and runs the
//! AWS CLI and this program there, against one loopback port that is every service and writes down who came.
//! Two variables set what is tried: `IDENTITY_SEED` and `IDENTITY_CASES` (1000 by default); the seed is printed. A
//! case is tried alone with `IDENTITY_ONLY=NUMBER` beside its seed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod around;
mod canaries;
mod doctor;
mod peers;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use support::program::PROGRAM;
use support::pty;

use std::collections::BTreeSet;
use std::io::Write as _;

use serde_json::Value;
use support::venv::Venv;

/// The differences that are meant, as the tests and the README tell them.
const ACCEPTED: &str = include_str!("../python/identity/accepted.txt");

/// The seed of the cases that everybody tries.
const SEED: &str = "77";

/// Runs the comparison; gives what it printed for a person, and its summary.
fn compared(words: &[&str]) -> (String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Venv::ready().script("identity/whoami.py");
    command.arg(PROGRAM).arg(folder.path()).args(words);
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    let (told, summary) = printed.trim_end().rsplit_once('\n').unwrap_or(("", printed.trim_end()));
    (told.to_owned(), serde_json::from_str(summary).unwrap())
}

#[test]
fn whoever_you_are_for_aws_you_are_here() {
    let variable = |name: &str| std::env::var(name).ok();
    let cases = variable("IDENTITY_CASES").unwrap_or_else(|| "1000".to_owned());
    // The same cases for everybody, so that no change fails for another's find; other seeds look for more.
    let seed = variable("IDENTITY_SEED").unwrap_or_else(|| SEED.to_owned());
    let only = variable("IDENTITY_ONLY");
    writeln!(std::io::stderr(), "{cases} cases of seed {seed}").unwrap();
    // Some cases only wait, for a service that does not answer or to try again: more of them than cores at once.
    let mut words = vec!["--cases", &cases, "--seed", &seed, "--workers", "6"];
    words.extend(only.as_deref().map(|only| ["--only", only]).into_iter().flatten());
    let (told, summary) = compared(&words);
    assert!(summary["different"].is_null(), "{told}\n{summary}");
    let count = |name: &str| summary[name].as_u64().unwrap_or_default();
    // Where all is refused, nothing was shown.
    assert!(only.is_some() || 2 * count("equal") > count("refused"), "{summary}");
    let accepted: BTreeSet<&str> = ACCEPTED.lines().collect();
    let readme = include_str!("../../README.md");
    assert!(accepted.iter().all(|reason| readme.contains(reason)), "the README tells each difference");
}
