//! How the rows of the terminal are shared out. Both the core (for what a page is) and the view (for
//! where things stand) ask here, so they cannot disagree.
//!
//! ```text
//!  header
//!  title, and on the list the column headings
//!  body: list, details, form, review
//!  (blank)
//!  places that cannot be read, requests that wait
//!  In progress, and its rows
//!  note: what just happened
//!  footer: what can be done
//! ```

use jiff::Zoned;

/// From this height on there is room for headings and blank rows.
pub const ROOMY: u16 = 16;
/// The column at which values stand in details.
pub const VALUE_COLUMN: u16 = 19;

/// How wide a page is, and the moment and zone that its times are told for.
#[derive(Clone, Copy, Debug)]
pub struct PageLayout<'a> {
    /// The columns.
    pub columns: u16,
    /// Now, in this machine's time zone.
    pub now: &'a Zoned,
}

/// The heights of the parts, in rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The places of several that cannot be read.
    pub failed: u16,
    /// The requests that wait for their cluster.
    pub waiting: u16,
    /// The pane: its heading and its rows.
    pub pane: u16,
    /// What just happened.
    pub note: u16,
    /// What can be done.
    pub footer: u16,
}

impl Layout {
    /// How many lines below a table tell in full what its row under the cursor has no room for.
    pub fn story_rows(&self) -> u16 {
        if self.body >= 8 { 2 } else { 0 }
    }

    /// How many rows of such a table are shown at once.
    pub fn rows_above_story(&self) -> usize {
        usize::from(self.body - self.story_rows())
    }

    /// How many rows of a list, or lines of a text, are shown at once.
    pub fn body_rows(&self) -> usize {
        usize::from(self.body)
    }

    /// How many snapshots in progress are shown at once.
    pub fn pane_rows(&self) -> usize {
        usize::from(self.pane.saturating_sub(1))
    }
}
