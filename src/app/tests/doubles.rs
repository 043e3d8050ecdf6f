//! One account and Region under two profiles, or two accounts one after the other in one place: what is of which.

use std::time::Duration;

use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::Target;
use crate::domain::page::Page;
use crate::fixtures::{ACCOUNT, caller, place};

use super::super::Settings;
use super::super::effect::Effect;
use super::super::message::Msg;
use super::super::question::{Answer, Question};
use super::super::request_id::{PlaceId, RequestId};
use super::super::screens::AnyScreen;
use super::super::world::World;
use super::checks::at_review_of_change;
use super::cursor::lists_snapshots;
use super::desk::{Desk, cluster};

/// Opens a place beside those that are there; of which account it is, is not known yet.
fn connects_twin(desk: &mut Desk) {
    let twin = Target { profile: Some("dr".to_owned()), ..place("eu-west-1") };
    desk.app.world.open(vec![twin.clone()]);
    desk.say(Msg::Tick);
    let connect = desk.sent(|effect| match effect {
        Effect::Connect { id, .. } => Some(*id),
        _ => None,
    });
    desk.say(Msg::Connected(connect, Ok(twin)));
}

#[test]
fn one_account_and_region_that_is_open_twice_is_asked_once_under_an_id() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    connects_twin(&mut desk);
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller(ACCOUNT)))));
    let changes = &desk.app.world.changes;
    let (id, cluster) = (&changes.rows[0].id, &changes.rows[0].items[0].request().cluster);
    assert!(changes.asked_before(id, (PlaceId(1), cluster), &desk.app.world.places).is_some());
}

#[test]
fn what_is_marked_under_two_profiles_of_one_account_is_counted_together() {
    let mut desk = Desk::ready();
    lists_snapshots(&mut desk, &["a", "b"]);
    desk.press("space v g space");
    let marked_in = |desk: &Desk| desk.app.world.marks.places().into_iter().collect::<Vec<_>>();
    let first = desk.app.world.place().given().clone();
    connects_twin(&mut desk);
    let asked = desk.clusters_asked();
    let items = vec![cluster("orders-prod", "available")];
    desk.say(Msg::Answered(asked, Ok(Answer::Clusters(Page { items, next: None }))));
    assert_eq!(marked_in(&desk), [PlaceId(1)]);
    let items = desk.app.world.at(PlaceId(0)).catalog.snapshots.items.clone();
    let id = desk.asked(|effect| match effect {
        Effect::Ask(id, Question::Snapshots(_)) => Some(*id),
        _ => None,
    });
    desk.say(Msg::Answered(id, Ok(Answer::Snapshots(Page { items, next: None }))));
    desk.press("* x");
    let Some(AnyScreen::Removal(plan)) = desk.app.ui.top() else { panic!("{:?}", desk.app.ui.top()) };
    let left: Vec<_> = plan.items.iter().map(|(_, item)| (item.is_deleted(), item.remaining)).collect();
    assert_eq!(
        left.iter().filter(|(is_deleted, _)| *is_deleted).count(),
        1,
        "the last usable one stays: {left:?}"
    );
    desk.app.world.open(vec![first]);
    assert_eq!(marked_in(&desk), [PlaceId(0)], "at once, before anything is answered");
}

#[test]
fn what_is_marked_and_drafted_in_a_place_that_is_shown_once_stays_with_the_other() {
    let of = |profile: &str| Target { profile: Some(profile.to_owned()), ..place("eu-west-1") };
    let places = vec![of("p"), of("q")];
    let mut desk = Desk::started(Settings { places, ..Settings::default() });
    let clusters_asked = |desk: &Desk| -> Vec<RequestId> {
        let asked = desk.effects.iter().filter_map(|effect| match effect {
            Effect::Ask(id, Question::Clusters(_)) => Some(*id),
            _ => None,
        });
        asked.collect()
    };
    let mut asked = Vec::new();
    for effect in std::mem::take(&mut desk.effects) {
        if let Effect::Connect { id, to } = effect {
            desk.say(Msg::Connected(id, Ok(*to)));
            asked.extend(clusters_asked(&desk));
        }
    }
    for _ in 0..10 {
        desk.wait(Duration::from_secs(1));
        asked.extend(clusters_asked(&desk));
    }
    assert_eq!(asked.len(), 2, "each place once: {asked:?}");
    asked.sort_by_key(|id| std::cmp::Reverse(id.place()));
    for (id, keys) in asked.into_iter().zip(["g s esc space", "g"]) {
        let items = vec![cluster("billing", "available"), cluster("orders-prod", "available")];
        desk.say(Msg::Answered(id, Ok(Answer::Clusters(Page { items, next: None }))));
        desk.press(keys);
    }
    let World { places, marks, drafts, .. } = &desk.app.world;
    let billing = ClusterId::reported("billing");
    assert_eq!(places.shown_ids(), [PlaceId(0)], "{}", desk.note());
    assert_eq!(marks.clusters.iter().collect::<Vec<_>>(), [&(PlaceId(0), billing.clone())]);
    assert_eq!(drafts.open_count(PlaceId(0), &billing), 1);
}

#[test]
fn what_was_counted_of_one_account_is_not_told_of_the_one_that_answers_now() {
    let mut desk = Desk::ready();
    let followed = &mut desk.app.world.place_mut().followed;
    followed.left_usable = 3;
    followed.polled_at = Some(jiff::Timestamp::UNIX_EPOCH);
    desk.press("r");
    let asked = desk.clusters_asked();
    let theirs = cluster("orders-prod", "available");
    let arn = theirs.arn.as_deref().map(|arn| arn.replace(ACCOUNT, "222222222222"));
    let items = vec![Cluster { arn, ..theirs }];
    desk.say(Msg::Answered(asked, Ok(Answer::Clusters(Page { items, next: None }))));
    assert!(desk.note().contains("account 222222222222 now"), "{}", desk.note());
    let followed = &desk.app.world.place().followed;
    assert_eq!((followed.left_usable, followed.polled_at), (0, None));
}
