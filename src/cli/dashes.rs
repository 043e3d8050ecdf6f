//! `-KEY` of `tag`: a word that begins with one dash is a key that is taken away, not a bundle of short options.

use std::ffi::OsString;

use clap::{Arg, Command};

/// The arguments with each `-KEY` of `tag` as the option that it stands for. All others are left as they are.
pub fn spelled_out(args: impl IntoIterator<Item = OsString>, command: &Command) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    let Some(at) = first_word(&args, command) else { return args };
    let Some(tag) =
        command.find_subcommand("tag").filter(|tag| args.get(at).is_some_and(|word| word == tag.get_name()))
    else {
        return args;
    };
    let own: Vec<&Arg> = tag.get_arguments().chain(command.get_arguments()).collect();
    let mut is_value = false;
    for word in args.iter_mut().skip(at + 1) {
        let Some(text) = word.to_str() else { continue };
        if std::mem::take(&mut is_value) {
            continue;
        }
        if text == "--" {
            break;
        }
        let is_short = |key: &str| {
            key == "h" || own.iter().any(|arg| arg.get_short().is_some_and(|c| key == c.to_string()))
        };
        match text.strip_prefix('-') {
            Some(key) if !key.is_empty() && !key.starts_with('-') && !is_short(key) => {
                *word = OsString::from(format!("--remove={key}"));
            }
            _ => is_value = takes_next(text, &own),
        }
    }
    args
}

/// Where the first word stands that is neither an option nor the value of one.
fn first_word(args: &[OsString], command: &Command) -> Option<usize> {
    let own: Vec<&Arg> = command.get_arguments().collect();
    let mut is_value = false;
    for (at, word) in args.iter().enumerate().skip(1) {
        let text = word.to_str()?;
        if std::mem::take(&mut is_value) {
            continue;
        }
        if !text.starts_with('-') {
            return Some(at);
        }
        is_value = takes_next(text, &own);
    }
    None
}

/// Whether an option takes the next word as its value.
fn takes_next(text: &str, own: &[&Arg]) -> bool {
    let Some(long) = text.strip_prefix("--") else { return false };
    own.iter().any(|arg| arg.get_long() == Some(long) && arg.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    fn of(line: &str) -> String {
        let args = std::iter::once("clustersnap").chain(line.split(' ')).map(OsString::from);
        let args = spelled_out(args, &Cli::command());
        args.iter().skip(1).map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_dash_is_a_key_after_tag_and_nowhere_else() {
        for (line, expected) in [
            ("tag x a=b -owner --json", "tag x a=b --remove=owner --json"),
            ("--profile tag tag x -a", "--profile tag tag x --remove=a"),
            ("--demo tag -o x -q", "--demo tag --remove=o x -q"),
            ("tag x --filter -env=prod -k", "tag x --filter -env=prod --remove=k"),
            ("tag x -- -k", "tag x -- -k"),
            ("snapshots tag --filter -word", "snapshots tag --filter -word"),
            ("--profile tag list -q", "--profile tag list -q"),
            ("create tag -q", "create tag -q"),
        ] {
            assert_eq!(of(line), expected);
        }
    }
}
