//! A deletion, exactly once, and of no other snapshot than the one that was shown: every fault, whether it happened
//! or not, with somebody who makes a new snapshot of the name, or nobody.

use std::time::Duration;

use clustersnap::domain::alteration::{
    Alteration, AlterationRecord, AlterationTerms, Altered, AlteredKind, Deed,
};
use clustersnap::domain::mark::MARK_KEY;
use clustersnap::domain::outcome::Step;
use clustersnap::domain::policy::Policy;
use clustersnap::domain::snapshot::Snapshot;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::Tag;
use clustersnap::rds::Client;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer, Rival};
use clustersnap::submit::alter::{alter, settle};
use clustersnap::submit::fresh_number;
use clustersnap::submit::service::Service as _;

use super::cells::answer;
use super::world::{LOOK_UP, NAME, Setup, World, caller, pass};

pub const DELETE: &str = "DeleteDBClusterSnapshot";

/// The answer to somebody else's deletion.
const OTHERS_ANSWER: &str = "<DeleteDBClusterSnapshotResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\">\
    <DeleteDBClusterSnapshotResult><DBClusterSnapshot><DBClusterSnapshotIdentifier>other\
    </DBClusterSnapshotIdentifier></DBClusterSnapshot></DeleteDBClusterSnapshotResult>\
    <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DeleteDBClusterSnapshotResponse>";

/// What is said of a deletion whose first request meets a fault, and how many were on the wire.
///
/// An hour passes between the snapshot and its deletion: no clock is needed to tell two of its name apart.
const TABLE: &str = "
fault          | it happened    | it did not
---------------+----------------+---------------
no fault       | deleting 1     | -
refused        | -              | deleting 2
dropped        | gone 1         | not known yet 1
truncated      | gone 1         | not known yet 1
garbage 200    | gone 1         | not known yet 1
login page 200 | gone 1         | not known yet 1
500            | gone 1         | not known yet 1
502            | gone 1         | not known yet 1
503            | gone 1         | not known yet 1
504            | gone 1         | not known yet 1
timeout        | gone 1         | not known yet 1
slow drip      | gone 1         | not known yet 1
throttle       | gone 1         | deleting 2
expired        | gone 1         | refused 1
state          | gone 1         | refused 1
missing        | gone 1         | not known yet 1
denied         | gone 1         | refused 1
";

pub fn answer_of(fault: &str) -> FaultyAnswer {
    match fault {
        "state" => FaultyAnswer::error(400, "InvalidDBClusterSnapshotStateFault", "not available"),
        "missing" => FaultyAnswer::error(404, "DBClusterSnapshotNotFoundFault", "not found"),
        "denied" => FaultyAnswer::error(403, "AccessDenied", "not you"),
        other => answer(other),
    }
}

fn cells() -> Vec<(&'static str, bool, &'static str, u64)> {
    let mut cells = Vec::new();
    for line in TABLE.lines().skip(3) {
        let mut columns = line.split('|').map(str::trim);
        let fault = columns.next().unwrap();
        for (index, cell) in columns.enumerate().filter(|(_, cell)| *cell != "-") {
            let (said, sent) = cell.rsplit_once(' ').unwrap();
            cells.push((fault, index == 0, said, sent.parse().unwrap()));
        }
    }
    cells
}

/// A world with one snapshot that is an hour old.
pub async fn world(faults: Vec<Fault>) -> (World, Snapshot) {
    world_of(Setup::default(), faults).await
}

async fn world_of(setup: Setup, faults: Vec<Fault>) -> (World, Snapshot) {
    let world = World::new(setup);
    let tags = vec![Tag::new("owner", "dba"), Tag::new(MARK_KEY, "7")];
    world.simulator.create_by_another(NAME, "orders", tags);
    world.simulator.skip(clustersnap::sim::clock::Period::seconds(3_600));
    let shown = look(&world.client()).await.unwrap();
    let seen = world.simulator.calls(LOOK_UP);
    assert_eq!(seen, 1, "the faults below count from the second look on");
    world.simulator.set_faults(FaultScript::new(faults));
    (world, shown)
}

pub async fn look(client: &Client) -> Option<Snapshot> {
    client.look_up(&SnapshotId::parse(NAME).unwrap()).await.unwrap().snapshot
}

pub fn asked(world: &World, shown: &Snapshot, deed: Deed) -> Alteration {
    let now = world.clock()();
    let asked = Alteration::of(shown, deed, fresh_number(now).to_string(), now, &Policy::default()).unwrap();
    asked.asked_by(Some(&caller()), world.client().target())
}

/// Alters as a program does: in a task of its own, to its end.
pub async fn run(world: &World, shown: &Snapshot, deed: Deed) -> (Altered, Vec<Step>) {
    run_on(world, shown, deed, AlterationTerms::default()).await
}

pub async fn run_on(
    world: &World,
    shown: &Snapshot,
    deed: Deed,
    terms: AlterationTerms,
) -> (Altered, Vec<Step>) {
    let (world, asked) = (world.clone(), asked(world, shown, deed).on(terms));
    let running = tokio::spawn(async move {
        let client = world.client();
        let mut steps = Vec::new();
        let on_step = |step| steps.push(step);
        let altered = alter(&client, Some(&world.journal), asked, world.clock(), on_step).await;
        (altered, steps)
    });
    running.await.unwrap()
}

pub fn words(world: &World) -> Vec<AlteredKind> {
    world.past().alterations.iter().map(AlterationRecord::kind).collect()
}

/// Looks once what became of what is open, as the next start does.
pub async fn settled(world: &World) -> Vec<&'static str> {
    let mut words = Vec::new();
    for record in world.journal.open_alterations().unwrap() {
        let altered = settle(&world.client(), Some(&world.journal), &record, world.clock()).await.unwrap();
        words.push(altered.kind.short());
    }
    words
}

#[tokio::test(start_paused = true)]
async fn every_cell_has_its_right_word() {
    let cells = cells();
    assert_eq!(cells.len(), 32);
    for (name, happened, said, sent) in cells {
        let context = format!("{name}, happened: {happened}");
        let fault = Fault::on(DELETE).call(1).happened(happened).answer(answer_of(name));
        let (world, shown) = world(vec![fault]).await;
        let (altered, _) = run(&world, &shown, Deed::Delete).await;
        assert_eq!(altered.kind.short(), said, "{context}: {altered:?}");
        assert_eq!(world.simulator.calls(DELETE), sent, "on the wire: {context}");
        assert_eq!(words(&world), [altered.kind], "the journal says something else: {context}");
        let is_there = world.simulator.has_snapshot(NAME);
        match altered.kind {
            AlteredKind::Deleting | AlteredKind::Gone => assert!(!is_there, "{context}"),
            AlteredKind::Unknown => {
                assert!(is_there, "{context}");
                assert_eq!(settled(&world).await, ["not known yet"], "{context}");
                pass(21 * 60).await;
                assert_eq!(settled(&world).await, ["not done"], "it cannot take effect any more: {context}");
                assert_eq!(words(&world), [AlteredKind::NotDone]);
            }
            AlteredKind::Refused => assert!(is_there && !happened, "{context}"),
            other => panic!("{context}: {other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_snapshot_of_the_name_is_seen_right_before_and_left_alone() {
    let rival = Rival { cluster: Some("orders".to_owned()), replaces: true, ..Rival::default() };
    for deed in [Deed::Delete, Deed::Tag { add: vec![Tag::new("a", "b")], remove: Vec::new() }] {
        let (world, shown) = world(vec![Fault::on(LOOK_UP).call(2).rival(rival.clone())]).await;
        let (altered, steps) = run(&world, &shown, deed).await;
        assert_eq!((altered.kind, altered.sent), (AlteredKind::Replaced, 0), "{altered:?}");
        assert_eq!(steps, [Step::LookingUp]);
        assert!(world.simulator.has_snapshot(NAME), "the new one");
        assert_eq!((world.simulator.calls(DELETE), world.simulator.calls("AddTagsToResource")), (0, 0));
        assert!(words(&world).is_empty(), "nothing was to be written down");
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_snapshot_after_a_lost_answer_is_left_alone_and_told_apart() {
    for happened in [true, false] {
        let lost = Fault::on(DELETE).call(1).happened(happened).answer(FaultyAnswer::Drop);
        let rival = Rival { cluster: Some("orders".to_owned()), replaces: true, ..Rival::default() };
        // It is made between the request and the look after it.
        let (world, shown) = world(vec![lost, Fault::on(LOOK_UP).call(3).rival(rival)]).await;
        let (altered, _) = run(&world, &shown, Deed::Delete).await;
        assert_eq!(altered.kind, AlteredKind::Replaced, "{altered:?}");
        assert_eq!(world.simulator.calls(DELETE), 1);
        assert!(world.simulator.has_snapshot(NAME));
    }
}

#[tokio::test(start_paused = true)]
async fn a_throttled_deletion_is_sent_again_only_after_another_look() {
    let throttled = Fault::on(DELETE).call(1).happened(false).answer(answer("throttle"));
    let rival = Rival { cluster: Some("orders".to_owned()), replaces: true, ..Rival::default() };
    let (world, shown) = world(vec![throttled, Fault::on(LOOK_UP).call(3).rival(rival)]).await;
    let (altered, _) = run(&world, &shown, Deed::Delete).await;
    assert_eq!(altered.kind, AlteredKind::Replaced);
    assert_eq!(world.simulator.calls(DELETE), 1, "the new one is never asked for");
    assert!(world.simulator.has_snapshot(NAME));
}

#[tokio::test(start_paused = true)]
async fn what_remains_is_told_one_made_in_the_moment_between_look_and_request() {
    let rival = Rival { cluster: Some("orders".to_owned()), replaces: true, ..Rival::default() };
    let (world, shown) = world(vec![Fault::on(DELETE).call(1).rival(rival)]).await;
    let (altered, _) = run(&world, &shown, Deed::Delete).await;
    // The new one is being created, so AWS refuses; the look after that tells whose the name is.
    assert_eq!(altered.kind, AlteredKind::Replaced, "{altered:?}");
    assert!(world.simulator.has_snapshot(NAME));
    // And an answer about another one is told as what it is.
    let other = Fault::on(DELETE).call(1).edit("SnapshotCreateTime", Some("2026-11-23T02:30:00Z"));
    let (world, shown) = self::world(vec![other]).await;
    let (altered, _) = run(&world, &shown, Deed::Delete).await;
    assert_eq!(altered.kind, AlteredKind::Another, "{altered:?}");
    // One about another name is no answer to this request: it may have been carried out, or not.
    for (happened, said) in [(true, AlteredKind::Gone), (false, AlteredKind::Unknown)] {
        let mixed = Fault::on(DELETE).call(1).happened(happened);
        let mixed = if happened {
            mixed.edit("DBClusterSnapshotIdentifier", Some("other"))
        } else {
            mixed.answer(FaultyAnswer::body(200, OTHERS_ANSWER))
        };
        let (world, shown) = self::world(vec![mixed]).await;
        let (altered, _) = run(&world, &shown, Deed::Delete).await;
        assert_eq!((altered.kind, altered.sent), (said, 1), "{altered:?}");
        let failure = altered.failure.unwrap();
        assert!(failure.message.contains("it is about another snapshot, other"), "{failure}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_if_it_cannot_be_looked_at_or_written_down() {
    for answer in [
        FaultyAnswer::error(403, "AccessDenied", "not you"),
        FaultyAnswer::Drop,
        FaultyAnswer::body(200, "<html>"),
    ] {
        let (world, shown) = world(vec![Fault::on(LOOK_UP).answer(answer)]).await;
        let (altered, _) = run(&world, &shown, Deed::Delete).await;
        assert_eq!((altered.kind, altered.sent), (AlteredKind::NotDone, 0), "{altered:?}");
        assert_eq!(world.simulator.calls(DELETE), 0);
    }
    let (world, shown) = world(Vec::new()).await;
    let blocked = world.home().join("blocked");
    std::fs::write(&blocked, "a file where a folder is wanted").unwrap();
    let world = world.with_journal(&blocked);
    let (altered, _) = run(&world, &shown, Deed::Delete).await;
    assert_eq!((altered.kind, altered.sent), (AlteredKind::NotDone, 0), "{altered:?}");
    assert!(world.simulator.has_snapshot(NAME));
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_or_kept_meanwhile_is_not_sent() {
    let (world, shown) = world(Vec::new()).await;
    world.simulator.delete_by_another(NAME);
    let (altered, _) = run(&world, &shown, Deed::Delete).await;
    assert_eq!((altered.kind, altered.sent), (AlteredKind::NotDone, 0), "{altered:?}");
    assert!(words(&world).is_empty(), "nothing was to be written down");

    let (world, shown) = self::world(Vec::new()).await;
    let keep = Deed::Tag { add: vec![Tag::new("keep-until", "2999-01-01")], remove: Vec::new() };
    assert_eq!(run(&world, &shown, keep).await.0.kind, AlteredKind::Tagged);
    let (altered, _) = run(&world, &shown, Deed::Delete).await;
    assert_eq!((altered.kind, altered.sent), (AlteredKind::NotDone, 0), "{altered:?}");
    assert_eq!(world.simulator.calls(DELETE), 0);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_ahead_ends_no_time_for_which_a_tag_keeps_a_snapshot() {
    let (world, shown) = world_of(Setup { ahead: 2 * 86_400, ..Setup::default() }, Vec::new()).await;
    // It is that day by the service's clock, and over by this machine's.
    let keep = Deed::Tag { add: vec![Tag::new("keep-until", "2026-11-23")], remove: Vec::new() };
    assert_eq!(run(&world, &shown, keep).await.0.kind, AlteredKind::Tagged);
    let (altered, _) = run(&world, &shown, Deed::Delete).await;
    assert_eq!((altered.kind, altered.sent), (AlteredKind::NotDone, 0), "{altered:?}");
    assert_eq!(world.simulator.calls(DELETE), 0);
}

#[tokio::test(start_paused = true)]
async fn a_program_that_is_killed_at_any_moment_leaves_what_the_next_start_settles() {
    for milliseconds in [0, 1, 40, 90, 150, 400, 1_500, 10_000] {
        for happened in [true, false] {
            let slow = Fault::on(DELETE).call(1).happened(happened).answer(FaultyAnswer::Hang);
            let slow_look = Fault::on(LOOK_UP).call(2).delay(clustersnap::sim::clock::Period::seconds(0));
            let (world, shown) = world(vec![slow, slow_look]).await;
            let (client, asked) = (world.client(), asked(&world, &shown, Deed::Delete));
            let running = alter(&client, Some(&world.journal), asked, world.clock(), |_| ());
            let running = tokio::time::timeout(Duration::from_millis(milliseconds), running);
            assert!(running.await.is_err(), "it is ended before it knows");
            // A line that was being written when it ended is there a moment later.
            std::thread::sleep(Duration::from_millis(20));
            let is_written = !world.past().alterations.is_empty();
            let is_sent = world.simulator.calls(DELETE) > 0;
            assert!(is_written || !is_sent, "nothing leaves that is not on disk");
            pass(21 * 60).await;
            let context = format!("after {milliseconds} ms, happened: {happened}");
            let expected: &[&str] = match (is_written, is_sent && happened) {
                (true, true) => {
                    for _ in 0..2 {
                        assert_eq!(settled(&world).await, ["not known yet"], "{context}");
                        pass(60).await;
                    }
                    &["gone"]
                }
                (true, false) => &["not done"],
                (false, _) => &[],
            };
            assert_eq!(settled(&world).await, expected, "{context}");
            assert!(settled(&world).await.is_empty(), "nothing is left open");
            assert!(world.simulator.calls(DELETE) <= 1, "nothing is sent again");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_that_delete_at_the_same_moment_the_later_sends_nothing_while_the_other_is_not_answered() {
    let lost = Fault::on(DELETE).call(1).answer(FaultyAnswer::Drop);
    let (world, shown) = world(vec![lost]).await;
    let both = tokio::join!(run(&world, &shown, Deed::Delete), run(&world, &shown, Deed::Delete));
    let mut told = [both.0.0, both.1.0].map(|altered| (altered.sent, altered.kind));
    told.sort_by_key(|(sent, _)| *sent);
    assert_eq!(told, [(0, AlteredKind::NotDone), (1, AlteredKind::Unknown)]);
    assert_eq!(world.simulator.calls(DELETE), 1);
}

#[tokio::test(start_paused = true)]
async fn who_looks_while_the_answer_is_on_its_way_takes_nothing_from_it() {
    let (world, shown) = world(vec![Fault::on(DELETE).delay(Duration::from_secs(5))]).await;
    let ((altered, _), seen) = tokio::join!(run(&world, &shown, Deed::Delete), async {
        pass(1).await;
        world.journal.open_alterations().unwrap().remove(0)
    });
    assert_eq!(altered.kind, AlteredKind::Deleting);
    for _ in 0..4 {
        let journal = Some(&world.journal);
        let told = settle(&world.client(), journal, &seen, world.clock()).await.unwrap();
        assert_eq!(
            (told.kind, told.failure, told.request_id),
            (altered.kind, None, altered.request_id.clone())
        );
        pass(60).await;
    }
    assert_eq!(world.past().alterations[0].outcome.as_ref().unwrap().attempts, Some(1));
    assert_eq!(words(&world), [AlteredKind::Deleting]);
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_takes_its_time_is_seen_as_accepted() {
    let lost = Fault::on(DELETE).call(1).happened(true).answer(FaultyAnswer::Drop);
    let world = World::slow_to_delete();
    world.simulator.create_by_another(NAME, "orders", Vec::new());
    world.simulator.skip(clustersnap::sim::clock::Period::seconds(3_600));
    let shown = look(&world.client()).await.unwrap();
    world.simulator.set_faults(FaultScript::new(vec![lost]));
    let (altered, _) = run(&world, &shown, Deed::Delete).await;
    assert_eq!((altered.kind, altered.sent), (AlteredKind::Deleting, 1), "{altered:?}");
    // Another command sees that, and sends nothing.
    let (again, _) = run(&world, &shown, Deed::Delete).await;
    assert_eq!((again.kind, again.sent), (AlteredKind::Deleting, 0));
    assert_eq!(world.simulator.calls(DELETE), 1);
}

#[tokio::test(start_paused = true)]
async fn tags_are_changed_once_whatever_becomes_of_the_answer() {
    let deed = || Deed::Tag { add: vec![Tag::new("ticket", "CHG-1")], remove: vec!["owner".to_owned()] };
    for name in ["no fault", "dropped", "garbage 200", "500", "timeout", "throttle"] {
        for (action, happened) in ["AddTagsToResource", "RemoveTagsFromResource"]
            .into_iter()
            .flat_map(|action| [(action, true), (action, false)])
            .filter(|(_, happened)| *happened || name != "no fault")
        {
            let fault = Fault::on(action).call(1).happened(happened).answer(answer(name));
            let (world, shown) = world(vec![fault]).await;
            let (altered, _) = run(&world, &shown, deed()).await;
            assert_eq!(altered.kind, AlteredKind::Tagged, "{action}, {name}, {happened}: {altered:?}");
            assert_eq!(words(&world), [altered.kind]);
            let tags = look(&world.client()).await.unwrap().tags;
            assert!(deed().is_done_to(&tags), "{tags:?}");
            assert!(tags.contains(&Tag::new(MARK_KEY, "7")), "the mark stays");
        }
    }
    let (world, shown) = world(Vec::new()).await;
    assert_eq!(run(&world, &shown, deed()).await.0.sent, 2);
    let (again, _) = run(&world, &shown, deed()).await;
    assert_eq!((again.kind, again.sent), (AlteredKind::Tagged, 0), "as asked already");
}
