//! A snapshot that is followed while clocks are set and lists lag.

use super::*;
use crate::domain::ending::{Beginning, Source};
use crate::fixtures::{self, ACCOUNT, snapshot_arn};
use crate::track::presence::Absence;

const SEEN: Source = Source::SeenByClustersnap;

fn date(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).expect("a time")
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// A look at a second of the monotonic clock, with this machine's date and the server's.
fn look(mono: u64, at: i64, server: Option<i64>) -> LookMoment {
    LookMoment { mono: seconds(mono), at: date(at), server: server.map(date) }
}

/// A look at a second, by all clocks.
fn at(second: u32) -> LookMoment {
    look(u64::from(second), i64::from(second), Some(i64::from(second)))
}

/// A snapshot that was created at second 0 by the service's clock.
fn snapshot(status: &str) -> Snapshot {
    Snapshot {
        arn: Some(snapshot_arn("eu-west-1", ACCOUNT, "s")),
        created_at: Some(date(0)),
        ..fixtures::snapshot("s", "orders", status)
    }
}

fn took(followed: &Followed) -> Option<Took> {
    followed.took(Begun { created_at: snapshot("available").created_at, asked_at: None })
}

fn own() -> Option<AccountId> {
    AccountId::reported("123456789012")
}

#[test]
fn a_date_that_is_set_while_it_is_made_changes_nothing() {
    let mut followed = Followed::new(Duration::ZERO);
    followed.answered(&snapshot("creating"), &look(0, 0, None));
    followed.listed(&snapshot("creating"), &look(15, 15 + 7200, Some(15)));
    followed.listed(&snapshot("available"), &look(20, 20 - 2_592_000, Some(20)));
    assert_eq!(took(&followed), Some(Took::Observed(seconds(20), SEEN)));
    assert_eq!(followed.age(seconds(25)), Some(seconds(25)));
}

#[test]
fn one_that_had_ended_is_not_taken_for_a_later_one_of_its_name() {
    let mut followed = Followed::new(Duration::ZERO);
    followed.listed(&snapshot("available"), &at(0));
    let later = Snapshot { created_at: Some(date(60)), ..snapshot("failed") };
    let earlier = Snapshot { created_at: Some(date(-60)), ..later.clone() };
    // An earlier one is what an old list had; a later one has its name for certain.
    let gone = Some(Absence::Replaced);
    for (found, verdict) in [(earlier, None), (later, gone)] {
        let answer = Listing::answered(vec![found], Some(date(90)));
        let found = followed.look("s", &answer, Some(&snapshot("available")), |_| true, &at(90));
        assert_eq!(found, Look::Missed(verdict));
    }
    let ending = followed.ending().expect("it ended");
    assert_eq!((ending.status.as_str(), ending.is_gone()), ("available", true));
    let verdict = followed.presence.verdict();
    assert_eq!(verdict.as_deref(), Some("it is gone, and another snapshot has its name now"));
}

#[test]
fn one_that_had_ended_at_the_first_look_was_only_first_seen() {
    let mut followed = Followed::new(seconds(100));
    followed.listed(&snapshot("available"), &at(100));
    assert_eq!(took(&followed), Some(Took::FirstSeen(Some((seconds(100), Beginning::Creation)))));
    followed.finished(date(20));
    assert_eq!(took(&followed), Some(Took::Observed(seconds(20), Source::RdsEvent)));
}

#[test]
fn of_one_that_had_ended_in_the_answer_to_its_request_no_duration_is_told() {
    let mut followed = Followed::new(Duration::ZERO);
    followed.answered(&snapshot("failed"), &at(0));
    followed.listed(&snapshot("failed"), &at(5));
    assert_eq!(took(&followed).and_then(Took::observed), None);
}

#[test]
fn of_the_words_of_an_event_so_much_is_kept_as_a_line_of_the_journal_holds() {
    let mut followed = Followed::new(Duration::ZERO);
    followed.listed(&snapshot("failed"), &at(0));
    followed.explained(&"x".repeat(1_200_000));
    let why = followed.ending().and_then(|ending| ending.why.as_ref());
    assert!(why.is_some_and(|why| why.len() == 2_000));
}

#[test]
fn an_own_one_that_ended_while_nobody_could_look_was_not_watched() {
    let mut followed = Followed::new(Duration::ZERO);
    followed.answered(&snapshot("creating"), &look(0, 0, None));
    followed.listed(&snapshot("creating"), &at(5));
    followed.listed(&snapshot("available"), &at(100));
    assert_eq!(took(&followed), Some(Took::FirstSeen(Some((seconds(100), Beginning::Creation)))));
}

#[test]
fn where_the_clocks_disagree_neither_is_told() {
    // The machine slept for two hours, or a proxy set the date: nobody can say which.
    let mut followed = Followed::new(Duration::ZERO);
    followed.answered(&snapshot("creating"), &look(0, 0, None));
    followed.listed(&snapshot("creating"), &look(5, 5, Some(5)));
    followed.listed(&snapshot("creating"), &look(15, 7215, Some(7215)));
    followed.listed(&snapshot("available"), &look(20, 7220, Some(7220)));
    assert_eq!(took(&followed), Some(Took::FirstSeen(None)));
}

#[test]
fn without_the_servers_clock_only_what_this_process_sent_is_measured() {
    let mut followed = Followed::new(Duration::ZERO);
    followed.listed(&snapshot("creating"), &look(5, 5, None));
    assert_eq!(followed.age(seconds(5)), None, "the date of this machine tells no age");
    followed.listed(&snapshot("available"), &look(10, 10, None));
    assert_eq!(took(&followed), Some(Took::FirstSeen(None)));
    let mut followed = Followed::new(Duration::ZERO);
    followed.answered(&snapshot("creating"), &look(0, 0, None));
    followed.listed(&snapshot("available"), &look(5, 5, None));
    assert_eq!(took(&followed), Some(Took::Observed(seconds(5), SEEN)));
}

#[test]
fn one_that_comes_back_is_followed_on_as_if_it_had_never_been_gone() {
    let mut followed = Followed::new(Duration::ZERO);
    followed.listed(&snapshot("creating"), &at(0));
    let last = snapshot("creating");
    let verdicts = [5, 65, 125].map(|second| followed.missed(own().as_ref(), Some(&last), &at(second)));
    assert_eq!(verdicts, [None, None, Some(Absence::Disappeared)]);
    assert!(followed.ending().is_some_and(Ending::is_gone));
    assert_eq!(took(&followed), None);
    followed.listed(&snapshot("creating"), &at(300));
    assert_eq!(followed.ending(), None);
    followed.listed(&snapshot("available"), &at(305));
    assert_eq!(took(&followed), Some(Took::Observed(seconds(305), SEEN)));
}

#[test]
fn another_accounts_namesake_is_not_it() {
    let mut followed = Followed::new(Duration::ZERO);
    assert!(followed.is_own(&snapshot("creating")));
    followed.belongs_to(AccountId::reported("1"));
    assert!(!followed.is_own(&snapshot("creating")));
    assert_eq!(followed.missed(own().as_ref(), None, &at(1000)), None);
    assert!(followed.presence.is_elsewhere());
}
