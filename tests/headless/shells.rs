//! Completions tried in the shells themselves, the manual pages rendered, the help and the schema.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::pty::{PATIENCE, Session, clustersnap};
use super::support::program;
use super::world::{World, bare, finish};

fn print(args: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let run = finish(&mut bare(home.path(), args));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    run.out
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn output(command: &mut Command) -> (String, String) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// What bash offers for words, the last of which is being typed.
fn bash(script: &std::path::Path, words: &[&str]) -> Vec<String> {
    let program = format!(
        "source '{}'; COMP_WORDS=({}); COMP_CWORD={}; _clap_complete_clustersnap clustersnap \"${{COMP_WORDS[COMP_CWORD]}}\" \
         \"${{COMP_WORDS[COMP_CWORD-1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script.display(),
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" "),
        words.len() - 1
    );
    let (out, err) = output(Command::new("bash").args(["--norc", "-c", &program]));
    assert_eq!(err, "");
    out.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_values() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("clustersnap.bash");
    std::fs::write(&script, print(&["completions", "bash"])).unwrap();
    assert_eq!(bash(&script, &["clustersnap", "cr"]), ["create"]);
    assert_eq!(bash(&script, &["clustersnap", "wat"]), ["watch"]);
    assert_eq!(bash(&script, &["clustersnap", "create", "--when"]), ["--when-available"]);
    assert_eq!(bash(&script, &["clustersnap", "snapshots", "--type", "aut"]), ["automated"]);
}

#[test]
fn zsh_completes_commands_and_options() {
    if !has("zsh") {
        let advice = "not tried: install zsh (Debian, Ubuntu: apt-get install zsh)";
        writeln!(std::io::stderr(), "zsh_completes_commands_and_options: {advice}").unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("_clustersnap"), print(&["completions", "zsh"])).unwrap();
    // Completion runs in an interactive shell only: one in a pseudo-terminal, as zsh's own tests do it.
    // After the tab, a key of ours shows what the line has become.
    let program = r#"
        zmodload zsh/zpty
        try() {
          zpty shell zsh -f -i
          zpty -w shell 'PS1="> "; stty columns 200; fpath=($FOLDER $fpath); autoload -Uz compinit; compinit -u -D; bindkey -e; show() { print -r -- "<$BUFFER>" }; zle -N show; bindkey "^T" show; print re''ady'
          zpty -r -m shell line '*ready*'
          zpty -n -w shell "$1"$'\t\x14'
          zpty -r -m shell line '*<clustersnap*>*'
          print -r -- "$line"
          zpty -d shell
        }
        try 'clustersnap cr'
        try 'clustersnap create --when'
        try 'clustersnap snapshots --type aut'
    "#;
    let mut zsh = Command::new("timeout");
    let (out, _) = output(zsh.args(["60", "zsh", "-f", "-c", program]).env("FOLDER", folder.path()));
    for expected in ["create", "create --when-available", "snapshots --type automated"] {
        assert!(out.contains(&format!("<clustersnap {expected} >")), "{expected} in {out:?}");
    }
}

/// What the program answers a shell that asks about words, the last of which is being typed.
fn offered(world: &World, words: &[&str]) -> Vec<String> {
    let mut command = world.command(&[&["--", "clustersnap"], words].concat());
    command.env("COMPLETE", "fish");
    let run = finish(&mut command);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{words:?}");
    run.out.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn clusters_snapshots_profiles_and_regions_are_offered_as_they_were_seen_last() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    world.simulator.create_by_another("before-upgrade", "orders", Vec::new());
    assert_eq!(offered(&world, &["create", "o"]), Vec::<String>::new(), "nothing was listed yet");
    assert_eq!(world.run(&["list"]).code, 0);
    assert_eq!(world.run(&["snapshots"]).code, 0);
    let calls = world.simulator.calls("DescribeDBClusters");
    for line in [
        &["create", "o"][..],
        &["plan", "o"],
        &["create", "x", "--confirm", "o"],
        &["delete", "--confirm", "o"],
        &["tag", "x", "a=b", "--confirm", "o"],
    ] {
        assert_eq!(offered(&world, line), ["orders"], "{line:?}");
    }
    assert_eq!(offered(&world, &["snapshots", "S"]), ["slow", "stopped"]);
    assert_eq!(offered(&world, &["history", "--cluster", "fa"]), ["failing"]);
    assert_eq!(world.run(&["snapshots", "slow"]).code, 0);
    assert_eq!(offered(&world, &["watch", "bef"]), ["before-upgrade"], "a part of the list takes none away");
    assert_eq!(offered(&world, &["list", "--region", "eu"]), ["eu-west-1"]);
    for other in
        [&["--profile", "other"][..], &["--profile=other"], &["--profile", "=", "other"], &["--region=x"]]
    {
        assert_eq!(
            offered(&world, &[&["create"], other, &["o"]].concat()),
            Vec::<String>::new(),
            "{other:?}"
        );
    }
    assert_eq!(offered(&world, &["create", "--region=eu-west-1", "o"]), ["orders"]);
    let aws = world.home.path().join(".aws");
    std::fs::create_dir(&aws).unwrap();
    // As the AWS command line reads them: no section but those of profiles, and in this file with the word before.
    let config = "[default]\n[profile prod]\nregion = us-east-2\n[profile \"pr own\"]\n[sso-session pr-sso]\n[pr-none]\n";
    std::fs::write(aws.join("config"), config).unwrap();
    std::fs::write(aws.join("credentials"), "[pr-old]\n").unwrap();
    assert_eq!(offered(&world, &["list", "--profile", "pr"]), ["pr own", "pr-old", "prod"]);
    // bash would put two words on the line.
    let mut bash = world.command(&["--", "clustersnap", "list", "--profile", "pr"]);
    let bash = bash.envs([("COMPLETE", "bash"), ("_CLAP_COMPLETE_INDEX", "3"), ("_CLAP_IFS", " ")]);
    assert_eq!(finish(bash).out, "pr-old prod");
    assert_eq!(offered(&world, &["list", "--region", "us"]), ["us-east-2"]);
    assert_eq!(world.simulator.calls("DescribeDBClusters"), calls, "no key press asks AWS");
    let cache = world.home.path().join(".cache/clustersnap/names.json");
    assert_eq!(std::fs::metadata(cache).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn changes_of_this_machine_are_offered_by_their_ids() {
    let world = World::new();
    world.run(&["create", "orders", "--change", "CHG-1042", "--yes", "-q"]);
    for words in [&["create", "orders", "--change"][..], &["watch", "--change"], &["report"]] {
        assert_eq!(offered(&world, &[words, &["CH"]].concat()), ["CHG-1042"], "{words:?}");
    }
}

#[test]
fn what_the_screen_has_listed_is_offered_too() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new();
    world.simulator.create_by_another("before-upgrade", "orders", Vec::new());
    let mut command = clustersnap(world.home.path(), &[]);
    for (name, value) in world.command(&[]).get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let mut session = Session::start(command, 100, 30);
    session.wait_for("orders");
    let cache = world.home.path().join(".cache/clustersnap/names.json");
    let deadline = Instant::now() + PATIENCE;
    while offered(&world, &["watch", "bef"]).is_empty() {
        assert!(Instant::now() < deadline, "no names: {:?}", std::fs::read_to_string(&cache));
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(offered(&world, &["create", "o"]), ["orders"]);
    assert_eq!(offered(&world, &["create", "g"]), Vec::<String>::new(), "graph is Neptune's");
    assert_eq!(std::fs::metadata(cache).unwrap().permissions().mode() & 0o777, 0o600);
    session.send("q");
    assert_eq!(session.wait_for_end(PATIENCE), 0);
}

#[test]
fn completion_takes_at_most_50_ms_with_thousands_of_names() {
    let cluster = |n| format!("[[cluster]]\nidentifier = \"c{n:04}\"\nengine = \"aurora-mysql\"\n");
    let world = World::with("", &(0..2000).map(cluster).collect::<Vec<String>>().concat());
    assert_eq!(world.run(&["list", "--columns", "id"]).code, 0);
    let time = || {
        let since = Instant::now();
        assert_eq!(offered(&world, &["create", "c199"]).len(), 10);
        since.elapsed()
    };
    let quickest = (0..40).map(|_| time()).min().unwrap();
    assert!(quickest < Duration::from_millis(50), "{quickest:?}");
}

#[test]
fn there_is_a_manual_page_for_every_command_and_none_has_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    let names = print(&["man", &pages.to_string_lossy()]);
    let names: Vec<&str> = names.lines().collect();
    for name in ["clustersnap.1", "clustersnap-create.1", "clustersnap-config-check.1", "clustersnap-sim.1"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    for name in &names {
        let path = pages.join(name);
        let page = std::fs::read_to_string(&path).unwrap();
        assert!(!page.contains("EXTRA"), "{name}");
        // Every page that is named exists.
        for bold in page.split("\\fB").skip(1).filter(|bold| bold.contains("\\fR(1)")) {
            let Some((other, rest)) = bold.split_once("\\fR") else { continue };
            let other = format!("{}.1", other.replace("\\-", "-"));
            assert!(!rest.starts_with("(1)") || names.contains(&other.as_str()), "{name} names {other}");
        }
        for (linter, args) in
            [("mandoc", &["-Tlint", "-W", "warning"][..]), ("groff", &["-man", "-ww", "-z", "-Tutf8"])]
        {
            if Command::new(linter).arg("--version").output().is_err() {
                let advice =
                    "not tried: install mandoc and groff (Debian, Ubuntu: apt-get install mandoc groff)";
                writeln!(std::io::stderr(), "there_is_a_manual_page_for_every_command: {advice}").unwrap();
                continue;
            }
            let (out, err) = output(Command::new(linter).args(args).arg(&path));
            assert_eq!((out.as_str(), err.as_str()), ("", ""), "{linter} {name}");
        }
    }
    // What the help says before its sections belongs to no option.
    let page = std::fs::read_to_string(pages.join("clustersnap-delete.1")).unwrap();
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
    assert!(at("\n.PP\nA plan comes first") < at("\n.PP\nEach is looked at"));
    assert!(at("\n.PP\nEach is looked at") < at(".SH OPTIONS"));
    let (out, _) = output(Command::new("mandoc").args(["-Tascii"]).arg(pages.join("clustersnap-create.1")));
    let plain: String = out.split('\u{8}').collect::<Vec<_>>().join("");
    assert!(!plain.is_empty());
}

#[test]
fn every_help_has_its_own_options_first_and_examples_and_the_short_one_is_short() {
    let home = tempfile::tempdir().unwrap();
    let names = [
        "list",
        "snapshots",
        "create",
        "watch",
        "history",
        "doctor",
        "sim",
        "config",
        "schema",
        "completions",
        "man",
    ];
    let nested = ["config check", "config show", "config path", "config example"];
    for command in names.into_iter().chain(nested) {
        let of = |help| [command.split(' ').collect(), vec![help]].concat();
        let long = finish(&mut bare(home.path(), &of("--help")));
        assert!(long.out.contains("Examples:"), "{command}: {}", long.out);
        let own = long.out.find("\nOptions:").unwrap_or(0);
        assert!(own < long.out.find("\nCommon options:").unwrap(), "{command}: {}", long.out);
        let short = finish(&mut bare(home.path(), &of("-h")));
        assert!(
            short.out.lines().count() <= 40 && !short.out.contains("Examples:"),
            "{command}: {}",
            short.out
        );
    }
    let sim = finish(&mut bare(home.path(), &["sim", "--help"])).out;
    for word in ["[[cluster]]", "snapshot_fails_at", "[[fault]]", "looping-marker", "happens_after"] {
        assert!(sim.contains(word), "{word} in {sim}");
    }
}

#[test]
fn the_schema_is_printed_as_it_is() {
    let printed: serde_json::Value = serde_json::from_str(&print(&["schema"])).unwrap();
    let kept: serde_json::Value = serde_json::from_str(include_str!("../../assets/schema.json")).unwrap();
    assert_eq!(printed, kept);
}

#[test]
fn only_the_script_of_a_shell_asks_and_it_asks_from_every_folder() {
    use std::os::unix::ffi::OsStrExt as _;
    let world = World::new();
    let mut create = world.command(&["create", "orders", "--name", "c", "--json"]);
    finish(create.env("COMPLETE", "yes")).data("created");
    assert_eq!(world.run(&["list"]).code, 0);
    let tab = |words: &[&std::ffi::OsStr], region: &str| {
        let mut command = world.command(&["--", "clustersnap", "create"]);
        command.args(words).env_remove("AWS_REGION").env("AWS_DEFAULT_REGION", region);
        let run = finish(command.env("COMPLETE", "fish"));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        run.out.trim().to_owned()
    };
    assert_eq!(tab(&["o".as_ref()], "eu-west-1"), "orders");
    assert_eq!(tab(&["o".as_ref()], "us-east-1"), "");
    tab(&[std::ffi::OsStr::from_bytes(b"a\xff"), "o".as_ref()], "eu-west-1");
    let home = world.home.path();
    std::os::unix::fs::symlink(program::PROGRAM, home.join("clustersnap")).unwrap();
    let mut script = program::command("./clustersnap", home);
    let script = finish(script.args(["completions", "bash"])).out;
    assert!(script.contains(&*home.join("clustersnap").to_string_lossy()), "{script}");
}
