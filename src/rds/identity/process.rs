//! A `credential_process`: a command of the profile that prints credentials.
//!
//! The SDK for Rust can run one too, but without a limit to what it prints, and leaves it running when it is
//! given up on. This one is ended with whatever waits for it, however that ends: a shell in the command's
//! process group holds the other end of a pipe, and ends the group when the pipe is closed without a word.

use std::process::Stdio;

use aws_credential_types::Credentials;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{ChildStdin, Command};

use super::given::{self, NotGiven};
use crate::domain::failure::ITS_WORDS;

/// The most that a command may print: credentials are a few kilobytes.
const MOST: u64 = 256 * 1024;
/// How much of its complaints is told.
const COMPLAINT_CHARS: usize = 300;

/// Becomes the command, as the AWS command line starts it: its words are its own, and no shell reads them. What
/// watches the pipe must have it under another number, as a shell gives `/dev/null` to what it runs in the background.
const WATCHED: &str = r#"exec 3<&0 </dev/null
{ read -r word <&3 || kill -KILL 0; } >/dev/null 2>&1 &
exec 3<&-
exec "$@""#;

/// Why a command gave no credentials. What it printed is not told, as it may be a secret.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProcessError {
    /// It could not be run or read.
    #[error("the credential_process could not be run: {0}")]
    Run(#[from] std::io::Error),
    /// It printed too much.
    #[error("the credential_process printed more than {} KiB, which no credentials have", MOST / 1024)]
    TooLarge,
    /// It failed, with its complaints.
    #[error("the credential_process ended with {status}{ITS_WORDS}{complaint}")]
    Failed {
        /// Its exit status.
        status: std::process::ExitStatus,
        /// The beginning of what it printed on standard error, not escaped.
        complaint: String,
    },
    /// What it printed is not what AWS documents.
    #[error("the credential_process printed no JSON as AWS documents it: {0}")]
    Unreadable(#[from] NotGiven),
    /// What it printed is of another version.
    #[error("the credential_process printed no JSON as AWS documents it: Version is not 1")]
    Version,
}

/// Runs a command and reads its credentials. To drop the future is to end the command and all that it started
/// in its process group.
///
/// # Errors
/// Why there are none.
pub(super) async fn run(words: &[String]) -> Result<Credentials, ProcessError> {
    let mut child = Command::new("sh")
        .args(["-c", WATCHED, "sh"])
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // Its own, so that it can be ended as a whole.
        .process_group(0)
        .spawn()?;
    // Taken out, as waiting for the child would close it.
    let watched = child.stdin.take();
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (printed, complaint) = tokio::try_join!(whole(stdout), beginning(stderr))?;
    let status = child.wait().await?;
    dismiss(watched).await;
    if !status.success() {
        return Err(ProcessError::Failed { status, complaint: told(&complaint) });
    }
    read(&printed)
}

/// Reads all that comes, unless it is too much.
async fn whole(pipe: Option<impl AsyncRead + Unpin>) -> Result<Vec<u8>, ProcessError> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(MOST + 1).read_to_end(&mut bytes).await?;
    }
    if bytes.len() as u64 > MOST { Err(ProcessError::TooLarge) } else { Ok(bytes) }
}

/// Reads to the end and keeps the beginning: what complains at length may give credentials all the same.
async fn beginning(pipe: Option<impl AsyncRead + Unpin>) -> Result<Vec<u8>, ProcessError> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        (&mut pipe).take(MOST).read_to_end(&mut bytes).await?;
        tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    }
    Ok(bytes)
}

/// Tells the shell that watches the pipe that all is well.
async fn dismiss(pipe: Option<ChildStdin>) {
    if let Some(mut pipe) = pipe {
        // Where nobody watches any more, nothing is to be told.
        let _ = pipe.write_all(b"done\n").await;
    }
}

fn told(complaint: &[u8]) -> String {
    let words = String::from_utf8_lossy(complaint).split_whitespace().collect::<Vec<_>>().join(" ");
    let told: String = words.chars().take(COMPLAINT_CHARS).collect();
    if told.is_empty() { "none".to_owned() } else { told }
}

/// Reads what it printed as the AWS command line does: of a name that stands twice the last counts, and 1.0 is 1.
///
/// Source: "Sourcing credentials with an external process", AWS SDKs and tools reference guide.
fn read(printed: &[u8]) -> Result<Credentials, ProcessError> {
    let printed = given::object(printed)?;
    if printed.get("Version").and_then(Value::as_f64) != Some(1.0) {
        return Err(ProcessError::Version);
    }
    Ok(given::credentials(&printed, &given::OF_SESSIONS, "CredentialProcess")?)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn of(printed: &str) -> Result<Credentials, String> {
        read(printed.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_documented_json_is_read() {
        let all = r#"{"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "s", "SessionToken": "t",
                      "Expiration": "2026-11-23T03:00:00+00:00", "AccountId": "123456789012", "More": [1]}"#;
        let credentials = of(all).unwrap();
        assert_eq!((credentials.access_key_id(), credentials.secret_access_key()), ("AKIA", "s"));
        assert_eq!(credentials.session_token(), Some("t"));
        assert!(credentials.expiry().is_some());
        let odd = r#"{"Version":2,"Version":1.0,"AccessKeyId":"B","AccessKeyId":"AKIA","SecretAccessKey":"s",
                      "SessionToken":"","Expiration":"2026-11-23 03:00:00UTC"}"#;
        let credentials = of(odd).unwrap();
        assert_eq!((credentials.access_key_id(), credentials.session_token()), ("AKIA", None));
        assert!(credentials.expiry().is_some());
        let few = r#"{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s","SessionToken":null}"#;
        let credentials = of(few).unwrap();
        assert_eq!((credentials.session_token(), credentials.expiry()), (None, None));
    }

    #[test]
    fn anything_else_is_told_without_being_quoted() {
        for (printed, says) in [
            ("", "line 1, column 0"),
            ("s3cr3t", "line 1, column 1"),
            (r#"{"Version":"s3cr3t"}"#, "Version is not 1"),
            (r#"{"Version":2,"AccessKeyId":"A","SecretAccessKey":"s3cr3t"}"#, "Version is not 1"),
            (r#"{"Version":1,"AccessKeyId":"","SecretAccessKey":"s3cr3t"}"#, "no AccessKeyId"),
            (r#"{"Version":1,"AccessKeyId":"A"}"#, "no SecretAccessKey"),
            (r#"{"Version":1,"AccessKeyId":["s3cr3t"],"SecretAccessKey":"s"}"#, "AccessKeyId is no text"),
            (
                r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s3cr3t","Expiration":"soon"}"#,
                "Expiration is not a time",
            ),
        ] {
            let said = of(printed).unwrap_err();
            assert!(said.contains(says) && !said.contains("s3cr3t"), "{said}");
        }
    }

    /// Runs a line of a shell.
    async fn run(line: &str) -> Result<Credentials, ProcessError> {
        super::run(&["sh", "-c", line].map(str::to_owned)).await
    }

    #[tokio::test]
    async fn the_words_of_a_command_are_read_by_no_shell() {
        let script = r#"echo "{\"Version\":1,\"AccessKeyId\":\"$0|$1\",\"SecretAccessKey\":\"s\"}""#;
        let words = ["sh", "-c", script, "#prod", ";$HOME"].map(str::to_owned);
        assert_eq!(super::run(&words).await.unwrap().access_key_id(), "#prod|;$HOME");
    }

    #[tokio::test]
    async fn a_command_that_ends_well_leaves_alone_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let command = format!(
            r#"(sleep 0.5; touch {}) >/dev/null 2>&1 & echo '{{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s"}}'"#,
            mark.display()
        );
        assert_eq!(run(&command).await.unwrap().access_key_id(), "A");
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        assert!(mark.exists());
    }

    #[tokio::test]
    async fn a_command_that_is_given_up_on_ends_with_what_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let command = format!("(sleep 1; touch {}) & sleep 60; true", mark.display());
        let limit = std::time::Duration::from_millis(300);
        assert!(tokio::time::timeout(limit, run(&command)).await.is_err());
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        assert!(!mark.exists());
    }

    #[tokio::test]
    async fn a_command_that_prints_without_end_is_ended() {
        assert!(matches!(run("cat /dev/zero").await, Err(ProcessError::TooLarge)));
        let complaint = "x".repeat(2 * COMPLAINT_CHARS);
        let failed = run(&format!("head -c 600000 /dev/zero >&2; echo {complaint} >&2; exit 3")).await;
        assert!(failed.unwrap_err().to_string().len() < 2 * COMPLAINT_CHARS);
    }
}
