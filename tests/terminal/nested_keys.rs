//! Keys in tmux and GNU screen, from terminals that write them in their own ways.

use std::time::Duration;

use super::elsewhere::skip;
use super::keys::{has_name, wait_for_name};
use super::nested::{Nest, has, screen, tmux};
use super::pty::{PATIENCE, Session};
use super::support::cases::side_by_side;
use super::support::program::PROGRAM;

/// What a terminal of a kind sends, and what becomes of the identifier `ab` with an `x` typed after it.
const KEYS: [(&str, &[&[u8]], &str); 7] = [
    ("xterm-256color", &[b"\x1b[D"], "axb"),
    ("xterm-256color", &[b"\x1b", b"[D"], "axb"),
    ("xterm-256color", &[b"\x1b[1;5D"], "xab"),
    // PuTTY and the Terminal of macOS, with alt.
    ("xterm-256color", &[b"\x1b\x1b[D"], "xab"),
    // rxvt, with alt and with ctrl.
    ("rxvt", &[b"\x1b\x1b[D"], "xab"),
    ("rxvt", &[b"\x1bOd"], "xab"),
    ("rxvt", &[b"\x1b[7~"], "xab"),
];

fn press(what: &str, start: &str, (term, keys, name): (&str, &[&[u8]], &str)) {
    let nest = Nest::new();
    let mut command = nest.command("sh", &["-c", start]);
    command.env("TERM", term);
    let mut session = Session::start(command, 100, 30);
    session.wait_for("orders-prod");
    session.send("s");
    session.wait_for("New snapshot");
    for key in ["\x15", "a", "b"] {
        session.send(key);
        std::thread::sleep(Duration::from_millis(30));
    }
    wait_for_name(&session, "ab");
    for part in keys {
        session.send_bytes(part);
        std::thread::sleep(Duration::from_millis(60));
    }
    // The multiplexer's own patience with an escape.
    session.settle(Duration::from_millis(600));
    session.send("x");
    session
        .wait_until(&format!("{name} after {keys:?} of {term} in {what}"), |screen| has_name(screen, name));
    session.send("\x03");
    session.wait_for_end(PATIENCE);
}

#[test]
fn the_keys_of_other_terminals_arrive_through_tmux_and_screen() {
    if !has("screen", "-v") || !has("tmux", "-V") {
        return skip("keys through a multiplexer: screen or tmux is not installed");
    }
    let program = format!("{PROGRAM} --demo");
    let places = [("screen", screen(&program)), ("tmux", tmux("outer", &format!("'{program}'")))];
    let cases = places.iter().flat_map(|(what, start)| KEYS.map(|keys| (*what, start, keys)));
    side_by_side(cases, |(what, start, keys)| press(what, start, keys));
}
