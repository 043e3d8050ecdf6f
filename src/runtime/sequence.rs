//! What a run of bytes from the terminal means: characters, and the escape sequences of keys, pastes, focus and mouse.
//!
//! It keeps nothing: whoever reads ([`super::decode`]) keeps what is not complete yet.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::decode::Input;
use super::mouse;

/// What the start of the pending bytes is.
pub(super) enum Parsed {
    Incomplete,
    /// This many bytes, which mean nothing here.
    Skip(usize),
    Input(usize, Input),
    PasteBegins(usize),
}

pub(super) fn is_string_end(byte: u8) -> bool {
    matches!(byte, 0x07 | b'\\')
}

pub(super) fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, modifiers))
}

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    match bytes {
        [0x1b, rest @ ..] => escape(rest),
        [byte, ..] if byte.is_ascii() => Parsed::Input(1, ascii(*byte, KeyModifiers::NONE)),
        _ => utf8(bytes),
    }
}

pub(super) fn ascii(byte: u8, alt: KeyModifiers) -> Input {
    let control = alt | KeyModifiers::CONTROL;
    match byte {
        b'\r' => key(KeyCode::Enter, alt),
        b'\t' => key(KeyCode::Tab, alt),
        // Old terminals send ctrl-h for the backspace key.
        0x08 | 0x7f => key(KeyCode::Backspace, alt),
        0x1b => key(KeyCode::Esc, alt),
        0x00 => key(KeyCode::Char(' '), control),
        0x01..=0x1a => key(KeyCode::Char(char::from(byte - 1 + b'a')), control),
        0x1c..=0x1f => key(KeyCode::Char(char::from(byte - 0x1c + b'4')), control),
        b'A'..=b'Z' => key(KeyCode::Char(char::from(byte)), alt | KeyModifiers::SHIFT),
        _ => key(KeyCode::Char(char::from(byte)), alt),
    }
}

fn utf8(bytes: &[u8]) -> Parsed {
    let length = match bytes.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return Parsed::Skip(1),
    };
    let Some(whole) = bytes.get(..length) else {
        // A byte that cannot follow shows early that the character is broken.
        let is_broken = bytes.iter().skip(1).any(|byte| byte & 0xc0 != 0x80);
        return if is_broken { Parsed::Skip(1) } else { Parsed::Incomplete };
    };
    match std::str::from_utf8(whole).ok().and_then(|text| text.chars().next()) {
        Some(c) if c.is_uppercase() => Parsed::Input(length, key(KeyCode::Char(c), KeyModifiers::SHIFT)),
        Some(c) => Parsed::Input(length, key(KeyCode::Char(c), KeyModifiers::NONE)),
        None => Parsed::Skip(1),
    }
}

/// What follows an escape.
fn escape(rest: &[u8]) -> Parsed {
    match rest {
        [] | [b'O' | 0x1b] => Parsed::Incomplete,
        [0x1b, ..] => second_escape(rest),
        [b'O', code, ..] => match function_key(*code).or_else(|| function_key(code.to_ascii_uppercase())) {
            // In lower case, rxvt means them with ctrl.
            Some(found) if code.is_ascii_lowercase() => Parsed::Input(3, key(found, KeyModifiers::CONTROL)),
            Some(found) => Parsed::Input(3, key(found, KeyModifiers::NONE)),
            None => Parsed::Skip(3),
        },
        [b'[', body @ ..] => control_sequence(body),
        // An answer of the terminal to a question (of another program): up to its end mark.
        [b']' | b'P' | b'_' | b'^', body @ ..] => match body.iter().position(|byte| is_string_end(*byte)) {
            Some(end) => Parsed::Skip(end + 3),
            None => Parsed::Incomplete,
        },
        [byte, ..] if byte.is_ascii() => Parsed::Input(2, ascii(*byte, KeyModifiers::ALT)),
        _ => with_alt(&utf8(rest), Parsed::Skip(1)),
    }
}

/// What follows an escape, and is a second one: a key's sequence behind it is that key with alt, as
/// `PuTTY`, rxvt and the Terminal of macOS send it. Before anything else the first one was the escape key.
fn second_escape(rest: &[u8]) -> Parsed {
    let alone = Parsed::Input(1, key(KeyCode::Esc, KeyModifiers::NONE));
    if matches!(rest.get(1), Some(b'[' | b'O')) { with_alt(&parse(rest), alone) } else { alone }
}

/// What a key behind an escape is: the same with alt; something else where it is no key.
fn with_alt(parsed: &Parsed, other: Parsed) -> Parsed {
    match parsed {
        Parsed::Input(used, Input::Key(found)) => {
            Parsed::Input(used + 1, key(found.code, found.modifiers | KeyModifiers::ALT))
        }
        Parsed::Incomplete => Parsed::Incomplete,
        _ => other,
    }
}

/// What follows an escape and a bracket.
fn control_sequence(body: &[u8]) -> Parsed {
    match body {
        // The function keys of the Linux console.
        [b'[', code @ b'A'..=b'E', ..] => {
            Parsed::Input(4, key(KeyCode::F(code - b'A' + 1), KeyModifiers::NONE))
        }
        // A mouse report in its oldest form: three bytes follow.
        [b'M', _, _, _, ..] => Parsed::Skip(6),
        [b'[' | b'M'] | [b'M', _] | [b'M', _, _] => Parsed::Incomplete,
        // A new sequence before the end of this one, which a bad link has lost.
        _ if body.contains(&0x1b) => Parsed::Skip(body.iter().take_while(|byte| **byte != 0x1b).count() + 2),
        _ => {
            let Some(end) = body.iter().position(|byte| (0x40..=0x7e).contains(byte)).or(dollar(body)) else {
                return Parsed::Incomplete;
            };
            let (parameters, rest) = body.split_at(end);
            let used = end + 3;
            match rest.first() {
                Some(b'~') if parameters == b"200" => Parsed::PasteBegins(used),
                last => match last.and_then(|last| finished_sequence(parameters, *last)) {
                    Some(input) => Parsed::Input(used, input),
                    None => Parsed::Skip(used),
                },
            }
        }
    }
}

/// Where rxvt's mark of a shifted key ends a sequence: elsewhere this character stands before the last one.
fn dollar(body: &[u8]) -> Option<usize> {
    let end = body.iter().position(|byte| *byte == b'$')?;
    body.get(..end)?.iter().all(u8::is_ascii_digit).then_some(end).filter(|end| *end > 0)
}

fn finished_sequence(parameters: &[u8], last: u8) -> Option<Input> {
    // A private mark at the start: a mouse report or an answer of the terminal.
    if parameters.first().is_some_and(|byte| (b'<'..=b'?').contains(byte)) {
        return mouse::report(parameters, last).map(Input::Mouse);
    }
    let text = std::str::from_utf8(parameters).ok()?;
    let mut fields = text.split(';');
    let number = |field: Option<&str>| field.and_then(|field| field.split(':').next()?.parse::<u32>().ok());
    let first = number(fields.next());
    let second = fields.next();
    let modifiers = modifiers(number(second).unwrap_or(1));
    // The third kind of a key event is its release.
    let is_release = second.and_then(|field| field.split(':').nth(1)) == Some("3");
    if is_release {
        return None;
    }
    Some(match (last, first) {
        (b'I', None) => Input::Focus(true),
        (b'O', None) => Input::Focus(false),
        // A character with its modifiers, as xterm reports it where it is asked for all of them.
        (b'~', Some(27)) => key(coded_key(number(fields.next())?)?, modifiers),
        // At the end of the last three rxvt has modifiers, for which none of these keys means anything else.
        (b'~' | b'^' | b'$' | b'@', Some(code)) => key(numbered_key(code)?, modifiers),
        (b'a'..=b'd', None) => key(function_key(last.to_ascii_uppercase())?, KeyModifiers::SHIFT),
        (b'Z', _) => key(KeyCode::BackTab, modifiers | KeyModifiers::SHIFT),
        (b'u', Some(code)) => key(coded_key(code)?, modifiers),
        (code, _) => key(function_key(code)?, modifiers),
    })
}

fn modifiers(parameter: u32) -> KeyModifiers {
    let mask = parameter.saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)] {
        if mask & bit != 0 {
            modifiers |= modifier;
        }
    }
    modifiers
}

fn function_key(code: u8) -> Option<KeyCode> {
    Some(match code {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'H' => KeyCode::Home,
        b'F' => KeyCode::End,
        b'M' => KeyCode::Enter,
        b'P' => KeyCode::F(1),
        _ => return None,
    })
}

fn numbered_key(code: u32) -> Option<KeyCode> {
    Some(match code {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11 => KeyCode::F(1),
        _ => return None,
    })
}

/// A key by its Unicode code, as terminals with the newer keyboard protocol report it.
fn coded_key(code: u32) -> Option<KeyCode> {
    Some(match code {
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        _ => KeyCode::Char(char::from_u32(code).filter(|c| !c.is_control())?),
    })
}
