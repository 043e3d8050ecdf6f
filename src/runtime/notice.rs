//! What a terminal is told for those who do not look at it: bell, desktop notification, window title.

use crate::app::TerminalKind;
use crate::domain::text;

/// The bell.
pub const BELL: &[u8] = b"\x07";
/// The longest title and notification: terminals cut longer ones, or drop them.
const MOST_CHARS: usize = 200;

/// A desktop notification, as OSC 9 (iTerm2, Windows Terminal, kitty, `WezTerm`) and as OSC 777 (urxvt, VTE,
/// foot, Ghostty). Terminals ignore the one that they do not know.
pub(crate) fn desktop(title: &str, body: &str, kind: TerminalKind) -> Vec<u8> {
    // The parts of OSC 777 are told apart by semicolons.
    let part = |text: &str| safe(text).replace(';', ",");
    // A name in front: what begins with a number and a semicolon is something else in some terminals.
    let first = format!("\x1b]9;{}: {}\x07", safe(title), safe(body));
    let second = format!("\x1b]777;notify;{};{}\x07", part(title), part(body));
    [first, second].iter().flat_map(|sequence| kind.through(sequence).into_bytes()).collect()
}

/// The window's title (OSC 2). What it was is kept on the terminal's stack of titles while the program runs;
/// where there is none, the title is left alone.
pub(crate) fn title(title: &str, kind: TerminalKind) -> Vec<u8> {
    if kind.has_title() { format!("\x1b]2;{}\x07", safe(title)).into_bytes() } else { Vec::new() }
}

fn safe(text: &str) -> String {
    text::escape(text).chars().take(MOST_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn a_notification_is_told_in_both_ways_and_handed_through_tmux() {
        assert_eq!(
            told(desktop("clustersnap", "a;b is available", TerminalKind::Desktop)),
            "\x1b]9;clustersnap: a;b is available\x07\x1b]777;notify;clustersnap;a,b is available\x07"
        );
        assert_eq!(
            told(desktop("c", "d", TerminalKind::Tmux)),
            "\x1bPtmux;\x1b\x1b]9;c: d\x07\x1b\\\x1bPtmux;\x1b\x1b]777;notify;c;d\x07\x1b\\"
        );
    }

    #[test]
    fn a_console_is_told_nothing_but_the_bell_and_screen_keeps_its_title() {
        assert!(
            desktop("c", "d", TerminalKind::Console).is_empty()
                && title("t", TerminalKind::Console).is_empty()
        );
        assert!(
            !desktop("c", "d", TerminalKind::Screen).is_empty()
                && title("t", TerminalKind::Screen).is_empty()
        );
    }

    #[test]
    fn nothing_in_the_text_can_end_a_sequence() {
        assert_eq!(
            told(title("a\x07\x1b]0;x\u{9c}", TerminalKind::Tmux)),
            "\x1b]2;a\\u{7}\\u{1b}]0;x\\u{9c}\x07"
        );
    }
}
