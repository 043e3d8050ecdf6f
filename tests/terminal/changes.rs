//! A change of many clusters, with the real binary: how many keys it takes, one that production asks to be typed, one
//! that fails in the midst of others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use clustersnap::sim::Simulator;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use clustersnap::sim::fleet::{Fleet, SnapshotSpec};

use super::pty::{Session, clustersnap_at};
use super::support::query::snapshots;
use super::support::servers::{Served, simulated};

pub const CLUSTERS: usize = 8;

/// A service with eight clusters, its clock so many times faster than real time.
pub fn served(faults: Vec<Fault>, speed: f64) -> (Arc<Simulator>, Served) {
    simulated(Fleet::generated(CLUSTERS), FaultScript::new(faults), speed)
}

/// Eight clusters with five old snapshots and one that is new, each.
fn stale() -> Fleet {
    let mut fleet = Fleet::generated(CLUSTERS);
    for cluster in &mut fleet.clusters {
        let name = cluster.identifier.clone();
        let snapshot = |n: u32, days: i64| SnapshotSpec {
            identifier: format!("{name}-old-{n}"),
            kind: "manual".to_owned(),
            age: Period::seconds(days * 86_400),
            takes: Period::seconds(60),
            fails_at: None,
            status: None,
            public: false,
            tags: None,
        };
        cluster.snapshots =
            (1..=5).map(|n| snapshot(n, 100 + i64::from(n))).chain([snapshot(0, 1)]).collect();
    }
    fleet
}

#[test]
fn forty_stale_snapshots_take_fewer_than_twenty_keys_and_nothing_else_goes() {
    let home = tempfile::tempdir().expect("a folder");
    let (simulator, served) = simulated(stale(), FaultScript::default(), 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 24);
    // What would remain is counted among all there are: until they are all read there is no plan.
    desk.session.wait_until("all snapshots", |screen| {
        let screen = screen.contents();
        screen.contains("h ago") && !screen.contains("loading") && !screen.contains("ago?")
    });
    desk.press(&["v"], "48 manual");
    desk.press(&["/", "a", "g", "e", ">", "9", "0", "d", "\r"], "40 of ");
    desk.press(&["*"], "40 marked");
    desk.press(&["x"], "40 to delete");
    desk.press(&["y"], "Type 40 to delete");
    // A wrong count deletes nothing.
    desk.press(&["4", "1", "\r"], "Nothing was deleted");
    assert_eq!(simulator.calls("DeleteDBClusterSnapshot"), 0);
    desk.keys -= 3;
    desk.press(&["4", "0", "\r"], "40 deleted or being deleted");
    assert!(desk.keys <= 20, "{} keys", desk.keys);
    let left = names(&served.url);
    assert!(left.len() == CLUSTERS && left.iter().all(|name| name.ends_with("-old-0")), "{left:?}");
    assert_eq!(simulator.calls("DeleteDBClusterSnapshot"), 40);
}

/// The program, and how many keys it was given.
pub struct Counted {
    pub session: Session,
    keys: usize,
}

impl Counted {
    pub fn start(url: &str, home: &std::path::Path, rows: u16) -> Self {
        let command = clustersnap_at(url, home, &[]);
        let session = Session::start(command, 80, rows);
        session.wait_for("cluster-0008");
        Self { session, keys: 0 }
    }

    /// Presses keys one after the other, and waits for what the last one shows.
    #[track_caller]
    pub fn press(&mut self, keys: &[&str], shown: &str) {
        self.session.press(keys);
        self.keys += keys.len();
        self.session.wait_for(shown);
    }
}

/// Marks all clusters, gives the change its id, and confirms it.
#[track_caller]
pub fn confirm_all(desk: &mut Counted, id: &[&str], shown: &str) {
    desk.press(&["*", "s"], "New snapshots of 8 clusters");
    desk.press(id, "no known obstacle");
    desk.press(&["\x13"], "nothing is sent yet");
    desk.press(&["y"], shown);
}

pub fn names(url: &str) -> Vec<String> {
    let mut names: Vec<String> = snapshots(url).into_iter().map(|it| it.name).collect();
    names.sort();
    names
}

/// Asserts that each cluster has one snapshot of the change, which carries its id.
#[track_caller]
pub fn assert_each_once(simulator: &Simulator, url: &str, change: &str) {
    let made = snapshots(url);
    let of: BTreeSet<String> =
        made.iter().map(|it| it.name.chars().take("cluster-0001".len()).collect()).collect();
    assert_eq!((made.len(), of.len()), (CLUSTERS, CLUSTERS), "{:?}", names(url));
    assert_eq!(simulator.creates(), CLUSTERS as u64);
    let is_marked = |key: &str| made.iter().all(|it| it.tags.iter().any(|(tag, _)| tag == key));
    assert!(is_marked("clustersnap:request"));
    assert!(made.iter().all(|it| it.tags.contains(&("change".to_owned(), change.to_owned()))), "{made:?}");
}

#[test]
fn eight_clusters_take_fewer_than_twenty_keys_and_all_are_usable() {
    let home = tempfile::tempdir().expect("a folder");
    let (simulator, served) = served(Vec::new(), 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 24);
    desk.press(&["*"], "8 marked");
    desk.press(&["s"], "New snapshots of 8 clusters");
    desk.press(&["C", "H", "G", "-", "1", "0", "4", "2"], "no known obstacle");
    desk.press(&["\x13"], "nothing is sent yet");
    desk.press(&["y"], "Change CHG-1042");
    desk.session.wait_for("all 8 usable");
    assert!(desk.keys <= 20, "{} keys", desk.keys);
    assert_each_once(&simulator, &served.url, "CHG-1042");
    let state = home.path().join(".local/state/clustersnap");
    let left: Vec<_> =
        std::fs::read_dir(state).expect("a folder").flatten().map(|it| it.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("change-")), "{left:?}");
}

#[test]
fn one_that_is_refused_stops_none_of_the_others_and_stands_on_top() {
    let home = tempfile::tempdir().expect("a folder");
    let refused = Fault::on("CreateDBClusterSnapshot").calls(3, 3).answer(FaultyAnswer::error(
        403,
        "AccessDenied",
        "User is not authorized to perform: rds:CreateDBClusterSnapshot",
    ));
    let (_, served) = served(vec![refused], 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 24);
    confirm_all(&mut desk, &["C", "H", "G"], "1 REFUSED");
    desk.session.wait_for("7 usable");
    desk.session.wait_for("over, and not all usable");
    let screen = desk.session.screen();
    let first = screen.lines().find(|line| line.contains('▌')).expect("a cursor").to_owned();
    assert!(first.contains("refused") && !screen.contains("all 8 usable"), "{screen}");
    assert_eq!(snapshots(&served.url).len(), CLUSTERS - 1);
}

#[test]
fn one_that_is_refused_stops_those_that_are_not_sent_where_that_was_chosen() {
    let home = tempfile::tempdir().expect("a folder");
    let denied = FaultyAnswer::error(403, "AccessDenied", "User is not authorized");
    let refused = Fault::on("CreateDBClusterSnapshot").calls(1, 1).answer(denied);
    // The others are under way while the first is refused.
    let slow = Fault::on("CreateDBClusterSnapshot").calls(2, 4).delay(Period::seconds(2));
    let (simulator, served) = served(vec![refused, slow], 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 30);
    desk.press(&["*", "s"], "New snapshots of 8 clusters");
    desk.press(&["C", "H", "G"], "no known obstacle");
    desk.press(&["\x13", "o"], "a failure stops the rest");
    desk.press(&["y"], "Change CHG");
    desk.session.wait_for("3 usable");
    desk.session.wait_for("1 REFUSED  4 NOT SENT");
    desk.press(&["j"], "one was to stop all");
    assert_eq!((snapshots(&served.url).len(), simulator.calls("CreateDBClusterSnapshot")), (3, 4));
    // What was confirmed and not sent is told by a report, too, and asked about by no start.
    desk.session.send("\x03");
    desk.session.wait_for_end(Duration::from_secs(5));
    let report = Session::start(clustersnap_at(&served.url, home.path(), &["report", "CHG"]), 200, 40);
    report.wait_for("3 of 8 clusters had a usable snapshot");
    report.wait_until("a row for each", |screen| screen.contents().matches("| not sent |").count() == 4);
    let desk = Counted::start(&served.url, home.path(), 30);
    assert!(!desk.session.screen().contains("Go on with"), "{}", desk.session.screen());
}

#[test]
fn a_deletion_that_is_refused_is_told_where_its_screen_was_left_and_c_opens_that_again() {
    let home = tempfile::tempdir().expect("a folder");
    let denied = FaultyAnswer::error(403, "AccessDenied", "User is not authorized");
    let late =
        Fault::on("DeleteDBClusterSnapshot").call(1).happened(false).delay(Period::seconds(2)).answer(denied);
    let (_, served) = simulated(stale(), FaultScript::new(vec![late]), 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 24);
    desk.session.wait_until("all snapshots", |screen| {
        let screen = screen.contents();
        screen.contains("h ago") && !screen.contains("loading") && !screen.contains("ago?")
    });
    desk.press(&["v"], "48 manual");
    desk.press(&["/", "o", "l", "d", "-", "1", "\r"], "8 of ");
    desk.press(&["*", "x"], "8 to delete");
    desk.press(&["y", "8", "\r"], "under way");
    desk.press(&["\x1b"], "s snapshot");
    desk.session.wait_for("AWS refused");
    desk.press(&["v"], "manual");
    desk.press(&["C"], "1 NOT DONE  7 deleted or being deleted");
}

#[test]
fn clusters_are_grouped_by_a_tag_and_a_whole_group_is_marked_with_one_key() {
    let home = tempfile::tempdir().expect("a folder");
    configure(home.path(), "[list]\ngroup_by = \"application\"\n");
    let mut fleet = Fleet::generated(CLUSTERS);
    for (cluster, application) in fleet.clusters.iter_mut().zip(["shop", "till", "shop", "", "till", "shop"])
    {
        if !application.is_empty() {
            cluster.tags = BTreeMap::from([("application".to_owned(), application.to_owned())]);
        }
    }
    let (_, served) = simulated(fleet, FaultScript::default(), 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 24);
    desk.session.wait_for("grouped by application");
    let screen = desk.session.screen();
    let at = |name: &str| screen.find(name).unwrap_or_else(|| panic!("{name} is missing:\n{screen}"));
    // Shop, then till, then those of none.
    assert!(at("cluster-0006") < at("cluster-0002") && at("cluster-0005") < at("cluster-0004"), "{screen}");
    desk.press(&["A"], "3 marked");
    desk.press(&["s"], "New snapshots of 3 clusters");
    desk.press(&["\x1b"], "s snapshot");
    desk.press(&["A", "G", "A"], "is in no group");
}

#[test]
fn the_list_begins_with_the_filter_of_the_configuration_and_esc_takes_it_away() {
    let home = tempfile::tempdir().expect("a folder");
    configure(home.path(), "[list]\nfilter = \"cluster -cluster-0003\"\n");
    let (_, served) = simulated(Fleet::generated(CLUSTERS), FaultScript::default(), 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 24);
    let screen = desk.session.screen();
    assert!(!screen.contains("   cluster-0003 ") && screen.contains("/cluster -cluster-0003"), "{screen}");
    desk.press(&["\x1b"], "   cluster-0003 ");
}

/// Writes the configuration of a home.
fn configure(home: &std::path::Path, text: &str) {
    let folder = home.join(".config/clustersnap");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), text).expect("a file");
}

#[test]
fn tags_of_production_are_changed_only_once_their_count_is_typed() {
    let home = tempfile::tempdir().expect("a folder");
    configure(home.path(), "[production]\nclusters = [\"cluster-0003\"]\n");
    let (simulator, served) = simulated(stale(), FaultScript::default(), 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 24);
    desk.press(&["v"], "48 manual");
    desk.press(&["/", "o", "l", "d", "-", "1", "\r"], "8 of ");
    desk.press(&["*", "t"], "Tags of 8 snapshots");
    desk.press(&["k", "=", "v", "\r"], "Type 8 production");
    // A wrong count changes nothing, a paste is none, and the way back is one key.
    desk.press(&["7", "\r"], "Nothing was changed");
    desk.press(&["\x1b[200~8 production\x1b[201~"], "A paste confirms nothing");
    desk.press(&["\x1b"], "enter: ");
    assert_eq!(simulator.calls("AddTagsToResource"), 0);
    desk.press(&["\r"], "Type 8 production");
    desk.press(&["8", " ", "p", "r", "o", "d", "u", "c", "t", "i", "o", "n", "\r"], "8 tagged");
    assert_eq!(simulator.calls("AddTagsToResource"), 8);
    // The history has what was done to snapshots beside what was asked for.
    desk.press(&["\x1b"], "sorted by identifier");
    desk.press(&["h"], "History  8");
    desk.press(&["\r"], "tag k=v");
}

#[test]
fn a_snapshot_that_fails_among_eight_is_still_read_at_the_end() {
    let home = tempfile::tempdir().expect("a folder");
    let mut fleet = Fleet::generated(CLUSTERS);
    let Some(first) = fleet.clusters.first_mut() else { panic!("no cluster") };
    first.snapshot_fails_at = Some(50);
    let (_, served) = simulated(fleet, FaultScript::default(), 60.0);
    let mut desk = Counted::start(&served.url, home.path(), 24);
    confirm_all(&mut desk, &["C", "H", "G"], "1 FAILED");
    desk.session.wait_for("7 usable");
    desk.session.wait_for("cannot be restored: Failed to create the");
    desk.press(&["\x1b"], "sorted by identifier");
    // On the list as well, on top of what ended well, until a person has seen it.
    desk.session.wait_for("1 FAILED  7 usable");
    let screen = desk.session.screen();
    let pane = screen.lines().skip_while(|line| !line.contains("In progress")).nth(1).unwrap_or_default();
    assert!(pane.contains("failed"), "{screen}");
    desk.press(&["\t", "a"], "nothing  7 usable");
}
