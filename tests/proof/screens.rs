//! The same words on the screen: the account changes while somebody looks at it, and a name that exists.

use std::time::{Duration, Instant};

use super::pty::{self, Session};
use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::support::query::snapshots;
use super::world::*;

const OTHER: &str = "account = \"999999999999\"\n\
                     caller = \"arn:aws:sts::999999999999:assumed-role/dba/bastion-1\"";
const END: Duration = Duration::from_secs(5);

fn start(desk: &Desk) -> Session {
    Session::start(pty::clustersnap_at(&desk.url, desk.home.path(), &[]), 140, 40)
}

/// Opens the form of a cluster, names the snapshot, and opens the review.
fn review(session: &mut Session, cluster: &str, name: &str) {
    session.wait_for(cluster);
    session.send("/");
    session.send(cluster);
    session.wait_for("1 of ");
    session.send("\r");
    session.send("s");
    session.wait_for(&format!("New snapshot of {cluster}"));
    session.send("\x15");
    session.send(name);
    session.wait_for("the name is free");
    session.send("\x13");
    session.wait_for("nothing is sent yet");
}

/// From now on another account answers, and STS does not.
fn change(proxy: &Proxy, other: &Sim) {
    let elsewhere = other.url.clone();
    proxy.now(move |asked: &Asked, road: &Road| {
        if asked.action == CALLER {
            return Back::Answer(Answer::refusal(503, "ServiceUnavailable", "try later"));
        }
        Back::Answer(road.pass_to(&elsewhere, asked))
    });
}

/// Waits until the journal has a word for a name that is not that it is not known.
fn settled(desk: &Desk, name: &str) -> Option<String> {
    let deadline = Instant::now() + Duration::from_secs(15);
    loop {
        let word = desk.words(name).pop().filter(|word| word != "unknown");
        if word.is_some() || Instant::now() > deadline {
            return word;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn what_was_reviewed_for_one_account_is_not_called_created_in_another() {
    let (one, other) = (Sim::start(), Sim::with(OTHER, &[]));
    let proxy = Proxy::start(&one.url, honest);
    let desk = Desk::new(&proxy.url);
    let mut session = start(&desk);
    review(&mut session, "orders", "reviewed");
    change(&proxy, &other);
    session.send("y");
    let word = settled(&desk, "reviewed");
    let is_there = snapshots(&other.url).iter().any(|snapshot| snapshot.name == "reviewed");
    if is_there {
        assert_eq!(word.as_deref(), Some("elsewhere"), "{}", session.screen());
        session.wait_for("999999999999");
    } else {
        assert!(word.is_none_or(|word| word == "not_created"), "{}", session.screen());
    }
    session.signal(rustix::process::Signal::KILL);
    session.wait_for_end(END);
}

#[test]
fn a_wait_for_a_cluster_of_one_account_outlasts_that_another_account_answers() {
    let busy = "[[cluster]]\nidentifier = \"busy-one\"\nengine = \"mysql\"\nstatus = \"backing-up\"\n";
    let (one, other) = (Sim::of(busy, &[]), Sim::with(OTHER, &[]));
    let proxy = Proxy::start(&one.url, honest);
    let desk = Desk::new(&proxy.url);
    let mut session = start(&desk);
    session.wait_for("backing-up");
    session.send("s");
    session.wait_for("New snapshot of busy-one");
    session.send("\x13");
    session.wait_for("w send when available");
    session.send("w");
    session.wait_for("waits for");
    let state = desk.home.path().join(".local/state/clustersnap");
    let waits = || {
        let files = std::fs::read_dir(&state).into_iter().flatten().flatten();
        files.filter(|file| file.file_name().to_string_lossy().starts_with("waiting")).count()
    };
    let deadline = Instant::now() + Duration::from_secs(10);
    while waits() == 0 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(waits(), 1);
    change(&proxy, &other);
    let looked = proxy.arrived(CLUSTERS);
    proxy.wait_for(CLUSTERS, looked + 1);
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(waits(), 1, "{}", session.screen());
    assert!(!session.screen().contains("does not exist any more"), "{}", session.screen());
    session.signal(rustix::process::Signal::KILL);
    session.wait_for_end(END);
}

#[test]
fn a_request_that_was_delivered_twice_is_found_again_on_the_screen_too() {
    let service = moto();
    let proxy = Proxy::start(&service, |asked: &Asked, road: &Road| {
        let first = road.pass(asked);
        Back::Answer(if asked.creates() { road.pass(asked) } else { first })
    });
    let desk = Desk::new(&proxy.url);
    let mut session = start(&desk);
    review(&mut session, "orders", "twice-on-screen");
    session.send("y");
    let word = settled(&desk, "twice-on-screen");
    let screen = session.screen();
    assert_eq!(word.as_deref(), Some("found_again"), "{screen}");
    for false_word in ["Choose another", "Not created", "was there before this request"] {
        assert!(!screen.contains(false_word), "{screen}");
    }
    session.signal(rustix::process::Signal::KILL);
    session.wait_for_end(END);
}

#[test]
fn a_refusal_is_taken_back_on_the_screen_too_once_a_list_has_the_snapshot() {
    let one = Sim::with("list_lag = \"3s\"", &[]);
    let proxy = Proxy::start(&one.url, |asked: &Asked, road: &Road| {
        let first = road.pass(asked);
        let second = || Answer::refusal(400, "SnapshotQuotaExceeded", "no more");
        Back::Answer(if asked.creates() { second() } else { first })
    });
    let desk = Desk::new(&proxy.url);
    let mut session = start(&desk);
    review(&mut session, "orders", "refused-second");
    session.send("y");
    session.wait_for("Refused by AWS: refused-second");
    session.wait_for("created, and found again");
    assert!(!session.screen().contains("Refused by AWS"), "{}", session.screen());
    session.signal(rustix::process::Signal::KILL);
    session.wait_for_end(END);
}
