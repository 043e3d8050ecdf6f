//! Others delete, too, between the plan of a clean-up and its requests: the last usable snapshot of a cluster stays,
//! unless it was said by name.

use super::altered::{DELETE, Fate, deletion_holds_true, listed, row, word};
use super::support::proxy::{Asked, Proxy, Road};
use super::support::query::delete;
use super::world::*;

const FLEET: &str = r#"
[[cluster]]
identifier = "orders"
engine = "aurora-postgresql"

[[cluster.snapshot]]
identifier = "o1"
kind = "manual"
age = "100d"

[[cluster.snapshot]]
identifier = "o2"
kind = "manual"
age = "1d"
"#;

#[test]
fn the_last_one_stays_although_the_plan_counted_another() {
    let sim = Sim::of(FLEET, &[]);
    let before = listed(&sim.url, "o1").unwrap();
    // Somebody deletes the other one once the plan is made: at the first look that follows its lists.
    let proxy = Proxy::start(&sim.url, |asked: &Asked, road: &Road| {
        let is_list_of_plan = asked.field("SnapshotType") != Some("manual") && asked.snapshot().is_empty();
        if asked.action == LOOK_UP && !is_list_of_plan && listed(road.upstream(), "o2").is_some() {
            delete(road.upstream(), "o2");
        }
        honest(asked, road)
    });
    let desk = Desk::new(&proxy.url);
    let told = desk.run("delete o1 --yes 1 --json");
    assert_eq!(word(&told, "o1"), "not_done", "{told}");
    deletion_holds_true(&told, &desk, "o1", &Fate::of(&before, &[DELETE], &proxy, &sim.url));
    let why = row(&told, "o1")["message"].as_str().unwrap().to_owned();
    let said = "It is kept: o1 is the last usable manual snapshot of its cluster now";
    assert!(why.ends_with(said), "{told}");
    // Said by its name, it goes.
    let told = desk.run("delete o1 --even o1 --yes 1 --json");
    assert_eq!(word(&told, "o1"), "deleting", "{told}");
    deletion_holds_true(&told, &desk, "o1", &Fate::of(&before, &[DELETE], &proxy, &sim.url));
}
