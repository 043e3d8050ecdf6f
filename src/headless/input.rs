//! Files that a command is given, and standard input in the place of one. Never more of them than is asked for.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::problem::Problem;
use crate::domain::tag_text;

/// The text of a file, or of standard input for `-`. What is longer than `most` bytes is refused.
pub async fn text(parameter: &'static str, path: &Path, most: u64) -> Result<String, Problem> {
    let path = path.to_owned();
    super::blocking(move || {
        let bytes = read(parameter, &path, most)?;
        tag_text::decode(&bytes).map_err(|at| {
            let message = format!("{}: from byte {} on it is no text", path.to_string_lossy(), at + 1);
            Problem::parameter(parameter, "not-text", &message)
        })
    })
    .await
}

/// Reads a file, or standard input for `-`. Blocks. What is longer than `most` bytes is refused.
pub fn read(parameter: &str, path: &Path, most: u64) -> Result<Vec<u8>, Problem> {
    let read = if path == Path::new("-") {
        limited(&mut io::stdin().lock(), most)
    } else {
        File::open(path).and_then(|mut file| limited(&mut file, most))
    };
    let wrong =
        |rule, why: &str| Problem::parameter(parameter, rule, &format!("{}: {why}", path.to_string_lossy()));
    let bytes = read.map_err(|error| wrong("unreadable", &error.to_string()))?;
    if bytes.len() as u64 > most {
        return Err(wrong("too-long", &format!("more than {} MiB", most >> 20)));
    }
    Ok(bytes)
}

fn limited(source: &mut dyn Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
