//! Requests of this machine that are open, told before another one is made.

use std::time::Duration;

use crate::domain::account::AccountId;
use crate::domain::change_id::ChangeId;
use crate::domain::earlier::{Earlier, Journalled};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::mark::RequestNumber;
use crate::domain::outcome::Outcome;
use crate::domain::policy::Policy;
use crate::domain::record::{Intent, OpenRecords, OutcomeLine, Record};
use crate::domain::tag::Tag;
use crate::fixtures::{self, intent};

use super::super::App;
use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::{Msg, Recovered};
use super::super::request_id::PlaceId;
use super::super::screens::AnyScreen;
use super::super::screens::form::checks::{self, Verdict};
use super::super::screens::review;
use super::cursor::lists_snapshots;
use super::desk::{Desk, created};
use super::form::is_held_up;

fn open(snapshot: &str, account: &str) -> Record {
    let at = "2026-11-23T01:05:00Z".parse().expect("a time");
    let (account, region) = (AccountId::reported(account), Some("eu-west-1".to_owned()));
    fixtures::open(Intent {
        account,
        region,
        server_time: Some(at),
        ..intent("n", "orders-prod", snapshot, at)
    })
}

fn answer(desk: &mut Desk, answer: Result<Vec<Record>, String>) {
    let id = desk.sent(|effect| match effect {
        Effect::ReadOpenRequests(id) => Some(*id),
        _ => None,
    });
    let answer = answer.map(|records| OpenRecords { records, ..OpenRecords::default() });
    desk.say(Msg::OpenRequests(id, answer));
}

#[test]
fn what_is_of_a_change_that_any_program_has_still_to_send_of_is_deleted_only_by_its_name() {
    let mut desk = Desk::ready();
    lists_snapshots(&mut desk, &["a", "b"]);
    let snapshots = &mut desk.app.world.place_mut().catalog.snapshots.items;
    for snapshot in snapshots.iter_mut() {
        snapshot.tags = vec![Tag::new("change", "CHG-7")].into();
    }
    desk.press("v x");
    let is_guarded = |desk: &Desk| {
        let Some(AnyScreen::Removal(plan)) = desk.app.ui.top() else { panic!("{:?}", desk.app.ui.top()) };
        plan.items[0].1.is_guarded()
    };
    assert!(!is_guarded(&desk));
    let id = desk.asked(|effect| match effect {
        Effect::ReadOpenRequests(id) => Some(*id),
        _ => None,
    });
    let changes = ChangeId::parse("CHG-7").into_iter().collect();
    desk.say(Msg::OpenRequests(id, Ok(OpenRecords { changes, ..OpenRecords::default() })));
    assert!(is_guarded(&desk));
}

/// A desk at the form of orders-prod with this name.
fn at_form(name: &str) -> Desk {
    let mut desk = Desk::ready();
    desk.press("j j s");
    desk.app.world.open_requests = super::super::open_requests::OpenRequests::default();
    desk.press("ctrl-u");
    desk.type_text(name);
    desk
}

fn warnings(app: &App) -> String {
    let Some(AnyScreen::Review(review)) = app.ui.top() else { panic!("{:?}", app.ui.top()) };
    let rows = review.rows(&app.world);
    let warnings = rows.iter().filter(|row| row.kind == review::Kind::Warning);
    warnings.flat_map(|row| row.text.split_whitespace()).collect::<Vec<&str>>().join(" ")
}

fn is_submitting(desk: &Desk) -> bool {
    desk.effects.iter().any(|effect| matches!(effect, Effect::Submit { .. }))
}

const TOLD: &str = "A request sent 53 min ago (01:05 UTC) is open: mine of orders-prod may exist already.";

#[test]
fn an_open_request_for_another_name_of_the_cluster_is_told_first_and_y_stays() {
    let mut desk = at_form("other");
    desk.press("ctrl-s");
    answer(&mut desk, Ok(vec![open("mine", "123456789012")]));
    assert!(warnings(&desk.app).starts_with(TOLD), "{}", warnings(&desk.app));
    desk.press("esc");
    let checks = checks::checks(&desk.app.world, desk.form());
    assert_eq!((checks[0].verdict, checks[0].text.as_str()), (Verdict::Doubt, TOLD));
    desk.press("ctrl-s y");
    assert!(is_submitting(&desk));
}

#[test]
fn a_review_says_of_a_name_as_its_form_that_the_list_was_not_read_and_not_that_it_is_asked_for() {
    let mut desk = at_form("other");
    let list = &mut desk.app.world.place_mut().catalog.snapshots;
    list.complete_at = None;
    list.failure = Some(Failure::local(FailureKind::AccessDenied, "no"));
    desk.press("ctrl-s");
    let Some(AnyScreen::Review(review)) = desk.app.ui.top() else { panic!("{:?}", desk.app.ui.top()) };
    let rows = review.rows(&desk.app.world);
    let checked = rows.iter().find(|row| row.name == "Checked").expect("what was checked");
    assert!(checked.text.starts_with("name: whether it is free is not known"), "{}", checked.text);
}

#[test]
fn where_a_guard_holds_a_request_back_no_look_is_said_to_help() {
    let mut desk = at_form("other");
    desk.press("ctrl-s");
    desk.app.world.policy = Policy { broken: Some("c.toml:3: wrong".to_owned()), ..Policy::default() };
    desk.press("y");
    let told = desk.note();
    assert!(told.starts_with("Not sent: A guard cannot be understood"), "{told}");
    assert!(told.ends_with("Put it right and start again."), "{told}");
    assert!(!is_submitting(&desk));
}

#[test]
fn a_name_that_another_program_made_a_moment_ago_is_not_called_free_and_its_request_not_open() {
    let mut desk = at_form("mine");
    desk.press("ctrl-s");
    let now = desk.now.at();
    let intent = Intent { at: now, server_time: Some(now), ..open("mine", "123456789012").intent };
    let outcome = Some(OutcomeLine::new("n", now, &created("mine"), Some(1)));
    answer(&mut desk, Ok(vec![Record { intent, outcome, ended: None }]));
    desk.press("esc");
    let world = &desk.app.world;
    let told = checks::doubt_of_name(world, desk.form()).unwrap_or_default();
    assert_eq!(told, "not listed; a request of this machine created it just now");
    assert!(world.open_requests.untold(world.places.iter()).is_empty(), "it is not open");
}

/// The open requests that a submission says were shown.
fn told(desk: &Desk) -> Vec<RequestNumber> {
    desk.sent(|effect| match effect {
        Effect::Submit { told, .. } => Some(told.clone()),
        _ => None,
    })
}

#[test]
fn a_review_that_is_open_tells_what_another_program_has_sent_since_and_y_sends_with_what_was_told() {
    let mut desk = at_form("other");
    desk.press("ctrl-s");
    answer(&mut desk, Ok(Vec::new()));
    assert_eq!(warnings(&desk.app), "");
    desk.wait(Duration::from_secs(5));
    answer(&mut desk, Ok(vec![open("mine", "123456789012"), open("elsewhere", "999999999999")]));
    assert!(warnings(&desk.app).starts_with(TOLD), "{}", warnings(&desk.app));
    desk.press("y");
    assert_eq!(told(&desk), [RequestNumber::journalled("n")]);
    let mut untold = at_form("other");
    untold.press("ctrl-s");
    answer(&mut untold, Ok(Vec::new()));
    untold.press("y");
    assert!(told(&untold).is_empty());
    let held =
        Failure::local(FailureKind::OpenRequest, "mine of orders-prod, sent 4 s ago, may exist already");
    let id = untold.submitted();
    untold.say(Msg::Submitted(id, Outcome::NotCreated(held)));
    assert_eq!(untold.app.focus(), Focus::Form);
    assert_eq!(
        untold.note(),
        "Not created: other. Another request is open, so nothing was sent. ctrl-s in the form reviews it again. mine of \
         orders-prod, sent 4 s ago, may exist already."
    );
    answer(&mut untold, Ok(vec![open("mine", "123456789012")]));
    untold.press("ctrl-s y");
    assert_eq!(told(&untold), [RequestNumber::journalled("n")]);
}

#[test]
fn a_journal_that_cannot_be_written_hides_no_request_that_it_has_open() {
    let mut desk = at_form("other");
    desk.press("ctrl-s");
    let full = Failure::local(FailureKind::Journal, "cannot write journal.jsonl: No space left on device");
    let id = desk.sent(|effect| match effect {
        Effect::ReadOpenRequests(id) => Some(*id),
        _ => None,
    });
    let records = vec![open("mine", "123456789012")];
    let known = OpenRecords { records, unwritable: Some(full), ..OpenRecords::default() };
    desk.say(Msg::OpenRequests(id, Ok(known)));
    let warned = warnings(&desk.app);
    assert!(warned.starts_with(TOLD), "{warned}");
    assert!(warned.contains("The journal cannot be written: cannot write journal.jsonl"), "{warned}");
    desk.press("y");
    assert_eq!(told(&desk), [RequestNumber::journalled("n")], "J is offered once the journal refused it");
}

#[test]
fn a_change_and_a_wait_are_sent_with_what_was_told_of_open_requests_too() {
    let mut desk = Desk::ready();
    desk.press("* s");
    answer(&mut desk, Ok(vec![open("mine", "123456789012")]));
    desk.type_text("CHG-7");
    desk.press("ctrl-s");
    let journal = desk.sent(|effect| match effect {
        Effect::ReadChange(id, _) => Some(*id),
        _ => None,
    });
    desk.say(Msg::ChangeRequests(journal, Ok(Journalled::default())));
    desk.press("y");
    let items = desk.app.world.changes.rows[0].items.iter();
    let told: Vec<(&str, usize)> =
        items.map(|item| (item.request().cluster.as_str(), item.told.len())).collect();
    assert_eq!(told, [("billing", 0), ("busy", 0), ("orders-prod", 1)]);
}

#[test]
fn the_same_name_again_is_not_sent_but_looked_up() {
    let mut desk = at_form("mine");
    desk.press("ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Review);
    answer(&mut desk, Ok(vec![open("mine", "123456789012")]));
    assert_eq!(desk.app.focus(), Focus::Requested);
    assert!(warnings(&desk.app).starts_with(TOLD), "{}", warnings(&desk.app));
    desk.press("y");
    assert!(
        !is_submitting(&desk) && desk.note().contains("Not sent: a request for this name is open"),
        "{}",
        desk.note()
    );
    desk.wait(Duration::from_mins(2));
    assert!(desk.note().contains("Not sent"), "its age is not in it, so it stays");
    desk.press("l");
    assert!(
        desk.effects.contains(&Effect::LookUp(PlaceId(0), vec![RequestNumber::journalled("n")])),
        "{:?}",
        desk.effects
    );
    let cause = Failure::local(FailureKind::LostAnswer, "");
    let found = Outcome::NotListed { looked_at: desk.now.at(), cause };
    desk.say(Msg::Recovered(PlaceId(0), vec![Recovered::new("mine", "orders-prod", found)]));
    answer(&mut desk, Ok(Vec::new()));
    assert_eq!(desk.app.focus(), Focus::Review, "it is settled");
    desk.press("y");
    assert!(is_submitting(&desk));
}

#[test]
fn in_the_form_the_same_name_is_an_obstacle() {
    let mut desk = at_form("mine");
    desk.press("esc s");
    answer(&mut desk, Ok(vec![open("mine", "123456789012")]));
    desk.press("ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Form);
    assert!(is_held_up(&desk, TOLD), "{}", desk.note());
}

#[test]
fn requests_of_another_account_are_not_told_of_and_a_journal_that_cannot_be_read_is() {
    let mut desk = at_form("mine");
    desk.press("ctrl-s");
    answer(&mut desk, Ok(vec![open("mine", "222222222222")]));
    assert_eq!(desk.app.focus(), Focus::Review);
    desk.press("esc ctrl-s");
    answer(&mut desk, Err("denied".to_owned()));
    assert!(warnings(&desk.app).contains("cannot be read"), "{}", warnings(&desk.app));
    assert_eq!(desk.app.focus(), Focus::Review);
    desk.press("y");
    let id = desk.submitted();
    desk.say(Msg::Submitted(id, created("mine")));
    assert_eq!(desk.screen(), "clusters");
}

#[test]
fn what_another_program_made_for_the_same_change_is_told_of_an_open_request_too() {
    let mut desk = Desk::ready();
    let by = Box::new(fixtures::snapshot("mine", "orders-prod", "available"));
    let twin = Some(Earlier::Elsewhere(by.clone()));
    let found = Recovered::new("mine", "orders-prod", Outcome::Taken { by: Some(by), failure: None });
    desk.say(Msg::Recovered(PlaceId(0), vec![Recovered { twin, ..found }]));
    let told = "Earlier request: orders-prod: this change has mine of it by its tags, available: requested by \
                another program or machine.";
    assert_eq!(desk.note(), told);
}
