//! Arguments in, exit code out; nothing else.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;
use clustersnap::cli::{Cli, Command};
use clustersnap::{domain, headless, runtime};

fn main() -> ExitCode {
    let started = Instant::now();
    let cli = Cli::parse();
    match run(cli, started) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // Where standard error is gone there is nobody to tell.
            let _ =
                writeln!(std::io::stderr(), "clustersnap: {}", domain::text::escape(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli, started: Instant) -> anyhow::Result<u8> {
    let Cli { global, command } = cli;
    if let Some(file) = &global.log_file {
        runtime::log::start(file)?;
    }
    match command {
        None => runtime::run(runtime::Options::from(global), started),
        Some(Command::Sim(args)) => headless::sim::run(args),
        Some(Command::Config(command)) => headless::config::run(command),
    }
}
