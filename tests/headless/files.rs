//! Files whatever the umask and the home folder are.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use super::world::{World, finish};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn whatever_the_umask_the_journal_can_be_opened_again() {
    for umask in ["0777", "0000", "0700", "0027"] {
        let world = World::new();
        for name in ["a", "b"] {
            let line = format!(
                "umask {umask}; exec {} create orders --name {name} --log-file log --json",
                env!("CARGO_BIN_EXE_clustersnap")
            );
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
        assert!(run.err.starts_with(&format!("clustersnap: Not created: h. {cause}")), "{}", run.err);
        assert_eq!(world.simulator.creates(), 0);
        let mut command = world.command(&["list"]);
        let run = finish(command.env("HOME", home));
        assert_eq!((run.code, run.err.as_str()), (0, "1 hidden (Neptune)\n"));
    }
}
