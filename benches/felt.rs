//! What is felt over SSH, measured with the real binary in a terminal of 120x30: `cargo bench --bench felt`.
//!
//! Fails if one of a hundred keys takes longer than 16 ms with 3,000 clusters in 30 places.

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::io::Write as _;
use std::time::Duration;

use support::felt;
use support::thirty::{KEYS, PLACES, Thirty, time_to_complete};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{:<48} {:>10} {:>10} {:>10}", "", "median", "most", "promised")?;
    for (what, times, promised) in [
        ("first frame after the start", felt::first_frames(), "20 ms"),
        ("key to frame while every request hangs", felt::keys_while_every_request_hangs(), "16 ms"),
    ] {
        let most = times.iter().copied().max().unwrap_or_default();
        writeln!(out, "{what:<48} {:>10} {:>10} {promised:>10}", ms(felt::median(times)), ms(most))?;
    }
    for (what, mut bytes, promised) in [
        ("bytes of a cursor move", felt::bytes_of_cursor_moves(), 120),
        ("bytes of a typed character", felt::bytes_of_typed_characters(), 100),
    ] {
        bytes.sort_unstable();
        let (median, most) = (bytes.get(bytes.len() / 2), bytes.last());
        let (median, most) = (median.copied().unwrap_or_default(), most.copied().unwrap_or_default());
        writeln!(out, "{what:<48} {median:>10} {most:>10} {promised:>10}")?;
    }
    let idle = felt::idle(Duration::from_secs(10));
    writeln!(out, "{:<48} {:>10} {:>10}", "10 s of nothing: bytes, processor time", idle.0, ms(idle.1))?;
    let times = keys_in_thirty_places();
    let (median, slow) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    let what = "key to frame, 3,000 clusters in 30 places: 99 %";
    writeln!(out, "{what:<48} {:>10} {:>10} {:>10}", ms(median), ms(slow), "16 ms")?;
    assert!(slow <= Duration::from_millis(16), "{times:?}");
    Ok(())
}

/// From a key to its frame with thirty places open, the shortest first.
fn keys_in_thirty_places() -> Vec<Duration> {
    let world = Thirty::new(100, Duration::ZERO);
    let mut session = world.open_all();
    time_to_complete(&mut session, 100 * PLACES);
    session.send("\x1b");
    session.settle(Duration::from_secs(2));
    let mut times = felt::keys(&mut session, &KEYS, 20);
    times.sort_unstable();
    times
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
