//! Knowing without looking: the real binary from the submit to the notification, and the raw bytes of bell,
//! notification and title.

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use portable_pty::CommandBuilder;
use support::pty::{PATIENCE, Session, clustersnap_at};
use support::servers::{Served, simulated};

const END: Duration = Duration::from_secs(5);

/// One cluster whose snapshots take 20 s, or fail half-way.
fn served(fails: bool) -> Served {
    let mut fleet = Fleet::demo();
    fleet.clusters.retain(|cluster| cluster.identifier == "orders-prod");
    for cluster in &mut fleet.clusters {
        cluster.snapshot_takes = Some(clustersnap::sim::clock::Period::seconds(20));
        cluster.snapshot_fails_at = fails.then_some(50);
    }
    simulated(fleet, FaultScript::default(), 5.0).1
}

fn command(url: &str, home: &Path, config: &str) -> CommandBuilder {
    let folder = home.join(".config/clustersnap");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), config).expect("a file");
    clustersnap_at(url, home, &[])
}

fn submit(session: &mut Session) {
    session.wait_for("orders-prod");
    session.send("s");
    session.wait_for("New snapshot of orders-prod");
    session.send("\x15before-the-upgrade");
    session.wait_for("the name is free");
    session.send("\x13");
    session.wait_for("nothing is sent yet");
    session.send("y");
}

fn has(bytes: &[u8], sequence: &str) -> bool {
    bytes.windows(sequence.len()).any(|window| window == sequence.as_bytes())
}

#[track_caller]
fn wait_for_bytes(session: &Session, sequence: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !has(&session.since(0), sequence) {
        assert!(Instant::now() < deadline, "waited for {sequence:?}; the screen:\n{}", session.screen());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_snapshot_that_becomes_available_rings_notifies_and_is_counted_in_the_title_which_is_given_back() {
    let (served, home) = (served(false), tempfile::tempdir().expect("a folder"));
    let mut session = Session::start(command(&served.url, home.path(), ""), 120, 40);
    submit(&mut session);
    wait_for_bytes(&session, "\x1b]2;1 creating - clustersnap\x07");
    session.wait_for("before-the-upgrade is available");
    let told = "before-the-upgrade is available\x07";
    wait_for_bytes(&session, &format!("\x07\x1b]9;clustersnap: {told}\x1b]777;notify;clustersnap;{told}"));
    wait_for_bytes(&session, "\x1b]2;1 available - clustersnap\x07");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    wait_for_bytes(&session, "\x1b[23;2t");
    let bytes = session.since(0);
    assert!(has(&bytes, "\x1b[22;2t"));
    assert_eq!(bytes.windows(4).filter(|window| *window == b"\x1b]9;").count(), 1, "told once");
}

#[test]
fn inside_tmux_the_notification_is_wrapped_and_a_failure_is_told_with_what_rds_says_of_it() {
    let (served, home) = (served(true), tempfile::tempdir().expect("a folder"));
    let mut command = command(&served.url, home.path(), "");
    command.env("TMUX", "/tmp/tmux-0/default,1,0");
    let mut session = Session::start(command, 120, 40);
    submit(&mut session);
    let told = "before-the-upgrade failed\x07";
    wait_for_bytes(&session, &format!("\x1bPtmux;\x1b\x1b]9;clustersnap: {told}\x1b\\"));
    wait_for_bytes(&session, &format!("\x1bPtmux;\x1b\x1b]777;notify;clustersnap;{told}\x1b\\"));
    wait_for_bytes(&session, "\x1b]2;1 failed - clustersnap\x07");
    session.wait_until("what RDS says of it", |screen| {
        let words = screen.contents();
        let words: Vec<&str> = words.split_whitespace().collect();
        words.join(" ").contains("AWS says: Failed to create the cluster snapshot")
    });
}

#[test]
fn each_way_can_be_turned_off() {
    let (served, home) = (served(false), tempfile::tempdir().expect("a folder"));
    let config = "[notify]\nbell = false\ndesktop = false\ntitle = false\n";
    let mut session = Session::start(command(&served.url, home.path(), config), 120, 40);
    submit(&mut session);
    session.wait_for("before-the-upgrade is available");
    session.settle(Duration::from_millis(500));
    let bytes = session.since(0);
    assert!(!bytes.contains(&7) && !has(&bytes, "\x1b]"), "neither bell nor any sequence of that kind");
}

#[test]
fn the_command_gets_the_facts_without_a_shell_and_its_failure_is_told() {
    let (served, home) = (served(false), tempfile::tempdir().expect("a folder"));
    let script = home.path().join("tell");
    let facts = home.path().join("facts");
    let text = format!(
        "#!/bin/sh\nenv | grep ^CLUSTERSNAP_ | sort > {0}\necho \"$1\" >> {0}\necho broken >&2\nexit 3\n",
        facts.display()
    );
    std::fs::write(&script, text).expect("a script");
    // Run by `sh` as a program: the file need not be executable, and the argument is not expanded.
    let config = format!("[notify]\ncommand = [\"sh\", \"{}\", \"$HOME; *\"]\n", script.display());
    let mut session = Session::start(command(&served.url, home.path(), &config), 120, 40);
    submit(&mut session);
    session.wait_for("The command sh of [notify] failed: exit status: 3: broken.");
    let told = std::fs::read_to_string(&facts).expect("the command ran");
    for fact in [
        "CLUSTERSNAP_ACCOUNT=123456789012",
        "CLUSTERSNAP_ARN=arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:before-the-upgrade",
        "CLUSTERSNAP_CLUSTER=orders-prod",
        "CLUSTERSNAP_ELAPSED_SECONDS=",
        "CLUSTERSNAP_MESSAGE=before-the-upgrade is available",
        "CLUSTERSNAP_REGION=eu-west-1",
        "CLUSTERSNAP_SNAPSHOT=before-the-upgrade",
        "CLUSTERSNAP_STATUS=available",
        "\n$HOME; *\n",
    ] {
        assert!(told.contains(fact), "{fact} in {told}");
    }
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}
