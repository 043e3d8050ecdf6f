//! A clean-up on the screen that does not go smoothly: answers get lost, the program is quit or killed in the midst of
//! it, and the next start tells what became of what was left open. The judge is what the simulator then holds.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clustersnap::sim::Simulator;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use clustersnap::sim::fleet::Fleet;
use jiff::{SignedDuration, Timestamp};
use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use super::pty::{PATIENCE, Session, clustersnap_at};
use super::support::query::snapshots;
use super::support::servers::{Served, simulated};

const DELETE: &str = "DeleteDBClusterSnapshot";

/// A machine, and a service with a cluster of four old snapshots, one that is kept by a tag, and a new one.
struct World {
    home: TempDir,
    simulator: Arc<Simulator>,
    served: Served,
}

impl World {
    fn new(faults: Vec<Fault>) -> Self {
        let snapshot = |name: &str, days: u32, tags: &str| {
            format!(
                "[[cluster.snapshot]]\nidentifier = \"{name}\"\nkind = \"manual\"\nage = \"{days}d\"\n\
                 tags = {{ owner = \"dba\"{tags} }}\n"
            )
        };
        let old: String = (1..=4).map(|n| snapshot(&format!("old-{n}"), 100 + n, "")).collect();
        let fleet = format!(
            "snapshot_quota = 100\n[[cluster]]\nidentifier = \"orders\"\nengine = \"aurora-postgresql\"\n{old}{}{}",
            snapshot("kept", 200, ", keep-until = \"2999-12-31\""),
            snapshot("fresh", 1, "")
        );
        let (simulator, served) =
            simulated(Fleet::from_toml(&fleet).expect("a fleet"), FaultScript::new(faults), 1.0);
        let home = tempfile::tempdir().expect("a folder");
        Self { home, simulator, served }
    }

    /// Starts the program, and waits until all snapshots are read.
    fn start(&self) -> Session {
        let command = clustersnap_at(&self.served.url, self.home.path(), &[]);
        let session = Session::start(command, 160, 30);
        session.wait_until("all snapshots", |screen| {
            let screen = screen.contents();
            screen.contains("24 h ago") && !screen.contains("loading")
        });
        session
    }

    /// Begins the clean-up of what is old, up to the count that is to be typed.
    fn plan(&self) -> Session {
        let mut session = self.start();
        press(&mut session, &["v"], "6 manual");
        press(&mut session, &["/", "a", "g", "e", ">", "9", "0", "d", "\r"], "5 of ");
        press(&mut session, &["*"], "5 marked");
        press(&mut session, &["x"], "4 to delete, 1 stays");
        press(&mut session, &["y"], "Type 4 to delete");
        session
    }

    /// Confirms the clean-up, and waits until the first two deletions are under way.
    fn confirmed(&self) -> Session {
        let mut session = self.plan();
        press(&mut session, &["4", "\r"], "4 under way");
        self.wait_until("two deletions leave", || self.simulator.calls(DELETE) >= 2);
        session
    }

    /// Starts the program, and ends it once it has looked for one that is gone; minutes pass.
    fn look_and_wait(&self) {
        let session = self.start();
        self.wait_until("it looks for it", || {
            self.journal().iter().any(|line| line["unlisted"]["looks"] == 1)
        });
        assert!(!session.screen().contains("It is not there any more"), "{}", session.screen());
        session.signal(Signal::KILL);
        drop(session);
        age(self.home.path());
    }

    #[track_caller]
    fn wait_until(&self, what: &str, is_so: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_so() {
            assert!(Instant::now() < deadline, "{what}: {:?}", self.words());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The names of the manual snapshots that are there.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = snapshots(&self.served.url).into_iter().map(|it| it.name).collect();
        names.sort();
        names
    }

    fn journal(&self) -> Vec<Value> {
        journal(self.home.path())
    }

    /// What the journal says at last of each that something was done to, by name.
    fn words(&self) -> Vec<(String, String)> {
        let journal = self.journal();
        let last = |number: &Value| {
            let mut of = journal.iter().filter(|line| line["kind"] == "altered" && &line["number"] == number);
            of.next_back().map_or("", |line| line["outcome"].as_str().expect("a word")).to_owned()
        };
        let asked = journal.iter().filter(|line| line["kind"] == "alteration");
        let word =
            |line: &Value| (line["snapshot"].as_str().expect("a name").to_owned(), last(&line["number"]));
        let mut words: Vec<(String, String)> = asked.map(word).collect();
        words.sort();
        words
    }
}

/// All that is in the journal of a home, and on the service's clock, becomes too old to take effect.
pub fn age(home: &Path) {
    let age = SignedDuration::from_mins(21);
    let aged = journal(home).into_iter().map(|mut line| {
        for member in ["/at", "/server_time", "/unlisted/since", "/unlisted/until", "/unlisted/server_since"]
        {
            let Some(member) = line.pointer_mut(member) else { continue };
            if let Some(at) = member.as_str().and_then(|at| at.parse::<Timestamp>().ok()) {
                *member = (at - age).to_string().into();
            }
        }
        format!("{line}\n")
    });
    std::fs::write(path(home), aged.collect::<String>()).expect("a journal");
}

fn path(home: &Path) -> std::path::PathBuf {
    home.join(".local/state/clustersnap/journal.jsonl")
}

pub fn journal(home: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path(home)).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Presses keys one after the other, and waits for what the last one shows.
#[track_caller]
fn press(session: &mut Session, keys: &[&str], shown: &str) {
    session.press(keys);
    session.wait_for(shown);
}

#[test]
fn lost_answers_are_settled_on_the_screen_and_a_wrong_count_deletes_nothing() {
    let gone = FaultyAnswer::error(404, "DBClusterSnapshotNotFoundFault", "not found");
    let lost = Fault::on(DELETE).call(1).happened(true).answer(gone);
    let never = Fault::on(DELETE).call(2).happened(false).answer(FaultyAnswer::Drop);
    let world = World::new(vec![lost, never]);
    let mut session = world.plan();
    press(&mut session, &["5", "\r"], "Nothing was deleted: '5' is not 4");
    assert_eq!(world.simulator.calls(DELETE), 0);
    press(&mut session, &["4", "\r"], "1 under way  3 deleted or being deleted");
    let screen = session.screen();
    // What is still looked for is said to be neither done nor failed.
    assert!(!screen.contains("NOT DONE") && screen.contains("gone"), "{screen}");
    assert_eq!((world.names().len(), world.simulator.calls(DELETE)), (3, 4), "{screen}");
    let there = world.names().into_iter().find(|name| name.starts_with("old")).expect("the one that is open");
    let line = screen.lines().find(|line| line.contains(&there)).unwrap_or_default();
    assert!(line.contains("under way"), "{screen}");
    // To leave is asked for while it is looked for; esc stays.
    press(&mut session, &["\x1b"], "sorted by identifier");
    press(&mut session, &["q"], "Snapshots are being deleted or tagged");
    press(&mut session, &["\x1b"], "s snapshot");
    session.signal(Signal::KILL);
    session.wait_for_end(PATIENCE);
    assert!(world.words().contains(&(there, "unknown".to_owned())), "{:?}", world.words());
}

/// Of the first two requests one is carried out, and one never arrives; neither is answered.
fn unanswered() -> Vec<Fault> {
    let hangs = |call: u64| Fault::on(DELETE).call(call).happened(call == 1).answer(FaultyAnswer::Hang);
    vec![hangs(1), hangs(2)]
}

#[test]
fn killed_in_the_midst_the_next_start_tells_what_became_of_each_and_sends_nothing() {
    let world = World::new(unanswered());
    let session = world.confirmed();
    session.signal(Signal::KILL);
    drop(session);
    let asked = world.words();
    assert!(asked.len() == 2 && asked.iter().all(|(_, word)| word.is_empty()), "{asked:?}");
    let (gone, open): (Vec<_>, Vec<_>) =
        asked.into_iter().map(|(name, _)| name).partition(|name| !world.names().contains(name));
    let ([gone], [open]) = (gone.as_slice(), open.as_slice()) else { panic!("{gone:?} {open:?}") };
    world.look_and_wait();
    let mut session = world.start();
    session.wait_for(&format!("{open}: Not done: no clear answer came"));
    // That is no reason to take the error away.
    world.wait_until("it is gone", || world.words().contains(&(gone.clone(), "gone".to_owned())));
    session.send("q");
    assert_eq!(session.wait_for_end(PATIENCE), 0, "nothing of this run is open");
    assert!(world.words().contains(&(open.clone(), "not_done".to_owned())), "{:?}", world.words());
    assert_eq!((world.simulator.calls(DELETE), world.names().len()), (2, 5), "nothing was sent again");
    assert!(world.names().contains(open));
}

#[test]
fn to_quit_in_the_midst_is_asked_for_waits_for_what_is_under_way_and_does_no_more() {
    let late = Fault::on(DELETE).call(1).delay(Period::seconds(2));
    let hangs = Fault::on(DELETE).call(2).happened(true).answer(FaultyAnswer::Hang);
    let world = World::new(vec![late, hangs]);
    let mut session = world.confirmed();
    press(&mut session, &["\x1b"], "sorted by identifier");
    press(&mut session, &["q"], "Snapshots are being deleted or tagged. Quitting waits 10 s");
    session.send("y");
    assert_eq!(session.wait_for_end(PATIENCE), 0);
    assert_eq!(world.simulator.calls(DELETE), 2, "what was queued is not sent");
    let words = world.words();
    let of = |word: &str| words.iter().filter(|(_, it)| it == word).map(|(name, _)| name).collect::<Vec<_>>();
    let ended = [of("deleting"), of("")];
    let [[answered], [open]] = ended.each_ref().map(Vec::as_slice) else { panic!("{words:?}") };
    // What became of the one is said below the screen that is gone, and that nothing is known of the other.
    session.wait_for(&format!("{answered}: AWS deletes it."));
    session.wait_for(
        "What is not told above has no outcome that is written down yet. If it was journalled, the next start in its place finds out what became of it.",
    );
    assert!(!world.names().contains(answered));
    world.look_and_wait();
    let session = world.start();
    session.wait_for(&format!("{open}: It is not there any more"));
    assert!(!session.screen().contains(&format!("{answered}: ")), "that is no news: {}", session.screen());
    assert_eq!((world.simulator.calls(DELETE), world.names().len()), (2, 4));
}
