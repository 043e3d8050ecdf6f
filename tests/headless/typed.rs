//! `delete` at a terminal: the plan is shown, and only its count, typed, deletes anything.

use super::pty::{self, PATIENCE, Session};
use super::removing::{Row, fleet, left};
use super::world::World;

const DELETE: &str = "DeleteDBClusterSnapshot";

fn world() -> World {
    let keep = "tags = { \"keep-until\" = \"2999-12-31\" }";
    let rows: &[Row<'_>] = &[("o1", 200, ""), ("o2", 150, keep), ("o3", 120, ""), ("o4", 1, "")];
    World::with("", &fleet(&[("orders", rows), ("billing", &[("b1", 100, "")])]))
}

/// The command at a terminal, once it asks.
fn asked(world: &World, words: &[&str], question: &str) -> Session {
    let command = pty::clustersnap_at(&world.served.url, world.home.path(), words);
    let session = Session::start(command, 120, 30);
    session.wait_for(question);
    session
}

/// What is left, in one text.
fn names(world: &World) -> String {
    left(world).into_iter().collect::<Vec<_>>().join(" ")
}

#[test]
fn whatever_is_typed_but_the_count_deletes_nothing() {
    let world = world();
    // Another count, no count, the count of all, ctrl-d, ctrl-c.
    let typed =
        [("3\r", true), ("\r", true), ("yes\r", true), ("5\r", true), ("\x04", true), ("\x03", false)];
    for (keys, is_answer) in typed {
        let mut session = asked(&world, &["delete", "--filter", "age>90d"], "Type 2 to delete 2 snapshots");
        session.send(keys);
        assert_eq!(session.wait_for_end(PATIENCE), 130, "{keys:?}");
        session.wait_for(if is_answer {
            "Not confirmed. Nothing was sent."
        } else {
            "Interrupted. Nothing was sent."
        });
    }
    assert_eq!(world.simulator.calls(DELETE), 0);
    assert!(world.journal().is_empty());
    assert_eq!(names(&world), "b1 o1 o2 o3 o4");
}

#[test]
fn the_typed_count_deletes_what_the_plan_shows_and_nothing_that_is_guarded() {
    let world = world();
    let mut session = asked(&world, &["delete", "--filter", "age>90d"], "Type 2 to delete 2 snapshots");
    let shown = session.screen();
    for said in [
        "stays: its tag keeps it until 2999-12-31",
        "stays: the last usable manual snapshot of its cluster",
        "2 to delete, 2 stay. What is guarded takes its name: --even SNAPSHOT.",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    session.send(" 2 \r");
    assert_eq!(session.wait_for_end(PATIENCE), 0, "{}", session.screen());
    assert_eq!((world.simulator.calls(DELETE), names(&world).as_str()), (2, "b1 o2 o4"));
}

#[test]
fn what_is_guarded_goes_by_its_name_and_the_count_once_more() {
    let world = world();
    let words = ["delete", "o2", "b1", "--even", "o2"];
    let mut session = asked(&world, &words, "Type 1 to delete 1 snapshot");
    let shown = session.screen();
    assert!(shown.contains("delete, said by name: its tag keeps it until 2999-12-31"), "{shown}");
    session.send("2\r");
    assert_eq!((session.wait_for_end(PATIENCE), world.simulator.calls(DELETE)), (130, 0));
    let mut session = asked(&world, &words, "Type 1 to delete 1 snapshot");
    session.send("1\r");
    // The other one was said by its name, and stays: that is an error.
    assert_eq!(session.wait_for_end(PATIENCE), 2, "{}", session.screen());
    assert_eq!((world.simulator.calls(DELETE), names(&world).as_str()), (1, "b1 o1 o3 o4"));
    assert_eq!(world.journal()[0]["despite"], serde_json::json!(["keep_until"]));
}
