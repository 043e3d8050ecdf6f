//! What things cost in instructions, counted by callgrind: a count is the same on a busy machine as on a quiet one, so
//! it holds the program to its figures where a clock cannot.
//!
//! `cargo test --test instructions -- --nocapture` prints them. They are of a build for tests, which is not optimised: what
//! they are good for is beside each other, from one change to the next.

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::path::Path;
use std::process::Command;
use support::program::{KEYS, PROGRAM};

use clustersnap::journal::Journal;
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use jiff::Timestamp;
use support::servers::simulated;
use support::stage::{self, Stage};
use support::years;

/// As many clusters as the AWS command line lists in three pages.
const CLUSTERS: usize = 251;
/// A journal of years.
const LINES: usize = 30_000;
/// How often the work that is counted is done, for whoever does it.
const ROUNDS: &str = "ROUNDS";
/// The folder of the journal, for whoever asks it.
const FOLDER: &str = "FOLDER";

/// The instructions of a program that runs to its end.
#[track_caller]
fn instructions(collect: &str, program: &str, args: &[&str], env: &[(&str, &str)]) -> u64 {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null", collect, program]).args(args);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", folder.path()).env("SSL_CERT_DIR", folder.path()).env("TZ", "UTC");
    let output = command.envs(env.iter().copied()).output().expect("valgrind is there: apt install valgrind");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{}", String::from_utf8_lossy(&output.stdout));
    let collected = told.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count);
    collected.and_then(|count| count.trim().parse().ok()).unwrap_or_else(|| panic!("no count in {told}"))
}

/// The instructions of one round of a piece of work below; what it takes to get there is not counted.
#[track_caller]
fn of_one_round(work: &str, rounds: u64, env: &[(&str, &str)]) -> u64 {
    let exe = std::env::current_exe().expect("this program");
    let rounds_given = rounds.to_string();
    let env = [env, &[(ROUNDS, rounds_given.as_str())]].concat();
    let args = ["--exact", "--ignored", "--test-threads=1", work];
    instructions("--toggle-collect=instructions::counted*", &exe.to_string_lossy(), &args, &env) / rounds
}

/// Shows a count, and holds it to a promise, in thousands: what was measured when it was made, and an eighth of it.
#[track_caller]
#[expect(clippy::print_stderr, reason = "the counts are what whoever runs it wants to see")]
fn hold(what: &str, count: u64, promised: u64) {
    let count = count / 1000;
    eprintln!("{what:<42} {count:>8} thousand instructions, promised {promised}");
    assert!(count <= promised, "{what}: {count} thousand instructions, and {promised} are promised");
    // Else the promise is worth nothing any more.
    assert!(count * 2 > promised, "{what}: {count} thousand instructions only: promise less than {promised}");
}

#[test]
fn a_move_of_the_cursor() {
    hold("a move among 251 clusters, with frame", of_one_round("moves", 8, &[]), 30_500);
}

#[test]
fn a_key_in_the_filter() {
    hold("four keys of a filter of 251 clusters", of_one_round("filters", 4, &[]), 103_500);
}

#[test]
fn a_list_of_251_clusters() {
    let (_, served) = simulated(Fleet::generated(CLUSTERS), FaultScript::default(), 1.0);
    let args = ["list", "--json", "--region", "eu-west-1", "--endpoint-url", &served.url];
    hold("list of 251 clusters", instructions("--collect-atstart=yes", PROGRAM, &args, &KEYS), 530_000);
}

#[test]
fn the_guard_of_the_journal() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("clustersnap");
    let open = years::write(&folder, LINES).expect("a journal can be written");
    // The first time its index is made.
    assert_eq!(ask(&folder), open);
    let env = [(FOLDER, folder.to_str().expect("a path"))];
    hold("open requests of a journal of 30,000 lines", of_one_round("asks", 8, &env), 3_700);
}

/// Finds the open requests, as every start of the program does.
fn ask(folder: &Path) -> usize {
    Journal::open(folder).open_requests(Timestamp::now()).expect("it can be read").records.len()
}

/// Does the work as often as is asked for. Callgrind begins to count where this is entered, and ends where it is left:
/// so nothing else may have its name, a closure in it neither.
#[inline(never)]
fn counted(mut work: impl FnMut()) {
    let Some(rounds) = std::env::var(ROUNDS).ok().and_then(|rounds| rounds.parse::<u64>().ok()) else {
        panic!("how often");
    };
    for _ in 0..rounds {
        work();
    }
}

/// Presses keys on the screen program with all clusters read, and draws a frame after each, as often as is asked for.
fn press(each_round: &[&str]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        let fleet = Fleet::generated(CLUSTERS);
        let mut stage = Stage::of_fleet((120, 30), stage::color(), fleet, FaultScript::default()).await;
        assert!(text(&stage).contains("Clusters  251 "), "{}", text(&stage));
        counted(|| {
            for key in each_round {
                drop(stage.press_only(key));
                drop(stage.frame());
            }
        });
    });
}

fn text(stage: &Stage) -> String {
    stage.frame().content().iter().map(ratatui::buffer::Cell::symbol).collect()
}

#[test]
#[ignore = "counted by a test above"]
fn moves() {
    press(&["j"]);
}

#[test]
#[ignore = "counted by a test above"]
fn filters() {
    press(&["/", "2", "5", "esc"]);
}

#[test]
#[ignore = "counted by a test above"]
fn asks() {
    let folder = std::env::var(FOLDER).expect("a folder");
    counted(|| {
        ask(Path::new(&folder));
    });
}
