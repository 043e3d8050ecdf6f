//! Requests that wait until their cluster is available.

use std::time::Duration;

use crate::domain::cluster::Cluster;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::page::Page;
use crate::domain::wait::Wait;
use crate::fixtures::caller;

use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::Msg;
use super::super::note::{Note, Tone};
use super::super::question::{Answer, Question};
use super::super::request_id::{PlaceId, RequestId};
use super::super::screens::AnyScreen;
use super::desk::{Desk, cluster, created};

/// A desk at which a request for the busy cluster waits, for an hour.
pub(super) fn armed() -> (Desk, Wait) {
    let mut desk = Desk::ready();
    desk.press("j s");
    // What the form shows is asked for first.
    for _ in 0..3 {
        desk.wait(Duration::from_secs(1));
    }
    desk.press("ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Busy);
    desk.press("w");
    let wait = desk.sent(|effect| match effect {
        Effect::KeepWait(_, wait) => Some(wait.clone()),
        _ => None,
    });
    (desk, wait)
}

#[test]
fn the_name_of_a_request_that_waits_is_not_proposed_again() {
    let (mut desk, wait) = armed();
    desk.press("s");
    let name = desk.form().fields.name.value();
    assert!(!name.is_empty() && name != wait.request.snapshot.as_str(), "{name}");
}

#[test]
fn the_tags_of_a_request_that_waits_are_offered_next() {
    let mut desk = Desk::ready();
    desk.press("j s ctrl-n");
    desk.type_text("approved-by");
    desk.press("tab");
    desk.type_text("mira");
    for _ in 0..3 {
        desk.wait(Duration::from_secs(1));
    }
    desk.press("ctrl-s w s ctrl-n");
    assert_eq!(desk.offer().as_deref(), Some("approved-by"));
}

/// Waits until the cluster is looked at.
pub(super) fn looked(desk: &mut Desk) -> RequestId {
    for _ in 0..120 {
        let look = desk.effects.iter().find_map(|effect| match effect {
            Effect::Ask(id, Question::Cluster(cluster)) if cluster.as_str() == "busy" => Some(*id),
            _ => None,
        });
        if let Some(id) = look {
            // The next look is another one.
            desk.effects.clear();
            return id;
        }
        desk.wait(Duration::from_secs(1));
    }
    panic!("nobody looked");
}

pub(super) fn answer(desk: &mut Desk, id: RequestId, cluster: Cluster) {
    desk.say(Msg::Answered(id, Ok(Answer::Cluster(Some(Box::new(cluster))))));
}

pub(super) fn missed(desk: &mut Desk, account: &str) {
    let id = looked(desk);
    desk.say(Msg::Answered(id, Ok(Answer::Cluster(None))));
    let id = desk.caller_asked();
    desk.say(Msg::Answered(id, Ok(Answer::Caller(caller(account)))));
}

pub(super) fn dropped(desk: &Desk) -> Option<&String> {
    desk.effects.iter().find_map(|effect| match effect {
        Effect::DropWait(token) => Some(token),
        _ => None,
    })
}

pub(super) fn is_submitting(desk: &Desk) -> bool {
    desk.effects.iter().any(|effect| matches!(effect, Effect::Submit { .. }))
}

/// What rings: the bell, and the text of the notification.
fn rung(desk: &Desk) -> Option<&str> {
    desk.effects.iter().any(|effect| matches!(effect, Effect::Bell)).then_some(())?;
    desk.effects.iter().find_map(|effect| match effect {
        Effect::Notify(body) => Some(body.as_str()),
        _ => None,
    })
}

#[test]
fn a_request_that_comes_to_nothing_while_nobody_looks_rings_and_its_error_is_not_covered() {
    let (mut desk, wait) = armed();
    let name = wait.request.snapshot.to_string();
    let id = looked(&mut desk);
    answer(&mut desk, id, cluster("busy", "available"));
    let submission = desk.submitted();
    let why = Failure::local(FailureKind::AccessDenied, "no");
    desk.say(Msg::Submitted(submission, Outcome::Refused(why)));
    assert_eq!(rung(&desk), Some(format!("{name}: refused").as_str()));
    assert!(desk.note().contains(&format!("Refused by AWS: {name}")), "{}", desk.note());
    desk.say(Msg::Told(Note::new(Tone::Neutral, "something else")));
    assert!(desk.note().contains("Refused by AWS"), "{}", desk.note());
    let (mut desk, wait) = armed();
    desk.wait(Duration::from_hours(4));
    assert_eq!(rung(&desk), Some(format!("{}: not created", wait.request.snapshot).as_str()));
}

#[test]
fn a_request_waits_for_its_cluster_and_is_submitted_once() {
    let (mut desk, wait) = armed();
    for status in ["backing-up", "modifying", "stopped", "unheard-of"] {
        let id = looked(&mut desk);
        answer(&mut desk, id, cluster("busy", status));
        assert!(!is_submitting(&desk), "{status}");
    }
    let id = looked(&mut desk);
    desk.say(Msg::Answered(id, Err(Failure::local(FailureKind::NoConnection, "down"))));
    assert_eq!(desk.app.world.place().waits.rows.len(), 1, "a failed look is no end");
    let id = looked(&mut desk);
    answer(&mut desk, id, cluster("busy", "available"));
    let submission = desk.submitted();
    assert_eq!(dropped(&desk), None, "it is kept until the journal has its outcome");
    answer(&mut desk, id, cluster("busy", "available"));
    assert!(!is_submitting(&desk), "a late answer submits nothing");
    desk.say(Msg::Submitted(submission, created(wait.request.snapshot.as_str())));
    assert_eq!(dropped(&desk), Some(&wait.token));
    assert!(desk.app.world.place().waits.rows.is_empty());
}

#[test]
fn it_gives_up_at_the_chosen_deadline() {
    let mut desk = Desk::ready();
    desk.press("j s ctrl-s - - - w");
    desk.wait(Duration::from_mins(14));
    assert_eq!(desk.app.world.place().waits.rows.len(), 1);
    desk.wait(Duration::from_mins(2));
    assert!(desk.app.world.place().waits.rows.is_empty() && dropped(&desk).is_some());
    assert!(desk.note().contains("its time is over; nothing was sent"), "{}", desk.note());
    desk.wait(Duration::from_mins(2));
    assert!(!is_submitting(&desk));
}

#[test]
fn an_answer_after_the_deadline_submits_nothing_and_what_was_seen_last_is_told() {
    let expired = Failure::local(FailureKind::ExpiredCredentials, "expired");
    for (last, told) in [
        (
            Ok(Answer::Cluster(Some(Box::new(cluster("busy", "available"))))),
            "was available when it was looked at last",
        ),
        (Err(expired), "failed: the AWS credentials have expired"),
    ] {
        let (mut desk, _) = armed();
        let id = looked(&mut desk);
        desk.now.wall = desk.now.wall.checked_add(Duration::from_hours(2)).expect("a time");
        desk.say(Msg::Answered(id, last));
        assert!(!is_submitting(&desk) && desk.app.world.place().waits.rows.is_empty());
        assert!(desk.note().contains("does not wait any more: its time is over; "), "{}", desk.note());
        assert!(desk.note().contains(told), "{}", desk.note());
    }
}

#[test]
fn another_cluster_of_the_same_name_is_not_what_was_meant() {
    let (mut desk, _) = armed();
    let id = looked(&mut desk);
    answer(
        &mut desk,
        id,
        Cluster { resource_id: Some("cluster-NEW".to_owned()), ..cluster("busy", "available") },
    );
    assert!(!is_submitting(&desk) && desk.note().contains("another one"), "{}", desk.note());
}

#[test]
fn it_can_be_dropped_and_quitting_asks() {
    let (mut desk, wait) = armed();
    desk.press("q");
    assert_eq!(desk.app.focus(), Focus::Leaving);
    desk.press("esc W");
    assert_eq!(dropped(&desk), Some(&wait.token));
    desk.press("q");
    assert_eq!(desk.effects, [Effect::Quit]);
}

#[test]
fn of_a_wait_that_could_not_be_written_down_quitting_says_that_it_drops_it() {
    let (mut desk, wait) = armed();
    desk.say(Msg::WaitUnwritten(PlaceId(0), wait.token.clone(), "no space left on device".to_owned()));
    let told = format!("{} waits, but only until you quit", wait.request.snapshot);
    assert!(desk.note().starts_with(&told) && desk.note().contains("no space left"), "{}", desk.note());
    desk.press("q");
    let asked = desk.app.ui.note(&desk.app.world).map(|note| note.text).unwrap_or_default();
    assert!(asked.ends_with("Quitting drops it."), "{asked}");
    assert_eq!(desk.app.world.place().waits.rows.len(), 1, "it waits on");
}

#[test]
fn what_waits_for_another_cluster_than_the_one_under_the_cursor_is_not_dropped() {
    let (mut desk, _) = armed();
    desk.press("k W");
    assert_eq!(dropped(&desk), None);
    assert_eq!(desk.app.world.place().waits.rows.len(), 1);
    assert!(desk.note().contains("No request waits for"), "{}", desk.note());
    desk.press("j W");
    assert!(dropped(&desk).is_some());
}

#[test]
fn a_draft_for_a_cluster_that_was_made_anew_is_sent_only_once_it_is_opened_for_that() {
    let mut desk = Desk::ready();
    let with = |id: &str| Cluster { resource_id: Some(id.to_owned()), ..cluster("busy", "available") };
    desk.app.world.place_mut().catalog.note_cluster(with("cluster-OLD"));
    desk.press("j s ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Review);
    desk.app.world.place_mut().catalog.note_cluster(with("cluster-NEW"));
    desk.press("y");
    assert!(!is_submitting(&desk));
    desk.press("esc ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Form, "{}", desk.note());
    desk.press("esc s ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Review);
    desk.press("y");
    assert!(is_submitting(&desk));
}

#[test]
fn a_busy_cluster_under_review_that_became_available_is_submitted_by_y_as_ever() {
    let mut desk = Desk::ready();
    desk.press("j s ctrl-s");
    desk.app.world.place_mut().catalog.note_cluster(cluster("busy", "available"));
    assert_eq!(desk.app.focus(), Focus::Review);
    desk.press("y");
    assert!(is_submitting(&desk));
}

#[test]
fn a_review_looks_every_ten_seconds_whether_its_cluster_is_still_busy_and_every_minute_otherwise() {
    let mut desk = Desk::ready();
    desk.press("j s");
    let id = looked(&mut desk);
    answer(&mut desk, id, cluster("busy", "backing-up"));
    desk.press("ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Busy);
    for (status, focus, least, most) in [
        ("backing-up", Focus::Busy, 9, 12),
        ("available", Focus::Review, 9, 12),
        ("available", Focus::Review, 55, 65),
    ] {
        let since = desk.now.mono;
        let id = looked(&mut desk);
        let waited = desk.now.mono.saturating_sub(since).as_secs();
        assert!((least..=most).contains(&waited), "{status}: {waited} s");
        answer(&mut desk, id, cluster("busy", status));
        assert_eq!(desk.app.focus(), focus);
    }
}

#[test]
fn after_a_restart_it_waits_again_only_if_the_person_says_so() {
    let (_, wait) = armed();
    for (key, waits) in [("w", 1), ("x", 0), ("esc", 0)] {
        let mut desk = Desk::ready();
        desk.say(Msg::WaitsBefore(PlaceId(0), vec![wait.clone()]));
        assert_eq!(desk.app.focus(), Focus::WaitAgain);
        assert!(
            desk.app.ui.note(&desk.app.world).is_some_and(|note| note.text.contains("Wait again for busy"))
        );
        desk.wait(Duration::from_mins(2));
        assert!(!is_submitting(&desk), "nothing is done before the answer");
        desk.press(key);
        assert_eq!(desk.app.world.place().waits.rows.len(), waits, "{key}");
        assert_eq!(dropped(&desk).is_some(), key == "x", "{key}");
        assert_eq!(desk.app.focus(), Focus::Clusters);
    }
    let mut desk = Desk::ready();
    desk.now.wall = desk.now.wall.checked_add(Duration::from_hours(3)).expect("a time");
    desk.say(Msg::WaitsBefore(PlaceId(0), vec![wait]));
    assert_eq!(desk.app.focus(), Focus::Clusters, "its time is over");
    assert!(dropped(&desk).is_some() && desk.note().contains("Not sent"), "{}", desk.note());
}

#[test]
fn the_question_about_an_earlier_wait_comes_back_after_whatever_lay_over_it() {
    let (desk, wait) = armed();
    let mut desk = Desk { app: Desk::ready().app, ..desk };
    desk.say(Msg::WaitsBefore(PlaceId(0), vec![wait]));
    assert_eq!(desk.app.focus(), Focus::WaitAgain);
    desk.press("ctrl-g");
    assert_eq!(desk.app.focus(), Focus::Messages);
    desk.press("esc");
    assert_eq!(desk.app.focus(), Focus::WaitAgain);
    desk.press("esc");
    assert_eq!(desk.app.focus(), Focus::Clusters);
}

#[test]
fn the_question_about_an_earlier_wait_takes_no_key_that_is_meant_for_a_field() {
    let (_, wait) = armed();
    for keys in ["/", "s", "s ctrl-s", "h /"] {
        let mut desk = Desk::ready();
        desk.press(keys);
        let focus = desk.app.focus();
        desk.say(Msg::WaitsBefore(PlaceId(0), vec![wait.clone()]));
        assert_eq!(desk.app.focus(), focus, "{keys}");
        desk.press("w");
        assert!(desk.app.world.place().waits.rows.is_empty(), "{keys}");
        for _ in 0..4 {
            if desk.app.focus() != Focus::WaitAgain {
                desk.press("esc");
            }
        }
        assert_eq!(desk.app.focus(), Focus::WaitAgain, "{keys}");
    }
}

#[test]
fn what_one_part_has_read_of_a_cluster_the_others_say_too() {
    let (mut desk, _) = armed();
    let id = looked(&mut desk);
    answer(&mut desk, id, cluster("busy", "failing-over"));
    desk.press("r");
    let id = desk.clusters_asked();
    let items = vec![cluster("busy", "stopped")];
    desk.say(Msg::Answered(id, Ok(Answer::Clusters(Page { items, next: None }))));
    let waiting = &desk.app.world.place().waits.rows[0];
    assert_eq!(waiting.status.as_ref().map(ToString::to_string).as_deref(), Some("stopped"));
    // Within a second or two, which is the pace of questions.
    let before = desk.now.mono;
    looked(&mut desk);
    assert!(desk.now.mono <= before + Duration::from_secs(2), "it is looked at at once");

    let (mut desk, wait) = armed();
    for _ in 0..2 {
        missed(&mut desk, "123456789012");
    }
    assert!(desk.note().contains("does not exist any more"), "{}", desk.note());
    assert!(
        desk.app.world.place().catalog.cluster(&wait.request.cluster).is_none(),
        "the list has it no more"
    );
}

#[test]
fn of_a_cluster_that_is_busy_since_the_review_of_what_is_under_way_offers_no_wait() {
    let mut desk = Desk::ready();
    desk.press("G s ctrl-s y");
    desk.app.world.place_mut().catalog.note_cluster(cluster("orders-prod", "backing-up"));
    let Some(AnyScreen::Review(shown)) = desk.app.ui.top() else { panic!("{:?}", desk.app.ui.top()) };
    let rows = shown.rows(&desk.app.world);
    assert!(shown.sent.is_some() && rows.iter().all(|row| row.name != "BUSY"), "{rows:?}");
}
