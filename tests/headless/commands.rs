//! What the commands do when nothing goes wrong.

use serde_json::{Value, json};

use super::world::{SOON_AVAILABLE, World, check, envelope, finish};

/// The tags of a snapshot, but for the mark.
fn tags(data: &Value) -> Vec<(String, String)> {
    all_tags(data).into_iter().filter(|(key, _)| key != "clustersnap:request").collect()
}

fn all_tags(data: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    data["tags"].as_array().unwrap().iter().map(|tag| (text(&tag["key"]), text(&tag["value"]))).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn list_shows_what_is_rds_and_says_what_it_hides() {
    let world = World::new();
    let clusters = world.run(&["list", "--json"]).data("clusters");
    let ids: Vec<&str> = clusters.as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["busy", "failing", "orders", "slow", "stopped"]);
    let run = world.run(&["list", "--filter", "POSTGRES"]);
    assert_eq!(run.code, 0);
    assert_eq!(run.out.lines().count(), 4, "{}", run.out);
    assert!(run.out.lines().next().unwrap().starts_with("IDENTIFIER"), "{}", run.out);
    assert_eq!(run.err, "1 hidden (Neptune)\n");
    let none = world.run(&["list", "--filter", "no-such"]);
    assert_eq!(none.code, 0);
    let said = "None of the 5 DB clusters fits \"no-such\" in account 123456789012, Region eu-west-1.";
    assert!(none.err.contains(said), "{}", none.err);
    let none = world.run(&["snapshots", "orders", "--type", "awsbackup"]);
    let said = "There is no awsbackup snapshot of orders in account 123456789012, Region eu-west-1.";
    assert!(none.err.contains(said), "{}", none.err);
    for args in [&["list", "--filter", "nothing", "--json"][..], &["snapshots", "slow", "--json"]] {
        let none = world.run(args);
        assert_eq!((none.code, &none.envelope()["data"]), (0, &json!([])));
        assert!(none.err.contains("in account 123456789012, Region eu-west-1."), "{}", none.err);
    }
}

/// The members `id` of a list.
fn ids(data: &serde_json::Value) -> Vec<&str> {
    data.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[test]
fn every_list_is_filtered_in_one_language() {
    let world = World::new();
    let clusters = |filter: &str| world.run(&["list", "--filter", filter, "--json"]).data("clusters");
    assert_eq!(ids(&clusters("env=prod")), ["orders"]);
    assert_eq!(ids(&clusters("engine:aurora-postgresql -status:available")), ["busy", "stopped"]);
    assert_eq!(ids(&clusters("~ordrs")), ["orders"]);
    assert_eq!(ids(&clusters("region:eu-west-1 account:123456789012")).len(), 5);
    for (name, cluster) in [("first", "orders"), ("second", "slow")] {
        world.run(&["create", cluster, "--name", name, "--tag", "ticket=CHG-1", "--json"]).data("created");
    }
    let snapshots = |filter: &str| world.run(&["snapshots", "--filter", filter, "--json"]).data("snapshots");
    assert_eq!(ids(&snapshots("ticket=CHG-1 cluster:orders type:manual age<1h")), ["first"]);
    assert_eq!(ids(&snapshots("ticket=CHG-1 -cluster:orders")), ["second"]);
    let requests = |filter: &str| world.run(&["history", "--filter", filter, "--json"]).data("requests");
    assert_eq!(ids(&requests("ticket=CHG-1 -slow")), ["first"]);
    let none = world.run(&["history", "--filter", "age>90d"]);
    let said = "None of the 2 requests of this machine's journal fits.";
    assert!(none.out.is_empty() && none.err.contains(said), "{}{}", none.out, none.err);
    for command in ["list", "snapshots", "history"] {
        let run = world.run(&[command, "--filter", "prod status:", "--json"]);
        let error = run.error("VALIDATION_ERROR", 2);
        let detail = &error["details"][0];
        assert_eq!((&detail["parameter"], &detail["at"]), (&json!("--filter"), &json!(5)), "{error}");
        assert_eq!(detail["message"], "character 6: status: has no value");
        let run = world.run(&[command, "--filter", "age>soon"]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("age>soon has no time like 90d or 2h"), "{}", run.err);
    }
}

#[test]
fn a_program_gets_the_last_usable_snapshot_of_each_cluster_as_a_person_does() {
    let fleet = r#"
        [[cluster]]
        identifier = "kept"
        engine = "mysql"
        snapshot = [{ identifier = "old", age = "9d" }, { identifier = "new", age = "1d" }]

        [[cluster]]
        identifier = "never"
        engine = "mysql"
    "#;
    let world = World::with("", fleet);
    let listed = world.run(&["list", "--json"]).data("clusters");
    let snapshots = world.run(&["snapshots", "kept", "--json"]).data("snapshots");
    assert!(listed[0]["last_usable_at"].is_string(), "{listed}");
    assert_eq!(listed[0]["last_usable_at"], snapshots[0]["created_at"]);
    assert_eq!(listed[1].get("last_usable_at"), Some(&Value::Null));
    let calls = world.simulator.calls("DescribeDBClusterSnapshots");
    let listed = world.run(&["list", "--columns", "id", "--json"]).data("clusters");
    assert_eq!((listed[0].get("last_usable_at"), listed[0]["id"].as_str()), (None, Some("kept")));
    assert_eq!(world.simulator.calls("DescribeDBClusterSnapshots"), calls);
    let denied = World::with(
        "[[fault]]\naction = \"DescribeDBClusterSnapshots\"\nanswer = { kind = \"error\", status = 403, \
         code = \"AccessDenied\", message = \"no\" }\n",
        fleet,
    );
    let run = denied.run(&["list", "--json"]);
    assert_eq!(run.data("clusters")[0].get("last_usable_at"), None);
    assert!(run.err.contains("The last usable snapshots are not known."), "{}", run.err);
}

#[test]
fn every_page_of_250_clusters_is_listed() {
    let cluster = |n| format!("[[cluster]]\nidentifier = \"c{n:03}\"\nengine = \"aurora-mysql\"\n");
    let fleet = (0..250).map(cluster).collect::<Vec<String>>().concat();
    let world = World::with("", &fleet);
    assert_eq!(world.run(&["list", "--json"]).data("clusters").as_array().unwrap().len(), 250);
    assert_eq!(world.simulator.calls("DescribeDBClusters"), 3);
}

#[test]
fn create_starts_from_the_clusters_tags_and_the_given_ones_win() {
    let world = World::new();
    let arn = "arn:aws:rds:eu-west-1:123456789012:cluster:orders";
    let args = ["create", arn, "--name", "First", "--tag", "env=test", "--tag", "ticket=CHG 1=2", "--json"];
    let created = world.run(&args).data("created");
    assert_eq!((&created["id"], &created["outcome"]), (&json!("first"), &json!("created")));
    assert!(created["created_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(created["account"], "123456789012");
    assert_eq!(created["region"], "eu-west-1");
    assert!(created["request_id"].is_string());
    assert_eq!(tags(&created), pairs(&[("env", "test"), ("owner", "dba"), ("ticket", "CHG 1=2")]));
    let plain = world.run(&["create", "ORDERS", "--json"]).data("created");
    assert!(plain["id"].as_str().unwrap().starts_with("orders-20"), "{plain}");
    assert_eq!(tags(&plain), pairs(&[("env", "prod"), ("owner", "dba")]));
    let own = ["create", "orders", "--name", "own", "--no-cluster-tags", "--tag", "a=b", "--json"];
    assert_eq!(tags(&world.run(&own).data("created")), pairs(&[("a", "b")]));
}

#[test]
fn a_request_carries_its_number_as_a_tag_unless_a_person_says_otherwise() {
    let world = World::new();
    let marks = |data: &Value, key: &str| {
        let marks = all_tags(data).into_iter().filter(|(found, _)| found == key);
        marks.map(|(_, value)| value).collect::<Vec<String>>()
    };
    let created = world.run(&["create", "orders", "--name", "marked", "--json"]).data("created");
    let number = world.journal()[0]["number"].as_str().unwrap().to_owned();
    assert_eq!(marks(&created, "clustersnap:request"), [number]);
    let dry = world.run(&["create", "orders", "--name", "dry", "--dry-run", "--json"]).data("dry_run");
    assert_eq!(marks(&dry, "clustersnap:request").len(), 1);
    assert!(dry["aws_command"].as_str().unwrap().contains("\"clustersnap:request\""), "{dry}");
    let args = ["create", "orders", "--name", "bare", "--no-mark", "--json"];
    assert_eq!(all_tags(&world.run(&args).data("created")), pairs(&[("env", "prod"), ("owner", "dba")]));
    world.configure("[proof]\nkey = \"made-by\"\n");
    let renamed = world.run(&["create", "orders", "--name", "renamed", "--json"]).data("created");
    assert_eq!(marks(&renamed, "made-by").len(), 1, "{renamed}");
    let typed =
        world.run(&["create", "orders", "--tag", "made-by=me", "--json"]).error("VALIDATION_ERROR", 2);
    assert_eq!(typed["details"][0]["rule"], "mark-key");
    world.configure("[proof]\nkey = \"\"\n");
    let off = world.run(&["create", "orders", "--name", "off", "--json"]).data("created");
    assert_eq!(all_tags(&off), pairs(&[("env", "prod"), ("owner", "dba")]));
}

#[test]
fn where_fifty_tags_leave_no_room_for_the_mark_nothing_is_sent_without_a_word_from_the_person() {
    let world = World::new();
    let options: Vec<String> = (1..=48).map(|n| format!("--tag=k{n}=v")).collect();
    let mut args = vec!["create", "orders", "--name", "full", "--json"];
    args.extend(options.iter().map(String::as_str));
    let error = world.run(&args).error("VALIDATION_ERROR", 2);
    let said = error["details"][0]["message"].as_str().unwrap();
    assert!(said.contains("--no-mark") && said.contains("nothing proves later"), "{said}");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
    args.push("--no-mark");
    assert_eq!(all_tags(&world.run(&args).data("created")).len(), 50);
}

#[test]
fn a_refusal_that_the_mark_may_be_the_cause_of_names_the_way_without_and_what_is_lost() {
    let world = World::faulty(
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nanswer = { kind = \"error\", status = 403, code = \
         \"AccessDenied\", message = \"User: arn:aws:iam::1:user/a is not authorized to perform: \
         rds:AddTagsToResource on resource: x\" }\n",
    );
    let error = world.run(&["create", "orders", "--json"]).error("ACCESS_DENIED", 7);
    let said = error["message"].as_str().unwrap();
    assert!(said.contains("--no-mark") && said.contains("nothing proves later"), "{said}");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 1, "it never goes on by itself");
    let change = world.run(&["create", "slow", "--change", "C1", "--yes", "--json"]).envelope();
    let said = change["data"][0]["error"]["message"].as_str().unwrap();
    assert!(said.contains("--no-mark") && said.contains("nothing proves later"), "{said}");
}

#[test]
fn tags_come_from_a_file_or_standard_input_in_any_form() {
    use std::io::Write as _;
    let world = World::new();
    std::fs::write(world.home.path().join("tags"), "Key=a,Value=1\nb=2\n").unwrap();
    let args = ["create", "slow", "--name", "f", "--tags-file", "tags", "--tag", "b=3", "--json"];
    assert_eq!(tags(&world.run(&args).data("created")), pairs(&[("a", "1"), ("b", "3")]));
    let mut command = world.command(&["create", "slow", "--name", "i", "--tags-file", "-", "--json"]);
    let mut child = super::world::start(command.stdin(std::process::Stdio::piped()));
    child.stdin.take().unwrap().write_all(br#"[{"Key":"z","Value":"1"},{"Key":"y","Value":""}]"#).unwrap();
    let run = super::world::ended(child.wait_with_output().unwrap());
    let mut found = tags(&run.data("created"));
    found.sort();
    assert_eq!(found, pairs(&[("y", ""), ("z", "1")]));
    let missing = world.run(&["create", "slow", "--tags-file", "no-such-file", "--json"]);
    assert_eq!(missing.error("VALIDATION_ERROR", 2)["details"][0]["rule"], "unreadable");
}

#[test]
fn the_configuration_names_snapshots_and_requires_tags() {
    let world = World::new();
    let folder = world.home.path().join(".config/clustersnap");
    std::fs::create_dir_all(&folder).unwrap();
    let example = finish(&mut world.command(&["config", "example"])).out;
    assert!(example.contains("required_tags") && example.contains("name_template"), "{example}");
    let text = "name_template = \"{cluster}-{ticket}-{seq}\"\nrequired_tags = [\"ticket\"]\n";
    std::fs::write(folder.join("config.toml"), text).unwrap();
    let error = world.run(&["create", "orders", "--json"]).error("VALIDATION_ERROR", 2);
    assert_eq!(error["details"][0]["rule"], "required");
    for expected in ["orders-chg-7-1", "orders-chg-7-2"] {
        let created = world.run(&["create", "orders", "--tag", "ticket=CHG-7", "--json"]).data("created");
        assert_eq!(created["id"], expected);
    }
}

#[test]
fn a_dry_run_checks_everything_and_creates_nothing() {
    let world = World::new();
    let args = ["create", "orders", "--name", "dry", "--tag", "it=x y", "--dry-run", "--read-only", "--json"];
    let dry = world.run(&args).data("dry_run");
    let results: Vec<(&str, &str)> = dry["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| (check["name"].as_str().unwrap(), check["result"].as_str().unwrap()))
        .collect();
    let names = ["credentials", "cluster", "name", "quota", "journal"];
    assert_eq!(results, names.map(|name| (name, "ok")));
    assert!(dry["aws_command"].as_str().unwrap().starts_with("aws rds create-db-cluster-snapshot"), "{dry}");
    world.run(&["create", "busy", "--dry-run", "--json"]).error("INVALID_CLUSTER_STATE", 3);
    let waits = world.run(&["create", "busy", "--dry-run", "--when-available", "--json"]).data("dry_run");
    assert_eq!(waits["checks"][1]["result"], "warning");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
    let full = World::with("", "snapshot_quota = 0\n[[cluster]]\nidentifier = \"c\"\nengine = \"mysql\"\n");
    full.run(&["create", "c", "--dry-run", "--json"]).error("QUOTA_EXCEEDED", 3);
    let text = world.run(&["create", "orders", "--name", "dry", "--dry-run"]);
    assert!(text.out.contains("Nothing is created") && text.out.contains("aws rds create"), "{}", text.out);
}

#[test]
fn create_waits_until_it_is_available_and_the_journal_knows_when() {
    let world = World::new();
    let run = world.run(&["create", "orders", "--name", "w", "--wait", "--timeout", "2m", "--json"]);
    let created = run.data("created");
    assert_eq!((&created["status"], &created["percent"]), (&json!("available"), &json!(100)));
    assert!(run.err.contains("w  creating  0 %"), "plain lines where there is no terminal: {}", run.err);
    let history = world.run(&["history", "--cluster", "Orders", "--json"]).data("requests");
    let request = &history[0];
    assert_eq!((&request["status"], &request["open"]), (&json!("available"), &json!(false)));
    assert!(request["took_s"].as_f64().unwrap() > 0.9, "{request}");
    let other = world.run(&["history", "--cluster", "slow", "--json"]).data("requests");
    assert_eq!(other, json!([]));
    let text = world.run(&["history"]);
    assert!(text.out.contains("w of orders: created, available, took "), "{}", text.out);
    assert!(text.out.contains(created["request_id"].as_str().unwrap()), "{}", text.out);
}

#[test]
fn a_busy_cluster_is_waited_for_within_the_deadline() {
    let world = World::with("", SOON_AVAILABLE);
    let late = ["create", "busy", "--name", "b", "--when-available", "--timeout", "1s", "--json"];
    let error = world.run(&late).error("INVALID_CLUSTER_STATE", 3);
    assert!(error["message"].as_str().unwrap().contains("Nothing was sent"), "{error}");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
    let run = world.run(&["create", "busy", "--name", "b", "--when-available", "--json"]);
    assert_eq!(run.data("created")["id"], "b");
    assert!(run.err.contains("busy is backing-up") && run.err.contains("Waiting for it"), "{}", run.err);
}

#[test]
fn watch_follows_what_is_being_created_and_what_the_journal_has_open() {
    // Slow enough to be seen in progress, on a machine that is busy too.
    let world = World::with(
        "",
        r#"
        [[cluster]]
        identifier = "orders"
        engine = "aurora-postgresql"
        snapshot_takes = "5s"

        [[cluster]]
        identifier = "failing"
        engine = "mysql"
        snapshot_takes = "1s"
        snapshot_fails_at = 40
        "#,
    );
    world.simulator.create_by_another("elsewhere", "orders", Vec::new());
    assert_eq!(world.run(&["create", "failing", "--name", "mine"]).code, 0);
    let run = world.run(&["watch", "--json"]);
    assert_eq!(run.code, 6, "{}", run.out);
    let lines: Vec<Value> = run.out.lines().map(envelope).collect();
    let last_of = |id: &str| {
        lines
            .iter()
            .rev()
            .find(|line| line["data"]["id"] == id || line["error"]["snapshot"]["id"] == id)
            .unwrap_or_else(|| panic!("a line for {id} in {}", run.out))
    };
    assert_eq!(last_of("mine")["error"]["code"], "SNAPSHOT_FAILED");
    assert_eq!(last_of("elsewhere")["data"]["status"], "available");
    check("snapshot", &last_of("elsewhere")["data"]);
    let quiet = world.run(&["watch"]);
    assert_eq!((quiet.code, quiet.out.as_str()), (0, ""), "{}", quiet.err);
    let named = world.run(&["watch", "ELSEWHERE"]);
    assert_eq!((named.code, named.out.lines().count()), (0, 1), "{}", named.out);
}

#[test]
fn a_lost_answer_is_found_again_and_is_a_success() {
    let drop =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = true\nanswer = { kind = \"drop\" }";
    let world = World::faulty(drop);
    let run = world.run(&["create", "orders", "--name", "d", "--json"]);
    assert_eq!(run.data("created")["outcome"], "found_again");
    assert_eq!(world.simulator.creates(), 1);
    assert!(run.err.contains("found again"), "{}", run.err);
}

#[test]
fn snapshots_are_listed_by_cluster_and_type() {
    let fleet = r#"
        [[cluster]]
        identifier = "mine"
        engine = "mysql"
        automated_snapshots = 2
        snapshot = [{ identifier = "m1", age = "1d" }, { identifier = "b1", kind = "awsbackup", age = "2d" }]

        [[cluster]]
        identifier = "theirs"
        engine = "mysql"
        owner = "999999999999"
        snapshot = [{ identifier = "s1", age = "1d" }]
    "#;
    let world = World::with("", fleet);
    let count = |args: &[&str]| {
        let args: Vec<&str> = ["snapshots", "--json"].iter().chain(args).copied().collect();
        world.run(&args).data("snapshots").as_array().unwrap().len()
    };
    assert_eq!(count(&[]), 5);
    assert_eq!(count(&["--type", "manual"]), 1);
    assert_eq!(count(&["--type", "automated"]), 2);
    assert_eq!(count(&["--type", "shared"]), 1);
    assert_eq!(count(&["--type", "awsbackup", "MINE"]), 1);
    assert_eq!(count(&["mine"]), 4);
    let text = world.run(&["snapshots", "mine", "--type", "manual"]).out;
    assert!(text.lines().nth(1).unwrap().starts_with("m1 "), "{text}");
    let row = |args: &[&str]| {
        let words: Vec<String> = world
            .run(args)
            .out
            .lines()
            .nth(1)
            .unwrap()
            .split("  ")
            .map(|word| word.trim().to_owned())
            .collect();
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("|")
    };
    assert_eq!(row(&["snapshots", "mine", "--type", "manual", "--columns", "age,id,tags"]), "24 h ago|m1|-");
    assert_eq!(
        row(&["list", "--columns", "id,last-usable,arn"]),
        "mine|2 h ago|arn:aws:rds:eu-west-1:123456789012:cluster:mine"
    );
    assert!(row(&["list"]).ends_with("|available|2 h ago"), "{}", row(&["list"]));
    assert_eq!(world.run(&["list", "--columns", "id,colour"]).code, 2);
}

#[test]
fn the_demo_needs_nothing_and_leaves_no_trace() {
    let home = tempfile::tempdir().unwrap();
    let mut command = super::world::bare(home.path(), &["create", "orders-prod", "--demo", "--json"]);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY").env_remove("AWS_REGION");
    finish(&mut command).data("created");
    let dry = finish(&mut super::world::bare(home.path(), &["create", "orders-prod", "--demo", "--dry-run"]));
    assert!(dry.code == 0 && !dry.out.contains("journal"), "{}", dry.out);
    let history = finish(&mut super::world::bare(home.path(), &["history", "--demo"]));
    assert!(history.err.contains("no history of the demo"), "{}", history.err);
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}
