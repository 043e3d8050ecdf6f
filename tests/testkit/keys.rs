//! Keys by name: a test of the screen is one line of them, `"j j s ctrl-s y"`.

use clustersnap::app::keymap::{KeyCode, KeyEvent, KeyModifiers};

/// The keys of a line of names, divided by blanks: those that the help shows, `space`, and any other character.
pub fn keys(line: &str) -> impl Iterator<Item = KeyEvent> {
    line.split(' ').map(key)
}

/// A text, character by character.
pub fn text(text: &str) -> impl Iterator<Item = KeyEvent> {
    text.chars().map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE))
}

/// One key by its name.
pub fn key(name: &str) -> KeyEvent {
    let (modifiers, rest) = match name.strip_prefix("ctrl-") {
        Some(rest) => (KeyModifiers::CONTROL, rest),
        None => (KeyModifiers::NONE, name),
    };
    let code = match rest {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backspace" => KeyCode::Backspace,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "end" => KeyCode::End,
        "pagedown" => KeyCode::PageDown,
        "space" => KeyCode::Char(' '),
        one => KeyCode::Char(one.chars().next().expect("a key")),
    };
    KeyEvent::new(code, modifiers)
}
