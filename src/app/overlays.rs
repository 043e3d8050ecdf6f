//! What lies over the screens: the help, the messages, the palette.

use std::time::Duration;

use super::effect::Effects;
use super::layout::Layout;
use super::list::Motion;
use super::notes::{Note, Tone};
use super::screens::palette::Palette;
use super::screens::pane::State;
use super::{App, Now, Overlay};

/// What came by itself stays so long at least, whatever is typed meanwhile: nobody has read it before.
const TIME_TO_READ: Duration = Duration::from_secs(5);

impl App {
    /// Keeps what is told among the messages; `told` is whether a person did what happened, and the note
    /// before it. A key that would put a note away which came by itself just now does not.
    pub(super) fn keep_note(&mut self, (is_by_hand, before): (bool, Option<Note>), now: &Now) {
        let is_new = self.note.is_some() && self.note != before;
        if is_new {
            self.messages.came_at = (!is_by_hand).then_some(now.mono);
        }
        let is_unread = self.messages.came_at.is_some_and(|at| now.mono.saturating_sub(at) < TIME_TO_READ);
        if is_by_hand && is_unread && self.note.is_none() {
            self.note = before;
        }
        self.messages.keep(self.note.as_ref(), now.at());
    }

    /// Tells something that came by itself and is not about a request of this person's. While one of those
    /// is not known, that stays in sight, and this is a message only.
    pub(super) fn tell_of_others(&mut self, note: Note, now: &Now) {
        let is_doubt = self.note.as_ref().is_some_and(|note| note.tone == Tone::Doubt);
        if is_doubt && self.has_unknown() {
            self.messages.add(note, now.at());
        } else {
            self.note = Some(note);
        }
    }

    /// Whether the outcome of a request is not known yet.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        self.pane.rows.iter().any(|row| matches!(row.state, State::Unknown(_)))
    }

    /// Whether a request that is still open is in no journal.
    #[must_use]
    pub fn has_unwritten(&self) -> bool {
        self.pane.rows.iter().any(|row| row.is_unwritten && row.state.is_unsettled())
    }

    pub(super) fn open(&mut self, overlay: Overlay) {
        self.overlay = Some(overlay);
        match overlay {
            Overlay::Help => self.help = 0,
            Overlay::Messages => self.messages.offset = 0,
            Overlay::Palette => self.palette = Palette::default(),
            Overlay::Leaving | Overlay::WaitAgain => {}
        }
    }

    /// Moves the cursor of the palette.
    pub(super) fn go_in_palette(&mut self, motion: Motion) {
        let len = self.palette.found(&self.keymap, self.focus_below()).len();
        self.palette.cursor.go(motion, len, Layout::of(self).list_rows());
    }

    /// Changes what is looked for in the palette.
    pub(super) fn type_in_palette(&mut self, change: impl FnOnce(&mut tui_input::Input)) {
        change(&mut self.palette.input);
        self.go_in_palette(Motion::Top);
    }

    /// Does what is under the palette's cursor, as if its key had been pressed on the screen below.
    pub(super) fn run_found(&mut self, now: &Now) -> Effects {
        let focus = self.focus_below();
        let found = self.palette.found(&self.keymap, focus);
        let Some(entry) = found.get(self.palette.cursor.at) else { return Vec::new() };
        let (action, is_here, help) = (entry.row.binding.action, entry.is_here, entry.row.binding.help);
        if !is_here {
            let text = format!("Not available here: {help}. ? tells where each action is.");
            self.note = Some(Note::new(Tone::Neutral, &text));
            return Vec::new();
        }
        self.overlay = None;
        self.act(focus, action, now)
    }
}
