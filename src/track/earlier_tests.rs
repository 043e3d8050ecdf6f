//! Properties of what is learnt of earlier snapshots, on histories at random.

use proptest::prelude::*;

use super::*;
use crate::domain::record::{Intent, OutcomeLine};
use crate::domain::tag::Tag;
use crate::fixtures;

/// What became of one snapshot of a name, before it was deleted or until now.
#[derive(Clone, Debug)]
struct Life {
    idle: i64,
    took: i64,
    /// Whether the service still has the event of its beginning, and of its end.
    tells: (bool, bool),
}

fn lives() -> impl Strategy<Value = Vec<Vec<Life>>> {
    let life = (1_i64..50_000, 1_i64..20_000, any::<(bool, bool)>());
    let life = life.prop_map(|(idle, took, tells)| Life { idle, took, tells });
    prop::collection::vec(prop::collection::vec(life, 1..4), 1..=MOST_EARLIER)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).expect("a time")
}

fn snapshot(id: &str, created: i64) -> Snapshot {
    Snapshot { created_at: Some(at(created)), ..fixtures::snapshot(id, "orders", "available") }
}

/// The events that are told of these lives; the snapshots that are listed now; how long each of them took
/// whose end is told.
fn history(names: &[Vec<Life>]) -> (Vec<SnapshotEvent>, Vec<Snapshot>, Vec<i64>) {
    let (mut events, mut listed, mut truth) = (Vec::new(), Vec::new(), Vec::new());
    for (index, lives) in names.iter().enumerate() {
        let name = format!("s-{index}");
        let mut now = 0;
        for life in lives {
            now += life.idle;
            let told = [
                (life.tells.0, now, "Creating manual cluster snapshot"),
                (life.tells.1, now + life.took, "Manual cluster snapshot created"),
            ];
            for (_, second, message) in told.into_iter().filter(|(is_told, ..)| *is_told) {
                events.push(SnapshotEvent {
                    snapshot: name.to_uppercase(),
                    at: at(second),
                    message: message.to_owned(),
                });
            }
            now += life.took;
        }
        let last = lives.last().expect("one at least");
        listed.push(snapshot(&name, now - last.took));
        truth.extend(last.tells.1.then_some(last.took));
    }
    truth.sort_unstable();
    (events, listed, truth)
}

fn learnt(events: &[SnapshotEvent], listed: &[Snapshot]) -> Vec<i64> {
    let mut earlier = EarlierSnapshots::default();
    for event in events {
        earlier.note_event(event);
    }
    earlier.work_out(listed.iter());
    let durations = earlier.durations(&ClusterId::reported("orders"), Timestamp::MAX);
    let mut seconds: Vec<i64> =
        durations.iter().map(|took| i64::try_from(took.as_secs()).expect("seconds")).collect();
    seconds.sort_unstable();
    seconds
}

proptest! {
    #[test]
    fn events_tell_how_long_exactly_those_took_whose_own_end_they_tell(
        (names, seed) in (lives(), any::<u64>()),
    ) {
        let (mut events, listed, truth) = history(&names);
        prop_assert_eq!(&learnt(&events, &listed), &truth, "in order");
        // Pages come in any order, and some twice.
        events.sort_by_key(|event| (event.at.as_second().unsigned_abs().wrapping_mul(seed | 1), event.message.len()));
        let twice: Vec<SnapshotEvent> = events.iter().chain(&events).cloned().collect();
        prop_assert_eq!(&learnt(&twice, &listed), &truth, "shuffled, and twice");
    }

    #[test]
    fn the_journal_tells_how_long_it_took_only_where_the_end_was_watched(
        took in 1_i64..1_000, unseen in 0_i64..100, status in "available|failed|gone",
    ) {
        let unseen = unseen.min(took);
        let mut earlier = EarlierSnapshots::default();
        earlier.note_request(&Record {
            ended: Some(ending(&status, at(took), at(took - unseen))),
            ..request("s", at(0))
        });
        earlier.work_out(std::iter::empty());
        let durations = earlier.durations(&ClusterId::reported("orders"), Timestamp::MAX);
        let was_watched = status == "available" && (unseen <= 10 || (unseen <= 40 && unseen * 10 <= took));
        let seconds = u64::try_from(took).expect("positive");
        let expected = if was_watched { vec![Duration::from_secs(seconds)] } else { Vec::new() };
        prop_assert_eq!(durations, expected);
    }

    #[test]
    fn only_the_latest_that_were_begun_before_count(begun in prop::collection::vec(0_i64..1_000, 0..40), before in 0_i64..1_000) {
        let mut earlier = EarlierSnapshots::default();
        for (index, second) in begun.iter().enumerate() {
            let took = i64::try_from(index).expect("a number") + 1;
            earlier.note_request(&Record {
                ended: Some(ending("available", at(second + took), at(second + took))),
                ..request(&format!("s-{index}"), at(*second))
            });
        }
        earlier.work_out(std::iter::empty());
        let mut runs: Vec<(i64, u64)> =
            begun.iter().copied().zip(1..).filter(|(second, _)| *second < before).collect();
        runs.sort_unstable();
        let latest: Vec<Duration> =
            runs.iter().rev().take(MOST_EARLIER).rev().map(|(_, took)| Duration::from_secs(*took)).collect();
        prop_assert_eq!(earlier.durations(&ClusterId::reported("orders"), at(before)), latest);
    }
}

/// An end that was seen at a moment of the server's clock, and the last look before it.
fn ending(status: &str, seen: Timestamp, open: Timestamp) -> Ending {
    // What this machine's date says must not count.
    Ending { open_at: Some(open), ..Ending::seen(status, Timestamp::UNIX_EPOCH, Some(seen)) }
}

fn request(snapshot: &str, at: Timestamp) -> Record {
    let intent = Intent { server_time: Some(at), ..fixtures::intent("", "orders", snapshot, at) };
    let outcome = OutcomeLine {
        number: String::new(),
        at,
        outcome: OutcomeKind::Created,
        request_id: None,
        failure: None,
        snapshot: None,
        attempts: None,
        unlisted: None,
    };
    Record { intent, outcome: Some(outcome), ended: None }
}

#[test]
fn a_snapshot_that_carries_the_mark_of_another_request_is_none_of_a_request_for_its_name() {
    let mut earlier = EarlierSnapshots::default();
    let mut request = request("s", at(0));
    request.intent = Intent { number: "7".to_owned(), mark: Some("m".to_owned()), ..request.intent };
    earlier.note_request(&request);
    for (number, is_its) in [("7", true), ("8", false)] {
        let tags = [Tag::new("m", number)].as_slice().into();
        let snapshot = Snapshot { tags, ..fixtures::snapshot("s", "orders", "available") };
        assert_eq!(earlier.requested_as(&snapshot).is_some(), is_its, "{number}");
    }
}
