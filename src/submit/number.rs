//! Request numbers.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use crate::domain::mark::RequestNumber;

/// A number that no other request has, on this machine or another: the time, and 64 random bits.
#[must_use]
pub fn fresh_number(now: Timestamp) -> RequestNumber {
    RequestNumber::new(now, random_bits())
}

/// Random enough for numbers and jitter: the standard library seeds its hashers from the system.
pub(super) fn random_bits() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    RandomState::new().hash_one((std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_number_comes_twice_even_within_one_moment() {
        let numbers: HashSet<RequestNumber> =
            (0..10_000).map(|_| fresh_number(Timestamp::UNIX_EPOCH)).collect();
        assert_eq!(numbers.len(), 10_000);
        assert!(numbers.iter().all(|number| number.as_str().starts_with("19700101T000000Z-")));
    }
}
