//! What a person can do for new credentials is asked for once, where no key that is meant for something else answers it.

use std::path::PathBuf;
use std::time::Duration;

use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::Msg;
use super::super::question::{Answer, Question};
use super::super::request_id::RequestId;
use super::super::screens::AnyScreen;
use super::super::screens::login::LoginState;
use super::desk::Desk;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::Page;
use crate::domain::renewal::Renewal;

fn failure(renewal: Renewal) -> Failure {
    Failure::local(FailureKind::ExpiredCredentials, "it has ended").renewed_by(renewal)
}

fn code() -> Failure {
    failure(Renewal::Code { device: "mfa/me".to_owned() })
}

fn login() -> Failure {
    failure(Renewal::Login { profile: "dev".to_owned(), file: PathBuf::from("/login.json") })
}

/// What is asked of the service at the moment.
fn asks(desk: &Desk) -> Vec<(RequestId, Question)> {
    let ask = |effect: &Effect| match effect {
        Effect::Ask(id, question) => Some((*id, question.clone())),
        _ => None,
    };
    desk.effects.iter().filter_map(ask).collect()
}

/// Lets a few seconds pass, in which everything that is asked fails.
fn fail_all(desk: &mut Desk, failure: &Failure) {
    for _ in 0..3 {
        for (id, _) in asks(desk) {
            desk.say(Msg::Answered(id, Err(failure.clone())));
        }
        desk.wait(Duration::from_secs(1));
    }
}

/// Lets a few seconds pass, in which the lists that are asked for are read.
fn answer_all(desk: &mut Desk) {
    for _ in 0..5 {
        let mut open = asks(desk);
        while let Some((id, question)) = open.pop() {
            let answer = match question {
                Question::Clusters(_) => Ok(Answer::Clusters(Page { items: Vec::new(), next: None })),
                Question::Snapshots(_) => Ok(Answer::Snapshots(Page { items: Vec::new(), next: None })),
                _ => Err(Failure::local(FailureKind::AccessDenied, "")),
            };
            desk.say(Msg::Answered(id, answer));
            open.extend(asks(desk));
        }
        desk.wait(Duration::from_secs(1));
    }
}

/// Reads everything anew, and fails.
fn fail(desk: &mut Desk, failure: &Failure) {
    desk.press("r");
    fail_all(desk, failure);
}

fn given(desk: &Desk) -> Option<String> {
    desk.effects.iter().find_map(|effect| match effect {
        Effect::GiveCode { device, digits } => Some(format!("{device} {}", digits.reveal())),
        _ => None,
    })
}

#[test]
fn a_code_is_given_once_and_asked_for_again_if_it_did_not_help() {
    let mut desk = Desk::ready();
    fail(&mut desk, &code());
    assert_eq!(desk.app.focus(), Focus::Code);
    desk.type_text("98a 73");
    desk.press("enter");
    assert!(given(&desk).is_none() && desk.note().contains("six digits"), "{}", desk.note());
    desk.press("backspace");
    desk.say(Msg::Paste("654\n321".to_owned()));
    assert!(!format!("{:?}", desk.app).contains("98765"), "it is shown to nobody");
    desk.press("enter");
    assert_eq!(given(&desk).as_deref(), Some("mfa/me 987654"));
    assert!(!format!("{:?}", desk.effects).contains("98765"));
    assert_eq!(desk.app.focus(), Focus::Clusters, "it is tried");
    fail_all(&mut desk, &code());
    assert_eq!(desk.app.focus(), Focus::Code, "it did not help");
}

#[test]
fn a_code_that_comes_with_its_enter_at_once_is_not_given() {
    let mut desk = Desk::ready();
    fail(&mut desk, &code());
    desk.say(Msg::Burst("123456\n".to_owned()));
    assert!(given(&desk).is_none());
    desk.press("enter");
    assert_eq!(given(&desk).as_deref(), Some("mfa/me 123456"));
}

#[test]
fn what_is_put_off_is_asked_for_again_when_everything_is_read_anew() {
    let mut desk = Desk::ready();
    fail(&mut desk, &code());
    desk.press("esc");
    assert_eq!(desk.app.focus(), Focus::Clusters);
    desk.wait(Duration::from_mins(2));
    assert_eq!(desk.app.focus(), Focus::Clusters, "not by itself");
    desk.press("r");
    assert_eq!(desk.app.focus(), Focus::Code);
}

#[test]
fn what_was_put_off_and_is_not_wanted_any_more_is_asked_for_by_itself_the_next_time() {
    let mut desk = Desk::ready();
    fail(&mut desk, &code());
    desk.press("esc");
    assert_eq!(desk.app.focus(), Focus::Clusters);
    desk.app.world.place_mut().renew(&desk.now);
    desk.say(Msg::Tick);
    answer_all(&mut desk);
    // Events are asked for by themselves.
    desk.wait(Duration::from_mins(20));
    fail_all(&mut desk, &code());
    assert_eq!(desk.app.focus(), Focus::Code);
}

#[test]
fn no_field_is_taken_away_from_under_the_keys() {
    for keys in ["/", "s", "s ctrl-s", "h /"] {
        let mut desk = Desk::ready();
        desk.press("r");
        let asked = desk.clusters_asked();
        desk.press(keys);
        // The review stays, and is not to be confirmed with credentials that do not work.
        let stays = match desk.app.focus() {
            Focus::Review => Focus::Obstructed,
            focus => focus,
        };
        desk.say(Msg::Answered(asked, Err(code())));
        assert_eq!(desk.app.focus(), stays, "{keys}");
    }
}

#[test]
fn a_login_is_started_once_and_its_words_are_kept() {
    let mut desk = Desk::ready();
    fail(&mut desk, &login());
    assert_eq!(desk.app.focus(), Focus::Login);
    desk.press("enter");
    let id = desk.sent(|effect| match effect {
        Effect::LogIn(id, profile) if profile == "dev" => Some(*id),
        _ => None,
    });
    desk.press("enter");
    assert!(!desk.effects.iter().any(|effect| matches!(effect, Effect::LogIn(..))), "it runs already");
    desk.say(Msg::LoginSaid(id, "open https://device".to_owned()));
    desk.say(Msg::LoginEnded(id, Err("it ended with exit status: 255".to_owned())));
    let Some(AnyScreen::Login(shown)) = desk.app.ui.top() else { panic!("{:?}", desk.app.ui.top()) };
    assert!(
        matches!(shown.state, LoginState::Failed(_)) && shown.said == ["open https://device"],
        "{shown:?}"
    );
    desk.press("enter");
    desk.press("esc");
    assert!(desk.effects.contains(&Effect::EndLogin), "{:?}", desk.effects);
    assert_eq!(desk.app.focus(), Focus::Clusters);
}

#[test]
fn a_login_that_ended_well_and_did_not_help_is_told_as_that() {
    let mut desk = Desk::ready();
    fail(&mut desk, &login());
    desk.press("enter");
    let id = desk.sent(|effect| match effect {
        Effect::LogIn(id, _) => Some(*id),
        _ => None,
    });
    let state = |desk: &Desk| match desk.app.ui.top() {
        Some(AnyScreen::Login(shown)) => shown.state.clone(),
        other => panic!("{other:?}"),
    };
    desk.say(Msg::LoginEnded(id, Ok(())));
    assert_eq!(state(&desk), LoginState::Done);
    fail_all(&mut desk, &login());
    assert_eq!(state(&desk), LoginState::InVain);
}

#[test]
fn a_login_that_was_made_elsewhere_closes_the_question() {
    let mut desk = Desk::ready();
    fail(&mut desk, &login());
    desk.say(Msg::LoginChanged(PathBuf::from("/another.json")));
    assert!(asks(&desk).is_empty(), "{:?}", desk.effects);
    desk.say(Msg::LoginChanged(PathBuf::from("/login.json")));
    answer_all(&mut desk);
    assert_eq!(desk.app.focus(), Focus::Clusters);
}
