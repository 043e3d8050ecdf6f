//! Keys over a real SSH connection that is slow: what the program gets in pieces is what was pressed.

use std::fs;
use std::process::Child;
use std::time::Duration;

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;

use super::elsewhere::skip;
use super::keys::wait_for_name;
use super::pty::{PATIENCE, Session};
use super::ssh::Ssh;
use super::support::program::PROGRAM;
use super::support::query;
use super::support::servers::{Served, simulated};

const FLEET: &str = r#"
[[cluster]]
identifier = "orders"
engine = "mysql"
snapshot_takes = "10h"
"#;

/// The program at the far end of a slow link, with a service there.
struct Far {
    session: Session,
    server: Child,
    served: Served,
    _ssh: Ssh,
}

impl Far {
    /// Each piece of what is typed arrives so long after the one before; an escape may be the start of a sequence for
    /// `escape_ms`.
    fn start(ssh: Ssh, delay: Duration, escape_ms: u32) -> Self {
        let fleet = Fleet::from_toml(FLEET).expect("a fleet");
        let (_, served) = simulated(fleet, FaultScript::default(), 1.0);
        let home = ssh.home.path();
        let folder = home.join(".config/clustersnap");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("config.toml"), format!("escape_ms = {escape_ms}\n")).expect("a file");
        let script = format!(
            "export HOME={} LANG=C.UTF-8 AWS_ENDPOINT_URL={} AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=AKIDEXAMPLE \
             AWS_SECRET_ACCESS_KEY=secret AWS_EC2_METADATA_DISABLED=true; exec {}",
            home.display(),
            served.url,
            PROGRAM
        );
        let (session, sshd) = ssh.start_slowly(&script, delay);
        let mut far = Self { session, server: sshd, served, _ssh: ssh };
        far.session.wait_for("orders");
        far.press("s");
        far.session.wait_for("New snapshot");
        far.press("\x15");
        far.press("a");
        far.press("b");
        wait_for_name(&far.session, "ab");
        far
    }

    /// A key, and time for the client to send it by itself.
    fn press(&mut self, key: &str) {
        self.press_part(key.as_bytes());
    }

    fn press_part(&mut self, part: &[u8]) {
        self.session.send_bytes(part);
        std::thread::sleep(Duration::from_millis(30));
    }

    fn snapshots(&self) -> Vec<String> {
        query::snapshots(&self.served.url).into_iter().map(|snapshot| snapshot.name).collect()
    }

    /// Ends it, with the cursor in the form or behind it.
    fn end(mut self) {
        self.session.send("\x03");
        self.session.wait_for_end(PATIENCE);
        self.server.wait().expect("it has ended");
    }
}

#[test]
fn over_a_slow_ssh_connection_a_key_in_pieces_is_that_key() {
    let Some(ssh) = Ssh::ready() else {
        return skip("keys over a slow SSH connection: sshd is not installed");
    };
    let mut far = Far::start(ssh, Duration::from_millis(300), 700);
    far.press_part(b"\x1b");
    far.press_part(b"[");
    far.press_part(b"D");
    far.press("x");
    wait_for_name(&far.session, "axb");
    // With alt, as PuTTY and macOS send it, and with ctrl, as rxvt does.
    far.press_part(b"\x1b\x1b");
    far.press_part(b"[D");
    far.press("n");
    wait_for_name(&far.session, "naxb");
    far.press_part(b"\x1b");
    far.press_part(b"Oc");
    far.press("z");
    wait_for_name(&far.session, "naxbz");
    let (first, second) = "é".as_bytes().split_at(1);
    far.press_part(first);
    far.press_part(second);
    wait_for_name(&far.session, "naxbzé");
    far.press("\x7f");
    wait_for_name(&far.session, "naxbz");
    assert_eq!(far.snapshots(), Vec::<String>::new());
    far.end();
}

#[test]
fn over_a_slow_ssh_connection_a_late_tail_is_neither_typed_nor_run() {
    let Some(ssh) = Ssh::ready() else {
        return skip("a late tail over a slow SSH connection: sshd is not installed");
    };
    let mut far = Far::start(ssh, Duration::from_millis(400), 100);
    for tail in ["[D", "OD", "[1;5D", "[3~"] {
        far.press("\x1b");
        far.press(tail);
        far.session.wait_for("IDENTIFIER");
        far.session.settle(Duration::from_millis(700));
        far.press("s");
        wait_for_name(&far.session, "ab");
    }
    far.end();
}

#[test]
fn over_a_slow_ssh_connection_a_paste_without_marks_confirms_nothing() {
    let Some(ssh) = Ssh::ready() else {
        return skip("a paste over a slow SSH connection: sshd is not installed");
    };
    let mut far = Far::start(ssh, Duration::from_millis(100), 150);
    far.press("\x13");
    far.session.wait_for("nothing is sent yet");
    for paste in ["3 days before Friday", "yes\r", "y\ry\r", &"any day by Friday, say ".repeat(400)] {
        far.press(paste);
        far.session.settle(Duration::from_millis(400));
        far.session.wait_for("nothing is sent yet");
        assert_eq!(far.snapshots(), Vec::<String>::new(), "{paste:?}");
    }
    // The end of a long paste is long on its way: a key that caught up with it would be part of it.
    far.session.settle(Duration::from_millis(1500));
    far.press("y");
    far.session.wait_for("AWS is creating it");
    assert_eq!(far.snapshots(), ["ab"]);
    far.end();
}
