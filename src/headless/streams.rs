//! Standard output for results and nothing else, standard error for everything else.
//!
//! A reader that went away ends a command quietly. Colour only where a terminal shows it, and where
//! neither `NO_COLOR` (<https://no-color.org>) nor `CLICOLOR` (<https://bixense.com/clicolors>) says no.

use std::borrow::Cow;
use std::env;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::stdio;
use rustix::termios::{isatty, tcgetwinsize};

use super::problem::{Code, Problem};
use crate::cli::AnswerOptions;
use crate::domain::text::{ascii, truncate};
use crate::process::is_in_front;

/// Why a command ends before its end.
#[derive(Debug)]
pub enum Stop {
    /// It could not do what it was asked.
    Problem(Box<Problem>),
    /// Nobody reads what it writes.
    Unread,
}

impl<P: Into<Problem>> From<P> for Stop {
    fn from(problem: P) -> Self {
        Self::Problem(Box::new(problem.into()))
    }
}

/// Whether a person is shown nothing but ASCII.
static IS_ASCII: AtomicBool = AtomicBool::new(false);

/// Shows people nothing but ASCII from now on; programs get their JSON as it is.
pub fn show_ascii() {
    IS_ASCII.store(true, Ordering::Relaxed);
}

/// Text as a person is shown it: what is not ASCII by its number, where nothing else is to be shown.
pub fn shown(text: &str) -> Cow<'_, str> {
    if IS_ASCII.load(Ordering::Relaxed) { ascii(text) } else { Cow::Borrowed(text) }
}

/// Writes a result, which ends its line.
pub fn result(text: &str) -> Result<(), Stop> {
    let mut output = io::stdout().lock();
    written(
        output
            .write_all(text.as_bytes())
            .and_then(|()| output.write_all(b"\n"))
            .and_then(|()| output.flush()),
    )
}

/// The same where nobody may read any more: what a command says by its exit code is so all the same.
pub fn read_or_not(written: Result<(), Stop>) -> Result<(), Stop> {
    match written {
        Err(Stop::Unread) => Ok(()),
        written => written,
    }
}

/// Writes a part of a result, when all of it would be too much at once.
pub fn piece(text: &str) -> Result<(), Stop> {
    written(io::stdout().lock().write_all(text.as_bytes()))
}

fn written(written: io::Result<()>) -> Result<(), Stop> {
    written.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Stop::Unread,
        _ => Problem::new(Code::Internal, format!("cannot write the result: {error}")).into(),
    })
}

/// Whether somebody sits at a terminal, to read a question and to answer it.
pub fn can_ask() -> bool {
    isatty(stdio::stdin()) && isatty(stdio::stderr())
}

/// How progress is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProgressStyle {
    /// Not at all.
    Silent,
    /// On lines of its own.
    Lines,
    /// On a terminal, as a bar in place of what was told last.
    Bar,
}

/// What a command says, and how.
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    /// Whether results are for programs.
    pub json: bool,
    progress: ProgressStyle,
    color: bool,
}

impl Streams {
    /// The streams of a command that was asked to answer so.
    pub fn new(answer: AnswerOptions) -> Self {
        let is_dumb = env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        let progress = if answer.quiet {
            ProgressStyle::Silent
        } else if isatty(stdio::stderr()) && !is_dumb {
            ProgressStyle::Bar
        } else {
            ProgressStyle::Lines
        };
        let color = wants_color(|name| env::var(name).ok(), isatty(stdio::stdout()) && !is_dumb);
        Self { json: answer.json, progress, color }
    }

    /// The streams of the linear mode: no bar, whatever the terminal.
    pub fn linear() -> Self {
        Self { json: false, progress: ProgressStyle::Lines, color: false }
    }

    /// Says something that is no result; nothing with `--quiet`.
    pub fn say(self, text: &str) {
        if self.progress != ProgressStyle::Silent {
            self.warn(text);
        }
    }

    /// Says something that has to be said. Where standard error is gone there is nobody to tell.
    pub fn warn(self, text: &str) {
        let _ = writeln!(io::stderr(), "{}{}", self.clear(), shown(text));
    }

    /// Tells how far something is: on a terminal in place of what was told last, else on a line of its own
    /// if `is_news`.
    pub fn progress(self, text: &str, is_news: bool) {
        match self.progress {
            ProgressStyle::Bar if self.draws() => {
                let size = tcgetwinsize(stdio::stderr());
                // 0 is what a terminal says that does not know.
                let columns = size.map_or(0, |size| usize::from(size.ws_col));
                let columns = if columns < 2 { 80 } else { columns };
                let mut errors = io::stderr();
                let _ = write!(errors, "{}{}", self.clear(), truncate(&shown(text), columns - 1, "..."))
                    .and_then(|()| errors.flush());
            }
            ProgressStyle::Bar | ProgressStyle::Lines if is_news => self.warn(text),
            ProgressStyle::Bar | ProgressStyle::Lines | ProgressStyle::Silent => {}
        }
    }

    /// Whether progress is drawn in place: not while the shell has put the program into the background, where
    /// it would land over what a person types.
    pub fn draws(self) -> bool {
        self.progress == ProgressStyle::Bar && is_in_front()
    }

    /// Whether nothing but errors is to be told.
    pub fn is_quiet(self) -> bool {
        self.progress == ProgressStyle::Silent
    }

    /// Takes the bar away, if there is one.
    pub fn end_progress(self) {
        let _ = write!(io::stderr(), "{}", self.clear());
    }

    /// A status word in its colour: usable green, failed red, under way yellow.
    pub fn status(self, word: &str) -> String {
        let color = match word {
            "available" => "32",
            "failed" | "incompatible-restore" | "incompatible-parameters" | "gone" => "31",
            _ => "33",
        };
        if self.color { format!("\x1b[{color}m{word}\x1b[0m") } else { word.to_owned() }
    }

    fn clear(self) -> &'static str {
        if self.draws() { "\r\x1b[K" } else { "" }
    }
}

/// Whether there is to be colour. `NO_COLOR` beats all, then `CLICOLOR_FORCE`, then a terminal decides
/// unless `CLICOLOR` is 0.
fn wants_color(variable: impl Fn(&str) -> Option<String>, is_terminal: bool) -> bool {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    is_terminal && set("CLICOLOR").is_none_or(|value| value != "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_follows_the_conventions() {
        let with = |set: &'static [(&str, &str)], is_terminal| {
            let variable = |name: &str| {
                set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            wants_color(variable, is_terminal)
        };
        assert!(with(&[], true));
        assert!(!with(&[], false));
        assert!(!with(&[("NO_COLOR", "1")], true));
        assert!(with(&[("NO_COLOR", "")], true));
        assert!(!with(&[("CLICOLOR", "0")], true));
        assert!(with(&[("CLICOLOR", "1")], true));
        assert!(with(&[("CLICOLOR_FORCE", "1")], false));
        assert!(!with(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false));
    }
}
