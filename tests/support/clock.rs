//! Another clock for a program, that can be set while it runs, where Debian's package `faketime` is installed.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What clock a program gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The time of day can be set, as a person or a time server does it; lengths of time stay what they are.
    Set,
    /// All time runs by it, waiting too: with `+0 x20` twenty times as fast.
    Fast,
}

/// A clock, by the file that says how it goes.
pub struct Clock {
    library: PathBuf,
    file: PathBuf,
}

impl Clock {
    /// A clock that is right so far; `None` where there is no such library, which is said.
    pub fn new(home: &Path) -> Option<Self> {
        let Some(library) = library() else {
            writeln!(std::io::stderr(), "not tested: clocks that are set; faketime is not installed")
                .expect("standard error");
            return None;
        };
        let clock = Self { library, file: home.join("clock") };
        clock.set("+0");
        Some(clock)
    }

    /// Gives a program this clock.
    pub fn give(&self, command: &mut Command, kind: Kind) {
        command.env("LD_PRELOAD", &self.library).env("FAKETIME_TIMESTAMP_FILE", &self.file);
        command.env("FAKETIME_NO_CACHE", "1");
        if kind == Kind::Set {
            command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
    }

    /// Sets it: `+2h`, `-2h`, `+0 x20`.
    pub fn set(&self, to: &str) {
        std::fs::write(&self.file, to).expect("a file can be written");
    }
}

/// The same program with all its time six times as fast, waiting too, for a test that need not sit through minutes;
/// where there is no such library, it sits through them.
pub fn hurried(mut command: Command) -> Command {
    if let Some(library) = library() {
        command.env("LD_PRELOAD", library).env("FAKETIME", "+0 x6");
    }
    command
}

fn library() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").expect("a folder of the system").flatten();
    let mut libraries = folders.map(|folder| folder.path().join("faketime/libfaketime.so.1"));
    libraries.find(|library| library.exists())
}
