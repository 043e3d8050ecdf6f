//! A journal of years costs no more to ask than a short one. In a process of its own, for its memory is measured.

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use clustersnap::journal::Journal;
use support::years;

#[test]
fn a_journal_of_years_is_asked_in_a_fraction_of_the_time_and_memory_that_its_lines_take() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("clustersnap");
    let open = years::write(&folder, 60_000).expect("a journal can be written");
    let cost = years::cost(&folder, open);
    assert!(cost.memory <= 50, "{cost:?}");
    let read = years::timed(|| {
        let text = std::fs::read_to_string(Journal::open(&folder).path()).expect("it can be read");
        let is_request = |line: &&str| {
            let line: serde_json::Value = serde_json::from_str(line).expect("a line");
            line["kind"] == "intent"
        };
        assert_eq!(text.lines().filter(is_request).count(), 20_000);
    });
    assert!(cost.ask * 5 < read && cost.page * 5 < read, "{cost:?} beside {read:?} for all of it");
}
