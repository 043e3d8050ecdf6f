//! A clock that is set while a command waits: it changes neither what is waited for nor for how long.

use std::time::{Duration, Instant};

use super::support::cases::side_by_side;
use super::support::clock::{Clock, Kind};
use super::support::query;
use super::world::{World, ended};

const FLEET: &str = r#"
[[cluster]]
identifier = "orders"
engine = "mysql"
snapshot_takes = "6s"

[[cluster]]
identifier = "busy"
engine = "mysql"
status = "backing-up"
available_after = "3s"
snapshot_takes = "1s"
"#;

/// Runs a command to its end, with the clock set as soon as it has asked the service.
fn hold(words: &[&str], set: &str) {
    let world = World::with("", FLEET);
    let Some(clock) = Clock::new(world.home.path()) else { return };
    if words[0] == "watch" {
        world.simulator.create_by_another("theirs", "orders", Vec::new());
    }
    let mut command = world.command(words);
    clock.give(&mut command, Kind::Set);
    let begun = Instant::now();
    let child = super::world::start(&mut command);
    let asked =
        || world.simulator.calls("DescribeDBClusters") + world.simulator.calls("DescribeDBClusterSnapshots");
    while asked() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it asks nothing");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(500));
    clock.set(set);
    let run = ended(child.wait_with_output().unwrap());
    let said = format!("{}{}", run.out, run.err);
    assert_eq!(run.code, 0, "{words:?}, {set}: {said}");
    assert!(said.contains("available"), "{words:?}, {set}: {said}");
    assert!(["2h", "120 min", " -"].iter().all(|length| !said.contains(length)), "{words:?}, {set}: {said}");
    assert_eq!(query::snapshots(&world.served.url).len(), 1, "{words:?}, {set}");
}

#[test]
fn a_step_of_the_clock_changes_nothing_for_what_waits() {
    let commands: [&[&str]; 3] = [
        &["create", "orders", "--name", "a", "--wait", "--timeout", "90s"],
        &["create", "busy", "--name", "b", "--when-available", "--wait", "--timeout", "90s"],
        &["watch", "theirs"],
    ];
    let cases = commands.into_iter().flat_map(|words| ["+2h", "-2h", "+0"].map(|set| (words, set)));
    side_by_side(cases, |(words, set)| hold(words, set));
}
