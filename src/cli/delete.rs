//! The arguments of `delete` and `tag`.

use std::num::NonZeroUsize;

use clap::{ArgGroup, Args};

use super::{AnswerOptions, values};

/// Options of `delete`.
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("which").required(true).multiple(true).args(["snapshots", "filter"])))]
pub struct DeleteOptions {
    /// The snapshots' identifiers, or their ARNs.
    #[arg(value_name = "SNAPSHOT")]
    pub snapshots: Vec<String>,
    /// The snapshots that fit: words of identifiers and tags, key=value, status:X, engine:X, type:X, region:X,
    /// account:X, cluster:X, change:X, age>90d, age<2h, ~fuzzy, and -any of these to leave out.
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Keep the N newest usable manual snapshots of each cluster, whatever else fits.
    #[arg(long, value_name = "N", value_parser = values::some::<NonZeroUsize>, allow_negative_numbers = true)]
    pub keep_last: Option<NonZeroUsize>,
    /// Delete this one although it is its cluster's last, belongs to an open change or is kept by a tag. May be
    /// repeated.
    #[arg(long, value_name = "SNAPSHOT")]
    pub even: Vec<String>,
    /// Show the plan; delete nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Delete without asking, if the plan deletes just so many.
    #[arg(long, value_name = "COUNT", value_parser = values::count, allow_negative_numbers = true)]
    pub yes: Option<usize>,
    /// Name a production cluster once more, where the configuration wants that. May be repeated.
    #[arg(long, value_name = "CLUSTER")]
    pub confirm: Vec<String>,
    /// How to answer.
    #[command(flatten)]
    pub answer: AnswerOptions,
}

/// Options of `tag`.
#[derive(Args, Clone, Debug)]
pub struct TagOptions {
    /// The snapshots' identifiers or ARNs; KEY=VALUE is a tag that they get, in place of one of the same key, and
    /// -KEY one that they lose.
    #[arg(value_name = "SNAPSHOT|KEY=VALUE|-KEY")]
    pub words: Vec<String>,
    /// A tag that they lose, as -KEY: for a key that is also a short option. May be repeated.
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    pub remove: Vec<String>,
    /// The manual snapshots that fit: words of identifiers and tags, key=value, status:X, engine:X, type:X, region:X,
    /// account:X, cluster:X, change:X, age>90d, age<2h, ~fuzzy, and -any of these to leave out.
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Show what would be changed; change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Change without asking, if it is just so many.
    #[arg(long, value_name = "COUNT", value_parser = values::count, allow_negative_numbers = true)]
    pub yes: Option<usize>,
    /// Name a production cluster once more, where the configuration wants that. May be repeated.
    #[arg(long, value_name = "CLUSTER")]
    pub confirm: Vec<String>,
    /// How to answer.
    #[command(flatten)]
    pub answer: AnswerOptions,
}
