//! Files whatever the umask and the home folder are.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::process::Command;

use super::support::program::PROGRAM;
use super::world::{Run, World, finish};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn whatever_the_umask_the_journal_can_be_opened_again() {
    for umask in ["0777", "0000", "0700", "0277", "0027", "0077"] {
        let world = World::new();
        for name in ["a", "b"] {
            let line =
                format!("umask {umask}; exec {PROGRAM} create orders --name {name} --log-file log --json");
            let mut command = Command::new("sh");
            let plain = world.command(&[]);
            command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
            let run = finish(command.current_dir(world.home.path()).args(["-c", &line]));
            assert_eq!(run.code, 0, "{umask}: {}{}", run.out, run.err);
        }
        let state = world.home.path().join(".local/state");
        assert_eq!(mode(&state.join("clustersnap")), 0o700, "{umask}");
        assert_eq!(mode(&state.join("clustersnap/journal.jsonl")), 0o600, "{umask}");
        assert_eq!(mode(&state) & 0o700, 0o700, "{umask}");
        assert_eq!(mode(&world.home.path().join("log")), 0o600, "{umask}");
        assert_eq!(world.journal().iter().filter(|line| line["kind"] == "intent").count(), 2, "{umask}");
    }
}

#[test]
fn a_home_that_cannot_be_used_is_told_once_with_the_cause_first() {
    let world = World::new();
    for (home, cause) in [
        ("relative", "neither HOME nor XDG_STATE_HOME is an absolute path"),
        ("/proc/home", "cannot make /proc/home"),
    ] {
        let mut command = world.command(&["create", "orders", "--name", "h"]);
        let run = finish(command.env("HOME", home));
        assert_eq!(run.code, 1, "{}", run.err);
        assert_eq!(run.err.matches(cause).count(), 1, "{}", run.err);
        assert!(run.err.starts_with(&format!("clustersnap: Nothing was sent for h: {cause}")), "{}", run.err);
        assert_eq!(world.simulator.creates(), 0);
        let mut command = world.command(&["list"]);
        let run = finish(command.env("HOME", home));
        assert_eq!((run.code, run.err.as_str()), (0, "1 hidden (Neptune)\n"));
    }
}

/// A user without rights over the files of others, as root has them.
const USER: u32 = 54321;

/// Runs the program in the home of a user who is not root; `None` where that cannot be done here.
fn as_user(world: &World, args: &[&str]) -> Option<Run> {
    let home = world.home.path();
    let plain = world.command(args);
    let mut command = if rustix::process::geteuid().is_root() {
        Command::new("setpriv").args(["--reuid", &USER.to_string(), "true"]).output().ok()?;
        for path in [home.to_owned(), home.join(".local"), home.join(".local/state")] {
            chown(path, Some(USER), Some(USER)).unwrap_or_default();
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid", &USER.to_string(), "--clear-groups"]);
        command.arg(plain.get_program());
        command
    } else {
        Command::new(plain.get_program())
    };
    command.args(plain.get_args()).env_clear().current_dir(home);
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Some(finish(&mut command))
}

#[test]
fn a_folder_that_an_earlier_umask_closed_is_told_with_what_opens_it() {
    for closed in
        [".local", ".local/state", ".local/state/clustersnap", ".local/state/clustersnap/journal.jsonl"]
    {
        let world = World::new();
        let set = |mode| {
            let path = world.home.path().join(closed);
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        std::fs::create_dir_all(world.home.path().join(".local/state")).unwrap();
        let Some(made) = as_user(&world, &["create", "orders", "--name", "a"]) else {
            use std::io::Write as _;
            writeln!(std::io::stderr(), "not tested: a user who is not root, which takes setpriv").unwrap();
            return;
        };
        assert_eq!(made.code, 0, "{}", made.err);
        set(0);
        let run = as_user(&world, &["create", "orders", "--name", "b"]).unwrap();
        assert_eq!((run.code, world.simulator.creates()), (1, 1), "{closed}: {}", run.err);
        let path = world.home.path().join(closed).display().to_string();
        assert_eq!(run.err.matches("permissions 000").count(), 1, "{closed}: {}", run.err);
        assert!(run.err.contains(&format!("may not use {path} (permissions 000)")), "{}", run.err);
        let (_, advice) = run.err.split_once("this allows it: ").unwrap();
        let mut advised = Command::new("sh");
        advised.args(["-c", advice.split(". The journal").next().unwrap().split(". --").next().unwrap()]);
        assert_eq!(finish(&mut advised).code, 0, "{advice}");
        let run = as_user(&world, &["create", "orders", "--name", "b"]).unwrap();
        assert_eq!((run.code, world.simulator.creates()), (0, 2), "{closed}: {}", run.err);
    }
}

#[test]
fn who_rests_on_a_journal_that_cannot_be_read_in_part_says_so_once() {
    let world = World::new();
    world.run(&["create", "orders", "--change", "CHG-1", "--name", "a", "--yes", "--wait", "--json"]);
    let folder = world.home.path().join(".local/state/clustersnap");
    let path = folder.join("journal.jsonl");
    let mut journal = std::fs::read(&path).unwrap();
    journal.extend(b"{\"kind\":\"inte\n");
    std::fs::write(&path, journal).unwrap();
    let commands: [&[&str]; 6] = [
        &["watch"],
        &["watch", "--change", "CHG-1"],
        &["report", "CHG-1"],
        &["delete", "a", "--even", "a", "--dry-run"],
        &["tag", "a", "owner=dba", "--dry-run"],
        &["create", "orders", "--change", "CHG-2", "--dry-run"],
    ];
    for words in commands {
        let run = world.run(words);
        let told = run.err.matches("1 line of the journal cannot be read").count();
        assert_eq!((run.code, told), (0, 1), "{words:?}: {}", run.err);
        assert!(!run.err.contains("no request is open"), "{words:?}: {}", run.err);
    }
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "a file where the folder is to be").unwrap();
    let run = world.run(&["watch"]);
    assert!(run.err.contains("The journal of earlier requests cannot be read"), "{}", run.err);
    assert!(!run.err.contains("no request is open"), "{}", run.err);
}
