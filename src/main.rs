//! Arguments in, exit code out; nothing else.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clustersnap::cli::{Cli, Command, Global};
use clustersnap::{headless, process, runtime};

fn main() -> ExitCode {
    let started = Instant::now();
    process::keep_owner_bits();
    if headless::completing::answer() {
        return ExitCode::SUCCESS;
    }
    let cli = match Cli::of_process() {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(headless::usage(&error)),
    };
    match run(cli, started) {
        Ok(code) => ExitCode::from(code),
        Err(error) => ExitCode::from(headless::unexpected(&error)),
    }
}

fn run(cli: Cli, started: Instant) -> anyhow::Result<u8> {
    let Cli { global, linear, command } = cli;
    if let Some(code) = headless::refuse_zone().or_else(headless::refuse_clock) {
        return Ok(code);
    }
    process::check_files().context("this program may open too few files (ulimit -n)")?;
    if let Some(Err(error)) = global.log_file.as_deref().map(runtime::log::start) {
        return Ok(headless::unwritable("--log-file", &error));
    }
    let code = carry_out(&global, linear, command, started)?;
    // What was answered stands: a second answer, or another code, would say that nothing was done.
    if let Some(error) = runtime::log::failure() {
        headless::warn(&format!("the log file is not complete: {error}"));
    }
    Ok(code)
}

fn carry_out(
    global: &Global,
    linear: bool,
    command: Option<Command>,
    started: Instant,
) -> anyhow::Result<u8> {
    match command {
        None if linear => headless::linear::run(global, runtime::abilities(global.ascii).0),
        None => match headless::places_to_open(global) {
            Ok(places) => runtime::run(runtime::StartOptions::new(global, places), started),
            Err(code) => Ok(code),
        },
        Some(command) => headless::run(command, global, runtime::abilities(global.ascii)),
    }
}
