//! The real binary between real peers: a TLS server with a private authority, tinyproxy, moto's STS, and a metadata
//! service that hangs. Whatever they do, no secret is told.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::support::servers::Moto;
use super::support::venv::Venv;

const CONFIG: &str = "[default]\nregion = eu-west-1\n";
const CREDENTIALS: &str = "[default]\naws_access_key_id = AKIACANARYKEY\naws_secret_access_key = canary-secret\naws_session_token = canary-token\n";
/// What is told to nobody.
const CANARIES: [&str; 4] = ["canary-secret", "canary-token", "canary-password", "canary-output"];

/// A home, and the services around it. They end when it is dropped.
struct Around {
    home: TempDir,
    peers: Value,
    child: Child,
}

/// How a command ended: its exit status, and all that it told on both streams.
struct Ended {
    status: Option<i32>,
    told: String,
}

impl Around {
    fn new() -> Self {
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

    fn write(&self, name: &str, text: &str) {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn url(&self, scheme: &str, host: &str, door: &str) -> String {
        format!("{scheme}://{host}:{}", self.peers[door])
    }

    /// Runs `list` with those variables, and looks for secrets in all that it left.
    fn list(&self, env: &[(&str, &str)]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clustersnap"));
        command.args(["list", "--json", "--log-file", "log"]).current_dir(self.home.path());
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

    fn bundle(&self) -> &str {
        self.peers["bundle"].as_str().unwrap()
    }
}

impl Drop for Around {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

impl Ended {
    fn has(&self, status: i32, words: &[&str]) {
        let has_all = words.iter().all(|word| self.told.contains(word));
        assert!(
            self.status == Some(status) && has_all,
            "{:?}, not {status} {words:?}: {}",
            self.status,
            self.told
        );
    }
}

#[test]
fn a_server_is_spoken_to_if_its_certificate_is_right_only() {
    let around = Around::new();
    let at = |door: &str| around.url("https", "localhost", door);
    let bundle = ("AWS_CA_BUNDLE", around.bundle());
    around.list(&[("AWS_ENDPOINT_URL", &at("right")), bundle]).has(0, &["\"orders\""]);
    around.list(&[("AWS_ENDPOINT_URL", &at("right"))]).has(8, &["certificate", "AWS_CA_BUNDLE"]);
    around.list(&[("AWS_ENDPOINT_URL", &at("other")), bundle]).has(8, &["certificate", "other.example"]);
    around.list(&[("AWS_ENDPOINT_URL", &at("ended")), bundle]).has(8, &["certificate", "expired"]);
}

/// Starts tinyproxy before the proxy to all hosts; gives it with its port, or nothing where there is none.
fn tinyproxy(folder: &Path, upstream: &Value) -> Option<(Child, u16)> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = format!(
        "Port {port}\nListen 127.0.0.1\nAllow 127.0.0.1\nBasicAuth me canary-password\nUpstream http 127.0.0.1:{upstream}\n"
    );
    fs::write(folder.join("tinyproxy.conf"), config).unwrap();
    let mut command = Command::new("tinyproxy");
    command.arg("-d").arg("-c").arg(folder.join("tinyproxy.conf"));
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "tinyproxy does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    Some((child, port))
}

#[test]
fn a_proxy_lets_through_who_has_its_password() {
    let around = Around::new();
    let Some((mut proxy, port)) = tinyproxy(around.home.path(), &around.peers["proxy"]) else {
        writeln!(std::io::stderr(), "not tested: tinyproxy, because it is not installed").unwrap();
        return;
    };
    let through = |who: &str| format!("http://{who}127.0.0.1:{port}");
    let bundle = ("AWS_CA_BUNDLE", around.bundle());
    let right = around.list(&[("HTTPS_PROXY", &through("me:canary-password@")), bundle]);
    let wrong = around.list(&[("HTTPS_PROXY", &through("me:canary-password-not@")), bundle]);
    let none = around.list(&[("HTTPS_PROXY", &through("")), bundle]);
    proxy.kill().unwrap();
    proxy.wait().unwrap();
    right.has(0, &["\"orders\""]);
    wrong.has(8, &["proxy"]);
    none.has(8, &["proxy"]);
}

#[test]
fn a_metadata_service_that_hangs_holds_nobody_up() {
    let around = Around::new();
    around.write(".aws/credentials", "");
    let begun = Instant::now();
    let url = around.url("http", "127.0.0.1", "silent");
    let metadata = [("AWS_EC2_METADATA_DISABLED", "false"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)];
    around.list(&metadata).has(7, &["No AWS credentials were found", "metadata"]);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[test]
fn motos_roles_are_assumed_by_way_of_a_chain() {
    let around = Around::new();
    let moto = Moto::start(&Venv::ready());
    moto.make_cluster("orders", &[]);
    let role = |name: &str, account: &str, source: &str| {
        format!(
            "[profile {name}]\nrole_arn = arn:aws:iam::{account}:role/{name}\nsource_profile = {source}\n"
        )
    };
    let roles = role("here", "123456789012", "default") + &role("there", "222222222222", "here");
    around.write(".aws/config", &format!("{CONFIG}{roles}"));
    let of = |profile| {
        around.list(&[("AWS_ENDPOINT_URL", &moto.url), ("AWS_PROFILE", profile), ("AWS_REGION", "eu-west-1")])
    };
    of("here").has(0, &["arn:aws:rds:eu-west-1:123456789012:cluster:orders"]);
    // The other account has no cluster.
    of("there").has(0, &["\"data\":[]"]);
}

#[test]
fn what_a_process_prints_beside_its_complaint_is_told_to_nobody() {
    let around = Around::new();
    around.write(".aws/credentials", "");
    let config = |script: &str| format!("{CONFIG}credential_process = sh -c '{script}'\n");
    let given = r#"{"Version":1,"AccessKeyId":"AKIAX","SecretAccessKey":"canary-secret","SessionToken":"canary-token""#;
    for (script, status) in [
        (format!("echo canary-output >&2; echo \"{}}}\"", given.replace('"', "\\\"")), 0),
        (format!("echo \"{}\"", given.replace('"', "\\\"")), 2),
        ("echo canary-output".to_owned(), 2),
    ] {
        around.write(".aws/config", &config(&script));
        let url = around.url("http", "127.0.0.1", "proxy");
        around.list(&[("AWS_ENDPOINT_URL", &url)]).has(status, &[]);
    }
}
