//! What the world says to the program: end, stop, go on, another size.

use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use tokio::signal::unix::SignalKind;

use crate::process::Heeded;

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

/// The signals that matter, from the moment of its making on. One that was ignored at the start is ignored; a
/// terminal that is gone is seen without a signal.
#[derive(Debug)]
pub struct Signals {
    terminate: Heeded,
    interrupt: Heeded,
    quit: Heeded,
    hang_up: Heeded,
    stop: Heeded,
    go_on: Heeded,
    resize: Heeded,
}

impl Signals {
    /// Takes the signals over from their defaults.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: Heeded::new(SignalKind::terminate())?,
            interrupt: Heeded::new(SignalKind::interrupt())?,
            quit: Heeded::new(SignalKind::quit())?,
            hang_up: Heeded::new(SignalKind::hangup())?,
            stop: Heeded::new(SignalKind::from_raw(Signal::TSTP.as_raw()))?,
            go_on: Heeded::new(SignalKind::from_raw(Signal::CONT.as_raw()))?,
            resize: Heeded::new(SignalKind::window_change())?,
        })
    }

    /// The next one. May be cancelled.
    pub async fn next(&mut self) -> Notice {
        let end = |signal: Signal| Notice::End(u8::try_from(signal.as_raw()).unwrap_or_default());
        tokio::select! {
            biased;
            () = self.terminate.recv() => end(Signal::TERM),
            () = self.hang_up.recv() => end(Signal::HUP),
            () = self.interrupt.recv() => end(Signal::INT),
            () = self.quit.recv() => end(Signal::QUIT),
            () = self.stop.recv() => Notice::Suspend,
            () = self.go_on.recv() => Notice::Continued,
            () = self.resize.recv() => Notice::Resized,
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
