//! What is said of a journal of which a part cannot be read.

use super::streams::Streams;
use crate::cli::Global;
use crate::domain::preflight::missing_words;
use crate::session;

/// Says, once for a command, that lines of the journal cannot be read; whether all of it can. Of one that cannot be read
/// at all, that is said where something rests on it.
pub async fn say_gaps(global: &Global, streams: Streams) -> bool {
    // The embedded simulator has no journal.
    let lines = if global.demo { Ok(0) } else { session::lines_missing().await };
    if let Ok(lines @ 1..) = lines {
        streams.say(&format!("{}.", missing_words(lines)));
    }
    matches!(lines, Ok(0))
}
