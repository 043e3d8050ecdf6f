//! The arguments in the order in which clap reads them all: common options may stand before a command, behind it, or on
//! both sides of it, and a word of `tag` that begins with one dash is a key that is taken away.
//!
//! clap by itself keeps of each option only what stands behind the command, without a word: `--profile a list --profile b`
//! would look at b alone, and a snapshot could be taken in another account than the one that was named first. And `-KEY`
//! would be a bundle of short options.

use std::ffi::OsString;

use clap::error::Error;
use clap::{Arg, Command, CommandFactory as _, Parser as _};

use super::Cli;

impl Cli {
    /// Reads the arguments of this process.
    ///
    /// # Errors
    /// When they are not understood, or help was asked for.
    pub fn of_process() -> Result<Self, Error> {
        Self::of(std::env::args_os().collect())
    }

    fn of(args: Vec<OsString>) -> Result<Self, Error> {
        Self::try_parse_from(in_order(args, &Self::command()))
    }
}

/// The arguments with the command first, and each `-KEY` of `tag` as the option that it stands for.
fn in_order(mut args: Vec<OsString>, command: &Command) -> Vec<OsString> {
    let mut own: Vec<&Arg> = command.get_arguments().collect();
    let mut is_value = false;
    // The first word that is neither an option nor the value of one.
    let at = args.iter().skip(1).position(|word| {
        let text = word.to_str().unwrap_or_default();
        !std::mem::replace(&mut is_value, takes_next(text, &own)) && !text.starts_with('-')
    });
    let Some(at) = at.map(|at| at + 1) else { return args };
    let Some(found) = args.get(at).and_then(|word| command.find_subcommand(word)) else { return args };
    let is_version = |word: &OsString| word == "--version" || word == "-V";
    if let Some(front) = args.get_mut(1..=at).filter(|front| !front.iter().any(is_version)) {
        front.rotate_right(1);
    }
    if found.get_name() == "tag" {
        own.extend(found.get_arguments());
        spell_out(args.iter_mut().skip(2), &own);
    }
    args
}

/// Makes each `-KEY` the option that it stands for. All other words are left as they are.
fn spell_out<'a>(words: impl Iterator<Item = &'a mut OsString>, own: &[&Arg]) {
    let mut is_value = false;
    for word in words {
        let text = word.to_str().unwrap_or_default();
        match text.strip_prefix('-') {
            _ if std::mem::take(&mut is_value) => {}
            Some("-") => break,
            Some(key) if !key.is_empty() && !key.starts_with('-') && !is_short(key, own) => {
                *word = OsString::from(format!("--remove={key}"));
            }
            _ => is_value = takes_next(text, own),
        }
    }
}

/// Whether a letter is that of a short option.
fn is_short(key: &str, own: &[&Arg]) -> bool {
    key == "h" || own.iter().any(|arg| arg.get_short().is_some_and(|c| key == c.to_string()))
}

/// Whether an option takes the next word as its value.
fn takes_next(text: &str, own: &[&Arg]) -> bool {
    let Some(long) = text.strip_prefix("--") else { return false };
    own.iter().any(|arg| arg.get_long() == Some(long) && arg.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Global;

    fn args(line: &str) -> Vec<OsString> {
        std::iter::once("clustersnap").chain(line.split(' ')).map(Into::into).collect()
    }

    fn read(line: &str) -> Result<Global, Error> {
        Cli::of(args(line)).map(|cli| cli.global)
    }

    #[test]
    fn what_may_be_repeated_is_taken_from_both_sides_of_the_command() {
        for line in [
            "--profile a --profile b list",
            "--profile a list --profile b",
            "list --profile a --profile b",
            "--log-file=log --profile a list --profile b --json",
        ] {
            assert_eq!(read(line).expect(line).profiles, ["a", "b"], "{line}");
        }
        let regions =
            read("--region eu-west-1,eu-west-2 history --region us-east-1").expect("a line").regions;
        assert_eq!(regions, ["eu-west-1", "eu-west-2", "us-east-1"]);
        let flags = read("--demo --read-only --ascii create orders --ascii --demo").expect("a line");
        assert!(flags.demo && flags.read_only && flags.ascii);
        assert!(read("--linear --demo").is_ok() && read("--linear list").is_err());
    }

    #[test]
    fn what_is_said_once_may_not_be_said_twice() {
        for option in ["--places", "--endpoint-url", "--mfa-code", "--log-file"] {
            let error = read(&format!("{option} one list {option} two")).expect_err(option);
            let told = format!("'{option} <");
            assert!(error.to_string().contains(&told) && error.to_string().contains("multiple"), "{error}");
            assert!(!error.to_string().contains("two"), "a code of a device is not repeated: {error}");
        }
    }

    #[test]
    fn the_command_is_first_and_one_dash_is_a_key_after_tag_and_nowhere_else() {
        for (line, expected) in [
            ("tag x a=b -owner --json", "tag x a=b --remove=owner --json"),
            ("--profile tag tag x -a", "tag --profile tag x --remove=a"),
            ("--demo tag -o x -q", "tag --demo --remove=o x -q"),
            ("tag x --filter -env=prod -k", "tag x --filter -env=prod --remove=k"),
            ("tag x -- -k", "tag x -- -k"),
            ("snapshots tag --filter -word", "snapshots tag --filter -word"),
            ("--profile tag list -q", "list --profile tag -q"),
            ("create tag -q", "create tag -q"),
            ("--version list", "--version list"),
            ("--filter x list", "--filter x list"),
        ] {
            let args = in_order(args(line), &Cli::command());
            let told: Vec<_> = args.iter().skip(1).map(|word| word.to_string_lossy()).collect();
            assert_eq!(told.join(" "), expected);
        }
    }
}
