//! What the core does about the journal: the history that is read from it, and requests that it refuses.

use super::*;
use crate::domain::past::{Past, PastRequest, Word};

fn past_request(number: &str, cluster: &str) -> PastRequest {
    PastRequest {
        number: number.to_owned(),
        at: "2026-11-20T01:58:01Z".parse().expect("a time"),
        server_ahead_s: None,
        caller: None,
        account: None,
        profile: None,
        region: None,
        endpoint: "https://rds.eu-west-1.amazonaws.com".to_owned(),
        cluster: cluster.to_owned(),
        snapshot: format!("{cluster}-{number}"),
        tags: Vec::new(),
        word: Word::Unknown,
        known_at: None,
        request_id: None,
        failure: None,
        arn: None,
        begun_at: None,
        attempts: None,
        ended: None,
        open_at: None,
        version: "0.1.0".to_owned(),
    }
}

fn past(requests: &[(&str, &str)]) -> Past {
    let requests = requests.iter().map(|(number, cluster)| past_request(number, cluster)).collect();
    Past { requests, unreadable: 0 }
}

/// Answers the reading of the journal that was asked for.
fn answer(desk: &mut Desk, answer: Result<Option<Past>, String>) {
    let id = desk.sent(|effect| match effect {
        Effect::ReadHistory(id) => Some(*id),
        _ => None,
    });
    desk.say(Msg::History(id, answer));
}

fn chosen(desk: &Desk) -> &str {
    desk.app.history.chosen().map(|request| request.number.as_str()).unwrap_or_default()
}

#[test]
fn the_cursor_of_the_history_stays_on_its_request_when_it_is_read_anew() {
    let mut desk = Desk::ready();
    desk.press("h");
    answer(&mut desk, Ok(Some(past(&[("2", "billing"), ("1", "orders-prod")]))));
    desk.press("j r");
    assert_eq!(chosen(&desk), "1");
    answer(&mut desk, Ok(Some(past(&[("3", "billing"), ("2", "billing"), ("1", "orders-prod")]))));
    assert_eq!(chosen(&desk), "1");
    desk.press("r");
    answer(&mut desk, Err("the disk is gone".to_owned()));
    assert_eq!(chosen(&desk), "1", "what was read before stays");
    desk.press("d");
    assert_eq!(desk.app.screen, Screen::PastRequest);
    desk.press("esc esc");
    assert_eq!(desk.app.screen, Screen::Clusters);
}

#[test]
fn a_late_answer_about_the_history_is_dropped() {
    let mut desk = Desk::ready();
    desk.press("h");
    let late = desk.effects.clone();
    desk.press("r");
    answer(&mut desk, Ok(Some(past(&[("2", "billing")]))));
    desk.effects = late;
    answer(&mut desk, Ok(Some(past(&[("1", "billing")]))));
    assert_eq!(chosen(&desk), "2");
}

#[test]
fn the_history_is_filtered_by_cluster_and_a_request_copied_for_a_ticket() {
    let mut desk = Desk::ready();
    desk.press("h");
    answer(&mut desk, Ok(Some(past(&[("3", "billing"), ("2", "orders-prod"), ("1", "orders-prod")]))));
    desk.press("/");
    desk.type_text("ORDERS");
    desk.press("enter j y");
    let [Effect::Copy(text)] = desk.effects.as_slice() else { panic!("{:?}", desk.effects) };
    assert!(text.contains("Snapshot:       orders-prod-1\n"), "{text}");
    assert!(text.contains("Not known yet"), "{text}");
    // From a cluster's details it shows that cluster's.
    desk.press("esc d h");
    assert_eq!(desk.app.history.filter.value(), "billing");
}

fn refuse(desk: &mut Desk, kind: FailureKind) {
    let id = desk.submitted();
    desk.say(Msg::Submitted(id, Outcome::NotCreated(Failure::local(kind, "no space left on device"))));
}

#[test]
fn without_the_journal_a_request_leaves_only_if_the_person_says_so_for_this_one() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s");
    desk.press("J");
    assert!(desk.effects.is_empty(), "not before the journal has refused");
    desk.press("y");
    refuse(&mut desk, FailureKind::Journal);
    assert_eq!(desk.app.focus(), Focus::Unwritten, "back at the review");
    assert!(desk.note().contains("press J to send this one request without it"), "{}", desk.note());
    // The other key tries the journal again.
    desk.press("y");
    let without = |effects: &Effects| match effects.as_slice() {
        [Effect::Submit { without_journal, .. }] => *without_journal,
        other => panic!("{other:?}"),
    };
    assert!(!without(&desk.effects));
    refuse(&mut desk, FailureKind::Journal);
    desk.press("J");
    assert!(without(&desk.effects));
    refuse(&mut desk, FailureKind::Throttled);
    desk.press("ctrl-s J");
    assert!(desk.effects.is_empty(), "it was for that one request");
}

#[test]
fn a_request_that_was_changed_has_to_be_refused_itself_before_it_leaves_without_the_journal() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    refuse(&mut desk, FailureKind::Journal);
    desk.press("esc x ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Review);
    desk.press("J");
    assert!(desk.effects.is_empty());
}
