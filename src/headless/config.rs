//! `clustersnap config`: where the configuration is, what holds, and what is wrong with it.

use std::io::Write as _;

use crate::cli::ConfigCommand;
use crate::config;

/// The exit code of a check that found something.
const FOUND: u8 = 1;

/// Answers; returns the exit code.
///
/// # Errors
///
/// When no home directory is known, or the answer cannot be written.
pub fn run(command: ConfigCommand) -> anyhow::Result<u8> {
    let mut output = std::io::stdout();
    let loaded = config::load();
    let Some(path) = loaded.path.as_deref().map(config::shown_path) else {
        anyhow::bail!(
            "no home directory is known, so there is no configuration: set XDG_CONFIG_HOME or HOME"
        );
    };
    match command {
        ConfigCommand::Path => writeln!(output, "{path}")?,
        ConfigCommand::Show => {
            let from = if loaded.is_there { "" } else { ", which is not there: these are the defaults" };
            write!(output, "# {path}{from}\n{}", config::shown(&loaded.config))?;
            warn(&loaded);
        }
        ConfigCommand::Example => write!(output, "{}", config::documented())?,
        ConfigCommand::Check if !loaded.is_there => {
            writeln!(output, "{path}: not there; the defaults hold")?;
        }
        ConfigCommand::Check if loaded.problems.is_empty() => writeln!(output, "{path}: nothing is wrong")?,
        ConfigCommand::Check => {
            for line in loaded.report() {
                writeln!(output, "{line}")?;
            }
            return Ok(FOUND);
        }
    }
    Ok(0)
}

/// Says on standard error what is wrong with the configuration; the defaults hold for it.
pub fn warn(loaded: &config::Loaded) {
    for line in loaded.report() {
        // Where standard error is gone there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "clustersnap: {line}");
    }
}
