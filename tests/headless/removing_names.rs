//! Which snapshots a `delete` or `tag` means by a name, and what it says where nobody can read its result.

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
