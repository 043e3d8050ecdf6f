//! The log file: what the program does, for someone who has to find out why.
//!
//! clustersnap's own events and, from the libraries, warnings only: their lower levels may hold what
//! belongs to nobody else. Text from outside is escaped, one event is one line.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use rustix::fs::{Mode, OFlags};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::domain::text;

/// Sends events to the file, which is appended to, and only its owner can read.
///
/// # Errors
///
/// When the file cannot be opened, or is a symbolic link, which could lead anywhere.
pub fn start(path: &Path) -> anyhow::Result<()> {
    let file = open(path).with_context(|| format!("cannot write the log file {}", path.display()))?;
    let levels =
        Targets::new().with_default(LevelFilter::WARN).with_target("clustersnap", LevelFilter::DEBUG);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Lines(Mutex::new(file)));
    tracing_subscriber::registry().with(lines).with(levels).try_init().context("two logs")
}

fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mode = Mode::RUSR | Mode::WUSR;
    let file = File::from(rustix::fs::open(path, flags, mode)?);
    // Whatever the umask was, and whoever made the file.
    rustix::fs::fchmod(&file, mode)?;
    Ok(file)
}

struct Lines(Mutex<File>);

/// One event, written in one piece when it is complete.
struct Line<'a> {
    file: &'a Mutex<File>,
    text: Vec<u8>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { file: &self.0, text: Vec::new() }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let text = String::from_utf8_lossy(&self.text);
        let line = format!("{}\n", text::escape(text.trim_end_matches('\n')));
        // A full disk must not end the program.
        let _ = self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
    }
}
