//! A journal of a million lines: `cargo bench --bench journal`.
//!
//! Fails if it takes more than 100 ms to open it, append to it and find its open requests, or more than 50 MiB.

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::io::Write as _;
use std::time::Duration;
use support::years;

/// About 390 MB.
const LINES: usize = 1_000_000;

fn main() -> std::io::Result<()> {
    let home = tempfile::tempdir()?;
    let folder = home.path().join("clustersnap");
    let open = years::write(&folder, LINES)?;
    let cost = years::cost(&folder, open);
    let mut out = std::io::stdout();
    for (what, time, promised) in [
        ("open, append, find the open requests", cost.ask, "100 ms"),
        ("the newest 500 requests", cost.page, ""),
        ("the first time, when its index is made", cost.first, ""),
    ] {
        writeln!(out, "{what:<48} {:>10} {promised:>10}", format!("{:.1} ms", time.as_secs_f64() * 1000.0))?;
    }
    writeln!(out, "{:<48} {:>10} {:>10}", "memory", format!("{} MiB", cost.memory), "50 MiB")?;
    assert!(cost.ask <= Duration::from_millis(100) && cost.memory <= 50, "{cost:?}");
    Ok(())
}
