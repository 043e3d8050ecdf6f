//! Time limits that what was stopped does not run into: a program that was stopped (`SIGSTOP`, a debugger, a frozen
//! container) finds its limits passed when it goes on, and the answer that came meanwhile unread.

use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use tokio::time::{Instant, sleep};

/// So late a limit is hardly noticed but where the program was stopped.
const LATE: Duration = Duration::from_millis(100);
/// What came meanwhile is read within this, if it is there.
const TO_READ: Duration = Duration::from_secs(1);

/// The end of a limit, for the SDK.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patient;

impl AsyncSleep for Patient {
    fn sleep(&self, limit: Duration) -> Sleep {
        Sleep::new(over(limit))
    }
}

/// Waits until a limit is over, and a moment longer if the program was stopped until long after.
pub(super) async fn over(limit: Duration) {
    let begun = Instant::now();
    sleep(limit).await;
    if begun.elapsed() > limit + LATE {
        sleep(TO_READ).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_limit_that_is_noticed_long_after_leaves_a_moment_to_read_what_came() {
        let (begun, limit) = (Instant::now(), Duration::from_secs(20));
        over(limit).await;
        assert_eq!(begun.elapsed(), limit);
        let waiting = tokio::spawn(over(limit));
        tokio::task::yield_now().await;
        tokio::time::advance(limit * 2).await;
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        assert!(waiting.await.is_ok());
    }
}
