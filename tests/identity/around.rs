//! A home, and real peers around it: every AWS service behind TLS servers with certificates right and wrong, a proxy
//! from Debian, a service that hangs. Whatever is run there tells no secret.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::support::program::PROGRAM;
use super::support::venv::Venv;

pub const CONFIG: &str = "[default]\nregion = eu-west-1\n";
const CREDENTIALS: &str = "[default]\naws_access_key_id = AKIACANARYKEY\naws_secret_access_key = canary-secret\naws_session_token = canary-token\n";
/// What is told to nobody.
pub const CANARIES: [&str; 5] =
    ["AKIACANARY", "canary-secret", "canary-token", "canary-password", "canary-output"];

/// A home, and the services around it. They end when it is dropped.
pub struct Around {
    pub home: TempDir,
    pub peers: Value,
    child: Child,
}

/// How a command ended: its exit status, and all that it told on both streams and in its log.
pub struct Ended {
    pub status: Option<i32>,
    pub told: String,
}

impl Around {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Venv::ready().script("identity/peers.py");
        command.arg(home.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let around = Self { home, peers: serde_json::from_str(&line).unwrap(), child };
        around.write(".aws/config", CONFIG);
        around.write(".aws/credentials", CREDENTIALS);
        around
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The URL of a door of the peers.
    pub fn url(&self, scheme: &str, host: &str, door: &str) -> String {
        format!("{scheme}://{host}:{}", self.peers[door])
    }

    pub fn bundle(&self) -> &str {
        self.peers["bundle"].as_str().unwrap()
    }

    /// Runs a command with `--json`, and looks for secrets in all that it left.
    pub fn run(&self, words: &[&str], env: &[(&str, &str)]) -> Ended {
        let mut command = Command::new(PROGRAM);
        command.args(words).args(["--json", "--log-file", "log"]).current_dir(self.home.path());
        command.env_clear().env("HOME", self.home.path()).env("PATH", "/usr/bin:/bin");
        command.env("AWS_EC2_METADATA_DISABLED", "true").envs(env.iter().copied());
        let output = command.output().unwrap();
        let texts =
            [output.stdout, output.stderr, fs::read(self.home.path().join("log")).unwrap_or_default()];
        let told = String::from_utf8_lossy(&texts.concat()).into_owned();
        for canary in CANARIES {
            assert!(!told.contains(canary), "{canary} is told: {told}");
        }
        Ended { status: output.status.code(), told }
    }
}

impl Drop for Around {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

impl Ended {
    pub fn has(&self, status: i32, words: &[&str]) {
        let has_all = words.iter().all(|word| self.told.contains(word));
        assert!(
            self.status == Some(status) && has_all,
            "{:?}, not {status} {words:?}: {}",
            self.status,
            self.told
        );
    }
}

/// A proxy that lets through who has its password, `canary-password`; it ends when it is dropped.
pub struct Tinyproxy {
    child: Child,
    port: u16,
}

impl Tinyproxy {
    /// Starts it before the proxy to all hosts; nothing where it is not installed, which is said.
    pub fn start(around: &Around) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let upstream = &around.peers["proxy"];
        let config = format!(
            "Port {port}\nListen 127.0.0.1\nAllow 127.0.0.1\nBasicAuth me canary-password\nUpstream http 127.0.0.1:{upstream}\n"
        );
        around.write("tinyproxy.conf", &config);
        let Ok(child) = daemon(around.home.path()).spawn() else {
            let why = b"not tested: tinyproxy, because it is not installed\n";
            std::io::stderr().write_all(why).unwrap();
            return None;
        };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "tinyproxy does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(Self { child, port })
    }

    /// Its URL, for who it lets through if that is `me:canary-password@`.
    pub fn url(&self, who: &str) -> String {
        format!("http://{who}127.0.0.1:{}", self.port)
    }
}

impl Drop for Tinyproxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn daemon(folder: &Path) -> Command {
    let mut command = Command::new("tinyproxy");
    command.arg("-d").arg("-c").arg(folder.join("tinyproxy.conf"));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}
