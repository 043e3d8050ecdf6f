//! Thirty places and three thousand clusters in the real binary: how soon they are there, how often each is asked, how
//! soon a key answers, and that nothing is written while nothing happens. `cargo bench --bench felt` prints the times.

#[path = "support/felt.rs"]
#[expect(dead_code, reason = "shared with the benchmark, which uses more of it")]
mod felt;
#[path = "support/pty.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod pty;
#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;
#[path = "support/thirty.rs"]
mod thirty;

use std::time::Duration;

use thirty::{Thirty, time_to_complete};

/// Of several measurements the shortest counts: what others on the same machine add is not the program's.
const KEY: Duration = Duration::from_millis(16);
const SECOND: Duration = Duration::from_secs(1);

#[test]
fn all_are_there_in_one_and_a_half_times_the_time_of_one() {
    // The service is what takes long, and not this machine.
    let world = Thirty::answering_after(Duration::from_millis(1500));
    let one = time_to_complete(&world.open_one(), "100");
    let all = time_to_complete(&world.open_all(), "3,000");
    assert!(all * 2 <= one * 3, "one {one:?}, all {all:?}");
}

#[test]
fn each_is_asked_at_its_own_pace_and_a_key_answers_at_once() {
    let world = Thirty::answering_after(Duration::ZERO);
    let mut session = world.open_all();
    time_to_complete(&session, "3,000");
    session.settle(3 * SECOND);
    let before = session.mark();
    let loaded = std::time::Instant::now();
    std::thread::sleep(5 * SECOND);
    assert_eq!(session.mark(), before, "{}", session.screen());
    let times = felt::keys(&mut session, &["j", "k", "G", "g", "/", "9", "\x7f", "\x1b"], 5);
    let shortest = times.iter().min();
    assert!(shortest.is_some_and(|shortest| *shortest <= KEY), "{times:?}");
    let asked = world.asked();
    assert_eq!(asked.len(), 30);
    for (place, times) in asked {
        for pair in times.windows(2).filter(|pair| pair[0] > loaded) {
            assert!(pair[1] - pair[0] >= SECOND * 9 / 10, "{place:?}: {times:?}");
        }
        // Ten at once, and five a second: that is what a person waits for.
        for window in times.windows(10 + 5 + 1) {
            assert!(window[15] - window[0] >= SECOND * 9 / 10, "{place:?}: {times:?}");
        }
    }
}
