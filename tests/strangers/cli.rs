//! The AWS command line drives the simulator.

use serde_json::Value;

use super::*;

/// The AWS command line, pointed at a simulator by the variable that people use.
struct Cli<'a> {
    venv: &'a Venv,
    url: &'a str,
}

impl Cli<'_> {
    fn command(&self, words: &str) -> Command {
        let mut command = self.venv.command("aws");
        command.env("AWS_ENDPOINT_URL", self.url).args(words.split(' ')).args(["--output", "json"]);
        command
    }

    fn json(&self, words: &str) -> Value {
        serde_json::from_str(&run(&mut self.command(words))).unwrap()
    }

    fn quiet(&self, words: &str) {
        assert_eq!(run(&mut self.command(words)), "");
    }

    fn refused(&self, words: &str) -> String {
        let output = self.command(words).output().unwrap();
        assert!(!output.status.success(), "{words}");
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn the_aws_command_line_does_the_whole_job_and_waits_for_it() {
    let venv = Venv::ready();
    let server = served(Fleet { clusters: Fleet::generated(250).clusters, ..fleet() }, 200.0);
    let aws = Cli { venv: &venv, url: &server.url };
    assert_eq!(aws.json("sts get-caller-identity")["Account"], "123456789012");
    let clusters = aws.json("rds describe-db-clusters");
    assert_eq!(clusters["DBClusters"].as_array().unwrap().len(), 250);
    let made = aws.json(
        "rds create-db-cluster-snapshot --db-cluster-identifier cluster-0007 \
         --db-cluster-snapshot-identifier Before-Change --tags Key=ticket,Value=CHG-1042",
    );
    let snapshot = &made["DBClusterSnapshot"];
    assert_eq!((&snapshot["Status"], &snapshot["PercentProgress"]), (&"creating".into(), &0.into()));
    assert_eq!(snapshot["DBClusterSnapshotIdentifier"], "before-change");
    aws.quiet("rds wait db-cluster-snapshot-available --db-cluster-snapshot-identifier before-change");
    let arn = snapshot["DBClusterSnapshotArn"].as_str().unwrap();
    aws.quiet(&format!("rds add-tags-to-resource --resource-name {arn} --tags Key=owner,Value=dba"));
    aws.quiet(&format!("rds remove-tags-from-resource --resource-name {arn} --tag-keys ticket"));
    let tags = aws.json(&format!("rds list-tags-for-resource --resource-name {arn}"));
    assert_eq!(tags["TagList"], serde_json::json!([{ "Key": "owner", "Value": "dba" }]));
    let events = aws.json("rds describe-events --source-type db-cluster-snapshot --duration 600");
    assert_eq!(events["Events"].as_array().unwrap().len(), 2);
    let quotas = aws.json("rds describe-account-attributes");
    let quota = quotas["AccountQuotas"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        quota,
        serde_json::json!({ "AccountQuotaName": "ManualClusterSnapshots", "Used": 1, "Max": 2 })
    );
    let delete = "rds delete-db-cluster-snapshot --db-cluster-snapshot-identifier before-change";
    assert_eq!(aws.json(delete)["DBClusterSnapshot"]["Status"], "available");
    let none = aws.json("rds describe-db-cluster-snapshots --snapshot-type manual");
    assert_eq!(none["DBClusterSnapshots"], serde_json::json!([]));
}

#[test]
fn the_aws_command_line_reports_refusals_by_their_codes() {
    let venv = Venv::ready();
    let server = served(fleet(), 1.0);
    let aws = Cli { venv: &venv, url: &server.url };
    let said = aws.refused("rds describe-db-clusters --db-cluster-identifier nowhere");
    assert!(said.contains("(DBClusterNotFoundFault)") && said.contains("nowhere not found"), "{said}");
    let said = aws.refused(
        "rds create-db-cluster-snapshot --db-cluster-identifier orders --db-cluster-snapshot-identifier a_b",
    );
    assert!(said.contains("(InvalidParameterValue)"), "{said}");
    let said = aws.refused("rds describe-db-instances");
    assert!(said.contains("(InvalidAction)"), "{said}");
}
