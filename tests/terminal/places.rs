//! Several accounts and Regions, with the real binary: opened side by side, one of them denied, and switched between.

use std::fs;
use std::sync::Arc;

use clustersnap::sim::Simulator;

use super::pty::{Session, clustersnap};
use super::support::servers::Served;

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
    session.send("p");
    session.wait_for("CREDENTIALS");
    session.send("central");
    session.wait_for("/central");
    session.send("\r");
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
    session.send("p");
    session.wait_for("CREDENTIALS");
    session.send("prod");
    session.wait_for("/prod");
    session.send("\r");
    session.wait_for("111111111111 prod");
    session.send("R");
    // The footer of the list may name Regions too: this line is of the choice only.
    session.wait_for("Regions  /");
    session.send("us-east-1");
    session.wait_for("/us-east-1");
    session.send("\r");
    session.wait_for("111111111111 prod   us-east-1");
    session.send("\x03");
    session.wait_for_end(std::time::Duration::from_secs(5));
    // The next run finds it again.
    let mut session = start(&served.url, home.path(), &["--profile", "dr"]);
    session.wait_for("222222222222 dr   eu-central-1");
    session.send("p");
    session.wait_for("CREDENTIALS");
    session.send("prod");
    session.wait_for("/prod");
    session.send("\r");
    session.wait_for("111111111111 prod   us-east-1");
}
