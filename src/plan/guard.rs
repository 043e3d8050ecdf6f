//! What nothing may be sent to, by the configuration's `[read_only]`: held to where the plan runs, with the account, the
//! name and the tags that are there then. Its profiles are of no account of AWS: they say nothing of a run.

use super::jsonata::regex;
use crate::domain::pattern::{Pattern, Patterns};

/// Whether a cluster `$c` fits any of the patterns.
pub(super) fn fits(read_only: &Patterns) -> String {
    let any = |patterns: &[Pattern], text: &str| {
        patterns.iter().map(|pattern| matches(text, pattern)).collect::<Vec<_>>()
    };
    let tags = read_only.tags.iter().map(|pattern| {
        let (key, value) = pattern.parts();
        format!("$exists($c.TagList[{} and {}])", matches("Key", key), matches("Value", value))
    });
    let mut tests = any(&read_only.accounts, "$split($c.DbClusterArn, \":\")[4]");
    tests.extend(any(&read_only.clusters, "$c.DbClusterIdentifier"));
    tests.extend(tags);
    if tests.is_empty() { "false".to_owned() } else { tests.join(" or ") }
}

fn matches(text: &str, pattern: &Pattern) -> String {
    format!("($contains($lowercase({text}), {}) = true)", regex(pattern.as_str()))
}
