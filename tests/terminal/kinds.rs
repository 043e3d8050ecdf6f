//! Every kind of terminal, locale and failure at the start.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::pty::{Session, clustersnap, command};
use super::support::program::PROGRAM;
use super::{END, assert_clean};

const KINDS: [&str; 6] = ["xterm-256color", "xterm", "screen", "tmux-256color", "linux", "vt100"];

#[test]
fn every_kind_of_terminal_shows_the_program_and_is_left_as_it_was() {
    for term in KINDS {
        let home = tempfile::tempdir().expect("a folder");
        let mut demo = clustersnap(home.path(), &["--demo"]);
        demo.env("TERM", term);
        let mut session = Session::start(demo, 80, 24);
        session.wait_for("orders-prod");
        session.send("?");
        session.wait_for("Keys");
        session.send("q");
        session.wait_for("orders-prod");
        let screen = session.screen();
        let has_symbols = !screen.is_ascii();
        assert_eq!(has_symbols, !matches!(term, "linux" | "vt100"), "{term}:\n{screen}");
        let is_colored = has_color(&session.since(0));
        assert_eq!(is_colored, term != "vt100", "{term}");
        session.send("q");
        assert_eq!(session.wait_for_end(END), 0, "{term}");
        assert_clean(&session);
    }
}

#[test]
fn a_locale_without_utf8_and_the_flag_get_ascii_and_nothing_else() {
    let cases: [(&[&str], &str, &str); 4] = [
        (&["--demo"], "LC_ALL", "C"),
        (&["--demo"], "LC_ALL", "en_US.ISO-8859-1"),
        (&["--demo"], "LANG", "POSIX"),
        (&["--demo", "--ascii"], "LC_ALL", "C.UTF-8"),
    ];
    for (args, name, locale) in cases {
        let home = tempfile::tempdir().expect("a folder");
        let mut demo = clustersnap(home.path(), args);
        demo.env(name, locale);
        let mut session = Session::start(demo, 80, 24);
        session.wait_for("orders-prod");
        for keys in ["d", "\x1b", "s", "\x0e\u{e9}\u{202e}", "\x1b"] {
            session.send(keys);
            session.settle(Duration::from_millis(150));
        }
        session.wait_for("Clusters");
        session.send("q");
        assert_eq!(session.wait_for_end(END), 0);
        assert!(session.since(0).is_ascii(), "{name}={locale} {args:?}");
    }
}

#[test]
fn without_colour_there_are_words_and_bold_still() {
    let home = tempfile::tempdir().expect("a folder");
    let mut demo = clustersnap(home.path(), &["--demo"]);
    demo.env("NO_COLOR", "1");
    let mut session = Session::start(demo, 80, 24);
    session.wait_for("backing-up");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    let bytes = session.since(0);
    assert!(!has_color(&bytes));
    assert!(bytes.windows(4).any(|window| window == b"\x1b[1m"));
}

#[test]
fn doctor_says_where_no_screen_can_be_shown() {
    let home = tempfile::tempdir().expect("a folder");
    let mut doctor = clustersnap(home.path(), &["doctor", "--demo"]);
    doctor.env("TERM", "dumb");
    let mut session = Session::start(doctor, 120, 40);
    session.wait_for("dumb, no screen can be shown");
    session.wait_for("0 failed, 1 to look at twice");
    assert_eq!(session.wait_for_end(END), 0);
}

/// Whether any sequence sets one of the colours.
fn has_color(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).into_owned();
    text.split("\x1b[").filter_map(|rest| rest.split_once('m')).any(|(codes, _)| {
        codes
            .split(';')
            .filter_map(|code| code.parse::<u8>().ok())
            .any(|code| matches!(code, 30..=38 | 40..=48 | 90..=107))
    })
}

/// The system lets the program have so many threads and no more: wherever in its start the next one is
/// refused, the terminal is as it was.
#[test]
fn a_start_that_fails_half_way_leaves_the_terminal_as_it_was() {
    // The limit counts for a user who runs nothing else, not even this test of another checkout, and never for root.
    let user = (54_000 + std::process::id() % 10_000).to_string();
    let binary = Path::new(PROGRAM);
    let as_user = |limit: &str| {
        let limit = format!("--nproc={limit}");
        ["--reuid", &user, "--clear-groups", "prlimit", &limit].map(str::to_owned)
    };
    let can_be_done = Command::new("setpriv").args(as_user("64")).arg(binary).arg("--version").output();
    if !can_be_done.is_ok_and(|output| output.status.success()) {
        let why = "not tested: a start that fails half-way, which takes root, setpriv and prlimit";
        std::io::Write::write_all(&mut std::io::stderr(), why.as_bytes()).expect("standard error");
        return;
    }
    let mut half_way = 0;
    for limit in 1..=8_u8 {
        let home = tempfile::tempdir().expect("a folder");
        let args = as_user(&limit.to_string());
        let args: Vec<&str> =
            args.iter().map(String::as_str).chain([binary.to_str().expect("UTF-8"), "--demo"]).collect();
        let mut session = Session::start(command("setpriv", home.path(), &args), 80, 24);
        session.wait_until("the program's screen, or its end", |screen| {
            screen.alternate_screen() || screen.contents().contains("clustersnap")
        });
        session.settle(Duration::from_millis(300));
        if session.exit_code().is_none() {
            session.send("q");
        }
        let code = session.wait_for_end(END);
        if code != 0 && session.since(0).starts_with(b"\x1b[?1049h") {
            half_way += 1;
        }
        assert_clean(&session);
    }
    assert!(half_way > 0, "no start failed after the terminal had been taken");
}
