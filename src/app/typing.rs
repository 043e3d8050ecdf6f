//! What keys, pastes and what arrives at once do: a key of the table, or text for the field that has the focus.
//!
//! What arrives at once, faster than anyone types, is a paste that the terminal did not mark, or the keys that a slow
//! link has gathered. It is text where text is wanted, and confirms nothing anywhere.

use super::keymap::{Action, FIELDS, FILTERS, FORM, Focus, KeyCode, KeyEvent, KeyModifiers};
use super::note::Tone;
use super::overrides;
use super::screens::Text;
use super::ui::Ui;
use super::world::World;

/// Whether a key, pressed now, would confirm something or press a button.
pub fn confirms(key: KeyEvent, ui: &Ui, world: &World) -> bool {
    let is_text = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    is_text && world.keymap.action(ui.focus(world), key).is_some_and(Action::confirms)
}

/// Takes a key.
pub fn key(key: KeyEvent, ui: &mut Ui, world: &mut World) {
    if let Some(action) = world.keymap.action(ui.focus(world), key) {
        ui.act(action, world);
    } else if let Some(request) = overrides::edit(key)
        && !ui.take_text(Text::Key(request), world)
    {
        tell_dead_key(key, ui, world);
    }
}

/// Takes a key that came with others: it does what it does, unless that confirms something.
pub fn key_in_burst(event: KeyEvent, ui: &mut Ui, world: &mut World) {
    let quits = world.keymap.action(ui.focus(world), event) == Some(Action::Quit);
    if !confirms(event, ui, world) && (!quits || event.modifiers.contains(KeyModifiers::CONTROL)) {
        return key(event, ui, world);
    }
    ui.say("Keys that arrive all at once, as pasted ones do, confirm nothing: press it once more.", world);
}

/// Takes a paste: text for the field that has the focus; elsewhere it is nothing.
pub fn paste(text: &str, ui: &mut Ui, world: &mut World) {
    if !ui.take_text(Text::Pasted(text), world) {
        ui.say("What is pasted is text, and no field is open for it.", world);
    }
}

/// Takes text that came at once for the field. Where there is none, its first character may be the key that opens a
/// filter or the palette, for the rest of it.
pub fn burst(text: &str, ui: &mut Ui, world: &mut World) {
    let focus = ui.focus(world);
    if FIELDS.contains(&focus) || FORM.contains(&focus) {
        return take_burst(text, ui, world);
    }
    let mut characters = text.chars();
    let first = characters.next().map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    let opens = |action: &Action| matches!(action, Action::Filter | Action::Palette);
    let Some(action) = first.and_then(|key| world.keymap.action(focus, key)).filter(opens) else {
        return ui.say("What arrives all at once is text, and no field is open for it.", world);
    };
    ui.act(action, world);
    take_burst(characters.as_str(), ui, world);
}

fn take_burst(text: &str, ui: &mut Ui, world: &mut World) {
    ui.take_text(Text::Burst(text), world);
    if FILTERS.contains(&ui.focus(world)) && text.ends_with('\n') {
        ui.act(Action::KeepFilter, world);
    }
}

/// Says of a key that it does nothing here, once on a screen. What stands there stays if it is more than a remark.
fn tell_dead_key(key: KeyEvent, ui: &mut Ui, world: &mut World) {
    let KeyCode::Char(c) = key.code else { return };
    let focus = ui.focus(world);
    let stands = world.notices.note().is_some_and(|note| note.tone != Tone::Neutral);
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) || (ui.prompt.is_none() && stands)
    {
        return;
    }
    // Of characters that no plain keyboard has none does anything: one of them speaks for all.
    let what = if c.is_ascii() { c } else { char::REPLACEMENT_CHARACTER };
    if !world.notices.is_first_dead_key(focus, what) {
        return;
    }
    let text = if c.is_ascii() {
        match focus {
            Focus::Help => {
                format!("{c} does nothing in the list of keys; ‹esc:back› goes back to where it may.")
            }
            // The help would have the keys of the screen behind the question.
            _ if ui.prompt.is_some() => format!("{c} does nothing here: the keys below answer."),
            _ => format!("{c} does nothing here; ‹?:help› lists the keys."),
        }
    } else {
        format!(
            "{c} is no key here: keys are a-z. Switch the keyboard layout; arrows work, and ‹f1:help› lists the keys."
        )
    };
    ui.say(&text, world);
}
