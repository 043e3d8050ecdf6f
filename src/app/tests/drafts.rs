//! Drafts, each of its own request.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Policy;
use crate::domain::tag::Tag;

use super::super::drafts::fields::Field;
use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::Msg;
use super::desk::{Desk, created};
use super::form::open_form;

#[test]
fn what_becomes_of_a_request_reaches_its_own_draft_and_no_other_of_the_cluster() {
    let refused = || Outcome::NotCreated(Failure::local(FailureKind::QuotaExceeded, "no more"));
    for outcome in [created("first"), refused()] {
        let mut desk = open_form(Policy::default());
        desk.press("ctrl-u");
        desk.type_text("first");
        desk.press("ctrl-s y");
        let id = desk.submitted();
        desk.press("esc s ctrl-u");
        desk.type_text("second");
        desk.press("ctrl-n");
        desk.type_text("mine");
        let (number, screen) = (desk.form().number.clone(), desk.app.ui.draft(&desk.app.world));
        desk.say(Msg::Submitted(id, outcome.clone()));
        assert_eq!(desk.app.ui.draft(&desk.app.world), screen, "{outcome:?}");
        let form = desk.form();
        assert_eq!((form.fields.name.value(), &form.number), ("second", &number), "{outcome:?}");
        assert_eq!((form.fields.tags.rows.len(), form.fields.focus), (2, Field::Key(1)), "{outcome:?}");
        assert_eq!(form.refusal, None, "{outcome:?}");
    }
}

#[test]
fn a_refused_draft_and_the_one_written_meanwhile_are_opened_by_turns() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-u");
    desk.type_text("first");
    desk.press("ctrl-s y");
    let (id, number) = (desk.submitted(), submitted_number(&desk));
    desk.press("esc s ctrl-u");
    desk.type_text("second");
    desk.press("esc");
    let refusal = Failure::local(FailureKind::QuotaExceeded, "no more");
    desk.say(Msg::Submitted(id, Outcome::NotCreated(refusal)));
    let mut names = Vec::new();
    for _ in 0..3 {
        desk.press("s");
        names.push(desk.form().fields.name.value().to_owned());
        assert_eq!(desk.form().refusal.is_some(), names.last().is_some_and(|name| name == "first"));
        assert_ne!(desk.form().number.as_str(), number, "what is sent next is another request");
        desk.press("esc");
    }
    assert_eq!(names, ["first", "second", "first"]);
}

fn submitted_number(desk: &Desk) -> String {
    desk.sent(|effect| match effect {
        Effect::Submit { request, .. } => Some(request.number.to_string()),
        _ => None,
    })
}

#[test]
fn after_the_journal_refused_what_is_sent_is_what_the_review_shows() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-s y");
    let (id, number) = (desk.submitted(), submitted_number(&desk));
    let refusal = Failure::local(FailureKind::Journal, "no space");
    desk.say(Msg::Submitted(id, Outcome::NotCreated(refusal)));
    assert_eq!(desk.app.focus(), Focus::Unwritten);
    desk.press("J");
    let again = submitted_number(&desk);
    assert_ne!(again, number);
    let tags = desk.sent(|effect| match effect {
        Effect::Submit { request, .. } => Some(request.tags.clone()),
        _ => None,
    });
    assert!(tags.as_slice().contains(&Tag::new("clustersnap:request", again)), "{tags:?}");
}

#[test]
fn a_tag_of_the_configuration_stays_without_the_cluster_s_own_tags_also_where_the_cluster_has_it() {
    let owner = Tag::new("owner", "dba");
    let mut desk = open_form(Policy { tags: vec![owner.clone()], ..Policy::default() });
    desk.press("ctrl-o");
    assert_eq!(desk.form().fields.tags.tags(), [owner]);
}
