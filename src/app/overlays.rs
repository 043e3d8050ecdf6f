//! What lies over the screens: the help, the messages, the palette.

use super::effect::Effects;
use super::layout::Layout;
use super::list::Motion;
use super::notes::{Note, Tone};
use super::screens::palette::Palette;
use super::{App, Now, Overlay};

impl App {
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
            let text = format!("Not on this screen: {help}. The help tells where each action is.");
            self.note = Some(Note::new(Tone::Neutral, &text));
            return Vec::new();
        }
        self.overlay = None;
        self.act(focus, action, now)
    }
}
