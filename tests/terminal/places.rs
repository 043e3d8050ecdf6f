//! Several accounts and Regions, with the real binary: opened side by side, one of them denied, and switched between.

use std::fs;
use std::sync::Arc;

use clustersnap::sim::Simulator;
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;

use super::pty::{Session, clustersnap, clustersnap_at};
use super::support::servers::{Served, simulated};

/// Two accounts of one service, by their access keys, and a profile that cannot be used.
const CONFIG: &str = "\
[profile prod]
region = eu-west-1
aws_access_key_id = SIM111111111111
aws_secret_access_key = simulated
[profile dr]
region = eu-central-1
aws_access_key_id = SIM222222222222
aws_secret_access_key = simulated
[profile nowhere]
aws_access_key_id = SIM111111111111
aws_secret_access_key = simulated
[profile broken]
region = eu-west-1
source_profile = nobody
role_arn = arn:aws:iam::333333333333:role/dba
";

fn served() -> Served {
    Served::start(Arc::new(Simulator::demo()))
}

fn start(url: &str, home: &std::path::Path, args: &[&str]) -> Session {
    fs::create_dir_all(home.join(".aws")).expect("a folder");
    fs::write(home.join(".aws/config"), CONFIG).expect("a file");
    let mut command = clustersnap(home, args);
    command.env("AWS_ENDPOINT_URL", url);
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", home.join(".aws/config"));
    Session::start(command, 120, 36)
}

/// The key that opens a list, and what is on the screen then only: the footer of other screens names Regions too.
const PROFILES: (&str, &str) = ("p", "CREDENTIALS");
const REGIONS: (&str, &str) = ("R", "Regions  /");

/// Chooses from a list by typing a part of a name.
fn choose(session: &mut Session, (key, list): (&str, &str), name: &str) {
    session.send(key);
    session.wait_for(list);
    session.send(name);
    session.wait_for(&format!("/{name}"));
    session.send("\r");
}

#[test]
fn places_are_shown_side_by_side_and_one_that_fails_says_so_and_hides_nothing() {
    let (home, served) = (tempfile::tempdir().expect("a folder"), served());
    let places = ["--profile", "prod", "--profile", "dr", "--profile", "broken"];
    let mut session = start(&served.url, home.path(), &places);
    session.wait_for("ACCOUNT");
    session.wait_until("both accounts", |screen| {
        let screen = screen.contents();
        screen.contains("111111111111") && screen.contains("222222222222")
    });
    session.wait_for("broken eu-west-1: ");
    session.wait_for(" of 3");
    // From there to one of them, and what is sent goes to that one.
    choose(&mut session, PROFILES, "central");
    session.wait_until("one place", |screen| {
        let screen = screen.contents();
        screen.contains("222222222222 dr") && !screen.contains("111111111111") && !screen.contains("ACCOUNT")
    });
    session.wait_for("LAST USABLE");
}

#[test]
fn a_profile_is_chosen_where_there_are_no_credentials_and_the_region_is_remembered() {
    let (home, served) = (tempfile::tempdir().expect("a folder"), served());
    let mut session = start(&served.url, home.path(), &["--profile", "broken"]);
    session.wait_for("p goes to another profile");
    choose(&mut session, PROFILES, "prod");
    session.wait_for("111111111111 prod");
    choose(&mut session, REGIONS, "us-east-1");
    session.wait_for("111111111111 prod   us-east-1");
    session.send("\x03");
    session.wait_for_end(std::time::Duration::from_secs(5));
    // The next run finds it again.
    let mut session = start(&served.url, home.path(), &["--profile", "dr"]);
    session.wait_for("222222222222 dr   eu-central-1");
    choose(&mut session, PROFILES, "prod");
    session.wait_for("111111111111 prod   us-east-1");
}

#[test]
fn a_region_is_chosen_where_there_are_no_credentials() {
    let (home, served) = (tempfile::tempdir().expect("a folder"), served());
    let mut session = start(&served.url, home.path(), &["--profile", "broken"]);
    session.wait_for("p goes to another profile");
    choose(&mut session, REGIONS, "us-east-1");
    session.wait_for("broken   us-east-1");
    session.wait_for("p goes to another profile");
}

#[test]
fn a_guard_that_cannot_be_understood_stops_every_request_on_the_screen_too() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join(".config/clustersnap");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("config.toml"), "\n[production]\naccounts = [\"prod\"]\n").expect("a file");
    let (simulator, served) = simulated(Fleet::demo(), FaultScript::default(), 1.0);
    let mut session = Session::start(clustersnap_at(&served.url, home.path(), &[]), 120, 36);
    session.wait_for("sorted by");
    session.send("/orders-prod\r");
    session.wait_for("1 of ");
    session.send("s");
    session.wait_for("New snapshot of orders-prod");
    // Where it is wrong stands in the form, before anything is tried.
    session.wait_for("A guard cannot be understood, so nothing is sent");
    session.wait_until("its file, line and flaw, wherever the lines end", |screen| {
        let text: String = screen.contents().split_whitespace().collect();
        text.contains("config.toml:3:production.accounts:\"prod\"fitsnoaccountnumber")
    });
    session.send("\x13");
    session.settle(std::time::Duration::from_millis(300));
    session.send("y");
    session.settle(std::time::Duration::from_millis(300));
    assert_eq!(simulator.calls("CreateDBClusterSnapshot"), 0, "{}", session.screen());
}

#[test]
fn a_region_and_a_profile_are_chosen_where_there_is_no_region() {
    let served = served();
    for (list, choice, header) in [
        (REGIONS, "us-east-1", "111111111111 nowhere   us-east-1"),
        (PROFILES, "prod", "111111111111 prod   eu-west-1"),
    ] {
        let home = tempfile::tempdir().expect("a folder");
        let mut session = start(&served.url, home.path(), &["--profile", "nowhere"]);
        session.wait_for("p goes to another profile, R to another Region.");
        choose(&mut session, list, choice);
        session.wait_for(header);
        session.wait_for("LAST USABLE");
    }
}

#[test]
fn a_set_of_the_configuration_is_opened_and_a_snapshot_is_found_in_whichever_place_it_is() {
    let cluster = |account: &str, region: &str, snapshot: &str| {
        format!(
            "[[cluster]]\nidentifier = \"orders\"\nengine = \"aurora-mysql\"\naccount = \"{account}\"\n\
             region = \"{region}\"\n[[cluster.snapshot]]\nidentifier = \"{snapshot}\"\nage = \"1h\"\n"
        )
    };
    let fleet = [
        cluster("111111111111", "eu-west-1", "hay"),
        cluster("222222222222", "eu-central-1", "straw"),
        cluster("222222222222", "us-east-1", "needle"),
    ];
    let fleet = Fleet::from_toml(&fleet.concat()).expect("a fleet");
    let home = tempfile::tempdir().expect("a folder");
    let (_, served) = simulated(fleet, FaultScript::default(), 1.0);
    let folder = home.path().join(".config/clustersnap");
    fs::create_dir_all(&folder).expect("a folder");
    let sets = "[places]\nall = [\"prod\", \"dr/eu-central-1,us-east-1\"]\n";
    fs::write(folder.join("config.toml"), sets).expect("a file");
    let mut session = start(&served.url, home.path(), &["--places", "all"]);
    session.wait_for(" of 3 places");
    session.wait_for("sorted by");
    session.send("v");
    session.wait_for("Snapshots  3");
    session.send("/needle");
    session.wait_for("1 of ");
    session.wait_until("it, and where it is", |screen| {
        let screen = screen.contents();
        let row = screen.lines().find(|line| line.starts_with(" ▌ needle")).unwrap_or_default();
        row.contains("222222222222") && row.contains("us-east-1")
    });
}

#[test]
fn the_demo_has_three_places() {
    let home = tempfile::tempdir().expect("a folder");
    let mut session = Session::start(clustersnap(home.path(), &["--demo"]), 120, 36);
    session.wait_for("sorted by");
    session.send("p");
    session.wait_for("CREDENTIALS");
    session.send("   ");
    session.wait_for("3 marked");
    session.send("\r");
    session.wait_for(" of 3 places");
    session.wait_until("the clusters of all", |screen| {
        let screen = screen.contents();
        ["123456789012", "210000000002", "210000000001"].iter().all(|account| screen.contains(account))
    });
}
