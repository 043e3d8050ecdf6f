//! The real binary when the worst happens: killed at any moment, raced by its twin, lied to by a proxy, on
//! a disk that takes no more. What it says is compared with what is true at the service.

mod disks;
mod kills;
mod proxies;
mod races;
mod spoil;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use clustersnap::domain::record::Record;
use clustersnap::journal::Journal;
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::{ClusterSpec, Fleet};
use clustersnap::sim::{Simulator, SimulatorOptions};
use serde_json::Value;
use support::past::Past;
use support::program::{self, KEYS, PROGRAM};

const CREATE: &str = "CreateDBClusterSnapshot";
const CLUSTER: &str = "orders-prod";

/// A service with one cluster, and room for many snapshots of it.
fn simulator(faults: &str) -> Arc<Simulator> {
    let cluster = ClusterSpec::new(CLUSTER, "aurora-postgresql", "16.4");
    let fleet = Fleet { clusters: vec![cluster], snapshot_quota: 1_000, ..Fleet::default() };
    let faults = FaultScript::from_toml(faults).expect("a script");
    Arc::new(Simulator::new(fleet, faults, SimulatorOptions::default()))
}

/// A program with pipes for its outputs, in an environment of its own.
fn command(program: &str, home: &Path, words: &str) -> Command {
    let mut command = program::command(program, home);
    command.args(words.split_whitespace()).envs(KEYS);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The binary under test with a command of its own, sent to a service.
fn clustersnap(home: &Path, url: &str, words: &str) -> Command {
    let mut command = command(PROGRAM, home, words);
    command.env("AWS_ENDPOINT_URL", url);
    command
}

/// The words that ask for a snapshot.
fn create(name: &str) -> String {
    format!("create {CLUSTER} --name {name} --tag ticket=CHG-1042 --json")
}

/// What a command answered: its exit code and its JSON.
fn answer(output: &Output) -> (i32, Value) {
    let (said, why) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let json = serde_json::from_str(said.trim());
    let json = json.unwrap_or_else(|error| panic!("{error}: {said:?}\n{why}"));
    (output.status.code().expect("it ended by itself"), json)
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the program starts")
}

fn journal(home: &Path) -> Journal {
    Journal::open(&home.join(".local/state/clustersnap"))
}

fn history(home: &Path) -> Past {
    Past::of(&journal(home))
}

/// The only record of a name.
fn record<'a>(history: &'a Past, name: &str) -> Option<&'a Record> {
    let mut records = history.records.iter().filter(|record| record.intent.snapshot == name);
    let record = records.next();
    assert!(records.next().is_none(), "{name} was asked for twice");
    record
}
