//! Answers to a create that are no answers to it.

use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::truth::truth;
use super::world::*;

/// What is not this request's about an answer.
#[derive(Clone, Copy, Debug)]
struct Case {
    name: &'static str,
    account: &'static str,
    region: &'static str,
    kind: &'static str,
    cluster: &'static str,
    /// What may be said where the service carried nothing out, besides that it is not known.
    word: &'static str,
}

const OURS: Case =
    Case { name: "", account: ACCOUNT, region: "eu-west-1", kind: "manual", cluster: "orders", word: "" };
const CASES: [Case; 6] = [
    Case { name: "other-account", account: "999999999999", word: "elsewhere", ..OURS },
    Case { name: "other-region", region: "us-east-1", word: "elsewhere", ..OURS },
    Case { name: "both-others", account: "999999999999", region: "us-east-1", word: "elsewhere", ..OURS },
    Case { name: "automated", kind: "automated", word: "unknown", ..OURS },
    Case { name: "shared", kind: "shared", account: "999999999999", word: "elsewhere", ..OURS },
    Case { name: "other-cluster", cluster: "billing", word: "unknown", ..OURS },
];

/// A 200 that is about a snapshot of 2020.
fn made_up(case: Case) -> Answer {
    let Case { name, account, region, kind, cluster, .. } = case;
    Answer::page(
        "200 OK",
        &format!(
            "<CreateDBClusterSnapshotResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\">\
             <CreateDBClusterSnapshotResult><DBClusterSnapshot>\
             <DBClusterSnapshotIdentifier>{name}</DBClusterSnapshotIdentifier>\
             <DBClusterIdentifier>{cluster}</DBClusterIdentifier><Engine>aurora-postgresql</Engine>\
             <SnapshotType>{kind}</SnapshotType><Status>available</Status><PercentProgress>100</PercentProgress>\
             <SnapshotCreateTime>2020-01-01T00:00:00Z</SnapshotCreateTime>\
             <DBClusterSnapshotArn>arn:aws:rds:{region}:{account}:cluster-snapshot:{name}</DBClusterSnapshotArn>\
             </DBClusterSnapshot></CreateDBClusterSnapshotResult>\
             <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></CreateDBClusterSnapshotResponse>"
        ),
    )
}

#[test]
fn a_success_that_is_about_something_else_is_not_called_one() {
    let sim = Sim::start();
    for service in [sim.url.clone(), moto()] {
        side_by_side(CASES, |case| {
            let proxy = Proxy::start(&service, move |asked: &Asked, road: &Road| {
                if asked.creates() {
                    return Back::Answer(made_up(case));
                }
                honest(asked, road)
            });
            let desk = Desk::new(&proxy.url);
            let running = desk.start(&format!("create orders --name {} --json", case.name));
            let told =
                running.ends_or_is_told_to(|_| proxy.arrived(CREATE) > 0 && proxy.arrived(LOOK_UP) > 3);
            assert_eq!(truth(&proxy, &service, case.name).made, 0);
            let word = told.outcome().unwrap_or("unknown".to_owned());
            assert!(word == "unknown" || word == case.word, "{told}");
            assert_ne!(told.code, Some(0), "{told}");
            assert!(!desk.words(case.name).contains(&"created".to_owned()));
        });
    }
}

#[test]
fn behind_an_answer_about_something_else_the_marked_snapshot_is_found() {
    let service = moto();
    side_by_side(CASES, |case| {
        let case = Case { name: Box::leak(format!("behind-{}", case.name).into_boxed_str()), ..case };
        let proxy = Proxy::start(&service, move |asked: &Asked, road: &Road| {
            let answer = road.pass(asked);
            Back::Answer(if asked.creates() { made_up(case) } else { answer })
        });
        let desk = Desk::new(&proxy.url);
        let running = desk.start(&format!("create orders --name {} --json", case.name));
        let told = running.ends_or_is_told_to(|_| proxy.arrived(CREATE) > 0 && proxy.arrived(LOOK_UP) > 3);
        assert_eq!(truth(&proxy, &service, case.name).made, 1);
        // That an answer named another account holds, whatever else is there.
        let may_be = if case.word == "elsewhere" { ["elsewhere", "found_again"] } else { ["found_again"; 2] };
        let word = told.outcome().unwrap_or_default();
        assert!(may_be.contains(&word.as_str()), "{told}");
    });
}
