//! What an earlier run left: what was not sent is told of until it is decided, with the place that it is of.

use std::time::Duration;

use crate::domain::change::{Change, ChangePlace, LeftOut};
use crate::domain::context::Target;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Policy;
use crate::domain::wait::Wait;
use crate::fixtures::{ACCOUNT, account_id, place};

use super::super::Settings;
use super::super::effect::Effect;
use super::super::keymap::{Action, BINDINGS, Focus};
use super::super::message::{Before, Msg};
use super::super::question::{Answer, Question};
use super::super::request_id::{PlaceId, RequestId};
use super::super::screens::AnyScreen;
use super::checks::{at_review_of_change, kept};
use super::desk::{Desk, cluster, created};

fn question(desk: &Desk) -> String {
    desk.app.ui.note(&desk.app.world).map(|note| note.text).unwrap_or_default()
}

/// The connection that is being made.
fn connecting(desk: &Desk) -> RequestId {
    desk.sent(|effect| match effect {
        Effect::Connect { id, .. } => Some(*id),
        _ => None,
    })
}

/// What is written down of a change that is over.
fn ended(desk: &Desk) -> Change {
    desk.sent(|effect| match effect {
        Effect::EndChange(change) => Some(change.clone()),
        _ => None,
    })
}

/// A desk at the question about a change of two, of which nothing was sent.
pub(super) fn asked() -> Desk {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let change = kept(&desk);
    let mut later = Desk::ready();
    later.say(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
    assert_eq!(later.app.focus(), Focus::GoOn);
    later
}

/// A request that waits for its cluster.
fn waiting() -> Wait {
    let mut desk = Desk::ready();
    desk.press("j s ctrl-s w");
    desk.sent(|effect| match effect {
        Effect::KeepWait(_, wait) => Some(wait.clone()),
        _ => None,
    })
}

#[test]
fn a_change_that_is_left_for_later_is_told_of_asked_about_by_its_key_and_before_the_end() {
    let mut desk = asked();
    let asks = question(&desk);
    desk.press("esc");
    assert_eq!(
        desk.note(),
        "Left for later: CHG-7, 2 of 2 requests not sent in an earlier run. C asks again, and so does the next start."
    );
    desk.press("C");
    assert_eq!((desk.app.focus(), question(&desk)), (Focus::GoOn, asks));
    desk.press("esc q");
    assert_eq!(desk.app.focus(), Focus::Leaving);
    assert!(
        question(&desk).starts_with("A change of an earlier run is not all sent."),
        "{}",
        question(&desk)
    );
    desk.press("esc C x");
    assert_eq!(
        desk.note(),
        "Let go of CHG-7, 2 of 2 requests not sent in an earlier run: nothing more of it is sent; clustersnap report \
         CHG-7 tells which."
    );
    let over = ended(&desk);
    let whys: Vec<&str> = over.items.iter().filter_map(|item| item.why.as_deref()).collect();
    assert_eq!(whys, ["let go of by hand"; 2]);
    desk.press("q");
    assert_eq!(desk.effects, [Effect::Quit]);
}

#[test]
fn what_was_not_sent_of_a_change_that_is_over_is_told_once_and_asked_about_by_nobody() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let change = kept(&desk);
    assert!(!change.is_untold, "what is still to be sent is asked about");
    let denied = Outcome::Refused(Failure::local(FailureKind::AccessDenied, "not for you"));
    let open = Outcome::NotCreated(Failure::local(FailureKind::OpenRequest, "sent by another program"));
    desk.say(Msg::ChangeKept(change.token, Ok(())));
    let ids = desk.effects.iter().filter_map(|effect| match effect {
        Effect::Submit { id, .. } => Some(*id),
        _ => None,
    });
    let ids: Vec<RequestId> = ids.collect();
    for (id, outcome) in ids.into_iter().zip([open, denied]) {
        desk.say(Msg::Submitted(id, outcome));
    }
    let over = ended(&desk);
    assert!(over.is_untold, "{over:?}");
    let mut later = Desk::ready();
    later.say(Msg::ChangesBefore(vec![Before { change: over, sent: Vec::new() }]));
    assert_eq!(later.app.ui.prompt, None);
    let told = "Change CHG-7 of an earlier run: 2 requests were not sent: ";
    assert!(later.note().starts_with(told), "{}", later.note());
    assert!(later.note().ends_with("clustersnap report CHG-7 tells all of it."), "{}", later.note());
    later.wait(Duration::from_secs(6));
    later.press("esc");
    assert_eq!(later.note(), "", "a person can put it away");
}

#[test]
fn a_place_that_could_not_be_read_is_not_forgotten_by_going_on_without_it() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let mut change = kept(&desk);
    let unread = LeftOut {
        place: ChangePlace { profile: Some("p2".to_owned()), ..ChangePlace::default() },
        account: None,
        cluster: String::new(),
        why: "the place could not be read".to_owned(),
        is_requested: false,
    };
    change.left_out.push(unread.clone());
    let mut later = Desk::ready();
    later.say(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
    later.press("c");
    let ids = later.effects.iter().filter_map(|effect| match effect {
        Effect::Submit { id, request, .. } => Some((*id, request.snapshot.to_string())),
        _ => None,
    });
    let ids: Vec<(RequestId, String)> = ids.collect();
    for (id, name) in &ids {
        later.say(Msg::Submitted(*id, created(name)));
    }
    let over = ended(&later);
    assert!(over.left_out.contains(&unread), "{:?}", over.left_out);
}

#[test]
fn where_what_is_gone_on_with_goes_is_told_and_what_would_stop_it() {
    let asks = format!(
        "Go on with CHG-7? 2 of 2 requests not sent in an earlier run: c sends what was not, each once, to {ACCOUNT} \
         eu-west-1"
    );
    for (keys, unless) in [("y", ""), ("o y", ", unless another came to nothing")] {
        let mut desk = at_review_of_change(7);
        desk.press(keys);
        let change = kept(&desk);
        let mut later = Desk::ready();
        later.say(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
        assert_eq!(question(&later), format!("{asks}{unless}."));
    }
}

#[test]
fn what_answers_a_question_that_comes_by_itself_means_nothing_where_it_comes_and_has_to_stand_alone() {
    let of = |focus: Focus| BINDINGS.iter().filter(move |row| row.focus.contains(&focus));
    for question in [Focus::WaitAgain, Focus::GoOn] {
        let answers = of(question).filter(|row| row.focus == [question] && row.action != Action::Back);
        for answer in answers {
            assert!(answer.action.confirms(), "{answer:?}");
            let below = of(Focus::Clusters).chain(of(Focus::Pane));
            let same = below.flat_map(|row| row.keys).find(|key| answer.keys.contains(key));
            assert_eq!(same, None, "somebody may press it there just when the question comes");
        }
    }
}

#[test]
fn where_there_is_a_change_of_this_run_too_it_lies_below_the_question() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let change = kept(&desk);
    desk.press("esc");
    desk.say(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
    desk.press("esc C");
    assert_eq!(desk.app.focus(), Focus::GoOn);
    desk.press("esc");
    assert!(matches!(desk.app.ui.top(), Some(AnyScreen::Change(_))), "{:?}", desk.app.ui.top());
}

#[test]
fn a_question_about_a_wait_and_its_answers_name_the_place_where_there_are_several() {
    let wait = waiting();
    let name = wait.request.snapshot.to_string();
    let places =
        ["prod", "dr"].map(|profile| Target { profile: Some(profile.to_owned()), ..place("eu-west-1") });
    let mut desk = Desk::started(Settings { places: places.to_vec(), ..Settings::default() }).connected();
    desk.say(Msg::WaitsBefore(PlaceId(1), vec![wait.clone(), wait]));
    assert_eq!(desk.app.focus(), Focus::WaitAgain);
    let asks = format!("dr eu-west-1: Nothing was sent for {name}. Wait again for busy, until ");
    assert!(question(&desk).starts_with(&asks), "{}", question(&desk));
    desk.press("esc");
    assert_eq!(
        desk.note(),
        format!(
            "dr eu-west-1: {name} is left for later: nothing is sent, and the next start in its place asks again."
        )
    );
    desk.press("x");
    assert_eq!(
        desk.note(),
        format!("dr eu-west-1: {name} does not wait any more: dropped; nothing was sent.")
    );
}

#[test]
fn what_was_refused_of_a_change_and_of_a_wait_of_an_earlier_run_is_not_said_to_have_a_draft() {
    let refused = || {
        let failure = Failure::local(FailureKind::InvalidState, "busy");
        Outcome::Refused(Failure { code: Some("InvalidDBClusterStateFault".to_owned()), ..failure })
    };
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let change = kept(&desk);
    desk.say(Msg::ChangeKept(change.token, Ok(())));
    let id = desk.submitted();
    desk.say(Msg::Submitted(id, refused()));
    assert!(desk.note().contains("space marks its cluster, s, and the same id."), "{}", desk.note());

    let mut desk = Desk::ready();
    desk.say(Msg::WaitsBefore(PlaceId(0), vec![waiting()]));
    desk.press("w");
    let look = desk.asked(|effect| match effect {
        Effect::Ask(id, Question::Cluster(_)) => Some(*id),
        _ => None,
    });
    desk.say(Msg::Answered(look, Ok(Answer::Cluster(Some(Box::new(cluster("busy", "available")))))));
    let id = desk.submitted();
    desk.say(Msg::Submitted(id, refused()));
    assert!(desk.note().starts_with("Refused by AWS: ") && !desk.note().contains("draft"), "{}", desk.note());
}

#[test]
fn what_nothing_knows_of_after_the_end_is_told_before_what_is_written_down() {
    let mut desk = Desk::ready();
    desk.press("G s ctrl-s y");
    let full = Failure::local(FailureKind::Journal, "no space left on device");
    let refused = desk.submitted();
    desk.say(Msg::Submitted(refused, Outcome::NotCreated(full)));
    desk.press("J");
    let lost = desk.submitted();
    let cause = Failure::local(FailureKind::LostAnswer, "");
    desk.say(Msg::Submitted(lost, Outcome::Unknown { since: desk.now.at(), cause, look: None }));
    desk.press("g s ctrl-s y esc q");
    let told = "The outcome of a request that is in no journal is not known.";
    assert!(question(&desk).starts_with(told), "{}", question(&desk));
}

#[test]
fn what_is_gone_on_with_goes_to_the_endpoint_that_it_was_confirmed_for() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let mut change = kept(&desk);
    let elsewhere = Some("http://127.0.0.1:9".to_owned());
    change.items.iter_mut().for_each(|item| item.place.endpoint.clone_from(&elsewhere));
    let mut later = Desk::ready();
    later.say(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
    later.press("c");
    let opened = later.sent(|effect| match effect {
        Effect::Connect { to, .. } => Some(to.clone()),
        _ => None,
    });
    assert_eq!(opened.endpoint, elsewhere);
}

#[test]
fn what_would_go_to_another_endpoint_than_it_was_confirmed_for_is_told_and_not_sent() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let mut change = kept(&desk);
    let elsewhere = "http://127.0.0.1:9".to_owned();
    change.items.iter_mut().for_each(|item| item.place.endpoint = Some(elsewhere.clone()));
    let mut later = Desk::ready();
    later.say(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
    assert!(
        question(&later).contains(&format!("{ACCOUNT} eu-west-1 at {elsewhere}")),
        "{}",
        question(&later)
    );
    later.press("c");
    let connect = connecting(&later);
    later.say(Msg::Connected(connect, Ok(place("eu-west-1"))));
    let over = ended(&later);
    let why = "it was confirmed for http://127.0.0.1:9, and would go to AWS's own endpoint";
    assert!(over.items.iter().all(|item| item.why.as_deref() == Some(why)), "{over:?}");
}

#[test]
fn what_of_a_change_that_is_gone_on_with_waits_is_written_down_once_its_place_is_there() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let mut change = kept(&desk);
    for item in &mut change.items {
        item.when_available = true;
        item.account = None;
        item.place.profile = Some("dr".to_owned());
    }
    let mut later = Desk::ready();
    later.say(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
    let is_kept = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::KeepWait(..)));
    later.press("c");
    let connect = connecting(&later);
    assert!(!is_kept(&later.effects), "there is no connection by which it could be");
    later.say(Msg::Connected(connect, Ok(place("eu-west-1"))));
    assert!(is_kept(&later.effects), "{:?}", later.effects);
}

#[test]
fn what_became_of_a_change_that_is_gone_on_with_is_read_also_where_nobody_looks_at_its_place() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let mut change = kept(&desk);
    for item in &mut change.items {
        item.account = None;
        item.place.profile = Some("dr".to_owned());
    }
    let mut later = Desk::ready();
    later.say(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
    later.press("c");
    let connect = connecting(&later);
    later.say(Msg::Focus(false));
    later.say(Msg::Connected(connect, Ok(place("eu-west-1"))));
    let asked = later.asked(|effect| match effect {
        Effect::Ask(id, Question::Clusters(_)) => Some(id.place()),
        _ => None,
    });
    assert_eq!(asked, Some(PlaceId(1)));
}

/// A program whose guards cannot be understood.
fn guarded() -> Desk {
    let broken = Some("config.toml: no table".to_owned());
    Desk::with(Policy { broken, ..Policy::default() }).connected()
}

#[test]
fn a_change_is_not_over_by_going_on_with_it_where_nothing_of_it_can_be_sent() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let change = kept(&desk);
    let of_another = |count: usize, all_or_stop: bool| {
        let mut change = Change { all_or_stop, ..change.clone() };
        let items = change.items.iter_mut().take(count);
        items.for_each(|item| item.account = Some(account_id("222222222222")));
        change
    };
    let another = "not sent, as it was confirmed for account 222222222222, and ";
    let cases = [
        (guarded(), change.clone(), Some("A guard cannot be understood")),
        (Desk::ready(), of_another(2, false), Some(another)),
        (Desk::ready(), of_another(1, true), Some(another)),
        (Desk::ready(), of_another(1, false), None),
    ];
    for (mut later, change, why) in cases {
        later.say(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
        later.press("c");
        let is_over = later.effects.iter().any(|effect| matches!(effect, Effect::EndChange(_)));
        assert!(!is_over, "{:?}", later.effects);
        assert_eq!(later.app.world.changes.rows.is_empty(), why.is_some());
        let Some(why) = why else { continue };
        assert!(later.note().contains(why) && later.note().contains("Left for later"), "{}", later.note());
        later.press("C");
        assert_eq!(later.app.focus(), Focus::GoOn, "it can be put right");
    }
}

#[test]
fn a_request_does_not_wait_again_where_it_could_not_be_sent() {
    let mut desk = guarded();
    desk.say(Msg::WaitsBefore(PlaceId(0), vec![waiting()]));
    desk.press("w");
    assert!(desk.app.world.place().waits.rows.is_empty());
    assert!(desk.note().starts_with("A guard cannot be understood"), "{}", desk.note());
    assert!(desk.note().contains("is left for later"), "{}", desk.note());
}
