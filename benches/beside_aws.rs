//! The commands beside the AWS command line, on the same moto server: `cargo bench --bench beside_aws`.
//!
//! Fails if a create takes more than a fifth of the AWS command line's time or a twentieth of its
//! processor time.

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use support::program::PROGRAM;
use support::servers::Moto;
use support::venv::Venv;

/// How many clusters there are: 250 like ones, and the one of which snapshots are taken.
const CLUSTERS: usize = 251;
/// How often each command is run.
const RUNS: &str = "15";

/// Medians of a command's runs.
struct Cost {
    wall_s: f64,
    cpu_s: f64,
    peak_kib: f64,
}

fn main() -> std::io::Result<()> {
    let venv = Venv::ready();
    let moto = Moto::start(&venv);
    let made = venv.script("fill.py").args([&moto.url, &CLUSTERS.to_string()]).status()?;
    assert!(made.success(), "moto takes the clusters");
    let home = tempfile::tempdir()?;
    let ours = PROGRAM;
    let aws = venv.command("aws").get_program().to_string_lossy().into_owned();
    let measure = |command: &[&str]| cost(&venv, &moto, home.path(), command);

    let mut out = std::io::stdout();
    writeln!(out, "{:<34} {:>10} {:>10} {:>10}", "", "wall", "processor", "memory")?;
    let their_create = [
        &aws,
        "rds",
        "create-db-cluster-snapshot",
        "--db-cluster-identifier",
        "cluster-0",
        "--db-cluster-snapshot-identifier",
        "theirs-{n}",
    ];
    let create = [ours, "create", "cluster-0", "--name", "ours-{n}", "--json"];
    let is_kept = compare(&mut out, "create", &measure(&create), &measure(&their_create))?;
    let list = [ours, "list", "--json"];
    compare(&mut out, "list of 251", &measure(&list), &measure(&[&aws, "rds", "describe-db-clusters"]))?;
    assert!(is_kept, "a create takes at most a fifth of the time and a twentieth of the processor time");
    Ok(())
}

/// Shows both; whether ours takes at most a fifth of the time and a twentieth of the processor time.
fn compare(out: &mut impl std::io::Write, what: &str, ours: &Cost, theirs: &Cost) -> std::io::Result<bool> {
    for (whose, cost) in [("clustersnap", ours), ("aws", theirs)] {
        let name = format!("{what}, {whose}");
        let (wall, cpu) = (cost.wall_s * 1000.0, cost.cpu_s * 1000.0);
        writeln!(out, "{name:<34} {wall:>7.1} ms {cpu:>7.1} ms {:>6.1} MiB", cost.peak_kib / 1024.0)?;
    }
    let (wall, cpu) = (theirs.wall_s / ours.wall_s, theirs.cpu_s / ours.cpu_s);
    writeln!(out, "{:<34} {:>10} {:>10}", format!("{what}, less by"), times(wall), times(cpu))?;
    Ok(wall >= 5.0 && cpu >= 20.0)
}

fn times(factor: f64) -> String {
    format!("{factor:.1} x")
}

fn cost(venv: &Venv, moto: &Moto, home: &Path, command: &[&str]) -> Cost {
    let mut measure: Command = venv.script("measure.py");
    measure.arg(RUNS).args(command).env("AWS_ENDPOINT_URL", &moto.url).env("HOME", home);
    let output = measure.output().expect("Python can be started");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    let medians: Vec<f64> = serde_json::from_slice(&output.stdout).expect("three numbers");
    let [wall_s, cpu_s, peak_kib] = medians.as_slice() else { panic!("three numbers, not {medians:?}") };
    Cost { wall_s: *wall_s, cpu_s: *cpu_s, peak_kib: *peak_kib }
}
