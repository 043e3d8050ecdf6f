//! What is on this machine: the configuration, the journal, and the terminal.

use std::env;

use jiff::Timestamp;
use rustix::stdio;
use rustix::termios::isatty;

use super::row::Finding;
use crate::app::{Appearance, TerminalKind};
use crate::config;
use crate::domain::alteration::AlterationRecord;
use crate::domain::command::watch;
use crate::domain::listing::HORIZON;
use crate::domain::preflight::{Verdict, missing_words};
use crate::domain::record::{OpenRecords, Record};
use crate::domain::text::shown_path;
use crate::headless::problem::Code;
use crate::journal::{Journal, JournalError};
use crate::process::can_show_screen;
use crate::session::{Session, blocking, changes};

/// The program's own configuration. What is wrong with it keeps nobody from anything, unless it is a guard: then no
/// request is sent that changes anything.
pub fn config() -> Finding {
    let loaded = config::load();
    let report = loaded.report();
    let Some(path) = loaded.path.as_deref().map(shown_path) else {
        return Finding::fine("configuration", "no home directory is known, so the defaults hold");
    };
    if let Some(broken) = &loaded.config.policy.broken {
        let remedy = "Put it right: clustersnap config check tells all; until then nothing is sent that changes anything.";
        return Finding::new("configuration", Verdict::Blocks, broken)
            .coded(Code::ValidationError)
            .remedied(remedy);
    }
    match report.as_slice() {
        [] if !loaded.is_there => {
            Finding::fine("configuration", &format!("{path}: not there; the defaults hold"))
        }
        [] => Finding::fine("configuration", &format!("{path}: nothing is wrong")),
        [first, more @ ..] => {
            let more = if more.is_empty() { String::new() } else { format!(" (and {} more)", more.len()) };
            let remedy =
                "Put it right: clustersnap config check tells all; for what is wrong the defaults hold.";
            Finding::new("configuration", Verdict::Doubt, &format!("{first}{more}")).remedied(remedy)
        }
    }
}

/// The journal, and what it has open: in this place where there is one, else in all. The embedded simulator has none.
pub async fn journal(session: Option<&Session>) -> Vec<Finding> {
    if session.is_some_and(|session| session.target().is_demo) {
        return Vec::new();
    }
    read_and_written(session).await.unwrap_or_else(|finding| vec![finding])
}

/// What is found of the journal, or the one thing that is wrong with it.
async fn read_and_written(session: Option<&Session>) -> Result<Vec<Finding>, Finding> {
    let failed = |verdict| move |error: JournalError| Finding::of_failure("journal", verdict, &error.into());
    let path = blocking(look).await.map_err(failed(Verdict::Blocks))?;
    let (open, wherever) = match session {
        Some(session) => (open_here(session).await, "here"),
        None => (blocking(open_anywhere).await, "in all places"),
    };
    let open = open.map_err(failed(Verdict::Doubt))?;
    let journal = match open.requests.lines_missing {
        0 => Finding::fine("journal", &format!("{path}: can be read and written")),
        lines => Finding::new(
            "journal",
            Verdict::Doubt,
            &format!("{path}: can be written, but {}", missing_words(lines)),
        )
        .remedied(
            "Look whether a DB cluster has a snapshot that nobody knows of; history tells what can be read.",
        ),
    };
    let unsent = unsent().await.map_err(failed(Verdict::Doubt))?;
    let remedy = match session.and_then(|session| watch(session.target(), std::iter::empty::<&str>())) {
        Some(command) => format!("{command} looks up the outcome: do that before another request."),
        None => {
            "clustersnap history tells by which commands the outcomes are looked up: do that before another request."
                .to_owned()
        }
    };
    Ok([journal, of_open(&open, wherever, &remedy)].into_iter().chain(unsent).collect())
}

/// What was confirmed of changes and not sent, by programs that have ended, wherever it was to go.
async fn unsent() -> Result<Option<Finding>, JournalError> {
    let (mut told, mut first) = (Vec::new(), None);
    for (change, sent, _file) in changes::left(&Journal::open_default()?).await? {
        let all = change.items.len();
        if all > sent.len() {
            told.push(format!("{}: {} of its {all} requests were not sent", change.id, all - sent.len()));
            first.get_or_insert(change.id);
        }
    }
    let remedy = |id| {
        format!(
            "clustersnap report {id} tells which; the same create --change, or the screen program, goes on."
        )
    };
    Ok(first.map(|id| Finding::new("changes", Verdict::Doubt, &told.join("; ")).remedied(&remedy(id))))
}

/// Where the journal is, if it can be written.
fn look() -> Result<String, JournalError> {
    let journal = Journal::open_default()?;
    journal.check()?;
    Ok(journal.path().display().to_string())
}

/// What the journal has open.
struct OpenInJournal {
    requests: OpenRecords,
    alterations: Vec<AlterationRecord>,
}

/// In the place of the connection.
async fn open_here(session: &Session) -> Result<OpenInJournal, JournalError> {
    let (requests, alterations) = tokio::join!(session.open_requests(), session.open_alterations());
    Ok(OpenInJournal { requests: requests?, alterations: alterations? })
}

/// In all places.
fn open_anywhere() -> Result<OpenInJournal, JournalError> {
    let journal = Journal::open_default()?;
    let requests = journal.open_requests(Timestamp::now() - HORIZON)?;
    Ok(OpenInJournal { requests, alterations: journal.open_alterations()? })
}

/// How many there are, and which: a snapshot that was created is followed, and stands in nobody's way.
fn of_open(open: &OpenInJournal, wherever: &str, remedy: &str) -> Finding {
    let of_requests = |is: fn(&Record) -> bool| open.requests.records.iter().filter(|it| is(it)).count();
    let (asked, begun) = (of_requests(Record::is_unsettled), of_requests(Record::is_unfinished));
    let altered = open.alterations.len();
    let parts = [
        (asked, "of which it is not known whether a snapshot was created"),
        (altered, "of which it is not known whether a snapshot was deleted, or its tags changed"),
        (begun, "whose snapshot was created, and not seen to end"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {wherever} {what}")).collect();
    let told = |verdict, text: &str| Finding::new("open requests", verdict, text);
    match (parts.as_slice(), asked + altered) {
        ([], _) if open.requests.lines_missing > 0 => {
            told(Verdict::Unknown, &format!("none {wherever} in what can be read"))
        }
        ([], _) => told(Verdict::Fine, &format!("none {wherever}")),
        (begun, 0) => told(Verdict::Fine, &begun.join("; ")),
        (all, _) => told(Verdict::Doubt, &all.join("; ")).remedied(remedy),
    }
}

/// What the screen program can show here, and where it copies to.
pub fn screen((look, terminal): (Appearance, TerminalKind)) -> [Finding; 2] {
    let term = env::var("TERM").unwrap_or_default();
    let name = if term.is_empty() { "TERM is not set" } else { term.as_str() };
    let colour = if look.color { "colours" } else { "no colours" };
    let characters = if look.unicode { "Unicode" } else { "ASCII only" };
    let is_terminal = isatty(stdio::stdout());
    let output = if is_terminal { "" } else { "; standard output is no terminal" };
    let copied = match terminal {
        TerminalKind::Desktop => "by OSC 52, which the terminal may or may not take",
        TerminalKind::Tmux => "into tmux's buffer, by its own command",
        TerminalKind::Screen => "by OSC 52 through GNU screen, whose terminal may or may not take it",
        TerminalKind::Console => "none: this terminal has no clipboard",
    };
    let can_show = can_show_screen();
    let shows =
        if can_show { format!("{colour}, {characters}") } else { "no screen can be shown".to_owned() };
    let text = format!("{name}, {shows}{output}");
    let terminal = if can_show || !is_terminal {
        Finding::fine("terminal", &text)
    } else {
        let remedy =
            "Set TERM to what the terminal is, such as xterm-256color; the commands and --linear need none.";
        Finding::new("terminal", Verdict::Doubt, &text).remedied(remedy)
    };
    [terminal, Finding::fine("clipboard", copied)]
}
