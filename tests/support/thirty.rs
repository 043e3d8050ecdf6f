//! Thirty places, three accounts in ten Regions, with a hundred clusters in each, and a program that has them open.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Options, Simulator};
use tempfile::TempDir;

use super::pty::{Session, clustersnap};
use super::support::proxy::{Back, Proxy};
use super::support::servers::Served;

const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];
const REGIONS: &str = "eu-west-1,eu-west-2,eu-west-3,eu-central-1,eu-north-1,eu-south-1,us-east-1,us-east-2,\
                       us-west-1,us-west-2";

/// When each place was asked for something, by access key and Region.
pub type Asked = BTreeMap<(String, String), Vec<Instant>>;

/// The service, and a home with a profile for each account.
pub struct Thirty {
    home: TempDir,
    asked: Arc<Mutex<Asked>>,
    _proxy: Proxy,
    _served: Served,
}

impl Thirty {
    /// A service that takes so long for each answer.
    pub fn answering_after(delay: Duration) -> Self {
        let mut fleet = String::new();
        for number in 0..100 {
            let _ = write!(fleet, "[[cluster]]\nidentifier = \"c-{number:03}\"\nengine = \"aurora-mysql\"\n");
        }
        let fleet = Fleet::from_toml(&fleet).expect("a fleet");
        let simulator = Simulator::new(fleet, FaultScript::default(), Options::default());
        let served = Served::start(Arc::new(simulator));
        let asked: Arc<Mutex<Asked>> = Arc::default();
        let noted = Arc::clone(&asked);
        let proxy = Proxy::start(&served.url, move |request, road| {
            // STS has a pace of its own.
            if request.action.contains("DB") || request.action.contains("Events") {
                let place = request.place().expect("it is signed");
                let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
                noted.entry(place).or_default().push(Instant::now());
            }
            std::thread::sleep(delay);
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

    /// Opens one of them.
    pub fn open_one(&self) -> Session {
        open(self.home.path(), &["--profile", "p111111111111", "--region", "eu-west-1"])
    }

    /// Opens all of them.
    pub fn open_all(&self) -> Session {
        let profiles = ACCOUNTS.map(|account| format!("p{account}"));
        let mut args: Vec<&str> = profiles.iter().flat_map(|profile| ["--profile", profile]).collect();
        args.extend(["--region", REGIONS]);
        open(self.home.path(), &args)
    }

    /// When each place was asked for something so far.
    pub fn asked(&self) -> Asked {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn open(home: &Path, args: &[&str]) -> Session {
    Session::start(clustersnap(home, args), 160, 40)
}

/// How long it took from the start until so many clusters were there, and all of them.
pub fn time_to_complete(session: &Session, clusters: &str) -> Duration {
    let title = format!("Clusters  {clusters} ");
    session
        .wait_until(&title, |screen| {
            let screen = screen.contents();
            screen.contains(&title) && screen.contains("sorted by")
        })
        .duration_since(session.started)
}
