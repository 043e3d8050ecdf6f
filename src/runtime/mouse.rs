//! Mouse reports, where the configuration asks for them: what turns them on, and what they say.

use crate::app::message::Mouse;

/// Turns on reports of buttons and the wheel, in the form that has no limit of columns.
pub const ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
/// The bits that say that a key was held, which makes a click the terminal's own affair.
const HELD: u16 = 4 | 8 | 16;

/// What the parameters of a report and its last byte say; `None` if it is nothing that acts.
pub(crate) fn report(parameters: &[u8], last: u8) -> Option<Mouse> {
    let text = std::str::from_utf8(parameters.strip_prefix(b"<")?).ok()?;
    let mut numbers = text.split(';').map(|field| field.parse::<u16>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    // Counted from 1 by the terminal.
    let (_, row) = (column.checked_sub(1)?, row.checked_sub(1)?);
    match (button & !HELD, last) {
        (0, b'M') if button & HELD == 0 => Some(Mouse::Click { row }),
        (64, b'M') => Some(Mouse::WheelUp),
        (65, b'M') => Some(Mouse::WheelDown),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presses_and_the_wheel_act_and_nothing_else() {
        assert_eq!(report(b"<0;3;5", b'M'), Some(Mouse::Click { row: 4 }));
        assert_eq!(report(b"<64;3;5", b'M'), Some(Mouse::WheelUp));
        assert_eq!(report(b"<65;300;500", b'M'), Some(Mouse::WheelDown));
        for other in ["<0;3", "<;;", "0;3;5", "<2;3;5", "<32;3;5", "<0;0;5", "<99999;1;1", "<4;1;1"] {
            assert_eq!(report(other.as_bytes(), b'M'), None, "{other}");
        }
        assert_eq!(report(b"<0;3;5", b'm'), None);
    }
}
