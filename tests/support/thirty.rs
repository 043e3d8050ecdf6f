//! Thirty places, three accounts in ten Regions, with as many snapshots as DB clusters in each, and a program that has them
//! open. What stands before the service notes when each place was asked for something.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Simulator, SimulatorOptions};
use tempfile::TempDir;

use super::proxy::{Back, Proxy};
use super::pty::{Session, clustersnap};
use super::servers::Served;

const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];
const REGIONS: [&str; 10] = [
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-north-1",
    "eu-south-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
/// How many places there are.
pub const PLACES: usize = ACCOUNTS.len() * REGIONS.len();

/// Moves, a filter, details and the help, each opened and put away; after them all is as before.
pub const KEYS: [&str; 12] = ["j", "k", "G", "g", "/", "9", "\x7f", "\r", "\r", "q", "?", "q"];

/// When each place was asked for something of RDS, by access key and Region.
pub type Asked = BTreeMap<(String, String), Vec<Instant>>;

/// The service, and a home with a profile for each account.
pub struct Thirty {
    home: TempDir,
    asked: Arc<Mutex<Asked>>,
    _proxy: Proxy,
    _served: Served,
}

impl Thirty {
    /// A service with so many clusters in each place, that takes so long for each answer to the first place, and none for
    /// the others.
    pub fn new(clusters: usize, delay: Duration) -> Self {
        Self::of(&fleet(clusters), delay)
    }

    /// The same with one cluster in each place, whose snapshot is in progress.
    pub fn in_progress() -> Self {
        let snapshot = "[[cluster.snapshot]]\nidentifier = \"c-000-before\"\nage = \"10s\"\ntakes = \"1h\"\n";
        Self::of(&format!("{}{snapshot}", fleet(1)), Duration::ZERO)
    }

    fn of(fleet: &str, delay: Duration) -> Self {
        let fleet = Fleet::from_toml(fleet).expect("a fleet");
        let simulator = Simulator::new(fleet, FaultScript::default(), SimulatorOptions::default());
        let served = Served::start(Arc::new(simulator));
        let asked: Arc<Mutex<Asked>> = Arc::default();
        let noted = Arc::clone(&asked);
        let proxy = Proxy::start(&served.url, move |request, road| {
            let place = request.place().expect("it is signed");
            let is_slow = place.0.ends_with(ACCOUNTS[0]) && place.1 == REGIONS[0];
            // STS has a pace of its own.
            if request.action != "GetCallerIdentity" {
                let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
                noted.entry(place).or_default().push(Instant::now());
            }
            if is_slow {
                std::thread::sleep(delay);
            }
            Back::Answer(road.pass(request))
        });
        let home = tempfile::tempdir().expect("a folder");
        let mut config = String::new();
        for account in ACCOUNTS {
            let _ = write!(
                config,
                "[profile p{account}]\naws_access_key_id = SIM{account}\naws_secret_access_key = simulated\n\
                 endpoint_url = {}\n",
                proxy.url
            );
        }
        std::fs::create_dir_all(home.path().join(".aws")).expect("a folder");
        std::fs::write(home.path().join(".aws/config"), config).expect("a file");
        Self { home, asked, _proxy: proxy, _served: served }
    }

    /// Opens the first place alone.
    pub fn open_one(&self) -> Session {
        self.open(&ACCOUNTS[..1], &REGIONS[..1])
    }

    /// Opens all of them.
    pub fn open_all(&self) -> Session {
        self.open(&ACCOUNTS, &REGIONS)
    }

    fn open(&self, accounts: &[&str], regions: &[&str]) -> Session {
        let profiles: Vec<String> = accounts.iter().map(|account| format!("p{account}")).collect();
        let regions = regions.join(",");
        let mut args: Vec<&str> = profiles.iter().flat_map(|profile| ["--profile", profile]).collect();
        args.extend(["--region", &regions]);
        Session::start(clustersnap(self.home.path(), &args), 120, 36)
    }

    /// When each place was asked for something so far.
    pub fn asked(&self) -> Asked {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn fleet(clusters: usize) -> String {
    let one = |number| {
        format!(
            "[[cluster]]\nidentifier = \"c-{number:03}\"\nengine = \"aurora-mysql\"\nautomated_snapshots = 1\n"
        )
    };
    (0..clusters).map(one).collect()
}

/// How long it took from the start until the lists of so many clusters and snapshots were complete. The list of
/// snapshots is on the screen then.
pub fn time_to_complete(session: &mut Session, count: usize) -> Duration {
    let clusters = format!("Clusters  {count} ");
    session.wait_until(&clusters, |screen| {
        let screen = screen.contents();
        screen.contains(&clusters) && screen.contains("sorted by")
    });
    session.send("v");
    session.wait_for(&format!("Snapshots  {count}: ")).duration_since(session.started)
}
