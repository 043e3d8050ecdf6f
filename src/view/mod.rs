//! App -> frame. One file per screen. Reads, never decides.

use ratatui::Frame;

use crate::app::{App, Now};

/// Draws the whole program.
pub fn draw(app: &App, frame: &mut Frame<'_>, now: &Now) {
    let _ = (app, now);
    let _ = frame.area();
}
