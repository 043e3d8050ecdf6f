//! The arguments of `plan`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::values;

/// Options of `plan`.
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("which").required(true).args(["clusters", "filter"])))]
#[command(group(ArgGroup::new("when").required(true).args(["at", "cron"])))]
pub struct PlanOptions {
    /// The DB clusters' identifiers, in any case.
    #[arg(value_name = "CLUSTER")]
    pub clusters: Vec<String>,
    /// The clusters that fit when the plan runs: key=value, cluster:X, status:X, region:X, account:X, age>90d,
    /// age<2h, and -any of these to leave out. Words, ~fuzzy, engine:X and type:X are not known there.
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Once, at this time: 2026-12-01T02:00Z, 2026-12-01T02:00+01:00 or 2026-12-01T02:00[Europe/Berlin].
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Again and again, in UTC, by the six fields of EventBridge Scheduler: "0 2 * * ? *" is each day at two.
    #[arg(long, value_name = "EXPR")]
    pub cron: Option<String>,
    /// The change: the tag ticket of each snapshot, {ticket} in its name, the subject of what is told.
    #[arg(long, value_name = "ID")]
    pub change: String,
    /// How snapshots are named, with {cluster}, {date}, {time} (of the run, in UTC) and {ticket}; otherwise as the
    /// configuration says.
    #[arg(long, value_name = "TEMPLATE")]
    pub name: Option<String>,
    /// Once a new snapshot is usable, delete this plan's own older ones of the cluster but for the last N, the new one
    /// among them. Without it nothing is ever deleted.
    #[arg(long, value_name = "N", value_parser = values::some::<NonZeroU32>, allow_negative_numbers = true)]
    pub keep_last: Option<NonZeroU32>,
    /// The SNS topic that is told what came of a run; otherwise the template makes one.
    #[arg(long, value_name = "TOPIC-ARN")]
    pub to: Option<String>,
    /// Write the template to this file; otherwise, and as "-", to standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
