//! A change that two machines work on: what the other one made is the change's snapshot here too.

use clustersnap::sim::faults::FaultScript;

use super::support::clock::hurried;
use super::world::{Run, World, bare, ended, finish, start};
use super::*;

const LOOK_UP: &str = "DescribeDBClusterSnapshots";

/// A change of one cluster, whose snapshot has the same name on each machine.
fn words() -> Vec<String> {
    [create(1), ["--name", "{cluster}-{ticket}"].map(str::to_owned).to_vec()].concat()
}

/// The same on another machine.
fn run_elsewhere(world: &World) -> Run {
    let home = tempfile::tempdir().unwrap();
    finish(bare(home.path(), &refs(&words())).env("AWS_ENDPOINT_URL", &world.served.url))
}

#[test]
fn what_another_machine_made_and_only_the_first_list_had_is_found_gone() {
    let world = World::with("", &clusters(1));
    run_elsewhere(&world).data("change_items");
    let from = world.simulator.calls(LOOK_UP) + 2;
    let missing = format!(
        "[[fault]]\naction = \"{LOOK_UP}\"\ncalls = \"{from}-\"\nedit = [{{ element = \"DBClusterSnapshot\" }}]\n"
    );
    world.simulator.set_faults(FaultScript::from_toml(&missing).unwrap());
    let mut child = start(&mut hurried(world.command(&["watch", "--change", CHANGE])));
    wait_until("the end", || child.try_wait().unwrap().is_some());
    let run = ended(child.wait_with_output().unwrap());
    assert!(run.code == 6 && run.out.contains("AWS answers"), "{}\n{}", run.out, run.err);
}
