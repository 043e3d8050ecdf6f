//! What `delete` and `tag` leave, with boto3, the AWS command line and moto as judges.

use std::collections::BTreeSet;
use std::process::Command;

use super::removing::{Row, fleet, left, told};
use super::support::servers::Moto;
use super::support::venv::Venv;
use super::world::{Run, World, bare, finish};

/// The names that a program prints as JSON.
fn printed(command: &mut Command) -> BTreeSet<String> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The filters of `delete` against a plain re-statement in Python, and boto3 and the AWS command line on what the
/// simulator then holds.
#[test]
fn boto3_and_the_aws_command_line_agree_with_what_is_left() {
    let venv = Venv::ready();
    let tags =
        ["", "tags = { env = \"prod\" }", "tags = { env = \"test\", \"keep-until\" = \"2020-01-01\" }"];
    let names: Vec<String> = (0..24).map(|n| format!("s{n}")).collect();
    let rows: Vec<Row<'_>> = (0_u32..)
        .zip(&names)
        .map(|(n, name)| (name.as_str(), n * 13 % 211, tags[usize::try_from(n % 3).unwrap()]))
        .collect();
    let (orders, billing) = rows.split_at(14);
    let fleet = fleet(&[("orders", orders), ("billing", billing)]);
    for (filter, keep) in [
        ("type:manual age>90d", "2"),
        ("type:manual age<90d -env=prod", "1"),
        ("cluster:orders age>10d -s1", "1"),
    ] {
        let world = World::with("", &fleet);
        let there = |mut command: Command| printed(command.env("AWS_ENDPOINT_URL", &world.served.url));
        let script = |args: &[&str]| {
            let mut script = venv.script("cleanup.py");
            script.args(args);
            there(script)
        };
        let (before, expected) = (left(&world), script(&["expected", filter, keep]));
        assert!(!expected.is_empty() && expected.len() < before.len(), "{filter}: {expected:?}");
        let count = expected.len().to_string();
        let run = world.run(&["delete", "--filter", filter, "--keep-last", keep, "--yes", &count, "--json"]);
        assert_eq!(run.code, 0, "{filter}: {}{}", run.out, run.err);
        let remain: BTreeSet<String> = before.difference(&expected).cloned().collect();
        assert_eq!(left(&world), remain, "{filter}");
        assert_eq!(script(&["names"]), remain, "boto3");
        let mut aws = venv.command("aws");
        aws.args(["rds", "describe-db-cluster-snapshots", "--snapshot-type", "manual", "--output", "json"]);
        aws.args(["--query", "DBClusterSnapshots[].DBClusterSnapshotIdentifier"]);
        assert_eq!(there(aws), remain, "aws");
    }
}

#[test]
fn moto_deletes_and_tags_what_it_is_told_to() {
    let venv = Venv::ready();
    let moto = Moto::start(&venv);
    let aws = |args: &[&str]| {
        let mut aws = venv.command("aws");
        let made = aws.env("AWS_ENDPOINT_URL", &moto.url).arg("rds").args(args).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).unwrap()
    };
    let cluster = ["--db-cluster-identifier", "orders", "--engine", "aurora-postgresql"];
    let login = ["--master-username", "root", "--master-user-password", "of-a-simulator"];
    aws(&[&["create-db-cluster"], &cluster[..], &login].concat());
    let home = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| -> Run {
        let mut command = bare(home.path(), args);
        finish(command.args(["--json", "--endpoint-url", &moto.url]))
    };
    for name in ["m1", "m2"] {
        assert_eq!(run(&["create", "orders", "--name", name, "--wait"]).code, 0);
    }
    let tagged = run(&["tag", "m1", "ticket=CHG-1"]);
    assert_eq!(told(&tagged.envelope(), "outcome"), ["m1 \"tagged\""], "{}", tagged.err);
    let deleted = run(&["delete", "m1", "--yes", "1"]);
    assert_eq!(deleted.code, 0, "{}{}", deleted.out, deleted.err);
    let left = aws(&[
        "describe-db-cluster-snapshots",
        "--snapshot-type",
        "manual",
        "--query",
        "DBClusterSnapshots[].DBClusterSnapshotIdentifier",
    ]);
    assert_eq!(serde_json::from_str::<Vec<String>>(&left).unwrap(), ["m2"]);
}
