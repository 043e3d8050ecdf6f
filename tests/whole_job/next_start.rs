//! What the next start says, and does, of a request whose program ended before it was known what became of it.

use std::path::Path;
use std::time::Duration;

use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::FaultScript;
use jiff::{SignedDuration, Timestamp};
use rustix::process::Signal;

use super::support::pty::{Session, clustersnap_at};
use super::support::servers::simulated;
use super::{END, NAME, busy_fleet, journal, served, start, submit, wait_until};

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
    session.wait_for("the next start in its place finds out what became of it");
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

    // A start in another place does not look for it, and says so.
    let elsewhere = clustersnap_at(&served.url, home.path(), &["--region", "eu-central-1"]);
    let mut session = Session::start(elsewhere, 120, 40);
    session.wait_for(&format!("1 OPEN IN OTHER PLACES  {NAME}: in 123456789012 eu-west-1"));
    session.send("q");
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
fn a_wait_is_said_to_be_over_with_the_program_where_there_is_no_place_for_the_journal() {
    let (_, served) = simulated(busy_fleet("busy", 600), FaultScript::default(), 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let mut command = clustersnap_at(&served.url, home.path(), &[]);
    command.env("HOME", "relative");
    command.env_remove("XDG_STATE_HOME");
    let mut session = Session::start(command, 120, 40);
    session.wait_for("The journal of earlier requests cannot be read: neither HOME nor XDG_STATE_HOME");
    session.wait_for("backing-up");
    session.send("s");
    session.wait_for("New snapshot of busy");
    session.send("\x13");
    session.wait_for("w send when available");
    session.send("w");
    session.wait_for("waits, but only until you quit");
    session.send("q");
    session.wait_for("quit anyway");
    assert!(!session.screen().contains("the next start asks"), "{}", session.screen());
}
