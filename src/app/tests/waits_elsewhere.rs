//! Requests that wait, where another place is looked at, or another account answers.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::Page;
use crate::domain::wait::Wait;
use crate::fixtures::{account_id, caller, place};

use super::super::Settings;
use super::super::effect::Effect;
use super::super::message::Msg;
use super::super::question::{Answer, Question};
use super::checks::nothing_was_requested;
use super::desk::{Desk, cluster};
use super::waits::{answer, armed, dropped, is_submitting, looked, missed};

#[test]
fn in_another_place_it_is_neither_looked_after_nor_sent() {
    let (mut desk, wait) = armed();
    let elsewhere = Wait { region: Some("us-east-1".to_owned()), ..wait };
    desk.app.world.place_mut().waits.rows[0].wait = elsewhere;
    for _ in 0..60 {
        desk.wait(Duration::from_secs(10));
        let looks = desk.effects.iter().any(|effect| matches!(effect, Effect::Ask(_, Question::Cluster(_))));
        assert!(!looks);
    }
}

#[test]
fn a_wait_outlasts_the_answers_of_another_account_and_goes_on_when_its_own_answers_again() {
    let (mut desk, wait) = armed();
    assert_eq!(wait.account, Some(account_id("123456789012")));
    desk.app.world.place_mut().caller.value = Some(caller("123456789012"));
    for _ in 0..3 {
        missed(&mut desk, "222222222222");
        assert_eq!(desk.app.world.place().waits.rows.len(), 1);
        assert_eq!(dropped(&desk), None);
    }
    assert_eq!(
        desk.app.world.place().waits.rows[0].other_account(desk.app.world.place().account().as_ref()),
        Some(&account_id("123456789012"))
    );
    let told = format!("{:?}", desk.app.world.notices.messages().collect::<Vec<_>>());
    assert!(told.contains("waits on for account 123456789012"), "{told}");
    let mut of_another = cluster("busy", "available");
    of_another.arn = Some("arn:aws:rds:eu-west-1:222222222222:cluster:busy".to_owned());
    let id = looked(&mut desk);
    answer(&mut desk, id, of_another);
    assert!(
        !is_submitting(&desk) && desk.app.world.place().waits.rows.len() == 1,
        "a namesake of another account"
    );
    let id = looked(&mut desk);
    answer(&mut desk, id, cluster("busy", "available"));
    assert!(is_submitting(&desk));
}

#[test]
fn a_cluster_counts_as_gone_only_by_more_than_one_answer_of_the_waits_own_account() {
    let (mut desk, _) = armed();
    missed(&mut desk, "123456789012");
    assert_eq!(desk.app.world.place().waits.rows.len(), 1, "one absence proves nothing");
    let id = looked(&mut desk);
    desk.say(Msg::Answered(id, Ok(Answer::Cluster(None))));
    let id = desk.caller_asked();
    desk.say(Msg::Answered(id, Err(Failure::local(FailureKind::NoConnection, "no STS here"))));
    assert_eq!(desk.app.world.place().waits.rows.len(), 1, "it is not known whose answer that was");
    missed(&mut desk, "123456789012");
    assert!(desk.app.world.place().waits.rows.is_empty() && dropped(&desk).is_some());
    assert!(desk.note().contains("does not exist any more"), "{}", desk.note());
}

#[test]
fn the_time_that_was_chosen_in_one_place_holds_for_all_of_a_change() {
    let places = ["eu-west-1", "us-east-1"].map(place);
    let mut desk = Desk::started(Settings { places: places.to_vec(), ..Settings::default() });
    let connects = desk.effects.iter().filter_map(|effect| match effect {
        Effect::Connect { id, .. } => Some(*id),
        _ => None,
    });
    for (id, place) in connects.collect::<Vec<_>>().into_iter().zip(places) {
        desk.say(Msg::Connected(id, Ok(place)));
        let id = desk.clusters_asked();
        let items = vec![cluster("busy", "backing-up")];
        desk.say(Msg::Answered(id, Ok(Answer::Clusters(Page { items, next: None }))));
    }
    desk.press("s ctrl-s - esc esc * s");
    desk.type_text("CHG-7");
    desk.press("ctrl-s");
    nothing_was_requested(&mut desk);
    desk.press("y");
    let untils: Vec<Timestamp> =
        desk.app.world.places.iter().map(|place| place.waits.rows[0].wait.until).collect();
    assert_eq!(untils[0], untils[1], "{untils:?}");
}
