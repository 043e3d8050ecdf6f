//! How long a snapshot took, and when it was seen to end.

use super::*;

fn at(second: i64) -> Option<Timestamp> {
    Timestamp::from_second(1_700_000_000 + second).ok()
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// An end that was seen by this machine's clock a month late: no clock of its own may count.
fn ending(server_time: Option<i64>, open_at: Option<i64>) -> Ending {
    let seen_at = at(2_592_000).expect("a time");
    Ending { open_at: open_at.and_then(at), ..Ending::seen("available", seen_at, server_time.and_then(at)) }
}

const SEEN: Source = Source::SeenByClustersnap;

#[test]
fn a_first_look_at_what_had_ended_tells_no_duration() {
    let begun = Begun { created_at: at(1), asked_at: at(0) };
    assert_eq!(
        ending(Some(100), None).took(begun),
        Some(Took::FirstSeen(Some((seconds(100), Beginning::Request))))
    );
    let told = Took::FirstSeen(Some((seconds(100), Beginning::Request))).words();
    assert_eq!(told, "first seen 1 min 40 s after the request");
    let begun_elsewhere = Begun { asked_at: None, ..begun };
    let told = ending(Some(100), None).took(begun_elsewhere).map(Took::words);
    assert_eq!(told.as_deref(), Some("first seen 1 min 39 s after it was begun"), "nobody here requested it");
    assert_eq!(ending(None, None).took(begun), Some(Took::FirstSeen(None)), "nor does this machine's clock");
}

#[test]
fn an_event_tells_it_to_the_second_whenever_it_was_seen() {
    let finished = Ending { finished_at: at(21), ..ending(Some(100), None) };
    let begun = Begun { created_at: at(1), asked_at: at(0) };
    assert_eq!(finished.took(begun), Some(Took::Observed(seconds(20), Source::RdsEvent)));
    assert_eq!(finished.known_at(begun), at(21).map(|at| (at, Source::RdsEvent)));
    let of_an_earlier_one = Ending { finished_at: at(-5), ..ending(Some(100), None) };
    assert_eq!(
        of_an_earlier_one.took(begun),
        Some(Took::FirstSeen(Some((seconds(100), Beginning::Request))))
    );
}

#[test]
fn two_looks_tell_it_where_they_were_close_together() {
    let begun = Begun { created_at: None, asked_at: at(0) };
    let took = |seen, open| ending(Some(seen), Some(open)).took(begun);
    assert_eq!(took(20, 15), Some(Took::Observed(seconds(20), SEEN)));
    assert_eq!(
        took(60, 20),
        Some(Took::FirstSeen(Some((seconds(60), Beginning::Request)))),
        "40 s of 60 s are not known"
    );
    assert_eq!(took(4000, 3965), Some(Took::Observed(seconds(4000), SEEN)));
    assert_eq!(took(4000, 3900), Some(Took::FirstSeen(Some((seconds(4000), Beginning::Request)))));
    assert_eq!(
        took(20, 25),
        Some(Took::FirstSeen(Some((seconds(20), Beginning::Request)))),
        "a clock that was set back"
    );
}

#[test]
fn the_monotonic_clock_of_who_watched_it_goes_before_dates() {
    let watched = Ending { watched: Some(seconds(20)), ..ending(Some(7220), Some(15)) };
    let begun = Begun { created_at: at(0), asked_at: at(0) };
    assert_eq!(watched.took(begun), Some(Took::Observed(seconds(20), SEEN)));
}

#[test]
fn of_a_machine_that_slept_before_the_first_look_the_monotonic_clock_tells_nothing() {
    let slept = Ending { watched: Some(seconds(5)), ..ending(Some(3605), None) };
    let first_seen = Some(Took::FirstSeen(Some((seconds(3605), Beginning::Request))));
    for created_at in [at(0), None] {
        assert_eq!(slept.took(Begun { created_at, asked_at: at(0) }), first_seen);
    }
}

#[test]
fn it_counts_from_aws_s_create_time_however_late_the_answer_to_its_request_came() {
    let took = |ending: &Ending, begun| ending.took(begun).and_then(Took::observed);
    let begun = Begun { created_at: at(16), asked_at: at(0) };
    assert_eq!(took(&ending(Some(24), Some(20)), begun), Some(seconds(8)), "its answer was lost");
    let pane = Begun { asked_at: None, ..begun };
    assert_eq!(took(&ending(Some(24), Some(20)), pane), Some(seconds(8)), "the pane says the same");
    let late = Ending { watched: Some(seconds(2)), ..ending(Some(33), None) };
    assert_eq!(took(&late, begun), Some(seconds(17)), "its answer took 15 s");
    let of_another_clock = Begun { created_at: at(-3600), ..begun };
    assert_eq!(took(&ending(Some(24), Some(20)), of_another_clock), Some(seconds(24)));
}

#[test]
fn of_one_that_failed_it_is_not_told_when_it_became_available() {
    let begun = Begun { created_at: at(0), asked_at: at(0) };
    let failed = Ending { status: "failed".to_owned(), ..ending(Some(20), Some(15)) };
    assert_eq!(failed.known_at(begun), None);
    assert_eq!(ending(Some(20), Some(15)).known_at(begun), at(20).map(|at| (at, SEEN)));
}

#[test]
fn of_one_that_is_gone_nothing_is_told() {
    let gone = Ending { status: GONE.to_owned(), ..ending(Some(20), Some(15)) };
    assert_eq!(gone.took(Begun { created_at: at(0), asked_at: at(0) }), None);
}

#[test]
fn one_that_is_gone_after_its_end_keeps_how_it_ended_until_it_is_seen_again() {
    let usable = ending(Some(20), Some(15));
    let only_gone = Ending { status: GONE.to_owned(), ..ending(Some(500), None) };
    let gone = usable.clone().and(only_gone.clone());
    assert_eq!((gone.standing(), gone.status.as_str()), (GONE, "available"));
    assert_eq!(
        gone.took(Begun { created_at: at(0), asked_at: None }).and_then(Took::observed),
        Some(seconds(20))
    );
    assert_eq!(only_gone.and(usable.clone()).standing(), "available");
    assert_eq!(gone.clone().and(gone.clone()).standing(), GONE, "its event is told later");
    assert_eq!(gone.and(usable).standing(), "available", "a list has it again");
}
