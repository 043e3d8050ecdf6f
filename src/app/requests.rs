//! Request ids, and which answers are late.

use std::time::Duration;

/// Names one request of this run; answers carry it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(u64);

/// Hands out request ids.
#[derive(Debug, Default)]
pub struct RequestIds(u64);

impl RequestIds {
    /// A new id, never handed out before.
    #[must_use]
    pub fn issue(&mut self) -> RequestId {
        self.0 += 1;
        RequestId(self.0)
    }
}

/// Something that is read from the service: what is known of it, and what is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// The last good answer; it stays while a newer one is awaited or has failed.
    pub value: Option<T>,
    /// Since when it is to be asked for, on the monotonic clock.
    pub wanted: Option<Duration>,
    /// The request that is in flight. Answers to any other are late and are dropped.
    pub in_flight: Option<RequestId>,
    /// Why the last request failed.
    pub failure: Option<crate::domain::failure::Failure>,
}

impl<T> Default for Reading<T> {
    fn default() -> Self {
        Self { value: None, wanted: None, in_flight: None, failure: None }
    }
}

impl<T> Reading<T> {
    /// Notes that a request is on its way; an earlier one becomes late.
    pub fn begin(&mut self, id: RequestId) {
        self.wanted = None;
        self.in_flight = Some(id);
    }

    /// Wants it read anew, as soon as there is a turn.
    pub fn want(&mut self, now: Duration) {
        self.wanted.get_or_insert(now);
    }

    /// Takes an answer, unless it is late.
    pub fn finish(&mut self, id: RequestId, answer: Result<T, crate::domain::failure::Failure>) -> bool {
        if self.in_flight != Some(id) {
            return false;
        }
        self.in_flight = None;
        match answer {
            Ok(value) => {
                self.value = Some(value);
                self.failure = None;
            }
            Err(failure) => self.failure = Some(failure),
        }
        true
    }
}
