//! Servers on ports of the loopback interface that nobody chose; each ends when it is dropped.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Simulator, SimulatorOptions, serve};
use tokio::runtime::Runtime;

use super::clock::hurried;
use super::query::{ask, numbered};
use super::venv::Venv;

/// How long a server may take to come up.
const PATIENCE: Duration = Duration::from_mins(1);

/// The simulator behind its HTTP door.
pub struct Served {
    /// Where it is, `http://127.0.0.1:PORT`.
    pub url: String,
    _runtime: Runtime,
}

impl Served {
    /// Serves a simulator.
    pub fn start(simulator: Arc<Simulator>) -> Self {
        let runtime = Runtime::new().expect("a runtime can be started");
        let (sender, receiver) = mpsc::channel();
        let listen = ([127, 0, 0, 1], 0).into();
        runtime.spawn(serve(simulator, listen, move |address| sender.send(address).unwrap_or_default()));
        let address = receiver.recv_timeout(PATIENCE).expect("the simulator listens");
        Self { url: format!("http://{address}"), _runtime: runtime }
    }
}

/// The simulator of a fleet with its faults, its clock so many times faster than real time, behind its HTTP door.
pub fn simulated(fleet: Fleet, faults: FaultScript, speed: f64) -> (Arc<Simulator>, Served) {
    let options = SimulatorOptions { speed, ..SimulatorOptions::default() };
    let simulator = Arc::new(Simulator::new(fleet, faults, options));
    (Arc::clone(&simulator), Served::start(simulator))
}

/// A moto server. It ends when it is dropped, and also when the tests end that share it.
pub struct Moto {
    /// Where it is, `http://127.0.0.1:PORT`.
    pub url: String,
    child: Child,
}

/// A server that ends with its standard input: that of a static is closed when its process ends, however.
const WITH_ITS_INPUT: &str = "moto_server -H 127.0.0.1 -p 0 & read _; kill $!";

impl Moto {
    /// Starts a moto server, empty.
    pub fn start(venv: &Venv) -> Self {
        Self::run(venv.shell(WITH_ITS_INPUT))
    }

    /// Starts one whose clock runs as fast as that of a program which is hurried.
    pub fn hurried(venv: &Venv) -> Self {
        Self::run(hurried(venv.shell(WITH_ITS_INPUT)))
    }

    fn run(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = command.spawn().expect("moto can be started");
        let mut moto = Self { url: String::new(), child };
        let lines = BufReader::new(moto.child.stderr.take().expect("its stderr is a pipe")).lines();
        let (sender, receiver) = mpsc::channel();
        // The pipe is read to its end: a full one would stop the server.
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, url)) = line.split_once("Running on ") {
                    sender.send(url.trim().trim_end_matches('/').to_owned()).unwrap_or_default();
                }
            }
        });
        moto.url = receiver.recv_timeout(PATIENCE).expect("moto says where it listens");
        moto
    }

    /// Makes a DB cluster.
    pub fn make_cluster(&self, identifier: &str, tags: &[(&str, &str)]) {
        let numbered = numbered("Tags", tags);
        let mut fields = vec![
            ("Action", "CreateDBCluster"),
            ("DBClusterIdentifier", identifier),
            ("Engine", "aurora-postgresql"),
            ("MasterUsername", "admin1"),
            ("MasterUserPassword", "secret-1"),
        ];
        fields.extend(numbered.iter().map(|(field, text)| (field.as_str(), *text)));
        let made = ask(&self.url, &fields);
        assert_eq!(made.status(), 200, "{}", made.text());
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
