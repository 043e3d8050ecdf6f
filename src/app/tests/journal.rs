//! What the core does about the journal: the history that is read from it, and requests that it refuses.

use super::super::arrangement;
use super::super::message::Recovered;
use super::super::place::followed::{FollowedState, Weight};
use super::super::request_id::PlaceId;
use super::*;
use crate::domain::account::AccountId;
use crate::domain::record::{Entry, Intent, OutcomeLine, Position, Record, RecordPage};
use crate::domain::tag::Tag;
use crate::fixtures::{self, intent};

fn past_request(number: &str, cluster: &str) -> Record {
    let at = "2026-11-20T01:58:01Z".parse().expect("a time");
    let endpoint = "https://rds.eu-west-1.amazonaws.com".to_owned();
    let asked = intent(number, cluster, &format!("{cluster}-{number}"), at);
    fixtures::open(Intent { endpoint, version: "0.1.0".to_owned(), ..asked })
}

pub(super) fn past(requests: &[(&str, &str)]) -> RecordPage {
    let requests = requests.iter().map(|(number, cluster)| past_request(number, cluster));
    let positions = (0..1000).rev().map(Position);
    let entries: Vec<(Position, Entry)> = positions.zip(requests.map(Entry::Request)).collect();
    RecordPage { total: entries.len(), entries, ..RecordPage::default() }
}

/// Answers the reading of the journal that was asked for.
pub(super) fn answer(desk: &mut Desk, answer: Result<Option<RecordPage>, String>) {
    let id = desk.sent(|effect| match effect {
        Effect::ReadHistory(id, _) => Some(*id),
        _ => None,
    });
    desk.say(Msg::History(id, answer));
}

fn chosen(desk: &Desk) -> &str {
    desk.history().chosen().map(Entry::number).unwrap_or_default()
}

#[test]
fn a_history_that_is_open_is_read_anew_when_the_journal_grows_and_once_after_what_came_meanwhile() {
    let is_read = |effect: &&Effect| matches!(effect, Effect::ReadHistory(_, None));
    let reads = |desk: &Desk| desk.effects.iter().filter(is_read).count();
    let mut desk = Desk::ready();
    desk.press("h");
    let asked = desk.effects.clone();
    desk.say(Msg::JournalGrew);
    assert_eq!(reads(&desk), 0, "it is being read");
    desk.effects = asked;
    answer(&mut desk, Ok(Some(past(&[("1", "orders")]))));
    assert_eq!(reads(&desk), 1, "what was read may be older");
    answer(&mut desk, Ok(Some(past(&[("2", "orders"), ("1", "orders")]))));
    assert_eq!((reads(&desk), chosen(&desk)), (0, "1"));
}

#[test]
fn the_cursor_of_the_history_stays_on_its_request_when_it_is_read_anew() {
    let mut desk = Desk::ready();
    desk.press("h");
    answer(&mut desk, Ok(Some(past(&[("2", "billing"), ("1", "orders-prod")]))));
    desk.press("j r");
    assert_eq!(chosen(&desk), "1");
    answer(&mut desk, Ok(Some(past(&[("3", "billing"), ("2", "billing"), ("1", "orders-prod")]))));
    assert_eq!(chosen(&desk), "1");
    desk.press("r");
    answer(&mut desk, Err("the disk is gone".to_owned()));
    assert_eq!(chosen(&desk), "1", "what was read before stays");
    desk.press("d");
    assert_eq!(desk.app.focus(), Focus::Record);
    desk.press("esc esc");
    assert_eq!(desk.screen(), "clusters");
}

#[test]
fn tags_of_earlier_runs_are_offered_but_for_what_the_cluster_has_and_what_the_program_gave() {
    let mut desk = Desk::ready();
    let mut request = past_request("1", "orders-prod");
    let own = Tag::new("env", "prod");
    desk.app.world.place_mut().catalog.clusters.items[1].tags.push(own.clone());
    request.intent.mark = Some("an-earlier-mark".to_owned());
    request.intent.tags =
        vec![own, Tag::new("an-earlier-mark", "1"), Tag::new("change", "CHG-1"), Tag::new("ticket", "OPS-7")];
    desk.press("h");
    answer(
        &mut desk,
        Ok(Some(RecordPage {
            total: 1,
            entries: vec![(Position(0), Entry::Request(request))],
            ..RecordPage::default()
        })),
    );
    desk.press("esc s ctrl-n");
    assert_eq!(desk.offer().as_deref(), Some("ticket"));
    desk.press("right tab right ctrl-n");
    assert_eq!(desk.offer(), None, "nothing else was given by hand");
}

#[test]
fn a_late_answer_about_the_history_is_dropped() {
    let mut desk = Desk::ready();
    desk.press("h");
    let late = desk.effects.clone();
    desk.press("r");
    answer(&mut desk, Ok(Some(past(&[("2", "billing")]))));
    desk.effects = late;
    answer(&mut desk, Ok(Some(past(&[("1", "billing")]))));
    assert_eq!(chosen(&desk), "2");
}

#[test]
fn the_history_is_filtered_by_cluster_and_a_request_copied_for_a_ticket() {
    let mut desk = Desk::ready();
    desk.press("h");
    answer(&mut desk, Ok(Some(past(&[("3", "billing"), ("2", "orders-prod"), ("1", "orders-prod")]))));
    desk.press("/");
    desk.type_text("ORDERS");
    desk.press("enter j y");
    let [Effect::Copy(text)] = desk.effects.as_slice() else { panic!("{:?}", desk.effects) };
    assert!(text.contains("Snapshot:       orders-prod-1\n"), "{text}");
    assert!(text.contains("Not known yet"), "{text}");
    // From a cluster's details it shows that cluster's.
    desk.press("esc d h");
    assert_eq!(desk.history().filter.text(), "cluster:billing");
}

/// The question for older requests that was put, with the position before which they are.
fn asked_older(desk: &Desk) -> Option<(RequestId, Position)> {
    desk.effects.iter().find_map(|effect| match effect {
        Effect::ReadHistory(id, Some(before)) => Some((*id, *before)),
        _ => None,
    })
}

/// Requests for a cluster with these numbers, the highest first, behind which others go on.
fn page(numbers: std::ops::Range<u32>, cluster: &str) -> RecordPage {
    let position = |number: u32| Position(u64::from(number));
    let request =
        |number: u32| (position(number), Entry::Request(past_request(&number.to_string(), cluster)));
    let older = (numbers.start > 0).then_some(position(numbers.start));
    let entries = numbers.rev().map(request).collect();
    RecordPage { entries, older, total: 900, ..RecordPage::default() }
}

#[test]
fn older_requests_are_read_a_page_at_a_time_as_one_scrolls() {
    let mut desk = Desk::ready();
    desk.press("h");
    answer(&mut desk, Ok(Some(page(600..900, "orders"))));
    assert_eq!(asked_older(&desk), None, "what is shown is there");
    desk.press("G");
    let (id, before) = asked_older(&desk).expect("the end is near");
    assert_eq!(before, Position(600));
    desk.press("k");
    assert_eq!(asked_older(&desk), None, "it is asked for already");
    desk.say(Msg::History(id, Ok(Some(page(300..600, "orders")))));
    assert_eq!((desk.history().rows.len(), chosen(&desk)), (600, "601"));
    // What is new is put before what is known.
    desk.press("G r");
    answer(&mut desk, Ok(Some(page(601..901, "orders"))));
    assert_eq!((desk.history().rows.len(), chosen(&desk)), (601, "300"));
}

#[test]
fn of_two_requests_for_one_name_the_newer_counts_though_the_older_is_read_later() {
    let mut desk = Desk::ready();
    let requested = |desk: &Desk| {
        let earlier = &desk.app.world.place().durations.earlier;
        earlier.requested_as(&snapshot("twice", "orders", "available")).map(|it| it.intent.number.clone())
    };
    let named = |number: &str| {
        let mut request = past_request(number, "orders");
        request.intent.snapshot = "twice".to_owned();
        request.intent.region = Some("eu-west-1".to_owned());
        request.intent.account = AccountId::reported("123456789012");
        let outcome = OutcomeLine::new(number, request.intent.at, &created("twice"), None);
        Record { outcome: Some(outcome), ..request }
    };
    desk.press("h");
    let mut newest = page(600..900, "orders");
    newest.entries.insert(0, (Position(900), Entry::Request(named("newer"))));
    answer(&mut desk, Ok(Some(newest)));
    assert_eq!(requested(&desk).as_deref(), Some("newer"));
    desk.press("G");
    let (id, _) = asked_older(&desk).expect("the end is near");
    let mut older = page(300..600, "orders");
    older.entries.push((Position(299), Entry::Request(named("older"))));
    desk.say(Msg::History(id, Ok(Some(older))));
    assert_eq!(requested(&desk).as_deref(), Some("newer"));
}

#[test]
fn a_filter_is_looked_for_in_the_older_requests_too_and_only_what_fits_is_kept() {
    let mut desk = Desk::ready();
    desk.press("h");
    answer(&mut desk, Ok(Some(page(600..900, "orders"))));
    desk.press("/");
    desk.type_text("bill");
    let (id, before) = asked_older(&desk).expect("nothing fits so far");
    assert_eq!(before, Position(600));
    let mut older = page(300..600, "orders");
    older.entries[7].1 = Entry::Request(past_request("bill", "billing"));
    desk.say(Msg::History(id, Ok(Some(older))));
    let count = desk.history().past().expect("it was read").count();
    assert_eq!((count, chosen(&desk)), (301, "bill"));
    let (late, before) = asked_older(&desk).expect("there may be more");
    assert_eq!(before, Position(300));
    // With another filter, what this one left out counts again.
    desk.press("backspace backspace backspace backspace");
    assert_eq!(desk.history().rows.len(), 300);
    desk.say(Msg::History(late, Ok(Some(page(0..300, "orders")))));
    assert_eq!(desk.history().rows.len(), 300, "an answer to an earlier question");
    desk.press("enter G");
    assert_eq!(asked_older(&desk).map(|(_, before)| before), Some(Position(600)));
}

/// The requests that were asked for again, by where they stand.
fn asked_again(desk: &Desk) -> Option<(RequestId, Vec<Position>)> {
    desk.effects.iter().find_map(|effect| match effect {
        Effect::ReadEntries(id, positions) => Some((*id, positions.clone())),
        _ => None,
    })
}

#[test]
fn of_years_of_requests_those_near_the_cursor_are_in_memory_and_the_others_are_read_again() {
    let mut desk = Desk::ready();
    desk.press("h");
    answer(&mut desk, Ok(Some(page(29_500..30_000, "orders"))));
    for page_at in (0..59).rev() {
        desk.press("G");
        let (id, _) = asked_older(&desk).expect("the end is near");
        desk.say(Msg::History(id, Ok(Some(page(page_at * 500..(page_at + 1) * 500, "orders")))));
    }
    let known = |desk: &Desk| desk.history().past().map(|past| (past.count(), past.loaded() < 5000));
    assert_eq!(known(&desk), Some((30_000, true)));
    desk.press("G");
    assert_eq!((chosen(&desk), asked_again(&desk)), ("0", None));
    desk.press("g");
    assert_eq!((chosen(&desk), asked_again(&desk)), ("29999", None), "the newest are always there");
    for _ in 0..40 {
        desk.press("pagedown");
        let Some((id, positions)) = asked_again(&desk) else { continue };
        assert!(positions.len() < 100, "{positions:?}");
        let again = |at: &Position| (*at, Entry::Request(past_request(&at.0.to_string(), "orders")));
        desk.say(Msg::Entries(id, Ok(positions.iter().map(again).collect())));
        assert_eq!(asked_again(&desk), None);
    }
    let history = desk.history();
    let row = history.cursor.at();
    assert!(row > 500 && chosen(&desk) == (29_999 - row).to_string(), "{row}: {}", chosen(&desk));
    // Whether what was let go of fits another filter is not known: it is read again from there on.
    desk.press("/");
    desk.type_text("orders");
    assert!(desk.history().rows.len() < 1000, "{}", desk.history().rows.len());
    assert_eq!(known(&desk).map(|(_, is_little)| is_little), Some(true));
}

fn refuse(desk: &mut Desk, kind: FailureKind) {
    let id = desk.submitted();
    desk.say(Msg::Submitted(id, Outcome::NotCreated(Failure::local(kind, "no space left on device"))));
}

#[test]
fn without_the_journal_a_request_leaves_only_if_the_person_says_so_for_this_one() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s");
    desk.press("J");
    assert!(desk.effects.is_empty(), "not before the journal has refused");
    desk.press("y");
    refuse(&mut desk, FailureKind::Journal);
    assert_eq!(desk.app.focus(), Focus::Unwritten, "back at the review");
    assert!(desk.note().contains("J sends this one without the journal"), "{}", desk.note());
    // The other key tries the journal again.
    desk.press("y");
    let without = |desk: &Desk| {
        desk.sent(|effect| match effect {
            Effect::Submit { without_journal, .. } => Some(*without_journal),
            _ => None,
        })
    };
    assert!(!without(&desk));
    refuse(&mut desk, FailureKind::Journal);
    desk.press("J");
    assert!(without(&desk));
    refuse(&mut desk, FailureKind::Throttled);
    desk.press("ctrl-s J");
    assert!(desk.effects.is_empty(), "it was for that one request");
}

#[test]
fn a_request_that_was_changed_has_to_be_refused_itself_before_it_leaves_without_the_journal() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    refuse(&mut desk, FailureKind::Journal);
    desk.press("esc x ctrl-s");
    assert_eq!(desk.app.focus(), Focus::Review);
    desk.press("J");
    assert!(desk.effects.is_empty());
}

fn recovered(outcome: Outcome) -> Msg {
    let found = Recovered::new("x", "orders-prod", outcome);
    Msg::Recovered(PlaceId(0), vec![found])
}

fn unknown(desk: &Desk) -> Msg {
    let cause = Failure::local(FailureKind::LostAnswer, "");
    recovered(Outcome::Unknown { since: desk.now.at(), cause, look: None })
}

#[test]
fn a_request_of_an_earlier_run_is_followed_from_unknown_to_its_end() {
    let mut desk = Desk::ready();
    let msg = unknown(&desk);
    desk.say(msg);
    assert!(
        desk.note().starts_with("Earlier request: Not known yet: x. Do not request another"),
        "{}",
        desk.note()
    );
    let [row] = desk.app.world.place().followed.rows.as_slice() else {
        panic!("one row: {:?}", desk.app.world.place().followed.rows)
    };
    assert!(matches!(row.state, FollowedState::Unknown) && row.is_open(), "{row:?}");
    // A list that shows the name does not say whose it is.
    desk.app.world.place_mut().followed.notice(&snapshot("x", "orders-prod", "creating"), &desk.now);
    assert!(matches!(desk.app.world.place().followed.rows[0].state, FollowedState::Unknown));
    desk.say(recovered(created("x")));
    let [row] = desk.app.world.place().followed.rows.as_slice() else {
        panic!("one row: {:?}", desk.app.world.place().followed.rows)
    };
    assert!(row.snapshot().is_some() && row.submission.is_some(), "not one from elsewhere: {row:?}");
}

#[test]
fn news_of_one_of_several_earlier_requests_takes_back_what_was_told_of_all() {
    let mut desk = Desk::ready();
    let found = |name: &str, outcome| Recovered::new(name, "orders-prod", outcome);
    let cause = Failure::local(FailureKind::LostAnswer, "");
    let unknown = Outcome::Unknown { since: desk.now.at(), cause, look: None };
    desk.say(Msg::Recovered(PlaceId(0), vec![found("x", unknown), found("y", created("y"))]));
    assert!(desk.note().contains("Not known yet: x."), "{}", desk.note());
    desk.say(Msg::Recovered(PlaceId(0), vec![found("x", created("x"))]));
    assert!(!desk.note().contains("Not known yet"), "{}", desk.note());
}

#[test]
fn what_nothing_proves_to_be_of_the_request_is_not_counted_as_usable() {
    let mut desk = Desk::ready();
    let cause = Failure::local(FailureKind::LostAnswer, "");
    let msg = unknown(&desk);
    desk.say(msg);
    let snapshot = Box::new(snapshot("x", "orders-prod", "available"));
    desk.say(recovered(Outcome::Unproven { snapshot, cause }));
    let [row] = desk.app.world.place().followed.rows.as_slice() else {
        panic!("one row: {:?}", desk.app.world.place().followed.rows)
    };
    assert_eq!((row.weight(), row.is_open()), (Weight::Unknown, false));
}

#[test]
fn a_request_of_an_earlier_run_that_made_nothing_is_told_and_not_followed() {
    let mut desk = Desk::ready();
    let msg = unknown(&desk);
    desk.say(msg);
    desk.say(recovered(Outcome::NotListed {
        looked_at: desk.now.at(),
        cause: Failure::local(FailureKind::LostAnswer, ""),
    }));
    assert!(desk.note().starts_with("Earlier request: Not there: x."), "{}", desk.note());
    assert!(desk.app.world.place().followed.rows.is_empty(), "{:?}", desk.app.world.place().followed.rows);
    // A snapshot of the name that is followed already is somebody else's.
    desk.app.world.place_mut().followed.notice(&snapshot("x", "orders-prod", "creating"), &desk.now);
    desk.say(recovered(Outcome::Taken { by: None, failure: None }));
    assert_eq!(desk.app.world.place().followed.rows.len(), 1);
}

#[test]
fn quitting_with_a_request_under_way_says_in_full_what_will_happen_on_a_small_terminal_too() {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    desk.say(Msg::Resize(40, 10));
    desk.press("ctrl-c");
    assert_eq!(desk.app.focus(), Focus::Leaving);
    let told = desk.app.ui.note(&desk.app.world).expect("it asks").text;
    assert!(told.contains("under way") && told.contains("next start in its place tells"), "{told}");
    let lines = crate::domain::text::wrap(&told, 36).len();
    assert!(usize::from(arrangement::layout(&desk.app.world, &desk.app.ui).note) >= lines, "{lines} lines");
}
