//! The worst news is on the screen at the end, whatever lies over the list, and stays until it is acknowledged; and how
//! many keys the job of one cluster takes. With the real binary.

use std::time::Duration;

use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultScript};
use clustersnap::sim::fleet::Fleet;

use super::pty::{Session, clustersnap_at};
use super::support::servers::{Served, simulated};

/// The program on four clusters, whose snapshots fail at so many percent if they do.
struct Desk {
    session: Session,
    _served: Served,
    _home: tempfile::TempDir,
}

fn start(fails_at: [Option<u8>; 4], faults: Vec<Fault>, (columns, rows): (u16, u16)) -> Desk {
    let home = tempfile::tempdir().expect("a folder");
    let mut fleet = Fleet::generated(fails_at.len());
    for (cluster, at) in fleet.clusters.iter_mut().zip(fails_at) {
        cluster.snapshot_takes = Some(Period::seconds(120));
        cluster.snapshot_fails_at = at;
    }
    let (_, served) = simulated(fleet, FaultScript::new(faults), 30.0);
    let command = clustersnap_at(&served.url, home.path(), &[]);
    let session = Session::start(command, columns, rows);
    session.wait_for("cluster-0001");
    Desk { session, _served: served, _home: home }
}

/// Requests a snapshot of the cluster under the cursor.
fn request(session: &mut Session) {
    session.press(&["s"]);
    session.wait_for("New snapshot of");
    session.press(&["\x13"]);
    // The form has a button of that name; and a key that is sent before the screen is there may arrive with the one
    // before it, and confirms nothing then.
    session.wait_until("the review", |screen| {
        screen.contents().lines().nth(1).is_some_and(|title| title.trim_start().starts_with("Review"))
    });
    session.press(&["y"]);
    session.wait_until("the list again", |screen| screen.contents().contains("Clusters"));
}

fn shows_failure(screen: &vt100::Screen) -> bool {
    let text = screen.contents();
    text.contains("1 FAILED") || text.contains(": failed,") && text.contains("so it cannot be")
}

#[test]
fn one_that_fails_late_among_four_is_on_top_at_the_end_until_it_is_acknowledged() {
    for size in [(80, 24), (40, 10)] {
        let mut desk = start([Some(90), None, None, None], Vec::new(), size);
        let session = &mut desk.session;
        for _ in 0..4 {
            request(session);
            session.press(&["j"]);
        }
        session.wait_until("the failure, and the others usable", |screen| {
            let text = screen.contents();
            text.contains("1 FAILED") && text.contains("nothing")
        });
        // Neither what ended well afterwards nor keys put it away.
        session.press(&["k", "j", "r"]);
        session.settle(Duration::from_millis(1500));
        let screen = session.screen();
        assert!(screen.contains("1 FAILED"), "{size:?}\n{screen}");
        let pane: Vec<&str> = screen.lines().skip_while(|line| !line.contains("In progress")).collect();
        assert!(pane.get(1).is_some_and(|row| row.contains("failed")), "on top: {size:?}\n{screen}");
        session.press(&["\t", "a"]);
        session.wait_until("it is put away", |screen| !screen.contents().contains("FAILED"));
    }
}

#[test]
fn a_failure_that_comes_while_details_cover_the_pane_is_on_that_screen_too() {
    for size in [(80, 24), (40, 10)] {
        let mut desk = start([Some(90), Some(10), None, None], Vec::new(), size);
        let session = &mut desk.session;
        request(session);
        session.press(&["d"]);
        session.wait_for("Engine");
        session.wait_until("the failure, over the details", shows_failure);
        session.press(&["\x1b"]);
        session.wait_for("1 FAILED");
        session.press(&["j"]);
        request(session);
        session.wait_for("2 FAILED");
    }
}

#[test]
fn the_question_before_quitting_goes_on_to_say_what_is_so_and_never_of_what_waits() {
    let slow = Fault::on("CreateDBClusterSnapshot").delay(Duration::from_secs(6));
    let mut desk = start([None; 4], vec![slow], (80, 24));
    let session = &mut desk.session;
    session.press(&["s"]);
    session.wait_for("no known obstacle");
    session.press(&["\x13"]);
    session.wait_for("nothing is sent yet");
    session.press(&["y"]);
    session.wait_for("sending, once");
    session.press(&["\x1b"]);
    session.wait_for("sorted by identifier");
    session.press(&["q"]);
    session.wait_for("A request is under way");
    session.wait_until("the answer", |screen| {
        let text = screen.contents();
        assert!(!text.contains("A request waits"), "{text}");
        text.contains("Nothing is under way any more")
    });
    session.press(&["\x1b"]);
    session.wait_until("the question is over", |screen| !screen.contents().contains("Quitting"));
}

#[test]
fn one_cluster_takes_three_keys_from_the_list_to_a_usable_snapshot() {
    let mut desk = start([None; 4], Vec::new(), (80, 24));
    let session = &mut desk.session;
    let mut keys = 0;
    for (key, shown) in
        [("s", "no known obstacle"), ("\x13", "nothing is sent yet"), ("y", "it can be restored from now on")]
    {
        session.press(&[key]);
        keys += 1;
        session.wait_for(shown);
    }
    session.wait_for("1 usable");
    assert!(keys <= 3, "{keys} keys");
}

#[test]
fn the_message_of_a_failure_outlives_good_news_and_goes_when_it_is_acknowledged() {
    let mut desk = start([Some(50), None, None, None], Vec::new(), (120, 40));
    let session = &mut desk.session;
    request(session);
    session.press(&["j"]);
    request(session);
    session.wait_until("one failed, one usable, nothing in progress", |screen| {
        let text = screen.contents();
        text.contains("1 FAILED") && text.contains("1 usable")
    });
    session.settle(Duration::from_millis(500));
    let screen = session.screen();
    assert!(screen.contains(": failed, so it cannot be restored"), "{screen}");
    let titles = String::from_utf8_lossy(&session.since(0)).into_owned();
    assert!(titles.contains("\x1b]2;1 failed, 1 available - clustersnap\x07"), "{titles:?}");
    session.press(&["\t", "a"]);
    session.wait_until("it is put away with its message", |screen| {
        let text = screen.contents();
        !text.contains("FAILED") && !text.contains("cannot be restored")
    });
}
