//! Every fault, each at another item of one change of ten: what is said of each is compared with what exists.

use super::world::{World, ended};
use super::*;

/// What goes wrong at each create, and how often it is sent for it.
const FAULTS: [&str; 9] = [
    "",
    "happened = true\nanswer = { kind = \"drop\" }",
    "answer = { kind = \"error\", status = 400, code = \"Throttling\", message = \"Rate exceeded\" }",
    "rival = {}",
    "answer = { kind = \"error\", status = 400, code = \"SnapshotQuotaExceeded\", message = \"full\" }",
    "happened = true\nanswer = { kind = \"garbage\" }",
    "answer = { kind = \"refuse\" }",
    "delivered_twice = true",
    "happened = true\nanswer = { kind = \"error\", status = 500, code = \"InternalFailure\", message = \"?\" }",
];
/// Nothing comes back, and it is not carried out: only time could tell.
const LOST: &str = "happened = false\nanswer = { kind = \"drop\" }";

fn faults() -> String {
    let fault = |(at, fault): (usize, &&str)| {
        format!("[[fault]]\naction = \"{CREATE}\"\ncalls = \"{}\"\n{fault}\n", at + 1)
    };
    FAULTS.iter().chain([&LOST]).enumerate().map(fault).collect()
}

/// Compares each row with what exists: by its name, and by the number in the mark of that.
#[track_caller]
fn compare(world: &World, rows: &Value) {
    for row in rows.as_array().unwrap() {
        let (id, outcome) = (row["id"].as_str().unwrap(), row["outcome"].as_str().unwrap_or("none"));
        let exists = world.simulator.has_snapshot(id);
        match outcome {
            "created" | "found_again" => assert!(exists && row["success"] == true, "{row}"),
            "refused" | "not_created" => assert!(!exists && row["success"] == false, "{row}"),
            "taken" | "unproven" => assert!(exists && row["success"] == false, "{row}"),
            "unknown" => assert!(row["success"] == false, "{row}"),
            // What was told before is told by its snapshot only.
            "none" => assert!(row["success"] == false || exists, "{row}"),
            other => panic!("{other}: {row}"),
        }
    }
}

#[test]
fn every_fault_hits_one_item_of_ten_and_each_is_told_as_it_is() {
    let world = World::with(&faults(), &clusters(10));
    let words = create(10);
    let child = world.start(&refs(&words));
    let settled = |world: &World| {
        let journal = world.journal();
        let words = journal.iter().filter(|line| line["kind"] == "outcome" && line["outcome"] != "unknown");
        let mut numbers: Vec<&Value> = words.map(|line| &line["number"]).collect();
        numbers.sort_by_key(|number| number.to_string());
        numbers.dedup();
        numbers.len()
    };
    // Those that only time could tell are looked up for a minute and a half: long enough to be told to end.
    wait_until("the outcomes of eight", || settled(&world) >= 8);
    signal(&child, Signal::INT);
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, Signal::INT);
    let run = ended(child.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{}", run.err);
    let rows = run.envelope()["data"].clone();
    compare(&world, &rows);
    let words_of = |rows: &Value| {
        let mut words = column(rows, "outcome");
        words.sort();
        words
    };
    let told = words_of(&rows);
    let count = |word: &str| told.iter().filter(|told| *told == word).count();
    assert_eq!((count("created"), count("found_again"), count("refused")), (2, 4, 1), "{told:?}");
    // Somebody else's without a mark could as well be a copy whose tags were replaced.
    assert_eq!(count("taken") + count("unproven"), 1, "{told:?}");
    assert_eq!(column(&rows, "result").iter().filter(|result| *result == "under_way").count(), 2, "{rows}");
    let sent_before = world.simulator.calls(CREATE);
    let again = world.run(&refs(&words));
    let rows = again.envelope()["data"].clone();
    compare(&world, &rows);
    assert_eq!(again.code, 4, "three are still open: {}", again.err);
    assert_eq!(column(&rows, "result").iter().filter(|result| *result == "open").count(), 3, "{rows}");
    // Asked again is only what was refused: of what is open nothing is sent.
    assert_eq!(world.simulator.calls(CREATE) - sent_before, 1, "{rows}");
    assert_eq!(world.simulator.creates(), 7, "one for each but those that are open");
}
