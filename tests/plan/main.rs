//! Plans, judged by others: cfn-lint and asl-validator read them, moto's Step Functions executes them, botocore's model
//! of the services holds their arguments against what these take.
//!
//! The words that an execution puts out are those of the engine's own fault matrix (`tests/exactly_once/cells.rs`).
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arguments;
mod execution;
mod judges;
mod matrix;
mod names;
mod report;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use support::cells;
use support::program::PROGRAM;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use clustersnap::sim::faults::{Fault, FaultScript};
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Simulator, SimulatorOptions};
use serde_json::{Value, json};

use support::servers::Served;
use support::venv::Venv;

/// The time of the runs.
const TIME: &str = "2026-12-01T02:00:00Z";

/// One cluster for each thing that can be so before a request, or happen to a snapshot.
const FLEET: &str = r#"
snapshot_quota = 200

[[cluster]]
identifier = "orders"
engine = "aurora-postgresql"
engine_version = "16.4"
snapshot_takes = "1s"
tags = { owner = "dba", env = "prod", "aws:cloudformation:stack-name" = "orders" }

[[cluster]]
identifier = "billing"
engine = "mysql"
engine_version = "8.0.39"
snapshot_takes = "1s"
tags = { env = "test" }

[[cluster]]
identifier = "failing"
engine = "aurora-mysql"
snapshot_takes = "1s"
snapshot_fails_at = 40

[[cluster]]
identifier = "busy"
engine = "aurora-postgresql"
status = "backing-up"

[[cluster]]
identifier = "graph"
engine = "neptune"
tags = { env = "prod" }
"#;

/// The binary, in a home of its own.
fn clustersnap(args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    let home = env!("CARGO_TARGET_TMPDIR");
    command.env_clear().args(args).env("HOME", format!("{home}/no-home")).env("TZ", "UTC");
    command
}

/// Runs a command with an input.
fn fed(command: &mut Command, input: &str) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writing = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    output
}

/// The template of a plan.
#[track_caller]
fn plan(args: &[&str]) -> Value {
    let args: Vec<&str> = std::iter::once("plan").chain(args.iter().copied()).collect();
    let output = clustersnap(&args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The same for a change once, of these clusters.
#[track_caller]
fn plan_of(clusters: &[&str], more: &[&str]) -> Value {
    let once = ["--at", "2099-12-01T02:00Z", "--change", "CHG-1042"];
    plan(&[clusters, &once, more].concat())
}

/// An RDS, and where plans find it.
struct Rds {
    simulator: Arc<Simulator>,
    served: Served,
}

impl Rds {
    fn new(faults: Vec<Fault>) -> Self {
        Self::with(FaultScript::new(faults))
    }

    fn with(script: FaultScript) -> Self {
        let fleet = Fleet::from_toml(FLEET).unwrap();
        // What takes a second is over before the next look.
        let simulator =
            Arc::new(Simulator::new(fleet, script, SimulatorOptions { epoch: None, speed: 10_000.0 }));
        let served = Served::start(Arc::clone(&simulator));
        Self { simulator, served }
    }

    /// How many creates arrived, or were on their way.
    fn sent(&self) -> u64 {
        self.simulator.calls(cells::CREATE)
    }

    /// A template, to be executed against this RDS at these times.
    fn job(&self, template: &Value, times: &[&str]) -> Value {
        let inputs: Vec<Value> = times.iter().map(|time| json!({ "time": time })).collect();
        json!({ "template": template, "rds": self.served.url, "inputs": inputs })
    }
}

/// moto's Step Functions, started once: it ends with this process, which holds its standard input.
static ENGINE: LazyLock<Mutex<Engine>> = LazyLock::new(|| {
    let mut engine = Venv::ready().script("plan/execute.py");
    let mut child = engine.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    Mutex::new(Engine { _child: child, input, output })
});

struct Engine {
    _child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// Executes a job on moto's Step Functions. Whatever is executed passes arguments that botocore's model takes.
#[track_caller]
fn execute(job: &Value) -> Value {
    let mut engine = ENGINE.lock().unwrap_or_else(PoisonError::into_inner);
    writeln!(engine.input, "{job}").unwrap();
    let mut line = String::new();
    engine.output.read_line(&mut line).unwrap();
    drop(engine);
    let done: Value = serde_json::from_str(&line).unwrap();
    for run in done["runs"].as_array().unwrap() {
        assert_eq!(run["status"], "SUCCEEDED", "{run}");
        assert_eq!(run["wrong"], json!([]), "{run}");
    }
    done
}

/// Executes one template once; the run.
#[track_caller]
fn executed(rds: &Rds, template: &Value) -> Value {
    execute(&rds.job(template, &[TIME]))["runs"][0].clone()
}

/// What a run says of its clusters: each with its outcome and how its snapshot ended.
fn words(run: &Value) -> Vec<(String, String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let requests = run["output"]["requests"].as_array().unwrap();
    let of = |request: &Value| {
        (word(&request["cluster"]), word(&request["outcome"]), word(&request["end"]["status"]))
    };
    requests.iter().map(of).collect()
}
