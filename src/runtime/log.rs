//! The log file: what the program does, for someone who has to find out why.
//!
//! clustersnap's own events and, from the libraries, warnings only: their lower levels may hold what
//! belongs to nobody else. Text from outside is escaped, one event is one line.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileTypeExt as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::domain::text;

/// Sends events to the file, which is appended to, and only its owner can read.
///
/// # Errors
///
/// When the file cannot be opened or written, is a symbolic link, which could lead anywhere, or a pipe.
pub fn start(path: &Path) -> anyhow::Result<()> {
    let file = open(path).with_context(|| format!("cannot write the log file {}", path.display()))?;
    subscriber(file).try_init().context("two logs")?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    match failure() {
        Some(error) => anyhow::bail!("cannot write the log file {}: {error}", path.display()),
        None => Ok(()),
    }
}

/// Why the log file does not hold all that it should, if it does not: a full disk, most likely.
#[must_use]
pub fn failure() -> Option<String> {
    FAILURE.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The first line that could not be written.
static FAILURE: Mutex<Option<String>> = Mutex::new(None);

fn subscriber(file: File) -> impl tracing::Subscriber + Send + Sync {
    let own = Targets::new().with_target("clustersnap", LevelFilter::DEBUG);
    let levels = own.with_default(LevelFilter::WARN);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Lines(Mutex::new(file)));
    tracing_subscriber::registry().with(lines).with(levels)
}

fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mode = Mode::RUSR | Mode::WUSR;
    let pipe = || io::Error::other("it is a pipe or a socket, and whoever reads it could hold up a request");
    // Without waiting for somebody who reads: a pipe that nobody does would be waited for for ever.
    let file = match rustix::fs::open(path, flags | OFlags::NONBLOCK, mode) {
        Err(Errno::NXIO) => return Err(pipe()),
        opened => File::from(opened?),
    };
    if file.metadata()?.file_type().is_fifo() {
        return Err(pipe());
    }
    rustix::fs::fcntl_setfl(&file, OFlags::APPEND)?;
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
        let written = self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
        // A full disk must not end the program in the middle of a request: it is told at its end.
        if let Err(error) = written {
            let mut failure = FAILURE.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert_with(|| error.to_string());
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn an_event_is_one_escaped_line_and_libraries_only_warn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        tracing::subscriber::with_default(subscriber(open(&path).unwrap()), || {
            tracing::info!("wrong\nway \u{202e} \x1b[2J");
            tracing::debug!(target: "hyper", "the key is 1234");
            tracing::warn!(target: "hyper", "something odd");
        });
        let log = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(lines.len(), 2, "{log}");
        assert!(lines[0].contains("wrong\\u{a}way \\u{202e} "), "{log}");
        assert!(!lines[0].contains('\x1b'), "{log}");
        assert!(lines[1].contains("something odd"), "{log}");
    }

    #[test]
    fn only_the_owner_can_read_it_and_no_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, "before\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        open(&path).unwrap().write_all(b"after\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "before\nafter\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(open(&link).is_err());
    }

    #[test]
    fn a_pipe_is_refused_at_once_whether_somebody_reads_it_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
        let refused = || open(&path).unwrap_err().to_string();
        assert!(refused().contains("a pipe"), "{}", refused());
        let reader = rustix::fs::open(&path, OFlags::RDONLY | OFlags::NONBLOCK, Mode::empty()).unwrap();
        assert!(refused().contains("a pipe"), "{}", refused());
        drop(reader);
    }
}
