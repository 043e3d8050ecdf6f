//! Six accounts and Regions behind three simulators and moto, at once, in a terminal: one is slow, one denied, and the
//! credentials of one end half-way. Every frame is looked at: nothing of one place stands under another's name.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Simulator, SimulatorOptions};
use tempfile::TempDir;

use super::END;
use super::pty::{Session, clustersnap};
use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::support::servers::{Moto, Served};
use super::support::venv::Venv;

const COLUMNS: u16 = 160;
const ROWS: u16 = 40;
/// The end of a frame.
const FRAME: &[u8] = b"\x1b[?2026l";
/// What no file and no frame may have in it, with the profile behind it.
const CANARY: &str = "CANARY0OF0";

/// A place: its profile, which its cluster is named after, its account and Region.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place(&'static str, &'static str, &'static str);

const PLACES: [Place; 6] = [
    Place("one", "111111111111", "eu-west-1"),
    Place("two", "222222222222", "eu-central-1"),
    Place("slow", "333333333333", "us-west-2"),
    Place("denied", "444444444444", "ap-south-1"),
    Place("ending", "555555555555", "eu-north-1"),
    // Moto has one account, whichever key asks.
    Place("moto", "123456789012", "eu-west-1"),
];

impl Place {
    fn cluster(self) -> String {
        format!("of-{}", self.0)
    }
}

/// A simulator of these places, each with a cluster and a snapshot that is named after it.
fn served(places: &[&str], faults: &str) -> (Arc<Simulator>, Served) {
    let mut fleet = String::new();
    for place in PLACES.iter().filter(|place| places.contains(&place.0)) {
        let (cluster, Place(_, account, region)) = (place.cluster(), place);
        let _ = write!(
            fleet,
            "[[cluster]]\nidentifier = \"{cluster}\"\nengine = \"aurora-mysql\"\naccount = \"{account}\"\n\
             region = \"{region}\"\nsnapshot_takes = \"1h\"\n"
        );
    }
    let faults = FaultScript::from_toml(faults).expect("a script");
    let fleet = Fleet::from_toml(&fleet).expect("a fleet");
    let simulator = Arc::new(Simulator::new(fleet, faults, SimulatorOptions::default()));
    let server = Served::start(Arc::clone(&simulator));
    (simulator, server)
}

/// The three simulators, moto, and a home with a profile for each place.
struct World {
    home: TempDir,
    quick: Arc<Simulator>,
    gate: Proxy,
    /// Whether the first credentials of `ending` have ended.
    has_ended: Arc<AtomicBool>,
    _servers: (Served, Served, Served, Moto),
}

/// The keys of `ending`, first and later ones; both are of its account.
const FIRST: &str = "AKIAFIRST555555555555";
const LATER: &str = "AKIALATER555555555555";

impl World {
    fn new() -> Self {
        let venv = Venv::ready();
        let moto = Moto::start(&venv);
        moto.make_cluster("of-moto", &[]);
        let (quick, quick_server) = served(&["one", "two"], "");
        let (_, slow_server) = served(&["slow"], "[[fault]]\naction = \"*\"\ndelay = \"1500ms\"\n");
        let (_, third_server) = served(&["denied", "ending"], "");
        let has_ended = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&has_ended);
        let gate = Proxy::start(&third_server.url, move |asked, road| {
            through(asked, road, ended.load(Ordering::SeqCst))
        });
        let home = tempfile::tempdir().expect("a folder");
        let mut config = String::new();
        for Place(profile, account, region) in PLACES {
            let url = match profile {
                "one" | "two" => &quick_server.url,
                "slow" => &slow_server.url,
                "moto" => &moto.url,
                _ => &gate.url,
            };
            let keys = if profile == "ending" {
                format!("credential_process = cat {}/keys.json\n", home.path().display())
            } else {
                format!("aws_access_key_id = SIM{account}\naws_secret_access_key = {CANARY}{profile}\n")
            };
            // An endpoint in the profile itself, or among those of its services.
            let services = match profile {
                "two" => format!(
                    "services = of-two\n[services of-two]\nrds =\n  endpoint_url = {url}\nsts =\n  endpoint_url = {url}\n"
                ),
                _ => format!("endpoint_url = {url}\n"),
            };
            let _ = write!(config, "[profile {profile}]\nregion = {region}\n{keys}{services}");
        }
        fs::create_dir_all(home.path().join(".aws")).expect("a folder");
        fs::write(home.path().join(".aws/config"), config).expect("a file");
        let world =
            Self { home, quick, gate, has_ended, _servers: (quick_server, slow_server, third_server, moto) };
        world.give(FIRST);
        world
    }

    /// Gives the place whose credentials end those with this key.
    fn give(&self, key: &str) {
        let keys = format!(
            "{{\"Version\": 1, \"AccessKeyId\": \"{key}\", \"SecretAccessKey\": \"{CANARY}ending\", \
             \"SessionToken\": \"{CANARY}ending-token\"}}"
        );
        fs::write(self.home.path().join("keys.json"), keys).expect("a file");
    }

    fn start(&self) -> Session {
        let mut args: Vec<&str> = PLACES.iter().flat_map(|place| ["--profile", place.0]).collect();
        args.extend(["--log-file", "log"]);
        Session::start(clustersnap(self.home.path(), &args), COLUMNS, ROWS)
    }
}

/// What stands before the third simulator: one account may nothing, and one has keys that end.
fn through(asked: &Asked, road: &Road, has_ended: bool) -> Back {
    if asked.is_signed_with("SIM444444444444") {
        return Back::Answer(Answer::refusal(403, "AccessDenied", "not for you"));
    }
    if has_ended && asked.is_signed_with(FIRST) {
        let message = "The security token included in the request is expired";
        return Back::Answer(Answer::refusal(403, "ExpiredToken", message));
    }
    Back::Answer(road.pass(asked))
}

/// Looks at every frame that was drawn. Returns how many named one place only, and how many several.
fn look_at_frames(session: &Session) -> (usize, usize) {
    let cells = |count| std::num::NonZero::new(count).expect("not zero");
    let mut screen = vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0);
    let (mut alone, mut together) = (0, 0);
    let bytes = session.since(0);
    let mut rest = bytes.as_slice();
    while let Some(end) = rest.windows(FRAME.len()).position(|window| window == FRAME) {
        let (frame, after) = rest.split_at(end + FRAME.len());
        screen.process(frame);
        rest = after;
        let lines: Vec<String> = screen.screen().rows(0, COLUMNS).collect();
        if lines[0].contains(" of 6 places") {
            look_together(&lines);
            together += 1;
        } else {
            alone += usize::from(look_alone(&lines));
        }
    }
    assert!(!String::from_utf8_lossy(&bytes).contains(CANARY), "a secret was drawn");
    (alone, together)
}

/// Several places: the header names that of the row under the cursor, and each row its own.
fn look_together(lines: &[String]) {
    let all = lines.join("\n");
    let is_list = lines.iter().any(|line| line.contains("IDENTIFIER") && line.contains("ACCOUNT"));
    for place in PLACES.iter().filter(|_| is_list) {
        let Place(_, account, region) = place;
        for line in lines.iter().skip(2).filter(|line| names(line, &place.cluster())) {
            // A row of the list has the name first; the details beside it are of the row under the cursor.
            let (row, _) = line.split_at(line.len().min(90));
            if names(row.get(..30).unwrap_or(row), &place.cluster()) {
                assert!(row.contains(account) && row.contains(region), "{place:?}: {line}\n{all}");
            }
            if line.starts_with(" ▌") {
                assert!(lines[0].contains(account) && lines[0].contains(region), "{place:?}\n{all}");
            }
        }
    }
}

/// One place: nothing of another one is anywhere, but where places are chosen and in what is said of one by its name.
/// Whether it was such a frame.
fn look_alone(lines: &[String]) -> bool {
    let all = lines.join("\n");
    let Some(own) = PLACES.iter().find(|place| lines[0].contains(&format!(" {}   {}", place.0, place.2)))
    else {
        return false;
    };
    let is_choosing = lines.iter().any(|line| line.contains("CREDENTIALS"));
    for other in PLACES.iter().filter(|other| *other != own && !is_choosing) {
        let Place(profile, account, region) = other;
        for line in lines {
            // What is said of it, and what is followed there, has its name before it.
            let is_followed = line.contains(account) && line.contains(region);
            let is_said_of_it = is_followed || line.contains(&format!("{profile} {region}: "));
            assert!(is_said_of_it || !names(line, &other.cluster()), "{own:?}: {line}\n{all}");
            assert!(is_said_of_it || !line.contains(account), "{own:?}: {line}\n{all}");
        }
    }
    true
}

/// Whether a line has a name in it, and not a longer one with it.
fn names(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line.get(..at).unwrap_or_default().chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric() && before != '-')
    })
}

fn has_canary(folder: &Path) -> Option<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.into_iter().find_map(|path| {
        if path.is_dir() {
            return has_canary(&path);
        }
        let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
        text.contains(CANARY).then(|| path.display().to_string())
    })
}

/// Presses a key that confirms, apart from what was typed before: what arrives at once with it is text.
fn confirm(session: &mut Session, key: &str) {
    session.settle(Duration::from_millis(100));
    session.send(key);
}

/// Goes to one place by the list of profiles.
fn go_to(session: &mut Session, place: Place) {
    let Place(profile, _, region) = place;
    session.send("p");
    session.wait_for("CREDENTIALS");
    session.send(profile);
    session.wait_for(&format!("/{profile}"));
    confirm(session, "\r");
    session.wait_until("one place", |screen| {
        let lines = screen.contents();
        let header = lines.lines().next().unwrap_or_default();
        header.contains(&format!(" {profile}   {region}"))
            && !header.contains(" of 6")
            && !lines.contains("CREDENTIALS")
    });
}

#[test]
fn six_places_are_shown_side_by_side_and_what_fails_in_one_hides_nothing_of_the_others() {
    let world = World::new();
    let mut session = world.start();
    for place in PLACES.iter().filter(|place| place.0 != "denied") {
        session.wait_for(&place.cluster());
    }
    session.wait_for("denied ap-south-1: A permission is missing.");

    // Credentials end half-way: a line says so, and the rows of all stay.
    world.has_ended.store(true, Ordering::SeqCst);
    session.send("r");
    session.wait_for("the AWS credentials have expired");
    session.wait_until("all rows", |screen| {
        let screen = screen.contents();
        PLACES.iter().all(|place| place.0 == "denied" || screen.contains(&place.cluster()))
    });
    // The others go on: what is sent goes to the place under the cursor, and is followed there.
    session.send("/of-two");
    session.wait_for("/of-two");
    confirm(&mut session, "\r");
    session.wait_until("the place under the cursor", |screen| {
        screen
            .contents()
            .lines()
            .next()
            .is_some_and(|header| header.contains("222222222222 two   eu-central-1"))
    });
    session.wait_for("ending eu-north-1: ");
    session.send("s\x15snap-of-two\x13");
    session.wait_for("y send");
    confirm(&mut session, "y");
    session.wait_until("the snapshot in the pane", |screen| {
        screen.contents().lines().any(|line| {
            line.contains("snap-of-two") && line.contains("222222222222") && line.contains("creating")
        })
    });
    assert!(world.quick.has_snapshot("snap-of-two"));
    // New credentials are found, and there is nothing more to say of it.
    world.give(LATER);
    let before = world.gate.arrived("DescribeDBClusters");
    session.send("r");
    world.gate.wait_for("DescribeDBClusters", before + 1);
    session.wait_until("no word about credentials", |screen| {
        !screen.contents().contains("credentials have expired")
    });
    go_to(&mut session, PLACES[4]);
    session.wait_for("555555555555 ending   eu-north-1");
    session.wait_for("of-ending");
    session.send("\x03");
    session.wait_for_end(END);
    let (_, together) = look_at_frames(&session);
    assert!(together > 10, "{together} frames of several places");
    leaves_no_secret(&world);
}

#[test]
fn nothing_of_one_place_is_shown_under_another_while_places_are_switched_and_answers_come_late() {
    let world = World::new();
    let mut session = world.start();
    session.wait_for("of-one");
    let mut random = fastrand::Rng::with_seed(6);
    for step in 0..24 {
        let place = PLACES[random.usize(..PLACES.len())];
        go_to(&mut session, place);
        match step % 3 {
            // Left before anything has come.
            0 => {}
            1 => {
                session.send("v");
                session.wait_until("the list of snapshots", |screen| {
                    screen.contents().lines().nth(1).is_some_and(|line| line.starts_with(" Snapshots"))
                });
            }
            _ if place.0 == "denied" => drop(session.wait_for("A permission is missing")),
            _ => drop(session.wait_for(&place.cluster())),
        }
    }
    session.send("\x03");
    session.wait_for_end(END);
    let (alone, _) = look_at_frames(&session);
    assert!(alone > 48, "{alone} frames of one place");
    leaves_no_secret(&world);
}

/// No file of the run has a secret in it, but for those that it was given.
fn leaves_no_secret(world: &World) {
    fs::remove_dir_all(world.home.path().join(".aws")).expect("the profiles");
    fs::remove_file(world.home.path().join("keys.json")).expect("the keys");
    assert!(world.home.path().join("log").is_file(), "a log was kept");
    assert_eq!(has_canary(world.home.path()), None);
}
