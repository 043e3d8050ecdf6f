//! Which snapshots the next call asks for: one call takes 100, so those that are due take others along.

use std::time::Duration;

/// The most snapshots that one call can ask for (the service's limit for the values of a filter).
pub const MOST: usize = 100;

/// The snapshots of the next call: the [`MOST`] that are due first, by their index, in the order given.
pub fn next(dues: &[(usize, Duration)]) -> Vec<usize> {
    let mut by_due: Vec<(usize, Duration)> = dues.to_vec();
    // A stable sort: of those that are due at once, the first given go first.
    by_due.sort_by_key(|(_, due)| *due);
    by_due.truncate(MOST);
    let mut chosen: Vec<usize> = by_due.into_iter().map(|(index, _)| index).collect();
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_takes_everything_up_to_a_hundred_and_then_what_is_due_first() {
        let few: Vec<(usize, Duration)> = (0..100).map(|n| (n, Duration::from_secs(7))).collect();
        assert_eq!(next(&few), (0..100).collect::<Vec<_>>());
        let many: Vec<(usize, Duration)> = (0..250_u64)
            .map(|n| (usize::try_from(n).expect("small"), Duration::from_secs(250 - n)))
            .collect();
        assert_eq!(next(&many), (150..250).collect::<Vec<_>>());
        assert_eq!(next(&[]), Vec::<usize>::new());
    }
}
