//! Which snapshots a `delete` or `tag` means by a name, where they are, what follows from it, and what it says where
//! nobody can read its result.

use std::time::{Duration, Instant};

use super::removing::{fleet, left, small, told};
use super::world::{World, finish};

/// What was done is said where its result cannot be written.
#[test]
fn a_result_that_cannot_be_written_hides_nothing_that_was_done() {
    let world = small();
    for (words, said) in [
        (&["delete", "o1", "--yes", "1"][..], "o1: deleting"),
        (&["tag", "o3", "a=b"], "o3: tagged"),
        (&["delete", "o2", "--dry-run"], "cannot write the result"),
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = finish(world.command(words).stdout(full));
        assert!(run.code != 0 && run.err.contains(said), "{words:?}: {} {}", run.code, run.err);
        assert!(run.err.contains("cannot write the result"), "{}", run.err);
    }
    assert_eq!(left(&world).len(), 4);
}

#[test]
fn a_name_that_is_not_listed_says_where_it_was_looked_for_and_that_a_new_one_may_lag() {
    let world = World::with("", &format!("list_lag = \"1h\"\n{}", fleet(&[("orders", &[("o1", 100, "")])])));
    let said = |name: &str| {
        let error = world.run(&["delete", name, "--yes", "1", "--json"]).error("VALIDATION_ERROR", 2);
        assert_eq!(error["details"][0]["rule"], "not-found");
        error["details"][0]["message"].as_str().unwrap().to_owned()
    };
    let arn = "arn:aws:rds:eu-central-1:999999999999:cluster-snapshot:o1";
    for name in ["nosuch", arn] {
        let place = "account 123456789012, Region eu-west-1";
        assert_eq!(said(name), format!("no DB cluster snapshot {name} is listed in {place}"));
    }
    assert_eq!(world.run(&["create", "orders", "--name", "new", "--json"]).code, 0);
    let said = said("new");
    assert!(
        said.contains("; it was requested ") && said.ends_with("a new one may not be listed yet"),
        "{said}"
    );
}

/// A place that could not be read may have one of the name: an ARN tells which is meant.
#[test]
fn a_plain_name_means_nothing_while_a_place_cannot_be_read() {
    let world = small();
    let keys = "[prod]\naws_access_key_id = SIM123456789012\naws_secret_access_key = x\n";
    std::fs::create_dir_all(world.home.path().join(".aws")).unwrap();
    std::fs::write(world.home.path().join(".aws/credentials"), keys).unwrap();
    let places = ["--profile", "prod", "--profile", "nosuch", "--region", "eu-west-1", "--json"];
    for words in [
        &["delete", "o1", "--yes", "1"][..],
        &["delete", "--filter", "age>90d", "--even", "o2", "--yes", "2"],
        &["tag", "o1", "a=b"],
    ] {
        let error = world.run(&[words, &places].concat()).error("VALIDATION_ERROR", 2);
        assert_eq!(error["details"][0]["rule"], "ambiguous", "{error}");
        let said = error["details"][0]["message"].as_str().unwrap();
        assert!(said.contains("nosuch/eu-west-1 could not be read, and may have a snapshot o"), "{said}");
    }
    assert_eq!(left(&world).len(), 5);
    let arn = "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:o1";
    let run = world.run(&[&["delete", arn, "--yes", "1"][..], &places].concat());
    assert_eq!(told(&run.envelope(), "outcome"), ["o1 \"deleting\""], "{}", run.err);
    assert_ne!(run.code, 0, "a place could not be read");
}

#[test]
fn a_count_that_was_agreed_to_is_not_none() {
    let world = small();
    for (args, verb) in [
        (&["delete", "o1", "--keep-last", "9"][..], "delete"),
        (&["delete", "--filter", "nosuch"], "delete"),
        (&["tag", "--filter", "nosuch", "a=b"], "tag"),
    ] {
        let error = world.run(&[args, &["--yes", "1", "--json"]].concat()).error("VALIDATION_ERROR", 2);
        let said = error["details"][0]["message"].as_str().unwrap();
        assert_eq!(said, format!("0 to {verb} by the plan, not 1. Nothing was sent."));
        for agreed in [&["--yes", "0"][..], &["--yes", "1", "--dry-run"]] {
            assert_eq!(world.run(&[args, agreed].concat()).code, 0, "{args:?} {agreed:?}");
        }
    }
    let kept = world.run(&["delete", "o1", "--keep-last", "9", "--yes", "1"]);
    assert!(kept.code == 2 && kept.out.contains("stays: one of the newest 9"), "{}{}", kept.out, kept.err);
    assert!(kept.err.contains("0 to delete by the plan, not 1"), "{}", kept.err);
}

#[test]
fn of_several_places_each_row_and_each_line_tells_its_own_also_where_all_are_in_one() {
    let busy = "[[fault]]\naction = \"DeleteDBClusterSnapshot\"\ncalls = \"1\"\n\
                answer = { kind = \"error\", status = 400, code = \"Throttling\", message = \"slow\" }\n";
    let world = World::with(busy, &fleet(&[("orders", &[("o1", 200, ""), ("o2", 150, "")])]));
    let places = ["--region", "eu-west-1,eu-central-1"];
    let tagged = world
        .run(&[&["tag", "--filter", "o2 region:eu-west-1", "a=b", "-x", "--dry-run"][..], &places].concat());
    assert!(tagged.out.contains("123456789012  eu-west-1  o2"), "{}", tagged.out);
    assert!(tagged.err.contains("eu-west-1: o2 has no tag x"), "{}", tagged.err);
    let deleted =
        world.run(&[&["delete", "--filter", "o1 region:eu-central-1", "--yes", "1"][..], &places].concat());
    assert!(deleted.out.contains("123456789012  eu-central-1  o1"), "{}", deleted.out);
    assert!(deleted.err.contains("eu-central-1: o1: AWS is throttling"), "{}", deleted.err);
}

#[test]
fn what_was_requested_here_and_deleted_since_is_followed_no_more() {
    let world = small();
    assert_eq!(world.run(&["create", "orders", "--name", "d"]).code, 0);
    let deadline = Instant::now() + Duration::from_secs(20);
    while world.run(&["delete", "d", "--yes", "1"]).code != 0 {
        assert!(Instant::now() < deadline, "it becomes usable");
    }
    let history = world.run(&["history"]);
    assert!(
        history.out.contains("d of orders: created, deleting\n") && !history.err.contains("open"),
        "{}",
        history.out
    );
    let watched = world.run(&["watch"]);
    assert_eq!(watched.code, 0, "{}{}", watched.out, watched.err);
    assert!(watched.err.contains("no request is open"), "{}", watched.err);
}

#[test]
fn a_deletion_that_is_not_settled_is_an_open_request_to_who_watches() {
    let hang = "[[fault]]\naction = \"DeleteDBClusterSnapshot\"\nanswer = { kind = \"hang\" }\n";
    let fleet = "[[cluster]]\nidentifier = \"c\"\nengine = \"mysql\"\n\
                 snapshot = [{ identifier = \"o\", kind = \"manual\", age = \"9d\" }]\n";
    let world = World::with(hang, fleet);
    let mut child = world.start(&["delete", "o", "--even", "o", "--yes", "1"]);
    let deadline = Instant::now() + Duration::from_mins(1);
    while world.simulator.calls("DeleteDBClusterSnapshot") == 0 {
        assert!(Instant::now() < deadline, "it is sent");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let folder = world.home.path().join(".aws");
    std::fs::create_dir(&folder).unwrap();
    let keys = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = s\nregion = eu-west-1\n";
    std::fs::write(folder.join("credentials"), format!("[one]\n{keys}[two]\n{keys}")).unwrap();
    world.run(&["watch", "--json"]).error("OUTCOME_UNKNOWN", 4);
    assert_eq!(world.run(&["watch", "o"]).code, 0, "what is watched has ended well");
    // Two profiles of one account are one place, with one request.
    let watched = world.run(&["watch", "--profile", "one", "--profile", "two"]);
    assert_eq!(watched.code, 4, "{}", watched.err);
    assert!(!watched.err.contains("no request is open"), "{}", watched.err);
    assert!(
        watched.err.contains("; what became of a request to delete or tag is not known yet"),
        "{}",
        watched.err
    );
}

#[test]
fn what_a_row_says_it_says_once() {
    let denied = "[[fault]]\naction = \"DescribeDBClusterSnapshots\"\ncalls = \"4-\"\n\
                  answer = { kind = \"error\", status = 403, code = \"AccessDenied\", message = \"no\" }\n";
    let fleet = "[[cluster]]\nidentifier = \"c\"\nengine = \"mysql\"\n\
                 snapshot = [{ identifier = \"o\", kind = \"manual\", age = \"9d\" }]\n";
    let run = World::with(denied, fleet).run(&["tag", "o", "a=b"]);
    assert!(
        run.out.contains("  Not done: nothing was sent. ") && !run.out.contains("not done: "),
        "{}",
        run.out
    );
}
