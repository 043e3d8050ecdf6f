//! `-KEY` of `tag`: a word that begins with one dash is a key that is taken away, not a bundle of short options.

use std::ffi::OsString;

use clap::{Arg, Command};

/// The arguments with each `-KEY` of `tag` as the option that it stands for. All others are left as they are.
pub fn spelled_out(args: impl IntoIterator<Item = OsString>, command: &Command) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    let mut own: Vec<&Arg> = command.get_arguments().collect();
    let (mut is_value, mut is_tag) = (false, false);
    for word in args.iter_mut().skip(1) {
        // What is no text is neither a command nor an option, but may be the value of one.
        let text = word.to_str().unwrap_or_default();
        if std::mem::take(&mut is_value) {
            continue;
        }
        match text.strip_prefix('-') {
            // The first word that is neither an option nor the value of one is the command.
            None if !is_tag => {
                let Some(tag) = command.find_subcommand(text).filter(|it| it.get_name() == "tag") else {
                    break;
                };
                own.extend(tag.get_arguments());
                is_tag = true;
            }
            Some("-") if is_tag => break,
            Some(key) if is_tag && !key.is_empty() && !key.starts_with('-') && !is_short(key, &own) => {
                *word = OsString::from(format!("--remove={key}"));
            }
            _ => is_value = takes_next(text, &own),
        }
    }
    args
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
