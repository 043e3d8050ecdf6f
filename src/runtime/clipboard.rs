//! Text for the clipboard of the terminal, which over SSH is the one of the person's own machine.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as STANDARD;

use crate::domain::text;

use super::around::Around;

/// The sequence (OSC 52) that hands `copied` to the terminal.
///
/// tmux takes it itself where `set-clipboard` is on; the one that is handed through serves where only
/// `allow-passthrough` is.
#[must_use]
pub fn sequence(copied: &str, around: Around) -> Vec<u8> {
    // Lines stay lines (a command has several); everything else that could act is shown instead.
    let safe: Vec<String> = copied.lines().map(text::escape).collect();
    let plain = format!("\x1b]52;c;{}\x07", STANDARD.encode(safe.join("\n")));
    let own = if around == Around::Tmux { plain.as_str() } else { "" };
    format!("{own}{}", around.through(&plain)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_text_can_end_the_sequence_or_hide_in_the_clipboard() {
        let bytes = sequence("a\x1b]52;c;evil\x07b\nc\u{202e}", Around::Terminal);
        let inner = format!("\x1b]52;c;{}\x07", STANDARD.encode("a\\u{1b}]52;c;evil\\u{7}b\nc\\u{202e}"));
        assert_eq!(String::from_utf8_lossy(&bytes), inner);
    }

    #[test]
    fn tmux_is_asked_and_passed_through() {
        let sequence = String::from_utf8(sequence("x", Around::Tmux)).expect("ASCII");
        assert_eq!(sequence, "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\");
    }
}
