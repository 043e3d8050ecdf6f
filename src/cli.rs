//! What may stand on the command line. Definitions only.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Snapshots of Aurora and Multi-AZ DB clusters, exactly once.
///
/// Without a command it runs the interactive program.
#[derive(Clone, Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    /// Where to go and how.
    #[command(flatten)]
    pub global: Global,
    /// What to do instead of the interactive program.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options of every command.
#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// AWS profile to use; otherwise `AWS_PROFILE`, otherwise "default".
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// AWS Region to use; otherwise that of the environment or the profile.
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// URL that takes the place of AWS's own; otherwise `AWS_ENDPOINT_URL_RDS` or `AWS_ENDPOINT_URL`.
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Use the embedded simulator: no credentials, no network, no file.
    #[arg(long, global = true)]
    pub demo: bool,
    /// Send nothing that changes anything.
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Append what the program does to this file, which only you can read; no secrets go into it.
    #[arg(long, global = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
}

/// What can be done without the interactive program.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serve a simulated RDS over HTTP, for trials and tests.
    Sim(Sim),
    /// Tell where the configuration is, what holds, and what is wrong with it.
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// What can be asked about the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum ConfigCommand {
    /// Check the file; exit code 1 if something is wrong with it.
    Check,
    /// Show the settings that hold.
    Show,
    /// Show where the file is looked for.
    Path,
    /// Show an example with every setting explained.
    Example,
}

/// Options of the simulator.
#[derive(Args, Clone, Debug)]
pub struct Sim {
    /// Address to listen on; port 0 is any free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// TOML file with DB clusters and snapshots, in place of the demo's.
    #[arg(long, value_name = "FILE")]
    pub fleet: Option<PathBuf>,
    /// Serve so many like DB clusters.
    #[arg(long, value_name = "N")]
    pub clusters: Option<usize>,
    /// TOML file with what is to go wrong, by action and call.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// How many times as fast as the world's its time runs.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub speed: f64,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definitions_do_not_contradict_each_other() {
        Cli::command().debug_assert();
    }
}
