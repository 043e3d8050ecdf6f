//! 10,000 DB clusters with 100,000 snapshots, the real binary in a terminal of 120x30: until all is read, memory, and
//! keys while everything is read anew: `cargo bench --bench large`. It takes some minutes, for the program asks at the
//! pace that a service allows.

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::{Fleet, SnapshotSpec};
use clustersnap::sim::{Simulator, SimulatorOptions, serve};
use support::pty::{Session, clustersnap_at};

const CLUSTERS: usize = 10_000;
const SNAPSHOTS_EACH: u32 = 10;
/// So long without a further page, all of them were read.
const QUIET: Duration = Duration::from_secs(8);
const MOVES: usize = 200;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    let simulator = Arc::new(Simulator::new(fleet(), FaultScript::default(), SimulatorOptions::default()));
    let (sender, receiver) = std::sync::mpsc::channel();
    let served = Arc::clone(&simulator);
    std::thread::spawn(move || {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let served = serve(served, listen, move |address| sender.send(address).unwrap_or_default());
        tokio::runtime::Runtime::new()?.block_on(served)
    });
    let address = receiver.recv().map_err(std::io::Error::other)?;
    let url = format!("http://{address}");
    let home = tempfile::tempdir()?;
    let command = clustersnap_at(&url, home.path(), &[]);
    let mut session = Session::start(command, 120, 30);
    while !session.screen().contains("sorted by") {
        std::thread::sleep(Duration::from_millis(20));
    }
    writeln!(
        out,
        "all clusters are listed after        {:>10.1} s",
        session.started.elapsed().as_secs_f64()
    )?;
    session.send("v");
    let complete = until_quiet(&simulator).duration_since(session.started);
    writeln!(out, "all snapshots are listed after       {:>10.1} s", complete.as_secs_f64())?;
    session.send("\x1b");
    session.settle(Duration::from_secs(1));
    writeln!(out, "resident memory                      {:>10} MiB", resident(&session)? / 1024)?;
    session.send("/");
    session.settle(Duration::from_millis(500));
    let (before, keys) = (session.cpu_time(), "cluster-00");
    for key in keys.chars() {
        session.send(&key.to_string());
        session.settle(Duration::from_millis(150));
    }
    let each = session.cpu_time().saturating_sub(before).as_secs_f64() * 1000.0 / 10.0;
    writeln!(out, "processor time of a filter key       {each:>10.1} ms")?;
    session.send("\x1b");
    session.settle(Duration::from_secs(1));
    session.send("r");
    let mut times: Vec<Duration> = (0..MOVES).map(|at| time_of_move(&mut session, at)).collect();
    times.sort_unstable();
    for (what, at) in
        [("half of the moves under refresh within", MOVES / 2), ("99 of 100 within", MOVES * 99 / 100)]
    {
        let time = times.get(at).copied().unwrap_or_default().as_secs_f64() * 1000.0;
        writeln!(out, "{what:<36} {time:>10.1} ms")?;
    }
    Ok(())
}

fn fleet() -> Fleet {
    let mut fleet = Fleet::generated(CLUSTERS);
    for cluster in &mut fleet.clusters {
        let name = cluster.identifier.clone();
        cluster.snapshots = (1..=SNAPSHOTS_EACH)
            .map(|n| SnapshotSpec {
                identifier: format!("{name}-before-chg-{n}"),
                kind: "manual".to_owned(),
                age: Period::seconds(i64::from(n) * 86_400),
                takes: Period::seconds(60),
                fails_at: None,
                status: None,
                public: false,
                tags: None,
            })
            .collect();
    }
    fleet
}

/// When the last page of snapshots was asked for.
fn until_quiet(simulator: &Simulator) -> Instant {
    let (mut calls, mut last) = (0, Instant::now());
    while last.elapsed() < QUIET {
        let now = simulator.calls("DescribeDBClusterSnapshots");
        if now != calls {
            (calls, last) = (now, Instant::now());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    last
}

/// The resident memory of the program, in KiB.
fn resident(session: &Session) -> std::io::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", session.pid().as_raw_nonzero()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    Ok(line.trim().trim_end_matches("kB").trim().parse().unwrap_or_default())
}

/// From a key to the frame in which the cursor stands elsewhere.
fn time_of_move(session: &mut Session, at: usize) -> Duration {
    let row = |screen: &str| screen.lines().position(|line| line.contains('▌'));
    let before = row(&session.screen());
    let pressed = Instant::now();
    session.send(if at.is_multiple_of(2) { "j" } else { "k" });
    while row(&session.screen()) == before {
        std::thread::sleep(Duration::from_micros(100));
    }
    let time = pressed.elapsed();
    std::thread::sleep(Duration::from_millis(30));
    time
}
