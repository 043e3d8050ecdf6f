//! Bytes from the terminal -> keys, pastes and focus changes.
//!
//! crossterm's own reader is not used. It takes an escape sequence that a slow link cuts in two for the
//! escape key and text, it reads a terminal that is gone for ever (crossterm#793), and it can be neither
//! stopped nor watched. This room does no I/O and has no clock: [`Decoder::patience`] says for what kind of
//! time more may come, and [`Decoder::expire`] is told when that has passed.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::message::Mouse;

use super::sequence::{Parsed, ascii, is_string_end, key, parse};

/// Text beyond this many bytes of one paste is dropped; no field takes nearly as much.
const LONGEST_PASTE: usize = 2 << 20;
/// Beyond this many bytes a sequence is not one that a terminal sends for a key.
const LONGEST_SEQUENCE: usize = 64;
const CTRL_C: u8 = 3;
const PASTE_END: &[u8] = b"\x1b[201~";

/// What the terminal said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(KeyEvent),
    /// A key that came at once with others: nobody's finger confirmed anything with it.
    KeyInBurst(KeyEvent),
    /// Text that came at once without the marks of a paste.
    Burst(String),
    /// A paste that the terminal marked as one.
    Paste(String),
    /// Whether the terminal has the focus.
    Focus(bool),
    /// What the mouse did.
    Mouse(Mouse),
}

/// For what kind of time the rest of something incomplete may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// A lone escape may be the key: a person waits for what it does.
    Escape,
    /// No key looks like what is there, so that its rest can be waited for.
    Tail,
}

/// Keeps what is not complete yet.
#[derive(Debug, Default)]
pub struct Decoder {
    pending: Vec<u8>,
    paste: Option<Vec<u8>>,
    /// Whether an escape was given out as the key a moment ago: what could be the rest of a sequence is no text.
    is_after_escape: bool,
    /// Whether what comes belongs to an answer of the terminal that is too long to keep.
    is_in_string: bool,
}

impl Decoder {
    /// Takes bytes in, and gives what they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        let mut inputs = Vec::new();
        if let ([CTRL_C], Some(paste)) = (bytes, &mut self.paste) {
            // The end mark was lost, and somebody wants to leave: no terminal sends this within a paste by itself.
            inputs.push(Input::Paste(text(paste)));
            self.paste = None;
        }
        for &byte in bytes {
            if let Some(paste) = &mut self.paste {
                paste.push(byte);
                if paste.ends_with(PASTE_END) {
                    paste.truncate(paste.len() - PASTE_END.len());
                    inputs.push(Input::Paste(text(paste)));
                    self.paste = None;
                } else if paste.len() > LONGEST_PASTE {
                    // Keep what could be the start of the end mark.
                    let end = paste.len() - PASTE_END.len();
                    paste.remove(end - 1);
                }
                continue;
            }
            self.pending.push(byte);
            self.parse(&mut inputs);
        }
        inputs
    }

    /// How long the rest of what is incomplete may take; `None` if nothing has to be decided. The rest of a
    /// character is waited for without an end: nothing else that can come looks like it.
    pub(crate) fn patience(&self) -> Option<Patience> {
        match self.pending.as_slice() {
            [0x1b] | [0x1b, 0x1b] => Some(Patience::Escape),
            // Typed by hand after an escape, it is text after all.
            [b'O'] if self.is_after_escape => Some(Patience::Escape),
            [] if self.is_after_escape || self.is_in_string => Some(Patience::Tail),
            [0x1b | b'[', ..] => Some(Patience::Tail),
            _ => None,
        }
    }

    /// No more came in time: a lone escape is the escape key, escape and a character is that with alt. What
    /// comes late of their sequence is dropped.
    pub fn expire(&mut self) -> Vec<Input> {
        let pending = std::mem::take(&mut self.pending);
        let was_after_escape = std::mem::take(&mut self.is_after_escape);
        self.is_in_string = false;
        let escape = key(KeyCode::Esc, KeyModifiers::NONE);
        self.is_after_escape = matches!(pending.as_slice(), [0x1b] | [0x1b, 0x1b]);
        match pending.as_slice() {
            [0x1b] => vec![escape],
            [0x1b, 0x1b] => vec![escape; 2],
            [0x1b, byte] if byte.is_ascii_graphic() => {
                vec![key(KeyCode::Char(char::from(*byte)), KeyModifiers::ALT)]
            }
            [b'O'] if was_after_escape => vec![ascii(b'O', KeyModifiers::NONE)],
            _ => Vec::new(),
        }
    }

    fn parse(&mut self, inputs: &mut Vec<Input>) {
        if self.is_after_escape && !self.take_late_tail(inputs) {
            return;
        }
        while !self.pending.is_empty() && !self.is_in_string {
            let parsed = parse(&self.pending);
            if matches!(parsed, Parsed::Incomplete) && self.pending.len() <= LONGEST_SEQUENCE {
                return;
            }
            self.take(parsed, 0, inputs);
        }
        self.skip_string();
    }

    /// Takes what may be the rest of a sequence whose escape was given out as the key: no key comes of it.
    /// Returns whether that is decided.
    fn take_late_tail(&mut self, inputs: &mut Vec<Input>) -> bool {
        let whole = [b"\x1b", self.pending.as_slice()].concat();
        let parsed = match (self.pending.first(), parse(&whole)) {
            (Some(b'[' | b'O'), Parsed::Incomplete) if whole.len() <= LONGEST_SEQUENCE => return false,
            (Some(b'[' | b'O'), Parsed::Input(used, Input::Key(_))) => Some(Parsed::Skip(used)),
            (Some(b'['), parsed) => Some(parsed),
            _ => None,
        };
        self.is_after_escape = false;
        if let Some(parsed) = parsed {
            self.take(parsed, 1, inputs);
        }
        true
    }

    /// Takes what was parsed, of which so many bytes came before what is pending.
    fn take(&mut self, parsed: Parsed, before: usize, inputs: &mut Vec<Input>) {
        let used = match parsed {
            Parsed::Incomplete => {
                self.is_in_string = is_string(&self.pending);
                self.pending.len()
            }
            Parsed::Skip(used) => used - before,
            Parsed::Input(used, input) => {
                inputs.push(input);
                used - before
            }
            Parsed::PasteBegins(used) => {
                self.paste = Some(Vec::new());
                used - before
            }
        };
        self.pending.drain(..used.min(self.pending.len()));
    }

    /// Drops what belongs to a long answer of the terminal, up to its end mark.
    fn skip_string(&mut self) {
        if self.is_in_string && !self.pending.is_empty() {
            self.is_in_string = !self.pending.iter().any(|byte| is_string_end(*byte));
            self.pending.clear();
        }
    }
}

fn text(paste: &[u8]) -> String {
    String::from_utf8_lossy(paste).into_owned()
}

/// Whether bytes begin an answer of the terminal that goes on up to an end mark.
fn is_string(bytes: &[u8]) -> bool {
    matches!(bytes, [0x1b, b']' | b'P' | b'_' | b'^', ..])
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
