//! The terminal's settings: taken once, given back exactly once, whatever happens.
//!
//! Everything that ends the interactive program comes through [`leave`]: return, error, panic in any
//! task, signals, a start that fails half-way. It may not wait for a terminal that has stalled.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdout;
use rustix::termios::{self, OptionalActions, Termios};

use crate::process;

use super::keyboard::{self, keyboard};

/// Alternate screen, and the title onto the terminal's stack of titles: once, until [`leave`] takes them back.
pub const ENTER: &[u8] = b"\x1b[?1049h\x1b[22;2t";
/// Bracketed paste, focus reports, no cursor, nothing on the screen. Written with the first frame, so that
/// there is no moment without one.
pub const MODES: &[u8] = b"\x1b[?2004h\x1b[?1004h\x1b[?25l\x1b[2J";
/// All of that back, and a frame that was cut off ended. A terminal that has no alternate screen, as the
/// Linux console and a vt100, is left empty rather than with the shell's prompt in the middle of a frame.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[m\x1b[2J\x1b[H\x1b[?1006l\x1b[?1000l\x1b[?1004l\x1b[?2004l\x1b[?25h\x1b[23;2t\x1b[?1049l";
/// How long the terminal may take to accept the farewell.
const FAREWELL: Duration = Duration::from_millis(500);

/// The settings to give back; `None` while the terminal is not ours.
static SAVED: Mutex<Option<Termios>> = Mutex::new(None);
/// Whether frames may be written.
static IS_OURS: AtomicBool = AtomicBool::new(false);
/// How often the terminal was taken. A frame of an earlier time is not written: it would land on the
/// shell's screen, before the terminal is set up again.
static TURN: AtomicU64 = AtomicU64::new(0);
/// Whether anything was written since the terminal was taken: else there is nothing to take back.
static IS_WRITTEN_TO: AtomicBool = AtomicBool::new(false);
/// Held during a write, so that the farewell does not land inside a frame.
static WRITING: Mutex<()> = Mutex::new(());

/// Why there can be no screen.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// Input or output is not a terminal.
    #[error("there is no terminal here: standard input and output must both be one")]
    NoTerminal,
    /// The terminal cannot move its cursor, or nobody said what it is.
    #[error(
        "TERM is \"dumb\" or not set, so no screen can be shown; in a terminal that can show one, set it to \
         what the terminal is, such as xterm-256color"
    )]
    Dumb,
    /// The terminal refused its settings.
    #[error("the terminal refused its settings: {0}")]
    Settings(#[from] io::Error),
}

/// Gives the terminal back when dropped.
#[derive(Debug)]
pub struct TerminalGuard(());

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        leave();
    }
}

/// Takes the terminal, after a look at whether it can show a screen. [`ENTER`] has to be written next.
///
/// # Errors
///
/// When there is no terminal, or not one that can show a screen. Nothing is changed then.
pub fn take() -> Result<TerminalGuard, Unusable> {
    if !termios::isatty(keyboard()) || !termios::isatty(stdout()) {
        return Err(Unusable::NoTerminal);
    }
    if !process::can_show_screen() {
        return Err(Unusable::Dumb);
    }
    keyboard::keep()?;
    let guard = TerminalGuard(());
    enter()?;
    Ok(guard)
}

/// Sets the terminal up; also on coming back from a suspension, where a shell may have set it otherwise.
/// Returns whether it was given back before: then [`ENTER`] has to be written next; [`MODES`] has to be in
/// either case.
///
/// # Errors
///
/// When the terminal refuses. What was set until then is undone by [`leave`].
pub fn enter() -> io::Result<bool> {
    let before = retry(|| termios::tcgetattr(keyboard()))?;
    let mut raw = before.clone();
    raw.make_raw();
    let is_anew = {
        let mut saved = SAVED.lock().unwrap_or_else(PoisonError::into_inner);
        let is_anew = saved.is_none();
        saved.get_or_insert(before);
        is_anew
    };
    TURN.fetch_add(1, Ordering::SeqCst);
    IS_OURS.store(true, Ordering::SeqCst);
    retry(|| termios::tcsetattr(keyboard(), OptionalActions::Now, &raw))?;
    Ok(is_anew)
}

/// Gives the terminal back. Only the first call after an [`enter`] does anything, so anyone may call it.
pub fn leave() {
    let saved = SAVED.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(saved) = saved else { return };
    IS_OURS.store(false, Ordering::SeqCst);
    // The settings first: they never wait for a reader on the other side, as the farewell may.
    let _ = retry(|| termios::tcsetattr(keyboard(), OptionalActions::Now, &saved));
    let deadline = Instant::now() + FAREWELL;
    let lock = loop {
        match WRITING.try_lock() {
            Ok(lock) => break lock,
            Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner(),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return,
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    if IS_WRITTEN_TO.swap(false, Ordering::SeqCst) && can_write(FAREWELL) {
        let _ = write_all(LEAVE);
    }
    drop(lock);
}

/// Which time it is that the terminal is ours; what is drawn now belongs to it.
#[must_use]
pub fn turn() -> u64 {
    TURN.load(Ordering::SeqCst)
}

/// Writes what was drawn in a [`turn`] to the terminal while that lasts; afterwards it does nothing.
///
/// # Errors
///
/// When the terminal is gone.
pub fn write(bytes: &[u8], drawn_in: u64) -> io::Result<()> {
    let _lock = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    if !IS_OURS.load(Ordering::SeqCst) || drawn_in != turn() {
        return Ok(());
    }
    IS_WRITTEN_TO.store(true, Ordering::SeqCst);
    write_all(bytes)
}

/// The terminal's columns and rows.
///
/// # Errors
///
/// When the terminal is gone.
pub fn size() -> io::Result<(u16, u16)> {
    let size = termios::tcgetwinsize(stdout())?;
    // A terminal that does not know its size (a serial line) says 0x0.
    Ok(if size.ws_col == 0 || size.ws_row == 0 { (80, 24) } else { (size.ws_col, size.ws_row) })
}

/// One `write(2)` if the terminal takes it whole.
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = retry(|| rustix::io::write(stdout(), bytes))?;
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
}

fn can_write(within: Duration) -> bool {
    let timeout = Timespec::try_from(within).ok();
    let mut fds = [PollFd::from_borrowed_fd(stdout(), PollFlags::OUT)];
    matches!(poll(&mut fds, timeout.as_ref()), Ok(1..)) && fds[0].revents() == PollFlags::OUT
}

fn retry<T>(mut call: impl FnMut() -> rustix::io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) => {}
            other => return Ok(other?),
        }
    }
}
