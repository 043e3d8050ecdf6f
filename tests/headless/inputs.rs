//! Tags as people have them, by way of files and of every shell.

use std::process::Command;

use serde_json::Value;

use super::support::program::PROGRAM;
use super::world::{World, finish};

/// The tags that a dry run of `create slow` would send, as `key=value`, in the order of their keys.
#[track_caller]
fn sent(world: &World, args: &[&str]) -> Vec<String> {
    let base = ["create", "slow", "--name", "n", "--dry-run", "--json"];
    let data = world.run(&[&base, args].concat()).data("dry_run");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let tags = data["request"]["tags"].as_array().or(data["tags"].as_array()).unwrap();
    let mut tags: Vec<String> =
        tags.iter().map(|tag| format!("{}={}", text(&tag["key"]), text(&tag["value"]))).collect();
    // Each request has the mark besides.
    tags.retain(|tag| !tag.starts_with("clustersnap:request="));
    tags.sort();
    tags
}

fn sent_from_file(world: &World, file: &[u8]) -> Vec<String> {
    std::fs::write(world.home.path().join("tags"), file).unwrap();
    sent(world, &["--tags-file", "tags"])
}

#[test]
fn a_file_of_tags_is_read_as_editors_and_the_aws_command_line_write_it() {
    let world = World::new();
    let utf16: Vec<u8> = "\u{feff}owner=dba\r\nb=2\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for file in [
        "\u{feff}owner=dba\nb=2".as_bytes(),
        b"# the team\r\nowner=dba\r\n\r\nb=2\r\n",
        "\u{feff}{\"owner\":\"dba\",\"b\":\"2\"}".as_bytes(),
        br#"{"TagList": [{"Key": "owner", "Value": "dba"}, {"Key": "b", "Value": "2"}]}"#,
        br#"{"DBClusterSnapshots": [{"Port": 5432, "TagList": [{"Key": "owner", "Value": "dba"},
            {"Key": "b", "Value": "2"}]}]}"#,
        b"Key=owner,Value=dba Key=b,Value=2",
        &utf16,
    ] {
        assert_eq!(sent_from_file(&world, file), ["b=2", "owner=dba"], "{}", String::from_utf8_lossy(file));
    }
}

#[test]
fn the_tags_that_aws_prints_of_a_marked_snapshot_are_read_without_its_mark_and_without_aws_s_own() {
    let world = World::new();
    let printed =
        br#"{"TagList": [{"Key": "aws:backup:source", "Value": "x"}, {"Key": "owner", "Value": "dba"},
        {"Key": "clustersnap:request", "Value": "20261123T015804Z-1"}]}"#;
    assert_eq!(sent_from_file(&world, printed), ["owner=dba"]);
    let run = world.run(&["create", "slow", "--dry-run", "--tags-file", "tags"]);
    let said = "aws:backup:source, clustersnap:request left out";
    assert!(run.err.contains(said), "{}", run.err);
    std::fs::write(world.home.path().join("tags"), "clustersnap:request=1\n").unwrap();
    world.run(&["create", "slow", "--dry-run", "--json", "--tags-file", "tags"]).error("VALIDATION_ERROR", 2);
}

#[test]
fn blanks_at_edges_are_refused_or_kept_on_purpose_and_always_told() {
    let world = World::new();
    let refused = |args: &[&str]| {
        let run = world.run(&[&["create", "slow", "--dry-run", "--json"], args].concat());
        let error = run.error("VALIDATION_ERROR", 2);
        error["details"][0]["message"].as_str().unwrap().to_owned()
    };
    std::fs::write(world.home.path().join("tags"), "a=b\nowner = release\n").unwrap();
    assert!(refused(&["--tags-file", "tags"]).contains("line 2: blanks beside the ="));
    assert!(refused(&["--tag", "owner = release"]).contains("blanks beside the ="));
    assert!(refused(&["--tag", "owner= release"]).contains("tag 1: blanks beside the ="));
    std::fs::write(world.home.path().join("tags"), "{\"a\": 1}").unwrap();
    assert!(refused(&["--tags-file", "tags"]).contains("the value of a is not a text"));
    std::fs::write(world.home.path().join("tags"), "{\"a\": ").unwrap();
    assert!(refused(&["--tags-file", "tags"]).contains("this is no JSON"));
    assert_eq!(sent(&world, &["--tag", "Key=owner,Value= release"]), ["owner= release"]);
    for (file, said) in [
        ("  owner=release  \n", "blanks at the ends of a line were left out"),
        ("{\"owner\": \" release\"}", "the blanks around \"owner\" = \" release\" are part of it"),
        ("", "there is no tag in it"),
        ("\n# nothing\n", "there is no tag in it"),
    ] {
        std::fs::write(world.home.path().join("tags"), file).unwrap();
        let run = world.run(&["create", "slow", "--dry-run", "--tags-file", "tags"]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.err.contains(&format!("--tags-file tags: {said}.")), "{file:?}: {}", run.err);
    }
}

#[test]
fn standard_input_is_read_for_one_thing_only() {
    let world = World::new();
    for (words, parameter) in [
        (&["--tags-file", "-", "--clusters-file", "-", "--change", "C", "--yes"][..], "--clusters-file"),
        (&["orders", "--mfa-code", "-", "--tags-file", "-"], "--tags-file"),
        (&["--mfa-code", "-", "--clusters-file", "-", "--change", "C", "--yes"], "--clusters-file"),
    ] {
        let error = world.run(&[&["create", "--json"][..], words].concat()).error("VALIDATION_ERROR", 2);
        assert_eq!(error["details"][0]["parameter"], parameter, "{error}");
    }
}

#[test]
fn a_tag_that_says_nothing_is_refused() {
    let world = World::new();
    let error = world.run(&["create", "orders", "--tag", "", "--json"]).error("VALIDATION_ERROR", 2);
    assert_eq!(error["details"][0]["parameter"], "--tag", "{error}");
    assert_eq!(world.simulator.calls("CreateDBClusterSnapshot"), 0);
}

#[test]
fn a_time_longer_than_the_clock_goes_is_never_over() {
    let world = World::new();
    let ever = ["--wait", "--timeout", "9223372036854775807s", "--json"];
    world.run(&[&["create", "orders"][..], &ever].concat()).data("created");
    let change = ["--change", "CHG-1", "--yes", "--name", "{cluster}-x"];
    world.run(&[&["create", "orders"][..], &ever, &change].concat()).data("change_items");
}

#[test]
fn values_may_begin_with_a_dash() {
    let world = World::new();
    assert_eq!(sent(&world, &["--tag", "-x=1", "--tag", "-Key=a"]), ["-Key=a", "-x=1"]);
    let run = world.run(&["create", "slow", "--name", "-x", "--dry-run", "--json"]);
    let error = run.error("VALIDATION_ERROR", 2);
    assert_eq!(error["details"][0]["parameter"], "--name", "{error}");
    assert_eq!(world.run(&["list", "--filter", "-nothing", "--json"]).code, 0);
}

#[test]
fn every_shell_hands_on_the_same_tags() {
    let world = World::new();
    let program = PROGRAM;
    for shell in ["sh", "bash", "dash", "zsh", "fish"] {
        let line = format!(
            "printf '\\357\\273\\277owner=dba\\r\\nb=2\\r\\n' | {program} create slow --name n --dry-run --json \
             --tags-file - --tag -x=1 --tag 'Key=note,Value=two words'"
        );
        let mut command = Command::new(shell);
        let plain = world.command(&[]);
        command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(world.home.path()).args(["-c", &line]);
        if command.output().is_err() {
            use std::io::Write as _;
            writeln!(std::io::stderr(), "not tested: {shell}, which is not installed").unwrap();
            continue;
        }
        let run = finish(&mut command);
        assert_eq!(run.code, 0, "{shell}: {}{}", run.out, run.err);
        for tag in ["owner", "two words", "-x"] {
            assert!(run.out.contains(&format!("\"{tag}\"")), "{shell}: {tag} in {}", run.out);
        }
        assert!(!run.out.contains('\u{feff}') && !run.out.contains("\\r"), "{shell}: {}", run.out);
    }
}

#[test]
fn of_several_names_the_wrong_ones_are_told() {
    let world = World::new();
    for (words, parameter) in [
        (&["create", "orders", "1x", "a_b", "--change", "c", "--dry-run"][..], "CLUSTER"),
        (&["ready", "orders", "1x", "a_b", "--within", "1h"], "CLUSTER"),
        (&["plan", "orders", "1x", "a_b", "--change", "c", "--at", "2099-12-01T02:00Z"], "CLUSTER"),
        (&["delete", "orders", "1x", "a_b", "--dry-run"], "SNAPSHOT"),
        (&["tag", "orders", "1x", "a_b", "k=v"], "SNAPSHOT"),
        (&["watch", "orders", "1x", "a_b"], "SNAPSHOT"),
    ] {
        let run = world.run(words);
        let said = [
            format!("{parameter}: 1x: the first character must be a letter"),
            format!("{parameter}: a_b: only a-z, digits and hyphens, not '_'"),
        ];
        assert!(run.code == 2 && said.iter().all(|said| run.err.contains(said)), "{words:?}: {}", run.err);
    }
}

#[test]
fn of_a_file_that_is_no_list_of_clusters_no_more_is_told_than_anyone_reads() {
    let world = World::new();
    for file in ["_".repeat(3 << 20), "a_\n".repeat(1 << 20), "_ _\n".repeat(1 << 19)] {
        std::fs::write(world.home.path().join("clusters"), file).unwrap();
        let words = ["create", "--clusters-file", "clusters", "--change", "c", "--dry-run"];
        let run = world.run(&words);
        assert!(run.code == 2 && run.err.contains("line 1, "), "{}", run.code);
        assert!(run.err.len() < 1 << 16, "{}", run.err.len());
        let json = world.run(&[&words[..], &["--json"]].concat());
        assert!(json.out.len() < 1 << 18, "{}", json.out.len());
    }
}
