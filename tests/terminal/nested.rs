//! In GNU screen, and in one multiplexer inside another.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use portable_pty::CommandBuilder;

use super::elsewhere::skip;
use super::pty::{PATIENCE, Session, command};
use super::support::program::PROGRAM;

/// Whether a program is there.
pub fn has(program: &str, version: &str) -> bool {
    Command::new(program).arg(version).output().is_ok()
}

/// A folder for the sockets of multiplexers, and commands that use it.
pub struct Nest {
    home: tempfile::TempDir,
}

impl Nest {
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let sockets = home.path().join("screens");
        fs::create_dir(&sockets).expect("a folder");
        fs::set_permissions(&sockets, fs::Permissions::from_mode(0o700)).expect("a folder of one's own");
        Self { home }
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    pub fn command(&self, program: &str, args: &[&str]) -> CommandBuilder {
        let mut command = command(program, self.path(), args);
        command.env("SCREENDIR", self.path().join("screens"));
        command.env("TMUX_TMPDIR", self.path());
        command
    }
}

impl Drop for Nest {
    fn drop(&mut self) {
        // Whatever a failed test left running.
        for name in ["inner", "outer"] {
            let mut end = Command::new("tmux");
            end.args(["-L", name, "kill-server"]).env("TMUX_TMPDIR", self.path());
            // It is not there where the test went well.
            let _ = end.output();
        }
        let mut end = Command::new("screen");
        end.args(["-S", "test", "-X", "quit"]).env("SCREENDIR", self.path().join("screens"));
        let _ = end.output();
    }
}

/// A line that starts a program in tmux.
pub fn tmux(name: &str, program: &str) -> String {
    format!("tmux -L {name} -f /dev/null new-session {program}")
}

/// A line that starts a program in GNU screen.
pub fn screen(program: &str) -> String {
    format!("screen -c /dev/null -U -S test {program}")
}

/// The main keys in a nest: it is drawn right at every size, a copy leaves nothing on the screen, and in the
/// end everything is closed.
fn works(nest: &Nest, what: &str, start: &str) {
    let mut session = Session::start(nest.command("sh", &["-c", start]), 100, 30);
    session.wait_for("accounts-eu");
    for (columns, rows) in [(80, 24), (40, 12), (100, 30)] {
        session.resize(columns, rows);
        session.wait_until(&format!("the footer at {columns}x{rows} in {what}"), |screen| {
            let contents = screen.contents();
            let footer = contents.lines().position(|line| line.contains("q quit"));
            // Each multiplexer may keep the last row for its own status.
            footer.is_some_and(|row| row + 3 >= usize::from(rows)) && contents.contains("accounts-eu")
        });
    }
    let mark = session.mark();
    session.send("jy");
    if what.starts_with("tmux") {
        session.wait_for("In tmux's buffer");
    } else {
        session.wait_for("Sent to the terminal's clipboard: billing");
    }
    session.settle(Duration::from_millis(300));
    if !what.contains(" in ") {
        // What is told to have been sent has reached the terminal around it, as it is.
        let arrived = String::from_utf8_lossy(&session.since(mark)).into_owned();
        assert!(arrived.contains("\x1b]52;c;YmlsbGluZw==\x07"), "{arrived:?}");
    }
    let shown = session.screen();
    for stray in ["52;c", "]2;", "Ptmux", "[?"] {
        assert!(!shown.contains(stray), "{stray:?} in {what}:\n{shown}");
    }
    let cursor = shown.lines().filter(|line| line.contains('\u{258c}')).count();
    assert_eq!(cursor, 1, "one cursor in {what}:\n{shown}");
    session.send("q");
    session.wait_for_end(PATIENCE);
}

#[test]
fn in_gnu_screen_and_in_every_nest_of_two_multiplexers_it_works_and_leaves_nothing() {
    if !has("screen", "-v") || !has("tmux", "-V") {
        return skip("one multiplexer inside another: screen or tmux is not installed");
    }
    let program = format!("{PROGRAM} --demo");
    let without = |inner: String| format!("env -u TMUX {inner}");
    for (what, start) in [
        ("screen", screen(&program)),
        ("screen with a TERM of another", screen(&format!("-T xterm-256color {program}"))),
        ("tmux in screen", screen(&tmux("inner", &format!("'{program}'")))),
        (
            "tmux with a TERM of screen's in screen",
            screen(&tmux("inner", &format!("'env TERM=screen {program}'"))),
        ),
        ("screen in tmux", tmux("outer", &format!("\"{}\"", screen(&program)))),
        ("tmux in tmux", tmux("outer", &format!("\"{}\"", without(tmux("inner", &format!("'{program}'")))))),
    ] {
        works(&Nest::new(), what, &start);
    }
}

#[test]
fn after_a_detach_in_gnu_screen_an_attach_of_any_size_shows_it_right() {
    if !has("screen", "-v") {
        return skip("detaching from GNU screen, which is not installed");
    }
    let nest = Nest::new();
    let start = screen(&format!("{PROGRAM} --demo"));
    let mut session = Session::start(nest.command("sh", &["-c", &start]), 80, 24);
    session.wait_for("accounts-eu");
    for (columns, rows) in [(80, 24), (120, 40), (40, 12)] {
        session.send("\x01d");
        session.wait_for_end(PATIENCE);
        session = Session::start(nest.command("screen", &["-U", "-r", "test"]), columns, rows);
        session.wait_until(&format!("all of it at {columns}x{rows}"), |screen| {
            let contents = screen.contents();
            let footer = contents.lines().position(|line| line.contains("q quit"));
            footer == Some(usize::from(rows) - 1) && contents.contains("accounts-eu")
        });
    }
    session.send("q");
    session.wait_for_end(PATIENCE);
}
