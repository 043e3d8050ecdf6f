//! Before anything is sent: what is refused, what is asked, what stands in the way.

use super::pty::{self, Session};
use super::world::{SOON_AVAILABLE, World};
use super::*;

#[test]
fn without_a_terminal_a_change_is_refused_unless_it_is_confirmed_and_several_clusters_need_an_id() {
    let world = World::with("", &clusters(2));
    for (words, parameter) in [
        (&["create", "c0", "c1", "--change", CHANGE, "--json"][..], "--yes"),
        (&["create", "--filter", "owner=dba", "--change", CHANGE, "--json"], "--yes"),
        (&["create", "c0", "c1", "--json"], "--change"),
        (&["create", "c0", "--change", "no id", "--yes", "--json"], "--change"),
        (&["create", "c0", "--change", CHANGE, "--yes", "--json", "--tag", "change=x"], "--tag"),
        (&["create", "c0", "c1", "--change", CHANGE, "--yes", "--json", "--name", "one"], "--name"),
        (&["create", "--filter", "owner=nobody", "--change", CHANGE, "--yes", "--json"], "--filter"),
        (&["create", "--filter", "", "--change", CHANGE, "--yes", "--json"], "--filter"),
        (&["create", "--filter", " ", "--change", CHANGE, "--yes", "--json"], "--filter"),
    ] {
        let error = world.run(words).error("VALIDATION_ERROR", 2);
        assert_eq!(error["details"][0]["parameter"], parameter, "{error}");
    }
    let missing = world.run(&["create", "c0", "nosuch", "--change", CHANGE, "--yes", "--json"]);
    missing.error("CLUSTER_NOT_FOUND", 3);
    assert_eq!(world.simulator.calls(CREATE), 0);
    assert!(world.journal().is_empty());
    let state = world.home.path().join(".local/state/clustersnap");
    let left = std::fs::read_dir(state).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(left.collect::<Vec<_>>(), ["journal.jsonl"], "no file of a change that was not begun");
}

#[test]
fn at_a_terminal_the_table_is_confirmed_by_typing_the_count_and_anything_else_leaves() {
    let world = World::with("", &clusters(3));
    let run = |typed: &str| {
        let words = ["create", "c0", "c1", "c2", "--change", CHANGE];
        let command = pty::clustersnap_at(&world.served.url, world.home.path(), &words);
        let mut session = Session::start(command, 120, 30);
        session.wait_for("Type 3 to send 3");
        let shown = session.screen();
        for said in ["CLUSTER", "123456789012", "eu-west-1", "c2-20"] {
            assert!(shown.contains(said), "{said}: {shown}");
        }
        session.send(&format!("{typed}\r"));
        session.wait_for_end(PATIENCE)
    };
    assert_eq!(run("2"), 130);
    assert_eq!(world.simulator.calls(CREATE), 0);
    assert_eq!(run("3"), 0);
    assert_eq!(world.simulator.creates(), 3);
}

#[test]
fn a_dry_run_shows_each_request_and_what_stands_against_it_and_creates_nothing() {
    let world = World::new();
    let words = ["create", "orders", "busy", "--change", CHANGE, "--dry-run", "--json"];
    let run = world.run(&words);
    assert_eq!(run.code, 3, "{}", run.err);
    let rows = run.envelope()["data"].clone();
    super::world::check("change_items", &rows);
    let of = |cluster: &str| rows.as_array().unwrap().iter().find(|row| row["cluster"] == cluster).unwrap();
    assert_eq!((&of("orders")["result"], &of("busy")["result"]), (&"to_send".into(), &"not_sent".into()));
    assert_eq!(of("busy")["error"]["code"], "INVALID_CLUSTER_STATE");
    let tags = of("orders")["tags"].as_array().unwrap().clone();
    let value = |key: &str| tags.iter().find(|tag| tag["key"] == key).map(|tag| tag["value"].clone());
    assert_eq!(value("change"), Some(CHANGE.into()));
    assert_eq!(value("owner"), Some("dba".into()), "the cluster's own are kept");
    assert!(of("orders")["aws_command"].as_str().unwrap().contains(CHANGE));
    let text = world.run(&words[..6]);
    assert!(text.out.contains("busy is backing-up; it must be available"), "{}", text.out);
    assert_eq!(world.simulator.calls(CREATE), 0);
}

#[test]
fn an_open_request_for_a_cluster_is_told_before_a_change_is_sent_to_it_unasked() {
    let lost = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ncalls = \"1\"\nhappened = false\nanswer = { kind = \"drop\" }\n";
    let world = World::with(lost, &clusters(2));
    let lost =
        world.run(&["create", "c0", "--name", "solo", "--no-confirm", "--json"]).error("OUTCOME_UNKNOWN", 4);
    let said = lost["message"].as_str().unwrap_or_default();
    assert!(
        said.contains(&format!("watch solo --region eu-west-1 --endpoint-url {}", world.served.url)),
        "{said}"
    );
    let run = world.run(&refs(&create(2)));
    assert!(
        run.err.contains("c0: A request sent just now") && run.err.contains("solo of c0 may exist"),
        "{}",
        run.err
    );
    assert!(!run.err.contains("c1: A request"), "{}", run.err);
}

#[test]
fn the_quota_is_counted_over_the_whole_before_anything_is_sent() {
    let world = World::with("", &clusters(8).replace("snapshot_quota = 1000", "snapshot_quota = 7"));
    let run = world.run(&refs(&create(8)));
    let error = run.error("QUOTA_EXCEEDED", 3);
    assert!(
        error["message"].as_str().unwrap().starts_with("8 wanted, the quota has room for 7 in eu-west-1"),
        "{error}"
    );
    assert_eq!(world.simulator.calls(CREATE), 0);
}

#[test]
fn production_takes_the_change_and_the_count() {
    let world = World::with("", &clusters(2));
    world.configure("[production]\nclusters = [\"c0\"]\nconfirm_headless = true\n");
    let words = create(2);
    let with = |confirm: &str| {
        let mut words = refs(&words);
        words.extend(["--confirm", confirm]);
        world.run(&words)
    };
    let error = world.run(&refs(&words)).error("VALIDATION_ERROR", 2);
    let told = error["details"][0]["message"].as_str().unwrap();
    assert!(told.contains("c0") && told.contains("--confirm CHG-1042:2"), "{told}");
    let dry = [&refs(&words)[..], &["--dry-run"]].concat();
    let promised = world.run(&dry).envelope();
    assert_eq!(
        (&promised["success"], &promised["error"]["code"]),
        (&false.into(), &"VALIDATION_ERROR".into())
    );
    assert!(
        promised["error"]["details"][0]["message"].as_str().unwrap().contains("--confirm CHG-1042:2"),
        "{promised}"
    );
    assert_eq!(world.run(&[&dry[..], &["--confirm", "CHG-1042:2"]].concat()).code, 0);
    with("CHG-1042:3").error("VALIDATION_ERROR", 2);
    assert_eq!(world.simulator.calls(CREATE), 0);
    with("CHG-1042:2").data("change_items");
    assert_eq!(world.simulator.creates(), 2);
}

#[test]
fn by_all_or_stop_an_obstacle_stops_all_and_a_refusal_what_was_not_sent() {
    let world = World::new();
    let words = ["create", "orders", "slow", "busy", "--change", CHANGE, "--yes", "--json", "--all-or-stop"];
    world.run(&words).error("INVALID_CLUSTER_STATE", 3);
    assert_eq!(world.simulator.calls(CREATE), 0);
    let refusing = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ncalls = \"2\"\n\
                    answer = { kind = \"error\", status = 403, code = \"AccessDenied\", message = \"no\" }";
    let world = World::with(refusing, &clusters(8));
    let mut words = create(8);
    words.push("--all-or-stop".to_owned());
    let run = world.run(&refs(&words));
    assert_eq!(run.code, 7, "{}", run.err);
    let results = column(&run.envelope()["data"], "result");
    let unsent = results.iter().filter(|result| *result == "not_sent").count();
    assert!(unsent >= 4, "what was not under way is not sent: {results:?}");
    // The change is not over: the same command goes on with it.
    assert_eq!(world.run(&refs(&words)).code, 0);
    assert_eq!(world.simulator.creates(), 8);
}

#[test]
fn by_all_or_stop_a_wait_that_comes_to_nothing_stops_the_others() {
    let gone = "[[fault]]\naction = \"DescribeDBClusters\"\ncalls = \"3\"\nanswer = { kind = \"error\", \
                status = 403, code = \"AccessDenied\", message = \"no\" }";
    let busy = |name: &str| SOON_AVAILABLE.replace("busy", name).replace("4s", "15s");
    let world = World::with(gone, &format!("{}{}", busy("a"), busy("b")));
    let words = ["create", "a", "b", "--change", CHANGE, "--yes", "--json", "--when-available"];
    let run = world.run(&[&words[..], &["--all-or-stop"]].concat());
    assert_eq!(run.code, 7, "{}", run.err);
    assert_eq!(column(&run.envelope()["data"], "result"), ["not_sent", "not_sent"]);
    assert!(run.err.contains("1 of 2: ") && run.err.contains("by --all-or-stop, for "), "{}", run.err);
    assert_eq!(world.simulator.calls(CREATE), 0);
}
