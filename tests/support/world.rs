//! A simulator behind its HTTP door, a home folder, and the real binary between them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, LazyLock};

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Simulator, SimulatorOptions};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::{self, KEYS, PROGRAM};
use super::servers::Served;

/// One cluster for each thing that can happen to a snapshot.
const FLEET: &str = r#"
snapshot_quota = 20

[[cluster]]
identifier = "orders"
engine = "aurora-postgresql"
engine_version = "16.4"
snapshot_takes = "1s"
tags = { owner = "dba", env = "prod", "aws:cloudformation:stack-name" = "orders" }

[[cluster]]
identifier = "slow"
engine = "aurora-mysql"
engine_version = "8.0.mysql_aurora.3.08.0"
snapshot_takes = "10h"

[[cluster]]
identifier = "failing"
engine = "mysql"
engine_version = "8.0.39"
instance_class = "db.m6gd.large"
snapshot_takes = "1s"
snapshot_fails_at = 40

[[cluster]]
identifier = "busy"
engine = "aurora-postgresql"
status = "backing-up"
available_after = "8s"
snapshot_takes = "1s"

[[cluster]]
identifier = "stopped"
engine = "aurora-postgresql"
status = "stopped"

[[cluster]]
identifier = "graph"
engine = "neptune"
"#;

/// A cluster that is busy for a few seconds more.
pub const SOON_AVAILABLE: &str = r#"
[[cluster]]
identifier = "busy"
engine = "aurora-postgresql"
status = "backing-up"
available_after = "4s"
snapshot_takes = "1s"
"#;

/// What a run of the binary came to.
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Run {
    /// Standard output as one envelope that the schema describes.
    #[track_caller]
    pub fn envelope(&self) -> Value {
        let lines: Vec<&str> = self.out.lines().collect();
        assert_eq!(lines.len(), 1, "one line of JSON, not:\n{}\n{}", self.out, self.err);
        envelope(lines[0])
    }

    /// The data of a success, of that kind in the schema.
    #[track_caller]
    pub fn data(&self, kind: &str) -> Value {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        let data = self.envelope()["data"].clone();
        check(kind, &data);
        data
    }

    /// The error of an envelope, with its code and the exit code that belong together.
    #[track_caller]
    pub fn error(&self, code: &str, exit: i32) -> Value {
        let envelope = self.envelope();
        assert_eq!(envelope["error"]["code"], code, "{envelope}");
        assert_eq!(self.code, exit, "{envelope}");
        assert!(!self.err.is_empty(), "a person is told too");
        envelope["error"].clone()
    }
}

/// A simulator, a home, and how to run the binary there.
pub struct World {
    /// The simulator.
    pub simulator: Arc<Simulator>,
    /// Its HTTP door.
    pub served: Served,
    /// The home folder.
    pub home: TempDir,
}

impl World {
    /// A world in which nothing goes wrong.
    pub fn new() -> Self {
        Self::with("", FLEET)
    }

    /// A world with faults.
    pub fn faulty(faults: &str) -> Self {
        Self::with(faults, FLEET)
    }

    /// A world with faults and a fleet.
    pub fn with(faults: &str, fleet: &str) -> Self {
        let faults = FaultScript::from_toml(faults).unwrap();
        let fleet = Fleet::from_toml(fleet).unwrap();
        let simulator = Arc::new(Simulator::new(fleet, faults, SimulatorOptions::default()));
        let served = Served::start(Arc::clone(&simulator));
        Self { simulator, served, home: tempfile::tempdir().unwrap() }
    }

    /// Writes the configuration.
    pub fn configure(&self, text: &str) {
        let folder = self.home.path().join(".config/clustersnap");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.toml"), text).unwrap();
    }

    /// The binary with credentials for the simulator.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = bare(self.home.path(), args);
        command.env("AWS_ENDPOINT_URL", &self.served.url);
        command
    }

    /// Runs the binary.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Run {
        finish(&mut self.command(args))
    }

    /// Starts the binary; its outputs are pipes.
    pub fn start(&self, args: &[&str]) -> Child {
        start(&mut self.command(args))
    }

    /// The journal's lines.
    pub fn journal(&self) -> Vec<Value> {
        let path = self.home.path().join(".local/state/clustersnap/journal.jsonl");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// The binary with an environment of its own.
pub fn bare(home: &Path, args: &[&str]) -> Command {
    let mut command = program::command(PROGRAM, home);
    command.args(args).envs(KEYS);
    command
}

/// Starts a command with pipes for its outputs.
pub fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Runs a command to its end.
#[track_caller]
pub fn finish(command: &mut Command) -> Run {
    ended(command.output().unwrap())
}

/// What a run came to.
#[track_caller]
pub fn ended(output: Output) -> Run {
    let Output { status, stdout, stderr } = output;
    let (out, err) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    let code = status.code().unwrap_or_else(|| panic!("{status}\n{out}\n{err}"));
    Run { code, out, err }
}

/// The schema.
static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../assets/schema.json")).unwrap());

/// One line of JSON as an envelope that the schema describes.
#[track_caller]
pub fn envelope(line: &str) -> Value {
    let is_plain = |c: char| !c.is_control() && !('\u{202a}'..='\u{202e}').contains(&c);
    assert!(line.chars().all(is_plain), "a raw control character in {line:?}");
    let value: Value = serde_json::from_str(line).unwrap();
    validate(&SCHEMA, &value);
    value
}

/// Checks a value against one definition of the schema.
#[track_caller]
pub fn check(kind: &str, value: &Value) {
    let mut schema = SCHEMA.clone();
    let members = schema.as_object_mut().unwrap();
    members.remove("oneOf");
    members.insert("$ref".to_owned(), json!(format!("#/$defs/{kind}")));
    validate(&schema, value);
}

#[track_caller]
fn validate(schema: &Value, value: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}\n{value:#}", wrong.join("\n"));
}
