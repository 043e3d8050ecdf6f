//! The whole job with the real binary in a terminal: from the list to a snapshot that is available.

mod next_start;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clustersnap::sim::Simulator;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use clustersnap::sim::fleet::{ClusterSpec, Fleet};
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
    session.wait_for("in its place tells what became of it");
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
    // Which of the two is known first is told first, with that there is another message; `m` has both.
    session.wait_until("the other account, or that nothing was sent", |screen| {
        let contents = screen.contents();
        contents.contains("another account now. Nothing was sent.")
            || (contents.contains("belong to account 999999999999 now") && contents.contains("message"))
    });
    // What was confirmed for the one account cannot be confirmed again by habit.
    session.send("\x13");
    session.send("y");
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(simulator.calls("CreateDBClusterSnapshot"), 0);
    session.send("m");
    session.wait_for("belong to account 999999999999 now");
    session.wait_for("drafts and marks");
    session.wait_for("another account now. Nothing was sent.");
    session.send("q");
    session.settle(Duration::from_millis(100));
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert!(journal(home.path()).is_empty());
}

#[test]
fn nobody_of_the_account_before_is_journalled_as_who_asked_where_sts_does_not_answer() {
    let (simulator, served) = served("", 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut session = start(&served.url, home.path());
    session.wait_for("123456789012");
    let away =
        FaultyAnswer::Error { status: 503, code: "ServiceUnavailable".into(), message: "later".into() };
    let turned = Fault::on("*").account("999999999999");
    simulator.set_faults(FaultScript::new(vec![Fault::on("GetCallerIdentity").answer(away), turned]));
    session.send("r");
    session.wait_for("999999999999");
    submit(&mut session, "orders-prod");
    wait_until("the request at the service", || simulator.creates() == 1);
    let intent = &journal(home.path())[0];
    assert_eq!((intent["account"].as_str(), intent["caller"].as_str()), (Some("999999999999"), None));
}
