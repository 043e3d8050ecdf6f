//! What is on this machine: the configuration, the journal, and the terminal.

use std::env;

use jiff::Timestamp;
use rustix::stdio;
use rustix::termios::isatty;

use super::row::Finding;
use crate::app::{Appearance, Clipboard};
use crate::config;
use crate::domain::failure::Failure;
use crate::domain::preflight::Verdict;
use crate::domain::record::Record;
use crate::domain::text::shown_path;
use crate::journal::{Journal, JournalError, Sought};
use crate::session::Session;
use crate::submit::decide::HORIZON;

/// The program's own configuration, of which what is wrong keeps nobody from anything.
pub fn config() -> Finding {
    let loaded = config::load();
    let report = loaded.report();
    let Some(path) = loaded.path.as_deref().map(shown_path) else {
        return Finding::fine("configuration", "no home directory is known, so the defaults hold");
    };
    match report.as_slice() {
        [] if !loaded.is_there => {
            Finding::fine("configuration", &format!("{path}: not there; the defaults hold"))
        }
        [] => Finding::fine("configuration", &format!("{path}: nothing is wrong")),
        [first, more @ ..] => {
            let more = if more.is_empty() { String::new() } else { format!(" (and {} more)", more.len()) };
            Finding::new("configuration", Verdict::Doubt, &format!("{first}{more}")).remedied(
                "Put it right: clustersnap config check tells all; for what is wrong the defaults hold.",
            )
        }
    }
}

/// The journal, and what it has open: in this place where there is one, else in all. The embedded simulator has none.
pub async fn journal(session: Option<&Session>) -> Vec<Finding> {
    if session.is_some_and(|session| session.target().is_demo) {
        return Vec::new();
    }
    let (path, written) = match blocking(look).await {
        Some(Ok(looked)) => looked,
        Some(Err(error)) => return vec![Finding::of_failure("journal", Verdict::Blocks, &error.into())],
        None => return vec![Finding::new("journal", Verdict::Unknown, "the program is ending")],
    };
    if let Err(error) = written {
        return vec![Finding::of_failure("journal", Verdict::Blocks, &error.into())];
    }
    let open = match session {
        Some(session) => session.open_requests().await.map(|open| (unsettled(&open), "here")),
        None => match blocking(open_anywhere).await {
            Some(open) => open.map(|open| (open, "in all places")),
            None => return vec![Finding::new("journal", Verdict::Unknown, "the program is ending")],
        },
    };
    let (open, wherever) = match open {
        Ok(open) => open,
        Err(error) => {
            let failure = Failure::from(error);
            return vec![Finding::of_failure("journal", Verdict::Doubt, &failure)];
        }
    };
    vec![Finding::fine("journal", &format!("{path}: can be read and written")), of_open(open, wherever)]
}

/// Where the journal is, and whether it can be written.
fn look() -> Result<(String, Result<(), JournalError>), JournalError> {
    let journal = Journal::open_default()?;
    Ok((journal.path().display().to_string(), journal.check()))
}

/// How many requests the journal has open in all places.
fn open_anywhere() -> Result<usize, JournalError> {
    let open = Journal::open_default()?.open_requests(Timestamp::now() - HORIZON, &Sought::default())?;
    Ok(unsettled(&open))
}

/// How many it is not known of what became: one that was created is followed, and stands in nobody's way.
fn unsettled(open: &[Record]) -> usize {
    open.iter().filter(|record| record.is_unsettled()).count()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}

fn of_open(open: usize, wherever: &str) -> Finding {
    match open {
        0 => Finding::fine("open requests", &format!("none {wherever}")),
        1 => Finding::new("open requests", Verdict::Doubt, &format!("1 {wherever}"))
            .remedied("Look it up before another is made: clustersnap watch."),
        n => Finding::new("open requests", Verdict::Doubt, &format!("{n} {wherever}"))
            .remedied("Look them up before another is made: clustersnap watch."),
    }
}

/// What the screen program can show here, and where it copies to.
pub fn screen((look, clipboard): (Appearance, Clipboard)) -> [Finding; 2] {
    let term = env::var("TERM").unwrap_or_default();
    let name = if term.is_empty() { "TERM is not set" } else { term.as_str() };
    let colour = if look.color { "colours" } else { "no colours" };
    let characters = if look.unicode { "Unicode" } else { "ASCII only" };
    let output = if isatty(stdio::stdout()) { "" } else { "; standard output is no terminal" };
    let copied = match clipboard {
        Clipboard::Likely => "by OSC 52, which the terminal may or may not take",
        Clipboard::Tmux => "into tmux's buffer, by its own command",
        Clipboard::Screen => "by OSC 52 through GNU screen, whose terminal may or may not take it",
        Clipboard::None => "none: this terminal has no clipboard",
    };
    [
        Finding::fine("terminal", &format!("{name}, {colour}, {characters}{output}")),
        Finding::fine("clipboard", copied),
    ]
}
