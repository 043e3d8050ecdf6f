//! The mark on the snapshot: every request carries its number, unless it is turned off.

use super::support::clock::{Clock, Kind};
use super::support::proxy::Proxy;
use super::support::query::snapshots;
use super::world::*;

/// The number of the only request in a journal.
fn number(desk: &Desk) -> String {
    let lines = desk.journal();
    let intents: Vec<&serde_json::Value> = lines.iter().filter(|line| line["kind"] == "intent").collect();
    assert_eq!(intents.len(), 1);
    intents[0]["number"].as_str().unwrap().to_owned()
}

#[test]
fn a_snapshot_carries_the_number_of_its_request_in_the_journal() {
    let sim = Sim::start();
    for service in [sim.url.clone(), moto()] {
        let desk = Desk::new(&service);
        let told = desk.run("create orders --name marked --json");
        assert_eq!(told.outcome().as_deref(), Some("created"), "{told}");
        let made = snapshots(&service).into_iter().find(|snapshot| snapshot.name == "marked").unwrap();
        let tags = [("owner".to_owned(), "dba".to_owned()), (MARK.to_owned(), number(&desk))];
        assert!(made.tags.len() == 2 && tags.iter().all(|tag| made.tags.contains(tag)), "{:?}", made.tags);
        let told_tags = told.envelope()["data"]["tags"].to_string();
        assert!(told_tags.contains(&number(&desk)), "what was sent is told: {told}");
    }
}

#[test]
fn the_configuration_names_the_mark_or_leaves_it_out() {
    let sim = Sim::start();
    side_by_side([("team:request", 2), ("", 1)], |(key, tags)| {
        let name = if key.is_empty() { "left-out" } else { "renamed" };
        let proxy = Proxy::start(&sim.url, honest);
        let desk = Desk::new(&proxy.url);
        desk.file(".config/clustersnap/config.toml", &format!("[proof]\nkey = \"{key}\"\n"));
        let told = desk.run(&format!("create orders --name {name} --json"));
        assert_eq!(told.outcome().as_deref(), Some("created"), "{told}");
        let sent = proxy.creates(name)[0].tags();
        assert_eq!(sent.len(), tags, "{sent:?}");
        let mark = sent.iter().find(|(sent, _)| sent == key).map(|(_, value)| value.clone());
        assert_eq!(mark, (!key.is_empty()).then(|| number(&desk)), "{sent:?}");
        assert!(!sent.iter().any(|(key, _)| key == MARK), "{sent:?}");
    });
}

#[test]
fn programs_that_start_at_the_same_moment_draw_different_numbers() {
    let sim = Sim::start();
    let desks = [Desk::new(&sim.url), Desk::new(&sim.url)];
    let [first, second] = desks.each_ref().map(|desk| {
        let clock = Clock::new(desk.home.path())?;
        clock.set("2026-11-23 01:58:01");
        let mut command = desk.command("create orders --name same --json");
        clock.give(&mut command, Kind::Fast);
        Some(Running::start(&mut command).told())
    });
    let (Some(first), Some(second)) = (first, second) else { return };
    assert_eq!(first.outcome().as_deref(), Some("created"), "{first}");
    assert_eq!(second.error(), "SNAPSHOT_EXISTS", "the other's snapshot is not this request's: {second}");
}
