//! Secrets of every kind are put where the real binary uses them, and looked for in all that it leaves: both streams,
//! JSON, the page of doctor, log, journal and every other file, the bytes of the screen, and what a panic says.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use clustersnap::rds::{Client, ServiceOptions};
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{self, Simulator};
use portable_pty::CommandBuilder;
use tokio::sync::Notify;

use super::around::{Around, CANARIES};
use super::pty::{self, PATIENCE, Session};
use super::support::program::PROGRAM;
use super::support::servers::Served;

/// Accepted by the peers once it is sent, and one that is not.
const CODE: &str = "918273";
const WRONG_CODE: &str = "111222";
/// Beginnings of what the peers give out for a code and for a role.
const GIVEN: [&str; 3] = ["ASIA", "secret-of-", "token-of-"];

const ROLE: &str = "[default]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/dba
mfa_serial = arn:aws:iam::123456789012:mfa/me
source_profile = base
[profile base]
credential_process = ";

/// Prints keys, and complains beside them.
const PROCESS: &str = "#!/bin/sh
echo canary-output >&2
echo '{\"Version\":1,\"AccessKeyId\":\"AKIACANARYKEY\",\"SecretAccessKey\":\"canary-secret\"}'
";

/// A home whose keys come from a process, and whose role wants a code; STS is asked through a proxy with a password,
/// and the simulator is RDS.
struct Nest {
    around: Around,
    served: Served,
}

impl Nest {
    fn new() -> Self {
        let around = Around::new();
        around.write("give", PROCESS);
        let words = format!("sh {}/give", around.home.path().display());
        around.write(".aws/config", &format!("{ROLE}{words}\n"));
        fs::remove_file(around.home.path().join(".aws/credentials")).unwrap();
        let fleet = Fleet::from_toml(FLEET).unwrap();
        let simulator = Simulator::new(fleet, FaultScript::default(), sim::SimulatorOptions::default());
        Self { around, served: Served::start(Arc::new(simulator)) }
    }

    fn home(&self) -> &Path {
        self.around.home.path()
    }

    fn env(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL_RDS", self.served.url.clone()),
            ("HTTPS_PROXY", self.around.url("http", "me:canary-password@127.0.0.1", "proxy")),
            ("AWS_CA_BUNDLE", self.around.bundle().to_owned()),
        ]
    }

    /// Runs the binary; looks at both streams, and at all files. Gives its exit status and what it told.
    fn run(&self, words: &[&str], env: &[(&str, &str)]) -> (i32, String) {
        let mut command = Command::new(PROGRAM);
        command.args(words).args(["--log-file", "log"]).current_dir(self.home());
        command.env_clear().env("HOME", self.home()).env("PATH", "/usr/bin:/bin");
        command.env("AWS_EC2_METADATA_DISABLED", "true").envs(self.env()).envs(env.iter().copied());
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        look(&told, &format!("{words:?}"));
        self.look_at_files();
        (output.status.code().unwrap(), told)
    }

    fn look_at_files(&self) {
        let mut seen = Vec::new();
        let mut folders = vec![self.home().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(path);
                } else if !path.ends_with("give") {
                    look(&String::from_utf8_lossy(&fs::read(&path).unwrap()), &path.display().to_string());
                    seen.push(path);
                }
            }
        }
        assert!(seen.iter().any(|path| path.ends_with("log")), "{seen:?}");
    }
}

const FLEET: &str = "[[cluster]]
identifier = \"orders\"
engine = \"aurora-postgresql\"
engine_version = \"16.4\"
snapshot_takes = \"1s\"
";

/// Looks for secrets in a text. A code is looked for as a number of its own: six digits in a row are in many.
#[track_caller]
fn look(text: &str, of: &str) {
    for canary in CANARIES.iter().chain(&GIVEN) {
        assert!(!text.contains(canary), "{canary} in {of}:\n{text}");
    }
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    assert!(!numbers.any(|number| number == CODE || number == WRONG_CODE), "the code in {of}:\n{text}");
}

#[test]
fn no_secret_is_in_anything_that_a_command_leaves() {
    let nest = Nest::new();
    for words in [
        &["create", "orders", "--wait"][..],
        &["create", "orders", "--json", "--name", "orders-2"],
        &["create", "orders", "--dry-run", "--name", "orders-3"],
        &["list"],
        &["snapshots", "--json"],
        &["history", "--json"],
        &["doctor"],
        &["doctor", "--json"],
    ] {
        let (status, told) = nest.run(&[words, &["--mfa-code", CODE]].concat(), &[]);
        assert_eq!(status, 0, "{words:?}: {told}");
        assert!(told.contains("orders") || words[0] == "doctor", "{words:?}: {told}");
    }
    let journal = fs::read_to_string(nest.home().join(".local/state/clustersnap/journal.jsonl")).unwrap();
    assert!(journal.contains("orders"), "{journal}");
}

#[test]
fn no_secret_is_in_what_is_said_of_a_failure() {
    let nest = Nest::new();
    let of = |words: &[&str], env: &[(&str, &str)], told: &str| {
        let (status, said) = nest.run(words, env);
        assert!(status != 0 && said.contains(told), "{words:?}: {status}: {said}");
    };
    let nowhere = [("HTTPS_PROXY", "http://me:canary-password@127.0.0.1:9")];
    let no_proxy = [("HTTPS_PROXY", "socks5://me:canary-password@127.0.0.1:9")];
    for words in [&["list", "--json"][..], &["doctor"], &["create", "orders"]] {
        let with = |code| [words, &["--mfa-code", code]].concat();
        of(&with(WRONG_CODE), &[], "is wrong, or was used already");
        of(&with(CODE), &nowhere, "Connection refused");
        of(&with(CODE), &no_proxy, "is not the URL of an HTTP proxy");
        of(&with("canary-output"), &[], "is not six digits");
    }
    for process in [
        "echo canary-output",
        "echo the vault is sealed >&2; echo canary-secret; exit 3",
        r#"echo '{"Version":1,"AccessKeyId":"AKIACANARYKEY","SecretAccessKey":"canary-secret"'"#,
    ] {
        nest.around.write("give", process);
        of(&["list", "--json", "--mfa-code", CODE], &[], "credential_process");
    }
}

#[test]
fn no_secret_is_in_a_byte_of_the_screen() {
    let nest = Nest::new();
    let mut command = pty::clustersnap(nest.home(), &["--log-file", "log"]);
    equip(&mut command, &nest);
    let mut session = Session::start(command, 100, 30);
    session.wait_for("Code of the MFA device");
    session.send(&format!("{CODE}\r"));
    for (keys, shown) in [
        ("", "orders"),
        ("\r", "cluster-"),
        ("\x1b", "IDENTIFIER"),
        ("s", "Snapshot"),
        ("\x13", "y send"),
        ("y", "available"),
        ("h", "orders"),
        ("m", "orders"),
    ] {
        session.send(keys);
        session.wait_for(shown);
    }
    session.send("\x03\x03");
    session.wait_for_end(PATIENCE);
    look(&String::from_utf8_lossy(&session.since(0)), "the screen");
    nest.look_at_files();
}

fn equip(command: &mut CommandBuilder, nest: &Nest) {
    for (name, value) in nest.env() {
        command.env(name, value);
    }
}

#[test]
fn no_secret_is_in_what_a_panic_says_of_what_holds_it() {
    let nest = Nest::new();
    let this = std::env::current_exe().unwrap();
    let mut command = Command::new(this);
    command.args(["--exact", "canaries::in_a_process_of_its_own_a_task_panics", "--ignored", "--nocapture"]);
    command.env_clear().env("HOME", nest.home()).env("PATH", "/usr/bin:/bin").envs(nest.env());
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(told.contains("clustersnap broke: Client(") && told.contains("MfaCode(..)"), "{told}");
    look(&told, "a panic");
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn in_a_process_of_its_own_a_task_panics() {
    let options = ServiceOptions::default();
    options.mfa_code.give("arn:aws:iam::123456789012:mfa/me", CODE);
    let tokio = tokio::runtime::Runtime::new().unwrap();
    tokio.block_on(async {
        let client = Client::connect(&options).await.unwrap();
        // A look-up, so that it holds credentials.
        assert_eq!(client.clusters_page(None).await.unwrap().items.len(), 1);
        clustersnap::runtime::panics::install(&Arc::new(Notify::new()));
        tokio::spawn(async move { panic!("{client:?} {options:?}") }).await.unwrap_err();
    });
}
