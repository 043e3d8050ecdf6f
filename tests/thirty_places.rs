//! Thirty places and three thousand clusters in the real binary: how soon they are there, how often each is asked, how
//! soon a key answers, and that nothing is written while nothing happens. `cargo bench --bench felt` prints the times of
//! a release build.

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use support::felt;
use support::pty::Session;
use support::thirty::{KEYS, PLACES, Thirty, time_to_complete};

const SECOND: Duration = Duration::from_secs(1);

/// What is measured here is the time of a machine that has nothing else to do.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn all_are_there_in_one_and_a_half_times_the_time_of_the_slowest() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // Few clusters: the service is what takes long, and not this machine.
    let world = Thirty::new(10, 2 * SECOND);
    let one = time_to_complete(&mut world.open_one(), 10);
    let all = time_to_complete(&mut world.open_all(), 10 * PLACES);
    assert!(all * 2 <= one * 3, "one {one:?}, all {all:?}");
}

/// The processor time of keys, pressed so often that its hundredths of a second do not matter.
fn cost_of_keys(session: &mut Session) -> Duration {
    session.send("\x1b");
    session.settle(2 * SECOND);
    let before = session.cpu_time();
    felt::keys(session, &KEYS, 4);
    session.cpu_time().saturating_sub(before)
}

#[test]
fn a_key_costs_no_more_than_in_one_place_and_nothing_is_written_while_nothing_happens() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let world = Thirty::new(100, Duration::ZERO);
    let mut one = world.open_one();
    time_to_complete(&mut one, 100);
    let one = cost_of_keys(&mut one);
    let mut session = world.open_all();
    time_to_complete(&mut session, 100 * PLACES);
    let all = cost_of_keys(&mut session);
    assert!(all <= one * 2, "one place {one:?}, all {all:?}");
    let (mark, before) = (session.settle(SECOND), session.cpu_time());
    std::thread::sleep(5 * SECOND);
    assert_eq!(session.mark(), mark, "{}", session.screen());
    assert!(session.cpu_time().saturating_sub(before) <= SECOND / 50);
}

#[test]
fn each_place_is_followed_at_a_pace_of_its_own() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let world = Thirty::in_progress();
    let session = world.open_all();
    session.wait_for("In progress  30");
    // What the lists still ask for goes faster than that.
    std::thread::sleep(2 * SECOND);
    let loaded = Instant::now();
    std::thread::sleep(12 * SECOND);
    let asked = world.asked();
    assert_eq!(asked.len(), PLACES);
    for (place, times) in asked {
        let polls: Vec<Instant> = times.into_iter().filter(|at| *at >= loaded).collect();
        assert!(polls.len() >= 2, "{place:?} is followed: {polls:?}");
        for pair in polls.windows(2) {
            // One may be held up a little on its way, and the next one not.
            assert!(pair[1] - pair[0] >= SECOND * 9 / 10, "{place:?}: {polls:?}");
        }
    }
}
