//! What has no end, or cannot be sent: an error that names it, little memory, and nothing left running.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::support::program::{self, PROGRAM, service};
use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::truth::{holds_true, truth};
use super::world::*;

/// The most resident memory, in KiB: more than any command has use for.
const MEMORY: u64 = 300 * 1024;
/// How long a command may take to its error.
const PATIENCE: Duration = Duration::from_secs(45);

/// A command that the machine survives: it has 4 GB of addresses and no more.
fn bounded(desk: &Desk, words: &str) -> Command {
    let mut command = program::command("sh", desk.home.path());
    command.args(["-c", "ulimit -v 4000000; exec \"$0\" \"$@\"", PROGRAM]);
    command.args(words.split_whitespace());
    command.envs(service(&desk.url));
    command
}

/// Runs a command to its end, which comes in time and without much memory.
#[track_caller]
fn run(command: &mut Command) -> Told {
    let mut running = Running::start(command);
    let ends = running.ends_in(PATIENCE);
    let told = if ends { running.told() } else { running.kill() };
    assert!(ends, "it does not end: {told}");
    assert!(told.peak < MEMORY, "{} MiB: {told}", told.peak / 1024);
    told
}

#[test]
fn an_answer_without_an_end_is_given_up_before_it_fills_the_memory() {
    let sim = Sim::start();
    let cases = [
        (CLUSTERS, "list --json"),
        (LOOK_UP, "snapshots --json"),
        (LOOK_UP, "create orders --name endless-look-up --json"),
        (CLUSTERS, "create orders --name endless-clusters --json"),
        (CALLER, "create orders --name endless-caller --json"),
        (CREATE, "create orders --name endless-create --json"),
    ];
    side_by_side(cases, |(action, words)| {
        let proxy = Proxy::start(&sim.url, move |asked: &Asked, road: &Road| {
            if asked.action != action {
                return honest(asked, road);
            }
            road.pass(asked);
            Back::Endless(Answer::page("200 OK", &"<more>and more</more>".repeat(3_000)))
        });
        let told = run(&mut bounded(&Desk::new(&proxy.url), words));
        let name = words.split_whitespace().nth(3).unwrap_or_default();
        if name.starts_with("endless") {
            holds_true(&told, truth(&proxy, &sim.url, name));
        } else {
            assert_ne!(told.code, Some(0), "{told}");
            told.envelope();
        }
        match action {
            CREATE => assert_eq!(told.outcome().as_deref(), Some("found_again"), "{told}"),
            // Who asks is optional.
            CALLER => assert_eq!(told.outcome().as_deref(), Some("created"), "{told}"),
            _ => {}
        }
    });
}

#[test]
fn a_file_without_an_end_is_named_before_it_fills_the_memory() {
    let sim = Sim::start();
    let cases = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE", "TZ", "--tags-file"];
    side_by_side(cases, |what| {
        let desk = Desk::new(&sim.url);
        let told = match what {
            "--tags-file" => run(&mut bounded(&desk, "create orders --dry-run --tags-file /dev/zero --json")),
            "TZ" => run(bounded(&desk, "list --json").env("TZ", ":/dev/zero")),
            variable => run(bounded(&desk, "list --json").env(variable, "/dev/zero")),
        };
        told.envelope();
        if what != "TZ" {
            assert_ne!(told.code, Some(0), "{told}");
            let named = told.err.contains("/dev/zero") || told.err.contains(what);
            assert!(named, "it is not named: {told}");
        }
    });
}

#[test]
fn a_configuration_without_an_end_is_named_before_it_fills_the_memory() {
    let sim = Sim::start();
    let desk = Desk::new(&sim.url);
    desk.file(".config/clustersnap/x", "");
    let path = desk.home.path().join(".config/clustersnap/config.toml");
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    let told = run(&mut bounded(&desk, "create orders --dry-run --json"));
    told.envelope();
    assert!(told.err.contains("config.toml"), "{told}");
}

/// A desk without keys in its environment, whose credentials a program gives.
fn with_process(url: &str, process: &str, words: &str) -> (Desk, Command) {
    let desk = Desk::new(url);
    desk.file(".aws/config", &format!("[default]\nregion = eu-west-1\ncredential_process = {process}\n"));
    let mut command = bounded(&desk, words);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(name);
    }
    (desk, command)
}

#[test]
fn a_credential_process_without_an_end_is_named_before_it_fills_the_memory() {
    let sim = Sim::start();
    let both = "sh -c \"cat /dev/zero >&2\"";
    side_by_side(["cat /dev/zero", "yes", both], |process| {
        let (_desk, mut command) = with_process(&sim.url, process, "list --json");
        let told = run(&mut command);
        told.envelope();
        assert_ne!(told.code, Some(0), "{told}");
        assert!(told.err.contains("credential_process"), "it is not named: {told}");
    });
}

/// A program that hangs, and one that it started.
const HANGS: &str = "#!/bin/sh\necho $$ > \"$HOME/one\"\nsleep 300 &\necho $! > \"$HOME/two\"\nwait\n";

/// Whether a process runs: one that has ended may still wait for somebody to take notice.
fn is_running(process: Pid) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.as_raw_nonzero()));
    status.is_ok_and(|status| !status.contains("State:\tZ"))
}

#[test]
fn a_credential_process_that_hangs_ends_with_the_program() {
    let sim = Sim::start();
    side_by_side([Signal::INT, Signal::TERM, Signal::HUP], |signal| {
        let (desk, mut command) = with_process(&sim.url, "placeholder", "list --json");
        let script = desk.home.path().join("hangs.sh");
        std::fs::write(&script, HANGS).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
        let config = format!("[default]\nregion = eu-west-1\ncredential_process = {}\n", script.display());
        desk.file(".aws/config", &config);
        let pid = |file: &str| {
            let text = std::fs::read_to_string(desk.home.path().join(file)).ok()?;
            Pid::from_raw(text.trim().parse().ok()?)
        };
        let mut running = Running::start(&mut command);
        running.ends_before(Duration::from_secs(20), |_| pid("two").is_some());
        let processes = [pid("one").unwrap(), pid("two").unwrap()];
        running.signal(signal);
        let ends = running.ends_in(Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(500));
        let left: Vec<bool> = processes.iter().map(|process| is_running(*process)).collect();
        for process in processes {
            let _ = kill_process(process, Signal::KILL);
        }
        assert!(ends, "the program goes on");
        assert_eq!(left, [false, false], "left running");
    });
}

#[test]
fn credentials_that_cannot_be_sent_are_refused_in_the_commands_own_words() {
    let sim = Sim::start();
    let cases = [
        ("AWS_ACCESS_KEY_ID", "AKIA\r"),
        ("AWS_ACCESS_KEY_ID", "AKIA\nX-Amz-Other: 1"),
        ("AWS_ACCESS_KEY_ID", "AKIA\u{7f}"),
        ("AWS_SESSION_TOKEN", "tok\nen"),
        ("AWS_SESSION_TOKEN", "tok\u{1}en"),
    ];
    for words in ["list --json", "create orders --name unsent --json"] {
        side_by_side(cases, |(variable, value)| {
            let desk = Desk::new(&sim.url);
            let told = run(bounded(&desk, words).env(variable, value));
            told.envelope();
            assert!([Some(7), Some(2)].contains(&told.code), "{told}");
            assert!(!told.words().contains("panic"), "{told}");
            assert!(told.err.contains(variable) || told.words().contains("credentials"), "{told}");
        });
    }
}

#[test]
fn credentials_in_files_that_cannot_be_sent_are_refused_too() {
    let sim = Sim::start();
    let json =
        r#"printf '{"Version":1,"AccessKeyId":"AKIA\\r","SecretAccessKey":"s","SessionToken":"a\\nb"}'"#;
    let (_desk, mut command) = with_process(&sim.url, json, "list --json");
    let told = run(&mut command);
    told.envelope();
    assert!([Some(7), Some(2)].contains(&told.code), "{told}");
}
