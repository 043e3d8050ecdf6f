//! Whole runs: several clusters, fleets that are chosen when it runs, what is told, what is deleted, what it costs.

use crate::support::program::service;
use crate::support::proxy::{Back, Proxy};
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use serde_json::{Value, json};

use super::cells::CREATE;
use super::{Rds, TIME, execute, executed, plan, plan_of, words};

fn told(run: &Value) -> Vec<String> {
    words(run)
        .into_iter()
        .map(|(cluster, outcome, end)| format!("{cluster} {outcome} {end}").trim_end().to_owned())
        .collect()
}

#[test]
fn a_batch_tells_of_each_cluster_what_became_of_it() {
    let clusters = ["orders", "billing", "failing", "busy", "missing"];
    let refused = FaultyAnswer::error(400, "SnapshotQuotaExceeded", "100 of 100");
    let rds = Rds::new(vec![Fault::on(CREATE).call(2).answer(refused)]);
    let job = execute(&rds.job(&plan_of(&clusters, &[]), &[TIME]));
    let run = &job["runs"][0];
    let said = told(run);
    assert_eq!(said.iter().filter(|line| line.contains("refused")).count(), 1, "{said:?}");
    assert!(said.contains(&"busy not_created".to_owned()), "{said:?}");
    assert!(said.contains(&"missing not_created".to_owned()), "{said:?}");
    assert_eq!(rds.sent(), 3, "{said:?}");
    let subject = job["told"][0]["subject"].as_str().unwrap();
    assert!(subject.starts_with("CHG-1042: ") && subject.contains("2 created"), "{subject}");
    let text = job["told"][0]["text"].as_str().unwrap();
    assert!(text.contains("busy  busy-20261201-0200  not created: busy is backing-up"), "{text}");
    assert!(text.contains("clustersnap history --execution -"), "{text}");
}

#[test]
fn a_snapshot_that_fails_while_it_is_made_is_told_as_failed() {
    let rds = Rds::new(Vec::new());
    let run = executed(&rds, &plan_of(&["failing"], &[]));
    assert_eq!(told(&run), ["failing created failed"], "{run}");
}

#[test]
fn a_fleet_is_chosen_when_it_runs() {
    let daily = ["--cron", "0 2 * * ? *", "--change", "nightly"];
    for (filter, expected) in [
        ("env=prod", vec!["orders created available"]),
        ("-env=prod -status:backing cluster:i", vec!["billing created available", "failing created failed"]),
        ("env=nowhere", vec![]),
    ] {
        let rds = Rds::new(Vec::new());
        let template = plan(&[&["--filter", filter], &daily[..]].concat());
        let run = executed(&rds, &template);
        assert_eq!(told(&run), expected, "{filter}: {run}");
    }
}

#[test]
fn what_nothing_may_be_sent_to_is_left_alone_where_it_runs() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/clustersnap");
    std::fs::create_dir_all(&folder).unwrap();
    for (guard, expected) in [
        ("clusters = [\"bill*\"]", ["orders created available", "billing not_created"]),
        ("tags = [\"env=PRO?\"]", ["orders not_created", "billing created available"]),
        ("accounts = [\"1234*\"]", ["orders not_created", "billing not_created"]),
    ] {
        std::fs::write(folder.join("config.toml"), format!("[read_only]\n{guard}\n")).unwrap();
        let args = ["plan", "orders", "billing", "--at", "2099-12-01T02:00Z", "--change", "c"];
        let output = super::clustersnap(&args).env("HOME", home.path()).output().unwrap();
        let template = serde_json::from_slice(&output.stdout).unwrap();
        let rds = Rds::new(Vec::new());
        let run = executed(&rds, &template);
        assert_eq!(told(&run), expected, "{guard}: {run}");
    }
}

#[test]
fn a_tag_of_the_clusters_own_under_the_marks_key_is_not_taken_for_a_mark() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/clustersnap");
    std::fs::create_dir_all(&folder).unwrap();
    for (key, expected) in [("owner", "orders not_created"), ("request", "orders created available")] {
        std::fs::write(folder.join("config.toml"), format!("[proof]\nkey = \"{key}\"\n")).unwrap();
        let args = ["plan", "orders", "--at", "2099-12-01T02:00Z", "--change", "c"];
        let output = super::clustersnap(&args).env("HOME", home.path()).output().unwrap();
        let template = serde_json::from_slice(&output.stdout).unwrap();
        let run = executed(&Rds::new(Vec::new()), &template);
        assert_eq!(told(&run), [expected], "{key}: {run}");
        let why = run["output"]["requests"][0]["failure"]["message"].as_str();
        assert_eq!(why.is_some_and(|why| why.contains("called owner")), key == "owner", "{run}");
    }
}

#[test]
fn the_clusters_own_tags_go_along_but_for_those_of_aws() {
    let rds = Rds::new(Vec::new());
    let run = executed(&rds, &plan_of(&["orders"], &[]));
    let request = &run["output"]["requests"][0];
    let number = request["number"].as_str().unwrap();
    let shown = super::clustersnap(&["snapshots", "orders", "--json"])
        .envs(service(&rds.served.url))
        .output()
        .unwrap();
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let mut tags: Vec<String> = shown["data"][0]["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| format!("{}={}", tag["key"].as_str().unwrap(), tag["value"].as_str().unwrap()))
        .collect();
    tags.sort();
    let expected = [
        "change=CHG-1042".into(),
        format!("clustersnap:request={number}"),
        "env=prod".into(),
        "owner=dba".into(),
        "ticket=CHG-1042".into(),
    ];
    assert_eq!(tags, expected, "{shown}");
    // So the same change, asked for by a person, has it already.
    let again = super::clustersnap(&["create", "orders", "--change", "CHG-1042", "--dry-run", "--json"])
        .envs(service(&rds.served.url))
        .output()
        .unwrap();
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again["data"][0]["result"], "made_elsewhere", "{again}");
}

#[test]
fn only_the_plans_own_older_snapshots_are_deleted_and_the_last_stay() {
    let rds = Rds::new(Vec::new());
    rds.simulator.create_by_another("by-hand", "orders", Vec::new());
    let template = plan_of(&["orders"], &["--keep-last", "2"]);
    let times =
        ["2026-12-01T02:00:00Z", "2026-12-02T02:00:00Z", "2026-12-03T02:00:00Z", "2026-12-04T02:00:00Z"];
    let runs = execute(&rds.job(&template, &times))["runs"].clone();
    let deleted: Vec<Value> =
        runs.as_array().unwrap().iter().map(|run| run["output"]["requests"][0]["deleted"].clone()).collect();
    let expected =
        [Value::Null, Value::Null, json!(["orders-20261201-0200"]), json!(["orders-20261202-0200"])];
    assert_eq!(deleted, expected, "{runs}");
    for (name, is_there) in [
        ("by-hand", true),
        ("orders-20261202-0200", false),
        ("orders-20261203-0200", true),
        ("orders-20261204-0200", true),
    ] {
        assert_eq!(rds.simulator.has_snapshot(name), is_there, "{name}");
    }
}

#[test]
fn what_a_tag_keeps_is_not_deleted_by_a_plan_nor_counted_among_the_last() {
    let keeping = "[tagger]\nafter = \"0s\"\nset = { Keep-Until = \"soon\" }\n";
    let rds = Rds::with(FaultScript::from_toml(keeping).unwrap());
    let template = plan_of(&["orders"], &["--keep-last", "1"]);
    for time in ["2026-12-01T02:00:00Z", "2026-12-02T02:00:00Z", "2026-12-03T02:00:00Z"] {
        execute(&rds.job(&template, &[time]));
        rds.simulator.set_faults(FaultScript::default());
    }
    for (day, is_there) in [("01", true), ("02", false), ("03", true)] {
        assert_eq!(rds.simulator.has_snapshot(&format!("orders-202612{day}-0200")), is_there, "{day}");
    }
}

#[test]
fn the_snapshots_of_a_cluster_that_had_the_name_before_are_not_deleted() {
    let rds = Rds::new(Vec::new());
    let template = plan_of(&["orders"], &["--keep-last", "1"]);
    execute(&rds.job(&template, &["2026-12-01T02:00:00Z"]));
    // Each list of a cluster's snapshots tells of another one than the list of clusters.
    let proxy = Proxy::start(&rds.served.url, |asked, road| {
        let answer = road.pass(asked);
        let is_of_cluster =
            asked.is_for("DescribeDBClusterSnapshots", "") && asked.field("DBClusterIdentifier").is_some();
        Back::Answer(if is_of_cluster {
            answer.with_element("DbClusterResourceId", "cluster-BEFORE")
        } else {
            answer
        })
    });
    let mut job = rds.job(&template, &["2026-12-02T02:00:00Z"]);
    job["rds"] = proxy.url.clone().into();
    assert_eq!(told(&execute(&job)["runs"][0]), ["orders created available"]);
    assert!(rds.simulator.has_snapshot("orders-20261201-0200"));
    execute(&rds.job(&template, &["2026-12-03T02:00:00Z"]));
    assert!(!rds.simulator.has_snapshot("orders-20261201-0200"));
}

#[test]
fn what_a_run_costs() {
    let rds = Rds::new(Vec::new());
    let states = |clusters: &[&str]| {
        let run = executed(&rds, &plan_of(clusters, &["--name", &format!("{{cluster}}-{}", clusters.len())]));
        run["entered"].as_array().unwrap().len()
    };
    let (one, two) = (states(&["orders"]), states(&["orders", "billing"]));
    // The README's figures: ten for a cluster whose snapshot is usable at the first look, three for a run.
    assert_eq!((two - one, one), (10, 13));
}

#[test]
fn more_than_forty_clusters_go_by_executions_of_their_own() {
    let names: Vec<String> = (0..41).map(|number| format!("missing-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rds = Rds::new(Vec::new());
    let template = plan_of(&names, &[]);
    let map = &template["Resources"]["Machine"]["Properties"]["Definition"]["States"]["Each cluster"];
    assert_eq!(map["ItemProcessor"]["ProcessorConfig"]["Mode"], "DISTRIBUTED");
    let said = told(&executed(&rds, &template));
    assert_eq!(said.len(), 41);
    assert!(said.iter().all(|line| line.ends_with("not_created")), "{said:?}");
}

#[test]
fn motos_own_rds_makes_the_snapshot_too() {
    let template = plan_of(&["orders", "missing"], &[]);
    let job =
        json!({ "template": template, "rds": null, "clusters": ["orders"], "inputs": [{ "time": TIME }] });
    let run = execute(&job)["runs"][0].clone();
    assert_eq!(told(&run), ["orders created available", "missing not_created"], "{run}");
    assert_eq!(run["output"]["requests"][0]["snapshot"], "orders-20261201-0200");
}
