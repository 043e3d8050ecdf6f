//! The command of the configuration, run when a snapshot has ended: without a shell, with the facts in its
//! environment. Its failure is told and never fatal.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::process::Command;
use tokio::sync::{Mutex, mpsc};

use crate::app::message::Msg;
use crate::app::note::{Note, Tone};
use crate::domain::text::escape;

/// How long it may take. Then it is ended.
const LIMIT: Duration = Duration::from_mins(1);
/// How much of what it says is told.
const MOST_BYTES: u64 = 2_000;

/// Runs a command after those before it, and tells if it fails.
pub(super) async fn run(
    command: Vec<String>,
    facts: Vec<(&'static str, String)>,
    turn: Arc<Mutex<()>>,
    answers: mpsc::Sender<Msg>,
) {
    let _turn = turn.lock().await;
    let program = command.first().cloned().unwrap_or_default();
    if let Err(why) = tokio::time::timeout(LIMIT, finish(&command, facts)).await.unwrap_or_else(|_elapsed| {
        Err(format!("it had not ended after {} s, so it was ended", LIMIT.as_secs()))
    }) {
        tracing::warn!(program = escape(&program), why = escape(&why), "the command of [notify] failed");
        // Nobody reads it once the loop is over.
        let told = format!("The command {program} of [notify] failed: {why}.");
        let _ = answers.send(Msg::Told(Note::new(Tone::Bad, &told))).await;
    }
}

async fn finish(command: &[String], facts: Vec<(&'static str, String)>) -> Result<(), String> {
    let (program, arguments) = command.split_first().ok_or("it names no program")?;
    let mut child = Command::new(program)
        .args(arguments)
        .envs(facts)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| error.to_string())?;
    let mut said = Vec::new();
    if let Some(mut stderr) = child.stderr.take() {
        // What it says beyond that is read too, so that it does not wait for a reader.
        let _ = (&mut stderr).take(MOST_BYTES).read_to_end(&mut said).await;
        let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
    }
    let status = child.wait().await.map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&said);
    let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
    Err(last.map_or_else(|| status.to_string(), |line| format!("{status}: {line}")))
}
