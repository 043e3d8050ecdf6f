//! What became of requests just before the end: it is said once more after the screen is gone.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What stood on the screen for less than this, nobody may have read.
const TO_READ: Duration = Duration::from_secs(3);

/// The outcomes of this run's requests with when they came, in words that are safe to show.
#[derive(Clone, Debug, Default)]
pub struct LastWords(Arc<Mutex<Vec<(Instant, String)>>>);

impl LastWords {
    /// Keeps what became of a request.
    pub fn keep(&self, words: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Of a long run only the last ones can be said.
        kept.retain(|(came, _)| came.elapsed() < TO_READ);
        kept.push((Instant::now(), words));
    }

    /// What is still to be said, in the order in which it came; each once.
    pub(crate) fn take(&self) -> Vec<String> {
        let kept = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        kept.into_iter().filter(|(came, _)| came.elapsed() < TO_READ).map(|(_, words)| words).collect()
    }
}
