//! What is named by its ARN is that of its account and Region, and of no other.

use serde_json::Value;

use super::world::World;

const HERE: &str = "arn:aws:rds:eu-west-1:123456789012";
const ELSEWHERE: [&str; 2] = ["arn:aws:rds:us-east-1:123456789012", "arn:aws:rds:eu-west-1:999999999999"];

fn count(world: &World, args: &[&str], kind: &str) -> usize {
    let args: Vec<&str> = args.iter().chain(&["--json"]).copied().collect();
    world.run(&args).data(kind).as_array().unwrap().len()
}

#[test]
fn a_cluster_of_another_place_has_none_of_the_snapshots_and_requests_of_its_namesake() {
    let world = World::new();
    world.run(&["create", "orders", "--name", "mine", "--wait", "--json"]).data("created");
    world.run(&["tag", "mine", "a=b", "-q"]);
    let of = |place: &str| format!("{place}:cluster:orders");
    assert_eq!(count(&world, &["snapshots", &of(HERE)], "snapshots"), 1);
    assert_eq!(count(&world, &["history", "--cluster", &of(HERE)], "requests"), 2);
    for place in ELSEWHERE {
        assert_eq!(count(&world, &["snapshots", &of(place)], "snapshots"), 0, "{place}");
        assert_eq!(count(&world, &["history", "--cluster", &of(place)], "requests"), 0, "{place}");
        let told = world.run(&["snapshots", &of(place)]).err;
        assert!(told.contains(&format!("There is no snapshot of {}", of(place))), "{told}");
        let told = world.run(&["history", "--cluster", &of(place)]).err;
        assert!(told.contains("None of the 2 requests of this machine's journal fits."), "{told}");
    }
}

#[test]
fn a_young_snapshot_of_its_namesake_makes_none_needless_for_a_cluster_of_another_place() {
    let world = World::new();
    world.run(&["create", "orders", "--name", "mine", "--wait", "--json"]).data("created");
    for place in ELSEWHERE {
        let cluster = format!("{place}:cluster:orders");
        let run = world.run(&["create", &cluster, "--unless-within", "1h", "--json"]);
        run.error("CLUSTER_NOT_FOUND", 3);
    }
    let here = format!("{HERE}:cluster:orders");
    let young = world.run(&["create", &here, "--unless-within", "1h", "--json"]).data("created");
    assert_eq!(young["id"], "mine");
    assert_eq!(world.simulator.creates(), 1);
}

#[test]
fn a_cluster_that_is_named_twice_is_looked_at_once() {
    let world = World::new();
    world.run(&["create", "orders", "--wait", "--json"]).data("created");
    let arn = format!("{HERE}:cluster:orders");
    let ready = world.run(&["ready", "orders", &arn, "--within", "1h", "--json"]).data("readiness");
    assert_eq!((ready.as_array().unwrap().len(), &ready[0]["ready"]), (1, &true.into()));
}

#[test]
fn a_snapshot_is_watched_by_every_name_that_a_list_prints() {
    let fleet = "[[cluster]]\nidentifier = \"orders\"\nengine = \"aurora-mysql\"\nautomated_snapshots = 1\n\
                 snapshot_takes = \"1s\"\n";
    let world = World::with("", fleet);
    world.run(&["create", "orders", "--name", "mine", "--wait", "--json"]).data("created");
    let listed = world.run(&["snapshots", "--json"]).data("snapshots");
    let rows = listed.as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let name = |row: &Value, member: &str| row[member].as_str().unwrap().to_owned();
    for row in rows {
        for member in ["id", "arn"] {
            let watched = world.run(&["watch", &name(row, member), "--json"]).data("snapshot");
            assert_eq!((&watched["id"], &watched["status"]), (&row["id"], &"available".into()));
        }
    }
    for place in ELSEWHERE {
        let run = world.run(&["watch", &format!("{place}:cluster-snapshot:mine"), "--json"]);
        run.error("VALIDATION_ERROR", 2);
    }
    let run = world.run(&["watch", &format!("{HERE}:cluster:orders"), "--json"]);
    let details = run.error("VALIDATION_ERROR", 2)["details"].clone();
    assert_eq!((details.as_array().unwrap().len(), &details[0]["rule"]), (1, &"not-a-snapshot-arn".into()));
}

#[test]
fn the_arn_of_a_cluster_is_said_to_be_none_of_a_snapshot() {
    let world = World::new();
    let cluster = format!("{HERE}:cluster:orders");
    for words in [&["delete", &cluster, "--yes", "1"][..], &["tag", &cluster, "a=b"], &["watch", &cluster]] {
        let error = world.run(&[words, &["--json"]].concat()).error("VALIDATION_ERROR", 2);
        assert_eq!(error["details"][0]["rule"], "not-a-snapshot-arn", "{words:?}: {error}");
    }
}
