//! Keys over slow links, pastes without marks, and keyboards that have other letters.

use std::time::{Duration, Instant};

use super::pty::Session;
use super::{END, Running, start_demo};

/// A form whose identifier is `ab`, with the cursor at its end.
fn start_form() -> Running {
    let mut running = start_demo(80, 24);
    let session = &mut running.session;
    session.wait_for("orders-prod");
    session.send("s");
    session.wait_for("New snapshot");
    session.send("\x15");
    session.send("a");
    session.send("b");
    wait_for_name(session, "ab");
    running
}

fn start_review() -> Running {
    let mut running = start_form();
    running.session.send("\x13");
    running.session.wait_for("nothing is sent yet");
    running
}

/// Waits until the form's identifier is a text.
#[track_caller]
pub fn wait_for_name(session: &Session, name: &str) {
    session.wait_until(&format!("the identifier {name:?}"), |screen| has_name(screen, name));
}

/// Whether the form's identifier is a text.
pub fn has_name(screen: &vt100::Screen, name: &str) -> bool {
    screen.contents().lines().any(|line| line.trim().trim_start_matches('▌') == name)
}

/// Sends keys in pieces, with a pause between them, as a slow link hands them on.
fn send_slowly(session: &mut Session, pieces: &[&[u8]], pause: Duration) {
    for piece in pieces {
        session.send_bytes(piece);
        std::thread::sleep(pause);
    }
}

/// Sends a text as a serial line hands it on; whether no character was held up.
fn hands_on(session: &mut Session, text: &str) -> bool {
    let mut longest = Duration::ZERO;
    for character in text.as_bytes().chunks(1) {
        let sent = Instant::now();
        session.send_bytes(character);
        std::thread::sleep(Duration::from_millis(1));
        longest = longest.max(sent.elapsed());
    }
    longest < Duration::from_millis(5)
}

#[test]
fn a_sequence_in_pieces_is_the_key_and_its_late_rest_is_neither_typed_nor_run() {
    // Together in time: the arrow, and with it alt's and ctrl's.
    for pieces in [&[&b"\x1b"[..], b"[D"][..], &[b"\x1b[", b"D"], &[b"\x1b", b"[", b"D"], &[b"\x1bO", b"D"]] {
        let Running { mut session, .. } = start_form();
        send_slowly(&mut session, pieces, Duration::from_millis(60));
        session.send("x");
        wait_for_name(&session, "axb");
    }
    for pieces in [&[&b"\x1b\x1b"[..], b"[D"][..], &[b"\x1bOd"], &[b"\x1b[1;", b"5D"]] {
        let Running { mut session, .. } = start_form();
        send_slowly(&mut session, pieces, Duration::from_millis(60));
        session.send("x");
        wait_for_name(&session, "xab");
    }
    // Too late: the escape was the key, and nothing comes after it.
    for rest in [&b"[D"[..], b"OD", b"[1;5D", b"[3~"] {
        let Running { mut session, .. } = start_form();
        session.send("\x1b");
        session.wait_for("IDENTIFIER");
        session.send_bytes(rest);
        session.settle(Duration::from_millis(150));
        session.send("s");
        wait_for_name(&session, "ab");
    }
}

#[test]
fn a_character_that_arrives_in_pieces_is_whole() {
    let Running { mut session, .. } = start_form();
    send_slowly(&mut session, &["é".as_bytes().get(..1).expect("a byte")], Duration::from_millis(400));
    send_slowly(&mut session, &["é".as_bytes().get(1..).expect("a byte")], Duration::ZERO);
    wait_for_name(&session, "abé");
}

#[test]
fn a_paste_without_marks_confirms_nothing_and_presses_no_button() {
    for paste in ["3 days before Friday", "yes", "y\r", "yy", "y y y y", "why\rnot\r", "ty"] {
        let Running { mut session, .. } = start_review();
        session.send(paste);
        session.settle(Duration::from_millis(100));
        session.wait_for("nothing is sent yet");
        session.send("y");
        session.wait_for("AWS is creating it");
    }
    // A serial line hands it on a character at a time.
    for paste in ["3 days before Friday", "yes", "try"] {
        // A busy machine can hold it up for as long as a person takes from key to key: then that is tried again.
        let arrived = (0..20).find_map(|_| {
            let mut running = start_review();
            hands_on(&mut running.session, paste).then_some(running)
        });
        let Running { session, .. } = arrived.expect("a line that is not held up");
        session.settle(Duration::from_millis(100));
        session.wait_for("nothing is sent yet");
    }
    let Running { mut session, .. } = start_demo(80, 24);
    session.wait_for("orders-prod");
    session.send("quit it now, or delete it");
    session.wait_for("no field is open for it");
    session.send("qq");
    session.wait_for("confirm nothing");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}

#[test]
fn a_paste_of_any_size_leaves_the_program_quick() {
    for (size, marks) in [(10_000, ["", ""]), (300_000, ["", ""]), (300_000, ["\x1b[200~", "\x1b[201~"])] {
        let Running { mut session, .. } = start_form();
        let since = Instant::now();
        session.send(&format!("{}{}{}", marks[0], "abcdefghi-".repeat(size / 10), marks[1]));
        let sent = since.elapsed();
        session.send("\x13");
        session.wait_for("Not yet");
        let taken = since.elapsed();
        assert!(taken < Duration::from_secs(2), "{size} characters: {sent:?} to send, {taken:?} in all");
    }
}

#[test]
fn a_key_that_does_nothing_says_so() {
    let Running { mut session, .. } = start_demo(80, 24);
    session.wait_for("orders-prod");
    session.send("x");
    session.wait_for("x does nothing here; ? lists the keys");
    session.send("ы");
    session.wait_for("ы is no key here");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}
