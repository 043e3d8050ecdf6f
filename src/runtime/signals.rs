//! What the world says to the program: end, stop, go on, another size.

use futures_util::future::select_all;
use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use tokio::signal::unix::SignalKind;

use crate::process::{self, Heeded};

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

/// The signals that matter with what each asks for, from the moment of its making on. One that was ignored at the start
/// is ignored; a terminal that is gone is seen without a signal.
#[derive(Debug)]
pub struct Signals(Vec<(Heeded, Notice)>);

impl Signals {
    /// Takes the signals over from their defaults.
    pub fn new() -> std::io::Result<Self> {
        process::let_large_writes_fail()?;
        let end = |signal: Signal| (signal, Notice::End(u8::try_from(signal.as_raw()).unwrap_or_default()));
        let wanted = [
            end(Signal::TERM),
            end(Signal::HUP),
            end(Signal::INT),
            end(Signal::QUIT),
            // By default these end a program as well: then it leaves the terminal as it was.
            end(Signal::USR1),
            end(Signal::USR2),
            end(Signal::XCPU),
            (Signal::TSTP, Notice::Suspend),
            (Signal::CONT, Notice::Continued),
            (Signal::WINCH, Notice::Resized),
        ];
        let heeded = |signal: Signal| Heeded::new(SignalKind::from_raw(signal.as_raw()));
        wanted
            .into_iter()
            .map(|(signal, notice)| Ok((heeded(signal)?, notice)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The next one; of several the first in the order above. May be cancelled.
    pub async fn next(&mut self) -> Notice {
        let next = self.0.iter_mut().map(|(signal, notice)| {
            Box::pin(async {
                signal.recv().await;
                *notice
            })
        });
        select_all(next).await.0
    }
}

/// Whether there is a shell that could make the program go on. In the process group of the session's leader
/// there is none: the leader is the program itself, or a shell without job control (`ssh -t host 'clustersnap;
/// ...'`) that would be stopped with it, for good.
pub(crate) fn can_suspend() -> bool {
    getsid(None).is_ok_and(|leader| leader != getpgrp())
}

/// Stops the program, and returns when the shell says to go on; [`Notice::Continued`] follows.
///
/// The whole job is stopped: a shell that waits for a script around this program must see that one stop.
pub fn suspend() {
    // It can only fail where there is nothing to stop.
    let _ = kill_current_process_group(Signal::STOP);
}
