//! Many accounts and Regions in one program: whatever is switched to, and however late answers come, nothing of one
//! place stands under another's name.

use std::collections::BTreeSet;
use std::time::Duration;

use clustersnap::app::effect::Effect;
use clustersnap::app::message::Msg;
use clustersnap::app::request_id::PlaceId;
use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::context::Target;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::domain::mark::RequestNumber;
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;
use clustersnap::domain::wait::Wait;

use super::late_answers::Fleet;

#[test]
fn after_a_thousand_switches_while_answers_come_late_nothing_stands_under_another_places_name() {
    let mut fleet = Fleet::new(20);
    let (mut submitted, mut seen_several) = (0, 0);
    for step in 0..1000 {
        let opens = if fleet.random.bool() { "p" } else { "R" };
        fleet.press(opens);
        fleet.answer_choices();
        for _ in 0..fleet.random.usize(..3) {
            let moves = if fleet.random.bool() { "down space" } else { "space down" };
            fleet.press(moves);
        }
        fleet.press("enter");
        fleet.check(step);
        seen_several += usize::from(fleet.app.world.places.are_several());
        for _ in 0..fleet.random.usize(..8) {
            match fleet.random.u8(..6) {
                0 => fleet.wait(),
                1 => fleet.press("j"),
                2 if fleet.random.bool() => fleet.press("v"),
                2 => fleet.press("s"),
                3 => fleet.press("esc"),
                _ if fleet.waiting.is_empty() => fleet.wait(),
                // Late ones overtake each other.
                _ => {
                    let at = fleet.random.usize(..fleet.waiting.len());
                    fleet.answer(at);
                }
            }
            if fleet.random.bool() {
                fleet.check(step);
            }
        }
        if step % 25 == 0 {
            fleet.press("esc esc esc");
            fleet.answer_all();
            fleet.press("s ctrl-s y");
            let is_sent = fleet.waiting.iter().any(|effect| matches!(effect, Effect::Submit { .. }));
            submitted += usize::from(is_sent);
            fleet.check(step);
        }
        fleet.press("esc esc");
    }
    assert!(submitted > 20, "{submitted} requests were sent");
    assert!(seen_several > 200, "{seen_several} times several were shown");
}

#[test]
fn a_draft_and_a_filter_are_there_again_on_return() {
    let mut fleet = Fleet::new(1);
    fleet.answer_all();
    fleet.press("/");
    fleet.type_text("orders");
    fleet.press("enter s ctrl-u");
    fleet.type_text("before-chg-42");
    fleet.press("esc");
    let go = |fleet: &mut Fleet, profile: &str| {
        fleet.press("p");
        fleet.answer_choices();
        fleet.type_text(profile);
        fleet.press("enter");
        fleet.answer_all();
    };
    go(&mut fleet, "bob");
    assert!(fleet.screen()[0].contains("222222222222"), "{}", fleet.screen()[0]);
    assert!(fleet.screen().iter().any(|line| line.contains("222-eu-west-1-billing")), "no filter of ada's");
    go(&mut fleet, "ada");
    let screen = fleet.screen().join("\n");
    assert!(screen.contains("/orders") && !screen.contains("111-eu-west-1-billing"), "{screen}");
    fleet.press("s");
    assert!(fleet.screen().join("\n").contains("before-chg-42"), "{}", fleet.screen().join("\n"));
}

#[test]
fn a_place_that_fails_says_so_on_one_line_and_hides_nothing_else() {
    let mut fleet = Fleet::new(3);
    fleet.answer_all();
    fleet.press("p");
    fleet.answer_choices();
    fleet.press("space space enter");
    while let Some(at) = fleet.waiting.iter().position(|effect| matches!(effect, Effect::Connect { .. })) {
        let Effect::Connect { id, to } = fleet.waiting.remove(at) else { panic!("a connection") };
        if to.profile.as_deref() == Some("bob") {
            let failure = Failure::local(FailureKind::AccessDenied, "User: bob is not authorized");
            fleet.say(Msg::Connected(id, Err(failure)));
        } else {
            fleet.waiting.insert(0, Effect::Connect { id, to });
            fleet.answer(0);
        }
    }
    fleet.random = fastrand::Rng::with_seed(4);
    fleet.answer_all();
    let screen = fleet.screen();
    let told: Vec<&String> = screen.iter().filter(|line| line.contains("bob is not authorized")).collect();
    assert_eq!(told.len(), 1, "{}", screen.join("\n"));
    assert!(screen.iter().any(|line| line.contains("111-eu-west-1-orders")), "{}", screen.join("\n"));
}

#[test]
fn requests_that_wait_for_clusters_of_the_same_name_say_in_which_place() {
    let mut fleet = Fleet::new(7);
    fleet.answer_all();
    fleet.press("p");
    fleet.answer_choices();
    fleet.press("space space enter");
    fleet.answer_all();
    let (since, shown) = (fleet.now.at(), fleet.app.world.places.shown_ids());
    for place in &shown {
        let request = SnapshotRequest {
            number: RequestNumber::new(since, 1),
            cluster: ClusterId::reported("busy"),
            cluster_resource_id: None,
            snapshot: SnapshotId::parse("busy-before").expect("an identifier"),
            tags: TagSet::default(),
            mark: None,
            change: None,
        };
        let until = since + Duration::from_hours(1);
        let (token, url) = ("1".to_owned(), String::new());
        let wait = Wait { token, request, since, until, region: None, url, account: None };
        fleet.say(Msg::WaitsBefore(*place, vec![wait]));
        fleet.press("w");
    }
    let screen = fleet.screen();
    let told: BTreeSet<&str> =
        screen.iter().filter(|line| line.contains("waits for busy in ")).map(|line| line.trim()).collect();
    assert_eq!((shown.len(), told.len()), (2, 2), "{}", screen.join("\n"));
}

/// The heading of the pane.
fn heading(fleet: &Fleet) -> String {
    fleet.screen().into_iter().find(|line| line.contains("In progress")).expect("a pane")
}

/// How old the heading of the pane says that its rows are, at most.
fn told_age(heading: &str) -> u64 {
    let (_, told) = heading.split_once("refreshed ").unwrap_or_else(|| panic!("{heading}"));
    told.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{heading}"))
}

#[test]
fn the_heading_of_the_pane_tells_how_fresh_the_least_fresh_place_is() {
    let mut fleet = Fleet::new(5);
    fleet.answer_all_but(None);
    fleet.press("p");
    fleet.answer_choices();
    fleet.press("space space enter");
    fleet.pass(None);
    let of_bob = |(_, target): &(&PlaceId, &Target)| target.profile.as_deref() == Some("bob");
    let (bob, _) = fleet.opened.iter().find(of_bob).expect("bob's place");
    let bob = Some(*bob);
    assert!(told_age(&heading(&fleet)) < 10, "{}", heading(&fleet));

    // The other place is looked at again and again meanwhile.
    fleet.pass(bob);
    let told = heading(&fleet);
    assert!((25..35).contains(&told_age(&told)) && told.contains("asking now"), "{told}");

    // What has failed is told with the place's name, whichever the cursor is in.
    assert!(fleet.screen()[0].contains("111111111111"), "{}", fleet.screen()[0]);
    while let Some(at) = fleet.waiting.iter().position(|effect| matches!(effect, Effect::Ask(..))) {
        let Effect::Ask(id, _) = fleet.waiting.remove(at) else { panic!("a question") };
        fleet.say(Msg::Answered(id, Err(Failure::local(FailureKind::NoConnection, "no route to host"))));
    }
    let told = heading(&fleet);
    assert!(told.contains("bob eu-west-1: ") && told.contains("retrying"), "{told}");

    fleet.pass(None);
    assert!(told_age(&heading(&fleet)) < 10, "{}", heading(&fleet));
}
