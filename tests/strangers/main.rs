//! The simulator, proved by strangers: boto3 and the AWS CLI, which know RDS and nothing of this
//! program, drive it over HTTP, and moto is asked the same.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli;
mod commands;
mod oracle;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;
mod verdicts;
mod wire;

use support::fixtures;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Output};
use std::sync::Arc;

use clustersnap::sim::Setup;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;

use support::servers::{Moto, Served, simulated};
use support::venv::Venv;

/// Three clusters of interest; a snapshot of the last takes longer than any test.
const FLEET: &str = r#"
snapshot_quota = 2

[[cluster]]
identifier = "orders"
engine = "aurora-postgresql"
engine_version = "16.4"
members = ["orders-1", "orders-2"]
automated_snapshots = 2
snapshot_takes = "100s"
tags = { owner = "dba" }

[[cluster]]
identifier = "billing"
engine = "mysql"
engine_version = "8.0.39"
instance_class = "db.m6gd.large"
storage_gib = 812
storage_type = "io1"
iops = 3000

[[cluster]]
identifier = "tenants"
engine = "aurora-postgresql"
serverless_v2 = [0.5, 16.0]
snapshot_takes = "10h"
"#;

/// The differences between the simulator and moto, each reviewed.
const DIFFERENCES: &str = include_str!("../python/differences.txt");

fn fleet() -> Fleet {
    Fleet::from_toml(FLEET).unwrap()
}

fn served(fleet: Fleet, speed: f64) -> Served {
    simulated(fleet, FaultScript::default(), speed).1
}

/// Runs a command to its good end and gives what it printed.
fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let (printed, said) = (String::from_utf8(stdout).unwrap(), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}: {status}\n{printed}\n{said}");
    printed
}

/// Whether there is a curl that signs; it is said where there is none.
fn has_curl() -> bool {
    let output = Command::new("curl").args(["--aws-sigv4", "aws:amz", "--version"]).output();
    let has = output.is_ok_and(|output| output.status.success());
    if !has {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "not tested: what curl does, because there is no curl of 7.75 or newer").unwrap();
    }
    has
}

#[test]
fn boto3_drives_every_operation_and_pages_through_250_clusters() {
    let mut fleet = fleet();
    let mut stopped = Fleet::generated(250).clusters;
    "stopped".clone_into(&mut stopped[0].identifier);
    "stopped".clone_into(&mut stopped[0].status);
    fleet.clusters.extend(stopped);
    let server = served(fleet, 50.0);
    let printed = run(Venv::ready().script("drive.py").arg(&server.url));
    assert!(printed.starts_with("all operations"), "{printed}");
}

#[test]
fn boto3_goes_to_nine_places_of_one_simulator() {
    let mut fleet = fleet();
    fleet.accounts = [("AKIAPROD", "111111111111"), ("AKIASTAGE", "222222222222")]
        .map(|(key, account)| (key.to_owned(), account.to_owned()))
        .into();
    let server = served(fleet, 1.0);
    let printed = run(Venv::ready().script("places.py").arg(&server.url));
    assert_eq!(printed, "9 places\n");
}

#[test]
fn boto3_looks_through_the_fleet_of_a_simulator_without_a_file() {
    let server = Served::start(Arc::new(Setup::default().simulator().unwrap()));
    let printed = run(Venv::ready().script("fleet.py").arg(&server.url));
    assert_eq!(printed, "12 places with clusters of their own\n");
}

#[test]
fn the_simulator_differs_from_moto_only_as_reviewed() {
    let mut fleet = fleet();
    fleet.snapshot_quota = 100;
    fleet.clusters.retain(|cluster| cluster.identifier != "tenants");
    fleet.clusters.iter_mut().for_each(|cluster| {
        cluster.automated_snapshots = 0;
        cluster.members.clear();
        cluster.snapshot_takes = Some(Period::seconds(1));
    });
    let venv = Venv::ready();
    let (server, moto) = (served(fleet, 1_000.0), Moto::start(&venv));
    let printed = run(venv.script("compare.py").args([&server.url, &moto.url]));
    let found: BTreeSet<&str> = printed.lines().collect();
    // Each reviewed line ends with the reason why the difference is right.
    let reviewed: BTreeSet<&str> = DIFFERENCES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.rsplit_once(" | ").expect("a line of the list has a reason").0)
        .collect();
    let new: Vec<_> = found.difference(&reviewed).collect();
    let gone: Vec<_> = reviewed.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "review tests/python/differences.txt\nnew: {new:#?}\ngone: {gone:#?}"
    );
}
