//! What is found out after a screen was left reaches the next one, and a message goes when its cause goes.

use std::time::Duration;

use crate::app::keymap::Focus;
use crate::app::message::{Before, Msg};
use crate::app::question::{Answer, Question};
use crate::app::request_id::RequestId;
use crate::app::screens::AnyScreen;
use crate::domain::change::Change;
use crate::domain::earlier::Journalled;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::naming::Template;
use crate::domain::page::{Page, Quota};
use crate::domain::policy::Policy;
use crate::domain::tag::Tag;

use super::super::effect::Effect;
use super::desk::{Desk, cluster};
use super::form::is_held_up;

fn question(desk: &mut Desk, is_it: impl Fn(&Question) -> bool) -> RequestId {
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

fn quota_asked(desk: &mut Desk) -> RequestId {
    question(desk, |question| *question == Question::Quota)
}

fn quota(used: u64) -> Answer {
    Answer::Quota(Some(Quota { used, max: 100 }))
}

/// The cluster of the form, as it is read.
fn cluster_asked(desk: &mut Desk) -> RequestId {
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
    assert_eq!((desk.app.focus(), desk.note()), (Focus::Review, ""));
    desk.press("y");
    assert_eq!(desk.screen(), "sending");
}

/// The journal has nothing of the change that is reviewed.
fn nothing_was_requested(desk: &mut Desk) {
    let journal = desk.sent(|effect| match effect {
        Effect::ReadChange(id, _) => Some(*id),
        _ => None,
    });
    desk.say(Msg::ChangeRequests(journal, Ok(Journalled::default())));
}

/// The change of all clusters that is on its review, as its journal and quota are known.
fn at_review_of_change(used: u64) -> Desk {
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
    assert_eq!((desk.app.focus(), desk.note()), (Focus::ChangeReview, ""));
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
    desk.press("y");
    assert!(desk.note().starts_with("Not sent: orders-prod is stopped"), "{}", desk.note());
    desk.press("l");
    let asked = cluster_asked(&mut desk);
    desk.say(Msg::Answered(asked, Ok(read("available"))));
    assert_eq!((desk.app.focus(), desk.note()), (Focus::Review, ""));
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
fn kept(desk: &Desk) -> Change {
    let kept = desk.effects.iter().find_map(|effect| match effect {
        Effect::KeepChange { change, .. } => Some(change.clone()),
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
        (change.items.len(), change.row_count(), out.collect::<Vec<_>>())
    };
    let billing = ("billing".to_owned(), false);
    assert_eq!(told(&desk), (2, 3, vec![billing.clone()]));
    let mut later = Desk::ready();
    later.say(Msg::ChangesBefore(vec![Before { change: kept, sent: Vec::new() }]));
    later.press("g");
    // What waits for its cluster is kept apart, and asked about apart.
    assert_eq!(told(&later), (1, 3, vec![billing, ("busy".to_owned(), true)]));
}

#[test]
fn one_against_which_something_stands_takes_y_away_and_stands_first_until_it_is_left_out() {
    let mut desk = Desk::ready();
    desk.press("r");
    let asked = desk.clusters_asked();
    let items = vec![cluster("billing", "available"), cluster("zoo", "stopped")];
    desk.say(Msg::Answered(asked, Ok(Answer::Clusters(Page { items, next: None }))));
    desk.press("* s");
    desk.type_text("CHG-7");
    desk.press("ctrl-s");
    nothing_was_requested(&mut desk);
    assert_eq!(desk.app.focus(), Focus::ChangeObstructed);
    let first = |desk: &Desk| match desk.app.ui.top() {
        Some(AnyScreen::ChangeReview(review)) => review.asked[0].part.cluster.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(first(&desk), "zoo");
    desk.press("y");
    assert_eq!(desk.note(), "Not sent: 1 of them cannot be sent. x leaves those out.");
    desk.press("x");
    assert_eq!((desk.app.focus(), first(&desk)), (Focus::ChangeReview, "zoo".to_owned()));
}
