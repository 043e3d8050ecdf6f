//! Snapshots that are followed by the real binary: durations that were observed, and an account that STS does
//! not tell.

use std::time::{Duration, Instant};

use clustersnap::domain::tag::Tag;
use clustersnap::sim::clock::Period;

use super::world::{Run, World, bare, ended};

/// A service that refuses an action.
fn refusing(action: &str) -> World {
    World::faulty(&format!(
        "[[fault]]\naction = \"{action}\"\n[fault.answer]\nkind = \"error\"\nstatus = 403\ncode = \"AccessDenied\"\n\
         message = \"no\"\n"
    ))
}

/// Asks for a snapshot that takes a second, and looks for it first when that is long over.
fn watched_late(world: &World) -> Run {
    assert_eq!(world.run(&["create", "orders", "--name", "late", "-q"]).code, 0);
    world.simulator.skip(Period::seconds(4));
    world.run(&["watch", "late", "--json"])
}

#[test]
fn what_had_ended_at_the_first_look_has_no_duration() {
    let world = refusing("DescribeEvents");
    let snapshot = watched_late(&world).data("snapshot");
    assert_eq!(snapshot["took_s"], serde_json::Value::Null);
    assert!((3.0..30.0).contains(&snapshot["seen_after_s"].as_f64().unwrap()), "{snapshot}");
    let history = world.run(&["history", "--json"]).data("requests");
    assert_eq!(
        (&history[0]["took_s"], &history[0]["seen_after_s"]),
        (&snapshot["took_s"], &snapshot["seen_after_s"])
    );
    let told = world.run(&["history"]).out;
    assert!(told.contains("available, first seen ") && told.contains(" s after the request"), "{told}");
}

#[test]
fn of_one_that_nobody_requested_here_no_request_is_told() {
    let world = refusing("DescribeEvents");
    assert_eq!(world.run(&["create", "orders", "--name", "late", "-q"]).code, 0);
    std::fs::remove_dir_all(world.home.path().join(".local/state/clustersnap")).unwrap();
    world.simulator.skip(Period::seconds(4));
    let run = world.run(&["watch", "late"]);
    let told = format!("{}{}", run.out, run.err);
    assert!(told.contains("usable, first seen ") && told.contains(" s after it was begun"), "{told}");
}

#[test]
fn rds_is_asked_for_the_end_that_nobody_saw() {
    let world = World::new();
    let snapshot = watched_late(&world).data("snapshot");
    assert_eq!(
        (snapshot["took_s"].as_f64(), &snapshot["seen_after_s"]),
        (Some(1.0), &serde_json::Value::Null)
    );
    let ended = world.journal().pop().unwrap();
    assert_eq!((&ended["kind"], &ended["finished_at"]), (&"ended".into(), &snapshot["finished_at"]));
    assert!(ended["server_time"].is_string() && ended["open_at"].is_null(), "{ended}");
    let told = world.run(&["history"]).out;
    assert!(told.contains("available, took 1 s by RDS's events"), "{told}");
}

#[test]
fn rds_is_asked_why_one_failed_and_its_words_are_told_as_aws_s() {
    let words = "AWS says: Failed to create the cluster snapshot: the storage volume could not be read";
    let world = World::new();
    let run = world.run(&["create", "failing", "--name", "waited", "--wait", "--json"]);
    let error = run.error("SNAPSHOT_FAILED", 6);
    assert!(error["message"].as_str().unwrap().ends_with(words), "{error}");
    assert!(error["snapshot"]["why"].as_str().is_some_and(|why| words.ends_with(why)), "{error}");
    assert_eq!(world.run(&["create", "failing", "--name", "late", "-q"]).code, 0);
    let watched = world.run(&["watch", "late"]);
    assert!(watched.code == 6 && watched.out.contains(words), "{}", watched.out);
    let history = world.run(&["history"]).out;
    assert_eq!(history.matches(words).count(), 2, "{history}");
    let told = world.run(&["history", "--json"]).data("requests");
    assert!(told[0]["why"].is_string() && told[0]["status"] == "failed", "{told}");
    assert_eq!(world.simulator.calls("DescribeEvents"), 2, "once each");
}

#[test]
fn without_sts_snapshots_are_made_and_followed_all_the_same() {
    let world = refusing("GetCallerIdentity");
    assert_eq!(watched_late(&world).data("snapshot")["status"], "available");
    assert_eq!(world.journal().pop().unwrap()["kind"], "ended");
    let run = world.run(&["watch"]);
    assert_eq!(run.code, 0, "{}", run.err);
}

#[test]
fn an_sts_that_is_silent_is_waited_for_once() {
    let world = World::faulty("[[fault]]\naction = \"GetCallerIdentity\"\nanswer = { kind = \"hang\" }\n");
    let begun = Instant::now();
    let commands = [
        (&["create", "orders", "--name", "dry", "--dry-run"][..], 0),
        (&["create", "orders", "--change", "C", "--yes"], 0),
        (&["delete", "--filter", "zzz", "--dry-run"], 0),
        (&["list", "--filter", "zzz"], 0),
        (&["watch", "--change", "NOSUCH"], 2),
    ];
    for (child, (words, code)) in commands.map(|it| (world.start(it.0), it)) {
        let run = ended(child.wait_with_output().unwrap());
        assert_eq!(run.code, code, "{words:?}: {}", run.err);
        assert!(begun.elapsed() < Duration::from_secs(18), "{words:?} took {:?}", begun.elapsed());
    }
}

#[test]
fn without_sts_a_dry_run_and_a_change_go_as_a_plain_create_does() {
    let world = refusing("GetCallerIdentity");
    let run = world.run(&["create", "orders", "--name", "dry", "--dry-run", "--json"]);
    assert_eq!(run.code, 0, "{}", run.out);
    let dry = run.data("dry_run");
    assert_eq!(
        (&dry["checks"][0]["name"], &dry["checks"][0]["result"], &dry["checks"][0]["message"]),
        (&"credentials".into(), &"ok".into(), &"in account 123456789012, caller not known".into())
    );
    let run = world.run(&["create", "orders", "--change", "CHG-1", "--yes", "--json"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 1);
}

#[test]
fn what_aws_refused_until_the_time_was_over_is_told_as_refused_and_the_time_is_kept() {
    let refused = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nanswer = { kind = \"error\", status = 400, \
                   code = \"InvalidDBClusterStateFault\", message = \"busy\" }\n";
    let world = World::faulty(refused);
    let begun = Instant::now();
    let run = world.run(&["create", "orders", "--when-available", "--timeout", "2s", "--json"]);
    assert!(begun.elapsed() < Duration::from_secs(9), "it is over after two seconds, not at the next look");
    let error = run.error("INVALID_CLUSTER_STATE", 3);
    let told = error["message"].as_str().unwrap();
    assert!(told.starts_with("Refused by AWS") && !told.contains("available only now"), "{told}");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 1);
}

#[test]
fn at_the_end_of_the_time_it_is_looked_at_once_more() {
    let fleet = "[[cluster]]\nidentifier = \"c\"\nengine = \"mysql\"\nsnapshot_takes = \"2s\"\n";
    let world = World::with("", fleet);
    let alone = world.run(&["create", "c", "--name", "w", "--wait", "--timeout", "3s", "--json"]);
    assert_eq!(alone.data("created")["status"], "available");
    let change = ["create", "c", "--change", "CHG-1", "--yes", "--wait", "--timeout", "3s", "--json"];
    assert_eq!(world.run(&change).data("change_items")[0]["status"], "available");
    // The journal knows the place, and not the URL that was given for it.
    let change = ["create", "c", "--name", "w-2", "--change", "CHG-2", "--yes", "--wait", "--timeout", "1s"];
    let hint = format!("clustersnap watch --change CHG-2 --endpoint-url {}", world.served.url);
    let run = world.run(&change);
    assert!(run.code == 5 && run.err.contains(&hint), "{}", run.err);
    let demo = bare(world.home.path(), &[&change[..], &["--demo"]].concat()).output().unwrap();
    let told = String::from_utf8(demo.stderr).unwrap();
    assert!(!told.contains("clustersnap watch"), "{told}");
    // What does not answer then is told as it was seen last.
    let hang =
        "[[fault]]\naction = \"DescribeDBClusterSnapshots\"\ncalls = \"2-\"\nanswer = { kind = \"hang\" }\n";
    let world = World::with(hang, fleet);
    let late = world.run(&["create", "c", "--name", "w", "--wait", "--timeout", "1s", "--json"]);
    assert_eq!(late.error("TIMEOUT", 5)["snapshot"]["status"], "creating");
}

#[test]
fn a_lost_answer_is_looked_up_for_no_longer_than_the_time_to_wait() {
    let lost =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = false\nanswer = { kind = \"drop\" }\n";
    for (asked, code) in [(&["--name", "lost"][..], 4), (&["--change", "CHG-1", "--yes"], 5)] {
        let world = World::faulty(lost);
        let args = [&["create", "orders", "--wait", "--timeout", "4s", "--json"], asked].concat();
        let begun = Instant::now();
        let run = world.run(&args);
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        assert!(run.out.contains("OUTCOME_UNKNOWN"), "{}", run.out);
        assert_eq!((run.code, world.simulator.calls("CreateDBClusterSnapshot")), (code, 1), "{}", run.out);
    }
}

/// A create that AWS refuses for the state of its cluster, and that something on the way had delivered before.
const CARRIED_OUT: &str = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ncalls = \"1\"\nhappened = true\nanswer = \
                           { kind = \"error\", status = 400, code = \"InvalidDBClusterStateFault\", message = \"busy\" }\n";

#[test]
fn what_is_sent_again_for_a_cluster_that_was_busy_keeps_the_name_that_was_proposed() {
    let fleet = "list_lag = \"3s\"\n[[cluster]]\nidentifier = \"orders\"\nengine = \"mysql\"\nsnapshot_takes = \"1s\"\n";
    let world = World::with(CARRIED_OUT, fleet);
    world.configure("name_template = \"{cluster}-{seq}\"\n");
    let data = world.run(&["create", "orders", "--when-available", "--json"]).data("created");
    assert_eq!((&data["id"], &data["outcome"]), (&"orders-1".into(), &"found_again".into()));
    assert_eq!(world.simulator.creates(), 1, "a second name makes a second snapshot");
    let past = world.run(&["history", "--json"]).out;
    assert!(past.contains("\"attempts\":1"), "{past}");
}

#[test]
fn the_same_create_again_takes_a_refusal_back_that_a_copy_of_the_request_had_carried_out() {
    let fleet = "list_lag = \"2s\"\n[[cluster]]\nidentifier = \"orders\"\nengine = \"mysql\"\nsnapshot_takes = \"1s\"\n";
    let world = World::with(CARRIED_OUT, fleet);
    let words = ["create", "orders", "--name", "x", "--json"];
    world.run(&words).error("INVALID_CLUSTER_STATE", 3);
    world.simulator.skip(Period::seconds(5));
    let data = world.run(&words).data("created");
    assert_eq!((&data["id"], &data["outcome"]), (&"x".into(), &"found_again".into()));
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 1);
    // Another request for the name is told that it is taken.
    let other = ["create", "orders", "--name", "x", "--tag", "a=b", "--json"];
    world.run(&other).error("SNAPSHOT_EXISTS", 3);
}

#[test]
fn after_a_refusal_nobody_is_told_that_nothing_was_sent() {
    let gone = "[[fault]]\naction = \"DescribeDBClusters\"\ncalls = \"3-\"\nanswer = \
                { kind = \"error\", status = 404, code = \"DBClusterNotFoundFault\", message = \"gone\" }\n";
    let world =
        World::faulty(&format!("{}{gone}", CARRIED_OUT.replace("happened = true", "happened = false")));
    let run = world.run(&["create", "orders", "--when-available", "--json"]);
    let error = run.error("CLUSTER_NOT_FOUND", 3);
    let told = error["message"].as_str().unwrap();
    assert!(told.contains("was sent once and refused") && !told.contains("Nothing was sent"), "{told}");
}

#[test]
fn who_names_a_snapshot_follows_the_one_that_has_the_name_now() {
    let world = World::new();
    world.run(&["create", "orders", "--name", "x", "--json"]).data("created");
    world.simulator.skip(Period::seconds(60));
    world.simulator.delete_by_another("x");
    world.simulator.skip(Period::seconds(60));
    let number = "20270115T080000Z-00000000000000ab";
    world.simulator.create_by_another("x", "orders", vec![Tag::new("clustersnap:request", number)]);
    let run = world.run(&["watch", "x"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("x  available"), "{}", run.out);
    assert!(run.err.contains("is gone, and another one has its name now"), "{}", run.err);
    let past = world.run(&["history", "--json"]).out;
    assert!(past.contains("\"gone\""), "{past}");
}
