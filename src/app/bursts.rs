//! What arrives at once, faster than anyone types: a paste that the terminal did not mark, or the keys that a
//! slow link has gathered. It is text where text is wanted, and confirms nothing anywhere.

use super::effect::Effects;
use super::keymap::{Action, FIELDS, FORM, Focus, KeyCode, KeyEvent, KeyModifiers};
use super::notes::{Note, Tone};
use super::screens::form::Field;
use super::screens::form::name::{MAX_FILTER_CHARS, inserted};
use super::{App, Now};

impl App {
    /// Whether a key, pressed now, would confirm something or press a button.
    #[must_use]
    pub fn confirms(&self, key: KeyEvent) -> bool {
        let is_text = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        is_text && self.keymap.action(self.focus(), key).is_some_and(Action::confirms)
    }

    /// A key that came with others does what it does, unless that confirms something.
    pub(super) fn on_key_in_burst(&mut self, key: KeyEvent, now: &Now) -> Effects {
        let quits = self.keymap.action(self.focus(), key) == Some(Action::Quit);
        if !self.confirms(key) && (!quits || key.modifiers.contains(KeyModifiers::CONTROL)) {
            return self.on_key(key, now);
        }
        self.nothing_there(
            "Keys that arrive all at once, as pasted ones do, confirm nothing: press it once more.",
        );
        Vec::new()
    }

    /// Text that came at once goes into the field. Where there is none, its first character may be the key that
    /// opens a filter or the palette, for the rest of it.
    pub(super) fn on_burst(&mut self, text: &str, now: &Now) -> Effects {
        let focus = self.focus();
        if FIELDS.contains(&focus) || FORM.contains(&focus) {
            return self.type_burst(focus, text, now);
        }
        let mut characters = text.chars();
        let first = characters.next().map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        let opens = |action: &Action| matches!(action, Action::Filter | Action::Palette);
        let opening = first.and_then(|key| self.keymap.action(focus, key)).filter(opens);
        let Some(action) = opening else {
            self.nothing_there("What arrives all at once is text, and no field is open for it.");
            return Vec::new();
        };
        let mut effects = self.act(focus, action, now);
        effects.extend(self.type_burst(self.focus(), characters.as_str(), now));
        effects
    }

    fn type_burst(&mut self, focus: Focus, text: &str, now: &Now) -> Effects {
        let field = self.form().map(|form| form.focus);
        let is_whole_tag = matches!(field, Some(Field::Key(_))) && text.contains('=');
        if focus == Focus::Tags && !is_whole_tag && !text.contains('\n') {
            // A piece of typed text: nothing at its edges is left out.
            self.with_form(|form| form.insert(text));
            self.note = None;
            self.fit();
            return Vec::new();
        }
        if matches!(focus, Focus::Filter | Focus::HistoryFilter | Focus::SnapshotFilter | Focus::Palette) {
            self.type_line(focus, text);
            let is_kept = text.ends_with('\n') && focus != Focus::Palette;
            return if is_kept { self.act(focus, Action::KeepFilter, now) } else { Vec::new() };
        }
        self.on_paste(text)
    }

    /// Puts text into a filter or the palette's line.
    pub(super) fn type_line(&mut self, focus: Focus, text: &str) {
        let line: String = text.chars().filter(|c| !c.is_control()).collect();
        match focus {
            Focus::Filter => {
                self.list.filter = inserted(&self.list.filter, &line, MAX_FILTER_CHARS);
                self.refilter();
            }
            Focus::Palette => self.type_in_palette(|input| *input = inserted(input, &line, MAX_FILTER_CHARS)),
            Focus::HistoryFilter => {
                self.history.filter = inserted(&self.history.filter, &line, MAX_FILTER_CHARS);
                self.refilter_history();
            }
            Focus::SnapshotFilter => {
                let before = self.snapshots.filter.value().to_lowercase();
                self.snapshots.filter = inserted(&self.snapshots.filter, &line, MAX_FILTER_CHARS);
                self.refilter_snapshots(&before);
            }
            _ => {}
        }
    }

    /// Says of a key that it does nothing here. What was told of a request that is not settled stays.
    pub(super) fn tell_dead_key(&mut self, key: KeyEvent) {
        let KeyCode::Char(c) = key.code else { return };
        if self.has_unknown() || key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
            return;
        }
        let text = if c.is_ascii() {
            format!("{c} does nothing here; ? shows the keys.")
        } else {
            format!("The keyboard writes {c}, which no key of this program is: switch it to Latin letters.")
        };
        if self.note.as_ref().is_none_or(|note| note.tone == Tone::Neutral) {
            self.note = Some(Note::new(Tone::Neutral, &text));
        }
    }
}
