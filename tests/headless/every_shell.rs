//! What people put before, behind and into the program, in every shell; and what the service knows of it then.

use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use super::pty::{PATIENCE, Session, command};
use super::support::cases::side_by_side;
use super::support::program::PROGRAM;
use super::support::query::{self, Listed};
use super::world::{Run, World, finish};

pub const SHELLS: [&str; 4] = ["bash", "dash", "zsh", "fish"];

const FLEET: &str = r#"
[[cluster]]
identifier = "busy"
engine = "aurora-postgresql"
status = "backing-up"
available_after = "4s"
snapshot_takes = "10h"

[[cluster]]
identifier = "orders"
engine = "mysql"
snapshot_takes = "10h"
"#;

/// A line for a shell, in which `{cs}` is the program and `{last}` the number of the last job.
struct Line {
    typed: &'static str,
    /// The exit code.
    code: i32,
    /// The snapshots that there are afterwards and were not before.
    makes: &'static [&'static str],
    /// The tags of these, but for the mark.
    tags: &'static [(&'static str, &'static str)],
    /// A part of what is said.
    says: &'static str,
}

const fn made(line: &'static str, makes: &'static [&'static str]) -> Line {
    Line { typed: line, code: 0, makes, tags: &[], says: "" }
}

const fn tagged(
    line: &'static str,
    makes: &'static [&'static str],
    tags: &'static [(&'static str, &'static str)],
) -> Line {
    Line { typed: line, code: 0, makes, tags, says: "" }
}

const fn not_made(line: &'static str, code: i32, says: &'static str) -> Line {
    Line { typed: line, code, makes: &[], tags: &[], says }
}

const LINES: &[Line] = &[
    // The link drops, and what was told to ignore that goes on.
    made(
        "nohup {cs} create busy --name kept --when-available >out 2>err & sleep 1; kill -HUP {last}; wait; \
         grep -q created out err || grep -q kept out",
        &["kept"],
    ),
    // Tags as people have them.
    not_made(
        r"printf 'a=b\nowner = release\n' > tags; {cs} create orders --name blanks --tags-file tags",
        2,
        "line 2: blanks beside the =",
    ),
    not_made("{cs} create orders --name blank --tag 'owner = release'", 2, "blanks beside the ="),
    tagged(
        r#"printf '\357\273\277{"TagList":[{"Key":"owner","Value":"dba"}]}' | {cs} create orders --name bom --tags-file -"#,
        &["bom"],
        &[("owner", "dba")],
    ),
    tagged(
        r"printf '\357\273\277# of the team\r\nowner=dba\r\n\r\n' > tags; {cs} create orders --name crlf --tags-file tags",
        &["crlf"],
        &[("owner", "dba")],
    ),
    Line {
        typed: "{cs} create orders --name empty --tags-file /dev/null",
        code: 0,
        makes: &["empty"],
        tags: &[],
        says: "there is no tag in it",
    },
    tagged("{cs} create orders --name dash --tag -x=1", &["dash"], &[("-x", "1")]),
    tagged(
        "{cs} create orders --name pair --tag 'Key=note,Value=two words: +1 @ home'",
        &["pair"],
        &[("note", "two words: +1 @ home")],
    ),
    not_made("{cs} create orders --name -x", 2, "--name"),
    // Files.
    made("umask 0777; {cs} create orders --name mask; {cs} create orders --name again", &["mask", "again"]),
    not_made("env HOME=relative {cs} create orders --name homeless", 1, "is an absolute path"),
    not_made("{cs} create orders --name unlogged --log-file /dev/full", 2, "No space left"),
    not_made("{cs} --help >/dev/full", 1, "No space left"),
    not_made("{cs} --version >/dev/full", 1, "No space left"),
    Line {
        typed: "{cs} create orders --name full >/dev/full",
        code: 1,
        makes: &["full"],
        tags: &[],
        says: "cannot write the result",
    },
    made("{cs} create orders --name unread | true", &["unread"]),
    made("{cs} create orders --name deaf </dev/null", &["deaf"]),
    // What sends nothing.
    not_made("{cs} create orders --name dry --dry-run", 0, "Nothing is created"),
    not_made("{cs} create orders-prod --name demo --demo", 0, ""),
    not_made("{cs} create orders --name read --read-only", 2, "read-only"),
    not_made("{cs} list --filter '-nothing no-such'", 0, "in account 123456789012, Region eu-west-1."),
    not_made("{cs} man pages >names; test -s pages/clustersnap-create.1", 0, ""),
];

/// Whether a shell is there; says so if it is not.
pub fn has(shell: &str) -> bool {
    let is_there = Command::new(shell).args(["-c", "true"]).output().is_ok();
    if !is_there {
        let _ = writeln!(std::io::stderr(), "not tested: {shell}, which is not installed");
    }
    is_there
}

fn run(world: &World, shell: &str, line: &str) -> Run {
    let last = if shell == "fish" { "$last_pid" } else { "$!" };
    let line = line.replace("{cs}", PROGRAM).replace("{last}", last);
    let mut command = Command::new(shell);
    let plain = world.command(&[]);
    command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    finish(command.current_dir(world.home.path()).args(["-c", &line]))
}

/// The tags of a snapshot, but for the mark.
fn tags(snapshot: &Listed) -> Vec<(&str, &str)> {
    let tags = snapshot.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    tags.filter(|(key, _)| *key != "clustersnap:request").collect()
}

fn hold_every_line(shell: &str) {
    let world = World::with("", FLEET);
    let mut before = 0;
    for Line { typed: line, code, makes, tags: expected, says } in LINES {
        let run = run(&world, shell, line);
        let told = format!("{shell}: {line}\n{}{}", run.out, run.err);
        assert_eq!(run.code, *code, "{told}");
        assert!(told.contains(says), "{says:?} in {told}");
        let listed = query::snapshots(&world.served.url);
        let fresh: Vec<&Listed> = listed.iter().filter(|one| makes.contains(&one.name.as_str())).collect();
        assert_eq!((fresh.len(), listed.len()), (makes.len(), before + makes.len()), "{told}\n{listed:?}");
        for snapshot in fresh {
            assert_eq!(tags(snapshot), *expected, "{told}");
        }
        before = listed.len();
    }
}

#[test]
fn what_people_type_makes_the_same_snapshots_in_every_shell() {
    side_by_side(SHELLS.into_iter().filter(|shell| has(shell)), hold_every_line);
}

/// A shell that a person sits before, with the prompt `shell> `.
pub fn interactive(world: &World, shell: &str) -> Session {
    let args: &[&str] = match shell {
        "bash" => &["--norc", "-i"],
        "zsh" => &["-f", "-i"],
        "fish" => &["--no-config", "-i", "-C", "function fish_prompt; echo 'shell> '; end"],
        _ => &["-i"],
    };
    let mut started = command(shell, world.home.path(), args);
    started.env("PS1", "shell> ");
    for (name, value) in world.command(&[]).get_envs() {
        started.env(name, value.unwrap_or_default());
    }
    Session::start(started, 100, 30)
}

/// Waits until the shell takes a line.
pub fn wait_for_prompt(session: &Session) {
    session.wait_until("a prompt", |screen| {
        screen.contents().lines().last().is_some_and(|line| line.trim_end() == "shell>")
    });
}

/// Sends keys in pieces, with a pause between them.
fn send_slowly(session: &mut Session, pieces: &[&str]) {
    for piece in pieces {
        session.send(piece);
        std::thread::sleep(Duration::from_millis(60));
    }
}

#[track_caller]
fn wait_for_name(session: &Session, name: &str) {
    session.wait_until(&format!("the identifier {name:?}"), |screen| {
        screen.contents().lines().any(|line| line.trim().trim_start_matches('▌') == name)
    });
}

fn hold_the_keys(shell: &str) {
    let world = World::with("", FLEET);
    let names = || query::snapshots(&world.served.url).into_iter().map(|one| one.name).collect::<Vec<_>>();
    let mut session = interactive(&world, shell);
    wait_for_prompt(&session);
    session.send(&format!("{PROGRAM}\r"));
    session.wait_for("orders");
    session.send("j");
    session.send("s");
    session.wait_for("New snapshot");
    // A key of other letters than the program's is text here; the field is emptied of it.
    send_slowly(&mut session, &["ы", "\x15", "a", "b"]);
    wait_for_name(&session, "ab");
    // An arrow in pieces, and one with alt as PuTTY and macOS send it.
    send_slowly(&mut session, &["\x1b", "[D", "x"]);
    wait_for_name(&session, "axb");
    send_slowly(&mut session, &["\x1b\x1b[D", "n"]);
    wait_for_name(&session, "naxb");
    session.send("\x13");
    session.wait_for("nothing is sent yet");
    session.send("3 days before Friday\ryes");
    session.settle(Duration::from_millis(200));
    session.wait_for("nothing is sent yet");
    assert_eq!(names(), Vec::<String>::new(), "{shell}");
    // Away and back: nothing is sent on the way, and the review is as it was.
    session.send("\x1a");
    wait_for_prompt(&session);
    session.send("fg\r");
    session.wait_for("nothing is sent yet");
    assert_eq!(names(), Vec::<String>::new(), "{shell}");
    session.send("y");
    session.wait_for("AWS is creating it");
    assert_eq!(names(), ["naxb"], "{shell}");
    session.send("q");
    wait_for_prompt(&session);
    session.send("echo st''ill here\r");
    session.wait_for("still here");
    session.send("exit\r");
    session.wait_for_end(PATIENCE);
    assert_eq!(names(), ["naxb"], "{shell}");
}

#[test]
fn keys_in_pieces_a_paste_and_a_suspension_do_the_same_under_every_shell() {
    side_by_side(SHELLS.into_iter().filter(|shell| has(shell)), hold_the_keys);
}
