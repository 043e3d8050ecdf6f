//! What the command refuses, and where it writes.

use std::os::unix::fs::PermissionsExt as _;

use super::clustersnap;

#[test]
fn what_cannot_be_planned_is_told_by_its_part() {
    let once = ["--at", "2099-12-01T02:00Z", "--change", "CHG-1"];
    let daily = ["--cron", "0 2 * * ? *", "--change", "CHG-1"];
    let long = |end: &str| format!("{}-{end}", "c".repeat(50));
    let many: Vec<String> = (0..101).map(|number| format!("c{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (args, said) in [
        ([&many[..], &once[..]].concat(), "101 clusters by name, at most 70"),
        ([&["--filter", "env=prod word"], &once[..]].concat(), "word: a plain word"),
        ([&["--filter", "~prd"], &once[..]].concat(), "~prd: likeness"),
        ([&["--filter", "engine:mysql"], &once[..]].concat(), "engine:mysql: a plan takes"),
        ([&["--filter", ""], &once[..]].concat(), "an empty filter fits every cluster"),
        ([&["a", "--name", "{cluster}-{user}"], &once[..]].concat(), "a plan knows no {user}"),
        ([&["a", "b", "--name", "before"], &once[..]].concat(), "several snapshots need {cluster}"),
        ([&[long("a").as_str(), &long("b")], &once[..]].concat(), "the same in the 49 characters"),
        ([&["a", "--name", "{cluster}-{date}"], &daily[..]].concat(), "needs {date} and {time}"),
        ([&["a", "--to", "arn:aws:sqs:r:1:q"], &once[..]].concat(), "not the ARN of a standard topic"),
        (
            [&["a", "--to", "arn:aws:sns:eu-west-1:1:q.fifo"], &once[..]].concat(),
            "not the ARN of a standard topic",
        ),
        (
            [&["arn:aws:rds:us-east-1:999999999999:cluster:a"], &once[..]].concat(),
            "names an account and a Region, and a plan works where it is deployed",
        ),
        (vec!["a", "--at", "2099-12-01T02:00", "--change", "c"], "without its zone"),
        (vec!["a", "--cron", "60 2 * * ? *", "--change", "c"], "60 is none of the minutes"),
        (vec!["a", "--cron", "0 2 31 2 ? *", "--change", "c"], "would never run"),
        (vec!["a", "--at", "2001-12-01T02:00Z", "--change", "c"], "has gone by"),
        (vec!["a", "--at", "2099-12-01T02:00+05:00[Europe/Berlin]", "--change", "c"], "say two things"),
        ([&["--filter", "-change:x"], &once[..]].concat(), "do not have"),
        (vec!["a", "--cron", "0 2 * * *", "--change", "c"], "six fields"),
        (vec!["a", "--cron", "0 2 * * ? *", "--change", "a b"], "such as CHG-1042"),
        (vec!["a", "--change", "c"], "--at"),
        (vec!["--at", "2099-12-01T02:00Z", "--change", "c"], "CLUSTER"),
    ] {
        let output = clustersnap(&[&["plan"], &args[..]].concat()).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}: {errors}");
        assert!(errors.contains(said), "{args:?}: {errors}");
    }
}

#[test]
fn a_template_in_a_file_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    let args = ["plan", "a", "--at", "2099-12-01T02:00Z", "--change", "c", "--out", path.to_str().unwrap()];
    let output = clustersnap(&args).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let template: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert!(template["Resources"]["Machine"].is_object());
    let args = ["plan", "a", "--at", "2099-12-01T02:00Z", "--change", "c", "--out", "-"];
    let output = clustersnap(&args).output().unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap(), template);
}

#[test]
fn a_template_that_needs_a_bucket_says_so() {
    let names: Vec<String> = (0..70).map(|number| format!("c{number}-{}", "c".repeat(59))).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let filter: Vec<String> =
        (0..300).map(|number| format!("-cluster:c{number}-{}", "c".repeat(50))).collect();
    let filter = filter.join(" ");
    let more = ["--cron", "0 2 * * ? *", "--change", "CHG-1042", "--keep-last", "7"];
    for (which, is_large) in [(&names[..], false), (&["--filter", filter.as_str()], true)] {
        let output = clustersnap(&[&["plan"], which, &more[..]].concat()).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{errors}");
        assert_eq!(output.stdout.len() > 51_200, is_large, "{}", output.stdout.len());
        assert_eq!(errors.contains("--s3-bucket"), is_large, "{errors}");
    }
}
