//! Cases of one test that wait more than they compute, run at the same time.

use std::thread;

/// Runs cases side by side, and says which of them failed.
#[track_caller]
pub fn side_by_side<C: Send + std::fmt::Debug>(
    cases: impl IntoIterator<Item = C>,
    case: impl Fn(C) + Send + Sync,
) {
    let failed: Vec<String> = thread::scope(|scope| {
        let case = &case;
        let running: Vec<_> =
            cases.into_iter().map(|input| (format!("{input:?}"), scope.spawn(move || case(input)))).collect();
        running.into_iter().filter_map(|(name, thread)| thread.join().err().map(|_| name)).collect()
    });
    assert!(failed.is_empty(), "failed: {}", failed.join(", "));
}
