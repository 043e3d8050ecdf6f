//! Two processes that ask for the same name at the same moment.

use clustersnap::domain::outcome_kind::OutcomeKind;

use super::support::servers::Served;
use super::*;

/// Both look the name up before either creates: the service's answers wait for longer than a start takes.
const SLOW_LOOK_UPS: &str = r#"
    [[fault]]
    action = "DescribeDBClusterSnapshots"
    delay = "150ms"
"#;
const ROUNDS: usize = 6;

/// Races two processes; what each answered.
fn race(homes: [&Path; 2], url: &str, name: &str) -> [(i32, Value); 2] {
    let racers = homes.map(|home| clustersnap(home, url, &create(name)).spawn().expect("the program starts"));
    racers.map(|racer| answer(&racer.wait_with_output().expect("it ends")))
}

#[test]
fn of_two_at_the_same_moment_one_creates_and_the_other_is_told_that_the_name_is_taken() {
    let simulator = simulator(SLOW_LOOK_UPS);
    let served = Served::start(Arc::clone(&simulator));
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    for round in 0..ROUNDS {
        // By turns two people, and one person with two programs, who share a journal.
        let homes = if round % 2 == 0 { [one.path(), other.path()] } else { [one.path(), one.path()] };
        let name = format!("race-{round}");
        let mut answers = race(homes, &served.url, &name);
        answers.sort_by_key(|(code, _)| *code);
        let [(won, created), (lost, refused)] = answers;
        if (round % 2, lost) == (1, 0) {
            // The later of one person's two found the request of the first open, and told what became of that.
            assert_eq!(created["data"]["arn"], refused["data"]["arn"], "{created}\n{refused}");
            assert_eq!(simulator.creates(), u64::try_from(round).expect("a number") + 1);
            assert_eq!(record(&history(one.path()), &name).map(Record::kind), Some(OutcomeKind::Created));
            continue;
        }
        assert_eq!((won, lost), (0, 3), "{created}\n{refused}");
        assert_eq!(created["data"]["outcome"], "created");
        // Whose journal has the other's open request sends nothing.
        let code = refused["error"]["code"].as_str().unwrap_or_default();
        assert!(code == "SNAPSHOT_EXISTS" || (round % 2 == 1 && code == "NOT_READY"), "{refused}");
        assert_eq!(simulator.creates(), u64::try_from(round).expect("a number") + 1);

        let mut words: Vec<OutcomeKind> = Vec::new();
        for home in if round % 2 == 0 { vec![one.path(), other.path()] } else { vec![one.path()] } {
            let history = history(home);
            let records = history.records.iter().filter(|record| record.intent.snapshot == name);
            words.extend(records.map(Record::kind));
        }
        assert!(words.contains(&OutcomeKind::Created), "{words:?}");
        // Whoever looked the name up late did not even ask.
        let other = if code == "NOT_READY" { OutcomeKind::NotCreated } else { OutcomeKind::Taken };
        assert!(words.len() == 1 || words.contains(&other), "{words:?}");
    }
    let both_sent = simulator.calls(CREATE) > simulator.creates();
    assert!(both_sent, "no two creates ever met: the look-ups are not slow enough for this machine");
}
