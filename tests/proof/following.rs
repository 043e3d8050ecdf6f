//! Snapshots that are followed: what a look that misses one means, and what is known of how long it took.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::support::clock::{Clock, Kind};
use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::world::*;

/// A snapshot that somebody began five minutes ago, and that takes long.
const UNDER_WAY: &str = r#"
[[cluster]]
identifier = "orders"
engine = "aurora-postgresql"
snapshot_takes = "10h"
snapshot = [{ identifier = "under-way", age = "5m", takes = "10h" }]
"#;

/// The answers to look-ups of these numbers show nothing.
fn missing(numbers: std::ops::Range<usize>, is_404: bool) -> impl Fn(&Asked, &Road) -> Back {
    move |asked, road| {
        let answer = road.pass(asked);
        if asked.action != LOOK_UP || !numbers.contains(&asked.nth) {
            return Back::Answer(answer);
        }
        let text = answer.text();
        let (before, rest) = text.split_once("<DBClusterSnapshots>").unwrap_or((&text, ""));
        let after = rest.split_once("</DBClusterSnapshots>").map_or("", |(_, after)| after);
        let empty = format!("{before}<DBClusterSnapshots></DBClusterSnapshots>{after}");
        let not_found =
            || Answer::refusal(404, "DBClusterSnapshotNotFoundFault", "DBClusterSnapshot not found");
        Back::Answer(if is_404 { not_found() } else { answer.with(&text, &empty) })
    }
}

#[test]
fn one_look_that_misses_a_snapshot_is_not_its_end() {
    let sim = Sim::of(UNDER_WAY, &[]);
    let cases = [
        ("watch under-way --json", false),
        ("watch under-way --json", true),
        ("create orders --name waited --wait --json", false),
        ("create orders --name waited-404 --wait --json", true),
    ];
    side_by_side(cases, |(words, is_404)| {
        // The second look of what follows, after those that precede a create.
        let first = if words.starts_with("create") { 4 } else { 3 };
        let proxy = Proxy::start(&sim.url, missing(first..first + 1, is_404));
        let desk = Desk::new(&proxy.url);
        let told = desk.start(words).ends_or_is_told_to(|_| proxy.arrived(LOOK_UP) > first + 1);
        assert!(proxy.arrived(LOOK_UP) > first, "it gave up: {told}");
        assert_eq!(told.error(), "INTERRUPTED", "{told}");
        let words = told.words();
        assert!(!words.contains("cannot be restored") && !words.contains("\"gone\""), "{told}");
        assert_eq!(desk.ends(), Vec::<String>::new());
    });
}

#[test]
fn one_look_that_misses_a_snapshot_after_minutes_is_not_its_end_either() {
    let sim = Sim::of(UNDER_WAY, &[]);
    side_by_side([1, 2], |missed: usize| {
        let proxy = Proxy::start(&sim.url, missing(20..20 + missed, false));
        let desk = Desk::new(&proxy.url);
        let Some(clock) = Clock::new(desk.home.path()) else { return };
        let mut command = desk.command("watch under-way --json");
        clock.give(&mut command, Kind::Fast);
        let mut running = Running::start(&mut command);
        // From then on its clocks run so fast that twenty looks take seconds.
        running.ends_before(Duration::from_secs(20), |_| proxy.arrived(LOOK_UP) > 1);
        clock.set("+0 x20");
        let told = running.ends_or_is_told_to(|_| proxy.arrived(LOOK_UP) > 20 + missed);
        assert!(proxy.arrived(LOOK_UP) > 20, "it never came so far: {told}");
        assert_eq!(told.error(), "INTERRUPTED", "{told}");
        assert!(!told.words().contains("cannot be restored"), "{told}");
    });
}

/// The only request in the history.
fn request(desk: &Desk) -> Value {
    let told = desk.run("history --json");
    told.envelope()["data"][0].clone()
}

/// How long a snapshot of `orders` takes in the simulator.
const TAKES: f64 = 1.0;

#[test]
fn a_duration_is_told_only_if_both_its_ends_are_known() {
    let sim = Sim::start();
    side_by_side([("sim", sim.url.clone()), ("moto", moto())], |(kind, service)| {
        let desk = Desk::new(&service);
        let told = desk.run(&format!("create orders --name seen-late-{kind} -q --json"));
        assert_eq!(told.outcome().as_deref(), Some("created"), "{told}");
        let begun: Timestamp = told.envelope()["data"]["created_at"].as_str().unwrap().parse().unwrap();
        std::thread::sleep(Duration::from_secs(5));
        let watched = desk.run(&format!("watch seen-late-{kind} --json"));
        assert_eq!(watched.code, Some(0), "{watched}");
        let request = request(&desk);
        assert_eq!(request["status"], "available", "{request}");
        match request["took_s"].as_f64() {
            Some(took) => assert!(took < TAKES + 1.5, "it took a second: {request}"),
            None => assert!(request["seen_after_s"].as_f64().is_some_and(|after| after < 15.0), "{request}"),
        }
        // When it was last seen in progress was before it was done.
        for end in desk.journal().iter().filter(|line| line["kind"] == "ended") {
            let open_at = end["open_at"].as_str().map(|at| at.parse::<Timestamp>().unwrap());
            let is_true = |at: Timestamp| at.duration_since(begun).as_secs_f64() < TAKES + 0.5;
            assert!(open_at.is_none_or(is_true), "{end}");
        }
    });
}

#[test]
fn a_clock_that_was_put_right_since_the_request_makes_no_duration() {
    let sim = Sim::start();
    // By how many hours this machine's clock was behind when the request was made.
    side_by_side([("behind", 30 * 24), ("ahead", -2)], |(name, behind)| {
        let desk = Desk::new(&sim.url);
        desk.run(&format!("create orders --name clock-{name} -q --json"));
        let lines = desk.journal().into_iter().map(|line| format!("{}\n", made_at(line, behind)));
        desk.file(".local/state/clustersnap/journal.jsonl", &lines.collect::<String>());
        std::thread::sleep(Duration::from_millis(1_500));
        let watched = desk.run(&format!("watch clock-{name} --json"));
        assert_eq!(watched.code, Some(0), "{watched}");
        let request = request(&desk);
        for member in ["took_s", "seen_after_s"] {
            let seconds = request[member].as_f64();
            assert!(seconds.is_none_or(|seconds| (0.0..30.0).contains(&seconds)), "{request}");
        }
        let text = desk.run("history").out;
        // A mark, which is there too, may have any digits in it.
        assert!(!text.contains(" 30d") && !text.contains(" 720h"), "{text}");
    });
}

/// A line of the journal as a clock so many hours behind would have dated it.
fn made_at(mut line: Value, behind: i64) -> Value {
    let off = SignedDuration::from_hours(behind);
    let at: Timestamp = line["at"].as_str().unwrap().parse().unwrap();
    line["at"] = (at - off).to_string().into();
    if line["server_ahead_s"].is_i64() {
        line["server_ahead_s"] = off.as_secs().into();
    }
    line
}

#[test]
fn a_clock_that_is_set_while_a_snapshot_is_waited_for_makes_no_duration() {
    let fleet = "[[cluster]]\nidentifier = \"orders\"\nengine = \"mysql\"\nsnapshot_takes = \"8s\"\n";
    let sim = Sim::of(fleet, &[]);
    side_by_side([("forward", "+2h", "2h"), ("back", "-2h", "-")], |(name, set, told_as)| {
        let proxy = Proxy::start(&sim.url, honest);
        let desk = Desk::new(&proxy.url);
        let Some(clock) = Clock::new(desk.home.path()) else { return };
        let mut command = desk.command(&format!("create orders --name set-{name} --wait"));
        clock.give(&mut command, Kind::Set);
        let mut running = Running::start(&mut command);
        running.ends_before(Duration::from_secs(20), |_| proxy.made(&format!("set-{name}")) > 0);
        clock.set(set);
        let told = running.ends_or_is_told_to(|_| false);
        assert_eq!(told.code, Some(0), "{told}");
        assert!(!told.err.contains(&format!(" {told_as}")), "{told}");
        let request = request(&desk);
        for member in ["took_s", "seen_after_s"] {
            let seconds = request[member].as_f64();
            assert!(seconds.is_none_or(|seconds| (0.0..30.0).contains(&seconds)), "{request}");
        }
    });
}

#[test]
fn a_request_is_told_by_the_servers_clock_whatever_this_machines_said() {
    side_by_side([("behind", 30 * 24), ("ahead", -30 * 24)], |(name, behind)| {
        let sim = Sim::start();
        let desk = Desk::new(&sim.url);
        desk.run(&format!("create orders --change CHG-{name} --yes -q --json"));
        // Nobody wrote down what became of it.
        let asked = desk.journal().into_iter().filter(|line| line["kind"] == "intent");
        let lines = asked.map(|line| format!("{}\n", made_at(line, behind)));
        desk.file(".local/state/clustersnap/journal.jsonl", &lines.collect::<String>());
        let intent = desk.journal().remove(0);
        let young = desk.run("history --json --filter age<1h").envelope()["data"].clone();
        assert_eq!(
            (&young[0]["at"], &young[0]["clock"]),
            (&intent["server_time"], &"server".into()),
            "{young}"
        );
        let older = desk.run("history --json --filter age>1h").envelope()["data"].clone();
        assert_eq!(older.as_array().map(Vec::len), Some(0), "{older}");
        let text = desk.run("history").out;
        assert!(!text.contains(" 30 d") && !text.contains("this machine's clock"), "{text}");
        let report = desk.run(&format!("report CHG-{name} --format csv")).out;
        assert!(report.contains(intent["server_time"].as_str().unwrap()), "{report}");
        let other = desk.run("create orders --name another --dry-run");
        let told = format!("{}{}", other.out, other.err);
        assert!(
            told.contains("A request sent just now (") || told.contains("A request sent 10 s ago ("),
            "{told}"
        );
        // Where only this machine's is known, that is said.
        let alone = desk.journal().into_iter().map(|mut line| {
            line.as_object_mut().unwrap().remove("server_time");
            format!("{line}\n")
        });
        desk.file(".local/state/clustersnap/journal.jsonl", &alone.collect::<String>());
        let ago = if behind > 0 { "30 d ago, " } else { "in 29 d, " };
        let text = desk.run("history").out;
        assert!(text.starts_with(ago) && text.contains(" UTC by this machine's clock  "), "{text}");
        let told = desk.run("history --json").envelope()["data"][0]["clock"].clone();
        assert_eq!(told, "machine");
    });
}
