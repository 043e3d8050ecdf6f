//! The linear mode: one question a line, on any terminal and on none.

use std::io::Write as _;
use std::process::Stdio;

use super::world::{Run, SOON_AVAILABLE, World, ended};

fn answer(world: &World, answers: &str) -> Run {
    let mut command = world.command(&["--linear"]);
    command.env("TERM", "dumb").stdin(Stdio::piped());
    let mut child = super::world::start(&mut command);
    child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    ended(child.wait_with_output().unwrap())
}

#[test]
fn answers_lead_from_a_part_of_a_name_to_a_snapshot_that_is_available() {
    let world = World::new();
    let run =
        answer(&world, "zzz\norders\nbad_name\nLinear-1\nnot a tag\nticket=CHG-1\n-owner\nk!=v\n\nyes\n");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.starts_with("Snapshot  linear-1\nStatus    available\n"), "{}", run.out);
    assert!(run.out.contains("env=prod, ticket=CHG-1, clustersnap:request=20"), "{}", run.out);
    assert!(!run.err.contains('\u{1b}') && !run.err.contains('\r'), "no escape: {}", run.err);
    for said in [
        "No cluster fits that.",
        "Character 4: only a-z, digits and hyphens, not '_'",
        "Stored as linear-1.",
        "Not taken: no = between a tag key and its value.",
        "Nothing is sent yet.",
        "Account   123456789012",
        "linear-1  creating  0 %",
        "linear-1  available  100 %",
    ] {
        assert!(run.err.contains(said), "{said:?} in:\n{}", run.err);
    }
    assert_eq!(world.simulator.creates(), 1);
}

#[test]
fn several_that_fit_are_numbered_and_a_taken_name_is_told_with_a_free_one() {
    let world = World::new();
    assert_eq!(world.run(&["create", "orders", "--name", "taken"]).code, 0);
    let run = answer(&world, "postgres\n2\nTaken\n\n\nyes\n");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("2. orders, Aurora PostgreSQL 16.4, available"), "{}", run.err);
    assert!(run.err.contains("taken is taken by a snapshot"), "{}", run.err);
}

#[test]
fn the_mark_is_shown_is_what_is_sent_and_can_be_left_out() {
    let world = World::new();
    let run = answer(&world, "orders\nmarked\nclustersnap:request=x\n\nyes\n");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("this is the key of a mark"), "{}", run.err);
    assert!(run.err.contains("Proof     will be the tag clustersnap:request"), "{}", run.err);
    let number = world.journal()[0]["number"].as_str().unwrap().to_owned();
    assert!(run.err.contains(&format!("clustersnap:request={number}")), "{number} in:\n{}", run.err);
    let run = answer(&world, "orders\nbare\n-clustersnap:request\n\nyes\n");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("Proof     none: without a mark"), "{}", run.err);
    assert!(!run.out.contains("clustersnap:request"), "{}", run.out);
}

#[test]
fn nothing_is_sent_without_a_yes() {
    let world = World::new();
    for answers in ["orders\n\n\nno\n", "orders\n\n\n\n", "orders\n", "", "stopped\n"] {
        let run = answer(&world, answers);
        assert_eq!(run.code, 130, "{answers:?}: {}", run.err);
        assert!(run.err.contains("Nothing was sent."), "{answers:?}: {}", run.err);
    }
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
}

#[test]
fn production_is_told_and_takes_the_clusters_name_instead_of_a_yes() {
    let world = World::new();
    let folder = world.home.path().join(".config/clustersnap");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "[production]\nclusters = [\"ord*\"]\n").unwrap();
    let run = answer(&world, "orders\np\n\nyes\n");
    assert_eq!(run.code, 130, "{}", run.err);
    assert!(run.err.contains("PRODUCTION. Type the cluster's name, orders"), "{}", run.err);
    let run = answer(&world, "orders\np\n\norders\n");
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(world.simulator.creates(), 1);
}

#[test]
fn a_busy_cluster_can_be_waited_for() {
    let world = World::with("", SOON_AVAILABLE);
    let run = answer(&world, "busy\nyes\nb\n\nyes\n");
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("busy is backing-up. Wait until it is available"), "{}", run.err);
}
