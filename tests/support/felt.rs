//! Measurements of the real binary in a terminal.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::pty::{Session, clustersnap, clustersnap_at};

/// How long a frame may take to arrive before it counts as complete.
const QUIET: Duration = Duration::from_millis(120);
/// The key that deletes what was typed last.
const DELETE: &str = "\x7f";

/// The middle one.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// From the start of the process to the first frame, several times.
pub fn first_frames() -> Vec<Duration> {
    let (_listener, url) = silent_service();
    (0..15)
        .map(|_| {
            let home = tempfile::tempdir().expect("a folder");
            let session = at(&url, home.path());
            session.wait_for("clustersnap").duration_since(session.started)
        })
        .collect()
}

/// From a key to the frame that shows what it did, while no request is ever answered.
pub fn keys_while_every_request_hangs() -> Vec<Duration> {
    let (_listener, url) = silent_service();
    let home = tempfile::tempdir().expect("a folder");
    let mut session = at(&url, home.path());
    session.wait_for("clustersnap");
    session.settle(Duration::from_millis(500));
    (0..40)
        // The help, shown and put away in turns.
        .map(|round| time_of_frame(&mut session, if round % 2 == 0 { "?" } else { "q" }))
        .collect()
}

/// From each of these keys to the frame that shows what it did, so many times over.
pub fn keys(session: &mut Session, keys: &[&str], rounds: usize) -> Vec<Duration> {
    let all = keys.iter().cycle().take(keys.len() * rounds);
    all.map(|key| time_of_frame(session, key)).collect()
}

/// The bytes of each frame that a move of the cursor costs, in a list of clusters at 120x30.
pub fn bytes_of_cursor_moves() -> Vec<usize> {
    let home = tempfile::tempdir().expect("a folder");
    let mut session = demo(home.path());
    session.wait_for("orders-prod");
    bytes_of_frames(&mut session, &[["j"; 10], ["k"; 10]].concat(), "")
}

/// The bytes of each frame that a character costs which is typed into the identifier of the form.
pub fn bytes_of_typed_characters() -> Vec<usize> {
    let home = tempfile::tempdir().expect("a folder");
    let mut session = demo(home.path());
    session.wait_for("orders-prod");
    session.send("s");
    session.wait_for("New snapshot");
    bytes_of_frames(&mut session, &["a", "b", "c", "d", "e", "f", "g", "h"], &DELETE.repeat(8))
}

/// The bytes of the frame of each key. All are pressed three times, with what undoes them in between, and the
/// smallest of each counts: a frame that shows an answer as well is not the key's.
fn bytes_of_frames(session: &mut Session, keys: &[&str], undo: &str) -> Vec<usize> {
    let mut smallest = vec![usize::MAX; keys.len()];
    for _ in 0..3 {
        for (smallest, key) in smallest.iter_mut().zip(keys) {
            *smallest = bytes_of_frame(session, key).min(*smallest);
        }
        session.send(undo);
    }
    smallest
}

/// The bytes and the processor time that the program costs while nothing happens.
pub fn idle(period: Duration) -> (usize, Duration) {
    let home = tempfile::tempdir().expect("a folder");
    let session = at("http://127.0.0.1:9", home.path());
    session.wait_for("clustersnap");
    let mark = session.settle(Duration::from_secs(3));
    let before = session.cpu_time();
    std::thread::sleep(period);
    (session.mark() - mark, session.cpu_time().saturating_sub(before))
}

fn at(url: &str, home: &std::path::Path) -> Session {
    Session::start(clustersnap_at(url, home, &[]), 120, 30)
}

fn demo(home: &std::path::Path) -> Session {
    Session::start(clustersnap(home, &["--demo"]), 120, 30)
}

/// Takes connections, through the backlog, and never says a word.
fn silent_service() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    (listener, url)
}

/// Presses a key between two ticks of the clock on the screen; the bytes of the frame it causes.
fn bytes_of_frame(session: &mut Session, key: &str) -> usize {
    session.settle(QUIET);
    let mark = session.mark();
    session.send(key);
    while session.mark() == mark {
        std::thread::sleep(Duration::from_micros(200));
    }
    std::thread::sleep(Duration::from_millis(15));
    session.mark() - mark
}

fn time_of_frame(session: &mut Session, key: &str) -> Duration {
    session.settle(QUIET);
    let mark = session.mark();
    let pressed = Instant::now();
    session.send(key);
    loop {
        if let Some(at) = session.first_since(mark) {
            return at.saturating_duration_since(pressed);
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}
