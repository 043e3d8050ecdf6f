//! `kill -9` at random moments of a request, then a restart: every request is classified, none is lost,
//! and what is said is true.

use std::thread;
use std::time::{Duration, Instant};

use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::sim::clock::Period;
use jiff::{SignedDuration, Timestamp};

use super::support::servers::Served;
use super::*;

/// Every answer takes a while, so that the moments spread over the look-ups, the journal, the request on its
/// way, its answer and the outcome. Of six requests one is answered, one takes effect and its answer is
/// lost, one hangs, one hangs and never takes effect, and two are delivered twice by something on the way.
const SLOW: &str = r#"
    [[fault]]
    action = "GetCallerIdentity"
    delay = "20ms"

    [[fault]]
    action = "DescribeDBClusters"
    delay = "30ms"

    [[fault]]
    action = "DescribeDBClusterSnapshots"
    delay = "60ms"
"#;
/// What happens to the creates, by turns.
const CREATES: [&str; 6] = [
    r#"happens_after = "60ms"
       delay = "150ms""#,
    r#"happened = true
       answer = { kind = "drop" }"#,
    r#"happens_after = "40ms"
       answer = { kind = "hang" }"#,
    r#"happened = false
       answer = { kind = "hang" }"#,
    "delivered_twice = true",
    r#"delivered_twice = true
       answer = { kind = "drop" }"#,
];
/// How old a request is when it is looked up at the next start.
const AGE: SignedDuration = SignedDuration::from_mins(21);
const WORKERS: usize = 4;
const ROUNDS: usize = 4;
const KILLS: usize = 8;
/// For how much longer than a request takes that is left alone one may be left alone.
const LONGER: Duration = Duration::from_millis(200);
/// How long a restart may take to settle everything and to see every snapshot end.
const PATIENCE: Duration = Duration::from_secs(30);

fn faults() -> String {
    let create = |call: usize| {
        let fault = CREATES[call % CREATES.len()];
        format!("[[fault]]\naction = \"{CREATE}\"\ncalls = \"{}\"\n{fault}\n", call + 1)
    };
    let creates: Vec<String> = (0..=ROUNDS * KILLS).map(create).collect();
    format!("{SLOW}\n{}", creates.join("\n"))
}

/// Where a request was when it was killed, as its journal and the service tell.
#[derive(Debug, Default)]
struct Moments {
    before_the_intent: usize,
    without_effect: usize,
    between_effect_and_outcome: usize,
    after_the_outcome: usize,
}

impl Moments {
    fn count(&mut self, record: Option<&Record>, took_effect: bool) {
        let counter = match record {
            None => &mut self.before_the_intent,
            Some(record) if record.outcome.is_some() => &mut self.after_the_outcome,
            Some(_) if took_effect => &mut self.between_effect_and_outcome,
            Some(_) => &mut self.without_effect,
        };
        *counter += 1;
    }

    fn add(self, other: &Self) -> Self {
        Self {
            before_the_intent: self.before_the_intent + other.before_the_intent,
            without_effect: self.without_effect + other.without_effect,
            between_effect_and_outcome: self.between_effect_and_outcome + other.between_effect_and_outcome,
            after_the_outcome: self.after_the_outcome + other.after_the_outcome,
        }
    }
}

/// A person who is killed again and again, with a service of their own.
struct Worker {
    /// Whether the requests carry their mark.
    is_marked: bool,
    home: tempfile::TempDir,
    simulator: Arc<Simulator>,
    served: Served,
    names: Vec<String>,
    moments: Moments,
}

impl Worker {
    fn new(is_marked: bool) -> Self {
        let simulator = simulator(&faults());
        let home = tempfile::tempdir().expect("a folder");
        if !is_marked {
            let folder = home.path().join(".config/clustersnap");
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(folder.join("config.toml"), "[proof]\nkey = \"\"\n").expect("a file");
        }
        Self {
            is_marked,
            home,
            served: Served::start(Arc::clone(&simulator)),
            simulator,
            names: Vec::new(),
            moments: Moments::default(),
        }
    }

    /// Asks for a snapshot and leaves it alone; how long it took, on this machine as busy as it is.
    fn ask(&mut self, name: String) -> Duration {
        let begun = Instant::now();
        let output = run(&mut clustersnap(self.home.path(), &self.served.url, &create(&name)));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.names.push(name);
        begun.elapsed()
    }

    /// Asks for a snapshot, and ends the program after that time without a warning.
    fn ask_and_kill(&mut self, name: String, after: Duration) {
        let mut command = clustersnap(self.home.path(), &self.served.url, &create(&name));
        let mut child = command.spawn().expect("the program starts");
        thread::sleep(after);
        let ended = child.try_wait().expect("it can be waited for");
        child.kill().expect("it can be killed");
        let output = child.wait_with_output().expect("it ends");
        let history = history(self.home.path());
        let record = record(&history, &name);
        // What was on its way when the program was killed may arrive later.
        self.moments.count(record, self.simulator.has_snapshot(&name));
        if ended.is_some_and(|status| status.success()) {
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(self.simulator.has_snapshot(&name), "said to be created: {said}");
        }
        self.names.push(name);
    }

    /// Makes all that the journal dates by this machine's clock too old to take effect.
    fn age(&self) {
        let path = journal(self.home.path()).path();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let aged = text.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).expect("a whole line");
            let at: Timestamp = line["at"].as_str().and_then(|at| at.parse().ok()).expect("a time");
            line["at"] = (at - AGE).to_string().into();
            format!("{line}\n")
        });
        std::fs::write(path, aged.collect::<String>()).expect("the journal can be written");
    }

    /// Starts again; it ends when everything is settled and every snapshot has ended.
    fn restart(&self) -> String {
        self.age();
        let mut command = clustersnap(self.home.path(), &self.served.url, "watch");
        let mut child = command.spawn().expect("the program starts");
        thread::sleep(Duration::from_millis(400));
        // What never took effect is certain only once it is too old to do so, by the service's clock, too.
        self.simulator.skip(Period::seconds(AGE.as_secs()));
        let deadline = Instant::now() + PATIENCE;
        while child.try_wait().expect("it can be waited for").is_none() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(20));
        }
        let ends = child.try_wait().expect("it can be waited for").is_some();
        child.kill().expect("it can be killed");
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
        assert!(ends, "the restart does not settle everything, but {:?}: {said}", self.open());
        said
    }

    /// Compares what is said with the truth; `told` is what the last restart said.
    fn compare(&self, open: &[String], told: &str) {
        let history = history(self.home.path());
        assert_eq!(history.unreadable, 0, "a line is whole or not there: a killed process tears none");
        for name in &self.names {
            let is_there = self.simulator.has_snapshot(name);
            let word = record(&history, name).map(Record::kind);
            match word {
                None => assert!(!is_there, "{name} was sent before it was journalled"),
                Some(OutcomeKind::Created | OutcomeKind::FoundAgain) => {
                    assert!(is_there, "{name}: false success");
                }
                Some(OutcomeKind::NotCreated | OutcomeKind::NotListed) => {
                    assert!(!is_there, "{name}: false failure");
                }
                // Without a mark nothing proves whose it is.
                Some(OutcomeKind::Unproven) if !self.is_marked => assert!(is_there, "{name}: there is none"),
                Some(other) => panic!("{name} is {other:?} (it is there: {is_there})\n{told}"),
            }
            if open.contains(name) {
                assert!(told.contains(name.as_str()), "nothing is said of {name}:\n{told}");
            }
        }
        let there = self.names.iter().filter(|name| self.simulator.has_snapshot(name)).count();
        assert_eq!(self.simulator.creates(), u64::try_from(there).expect("a number"), "some were made twice");
        let asked = u64::try_from(history.records.len()).expect("a number");
        assert!(self.simulator.calls(CREATE) <= asked, "a confirmation was sent twice");
    }

    /// The names whose outcome is not in the journal.
    fn open(&self) -> Vec<String> {
        let history = history(self.home.path());
        let open = history.records.iter().filter(|record| record.is_unsettled());
        open.map(|record| record.intent.snapshot.clone()).collect()
    }
}

/// A moment from the start of a process to the longest that it is left alone.
fn moment(seed: &mut u64, longest: Duration) -> Duration {
    // xorshift: every run of the test tries other moments only if the clock of the machine does.
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    let longest = u64::try_from(longest.as_micros()).expect("a number");
    Duration::from_micros(*seed % longest)
}

fn work(number: usize) -> Moments {
    let mut worker = Worker::new(number.is_multiple_of(2));
    let mut seed = 0x9e37_79b9_7f4a_7c15 ^ u64::try_from(number + 1).expect("a number");
    let longest = worker.ask(format!("whole-{number}")) + LONGER;
    for round in 0..ROUNDS {
        for kill in 0..KILLS {
            worker.ask_and_kill(format!("kill-{number}-{round}-{kill}"), moment(&mut seed, longest));
        }
        let open = worker.open();
        let told = worker.restart();
        worker.compare(&open, &told);
    }
    worker.moments
}

#[test]
fn killed_at_any_moment_every_request_is_classified_at_the_next_start_and_none_is_lost() {
    let moments = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|number| scope.spawn(move || work(number))).collect();
        let add = |sum: Moments, worker: thread::ScopedJoinHandle<'_, Moments>| match worker.join() {
            Ok(moments) => sum.add(&moments),
            Err(panic) => std::panic::resume_unwind(panic),
        };
        workers.into_iter().fold(Moments::default(), add)
    });
    let each = [
        moments.before_the_intent,
        moments.without_effect,
        moments.between_effect_and_outcome,
        moments.after_the_outcome,
    ];
    assert_eq!(each.iter().sum::<usize>(), WORKERS * ROUNDS * KILLS);
    assert!(each.iter().all(|count| *count > 0), "no kill fell on one of the steps: {moments:?}");
}
