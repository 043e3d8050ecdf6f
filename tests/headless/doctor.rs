//! `clustersnap doctor` by the real binary: each thing that can be wrong on a line of its own with what to do, the
//! exit code of the first, and nothing secret anywhere.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use clustersnap::sim::faults::FaultScript;
use serde_json::Value;

use super::support::clock::{Clock, Kind};
use super::world::{Run, World, bare, check, finish};

/// What must never be told: a secret key, a session token, a proxy's password, a secret of a file.
const CANARIES: [&str; 4] = ["CANARYsecretkey", "CANARYsessiontoken", "CANARYproxypassword", "CANARYofafile"];

/// Runs it for a program, and checks its answer by the schema.
#[track_caller]
fn rows(command: &mut Command) -> (Vec<Value>, Run) {
    let run = finish(command.args(["doctor", "--json"]));
    let data = run.envelope()["data"].clone();
    check("checks", &data);
    (data.as_array().unwrap().clone(), run)
}

#[track_caller]
fn row<'a>(rows: &'a [Value], name: &str) -> &'a Value {
    rows.iter().find(|row| row["check"] == name).unwrap_or_else(|| panic!("no {name} in {rows:#?}"))
}

/// Checks one line: its verdict and a part of its words; what is not as it should be says what to do.
#[track_caller]
fn tells(rows: &[Value], name: &str, verdict: &str, words: &str) {
    let row = row(rows, name);
    assert_eq!(row["verdict"], verdict, "{row}");
    assert!(row["text"].as_str().unwrap().contains(words), "{words} in {row}");
    assert_eq!(row["remedy"].is_string(), ["failed", "warning"].contains(&verdict), "{row}");
}

fn refusal(action: &str, code: &str) -> String {
    format!(
        "[[fault]]\naction = \"{action}\"\nanswer = {{ kind = \"error\", status = 403, code = \"{code}\", message = \
         \"not authorized to perform: {action}\\u009b\" }}\n"
    )
}

#[test]
fn all_is_well() {
    let world = World::new();
    let (rows, run) = rows(&mut world.command(&[]));
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{rows:#?}");
    assert!(rows.iter().all(|row| row["verdict"] == "ok" || row["check"] == "rds:CreateDBClusterSnapshot"));
    tells(&rows, "rds:CreateDBClusterSnapshot", "unknown", "not tried");
    tells(&rows, "credentials", "ok", "keys, from the credentials in the environment");
    tells(&rows, "region", "ok", "eu-west-1, from AWS_REGION");
    tells(&rows, "endpoint", "ok", &format!("{}, from AWS_ENDPOINT_URL", world.served.url));
    tells(&rows, "address", "ok", "127.0.0.1");
    tells(&rows, "identity", "ok", "123456789012");
    tells(&rows, "quota", "ok", "0 of 20 manual snapshots");
    tells(&rows, "journal", "ok", "journal.jsonl: can be read and written");
    tells(&rows, "open requests", "ok", "none here");
    tells(&rows, "terminal", "ok", "xterm-256color");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
    let text = world.run(&["doctor"]);
    assert!(
        text.code == 0 && text.out.contains("0 failed, 0 to look at twice, 1 not known."),
        "{}",
        text.out
    );
}

#[test]
fn the_demo_needs_nothing_and_tells_so() {
    let home = tempfile::tempdir().unwrap();
    let (rows, run) = rows(bare(home.path(), &["--demo"]).env_remove("AWS_REGION"));
    assert_eq!(run.code, 0, "{rows:#?}");
    tells(&rows, "endpoint", "ok", "the embedded simulator");
    tells(&rows, "rds:DescribeDBClusters", "ok", "allowed");
    assert!(fs::read_dir(home.path()).unwrap().next().is_none(), "it leaves no file");
}

#[test]
fn a_read_that_is_needed_stands_in_the_way_and_others_do_not() {
    let denied = |action| World::faulty(&refusal(action, "AccessDenied"));
    for action in ["DescribeDBClusters", "DescribeDBClusterSnapshots"] {
        let (rows, run) = rows(&mut denied(action).command(&[]));
        let name = format!("rds:{action}");
        tells(&rows, &name, "failed", "A permission is missing");
        let row = row(&rows, &name);
        assert_eq!((run.code, &row["code"]), (7, &"ACCESS_DENIED".into()));
        assert!(row["request_id"].is_string() && row["remedy"].as_str().unwrap().contains(action), "{row}");
        tells(&rows, "rds:DescribeEvents", "ok", "allowed");
    }
    for action in ["DescribeEvents", "DescribeAccountAttributes"] {
        let (rows, run) = rows(&mut denied(action).command(&[]));
        tells(&rows, &format!("rds:{action}"), "warning", "A permission is missing");
        assert_eq!(run.code, 0, "{rows:#?}");
    }
    let (rows, run) = rows(&mut denied("GetCallerIdentity").command(&[]));
    tells(&rows, "identity", "warning", "A permission is missing");
    assert_eq!(run.code, 0, "{rows:#?}");
}

#[test]
fn without_credentials_and_with_such_as_have_expired_nothing_more_is_tried() {
    let world = World::new();
    let mut command = world.command(&[]);
    let (found, run) = rows(command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY"));
    assert_eq!(run.code, 7);
    tells(&found, "credentials", "failed", "No AWS credentials were found");
    tells(&found, "rds:DescribeDBClusters", "unknown", "not tried: there are no credentials");
    tells(&found, "journal", "ok", "can be read and written");
    assert_eq!(world.simulator.calls("DescribeDBClusters"), 0);

    let world = World::faulty(&refusal("*", "ExpiredToken"));
    let (found, run) = rows(&mut world.command(&[]));
    assert_eq!(run.code, 7);
    tells(&found, "identity", "failed", "The AWS credentials have expired");
    tells(&found, "rds:DescribeDBClusters", "failed", "ExpiredToken");
    tells(&found, "rds:DescribeEvents", "unknown", "not tried");
}

#[test]
fn without_a_region_or_a_profile_or_a_readable_file_the_rest_is_told_all_the_same() {
    let home = tempfile::tempdir().unwrap();
    let (found, run) = rows(bare(home.path(), &[]).env_remove("AWS_REGION"));
    assert_eq!(run.code, 2);
    tells(&found, "setup", "failed", "There is no AWS Region to ask in");
    tells(&found, "aws config file", "ok", "config: not there");
    tells(&found, "journal", "ok", "can be read and written");

    let (found, run) = rows(&mut bare(home.path(), &["--profile", "nobody\u{202e}"]));
    assert_eq!((run.code, found[1]["check"].as_str()), (2, Some("setup")));

    fs::create_dir(home.path().join(".aws")).unwrap();
    fs::write(home.path().join(".aws/config"), "CANARYofafile\n").unwrap();
    let (found, run) = rows(&mut bare(home.path(), &[]));
    assert_eq!(run.code, 2);
    tells(&found, "setup", "failed", ".aws/config cannot be used: line 1");
    assert!(!run.out.contains("CANARY"), "{}", run.out);
}

#[test]
fn a_host_that_cannot_be_reached_is_told_once() {
    let home = tempfile::tempdir().unwrap();
    // A port that somebody had a moment ago, and that nobody listens on now.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let (found, run) = rows(&mut bare(home.path(), &["--endpoint-url", &url]));
    assert_eq!(run.code, 8, "{found:#?}");
    tells(&found, "rds:DescribeDBClusters", "failed", "No connection to the service");
    tells(&found, "rds:DescribeEvents", "unknown", "not tried after what became of rds:DescribeDBClusters");
    tells(&found, "clock", "unknown", "");

    let (found, run) = rows(&mut bare(home.path(), &["--endpoint-url", "https://nowhere.invalid"]));
    assert_eq!(run.code, 8, "{found:#?}");
    tells(&found, "address", "failed", "nowhere.invalid cannot be looked up");
}

#[test]
fn a_journal_that_cannot_be_written_and_a_broken_configuration_are_told() {
    let world = World::new();
    let config = world.home.path().join(".config/clustersnap");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("config.toml"), "naming = [\n").unwrap();
    let state = world.home.path().join("state");
    fs::write(&state, "").unwrap();
    let (found, run) = rows(world.command(&[]).env("XDG_STATE_HOME", &state));
    assert_eq!(run.code, 2);
    tells(&found, "configuration", "failed", "config.toml:1: ");
    assert_eq!(row(&found, "configuration")["code"], "VALIDATION_ERROR");
    tells(&found, "journal", "failed", "cannot make");
    tells(&found, "rds:DescribeEvents", "ok", "allowed");
}

#[test]
fn a_configuration_that_holds_every_request_back_fails_and_another_that_is_wrong_does_not() {
    let world = World::new();
    for text in ["[production]\nclusters = \"orders\"\n", "required_tags = \"owner\"\n"] {
        world.configure(text);
        let (found, run) = rows(&mut world.command(&[]));
        tells(&found, "configuration", "failed", "config.toml:");
        let remedy = row(&found, "configuration")["remedy"].as_str().unwrap();
        assert!(run.code == 2 && remedy.contains("until then nothing is sent"), "{remedy}");
    }
    world.configure("name_template = 1\n");
    let (found, run) = rows(&mut world.command(&[]));
    tells(&found, "configuration", "warning", "config.toml:1: ");
    assert_eq!(run.code, 0, "{found:#?}");
}

#[test]
fn a_request_whose_snapshot_is_still_being_made_stands_in_nobodys_way() {
    let world = World::with(
        "",
        "[[cluster]]\nidentifier = \"orders\"\nengine = \"mysql\"\nsnapshot_takes = \"1h\"\n",
    );
    assert_eq!(world.run(&["create", "orders", "--name", "x"]).code, 0);
    let (found, _) = rows(&mut world.command(&[]));
    tells(&found, "open requests", "ok", "1 here whose snapshot was created, and not seen to end");
}

#[test]
fn an_open_request_and_a_quota_that_is_used_up_are_told() {
    let lost =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = true\nanswer = { kind = \"drop\" }\n";
    let world = World::with(
        lost,
        "snapshot_quota = 1\n[[cluster]]\nidentifier = \"orders\"\nengine = \"mysql\"\nsnapshot_takes = \"1h\"\n",
    );
    assert_eq!(world.run(&["create", "orders", "--name", "x", "--no-confirm"]).code, 4);
    let (found, run) = rows(&mut world.command(&[]));
    assert_eq!(run.code, 3, "{found:#?}");
    tells(&found, "quota", "failed", "1 of 1 manual snapshots are used");
    let told = "1 here of which it is not known whether a snapshot was created";
    tells(&found, "open requests", "warning", told);
    assert_eq!(row(&found, "quota")["code"], "QUOTA_EXCEEDED");
}

#[test]
fn what_was_confirmed_of_a_change_and_not_sent_is_told_until_it_is() {
    let hang =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = true\nanswer = { kind = \"hang\" }\n";
    let names = ["c0", "c1", "c2", "c3", "c4", "c5"];
    let fleet = names.map(|name| format!("[[cluster]]\nidentifier = \"{name}\"\nengine = \"mysql\"\n"));
    let world = World::with(hang, &fleet.concat());
    let words = [&["create"], &names[..], &["--change", "CHG-1", "--yes"]].concat();
    let mut child = world.start(&words);
    let deadline = Instant::now() + Duration::from_mins(1);
    while world.simulator.calls("CreateDBClusterSnapshot") == 0 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (found, run) = rows(&mut world.command(&[]));
    assert_eq!(run.code, 0, "{found:#?}");
    tells(&found, "changes", "warning", " of its 6 requests were not sent");
    assert!(row(&found, "changes")["text"].as_str().unwrap().starts_with("CHG-1: "), "{found:#?}");
    world.simulator.set_faults(FaultScript::default());
    world.run(&words);
    let (found, _) = rows(&mut world.command(&[]));
    assert!(found.iter().all(|row| row["check"] != "changes"), "{found:#?}");
}

#[test]
fn a_clock_that_is_wrong_is_told() {
    let world = World::new();
    let Some(clock) = Clock::new(world.home.path()) else { return };
    clock.set("-2h");
    let mut command = world.command(&[]);
    clock.give(&mut command, Kind::Set);
    let (found, _) = rows(&mut command);
    tells(&found, "clock", "warning", "behind the service's");
}

#[test]
fn what_a_credential_process_says_is_not_on_the_page() {
    let world = World::new();
    let aws = world.home.path().join(".aws");
    fs::create_dir(&aws).unwrap();
    let process = "[default]\ncredential_process = sh -c \"echo CANARYofafile >&2; exit 3\"\n";
    fs::write(aws.join("config"), process).unwrap();
    let mut command = world.command(&[]);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(name);
    }
    let (found, run) = rows(&mut command);
    tells(&found, "credentials", "failed", "ended with exit status: 3; what it said is not repeated here");
    assert!(!format!("{}{}", run.out, run.err).contains("CANARY"), "{}{}", run.out, run.err);
}

#[test]
fn what_was_taken_from_where_is_told_and_nothing_that_is_secret() {
    let world = World::new();
    let aws = world.home.path().join(".aws");
    fs::create_dir(&aws).unwrap();
    let file =
        "[default]\nregion = eu-central-1\nCANARYofafile = x\ncredential_process = echo CANARYofafile\n";
    fs::write(aws.join("config"), file).unwrap();
    let keys = "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = CANARYsecretkey\n\
                aws_session_token = CANARYsessiontoken\n";
    fs::write(aws.join("credentials"), keys).unwrap();
    fs::set_permissions(aws.join("credentials"), fs::Permissions::from_mode(0o600)).unwrap();
    let mut command = world.command(&[]);
    for name in ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(name);
    }
    command.env("https_proxy", "http://me:CANARYproxypassword@proxy.example:3128");
    let (found, run) = rows(&mut command);
    assert_eq!(run.code, 0, "{found:#?}");
    tells(&found, "aws config file", "ok", "profile default: credential_process, region");
    tells(
        &found,
        "aws credentials file",
        "ok",
        "aws_access_key_id, aws_secret_access_key, aws_session_token",
    );
    tells(&found, "profile", "ok", "default, as none was named");
    tells(&found, "region", "ok", "eu-central-1, from the Region of profile default of");

    let mut told = vec![run.out + &run.err];
    let session = |command: &mut Command| {
        let command = command.env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").env("AWS_SESSION_TOKEN", CANARIES[1]);
        command.env("AWS_SECRET_ACCESS_KEY", CANARIES[0]).env("AWS_REGION", "eu-west-1");
    };
    for proxy in [
        "http://me:CANARYproxypassword@127.0.0.1:9",
        "http://me:CANARY@proxypassword@127.0.0.1:9",
        "me:CANARYproxypassword@127.0.0.1:9",
        "socks5://me:CANARYproxypassword@127.0.0.1:9",
        "//CANARYproxypassword#@127.0.0.1:9",
        "http:CANARYproxypassword?@127.0.0.1:9",
        "http://CANARYproxypassword:1/@127.0.0.1:9",
    ] {
        let mut command = bare(world.home.path(), &["--endpoint-url", "https://rds.example"]);
        session(&mut command);
        let (found, run) = rows(command.env("https_proxy", proxy));
        assert_ne!(run.code, 0, "{found:#?}");
        let is_usable = !proxy.contains("socks") && !proxy.contains(['#', '?']) && !proxy.contains("/@");
        let (verdict, words) =
            if is_usable { ("ok", "127.0.0.1:9") } else { ("failed", "https_proxy is not") };
        tells(&found, "proxy", verdict, words);
        told.push(run.out + &run.err);
    }
    let mut command = world.command(&["doctor"]);
    session(&mut command);
    let run = finish(&mut command);
    told.push(run.out + &run.err);
    for (told, canary) in told.iter().flat_map(|told| CANARIES.map(|canary| (told, canary))) {
        assert!(!told.contains(canary), "{canary} in {told}");
    }
}

#[test]
fn a_remedy_is_a_command_for_this_place() {
    let lost = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nanswer = { kind = \"drop\" }\n";
    let fleet = "snapshot_quota = 1\n[[cluster]]\nidentifier = \"orders\"\nengine = \"mysql\"\n";
    let world = World::with(lost, fleet);
    assert_eq!(world.run(&["create", "orders", "--name", "n", "--no-confirm"]).code, 4);
    world.simulator.create_by_another("theirs", "orders", Vec::new());
    let (found, _) = rows(world.command(&[]).arg("--region").arg("eu-west-1"));
    for (check, command) in [("open requests", "clustersnap watch --"), ("quota", "--dry-run --")] {
        let remedy = row(&found, check)["remedy"].as_str().unwrap();
        let has = |word: &str| remedy.contains(word);
        assert!(has(command) && has("region eu-west-1"), "{check}: {remedy}");
    }
}
