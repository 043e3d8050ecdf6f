//! Judges that are Node packages, made once, by the first test that needs them.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages and everything that they need, all pinned.
const PINS: &str = include_str!("../plan/package-lock.json");
const PACKAGE: &str = include_str!("../plan/package.json");

/// The command of a Node package under the target folder; `None`, with a line about it, where npm is not installed.
pub fn tool(name: &str) -> Option<PathBuf> {
    if Command::new("npm").arg("--version").output().is_err() {
        let _ = writeln!(std::io::stderr(), "not tested: what {name} says; npm is not installed");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let lock = File::create(folder.join("lock")).expect("the target folder can be written");
    lock.lock().expect("files can be locked");
    let stamp = folder.join("pins");
    if fs::read_to_string(&stamp).ok().as_deref() != Some(PINS) {
        fs::write(folder.join("package.json"), PACKAGE).expect("the target folder can be written");
        fs::write(folder.join("package-lock.json"), PINS).expect("the target folder can be written");
        let made = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
            .arg(&folder)
            .output()
            .expect("npm can be started");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        fs::write(stamp, PINS).expect("the target folder can be written");
    }
    Some(folder.join("node_modules/.bin").join(name))
}
