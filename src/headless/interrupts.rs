//! Being told to end.

use std::future::Future;
use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::problem::{Code, Problem};
use super::streams::Stop;

/// The signals that ask a program to end, taken over from their defaults.
#[derive(Debug)]
pub struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Interrupts {
    /// Takes them over.
    ///
    /// # Errors
    /// When the system refuses a handler.
    pub fn new() -> Result<Self, Problem> {
        let take = || -> io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hang_up: signal(SignalKind::hangup())?,
            })
        };
        take().map_err(|error| Problem::new(Code::Internal, format!("no handler for signals: {error}")))
    }

    /// Waits for the next one. May be cancelled.
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }

    /// Does something that may be given up at any point, until told to end.
    ///
    /// # Errors
    /// What it fails with, or that it was interrupted: `meaning` says what that means.
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

/// That the program was told to end, and what that means.
pub fn interrupted(meaning: &str) -> Problem {
    Problem::new(Code::Interrupted, format!("Interrupted. {meaning}"))
}
