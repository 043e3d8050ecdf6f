//! `delete` and `tag` with the real binary: the plan, its confirmation, and what became of each snapshot; each
//! with its word.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::os::unix::process::CommandExt as _;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::world::{Run, World, ended};

/// A manual snapshot of a fleet: identifier, age in days, what else is said of it.
pub type Row<'a> = (&'a str, u32, &'a str);

/// Clusters with their manual snapshots.
pub fn fleet(clusters: &[(&str, &[Row<'_>])]) -> String {
    let mut fleet = "snapshot_quota = 100\n".to_owned();
    for (cluster, snapshots) in clusters {
        let _ = write!(
            fleet,
            "[[cluster]]\nidentifier = \"{cluster}\"\nengine = \"aurora-postgresql\"\nsnapshot_takes = \"1s\"\n\
             automated_snapshots = 2\n"
        );
        for (name, days, more) in *snapshots {
            let _ = write!(
                fleet,
                "[[cluster.snapshot]]\nidentifier = \"{name}\"\nkind = \"manual\"\nage = \"{days}d\"\n{more}\n"
            );
        }
    }
    fleet
}

pub fn small() -> World {
    let keep = "tags = { \"keep-until\" = \"2999-12-31\" }";
    let unclear = "tags = { \"keep-until\" = \"soon\" }";
    World::with(
        "",
        &fleet(&[
            ("orders", &[("o1", 200, ""), ("o2", 150, keep), ("o3", 120, unclear), ("o4", 1, "")]),
            ("billing", &[("b1", 100, "")]),
        ]),
    )
}

/// The rows of an answer, by identifier and one of their members.
pub fn told(answer: &Value, member: &str) -> Vec<String> {
    let rows = answer["data"].as_array().unwrap().iter();
    rows.map(|row| format!("{} {}", row["id"].as_str().unwrap(), row[member])).collect()
}

/// The manual snapshots that are left, as `snapshots` lists them.
pub fn left(world: &World) -> BTreeSet<String> {
    let listed = world.run(&["snapshots", "--type", "manual", "--json"]).envelope();
    listed["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

fn names(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_plan_tells_what_goes_what_stays_and_why_and_deletes_nothing() {
    let world = small();
    let run = world.run(&["delete", "--filter", "age>90d", "--dry-run", "--json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let answer = run.envelope();
    assert_eq!(
        told(&answer, "verdict"),
        ["b1 \"guarded\"", "o3 \"guarded\"", "o2 \"guarded\"", "o1 \"delete\""]
    );
    assert_eq!(told(&answer, "remaining"), ["b1 1", "o3 3", "o2 3", "o1 3"]);
    let guards = ["b1 [\"last_usable\"]", "o3 [\"keep_until_unclear\"]", "o2 [\"keep_until\"]", "o1 []"];
    assert_eq!(told(&answer, "guards"), guards);
    let text = world.run(&["delete", "--filter", "age>90d", "--dry-run"]);
    assert!(text.out.contains("stays: the last usable manual snapshot of its cluster"), "{}", text.out);
    assert!(
        text.err.contains("1 to delete, 3 stay. What is guarded takes its name: --even SNAPSHOT."),
        "{}",
        text.err
    );
    assert_eq!(world.simulator.calls("DeleteDBClusterSnapshot"), 0);
    assert!(world.journal().is_empty());
}

#[test]
fn without_a_terminal_only_the_count_of_the_plan_confirms_it() {
    let world = small();
    let filter = ["delete", "--filter", "type:manual age>90d", "--json"];
    for (yes, said) in [(&[][..], "it takes --yes 1"), (&["--yes", "4"], "1 to delete by the plan, not 4")] {
        let error = world.run(&[&filter, yes].concat()).error("VALIDATION_ERROR", 2);
        assert!(error["details"][0]["message"].as_str().unwrap().contains(said), "{error}");
    }
    assert_eq!(world.simulator.calls("DeleteDBClusterSnapshot"), 0);
    let run = world.run(&[&filter[..], &["--yes", "1"]].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    let outcomes = ["b1 null", "o3 null", "o2 null", "o1 \"deleting\""];
    assert_eq!(told(&run.envelope(), "outcome"), outcomes);
    assert_eq!(left(&world), names(&["b1", "o2", "o3", "o4"]));
    let lines = world.journal();
    let kinds: Vec<&str> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["alteration", "altered"]);
}

#[test]
fn what_is_guarded_goes_only_by_its_name() {
    let world = small();
    let run = world.run(&["delete", "b1", "o2", "--yes", "1", "--json"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert_eq!(run.envelope()["error"]["code"], "VALIDATION_ERROR");
    assert_eq!(left(&world).len(), 5);
    let even = ["delete", "b1", "o2", "--even", "b1", "--even", "o2", "--yes", "2", "--json"];
    let run = world.run(&even);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_eq!(told(&run.envelope(), "overridden"), ["b1 [\"last_usable\"]", "o2 [\"keep_until\"]"]);
    assert_eq!(left(&world), names(&["o1", "o3", "o4"]));
    let history = world.run(&["history", "--json"]).data("requests");
    assert_eq!((history[0]["id"].as_str(), history[0]["does"].as_str()), (Some("o2"), Some("delete")));
    assert_eq!(history[1]["despite"][0], "last_usable");
    let text = world.run(&["history", "--filter", "status:deleting"]);
    assert!(text.out.contains("o2 of orders: delete: deleting"), "{}", text.out);
}

#[test]
fn what_others_made_is_never_deleted_and_a_name_that_is_not_there_sends_nothing() {
    let world = small();
    let listed = world.run(&["snapshots", "--type", "automated", "--json"]).envelope();
    let automated = listed["data"][0]["id"].as_str().unwrap().to_owned();
    let run = world.run(&["delete", &automated, "--even", &automated, "--yes", "1", "--json"]);
    assert_eq!(run.code, 2, "{}", run.out);
    assert_eq!(told(&run.envelope(), "guards"), [format!("{automated} [\"not_manual\"]")]);
    for (args, rule) in [
        (&["delete", "nosuch", "--yes", "1"][..], "not-found"),
        (&["delete", "o1", "--even", "nosuch", "--yes", "1"], "not-found"),
        (&["delete", "o_1", "--yes", "1"], "forbidden-character"),
        (&["delete", "--filter", "", "--yes", "1"], "not-a-filter"),
        (&["delete", "--filter", "age>", "--yes", "1"], "not-a-filter"),
    ] {
        let error = world.run(&[args, &["--json"]].concat()).error("VALIDATION_ERROR", 2);
        assert_eq!(error["details"][0]["rule"], rule, "{args:?}");
    }
    world.run(&["--read-only", "delete", "o1", "--yes", "1", "--json"]).error("READ_ONLY", 2);
    assert_eq!(world.simulator.calls("DeleteDBClusterSnapshot"), 0);
}

#[test]
fn the_guards_of_the_configuration_hold() {
    let world = small();
    world.configure(
        "[read_only]\nclusters = [\"ord*\"]\n[production]\nclusters = [\"bill*\"]\nconfirm_headless = true\n",
    );
    let run = world.run(&["delete", "o1", "--yes", "1", "--json"]);
    assert_eq!((run.code, run.envelope()["error"]["code"].as_str()), (2, Some("READ_ONLY")));
    for words in [&["delete", "b1", "--even", "b1"][..], &["tag", "b1", "a=b"]] {
        let dry = world.run(&[words, &["--dry-run"]].concat());
        let said = dry.err.contains("--confirm billing") && dry.out.contains("b1");
        assert!(dry.code == 2 && said, "{words:?}: {}{}", dry.out, dry.err);
        let confirmed = world.run(&[words, &["--dry-run", "--confirm", "billing"]].concat());
        assert_eq!(confirmed.code, 0, "{words:?}: {}", confirmed.err);
    }
    let b1 = ["delete", "b1", "--even", "b1", "--yes", "1", "--json"];
    let error = world.run(&b1).error("VALIDATION_ERROR", 2);
    assert!(error["message"].as_str().unwrap().contains("--confirm billing"), "{error}");
    assert_eq!(world.simulator.calls("DeleteDBClusterSnapshot"), 0);
    let error = world.run(&["tag", "b1", "a=b", "--json"]).error("VALIDATION_ERROR", 2);
    assert!(error["message"].as_str().unwrap().contains("--confirm billing"), "{error}");
    assert_eq!(world.run(&["tag", "b1", "a=b", "--confirm", "billing", "--json"]).code, 0);
    assert_eq!(world.run(&[&b1[..], &["--confirm", "Billing"]].concat()).code, 0);
    assert_eq!(left(&world), names(&["o1", "o2", "o3", "o4"]));
}

/// Forty stale snapshots at a full quota, one of them of each cluster's own change: gone by one command.
#[test]
fn forty_stale_snapshots_go_by_one_command_and_make_room() {
    let stale: Vec<Vec<(String, u32)>> = (0..8)
        .map(|cluster| {
            (0..8).map(|n| (format!("c{cluster}-s{n}"), if n < 5 { 100 + n } else { n })).collect()
        })
        .collect();
    let rows: Vec<Vec<Row<'_>>> = stale
        .iter()
        .map(|rows| rows.iter().map(|(name, days)| (name.as_str(), *days, "")).collect())
        .collect();
    let clusters: Vec<String> = (0..8).map(|n| format!("cluster{n}")).collect();
    let clusters: Vec<(&str, &[Row<'_>])> =
        clusters.iter().zip(&rows).map(|(name, rows)| (name.as_str(), rows.as_slice())).collect();
    let world = World::with("", &fleet(&clusters).replace("snapshot_quota = 100", "snapshot_quota = 64"));
    let refused = world.run(&["create", "cluster0", "--name", "new", "--json"]).error("QUOTA_EXCEEDED", 3);
    assert!(refused["message"].as_str().unwrap().contains("clustersnap delete --filter"), "{refused}");
    let begun = Instant::now();
    let clean = ["delete", "--filter", "type:manual age>90d", "--keep-last", "3", "--yes", "40", "--json"];
    let run = world.run(&clean);
    let took = begun.elapsed();
    assert_eq!(run.code, 0, "{}", run.err);
    let answer = run.envelope();
    assert_eq!(told(&answer, "outcome").iter().filter(|row| row.ends_with("\"deleting\"")).count(), 40);
    assert_eq!(left(&world).len(), 24);
    assert_eq!(world.simulator.calls("DeleteDBClusterSnapshot"), 40);
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert_eq!(world.run(&["create", "cluster0", "--name", "new", "--json"]).code, 0);
}

#[test]
fn one_that_fails_stops_none_of_the_others_and_each_has_its_word() {
    let faults = "
        [[fault]]
        action = \"DeleteDBClusterSnapshot\"
        calls = \"1\"
        happened = false
        answer = { kind = \"error\", status = 403, code = \"AccessDenied\", message = \"not authorized to perform: rds:DeleteDBClusterSnapshot\" }
        [[fault]]
        action = \"DeleteDBClusterSnapshot\"
        calls = \"2\"
        happened = true
        answer = { kind = \"drop\" }
        [[fault]]
        action = \"DeleteDBClusterSnapshot\"
        calls = \"3\"
        happened = false
        answer = { kind = \"error\", status = 400, code = \"Throttling\", message = \"Rate exceeded\" }
    ";
    let stale: &[Row<'_>] = &[("a", 100, ""), ("b", 101, ""), ("c", 102, ""), ("d", 103, ""), ("e", 1, "")];
    // A lost answer is told by the status for as long as it is being deleted.
    let world = World::with(faults, &format!("delete_takes = \"1h\"\n{}", fleet(&[("orders", stale)])));
    let run = world.run(&["delete", "--filter", "age>90d type:manual", "--yes", "4", "--json"]);
    assert_eq!(run.code, 7, "{}", run.err);
    let answer = run.envelope();
    let outcomes = ["a \"refused\"", "b \"deleting\"", "c \"deleting\"", "d \"deleting\""];
    assert_eq!(told(&answer, "outcome"), outcomes);
    assert_eq!(answer["error"]["code"], "ACCESS_DENIED");
    let listed = world.run(&["snapshots", "--type", "manual", "--filter", "status:available", "--json"]);
    let mut stay = told(&listed.envelope(), "status");
    stay.sort();
    assert_eq!(stay, ["a \"available\"", "e \"available\""]);
}

/// A new snapshot of the name, made between the plan and the request, is never deleted.
#[test]
fn a_new_snapshot_of_the_name_is_left_alone() {
    // The lists of three types make three look-ups; the fourth is the one right before.
    let faults = "
        [[fault]]
        action = \"DescribeDBClusterSnapshots\"
        calls = \"4\"
        rival = { identifier = \"a\", cluster = \"orders\", replaces = true }
    ";
    let world = World::with(faults, &fleet(&[("orders", &[("a", 100, ""), ("e", 1, "")])]));
    let run = world.run(&["delete", "a", "--yes", "1", "--json"]);
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    assert_eq!(told(&run.envelope(), "outcome"), ["a \"replaced\""]);
    assert!(world.simulator.has_snapshot("a"));
    assert_eq!(world.simulator.calls("DeleteDBClusterSnapshot"), 0);
}

#[test]
fn several_places_have_one_plan_and_a_name_in_both_is_told_apart_by_its_arn() {
    let world = small();
    let regions = ["--region", "eu-west-1,eu-central-1"];
    let error = world.run(&[&["delete", "o1", "--yes", "1", "--json"], &regions[..]].concat());
    let error = error.error("VALIDATION_ERROR", 2);
    assert_eq!(error["details"][0]["rule"], "ambiguous");
    let arn = "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:o1";
    let run = world.run(&[&["delete", arn, "--yes", "1", "--json"], &regions[..]].concat());
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_eq!(told(&run.envelope(), "region"), ["o1 \"eu-central-1\""]);
    assert_eq!(
        world.simulator.snapshots_named("o1"),
        ["arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:o1"]
    );
    let clean = ["delete", "--filter", "age>90d type:manual", "--yes", "1", "--json"];
    let run = world.run(&[&clean[..], &regions].concat());
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(world.simulator.snapshots_named("o1").is_empty());
}

/// `kill -9` in the middle: the next command tells what became of what was left open, and sends nothing again.
#[test]
fn a_killed_clean_up_is_told_of_by_the_next_command() {
    let faults = "
        [[fault]]
        action = \"DeleteDBClusterSnapshot\"
        calls = \"2\"
        happened = true
        answer = { kind = \"hang\" }
    ";
    let stale: &[Row<'_>] = &[("a", 100, ""), ("b", 101, ""), ("c", 102, ""), ("e", 1, "")];
    let world = World::with(faults, &fleet(&[("orders", stale)]));
    let mut child = world.start(&["delete", "--filter", "age>90d type:manual", "--yes", "3"]);
    let begun = Instant::now();
    while world.simulator.calls("DeleteDBClusterSnapshot") < 2 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the second one is under way");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let open = world.run(&["history", "--filter", "status:\"not known yet\"", "--json"]).data("requests");
    assert_eq!((open.as_array().unwrap().len(), open[0]["id"].as_str()), (1, Some("b")));
    let run = world.run(&["watch"]);
    let said = "Every start in its place looks it up again. AWS does not list it (1 look).";
    assert!(run.err.contains(&format!("b: Not known yet: it may have been done. {said}")), "{}", run.err);
    let again = world.run(&["delete", "--filter", "age>90d type:manual", "--yes", "1", "--json"]);
    assert_eq!(told(&again.envelope(), "outcome"), ["c \"deleting\""], "{}", again.err);
    assert_eq!(world.simulator.calls("DeleteDBClusterSnapshot"), 3);
    assert_eq!(left(&world), names(&["e"]));
}

#[test]
fn a_deletion_that_is_not_known_is_counted_by_doctor_and_refuses_its_name_in_a_dry_run_too() {
    let faults =
        "[[fault]]\naction = \"DeleteDBClusterSnapshot\"\nhappened = true\nanswer = { kind = \"hang\" }\n";
    let world = World::with(faults, &fleet(&[("orders", &[("a", 100, ""), ("b", 1, "")])]));
    let mut child = world.start(&["delete", "a", "--yes", "1"]);
    let begun = Instant::now();
    while world.simulator.calls("DeleteDBClusterSnapshot") < 1 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it is under way");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let doctor = world.run(&["doctor"]);
    let told = "1 here of which it is not known whether a snapshot was deleted";
    assert!(doctor.out.contains(told), "{}", doctor.out);
    for options in [&["--dry-run"][..], &[]] {
        let run = world.run(&[&["create", "orders", "--name", "a", "--json"], options].concat());
        let error = run.error("INVALID_SNAPSHOT_STATE", 3);
        assert!(error["message"].as_str().unwrap().contains("may take effect until"), "{error}");
    }
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
}

#[test]
fn told_to_end_it_begins_nothing_more_and_tells_each_item() {
    let stale: Vec<(String, u32)> = (0..30).map(|n| (format!("s{n}"), 100 + n)).collect();
    let rows: Vec<Row<'_>> = stale.iter().map(|(name, days)| (name.as_str(), *days, "")).collect();
    let world = World::with("", &fleet(&[("orders", &rows)]));
    let mut command = world.command(&["delete", "--filter", "type:manual", "--yes", "29", "--json"]);
    let child = super::world::start(command.process_group(0));
    let begun = Instant::now();
    while world.simulator.calls("DeleteDBClusterSnapshot") < 2 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(10));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let run: Run = ended(child.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{}", run.err);
    let answer = run.envelope();
    let done = told(&answer, "outcome").iter().filter(|row| row.ends_with("\"deleting\"")).count();
    assert_eq!(left(&world).len(), 30 - done, "what is told is so");
    assert!((2..29).contains(&done), "{done}");
    assert_eq!(answer["error"]["code"], "INTERRUPTED");
}

#[test]
fn tags_are_added_and_taken_away_by_the_rules_of_tags_and_never_the_mark() {
    let world = small();
    let made = world.run(&["create", "orders", "--name", "new", "--tag", "owner=dba", "--wait", "--json"]);
    assert_eq!(made.code, 0, "{}", made.err);
    let run = world.run(&["tag", "new", "ticket=CHG-1042", "-owner", "--json"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert_eq!(told(&run.envelope(), "outcome"), ["new \"tagged\""]);
    let listed = world.run(&["snapshots", "--filter", "ticket=CHG-1042 -owner=dba", "--json"]).envelope();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    assert!(listed["data"][0]["tags"].to_string().contains("clustersnap:request"), "the mark stays");
    for (words, rule) in [
        (&["clustersnap:request=x"][..], "mark-key"),
        (&["-clustersnap:request"], "mark-key"),
        (&["aws:x=y"], "reserved-prefix"),
        (&["a=1", "a=2"], "duplicate-key"),
        (&["a = b"], "blanks"),
        (&["a=\u{7}"], "forbidden-character"),
        (&[], "required"),
    ] {
        let error = world.run(&[&["tag", "new"], words, &["--json"]].concat()).error("VALIDATION_ERROR", 2);
        assert_eq!(error["details"][0]["rule"], rule, "{words:?}");
    }
    let run = world.run(&["tag", "new", "-nosuch"]);
    assert!(run.err.contains("new has no tag nosuch to take away."), "{}", run.err);
    assert!(run.out.contains("tagged: Its tags were as wanted already: nothing was sent."), "{}", run.out);
    let by_filter = ["tag", "--filter", "type:manual cluster:orders", "keep-until=2999-01-01", "--json"];
    world.run(&by_filter).error("VALIDATION_ERROR", 2);
    let run = world.run(&[&by_filter[..], &["--yes", "5"]].concat());
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let kept = world.run(&["delete", "o1", "--yes", "1", "--json"]);
    assert_eq!(told(&kept.envelope(), "guards"), ["o1 [\"keep_until\"]"]);
    let tagged = world.run(&["history", "--filter", "status:tagged", "--json"]).data("requests");
    assert_eq!(tagged.as_array().unwrap().len(), 6);
}
