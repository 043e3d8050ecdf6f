//! The whole job with the real binary in a terminal: from the list to a snapshot that is available.

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clustersnap::sim::Simulator;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultScript};
use clustersnap::sim::fleet::{ClusterSpec, Fleet};
use jiff::{SignedDuration, Timestamp};
use rustix::process::Signal;
use support::pty::{PATIENCE, Session, clustersnap, clustersnap_at};
use support::servers::{Moto, Served, simulated};
use support::venv::Venv;

const END: Duration = Duration::from_secs(2);
const NAME: &str = "before-the-upgrade";

fn start(url: &str, home: &Path) -> Session {
    let command = clustersnap_at(url, home, &[]);
    Session::start(command, 120, 40)
}

fn served(faults: &str, speed: f64) -> (Arc<Simulator>, Served) {
    let faults = FaultScript::from_toml(faults).expect("a script");
    simulated(Fleet::demo(), faults, speed)
}

/// One cluster, which is available after so many seconds.
fn busy_fleet(identifier: &str, seconds: i64) -> Fleet {
    let mut cluster = ClusterSpec::new(identifier, "aurora-postgresql", "16.4");
    "backing-up".clone_into(&mut cluster.status);
    cluster.available_after = Some(Period::seconds(seconds));
    Fleet { clusters: vec![cluster], ..Fleet::default() }
}

/// Picks a cluster, names the snapshot, reviews it, and submits it.
fn submit(session: &mut Session, cluster: &str) {
    review(session, cluster);
    session.send("y");
}

/// From the list to the review of a snapshot of a cluster.
fn review(session: &mut Session, cluster: &str) {
    session.wait_for(cluster);
    session.send("/");
    session.send(cluster);
    session.wait_for("1 of ");
    session.send("\r");
    // On a busy machine two keys that come together are text.
    session.wait_for("s snapshot");
    session.send("s");
    session.wait_for(&format!("New snapshot of {cluster}"));
    session.send("\x15");
    session.send(NAME);
    session.wait_for("the name is free");
    session.send("\x13");
    session.wait_for("nothing is sent yet");
}

/// The lines of the journal that the program left.
fn journal(home: &Path) -> Vec<serde_json::Value> {
    let text =
        std::fs::read_to_string(home.join(".local/state/clustersnap/journal.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn against_the_simulator_from_the_list_to_a_snapshot_that_is_available() {
    let (simulator, served) = served("", 200.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    submit(&mut session, "orders-prod");
    session.wait_until("the snapshot usable", |screen| {
        screen.contents().lines().any(|line| line.contains(NAME) && line.contains("100 %"))
    });
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_eq!(simulator.creates(), 1);
    let lines = journal(home.path());
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
    assert_eq!(kinds, ["intent", "outcome", "ended"]);
    assert_eq!(lines[0]["account"], "123456789012");
    assert_eq!(lines[1]["outcome"], "created");
    assert_eq!(lines[2]["status"], "available");
}

#[test]
fn against_moto_from_the_list_to_a_submitted_snapshot() {
    let venv = Venv::ready();
    let moto = Moto::start(&venv);
    let aws = |words: &str| {
        let mut command = venv.command("aws");
        command.args(["--endpoint-url", &moto.url, "--output", "json"]).args(words.split(' '));
        let output = command.output().expect("the AWS command line starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    aws("rds create-db-cluster --db-cluster-identifier orders-prod --engine aurora-postgresql \
         --master-username admin1 --master-user-password secret-1 --tags Key=env,Value=prod"
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .as_str());
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&moto.url, home.path());
    submit(&mut session, "orders-prod");
    session.wait_for(NAME);
    wait_until("the outcome in the journal", || {
        journal(home.path()).iter().any(|line| line["outcome"] == "created")
    });
    // moto's snapshots are available at once.
    session.wait_for("it can be restored");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    let seen = aws(&format!("rds describe-db-cluster-snapshots --db-cluster-snapshot-identifier {NAME}"));
    let snapshot = &seen["DBClusterSnapshots"][0];
    assert_eq!(snapshot["DBClusterIdentifier"], "orders-prod");
    assert_eq!(snapshot["TagList"][0]["Key"], "env");
}

#[test]
fn whoever_quits_twice_does_not_wait_for_the_outcome_and_the_next_start_tells_it() {
    let hangs =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = true\nanswer = { kind = \"hang\" }";
    let (simulator, served) = served(hangs, 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    submit(&mut session, "orders-prod");
    wait_until("the request at the service", || simulator.creates() == 1);
    session.send("\x03");
    session.wait_for("Quitting waits 10 s for it at most");
    session.send("y");
    session.wait_for("ctrl-c does not wait");
    session.send("\x03");
    session.wait_for_end(END);
    session.wait_for("the next start finds out what became of it");
    drop(session);
    let mut session = start(&served.url, home.path());
    session.wait_for(&format!("Earlier request: {NAME}: created, and found again"));
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_eq!(simulator.creates(), 1);
}

#[test]
fn after_a_kill_the_next_start_says_what_became_of_the_request() {
    // The answer never comes, but the snapshot does.
    let (simulator, served) = served(
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nanswer = { kind = \"hang\" }\nhappened = true\n",
        1.0,
    );
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    submit(&mut session, "orders-prod");
    wait_until("the request at the service", || simulator.creates() == 1);
    session.signal(Signal::KILL);
    session.wait_for_end(END);
    drop(session);

    let mut session = start(&served.url, home.path());
    session.wait_for("Earlier request");
    session.wait_for(&format!("{NAME}: created, and found again"));
    session.wait_until("the snapshot followed, as one of this person's", |screen| {
        let contents = screen.contents();
        let row = contents.lines().find(|line| line.contains(NAME) && line.contains('%'));
        row.is_some_and(|row| !row.contains("elsewhere"))
    });
    session.send("h");
    session.wait_until("its row in the history", |screen| {
        screen.contents().lines().any(|line| line.contains('▌') && line.contains("found again"))
    });
    session.send("d");
    session.wait_for("its tag clustersnap:request");
    // One after the other: what arrives at once is text.
    for _ in 0..3 {
        session.send("q");
        session.settle(Duration::from_millis(100));
    }
    assert_eq!(session.wait_for_end(END), 0);
    assert_eq!(simulator.creates(), 1);
    let outcomes: Vec<serde_json::Value> =
        journal(home.path()).into_iter().filter(|line| line["kind"] == "outcome").collect();
    assert_eq!(outcomes[0]["outcome"], "found_again");
}

#[test]
fn after_a_kill_a_request_that_may_still_appear_is_told_as_such_and_followed() {
    let (simulator, served) = served(
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nanswer = { kind = \"hang\" }\nhappened = false\n",
        1.0,
    );
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    submit(&mut session, "orders-prod");
    wait_until("the request at the service", || simulator.calls("CreateDBClusterSnapshot") == 1);
    session.signal(Signal::KILL);
    session.wait_for_end(END);
    drop(session);

    let mut session = start(&served.url, home.path());
    session.wait_for(&format!("Earlier request: Not known yet: {NAME}."));
    session.wait_until("it followed", |screen| {
        screen
            .contents()
            .lines()
            .any(|line| line.trim_start().starts_with(NAME) && line.contains("not known"))
    });
    session.send("q");
    session.wait_for("quit anyway");
    session.send("y");
    session.wait_for_end(END);
    drop(session);
    // Too old to take effect any more, by this machine's clock and by the service's: the next start says so.
    simulator.skip(Period::seconds(21 * 60));
    age(home.path(), SignedDuration::from_mins(21));
    let mut session = start(&served.url, home.path());
    session.wait_for(&format!("Earlier request: Not there: {NAME}."));
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_eq!(simulator.creates(), 0);
}

/// Makes every line of the journal older.
fn age(home: &Path, by: SignedDuration) {
    let lines = journal(home).into_iter().map(|mut line| {
        for name in ["at", "server_time"] {
            if let Some(at) = line.get_mut(name) {
                let time: Timestamp = at.as_str().and_then(|at| at.parse().ok()).expect("a time");
                *at = (time - by).to_string().into();
            }
        }
        format!("{line}\n")
    });
    let text: String = lines.collect();
    std::fs::write(home.join(".local/state/clustersnap/journal.jsonl"), text).expect("a journal");
}

/// A journal in which a snapshot was created at a time, and not seen to end.
fn remember(home: &Path, url: &str, at: Timestamp) {
    let folder = home.join(".local/state/clustersnap");
    std::fs::create_dir_all(&folder).expect("a folder");
    let intent = serde_json::json!({
        "kind": "intent", "number": "1", "at": at, "server_time": at, "account": "123456789012",
        "region": "eu-west-1", "endpoint": url, "cluster": "orders-prod", "snapshot": NAME,
    });
    let outcome = serde_json::json!({
        "kind": "outcome", "number": "1", "at": at, "outcome": "created",
        "snapshot": { "cluster": "orders-prod", "created_at": at, "status": "creating" },
    });
    std::fs::write(folder.join("journal.jsonl"), format!("{intent}\n{outcome}\n")).expect("a journal");
}

#[test]
fn a_created_snapshot_that_is_not_listed_is_not_called_gone_by_one_start() {
    // A minute old or an hour: it takes more than one look, and minutes, to be gone.
    for age in [0, 60] {
        let (_, served) = served("", 1.0);
        let home = tempfile::tempdir().expect("a folder");
        remember(home.path(), &served.url, Timestamp::now() - SignedDuration::from_mins(age));
        let mut session = start(&served.url, home.path());
        session.wait_until("it followed", |screen| {
            let contents = screen.contents();
            let row = contents.lines().find(|line| line.trim_start().starts_with(NAME));
            row.is_some_and(|row| row.contains("not listed") || row.contains("creating"))
        });
        session.send("q");
        assert_eq!(session.wait_for_end(END), 0);
        assert_eq!(journal(home.path()).len(), 2, "nothing is said of its end");
    }
}

#[test]
fn without_a_journal_nothing_leaves_until_the_person_says_so_for_this_one_request() {
    let (simulator, served) = served("", 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut command = clustersnap_at(&served.url, home.path(), &[]);
    // It takes no folder from anybody.
    command.env("XDG_STATE_HOME", "/proc");
    let mut session = Session::start(command, 120, 40);
    submit(&mut session, "orders-prod");
    session.wait_for(&format!("Nothing was sent for {NAME}: cannot "));
    session.wait_for("J without journal");
    assert_eq!(simulator.calls("CreateDBClusterSnapshot"), 0);
    session.send("J");
    session.wait_for(&format!("{NAME}: AWS is creating it"));
    assert_eq!(simulator.creates(), 1);
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}

#[test]
fn a_create_under_way_when_the_terminal_goes_away_reaches_its_outcome() {
    let slow = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ndelay = \"3s\"\n";
    let (simulator, served) = served(slow, 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    submit(&mut session, "orders-prod");
    wait_until("the request at the service", || simulator.calls("CreateDBClusterSnapshot") == 1);
    session.hang_up();
    session.wait_for_end(Duration::from_secs(10));
    let outcomes: Vec<serde_json::Value> =
        journal(home.path()).into_iter().filter(|line| line["kind"] == "outcome").collect();
    assert_eq!(outcomes[0]["outcome"], "created");
}

#[test]
fn quitting_with_a_request_under_way_asks_and_then_says_what_became_of_it() {
    let slow = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ndelay = \"3s\"\n";
    let (simulator, served) = served(slow, 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    submit(&mut session, "orders-prod");
    wait_until("the request at the service", || simulator.calls("CreateDBClusterSnapshot") == 1);
    session.send("\x03");
    session.wait_for("quit anyway");
    session.wait_for("the next start tells what became of it");
    session.send("y");
    session.wait_for("A request is under way: waiting");
    session.wait_for(&format!("{NAME}: AWS is creating it"));
    assert_eq!(session.wait_for_end(END), 0);
    assert_eq!(session.settings(), session.settings_before);
}

#[test]
fn an_outcome_that_comes_in_the_moment_of_quitting_is_said() {
    let (_simulator, served) = served("", 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    submit(&mut session, "orders-prod");
    let told = format!("{NAME}: AWS is creating it");
    session.wait_for(&told);
    session.signal(Signal::TERM);
    session.wait_for_end(END);
    let after = session.screen();
    assert!(after.contains(&told) && !after.contains("orders-prod-"), "{after}");
}

#[test]
fn a_request_that_waits_is_sent_after_a_kill_only_if_the_person_says_so_again() {
    let fleet = busy_fleet("busy", 60);
    let (simulator, served) = simulated(fleet, FaultScript::default(), 10.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    session.wait_for("backing-up");
    session.send("s");
    session.wait_for("New snapshot of busy");
    session.send("\x13");
    session.wait_for("w send when available");
    session.send("w");
    session.wait_for("waits for");
    let state = home.path().join(".local/state/clustersnap");
    let is_waiting = || {
        let files = std::fs::read_dir(&state).into_iter().flatten().flatten();
        files.filter(|file| file.file_name().to_string_lossy().starts_with("waiting-")).count() == 1
    };
    wait_until("it written down", is_waiting);
    session.signal(Signal::KILL);
    session.wait_for_end(END);

    let mut session = start(&served.url, home.path());
    session.wait_for("Wait again for");
    assert_eq!(simulator.calls("CreateDBClusterSnapshot"), 0);
    session.send("w");
    session.wait_for("AWS is creating it");
    assert_eq!(simulator.creates(), 1);
    wait_until("it let go of", || !is_waiting());
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}

#[test]
fn the_demo_leaves_no_file() {
    let home = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(clustersnap(home.path(), &["--demo"]), 120, 40);
    submit(&mut session, "orders-prod");
    session.wait_for(&format!("{NAME}: AWS is creating it"));
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_eq!(std::fs::read_dir(home.path()).expect("it is there").count(), 0);
}

#[test]
fn a_credential_process_gets_none_of_the_keys() {
    let home = tempfile::tempdir().expect("a folder");
    let stolen = home.path().join("stolen");
    std::fs::create_dir(home.path().join(".aws")).expect("a folder");
    let config = format!("[default]\ncredential_process = head -c 1 > {}; sleep 60\n", stolen.display());
    let config = config.replace("head", "sh -c 'head").replace("sleep 60", "sleep 60'");
    std::fs::write(home.path().join(".aws/config"), config).expect("a configuration");
    let mut session = Session::start(clustersnap(home.path(), &["--region", "eu-west-1"]), 80, 24);
    wait_until("the process started", || stolen.exists());
    for _ in 0..3 {
        session.send("?");
        session.wait_for("Keys");
        session.send("\x1b");
        session.wait_until("the list again", |screen| !screen.contents().contains("Keys"));
    }
    assert_eq!(std::fs::read_to_string(&stolen).expect("what it read"), "");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}

#[test]
fn a_request_that_waited_and_was_sent_is_not_asked_about_again() {
    let fleet = busy_fleet("orders-prod", 6);
    let slow = FaultScript::from_toml("[[fault]]\naction = \"CreateDBClusterSnapshot\"\ndelay = \"2s\"");
    let (simulator, served) = simulated(fleet, slow.expect("a script"), 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    session.wait_for("orders-prod");
    session.send("s");
    session.wait_for("the name is free");
    session.send("\x13");
    session.wait_for("w sends it as soon as it is available");
    session.send("w");
    session.wait_for("waits for");
    // Killed before it can let go of what it kept of the wait: the answer is still on its way.
    wait_until("the request at the service", || simulator.creates() == 1);
    session.signal(Signal::KILL);
    session.wait_for_end(END);
    drop(session);
    let folder = home.path().join(".local/state/clustersnap");
    let waits = || std::fs::read_dir(&folder).expect("the journal's folder").count() - 1;
    assert_eq!(waits(), 1, "the file of the wait is still there");

    let mut session = start(&served.url, home.path());
    session.wait_for("created, and found again");
    assert!(!session.screen().contains("Wait again for"), "{}", session.screen());
    wait_until("no file of a wait", || waits() == 0);
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_eq!(simulator.creates(), 1);
}

#[test]
fn a_request_goes_to_no_other_account_than_the_review_showed() {
    let (simulator, served) = served("", 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    session.wait_for("123456789012");
    review(&mut session, "orders-prod");
    // The same key, of another account from now on, as after a login elsewhere.
    let other = FaultScript::new(vec![Fault::on("*").account("999999999999")]);
    simulator.set_faults(other);
    session.send("y");
    // Whose the credentials are now is news, which covers no error: it is told after that.
    session.wait_for("another account now. Nothing was sent.");
    // What was confirmed for the one account cannot be confirmed again by habit.
    session.send("\x13");
    session.send("y");
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(simulator.calls("CreateDBClusterSnapshot"), 0);
    session.send("m");
    session.wait_for("belong to account 999999999999 now");
    session.wait_for("read anew; drafts for");
    session.wait_for("another account now. Nothing was sent.");
    session.send("q");
    session.settle(Duration::from_millis(100));
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert!(journal(home.path()).is_empty());
}
