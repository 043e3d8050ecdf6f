//! How the rows of the terminal are shared out. Both the core (for what a page is) and the view (for
//! where things stand) ask here, so they cannot disagree.
//!
//! ```text
//!  header
//!  title, and on the list the column headings
//!  body: list, details, form, review
//!  (blank)
//!  In progress, and its rows
//!  note: what just happened
//!  footer: what can be done
//! ```

use crate::domain::text::wrap;

use super::{App, Overlay, Screen};

/// From this height on there is room for headings and blank rows.
const ROOMY: u16 = 16;
/// The most lines of a note.
const MAX_NOTE: u16 = 5;
/// The column at which values stand in details.
pub const VALUE_COLUMN: u16 = 19;
/// The rows of the form above its tags: label, field, hint, blank, heading, columns.
pub const FORM_TOP: u16 = 6;
/// The rows of the form below its tags: blank and two lines of checks.
pub const FORM_CHECKS: u16 = 4;

/// The heights of the parts, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Account, Region, endpoint.
    pub header: u16,
    /// What the screen is about.
    pub title: u16,
    /// The column headings of the list.
    pub columns: u16,
    /// The body.
    pub body: u16,
    /// Blank rows before the pane.
    pub gap: u16,
    /// The pane: its heading and its rows.
    pub pane: u16,
    /// What just happened.
    pub note: u16,
    /// What can be done.
    pub footer: u16,
}

impl Layout {
    /// Shares out the rows for what is shown now.
    #[must_use]
    pub fn of(app: &App) -> Self {
        let (width, height) = app.viewport;
        let is_list = app.screen == Screen::Clusters && app.overlay != Some(Overlay::Help);
        let roomy = height >= ROOMY;
        let header = u16::from(height >= 4);
        let footer = u16::from(height >= 3);
        let title = u16::from(height >= 6);
        let is_history = app.screen == Screen::History && app.overlay != Some(Overlay::Help);
        let columns = u16::from(roomy && (is_list || is_history));
        let gap = u16::from(roomy);
        // On a small screen the body keeps two rows, whatever there is to tell.
        let note = note_rows(app, width).min(height.saturating_sub(header + footer + title + 4));
        let wanted = u16::try_from(app.pane.rows.len()).unwrap_or(u16::MAX);
        let most = match (is_list, roomy) {
            (true, true) => height / 4,
            (true, false) => 2,
            (false, true) => u16::from(height >= 24),
            (false, false) => 0,
        };
        let most = if note > 0 && !roomy { most.min(1) } else { most };
        let pane = if height >= 8 { 1 + wanted.min(most) } else { 0 };
        let used = header + title + columns + gap + pane + note + footer;
        Self { header, title, columns, body: height.saturating_sub(used), gap, pane, note, footer }
    }

    /// How many clusters are shown at once.
    #[must_use]
    pub fn list_rows(&self) -> usize {
        usize::from(self.body)
    }

    /// How many lines of a text are shown at once.
    #[must_use]
    pub fn body_rows(&self) -> usize {
        usize::from(self.body)
    }

    /// How many snapshots in progress are shown at once.
    #[must_use]
    pub fn pane_rows(&self) -> usize {
        usize::from(self.pane.saturating_sub(1))
    }

    /// How many rows of tags the form shows at once.
    #[must_use]
    pub fn tag_rows(&self) -> usize {
        usize::from(self.body.saturating_sub(FORM_TOP + self.form_checks()))
    }

    /// How many rows the form has for what is known before the request.
    #[must_use]
    pub fn form_checks(&self) -> u16 {
        if self.body >= FORM_TOP + FORM_CHECKS + 3 { FORM_CHECKS } else { 0 }
    }
}

fn note_rows(app: &App, width: u16) -> u16 {
    let room = usize::from(width.saturating_sub(4)).max(1);
    let lines = app.note.as_ref().map_or(0, |note| wrap(&note.text, room).len());
    let banner = app.banner().map_or(0, |banner| wrap(&banner, room).len());
    u16::try_from(lines + banner).unwrap_or(MAX_NOTE).min(MAX_NOTE)
}
