//! Guards of the configuration: what may not be understood, what is read-only, what production wants, each where
//! requests leave.

use super::support::cases::side_by_side;
use super::world::{Run, SOON_AVAILABLE, World, finish};

/// Nothing was sent: no request reached the service, and none is in the journal.
#[track_caller]
fn nothing_left(world: &World) {
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
    assert_eq!(world.journal(), Vec::<serde_json::Value>::new());
}

/// The answers to the questions of the linear mode.
fn linear(world: &World, answers: &str) -> Run {
    std::fs::write(world.home.path().join("answers"), answers).unwrap();
    let answers = std::fs::File::open(world.home.path().join("answers")).unwrap();
    finish(world.command(&["--linear"]).stdin(answers))
}

#[test]
fn a_broken_guard_stops_every_submission_with_its_file_and_line_and_nothing_else() {
    let world = World::new();
    for (text, line) in [
        ("[production]\nclusters = \"*-prod\"\n", 2),
        ("\n[prodution]\nclusters = [\"x\"]\n", 2),
        ("[notify]\nbell = true\nrequired_tags = [\"owner\"]\n", 3),
        ("[read_only]\nacounts = [\"123456789012\"]\n", 2),
        ("[production\n", 1),
    ] {
        world.configure(text);
        let told = format!("config.toml:{line}: ");
        for options in [&[][..], &["-q"], &["--no-confirm"], &["-q", "--wait"], &["--without-journal"]] {
            let run = world.run(&[&["create", "orders"], options].concat());
            assert_eq!(run.code, 2, "{text}{options:?}: {}", run.err);
            assert!(run.err.contains(&told) && run.err.contains("nothing was sent"), "{text}{}", run.err);
        }
        let error = world.run(&["create", "orders", "--json", "-q"]).error("VALIDATION_ERROR", 2);
        assert!(error["message"].as_str().unwrap().contains(&told), "{error}");
        let run = linear(&world, "orders\np\n\nyes\n");
        assert!(run.code == 2 && run.err.contains(&told), "{text}{}", run.err);
        let dry = world.run(&["create", "orders", "--dry-run"]);
        assert!(dry.code == 2 && dry.err.contains(&told), "a dry run says so too: {text}{}", dry.err);
        let watched = world.run(&["watch", "--change", "C1"]);
        assert!(
            watched.code == 2 && watched.err.contains("may be another than was looked for"),
            "{}",
            watched.err
        );
        for words in [&["watch", "--change", "C1", "-q"][..], &["snapshots", "--filter", "change:C1"]] {
            let run = world.run(words);
            assert!(run.err.contains(&told), "which tag tells of a change may be wrong: {text}{}", run.err);
        }
        for reading in [&["list"][..], &["snapshots"], &["history"]] {
            assert_eq!(world.run(reading).code, 0, "what reads goes on: {text}{reading:?}");
        }
    }
    nothing_left(&world);
    world.configure("[production]\nclusters = [\"*-prod\"]\n");
    assert_eq!(world.run(&["create", "orders"]).code, 0, "mended");
}

#[test]
fn a_configuration_that_cannot_be_read_stops_submissions_too() {
    let world = World::new();
    world.configure("");
    let path = world.home.path().join(".config/clustersnap/config.toml");
    std::fs::write(&path, b"required_tags = [\"\xff\"]\n").unwrap();
    let run = world.run(&["create", "orders", "-q"]);
    assert!(run.code == 2 && run.err.contains("config.toml: is not UTF-8 in line 1"), "{}", run.err);
    assert!(!run.err.contains("defaults hold"), "{}", run.err);
    let doctor = world.run(&["doctor"]);
    assert!(doctor.out.contains("until then nothing is sent"), "{}", doctor.out);
    nothing_left(&world);
    std::fs::remove_file(path).unwrap();
    assert_eq!(world.run(&["create", "orders"]).code, 0, "no file is no guard");
}

#[test]
fn a_tag_of_the_cluster_under_the_marks_key_is_not_lost_without_a_word() {
    let world = World::new();
    world.configure("[proof]\nkey = \"owner\"\n");
    let error = world.run(&["create", "orders", "--json"]).error("VALIDATION_ERROR", 2);
    assert!(error["details"][0]["message"].as_str().unwrap().contains("the key of a mark"), "{error}");
    nothing_left(&world);
    for way in ["--no-cluster-tags", "--no-mark"] {
        assert_eq!(world.run(&["create", "orders", "--dry-run", way]).code, 0, "{way}");
    }
}

#[test]
fn read_only_by_pattern_holds_back_by_account_profile_cluster_and_tag() {
    let world = World::new();
    std::fs::create_dir(world.home.path().join(".aws")).unwrap();
    let profile =
        "[profile audit]\nregion = eu-west-1\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = s\n";
    std::fs::write(world.home.path().join(".aws/config"), profile).unwrap();
    for (pattern, told) in [
        ("accounts = [\"1234*\"]", "account 123456789012 (1234*)"),
        ("clusters = [\"ord*\"]", "cluster orders (ord*)"),
        ("tags = [\"env=PROD\"]", "tag env=prod of orders"),
        ("profiles = [\"aud?t\"]", "profile audit (aud?t)"),
    ] {
        world.configure(&format!("[read_only]\n{pattern}\n"));
        for command in [
            &["create", "orders"][..],
            &["create", "orders", "--dry-run"],
            &["create", "orders", "--no-confirm"],
        ] {
            let error =
                world.run(&[command, &["--json", "--profile", "audit"]].concat()).error("READ_ONLY", 2);
            assert!(error["message"].as_str().unwrap().contains(told), "{error}");
        }
    }
    nothing_left(&world);
    let created = world.run(&["create", "orders", "--json"]).data("created");
    assert_eq!(created["cluster"], "orders", "another profile is not read-only");
    world.configure("[read_only]\nclusters = [\"ord*\"]\n");
    let run = linear(&world, "orders\np\n\nyes\n");
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("READ-ONLY") && run.err.contains("cluster orders (ord*)"), "{}", run.err);
    assert_eq!(world.simulator.creates(), 1);
}

#[test]
fn another_clusters_name_confirms_nothing_whether_production_or_not() {
    let world = World::new();
    world.simulator.create_by_another("old", "slow", Vec::new());
    for configuration in ["", "[production]\nconfirm_headless = true\nclusters = [\"*\"]\n"] {
        world.configure(configuration);
        for (args, said) in [
            (&["create", "orders", "--confirm", "slow"][..], "slow is not orders"),
            (&["create", "orders", "--confirm", ""], " is not orders"),
            (&["create", "orders", "--dry-run", "--confirm", "orders-2"], "orders-2 is not orders"),
            (
                &["tag", "old", "a=b", "--confirm", "orders"],
                "orders is the cluster of no snapshot of the plan",
            ),
        ] {
            let error = world.run(&[args, &["--json"]].concat()).error("VALIDATION_ERROR", 2);
            let detail = &error["details"][0];
            assert_eq!(
                (&detail["parameter"], &detail["rule"]),
                (&"--confirm".into(), &"not-confirmed".into())
            );
            assert!(detail["message"].as_str().unwrap().contains(said), "{error}");
        }
    }
    assert_eq!(world.simulator.calls("AddTagsToResource"), 0);
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
}

#[test]
fn production_wants_the_clusters_name_once_more_of_a_command_too() {
    let world = World::new();
    for pattern in ["tags = [\"env=prod\"]", "clusters = [\"orders\"]", "accounts = [\"123456789012\"]"] {
        world.configure(&format!("[production]\nconfirm_headless = true\n{pattern}\n"));
        let error = world.run(&["create", "orders", "--json", "-q"]).error("VALIDATION_ERROR", 2);
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("orders is production by") && message.contains("--confirm orders"),
            "{error}"
        );
        let dry = world.run(&["create", "orders", "--dry-run", "--json"]);
        dry.error("VALIDATION_ERROR", 2);
    }
    nothing_left(&world);
    let run = world.run(&["create", "orders", "--confirm", "Orders", "--json"]);
    assert_eq!(run.data("created")["cluster"], "orders");
    world.configure("[production]\nclusters = [\"slow\"]\nconfirm_headless = true\n");
    assert_eq!(
        world.run(&["create", "orders", "--name", "b"]).code,
        0,
        "what is no production wants nothing"
    );
    world.configure("[production]\nclusters = [\"slow\"]\n");
    assert_eq!(world.run(&["create", "slow"]).code, 0, "nor does production, unless that is chosen");
}

#[test]
fn tag_takes_no_required_tag_away_and_empties_none() {
    let world = World::new();
    world.configure("required_tags = [\"owner\"]\n");
    assert_eq!(world.run(&["create", "orders", "--name", "owned", "--tag", "owner=dba", "--wait"]).code, 0);
    for word in ["-owner", "owner="] {
        let run = world.run(&["tag", "owned", word, "--json"]);
        assert!(run.code != 0 && run.out.contains("owner"), "{word}: {}", run.out);
    }
    assert_eq!(
        world.simulator.calls("AddTagsToResource") + world.simulator.calls("RemoveTagsFromResource"),
        0
    );
    assert_eq!(world.run(&["tag", "owned", "owner=sre"]).code, 0);
}

/// What waits for a cluster that is busy for some seconds: alone, and of a change.
const WAITING: [&[&str]; 2] = [
    &["create", "busy", "--when-available"],
    &["create", "busy", "--change", "C1", "--yes", "--when-available"],
];

/// Faults from the second look at the cluster on.
fn later(calls: &str, fault: &str) -> World {
    let look = "[[fault]]\naction = \"DescribeDBClusters\"\n";
    World::with(&format!("{look}calls = \"{calls}\"\n{fault}\n"), SOON_AVAILABLE)
}

#[test]
fn a_cluster_that_is_waited_for_is_waited_for_in_its_account_only() {
    side_by_side(WAITING, |words| {
        let world = later("2-", "account = \"222222222222\"");
        let run = world.run(words);
        assert_eq!(run.code, 7, "{words:?}: {}", run.err);
        let said = format!("{}{}", run.out, run.err);
        assert!(said.contains("busy was looked at in 123456789012, and 222222222222 answers"), "{said}");
        nothing_left(&world);
    });
}

#[test]
fn another_cluster_that_has_the_name_when_the_wait_is_over_gets_no_snapshot() {
    side_by_side(WAITING, |words| {
        let world = later("2-", "edit = [{ element = \"DbClusterResourceId\", text = \"cluster-OTHER\" }]");
        let run = world.run(words);
        assert_eq!(run.code, 3, "{words:?}: {}", run.err);
        let said = format!("{}{}", run.out, run.err);
        assert!(said.contains("Another DB cluster has this name now"), "{said}");
        nothing_left(&world);
    });
}

#[test]
fn a_cluster_that_one_look_misses_is_waited_for_all_the_same() {
    side_by_side(WAITING, |words| {
        let world = later("2", "edit = [{ element = \"DBCluster\" }]");
        let run = world.run(words);
        assert_eq!(run.code, 0, "{words:?}: {}", run.err);
        assert!(run.err.contains("There is no DB cluster busy in this Region"), "{}", run.err);
        assert_eq!(world.simulator.creates(), 1);
    });
}

#[test]
fn credentials_that_run_out_while_a_cluster_is_waited_for_are_read_anew() {
    side_by_side(WAITING, |words| {
        let expired =
            "answer = { kind = \"error\", status = 403, code = \"ExpiredToken\", message = \"over\" }";
        let world = later("2", expired);
        let run = world.run(words);
        assert_eq!(run.code, 0, "{words:?}: {}", run.err);
        assert_eq!(world.simulator.creates(), 1);
    });
}
