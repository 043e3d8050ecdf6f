//! A change that two machines work on: what the other one made is the change's snapshot here too.

use clustersnap::domain::tag::Tag;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::FaultScript;
use jiff::{SignedDuration, Timestamp};

use super::support::clock::hurried;
use super::world::{Run, SOON_AVAILABLE, World, bare, ended, finish, start};
use super::*;

const LOOK_UP: &str = "DescribeDBClusterSnapshots";

/// The first create is lost, with an answer like this.
fn losing(answer: &str) -> World {
    let lost = format!(
        "[[fault]]\naction = \"{CREATE}\"\ncalls = \"1\"\nhappened = false\nanswer = {{ kind = \"{answer}\" }}\n"
    );
    World::with(&lost, &clusters(1))
}

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
fn what_another_machine_made_while_a_request_was_open_is_the_snapshot_of_the_change() {
    let world = losing("hang");
    let mut child = world.start(&refs(&words()));
    wait_until("the create", || world.simulator.calls(CREATE) == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let made = column(&run_elsewhere(&world).data("change_items"), "id");
    let again = world.run(&refs(&words()));
    assert!(!again.err.contains("Choose another"), "{}", again.err);
    let again = again.data("change_items");
    assert_eq!((column(&again, "result"), column(&again, "id")), (vec!["made_elsewhere".to_owned()], made));
    let watched = world.run(&["watch", "--change", CHANGE]);
    assert_eq!(watched.code, 0, "{}\n{}", watched.out, watched.err);
    let report = world.run(&["report", CHANGE]).out;
    let first = "**CHG-1042: 0 of 1 clusters had a usable snapshot when it was seen last; snapshots of other \
                 requests are not counted**";
    assert!(report.starts_with(first), "{report}");
}

#[test]
fn who_waits_looks_on_and_takes_what_another_machine_made_meanwhile() {
    let world = losing("drop");
    let waiting = [words(), vec!["--wait".to_owned()]].concat();
    let child = start(&mut hurried(world.command(&refs(&waiting))));
    // When it is sent, and again when the looks right after that are over.
    let unknown = |line: &&Value| line["outcome"] == "unknown";
    wait_until("the doubt", || world.journal().iter().filter(unknown).count() == 2);
    run_elsewhere(&world).data("change_items");
    let run = ended(child.wait_with_output().unwrap());
    assert!(run.err.contains("It is looked up again and again"), "{}", run.err);
    assert!(!run.err.contains("Nothing on this machine"), "{}", run.err);
    let rows = run.data("change_items");
    assert_eq!((&rows[0]["result"], &rows[0]["status"]), (&"made_elsewhere".into(), &"available".into()));
}

#[test]
fn what_another_machine_made_of_a_change_that_was_killed_leaves_nothing_to_go_on_with() {
    let world = World::with("", &format!("{}{SOON_AVAILABLE}", clusters(1)));
    let waits = ["create", "c0", "busy", "--change", CHANGE, "--yes", "--json", "--when-available"];
    let mut child = world.start(&waits);
    wait_until("the create", || world.simulator.creates() == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let state = world.home.path().join(".local/state/clustersnap");
    let is_kept = || {
        let names = std::fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().starts_with("change-")).count()
    };
    assert_eq!(is_kept(), 1, "what is still to be sent");
    let home = tempfile::tempdir().unwrap();
    finish(bare(home.path(), &waits).env("AWS_ENDPOINT_URL", &world.served.url)).data("change_items");
    let again = world.run(&waits).data("change_items");
    let mut results = column(&again, "result");
    results.sort();
    assert_eq!(results, ["made_before", "made_elsewhere"]);
    assert_eq!(is_kept(), 0, "nothing is to be sent any more");
}

#[test]
fn what_failed_on_another_machine_is_told_by_watching_the_change() {
    let fleet =
        clusters(1).replace("snapshot_takes = \"1s\"", "snapshot_takes = \"1s\"\nsnapshot_fails_at = 40");
    let world = World::with("", &fleet);
    let made = column(&run_elsewhere(&world).data("change_items"), "id");
    world.simulator.skip(Period::seconds(5));
    let watched = world.run(&["watch", "--change", CHANGE]);
    assert_eq!(watched.code, 6, "{}\n{}", watched.out, watched.err);
    assert!(watched.out.contains(&format!("c0: {} is failed", made[0])), "{}", watched.out);
    assert!(!watched.err.contains("are usable"), "{}", watched.err);
}

#[test]
fn of_two_machines_that_wait_for_one_cluster_one_makes_its_snapshot() {
    let world = World::with("", SOON_AVAILABLE);
    let words = ["create", "busy", "--change", CHANGE, "--yes", "--json", "--when-available", "--wait"];
    let here = world.start(&[&words[..], &["--name", "here"]].concat());
    wait_until("the wait", || world.simulator.calls(LOOK_UP) > 0);
    // Not at the very same moment.
    std::thread::sleep(Duration::from_secs(2));
    let home = tempfile::tempdir().unwrap();
    let words = [&words[..], &["--name", "there"]].concat();
    let there = finish(bare(home.path(), &words).env("AWS_ENDPOINT_URL", &world.served.url));
    let here = ended(here.wait_with_output().unwrap());
    assert_eq!((here.code, there.code), (0, 0), "{}\n{}", here.err, there.err);
    let rows = [here, there].map(|run| run.data("change_items"));
    assert_eq!(rows[0][0]["id"], rows[1][0]["id"], "{rows:#?}");
    assert_eq!(world.simulator.creates(), 1);
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

#[test]
fn what_was_refused_and_a_copy_of_it_made_is_this_machine_s_however_late_a_list_has_it() {
    let copied = format!(
        "[[fault]]\naction = \"{CREATE}\"\ncalls = \"1\"\nhappened = true\nanswer = {{ kind = \"error\", \
         status = 400, code = \"SnapshotQuotaExceeded\", message = \"full\" }}\n"
    );
    let world = World::with(&copied, &format!("list_lag = \"10m\"\n{}", clusters(1)));
    world.run(&refs(&words())).error("QUOTA_EXCEEDED", 3);
    // Longer ago than a refusal is looked up again for.
    let path = world.home.path().join(".local/state/clustersnap/journal.jsonl");
    let aged = world.journal().into_iter().map(|mut line| {
        for member in ["at", "server_time"] {
            let at = line[member].as_str().and_then(|at| at.parse::<Timestamp>().ok());
            if let Some(at) = at {
                line[member] = (at - SignedDuration::from_hours(1)).to_string().into();
            }
        }
        format!("{line}\n")
    });
    std::fs::write(path, aged.collect::<String>()).unwrap();
    world.simulator.skip(Period::seconds(3_600));
    let again = world.run(&refs(&words())).data("change_items");
    assert_eq!(column(&again, "result"), ["made_before"]);
    let history = world.run(&["history", "--json"]).data("requests");
    assert_eq!(history[0]["outcome"], "found_again");
}

#[test]
fn a_mark_that_a_restored_cluster_carries_proves_no_snapshot_of_it() {
    let number = "20261101T020000Z-0123456789abcdef";
    let tags = [("change", CHANGE), ("clustersnap:request", number)];
    let of_cluster = tags.map(|(key, value)| format!("\"{key}\" = \"{value}\"")).join(", ");
    let world = World::with("", &clusters(1).replace("team = \"t0\"", &of_cluster));
    world.simulator.create_by_another(
        "by-hand",
        "c0",
        tags.map(|(key, value)| Tag::new(key, value)).to_vec(),
    );
    let watched = world.run(&["watch", "--change", CHANGE]);
    assert_ne!(watched.code, 0, "{}\n{}", watched.out, watched.err);
    assert!(!watched.out.contains("by-hand"), "{}", watched.out);
    let made = world.run(&refs(&create(1))).data("change_items");
    assert_eq!((column(&made, "result"), world.simulator.creates()), (vec!["sent".to_owned()], 1), "{made}");
}
