//! What is found out after a screen was left reaches the next one, and a message goes when its cause goes.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::action::Action;
use crate::app::changes::{RequestOfChange, RequestStage};
use crate::app::keymap::Focus;
use crate::app::message::{Before, Msg, Recovered};
use crate::app::question::{Answer, Question};
use crate::app::request_id::{PlaceId, RequestId};
use crate::app::screens::AnyScreen;
use crate::domain::change::Change;
use crate::domain::earlier::Journalled;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::naming::Template;
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::page::{Page, Quota};
use crate::domain::policy::Policy;
use crate::domain::record::{OutcomeLine, Record};
use crate::domain::tag::Tag;
use crate::fixtures::{self, intent};

use super::super::effect::Effect;
use super::desk::{Desk, cluster, created};
use super::form::is_held_up;

pub(super) fn question(desk: &mut Desk, is_it: impl Fn(&Question) -> bool) -> RequestId {
    for _ in 0..80 {
        let found = desk.effects.iter().find_map(|effect| match effect {
            Effect::Ask(id, question) if is_it(question) => Some(*id),
            _ => None,
        });
        match found {
            Some(id) => return id,
            None => desk.wait(Duration::from_secs(1)),
        }
    }
    panic!("it was not asked for");
}

pub(super) fn quota_asked(desk: &mut Desk) -> RequestId {
    question(desk, |question| *question == Question::Quota)
}

pub(super) fn quota(used: u64) -> Answer {
    Answer::Quota(Some(Quota { used, max: 100 }))
}

/// The cluster of the form, as it is read.
pub(super) fn cluster_asked(desk: &mut Desk) -> RequestId {
    question(desk, |question| matches!(question, Question::Cluster(_)))
}

fn read(status: &str) -> Answer {
    Answer::Cluster(Some(Box::new(cluster("orders-prod", status))))
}

/// At the review of orders-prod, with the quota's question out.
fn at_review() -> (Desk, RequestId) {
    let mut desk = Desk::ready();
    desk.press("G s");
    // Both may be asked at once.
    let cluster = cluster_asked(&mut desk);
    let asked = quota_asked(&mut desk);
    desk.say(Msg::Answered(cluster, Ok(read("available"))));
    desk.press("ctrl-s");
    assert_eq!(desk.screen(), "review");
    (desk, asked)
}

#[test]
fn a_quota_that_turns_out_to_be_full_on_the_review_takes_y_away_until_there_is_room() {
    let (mut desk, asked) = at_review();
    assert_eq!(desk.app.focus(), Focus::Review, "not known is no obstacle");
    desk.say(Msg::Answered(asked, Ok(quota(100))));
    assert_eq!(desk.app.focus(), Focus::Obstructed);
    desk.press("y");
    assert_eq!(desk.screen(), "review");
    assert!(desk.note().starts_with("Not sent: 100 of 100 manual snapshots are used."), "{}", desk.note());
    // It is read anew by itself, and the message goes with its cause.
    let again = quota_asked(&mut desk);
    desk.say(Msg::Answered(again, Ok(quota(99))));
    assert_eq!((desk.app.focus(), desk.note().as_str()), (Focus::Review, ""));
    desk.press("y");
    assert_eq!(desk.screen(), "sending");
}

/// The journal has nothing of the change that is reviewed.
pub(super) fn nothing_was_requested(desk: &mut Desk) {
    let journal = desk.sent(|effect| match effect {
        Effect::ReadChange(id, _) => Some(*id),
        _ => None,
    });
    desk.say(Msg::ChangeRequests(journal, Ok(Journalled::default())));
}

/// The change of all clusters that is on its review, as its journal and quota are known.
pub(super) fn at_review_of_change(used: u64) -> Desk {
    let mut desk = Desk::ready();
    desk.press("* s");
    let asked = quota_asked(&mut desk);
    desk.say(Msg::Answered(asked, Ok(quota(used))));
    desk.type_text("CHG-7");
    desk.press("ctrl-s");
    nothing_was_requested(&mut desk);
    desk
}

#[test]
fn what_stands_against_all_of_a_change_takes_y_away_until_it_is_read_anew() {
    let mut desk = at_review_of_change(98);
    assert_eq!(desk.app.focus(), Focus::ChangeObstructed, "three do not fit");
    desk.press("y");
    assert!(desk.note().starts_with("Not sent: "), "{}", desk.note());
    let again = quota_asked(&mut desk);
    desk.say(Msg::Answered(again, Ok(quota(7))));
    assert_eq!((desk.app.focus(), desk.note().as_str()), (Focus::ChangeReview, ""));
}

#[test]
fn tags_of_a_change_are_offered_to_the_next_one_and_to_a_form() {
    let mut desk = Desk::ready();
    desk.press("* s");
    desk.type_text("CHG-7");
    desk.press("ctrl-n");
    desk.type_text("approved-by");
    desk.press("tab");
    desk.type_text("ann");
    desk.press("ctrl-s");
    nothing_was_requested(&mut desk);
    desk.press("y esc * s");
    desk.type_text("CHG-8");
    desk.press("ctrl-n right tab right");
    let given: Vec<_> = desk.app.world.drafts.change.as_ref().expect("a draft").fields.tags.given().collect();
    assert!(given.contains(&Tag::new("approved-by", "ann")), "{given:?}");
    desk.press("esc esc g s ctrl-n");
    assert_eq!(desk.offer().as_deref(), Some("approved-by"));
}

#[test]
fn an_open_review_asks_for_the_quota_once_a_minute_and_no_more() {
    let (mut desk, asked) = at_review();
    let mut count = 0;
    let mut last = Some(asked);
    for _ in 0..600 {
        if let Some(asked) = last.take() {
            desk.say(Msg::Answered(asked, Ok(quota(50))));
        }
        desk.wait(Duration::from_secs(1));
        last = desk.effects.iter().find_map(|effect| match effect {
            Effect::Ask(id, Question::Quota) => Some(*id),
            _ => None,
        });
        count += usize::from(last.is_some());
    }
    assert!((9..=10).contains(&count), "{count} in ten minutes");
}

#[test]
fn a_cluster_that_stops_under_the_review_takes_y_away() {
    let (mut desk, _) = at_review();
    let asked = cluster_asked(&mut desk);
    desk.say(Msg::Answered(asked, Ok(read("stopped"))));
    for (key, told) in [("y", "Not sent: orders-prod is stopped"), ("l", "Looking at the cluster and")] {
        desk.press(key);
        assert!(desk.note().starts_with(told), "{}", desk.note());
    }
    let asked = cluster_asked(&mut desk);
    desk.say(Msg::Answered(asked, Ok(read("available"))));
    assert_eq!((desk.app.focus(), desk.note().as_str()), (Focus::Review, ""));
}

#[test]
fn credentials_that_ran_out_are_an_obstacle_in_form_and_review_until_they_work() {
    for kind in [FailureKind::ExpiredCredentials, FailureKind::BadCredentials, FailureKind::NoCredentials] {
        let (mut desk, asked) = at_review();
        desk.say(Msg::Answered(asked, Err(Failure::local(kind, "ran out"))));
        assert_eq!(desk.app.focus(), Focus::Obstructed, "{kind:?}");
        desk.press("y");
        assert!(desk.note().starts_with("Not sent: AWS takes no request now"), "{}", desk.note());
        desk.press("esc ctrl-s");
        assert_eq!(desk.screen(), "form", "{kind:?}");
        assert!(is_held_up(&desk, "AWS takes no request now"), "{}", desk.note());
        desk.press("ctrl-l");
        let asked = cluster_asked(&mut desk);
        desk.say(Msg::Answered(asked, Ok(read("available"))));
        assert_eq!(desk.note(), "", "{kind:?}");
        desk.press("ctrl-s");
        assert_eq!(desk.screen(), "review", "{kind:?}");
    }
}

#[test]
fn a_message_about_a_broken_name_goes_with_the_name() {
    for broken in ["9x", "a--b", "x-", "a_b"] {
        let mut desk = Desk::ready();
        desk.press("G s");
        for _ in 0..70 {
            desk.press("backspace");
        }
        desk.type_text(broken);
        desk.press("ctrl-s");
        assert!(is_held_up(&desk, "breaks a rule"), "{broken}: {}", desk.note());
        desk.press("ctrl-t");
        assert_eq!(desk.note(), "", "{broken}");
    }
}

#[test]
fn a_proposed_name_follows_the_ticket_until_it_is_changed_by_hand() {
    let template = Template::parse("{cluster}-{ticket}").expect("a template");
    let policy = || Policy { name_template: template.clone(), ..Policy::default() };
    for (by_hand, expected) in [("", "orders-prod-chg-7"), ("x", "orders-prodx")] {
        let mut desk = Desk::with(policy()).connected();
        desk.press("G s");
        assert_eq!(desk.form().fields.name.value(), "orders-prod");
        desk.type_text(by_hand);
        desk.press("ctrl-n");
        desk.type_text("ticket");
        desk.press("tab");
        desk.type_text("CHG-7");
        assert_eq!(desk.form().fields.name.value(), expected);
    }
}

/// What the keys have put out to be kept of a change.
pub(super) fn kept(desk: &Desk) -> Change {
    let kept = desk.effects.iter().find_map(|effect| match effect {
        Effect::KeepChange(change) => Some(change.clone()),
        _ => None,
    });
    kept.expect("a change to keep")
}

#[test]
fn a_cluster_that_is_left_out_keeps_its_row_after_the_change_is_confirmed_and_after_a_restart() {
    let mut desk = at_review_of_change(7);
    desk.press("space y");
    let kept = kept(&desk);
    let told = |desk: &Desk| {
        let change = desk.app.world.changes.rows.first().expect("the change");
        let out = change.left_out.iter().map(|(_, out)| (out.cluster.clone(), out.is_requested));
        (change.items.len(), out.collect::<Vec<_>>())
    };
    let billing = ("billing".to_owned(), false);
    assert_eq!(told(&desk), (2, vec![billing.clone()]));
    let mut later = Desk::ready();
    later.say(Msg::ChangesBefore(vec![Before { change: kept, sent: Vec::new() }]));
    later.press("c");
    // What waits for its cluster is kept apart, and asked about apart.
    assert_eq!(told(&later), (1, vec![billing, ("busy".to_owned(), true)]));
}

#[test]
fn what_of_a_change_of_an_earlier_run_did_not_end_well_is_told_also_where_nothing_is_left_to_send() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    // The third waits for its cluster, and is kept apart.
    let kept = kept(&desk);
    let record = |at: usize, outcome: &Outcome| {
        let request = &kept.items[at].request;
        let number = request.number.as_str();
        let intent =
            intent(number, request.cluster.as_str(), request.snapshot.as_str(), Timestamp::UNIX_EPOCH);
        let outcome = OutcomeLine::new(number, Timestamp::UNIX_EPOCH, outcome, Some(1));
        Record { outcome: Some(outcome), ..fixtures::open(intent) }
    };
    let name = |at: usize| kept.items[at].request.snapshot.to_string();
    let denied = Outcome::Refused(Failure::local(FailureKind::AccessDenied, "not for you"));
    let started = |change: &Change, sent: Vec<Record>| {
        let mut later = Desk::ready();
        later.say(Msg::ChangesBefore(vec![Before { change: change.clone(), sent }]));
        later
    };
    let question = |desk: &Desk| desk.app.ui.note(&desk.app.world).map(|note| note.text).unwrap_or_default();
    let told = "Change CHG-7 of an earlier run: 1 of its 2 requests did not end well";
    let mut half = started(&kept, vec![record(0, &denied)]);
    let asked = "1 of 2 requests not sent in an earlier run, and 1 did not end well: c sends what was not, ";
    assert!(question(&half).contains(asked), "{}", question(&half));
    half.press("x");
    let let_go = "Let go of CHG-7, 1 of 2 requests not sent in an earlier run: nothing more of it is sent; clustersnap \
                  report CHG-7 tells which.";
    assert_eq!(half.note(), let_go);
    // What nobody can have read before comes again.
    half.wait(Duration::from_secs(6));
    assert!(half.note().starts_with(&format!("{told}: {} (refused, ", name(0))), "{}", half.note());
    assert!(half.note().contains("not for you"), "{}", half.note());
    let stops = Change { all_or_stop: true, ..kept.clone() };
    let half = started(&stops, vec![record(0, &denied)]);
    assert!(
        question(&half).ends_with("c sends nothing more, as one was to stop all."),
        "{}",
        question(&half)
    );
    let over = started(&kept, vec![record(0, &denied), record(1, &created(&name(1)))]);
    assert!(over.app.ui.prompt.is_none() && question(&over).starts_with(told), "{}", question(&over));
    let well = started(&kept, vec![record(0, &created(&name(0))), record(1, &created(&name(1)))]);
    assert_eq!((well.app.ui.prompt.is_none(), well.note().as_str()), (true, ""));
}

#[test]
fn a_failure_stops_the_rest_of_a_change_of_an_earlier_run_only_once_it_is_known_what_became_of_each() {
    let mut desk = at_review_of_change(7);
    desk.press("o y");
    let kept = kept(&desk);
    let request = &kept.items[0].request;
    let (number, name) = (request.number.as_str(), request.snapshot.to_string());
    let intent = intent(number, request.cluster.as_str(), &name, Timestamp::UNIX_EPOCH);
    for (found, stages) in [(Some(created(&name)), (0, 1)), (None, (1, 0))] {
        let mut later = Desk::ready();
        let sent = vec![fixtures::open(intent.clone())];
        later.say(Msg::ChangesBefore(vec![Before { change: kept.clone(), sent }]));
        later.press("c");
        let told = |desk: &Desk| {
            let items = &desk.app.world.changes.rows[0].items;
            let count = |is: fn(&RequestStage) -> bool| items.iter().filter(|item| is(&item.stage)).count();
            let ended = count(|stage| matches!(stage, RequestStage::Ended(..)));
            (ended, count(|stage| *stage == RequestStage::Sent) - 1)
        };
        assert_eq!(told(&later), (0, 0), "of the first one nothing is known yet");
        if let Some(outcome) = found {
            let found = Recovered::new(name.clone(), "", outcome);
            later.say(Msg::Recovered(PlaceId(0), vec![found]));
        }
        later.say(Msg::EarlierKnown(PlaceId(0)));
        assert_eq!(told(&later), stages);
        let why = format!("it is not known what became of {name}, and one was to stop all");
        let is_told =
            |item: &RequestOfChange| item.stage == RequestStage::Ended(OutcomeKind::NotCreated, why.clone());
        assert_eq!(
            later.app.world.changes.rows[0].items.iter().filter(|item| is_told(item)).count(),
            stages.0
        );
    }
}

/// The review of a change of which one of two cannot be sent, where so many snapshots are used of a hundred.
fn at_review_with_a_stopped_one(used: u64) -> Desk {
    let mut desk = Desk::ready();
    desk.press("r");
    let asked = desk.clusters_asked();
    let items = vec![cluster("billing", "available"), cluster("zoo", "stopped")];
    desk.say(Msg::Answered(asked, Ok(Answer::Clusters(Page { items, next: None }))));
    desk.press("* s");
    let asked = quota_asked(&mut desk);
    desk.say(Msg::Answered(asked, Ok(quota(used))));
    desk.type_text("CHG-7");
    desk.press("ctrl-s");
    nothing_was_requested(&mut desk);
    desk
}

fn against_all(desk: &Desk) -> &[String] {
    match desk.app.ui.top() {
        Some(AnyScreen::ChangeReview(review)) => &review.against,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_quota_is_counted_over_those_that_can_be_sent() {
    let mut desk = at_review_with_a_stopped_one(99);
    assert!(against_all(&desk).is_empty(), "the one that can be sent has room: {:?}", against_all(&desk));
    desk.press("x");
    assert_eq!(desk.app.focus(), Focus::ChangeReview);
    let desk = at_review_with_a_stopped_one(100);
    assert!(
        against_all(&desk)[0].starts_with("1 wanted, the quota has room for 0"),
        "{:?}",
        against_all(&desk)
    );
}

#[test]
fn leaving_out_what_cannot_go_is_offered_only_where_something_stands_against_a_single_one() {
    let offers = |desk: &Desk| desk.app.ui.screen().offers(Action::LeaveOut);
    let mut desk = at_review_with_a_stopped_one(100);
    assert!(offers(&desk));
    desk.press("x");
    assert_eq!((desk.app.focus(), offers(&desk)), (Focus::ChangeObstructed, false), "the quota alone");
}

#[test]
fn one_against_which_something_stands_takes_y_away_and_stands_first_until_it_is_left_out() {
    let mut desk = at_review_with_a_stopped_one(7);
    assert_eq!(desk.app.focus(), Focus::ChangeObstructed);
    let first = |desk: &Desk| match desk.app.ui.top() {
        Some(AnyScreen::ChangeReview(review)) => review.asked[0].part.cluster.to_string(),
        other => panic!("{other:?}"),
    };
    desk.press("y");
    assert_eq!(desk.note(), "Not sent: 1 of them cannot be sent. x leaves those out.");
    desk.press("x");
    assert_eq!((desk.app.focus(), first(&desk).as_str()), (Focus::ChangeReview, "zoo"));
}
