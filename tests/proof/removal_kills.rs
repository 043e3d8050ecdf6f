//! `kill -9` at many moments of a clean-up, and of a change of tags: the next start tells what became of each, nothing
//! that is done is asked for again, and nothing that is guarded goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use jiff::SignedDuration;
use serde_json::Value;

use super::altered::*;
use super::support::proxy::{Asked, Back, Proxy, Road};
use super::support::query::{Listed, snapshots};
use super::support::servers::{Served, simulated};
use super::world::*;

const WORKERS: usize = 8;
const KILLS: usize = 32;
const TAG_KILLS: usize = 8;
/// What the clean-up deletes.
const STALE: [&str; 4] = ["stale-1", "stale-2", "stale-3", "stale-4"];
/// What it is told to, and may not: the one that a tag keeps, a cluster's last.
const GUARDED: [&str; 2] = ["kept", "last"];
/// For how long a request is held, or its answer missing.
const HELD: Duration = Duration::from_millis(300);
fn fleet() -> Fleet {
    let cluster = |name: &str| {
        format!(
            "[[cluster]]\nidentifier = \"{name}\"\nengine = \"aurora-mysql\"\nautomated_snapshots = 1\n{}",
            "tags = { owner = \"dba\" }\n"
        )
    };
    let snapshot = |name: &str, days: u32, tags: &str| {
        format!(
            "[[cluster.snapshot]]\nidentifier = \"{name}\"\nkind = \"manual\"\nage = \"{days}d\"\n\
             tags = {{ owner = \"dba\", old = \"1\"{tags} }}\n"
        )
    };
    let stale: String = STALE.iter().map(|name| snapshot(name, 100, "")).collect();
    let kept = snapshot("kept", 120, ", keep-until = \"2999-12-31\"");
    let orders = format!("{}{stale}{kept}{}", cluster("orders"), snapshot("fresh", 1, ""));
    let fleet = format!("{orders}{}{}", cluster("archive"), snapshot("last", 150, ""));
    Fleet::from_toml(&fleet).unwrap()
}

/// What becomes of a request, by its number among those that change something.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// It and its answer take their time.
    Slow,
    /// It is carried out, and nothing comes back.
    Lost,
    /// It is held up, and arrives although nobody waits for it any more.
    Late,
    /// It never arrives.
    Never,
}

const WAYS: [Way; 5] = [Way::Slow, Way::Late, Way::Lost, Way::Slow, Way::Never];

/// A service, and a proxy at which each request goes one of the ways.
struct Place {
    served: Served,
    proxy: Proxy,
    desk: Desk,
    on_its_way: Arc<AtomicUsize>,
}

impl Place {
    /// `first` is the way of the first request that changes something.
    fn new(first: usize) -> Self {
        let (_, served) = simulated(fleet(), FaultScript::default(), 1.0);
        let on_its_way = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&on_its_way);
        let proxy = Proxy::start(&served.url, move |asked: &Asked, road: &Road| {
            if ![DELETE, ADD_TAGS, REMOVE_TAGS].contains(&asked.action.as_str()) {
                return honest(asked, road);
            }
            counted.fetch_add(1, Ordering::SeqCst);
            let back = go(WAYS[(first + asked.nth) % WAYS.len()], asked, road);
            counted.fetch_sub(1, Ordering::SeqCst);
            back
        });
        let desk = Desk::new(&proxy.url);
        Self { served, proxy, desk, on_its_way }
    }

    /// Runs a command, and kills it so long after so many requests of an action arrived, or once it looks for what was
    /// lost.
    fn kill(&self, words: &str, (action, count): (&str, usize), after: Duration) -> Told {
        let mut running = self.desk.start(words);
        let looks_for_it = |name: &str| self.proxy.asked(LOOK_UP, name).len() > 2;
        let is_time = |_: &Running| {
            self.proxy.arrived(action) >= count || STALE.iter().chain(&GUARDED).any(|name| looks_for_it(name))
        };
        let _ = running.ends_before(Duration::from_secs(30), is_time);
        thread::sleep(after);
        running.kill()
    }

    fn wait_for_what_is_on_its_way(&self) {
        let begun = Instant::now();
        while self.on_its_way.load(Ordering::SeqCst) > 0 {
            assert!(begun.elapsed() < Duration::from_secs(20), "nothing is held for so long");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// How many snapshots the plan of a command has, and what was told with it.
    #[track_caller]
    fn plan(&self, words: &str) -> (usize, Told) {
        let told = self.desk.run(&format!("{words} --dry-run --json"));
        let rows = told.envelope()["data"].as_array().unwrap().clone();
        let is_in = |row: &&Value| row["verdict"] == "delete" || row["verdict"].is_null();
        (rows.iter().filter(is_in).count(), told)
    }

    /// How many requests the journal has of which it does not say what became.
    fn open(&self) -> usize {
        let journal = self.desk.journal();
        let of = |kind: &'static str| journal.iter().filter(move |line| line["kind"] == kind);
        let is_settled = |asked: &&Value| {
            of("altered").any(|line| line["number"] == asked["number"] && line["outcome"] != "unknown")
        };
        of("alteration").filter(|asked| !is_settled(asked)).count()
    }

    /// Of what a command found open, and did once more, it is known only at the next look what became.
    #[track_caller]
    fn assert_that_a_last_look_settles_all(&self, words: &str, context: &str) {
        if self.open() > 0 {
            let (_, told) = self.plan(words);
            assert_eq!(self.open(), 0, "{context}{told}");
        }
    }

    /// What the journal says at last of each snapshot that it has something of.
    fn last_words(&self) -> Vec<(String, Option<String>)> {
        let journal = self.desk.journal();
        let mut names: Vec<String> = journal
            .iter()
            .filter(|line| line["kind"] == "alteration")
            .filter_map(|line| line["snapshot"].as_str().map(str::to_owned))
            .collect();
        names.sort();
        names.dedup();
        names.into_iter().map(|name| (name.clone(), self.desk.words(&name).pop())).collect()
    }

    fn there(&self) -> Vec<Listed> {
        snapshots(&self.served.url)
    }

    fn has(&self, name: &str) -> bool {
        self.there().iter().any(|it| it.name == name)
    }
}

fn go(way: Way, asked: &Asked, road: &Road) -> Back {
    match way {
        Way::Slow => {
            thread::sleep(HELD / 10);
            let answer = road.pass(asked);
            thread::sleep(HELD / 10);
            Back::Answer(answer)
        }
        Way::Lost => {
            road.pass(asked);
            thread::sleep(HELD);
            Back::Nothing
        }
        Way::Late => {
            thread::sleep(HELD);
            Back::Answer(road.pass(asked))
        }
        Way::Never => {
            thread::sleep(HELD);
            Back::Nothing
        }
    }
}

/// The moment of a kill: the requests of an action that arrived by then, and how long after.
fn moment(kill: usize, actions: [(&'static str, usize, usize); 2]) -> ((&'static str, usize), Duration) {
    let (action, first, last) = actions[kill % 2];
    let count = first + kill / 2 % (last + 1 - first);
    let after = u64::try_from(kill * 37 % 230).unwrap();
    ((action, count), Duration::from_millis(after))
}

/// Does each of so many jobs, some at a time; in how many of them the kill left something open.
fn each(jobs: usize, job: impl Fn(usize) -> bool + Send + Sync) -> usize {
    let has_left_open = AtomicUsize::new(0);
    side_by_side(0..WORKERS, |worker| {
        for number in (worker..jobs).step_by(WORKERS) {
            has_left_open.fetch_add(usize::from(job(number)), Ordering::SeqCst);
        }
    });
    has_left_open.into_inner()
}

fn delete_and_kill(kill: usize) -> bool {
    let place = Place::new(kill / 2);
    let words = "delete --filter age>90d";
    // Lists of three types come first, then a look before each request.
    let (at, after) = moment(kill, [(LOOK_UP, 1, 8), (DELETE, 1, 4)]);
    let killed = place.kill(&format!("{words} --yes 4 --json"), at, after);
    let context = format!("killed {after:?} after {at:?}\n{killed}");
    let has_left_open = place.open() > 0;
    place.wait_for_what_is_on_its_way();
    // The next start tells of each that was under way, and what it says is so.
    let (count, told) = place.plan(words);
    let journal = place.last_words();
    for name in STALE.into_iter().filter(|name| !place.proxy.asked(DELETE, name).is_empty()) {
        assert!(journal.iter().any(|(it, _)| it == name), "{name} was sent without a line: {context}");
    }
    for (name, word) in &journal {
        let is_told = told.words().contains(&format!("{name}: "));
        match word.as_deref() {
            Some("deleting" | "gone") => assert!(!place.has(name), "{name} is there: {context}{told}"),
            None | Some("unknown") => assert!(is_told, "{name} is open: {context}{told}"),
            Some(word) => panic!("{name} is {word}: {context}{told}"),
        }
    }
    // What is there is settled once its request is too old, and what is not by looks minutes apart.
    let mut count = count;
    for minutes in [3, 21] {
        place.desk.ages(SignedDuration::from_mins(minutes));
        count = place.plan(words).0;
    }
    for (name, word) in place.last_words() {
        let is_there = word.as_deref() == Some("not_done");
        assert!(is_there || ["deleting", "gone"].map(Some).contains(&word.as_deref()), "{name}: {word:?}");
        assert_eq!(place.has(&name), is_there, "{name} is {word:?}: {context}");
    }
    assert_eq!(count, STALE.iter().filter(|name| place.has(name)).count(), "{context}{told}");
    // What is left goes by the same command, once.
    place.proxy.now(honest);
    if count > 0 {
        let again = place.desk.run(&format!("{words} --yes {count} --json"));
        assert_eq!(again.code, Some(0), "{context}{again}");
    }
    for name in STALE {
        assert!(!place.has(name), "{name} is there: {context}");
        let (asked, statuses) = (place.proxy.asked(DELETE, name).len(), place.proxy.statuses(DELETE, name));
        assert_eq!(statuses, [200], "{name} was asked for again: {context}");
        // Asked for anew, with another line in the journal, is only what never arrived and is too old to.
        assert!(asked <= 2, "{name} was asked for {asked} times: {context}");
    }
    let left: Vec<String> = place.there().into_iter().map(|it| it.name).collect();
    assert!(["fresh"].iter().chain(&GUARDED).all(|name| left.contains(&(*name).to_owned())), "{left:?}");
    assert_eq!(left.len(), 3, "{left:?}");
    assert_eq!(place.proxy.asked(DELETE, "kept").len() + place.proxy.asked(DELETE, "last").len(), 0);
    place.assert_that_a_last_look_settles_all(words, &context);
    has_left_open
}

#[test]
fn killed_at_many_moments_a_clean_up_deletes_each_once_and_nothing_that_is_guarded() {
    let has_left_open = each(KILLS, delete_and_kill);
    assert!(has_left_open >= KILLS / 4, "{has_left_open} of {KILLS} kills fell in the midst of a request");
}

/// Whether the tags are as they were asked for, and what else was there is there.
fn is_as_asked(snapshot: &Listed) -> bool {
    let has = |key: &str, value: &str| snapshot.tags.contains(&(key.to_owned(), value.to_owned()));
    has("owner", "dba") && has("ticket", "CHG-1") && snapshot.tags.iter().all(|(key, _)| key != "old")
}

fn tag_and_kill(kill: usize) -> bool {
    let place = Place::new(kill / 2);
    let words = "tag --filter age>90d ticket=CHG-1 -old";
    let (at, after) = moment(kill, [(LOOK_UP, 3, 8), (ADD_TAGS, 1, 6)]);
    let killed = place.kill(&format!("{words} --yes 6 --json"), at, after);
    let context = format!("killed {after:?} after {at:?}\n{killed}");
    let has_left_open = place.open() > 0;
    place.wait_for_what_is_on_its_way();
    let (count, told) = place.plan(words);
    assert_eq!(count, STALE.len() + GUARDED.len(), "{told}");
    let there = place.there();
    let is_so = |name: &str| there.iter().any(|it| it.name == name && is_as_asked(it));
    for (name, word) in place.last_words() {
        match word.as_deref() {
            Some("tagged") => assert!(is_so(&name), "{name} is not tagged: {context}{told}"),
            None | Some("unknown") => assert!(!is_so(&name), "{name} is tagged, and open: {context}{told}"),
            Some(word) => panic!("{name} is {word}: {context}{told}"),
        }
    }
    let done: Vec<&str> = STALE.into_iter().chain(GUARDED).filter(|name| is_so(name)).collect();
    let requests =
        |name: &str| place.proxy.asked(ADD_TAGS, name).len() + place.proxy.asked(REMOVE_TAGS, name).len();
    let before: Vec<usize> = done.iter().map(|name| requests(name)).collect();
    place.proxy.now(honest);
    let again = place.desk.run(&format!("{words} --yes 6 --json"));
    assert_eq!(again.code, Some(0), "{context}{again}");
    let after: Vec<usize> = done.iter().map(|name| requests(name)).collect();
    assert_eq!(after, before, "what is as asked is not asked for again: {done:?} {context}{again}");
    for snapshot in place.there() {
        assert_eq!(is_as_asked(&snapshot), snapshot.name != "fresh", "{snapshot:?}: {context}");
    }
    place.assert_that_a_last_look_settles_all(words, &context);
    has_left_open
}

#[test]
fn killed_at_many_moments_a_change_of_tags_is_gone_on_with_by_the_same_command() {
    let has_left_open = each(TAG_KILLS, tag_and_kill);
    assert!(
        has_left_open >= TAG_KILLS / 4,
        "{has_left_open} of {TAG_KILLS} kills fell in the midst of a request"
    );
}
