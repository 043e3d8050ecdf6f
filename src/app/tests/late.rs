//! What comes late, or after the screen that it was for: an answer, an outcome, a new login, a mark.

use std::time::Duration;

use crate::domain::alteration::{Altered, AlteredKind};
use crate::domain::change::Change;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::Target;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Listing;
use crate::domain::mark::{MARK_KEY, RequestNumber};
use crate::domain::outcome::Outcome;
use crate::domain::page::Page;
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;
use crate::fixtures::{ACCOUNT, account_id, caller, place, snapshot};

use super::super::Settings;
use super::super::alterations::AlterationStanding;
use super::super::changes::RequestStage;
use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::{Before, Msg, Recovered};
use super::super::place::followed::{FollowedSnapshot, FollowedState};
use super::super::question::{Answer, Question};
use super::super::request_id::{PlaceId, RequestId};
use super::super::screens::AnyScreen;
use super::super::world::World;
use super::checks::{at_review_of_change, kept};
use super::cursor::lists_snapshots;
use super::desk::{Desk, cluster, created};

fn altering(desk: &Desk) -> RequestId {
    desk.sent(|effect| match effect {
        Effect::Alter { id, .. } => Some(*id),
        _ => None,
    })
}

fn meant(desk: &Desk) -> String {
    desk.sent(|effect| match effect {
        Effect::Alter { snapshot, .. } => Some(snapshot.id.clone()),
        _ => None,
    })
}

#[test]
fn after_a_renewal_what_a_review_shows_is_asked_for_and_nothing_takes_the_turns_of_the_rest() {
    let mut desk = Desk::ready();
    desk.press("j s ctrl-s");
    let now = desk.now.clone();
    desk.app.world.place_mut().renew(&now);
    let mut asked = Vec::new();
    for _ in 0..4 {
        desk.wait(Duration::from_secs(1));
        asked.extend(desk.effects.iter().filter_map(|effect| match effect {
            Effect::Ask(_, question) => Some(question.clone()),
            _ => None,
        }));
    }
    let has = |is: fn(&Question) -> bool| asked.iter().any(is);
    assert!(has(|it| matches!(it, Question::Cluster(_))) && has(|it| *it == Question::Quota), "{asked:?}");
}

#[test]
fn a_request_of_this_run_that_was_looked_up_by_a_key_still_takes_its_own_outcome() {
    let lost = || Failure::local(FailureKind::LostAnswer, "");
    for is_settled in [false, true] {
        let mut desk = Desk::ready();
        desk.press("j j s ctrl-s");
        let name = desk.review().snapshot.to_string();
        desk.press("y");
        let id = desk.submitted();
        let unknown = || Outcome::Unknown { since: jiff::Timestamp::UNIX_EPOCH, cause: lost(), look: None };
        desk.say(Msg::Submitted(id, unknown()));
        let looked_at = desk.now.at();
        let not_listed = Outcome::NotListed { looked_at, cause: lost() };
        let outcome = if is_settled { not_listed } else { unknown() };
        let found = Recovered::new(name.clone(), "orders-prod", outcome);
        desk.say(Msg::Recovered(PlaceId(0), vec![found]));
        if is_settled {
            assert!(desk.app.world.drafts.of_submission(id).is_none(), "its draft can be sent again");
            continue;
        }
        desk.say(Msg::Submitted(id, created(&name)));
        let row = &desk.app.world.place().followed.rows[0];
        assert!(matches!(row.state, FollowedState::Listed(_)), "{row:?}");
    }
}

#[test]
fn what_a_plan_was_opened_for_without_a_mark_is_not_marked_once_it_is_left() {
    for (key, confirmed) in [("x", "y 1 enter"), ("t", "")] {
        let mut desk = Desk::ready();
        lists_snapshots(&mut desk, &["a", "b", "c"]);
        desk.press("v");
        desk.press(key);
        desk.press("esc");
        assert!(desk.app.world.marks.snapshots.is_empty(), "{:?}", desk.app.world.marks);
        desk.press("j");
        desk.press(key);
        if confirmed.is_empty() {
            desk.type_text("a=b");
            desk.press("enter");
        } else {
            desk.press(confirmed);
        }
        assert_eq!(meant(&desk), "b", "the one under the cursor");
        assert!(desk.app.world.marks.snapshots.is_empty(), "under way, it is not meant again");
    }
}

#[test]
fn what_became_of_an_order_is_told_where_the_screen_shows_later_ones() {
    let mut desk = Desk::ready();
    lists_snapshots(&mut desk, &["a", "b", "c"]);
    desk.press("v x y 1 enter");
    let first = altering(&desk);
    desk.press("esc v j t");
    desk.type_text("a=b");
    desk.press("enter");
    assert_eq!(desk.app.focus(), Focus::Alterations);
    let refused =
        Failure { code: Some("AccessDenied".to_owned()), ..Failure::local(FailureKind::AccessDenied, "no") };
    let altered = Altered { sent: 1, ..Altered::new(AlteredKind::Refused).because(refused) };
    desk.say(Msg::Altered(first, Box::new(altered)));
    assert!(desk.note().starts_with("a: AWS refused."), "{}", desk.note());
}

#[test]
fn an_order_takes_what_a_later_look_tells_of_it() {
    let mut desk = Desk::ready();
    lists_snapshots(&mut desk, &["a", "b"]);
    desk.press("v x y 1 enter");
    let id = altering(&desk);
    let standing = |desk: &Desk| desk.app.world.alterations.rows[0].standing();
    let lost = Failure::unclear(FailureKind::LostAnswer, "");
    let unknown = Altered { sent: 1, ..Altered::new(AlteredKind::Unknown).because(lost) };
    desk.say(Msg::Altered(id, Box::new(unknown)));
    assert_eq!(standing(&desk), AlterationStanding::Unknown);
    desk.say(Msg::Altered(id, Box::new(Altered { sent: 1, ..Altered::new(AlteredKind::Gone) })));
    assert_eq!(standing(&desk), AlterationStanding::Done);
    assert!(desk.app.world.place().catalog.named("a").is_none(), "it is not listed any more");
}

#[test]
fn a_change_has_no_snapshot_any_more_that_was_deleted_from_here() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let change = kept(&desk);
    desk.say(Msg::ChangeKept(change.token, Ok(())));
    let id = desk.submitted();
    let name = desk.app.world.changes.rows[0].items[0].request().snapshot.to_string();
    desk.say(Msg::Submitted(id, created(&name)));
    let made = desk
        .app
        .world
        .place()
        .followed
        .rows
        .iter()
        .find_map(|row| row.snapshot().cloned())
        .expect("it was made");
    let cluster = desk.app.world.changes.rows[0].items[0].request().cluster.clone();
    let has = |desk: &Desk| {
        let id = &desk.app.world.changes.rows[0].id;
        desk.app.world.changes.asked_before(id, (PlaceId(0), &cluster), &desk.app.world.places).is_some()
    };
    assert!(has(&desk));
    desk.app.world.changes.deleted(PlaceId(0), &made);
    desk.app.world.place_mut().followed.rows.clear();
    assert!(!has(&desk), "it can be requested again under its id");
}

#[test]
fn a_change_has_the_snapshot_of_a_refused_request_that_was_carried_out_all_the_same() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let change = kept(&desk);
    desk.say(Msg::ChangeKept(change.token, Ok(())));
    let id = desk.submitted();
    let request = desk.app.world.changes.rows[0].items[0].request().clone();
    let full =
        || Failure { code: Some("Quota".to_owned()), ..Failure::local(FailureKind::QuotaExceeded, "") };
    desk.say(Msg::Submitted(id, Outcome::Refused(full())));
    let (name, cluster) = (request.snapshot.to_string(), request.cluster.to_string());
    let snapshot = snapshot(&name, &cluster, "creating");
    let found = |snapshot| {
        let outcome = Outcome::FoundAgain { snapshot: Box::new(snapshot), lost: full() };
        Recovered::new(name.clone(), cluster.clone(), outcome)
    };
    let stage = |desk: &Desk| desk.app.world.changes.rows[0].items[0].stage.clone();
    desk.say(Msg::Recovered(PlaceId(0), vec![found(snapshot.clone())]));
    assert!(matches!(stage(&desk), RequestStage::Ended(..)), "nothing on it says that it is this request's");
    let tags = request.tags.as_slice().into();
    desk.say(Msg::Recovered(PlaceId(0), vec![found(Snapshot { tags, ..snapshot })]));
    assert_eq!(stage(&desk), RequestStage::Sent);
    assert!(desk.app.world.place().followed.rows.iter().any(|row| row.id == name && row.is_open()));
}

#[test]
fn the_snapshots_are_read_also_where_the_clusters_cannot_be() {
    let mut desk = Desk::ready();
    desk.press("r");
    let clusters = desk.clusters_asked();
    let failure = Failure::local(FailureKind::UnreadableAnswer, "row 1 has no identifier");
    desk.say(Msg::Answered(clusters, Err(failure)));
    desk.asked(|effect| matches!(effect, Effect::Ask(_, Question::Snapshots(_))).then_some(()));
}

#[test]
fn a_snapshot_with_the_mark_of_another_request_is_not_the_one_that_is_followed() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s");
    let name = desk.review().snapshot.to_string();
    desk.press("y");
    let id = desk.submitted();
    desk.say(Msg::Submitted(id, created(&name)));
    let number = RequestNumber::new(desk.now.at(), 7);
    let another = Snapshot {
        tags: vec![Tag::new(MARK_KEY, number.as_str())].into(),
        ..snapshot(&name, "orders-prod", "available")
    };
    let now = desk.now.clone();
    let followed = &mut desk.app.world.place_mut().followed;
    followed.notice(&another, &now);
    let (own, others): (Vec<_>, Vec<_>) = followed.rows.iter().partition(|row| row.submission.is_some());
    assert!(own.iter().all(|row| row.followed.ending().is_none()) && own.len() == 1, "{own:?}");
    assert!(others.is_empty(), "it has ended, and nobody here asked for it: {others:?}");
    followed.notice(&Snapshot { status: "creating".into(), ..another.clone() }, &now);
    followed.ask(&now, true);
    let listed = vec![another];
    followed.take(&Listing { account: Some(account_id(ACCOUNT)), listed, server_time: None }, &now);
    let has_ended = |row: &FollowedSnapshot| row.followed.ending().is_some();
    let ends: Vec<_> = followed.rows.iter().map(|row| (row.submission.is_some(), has_ended(row))).collect();
    assert_eq!(ends, [(true, false), (false, true)], "{:?}", followed.rows);
}

#[test]
fn what_became_of_a_request_is_its_own_where_an_earlier_change_had_a_snapshot_of_its_name() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let first = kept(&desk);
    let mut again = Change { token: "again".to_owned(), ..first.clone() };
    again.items.truncate(1);
    desk.say(Msg::ChangeKept(first.token, Ok(())));
    let (id, name) = (desk.submitted(), again.items[0].request.snapshot.to_string());
    desk.say(Msg::Submitted(id, created(&name)));
    desk.press("esc");
    desk.say(Msg::ChangesBefore(vec![Before { change: again, sent: Vec::new() }]));
    desk.press("c");
    let id = desk.submitted();
    let denied = Failure::local(FailureKind::AccessDenied, "not for you");
    desk.say(Msg::Submitted(id, Outcome::Refused(denied)));
    let stages = desk.app.world.changes.rows.iter().map(|change| &change.items[0].stage);
    let stages: Vec<bool> = stages.map(|stage| *stage == RequestStage::Sent).collect();
    assert_eq!(stages, [true, false]);
}

#[test]
fn one_account_and_region_that_is_open_twice_is_asked_once_under_an_id() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let twin = Target { profile: Some("dr".to_owned()), ..place("eu-west-1") };
    desk.app.world.open(vec![twin.clone()]);
    desk.say(Msg::Tick);
    let connect = desk.sent(|effect| match effect {
        Effect::Connect { id, .. } => Some(*id),
        _ => None,
    });
    desk.say(Msg::Connected(connect, Ok(twin)));
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller(ACCOUNT)))));
    let changes = &desk.app.world.changes;
    let (id, cluster) = (&changes.rows[0].id, &changes.rows[0].items[0].request().cluster);
    assert!(changes.asked_before(id, (PlaceId(1), cluster), &desk.app.world.places).is_some());
}

/// Opens a place beside those that are there, and lets its account be told by its clusters.
fn opens_twin(desk: &mut Desk) {
    let twin = Target { profile: Some("dr".to_owned()), ..place("eu-west-1") };
    desk.app.world.open(vec![twin.clone()]);
    desk.say(Msg::Tick);
    let connect = desk.sent(|effect| match effect {
        Effect::Connect { id, .. } => Some(*id),
        _ => None,
    });
    desk.say(Msg::Connected(connect, Ok(twin)));
    let asked = desk.clusters_asked();
    let items = vec![cluster("orders-prod", "available")];
    desk.say(Msg::Answered(asked, Ok(Answer::Clusters(Page { items, next: None }))));
}

#[test]
fn what_is_marked_under_two_profiles_of_one_account_is_counted_together() {
    let mut desk = Desk::ready();
    lists_snapshots(&mut desk, &["a", "b"]);
    desk.press("space v g space");
    let marked_in = |desk: &Desk| desk.app.world.marks.places().into_iter().collect::<Vec<_>>();
    let first = desk.app.world.place().given().clone();
    opens_twin(&mut desk);
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
