//! Text for the clipboard of the terminal, which over SSH is the one of the person's own machine.

use std::process::{Output, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as STANDARD;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::app::TerminalKind;
use crate::app::note::{Note, Tone};
use crate::domain::text;

/// How long tmux may take to answer.
const LIMIT: Duration = Duration::from_secs(2);

/// Text so that nothing in it acts. Lines stay lines (a command has several).
fn safe(copied: &str) -> String {
    copied.lines().map(text::escape).collect::<Vec<_>>().join("\n")
}

/// The sequence (OSC 52) that hands `copied` to the terminal.
pub(crate) fn sequence(copied: &str, kind: TerminalKind) -> Vec<u8> {
    kind.through(&format!("\x1b]52;c;{}\x07", STANDARD.encode(safe(copied)))).into_bytes()
}

/// Gives text to tmux, and tells what became of it. As it is set up from the start, tmux takes no clipboard from
/// a program's output; its own command works, and says so.
pub async fn give_to_tmux(copied: String) -> Note {
    let text = safe(&copied);
    // Before tmux 3.2 there is no -w, which hands it on to the terminal.
    let handed_on = load(&["load-buffer", "-w", "-"], &text).await;
    let taken = if handed_on.is_ok() { Ok(()) } else { load(&["load-buffer", "-"], &text).await };
    if let Err(why) = taken {
        let by_hand = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let told = format!("Nothing was copied: tmux says: {why}. To select by hand: {by_hand}");
        return Note::new(Tone::Bad, &told);
    }
    let set = tmux(&["show-options", "-sv", "set-clipboard"], "").await;
    let is_off = set.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "off");
    let needed = match (handed_on, is_off) {
        (Ok(()), false) => "; tmux hands it on to the terminal's clipboard where the terminal allows it.",
        (Ok(()), true) => "; the terminal's clipboard gets it with: tmux set -s set-clipboard external",
        (Err(_), _) => "; this tmux is too old to hand it on to the terminal's clipboard.",
    };
    Note::new(Tone::Neutral, &format!("In tmux's buffer: prefix ] pastes it{needed}"))
}

async fn load(arguments: &[&str], text: &str) -> Result<(), String> {
    let output = tmux(arguments, text).await?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().next().unwrap_or("it failed").trim().to_owned())
}

/// Runs tmux with an input.
async fn tmux(arguments: &[&str], input: &str) -> Result<Output, String> {
    let run = async {
        let mut child = Command::new("tmux")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes()).await?;
        }
        child.wait_with_output().await
    };
    match tokio::time::timeout(LIMIT, run).await {
        Ok(output) => output.map_err(|error| error.to_string()),
        Err(_elapsed) => Err(format!("nothing for {} s", LIMIT.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_text_can_end_the_sequence_or_hide_in_the_clipboard() {
        let bytes = sequence("a\x1b]52;c;evil\x07b\nc\u{202e}", TerminalKind::Desktop);
        let inner = format!("\x1b]52;c;{}\x07", STANDARD.encode("a\\u{1b}]52;c;evil\\u{7}b\nc\\u{202e}"));
        assert_eq!(String::from_utf8_lossy(&bytes), inner);
    }

    #[test]
    fn screen_is_passed_through() {
        let sequence = String::from_utf8(sequence("x", TerminalKind::Screen)).expect("ASCII");
        assert_eq!(sequence, "\x1bP\x1b]52;c;eA==\x07\x1b\\");
    }
}
