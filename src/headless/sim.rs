//! `clustersnap sim`: the embedded simulator over HTTP, until it is told to end.

use std::io::{ErrorKind, Write as _};
use std::sync::Arc;

use anyhow::Context as _;
use tokio::sync::oneshot;

use super::interrupts::Interrupts;
use crate::cli::SimOptions;
use crate::sim::{Setup, SimulatorOptions, hint, serve};

/// Serves a simulator as it is asked for; returns the exit code.
///
/// # Errors
///
/// When a file cannot be used, or the address not be listened on.
pub fn run(args: SimOptions) -> anyhow::Result<u8> {
    let SimOptions { listen, fleet, clusters, faults, speed } = args;
    let options = SimulatorOptions { speed, ..SimulatorOptions::default() };
    let simulator = Arc::new(Setup { fleet, clusters, faults, options }.simulator()?);
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    tokio.block_on(async {
        let mut interrupts = Interrupts::new().map_err(|problem| anyhow::anyhow!(problem.message))?;
        let (tell, unwritten) = oneshot::channel();
        let on_bound = |address| {
            let mut output = std::io::stdout();
            let written = writeln!(output, "{}", hint(&simulator, address)).and_then(|()| output.flush());
            // Whoever does not read it knows the address.
            let error = written.err().filter(|error| error.kind() != ErrorKind::BrokenPipe);
            if let Some(error) = error {
                // Nobody takes it once the simulator has ended.
                let _ = tell.send(error);
            }
        };
        tokio::select! {
            served = serve(Arc::clone(&simulator), listen, on_bound) => {
                served.with_context(|| format!("cannot listen on {listen}"))?;
                Ok(0)
            }
            () = interrupts.next() => Ok(0),
            Ok(error) = unwritten => Err(error).context("cannot write where it listens"),
        }
    })
}
