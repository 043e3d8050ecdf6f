//! A login by the AWS command line: started, its words handed on, and noticed in the file that it leaves, whoever
//! logged in.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader};
use tokio::process::Command;
use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::request_id::RequestId;

/// The most that is read of what the command says on each of its streams.
const MOST: u64 = 64 * 1024;
/// How often the file of a login is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// Starts `aws sso login` as a profile and tells what it says and how it ends. It is ended when this is dropped.
pub(super) async fn run(id: RequestId, profile: String, answers: mpsc::Sender<Msg>) {
    let end = finish(id, &profile, &answers).await;
    // Nobody reads it once the loop is over.
    let _ = answers.send(Msg::LoginEnded(id, end)).await;
}

async fn finish(id: RequestId, profile: &str, answers: &mpsc::Sender<Msg>) -> Result<(), String> {
    let mut child = Command::new("aws")
        .args(["sso", "login", "--profile", profile])
        // Python starts no browser for text in the terminal, which is this program's, where no terminal is named.
        .env_remove("TERM")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "the AWS command line is not installed here".to_owned(),
            _ => error.to_string(),
        })?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    tokio::join!(hand_on(id, stdout, answers), hand_on(id, stderr, answers));
    let status = child.wait().await.map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("it ended with {status}")) }
}

/// Hands on what comes, line by line; what comes beyond a limit is read too, so that nobody waits for a reader.
async fn hand_on(id: RequestId, pipe: Option<impl AsyncRead + Unpin>, answers: &mpsc::Sender<Msg>) {
    let Some(mut pipe) = pipe else { return };
    let mut lines = BufReader::new((&mut pipe).take(MOST)).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let _ = answers.send(Msg::LoginSaid(id, line)).await;
    }
    let _ = tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await;
}

/// Waits until the file of a login changes, and says so.
pub(super) async fn watch(file: PathBuf) -> Option<Msg> {
    let before = state(&file).await;
    while state(&file).await == before {
        tokio::time::sleep(INTERVAL).await;
    }
    Some(Msg::LoginChanged(file))
}

/// By what a change is seen; `None` where there is no such file.
async fn state(file: &Path) -> Option<(Option<SystemTime>, u64)> {
    let metadata = tokio::fs::metadata(file).await.ok()?;
    Some((metadata.modified().ok(), metadata.len()))
}
