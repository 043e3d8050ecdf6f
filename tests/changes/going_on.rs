//! The same command again: what the change has is told, what is open is settled first, what is missing is sent.

use super::support::clock::hurried;
use super::world::{SOON_AVAILABLE, World, bare, ended, finish};
use super::*;

#[test]
fn asked_again_nothing_is_made_twice_from_this_machine_or_another() {
    let world = World::with("", &clusters(3));
    let made = world.run(&refs(&create(2))).data("change_items");
    assert_eq!(column(&made, "result"), ["sent", "sent"]);
    let again = world.run(&refs(&create(3))).data("change_items");
    assert_eq!(column(&again, "result"), ["made_before", "made_before", "sent"]);
    assert_eq!(column(&again, "id")[..2], column(&made, "id"));
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = bare(elsewhere.path(), &refs(&create(3)));
    let other = finish(command.env("AWS_ENDPOINT_URL", &world.served.url)).data("change_items");
    assert_eq!(column(&other, "result"), ["made_elsewhere", "made_elsewhere", "made_elsewhere"]);
    assert_eq!(column(&other, "id"), column(&again, "id"));
    // Nor where the mark has another key there.
    let renamed = elsewhere.path().join(".config/clustersnap");
    std::fs::create_dir_all(&renamed).unwrap();
    std::fs::write(renamed.join("config.toml"), "[proof]\nkey = \"proof\"\n").unwrap();
    let mut command = bare(elsewhere.path(), &refs(&create(3)));
    let other = finish(command.env("AWS_ENDPOINT_URL", &world.served.url)).data("change_items");
    assert_eq!(column(&other, "result"), ["made_elsewhere", "made_elsewhere", "made_elsewhere"]);
    assert_eq!(world.simulator.creates(), 3);
    // Another change is another matter.
    let mut words = create(1);
    words[3] = "CHG-2".to_owned();
    words.extend(["--name".to_owned(), "{cluster}-{ticket}".to_owned()]);
    let second = world.run(&refs(&words)).data("change_items");
    assert_eq!(column(&second, "id"), ["c0-chg-2"]);
}

#[test]
fn what_another_machine_made_for_the_change_before_a_list_had_it_is_no_failure() {
    let world = World::with("", &format!("list_lag = \"4s\"\n{}", clusters(2)));
    let mut words = create(2);
    words.extend(["--name".to_owned(), "{cluster}-{ticket}".to_owned()]);
    let made = world.run(&refs(&words)).data("change_items");
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = bare(elsewhere.path(), &refs(&words));
    let other = finish(command.env("AWS_ENDPOINT_URL", &world.served.url));
    assert!(!other.err.contains("Choose another"), "{}", other.err);
    let other = other.data("change_items");
    assert_eq!(column(&other, "result"), ["made_elsewhere", "made_elsewhere"]);
    assert_eq!(column(&other, "id"), column(&made, "id"));
    assert_eq!(world.simulator.creates(), 2);
}

#[test]
fn a_snapshot_that_was_deleted_from_here_a_moment_ago_is_not_told_as_made() {
    let world = World::with("", &clusters(2));
    let mut words = create(2);
    words.push("--wait".to_owned());
    let made = world.run(&refs(&words)).data("change_items");
    let name = &column(&made, "id")[0];
    let deleted = world.run(&["delete", name, "--even", name, "--yes", "1"]);
    assert_eq!(deleted.code, 0, "{}", deleted.err);
    // Its name may be missing from a list because it is new; this one is missing because it is deleted.
    let again = world.run(&refs(&words)).data("change_items");
    assert_eq!(column(&again, "result"), ["sent", "made_before"]);
    assert_eq!(column(&again, "status"), ["available", "available"]);
    assert_eq!(world.simulator.creates(), 3);
}

#[test]
fn what_a_list_had_and_has_no_more_is_not_told_as_being_made_and_is_found_gone_by_watching() {
    let world = World::with("", &clusters(2));
    let waiting = [create(2), vec!["--wait".to_owned()]].concat();
    let made = column(&world.run(&refs(&waiting)).data("change_items"), "id");
    world.simulator.delete_by_another(&made[0]);
    let again = world.run(&refs(&create(2)));
    again.error("OUTCOME_UNKNOWN", 4);
    let rows = &again.envelope()["data"];
    assert_eq!(column(rows, "result"), ["open", "made_before"]);
    assert_eq!(column(rows, "status"), ["null", "available"]);
    let words = ["create", "c0", "c1", "--change", CHANGE, "--dry-run"];
    let told = world.run(&words).out;
    assert!(told.contains("had c0-") && told.contains("the list read now has it not"), "{told}");
    // Three looks over two minutes, by a clock that runs fast: that is gone, and the journal has it.
    let watched = finish(&mut hurried(world.command(&["watch", "--change", CHANGE])));
    assert_eq!(watched.code, 6, "{}", watched.out);
    assert!(watched.out.contains(&format!("{}: AWS answers", made[0])), "{}", watched.out);
    let history = world.run(&["history"]).out;
    assert!(history.contains("created, available, took") && history.contains("; found gone "), "{history}");
    let report = world.run(&["report", CHANGE]).out;
    assert!(report.starts_with("**CHG-1042: 1 of 2 clusters had a usable snapshot"), "{report}");
    assert!(report.contains("| gone |"), "{report}");
    let made_anew = world.run(&refs(&create(2))).data("change_items");
    assert_eq!(column(&made_anew, "result"), ["sent", "made_before"]);
    assert_eq!(world.simulator.creates(), 3);
    let report = world.run(&["report", CHANGE]).out;
    assert!(report.starts_with("**CHG-1042: 1 of 2 clusters had a usable snapshot"), "{report}");
}

#[test]
fn one_that_failed_in_the_answer_already_is_no_success() {
    let fleet =
        clusters(2).replace("snapshot_takes = \"1s\"", "snapshot_takes = \"1s\"\nsnapshot_fails_at = 0");
    let world = World::with("", &fleet);
    let run = world.run(&refs(&create(2)));
    run.error("SNAPSHOT_FAILED", 6);
    let rows = &run.envelope()["data"];
    assert!(rows.as_array().unwrap().iter().all(|row| row["success"] == false), "{rows}");
    assert_eq!(column(rows, "status"), ["failed", "failed"]);
    let single = world.run(&["create", "c0", "--name", "single", "--json"]);
    let error = single.error("SNAPSHOT_FAILED", 6);
    assert!(error["message"].as_str().unwrap().contains("failed: it cannot be restored"), "{error}");
    assert_eq!(world.journal().pop().unwrap()["status"], "failed", "its end is written down");
}

#[test]
fn one_that_the_list_has_as_failed_is_written_down_and_made_anew() {
    let fleet =
        clusters(1).replace("snapshot_takes = \"1s\"", "snapshot_takes = \"1s\"\nsnapshot_fails_at = 40");
    let world = World::with("", &fleet);
    let named = |name: &str| [create(1), vec!["--name".to_owned(), format!("{{cluster}}-{name}")]].concat();
    world.run(&refs(&named("one"))).data("change_items");
    world.simulator.skip(clustersnap::sim::clock::Period::seconds(5));
    let again = world.run(&refs(&named("two"))).data("change_items");
    assert_eq!(
        (column(&again, "result"), column(&again, "id")),
        (vec!["sent".to_owned()], vec!["c0-two".to_owned()])
    );
    let report = world.run(&["report", CHANGE]).out;
    assert!(report.contains("| c0-one | failed |") && report.contains("| c0-two | being made |"), "{report}");
    assert!(
        report.starts_with("**CHG-1042: 0 of 1 clusters had a usable snapshot when it was seen last**"),
        "{report}"
    );
}

#[test]
fn what_waits_for_its_cluster_holds_up_none_of_the_others() {
    let world = World::with("", &format!("{}{SOON_AVAILABLE}", clusters(2)));
    let words =
        ["create", "c0", "c1", "busy", "--change", CHANGE, "--yes", "--json", "--when-available", "--wait"];
    let run = world.run(&words);
    let rows = run.data("change_items");
    assert_eq!(column(&rows, "status"), ["available", "available", "available"]);
    let place = |said: &str| run.err.find(said).unwrap_or_else(|| panic!("{said}: {}", run.err));
    assert!(place("busy is backing-up") < place("3 of 3: busy-"), "{}", run.err);
    assert!(place("2 of 3: c1-") < place("3 of 3: busy-"), "{}", run.err);
    let watched = world.run(&["watch", "--change", CHANGE]);
    assert!(
        watched.code == 0 && watched.err.contains("All snapshots that are known of CHG-1042 are usable"),
        "{}",
        watched.err
    );
}

#[test]
fn told_to_end_nothing_new_is_sent_what_is_under_way_is_told_and_the_rest_is_sent_later() {
    let slow = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ndelay = \"2s\"\n";
    let world = World::with(slow, &clusters(8));
    let words = create(8);
    let child = world.start(&refs(&words));
    wait_until("the second create", || world.simulator.calls(CREATE) == 2);
    signal(&child, Signal::INT);
    let run = ended(child.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{}", run.err);
    assert!(run.err.contains("nothing more begins; waiting up to 10 s"), "{}", run.err);
    let answer = run.envelope();
    assert_eq!(answer["error"]["code"], "INTERRUPTED");
    let rows = &answer["data"];
    let sent = column(rows, "result").iter().filter(|result| *result == "sent").count();
    assert_eq!(
        (column(rows, "outcome").iter().filter(|word| *word == "created").count(), sent),
        (sent, sent)
    );
    assert_eq!(u64::try_from(sent).unwrap(), world.simulator.creates());
    assert!((2..=6).contains(&sent), "{sent}");
    let report = world.run(&["report", CHANGE, "--format", "json"]).data("report");
    assert_eq!((&report["clusters"], report["unsent"].as_array().unwrap().len()), (&8.into(), 8 - sent));
    let watched = world.run(&["watch", "--change", CHANGE]);
    assert!(watched.code == 3 && watched.out.contains("was not sent"), "{}\n{}", watched.out, watched.err);
    let again = world.run(&refs(&words)).data("change_items");
    assert_eq!(column(&again, "result").iter().filter(|result| *result == "made_before").count(), sent);
    assert_eq!(world.simulator.creates(), 8);
    assert_eq!(world.run(&["watch", "--change", CHANGE]).code, 0);
}

#[test]
fn told_to_end_twice_what_has_no_outcome_is_counted_as_that() {
    let hangs =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = true\nanswer = { kind = \"hang\" }\n";
    let world = World::with(hangs, &clusters(2));
    let child = world.start(&refs(&create(2)));
    wait_until("both creates", || world.simulator.calls(CREATE) == 2);
    signal(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, Signal::INT);
    let run = ended(child.wait_with_output().unwrap());
    let told = "Interrupted. The outcome of 2 requests is not known. The same command again goes on";
    assert!(run.code == 130 && run.err.contains(told), "{}", run.err);
}

#[test]
fn what_a_program_that_is_at_work_sends_later_is_followed_too() {
    let slow = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ndelay = \"2s\"\n";
    let world = World::with(slow, &clusters(6));
    let child = world.start(&refs(&create(6)));
    wait_until("the first create", || world.simulator.calls(CREATE) >= 1);
    let watched = world.run(&["watch", "--change", CHANGE]);
    assert_eq!(watched.code, 0, "{}\n{}", watched.out, watched.err);
    let told = "was not sent: a program is at work on the change, and may send it yet";
    assert!(watched.out.contains(told), "{}", watched.out);
    assert_eq!(ended(child.wait_with_output().unwrap()).code, 0);
    assert_eq!(world.simulator.creates(), 6);
}

#[test]
fn one_program_works_on_a_change_at_a_time() {
    let slow = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ndelay = \"3s\"\n";
    let world = World::with(slow, &clusters(2));
    let child = world.start(&refs(&create(2)));
    wait_until("the first create", || world.simulator.calls(CREATE) >= 1);
    let second = world.run(&refs(&create(2)));
    assert!(
        second.code == 1 && second.err.contains("works on the change CHG-1042: ask again once it has ended"),
        "{}",
        second.err
    );
    assert_eq!(ended(child.wait_with_output().unwrap()).code, 0);
    assert_eq!(world.simulator.creates(), 2);
}

#[test]
fn clusters_come_from_a_file_and_a_young_snapshot_makes_another_needless() {
    let world = World::with("", &clusters(3));
    std::fs::write(world.home.path().join("list"), "\u{feff}# tonight\nc0\r\n\n  C1\n").unwrap();
    let words = ["create", "--clusters-file", "list", "--change", CHANGE, "--yes", "--json", "--wait"];
    assert_eq!(column(&world.run(&words).data("change_items"), "cluster"), ["c0", "c1"]);
    let utf_16: Vec<u8> = "\u{feff}c0\r\nc2\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(world.home.path().join("list"), utf_16).unwrap();
    let words = [
        "create",
        "--clusters-file",
        "list",
        "--change",
        "CHG-3",
        "--name",
        "{cluster}-3",
        "--dry-run",
        "--json",
    ];
    assert_eq!(column(&world.run(&words).data("change_items"), "cluster"), ["c0", "c2"]);
    let ready = world.run(&["ready", "c0", "c1", "--within", "1h", "--json"]).data("readiness");
    assert_eq!(ready[0]["snapshot"]["type"], "manual");
    assert_eq!(ready[0]["clock"], "server");
    world.run(&["ready", "c0", "c2", "--within", "1h", "--json"]).error("NOT_READY", 3);
    world.run(&["ready", "c0", "nosuch", "--within", "1h", "--json"]).error("CLUSTER_NOT_FOUND", 3);
    let words = ["create", "c0", "c2", "--change", "CHG-2", "--yes", "--json", "--unless-within", "1h"];
    assert_eq!(column(&world.run(&words).data("change_items"), "result"), ["young_enough", "sent"]);
    let single = world.run(&["create", "c1", "--unless-within", "1h", "--json"]).data("created");
    assert_eq!((&single["cluster"], &single["outcome"]), (&"c1".into(), &Value::Null));
    assert_eq!(world.simulator.creates(), 3);
    world.simulator.skip(clustersnap::sim::clock::Period::seconds(7_200));
    world.run(&["ready", "c0", "--within", "1h", "--json"]).error("NOT_READY", 3);
}

#[test]
fn a_shared_snapshot_of_another_account_s_cluster_of_the_same_name_makes_none_needless() {
    let theirs = "[[cluster]]\nidentifier = \"c0\"\nowner = \"210987654321\"\nengine = \"aurora-postgresql\"\n\
                  [[cluster.snapshot]]\nidentifier = \"theirs\"\nage = \"10m\"\n";
    let world = World::with("", &(clusters(2) + theirs));
    let listed = world.run(&["snapshots", "--json"]).data("snapshots");
    assert!(listed.to_string().contains("theirs"), "it is shared with this account: {listed}");
    let clusters = world.run(&["list", "--columns", "id,last-usable", "--json"]).data("clusters");
    assert_eq!(clusters[0]["last_usable_at"], Value::Null);
    for names in [vec!["c0"], vec!["c0", "c1"]] {
        let words = [vec!["ready"], names, vec!["--within", "1h", "--json"]].concat();
        world.run(&words).error("NOT_READY", 3);
    }
    world.run(&["create", "c0", "--unless-within", "1h", "--wait", "--json"]).data("created");
    let words = ["create", "c0", "c1", "--change", CHANGE, "--yes", "--json", "--unless-within", "1h"];
    assert_eq!(column(&world.run(&words).data("change_items"), "result"), ["young_enough", "sent"]);
    assert_eq!(world.simulator.creates(), 2);
}

#[test]
fn told_to_end_what_waits_for_its_cluster_is_told_as_not_sent_also_where_nothing_answers() {
    let hangs = "[[fault]]\naction = \"DescribeDBClusters\"\ncalls = \"2-\"\nanswer = { kind = \"hang\" }\n";
    let world = World::with(hangs, SOON_AVAILABLE);
    let words = ["create", "busy", "--change", CHANGE, "--yes", "--when-available", "--json"];
    let child = world.start(&words);
    wait_until("the look at the cluster", || world.simulator.calls("DescribeDBClusters") == 2);
    let told = Instant::now();
    signal(&child, Signal::INT);
    let run = ended(child.wait_with_output().unwrap());
    assert!(told.elapsed() < Duration::from_secs(5), "nothing is on its way that is worth waiting for");
    let answer = run.envelope();
    assert_eq!(column(&answer["data"], "result"), ["not_sent"], "{answer}");
    assert!(
        run.err.contains("Interrupted. 1 request was not sent. The same command again goes on"),
        "{}",
        run.err
    );
    assert!(world.journal().is_empty());
}

#[test]
fn told_to_end_twice_at_once_what_waits_for_its_cluster_is_not_sent() {
    let busy: String = (0..40).map(|at| SOON_AVAILABLE.replace("busy", &format!("b{at}"))).collect();
    let world = World::with("", &busy.replace("4s", "1h"));
    let names: Vec<String> = (0..40).map(|at| format!("b{at}")).collect();
    let mut words = vec!["create"];
    words.extend(refs(&names));
    words.extend(["--change", CHANGE, "--yes", "--when-available", "--json"]);
    let child = world.start(&words);
    wait_until("a look at a cluster", || world.simulator.calls("DescribeDBClusters") > 8);
    signal(&child, Signal::TERM);
    signal(&child, Signal::HUP);
    let run = ended(child.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{}", run.err);
    let results = column(&run.envelope()["data"], "result");
    assert!(results.iter().all(|result| result == "not_sent"), "{results:?}");
    assert!(run.err.contains("Interrupted. 40 requests were not sent."), "{}", run.err);
}

#[test]
fn what_aws_refused_while_its_cluster_is_waited_for_is_told_as_refused() {
    let refused = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ncalls = \"1\"\nhappened = false\n\
                   answer = { kind = \"error\", status = 400, code = \"InvalidDBClusterStateFault\", \
                   message = \"busy\" }\n";
    let world = World::with(refused, &clusters(1));
    let words = ["create", "c0", "--change", CHANGE, "--yes", "--when-available", "--json"];
    let child = world.start(&words);
    wait_until("the refusal", || world.journal().iter().any(|line| line["outcome"] == "refused"));
    std::thread::sleep(Duration::from_secs(2));
    signal(&child, Signal::INT);
    let answer = ended(child.wait_with_output().unwrap()).envelope();
    let row = &answer["data"][0];
    assert_eq!((&row["result"], &row["outcome"]), (&"sent".into(), &"refused".into()), "{answer}");
    assert_eq!(world.simulator.calls(CREATE), 1);
}

#[test]
fn where_nothing_is_being_created_a_time_that_is_over_says_nothing_of_it() {
    let busy = SOON_AVAILABLE.replace("4s", "1h");
    let world = World::with("", &format!("{}{busy}", clusters(1)));
    let words =
        ["create", "busy", "--change", CHANGE, "--yes", "--when-available", "--wait", "--timeout", "1s"];
    let run = world.run(&words);
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(!run.err.contains("What is being created goes on"), "{}", run.err);
}

#[test]
fn how_long_a_snapshot_took_is_not_counted_until_the_others_were_sent() {
    let world = World::with("", &format!("{}{SOON_AVAILABLE}", clusters(1)).replace("4s", "12s"));
    let words = ["create", "c0", "busy", "--change", CHANGE, "--yes", "--when-available", "--wait", "--json"];
    let rows = world.run(&words).data("change_items");
    assert_eq!((&rows[1]["cluster"], &rows[1]["took_s"]), (&"c0".into(), &1.0.into()), "{rows:#}");
}

#[test]
fn an_open_request_that_is_found_while_it_is_waited_for_is_no_request_that_was_not_sent() {
    let late = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappens_after = \"8s\"\nanswer = { kind = \"hang\" }\n";
    let world = World::with(late, &clusters(1));
    let mut child = world.start(&refs(&create(1)));
    wait_until("the create", || world.simulator.calls(CREATE) == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let again = world.run(&["create", "c0", "--change", CHANGE, "--yes", "--wait"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("requested before") && !again.out.contains("not sent"), "{}", again.out);
}

#[test]
fn what_another_machine_asked_for_of_a_change_is_watched_beside_what_this_one_did() {
    let world = World::with("", &clusters(2).replacen("1s", "20s", 2).replacen("20s", "1s", 1));
    world.run(&["create", "c0", "--change", CHANGE, "--yes", "--json"]).data("change_items");
    let elsewhere = tempfile::tempdir().unwrap();
    let mut command = bare(elsewhere.path(), &["create", "c1", "--change", CHANGE, "--yes", "--json"]);
    finish(command.env("AWS_ENDPOINT_URL", &world.served.url)).data("change_items");
    let watched = world.run(&["watch", "--change", CHANGE]);
    assert_eq!(watched.code, 0, "{}", watched.err);
    let last = watched.out.lines().last().unwrap_or_default();
    assert!(last.starts_with("c1-") && last.contains("available"), "{}", watched.out);
}
