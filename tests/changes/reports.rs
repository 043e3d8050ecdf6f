//! What became of a change, ready to paste.

use super::support::program;
use super::world::{World, finish};
use super::*;

#[test]
fn what_is_available_in_the_answer_already_is_told_as_usable() {
    let world = World::with("", &clusters(2).replace("\"1s\"", "\"0s\""));
    let made = world.run(&refs(&create(2))).data("change_items");
    assert_eq!(column(&made, "status"), ["available", "available"]);
    let report = world.run(&["report", CHANGE, "--json"]).data("report");
    assert_eq!((&report["clusters"], &report["usable"]), (&2.into(), &2.into()), "{report}");
    let history = world.run(&["history", "--json"]).data("requests");
    assert!(
        history.as_array().unwrap().iter().all(|it| it["status"] == "available" && it["open"] == false),
        "{history}"
    );
}

#[test]
fn a_report_tells_what_was_made_and_what_failed_in_every_format() {
    let refused = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ncalls = \"2\"\n\
                   answer = { kind = \"error\", status = 403, code = \"AccessDenied\", message = \"=1+1|`x`\" }";
    let world = World::with(refused, &clusters(3));
    let mut words = create(3);
    words.push("--wait".to_owned());
    let run = world.run(&refs(&words));
    assert_eq!(run.code, 7, "one that is refused stops none of the others: {}", run.err);
    let markdown = world.run(&["report", CHANGE]);
    assert!(
        markdown.out.starts_with("**CHG-1042: 2 of 3 clusters had a usable snapshot when it was seen last"),
        "{}",
        markdown.out
    );
    let lines: Vec<&str> = markdown.out.lines().filter(|line| line.starts_with('|')).collect();
    let bars = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(lines.len() == 5 && lines.iter().all(|line| bars(line) == 13), "{}", markdown.out);
    for said in [
        "usable when seen last, 20",
        "refused",
        "AWS's answer to the request",
        "assumed-role/dba",
        "=1+1\\|\\`x\\`",
    ] {
        assert!(markdown.out.contains(said), "{said}: {}", markdown.out);
    }
    let csv = world.run(&["report", CHANGE, "--format", "csv"]);
    assert_eq!(csv.out.lines().count(), 4, "{}", csv.out);
    for out in [&markdown.out, &csv.out] {
        assert!(!out.contains('\u{1b}'), "{out:?}");
    }
    let json = world.run(&["report", CHANGE, "--format", "json"]).data("report");
    assert_eq!((&json["clusters"], &json["usable"]), (&3.into(), &2.into()));
    // A snapshot that is deleted afterwards is usable no more.
    let made = json["requests"].as_array().unwrap().iter().find(|it| it["status"] == "available").unwrap();
    let name = made["id"].as_str().unwrap();
    let deleted = world.run(&["delete", name, "--even", name, "--yes", "1"]);
    assert_eq!(deleted.code, 0, "{}", deleted.err);
    let later = world.run(&["report", CHANGE]);
    assert!(
        later.out.starts_with("**CHG-1042: 1 of 3 clusters had a usable snapshot when it was seen last"),
        "{}",
        later.out
    );
    assert!(
        later.out.contains("deleted afterwards") && later.out.contains("delete: deleting, by arn"),
        "{}",
        later.out
    );
    let later = world.run(&["report", CHANGE, "--format", "json"]).data("report");
    assert_eq!((&later["usable"], &later["altered"][0]["id"]), (&1.into(), &made["id"]));
    world.run(&["report", "CHG-1", "--json"]).error("VALIDATION_ERROR", 2);
    // Of what went to a place that is named, and of nothing else.
    let here = world.run(&["report", CHANGE, "--region", "eu-west-1", "--region", "us-east-1"]).out;
    assert!(here.starts_with("**CHG-1042 in eu-west-1, us-east-1: 1 of 3 clusters had"), "{here}");
    let elsewhere = world.run(&["report", CHANGE, "--profile", "prod", "--json"]);
    let message = elsewhere.error("VALIDATION_ERROR", 2)["details"][0]["message"].clone();
    assert_eq!(message, "this machine's journal has nothing of the change CHG-1042 in prod");
    let watched = world.run(&["watch", "--change", CHANGE]);
    let is_told = |words: &str| watched.out.contains(words);
    assert!(watched.code == 6 && is_told("refused") && is_told("was deleted afterwards"), "{}", watched.out);
    let history = world.run(&["history", "--filter", "change:chg-1042", "--json"]).data("requests");
    assert_eq!(history.as_array().unwrap().len(), 3);
    let none = world.run(&["history", "--filter", "change:other", "--json"]).data("requests");
    assert_eq!(none, Value::Array(Vec::new()));
}

#[test]
fn a_report_in_json_is_an_envelope_also_where_there_is_none() {
    let world = World::new();
    world.run(&["report", "NONE", "--format", "json"]).error("VALIDATION_ERROR", 2);
}

#[test]
fn a_cluster_that_nothing_was_sent_for_counts_in_a_report_and_says_why() {
    let stopped = clusters(3).replacen("identifier = \"c0\"", "identifier = \"c0\"\nstatus = \"stopped\"", 1);
    let world = World::with("", &stopped);
    let run = world.run(&refs(&create(3)));
    assert_eq!(run.code, 3, "{}", run.err);
    let report = world.run(&["report", CHANGE]).out;
    assert!(report.starts_with("**CHG-1042: "), "{report}");
    assert!(report.contains(" of 3 clusters had a usable snapshot"), "{report}");
    let row = report.lines().find(|line| line.contains("| c0 |")).unwrap_or_else(|| panic!("{report}"));
    assert!(row.contains("| not sent |") && row.contains("stopped"), "{row}");
    let data = world.run(&["report", CHANGE, "--json"]).data("report");
    assert_eq!((&data["clusters"], &data["left_out"][0]["cluster"]), (&3.into(), &"c0".into()), "{data}");
    let watched = world.run(&["watch", "--change", CHANGE]);
    assert_eq!(watched.code, 3, "{}\n{}", watched.out, watched.err);
    assert!(watched.out.contains("c0: nothing was sent for it: c0 is stopped"), "{}", watched.out);
    assert!(!watched.err.contains("are usable"), "{}", watched.err);
    // Once it was sent for that as well, only that is told.
    world.run(&refs(&create(3)));
    let data = world.run(&["report", CHANGE, "--json"]).data("report");
    assert_eq!(data["left_out"].as_array().map(Vec::len), Some(1), "it is stopped still: {data}");
}

#[test]
fn where_the_journal_takes_no_more_a_change_names_no_option_that_it_refuses() {
    let world = World::with("", &clusters(1));
    let folder = world.home.path().join(".local/state/clustersnap");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("journal.jsonl"), "\n".repeat(16 * 512)).unwrap();
    let told = world.command(&[]);
    let mut command = program::command("sh", world.home.path());
    command.envs(told.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.args(["-c", "ulimit -f 16; exec \"$0\" \"$@\"", program::PROGRAM]).args(create(1));
    let run = finish(&mut command);
    let rows = run.envelope()["data"].clone();
    let message = rows[0]["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("Nothing was sent for ") && message.contains(": cannot "), "{rows:#}");
    assert!(!message.contains("--without-journal"), "{message}");
}
