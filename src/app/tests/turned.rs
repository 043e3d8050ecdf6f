//! What is not so any more on the screen: another account answers, or a list could not be read again.

use std::time::Duration;

use crate::domain::alteration::{Altered, AlteredKind};
use crate::domain::cluster::Cluster;
use crate::domain::context::Target;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Listing;
use crate::domain::outcome::Outcome;
use crate::domain::page::Page;
use crate::domain::profile::{Choices, Profile};
use crate::domain::snapshot::Snapshot;
use crate::fixtures::{ACCOUNT, account_id, caller, place, snapshot, snapshot_arn};

use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::Msg;
use super::super::place::followed::FollowedState;
use super::super::place::questions::{QuestionSubject, Remote};
use super::super::question::{Answer, Question};
use super::super::request_id::RequestId;
use super::super::screens::{AnyScreen, review};
use super::super::world::World;
use super::checks::{at_review_of_change, kept};
use super::cursor::lists_snapshots;
use super::desk::{Desk, cluster};

/// A desk at which somebody of this account asks.
fn asked_by(account: &str) -> Desk {
    let mut desk = Desk::ready();
    desk.app.world.place_mut().questions.forget(&QuestionSubject::Caller);
    desk.app.world.place_mut().caller = Remote { value: Some(caller(account)), failure: None };
    for cluster in &mut desk.app.world.place_mut().catalog.clusters.items {
        cluster.arn = Some(format!("arn:aws:rds:eu-west-1:{account}:cluster:{}", cluster.id));
    }
    desk
}

#[test]
fn after_a_login_to_another_account_nothing_that_was_drafted_or_reviewed_can_be_sent() {
    let mut desk = asked_by("111111111111");
    desk.press("j s ctrl-s");
    assert_eq!(desk.screen(), "review");
    desk.wait(Duration::from_secs(2));
    desk.app.world.place_mut().refresh(&desk.now);
    desk.say(Msg::Tick);
    let id = desk.effects.iter().find_map(|effect| match effect {
        Effect::Ask(id, Question::Caller) => Some(*id),
        _ => None,
    });
    desk.say(Msg::Answered(id.expect("it is asked"), Ok(Answer::Caller(caller("222222222222")))));
    assert!(desk.note().contains("222222222222 now (before: 111111111111)"), "{}", desk.note());
    assert_eq!(desk.screen(), "clusters");
    assert!(desk.app.world.drafts.is_empty());
    desk.press("y");
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::Submit { .. })));
}

#[test]
fn after_a_login_to_another_account_nothing_that_was_marked_or_written_for_several_is_left() {
    for (keys, typed, then) in
        [("* s", "CHG-7", "right"), ("* s", "CHG-7", "ctrl-s"), ("v space t", "a=b", "right")]
    {
        let mut desk = asked_by("111111111111");
        desk.press(keys);
        desk.type_text(typed);
        desk.press(then);
        desk.wait(Duration::from_mins(1));
        desk.app.world.place_mut().refresh(&desk.now);
        let asked = desk.caller_asked();
        desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller("222222222222")))));
        assert!(matches!(desk.app.focus(), Focus::Clusters | Focus::Snapshots), "{keys} {then}");
        let World { drafts, marks, .. } = &desk.app.world;
        assert!(drafts.change.is_none() && marks.clusters.is_empty() && marks.snapshots.is_empty());
        assert!(desk.note().contains("drafts and marks for 111111111111 are gone"), "{}", desk.note());
    }
}

#[test]
fn what_was_not_done_to_a_snapshot_for_another_account_answers_clears_the_screen() {
    let mut desk = asked_by(ACCOUNT);
    for snapshot in &mut desk.app.world.place_mut().catalog.snapshots.items {
        snapshot.arn = Some(snapshot_arn("eu-west-1", ACCOUNT, &snapshot.id));
    }
    desk.press("v space t");
    desk.type_text("a=b");
    desk.press("enter");
    let id = desk.sent(|effect| match effect {
        Effect::Alter { id, .. } => Some(*id),
        _ => None,
    });
    let failure = Failure::local(FailureKind::OtherAccount, "now 222222222222");
    desk.say(Msg::Altered(id, Box::new(Altered::new(AlteredKind::NotDone).because(failure))));
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller("222222222222")))));
    assert!(desk.note().starts_with("The credentials belong to account 222222222222"), "{}", desk.note());
}

#[test]
fn what_of_a_change_is_not_sent_any_more_is_told_with_how_many_and_why() {
    let mut desk = at_review_of_change(7);
    desk.app.world.place_mut().questions.forget(&QuestionSubject::Caller);
    desk.app.world.place_mut().caller = Remote { value: Some(caller(ACCOUNT)), failure: None };
    desk.press("y");
    let change = kept(&desk);
    desk.press("esc");
    desk.app.world.place_mut().refresh(&desk.now);
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller("222222222222")))));
    desk.say(Msg::ChangeKept(change.token, Ok(())));
    let why = format!("it was confirmed for account {ACCOUNT}, and 222222222222 answers");
    assert_eq!(desk.note(), format!("CHG-7: 3 requests are not sent any more: {why}."));
    let ended = desk.sent(|effect| match effect {
        Effect::EndChange(change) => Some(change.clone()),
        _ => None,
    });
    assert_eq!(ended.items.len(), 3);
    assert!(
        ended.items.iter().all(|item| item.why.as_ref() == Some(&why)),
        "a report tells it too: {ended:?}"
    );
}

#[test]
fn that_another_account_answers_is_told_over_an_error_which_is_not_so_any_more() {
    let mut desk = asked_by("111111111111");
    desk.press("j j s ctrl-s y");
    let id = desk.submitted();
    let refused = Failure { code: Some("KMS".to_owned()), ..Failure::local(FailureKind::Other, "disabled") };
    desk.say(Msg::Submitted(id, Outcome::Refused(refused)));
    assert!(desk.note().contains("ctrl-s in the form reviews it again"), "{}", desk.note());
    desk.wait(Duration::from_mins(1));
    desk.app.world.place_mut().refresh(&desk.now);
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller("222222222222")))));
    assert!(desk.note().starts_with("The credentials belong to account 222222222222 now"), "{}", desk.note());
    desk.press("esc");
    desk.wait(Duration::from_secs(6));
    assert!(!desk.note().contains("ctrl-s"), "{}", desk.note());
}

/// The list of clusters that was asked for cannot be read.
pub(super) fn deny(desk: &mut Desk, id: RequestId) {
    desk.say(Msg::Answered(id, Err(Failure::local(FailureKind::Forbidden, "a control policy"))));
}

#[test]
fn a_change_does_not_call_it_unobstructed_what_could_not_be_read_again() {
    let mut desk = Desk::ready();
    desk.press("* s");
    let asked = desk.clusters_asked();
    desk.type_text("CHG-7");
    desk.press("ctrl-s");
    assert_eq!(desk.doubts_of_change(), ["", "", ""]);
    deny(&mut desk, asked);
    for doubt in desk.doubts_of_change() {
        assert!(doubt.contains("it could not be read anew: a policy forbids it"), "{doubt}");
    }
}

#[test]
fn the_review_of_one_tells_what_its_form_told_of_what_could_not_be_read_again() {
    let mut desk = Desk::ready();
    desk.press("G s ctrl-s");
    desk.app.world.place_mut().refresh(&desk.now);
    let asked = desk.clusters_asked();
    deny(&mut desk, asked);
    let Some(AnyScreen::Review(shown)) = desk.app.ui.top() else { panic!("{:?}", desk.app.ui.top()) };
    let rows = shown.rows(&desk.app.world);
    let row = |kind, name| {
        let row = rows.iter().find(|row| row.kind == kind && row.name == name);
        row.map(|row| row.text.clone()).unwrap_or_default()
    };
    let warned = row(review::Kind::Warning, "CLUSTER");
    assert!(warned.starts_with("Cluster was available; it could not be read anew: "), "{warned}");
    assert!(row(review::Kind::Fact, "Cluster").ends_with(", was available"), "{rows:?}");
    let words: Vec<&str> = rows.iter().flat_map(|row| row.text.split_whitespace()).collect();
    assert!(words.join(" ").contains("l looks again."), "{words:?}");
    desk.press("l");
    assert_ne!(desk.note(), "l does nothing here; ? lists the keys.");
}

#[test]
fn a_request_goes_to_the_account_that_was_shown_and_a_refusal_for_another_clears_it_away() {
    let mut desk = asked_by("111111111111");
    desk.press("j j s ctrl-s y");
    let Some(Effect::Submit { id, account, .. }) = desk.effects.first().cloned() else {
        panic!("{:?}", desk.effects)
    };
    assert_eq!(account, Some(account_id("111111111111")));
    let refusal = Failure::local(FailureKind::OtherAccount, "now 222222222222");
    desk.say(Msg::Submitted(id, Outcome::NotCreated(refusal)));
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller("222222222222")))));
    assert!(desk.app.world.drafts.is_empty());
    assert_eq!(desk.screen(), "clusters");
}

/// A profile of which no file names account or Region.
pub(super) fn profile(name: &str) -> Profile {
    let credentials = "keys".to_owned();
    Profile { name: name.to_owned(), account: None, credentials, region: None, is_demo: false }
}

#[test]
fn the_choice_of_profiles_has_the_account_that_answered_where_no_file_names_it() {
    let mut desk = Desk::new();
    let connect = desk.sent(|effect| match effect {
        Effect::Connect { id, .. } => Some(*id),
        _ => None,
    });
    let prod = Target { profile: Some("prod".to_owned()), ..place("eu-west-1") };
    desk.say(Msg::Connected(connect, Ok(prod)));
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller(ACCOUNT)))));
    desk.press("p");
    let profiles = ["prod", "test"].map(profile).to_vec();
    desk.say(Msg::Choices(Ok(Choices { profiles, regions: Vec::new(), used: Vec::new() })));
    let Some(AnyScreen::Chooser(chooser)) = desk.app.ui.top() else { panic!("{:?}", desk.app.ui.top()) };
    let entries = chooser.entries(&desk.app.world);
    let accounts: Vec<_> = entries.iter().map(|it| it.profile.as_ref()?.account.clone()).collect();
    assert_eq!(accounts, [Some(account_id(ACCOUNT)), None]);
}

/// Lets another account answer from now on.
fn turn(desk: &mut Desk, account: &str) {
    desk.wait(Duration::from_mins(1));
    desk.app.world.place_mut().refresh(&desk.now);
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller(account)))));
}

/// A snapshot of an account, as a list of its own has it.
fn of_account(account: &str, name: &str) -> Snapshot {
    let arn = Some(snapshot_arn("eu-west-1", account, name));
    Snapshot { arn, ..snapshot(name, "orders-prod", "available") }
}

fn messages(desk: &Desk) -> String {
    format!("{:?}", desk.app.world.notices.messages().collect::<Vec<_>>())
}

#[test]
fn what_a_request_made_for_another_account_is_told_as_that_and_listed_nowhere() {
    let mut desk = asked_by("111111111111");
    desk.press("j j s ctrl-s");
    let name = desk.review().snapshot.to_string();
    desk.press("y");
    let id = desk.submitted();
    turn(&mut desk, "222222222222");
    let snapshot = Box::new(of_account("111111111111", &name));
    desk.say(Msg::Submitted(id, Outcome::Created { snapshot, request_id: None }));
    let place = desk.app.world.place();
    assert!(place.catalog.snapshots.items.is_empty() && place.followed.rows.is_empty());
    let told = format!("Of account 111111111111: {name}: created, and available");
    assert!(messages(&desk).contains(&told), "{}", messages(&desk));
}

#[test]
fn what_is_not_known_of_another_accounts_request_is_said_to_be_looked_up_by_nobody_now() {
    let mut desk = asked_by("111111111111");
    desk.press("j j s ctrl-s y");
    let id = desk.submitted();
    turn(&mut desk, "222222222222");
    let cause = Failure::local(FailureKind::LostAnswer, "");
    desk.say(Msg::Submitted(id, Outcome::Unknown { since: desk.now.at(), cause, look: None }));
    let told = messages(&desk);
    assert!(told.contains("Of account 111111111111: Not known yet: ") && !told.contains("again and again"));
    let place = desk.app.world.place();
    let left = |desk: &Desk| {
        let place = desk.app.world.place();
        place.followed.rows.first().map(|row| place.left_behind(row))
    };
    assert!(matches!(place.followed.rows[0].state, FollowedState::Unknown));
    assert_eq!(left(&desk), Some(Some(account_id("111111111111"))));
    turn(&mut desk, "111111111111");
    assert_eq!(left(&desk), Some(None), "it is looked up again");
}

#[test]
fn a_list_of_another_account_is_not_shown_as_that_of_the_one_in_the_header() {
    let mut desk = asked_by("111111111111");
    desk.press("r");
    let asked = desk.snapshots_asked();
    let items = vec![of_account("222222222222", "theirs")];
    desk.say(Msg::Answered(asked, Ok(Answer::Snapshots(Page { items, next: None }))));
    assert!(desk.app.world.place().catalog.named("theirs").is_none());
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller("222222222222")))));
    assert!(desk.note().contains("222222222222 now (before: 111111111111)"), "{}", desk.note());
    assert!(!messages(&desk).contains("could not be read"), "{}", messages(&desk));
}

#[test]
fn what_was_done_and_the_list_of_all_stay_on_the_screen_whoever_answers_then() {
    for (keys, focus) in [("v x y 1 enter", Focus::Alterations), ("v", Focus::Snapshots)] {
        let mut desk = asked_by(ACCOUNT);
        lists_snapshots(&mut desk, &["a", "b", "c"]);
        desk.press(keys);
        turn(&mut desk, "222222222222");
        assert_eq!(desk.app.focus(), focus, "{}", desk.note());
    }
}

#[test]
fn what_was_deleted_for_another_account_takes_no_namesake_off_the_list() {
    for kind in [AlteredKind::Deleting, AlteredKind::Gone] {
        let mut desk = asked_by(ACCOUNT);
        lists_snapshots(&mut desk, &["a", "b", "c"]);
        desk.press("v x y 1 enter");
        let id = desk.sent(|effect| match effect {
            Effect::Alter { id, .. } => Some(*id),
            _ => None,
        });
        turn(&mut desk, "222222222222");
        let theirs = ["a", "b", "c"].map(|name| of_account("222222222222", name));
        for it in &theirs {
            desk.app.world.place_mut().catalog.note(it);
        }
        desk.say(Msg::Altered(id, Box::new(Altered { sent: 1, ..Altered::new(kind) })));
        let items = &desk.app.world.place().catalog.snapshots.items;
        assert!(theirs.iter().all(|it| items.contains(it)), "{kind:?}: {items:?}");
    }
}

#[test]
fn the_list_has_the_clusters_of_the_account_that_answers_now_while_more_of_them_are_read() {
    let mut desk = asked_by("111111111111");
    desk.wait(Duration::from_secs(2));
    desk.app.world.place_mut().refresh(&desk.now);
    let asked = desk.caller_asked();
    desk.say(Msg::Answered(asked, Ok(Answer::Caller(caller("222222222222")))));
    let asked = desk.clusters_asked();
    let items = ["a", "b", "c"].map(|id| cluster(id, "available")).to_vec();
    let page = Page { items, next: Some("more".to_owned()) };
    desk.say(Msg::Answered(asked, Ok(Answer::Clusters(page))));
    let (home, world) = (&desk.app.ui.home, &desk.app.world);
    let listed: Vec<&str> = home.list.visible(9, world).map(|(_, (_, it))| it.id.as_str()).collect();
    assert_eq!(listed, ["a", "b", "c"]);
}

#[test]
fn a_cluster_that_another_account_does_not_list_is_not_said_to_be_gone() {
    let mut desk = asked_by("111111111111");
    desk.press("G s");
    let asked = desk.asked(|effect| match effect {
        Effect::Ask(id, Question::Cluster(_)) => Some(*id),
        _ => None,
    });
    desk.now.mono += Duration::from_secs(10);
    desk.say(Msg::Answered(asked, Ok(Answer::Cluster(None))));
    let (sts, listed) = (desk.caller_asked(), desk.clusters_asked());
    desk.say(Msg::Answered(sts, Err(Failure::local(FailureKind::ServerTrouble, "later"))));
    assert_eq!(desk.app.world.place().catalog.clusters.items.len(), 3);
    desk.say(Msg::Answered(listed, Ok(Answer::Clusters(of_others()))));
    assert!(desk.note().starts_with("The credentials belong to account 222222222222 now"), "{}", desk.note());
    assert!(!messages(&desk).contains("does not exist any more"), "{}", messages(&desk));
}

/// A page of clusters of the other account.
fn of_others() -> Page<Cluster> {
    let arn = Some("arn:aws:rds:eu-west-1:222222222222:cluster:theirs".to_owned());
    Page { items: vec![Cluster { arn, ..cluster("theirs", "available") }], next: None }
}

#[test]
fn what_is_followed_is_of_the_account_of_the_clusters_also_where_nobody_says_who_asks() {
    let mut desk = asked_by("111111111111");
    desk.press("r");
    for _ in 0..2 {
        let asked = desk.clusters_asked();
        desk.say(Msg::Answered(asked, Ok(Answer::Clusters(of_others()))));
    }
    let asked = desk.asked(|effect| match effect {
        Effect::Ask(id, Question::Snapshots(_)) => Some(*id),
        _ => None,
    });
    let arn = Some(snapshot_arn("eu-west-1", "222222222222", "theirs"));
    let made = Snapshot { arn, ..snapshot("theirs", "orders-prod", "creating") };
    let page = Page { items: vec![made.clone()], next: None };
    desk.say(Msg::Answered(asked, Ok(Answer::Snapshots(page))));
    for (account, is_theirs) in [("222222222222", true), ("111111111111", false)] {
        let poll = desk.asked(|effect| match effect {
            Effect::Ask(id, Question::Followed(_)) => Some(*id),
            _ => None,
        });
        let account = Some(account_id(account));
        let look = Listing { account, ..Listing::answered(vec![made.clone()], None) };
        desk.say(Msg::Answered(poll, Ok(Answer::Followed(look))));
        assert_eq!(desk.app.world.place().failure().is_none(), is_theirs);
    }
}
