//! What is felt over SSH: when the first frame comes, how soon keys answer, how many bytes they cost.
//!
//! The benchmark `felt` prints the same measurements of a release build.

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::time::Duration;
use support::felt;

/// What is promised. Of several measurements the shortest counts here: what other tests on the same machine
/// add is not the program's. The benchmark shows the median.
const FIRST_FRAME: Duration = Duration::from_millis(20);
const KEY: Duration = Duration::from_millis(16);

#[test]
fn a_cursor_move_at_120x30_writes_at_most_120_bytes() {
    let most = felt::bytes_of_cursor_moves().into_iter().max();
    assert!(most.is_some_and(|most| most <= 120), "{most:?} bytes");
}

#[test]
fn a_typed_character_writes_at_most_100_bytes() {
    let most = felt::bytes_of_typed_characters().into_iter().max();
    assert!(most.is_some_and(|most| most <= 100), "{most:?} bytes");
}

#[test]
fn the_first_frame_comes_within_20_ms() {
    is_within(FIRST_FRAME, felt::first_frames);
}

#[test]
fn nothing_costs_nothing() {
    let (bytes, processor) = felt::idle(Duration::from_secs(5));
    assert_eq!(bytes, 0);
    assert!(processor <= Duration::from_millis(20), "{processor:?}");
}

#[test]
fn keys_answer_within_16_ms_while_every_request_hangs() {
    is_within(KEY, felt::keys_while_every_request_hangs);
}

/// Measures until one of the times is short enough: what else the machine does makes them longer, never shorter.
fn is_within(limit: Duration, measure: impl Fn() -> Vec<Duration>) {
    let mut shortest = Duration::MAX;
    for _ in 0..10 {
        shortest = measure().into_iter().fold(shortest, Duration::min);
        if shortest <= limit {
            return;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    panic!("{shortest:?} at the shortest");
}
