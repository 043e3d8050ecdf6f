//! Text for the clipboard of the terminal, which over SSH is the one of the person's own machine.

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
    let plain = format!("\x1b]52;c;{}\x07", base64(safe.join("\n").as_bytes()));
    let own = if around == Around::Tmux { plain.as_str() } else { "" };
    format!("{own}{}", around.through(&plain)).into_bytes()
}

/// Base64 of RFC 4648 with padding; the few lines are not worth a dependency.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4_usize {
            let index = (group >> (18 - 6 * place)) & 0x3f;
            let symbol = ALPHABET.get(index as usize).copied().map_or('=', char::from);
            text.push(if place <= chunk.len() { symbol } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // RFC 4648, section 10.
        for (plain, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn nothing_in_the_text_can_end_the_sequence_or_hide_in_the_clipboard() {
        let bytes = sequence("a\x1b]52;c;evil\x07b\nc\u{202e}", Around::Terminal);
        let inner = format!("\x1b]52;c;{}\x07", base64("a\\u{1b}]52;c;evil\\u{7}b\nc\\u{202e}".as_bytes()));
        assert_eq!(String::from_utf8_lossy(&bytes), inner);
    }

    #[test]
    fn tmux_is_asked_and_passed_through() {
        let sequence = String::from_utf8(sequence("x", Around::Tmux)).expect("ASCII");
        assert_eq!(sequence, "\x1b]52;c;eA==\x07\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\");
    }
}
