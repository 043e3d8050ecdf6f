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
    assert_eq!(ids(&asked("created")), ["seen", "begun-only"]);
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

#[test]
fn a_snapshot_of_aws_backup_counts_though_no_list_without_a_type_has_it() {
    let of = |cluster: &str| {
        format!(
            "[[cluster]]\nidentifier = \"{cluster}\"\nengine = \"mysql\"\n\
             snapshot = [{{ identifier = \"awsbackup:{cluster}\", kind = \"awsbackup\", age = \"5m\" }}]\n"
        )
    };
    let world = World::with("", &(of("one") + &of("two")));
    for names in [vec!["one"], vec!["one", "two"]] {
        let ready = world.run(&[vec!["ready"], names, vec!["--within", "15m", "--json"]].concat());
        assert_eq!(ready.data("readiness")[0]["snapshot"]["id"], "awsbackup:one");
    }
    let listed = world.run(&["list", "--json"]).data("clusters");
    assert!(listed[0]["last_usable_at"].is_string(), "{listed}");
    let young = ["--unless-within", "15m", "--json"];
    let one = world.run(&[&["create", "one", "--dry-run"], &young[..]].concat()).data("created");
    assert_eq!((&one["id"], &one["dry_run"]), (&"awsbackup:one".into(), &true.into()));
    let change = ["create", "one", "two", "--change", "C", "--yes"];
    let rows = world.run(&[&change[..], &young].concat()).data("change_items");
    assert_eq!((&rows[1]["result"], world.simulator.creates()), (&"young_enough".into(), 0));
    let watched = world.run(&["watch", "awsbackup:one", "--json"]).data("snapshot");
    assert_eq!(watched["status"], "available");
}
