//! Sequences of messages: what a person does and the service answers, and what must hold whatever they do.

mod checks;
mod cursor;
mod desk;
mod doubles;
mod drafts;
mod filter;
mod form;
mod fresh;
mod journal;
mod late;
mod left;
mod mark;
mod messages;
mod names;
mod open;
mod renewals;
mod turned;
mod waits;
mod waits_elsewhere;

use std::time::Duration;

use proptest::prelude::*;

use crate::domain::alteration::{AlterationTerms, Altered, AlteredKind, Deed};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Listing;
use crate::domain::outcome::Outcome;
use crate::domain::page::Page;
use crate::domain::tag::Tag;

use super::alterations::{AlterationOrder, AlterationStage};
use super::effect::Effect;
use super::keymap::Focus;
use super::message::Msg;
use super::place::catalog::Catalog;
use super::question::{Answer, Question};
use super::request_id::RequestId;
use super::screens::AnyScreen;

use desk::{Desk, cluster, created, snapshot};

#[test]
fn three_keys_lead_from_the_list_to_a_submitted_snapshot() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    let Effect::Submit { request, .. } = desk.effects.first().expect("an effect") else {
        panic!("{:?}", desk.effects)
    };
    assert_eq!(request.cluster.as_str(), "orders-prod");
    assert_eq!(request.snapshot.as_str(), "orders-prod-20261123-0158");
    let mark = Tag::new("clustersnap:request", request.number.as_str());
    assert_eq!(request.tags.as_slice(), [Tag::new("owner", "dba"), mark], "AWS's own tags are not given");
}

#[test]
fn y_submits_once_however_often_it_is_pressed() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    let id = desk.submitted();
    for _ in 0..10 {
        desk.press("y");
        assert!(desk.effects.is_empty(), "{:?}", desk.effects);
    }
    desk.say(Msg::Submitted(id, created("orders-prod-20261123-0158")));
    assert_eq!(desk.screen(), "clusters");
    assert_eq!(desk.app.world.place().followed.rows.len(), 1);
}

#[test]
fn nothing_is_sent_while_anything_is_invalid() {
    for keys in ["_", "-", " "] {
        let mut desk = Desk::ready();
        desk.press("j j s");
        desk.type_text(keys);
        desk.press("ctrl-s y");
        assert_eq!(desk.app.focus(), Focus::Form, "{keys:?}");
        assert!(desk.effects.is_empty());
    }
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-u");
    desk.type_text("TAKEN");
    desk.press("ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Form, "a taken name is taken in any case");
    assert!(form::is_held_up(&desk, "taken"), "{}", desk.note());
}

#[test]
fn a_busy_cluster_is_not_asked_for_a_snapshot() {
    let mut desk = Desk::ready();
    desk.press("j s ctrl-s y");
    assert_eq!(desk.app.focus(), Focus::Busy);
    assert!(desk.effects.is_empty(), "{:?}", desk.effects);
    assert!(desk.note().contains("busy is backing-up"), "{}", desk.note());
}

#[test]
fn esc_loses_nothing_and_a_paste_is_text() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-u");
    desk.say(Msg::Paste("  my-name\n".to_owned()));
    desk.press("esc s");
    assert_eq!(desk.form().fields.name.value(), "my-name");
    desk.say(Msg::Paste("\u{1b}[201~y\n".to_owned()));
    assert_eq!(desk.app.focus(), Focus::Form, "a pasted line break submits nothing");
}

#[test]
fn what_aws_refuses_comes_back_into_the_form() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    let id = desk.submitted();
    let failure = Failure {
        kind: FailureKind::QuotaExceeded,
        code: Some("SnapshotQuotaExceeded".to_owned()),
        request_id: Some("7b02".to_owned()),
        ..Failure::local(FailureKind::QuotaExceeded, "Cannot create more than 100 manual snapshots")
    };
    desk.say(Msg::Submitted(id, Outcome::NotCreated(failure)));
    assert_eq!(desk.app.focus(), Focus::Form);
    assert!(desk.form().refusal.is_some());
    for word in ["Not created", "SnapshotQuotaExceeded", "7b02", "orders-prod-20261123-0158"] {
        assert!(desk.note().contains(word), "{word}: {}", desk.note());
    }
    assert!(desk.app.world.place().followed.rows.is_empty(), "what was not created is not in progress");
}

#[test]
fn an_unknown_outcome_is_neither_success_nor_failure_and_stays_in_the_pane() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    let id = desk.submitted();
    let cause = Failure::local(FailureKind::LostAnswer, "connection closed");
    desk.say(Msg::Submitted(id, Outcome::Unknown { since: desk.now.at(), cause, look: None }));
    assert!(desk.note().starts_with("Not known yet"), "{}", desk.note());
    assert_eq!(desk.app.world.place().followed.open_count(), 1);
    desk.say(Msg::Submitted(id, created("orders-prod-20261123-0158")));
    assert!(desk.note().contains("creating"), "{}", desk.note());
    assert_eq!(desk.app.world.place().followed.rows.len(), 1);
}

#[test]
fn late_answers_are_dropped_and_data_stays_when_a_refresh_fails() {
    let mut desk = Desk::ready();
    desk.press("r");
    let first = desk.clusters_asked();
    desk.say(Msg::Answered(
        first,
        Ok(Answer::Clusters(Page { items: Vec::new(), next: Some("m".to_owned()) })),
    ));
    let second_page = desk.clusters_asked();
    desk.press("r");
    let second = desk.clusters_asked();
    desk.say(Msg::Answered(second_page, Ok(Answer::Clusters(Page { items: Vec::new(), next: None }))));
    assert_eq!(desk.app.ui.home.list.rows.len(), 3);
    desk.say(Msg::Answered(second, Err(Failure::local(FailureKind::NoConnection, "down"))));
    assert_eq!(desk.app.ui.home.list.rows.len(), 3);
    assert!(desk.app.world.place().catalog.clusters.failure.is_some());
}

#[test]
fn pages_are_shown_as_they_arrive_and_the_cursor_stays_on_its_cluster() {
    let mut desk = Desk::ready();
    desk.press("G r");
    let clusters = desk.clusters_asked();
    let items = vec![cluster("aaa", "available"), cluster("orders-prod", "available")];
    desk.say(Msg::Answered(clusters, Ok(Answer::Clusters(Page { items, next: Some("m".to_owned()) }))));
    assert_eq!(desk.app.ui.home.list.rows.len(), 4, "what a refresh has not come to yet stays");
    let clusters = desk.clusters_asked();
    desk.say(Msg::Answered(
        clusters,
        Ok(Answer::Clusters(Page { items: vec![cluster("zzz", "available")], next: None })),
    ));
    let (_, chosen) = desk.app.ui.home.list.chosen(&desk.app.world).expect("a cluster");
    assert_eq!(chosen.id.as_str(), "orders-prod");
    assert_eq!(desk.app.ui.home.list.rows.len(), 3, "what is not listed any more goes at its end");
}

#[test]
fn the_pane_polls_what_is_in_progress_and_tells_the_end() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    let id = desk.submitted();
    desk.say(Msg::Submitted(id, created("orders-prod-20261123-0158")));
    // What the form shows and the events of earlier snapshots are asked for first.
    let poll = desk.asked(|effect| match effect {
        Effect::Ask(id, Question::Followed(ids)) if ids.len() == 1 => Some(*id),
        _ => None,
    });
    let listed = vec![snapshot("orders-prod-20261123-0158", "orders-prod", "available")];
    desk.say(Msg::Answered(poll, Ok(Answer::Followed(Listing { listed, ..Listing::default() }))));
    assert!(desk.note().contains("available"), "{}", desk.note());
    assert_eq!(desk.app.world.place().followed.open_count(), 0);
}

#[test]
fn quitting_asks_while_a_request_is_under_way_and_only_then() {
    let mut desk = Desk::ready();
    desk.press("q");
    assert_eq!(desk.effects, [Effect::Quit]);
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y ctrl-c");
    assert_eq!(desk.app.focus(), Focus::Leaving);
    desk.press("esc");
    assert_eq!(desk.app.focus(), Focus::Sending);
    desk.press("ctrl-c ctrl-c");
    assert_eq!(desk.effects, [Effect::Quit]);
}

/// What can happen in a random walk.
fn anything() -> impl Strategy<Value = String> {
    let keys = prop::sample::select(vec![
        "j",
        "k",
        "g",
        "G",
        "s",
        "y",
        "Y",
        "d",
        "r",
        "o",
        "c",
        "u",
        "n",
        "q",
        "enter",
        "esc",
        "tab",
        "up",
        "down",
        "ctrl-s",
        "ctrl-n",
        "ctrl-x",
        "ctrl-z",
        "ctrl-t",
        "ctrl-o",
        "ctrl-u",
        "w",
        "W",
        "left",
        "right",
        "space",
        "backspace",
        "/",
        "?",
        "x",
        "-",
        "_",
        "paste",
        "tick",
        "small",
        "large",
        "answer",
        "refuse",
        "unwritten",
        "unknown",
        "h",
        "J",
    ]);
    keys.prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_one_confirmation_makes_one_create(walk in prop::collection::vec(anything(), 1..200)) {
        let mut desk = Desk::ready();
        let mut open: Vec<RequestId> = Vec::new();
        let (mut confirmations, mut creates) = (0, 0);
        for step in &walk {
            // What is asked of a cluster that is busy is not sent.
            let is_ready =
                matches!(desk.app.ui.top(), Some(AnyScreen::Review(review)) if review.request.cluster.as_str() != "busy");
            let confirms = match desk.app.focus() {
                Focus::Review => is_ready && step == "y",
                Focus::Unwritten => is_ready && (step == "y" || step == "J"),
                _ => false,
            };
            confirmations += usize::from(confirms);
            match (step.as_str(), open.first().copied()) {
                ("paste", _) => desk.say(Msg::Paste("pasted\ny\ny".to_owned())),
                ("tick", _) => desk.wait(Duration::from_secs(7)),
                ("small", _) => desk.say(Msg::Resize(1, 1)),
                ("large", _) => desk.say(Msg::Resize(120, 40)),
                ("answer", Some(id)) => { open.remove(0); desk.say(Msg::Submitted(id, created("x"))); }
                ("refuse", Some(id)) => {
                    open.remove(0);
                    desk.say(Msg::Submitted(id, Outcome::Taken { by: None, failure: None }));
                }
                ("unwritten", Some(id)) => {
                    open.remove(0);
                    let failure = Failure::local(FailureKind::Journal, "");
                    desk.say(Msg::Submitted(id, Outcome::NotCreated(failure)));
                }
                ("unknown", Some(id)) => {
                    let cause = Failure::local(FailureKind::LostAnswer, "");
                    desk.say(Msg::Submitted(id, Outcome::Unknown { since: desk.now.at(), cause, look: None }));
                }
                ("answer" | "refuse" | "unwritten" | "unknown", None) => continue,
                (key, _) => desk.press(key),
            }
            for effect in &desk.effects {
                if let Effect::Submit { id, .. } = effect {
                    creates += 1;
                    open.push(*id);
                }
            }
            prop_assert_eq!(creates, confirmations, "after {}", step);
            if desk.effects.contains(&Effect::Quit) {
                break;
            }
        }
    }
}

#[test]
fn a_snapshot_that_is_seen_before_its_page_comes_stands_in_the_list_once() {
    let mut desk = Desk::ready();
    desk.app.world.place_mut().catalog = Catalog::default();
    desk.press("r");
    let id = desk.snapshots_asked();
    desk.app.world.place_mut().catalog.note(&snapshot("early", "orders-prod", "creating"));
    let items =
        vec![snapshot("early", "orders-prod", "available"), snapshot("late", "orders-prod", "available")];
    desk.say(Msg::Answered(id, Ok(Answer::Snapshots(Page { items, next: None }))));
    let names: Vec<&str> =
        desk.app.world.place().catalog.snapshots.items.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(names, ["early", "late"]);
    assert!(desk.app.world.place().catalog.snapshots.items[0].status.is_usable());
}

#[test]
fn what_polls_and_deletions_tell_of_a_snapshot_stands_in_the_pane_and_in_the_list() {
    let mut desk = Desk::ready();
    desk.press("r");
    let id = desk.snapshots_asked();
    let items = vec![snapshot("copy", "orders-prod", "copying"), snapshot("made", "orders-prod", "creating")];
    desk.say(Msg::Answered(id, Ok(Answer::Snapshots(Page { items, next: None }))));
    let status = |desk: &Desk, name: &str| {
        let place = desk.app.world.place();
        let row = place.followed.rows.iter().find(|row| row.id == name).and_then(|row| row.snapshot());
        [row, place.catalog.named(name)].map(|it| it.map(|it| it.status.to_string()).unwrap_or_default())
    };
    let poll = desk.asked(|effect| match effect {
        Effect::Ask(id, Question::Followed(_)) => Some(*id),
        _ => None,
    });
    let listed = vec![snapshot("copy", "orders-prod", "copying"), snapshot("made", "orders-prod", "pending")];
    desk.say(Msg::Answered(poll, Ok(Answer::Followed(Listing::answered(listed, None)))));
    assert_eq!(status(&desk, "made"), ["pending", "pending"], "not only what has ended");
    let (copy, deed) = (snapshot("copy", "orders-prod", "copying"), Deed::Delete);
    let id = desk.app.world.place_mut().alter(&copy, &deed, &AlterationTerms::default());
    let (place, terms) = (desk.app.world.place().id, AlterationTerms::default());
    let stage = AlterationStage::UnderWay(id);
    desk.app.world.alterations.take([AlterationOrder { place, snapshot: copy, deed, terms, stage }]);
    let seen = snapshot("copy", "orders-prod", "deleting");
    desk.say(Msg::Altered(id, Box::new(Altered::new(AlteredKind::Deleting).seeing(seen))));
    assert_eq!(status(&desk, "copy"), ["deleting", "deleting"]);
}

#[test]
fn the_answer_about_a_cluster_whose_form_was_left_does_nothing_to_another() {
    let mut desk = Desk::ready();
    desk.press("s");
    let of_first = desk.asked(|effect| match effect {
        Effect::Ask(id, Question::Cluster(_)) => Some(*id),
        _ => None,
    });
    desk.press("esc j s");
    desk.say(Msg::Answered(of_first, Ok(Answer::Cluster(None))));
    assert_eq!(desk.app.world.place().catalog.clusters.items.len(), 3);
}
