//! The terminal's input, kept where no other process reads it.
//!
//! A profile's `credential_process` is started by the SDK with this program's standard input: were that
//! the terminal, it could eat keys. So the terminal is kept under another number, and standard input
//! becomes `/dev/null`.

use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::sync::OnceLock;

use rustix::fs::{Mode, OFlags};
use rustix::stdio::stdin;

static KEPT: OnceLock<OwnedFd> = OnceLock::new();

/// The first number that is not one of the three standard streams'.
const FIRST_OWN: i32 = 3;

/// The terminal's input.
pub fn keyboard() -> BorrowedFd<'static> {
    KEPT.get().map_or_else(stdin, |kept| kept.as_fd())
}

/// Keeps the terminal for this program alone. Only the first call does anything.
pub fn keep() -> io::Result<()> {
    if KEPT.get().is_some() {
        return Ok(());
    }
    let nothing = rustix::fs::open("/dev/null", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    let kept = rustix::io::fcntl_dupfd_cloexec(stdin(), FIRST_OWN)?;
    if KEPT.set(kept).is_ok() {
        rustix::stdio::dup2_stdin(&nothing)?;
    }
    Ok(())
}
