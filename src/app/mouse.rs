//! What the mouse does, where it is listened to: the wheel moves, a click goes to what is under it.

use super::effect::Effects;
use super::keymap::Focus;
use super::layout::Layout;
use super::list::Motion;
use super::message::Mouse;
use super::{App, Screen};

/// Rows of a turn of the wheel.
const TURN: usize = 3;

impl App {
    pub(super) fn on_mouse(&mut self, mouse: Mouse) -> Effects {
        match mouse {
            Mouse::WheelUp => self.turn(Motion::Up),
            Mouse::WheelDown => self.turn(Motion::Down),
            Mouse::Click { row, .. } => self.click(row),
        }
        self.fit();
        Vec::new()
    }

    /// In a field and in a question the wheel moves nothing.
    fn turn(&mut self, motion: Motion) {
        let focus = self.focus();
        if matches!(focus, Focus::Form | Focus::Tags | Focus::Buttons | Focus::Typing | Focus::Leaving) {
            return;
        }
        for _ in 0..TURN {
            self.go(focus, motion);
        }
    }

    /// A click in the list or in the pane puts the cursor there. It never confirms anything.
    fn click(&mut self, row: u16) {
        if self.screen != Screen::Clusters || self.overlay.is_some() {
            return;
        }
        let layout = Layout::of(self);
        let list = layout.header + layout.title + layout.columns;
        let pane = list + layout.body + layout.gap + layout.waiting + 1;
        let (list_room, pane_room) = (layout.list_rows(), layout.pane_rows());
        if let Some(at) = row.checked_sub(pane) {
            let at = self.pane.cursor.offset() + usize::from(at);
            if at < self.pane.rows.len() && usize::from(row - pane) < pane_room {
                self.is_pane_focused = true;
                self.pane.put(at, pane_room);
            }
        } else if let Some(at) = row.checked_sub(list).filter(|at| usize::from(*at) < list_room) {
            let at = self.list.cursor.offset() + usize::from(at);
            if at < self.list.rows.len() {
                self.is_pane_focused = false;
                self.list.put(at, &self.catalog, list_room);
            }
        }
    }
}
