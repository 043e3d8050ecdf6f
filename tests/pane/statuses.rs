//! Whatever the service says of a snapshot, in whatever order.

use std::time::Duration;

use clustersnap::app::FollowedState;
use clustersnap::app::effect::Effect;
use clustersnap::domain::ending::Took;
use clustersnap::track::presence::Absence;
use jiff::SignedDuration;
use proptest::prelude::*;

use super::world::{HOUR, MINUTE, SECOND, World, snapshot};

/// A service that says these things one after the other, for so long each; `None` is a missing snapshot.
fn told(words: Vec<(u64, Option<(String, u8)>)>) -> World {
    let mut world = World::new();
    world.add(
        "a",
        Box::new(move |time| {
            let mut end = Duration::ZERO;
            let said_now = words.iter().find(|(seconds, _)| {
                end += Duration::from_secs(*seconds);
                time < end
            });
            let (_, said) = said_now.or(words.last())?;
            said.as_ref().map(|(status, percent)| snapshot("a", Duration::ZERO, status, *percent))
        }),
    );
    world.press('r');
    world
}

fn say(seconds: u64, status: &str, percent: u8) -> (u64, Option<(String, u8)>) {
    (seconds, Some((status.to_owned(), percent)))
}

#[test]
fn a_new_snapshot_that_is_missing_is_not_listed_yet_and_an_old_one_has_disappeared() {
    let mut world = told(vec![say(10, "creating", 0), (20, None), say(90, "creating", 9), (9, None)]);
    world.pass(20 * SECOND);
    assert!(matches!(world.app.world.place().followed.rows[0].state, FollowedState::NotListed(Some(_))));
    world.pass(30 * SECOND);
    assert!(world.status("a").contains("Listed"));
    world.pass(3 * MINUTE);
    assert!(
        matches!(world.app.world.place().followed.rows[0].state, FollowedState::NotListed(Some(_))),
        "two minutes are not over"
    );
    world.pass(2 * MINUTE);
    assert!(matches!(
        world.app.world.place().followed.rows[0].state,
        FollowedState::Gone(Absence::Disappeared)
    ));
}

#[test]
fn one_that_is_gone_is_followed_on_when_a_list_has_it_again() {
    let mut world =
        told(vec![say(60, "creating", 9), (300, None), say(60, "creating", 20), say(9, "available", 100)]);
    world.pass(5 * MINUTE);
    assert!(
        matches!(world.app.world.place().followed.rows[0].state, FollowedState::Gone(Absence::Disappeared)),
        "{}",
        world.status("a")
    );
    world.pass(3 * MINUTE);
    assert!(world.status("a").contains("Available"), "{}", world.status("a"));
    assert_eq!(world.app.world.place().followed.open_count(), 0);
}

#[test]
fn one_of_others_that_is_deleted_is_usable_no_more_alarms_nobody_and_leaves() {
    let mut world = told(vec![say(20, "creating", 9), say(100, "available", 100), (9, None)]);
    world.pass(MINUTE);
    assert!(world.status("a").contains("Available"), "{}", world.status("a"));
    world.pass(5 * MINUTE);
    let row = world.app.world.place().followed.rows[0].clone();
    assert!(matches!(row.state, FollowedState::Gone(Absence::Disappeared)), "{}", world.status("a"));
    let ending = row.followed.ending().unwrap();
    assert_eq!((ending.status.as_str(), ending.standing()), ("available", "gone"));
    assert!(ending.gone_at.is_some() && world.app.world.place().followed.left_usable == 0);
    assert!(world.app.world.place().catalog.named("a").is_none(), "nor does the list have it");
    let bells = world.done.iter().filter(|(_, effect)| *effect == Effect::Bell).count();
    assert_eq!(bells, 1, "that it was usable: nobody here asked for it");
    world.pass(HOUR);
    assert!(world.app.world.place().followed.rows.is_empty(), "it waits for nobody to acknowledge it");
}

#[test]
fn one_that_was_deleted_from_here_has_not_disappeared() {
    let mut world = told(vec![say(20, "creating", 9), say(40, "available", 100), (9, None)]);
    world.pass(30 * SECOND);
    let place = world.app.world.place().id;
    let known = world.app.world.place().followed.rows[0].snapshot().cloned().unwrap();
    world.app.world.places.get_mut(place).followed.deleted(&known);
    world.pass(5 * MINUTE);
    let row = &world.app.world.place().followed.rows[0];
    assert!(matches!(row.state, FollowedState::Gone(Absence::Deleted)), "{}", world.status("a"));
}

#[test]
fn a_usable_one_that_is_looked_at_leaves_in_time_and_one_that_fails_after_all_is_told() {
    let mut world = told(vec![say(20, "creating", 9), say(9, "available", 100)]);
    world.pass(9 * MINUTE);
    assert_eq!(world.app.world.place().followed.rows.len(), 1);
    world.pass(3 * MINUTE);
    assert_eq!(world.app.world.place().followed.left_usable, 1);
    let mut world = told(vec![say(20, "creating", 9), say(90, "available", 100), say(9, "failed", 100)]);
    world.pass(4 * MINUTE);
    assert!(world.status("a").contains("Failed"), "{}", world.status("a"));
    let note = world.app.world.notices.note().map(|note| note.text.clone()).unwrap_or_default();
    assert!(note.contains("failed, so it cannot be restored"), "{note}");
}

#[test]
fn an_answer_of_nobody_knows_whose_account_never_makes_it_gone() {
    let mut world = told(vec![say(60, "creating", 9), (9, None)]);
    world.account = None;
    world.pass(HOUR);
    assert!(
        matches!(world.app.world.place().followed.rows[0].state, FollowedState::NotListed(Some(_))),
        "{}",
        world.status("a")
    );
}

#[test]
fn what_it_took_is_what_the_clock_that_never_jumps_says() {
    let mut world = told(vec![say(20, "creating", 9), say(9, "available", 100)]);
    world.pass(10 * SECOND);
    world.date_is_off = SignedDuration::from_hours(2);
    world.pass(MINUTE);
    let took = world.app.world.place().followed.rows[0].took().and_then(Took::observed).unwrap();
    assert!((20..=26).contains(&took.as_secs()), "{took:?}");
}

#[test]
fn an_unheard_of_status_is_followed_verbatim_and_a_deleted_one_is_told_as_such() {
    let mut world = told(vec![say(100, "\u{1b}[2Jpending", 5), say(60, "deleting", 5), (9, None)]);
    world.pass(90 * SECOND);
    assert_eq!(
        world.app.world.place().followed.rows[0].snapshot().unwrap().status.as_str(),
        "\u{1b}[2Jpending"
    );
    world.pass(4 * MINUTE);
    assert!(matches!(world.app.world.place().followed.rows[0].state, FollowedState::Gone(Absence::Deleted)));
}

#[test]
fn progress_that_falls_back_says_so() {
    let mut world = told(vec![say(20, "creating", 63), say(60, "creating", 20), say(9, "creating", 70)]);
    world.pass(30 * SECOND);
    assert_eq!(world.app.world.place().followed.rows[0].followed.progress.fell_from(), Some(63));
    world.pass(MINUTE);
    assert_eq!(world.app.world.place().followed.rows[0].followed.progress.fell_from(), None);
}

fn words() -> impl Strategy<Value = Vec<(u64, Option<(String, u8)>)>> {
    let statuses = prop_oneof![
        6 => Just("creating".to_owned()),
        1 => Just("available".to_owned()),
        1 => Just("failed".to_owned()),
        1 => Just("copying".to_owned()),
        1 => Just("deleting".to_owned()),
        1 => "[a-z-]{0,12}",
        1 => Just("\u{202e}\u{1b}]0;x\u{7}".to_owned()),
    ];
    let said = prop_oneof![8 => (statuses, 0..=100_u8).prop_map(Some), 1 => Just(None)];
    prop::collection::vec((1..200_u64, said), 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_statuses_ends_in_what_was_said_last(words in words()) {
        let end: u64 = words.iter().map(|(seconds, _)| *seconds).sum();
        let last = words.last().cloned().unwrap();
        let first = words[0].clone();
        let was_missing = words.iter().any(|(_, said)| said.is_none());
        let mut world = told(words);
        // Longer than the longest interval and the longest round.
        world.pass(Duration::from_secs(end) + 17 * MINUTE);
        world.holds_the_pace();
        if first.1.is_some_and(|(status, _)| !matches!(status.as_str(), "available" | "failed")) {
            let followed = &world.app.world.place().followed;
            // What ended well has left the pane after a while, and is counted; what was deleted has left it, too, and is
            // not followed anew if it is over where a list has it again.
            if followed.rows.is_empty() {
                let is_over = |(status, _): &(String, u8)| matches!(status.as_str(), "available" | "failed");
                let has_left = was_missing && last.1.as_ref().is_none_or(is_over);
                prop_assert!(followed.left_usable > 0 || has_left);
                return Ok(());
            }
            prop_assert_eq!(followed.rows.len(), 1);
            if let Some((status, percent)) = last.1 {
                let shown = world.app.world.place().followed.rows[0].snapshot().unwrap();
                prop_assert_eq!((shown.status.as_str(), shown.percent), (status.as_str(), Some(percent)));
            } else {
                let gone = matches!(world.app.world.place().followed.rows[0].state, FollowedState::Gone(_));
                prop_assert!(gone, "{}", world.status("a"));
            }
        }
    }
}
