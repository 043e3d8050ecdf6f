//! What this process was given by whoever started it: which signals it is to ignore, the umask, whether it
//! has the terminal, and whether there can be a screen. Knows no other room.

use std::io;
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;

use rustix::fs::Mode;
use rustix::process::{Signal, getpgrp, umask};
use rustix::stdio::stderr;
use rustix::termios::tcgetpgrp;
use tokio::signal::unix::{self, SignalKind};

/// A signal that is heeded, unless it was ignored when the program started: `nohup`, `trap '' HUP` and a job
/// that a script put into the background are meant to outlive what sends it.
#[derive(Debug)]
pub struct Heeded(Option<unix::Signal>);

impl Heeded {
    /// Takes the signal over from its default.
    ///
    /// # Errors
    /// When the system refuses a handler.
    pub fn new(kind: SignalKind) -> io::Result<Self> {
        if is_ignored(kind) {
            return Ok(Self(None));
        }
        unix::signal(kind).map(|signal| Self(Some(signal)))
    }

    /// Waits for the next one; for ever where it is ignored. May be cancelled.
    pub async fn recv(&mut self) {
        match &mut self.0 {
            Some(signal) => {
                signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
}

/// Whether the terminal can move its cursor, so that there can be a screen: by `TERM`, which says what it is.
#[must_use]
pub fn can_show_screen() -> bool {
    std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb")
}

/// From now on a write beyond the size that files may have here (`ulimit -f`) fails as on a full disk; by its default
/// the signal would end the program in the middle of a line, without a word.
///
/// # Errors
/// When the system refuses a handler.
pub fn let_large_writes_fail() -> io::Result<()> {
    Heeded::new(SignalKind::from_raw(Signal::XFSZ.as_raw())).map(drop)
}

/// Whether the program was started with the signal ignored. Asked before the first handler of this program takes
/// the place of what was there.
fn is_ignored(kind: SignalKind) -> bool {
    static AT_START: OnceLock<u64> = OnceLock::new();
    let mask = *AT_START.get_or_init(|| {
        // Linux tells it here; POSIX only by way of a call that Rust counts as unsafe.
        ignored_in(&std::fs::read_to_string("/proc/self/status").unwrap_or_default())
    });
    let number = u32::try_from(kind.as_raw_value()).unwrap_or_default();
    number.checked_sub(1).and_then(|bit| mask.checked_shr(bit)).is_some_and(|rest| rest & 1 == 1)
}

/// The mask of ignored signals in what the system says of a process; the lowest bit is signal 1.
fn ignored_in(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

/// Takes from the umask what it takes from the owner: a journal that this program makes, it has to be able to
/// open again.
pub fn keep_owner_bits() {
    let mask = umask(Mode::RWXG | Mode::RWXO);
    umask(mask - Mode::RWXU);
}

/// Makes sure that the few files which everything needs can be opened: the runtime would break off where they cannot.
///
/// # Errors
/// When the system refuses them (`ulimit -n`).
pub fn check_files() -> io::Result<()> {
    // Each is two.
    let held = [UnixStream::pair()?, UnixStream::pair()?, UnixStream::pair()?];
    drop(held);
    Ok(())
}

/// Whether the terminal of standard error is in this program's hands: it is not while the shell has put the
/// program into the background, where what is written lands among what a person types.
pub(crate) fn is_in_front() -> bool {
    !tcgetpgrp(stderr()).is_ok_and(|group| group != getpgrp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ignored_signals_are_read_from_what_linux_says() {
        assert_eq!(ignored_in("Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t0000000000001003\n"), 0x1003);
        assert_eq!(ignored_in(""), 0);
    }
}
