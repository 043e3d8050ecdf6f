//! A machine with an environment of its own, which is a process's.
//!
//! A test starts this same program again, asks it for [`probe`] only, and reads what it reports.

use std::path::PathBuf;
use std::process::Command;

use clustersnap::domain::failure::Failure;
use clustersnap::domain::page::SnapshotScope;
use clustersnap::rds::{Client, ServiceOptions};
use clustersnap::submit::service::Service as _;
use tempfile::TempDir;

use super::request;

/// Where the AWS command line keeps the SSO login named corp, in its folder: by the SHA-1 of that name.
pub const CORP_LOGIN: &str = "sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/// Where the probe writes its report.
const REPORT: &str = "CLUSTERSNAP_TEST_REPORT";
/// What the probe is to do: `connect`, `caller`, `twice`, `at-once`, `look-up-and-create`, `pin`, or else `create`.
const TASK: &str = "CLUSTERSNAP_TEST_TASK";

/// A home folder and an environment with nothing in it.
pub struct Machine {
    home: TempDir,
    variables: Vec<(String, String)>,
    arguments: [&'static str; 4],
}

impl Machine {
    pub fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        let machine = Self { home, variables: Vec::new(), arguments: [""; 4] };
        machine.with("AWS_EC2_METADATA_DISABLED", "true")
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(own, _)| own != name);
        self
    }

    pub fn keys(self) -> Self {
        self.with("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").with("AWS_SECRET_ACCESS_KEY", "s3cr3t-s3cr3t")
    }

    pub fn region(self) -> Self {
        self.with("AWS_REGION", "eu-west-1")
    }

    pub fn config(self, text: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path("config"), text).unwrap();
        self
    }

    /// A configuration whose `credential_process` is this shell script.
    pub fn process(self, script: &str) -> Self {
        std::fs::write(self.path("process"), script).unwrap();
        let config = format!("[default]\ncredential_process = sh {}\n", self.path("process").display());
        self.config(config)
    }

    pub fn credentials(self, text: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path("credentials"), text).unwrap();
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(".aws").join(name)
    }

    pub fn profile(mut self, profile: &'static str) -> Self {
        self.arguments[0] = profile;
        self
    }

    pub fn option_region(mut self, region: &'static str) -> Self {
        self.arguments[1] = region;
        self
    }

    pub fn endpoint(mut self, url: &'static str) -> Self {
        self.arguments[2] = url;
        self
    }

    pub fn code(mut self, digits: &'static str) -> Self {
        self.arguments[3] = digits;
        self
    }

    /// What a client says in this environment.
    pub fn says(&self, task: &str) -> String {
        let report = self.home.path().join("report");
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["machine::probe", "--exact", "--ignored", "--nocapture"])
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", "/usr/bin:/bin")
            .env(REPORT, &report)
            .env(TASK, task)
            .env("CLUSTERSNAP_TEST_ARGUMENTS", self.arguments.join("\n"))
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .output()
            .unwrap();
        let report = std::fs::read_to_string(&report).unwrap_or_default();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the probe ended badly: {report} {complaints}");
        assert!(!report.contains("s3cr3t"), "a secret is told: {report}");
        report
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the tests of the environment run it, each in an environment of its own"]
async fn probe() {
    let arguments = std::env::var("CLUSTERSNAP_TEST_ARGUMENTS").unwrap();
    let mut arguments = arguments.split('\n').map(|text| Some(text.to_owned()).filter(|t| !t.is_empty()));
    let mut argument = || arguments.next().flatten();
    let options = ServiceOptions {
        profile: argument(),
        region: argument(),
        endpoint_url: argument(),
        ..ServiceOptions::default()
    };
    if let Some(digits) = argument()
        && let Some(device) = Client::device(std::slice::from_ref(&options)).await
    {
        options.mfa_code.give(&device, &digits);
    }
    let report = match asked(&options, &std::env::var(TASK).unwrap()).await {
        Ok(report) => report,
        Err(failure) => {
            let effect = if failure.refused { "refused" } else { "unclear" };
            format!("{:?} {effect} {}", failure.kind, failure.message)
        }
    };
    std::fs::write(std::env::var(REPORT).unwrap(), report).unwrap();
}

async fn asked(options: &ServiceOptions, task: &str) -> Result<String, Failure> {
    let client = Client::connect(options).await?;
    match task {
        "connect" => Ok(format!("{:?}", client.target())),
        "twice" => {
            client.caller().await?;
            let caller = Client::connect(options).await?.caller().await?;
            Ok(format!("{caller:?}"))
        }
        "at-once" => {
            let second = Client::connect(options).await?;
            let (one, other) = tokio::join!(client.caller(), second.caller());
            Ok(format!("{:?} {:?}", one.unwrap_err().kind, other.unwrap_err().kind))
        }
        "caller" => client.caller().await.map(|caller| format!("{caller:?}")),
        "list" => {
            let page = client.snapshots_page(&SnapshotScope::Manual, None).await?;
            Ok(format!("{:?}", page.items))
        }
        "look-up-and-create" => {
            client.look_up(&request("orders", "a").snapshot).await.ok();
            client.create_once(&request("orders", "a")).await.map(|accepted| format!("{accepted:?}"))
        }
        "pin" => {
            let pinned = client.pinned().await?;
            pinned.create_once(&request("orders", "a")).await.ok();
            client.create_once(&request("orders", "b")).await.ok();
            pinned.create_once(&request("orders", "c")).await.map(|accepted| format!("{accepted:?}"))
        }
        _ => client.create_once(&request("orders", "a")).await.map(|accepted| format!("{accepted:?}")),
    }
}

#[track_caller]
pub fn assert_says(said: &str, kind: &str, words: &[&str]) {
    assert!(said.starts_with(kind), "{said}");
    for word in words {
        assert!(said.contains(word), "no {word:?} in: {said}");
    }
}
