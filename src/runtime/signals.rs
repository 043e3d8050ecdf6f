//! What the world says to the program: end, stop, go on, another size.

use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

/// Something that a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// End, because of the signal of this number.
    End(u8),
    /// Stop until the shell says to go on.
    Suspend,
    /// The program was stopped and goes on.
    Continued,
    /// The terminal's size changed.
    Resized,
}

/// The signals that matter, from the moment of its making on.
#[derive(Debug)]
pub struct Signals {
    terminate: Stream,
    interrupt: Stream,
    quit: Stream,
    hang_up: Stream,
    stop: Stream,
    go_on: Stream,
    resize: Stream,
}

impl Signals {
    /// Takes the signals over from their defaults.
    ///
    /// # Errors
    ///
    /// When the system refuses a handler.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            hang_up: signal(SignalKind::hangup())?,
            stop: signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?,
            go_on: signal(SignalKind::from_raw(Signal::CONT.as_raw()))?,
            resize: signal(SignalKind::window_change())?,
        })
    }

    /// The next one. May be cancelled.
    pub async fn next(&mut self) -> Notice {
        let end = |signal: Signal| Notice::End(u8::try_from(signal.as_raw()).unwrap_or_default());
        tokio::select! {
            biased;
            _ = self.terminate.recv() => end(Signal::TERM),
            _ = self.hang_up.recv() => end(Signal::HUP),
            _ = self.interrupt.recv() => end(Signal::INT),
            _ = self.quit.recv() => end(Signal::QUIT),
            _ = self.stop.recv() => Notice::Suspend,
            _ = self.go_on.recv() => Notice::Continued,
            _ = self.resize.recv() => Notice::Resized,
        }
    }
}

/// Whether there is a shell that could make the program go on. In the process group of the session's leader
/// there is none: the leader is the program itself, or a shell without job control (`ssh -t host 'clustersnap;
/// ...'`) that would be stopped with it, for good.
#[must_use]
pub fn can_suspend() -> bool {
    getsid(None).is_ok_and(|leader| leader != getpgrp())
}

/// Stops the program, and returns when the shell says to go on; [`Notice::Continued`] follows.
///
/// The whole job is stopped: a shell that waits for a script around this program must see that one stop.
pub fn suspend() {
    // It can only fail where there is nothing to stop.
    let _ = kill_current_process_group(Signal::STOP);
}
