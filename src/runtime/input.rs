//! Keys, pastes and focus changes, read on a thread of its own.
//!
//! The thread is never joined: it may sit in a read for ever. A terminal that is gone ends it, and
//! [`watch_hang_up`], on another thread, sees that too while this one waits for room in the channel.
//!
//! A terminal that does not mark pastes sends them as if they were typed. Where `TERM` says that it is such
//! a one, what arrives at once, faster than anyone types, is taken for a paste: nothing in it acts as a key.
//! Elsewhere pastes are marked, and keys that arrive at once are those of a slow link or of a script.

use std::ffi::OsStr;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc;

use super::decode::{Decoder, Input};
use super::keyboard::keyboard;

/// How long an escape may be the start of a sequence. A slow link cuts sequences in two.
const ESCAPE_WAIT: Duration = Duration::from_millis(40);
/// How long after the last byte of a burst more of it may come.
const BURST_WAIT: Duration = Duration::from_millis(3);
/// From this many keys on, a burst with a line break inside it is a paste.
const PASTE_WITH_BREAK: usize = 3;
/// From this many keys on, a burst without one is.
const PASTE: usize = 8;
/// A burst is handed on in pieces of about this many inputs.
const LONGEST_BURST: usize = 1 << 16;
/// How many inputs may wait for the program.
const WAITING_INPUTS: usize = 256;

/// Starts the reader. The channel closes when the terminal is gone.
///
/// # Errors
///
/// When no thread can be started.
pub fn start() -> std::io::Result<mpsc::Receiver<Input>> {
    let (sender, receiver) = mpsc::channel(WAITING_INPUTS);
    let marks_pastes = marks_pastes(std::env::var_os("TERM").as_deref(), std::env::var_os("STY").is_some());
    std::thread::Builder::new().name("input".to_owned()).spawn(move || read(&sender, marks_pastes))?;
    Ok(receiver)
}

/// Calls `on_hang_up` when the terminal goes away, with or without a SIGHUP.
///
/// # Errors
///
/// When no thread can be started.
pub fn watch_hang_up(on_hang_up: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name("hang-up".to_owned()).spawn(move || {
        // Asked about nothing, poll reports the hang-up alone: keys do not wake this thread.
        while !matches!(wait(PollFlags::empty(), None), Ready::Gone) {}
        on_hang_up();
    })?;
    Ok(())
}

enum Ready {
    Yes,
    TimedOut,
    Gone,
}

fn wait(flags: PollFlags, timeout: Option<Duration>) -> Ready {
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    loop {
        let mut fds = [PollFd::from_borrowed_fd(keyboard(), flags)];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(0) => return Ready::TimedOut,
            Ok(_) if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => {
                return Ready::Gone;
            }
            Ok(_) => return Ready::Yes,
            Err(Errno::INTR) => {}
            Err(_) => return Ready::Gone,
        }
    }
}

fn read(sender: &mpsc::Sender<Input>, marks_pastes: bool) {
    let mut decoder = Decoder::default();
    let mut bytes = [0; 4096];
    loop {
        let burst = match wait(PollFlags::IN, decoder.is_waiting().then_some(ESCAPE_WAIT)) {
            Ready::Gone => return,
            Ready::TimedOut => decoder.expire(),
            Ready::Yes => match read_burst(&mut decoder, &mut bytes) {
                Some(burst) => burst,
                None => return,
            },
        };
        for input in with_pastes(burst, marks_pastes) {
            if sender.blocking_send(input).is_err() {
                return;
            }
        }
    }
}

/// What arrives at once; `None` if the terminal is gone.
fn read_burst(decoder: &mut Decoder, bytes: &mut [u8]) -> Option<Vec<Input>> {
    let mut burst = Vec::new();
    loop {
        let count = loop {
            match rustix::io::read(keyboard(), &mut *bytes) {
                Ok(0) => return None,
                Ok(count) => break count,
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return None,
            }
        };
        burst.extend(decoder.feed(bytes.get(..count)?));
        // A single key is not kept waiting for more.
        let patience = if burst.len() < PASTE_WITH_BREAK { Duration::ZERO } else { BURST_WAIT };
        if burst.len() > LONGEST_BURST || !matches!(wait(PollFlags::IN, Some(patience)), Ready::Yes) {
            return Some(burst);
        }
    }
}

/// The burst, or the one paste that it is.
fn with_pastes(burst: Vec<Input>, marks_pastes: bool) -> Vec<Input> {
    let typed: Option<String> = burst.iter().map(typed_char).collect();
    match typed {
        Some(text) if !marks_pastes && is_paste(&text) => vec![Input::Paste(text)],
        _ => burst,
    }
}

fn is_paste(text: &str) -> bool {
    let has_inner_break = text.trim_end_matches('\n').contains('\n');
    let least = if has_inner_break { PASTE_WITH_BREAK } else { PASTE };
    // A key that repeats over a slow link arrives at once too.
    let is_repeat = text.chars().zip(text.chars().skip(1)).all(|(a, b)| a == b);
    text.chars().count() >= least && !is_repeat
}

/// The text that a key would be if it was pasted.
fn typed_char(input: &Input) -> Option<char> {
    let Input::Key(KeyEvent { code, modifiers, .. }) = input else { return None };
    match code {
        KeyCode::Char('j') if *modifiers == KeyModifiers::CONTROL => Some('\n'),
        KeyCode::Char(c) if (*modifiers - KeyModifiers::SHIFT).is_empty() => Some(*c),
        KeyCode::Enter => Some('\n'),
        KeyCode::Tab => Some('\t'),
        _ => None,
    }
}

/// Whether the terminal is likely to mark pastes as such. GNU screen does so only in recent versions.
fn marks_pastes(term: Option<&OsStr>, is_in_screen: bool) -> bool {
    let term = term.and_then(OsStr::to_str).unwrap_or_default();
    let is_old = ["linux", "vt", "ansi", "cons", "sun"].iter().any(|old| term.starts_with(old));
    !is_old && !is_in_screen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Vec<Input> {
        Decoder::default().feed(text.as_bytes())
    }

    #[test]
    fn where_pastes_are_not_marked_what_arrives_at_once_is_one() {
        assert_eq!(with_pastes(typed("y\rn"), false), [Input::Paste("y\nn".to_owned())]);
        assert_eq!(with_pastes(typed("orders-prod"), false), [Input::Paste("orders-prod".to_owned())]);
    }

    #[test]
    fn what_hands_slow_links_and_scripts_do_stays_keys() {
        for text in ["/ord\r", "jjjjjjjjjjjj", "ab", "j", "\r\r\r\r\r\r\r\r\r", "jjj\x1b[A\rjjjjjjjj"] {
            assert_eq!(with_pastes(typed(text), false), typed(text), "{text:?}");
        }
        assert_eq!(with_pastes(typed("/orders-prod\rs"), true), typed("/orders-prod\rs"));
    }

    #[test]
    fn terminals_that_do_not_mark_pastes_are_known() {
        let marks = |term: &str, screen| marks_pastes(Some(OsStr::new(term)), screen);
        assert!(marks("xterm-256color", false) && marks("tmux-256color", false) && marks("screen", false));
        assert!(!marks("linux", false) && !marks("vt100", false) && !marks("screen", true));
    }
}
