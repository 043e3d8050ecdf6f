//! The mark of a request: shown, taken out and back, and what is said of it.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::mark::MarkKey;
use crate::domain::outcome::Outcome;
use crate::domain::policy::Policy;
use crate::domain::tag::Tag;

use super::super::asked;
use super::super::drafts::fields::Field;
use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::Msg;
use super::super::screens::change_form;
use super::super::screens::form::checks::Verdict;
use super::desk::Desk;
use super::form::{is_held_up, open_form, told};

#[test]
fn the_mark_is_one_more_tag_that_one_key_takes_out_and_back() {
    let mut desk = open_form(Policy::default());
    let number = desk.form().number.to_string();
    desk.press("ctrl-s");
    let request = desk.review();
    assert_eq!(request.mark.as_deref(), Some("clustersnap:request"));
    assert_eq!(request.number.as_str(), number);
    let tags = request.tags.as_slice();
    assert_eq!(tags, [Tag::new("owner", "dba"), Tag::new("clustersnap:request", number)]);
    desk.press("esc ctrl-y");
    assert!(desk.note().contains("nothing proves later whose"), "{}", desk.note());
    assert!(told(&desk, Verdict::Doubt).iter().any(|text| text.starts_with("no mark:")));
    desk.press("ctrl-s");
    let request = desk.review();
    assert_eq!((request.mark.as_ref(), request.tags.as_slice()), (None, &[Tag::new("owner", "dba")][..]));
    desk.press("esc ctrl-y ctrl-s");
    let request = desk.review();
    assert!(request.mark.is_some());
}

#[test]
fn a_tag_under_the_marks_key_is_a_problem_at_its_row() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-n");
    desk.say(Msg::Paste("clustersnap:request=mine".to_owned()));
    desk.press("ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Tags);
    assert_eq!(desk.form().fields.focus, Field::Key(1));
    assert!(is_held_up(&desk, "key of a mark"), "{}", desk.note());
}

#[test]
fn fifty_tags_leave_no_room_for_the_mark_and_the_person_says_which_of_them_goes() {
    let mut desk = open_form(Policy::default());
    let tags: Vec<String> = (2..=50).map(|n| format!("k{n}=v")).collect();
    desk.press("ctrl-n");
    desk.say(Msg::Paste(tags.join("\n")));
    desk.press("ctrl-s");
    assert_ne!(desk.app.focus(), Focus::Review);
    assert!(is_held_up(&desk, "ctrl-y leaves the mark out: then nothing proves later"), "{}", desk.note());
    desk.press("ctrl-y ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Review);
    desk.press("esc ctrl-y ctrl-x ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Review, "a tag less makes room");
}

#[test]
fn of_obstacles_that_have_no_room_the_note_tells_the_one_that_no_row_tells() {
    let mut desk = open_form(Policy::default());
    let tags: Vec<String> = (2..=48).map(|n| format!("k{n}=v")).collect();
    desk.press("ctrl-n");
    desk.say(Msg::Paste(format!("{}\na!=x\naws:x=1", tags.join("\n"))));
    desk.press("tab ctrl-s");
    let told = "Not yet, 3 obstacles: 50 tags and the mark are one too many. ctrl-y leaves the mark out";
    assert!(desk.note().starts_with(told), "{}", desk.note());
}

#[test]
fn the_configuration_renames_the_mark_or_turns_it_off() {
    for (key, tags) in [(Some("made-by".to_owned()), 2), (None, 1)] {
        let policy = Policy { mark_key: MarkKey(key.clone()), ..Policy::default() };
        let mut desk = open_form(policy);
        assert!(!told(&desk, Verdict::Doubt).iter().any(|text| text.starts_with("no mark:")));
        desk.press("ctrl-s");
        let request = desk.review();
        assert_eq!((&request.mark, request.tags.as_slice().len()), (&key, tags));
    }
}

#[test]
fn a_refusal_that_the_mark_may_be_the_cause_of_says_so_and_how_to_go_on_without() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-s y");
    let id = desk.submitted();
    let message = "User: a is not authorized to perform: rds:AddTagsToResource on resource: b";
    let refusal = Failure::local(FailureKind::AccessDenied, message);
    desk.say(Msg::Submitted(id, Outcome::Refused(refusal)));
    assert!(desk.note().contains("ctrl-y in the draft leaves it out of the request"), "{}", desk.note());
    assert!(
        told(&desk, Verdict::Doubt).iter().any(|text| text.starts_with("the mark may be what was refused"))
    );
    assert!(desk.effects.iter().all(|effect| !matches!(effect, Effect::Submit { .. })));
}

#[test]
fn a_change_says_what_it_costs_to_leave_the_mark_out() {
    let mut desk = Desk::ready();
    desk.press("space s ctrl-y");
    assert!(desk.note().contains("nothing proves later whose"), "{}", desk.note());
    let world = &desk.app.world;
    let draft = world.drafts.change.as_ref().expect("it is being written");
    let checks = change_form::checks::checks(world, draft, &asked::names(world, draft, &desk.now));
    assert!(checks.iter().any(|check| check.text.starts_with("no mark:")), "{checks:?}");
    desk.press("ctrl-y");
    assert!(desk.note().contains("is given again"), "{}", desk.note());
}
