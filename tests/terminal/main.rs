//! The terminal is never left in a mess, and the program never outlives it.

mod changes;
mod chosen;
mod elsewhere;
mod fleet;
mod full_disk;
mod hostile;
mod keys;
mod killed_changes;
mod kinds;
mod nested;
mod nested_keys;
mod places;
mod removals;
mod screens;
mod slow_link;
mod ssh;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;
mod worst_first;

use support::hostile as hostile_text;
use support::program::PROGRAM;
use support::pty;

use std::time::Duration;

use clustersnap::runtime::terminal;
use pty::{Session, clustersnap, clustersnap_at, command};
use rustix::process::Signal;
use tempfile::TempDir;

const END: Duration = Duration::from_secs(2);
/// What the first frame shows.
const START: &str = "clustersnap";

struct Running {
    session: Session,
    _home: TempDir,
}

fn start_demo(columns: u16, rows: u16) -> Running {
    let home = tempfile::tempdir().expect("a folder");
    let session = Session::start(clustersnap(home.path(), &["--demo"]), columns, rows);
    session.wait_for(START);
    Running { session, _home: home }
}

/// What every end must have done: settings as before, the normal screen, the cursor, no modes left on.
fn assert_clean(session: &Session) {
    assert_eq!(session.settings(), session.settings_before);
    session.wait_until("the normal screen", |screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    });
    let bytes = session.since(0);
    let count = |sequence: &[u8]| bytes.windows(sequence.len()).filter(|window| *window == sequence).count();
    for (on, off) in
        [("\x1b[?1049h", "\x1b[?1049l"), ("\x1b[?2004h", "\x1b[?2004l"), ("\x1b[?1004h", "\x1b[?1004l")]
    {
        assert_eq!(count(on.as_bytes()), count(off.as_bytes()), "{on:?}");
    }
}

#[test]
fn quitting_leaves_the_terminal_as_it_was() {
    let Running { mut session, .. } = start_demo(80, 24);
    assert_ne!(session.settings(), session.settings_before, "raw mode is on while it runs");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_clean(&session);
}

#[test]
fn every_signal_that_ends_it_leaves_the_terminal_as_it_was() {
    let signals = [
        (Signal::TERM, 143),
        (Signal::INT, 130),
        (Signal::HUP, 129),
        (Signal::QUIT, 131),
        (Signal::USR1, 138),
        (Signal::XCPU, 152),
    ];
    for (signal, code) in signals {
        let Running { mut session, .. } = start_demo(80, 24);
        session.signal(signal);
        assert_eq!(session.wait_for_end(END), code, "{signal:?}");
        assert_clean(&session);
    }
}

#[test]
fn a_panic_in_a_task_gives_the_terminal_back_before_it_says_what_broke() {
    let home = tempfile::tempdir().expect("a folder");
    let this = std::env::current_exe().expect("this test");
    let args = ["--exact", "in_a_terminal_of_its_own_a_task_panics", "--ignored", "--nocapture"];
    let mut session = Session::start(command(&this.to_string_lossy(), home.path(), &args), 80, 24);
    session.wait_for("clustersnap broke: \\u{1b}[31mboom");
    session.wait_for("it looks up every request that its journal has open");
    session.wait_for_end(END);
    assert_clean(&session);
}

#[test]
#[ignore = "run by the test above, in a terminal of its own"]
fn in_a_terminal_of_its_own_a_task_panics() {
    let ended = std::sync::Arc::new(tokio::sync::Notify::new());
    clustersnap::runtime::panics::install(&ended);
    let guard = terminal::take().expect("a terminal");
    let taken = [terminal::ENTER, terminal::MODES].concat();
    terminal::write(&taken, terminal::turn()).expect("a terminal");
    let tokio = tokio::runtime::Runtime::new().expect("threads");
    tokio.block_on(async {
        tokio::spawn(async { panic!("\x1b[31mboom") });
        ended.notified().await;
    });
    drop(guard);
}

#[test]
fn a_suspension_gives_the_terminal_to_the_shell_and_comes_back_repainted() {
    let home = tempfile::tempdir().expect("a folder");
    let mut shell = command("sh", home.path(), &["-i"]);
    shell.env("PS1", "shell> ");
    let mut session = Session::start(shell, 80, 24);
    wait_for_prompt(&session);
    session.send("stty -g > before\r");
    session.wait_for("before\n");
    wait_for_prompt(&session);
    session.send(&format!("{PROGRAM} --demo\r"));
    session.wait_until("the screen of the program", vt100::Screen::alternate_screen);
    session.wait_for(START);
    std::thread::sleep(Duration::from_secs(1));
    let shown = session.screen();
    session.send("\x1a");
    session.wait_until("the shell's screen", |screen| {
        !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
    });
    wait_for_prompt(&session);
    session.send("stty -g > between; echo suspen''ded\r");
    session.wait_for("suspended");
    wait_for_prompt(&session);
    session.send("fg\r");
    session.wait_until("the same again", |screen| {
        screen.alternate_screen() && alike(&screen.contents(), &shown)
    });
    session.send("q");
    wait_for_prompt(&session);
    session.send("stty -g > after; echo comp''ared\r");
    session.wait_for("compared");
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).expect("the shell wrote it");
    assert_eq!(read("between"), read("before"));
    assert_eq!(read("after"), read("before"));
}

#[test]
fn a_frame_drawn_around_a_suspension_does_not_land_on_the_shells_screen() {
    let home = tempfile::tempdir().expect("a folder");
    let mut shell = command("sh", home.path(), &["-i"]);
    shell.env("PS1", "shell> ");
    // By a short name: what the shell says of a long path wraps, and would look like the end of a frame.
    let program = "./c --demo";
    std::os::unix::fs::symlink(PROGRAM, home.path().join("c")).expect("a link");
    let mut session = Session::start(shell, 80, 24);
    wait_for_prompt(&session);
    session.send(&format!("{program}\r"));
    session.wait_until("the screen of the program", vt100::Screen::alternate_screen);
    session.wait_for(START);
    for _ in 0..20 {
        // The frame for the key is drawn when the program goes on, before the terminal is set up again.
        session.send("j\x1a");
        session.wait_until("the shell's screen", |screen| !screen.alternate_screen());
        wait_for_prompt(&session);
        session.send("fg\r");
        session.wait_until("the program's screen", |screen| {
            screen.alternate_screen() && screen.contents().contains("Clusters")
        });
    }
    session.send("q");
    wait_for_prompt(&session);
    let foreign = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with("shell>") && !line.contains(program)
    };
    let screen = session.screen();
    assert_eq!(screen.lines().filter(foreign).collect::<Vec<_>>(), Vec::<&str>::new(), "{screen}");
}

/// A shell throws away what is typed before it takes the terminal over.
fn wait_for_prompt(session: &Session) {
    session.wait_until("a prompt", |screen| {
        screen.contents().lines().last().is_some_and(|line| line.trim() == "shell>")
    });
}

/// Whether two screens are the same apart from ages and times that move on.
fn alike(a: &str, b: &str) -> bool {
    let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    first(a) == first(b) && a.lines().count() == b.lines().count()
}

#[test]
fn a_shell_without_job_control_is_not_stopped_for_good() {
    let home = tempfile::tempdir().expect("a folder");
    let script = format!("{PROGRAM} --demo; echo over");
    let mut session = Session::start(command("sh", home.path(), &["-c", &script]), 80, 24);
    session.wait_for(START);
    session.send("\x1a");
    session.wait_for("no shell");
    session.send("q");
    session.wait_for("over");
    assert_eq!(session.wait_for_end(END), 0);
}

#[test]
fn the_title_and_the_screen_are_taken_once_however_often_the_program_is_stopped() {
    let Running { mut session, .. } = start_demo(80, 24);
    for _ in 0..3 {
        session.signal(Signal::STOP);
        std::thread::sleep(Duration::from_millis(100));
        session.signal(Signal::CONT);
        session.settle(Duration::from_millis(200));
    }
    session.settle(Duration::from_millis(200));
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    session.settle(Duration::from_millis(200));
    let bytes = String::from_utf8_lossy(&session.since(0)).into_owned();
    for (taken, given_back) in [("\x1b[22;2t", "\x1b[23;2t"), ("\x1b[?1049h", "\x1b[?1049l")] {
        let counts = (bytes.matches(taken).count(), bytes.matches(given_back).count());
        assert_eq!(counts, (1, 1), "{taken:?}");
    }
}

#[test]
fn without_a_shell_to_go_back_to_it_does_not_stop() {
    let Running { mut session, .. } = start_demo(80, 24);
    session.send("\x1a");
    session.wait_for("no shell");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}

#[test]
fn when_the_terminal_vanishes_it_ends_within_two_seconds_without_spinning() {
    for is_hang_up_ignored in [false, true] {
        let home = tempfile::tempdir().expect("a folder");
        let binary = PROGRAM;
        let trap = if is_hang_up_ignored { "trap '' HUP; " } else { "" };
        let script = format!("{trap}exec {binary} --demo");
        let mut session = Session::start(command("sh", home.path(), &["-c", &script]), 80, 24);
        session.wait_for(START);
        session.settle(Duration::from_millis(500));
        let before = session.cpu_time();
        let pid = session.pid();
        session.hang_up();
        let mut used = Duration::ZERO;
        let since = std::time::Instant::now();
        while session.exit_code().is_none() {
            used = used.max(pty::cpu_time(pid).saturating_sub(before));
            assert!(since.elapsed() < END, "it lives on, ignoring SIGHUP: {is_hang_up_ignored}");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(used <= Duration::from_millis(200), "{used:?} of processor time");
    }
}

#[test]
fn on_a_link_that_has_stalled_it_still_quits() {
    let Running { mut session, .. } = start_demo(200, 60);
    session.settle(Duration::from_millis(300));
    session.stall();
    // Enough frames to fill the terminal's buffer.
    for round in 0..60 {
        session.resize(180 + round % 2, 60);
        std::thread::sleep(Duration::from_millis(20));
    }
    session.send("q");
    session.wait_for_end(END);
}

#[test]
fn it_quits_at_once_while_every_request_hangs() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("it is bound"));
    let home = tempfile::tempdir().expect("a folder");
    let command = clustersnap_at(&url, home.path(), &[]);
    let mut session = Session::start(command, 80, 24);
    session.wait_for(START);
    session.settle(Duration::from_millis(300));
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_clean(&session);
}

#[test]
fn every_frame_is_one_synchronized_update_and_arrives_in_one_piece() {
    let Running { mut session, .. } = start_demo(80, 24);
    let mark = session.settle(Duration::from_millis(700));
    for _ in 0..5 {
        session.send("j");
        std::thread::sleep(Duration::from_millis(150));
    }
    session.settle(Duration::from_millis(50));
    let pieces: Vec<String> =
        session.pieces_since(mark).iter().map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    assert!(pieces.concat().matches("\x1b[?2026h").count() >= 5, "{pieces:?}");
    // A busy machine may read two frames at once, and never a part of one.
    for piece in &pieces {
        assert!(piece.starts_with("\x1b[?2026h") && piece.ends_with("\x1b[?2026l"), "{pieces:?}");
    }
}

#[test]
fn a_storm_of_resizes_costs_at_most_a_frame_each_33_ms_and_ends_right() {
    let Running { mut session, .. } = start_demo(80, 24);
    let mark = session.settle(Duration::from_millis(300));
    let since = std::time::Instant::now();
    for round in 0..500_u16 {
        session.resize(20 + round % 100, 5 + round % 40);
        std::thread::sleep(Duration::from_millis(2));
    }
    session.resize(80, 24);
    session.settle(Duration::from_millis(300));
    let frames = String::from_utf8_lossy(&session.since(mark)).matches("\x1b[?2026h").count();
    let allowed = since.elapsed().as_millis() / 33 + 2;
    assert!(u128::try_from(frames).expect("few") <= allowed, "{frames} frames, {allowed} allowed");
    session.wait_for(START);
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}

#[test]
fn a_terminal_of_one_cell_is_survived() {
    let home = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(clustersnap(home.path(), &["--demo"]), 1, 1);
    session.wait_until("the program's screen", vt100::Screen::alternate_screen);
    session.settle(Duration::from_millis(300));
    session.send("jk?");
    session.settle(Duration::from_millis(300));
    session.send("\x1b");
    session.settle(Duration::from_millis(300));
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_clean(&session);
}

#[test]
fn without_a_capable_terminal_it_says_what_to_use_instead() {
    let home = tempfile::tempdir().expect("a folder");
    let mut dumb = clustersnap(home.path(), &["--demo"]);
    dumb.env("TERM", "dumb");
    let mut session = Session::start(dumb, 80, 24);
    assert_eq!(session.wait_for_end(END), 2);
    session.wait_for("TERM is \"dumb\"");
    session.wait_for("--help");
    assert_clean(&session);

    let output = std::process::Command::new(PROGRAM).arg("--demo").output();
    let output = output.expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no terminal"));
    assert!(output.stdout.is_empty());
}

#[test]
fn text_pasted_without_marks_does_not_act_as_keys() {
    let home = tempfile::tempdir().expect("a folder");
    let mut console = clustersnap(home.path(), &["--demo"]);
    console.env("TERM", "linux");
    let mut session = Session::start(console, 80, 24);
    session.wait_for("orders-prod");
    session.send("s");
    session.wait_for("New snapshot");
    session.send("\x13");
    session.wait_for("nothing is sent yet");
    session.send("may\ry\ryes");
    session.settle(Duration::from_millis(300));
    session.wait_for("nothing is sent yet");
    session.send("y");
    session.wait_for("AWS is creating it");
}

#[test]
fn copying_hands_the_text_to_the_terminal_and_nothing_else_does() {
    let Running { mut session, .. } = start_demo(80, 24);
    session.wait_for("accounts-eu");
    assert!(!session.since(0).windows(4).any(|window| window == b"\x1b]52"));
    let mark = session.mark();
    session.send("y");
    session.settle(Duration::from_millis(200));
    // The first cluster, "accounts-eu", in base64.
    let copied = String::from_utf8_lossy(&session.since(mark)).into_owned();
    assert!(copied.contains("\x1b]52;c;YWNjb3VudHMtZXU=\x07"), "{copied:?}");
}
