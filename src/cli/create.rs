//! The arguments of `create`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{AnswerOptions, values};

/// Options of `create`.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent flags")]
pub struct CreateOptions {
    /// The DB cluster's identifier, in any case, or its ARN. Several are one change, whose id --change gives.
    #[arg(value_name = "CLUSTER", required_unless_present_any = ["filter", "clusters_file"])]
    pub clusters: Vec<String>,
    /// The id of the change that the snapshots are for, such as CHG-1042.
    ///
    /// Each carries it in a tag (its key is in the table [change] of the configuration). Asked again, the command asks
    /// for what is missing only: not for clusters that have a snapshot of this change.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub change: Option<String>,
    /// The clusters that fit, in place of named ones: as with `list`.
    #[arg(
        long,
        value_name = "FILTER",
        requires = "change",
        conflicts_with = "clusters",
        allow_hyphen_values = true
    )]
    pub filter: Option<String>,
    /// More clusters from a file, or with - from standard input: an identifier or ARN a line.
    #[arg(long, value_name = "FILE", requires = "change", conflicts_with = "filter", hide_short_help = true)]
    pub clusters_file: Option<PathBuf>,
    /// Send a change without asking; without a terminal to ask at, it is refused otherwise.
    #[arg(long, requires = "change")]
    pub yes: bool,
    /// Send nothing of a change if something stands against any of it, and nothing more once one request is refused.
    #[arg(long, requires = "change", hide_short_help = true)]
    pub all_or_stop: bool,
    /// Only for clusters without a usable snapshot that young, such as 15m: one that was begun within that time, by
    /// the server's clock.
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    pub unless_within: Option<Duration>,
    /// The snapshot's identifier; if left out, as the configuration says: CLUSTER-YYYYMMDD-HHMM (local time). Of a
    /// change a template, such as {cluster}-before-upgrade.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub name: Option<String>,
    /// A tag, besides the cluster's own, or in place of the cluster's of that key; also as Key=K,Value=V. May be
    /// repeated.
    #[arg(long = "tag", value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub tags: Vec<String>,
    /// Tags from a file, or with - from standard input: lines of KEY=VALUE or Key=K,Value=V, or JSON as the AWS
    /// command line prints it.
    #[arg(long, value_name = "FILE")]
    pub tags_file: Option<PathBuf>,
    /// Give the snapshot none of the cluster's own tags. AWS copies them by itself, if the cluster says so, only
    /// to a snapshot that is given no tag at all; the mark is one.
    #[arg(long, hide_short_help = true)]
    pub no_cluster_tags: bool,
    /// Leave the mark out: the tag with the request's number, which proves later whose snapshot it is, should
    /// the answer be lost.
    #[arg(long, hide_short_help = true)]
    pub no_mark: bool,
    /// The DB cluster's identifier once more, where production wants it; of a change its id and how many clusters it
    /// has, as CHG-1042:8.
    ///
    /// It does where `confirm_headless` is true in the table [production] of the configuration.
    #[arg(long, value_name = "CLUSTER")]
    pub confirm: Option<String>,
    /// Look nothing up after an answer that leaves something open (a refusal, a lost answer): end at once with
    /// what is known then. `watch` finds out the rest.
    #[arg(long, conflicts_with_all = ["wait", "change"], hide_short_help = true)]
    pub no_confirm: bool,
    /// Wait until the snapshot is available, or has failed.
    #[arg(long)]
    pub wait: bool,
    /// Wait for no longer than this, such as 90m or 2h.
    ///
    /// Goes with --wait or --when-available.
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    pub timeout: Option<Duration>,
    /// If the cluster is busy (backing up, modifying), wait until it is available, then create.
    #[arg(long)]
    pub when_available: bool,
    /// Do every check that can be made, and print the request; create nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Send this one request even if the journal cannot be written.
    ///
    /// Should the answer be lost, nothing on this machine will know of it.
    #[arg(long, conflicts_with = "change", hide_short_help = true)]
    pub without_journal: bool,
    /// How to answer.
    #[command(flatten)]
    pub answer: AnswerOptions,
}
