//! What comes late, or after the screen that it was for: an answer, an outcome, a new login, a mark.

use std::time::Duration;

use crate::domain::alteration::{Altered, AlteredKind};
use crate::domain::change::Change;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Listing;
use crate::domain::mark::{MARK_KEY, RequestNumber};
use crate::domain::outcome::Outcome;
use crate::domain::pattern::{Pattern, Patterns};
use crate::domain::policy::Policy;
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;
use crate::fixtures::{ACCOUNT, account_id, snapshot};

use super::super::alterations::AlterationStanding;
use super::super::changes::RequestStage;
use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::{Before, Msg, Recovered};
use super::super::place::followed::{FollowedSnapshot, FollowedState};
use super::super::question::Question;
use super::super::request_id::{PlaceId, RequestId};
use super::checks::{at_review_of_change, kept, nothing_was_requested};
use super::cursor::lists_snapshots;
use super::desk::{Desk, created};

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
fn another_set_of_as_many_clusters_is_not_what_was_confirmed_by_its_count() {
    let production = Patterns { accounts: vec![Pattern::new("*")], ..Patterns::default() };
    for (is_same, told) in
        [(true, ""), (false, "Nothing was sent: what was confirmed is not the same any more. Look again.")]
    {
        let mut desk = Desk::with(Policy { production: production.clone(), ..Policy::default() }).connected();
        desk.press("space j space s");
        desk.type_text("CHG-7");
        desk.press("ctrl-s");
        nothing_was_requested(&mut desk);
        desk.press("space y");
        desk.type_text("1 CHG-7");
        let parts = &mut desk.app.world.drafts.change.as_mut().expect("a draft").parts;
        for part in parts {
            part.is_left_out ^= !is_same;
        }
        desk.press("enter");
        assert_eq!(desk.note(), told);
        assert_eq!(desk.app.world.changes.rows.len(), usize::from(is_same));
    }
}
