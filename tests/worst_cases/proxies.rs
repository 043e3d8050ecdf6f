//! Eight ways to lose the answer to a create that was carried out, before moto, which knows nothing of
//! this program; beside it the AWS command line with its defaults, in the same minute.

use std::thread;

use clustersnap::domain::outcome_kind::OutcomeKind;

use super::spoil::{Spoil, proxy};
use super::support::proxy::Proxy;
use super::support::query::snapshots;
use super::support::servers::Moto;
use super::support::venv::Venv;
use super::*;

/// What the AWS command line says of a snapshot that was created: its exit code is never 0.
const RUNS: [(Spoil, &str, &str); 8] = [
    (Spoil::Lost, "lost", "(DBClusterSnapshotAlreadyExistsFault)"),
    (Spoil::CutInHead, "cut-in-head", "Unable to parse response"),
    (Spoil::CutInBody, "cut-in-body", "(DBClusterSnapshotAlreadyExistsFault)"),
    (Spoil::Garbled, "garbled", "Unable to parse response"),
    (Spoil::Empty, "empty", "Unable to parse response"),
    // A key that it misses in the page.
    (Spoil::LoginPage, "login-page", "'CreateDBClusterSnapshotResult'"),
    (Spoil::BadGateway, "bad-gateway", "(DBClusterSnapshotAlreadyExistsFault)"),
    (Spoil::GatewayTimeout, "gateway-timeout", "(DBClusterSnapshotAlreadyExistsFault)"),
];

/// Whether the service has a snapshot of that name.
fn exists(moto: &Moto, name: &str) -> bool {
    snapshots(&moto.url).iter().any(|snapshot| snapshot.name == name)
}

#[test]
fn eight_of_eight_lost_answers_are_found_again_where_the_aws_command_line_reports_failure() {
    let venv = Venv::ready();
    let moto = Moto::start(&venv);
    moto.make_cluster(CLUSTER, &[]);
    assert!(!exists(&moto, "ours-lost"), "moto tells what is not there");
    thread::scope(|scope| {
        for (spoil, name, false_word) in RUNS {
            let (venv, moto) = (&venv, &moto);
            scope.spawn(move || {
                let proxy = proxy(&moto.url, spoil);
                ours_is_right(&proxy, name);
                assert!(exists(moto, &format!("ours-{name}")));
                theirs_is_wrong(venv, &proxy, name, false_word);
                assert!(exists(moto, &format!("theirs-{name}")), "it was created all the same");
            });
        }
    });
}

fn ours_is_right(proxy: &Proxy, name: &str) {
    let (home, name) = (tempfile::tempdir().expect("a folder"), format!("ours-{name}"));
    let (code, json) = answer(&run(&mut clustersnap(home.path(), &proxy.url, &create(&name))));
    assert_eq!((code, &json["data"]["outcome"]), (0, &Value::from("found_again")), "{name}: {json}");
    assert_eq!(proxy.passed(&name), 1, "{name} was sent once");
    let history = history(home.path());
    let record = record(&history, &name).expect("it was journalled");
    assert_eq!(record.kind(), OutcomeKind::FoundAgain, "{name}");
}

fn theirs_is_wrong(venv: &Venv, proxy: &Proxy, name: &str, false_word: &str) {
    let words = format!(
        "rds create-db-cluster-snapshot --db-cluster-identifier {CLUSTER} \
         --db-cluster-snapshot-identifier theirs-{name}"
    );
    let mut aws = venv.command("aws");
    aws.args(["--endpoint-url", &proxy.url, "--output", "json"]).args(words.split_whitespace());
    let output = run(&mut aws);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stdout));
    assert!(said.contains(false_word), "{name}: {said}");
}
