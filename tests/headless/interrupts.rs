//! Being told to end: what was sent is told, what was not is not sent.

use std::io::Write as _;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::removing::{fleet, left, small};
use super::support::cases::side_by_side;
use super::world::{Run, SOON_AVAILABLE, World, bare, ended, start};

/// How long something may take to happen on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn end(child: Child) -> Run {
    ended(child.wait_with_output().unwrap())
}

/// Whether the journal knows the outcome of a request.
fn has_outcome(world: &World) -> bool {
    world.journal().iter().any(|line| line["kind"] == "outcome")
}

#[test]
fn interrupting_a_wait_leaves_the_snapshot_alone_and_says_how_to_go_on() {
    for (number, name) in [(Signal::INT, "i"), (Signal::TERM, "t")] {
        let world = World::new();
        let child = world.start(&["create", "slow", "--name", name, "--wait", "--json"]);
        wait_until("the create", || has_outcome(&world));
        std::thread::sleep(Duration::from_millis(100));
        let before = Instant::now();
        signal(&child, number);
        let run = end(child);
        assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
        let error = run.error("INTERRUPTED", 130);
        assert_eq!(error["snapshot"]["id"], name);
        let hint = format!("clustersnap watch {name} --region eu-west-1 --endpoint-url {}", world.served.url);
        assert!(run.err.contains(&hint), "{}", run.err);
        assert!(world.simulator.has_snapshot(name));
    }
}

#[test]
fn a_journal_that_another_program_keeps_locked_holds_no_interruption_up() {
    let world = World::new();
    assert_eq!(world.run(&["create", "orders", "--name", "before"]).code, 0);
    let path = world.home.path().join(".local/state/clustersnap/journal.jsonl");
    let journal = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    journal.lock().unwrap();
    for more in [&["--name", "l"][..], &["--change", "CHG-1", "--yes"]] {
        let calls = world.simulator.calls("DescribeDBClusters");
        let child = world.start(&[&["create", "orders", "--json"], more].concat());
        if more[0] == "--name" {
            wait_until("the look", || world.simulator.calls("DescribeDBClusters") > calls);
        }
        std::thread::sleep(Duration::from_millis(700));
        let before = Instant::now();
        signal(&child, Signal::INT);
        let run = end(child);
        assert!(before.elapsed() < Duration::from_secs(3), "{more:?}: {:?}", before.elapsed());
        assert!(run.error("INTERRUPTED", 130)["message"].as_str().unwrap().contains("Nothing was sent"));
    }
    journal.unlock().unwrap();
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 1);
    assert_eq!(world.run(&["create", "orders", "--change", "CHG-1", "--yes"]).code, 0);
}

#[test]
fn interrupting_a_create_under_way_waits_for_its_outcome_and_journals_it() {
    let slow = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ndelay = \"2s\"";
    let world = World::faulty(slow);
    let child = world.start(&["create", "orders", "--name", "u", "--json"]);
    wait_until("the request", || world.simulator.calls("CreateDBClusterSnapshot") == 1);
    signal(&child, Signal::INT);
    let run = end(child);
    let error = run.error("INTERRUPTED", 130);
    assert_eq!(error["snapshot"]["outcome"], "created");
    assert!(run.err.contains("waiting up to 10 s for its outcome"), "{}", run.err);
    assert!(has_outcome(&world));
}

#[test]
fn interrupting_twice_does_not_wait_and_the_next_watch_settles_it() {
    let hang =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = true\nanswer = { kind = \"hang\" }";
    let world = World::faulty(hang);
    let child = world.start(&["create", "orders", "--name", "h", "--json"]);
    wait_until("the request", || world.simulator.calls("CreateDBClusterSnapshot") == 1);
    signal(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(300));
    let before = Instant::now();
    signal(&child, Signal::INT);
    let run = end(child);
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    run.error("INTERRUPTED", 130);
    assert!(!has_outcome(&world), "it was not known");
    let open = world.run(&["history", "--json"]).data("requests");
    assert_eq!(open[0]["outcome"], "unknown");
    let watched = world.run(&["watch", "h"]);
    assert_eq!(watched.code, 0, "{}\n{}", watched.out, watched.err);
    assert!(watched.err.contains("found again"), "{}", watched.err);
    let settled = world.run(&["history", "--json"]).data("requests");
    assert_eq!((&settled[0]["outcome"], &settled[0]["status"]), (&"found_again".into(), &"available".into()));
    assert_eq!(world.simulator.creates(), 1);
}

#[test]
fn interrupting_before_anything_was_sent_sends_nothing() {
    let slow = "[[fault]]\naction = \"DescribeDBClusterSnapshots\"\nanswer = { kind = \"hang\" }";
    let world = World::faulty(slow);
    let child = world.start(&["create", "orders", "--name", "n", "--json"]);
    wait_until("the look-up", || world.simulator.calls("DescribeDBClusterSnapshots") == 1);
    signal(&child, Signal::INT);
    let error = end(child).error("INTERRUPTED", 130);
    assert_eq!(error["message"], "Interrupted. Nothing was sent.");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
    assert!(world.journal().is_empty());
}

#[test]
fn interrupting_while_taken_names_are_listed_ends_at_once_and_sends_nothing() {
    let slow = "[[fault]]\naction = \"DescribeDBClusterSnapshots\"\nanswer = { kind = \"hang\" }";
    let world = World::faulty(slow);
    let folder = world.home.path().join(".config/clustersnap");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "name_template = \"{cluster}-{seq}\"\n").unwrap();
    let child = world.start(&["create", "orders", "--json"]);
    wait_until("the list", || world.simulator.calls("DescribeDBClusterSnapshots") == 1);
    let before = Instant::now();
    signal(&child, Signal::INT);
    let error = end(child).error("INTERRUPTED", 130);
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    assert_eq!(error["message"], "Interrupted. Nothing was sent.");
    assert!(world.journal().is_empty());
}

#[test]
fn interrupting_what_only_reads_is_told_in_the_envelope_too() {
    let hang = "[[fault]]\naction = \"*\"\nanswer = { kind = \"hang\" }";
    let journal = |world: &World| world.home.path().join("run");
    let commands = [
        &["list"][..],
        &["snapshots"],
        &["ready", "orders", "--within", "1h"],
        &["doctor"],
        &["history", "--execution", "run"],
    ];
    side_by_side(commands, |command| {
        let world = World::faulty(hang);
        let fifo = std::process::Command::new("mkfifo").arg(journal(&world)).status().unwrap();
        assert!(fifo.success());
        let child = world.start(&[command, &["--json"]].concat());
        std::thread::sleep(Duration::from_secs(2));
        signal(&child, Signal::TERM);
        let error = end(child).error("INTERRUPTED", 130);
        assert_eq!(error["message"], "Interrupted. Nothing was sent.", "{command:?}");
    });
}

#[test]
fn interrupting_a_watch_says_that_nothing_stopped() {
    let world = World::new();
    world.simulator.create_by_another("elsewhere", "slow", Vec::new());
    let child = world.start(&["watch", "elsewhere"]);
    wait_until("the watch", || world.simulator.calls("DescribeDBClusterSnapshots") >= 2);
    signal(&child, Signal::INT);
    let run = end(child);
    assert_eq!(run.code, 130);
    assert!(run.err.contains("goes on") && run.err.contains("clustersnap watch elsewhere"), "{}", run.err);
}

#[test]
fn an_interrupted_demo_advises_no_command_against_an_account() {
    let home = tempfile::tempdir().unwrap();
    let child = start(&mut bare(home.path(), &["create", "orders-prod", "--demo", "--wait", "--name", "d"]));
    std::thread::sleep(Duration::from_secs(3));
    signal(&child, Signal::INT);
    let run = end(child);
    assert_eq!(run.code, 130, "{}", run.err);
    assert!(run.err.contains("the embedded simulator"), "{}", run.err);
    assert!(!run.err.contains("clustersnap watch") && !run.err.contains("amazonaws.com"), "{}", run.err);
}

#[test]
fn what_was_stopped_until_its_time_to_wait_was_over_sends_nothing_when_it_goes_on() {
    let alone: &[&str] = &["create", "busy", "--when-available", "--timeout", "3s"];
    let change: &[&str] =
        &["create", "busy", "--when-available", "--timeout", "3s", "--change", "CHG-1", "--yes"];
    side_by_side([alone, change], |words| {
        let world = World::with("", SOON_AVAILABLE);
        let child = world.start(words);
        wait_until("the look at the cluster", || world.simulator.calls("DescribeDBClusters") > 0);
        std::thread::sleep(Duration::from_millis(500));
        signal(&child, Signal::STOP);
        world.simulator.skip(Duration::from_secs(6));
        std::thread::sleep(Duration::from_millis(3_300));
        signal(&child, Signal::CONT);
        let run = end(child);
        assert_eq!(run.code, 3, "{words:?}: {}", run.err);
        let said = format!("{}{}", run.out, run.err);
        assert!(said.contains("busy is available only now. The time to wait for it is over"), "{said}");
        assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0, "{words:?}");
    });
}

#[test]
fn interrupting_a_deletion_before_it_is_written_down_deletes_nothing() {
    let look = "DescribeDBClusterSnapshots";
    let plan = small();
    assert_eq!(plan.run(&["delete", "o4", "--dry-run"]).code, 0);
    let calls = plan.simulator.calls(look);
    let slow = format!("[[fault]]\naction = \"{look}\"\ncalls = \"{}\"\ndelay = \"5s\"\n", calls + 1);
    let clusters = fleet(&[("orders", &[("o1", 200, ""), ("o4", 1, "")])]);
    side_by_side([&["delete", "o4"][..], &["tag", "o4", "k=v"]], |words| {
        let world = World::with(&slow, &clusters);
        let child = world.start(&[words, &["--yes", "1", "--json"]].concat());
        wait_until("the look right before", || world.simulator.calls(look) > calls);
        std::thread::sleep(Duration::from_millis(300));
        let before = Instant::now();
        signal(&child, Signal::TERM);
        let run = end(child);
        assert!(before.elapsed() < Duration::from_secs(3), "{words:?}: {:?}", before.elapsed());
        assert_eq!(run.code, 130, "{words:?}: {}", run.err);
        let is_counted = run.err.contains("0 of 1 snapshot deleted, 1 not begun.");
        assert!(is_counted || words[0] == "tag", "{}", run.err);
        assert!(run.envelope()["data"][0]["outcome"].is_null() && world.journal().is_empty(), "{}", run.out);
        assert!(left(&world).contains("o4"));
    });
}

#[test]
fn a_look_that_is_never_answered_holds_up_no_signal_and_no_end_of_the_time() {
    let hang =
        "[[fault]]\naction = \"DescribeDBClusterSnapshots\"\ncalls = \"2-\"\nanswer = { kind = \"hang\" }\n";
    let words = ["create", "slow", "--name", "n", "--wait"];
    let world = World::faulty(hang);
    let child = world.start(&words);
    wait_until("the look", || world.simulator.calls("DescribeDBClusterSnapshots") == 2);
    let before = Instant::now();
    signal(&child, Signal::TERM);
    let run = end(child);
    assert!(before.elapsed() < Duration::from_secs(3), "{:?}", before.elapsed());
    assert!(run.code == 130 && run.err.contains("To go on following: "), "{}", run.err);

    let (world, before) = (World::faulty(hang), Instant::now());
    let run = world.run(&[&words[..], &["--timeout", "6s"]].concat());
    assert!(before.elapsed() < Duration::from_secs(15), "{:?}", before.elapsed());
    assert_eq!(run.code, 5, "{}", run.err);
}

#[test]
fn the_linear_mode_ends_while_a_name_is_looked_up() {
    let hang = "[[fault]]\naction = \"DescribeDBClusterSnapshots\"\nanswer = { kind = \"hang\" }\n";
    let world = World::faulty(hang);
    let mut command = world.command(&["--linear"]);
    let mut child = start(command.env("TERM", "dumb").stdin(Stdio::piped()));
    child.stdin.as_mut().unwrap().write_all(b"orders\nn1\n").unwrap();
    wait_until("the look", || world.simulator.calls("DescribeDBClusterSnapshots") == 1);
    let before = Instant::now();
    signal(&child, Signal::INT);
    let run = end(child);
    assert!(before.elapsed() < Duration::from_secs(3), "{:?}", before.elapsed());
    assert!(run.code == 130 && run.err.contains("Interrupted. Nothing was sent."), "{}", run.err);
}
