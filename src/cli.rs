//! What may stand on the command line. Definitions only.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

mod change;
mod create;
mod delete;
mod in_order;
mod long_help;
mod plan;
mod values;

pub use change::{ReadyOptions, ReportFormat, ReportOptions};
pub use create::CreateOptions;
pub use delete::{DeleteOptions, TagOptions};
pub use long_help::EXIT_CODES;
pub use plan::PlanOptions;

/// Snapshots of Aurora and Multi-AZ DB clusters, exactly once.
///
/// Without a command it runs the interactive program.
#[derive(Clone, Debug, Parser)]
#[command(version, max_term_width = 100, after_help = MORE, after_long_help = long_help::main())]
pub struct Cli {
    /// Where to go and how.
    #[command(flatten)]
    pub global: Global,
    /// Ask one question a line instead of showing a screen: for screen readers and plain terminals.
    #[arg(long)]
    pub linear: bool,
    /// What to do instead of the interactive program.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The heading of the options that every command has.
const COMMON: &str = "Common options";
/// What the short help ends with.
const MORE: &str = "--help tells more, with examples.";

/// Options of every command.
#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// AWS profile; else `AWS_PROFILE`'s, else "default". May be repeated.
    ///
    /// Where several are named, each is looked at in each of the Regions that are named.
    #[arg(long = "profile", global = true, help_heading = COMMON, value_name = "NAME")]
    pub profiles: Vec<String>,
    /// AWS Region; else the environment's or the profile's. May be repeated.
    #[arg(
        long = "region",
        global = true,
        help_heading = COMMON,
        value_name = "REGION,...",
        value_delimiter = ',',
        value_parser = values::trimmed
    )]
    pub regions: Vec<String>,
    /// The profiles and Regions of this set of the configuration.
    ///
    /// The sets stand in its table [places].
    #[arg(long, global = true, help_heading = COMMON, value_name = "SET", hide_short_help = true)]
    pub places: Option<String>,
    /// URL that takes the place of AWS's own; otherwise `AWS_ENDPOINT_URL_RDS` or `AWS_ENDPOINT_URL`.
    #[arg(long, global = true, help_heading = COMMON, value_name = "URL", hide_short_help = true)]
    pub endpoint_url: Option<String>,
    /// Code of the MFA device that a role asks for, used once; "-" reads it from standard input.
    #[arg(long, global = true, help_heading = COMMON, value_name = "CODE", hide_short_help = true)]
    pub mfa_code: Option<String>,
    /// Use the embedded simulator: no credentials, no network, no file.
    #[arg(long, global = true, overrides_with = "demo", help_heading = COMMON)]
    pub demo: bool,
    /// Send nothing that changes anything.
    #[arg(long, global = true, overrides_with = "read_only", help_heading = COMMON)]
    pub read_only: bool,
    /// Append what the program does to this file, which only you can read; no secrets go into it.
    #[arg(long, global = true, help_heading = COMMON, value_name = "FILE", hide_short_help = true)]
    pub log_file: Option<PathBuf>,
    /// Show nothing but ASCII, whatever the locale says.
    #[arg(long, global = true, overrides_with = "ascii", help_heading = COMMON, hide_short_help = true)]
    pub ascii: bool,
}

/// What can be done without the interactive program.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// List the DB clusters.
    #[command(after_help = MORE, after_long_help = long_help::LIST)]
    List(ListOptions),
    /// List DB cluster snapshots, of one cluster or of all.
    #[command(after_help = MORE, after_long_help = long_help::SNAPSHOTS)]
    Snapshots(SnapshotsOptions),
    /// Create a snapshot of a DB cluster, or of many as one change, each exactly once.
    #[command(after_help = MORE, after_long_help = long_help::CREATE)]
    Create(CreateOptions),
    /// Delete snapshots, after a plan, and never another one of the name.
    #[command(after_help = MORE, after_long_help = long_help::DELETE)]
    Delete(DeleteOptions),
    /// Add tags to snapshots that are there, and take tags away.
    #[command(after_help = MORE, after_long_help = long_help::TAG)]
    Tag(TagOptions),
    /// Follow snapshots to their end, and requests whose outcome is open.
    #[command(after_help = MORE, after_long_help = long_help::WATCH)]
    Watch(WatchOptions),
    /// Tell what became of a change, ready to paste into a ticket.
    #[command(after_help = MORE, after_long_help = long_help::REPORT)]
    Report(ReportOptions),
    /// Check whether each DB cluster has a usable snapshot that is young enough.
    #[command(after_help = MORE, after_long_help = long_help::READY)]
    Ready(ReadyOptions),
    /// Show what was asked and what became of it, from the journal on this machine.
    #[command(after_help = MORE, after_long_help = long_help::HISTORY)]
    History(HistoryOptions),
    /// Write a CloudFormation template with which AWS itself takes snapshots at a time, each exactly once.
    #[command(after_help = MORE, after_long_help = long_help::PLAN)]
    Plan(PlanOptions),
    /// Check before a change what this machine and the account allow: one page that is safe to hand on.
    #[command(after_help = MORE, after_long_help = long_help::DOCTOR)]
    Doctor(AnswerOptions),
    /// Serve a simulated RDS over HTTP, for trials and tests.
    #[command(after_help = MORE, after_long_help = long_help::SIM)]
    Sim(SimOptions),
    /// Tell where the configuration is, what holds, and what is wrong with it.
    #[command(subcommand, after_help = MORE, after_long_help = long_help::CONFIG)]
    Config(ConfigCommand),
    /// Print the JSON schema of what --json answers with.
    #[command(after_help = MORE, after_long_help = long_help::SCHEMA)]
    Schema,
    /// Print a script that makes a shell complete commands, options, clusters, snapshots, profiles and Regions.
    #[command(after_help = MORE, after_long_help = long_help::COMPLETIONS)]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for each command into a folder.
    #[command(after_help = MORE, after_long_help = long_help::MAN)]
    Man {
        /// The folder; it is made if it is not there.
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

/// What can be asked about the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum ConfigCommand {
    /// Check the file; exit code 1 if something is wrong with it.
    #[command(after_help = MORE, after_long_help = long_help::CONFIG)]
    Check,
    /// Show the settings that hold.
    #[command(after_help = MORE, after_long_help = long_help::CONFIG)]
    Show,
    /// Show where the file is looked for.
    #[command(after_help = MORE, after_long_help = long_help::CONFIG)]
    Path,
    /// Show an example with every setting explained.
    #[command(after_help = MORE, after_long_help = long_help::CONFIG)]
    Example,
}

/// How a command answers.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct AnswerOptions {
    /// Answer in JSON: one envelope, described by the command schema.
    #[arg(long, help_heading = COMMON)]
    pub json: bool,
    /// Nothing on standard error but errors.
    #[arg(long, short, help_heading = COMMON)]
    pub quiet: bool,
}

/// Options of `list`.
#[derive(Args, Clone, Debug)]
pub struct ListOptions {
    /// Only clusters that fit: words of identifiers and tags, key=value, status:X, engine:X, region:X, account:X,
    /// cluster:X, age>90d, age<2h, ~fuzzy, and -any of these to leave out.
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Only these columns, in this order. With --json, last-usable alone matters: without it the snapshots are
    /// not read.
    #[arg(
        long,
        value_name = "COLUMN,...",
        value_delimiter = ',',
        default_value = "id,engine,status,last-usable"
    )]
    pub columns: Vec<ClusterColumn>,
    /// How to answer.
    #[command(flatten)]
    pub answer: AnswerOptions,
}

/// What can be shown of a DB cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClusterColumn {
    /// Its identifier.
    Id,
    /// Its engine and version.
    Engine,
    /// Its status.
    Status,
    /// How long ago its last snapshot that is available was begun; reads the snapshots.
    LastUsable,
    /// How long ago it was created.
    Age,
    /// When it was created.
    Created,
    /// Its tags.
    Tags,
    /// Its ARN.
    Arn,
}

/// What can be shown of a DB cluster snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SnapshotColumn {
    /// Its identifier.
    Id,
    /// Who made it.
    Type,
    /// Its status.
    Status,
    /// How far it is.
    Percent,
    /// How long ago it was begun.
    Age,
    /// When it was begun.
    Created,
    /// The cluster that it is of.
    Cluster,
    /// Its engine and version.
    Engine,
    /// Its tags.
    Tags,
    /// Its ARN.
    Arn,
}

/// Options of `snapshots`.
#[derive(Args, Clone, Debug)]
pub struct SnapshotsOptions {
    /// The DB cluster's identifier, in any case, or its ARN; all clusters, if left out.
    pub cluster: Option<String>,
    /// Who made them.
    #[arg(long = "type", value_name = "TYPE", default_value = "all")]
    pub kind: KindChoice,
    /// Only snapshots that fit: words of identifiers and tags, key=value, status:X, engine:X, type:X, region:X,
    /// account:X, cluster:X, change:X, age>90d, age<2h, ~fuzzy, and -any of these to leave out.
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Only these columns, in this order.
    #[arg(
        long,
        value_name = "COLUMN,...",
        value_delimiter = ',',
        default_value = "id,type,status,percent,age,created,cluster"
    )]
    pub columns: Vec<SnapshotColumn>,
    /// How to answer.
    #[command(flatten)]
    pub answer: AnswerOptions,
}

/// Who made a snapshot, as the service calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindChoice {
    /// A person or a program, on demand.
    Manual,
    /// RDS, within the backup retention.
    Automated,
    /// Another account, which shares it with this one.
    Shared,
    /// AWS Backup.
    Awsbackup,
    /// Any of these.
    All,
}

impl KindChoice {
    /// The word of the service.
    pub(crate) fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Options of `watch`.
#[derive(Args, Clone, Debug)]
pub struct WatchOptions {
    /// The snapshots' identifiers; all that are being created, and the journal's open requests, if left
    /// out.
    #[arg(value_name = "SNAPSHOT")]
    pub snapshots: Vec<String>,
    /// The snapshots of this change, in the places that it was sent to: the exit code is 0 only when all are usable.
    #[arg(long, value_name = "ID", conflicts_with = "snapshots", allow_hyphen_values = true)]
    pub change: Option<String>,
    /// How to answer; with --json a line for each change.
    #[command(flatten)]
    pub answer: AnswerOptions,
}

/// Options of `history`.
#[derive(Args, Clone, Debug)]
pub struct HistoryOptions {
    /// Only requests for this DB cluster, by identifier or ARN.
    #[arg(long, value_name = "ID")]
    pub cluster: Option<String>,
    /// Read a run of a plan in place of the journal: what its execution put out, or what aws stepfunctions
    /// describe-execution prints; - reads standard input.
    #[arg(long, value_name = "FILE")]
    pub execution: Option<PathBuf>,
    /// Only requests that fit: words of identifiers and tags, key=value, status:X, region:X, account:X, cluster:X,
    /// change:X, age>90d, age<2h, ~fuzzy, and -any of these to leave out.
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// How to answer.
    #[command(flatten)]
    pub answer: AnswerOptions,
}

/// Options of the simulator.
#[derive(Args, Clone, Debug)]
pub struct SimOptions {
    /// Address to listen on; port 0 is any free one.
    #[arg(long, value_name = "ADDRESS", value_parser = values::address, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// TOML file with DB clusters and snapshots, in place of the demo's.
    #[arg(long, value_name = "FILE")]
    pub fleet: Option<PathBuf>,
    /// Serve N DB clusters in place of the fleet's.
    #[arg(long, value_name = "N", value_parser = values::clusters, allow_negative_numbers = true)]
    pub clusters: Option<usize>,
    /// TOML file with what is to go wrong, by action and call.
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// How many times faster than real time the simulator's clock runs.
    #[arg(long, value_name = "FACTOR", value_parser = values::factor, allow_negative_numbers = true, default_value_t = 1.0)]
    pub speed: f64,
}

/// The names of the commands.
pub(crate) fn commands() -> Vec<String> {
    let cli = Cli::command();
    cli.get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_agree_with_one_another() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_terminal_of_80_columns_breaks_no_example() {
        let cli = Cli::command();
        for command in cli.get_subcommands().chain([&cli]) {
            let more = command.get_after_long_help().unwrap_or_default().to_string();
            for line in more.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
        }
    }
}
