//! `clustersnap config`: where the configuration is, what holds, and what is wrong with it.

use std::io::Write as _;

use super::problem::{Code, Problem};
use super::streams::{Stop, Streams, read_or_not, result};
use crate::cli::ConfigCommand;
use crate::config;
use crate::domain::policy::Policy;
use crate::domain::text::shown_path;

/// The exit code of a check that found something.
const FOUND: u8 = 1;

/// Answers; returns the exit code.
pub fn run(command: ConfigCommand) -> Result<u8, Stop> {
    let loaded = config::load();
    let Some(path) = loaded.path.as_deref().map(shown_path) else {
        let why = "no home directory is known, so there is no configuration: set XDG_CONFIG_HOME or HOME";
        return Err(Problem::new(Code::Internal, why).into());
    };
    match command {
        ConfigCommand::Path => result(&path)?,
        ConfigCommand::Show => {
            let from = if loaded.is_there { "" } else { ", which is not there: these are the defaults" };
            result(format!("# {path}{from}\n{}", config::shown(&loaded.config)).trim_end())?;
            warn(&loaded);
        }
        ConfigCommand::Example => result(config::DOCUMENTED.trim_end())?,
        ConfigCommand::Check if !loaded.is_there => {
            result(&format!("{path}: not there; the defaults hold"))?;
        }
        ConfigCommand::Check if loaded.problems.is_empty() => result(&format!("{path}: nothing is wrong"))?,
        ConfigCommand::Check => {
            for line in loaded.report() {
                read_or_not(result(&line))?;
            }
            return Ok(FOUND);
        }
    }
    Ok(0)
}

/// What the configuration wants of every request. What is wrong in it is told; only what may be a guard holds
/// anything up.
pub fn policy(streams: Streams) -> Policy {
    let loaded = config::load();
    for line in loaded.warnings() {
        streams.say(&line);
    }
    loaded.config.policy
}

/// Says on standard error what is wrong with the configuration; the defaults hold for it.
pub fn warn(loaded: &config::Loaded) {
    for line in loaded.warnings() {
        // Where standard error is gone there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "clustersnap: {line}");
    }
}
