//! A fleet of accounts and Regions behind several simulators and moto, looked through at once.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Setup, Simulator, SimulatorOptions};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::program::{self, PROGRAM};
use super::support::proxy::{Answer, Back, Proxy};
use super::support::servers::{Moto, Served, simulated};
use super::support::venv::Venv;
use super::world::{Run, ended, envelope, finish, start};

/// What no output and no file may have in it.
const CANARY: &str = "CANARY0SECRET";

/// Every call is refused.
fn refusing(code: &str) -> String {
    format!(
        "[[fault]]\naction = \"*\"\n[fault.answer]\nkind = \"error\"\nstatus = 403\ncode = \"{code}\"\n\
         message = \"no\"\n"
    )
}

/// A simulator that makes up a fleet, with faults.
fn simulator(faults: &str) -> (Arc<Simulator>, Served) {
    let faults = FaultScript::from_toml(faults).unwrap();
    let (simulator, served) = simulated(Fleet::demo().everywhere(), faults, 1.0);
    (simulator, served)
}

/// A home with profiles, each of a place behind a URL.
struct Home(TempDir);

impl Home {
    fn new(profiles: &[(&str, &str, &str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut config = String::new();
        for (name, account, region, url) in profiles {
            let _ = write!(
                config,
                "[profile {name}]\nregion = {region}\naws_access_key_id = SIM{account}\n\
                 aws_secret_access_key = {CANARY}\naws_session_token = {CANARY}\nendpoint_url = {url}\n"
            );
        }
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        std::fs::write(home.path().join(".aws/config"), config).unwrap();
        Self(home)
    }

    /// The binary in the places of these profiles.
    fn command(&self, args: &[&str], profiles: &[&str]) -> Command {
        let mut command = program::command(PROGRAM, self.0.path());
        command.args(args);
        command.args(profiles.iter().flat_map(|profile| ["--profile", profile]));
        command
    }

    #[track_caller]
    fn run(&self, args: &[&str], profiles: &[&str]) -> Run {
        finish(&mut self.command(args, profiles))
    }
}

/// Whether a file below a folder has a text in it.
fn has(folder: &Path, text: &str) -> bool {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.into_iter().any(|path| {
        if path.is_dir() {
            return has(&path, text);
        }
        String::from_utf8_lossy(&std::fs::read(path).unwrap()).contains(text)
    })
}

/// The different values of a member of rows.
fn values(rows: &Value, member: &str) -> Vec<String> {
    let mut found: Vec<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row[member].as_str().unwrap_or("null").to_owned())
        .collect();
    found.sort();
    found.dedup();
    found
}

const SIX: [&str; 6] = ["one", "two", "slow", "denied", "expired", "moto"];

#[test]
fn six_places_one_slow_one_denied_and_one_expired_are_told_side_by_side() {
    let venv = Venv::ready();
    let moto = Moto::start(&venv);
    moto.make_cluster("of-moto", &[("owner", "dba")]);
    let slow = "[[fault]]\naction = \"*\"\ndelay = \"2s\"\n";
    let [(_a, quick), (_b, slow), (_c, denied), (_d, expired)] =
        ["", slow, &refusing("AccessDenied"), &refusing("ExpiredToken")].map(simulator);
    let home = Home::new(&[
        ("one", "111111111111", "eu-west-1", &quick.url),
        ("two", "222222222222", "eu-central-1", &quick.url),
        ("slow", "333333333333", "us-west-2", &slow.url),
        ("denied", "444444444444", "eu-west-1", &denied.url),
        ("expired", "555555555555", "eu-west-1", &expired.url),
        ("moto", "666666666666", "eu-west-1", &moto.url),
    ]);
    let begun = Instant::now();
    assert_eq!(home.run(&["list", "--json"], &["slow"]).code, 0);
    let alone = begun.elapsed();
    let begun = Instant::now();
    let run = home.run(&["list", "--json"], &SIX);
    let all = begun.elapsed();
    assert!(all < alone.mul_f64(1.5), "{all:?}, and the slowest alone {alone:?}");
    assert_eq!(run.code, 7, "{}", run.err);
    let answer = run.envelope();
    let regions = values(&answer["data"], "region");
    assert_eq!(regions, ["eu-central-1", "eu-west-1", "us-west-2"]);
    // Moto has one account, whichever key asks.
    let accounts = values(&answer["data"], "account");
    assert_eq!(accounts, ["111111111111", "123456789012", "222222222222", "333333333333"]);
    let failed: Vec<(&Value, &Value)> = answer["incomplete"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| (&place["profile"], &place["code"]))
        .collect();
    assert_eq!(
        failed,
        [(&json!("denied"), &json!("ACCESS_DENIED")), (&json!("expired"), &json!("CREDENTIALS"))]
    );
    assert_eq!((&answer["success"], &answer["error"]["code"]), (&json!(false), &json!("ACCESS_DENIED")));
    for place in ["denied/eu-west-1: ", "expired/eu-west-1: "] {
        let lines = run.err.lines().filter(|line| line.contains(place)).count();
        assert_eq!(lines, 1, "{}", run.err);
    }
    let table = home.run(&["list", "--log-file", "log"], &SIX);
    let head: Vec<&str> = table.out.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(head[..3], ["ACCOUNT", "REGION", "IDENTIFIER"], "{}", table.out);
    assert!(table.out.contains("of-moto"), "{}", table.out);
    assert_eq!(table.code, 7);
    std::fs::remove_dir_all(home.0.path().join(".aws")).unwrap();
    let told = [run.out, run.err, table.out, table.err].concat();
    assert!(!told.contains(CANARY) && !has(home.0.path(), CANARY), "a secret is told");
}

/// Whether the first credentials have ended, and how often they were refused since.
#[derive(Default)]
struct Ended {
    is_so: AtomicBool,
    refused: AtomicUsize,
}

/// Two places, the credentials of one of which end: those with its first key are refused once they have.
fn ending(home_of: impl Fn(&str, &str) -> Home) -> (Home, Proxy, [Served; 2], Arc<Ended>) {
    let place = |name: &str| {
        let fleet =
            format!("[[cluster]]\nidentifier = \"{name}\"\nengine = \"mysql\"\nsnapshot_takes = \"5s\"\n");
        let fleet = Fleet::from_toml(&fleet).unwrap();
        Served::start(Arc::new(Simulator::new(fleet, FaultScript::default(), SimulatorOptions::default())))
    };
    let (quick, behind) = (place("of-quick"), place("of-ending"));
    let has_ended = Arc::new(Ended::default());
    let ended = Arc::clone(&has_ended);
    let gate = Proxy::start(&behind.url, move |asked, road| {
        if ended.is_so.load(Ordering::SeqCst) && asked.is_signed_with(FIRST) {
            ended.refused.fetch_add(1, Ordering::SeqCst);
            return Back::Answer(Answer::refusal(403, "ExpiredToken", "the token is expired"));
        }
        Back::Answer(road.pass(asked))
    });
    let home = home_of(&quick.url, &gate.url);
    give(&home, FIRST);
    (home, gate, [quick, behind], has_ended)
}

/// The keys of the place whose credentials end, first and later ones.
const FIRST: &str = "AKIAFIRST555555555555";
const LATER: &str = "AKIALATER555555555555";

/// Gives the place whose credentials end those with this key.
fn give(home: &Home, key: &str) {
    let keys = json!({ "Version": 1, "AccessKeyId": key, "SecretAccessKey": CANARY, "SessionToken": CANARY });
    std::fs::write(home.0.path().join("keys.json"), keys.to_string()).unwrap();
}

#[test]
fn credentials_that_end_half_way_stop_one_place_only_and_new_ones_go_on_with_it() {
    let (home, gate, _servers, has_ended) = ending(|quick, gate| {
        let home = Home::new(&[("quick", "111111111111", "eu-west-1", quick)]);
        let config = home.0.path().join(".aws/config");
        let known = std::fs::read_to_string(&config).unwrap();
        let keys = home.0.path().join("keys.json");
        let ending = format!(
            "[profile ending]\nregion = eu-north-1\ncredential_process = cat {}\nendpoint_url = {gate}\n",
            keys.display()
        );
        std::fs::write(&config, known + &ending).unwrap();
        home
    });
    let both = ["quick", "ending"];
    for profile in both {
        let (cluster, name) = (format!("of-{profile}"), format!("snap-{profile}"));
        assert_eq!(home.run(&["create", &cluster, "--name", &name, "-q"], &[profile]).code, 0);
    }
    // While it is watched new ones are found, and both are followed to their end.
    let before = gate.arrived("DescribeDBClusterSnapshots");
    let child = start(&mut home.command(&["watch", "--json", "--log-file", "log"], &both));
    // The list, and a look at what was requested here: from then on it is followed.
    gate.wait_for("DescribeDBClusterSnapshots", before + 2);
    give(&home, LATER);
    has_ended.is_so.store(true, Ordering::SeqCst);
    let run = ended(child.wait_with_output().unwrap());
    assert_eq!((run.code, has_ended.refused.load(Ordering::SeqCst)), (0, 1), "{}\n{}", run.out, run.err);
    let lines: Vec<Value> = run.out.lines().map(envelope).collect();
    for (name, account) in [("snap-quick", "111111111111"), ("snap-ending", "555555555555")] {
        let of = lines.iter().filter(|line| line["data"]["id"] == name).collect::<Vec<_>>();
        assert!(of.iter().all(|line| line["data"]["account"] == account), "{}", run.out);
        assert_eq!(of.last().unwrap()["data"]["status"], "available", "{}", run.out);
    }
    // Without new ones: what was read stands, what was not is named, in each command alike.
    give(&home, FIRST);
    for (command, own) in [("list", "of-quick"), ("snapshots", "snap-quick")] {
        let run = home.run(&[command, "--json"], &both);
        let answer = run.envelope();
        assert_eq!((run.code, values(&answer["data"], "id")), (7, vec![own.to_owned()]), "{}", run.err);
        assert_eq!(values(&answer["data"], "account"), ["111111111111"]);
        assert_eq!(values(&answer["incomplete"], "profile"), ["ending"]);
        assert_eq!(answer["incomplete"][0]["code"], "CREDENTIALS");
        assert_eq!(run.err.matches("ending/eu-north-1: ").count(), 1, "{}", run.err);
    }
    // History asks nobody.
    let asked = home.run(&["history", "--json"], &both).data("requests");
    assert_eq!(values(&asked, "account"), ["111111111111", "555555555555"]);
    assert_eq!(values(&asked, "region"), ["eu-north-1", "eu-west-1"]);
    std::fs::remove_dir_all(home.0.path().join(".aws")).unwrap();
    std::fs::remove_file(home.0.path().join("keys.json")).unwrap();
    assert!(!has(home.0.path(), CANARY) && !(run.out + &run.err).contains(CANARY), "a secret is told");
}

#[test]
fn a_profile_on_each_side_of_the_command_is_two_places() {
    let server = Served::start(Arc::new(Setup::default().simulator().unwrap()));
    let home = Home::new(&[
        ("one", "111111111111", "eu-west-1", &server.url),
        ("two", "222222222222", "eu-central-1", &server.url),
    ]);
    let run = finish(&mut home.command(&["--profile", "one", "list", "--json"], &["two"]));
    assert_eq!(values(&run.data("clusters"), "account"), ["111111111111", "222222222222"]);
    // What concerns one place is not done in the second that was named.
    let run = finish(&mut home.command(&["--profile", "one", "create", "orders", "--json"], &["two"]));
    let error = run.error("VALIDATION_ERROR", 2);
    assert!(error["details"][0]["message"].as_str().unwrap().contains("2 are named: one, two"), "{error}");
    let run = finish(&mut home.command(&["--log-file", "a", "list", "--log-file", "b"], &["one"]));
    assert!(run.code == 2 && run.err.contains("'--log-file <FILE>' cannot be used multiple"), "{}", run.err);
}

#[test]
fn where_every_place_fails_the_envelope_says_so_and_the_worst_is_the_exit_code() {
    let (_sim, denied) = simulator(&refusing("AccessDenied"));
    let home = Home::new(&[
        ("denied", "444444444444", "eu-west-1", &denied.url),
        ("nowhere", "555555555555", "eu-west-1", "http://127.0.0.1:1"),
    ]);
    let run = home.run(&["snapshots", "--json"], &["denied", "nowhere"]);
    assert_eq!(run.code, 8, "{}", run.err);
    let answer = run.envelope();
    assert_eq!((&answer["data"], &answer["error"]["code"]), (&json!([]), &json!("NETWORK")));
    assert_eq!(values(&answer["incomplete"], "code"), ["ACCESS_DENIED", "NETWORK"]);
    let table = home.run(&["snapshots"], &["denied", "nowhere"]);
    assert!(table.code == 8 && table.out.is_empty(), "{}", table.out);
    home.run(&["snapshots", "--json"], &["denied"]).error("ACCESS_DENIED", 7);
}

#[test]
fn thirty_places_take_at_most_half_as_long_again_as_the_slowest() {
    let (_sim, quick) = simulator("");
    let (_sim, slow) = simulator("[[fault]]\naction = \"*\"\ndelay = \"3s\"\n");
    let names: Vec<String> = (0..30).map(|n| format!("p{n}")).collect();
    let accounts: Vec<String> = (0..30).map(|n| format!("{:012}", 100_000_000_000_u64 + n)).collect();
    let url = |n: usize| if n == 7 { slow.url.as_str() } else { quick.url.as_str() };
    let profiles: Vec<(&str, &str, &str, &str)> =
        (0..30).map(|n| (names[n].as_str(), accounts[n].as_str(), "eu-west-1", url(n))).collect();
    let home = Home::new(&profiles);
    let begun = Instant::now();
    assert_eq!(home.run(&["list", "--json"], &["p7"]).code, 0);
    let alone = begun.elapsed();
    let begun = Instant::now();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let run = home.run(&["list", "--json"], &all);
    let together = begun.elapsed();
    assert_eq!(values(&run.data("clusters"), "account"), accounts);
    assert!(together < alone.mul_f64(1.5), "{together:?}, and the slowest alone {alone:?}");
}

#[test]
fn a_snapshot_is_found_in_whichever_place_it_is() {
    let server = Served::start(Arc::new(Setup::default().simulator().unwrap()));
    let home = Home::new(&[
        ("one", "111111111111", "eu-west-1", &server.url),
        ("two", "222222222222", "eu-central-1", &server.url),
        ("again", "222222222222", "eu-central-1", &server.url),
    ]);
    let cluster = home.run(&["list", "--json", "--filter", "status:available"], &["two"]).data("clusters");
    let cluster = cluster[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(home.run(&["create", &cluster, "--name", "needle"], &["two"]).code, 0);
    let begun = Instant::now();
    let find = || home.run(&["snapshots", "--filter", "needle", "--json"], &["one", "two", "again"]);
    let mut run = find();
    // A new snapshot is not listed at once.
    while begun.elapsed() < Duration::from_mins(1) && run.envelope()["data"] == json!([]) {
        run = find();
    }
    let found = run.data("snapshots");
    assert_eq!(found.as_array().unwrap().len(), 1, "one account by two profiles is one place: {found}");
    assert_eq!(
        (&found[0]["id"], &found[0]["account"], &found[0]["region"]),
        (&json!("needle"), &json!("222222222222"), &json!("eu-central-1"))
    );
    assert!(run.err.contains("again/eu-central-1 is the same account and Region as two/eu-central-1"));
    let none = home.run(&["snapshots", "--filter", "no-needle"], &["one", "two"]);
    assert!(none.code == 0 && none.err.contains("fits \"no-needle\" in the 2 places"), "{}", none.err);
    let asked = |profiles: &[&str]| home.run(&["history", "--json"], profiles).data("requests");
    assert_eq!(asked(&["one", "two"])[0]["id"], "needle");
    assert_eq!((asked(&["one"]), asked(&[])[0]["account"].clone()), (json!([]), json!("222222222222")));
}

#[test]
fn snapshots_of_several_places_are_watched_to_their_end_each_at_its_own_pace() {
    let fleet = "[[cluster]]\nidentifier = \"orders\"\nengine = \"mysql\"\nsnapshot_takes = \"6s\"\n";
    let place = |faults: &str| {
        let fleet = Fleet::from_toml(fleet).unwrap();
        let faults = FaultScript::from_toml(faults).unwrap();
        let simulator = Arc::new(Simulator::new(fleet, faults, SimulatorOptions::default()));
        (Arc::clone(&simulator), Served::start(simulator))
    };
    let [one, two, denied] = ["", "", &refusing("AccessDenied")].map(place);
    let home = Home::new(&[
        ("one", "111111111111", "eu-west-1", &one.1.url),
        ("two", "222222222222", "eu-central-1", &two.1.url),
        ("denied", "333333333333", "eu-west-1", &denied.1.url),
    ]);
    for profile in ["one", "two"] {
        assert_eq!(home.run(&["create", "orders", "--name", profile, "-q"], &[profile]).code, 0);
    }
    let before = [&one, &two].map(|(simulator, _)| simulator.calls("DescribeDBClusterSnapshots"));
    let begun = Instant::now();
    let child = start(&mut home.command(&["watch", "--json"], &["one", "two", "denied"]));
    let run = ended(child.wait_with_output().unwrap());
    let seconds = begun.elapsed().as_secs() + 1;
    assert_eq!(run.code, 7, "{}\n{}", run.out, run.err);
    let lines: Vec<Value> = run.out.lines().map(envelope).collect();
    for (name, account, region) in
        [("one", "111111111111", "eu-west-1"), ("two", "222222222222", "eu-central-1")]
    {
        let of = lines.iter().filter(|line| line["data"]["id"] == name).collect::<Vec<_>>();
        let last = &of.last().unwrap()["data"];
        assert_eq!((&last["account"], &last["region"]), (&json!(account), &json!(region)), "{last}");
        assert_eq!(last["status"], "available");
    }
    let failed: Vec<&Value> = lines.iter().filter(|line| line["success"] == false).collect();
    assert_eq!(failed.len(), 1, "{}", run.out);
    assert_eq!(failed[0]["incomplete"][0]["profile"], "denied");
    for ((simulator, _), before) in [&one, &two].into_iter().zip(before) {
        let asked = simulator.calls("DescribeDBClusterSnapshots") - before;
        // A look each second, and one before the first.
        assert!(asked <= seconds + 2, "{asked} calls in {seconds} s");
    }
    assert!(begun.elapsed() < Duration::from_mins(1));
    let text = home.run(&["watch", "one", "two"], &["one", "two"]);
    assert!(text.out.contains("one/eu-west-1: one  available"), "{}\n{}", text.out, text.err);
    let missing = home.run(&["watch", "one", "nothing"], &["one", "two"]);
    assert!(missing.code == 2 && missing.err.contains("nothing where it was looked for;"), "{}", missing.err);
}
