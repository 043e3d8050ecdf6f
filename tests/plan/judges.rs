//! Judges that read a plan without executing it.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::support::node;
use super::support::venv::Venv;
use super::{fed, plan, plan_of};

/// A plan of each kind.
fn plans() -> Vec<Value> {
    let many: Vec<String> = (1..=41).map(|number| format!("cluster-{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let topic = "arn:aws-cn:sns:cn-north-1:123456789012:changes";
    vec![
        plan_of(&["orders"], &[]),
        plan_of(&["orders", "billing"], &["--keep-last", "7", "--to", topic]),
        plan_of(&many, &["--name", "{ticket}-{cluster}"]),
        plan(&["--filter", "env=prod -cluster:test age>1d", "--cron", "0 2 * * ? *", "--change", "nightly"]),
        plan(&["--filter", "env=prod", "--cron", "0 2 ? * MON-FRI *", "--change", "n", "--keep-last", "3"]),
    ]
}

/// What cfn-lint finds, in Regions of three partitions.
fn lint(templates: &[Value]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |(number, template): (usize, &Value)| {
        let path = folder.path().join(format!("plan-{number}.json"));
        std::fs::write(&path, template.to_string()).unwrap();
        path
    };
    let paths: Vec<PathBuf> = templates.iter().enumerate().map(write).collect();
    let mut lint = Venv::ready().command("cfn-lint");
    lint.args(["--regions", "eu-west-1", "cn-north-1", "us-gov-west-1", "--include-checks", "I", "--"])
        .args(paths);
    let output = lint.output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn cfn_lint_finds_nothing_in_any_plan() {
    assert_eq!(lint(&plans()), "");
}

#[test]
fn cfn_lint_reads_the_state_machine_too() {
    let mut template = plan_of(&["orders"], &[]);
    let states = &mut template["Resources"]["Machine"]["Properties"]["Definition"]["States"];
    states["Tell the topic"]["Type"] = "Taks".into();
    let found = lint(&[template]);
    assert!(found.contains("Taks"), "{found}");
}

#[test]
fn asl_validator_takes_every_state_machine() {
    let Some(validator) = node::tool("asl-validator") else { return };
    let folder = tempfile::tempdir().unwrap();
    for template in plans() {
        let output = fed(&mut Venv::ready().script("plan/definition.py"), &template.to_string());
        let path = folder.path().join("plan.asl.json");
        std::fs::write(&path, &output.stdout).unwrap();
        let judged = Command::new(&validator).arg("--json-path").arg(&path).output().unwrap();
        assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    }
}

#[test]
fn a_template_writes_in_no_account_region_or_partition() {
    let text = plan(&["--filter", "env=prod", "--cron", "0 2 * * ? *", "--change", "n"]).to_string();
    for written in ["arn:aws:", "eu-west-1", "us-east-1", "123456789012"] {
        assert!(!text.contains(written), "{written}");
    }
}
