//! A change of many clusters: the real binary against the simulator, and what the simulator then holds.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod asking;
mod fleet;
mod going_on;
mod judges;
mod kills;
mod machines;
mod matrix;
mod reports;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use support::pty;
use support::world;

use std::fmt::Write as _;
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

const CREATE: &str = "CreateDBClusterSnapshot";
const CHANGE: &str = "CHG-1042";
/// How long something may take to happen on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A fleet of so many clusters, `c0` and on, whose snapshots take a second.
fn clusters(count: usize) -> String {
    let mut fleet = "snapshot_quota = 1000\n".to_owned();
    for number in 0..count {
        let _ = write!(
            fleet,
            "[[cluster]]\nidentifier = \"c{number}\"\nengine = \"aurora-postgresql\"\nsnapshot_takes = \"1s\"\n\
             tags = {{ owner = \"dba\", team = \"t{number}\" }}\n"
        );
    }
    fleet
}

/// The words of a command for a change of so many clusters.
fn create(count: usize) -> Vec<String> {
    let mut words = vec!["create".to_owned()];
    words.extend((0..count).map(|number| format!("c{number}")));
    words.extend(["--change", CHANGE, "--yes", "--json"].map(str::to_owned));
    words
}

fn refs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// A member of each row.
fn column(rows: &Value, member: &str) -> Vec<String> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[member].as_str().unwrap_or("null").to_owned()).collect()
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap(), signal).unwrap();
}

#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
