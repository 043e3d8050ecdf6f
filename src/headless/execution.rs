//! What a run of a plan put out, read from a file or standard input: the journal's place is taken by AWS's own engine.

use std::path::Path;

use super::input;
use super::problem::Problem;
use crate::domain::record::{Entry, Position, RecordPage};
use crate::plan::report::{self, Report};

/// The most bytes that are read: an execution's output has 256 KiB, its description some more, and quotes are escaped.
const MOST: u64 = 4 << 20;

/// Reads a run as a page of the past, with what else there is to say of it, each in a sentence: text from outside.
/// Blocks.
pub fn read(path: &Path) -> Result<(RecordPage, Vec<String>), Problem> {
    let bytes = input::read("--execution", path, MOST)?;
    let text = String::from_utf8_lossy(&bytes);
    let Report { change, records, problem, deleted } = report::read(&text).map_err(|error| {
        let message = format!("{}: {error}", path.to_string_lossy());
        Problem::parameter("--execution", "not-a-run", &message)
    })?;
    let mut remarks: Vec<String> =
        problem.map(|problem| format!("The run of {change} broke: {problem}")).into_iter().collect();
    if !deleted.is_empty() {
        remarks.push(format!("Deleted as older than those to keep: {}.", deleted.join(", ")));
    }
    let total = records.len();
    let entries = (0..).map(Position).zip(records.into_iter().map(Entry::Request)).collect();
    Ok((RecordPage { entries, total, ..RecordPage::default() }, remarks))
}
