//! The fault matrix, executed: each cell ends with the word that the engine gives for it, after as many creates.

use clustersnap::domain::mark::MARK_KEY;
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::tag::Tag;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer, Rival, Tagger};
use serde_json::{Value, json};

use super::cells::{CREATE, cells, fault};
use super::{Rds, TIME, execute, executed, plan_of};

/// The faults that are different ones here. Half an answer, a proxy's page or a 5xx of another number is to this engine
/// as one of these.
const FAULTS: [&str; 10] = [
    "no fault",
    "refused",
    "dropped",
    "garbage 200",
    "503",
    "wrong name",
    "throttle",
    "expired",
    "busy",
    "quota",
];

/// What an execution says in a cell, and after how many creates. It goes on looking until nothing can appear any more,
/// as the engine settles at a later start: what is not known at first is not there in the end. And it cannot tell a
/// connection that was never made from one that broke, so that it does not send again what may have arrived.
fn expected(name: &str, rival: bool, said: &str, sent: u64) -> (String, u64) {
    match (name, said) {
        ("refused", _) if rival => ("Unproven".to_owned(), 1),
        ("refused", _) => ("NotListed".to_owned(), 1),
        // It looks before it sends a throttled request again.
        ("throttle", "FoundAgain") => (said.to_owned(), 1),
        (_, "Unknown") => ("NotListed".to_owned(), sent),
        _ => (said.to_owned(), sent),
    }
}

fn outcome(run: &Value) -> String {
    let kind: OutcomeKind = serde_json::from_value(run["output"]["requests"][0]["outcome"].clone()).unwrap();
    format!("{kind:?}")
}

#[test]
fn every_cell_ends_with_the_words_of_the_engine_after_as_many_creates() {
    let template = plan_of(&["orders"], &[]);
    let cells = cells().into_iter().filter(|(name, ..)| FAULTS.contains(name));
    for (name, happened, rival, said, sent) in cells {
        let rds = Rds::new(vec![fault(name, happened, rival)]);
        let run = executed(&rds, &template);
        let context = format!("{name}, happened: {happened}, rival: {rival}: {run}");
        assert_eq!((outcome(&run), rds.sent()), expected(name, rival, said, sent), "{context}");
    }
}

#[test]
fn a_rival_with_another_mark_or_of_another_cluster_has_taken_the_name() {
    let template = plan_of(&["orders"], &[]);
    let lost = |rival| Fault::on(CREATE).answer(FaultyAnswer::Drop).rival(rival);
    let of_another = Rds::new(vec![lost(Rival { cluster: Some("billing".into()), ..Rival::default() })]);
    let mark = [(MARK_KEY.to_owned(), "20261201T020000Z-another".to_owned())].into();
    let marked = FaultScript {
        tagger: Some(Tagger { set: mark, ..Tagger::default() }),
        ..FaultScript::new(vec![lost(Rival::default())])
    };
    for rds in [of_another, Rds::with(marked)] {
        let run = executed(&rds, &template);
        assert_eq!((outcome(&run).as_str(), rds.sent()), ("Taken", 1), "{run}");
    }
}

#[test]
fn an_older_snapshot_of_the_name_is_seen_before_anything_is_sent() {
    let template = plan_of(&["orders"], &["--name", "before-upgrade"]);
    let rds = Rds::new(Vec::new());
    rds.simulator.create_by_another("before-upgrade", "orders", vec![Tag::new("env", "prod")]);
    let run = executed(&rds, &template);
    assert_eq!((outcome(&run).as_str(), rds.sent()), ("Taken", 0), "{run}");
}

#[test]
fn a_run_that_is_started_again_finds_its_snapshots_and_makes_no_others() {
    let template = plan_of(&["orders"], &["--name", "{cluster}-{date}"]);
    let rds = Rds::new(Vec::new());
    let runs = execute(&rds.job(&template, &[TIME, TIME, "2026-12-01T03:00:00Z"]))["runs"].clone();
    let outcomes: Vec<String> = runs.as_array().unwrap().iter().map(outcome).collect();
    // The third is another run, and of the same name.
    assert_eq!(outcomes, ["Created", "FoundAgain", "Taken"], "{runs}");
    assert_eq!(rds.sent(), 1);
}

#[test]
fn a_look_that_fails_before_the_request_sends_nothing() {
    for action in ["DescribeDBClusters", "DescribeDBClusterSnapshots"] {
        let denied = FaultyAnswer::error(403, "AccessDenied", "User: a is not authorized to perform this");
        let rds = Rds::new(vec![Fault::on(action).answer(denied)]);
        let run = executed(&rds, &plan_of(&["orders"], &[]));
        assert_eq!((outcome(&run).as_str(), rds.sent()), ("NotCreated", 0), "{action}: {run}");
        assert_eq!(run["output"]["requests"][0]["failure"]["kind"], json!("access_denied"), "{run}");
    }
}

#[test]
fn looks_that_fail_after_the_request_leave_it_unknown() {
    let faults = vec![
        Fault::on(CREATE).happened(true).answer(FaultyAnswer::Drop),
        Fault::on("DescribeDBClusterSnapshots").calls(2, u64::MAX).answer(FaultyAnswer::error(
            503,
            "ServiceUnavailable",
            "",
        )),
    ];
    let rds = Rds::new(faults);
    let run = executed(&rds, &plan_of(&["orders"], &[]));
    assert_eq!((outcome(&run).as_str(), rds.sent()), ("Unknown", 1), "{run}");
}
