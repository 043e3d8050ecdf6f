//! The edge of the interactive program: event loop, input, output, effects, terminal guard, signals.
//!
//! It decides nothing about snapshots: what happens goes into [`crate::app`] as messages, and what comes
//! out as effects is done. Nothing here waits for the network or for the terminal on the way of a key:
//! input, output and the watch for a hang-up have threads of their own, effects are tasks.
//!
//! - `event_loop`: drain, update, draw. `frame_rate`: how often.
//! - `terminal`: settings taken and given back. `panics`, `signals`: what else ends the program.
//! - `keyboard`, `input`, `decode`, `sequence`, `alone`, `mouse`: bytes to keys. `backend`, `output`: frames to bytes.
//! - `last_words`: what is said after the screen is gone.
//! - `clipboard`: OSC 52. `notice`: bell, notification, title. `terminal_kind`: how they reach the
//!   terminal, and how things look there.
//! - `effects`: what the core wants done. [`log`]: what is written down about it.

mod alone;
pub mod backend;
mod clipboard;
mod decode;
mod effects;
mod event_loop;
mod frame_rate;
mod input;
mod keyboard;
mod last_words;
pub mod log;
mod mouse;
mod notice;
mod output;
pub mod panics;
mod sequence;
mod signals;
pub mod terminal;
mod terminal_kind;

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::signal::unix::SignalKind;
use tokio::sync::{Notify, mpsc};

use crate::app::theme::Theme;
use crate::app::{Appearance, TerminalKind};
use crate::config;
use crate::process::Heeded;

pub use effects::StartOptions;
use event_loop::Loop;
use last_words::LastWords;
use signals::Signals;

/// The exit code when there is no terminal that can show a screen, and of wrong arguments.
const UNUSABLE: u8 = 2;
/// How long a request under way may take to reach its outcome after the program was told to end. What is
/// not known then stays open in the journal, and the next start looks it up.
const LAST_OUTCOMES: Duration = Duration::from_secs(10);

/// One works while the other may be held up by a write to a terminal that has stalled.
const WORKERS: usize = 2;

/// What the terminal can do, told from the environment and the configuration: how things look there, and what kind it is.
#[must_use]
pub fn abilities(is_ascii_wanted: bool) -> (Appearance, TerminalKind) {
    let is_ascii_wanted = is_ascii_wanted || config::load().config.screen.ascii;
    (terminal_kind::look(is_ascii_wanted, Theme::default()), TerminalKind::detect())
}

/// Runs the interactive program; returns its exit code.
///
/// `started` is when the program started, for the clock that never jumps.
///
/// # Errors
///
/// When the system refuses threads, signals or the terminal's settings.
pub fn run(options: StartOptions, started: Instant) -> anyhow::Result<u8> {
    let panicked = Arc::new(Notify::new());
    panics::install(&panicked);
    try_threads(WORKERS).context("no threads for the program")?;
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .context("no threads for the program")?;
    let result = tokio.block_on(in_terminal(options, started, panicked));
    // Reads may be cancelled. What still blocks (a credential process, a name server) ends with the process.
    tokio.shutdown_background();
    result
}

/// Whether the system allows so many threads more. tokio panics where it does not, and hangs if only some
/// of its own could be started.
fn try_threads(count: usize) -> std::io::Result<()> {
    let parked = (0..count).map(|_| std::thread::Builder::new().spawn(std::thread::park));
    let (started, refused): (Vec<_>, Vec<_>) = parked.partition(Result::is_ok);
    for thread in started.into_iter().flatten() {
        thread.thread().unpark();
        // It returns nothing and cannot panic.
        let _ = thread.join();
    }
    refused.into_iter().find_map(Result::err).map_or(Ok(()), Err)
}

async fn in_terminal(options: StartOptions, started: Instant, panicked: Arc<Notify>) -> anyhow::Result<u8> {
    // Before the terminal is taken: from then on nothing may end the program without giving it back.
    let signals = Signals::new().context("no signals")?;
    let guard = match terminal::take() {
        Ok(guard) => guard,
        Err(unusable) => {
            say(&format!(
                "clustersnap: {unusable}.\nWithout a screen: clustersnap --linear asks one question a line, and \
                 the commands are {}; clustersnap --help tells more.",
                crate::cli::commands().join(", ")
            ));
            return Ok(UNUSABLE);
        }
    };
    let (looping, under_way, last_words) = Loop::start(options, started, signals, panicked)?;
    // A task of its own, so that a panic in it is an ending like the others.
    let exit_code = tokio::spawn(looping.run()).await.unwrap_or(panics::EXIT_CODE);
    drop(guard);
    finish(under_way, &last_words).await;
    Ok(exit_code)
}

/// Gives requests under way their time, and says what became of them, if anyone can still read it.
async fn finish(mut under_way: mpsc::Receiver<()>, last_words: &LastWords) {
    let deadline = tokio::time::Instant::now() + LAST_OUTCOMES;
    let say_last_words = || last_words.take().iter().for_each(|words| say(words));
    say_last_words();
    let Ok(mut interrupt) = Heeded::new(SignalKind::interrupt()) else { return };
    // The channel is closed once no request is under way.
    if under_way.is_closed() {
        return say_last_words();
    }
    let (what, whose) = match under_way.sender_strong_count() {
        0 | 1 => ("A request is".to_owned(), "its outcome"),
        many => (format!("{many} requests are"), "their outcomes"),
    };
    let most = LAST_OUTCOMES.as_secs();
    say(&format!("{what} under way: waiting up to {most} s for {whose}; ctrl-c does not wait."));
    loop {
        // Asked again to end, it does not wait: the journal has what is needed.
        let known = tokio::select! {
            known = under_way.recv() => known,
            () = tokio::time::sleep_until(deadline) => break,
            () = interrupt.recv() => break,
        };
        say_last_words();
        if known.is_none() {
            return;
        }
    }
    // What AWS answered may be known, and wait for a journal that another program keeps locked.
    say(
        "What is not told above has no outcome that is written down yet. If it was journalled, the next start in its \
         place finds out what became of it.",
    );
}

/// A line for the person, where standard error still goes to one.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
