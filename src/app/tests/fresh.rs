//! What is shown is read anew by itself, as often as is of use: events, and what a review of a change stands on; and what
//! could not be read is not called unobstructed.

use std::time::Duration;

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::Page;
use crate::domain::pattern::{Pattern, Patterns};
use crate::domain::policy::Policy;

use super::super::asked;
use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::Msg;
use super::super::place::questions::QuestionSubject;
use super::super::question::{Answer, Question};
use super::super::screens::change_form;
use super::super::screens::form::checks::{FormCheck, Verdict, checks};
use super::checks::{at_review_of_change, nothing_was_requested, question};
use super::desk::{Desk, cluster};
use super::turned::deny;

/// The list of snapshots cannot be read, or not again.
fn deny_snapshots(desk: &mut Desk, is_whole: bool) {
    let message = "User: a is not authorized to perform: rds:DescribeDBClusterSnapshots";
    let list = &mut desk.app.world.place_mut().catalog.snapshots;
    list.failure = Some(Failure::local(FailureKind::AccessDenied, message));
    list.complete_at = list.complete_at.filter(|_| is_whole);
}

/// What the form of the change tells.
fn told_of_change(desk: &Desk) -> Vec<String> {
    let world = &desk.app.world;
    let draft = world.drafts.change.as_ref().expect("a draft");
    let checks = change_form::checks::checks(world, draft, &asked::names(world, draft, &world.now));
    checks.into_iter().filter(|check| check.brief.is_some()).map(|check| check.text).collect()
}

#[test]
fn what_is_not_known_of_the_clusters_of_a_change_is_told_on_its_form_and_its_review() {
    let why = "name: whether it is free is not known, the list was not read";
    let mut desk = Desk::ready();
    desk.press("space j space s");
    desk.type_text("CHG-7");
    assert_eq!(told_of_change(&desk), [""; 0]);
    deny_snapshots(&mut desk, false);
    let told = told_of_change(&desk);
    assert_eq!(told[0], "permission missing: rds:DescribeDBClusterSnapshots");
    assert_eq!(told[1], format!("2 not certain: billing ({why}), and 1 more"));
    desk.press("ctrl-s");
    nothing_was_requested(&mut desk);
    assert_eq!((desk.app.focus(), desk.doubts_of_change()), (Focus::ChangeReview, vec![why.to_owned(); 2]));
    desk.app.world.place_mut().catalog.snapshots.failure = None;
    desk.say(Msg::Tick);
    assert_eq!(desk.doubts_of_change(), ["name: asking"; 2]);
}

#[test]
fn a_status_that_nobody_knows_is_no_good_sign_in_a_change() {
    let mut desk = Desk::ready();
    desk.app.world.place_mut().catalog.note_cluster(cluster("billing", "frobnicating"));
    desk.press("space s");
    desk.type_text("CHG-7");
    desk.press("ctrl-s");
    let why = "cluster frobnicating: whether AWS takes a snapshot now is not known";
    assert_eq!(desk.doubts_of_change(), [why]);
}

#[test]
fn a_name_whose_list_could_not_be_read_again_counts_before_the_review() {
    let mut desk = Desk::ready();
    desk.press("s");
    deny_snapshots(&mut desk, true);
    let counts = |it: &FormCheck| it.verdict == Verdict::Doubt && it.brief.is_some();
    let told: Vec<String> =
        checks(&desk.app.world, desk.form()).into_iter().filter(counts).map(|it| it.text).collect();
    let why = "the list could not be read anew: rds:DescribeDBClusterSnapshots is missing";
    assert_eq!(told, [format!("name: was free; {why}")]);
}

#[test]
fn a_name_that_could_not_be_looked_up_is_looked_up_again_where_the_form_is_opened_again() {
    let mut desk = Desk::ready();
    desk.app.world.place_mut().catalog.snapshots.complete_at = None;
    for _ in 0..2 {
        desk.press("s");
        let asked = question(&mut desk, |it| matches!(it, Question::Named(_)));
        deny(&mut desk, asked);
        desk.press("esc");
    }
}

#[test]
fn a_list_that_could_not_be_read_again_makes_no_gap_in_what_events_are_asked_for() {
    let minutes = |desk: &Desk| {
        desk.effects.iter().find_map(|effect| match effect {
            Effect::Ask(_, Question::Events { minutes, .. }) => Some(*minutes),
            _ => None,
        })
    };
    let mut desk = Desk::ready();
    desk.wait(Duration::from_mins(20));
    assert!(minutes(&desk).is_some(), "they are being asked for: {:?}", desk.effects);
    desk.app.world.place_mut().refresh(&desk.now);
    let id = desk.snapshots_asked();
    deny(&mut desk, id);
    assert!(!desk.app.world.place().questions.is_in_flight(&QuestionSubject::LatestEvents));
    desk.wait(Duration::from_mins(2));
    assert!(minutes(&desk).is_some_and(|minutes| minutes >= 22), "{:?}", desk.effects);
}

#[test]
fn what_the_review_of_a_change_shows_is_read_anew_also_while_production_is_typed() {
    let production = Patterns { accounts: vec![Pattern::new("*")], ..Patterns::default() };
    let mut desk = Desk::with(Policy { production, ..Policy::default() }).connected();
    desk.press("* s");
    let id = desk.clusters_asked();
    let items = desk.app.world.place().catalog.clusters.items.clone();
    desk.say(Msg::Answered(id, Ok(Answer::Clusters(Page { items, next: None }))));
    desk.type_text("CHG-7");
    desk.press("ctrl-s");
    nothing_was_requested(&mut desk);
    desk.press("y");
    assert_eq!(desk.app.focus(), Focus::Typing);
    desk.wait(Duration::from_mins(2));
    desk.clusters_asked();
}

#[test]
fn new_credentials_take_nothing_away_that_stands_against_a_change_before_it_is_read_anew() {
    let mut desk = at_review_of_change(98);
    assert_eq!(desk.app.focus(), Focus::ChangeObstructed);
    desk.wait(Duration::from_secs(5));
    desk.app.world.place_mut().renew(&desk.now);
    desk.say(Msg::Tick);
    assert_eq!(desk.app.focus(), Focus::ChangeObstructed, "98 of 100 are used");
    desk.asked(|effect| matches!(effect, Effect::Ask(_, Question::Quota)).then_some(()));
}

#[test]
fn the_review_of_a_change_asks_no_more_than_once_a_minute_for_what_is_refused() {
    let mut desk = Desk::ready();
    desk.press("* s");
    let id = desk.clusters_asked();
    desk.type_text("CHG-7");
    desk.press("ctrl-s");
    nothing_was_requested(&mut desk);
    deny(&mut desk, id);
    let told = desk.app.world.notices.messages().count();
    let mut asked = 0;
    for _ in 0..300 {
        let id = desk.effects.iter().find_map(|effect| match effect {
            Effect::Ask(id, Question::Clusters(_)) => Some(*id),
            _ => None,
        });
        if let Some(id) = id {
            asked += 1;
            deny(&mut desk, id);
        }
        desk.wait(Duration::from_secs(1));
    }
    assert!((4..=6).contains(&asked), "{asked} in five minutes");
    assert_eq!(desk.app.world.notices.messages().count(), told, "once");
}
