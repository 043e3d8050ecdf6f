//! How often the service is asked.

use std::time::Duration;

use clustersnap::app::message::Msg;
use clustersnap::domain::failure::FailureKind;
use proptest::prelude::*;

use super::world::{HOUR, MINUTE, SECOND, World, steady};

/// So many snapshots that were begun at the same moment and take a day.
fn world_of(count: usize) -> World {
    let day = Duration::from_hours(25);
    World::with((0..count).map(|n| steady(&format!("s-{n:04}"), Duration::ZERO, day)))
}

/// How many calls an hour took.
fn calls_in_the_hour(world: &mut World) -> usize {
    let start = world.time;
    world.pass(HOUR);
    world.asked_since(start)
}

#[test]
fn the_first_hour_of_one_snapshot_takes_some_270_calls_and_a_later_one_180() {
    let mut world = world_of(1);
    // 24 in the first two minutes, 120 in the next 28, 60 in the second half, the events each minute, and a page of
    // the manual snapshots each quarter of an hour.
    let first = calls_in_the_hour(&mut world);
    assert!((250..=290).contains(&first), "{first}");
    let second = calls_in_the_hour(&mut world);
    assert!((160..=200).contains(&second), "{second}");
    world.holds_the_pace();
}

#[test]
fn a_hundred_snapshots_take_as_many_calls_as_one() {
    let mut world = world_of(100);
    let first = calls_in_the_hour(&mut world);
    assert!((250..=290).contains(&first), "{first}");
    assert_eq!(world.app.world.place().followed.open_count(), 100);
    world.holds_the_pace();
}

#[test]
fn a_thousand_snapshots_never_take_more_than_a_call_a_second() {
    let mut world = world_of(1000);
    let first = calls_in_the_hour(&mut world);
    assert!((1700..=3600).contains(&first), "{first}");
    let second = calls_in_the_hour(&mut world);
    assert!((1200..=1900).contains(&second), "{second}");
    world.holds_the_pace();
    let now = world.now();
    let late = |row: &&clustersnap::app::FollowedSnapshot| now.mono - row.looked > 40 * SECOND;
    assert_eq!(
        world.app.world.place().followed.rows.iter().filter(late).count(),
        0,
        "every one of them is looked at"
    );
}

#[test]
fn a_day_of_creating_is_followed_to_its_end() {
    let mut world = World::with([steady("slow", Duration::ZERO, Duration::from_hours(24))]);
    world.pass(Duration::from_hours(23));
    assert!(world.status("slow").contains("Creating"), "{}", world.status("slow"));
    world.pass(HOUR + MINUTE);
    assert!(world.status("slow").contains("Available"), "{}", world.status("slow"));
    // Two calls a minute, the events each minute; near the end, while it moves, more.
    assert!((3000..=5500).contains(&world.asked.len()), "{}", world.asked.len());
    world.holds_the_pace();
}

#[test]
fn while_nobody_looks_it_asks_a_quarter_as_often_and_at_once_when_somebody_does() {
    let mut world = world_of(1);
    world.tell(Msg::Focus(false));
    let first = calls_in_the_hour(&mut world);
    assert!((50..=80).contains(&first), "{first}");
    let before = world.asked.len();
    world.pass(40 * SECOND);
    world.tell(Msg::Focus(true));
    world.pass(SECOND);
    assert!(world.asked.len() > before);
    world.holds_the_pace();
}

/// Keys that make the program read something, and those that lead to them; escape, tab and ctrl-l too.
const KEYS: &[char] = &['r', 's', 'v', 'd', 'h', 'e', 'y', '\x1b', '\x0c', '\t'];

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_pressed_and_whatever_fails_it_asks_no_more_often_than_it_may(
        snapshots in 0_usize..350,
        keys in prop::collection::vec((prop::sample::select(KEYS), 0_u64..3_000), 0..120),
        troubles in prop::collection::vec(prop::option::weighted(0.2, prop::sample::select(TROUBLES)), 60),
    ) {
        let day = Duration::from_hours(24);
        let mut world = World::with((0..snapshots).map(|n| steady(&format!("s-{n:04}"), Duration::ZERO, day)));
        world.trouble = Box::new(move |time| {
            let at = usize::try_from(time.as_secs() / 5).unwrap() % troubles.len();
            troubles[at]
        });
        for (key, pause) in keys {
            world.press(key);
            world.pass(Duration::from_millis(pause));
        }
        world.pass(MINUTE);
        world.holds_the_pace();
    }
}

const TROUBLES: &[FailureKind] = &[
    FailureKind::Throttled,
    FailureKind::NoConnection,
    FailureKind::ServerTrouble,
    FailureKind::ExpiredCredentials,
    FailureKind::AccessDenied,
];

#[test]
fn a_held_key_asks_no_more_often_and_the_list_becomes_complete_all_the_same() {
    let mut world = world_of(250);
    let start = world.time;
    for _ in 0..300 {
        world.press('r');
        world.pass(Duration::from_millis(33));
    }
    assert!(world.asked_since(start) <= 100 + 50, "{}", world.asked_since(start));
    world.pass(10 * SECOND);
    assert!(!world.app.world.place().catalog.snapshots.is_loading());
    assert_eq!(world.app.world.place().catalog.snapshots.items.len(), 250);
    world.holds_the_pace();
}

#[test]
fn thirty_places_are_asked_each_at_its_own_pace() {
    let regions: Vec<String> = (0..30).map(|n| format!("region-{n}")).collect();
    let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
    let day = Duration::from_hours(24);
    let story =
        |n: u32| steady(&format!("s-{n:05}"), HOUR - SECOND * (n % 2), if n == 0 { day } else { SECOND });
    let mut world = World::of_regions(&regions, HOUR, (0..101).map(story));
    let complete = |world: &World| {
        world.app.world.places.iter().filter(|place| place.catalog.snapshots.complete_at.is_some()).count()
    };
    assert_eq!(complete(&world), 30, "none waits for the others");
    assert_eq!(world.asked.len(), 30 * (1 + 2 + 1), "the lists, and the first look at what is followed");
    world.pass(20 * SECOND);
    assert!(world.asked.len() > 30 * (4 + 3), "they are followed: {}", world.asked.len());
    let until = world.time + SECOND;
    world.trouble = Box::new(move |time| (time < until).then_some(FailureKind::Throttled));
    for _ in 0..6 {
        world.press('r');
        world.pass(Duration::from_millis(333));
    }
    world.holds_the_pace();
}

#[test]
fn a_held_key_in_the_form_keeps_nothing_else_from_being_asked() {
    let mut world = world_of(1);
    world.press('s');
    let start = world.time;
    let looked = world.app.world.place().followed.rows[0].looked;
    for _ in 0..900 {
        world.press('\x0c');
        world.pass(Duration::from_millis(33));
    }
    assert!(world.asked_since(start) <= 100 + 150, "{}", world.asked_since(start));
    assert!(
        world.app.world.place().followed.rows[0].looked > looked + 15 * SECOND,
        "the snapshot is looked at all the same"
    );
    world.holds_the_pace();
}

#[test]
fn a_list_that_could_not_be_read_is_tried_again_by_itself_from_where_it_stopped() {
    let mut world = World::new();
    world.trouble = Box::new(|time| (time < 4 * SECOND).then_some(FailureKind::NoConnection));
    world.press('r');
    world.pass(2 * SECOND);
    assert!(
        world.app.world.place().catalog.clusters.failure.is_some()
            && world.app.world.place().catalog.clusters.is_loading()
    );
    world.pass(30 * SECOND);
    assert!(
        world.app.world.place().catalog.clusters.failure.is_none()
            && !world.app.world.place().catalog.clusters.is_loading()
    );
    assert_eq!(world.app.world.place().catalog.clusters.items.len(), 1);
    world.holds_the_pace();
}

#[test]
fn with_nothing_in_progress_only_the_search_goes_on() {
    let mut world = world_of(0);
    assert!((55..=65).contains(&calls_in_the_hour(&mut world)));
    world.tell(Msg::Focus(false));
    world.pass(5 * MINUTE);
    assert!((10..=18).contains(&calls_in_the_hour(&mut world)));
}

#[test]
fn what_is_begun_elsewhere_is_found_with_its_age_at_the_start_and_within_a_minute_later() {
    let begun = 20 * MINUTE;
    let mut world = World::new();
    world.time = 30 * MINUTE;
    let (name, story) = steady("elsewhere", begun, HOUR);
    world.add(&name, story);
    world.press('r');
    let row = &world.app.world.place().followed.rows[0];
    assert_eq!(world.now().at().duration_since(row.began), jiff::SignedDuration::from_mins(10));
    let (name, story) = steady("later", world.time, HOUR);
    world.add(&name, story);
    world.pass(69 * SECOND);
    assert_eq!(world.app.world.place().followed.rows.len(), 2);
}
