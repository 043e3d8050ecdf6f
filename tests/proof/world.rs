//! A person's machine, the services, and runs of the program between them.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

pub use super::support::cases::side_by_side;
use super::support::program::{self, PROGRAM, service};
use super::support::proxy::{Asked, Back, Road};
use super::support::servers;
use super::support::venv::Venv;

pub const CREATE: &str = "CreateDBClusterSnapshot";
pub const LOOK_UP: &str = "DescribeDBClusterSnapshots";
pub const CLUSTERS: &str = "DescribeDBClusters";
pub const CALLER: &str = "GetCallerIdentity";
/// The account of both services.
pub const ACCOUNT: &str = "123456789012";
/// The key of the mark.
pub const MARK: &str = "clustersnap:request";

/// How long the program may take to a word.
const PATIENCE: Duration = Duration::from_secs(30);
/// For how long the program looks, after it was told to end, before it is told once more.
const LAST_LOOK: Duration = Duration::from_millis(1_500);

/// One cluster for each speed, and one that is another.
const FLEET: &str = r#"
snapshot_quota = 1000

[[cluster]]
identifier = "orders"
engine = "aurora-postgresql"
engine_version = "16.4"
snapshot_takes = "1s"
tags = { owner = "dba" }

[[cluster]]
identifier = "slow"
engine = "aurora-postgresql"
engine_version = "16.4"
snapshot_takes = "10h"
tags = { owner = "dba" }

[[cluster]]
identifier = "billing"
engine = "aurora-mysql"
snapshot_takes = "1s"
"#;

/// `clustersnap sim` of the same build.
pub struct Sim {
    pub url: String,
    child: Child,
    _files: TempDir,
}

impl Sim {
    /// One that knows the usual clusters.
    pub fn start() -> Self {
        Self::with("", &[])
    }

    /// One with more settings of its fleet, and more options.
    pub fn with(settings: &str, options: &[&str]) -> Self {
        Self::of(&format!("{settings}\n{FLEET}"), options)
    }

    /// One with another fleet.
    pub fn of(fleet: &str, options: &[&str]) -> Self {
        let files = tempfile::tempdir().unwrap();
        let path = files.path().join("fleet.toml");
        std::fs::write(&path, fleet).unwrap();
        let mut command = Command::new(PROGRAM);
        command.arg("sim").arg("--fleet").arg(path).args(options).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let url = said.split_whitespace().find(|word| word.starts_with("http://"));
        let url = url.expect("it says where it is").trim_end_matches(',').to_owned();
        Self { url, child, _files: files }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// moto with the usual clusters, of all tests of this binary: names of snapshots are theirs alone.
pub fn moto() -> String {
    static MOTO: LazyLock<servers::Moto> = LazyLock::new(|| {
        let moto = servers::Moto::start(&Venv::ready());
        for cluster in ["orders", "slow", "billing"] {
            moto.make_cluster(cluster, &[("owner", "dba")]);
        }
        moto
    });
    MOTO.url.clone()
}

/// A proxy at which nothing goes wrong.
pub fn honest(asked: &Asked, road: &Road) -> Back {
    Back::Answer(road.pass(asked))
}

/// A person's machine: a home, and where requests go.
pub struct Desk {
    pub home: TempDir,
    pub url: String,
}

impl Desk {
    pub fn new(url: &str) -> Self {
        Self { home: tempfile::tempdir().unwrap(), url: url.to_owned() }
    }

    /// The same machine, with requests that go elsewhere.
    pub fn at(self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self }
    }

    /// A file in the home.
    pub fn file(&self, path: &str, text: &str) {
        let path = self.home.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The program sends its requests without a mark from now on.
    pub fn without_marks(self) -> Self {
        self.file(".config/clustersnap/config.toml", "[proof]\nkey = \"\"\n");
        self
    }

    pub fn command(&self, words: &str) -> Command {
        let mut command = program::command(PROGRAM, self.home.path());
        command.args(words.split_whitespace()).envs(service(&self.url));
        command
    }

    pub fn start(&self, words: &str) -> Running {
        Running::start(&mut self.command(words))
    }

    /// Runs a command to its end, which has to come by itself.
    #[track_caller]
    pub fn run(&self, words: &str) -> Told {
        let mut running = self.start(words);
        assert!(running.ends_in(PATIENCE), "{words} does not end\n{}{}", running.out(), running.err());
        running.told()
    }

    /// The journal's lines.
    pub fn journal(&self) -> Vec<Value> {
        let path = self.home.path().join(".local/state/clustersnap/journal.jsonl");
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The words of the journal's outcomes for a snapshot, in their order.
    pub fn words(&self, name: &str) -> Vec<String> {
        let lines = self.journal();
        let numbers: Vec<&Value> =
            lines.iter().filter(|line| line["snapshot"] == name).map(|line| &line["number"]).collect();
        let outcomes = lines.iter().filter(|line| numbers.contains(&&line["number"]));
        outcomes.filter_map(|line| line["outcome"].as_str()).map(str::to_owned).collect()
    }

    /// Makes everything in the journal older.
    pub fn ages(&self, by: SignedDuration) {
        let aged: String = self.journal().into_iter().map(|line| older(line, by)).collect();
        self.file(".local/state/clustersnap/journal.jsonl", &aged);
    }

    /// How the journal says that snapshots ended.
    pub fn ends(&self) -> Vec<String> {
        let lines = self.journal();
        let ends = lines.iter().filter(|line| line["kind"] == "ended");
        ends.filter_map(|line| line["status"].as_str()).map(str::to_owned).collect()
    }
}

/// A line of the journal that was written so much earlier.
fn older(mut line: Value, by: SignedDuration) -> String {
    for member in ["/at", "/server_time", "/unlisted/since", "/unlisted/until", "/unlisted/server_since"] {
        let Some(member) = line.pointer_mut(member) else { continue };
        if let Some(at) = member.as_str().and_then(|at| at.parse::<Timestamp>().ok()) {
            *member = (at - by).to_string().into();
        }
    }
    format!("{line}\n")
}

/// A run of the program.
pub struct Running {
    child: Child,
    out: Stream,
    err: Stream,
    /// The greatest resident size that was seen, in KiB.
    peak: u64,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = Stream::read(child.stdout.take().unwrap());
        let err = Stream::read(child.stderr.take().unwrap());
        Self { child, out, err, peak: 0 }
    }

    /// What it has written to standard output so far.
    pub fn out(&self) -> String {
        self.out.text()
    }

    /// What it has written to standard error so far.
    pub fn err(&self) -> String {
        self.err.text()
    }

    /// Whether it ends by itself within a time.
    pub fn ends_in(&mut self, time: Duration) -> bool {
        self.ends_before(time, |_| false)
    }

    /// Whether it ends by itself within a time, and before something is so.
    pub fn ends_before(&mut self, time: Duration, mut is_so: impl FnMut(&Self) -> bool) -> bool {
        let deadline = Instant::now() + time;
        loop {
            self.peak = self.peak.max(peak(self.child.id()));
            if self.child.try_wait().unwrap().is_some() {
                return true;
            }
            if Instant::now() > deadline || is_so(self) {
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Tells it to end.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        // One that has ended by itself needs no signal.
        let _ = kill_process(pid, signal);
    }

    /// Ends it without a warning.
    pub fn kill(mut self) -> Told {
        self.child.kill().unwrap();
        self.told()
    }

    /// What it comes to by itself; or, once something is so, after it was told to end, twice if it goes on.
    pub fn ends_or_is_told_to(mut self, is_so: impl FnMut(&Self) -> bool) -> Told {
        if !self.ends_before(PATIENCE, is_so) {
            self.signal(Signal::INT);
            if !self.ends_in(LAST_LOOK) {
                self.signal(Signal::INT);
            }
        }
        assert!(self.ends_in(PATIENCE), "it does not end\n{}{}", self.out(), self.err());
        self.told()
    }

    /// What it came to.
    pub fn told(mut self) -> Told {
        let status = self.child.wait().unwrap();
        Told { code: status.code(), out: self.out.end(), err: self.err.end(), peak: self.peak }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The greatest resident size of a process so far, in KiB; 0 if it is not there.
fn peak(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|size| size.parse().ok()).unwrap_or(0)
}

/// What a process writes, read as it comes.
struct Stream {
    text: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
}

impl Stream {
    fn read(mut from: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&text);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                into.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..length]);
            }
        });
        Self { text, reader: Some(reader) }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    fn end(&mut self) -> String {
        self.reader.take().map(JoinHandle::join);
        self.text()
    }
}

/// What a run came to.
#[derive(Debug)]
pub struct Told {
    /// The exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
    /// The greatest resident size that was seen, in KiB.
    pub peak: u64,
}

impl Told {
    /// The last line of standard output, as the envelope that every command ends with.
    #[track_caller]
    pub fn envelope(&self) -> Value {
        let line = self.out.lines().next_back().unwrap_or_default();
        let envelope: Value = serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("no envelope ({error}), exit code {:?}\n{self}", self.code));
        assert_eq!(envelope["success"] == true, self.code == Some(0), "{self}");
        envelope
    }

    /// The word for what became of the request.
    #[track_caller]
    pub fn outcome(&self) -> Option<String> {
        let envelope = self.envelope();
        let outcome = [&envelope["data"]["outcome"], &envelope["error"]["snapshot"]["outcome"]];
        outcome.into_iter().find_map(|word| word.as_str().map(str::to_owned))
    }

    /// The code of the error.
    #[track_caller]
    pub fn error(&self) -> String {
        self.envelope()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// All that was told, in small letters and one line.
    pub fn words(&self) -> String {
        let words = format!("{} {}", self.out, self.err).to_lowercase();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit code {:?}\n{}\n{}", self.code, self.out, self.err)
    }
}
