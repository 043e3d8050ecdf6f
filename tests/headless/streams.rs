//! Results on standard output and nothing else there; no colour into a pipe; a closed pipe ends quietly.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::process::Stdio;

use super::pty::{PATIENCE, Session, clustersnap, clustersnap_at};
use super::support::cases::side_by_side;
use super::world::{World, bare, ended, envelope, finish};

/// A fleet whose every text is hostile.
const HOSTILE: &str = r#"
[[cluster]]
identifier = "c"
engine = "mysql"
engine_version = "8.0\u009b2J\u202e"
status = "avail\u009bable"
snapshot_takes = "1s"
tags = { "bad\u009d52;c;eA==\u009c" = "x\ny\u202e" }
"#;

#[test]
fn quiet_is_silent_and_the_result_is_all_that_stands_on_standard_output() {
    let world = World::new();
    let run = world.run(&["create", "orders", "--name", "q", "--wait", "--quiet"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("Snapshot  q\nStatus    available\n"), "{}", run.out);
    let run = world.run(&["list", "-q"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let run = world.run(&["create", "nowhere", "-q"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""));
    assert_eq!(run.err.lines().count(), 1, "an error is told all the same");
}

#[test]
fn colour_goes_into_no_pipe_unless_it_is_forced_and_never_against_no_color() {
    let world = World::new();
    let with = |variables: &[(&str, &str)]| {
        let mut command = world.command(&["list"]);
        command.envs(variables.iter().copied());
        finish(&mut command).out
    };
    assert!(!with(&[]).contains('\u{1b}'));
    assert!(with(&[("CLICOLOR_FORCE", "1")]).contains("\u{1b}[32mavailable\u{1b}[0m"));
    assert!(!with(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn hostile_text_is_escaped_for_people_and_for_programs() {
    let world = World::with("", HOSTILE);
    let is_plain = |text: &str| text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}');
    for args in [&["list"][..], &["snapshots"], &["create", "c", "--dry-run"], &["create", "c"]] {
        let run = world.run(args);
        assert!(is_plain(&run.out) && is_plain(&run.err), "{args:?}: {}{}", run.out, run.err);
    }
    let list = world.run(&["list", "--json"]).data("clusters");
    assert_eq!(list[0]["status"], "avail\u{9b}able", "a program gets what was said");
    assert!(world.run(&["create", "c", "--json"]).envelope()["error"].is_object());
}

#[test]
fn a_closed_pipe_ends_quietly_and_a_create_is_made_all_the_same() {
    let world = World::new();
    for args in [&["list"][..], &["create", "orders", "--name", "p"], &["history"], &["man"]] {
        let mut child = world.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{args:?}: {} {said}", output.status);
        assert!(!said.contains("panicked") && !said.contains("roken pipe"), "{args:?}: {said}");
    }
    assert!(world.simulator.has_snapshot("p"));
}

#[test]
fn what_an_exit_code_says_is_so_whoever_reads_the_rest() {
    let world = World::new();
    world.configure("nonsense = 1\n");
    for (args, code) in [
        (&["ready", "orders", "--within", "1h"][..], 3),
        (&["ready", "orders", "--within", "1h", "--json"], 3),
        (&["create", "stopped", "--change", "C", "--dry-run"], 3),
        (&["list", "--region", "eu-west-1,EU"], 2),
        (&["config", "check"], 1),
        (&["watch", "--change", "C"], 130),
    ] {
        if args[0] == "watch" {
            world.run(&["create", "orders", "stopped", "--change", "C", "--yes"]);
        }
        let mut child = world.start(args);
        drop(child.stdout.take());
        let run = ended(child.wait_with_output().unwrap());
        assert_eq!(run.code, code, "{args:?}: {}", run.err);
    }
}

#[test]
fn a_result_that_cannot_be_written_is_an_error() {
    let world = World::new();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = world.command(&["list"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot write the result"));
    for args in [
        &["--help"][..],
        &["--version"],
        &["create", "-h"],
        &["man"],
        &["schema"],
        &["completions", "zsh"],
        &["config", "path"],
        &["config", "example"],
        &["snapshots", "--json"],
        &["create", "orders", "--name", "f"],
        &["history"],
        &["sim"],
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = world.command(args).stdout(full).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains("No space left"), "{args:?}: {said}");
    }
    let sent = world.simulator.creates();
    let run = world.run(&["create", "orders", "--name", "g", "--log-file", "/dev/full", "--json"]);
    assert_eq!((run.code, world.simulator.creates()), (2, sent), "{}", run.err);
    assert!(run.err.contains("cannot write the log file /dev/full: No space left"), "{}", run.err);
}

#[test]
fn a_change_whose_result_cannot_be_written_says_how_much_of_it_went_well_and_ends_with_what_did_not() {
    let world = World::faulty(
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\ncalls = \"2\"\nhappened = false\n\
         answer = { kind = \"error\", status = 400, code = \"SnapshotQuotaExceeded\", message = \"full\" }\n",
    );
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let words = ["create", "orders", "slow", "--change", "CHG-1", "--yes", "-q"];
    let output = world.command(&words).stdout(full).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    let told = "1 of 2 of CHG-1; cannot write the result: No space left on device (os error 28). clustersnap report \
                CHG-1 tells the rest";
    assert!(said.contains("Refused by AWS") && said.contains(told), "{said}");
}

#[test]
fn watch_ends_when_nobody_reads_its_lines() {
    let world = World::new();
    world.simulator.create_by_another("one", "orders", Vec::new());
    world.simulator.create_by_another("two", "slow", Vec::new());
    let mut child = world.start(&["watch", "--json", "-q"]);
    let mut output = child.stdout.take().unwrap();
    let mut first = Vec::new();
    while !first.ends_with(b"\n") {
        let mut byte = [0];
        output.read_exact(&mut byte).unwrap();
        first.extend(byte);
    }
    envelope(String::from_utf8(first).unwrap().trim_end());
    drop(output);
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert_eq!(String::from_utf8(ended.stderr).unwrap(), "");
}

#[test]
fn while_it_is_found_out_what_became_of_a_request_nobody_sits_before_a_mute_program() {
    let lost =
        "[[fault]]\naction = \"CreateDBClusterSnapshot\"\nhappened = false\nanswer = { kind = \"drop\" }";
    for (args, said) in [
        (&["create", "orders", "--name", "q", "--quiet"][..], "q: the answer was lost"),
        (&["create", "orders", "--name", "v"], "v  looked up for 2 s so far"),
    ] {
        let world = World::faulty(lost);
        let mut command = clustersnap(world.home.path(), args);
        for (name, value) in world.command(&[]).get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        let mut session = Session::start(command, 100, 20);
        session.wait_for(said);
        session.send("\x03");
        session.wait_for("Interrupted");
        session.send("\x03");
        assert_eq!(session.wait_for_end(PATIENCE), 130);
    }
}

#[test]
fn a_terminal_gets_a_bar_in_place_and_a_dumb_one_plain_lines() {
    let world = World::new();
    side_by_side([("xterm-256color", true), ("dumb", false)], |(term, is_drawn)| {
        let words = ["create", "orders", "--name", term, "--wait"];
        let mut command = clustersnap_at(&world.served.url, world.home.path(), &words);
        command.env("TERM", term);
        let mut session = Session::start(command, 100, 20);
        assert_eq!(session.wait_for_end(PATIENCE), 0, "{}", session.screen());
        session.wait_for("Status    available");
        let bytes = String::from_utf8(session.since(0)).unwrap();
        assert_eq!(bytes.contains("\r\u{1b}[K"), is_drawn, "{term}: {bytes:?}");
        assert_eq!(bytes.contains("[......"), is_drawn, "{term}: {bytes:?}");
        assert!(bytes.contains("creating"), "{term}: {bytes:?}");
        assert!(!session.screen().contains("creating") || !is_drawn, "no bar is left behind");
    });
}

#[test]
fn people_are_shown_nothing_but_ascii_where_that_is_wanted_and_programs_get_what_there_is() {
    let fleet = "[[cluster]]\nidentifier = \"orders\"\nengine = \"mysql\"\ntags = { \"naïve\" = \"ä\" }\n";
    let world = World::with("", fleet);
    for (args, locale) in [(&["--ascii"][..], "C.UTF-8"), (&[], "C")] {
        let list = [&["list", "--columns", "id,tags"], args].concat();
        let run = finish(world.command(&list).env("LC_ALL", locale));
        assert!(run.out.contains("na\\u{ef}ve=\\u{e4}"), "{}", run.out);
        let json = finish(world.command(&[&["list", "--json"], args].concat()).env("LC_ALL", locale));
        assert!(json.out.contains("naïve"), "{}", json.out);
    }
    let list = |words: &[&str]| finish(world.command(words).env("LC_ALL", "C.UTF-8"));
    let run = list(&["list", "--columns", "id,tags"]);
    assert!(run.out.contains("naïve=ä"), "{}", run.out);
    list(&["create", "orders", "-q"]);
    assert!(list(&["history", "--ascii"]).out.contains("na\\u{ef}ve"), "also what is written in pieces");
    world.configure("ascii = true\n");
    for words in [&["list", "--columns", "id,tags"][..], &["history"]] {
        let run = list(words);
        assert!(run.out.contains("na\\u{ef}ve"), "{}", run.out);
    }
}

#[test]
fn what_is_wrong_with_the_command_line_is_told_in_plain_words_with_what_it_names() {
    let home = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| finish(&mut bare(home.path(), args));
    let error = run(&["report", "--json"]).error("VALIDATION_ERROR", 2);
    let message = "the following required arguments were not provided: <ID>";
    assert_eq!(error["details"][0]["message"], message);
    for args in [&["delete", "x", "--keep-last", "-1"][..], &["tag", "x", "--owner"], &["man", "--json"]] {
        let run = run(args);
        assert!(run.code == 2 && !run.err.contains("as a value, use"), "{}", run.err);
    }
    std::fs::write(home.path().join("run"), "{}").unwrap();
    let run = run(&["history", "--execution", "run", "--json"]);
    let error = run.error("VALIDATION_ERROR", 2);
    assert_eq!(error["details"][0]["rule"], "not-a-run");
    assert!(
        run.err.contains("it has no member clustersnap") && !run.err.contains("missing field"),
        "{}",
        run.err
    );
}

#[test]
fn without_a_terminal_and_a_command_it_says_so_and_names_the_commands() {
    let home = tempfile::tempdir().unwrap();
    let run = finish(&mut bare(home.path(), &[]));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    for word in ["no terminal", "list", "snapshots", "create", "watch", "history", "--linear", "--help"] {
        assert!(run.err.contains(word), "{word} in {}", run.err);
    }
    let help = finish(&mut bare(home.path(), &["--help"]));
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(help.out.contains("Exit codes"), "{}", help.out);
}

#[test]
fn a_log_file_is_written_by_commands_too_and_holds_no_secret() {
    let world = World::new();
    assert_eq!(world.run(&["create", "orders", "--name", "l", "--log-file", "log"]).code, 0);
    let mut text = String::new();
    File::open(world.home.path().join("log")).unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains("snapshot") && !text.contains("secret"), "{text}");
}
