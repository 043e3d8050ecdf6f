//! `kill -9` at a hundred moments of changes of eight, each time gone on with by the same command: each cluster ends
//! with one snapshot, and what is said is true.

use std::thread;

use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::FaultScript;
use jiff::{SignedDuration, Timestamp};

use super::world::World;
use super::*;

const CLUSTERS: usize = 8;
const WORKERS: usize = 5;
const KILLS: usize = 20;
/// How old a request is that can take effect no more.
const AGE: SignedDuration = SignedDuration::from_mins(21);
/// From the start on, when a kill falls.
const LONGEST_MS: u64 = 1_500;

/// Creates take effect late, lose their answers, or never happen, by turns.
fn faults() -> String {
    let kinds = [
        "happens_after = \"40ms\"\ndelay = \"80ms\"",
        "happened = true\nanswer = { kind = \"drop\" }",
        "happened = false\nanswer = { kind = \"hang\" }",
        "delay = \"50ms\"",
    ];
    let fault = |call: usize| {
        let kind = kinds[call % kinds.len()];
        format!("[[fault]]\naction = \"{CREATE}\"\ncalls = \"{}\"\n{kind}\n", call + 1)
    };
    (0..KILLS * CLUSTERS).map(fault).collect()
}

fn age(world: &World) {
    let path = world.home.path().join(".local/state/clustersnap/journal.jsonl");
    let aged = world.journal().into_iter().map(|mut line| {
        let at: Timestamp = line["at"].as_str().unwrap().parse().unwrap();
        line["at"] = (at - AGE).to_string().into();
        format!("{line}\n")
    });
    std::fs::write(path, aged.collect::<String>()).unwrap();
    world.simulator.skip(Period::seconds(AGE.as_secs()));
}

fn work(worker: usize) {
    let world = World::with(&faults(), &clusters(CLUSTERS));
    let words = create(CLUSTERS);
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::try_from(worker + 1).unwrap();
    for _ in 0..KILLS {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let mut child = world.start(&refs(&words));
        thread::sleep(Duration::from_millis(seed % LONGEST_MS));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    // What is still open is certain only once it is too old to take effect.
    age(&world);
    world.simulator.set_faults(FaultScript::default());
    let run = world.run(&refs(&words));
    let rows = run.envelope()["data"].clone();
    assert_eq!(run.code, 0, "{}\n{}", run.out, run.err);
    for row in rows.as_array().unwrap() {
        assert!(world.simulator.has_snapshot(row["id"].as_str().unwrap()), "false success: {row}");
    }
    assert_eq!(world.simulator.creates(), u64::try_from(CLUSTERS).unwrap(), "{rows:#}");
    let journal = world.journal();
    let intents = journal.iter().filter(|line| line["kind"] == "intent").count();
    assert!(
        world.simulator.calls(CREATE) <= u64::try_from(intents).unwrap(),
        "sent without a line before it"
    );
    let state = world.home.path().join(".local/state/clustersnap");
    let is_left = |name: &str| name.starts_with("change-");
    let left = std::fs::read_dir(state).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left.filter(|name| is_left(&name.to_string_lossy())).collect();
    assert!(left.is_empty(), "a change that is over leaves no file: {left:?}");
}

#[test]
fn killed_at_a_hundred_moments_a_change_goes_on_and_makes_each_snapshot_once() {
    assert_eq!(WORKERS * KILLS, 100);
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            scope.spawn(move || work(worker));
        }
    });
}
