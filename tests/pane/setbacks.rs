//! Throttles, lost links and expired credentials, in the middle of everything.

use std::time::Duration;

use clustersnap::domain::event::SnapshotEvent;
use clustersnap::domain::failure::FailureKind;

use super::world::{HOUR, MINUTE, SECOND, World, at, snapshot, steady};

/// Whether looking is paused; `None` while all is well.
fn standing(world: &World) -> Option<bool> {
    let place = world.app.world.place();
    place.failure().map(|_| place.questions.backoff.is_paused())
}

/// A service that has a trouble of a kind from the 5th to the 65th minute.
fn troubled(kind: FailureKind) -> World {
    let mut world = World::with([steady("a", Duration::ZERO, 40 * MINUTE)]);
    world.trouble = Box::new(move |time| (5 * MINUTE..65 * MINUTE).contains(&time).then_some(kind));
    world.pass(5 * MINUTE);
    world
}

#[test]
fn an_hour_of_throttles_is_answered_by_asking_less_and_less() {
    let mut world = troubled(FailureKind::Throttled);
    let start = world.time;
    world.pass(HOUR - SECOND);
    assert_eq!(standing(&world), Some(false));
    let gaps: Vec<u64> = world
        .asked
        .windows(2)
        .filter(|pair| pair[0] >= start)
        .map(|pair| (pair[1] - pair[0]).as_secs())
        .collect();
    assert!(gaps.len() <= 20, "{gaps:?}");
    assert!(gaps.windows(2).all(|pair| pair[1] >= pair[0] || pair[1] >= 290), "{gaps:?}");
    world.pass(6 * MINUTE);
    assert_eq!(standing(&world), None);
    assert!(world.status("a").contains("Available"));
}

#[test]
fn a_lost_link_is_tried_again_and_its_return_is_noticed_within_a_minute() {
    let mut world = troubled(FailureKind::NoConnection);
    world.pass(HOUR);
    assert_eq!(standing(&world), Some(false));
    assert!(world.asked.len() < 200, "{}", world.asked.len());
    world.pass(MINUTE + SECOND);
    assert!(world.status("a").contains("Available"));
}

#[test]
fn expired_credentials_pause_under_a_banner_and_it_goes_on_by_itself() {
    let mut world = troubled(FailureKind::ExpiredCredentials);
    let start = world.time;
    world.pass(HOUR - SECOND);
    assert_eq!(standing(&world), Some(true));
    let banner = world.app.world.place().banner(true).unwrap();
    assert!(banner.contains("aws sso login --profile prod"), "{banner}");
    assert!(world.status("a").contains("Creating"), "what was known stays: {}", world.status("a"));
    let probes = world.asked_since(start);
    assert!((100..=140).contains(&probes), "one probe each 30 s: {probes}");
    world.pass(35 * SECOND);
    assert_eq!(standing(&world), None);
    assert_eq!(world.app.world.place().banner(true), None);
    assert!(world.status("a").contains("Available"));
}

#[test]
fn after_a_login_r_goes_on_at_once() {
    let mut world = troubled(FailureKind::ExpiredCredentials);
    world.pass(10 * MINUTE);
    world.trouble = Box::new(|_| None);
    world.press('r');
    world.pass(2 * SECOND);
    assert_eq!(standing(&world), None);
}

#[test]
fn without_credentials_at_the_start_it_begins_once_there_are_some() {
    let mut world = World::new();
    world.trouble = Box::new(|time| (time < 3 * MINUTE).then_some(FailureKind::NoCredentials));
    world.press('r');
    let (name, story) = steady("a", Duration::ZERO, HOUR);
    world.add(&name, story);
    world.pass(2 * MINUTE);
    assert!(world.app.world.place().banner(true).is_some());
    assert_eq!(world.app.world.place().followed.rows.len(), 0);
    world.pass(2 * MINUTE);
    assert_eq!(world.app.world.place().followed.open_count(), 1);
    assert!(world.app.world.place().catalog.clusters.complete_at.is_some());
}

#[test]
fn the_events_are_read_all_the_same_after_a_lost_link() {
    let mut world = World::new();
    let (name, story) = steady("a", Duration::ZERO, HOUR);
    world.add(&name, story);
    world.events_fail = Some(FailureKind::NoConnection);
    world.press('r');
    world.pass(40 * SECOND);
    assert!(world.app.world.place().followed.open_count() > 0, "so the events of all snapshots are wanted");
    world.events_fail = None;
    world.events = vec![SnapshotEvent {
        snapshot: "earlier".to_owned(),
        at: at(100 * SECOND),
        message: "Manual cluster snapshot created".to_owned(),
    }];
    world.pass(2 * MINUTE);
    let made = snapshot("earlier", 80 * SECOND, "available", 100);
    assert_eq!(world.app.world.place().durations.earlier.finished(&made), Some(at(100 * SECOND)));
}
