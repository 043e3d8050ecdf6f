//! A change whose program was killed half-way: what the next start says of it, and goes on with.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clustersnap::sim::Simulator;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use rustix::process::Signal;

use super::changes::{CLUSTERS, Counted, assert_each_once, confirm_all, names, served};
use super::removals::{age, journal};
use super::support::query::delete;
use super::support::servers::Served;

/// A service whose program was killed with four of the eight requests of CHG-7 on their way.
fn killed(home: &Path, speed: f64) -> (Arc<Simulator>, Served) {
    let slow = Fault::on("CreateDBClusterSnapshot").calls(1, 4).delay(Period::seconds(5));
    let (simulator, served) = served(vec![slow], speed);
    let mut desk = Counted::start(&served.url, home, 30);
    confirm_all(&mut desk, &["C", "H", "G", "-", "7"], "4 not sent yet");
    while simulator.calls("CreateDBClusterSnapshot") < 4 {
        std::thread::sleep(Duration::from_millis(5));
    }
    desk.session.signal(Signal::KILL);
    desk.session.wait_for_end(Duration::from_secs(5));
    (simulator, served)
}

/// The same, and the program that was started anew: it asks whether to go on.
fn killed_half_way(home: &Path) -> (Arc<Simulator>, Served, Counted) {
    let (simulator, served) = killed(home, 60.0);
    let desk = Counted::start(&served.url, home, 30);
    desk.session.wait_for("Go on with CHG-7?");
    (simulator, served, desk)
}

#[test]
fn a_change_whose_program_is_killed_is_gone_on_with_and_nothing_is_sent_twice() {
    let home = tempfile::tempdir().expect("a folder");
    let (simulator, served, mut desk) = killed_half_way(home.path());
    desk.press(&["c"], "In progress");
    desk.session.wait_until("no question", |screen| !screen.contents().contains("Go on with CHG-7?"));
    desk.press(&["C"], "Change CHG-7");
    desk.session.wait_for("all 8 usable");
    assert_each_once(&simulator, &served.url, "CHG-7");
}

#[test]
fn what_an_earlier_run_left_open_is_told_as_that_until_it_is_known_who_asks() {
    let home = tempfile::tempdir().expect("a folder");
    let (simulator, served) = killed(home.path(), 1.0);
    // What was sent takes effect all the same, and STS says nothing.
    while simulator.creates() < 4 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let silent = Fault::on("GetCallerIdentity").answer(FaultyAnswer::Hang);
    simulator.set_faults(FaultScript::new(vec![silent]));
    let mut desk = Counted::start(&served.url, home.path(), 30);
    desk.press(&["\x1b"], "creating");
    let screen = desk.session.screen();
    assert!(screen.contains("In progress  4") && !screen.contains("elsewhere"), "{screen}");
}

#[test]
fn what_was_refused_in_a_change_whose_program_was_killed_is_told_by_the_next_start() {
    let home = tempfile::tempdir().expect("a folder");
    let denied = FaultyAnswer::error(403, "AccessDenied", "User is not authorized");
    let refused = Fault::on("CreateDBClusterSnapshot").calls(1, 1).answer(denied);
    // The last ones hang: all has left, and not all is known, when the program is killed.
    let slow = Fault::on("CreateDBClusterSnapshot").calls(7, 8).delay(Period::seconds(30));
    let (simulator, served) = served(vec![refused, slow], 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 30);
    confirm_all(&mut desk, &["C", "H", "G", "-", "7"], "1 REFUSED");
    while simulator.calls("CreateDBClusterSnapshot") < CLUSTERS as u64 {
        std::thread::sleep(Duration::from_millis(5));
    }
    desk.session.signal(Signal::KILL);
    desk.session.wait_for_end(Duration::from_secs(5));
    let desk = Counted::start(&served.url, home.path(), 30);
    desk.session.wait_for("1 of its 8 requests did not end well");
    desk.session.wait_for("(refused, A permission is missing");
}

#[test]
fn what_is_left_for_later_is_asked_about_before_anything_else_is_sent_under_its_id() {
    let home = tempfile::tempdir().expect("a folder");
    let (simulator, served, mut desk) = killed_half_way(home.path());
    desk.press(&["\x1b"], "s snapshot");
    desk.press(&["*", "s"], "New snapshots of 8 clusters");
    desk.press(&["C", "H", "G", "-", "7"], "no known obstacle");
    // The file of the change is this program's own: nobody else works on it.
    desk.press(&["\x13"], "Go on with CHG-7?");
    desk.press(&["c"], "New snapshots of 8 clusters");
    // It answers where no other key comes too soon after it.
    desk.session.wait_until("the question gone", |screen| !screen.contents().contains("Go on with CHG-7?"));
    desk.press(&["\x13"], "8 requested before");
    desk.session.wait_for("l look again");
    assert!(
        !desk.session.screen().contains("x leave out"),
        "against none of them: {}",
        desk.session.screen()
    );
    assert!(!desk.session.screen().contains("y send"), "nothing is to be sent: {}", desk.session.screen());
    desk.press(&["\x1b"], "no known obstacle");
    desk.press(&["\x1b"], "s snapshot");
    desk.press(&["C"], "Change CHG-7");
    desk.session.wait_for("all 8 usable");
    assert_each_once(&simulator, &served.url, "CHG-7");
}

#[test]
fn what_was_deleted_since_is_asked_for_again_under_the_same_id() {
    let home = tempfile::tempdir().expect("a folder");
    let (_, served) = served(Vec::new(), 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 30);
    confirm_all(&mut desk, &["C", "H", "G"], "all 8 usable");
    // One whose end is not journalled yet is followed on, and held to be there until it is found to be gone.
    while journal(home.path()).iter().filter(|line| line["kind"] == "ended").count() < CLUSTERS {
        std::thread::sleep(Duration::from_millis(5));
    }
    // Somebody deletes one of them, and what the journal has of it is older than any list lags.
    let name = names(&served.url).remove(0);
    delete(&served.url, &name);
    desk.session.signal(Signal::KILL);
    desk.session.wait_for_end(Duration::from_secs(5));
    age(home.path());
    let mut desk = Counted::start(&served.url, home.path(), 30);
    desk.press(&["*", "s"], "New snapshots of 8 clusters");
    desk.press(&["C", "H", "G"], "no known obstacle");
    desk.press(&["\x13"], "1 snapshot, 7 requested before");
    desk.press(&["y"], "1 of 1 usable, 7 requested before");
    assert_eq!(names(&served.url).len(), CLUSTERS);
}
