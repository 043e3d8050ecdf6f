//! The form: names, tags, what stands in the way, and production.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::naming::Template;
use crate::domain::outcome::Outcome;
use crate::domain::page::{Page, Quota};
use crate::domain::pattern::{Pattern, Patterns};
use crate::domain::policy::Policy;
use crate::domain::tag::Tag;

use super::super::drafts::fields::{Field, Way};
use super::super::drafts::tags::Origin;
use super::super::effect::Effect;
use super::super::keymap::{Focus, KeyCode, KeyEvent, KeyModifiers};
use super::super::message::Msg;
use super::super::question::{Answer, Question};
use super::super::request_id::RequestId;
use super::super::screens::form::checks::{self, FormCheck, Verdict};
use super::checks::cluster_asked;
use super::desk::{Desk, cluster, created};
use crate::fixtures::caller;

fn rows(desk: &Desk) -> Vec<(String, String, Origin)> {
    let row = |row: &super::super::drafts::tags::TagRow| {
        (row.key.value().to_owned(), row.value.value().to_owned(), row.origin)
    };
    desk.form().fields.tags.rows.iter().map(row).collect()
}

fn row(key: &str, value: &str, origin: Origin) -> (String, String, Origin) {
    (key.to_owned(), value.to_owned(), origin)
}

pub(super) fn told(desk: &Desk, verdict: Verdict) -> Vec<String> {
    let checks: Vec<FormCheck> = checks::checks(&desk.app.world, desk.form());
    checks.into_iter().filter(|check| check.verdict == verdict).map(|check| check.text).collect()
}

/// Whether the review is held up for this: the note says that something is in the way, and the form says what.
pub(super) fn is_held_up(desk: &Desk, why: &str) -> bool {
    desk.note().starts_with("Not yet: ") && told(desk, Verdict::Blocks).iter().any(|text| text.contains(why))
}

pub(super) fn open_form(policy: Policy) -> Desk {
    let mut desk = Desk::with(policy).connected();
    desk.press("j j s");
    desk
}

fn quota_read(desk: &mut Desk) -> RequestId {
    desk.asked(|effect| match effect {
        Effect::Ask(id, Question::Quota) => Some(*id),
        _ => None,
    })
}

#[test]
fn the_form_begins_with_the_tags_of_the_cluster_and_of_the_configuration_and_asks_for_the_required() {
    let policy = Policy {
        tags: vec![Tag::new("made-with", "clustersnap"), Tag::new("owner", "team")],
        required_tags: vec!["owner".to_owned(), "ticket".to_owned()],
        ..Policy::default()
    };
    let mut desk = open_form(policy);
    let (configuration, required) = (Origin::Configuration, Origin::Required);
    assert_eq!(
        rows(&desk),
        [
            row("owner", "team", configuration),
            row("made-with", "clustersnap", configuration),
            row("ticket", "", required)
        ]
    );
    desk.press("ctrl-s");
    assert_eq!(desk.form().fields.focus, Field::Value(2), "where the value is missing");
    assert!(is_held_up(&desk, "ticket is required"), "{}", desk.note());
    desk.type_text("CHG-1");
    desk.press("ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Review);
    desk.press("esc ctrl-x ctrl-s");
    assert!(is_held_up(&desk, "ticket is required"), "{}", desk.note());
}

#[test]
fn the_name_follows_the_template_with_the_ticket_of_the_tags() {
    let template = Template::parse("{cluster}-{ticket}-{seq}").expect("a template");
    let policy =
        Policy { name_template: template, tags: vec![Tag::new("ticket", "CHG-7")], ..Policy::default() };
    let desk = open_form(policy);
    assert_eq!(desk.form().fields.name.value(), "orders-prod-chg-7-1");
}

#[test]
fn one_key_proposes_a_free_variant_of_a_taken_name() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-u");
    desk.type_text("taken");
    desk.press("ctrl-t");
    assert_eq!(desk.form().fields.name.value(), "taken-2");
    desk.press("ctrl-t");
    assert_eq!(
        desk.form().fields.name.value(),
        "orders-prod-20261123-0158",
        "a free name gives way to the template's"
    );
}

#[test]
fn a_paste_of_tags_fills_rows_changes_known_ones_and_can_be_taken_back() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-n");
    desk.say(Msg::Paste("owner=ops\rKey=ticket,Value=CHG-1\renv=prod\r".to_owned()));
    let typed = Origin::Typed;
    assert_eq!(
        rows(&desk),
        [row("owner", "ops", typed), row("ticket", "CHG-1", typed), row("env", "prod", typed)]
    );
    assert!(desk.note().contains("2 tags added, 1 tag changed"), "{}", desk.note());
    desk.press("ctrl-r ctrl-r");
    assert_eq!((rows(&desk), desk.note()), (vec![row("owner", "dba", Origin::Cluster)], String::new()));
    desk.press("tab tab");
    desk.say(Msg::Paste(r#"{"a": "1", "b": "2"}"#.to_owned()));
    assert_eq!(rows(&desk).len(), 3);
    desk.say(Msg::Paste("a=1\nnonsense\n".to_owned()));
    assert!(desk.note().contains("line 2"), "{}", desk.note());
    desk.say(Msg::Paste("a=1\nenv = prod\n".to_owned()));
    assert!(desk.note().contains("line 2: blanks beside the ="), "{}", desk.note());
    assert_eq!(rows(&desk).len(), 3, "a paste is taken as a whole or not at all");
}

#[test]
fn a_value_may_have_an_equals_sign_and_typing_is_taken_back_as_one() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-n");
    desk.type_text("note");
    desk.press("tab");
    desk.say(Msg::Paste("a=b".to_owned()));
    assert_eq!(rows(&desk)[1], row("note", "a=b", Origin::Typed));
    desk.press("ctrl-r");
    assert_eq!(rows(&desk)[1], row("note", "", Origin::Typed));
    desk.press("ctrl-r");
    assert_eq!(rows(&desk)[1], row("", "", Origin::Typed));
}

#[test]
fn the_switch_takes_the_clusters_tags_out_and_in_and_keeps_what_was_typed() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-n");
    desk.type_text("mine");
    desk.press("ctrl-o");
    assert_eq!(rows(&desk), [row("mine", "", Origin::Typed)]);
    desk.press("space");
    assert_eq!(rows(&desk)[0], row("owner", "dba", Origin::Cluster), "the switch has the focus");
    assert_eq!(rows(&desk).len(), 2);
}

#[test]
fn keys_and_values_of_other_clusters_are_offered_and_one_key_takes_them() {
    let mut desk = open_form(Policy::default());
    let mut other = cluster("other", "available");
    other.tags = vec![Tag::new("cost-centre", "4711"), Tag::new("aws:x", "hidden")];
    desk.app.world.place_mut().catalog.clusters.put(other);
    desk.press("ctrl-n");
    assert_eq!(desk.offer(), None, "an empty key offers nothing");
    desk.type_text("cost");
    assert_eq!(desk.offer().as_deref(), Some("-centre"));
    desk.press("right tab right");
    assert_eq!(rows(&desk)[1], row("cost-centre", "4711", Origin::Typed));
    desk.press("ctrl-n");
    desk.type_text("aws");
    assert_eq!(desk.offer(), None, "AWS's own are not offered");
}

#[test]
fn what_was_typed_for_the_last_request_is_offered_for_the_next_and_what_the_program_gave_is_not() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-n");
    desk.type_text("approved-by");
    desk.press("tab");
    desk.type_text("mira");
    desk.press("ctrl-s y");
    let submission = desk.submitted();
    desk.say(Msg::Submitted(submission, created("made")));
    desk.press("s ctrl-n");
    assert_eq!(desk.offer().as_deref(), Some("approved-by"), "an empty key offers what was typed last");
    desk.press("right tab");
    assert_eq!(desk.offer().as_deref(), Some("mira"));
    desk.press("right ctrl-n");
    assert_eq!(desk.offer(), None, "neither the cluster's own nor the mark");
}

#[test]
fn a_new_tag_is_complained_of_only_when_it_is_left() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-n");
    let blocked = |desk: &Desk| told(desk, Verdict::Blocks).iter().any(|text| text.contains("at least one"));
    assert!(!blocked(&desk), "{:?}", told(&desk, Verdict::Blocks));
    assert!(told(&desk, Verdict::Doubt).iter().any(|text| text == "the new tag has no key yet"));
    desk.press("tab");
    assert!(!blocked(&desk), "still in it");
    desk.press("tab");
    assert!(blocked(&desk));
    desk.press("shift-tab ctrl-s");
    assert!(desk.note().contains("at least one character"), "never sent: {}", desk.note());
}

#[test]
fn the_help_is_opened_from_fields_by_f1_and_by_alt() {
    for key in [
        KeyEvent::new(KeyCode::F(1), KeyModifiers::NONE),
        KeyEvent::new(KeyCode::Char('?'), KeyModifiers::ALT),
    ] {
        let mut desk = open_form(Policy::default());
        desk.press("ctrl-n");
        desk.say(Msg::Key(key));
        assert_eq!(desk.screen(), "another");
        desk.press("esc");
        assert_eq!(desk.screen(), "form");
    }
}

#[test]
fn every_field_switch_and_button_is_reached_by_tab_and_by_arrows() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-n");
    let all = [
        Field::Name,
        Field::OwnTags,
        Field::AddTag,
        Field::Key(0),
        Field::Value(0),
        Field::Key(1),
        Field::Value(1),
        Field::Review,
    ];
    let mut form = desk.form().clone();
    form.fields.focus = Field::Name;
    for way in [Way::Next, Way::Previous] {
        let mut seen = Vec::new();
        for _ in 0..all.len() {
            seen.push(form.fields.focus);
            form.fields.go(way);
        }
        assert_eq!(form.fields.focus, Field::Name, "it goes round");
        assert!(all.iter().all(|field| seen.contains(field)), "{way:?}: {seen:?}");
    }
    let mut seen = vec![Field::Name];
    desk.press("up up up");
    for key in ["down", "down", "down", "right", "down", "up", "up", "up", "right", "down"] {
        desk.press(key);
        seen.push(desk.form().fields.focus);
    }
    assert!(all.iter().all(|field| seen.contains(field)), "{seen:?}");
    desk.press("down down space");
    assert_eq!(desk.app.focus(), Focus::Tags, "the button leads to what is wrong: a key is empty");
}

#[test]
fn enter_only_moves_however_often_it_is_pressed() {
    let mut desk = open_form(Policy::default());
    let tags = desk.form().fields.tags.tags();
    for _ in 0..50 {
        desk.press("enter");
        assert!(
            matches!(desk.app.focus(), Focus::Form | Focus::Tags | Focus::Buttons),
            "{:?}",
            desk.app.focus()
        );
    }
    assert_eq!(desk.form().fields.tags.tags(), tags);
}

#[test]
fn the_quota_is_told_warned_of_from_ninety_percent_and_blocks_when_it_is_used_up() {
    for (used, verdict) in [(89, Verdict::Fine), (90, Verdict::Doubt), (100, Verdict::Blocks)] {
        let mut desk = open_form(Policy::default());
        let id = quota_read(&mut desk);
        assert!(told(&desk, Verdict::Unknown).contains(&"quota: asking".to_owned()));
        desk.say(Msg::Answered(id, Ok(Answer::Quota(Some(Quota { used, max: 100 })))));
        let found = told(&desk, verdict).into_iter().any(|text| text.contains(&format!("{used} of 100")));
        assert!(found, "{used}");
        desk.press("ctrl-s");
        assert_eq!(desk.app.focus() == Focus::Review, used < 100, "{used}");
    }
}

#[test]
fn a_missing_permission_is_named_and_does_not_block() {
    let mut desk = open_form(Policy::default());
    let id = quota_read(&mut desk);
    let message = "User: arn:aws:iam::1:user/a is not authorized to perform: rds:DescribeAccountAttributes";
    desk.say(Msg::Answered(id, Err(Failure::local(FailureKind::AccessDenied, message))));
    let unknown = told(&desk, Verdict::Unknown);
    assert!(
        unknown.contains(&"quota not known: rds:DescribeAccountAttributes is missing".to_owned()),
        "{unknown:?}"
    );
    assert!(!told(&desk, Verdict::Doubt).iter().any(|text| text.contains("permission")), "it is told once");
    desk.press("ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Review);
}

#[test]
fn a_cluster_that_is_gone_blocks() {
    let mut desk = open_form(Policy::default());
    let id = cluster_asked(&mut desk);
    desk.now.mono += std::time::Duration::from_secs(10);
    desk.say(Msg::Answered(id, Ok(Answer::Cluster(None))));
    let listed = desk.clusters_asked();
    desk.say(Msg::Answered(listed, Ok(Answer::Clusters(Page { items: Vec::new(), next: None }))));
    desk.press("ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Form);
    assert!(is_held_up(&desk, "does not exist any more"), "{}", desk.note());
}

#[test]
fn the_note_counts_what_the_checks_tell_and_tells_it_where_they_have_no_room() {
    let mut desk = open_form(Policy::default());
    desk.type_text("_ _");
    desk.press("ctrl-s");
    assert_eq!(desk.note(), "Not yet: 1 obstacle, told above.");
    desk.say(Msg::Resize(40, 10));
    desk.press("ctrl-s");
    let rule = "The identifier breaks a rule: only a-z, digits and hyphens, not '_', a space.";
    assert_eq!(desk.note(), format!("Not yet: {rule}"));
    desk.press("ctrl-n");
    desk.type_text("aws:x");
    desk.press("ctrl-s");
    assert_eq!(desk.note(), format!("Not yet, 2 obstacles: {rule}"));
    let tag = "Tag aws:x: keys beginning with aws: are AWS's own.".to_owned();
    assert!(told(&desk, Verdict::Blocks).contains(&tag), "{:?}", told(&desk, Verdict::Blocks));
}

#[test]
fn what_aws_refused_puts_what_was_read_in_doubt() {
    for (kind, said) in [
        (FailureKind::QuotaExceeded, "3 of 100 manual snapshots, but AWS refused for the quota"),
        (FailureKind::InvalidState, "cluster available, but AWS refused for its state"),
    ] {
        let mut desk = open_form(Policy::default());
        let id = quota_read(&mut desk);
        desk.say(Msg::Answered(id, Ok(Answer::Quota(Some(Quota { used: 3, max: 100 })))));
        desk.press("ctrl-s y");
        let id = desk.submitted();
        let refusal = Failure { code: Some("Code".to_owned()), ..Failure::local(kind, "not now") };
        desk.say(Msg::Submitted(id, Outcome::Refused(refusal)));
        let unknown = told(&desk, Verdict::Unknown);
        assert!(unknown.contains(&said.to_owned()), "{unknown:?}");
        let doubts = told(&desk, Verdict::Doubt);
        let words = if kind == FailureKind::InvalidState { " AWS says: \"not now\" (Code)." } else { "" };
        let last = format!("Last time AWS refused: {}.{words}", kind.clause());
        assert!(doubts.contains(&last), "{doubts:?}");
    }
}

#[test]
fn what_came_in_between_before_it_was_sent_is_told_in_whole_sentences() {
    let mut desk = open_form(Policy::default());
    desk.press("ctrl-s y");
    let id = desk.submitted();
    let failure = Failure::local(FailureKind::NoConnection, "the name could not be looked up: refused");
    desk.say(Msg::Submitted(id, Outcome::NotCreated(failure)));
    let last =
        "Last time not created: no connection to the service. The name could not be looked up: refused.";
    assert!(told(&desk, Verdict::Doubt).contains(&last.to_owned()), "{:?}", told(&desk, Verdict::Doubt));
}

#[test]
fn the_id_of_a_change_is_taken_as_it_is_pasted_for_another_case_is_another_change() {
    let mut desk = Desk::ready();
    desk.press("* s");
    desk.say(Msg::Paste(" CHG-1042\n".to_owned()));
    let id = desk.app.world.drafts.change.as_ref().and_then(|draft| draft.id().ok());
    assert_eq!((id.map(|id| id.to_string()), desk.note()), (Some("CHG-1042".to_owned()), String::new()));
    desk.press("tab ctrl-u");
    desk.say(Msg::Paste("{cluster}-Before Upgrade".to_owned()));
    let names = desk.app.world.drafts.change.as_ref().map(|draft| draft.fields.name.value());
    assert_eq!(names, Some("{cluster}-before-upgrade"));
}

#[test]
fn production_wants_the_clusters_name_typed_and_a_paste_is_no_confirmation() {
    let production = Patterns { accounts: vec![Pattern::new("1234*")], ..Patterns::default() };
    let mut desk = Desk::with(Policy { production, ..Policy::default() });
    desk = desk.connected();
    desk.app.world.place_mut().caller.value = Some(caller("123456789012"));
    desk.press("j j s ctrl-s y");
    assert_eq!(desk.app.focus(), Focus::Typing);
    assert!(desk.effects.is_empty());
    desk.say(Msg::Paste("orders-prod\n".to_owned()));
    desk.press("enter");
    assert!(desk.effects.is_empty() && desk.note().contains("Nothing was sent"), "{}", desk.note());
    assert_eq!(desk.app.focus(), Focus::Typing, "the next letters are not keys");
    desk.type_text("orders-prod");
    desk.press("enter");
    desk.submitted();
    desk.press("enter y");
    assert!(desk.effects.is_empty(), "one confirmation, one request");
}
