//! A disk that is full before anything is asked: a small one of its own, which a namespace lets anybody mount.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use clustersnap::sim::Simulator;
use jiff::Timestamp;

use super::elsewhere::skip;
use super::pty::{Session, command};
use super::support::program::{self, PROGRAM};
use super::support::servers::Served;

/// Mounts the disk, puts the journal there, fills the rest, and becomes the program.
const SCRIPT: &str = r#"
    mount -t tmpfs -o size=32k tmpfs "$XDG_STATE_HOME" && mkdir -m 700 "$XDG_STATE_HOME/clustersnap" || exit 99
    cp "$HOME/journal" "$XDG_STATE_HOME/clustersnap/journal.jsonl"
    head -c 64k /dev/zero >"$XDG_STATE_HOME/other" 2>"$HOME/full"
    exec "$0" "$@""#;

/// A home with the journal for that disk, in which a request for orders-prod is open.
fn home(url: &str) -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(home.path().join("state")).expect("a folder");
    let now = Timestamp::now();
    let journal = format!(
        "{{\"kind\":\"intent\",\"number\":\"n\",\"at\":\"{now}\",\"server_time\":\"{now}\",\"account\":\"123456789012\",\
         \"region\":\"eu-west-1\",\"endpoint\":\"{url}\",\"cluster\":\"orders-prod\",\"snapshot\":\"lost\",\
         \"tags\":[{{\"key\":\"clustersnap:request\",\"value\":\"n\"}}],\"mark\":\"clustersnap:request\",\
         \"version\":\"0.1.0\"}}\n"
    );
    std::fs::write(home.path().join("journal"), journal).expect("a file");
    home
}

fn arguments<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["-rm", "sh", "-c", SCRIPT, PROGRAM], args].concat()
}

fn doctor(home: &Path, url: &str) -> (Option<i32>, String) {
    let mut doctor = Command::new("unshare");
    doctor
        .args(arguments(&["doctor"]))
        .env_clear()
        .envs(program::environment(home))
        .envs(program::service(url));
    let output = doctor.env("XDG_STATE_HOME", home.join("state")).output();
    output.map_or((None, String::new()), |it| {
        (it.status.code(), String::from_utf8_lossy(&it.stdout).into_owned())
    })
}

#[test]
fn a_full_disk_is_told_before_anything_is_asked_and_hides_no_open_request() {
    let served = Served::start(Arc::new(Simulator::demo()));
    let home = home(&served.url);
    let (code, told) = doctor(home.path(), &served.url);
    let Some(0..99) = code else { return skip("a disk of its own, which cannot be mounted here") };
    let full = "The journal cannot be written: cannot write";
    assert!(told.contains(full) && told.contains("No space left on device"), "{told}");
    assert!(told.contains("-> Make room on its disk"), "{told}");

    let mut screen = command("unshare", home.path(), &arguments(&[]));
    for (name, value) in program::service(&served.url) {
        screen.env(name, value);
    }
    screen.env("XDG_STATE_HOME", home.path().join("state"));
    let mut session = Session::start(screen, 140, 40);
    session.wait_for("orders-prod");
    session.send("/orders-prod");
    session.wait_for("1 of ");
    session.send("\rs");
    session.wait_for("the journal cannot be written: cannot write");
    session.wait_for("is open: lost of orders-prod may exist already");
}
