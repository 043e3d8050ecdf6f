//! What is told is not lost.

use std::time::Duration;

use crate::domain::cluster::Cluster;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Listing;
use crate::domain::outcome::Outcome;
use crate::domain::page::Page;
use crate::domain::snapshot::Snapshot;
use crate::fixtures::place;
use crate::keys;

use super::super::Settings;
use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::{Mouse, Msg};
use super::super::note::{Note, Tone};
use super::super::question::{Answer, Question};
use super::super::request_id::RequestId;
use super::checks::{question, quota, quota_asked};
use super::desk::{Desk, cluster, snapshot};
use super::left::asked;

#[test]
fn what_comes_by_itself_is_not_put_away_by_a_key_that_was_on_its_way() {
    let mut desk = Desk::ready();
    desk.press("j j s");
    desk.say(Msg::Told(Note::new(Tone::Bad, "orders-prod failed")));
    desk.press("a b esc");
    assert_eq!(desk.note(), "orders-prod failed");
    desk.wait(Duration::from_secs(6));
    desk.press("esc");
    assert!(desk.app.world.notices.note().is_none(), "by then it was read");
    desk.press("m");
    assert_eq!(desk.app.focus(), Focus::Messages);
    assert_eq!(desk.app.world.notices.messages().len(), 1, "and it is still there");
}

#[test]
fn what_stands_is_told_once_whatever_is_pressed_meanwhile() {
    let mut desk = Desk::ready();
    desk.say(Msg::Told(Note::new(Tone::Bad, "orders-prod failed")));
    desk.press("j k o");
    let shown = desk.app.ui.note(&desk.app.world).map(|note| note.text);
    assert_eq!(shown.as_deref(), Some("orders-prod failed"));
}

#[test]
fn what_lay_behind_a_question_is_told_after_its_answer() {
    let mut desk = asked();
    desk.say(Msg::Told(Note::new(Tone::Bad, "orders-prod failed")));
    desk.wait(Duration::from_mins(1));
    desk.press("esc");
    assert!(desk.note().starts_with("Left for later"), "{}", desk.note());
    desk.wait(Duration::from_secs(6));
    assert_eq!(desk.note(), "orders-prod failed");
}

#[test]
fn what_does_not_answer_a_question_is_said_behind_it_and_not_after_its_answer() {
    let shown = |desk: &Desk| desk.app.ui.note(&desk.app.world).map(|note| note.text).unwrap_or_default();
    let question = shown(&asked());
    let answer = keys::keys("c").next().expect("a key");
    let cases = [
        (Msg::Key(keys::keys("z").next().expect("a key")), "z does nothing here: the keys below answer."),
        (Msg::Burst("hello".to_owned()), "What arrives all at once is text, and no field is open for it."),
        (Msg::Paste("two words".to_owned()), "What is pasted is text, and no field is open for it."),
        (
            Msg::KeyInBurst(answer),
            "Keys that arrive all at once, as pasted ones do, confirm nothing: press it once more.",
        ),
    ];
    for (msg, said) in cases {
        let mut desk = asked();
        desk.say(msg);
        assert_eq!((desk.app.focus(), shown(&desk)), (Focus::GoOn, format!("{question} {said}")));
        desk.press("esc");
        assert!(shown(&desk).starts_with("Left for later"), "{}", shown(&desk));
    }
    let mut desk = Desk::ready();
    desk.press("? y");
    assert_eq!(desk.note(), "y does nothing in the list of keys; esc goes back to where it may.");
    let mut desk = Desk::ready();
    desk.say(Msg::Paste("two words".to_owned()));
    assert_eq!(desk.note(), "What is pasted is text, and no field is open for it.");
}

#[test]
fn a_key_that_does_nothing_says_so_beside_a_request_that_is_not_settled_too() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    let (id, cause) = (desk.submitted(), Failure::local(FailureKind::LostAnswer, "reset"));
    desk.say(Msg::Submitted(id, Outcome::Unknown { since: desk.now.at(), cause, look: None }));
    let told = desk.note();
    desk.press("x");
    assert_eq!(desk.note(), told, "what was told of it stays");
    desk.wait(Duration::from_secs(6));
    desk.press("esc x");
    assert_eq!(desk.note(), "x does nothing here; ? lists the keys.");
}

#[test]
fn a_letter_on_a_switch_of_a_form_says_that_it_does_nothing() {
    for keys in ["j s tab", "* s tab tab"] {
        let mut desk = Desk::ready();
        desk.press(keys);
        assert_eq!(desk.app.focus(), Focus::Buttons, "{keys}");
        desk.press("a");
        assert_eq!(desk.note(), "a does nothing here; f1 lists the keys.");
    }
}

#[test]
fn where_a_filter_hides_all_of_a_list_keys_for_a_row_say_that_there_is_none_and_not_that_aws_has_none() {
    let told = |before: &str, key: &str| {
        let mut desk = Desk::ready();
        desk.press(before);
        desk.type_text("nosuch");
        desk.press("enter");
        desk.press(key);
        desk.note()
    };
    for key in ["enter", "e", "y", "Y", "space", "*", "x", "t"] {
        assert_eq!(told("v /", key), "There is no snapshot under the cursor.", "{key}");
    }
    for key in ["enter", "y", "Y", "space", "*", "s"] {
        assert_eq!(told("/", key), "There is no cluster under the cursor.", "{key}");
    }
    assert_eq!(told("/", "tab"), "There is nothing in the pane of snapshots in progress.");
}

#[test]
fn a_key_that_does_nothing_on_a_screen_is_not_said_to_on_the_next() {
    let mut desk = Desk::ready();
    desk.press("x");
    assert_eq!(desk.note(), "x does nothing here; ? lists the keys.");
    desk.press("v");
    assert_eq!(desk.note(), "", "x deletes here");
}

#[test]
fn of_two_snapshots_that_had_one_name_the_one_under_the_cursor_is_put_away() {
    let mut desk = Desk::ready();
    let now = desk.now.clone();
    let followed = &mut desk.app.world.place_mut().followed;
    let first = snapshot("x", "orders-prod", "creating");
    let created_at = "2026-11-23T02:58:01Z".parse().ok();
    let second = Snapshot { created_at, ..first.clone() };
    for it in [first, second] {
        followed.notice(&it, &now);
        followed.notice(&Snapshot { status: "available".into(), ..it }, &now);
    }
    desk.press("tab j a");
    let rows = &desk.app.world.place().followed.rows;
    let left: Vec<_> = rows.iter().map(|row| row.snapshot().and_then(|it| it.created_at)).collect();
    assert_eq!(left, [snapshot("x", "orders-prod", "available").created_at]);
}

#[test]
fn the_newest_message_does_not_stand_on_its_page_and_below_it() {
    let mut desk = Desk::ready();
    desk.press("j j y");
    let told = |desk: &Desk| desk.app.ui.note(&desk.app.world).map(|note| note.text);
    assert_eq!(told(&desk).as_deref(), Some(desk.note().as_str()));
    desk.press("m");
    assert!(!desk.note().is_empty() && told(&desk).is_none());
    desk.press("esc");
    assert_eq!(told(&desk).as_deref(), Some(desk.note().as_str()), "and it is still there");
}

#[test]
fn what_was_told_under_a_minute_ago_has_its_age_told_anew_every_ten_seconds() {
    let mut desk = Desk::ready();
    let wake = |desk: &Desk| desk.app.wake_in(&desk.now);
    assert!(wake(&desk).is_some_and(|wake| wake > Duration::from_secs(10)), "{:?}", wake(&desk));
    desk.press("j j y");
    assert!(wake(&desk).is_some_and(|wake| wake <= Duration::from_secs(10)), "{:?}", wake(&desk));
}

#[test]
fn a_click_goes_to_what_is_under_it_and_confirms_nothing() {
    let mut desk = Desk::ready();
    let first = desk.app.ui.home.list.cursor.at();
    // Below the header, the title and the headings.
    desk.say(Msg::Mouse(Mouse::Click { row: 4 }));
    assert_eq!(desk.app.ui.home.list.cursor.at(), first + 1);
    desk.say(Msg::Mouse(Mouse::WheelUp));
    assert_eq!(desk.app.ui.home.list.cursor.at(), first);
    desk.press("j j s ctrl-s");
    for row in 0..40 {
        desk.say(Msg::Mouse(Mouse::Click { row }));
    }
    assert!(desk.effects.is_empty(), "{:?}", desk.effects);
    assert_eq!(desk.app.focus(), Focus::Review);
}

#[test]
fn a_click_goes_to_the_row_of_the_pane_that_is_under_it_also_below_a_place_that_cannot_be_read() {
    let places = ["eu-west-1", "us-east-1"].map(place).to_vec();
    let mut desk = Desk::started(Settings { places, ..Settings::default() });
    let connects: Vec<RequestId> = desk.effects.iter().filter_map(connects).collect();
    desk = desk.connected();
    let denied = Failure::local(FailureKind::AccessDenied, "denied");
    desk.say(Msg::Connected(connects[1], Err(denied)));
    for name in ["first", "second", "third"] {
        let (made, now) = (snapshot(name, "orders-prod", "creating"), desk.now.clone());
        desk.app.world.place_mut().followed.notice(&made, &now);
    }
    desk.press("tab");
    let layout = desk.app.world.layout;
    assert_eq!((layout.failed, layout.pane), (1, 4));
    let first = desk.app.world.viewport.1 - layout.footer - layout.note - 3;
    for at in 0..3 {
        desk.say(Msg::Mouse(Mouse::Click { row: first + at }));
        assert_eq!((desk.app.focus(), desk.app.ui.home.pane.cursor.at()), (Focus::Pane, usize::from(at)));
    }
}

fn connects(effect: &Effect) -> Option<RequestId> {
    if let Effect::Connect { id, .. } = effect { Some(*id) } else { None }
}

/// Answers the question for the clusters that was put last.
fn lists_clusters(desk: &mut Desk, items: Vec<Cluster>) {
    let id = desk.clusters_asked();
    desk.say(Msg::Answered(id, Ok(Answer::Clusters(Page { items, next: None }))));
}

#[test]
fn that_a_change_looks_again_is_told_until_it_has_looked() {
    let mut desk = Desk::ready();
    desk.press("* s");
    let counted = quota_asked(&mut desk);
    lists_clusters(&mut desk, vec![cluster("billing", "available")]);
    desk.say(Msg::Answered(counted, Ok(quota(7))));
    desk.press("ctrl-l");
    let counted = quota_asked(&mut desk);
    lists_clusters(&mut desk, vec![cluster("billing", "available")]);
    assert_eq!(desk.note(), "Looking at the clusters and the quota again.");
    desk.say(Msg::Answered(counted, Ok(quota(7))));
    assert_eq!(desk.note(), "");
}

#[test]
fn that_there_is_nothing_or_not_all_yet_is_told_until_there_is() {
    let mut desk = Desk::new();
    let connect = desk.sent(connects);
    desk.say(Msg::Connected(connect, Ok(place("eu-west-1"))));
    lists_clusters(&mut desk, Vec::new());
    let first = question(&mut desk, |question| matches!(question, Question::Snapshots(_)));
    desk.press("v e");
    assert_eq!(desk.note(), "There is no snapshot under the cursor.");
    let page = Page { items: vec![snapshot("taken", "billing", "available")], next: Some("2".to_owned()) };
    desk.say(Msg::Answered(first, Ok(Answer::Snapshots(page))));
    assert_eq!(desk.note(), "");
    let next = question(&mut desk, |question| matches!(question, Question::Snapshots(_)));
    desk.press("x");
    assert!(desk.note().starts_with("Not yet: the snapshots of"), "{}", desk.note());
    let page = Page { items: vec![snapshot("slow", "billing", "creating")], next: None };
    desk.say(Msg::Answered(next, Ok(Answer::Snapshots(page))));
    assert_eq!(desk.note(), "", "all are read");
    desk.press("esc esc s");
    assert_eq!(desk.note(), "There is no cluster under the cursor.");
    desk.press("r");
    lists_clusters(&mut desk, vec![cluster("billing", "available")]);
    assert_eq!(desk.note(), "");
    desk.press("tab a");
    assert_eq!(desk.note(), "slow goes on: it stays in sight until it is over.");
    let poll = question(&mut desk, |question| matches!(question, Question::Followed(_)));
    let listed = vec![snapshot("slow", "billing", "available")];
    desk.say(Msg::Answered(poll, Ok(Answer::Followed(Listing { listed, ..Listing::default() }))));
    assert!(desk.note().starts_with("slow is available"), "{}", desk.note());
}

#[test]
fn a_cluster_that_is_gone_while_its_details_are_open_is_told_where_a_key_asks_for_it() {
    let mut desk = Desk::ready();
    desk.press("enter r");
    lists_clusters(&mut desk, Vec::new());
    for key in ["s", "y", "Y"] {
        desk.press(key);
        assert_eq!(desk.note(), "billing is not listed any more.", "{key}");
        desk.press("j");
    }
    assert!(desk.app.ui.screen().is_empty(&desk.app.world), "they are not offered");
}
