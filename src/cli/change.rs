//! The arguments of what is asked about a change, or about clusters before one.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{AnswerOptions, values};

/// Options of `report`.
#[derive(Args, Clone, Debug)]
pub struct ReportOptions {
    /// The id of the change, such as CHG-1042.
    #[arg(value_name = "ID")]
    pub change: String,
    /// How to write it; with --json as json.
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    pub format: ReportFormat,
    /// How to answer.
    #[command(flatten)]
    pub answer: AnswerOptions,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For a ticket.
    Markdown,
    /// For a spreadsheet.
    Csv,
    /// For a program.
    Json,
}

/// Options of `ready`.
#[derive(Args, Clone, Debug)]
pub struct ReadyOptions {
    /// The DB clusters' identifiers, in any case, or their ARNs.
    #[arg(value_name = "CLUSTER", required = true)]
    pub clusters: Vec<String>,
    /// How young the snapshot has to be, such as 15m: so long ago it was begun at most.
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    pub within: Duration,
    /// How to answer.
    #[command(flatten)]
    pub answer: AnswerOptions,
}
