//! What a person can choose in the configuration: keys, mouse, themes; and finding actions by name.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clustersnap::app::theme::{Color, Theme};
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;

use super::pty::{Session, clustersnap, clustersnap_at};
use super::support::cases::side_by_side;
use super::support::program::PROGRAM;
use super::support::servers::simulated;
use super::{END, assert_clean};

fn configure(home: &Path, text: &str) {
    let folder = home.join(".config/clustersnap");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("config.toml"), text).expect("a file");
}

fn start(config: &str) -> (Session, tempfile::TempDir) {
    let home = tempfile::tempdir().expect("a folder");
    configure(home.path(), config);
    let session = Session::start(clustersnap(home.path(), &["--demo"]), 80, 24);
    session.wait_for("orders-prod");
    (session, home)
}

/// Waits until the cursor's mark stands in the row that names a cluster.
#[track_caller]
fn wait_for_cursor(session: &Session, cluster: &str) {
    session.wait_until(&format!("the cursor on {cluster}"), |screen| {
        screen.contents().lines().any(|line| line.contains('▌') && line.contains(cluster))
    });
}

#[test]
fn the_mouse_is_left_alone_unless_the_configuration_wants_it() {
    let (session, _home) = start("");
    assert!(!String::from_utf8_lossy(&session.since(0)).contains("\x1b[?1000h"));
    drop(session);

    let (mut session, _home) = start("mouse = true\n");
    let row = session.screen().lines().position(|line| line.contains("orders-prod")).expect("it is listed");
    session.send(&format!("\x1b[<0;10;{}M\x1b[<0;10;{}m", row + 1, row + 1));
    wait_for_cursor(&session, "orders-prod");
    session.send("\x1b[<64;10;5M\x1b[<64;10;5M\x1b[<64;10;5M\x1b[<64;10;5M\x1b[<64;10;5M");
    wait_for_cursor(&session, "accounts-eu");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_clean(&session);
    let bytes = String::from_utf8_lossy(&session.since(0)).into_owned();
    assert!(bytes.contains("\x1b[?1000h") && bytes.contains("\x1b[?1000l"));
}

#[test]
fn keys_of_the_configuration_hold_and_what_is_wrong_with_them_is_told_by_line() {
    let (mut session, home) = start("[keys]\nsnapshot = [\"n\"]\nsort = [\"j\"]\n");
    session.wait_until("what is wrong with the keys", |screen| {
        let words: Vec<String> = screen.contents().split_whitespace().map(str::to_owned).collect();
        words.join(" ").contains("would be both sort and down")
    });
    session.wait_for("n snapshot");
    session.send("n");
    session.wait_for("New snapshot of");
    session.send("\x03");
    assert_eq!(session.wait_for_end(END), 0);
    let check = std::process::Command::new(PROGRAM)
        .args(["config", "check"])
        .env_remove("XDG_CONFIG_HOME")
        .env("HOME", home.path())
        .output()
        .expect("it starts");
    assert_eq!(check.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&check.stdout).contains("config.toml:3: keys: j would be both"));
}

#[test]
fn actions_are_found_by_name_and_done() {
    let (mut session, _home) = start("");
    for (keys, opening) in [(":", "Actions"), ("\x10", "Actions")] {
        session.send(keys);
        session.wait_for(opening);
        session.send("new snap");
        session.wait_for(":new snap");
        session.send("\r");
        session.wait_for("New snapshot of");
        session.send("\x1b");
        session.wait_for("Clusters");
        session.settle(Duration::from_millis(100));
    }
    session.send("m");
    session.wait_for("Messages");
    session.send("q");
    session.wait_for("IDENTIFIER");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}

/// The recordings lie in `target/recordings`, for `asciinema play`.
#[test]
fn the_whole_job_works_in_every_theme_and_is_recorded() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/recordings");
    fs::create_dir_all(&folder).expect("a folder");
    side_by_side(Theme::names(), |name| {
        let (simulator, served) = simulated(Fleet::demo(), FaultScript::default(), 300.0);
        let home = tempfile::tempdir().expect("a folder");
        configure(home.path(), &format!("theme = {name:?}\n"));
        let command = clustersnap_at(&served.url, home.path(), &[]);
        let mut session = Session::start(command, 100, 30);
        session.wait_for("orders-prod");
        session.send("/orders-prod");
        session.wait_for("1 of ");
        session.send("\r");
        session.send("s");
        session.wait_for("New snapshot of orders-prod");
        session.send("\x15before-the-upgrade");
        session.wait_for("the name is free");
        session.send("\x13");
        session.wait_for("nothing is sent yet");
        session.send("y");
        session.wait_until("the snapshot usable", |screen| {
            screen
                .contents()
                .lines()
                .any(|line| line.contains("before-the-upgrade") && line.contains("100 %"))
        });
        session.send("q");
        assert_eq!(session.wait_for_end(END), 0, "{name}");
        assert_eq!(simulator.creates(), 1, "{name}");
        let theme = Theme::named(name).expect("a theme");
        let bytes = String::from_utf8_lossy(&session.since(0)).into_owned();
        for ink in [theme.inks.accent, theme.inks.good] {
            if let Some(Color::Fixed(number)) = ink.color {
                assert!(bytes.contains(&format!("38;5;{number}m")), "{name}: {number}");
            }
        }
        assert_eq!(bytes.contains("38;5;"), theme.needs_fixed_colors(), "{name}");
        let recording = folder.join(format!("{name}.cast"));
        fs::write(recording, session.asciicast(&format!("clustersnap, theme {name}"))).expect("a file");
    });
}
