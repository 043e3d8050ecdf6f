//! Request numbers.

use std::hash::{BuildHasher as _, RandomState};

use jiff::Timestamp;

use crate::domain::mark::RequestNumber;

/// A number that no other request has, on this machine or another: the time, and 64 random bits.
#[must_use]
pub fn fresh_number(now: Timestamp) -> RequestNumber {
    RequestNumber::new(now, random())
}

/// Bits that the operating system draws. Those of `fastrand` follow from a clock that all programs of a machine share.
pub(crate) fn random() -> u64 {
    RandomState::new().hash_one(())
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
