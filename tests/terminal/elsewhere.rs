//! Through tmux, and through a real sshd.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::END;
use super::pty::{PATIENCE, Session, command, cpu_time};
use super::ssh::Ssh;
use super::support::program::PROGRAM;

/// Says why a test has nothing to test here.
pub fn skip(why: &str) {
    writeln!(std::io::stderr(), "not tested: {why}").expect("standard error");
}

/// A tmux server of its own, ended with the test.
struct Tmux {
    home: tempfile::TempDir,
}

impl Tmux {
    fn command(&self, args: &[&str]) -> portable_pty::CommandBuilder {
        let mut tmux =
            command("tmux", self.home.path(), &[&["-L", "test", "-f", "/dev/null"], args].concat());
        tmux.env("TMUX_TMPDIR", self.home.path());
        tmux
    }

    fn run(&self, args: &[&str]) -> String {
        let mut tmux = Command::new("tmux");
        tmux.args(["-L", "test", "-f", "/dev/null"]).args(args);
        tmux.env_clear()
            .env("TMUX_TMPDIR", self.home.path())
            .env("LANG", "C.UTF-8")
            .env("TERM", "xterm-256color");
        tmux.env("HOME", self.home.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let output = tmux.output().expect("tmux starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

/// The rows of a screen without blanks at their ends.
fn rows(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn after_a_detach_in_tmux_an_attach_of_any_size_shows_it_right() {
    if Command::new("tmux").arg("-V").output().is_err() {
        return skip("detaching from tmux, which is not installed");
    }
    let tmux = Tmux { home: tempfile::tempdir().expect("a folder") };
    let program = format!("{PROGRAM} --demo");
    tmux.run(&["new-session", "-d", "-x", "80", "-y", "24", &program]);
    for (columns, rows_there) in [(80, 24), (80, 24), (120, 40), (40, 10)] {
        let mut session = Session::start(tmux.command(&["attach"]), columns, rows_there);
        session.wait_for("accounts-eu");
        session.settle(Duration::from_millis(400));
        // The last row is the status line of tmux.
        let height = usize::from(rows_there) - 1;
        let pane = || rows(&tmux.run(&["capture-pane", "-p"]));
        // A frame of what is followed may come between the two.
        session.wait_until(&format!("what tmux has, {columns}x{rows_there}"), |screen| {
            let (shown, pane) = (rows(&screen.contents()), pane());
            shown.get(..pane.len().min(height)) == Some(pane.as_slice())
        });
        let pane = pane();
        let list = pane.iter().position(|row| row.contains("accounts-eu"));
        assert!(list.is_some_and(|row| row < 4), "{pane:#?}");
        let footer = pane.iter().rposition(|row| !row.is_empty());
        assert_eq!(footer, Some(height - 1), "the last row is in use: {pane:#?}");
        // Apart in time: keys that arrive within a millisecond are a paste for tmux.
        session.send("\x02");
        std::thread::sleep(Duration::from_millis(50));
        session.send("d");
        session.wait_for_end(PATIENCE);
    }
    let mut session = Session::start(tmux.command(&["attach"]), 80, 24);
    session.wait_for("accounts-eu");
    session.send("q");
    session.wait_for_end(PATIENCE);
}

#[test]
fn what_is_copied_in_tmux_as_it_is_set_up_from_the_start_arrives_in_its_buffer() {
    if Command::new("tmux").arg("-V").output().is_err() {
        return skip("copying in tmux, which is not installed");
    }
    let tmux = Tmux { home: tempfile::tempdir().expect("a folder") };
    let program = format!("{PROGRAM} --demo");
    tmux.run(&["new-session", "-d", "-x", "100", "-y", "24", &program]);
    let mut session = Session::start(tmux.command(&["attach"]), 100, 24);
    session.wait_for("accounts-eu");
    session.send("y");
    session.wait_for("In tmux's buffer: prefix ] pastes it; tmux hands it on");
    assert_eq!(tmux.run(&["show-buffer"]), "accounts-eu");
    tmux.run(&["set-option", "-s", "set-clipboard", "off"]);
    session.send("Y");
    session.wait_for("clipboard gets it with: tmux set -s");
    assert!(tmux.run(&["show-buffer"]).ends_with(":cluster:accounts-eu"));
    session.send("q");
    session.wait_for_end(PATIENCE);
}

/// Whether a process runs; one that has ended and that nobody has asked about does not.
fn runs(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}

fn read_pid(file: &Path) -> Pid {
    let text = fs::read_to_string(file).expect("the program has written its number");
    Pid::from_raw(text.trim().parse().expect("a number")).expect("a process")
}

#[test]
fn when_an_ssh_connection_is_killed_the_program_is_gone_within_two_seconds() {
    let Some(ssh) = Ssh::ready() else {
        return skip("an SSH connection that is killed: sshd is not installed");
    };
    for (is_client_killed, trap) in [(true, ""), (true, "trap '' HUP; "), (false, "")] {
        let number = ssh.home.path().join("number");
        let program = PROGRAM;
        let folder = ssh.home.path().display();
        let script = format!(
            "{trap}echo $$ > {folder}/number; export HOME={folder} LANG=C.UTF-8; exec {program} --demo"
        );
        let (mut session, mut server) = ssh.start(&script);
        session.wait_for("orders-prod");
        session.settle(Duration::from_millis(300));
        let pid = read_pid(&number);
        assert!(runs(pid));
        let before = cpu_time(pid);
        let victim = if is_client_killed { session.pid() } else { process_of(&server) };
        kill_process(victim, Signal::KILL).expect("it runs");
        let since = Instant::now();
        let mut used = Duration::ZERO;
        while runs(pid) {
            used = used.max(cpu_time(pid).saturating_sub(before));
            assert!(since.elapsed() < END, "it lives on; client killed: {is_client_killed}, {trap:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(used <= Duration::from_millis(200), "{used:?} of processor time");
        session.wait_for_end(PATIENCE);
        server.wait().expect("it has ended");
    }
}

fn process_of(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).expect("a number")).expect("a process")
}
