//! Every error code with its exit code, each provoked.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::support::clock::{Clock, Kind, hurried};
use super::world::{World, bare, finish};

fn refusal(action: &str, status: u16, code: &str) -> String {
    format!(
        "[[fault]]\naction = \"{action}\"\nanswer = {{ kind = \"error\", status = {status}, code = \"{code}\", \
         message = \"said by the service\\u009b\\u202e\" }}\n"
    )
}

#[test]
fn validation_names_every_parameter_and_its_rule_and_sends_nothing() {
    let world = World::new();
    let run = world.run(&[
        "create",
        "or_ders",
        "--name",
        "a--b",
        "--tag",
        "k!=v",
        "--tag",
        "aws:x=y",
        "--timeout",
        "5s",
        "--json",
    ]);
    let error = run.error("VALIDATION_ERROR", 2);
    assert_eq!(error["message"], "Invalid request parameters");
    let told: BTreeSet<(&str, &str)> = error["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|detail| (detail["parameter"].as_str().unwrap(), detail["rule"].as_str().unwrap()))
        .collect();
    let expected = [
        ("CLUSTER", "forbidden-character"),
        ("--name", "double-hyphen"),
        ("--tag", "forbidden-character"),
        ("--tag", "reserved-prefix"),
        ("--timeout", "nothing-to-wait-for"),
    ];
    assert_eq!(told, BTreeSet::from(expected));
    assert_eq!(world.simulator.calls("DescribeDBClusters"), 0);
    assert!(world.journal().is_empty());
}

#[test]
fn a_clock_and_a_limit_with_which_nothing_can_be_done_are_told() {
    let world = World::new();
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "ulimit -n 7; exec \"$0\" list --json", env!("CARGO_BIN_EXE_clustersnap")]);
    limited.env("AWS_ENDPOINT_URL", &world.served.url).env("HOME", world.home.path());
    let error = finish(&mut limited).error("INTERNAL", 1);
    assert!(error["message"].as_str().unwrap().contains("too few files (ulimit -n)"), "{error}");
    let Some(clock) = Clock::new(world.home.path()) else { return };
    clock.set("@9999-06-01 00:00:00");
    for words in [&["list", "--json"][..], &["history", "--json"], &["create", "orders", "--json"]] {
        let mut command = world.command(words);
        clock.give(&mut command, Kind::Set);
        let error = finish(&mut command).error("VALIDATION_ERROR", 2);
        assert!(error["message"].as_str().unwrap().starts_with("this machine's clock stands"), "{error}");
    }
}

#[test]
fn wrong_usage_is_an_envelope_too_and_hostile_arguments_come_out_escaped() {
    let world = World::new();
    let run = world.run(&["create", "--json", "--no-such\u{9b}31m"]);
    run.error("VALIDATION_ERROR", 2);
    assert!(!run.err.contains('\u{9b}') && run.err.contains("\\u{9b}"), "{}", run.err);
    let run = world.run(&["nothing-of-the-kind"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(world.run(&["--linear", "list"]).code, 2);
}

#[test]
fn what_aws_refuses_comes_with_its_code_and_request_id() {
    comes_with_its_code(400, "InvalidParameterValue", "VALIDATION_ERROR", 2);
    comes_with_its_code(404, "DBClusterNotFoundFault", "CLUSTER_NOT_FOUND", 3);
    comes_with_its_code(403, "AccessDenied", "ACCESS_DENIED", 7);
}

#[test]
fn a_name_that_somebody_took_a_moment_before_is_told_as_theirs_where_that_is_certain() {
    let rival = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nrival = { cluster = \"slow\" }\n";
    let world = World::faulty(rival);
    let error = world.run(&["create", "orders", "--name", "x", "--json"]).error("SNAPSHOT_EXISTS", 3);
    assert_eq!(error["aws_code"], "DBClusterSnapshotAlreadyExistsFault");
    assert_eq!(
        (&error["snapshot"]["cluster"], &error["snapshot"]["outcome"]),
        (&"slow".into(), &"taken".into())
    );
    assert_eq!(world.simulator.creates(), 0);
}

#[test]
fn a_name_that_was_created_from_here_a_moment_ago_is_taken_whatever_lists_say() {
    let fleet = "list_lag = \"1h\"\n[[cluster]]\nidentifier = \"orders\"\nengine = \"aurora-mysql\"\n";
    let world = World::with("", fleet);
    let words = ["create", "orders", "--name", "x", "--json"];
    world.run(&words).data("created");
    let checks = world.run(&[&words[..], &["--dry-run"]].concat());
    assert!(checks.out.contains("a request of this machine created it just now"), "{}", checks.out);
    let error = world.run(&words).error("SNAPSHOT_EXISTS", 3);
    let said = error["message"].as_str().unwrap_or_default();
    assert!(
        said.contains("x was created") && said.contains("A snapshot of this name may be there"),
        "{said}"
    );
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 1);
    world.run(&["create", "orders", "--name", "y", "--json"]).data("created");
}

#[test]
fn without_a_look_a_lost_answer_is_told_at_once_as_not_known_and_found_out_later() {
    let lost =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = true\nanswer = { kind = \"drop\" }\n";
    let world = World::faulty(lost);
    let begun = std::time::Instant::now();
    let run = world.run(&["create", "orders", "--name", "x", "--no-confirm", "--json"]);
    let error = run.error("OUTCOME_UNKNOWN", 4);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    assert_eq!(error["snapshot"]["outcome"], "unknown");
    let again = world.run(&["create", "orders", "--name", "x", "--json"]).data("created");
    assert_eq!((&again["id"], &again["outcome"]), (&"x".into(), &"found_again".into()));
    assert_eq!(world.simulator.creates(), 1);
}

#[test]
fn what_aws_refuses_for_the_moment_is_told_at_once() {
    std::thread::scope(|scope| {
        for (status, aws, code, exit) in [
            (400, "InvalidDBClusterStateFault", "INVALID_CLUSTER_STATE", 3),
            (400, "SnapshotQuotaExceeded", "QUOTA_EXCEEDED", 3),
            (403, "ExpiredToken", "CREDENTIALS", 7),
            (400, "SomethingNew", "INTERNAL", 1),
        ] {
            scope.spawn(move || comes_with_its_code(status, aws, code, exit));
        }
    });
}

fn comes_with_its_code(status: u16, aws: &str, code: &str, exit: i32) {
    let world = World::faulty(&refusal("CreateDBClusterSnapshot", status, aws));
    let error = world.run(&["create", "orders", "--name", "x", "--json"]).error(code, exit);
    assert_eq!(error["aws_code"], aws);
    assert!(error["request_id"].is_string(), "{error}");
    assert_eq!(error["snapshot"]["id"], "x");
    assert!(matches!(error["snapshot"]["outcome"].as_str(), Some("refused")), "{error}");
    assert_eq!(world.simulator.creates(), 0);
}

#[test]
fn what_a_look_up_finds_is_refused_before_anything_is_sent() {
    let world = World::new();
    world.run(&["create", "nowhere", "--json"]).error("CLUSTER_NOT_FOUND", 3);
    let elsewhere = "arn:aws:rds:us-east-1:123456789012:cluster:orders";
    world.run(&["create", elsewhere, "--json"]).error("CLUSTER_NOT_FOUND", 3);
    world.run(&["create", "busy", "--json"]).error("INVALID_CLUSTER_STATE", 3);
    world.run(&["create", "stopped", "--when-available", "--json"]).error("INVALID_CLUSTER_STATE", 3);
    world.run(&["create", "graph", "--json"]).error("VALIDATION_ERROR", 2);
    world.run(&["create", "orders", "--read-only", "--json"]).error("READ_ONLY", 2);
    assert_eq!(world.run(&["create", "orders", "--name", "taken", "--json"]).code, 0);
    let error = world.run(&["create", "slow", "--name", "TAKEN", "--json"]).error("SNAPSHOT_EXISTS", 3);
    assert_eq!(error["snapshot"]["cluster"], "orders");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 1);
    world.run(&["watch", "no-such-snapshot", "--json"]).error("VALIDATION_ERROR", 2);
}

#[test]
fn the_machine_and_the_way_to_the_service() {
    let world = World::new();
    let run = |change: &dyn Fn(&mut std::process::Command)| {
        let mut command = world.command(&["list", "--json"]);
        change(&mut command);
        finish(&mut command)
    };
    run(&|command| {
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    })
    .error("CREDENTIALS", 7);
    run(&|command| {
        command.env_remove("AWS_REGION");
    })
    .error("VALIDATION_ERROR", 2);
    run(&|command| {
        command.args(["--profile", "nobody\u{202e}"]);
    })
    .error("VALIDATION_ERROR", 2);
    run(&|command| {
        command.args(["--endpoint-url", "http://127.0.0.1:1"]);
    })
    .error("NETWORK", 8);
    run(&|command| {
        command.args(["--log-file", "/dev/null/log"]);
    })
    .error("VALIDATION_ERROR", 2);
    let throttled = World::faulty(&refusal("DescribeDBClusters", 400, "Throttling"));
    throttled.run(&["list", "--json"]).error("THROTTLED", 8);
    let page = "[[fault]]\naction = \"DescribeDBClusters\"\nanswer = { kind = \"body\", status = 200, body = \"<html>log in\" }";
    World::faulty(page).run(&["list", "--json"]).error("NETWORK", 8);
}

#[test]
fn a_snapshot_that_fails_or_takes_too_long_is_no_success_and_both_stay_known() {
    let world = World::new();
    let error =
        world.run(&["create", "failing", "--name", "f", "--wait", "--json"]).error("SNAPSHOT_FAILED", 6);
    assert_eq!((&error["snapshot"]["id"], &error["snapshot"]["status"]), (&json!("f"), &json!("failed")));
    let args = ["create", "slow", "--name", "s", "--wait", "--timeout", "1s", "--json"];
    let run = world.run(&args);
    let error = run.error("TIMEOUT", 5);
    assert_eq!((&error["snapshot"]["id"], &error["snapshot"]["status"]), (&json!("s"), &json!("creating")));
    assert!(run.err.contains("clustersnap watch s --region eu-west-1"), "{}", run.err);
    assert_eq!(world.simulator.creates(), 2);
    let ends: Vec<Value> = world.journal().into_iter().filter(|line| line["kind"] == "ended").collect();
    // At once, and again with what RDS says of it.
    assert_eq!(ends.len(), 2);
    assert!(ends.iter().all(|end| end["number"] == ends[0]["number"] && end["status"] == "failed"));
    assert!(ends[0]["why"].is_null() && ends[1]["why"].is_string(), "{ends:?}");
}

#[test]
fn without_a_journal_nothing_is_sent_unless_it_is_said_for_this_one_request() {
    let world = World::new();
    let run = |args: &[&str]| {
        let mut command = world.command(args);
        command.env("XDG_STATE_HOME", "/dev/null/nowhere");
        finish(&mut command)
    };
    let error = run(&["create", "orders", "--name", "j", "--json"]).error("INTERNAL", 1);
    assert!(error["message"].as_str().unwrap().contains("--without-journal"), "{error}");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
    run(&["create", "orders", "--name", "j", "--without-journal", "--dry-run", "--json"]).data("dry_run");
    run(&["create", "orders", "--name", "j", "--without-journal", "--json"]).data("created");
}

#[test]
fn what_is_in_no_journal_is_not_told_as_if_it_were() {
    let world =
        World::faulty("[[fault]]\naction = \"CreateDBClusterSnapshot\"\nanswer = { kind = \"drop\" }\n");
    let words = ["create", "orders", "--name", "j", "--without-journal", "--no-confirm", "--json"];
    let error = world.run(&words).error("OUTCOME_UNKNOWN", 4);
    let told = error["message"].as_str().unwrap();
    assert!(told.contains("no journal has the request") && !told.contains("watch"), "{told}");
}

#[test]
fn an_outcome_that_cannot_be_known_any_more_is_never_a_success() {
    let world = World::new();
    assert_eq!(world.run(&["create", "orders", "--name", "lost"]).code, 0);
    // The request of a run that was ended an hour ago, before it knew: nothing of that name is listed.
    let path = world.home.path().join(".local/state/clustersnap/journal.jsonl");
    let mut intent = world.journal()[0].clone();
    let earlier = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    for member in ["at", "server_time"] {
        intent[member] = json!(earlier.to_string());
    }
    intent["snapshot"] = json!("never-seen");
    std::fs::write(path, format!("{intent}\n")).unwrap();
    let run = world.run(&["watch", "never-seen", "--json"]);
    let error = run.envelope()["error"].clone();
    assert_eq!((error["code"].as_str(), run.code), (Some("OUTCOME_UNKNOWN"), 4), "{error}");
    assert_eq!(error["snapshot"]["outcome"], "not_listed");
}

#[test]
fn what_cannot_be_read_of_the_journal_may_be_an_open_request() {
    let world = World::new();
    assert_eq!(world.run(&["create", "orders", "--name", "first"]).code, 0);
    let path = world.home.path().join(".local/state/clustersnap/journal.jsonl");
    let text = std::fs::read_to_string(&path).unwrap().replacen(
        "\"cluster\":\"orders\"",
        "\"cluster\":\"ord\0rs\"",
        1,
    );
    std::fs::write(&path, text).unwrap();
    let told = "1 line of the journal cannot be read, so it is not known whether it is an open request";
    for args in [
        &["doctor"][..],
        &["create", "orders", "--name", "other", "--dry-run"],
        &["create", "orders", "--name", "other"],
    ] {
        let run = world.run(args);
        let said = format!("{}{}", run.out, run.err);
        assert!(said.contains(told) && !said.contains("no open request"), "{args:?}: {said}");
    }
}

/// As slow as the lists of AWS lag: it looks for 90 s before it says that it does not know. By a clock that runs fast.
#[test]
fn a_create_whose_answer_is_lost_and_that_did_not_happen_is_unknown_and_is_told_so() {
    let drop =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = false\nanswer = { kind = \"drop\" }";
    let world = World::faulty(drop);
    let command = world.command(&["create", "orders", "--name", "d", "--json"]);
    let error = finish(&mut hurried(command)).error("OUTCOME_UNKNOWN", 4);
    assert_eq!(error["snapshot"]["outcome"], "unknown");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 1);
    let history = world.run(&["history", "--json"]).data("requests");
    assert_eq!((&history[0]["outcome"], &history[0]["open"]), (&json!("unknown"), &json!(true)));
}

#[test]
fn a_simulator_of_its_own_process_with_a_file_of_faults_does_the_same() {
    let home = tempfile::tempdir().unwrap();
    let faults = home.path().join("faults.toml");
    std::fs::write(&faults, refusal("CreateDBClusterSnapshot", 403, "AccessDenied")).unwrap();
    let mut sim = bare(home.path(), &["sim", "--faults", faults.to_str().unwrap(), "--clusters", "3"]);
    let mut sim = super::world::start(&mut sim);
    let mut line = String::new();
    let mut output = std::io::BufReader::new(sim.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut output, &mut line).unwrap();
    let url = line.split_whitespace().find(|word| word.starts_with("http")).unwrap().trim_end_matches(',');
    let mut command = bare(home.path(), &["create", "cluster-0001", "--json", "--endpoint-url", url]);
    let run = finish(&mut command);
    sim.kill().unwrap();
    sim.wait().unwrap();
    run.error("ACCESS_DENIED", 7);
}

#[test]
fn credentials_that_have_expired_end_the_wait_for_an_open_outcome() {
    let world = World::faulty(
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nanswer = { kind = \"drop\" }\n\
         [[fault]]\naction = \"DescribeDBClusterSnapshots\"\ncalls = \"2-\"\n\
         answer = { kind = \"error\", status = 403, code = \"ExpiredToken\", message = \"expired\" }\n",
    );
    let command = world.command(&["create", "orders", "--name", "open", "--wait", "--json"]);
    let error = finish(&mut hurried(command)).error("CREDENTIALS", 7);
    let words = error["message"].as_str().unwrap();
    assert!(words.contains("clustersnap watch open"), "{words}");
    assert_eq!(error["snapshot"]["outcome"], "unknown", "{error}");
}

#[test]
fn a_cluster_of_another_service_is_said_to_be_that_and_not_to_be_missing() {
    let fleet = "[[cluster]]\nidentifier = \"papers\"\nengine = \"docdb\"\n";
    let world = World::with("", fleet);
    for words in [
        &["create", "papers"][..],
        &["create", "papers", "--change", "C1", "--yes"],
        &["ready", "papers", "--within", "1h"],
    ] {
        let error = world.run(&[words, &["--json"]].concat()).error("VALIDATION_ERROR", 2);
        let told = error["details"][0]["message"].as_str().unwrap();
        assert!(told.contains("papers is a DocumentDB cluster, not one of RDS"), "{words:?}: {told}");
    }
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
}
