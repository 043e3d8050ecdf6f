//! Several places at once: which are named, and what each command makes of them.

use super::world::{World, bare, finish};

#[test]
fn a_command_that_concerns_one_place_refuses_several_before_it_does_anything() {
    let world = World::new();
    world.configure("[places]\nall = [\"/eu-west-1\", \"/eu-central-1\"]\n");
    let regions = ["--region", "eu-west-1,eu-central-1"];
    for command in [&["create", "orders"][..], &["create", "orders", "--dry-run"], &["doctor"], &["--linear"]]
    {
        for named in
            [&regions[..], &["--region", "eu-west-1", "--region", "eu-central-1"], &["--places", "all"]]
        {
            let run = world.run(&[command, named].concat());
            assert_eq!(run.code, 2, "{command:?}: {}", run.err);
            assert!(
                run.err.contains("this concerns one place, and 2 are named: eu-west-1, eu-central-1"),
                "{}",
                run.err
            );
        }
    }
    assert_eq!(world.run(&[&["schema"], &regions[..]].concat()).code, 0, "it is about no place");
    for action in ["DescribeDBClusters", "GetCallerIdentity"] {
        assert_eq!(world.simulator.calls(action), 0, "nothing is asked");
    }
    let run = world.run(&["create", "orders", "--json", "--region", "eu-west-1,eu-central-1"]);
    let error = run.error("VALIDATION_ERROR", 2);
    assert_eq!(error["details"][0]["parameter"], "--profile, --region, --places");
}

#[test]
fn a_set_is_named_by_the_configuration_and_one_that_is_wrong_is_told_with_its_line() {
    let world = World::new();
    world.configure("[places]\none = [\"/eu-west-1\"]\nwrong = [\"prod/EU\"]\n");
    assert_eq!(world.run(&["list", "--places", "one"]).code, 0);
    let run = world.run(&["list", "--places", "wrong"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("there are: one"), "{}", run.err);
    assert!(
        run.err.contains("config.toml:3: places: wrong: \"EU\" is not the name of a Region"),
        "{}",
        run.err
    );
    let both = world.run(&["list", "--places", "one", "--region", "eu-west-1"]);
    assert!(both.code == 2 && both.err.contains("leave out --profile and --region"), "{}", both.err);
}

#[test]
fn an_option_that_names_nothing_and_a_set_that_there_is_not_are_told_on_one_line() {
    let world = World::new();
    for name in ["", ","] {
        let run = world.run(&["create", "orders", "--region", name, "--json"]);
        let error = run.error("VALIDATION_ERROR", 2);
        assert_eq!(error["details"][0]["parameter"], "--region", "{error}");
    }
    assert_eq!(world.simulator.calls("DescribeDBClusters"), 0);
    world.configure("[places]\nwrong = [\"prod/EU\"]\n");
    let run = world.run(&["list", "--places", "nosuch"]);
    assert!(run.code == 2 && !run.err.contains("u{a}") && run.err.contains("; "), "{}", run.err);
}

#[test]
fn two_profiles_of_one_account_are_one_place_also_where_nobody_may_ask_who_they_are() {
    let denied = "[[fault]]\naction = \"GetCallerIdentity\"\nanswer = { kind = \"error\", status = 403, \
                  code = \"AccessDenied\", message = \"no\" }\n";
    let world = World::faulty(denied);
    let folder = world.home.path().join(".aws");
    std::fs::create_dir(&folder).unwrap();
    let keys = "aws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = s\nregion = eu-west-1\n";
    std::fs::write(folder.join("credentials"), format!("[one]\n{keys}[two]\n{keys}")).unwrap();
    let places = ["--profile", "one", "--profile", "two", "--json"];
    let run = world.run(&[&["list"][..], &places].concat());
    let ids: Vec<String> =
        run.data("clusters").as_array().unwrap().iter().map(|it| it["id"].to_string()).collect();
    assert_eq!(ids.iter().filter(|id| *id == "\"orders\"").count(), 1, "{ids:?}");
    assert!(run.err.contains("is the same account and Region as"), "{}", run.err);
    let change = ["create", "orders", "--change", "C", "--yes"];
    let made = world.run(&[&change[..], &places].concat()).data("change_items");
    assert_eq!((made.as_array().unwrap().len(), world.simulator.creates()), (1, 1));
}

#[test]
fn the_shell_completes_the_sets_of_the_configuration() {
    let world = World::new();
    world.configure("[places]\nall-prod = [\"prod\"]\nall-test = [\"test\"]\n");
    let mut command = bare(world.home.path(), &["--", "clustersnap", "list", "--places", "all-p"]);
    command.env("COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", "3").env("_CLAP_COMPLETE_SPACE", "false");
    assert_eq!(finish(&mut command).out.trim(), "all-prod");
}

#[test]
fn of_a_place_that_cannot_be_read_watch_does_not_say_that_nothing_is_open_there() {
    let world = World::new();
    let aws = world.home.path().join(".aws");
    std::fs::create_dir_all(&aws).unwrap();
    std::fs::write(aws.join("config"), "[profile good]\n[profile none]\n").unwrap();
    let keys = "[good]\naws_access_key_id = SIM111111111111\naws_secret_access_key = s\n";
    std::fs::write(aws.join("credentials"), keys).unwrap();
    let told = |profiles: &[&str]| world.run(&[&["watch"], profiles].concat());
    let both = told(&["--profile", "good", "--profile", "none"]);
    assert_eq!(both.code, 7, "{}", both.err);
    assert!(both.err.contains("Nothing is being created in the places that could be read."), "{}", both.err);
    let named = told(&["nosnap", "--profile", "good", "--profile", "none"]);
    let lists =
        "lists no DB cluster snapshot nosnap where it was looked for; none/eu-west-1 could not be read, and";
    assert!(named.err.contains(lists), "{}", named.err);
    let one = told(&["--profile", "good"]);
    assert!(one.err.contains("Nothing is being created here, and no request is open here."), "{}", one.err);
}

#[test]
fn the_history_says_where_to_look_and_that_nothing_is_what_was_asked_for() {
    let lost = "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nanswer = { kind = \"drop\" }\n";
    let world = World::faulty(lost);
    assert_eq!(world.run(&["create", "orders", "--name", "n", "--no-confirm"]).code, 4);
    let url = world.served.url.trim_end_matches('/');
    let watch = format!("clustersnap watch --region eu-west-1 --endpoint-url {url}");
    let told = world.run(&["history", "--profile", "default"]);
    let said = format!("1 open: {watch}, asked as account 123456789012, looks up the outcome.");
    assert_eq!(told.err.trim(), said);
    for words in [&["--profile", "other"][..], &["--cluster", "slow"], &["--filter", "x"]] {
        let told = world.run(&[&["history"], words].concat()).err;
        assert_eq!(told.trim(), "None of the 1 requests of this machine's journal fits.");
    }
    let path = world.home.path().join(".local/state/clustersnap/journal.jsonl");
    let mut intent = world.journal()[0].clone();
    intent["change"] = "C".into();
    std::fs::write(path, format!("{intent}\n")).unwrap();
    let told = world.run(&["report", "C", "--region", "eu-west-1"]);
    let said = format!("clustersnap watch --change C --region eu-west-1 --endpoint-url {url} looks up");
    assert!(told.err.contains(&said), "{}", told.err);
    let demo = world.run(&["report", "C", "--demo", "--json"]).error("VALIDATION_ERROR", 2);
    assert!(demo["details"][0]["message"].as_str().unwrap().contains("leaves no journal"), "{demo}");
}

#[test]
fn where_no_place_answered_there_is_no_table() {
    let denied = "[[fault]]\naction = \"DescribeDBClusterSnapshots\"\n\
                  answer = { kind = \"error\", status = 403, code = \"AccessDenied\", message = \"no\" }\n";
    let world = World::faulty(denied);
    let places = ["--region", "eu-west-1,eu-central-1"];
    for words in [&["ready", "orders", "--within", "1h"][..], &["delete", "x"], &["tag", "x", "a=b"]] {
        let run = world.run(&[words, &places].concat());
        assert_eq!((run.code, run.out.as_str()), (7, ""), "{words:?}");
    }
}
