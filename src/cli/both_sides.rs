//! Common options may stand before a command, behind it, or on both sides of it.
//!
//! clap by itself keeps of each only what stands behind the command, without a word: `--profile a list --profile b` would
//! look at b alone, and a snapshot could be taken in another account than the one that was named first.

use std::ffi::OsString;

use clap::error::{Error, ErrorKind};
use clap::{Arg, ArgAction, Args as _, Command, CommandFactory as _, FromArgMatches as _, Parser as _};

use super::{Cli, Global, dashes};

impl Cli {
    /// Reads the arguments of this process, on both sides of a command.
    ///
    /// # Errors
    /// When they are not understood, or help was asked for.
    pub fn of_process() -> Result<Self, Error> {
        Self::of(&dashes::spelled_out(std::env::args_os(), &Self::command()))
    }

    fn of(arguments: &[OsString]) -> Result<Self, Error> {
        let mut cli = Self::try_parse_from(arguments)?;
        if cli.command.is_some() {
            cli.global = joined(before_the_command(arguments)?, cli.global)?;
        }
        Ok(cli)
    }
}

/// The options before a command, whichever it is.
fn before_the_command(arguments: &[OsString]) -> Result<Global, Error> {
    let linear = Arg::new("linear").long("linear").action(ArgAction::SetTrue);
    let command =
        Global::augment_args(Command::new("clustersnap")).arg(linear).allow_external_subcommands(true);
    Global::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

/// The options before a command and those that clap found, which are those behind it, or the same where there are none.
fn joined(before: Global, mut found: Global) -> Result<Global, Error> {
    let Global {
        profiles,
        regions,
        places,
        endpoint_url,
        mfa_code,
        log_file,
        demo: _,
        read_only: _,
        ascii: _,
    } = before;
    let differs = [
        ("--places", is_another(places.as_ref(), found.places.as_ref())),
        ("--endpoint-url", is_another(endpoint_url.as_ref(), found.endpoint_url.as_ref())),
        ("--mfa-code", is_another(mfa_code.as_ref(), found.mfa_code.as_ref())),
        ("--log-file", is_another(log_file.as_ref(), found.log_file.as_ref())),
    ];
    if let Some((option, _)) = differs.iter().find(|(_, differs)| *differs) {
        let said = format!("{option} stands before the command and behind it, with another value");
        return Err(Cli::command().error(ErrorKind::ArgumentConflict, said));
    }
    found.profiles = all(profiles, found.profiles);
    found.regions = all(regions, found.regions);
    Ok(found)
}

/// Whether an option before the command says something else than the one that was found.
fn is_another<T: PartialEq>(before: Option<&T>, found: Option<&T>) -> bool {
    before.is_some() && before != found
}

/// Those before the command, and those behind it.
fn all(before: Vec<String>, found: Vec<String>) -> Vec<String> {
    if before == found { found } else { [before, found].concat() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Global, Error> {
        let arguments: Vec<OsString> =
            std::iter::once("clustersnap").chain(line.split(' ')).map(Into::into).collect();
        Cli::of(&arguments).map(|cli| cli.global)
    }

    #[test]
    fn what_may_be_repeated_is_taken_from_both_sides_of_the_command() {
        for line in [
            "--profile a --profile b list",
            "--profile a list --profile b",
            "list --profile a --profile b",
            "--log-file log --profile a list --log-file log --profile b --json",
        ] {
            assert_eq!(read(line).expect(line).profiles, ["a", "b"], "{line}");
        }
        let regions =
            read("--region eu-west-1,eu-west-2 history --region us-east-1").expect("a line").regions;
        assert_eq!(regions, ["eu-west-1", "eu-west-2", "us-east-1"]);
        let blanks = ["clustersnap", "--region", "eu-west-1, eu-west-2", "list"].map(OsString::from);
        assert_eq!(Cli::of(&blanks).expect("a line").global.regions, ["eu-west-1", "eu-west-2"]);
        let flags = read("--demo --read-only create orders --ascii").expect("a line");
        assert!(flags.demo && flags.read_only && flags.ascii);
    }

    #[test]
    fn what_is_said_once_may_not_be_said_in_two_ways() {
        for option in ["--places", "--endpoint-url", "--mfa-code", "--log-file"] {
            let error = read(&format!("{option} one list {option} two")).expect_err(option);
            assert!(error.to_string().contains(&format!("{option} stands before the command")), "{error}");
            assert!(!error.to_string().contains("two "), "a code of a device is not repeated: {error}");
            assert!(read(&format!("{option} one list {option} one")).is_ok());
        }
    }
}
