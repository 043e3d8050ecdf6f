//! Being told to end, and the end of a time.

use std::future::Future;
use std::time::Duration;

use tokio::signal::unix::SignalKind;
use tokio::time::{Instant, sleep_until};

use super::problem::{Code, Problem};
use super::streams::Stop;
use crate::process::{self, Heeded};

/// What an interruption means before the first request: there is no other word for it later than what is counted.
pub const NOTHING_SENT: &str = "Nothing was sent.";

/// The signals that ask a program to end, taken over from their defaults. One that was ignored at the start is
/// ignored.
#[derive(Debug)]
pub struct Interrupts {
    interrupt: Heeded,
    terminate: Heeded,
    hang_up: Heeded,
}

impl Interrupts {
    /// Takes them over; and what would end the program without a word.
    pub fn new() -> Result<Self, Problem> {
        let unheeded =
            |error: std::io::Error| Problem::new(Code::Internal, format!("no handler for signals: {error}"));
        process::let_large_writes_fail().map_err(unheeded)?;
        let heeded = |kind| Heeded::new(kind).map_err(unheeded);
        Ok(Self {
            interrupt: heeded(SignalKind::interrupt())?,
            terminate: heeded(SignalKind::terminate())?,
            hang_up: heeded(SignalKind::hangup())?,
        })
    }

    /// Waits for the next one. May be cancelled.
    pub async fn next(&mut self) {
        tokio::select! {
            () = self.interrupt.recv() => {}
            () = self.terminate.recv() => {}
            () = self.hang_up.recv() => {}
        }
    }

    /// Does something that may be given up at any point, until told to end.
    pub async fn during<T, E: Into<Stop>>(
        &mut self,
        meaning: &str,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Stop> {
        tokio::select! {
            result = work => result.map_err(Into::into),
            () = self.next() => Err(interrupted(meaning).into()),
        }
    }
}

/// When a time from now on is over; never, where it is longer than the clock goes.
pub fn deadline(time: Option<Duration>) -> Option<Instant> {
    Instant::now().checked_add(time?)
}

/// How long a last look may take once the time to wait is over: the look before may be half a minute old.
pub const LAST_LOOK: Duration = Duration::from_secs(5);

/// Waits until a time is over; without one for ever.
pub async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// That the program was told to end, and what that means.
pub fn interrupted(meaning: &str) -> Problem {
    Problem::new(Code::Interrupted, format!("Interrupted. {meaning}"))
}
