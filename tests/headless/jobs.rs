//! Jobs of a shell: what was ignored at the start stays ignored, and in the background nothing is drawn.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::every_shell::{SHELLS, has, interactive, wait_for_prompt};
use super::pty::{PATIENCE, Session};
use super::support::cases::side_by_side;
use super::support::program::PROGRAM;
use super::support::query;
use super::world::{Run, World, ended};

/// A cluster that becomes available soon, and one whose snapshot takes a while.
const FLEET: &str = r#"
[[cluster]]
identifier = "busy"
engine = "aurora-postgresql"
status = "backing-up"
available_after = "2s"
snapshot_takes = "1s"

[[cluster]]
identifier = "slow"
engine = "mysql"
snapshot_takes = "60s"
"#;

/// Runs a line in a shell, sends the program signals once it asks the service, and waits for the end.
#[track_caller]
fn run_through(world: &World, shell: &str, line: &str, signals: &[Signal]) -> Option<Run> {
    let mut command = Command::new(shell);
    let plain = world.command(&[]);
    command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(world.home.path()).args(["-c", line]).stdin(Stdio::null());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().ok()?;
    let calls = world.simulator.calls("DescribeDBClusters");
    let deadline = Instant::now() + PATIENCE;
    while world.simulator.calls("DescribeDBClusters") == calls {
        assert!(Instant::now() < deadline, "{shell}: {line} asks nothing");
        std::thread::sleep(Duration::from_millis(10));
    }
    let number = std::fs::read_to_string(world.home.path().join("number")).unwrap();
    let pid = Pid::from_raw(number.trim().parse().unwrap()).unwrap();
    for signal in signals {
        kill_process(pid, *signal).unwrap();
    }
    Some(ended(child.wait_with_output().unwrap()))
}

#[test]
fn what_was_ignored_at_the_start_stays_ignored_while_a_command_waits() {
    let program = PROGRAM;
    let create = format!("{program} create busy --when-available --wait --json");
    let cases = [
        (format!("trap '' HUP; echo $$ > number; exec {create} --name n1"), vec![Signal::HUP]),
        (
            format!("trap '' INT TERM; echo $$ > number; exec {create} --name n2"),
            vec![Signal::INT, Signal::TERM],
        ),
        (format!("echo $$ > number; exec nohup {create} --name n3 2>/dev/null"), vec![Signal::HUP]),
        (format!("{create} --name n4 & echo $! > number; wait $!"), vec![Signal::INT]),
    ];
    std::thread::scope(|scope| {
        for shell in ["sh", "bash", "dash", "zsh"] {
            for (line, signals) in &cases {
                // An interactive zsh alone ignores signals for its jobs.
                if shell == "zsh" && line.contains("n4") {
                    continue;
                }
                scope.spawn(move || {
                    let world = World::with("", FLEET);
                    let Some(run) = run_through(&world, shell, line, signals) else { return };
                    assert_eq!(run.code, 0, "{shell}: {line}: {}{}", run.out, run.err);
                    assert!(run.out.contains("\"status\":\"available\""), "{shell}: {line}: {}", run.out);
                });
            }
        }
    });
}

#[test]
fn what_was_not_ignored_ends_it() {
    let world = World::with("", FLEET);
    let line = format!("trap '' HUP; echo $$ > number; exec {PROGRAM} create busy --when-available --name e");
    let run = run_through(&world, "sh", &line, &[Signal::HUP, Signal::TERM]).unwrap();
    assert_eq!(run.code, 130, "{}", run.err);
}

/// Waits for something of the program, as the service or the terminal shows it.
#[track_caller]
fn wait_until(what: &str, session: &Session, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "waited for {what}:\n{}", session.screen());
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn type_beside_a_job(shell: &str) {
    let world = World::with("", FLEET);
    let mut session = interactive(&world, shell);
    wait_for_prompt(&session);
    session.send(&format!("{PROGRAM} create slow --name {shell} --wait\r"));
    session.wait_for("[.");
    session.send("\x1a");
    wait_for_prompt(&session);
    session.send("bg\r");
    session.settle(Duration::from_millis(300));
    let mark = session.mark();
    let told = |session: &Session| String::from_utf8_lossy(&session.since(mark)).into_owned();
    session.send("echo half a li");
    session.wait_for("half a li");
    let calls = || world.simulator.calls("DescribeDBClusterSnapshots");
    let before = calls();
    wait_until(&format!("{shell}: two looks more"), &session, || calls() >= before + 2);
    session.settle(Duration::from_millis(100));
    // The lines of zsh and fish begin with a clearing of their own.
    let is_cleared = told(&session).contains("\r\u{1b}[K") && matches!(shell, "bash" | "dash");
    assert!(!is_cleared && !told(&session).contains(".]"), "{shell}: {:?}", told(&session));
    assert!(session.screen().contains("half a li"), "{shell}: {}", session.screen());
    let mark = session.mark();
    session.send("\x15");
    session.send("fg\r");
    wait_until(&format!("{shell}: the bar"), &session, || {
        let told = String::from_utf8_lossy(&session.since(mark)).into_owned();
        told.contains("\r\u{1b}[K") && told.contains(".]")
    });
    session.send("\x03");
    session.wait_for("goes on");
    assert_eq!(query::snapshots(&world.served.url).len(), 1, "{shell}");
}

#[test]
fn in_the_background_nothing_is_drawn_over_what_is_typed_and_in_front_the_bar_is_back() {
    side_by_side(SHELLS.into_iter().filter(|shell| has(shell)), type_beside_a_job);
}
