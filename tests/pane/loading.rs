//! How lists are read, and what is asked once they were.

use std::time::Duration;

use clustersnap::domain::failure::FailureKind;
use clustersnap::domain::preflight::Known;

use super::world::{HOUR, MINUTE, SECOND, World, steady};

/// A program that is started where there are so many snapshots, all of them finished.
fn world_of(count: usize) -> World {
    let one = |at| steady(&format!("s-{at:05}"), Duration::ZERO, SECOND);
    World::started(HOUR, (0..count).map(one))
}

#[test]
fn what_is_waited_for_comes_page_after_page_and_is_read_once() {
    let mut world = world_of(14_950);
    assert_eq!(world.app.world.place().catalog.snapshots.items.len(), 9_900, "at once, after the clusters");
    world.pass(11 * SECOND);
    assert!(world.app.world.place().catalog.snapshots.complete_at.is_some());
    assert_eq!(world.pages, (150, 0));
    world.holds_the_pace();
}

#[test]
fn afterwards_it_asks_twice_a_minute_at_most_however_many_there_are() {
    for count in [50, 2_950] {
        let mut world = world_of(count);
        world.pass(MINUTE);
        let (start, (pages, _)) = (world.time, world.pages);
        world.pass(3 * HOUR);
        let asked = world.asked_since(start);
        assert!((180..=2 * 180).contains(&asked), "{asked} with {count}");
        assert_eq!(world.pages.0, pages, "the list itself is not read again");
        assert!(world.pages.1 >= count.div_ceil(100), "a round was finished: {:?}", world.pages);
        assert_eq!(world.named, [] as [&str; 0]);
    }
}

#[test]
fn where_events_cannot_be_asked_the_round_finds_what_was_begun_elsewhere() {
    let mut world = world_of(50);
    world.events_fail = Some(FailureKind::AccessDenied);
    world.pass(2 * MINUTE);
    let (name, story) = steady("elsewhere", world.time, HOUR);
    world.add(&name, story);
    let start = world.time;
    world.pass(2 * MINUTE + SECOND);
    assert_eq!(world.app.world.place().followed.rows.len(), 1);
    assert!(world.asked_since(start) < 30, "{}", world.asked_since(start));
    world.holds_the_pace();
}

#[test]
fn what_an_event_tells_of_is_looked_up_until_it_is_listed_and_no_word_hangs_on_it() {
    let mut world = world_of(50);
    world.pass(MINUTE);
    // It is told of, and not listed.
    let (_, story) = steady("late", world.time, HOUR);
    let told = story(world.time + SECOND).expect("it was begun");
    world.events.push(clustersnap::domain::event::SnapshotEvent {
        snapshot: "late".to_owned(),
        at: told.created_at.expect("it has a time"),
        message: "Creating manual cluster snapshot".to_owned(),
    });
    world.pass(3 * MINUTE);
    assert!(world.named.len() >= 2, "{:?}", world.named);
    assert!(world.app.world.place().followed.rows.is_empty());
    world.add("late", story);
    world.pass(69 * SECOND);
    assert_eq!(world.app.world.place().followed.rows.len(), 1);
    let looked = world.named.len();
    world.pass(5 * MINUTE);
    assert_eq!(world.named.len(), looked, "once it is followed, its name is asked for no more");
}

#[test]
fn a_throttle_slows_a_list_down_and_it_goes_on_from_where_it_stopped() {
    let mut world = world_of(14_950);
    world.trouble =
        Box::new(|time| (time > HOUR && time < HOUR + 4 * SECOND).then_some(FailureKind::Throttled));
    world.pass(4 * SECOND);
    let throttled = world.asked.len() - 100;
    assert!((3..=6).contains(&throttled), "half as fast after each: {throttled}");
    world.pass(2 * MINUTE);
    let place = world.app.world.place();
    assert!(place.catalog.snapshots.complete_at.is_some() && place.catalog.snapshots.failure.is_none());
    assert_eq!(place.catalog.snapshots.items.len(), 14_950);
    assert_eq!(world.pages.0, 150 + throttled);
    world.holds_the_pace();
}

#[test]
fn a_name_that_is_typed_is_asked_for_by_itself_while_the_list_is_not_complete() {
    let mut world = world_of(14_950);
    world.press('s');
    // What the form proposes is looked up, too.
    world.pass(SECOND);
    let proposed = world.named.clone();
    assert_eq!(proposed.len(), 1, "{proposed:?}");
    let place = world.app.world.place();
    assert!(place.catalog.snapshots.complete_at.is_none());
    assert!(matches!(place.catalog.taken_by(&proposed[0]), Known::Is(None)));
    for key in "x9".chars() {
        world.press(key);
    }
    world.pass(SECOND);
    assert_eq!(world.named, [proposed[0].clone(), format!("{}x9", proposed[0])], "once it stays as it is");
}
