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

use crate::domain::text::{truncate, wrap};

use super::keymap::Focus;
use super::screens::Shape;
use super::screens::form::{Field, Form, checks};
use super::ui::Ui;
use super::world::World;

/// From this height on there is room for headings and blank rows.
const ROOMY: u16 = 16;
/// The most lines of a note.
const MAX_NOTE: u16 = 5;
/// The column at which values stand in details.
pub const VALUE_COLUMN: u16 = 19;
/// From this height of the body on the form has blank rows and column headings.
const ROOMY_FORM: u16 = 14;

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
    /// Shares out the rows for what is shown now.
    #[must_use]
    pub fn of(world: &World, ui: &Ui) -> Self {
        let (width, height) = world.viewport;
        let shape = ui.screen().shape();
        let is_list = shape == Shape::Home;
        let roomy = height >= ROOMY;
        let header = u16::from(height >= 4);
        let footer = u16::from(height >= 3);
        let title = u16::from(height >= 6);
        let columns = u16::from(roomy && (is_list || shape == Shape::Table));
        let gap = u16::from(roomy);
        // On a small screen the body keeps a few rows, whatever there is to tell.
        let wanted_note = note_rows(world, ui, width);
        let kept = if shape == Shape::Form { 3 } else { 2 };
        let note = wanted_note.min(height.saturating_sub(header + footer + title + kept + 2));
        let wanted = u16::try_from(world.place().followed.rows.len()).unwrap_or(u16::MAX);
        let most = match (is_list, roomy) {
            (true, true) => height / 4,
            (true, false) => 2,
            (false, true) => match height {
                36.. => 3,
                24.. => 1,
                _ => 0,
            },
            (false, false) => 0,
        };
        let most = if note > 0 && !roomy { most.min(1) } else { most };
        let pane = if height >= 8 { 1 + wanted.min(most) } else { 0 };
        // Where the pane is a heading only, it gives way to what has to be told.
        let (pane, note) =
            if pane == 1 && !is_list && note < wanted_note { (0, note + 1) } else { (pane, note) };
        let waits = u16::try_from(world.place().waits.rows.len()).unwrap_or(u16::MAX);
        let waiting = waits.min(if roomy { 3 } else { u16::from(height >= 9) });
        let used = header + title + columns + gap + waiting + pane + note + footer;
        Self { header, title, columns, body: height.saturating_sub(used), gap, waiting, pane, note, footer }
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
}

/// The heights of the form's parts, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormLayout {
    /// Whether there is room for blank rows and column headings.
    pub is_roomy: bool,
    /// Label, identifier and hint; the heading of the tags.
    pub top: u16,
    /// The rows of tags.
    pub tags: u16,
    /// What is known before the request, with its heading.
    pub checks: u16,
    /// The button that leads to the review.
    pub button: u16,
}

impl FormLayout {
    /// Shares out the rows of the body: where they are scarce, what has the focus has more of them.
    #[must_use]
    pub fn of(world: &World, form: &Form, body: u16) -> Self {
        let is_roomy = body >= ROOMY_FORM;
        let is_in_tags = matches!(form.focus, Field::Key(_) | Field::Value(_));
        // On the fewest rows the identifier gives way to the tag that is being typed.
        let top = if is_roomy {
            6
        } else if body < 6 && is_in_tags {
            1
        } else {
            4
        };
        let top = top.min(body);
        let button = u16::from(body > top);
        let rest = body - top - button;
        let all = checks::checks(world, form, world.heard_at);
        let rows = u16::try_from(checks::rows(&all, world.columns()).len()).unwrap_or(u16::MAX);
        let wanted = rows.saturating_add(if is_roomy { 2 } else { 1 });
        let wanted_tags = u16::try_from(form.tags.count()).unwrap_or(u16::MAX).max(1);
        if wanted_tags.saturating_add(wanted) <= rest {
            return Self { is_roomy, top, tags: wanted_tags, checks: wanted, button };
        }
        let checks = if form.focus == Field::Review {
            wanted.min(rest.saturating_sub(1))
        } else {
            wanted.min(rest.saturating_sub(wanted_tags).max(rest / 2))
        };
        Self { is_roomy, top, tags: rest - checks, checks, button }
    }
}

/// The lines of the banner; where something else is to be told too, it leaves room for that.
#[must_use]
pub fn banner_rows(world: &World, ui: &Ui, width: u16) -> Vec<String> {
    let room = usize::from(width.saturating_sub(4)).max(1);
    let focus = ui.focus(world);
    let refreshes = matches!(focus, Focus::Clusters | Focus::Pane | Focus::Details | Focus::Snapshots);
    let Some(banner) = world.place().banner(refreshes) else { return Vec::new() };
    let mut lines = wrap(&banner, room);
    let most = match (ui.note(world), world.viewport.1 >= ROOMY) {
        (None, _) => usize::from(MAX_NOTE),
        (Some(_), true) => 2,
        (Some(_), false) => 1,
    };
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = truncate(&format!("{last} ..."), room, "...").into_owned();
        }
    }
    lines
}

/// Whether there is room for all that is known of the snapshot under the pane's cursor.
#[must_use]
pub fn has_story(world: &World, ui: &Ui) -> bool {
    world.notices.note.is_none() && ui.focus(world) == Focus::Pane
}

fn note_rows(world: &World, ui: &Ui, width: u16) -> u16 {
    let room = usize::from(width.saturating_sub(4)).max(1);
    let lines = ui.note(world).map_or(0, |note| wrap(&note.text, room).len());
    let banner = banner_rows(world, ui, width).len();
    u16::try_from(lines + banner + usize::from(has_story(world, ui))).unwrap_or(MAX_NOTE).min(MAX_NOTE)
}
