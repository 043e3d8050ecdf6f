//! The same commands against moto, which nobody here wrote.

use super::support::servers::Moto;
use super::support::venv::Venv;
use super::world::{Run, bare, finish};

#[test]
fn create_wait_list_and_history_work_against_moto() {
    let venv = Venv::ready();
    let moto = Moto::start(&venv);
    let mut aws = venv.command("aws");
    aws.env("AWS_ENDPOINT_URL", &moto.url).args([
        "rds",
        "create-db-cluster",
        "--db-cluster-identifier",
        "orders",
        "--engine",
        "aurora-postgresql",
        "--master-username",
        "root",
        "--master-user-password",
        "of-a-simulator",
        "--tags",
        "Key=owner,Value=dba",
    ]);
    let made = aws.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let home = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| -> Run {
        let mut command = bare(home.path(), args);
        finish(command.args(["--endpoint-url", &moto.url]))
    };
    assert_eq!(run(&["list", "--json"]).data("clusters")[0]["id"], "orders");
    let args = ["create", "Orders", "--name", "m1", "--tag", "ticket=CHG-1", "--wait", "--json"];
    let created = run(&args).data("created");
    assert_eq!((&created["status"], &created["outcome"]), (&"available".into(), &"created".into()));
    assert_eq!(
        created["tags"].as_array().unwrap().len(),
        3,
        "the cluster's, the given one and the mark: {created}"
    );
    run(&["create", "orders", "--name", "M1", "--json"]).error("SNAPSHOT_EXISTS", 3);
    run(&["create", "nowhere", "--json"]).error("CLUSTER_NOT_FOUND", 3);
    assert_eq!(run(&["snapshots", "orders", "--type", "manual", "--json"]).data("snapshots")[0]["id"], "m1");
    let history = run(&["history", "--json"]).data("requests");
    assert_eq!(history[0]["status"], "available");
    assert_eq!(run(&["watch", "m1"]).code, 0);
}
