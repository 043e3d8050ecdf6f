//! A change over several accounts: two hundred clusters in four places at their pace, and one account that runs out of
//! credentials half-way.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Simulator, SimulatorOptions};
use tempfile::TempDir;

use super::support::program::{self, PROGRAM};
use super::support::servers::Served;
use super::world::finish;
use super::*;

/// What a change of a place asks for.
const ACTIONS: [&str; 4] =
    [CREATE, "DescribeDBClusterSnapshots", "DescribeDBClusters", "DescribeAccountAttributes"];
/// Over which time calls are counted: a busy machine holds a second's up, and lets them go together.
const SPAN: Duration = Duration::from_secs(3);
/// Five a second, and what the edges of the span, the look before it and a second that was held up add.
const MOST: u64 = 22;

struct Place {
    simulator: Arc<Simulator>,
    served: Served,
}

fn place(count: usize, faults: &str) -> Place {
    let fleet = Fleet::from_toml(&clusters(count)).unwrap();
    let faults = FaultScript::from_toml(faults).unwrap();
    let simulator = Arc::new(Simulator::new(fleet, faults, SimulatorOptions::default()));
    Place { served: Served::start(Arc::clone(&simulator)), simulator }
}

fn home(places: &[Place]) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let profiles: String =
        places.iter().enumerate().map(|(at, place)| profile(at, &place.served.url)).collect();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), profiles).unwrap();
    home
}

fn profile(at: usize, url: &str) -> String {
    let account = format!("{}", at + 1).repeat(12);
    format!(
        "[profile p{at}]\nregion = eu-west-1\naws_access_key_id = SIM{account}\naws_secret_access_key = s\n\
         endpoint_url = {url}\n"
    )
}

fn command(home: &TempDir, args: &[&str], places: usize) -> Command {
    let mut command = program::command(PROGRAM, home.path());
    command.args(args);
    command.args((0..places).flat_map(|at| ["--profile".to_owned(), format!("p{at}")]));
    command
}

/// How many calls of a change a place has got.
fn calls(simulator: &Simulator) -> u64 {
    ACTIONS.iter().map(|action| simulator.calls(action)).sum()
}

/// The most calls in a span from the first create on, looked at often. Where a busy machine looks late, more than the
/// span has gone by, and the calls are of all of it.
fn busiest_span(simulator: &Simulator, is_over: &AtomicBool) -> u64 {
    let mut seen: Vec<(Instant, u64, Instant)> = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        if simulator.calls(CREATE) > 0 {
            seen.push((Instant::now(), calls(simulator), Instant::now()));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let within = |(begun, count, ended): &(Instant, u64, Instant)| {
        let before = seen.iter().rev().find(|(_, _, then)| begun.saturating_duration_since(*then) >= SPAN);
        before.map_or(0, |(then, earlier, _)| {
            (u128::from(count - earlier) * SPAN.as_millis()).div_ceil(ended.duration_since(*then).as_millis())
        })
    };
    seen.iter().map(within).max().and_then(|most| u64::try_from(most).ok()).unwrap_or(0)
}

#[test]
fn two_hundred_clusters_in_four_places_are_sent_at_each_place_s_pace() {
    let places: Vec<Place> = (0..4).map(|_| place(50, "")).collect();
    let home = home(&places);
    let is_over = AtomicBool::new(false);
    let (run, busiest) = std::thread::scope(|scope| {
        let watched: Vec<_> =
            places.iter().map(|place| scope.spawn(|| busiest_span(&place.simulator, &is_over))).collect();
        let words = ["create", "--filter", "owner=dba", "--change", CHANGE, "--yes", "--json", "-q"];
        let run = finish(&mut command(&home, &words, 4));
        is_over.store(true, Ordering::Relaxed);
        (run, watched.into_iter().map(|place| place.join().unwrap()).collect::<Vec<u64>>())
    });
    let rows = run.data("change_items");
    assert_eq!(rows.as_array().unwrap().len(), 200);
    assert!(places.iter().all(|place| place.simulator.creates() == 50));
    assert!(busiest.iter().all(|most| (6..=MOST).contains(most)), "calls within {SPAN:?}: {busiest:?}");
    let mut accounts = column(&rows, "account");
    accounts.dedup();
    assert_eq!(accounts, ["111111111111", "222222222222", "333333333333", "444444444444"]);
    let report = finish(&mut command(&home, &["report", CHANGE, "--json", "-q"], 0)).data("report");
    assert_eq!(report["clusters"], 200);
}

#[test]
fn where_one_account_expires_half_way_the_other_goes_on_and_the_same_command_makes_the_rest() {
    let expired = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ncalls = \"3-\"\n\
                   answer = { kind = \"error\", status = 403, code = \"ExpiredToken\", message = \"expired\" }";
    let places = [place(5, ""), place(5, expired)];
    let home = home(&places);
    let words = ["create", "--filter", "owner=dba", "--change", CHANGE, "--yes", "--json"];
    let run = finish(&mut command(&home, &words, 2));
    assert_eq!(run.code, 7, "{}", run.err);
    assert_eq!(run.err.matches(" of 10: p1/eu-west-1: ").count(), 5, "{}", run.err);
    let rows = run.envelope()["data"].clone();
    assert_eq!((places[0].simulator.creates(), places[1].simulator.creates()), (5, 2));
    let failed: Vec<&Value> = rows.as_array().unwrap().iter().filter(|row| row["success"] == false).collect();
    assert!(failed.len() == 3 && failed.iter().all(|row| row["account"] == "222222222222"), "{rows:#}");
    let watched = finish(&mut command(&home, &["watch", "--change", CHANGE], 0));
    assert_eq!(watched.code, 3, "{}\n{}", watched.out, watched.err);
    places[1].simulator.set_faults(FaultScript::default());
    let again = finish(&mut command(&home, &words, 2)).data("change_items");
    assert_eq!(column(&again, "result").iter().filter(|result| *result == "sent").count(), 3);
    assert_eq!((places[0].simulator.creates(), places[1].simulator.creates()), (5, 5));
    let watched = finish(&mut command(&home, &["watch", "--change", CHANGE], 0));
    assert_eq!(
        watched.code, 0,
        "it goes to the places of the change by itself: {}\n{}",
        watched.out, watched.err
    );
}

#[test]
fn where_the_credentials_end_before_the_snapshots_do_each_row_has_what_was_known_of_it() {
    let look = "DescribeDBClusterSnapshots";
    let places = [place(1, "")];
    let (home, simulator) = (home(&places), &places[0].simulator);
    let words = ["create", "--filter", "owner=dba", "--change", CHANGE, "--yes", "--wait", "--json"];
    for (result, looks) in [("sent", 3), ("made_before", 1)] {
        let calls = simulator.calls(look) + looks + 1;
        let expired = format!(
            "[[fault]]\naction = \"{look}\"\ncalls = \"{calls}-\"\n\
             answer = {{ kind = \"error\", status = 403, code = \"ExpiredToken\", message = \"expired\" }}"
        );
        simulator.set_faults(FaultScript::from_toml(&expired).unwrap());
        let run = finish(&mut command(&home, &words, 1));
        let row = run.envelope()["data"][0].clone();
        assert_eq!((run.code, &row["result"]), (7, &result.into()), "{row:#}");
        let known = ["id", "arn", "status", "account"].map(|member| row[member].as_str().unwrap_or_default());
        assert!(known.iter().all(|it| !it.is_empty()), "{row:#}");
    }
}

#[test]
fn a_place_that_could_not_be_read_is_told_of_until_the_same_command_has_read_it() {
    let denied = "[[fault]]\naction = \"DescribeDBClusters\"\n\
                  answer = { kind = \"error\", status = 403, code = \"AccessDenied\", message = \"no\" }";
    let places = [place(1, ""), place(1, denied)];
    let home = home(&places);
    let words = ["create", "--filter", "owner=dba", "--change", CHANGE, "--yes", "--json"];
    for _ in 0..2 {
        assert_eq!(finish(&mut command(&home, &words, 2)).code, 7);
        let watched = finish(&mut command(&home, &["watch", "--change", CHANGE], 0));
        assert_eq!(watched.code, 3, "{}\n{}", watched.out, watched.err);
        let told =
            watched.out.matches("p1/eu-west-1: nothing was sent there: the place could not be read").count();
        assert_eq!(told, 1, "{}", watched.out);
        let report = finish(&mut command(&home, &["report", CHANGE, "--json"], 0)).data("report");
        assert_eq!((&report["clusters"], &report["left_out"][0]["cluster"]), (&1.into(), &Value::Null));
    }
    finish(&mut command(&home, &words, 1)).data("change_items");
    let report = finish(&mut command(&home, &["report", CHANGE, "--json"], 0)).data("report");
    assert_eq!(
        report["left_out"].as_array().unwrap().len(),
        1,
        "another place says nothing of it: {report:#}"
    );
    places[1].simulator.set_faults(FaultScript::default());
    finish(&mut command(&home, &words, 2)).data("change_items");
    let report = finish(&mut command(&home, &["report", CHANGE, "--json"], 0)).data("report");
    let told = report["left_out"].as_array().unwrap().len();
    assert_eq!((&report["clusters"], told), (&2.into(), 0), "{report:#}");
    assert_eq!(finish(&mut command(&home, &["watch", "--change", CHANGE], 0)).code, 0);
}

#[test]
fn each_line_tells_its_place_and_watching_looks_in_all_that_the_change_was_for() {
    let places = [place(1, ""), place(1, "")];
    let (here, elsewhere) = (home(&places), home(&places));
    let words = ["create", "--filter", "owner=dba", "--change", CHANGE, "--yes", "--wait"];
    let of_one: Vec<&str> = words.into_iter().chain(["--profile", "p1"]).collect();
    assert_eq!(finish(&mut command(&elsewhere, &of_one, 0)).code, 0);
    let run = finish(&mut command(&here, &words, 2));
    assert_eq!(run.code, 0, "{}", run.err);
    for begin in ["p0/eu-west-1: c0-", "p1/eu-west-1: c0-"] {
        let mut lines = run.err.lines();
        assert!(lines.any(|line| line.starts_with(begin) && line.contains("available")), "{}", run.err);
    }
    let watched = finish(&mut command(&here, &["watch", "--change", CHANGE], 0));
    assert!(watched.code == 0 && watched.out.contains("p1/eu-west-1: c0-"), "{}", watched.out);
}
