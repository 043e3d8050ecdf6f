//! A disk that takes no more, or is lost between the two lines of a request.
//!
//! A full disk is a limit on the size of files, which the shell sets; a read-only one is `/proc`, which
//! takes no file from anybody.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use clustersnap::domain::outcome_kind::OutcomeKind;

use super::support::program::PROGRAM;
use super::support::servers::Served;
use super::*;

/// How much a file may hold on the full disk: 16 blocks of 512 bytes, as `ulimit -f` counts in POSIX.
const FULL: usize = 16 * 512;

/// A command on a disk on which no file grows beyond [`FULL`].
fn on_a_full_disk(home: &Path, url: &str, words: &str) -> Command {
    let script = format!("ulimit -f 16; exec \"$0\" {words}");
    let mut command = command("sh", home, "-c");
    command.args([&script, PROGRAM]).env("AWS_ENDPOINT_URL", url);
    command
}

fn refused(simulator: &Simulator, output: &Output) {
    let (code, json) = answer(output);
    assert_eq!(code, 1, "{json}");
    let message = json["error"]["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("Nothing was sent for ") && message.contains(": cannot "), "{message}");
    assert!(message.contains("journal.jsonl") || message.contains("The journal belongs there."), "{message}");
    assert!(message.contains("--without-journal sends this one request all the same"), "{message}");
    assert_eq!(simulator.calls(CREATE), 0);
}

/// Fills the journal with blank lines, which mean nothing, up to a size.
fn fill(home: &Path, size: usize) {
    let mut file = OpenOptions::new().append(true).open(journal(home).path()).expect("the journal is there");
    let length = usize::try_from(file.metadata().expect("a file").len()).expect("a length");
    file.write_all("\n".repeat(size - length).as_bytes()).expect("this test's disk is not full");
}

/// How many bytes of the journal each line of a kind takes, its end included.
fn length_of(home: &Path, kind: &str) -> usize {
    let text = fs::read_to_string(journal(home).path()).expect("the journal is there");
    let kind = format!("{{\"kind\":\"{kind}\"");
    text.lines().find(|line| line.starts_with(&kind)).expect("a line of that kind").len() + 1
}

#[test]
fn on_a_full_disk_nothing_is_sent_unless_the_person_says_so_for_this_one_request() {
    let simulator = simulator("");
    let served = Served::start(Arc::clone(&simulator));
    let home = tempfile::tempdir().expect("a folder");
    journal(home.path()).check().expect("the journal can be made");
    fill(home.path(), FULL);
    refused(&simulator, &run(&mut on_a_full_disk(home.path(), &served.url, &create("full"))));
    let words = format!("{} --without-journal", create("full"));
    let (code, json) = answer(&run(&mut on_a_full_disk(home.path(), &served.url, &words)));
    assert_eq!((code, &json["data"]["outcome"]), (0, &Value::from("created")), "{json}");
    assert_eq!(simulator.creates(), 1);
    assert!(history(home.path()).records.is_empty());
}

#[test]
fn on_a_read_only_disk_nothing_is_sent() {
    let simulator = simulator("");
    let served = Served::start(Arc::clone(&simulator));
    let home = tempfile::tempdir().expect("a folder");
    let mut command = clustersnap(home.path(), &served.url, &create("read-only"));
    refused(&simulator, &run(command.env("XDG_STATE_HOME", "/proc")));
}

#[test]
fn a_disk_that_fills_up_between_the_two_lines_costs_no_truth() {
    let simulator = simulator("");
    let served = Served::start(Arc::clone(&simulator));
    let home = tempfile::tempdir().expect("a folder");
    run(&mut clustersnap(home.path(), &served.url, &create("first")));
    // Names of one length make lines of nearly one length: the intent fits, the outcome does not.
    fill(home.path(), FULL - length_of(home.path(), "intent") - 40);
    assert!(length_of(home.path(), "outcome") > 80);
    let output = run(&mut on_a_full_disk(home.path(), &served.url, &create("other")));
    let (code, json) = answer(&output);
    assert_eq!((code, &json["data"]["outcome"]), (0, &Value::from("created")), "{json}");
    not_recorded(&simulator, home.path(), &output);
    found_again(home.path(), &served, &simulator);
}

#[test]
fn a_disk_that_is_lost_between_the_two_lines_costs_no_truth() {
    let simulator = simulator("[[fault]]\naction = \"CreateDBClusterSnapshot\"\ndelay = \"1s\"\n");
    let served = Served::start(Arc::clone(&simulator));
    let home = tempfile::tempdir().expect("a folder");
    let child = clustersnap(home.path(), &served.url, &create("other")).spawn().expect("the program starts");
    let deadline = Instant::now() + Duration::from_secs(20);
    while simulator.calls(CREATE) == 0 {
        assert!(Instant::now() < deadline, "the request never came");
        thread::sleep(Duration::from_millis(5));
    }
    let (state, lost) = (home.path().join(".local"), home.path().join("lost"));
    fs::rename(&state, &lost).expect("the folder can be moved");
    fs::write(&state, "").expect("a file can take its place");
    let output = child.wait_with_output().expect("it ends");
    fs::remove_file(&state).expect("it is there");
    fs::rename(&lost, &state).expect("the disk comes back");
    let (code, json) = answer(&output);
    assert_eq!((code, &json["data"]["outcome"]), (0, &Value::from("created")), "{json}");
    not_recorded(&simulator, home.path(), &output);
    found_again(home.path(), &served, &simulator);
}

#[test]
fn an_end_that_a_full_disk_does_not_take_is_told_and_written_down_by_the_next_watch() {
    let simulator = simulator("");
    let served = Served::start(Arc::clone(&simulator));
    let home = tempfile::tempdir().expect("a folder");
    run(&mut clustersnap(home.path(), &served.url, &create("first")));
    simulator.skip(clustersnap::sim::clock::Period::seconds(120));
    fill(home.path(), FULL - 40);
    let has_ended = || record(&history(home.path()), "first").expect("a record").ended.is_some();
    let output = run(&mut on_a_full_disk(home.path(), &served.url, "watch"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("The journal could not record that first is available"), "{said}");
    assert!(output.status.success() && !has_ended(), "{said}");
    let output = run(&mut clustersnap(home.path(), &served.url, "watch"));
    assert!(output.status.success() && has_ended(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The outcome was told, with the word that the journal does not have it.
fn not_recorded(simulator: &Simulator, home: &Path, output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("The journal could not record what became of other"), "{said}");
    assert!(!said.to_lowercase().contains("nothing was sent"), "{said}");
    assert!(simulator.has_snapshot("other"));
    let history = history(home);
    assert!(record(&history, "other").expect("its intent is there").outcome.is_none());
}

/// The next start, on a disk that takes lines again, finds the snapshot and follows it to its end.
fn found_again(home: &Path, served: &Served, simulator: &Simulator) {
    simulator.skip(clustersnap::sim::clock::Period::seconds(120));
    let output = run(&mut clustersnap(home, &served.url, "watch"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("other: created, and found again"), "{said}");
    let history = history(home);
    let record = record(&history, "other").expect("its intent is there");
    assert_eq!(record.kind(), OutcomeKind::FoundAgain);
    assert_eq!(record.ended.as_ref().map(|ended| ended.status.as_str()), Some("available"));
}
