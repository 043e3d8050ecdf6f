//! `clustersnap completions`, `man` and `schema`: what the program says of itself to shells and programs.

use std::path::Path;

use clap_complete::Shell;

use super::problem::{Code, Problem};
use super::streams::{Stop, result};
use super::{completing, manual};

/// What describes the answers of `--json`.
const SCHEMA: &str = include_str!("../../assets/schema.json");

/// Prints the completion script of a shell.
pub fn completions(shell: Shell) -> Result<u8, Stop> {
    let script = completing::script(&shell.to_string());
    print(&script.map_err(|error| Problem::new(Code::Internal, error.to_string()))?)
}

/// Prints the program's manual page, or writes one for each command into a folder and prints their names.
pub fn man(folder: Option<&Path>) -> Result<u8, Stop> {
    let failed = |error: anyhow::Error| Problem::parameter("DIR", "unwritable", &format!("{error:#}"));
    match folder {
        None => print(&manual::main_page().map_err(failed)?),
        Some(folder) => print(manual::write_all(folder).map_err(failed)?.join("\n").as_bytes()),
    }
}

/// Prints the schema of the answers of `--json`.
pub fn schema() -> Result<u8, Stop> {
    print(SCHEMA.as_bytes())
}

fn print(bytes: &[u8]) -> Result<u8, Stop> {
    let text = String::from_utf8_lossy(bytes);
    result(text.trim_end())?;
    Ok(0)
}
