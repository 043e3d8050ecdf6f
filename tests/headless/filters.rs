//! What the rows of a list can be asked for.

use clustersnap::domain::tag::Tag;
use serde_json::Value;

use super::world::World;

fn ids(data: &Value) -> Vec<&str> {
    data.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[test]
fn what_no_row_of_a_list_has_is_refused() {
    let world = World::new();
    for (command, filter) in [
        ("list", "change:CHG-1"),
        ("list", "-type:manual"),
        ("history", "engine:aurora"),
        ("history", "-type:manual"),
    ] {
        let run = world.run(&[command, "--filter", filter]);
        assert!(run.code == 2 && run.err.contains("do not have: there are age>90d"), "{}", run.err);
    }
}

#[test]
fn a_request_is_found_by_each_word_that_the_history_has_for_it() {
    let world = World::new();
    world.run(&["create", "orders", "--name", "begun-only", "-q"]);
    world.run(&["create", "orders", "--name", "seen", "--wait", "-q"]);
    let told = world.run(&["history"]).out;
    assert!(told.contains("seen of orders: created, available"), "{told}");
    let asked = |filter: &str| world.run(&["history", "--filter", filter, "--json"]).data("requests");
    assert_eq!(ids(&asked("status:created")), ["seen", "begun-only"]);
    assert_eq!(ids(&asked("status:available")), ["seen"]);
    assert_eq!(ids(&asked("status:created -status:available")), ["begun-only"]);
}

#[test]
fn a_snapshot_is_filtered_by_the_change_that_its_tag_tells() {
    let world = World::new();
    world.configure("[change]\nkey = \"rfc\"\n");
    for (name, key) in [("first", "rfc"), ("second", "change")] {
        world.simulator.create_by_another(name, "orders", vec![Tag::new(key, "CHG-1")]);
    }
    let snapshots = |filter: &str| world.run(&["snapshots", "--filter", filter, "--json"]).data("snapshots");
    assert_eq!(ids(&snapshots("change:chg-1")), ["first"]);
    assert_eq!(ids(&snapshots("type:manual -change:CHG-1")), ["second"]);
}
