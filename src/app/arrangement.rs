//! How the rows of the terminal are shared out for what is shown now, and what of it is told above the footer.

use crate::domain::text::{truncate, wrap};

use super::keymap::Focus;
use super::layout::{Layout, ROOMY};
use super::place::Place;
use super::place::waits::WaitingRequest;
use super::screens::Shape;
use super::ui::Ui;
use super::world::World;

/// The most lines of a note, where the terminal is not tall.
const MAX_NOTE: u16 = 5;
/// From this width on what is said of a snapshot fits one line.
const WIDE: u16 = 120;

/// Shares out the rows for what is shown now.
pub fn layout(world: &World, ui: &Ui) -> Layout {
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
    // What is told has a row on the smallest, too: nowhere else it would be seen that something failed.
    let kept = match height {
        ..8 => 2,
        _ if shape == Shape::Form || ui.focus(world) == Focus::Typing => 5,
        _ => 4,
    };
    let note = wanted_note.min(height.saturating_sub(header + footer + title + kept));
    let wanted = u16::try_from(world.places.followed().len()).unwrap_or(u16::MAX);
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
    // Where the pane is a heading only, it gives way to what has to be told; an empty one does so wherever rows are
    // scarce.
    let is_in_the_way = pane == 1 && !is_list;
    let (pane, note) = match (is_in_the_way, note < wanted_note) {
        (true, true) => (0, note + 1),
        (true, false) if wanted == 0 && !roomy => (0, note),
        _ => (pane, note),
    };
    let waits = u16::try_from(waits(world, ui).count()).unwrap_or(u16::MAX);
    let waiting = waits.min(if roomy { 3 } else { u16::from(height >= 9) });
    let failed = u16::try_from(world.places.failed().len()).unwrap_or(u16::MAX);
    let failed =
        if shape == Shape::Home || shape == Shape::Table { failed.min(if roomy { 4 } else { 1 }) } else { 0 };
    let used = header + title + columns + gap + failed + waiting + pane + note + footer;
    let body = height.saturating_sub(used);
    Layout { header, title, columns, body, gap, failed, waiting, pane, note, footer }
}

/// The requests that wait, each with its place, but for those of which the screen on top has a row.
pub fn waits<'a>(world: &'a World, ui: &'a Ui) -> impl Iterator<Item = (&'a Place, &'a WaitingRequest)> {
    let all = world.places.iter().flat_map(|place| place.waits.rows.iter().map(move |row| (place, row)));
    all.filter(|(_, waiting)| !ui.covered().has_wait(&waiting.wait.token, world))
}

/// The lines of the banner; where something else is to be told too, it leaves room for that.
pub fn banner_rows(world: &World, ui: &Ui, width: u16) -> Vec<String> {
    let room = usize::from(width.saturating_sub(4)).max(1);
    let focus = ui.focus(world);
    let refreshes = matches!(focus, Focus::Clusters | Focus::Pane | Focus::Details | Focus::Snapshots);
    // These say it themselves.
    if matches!(focus, Focus::Code | Focus::Login) {
        return Vec::new();
    }
    let Some(banner) = world.places.banner(refreshes) else { return Vec::new() };
    let mut lines = wrap(&world.keymap.told(&banner, focus), room);
    let most = match (ui.note(world), world.viewport.1 >= ROOMY) {
        (None, _) => usize::from(most_note(world)),
        (Some(_), true) => 2,
        (Some(_), false) => 1,
    };
    if lines.len() > most {
        if most == 1 {
            lines = world.places.banner_in_short().into_iter().collect();
        }
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let ellipsis = if world.look.unicode { "…" } else { "..." };
            *last = truncate(&format!("{}{ellipsis}", last.trim_end()), room, ellipsis).into_owned();
        }
    }
    lines
}

/// Whether there is room for all that is known of the snapshot under the pane's cursor.
pub fn has_story(world: &World, ui: &Ui) -> bool {
    world.notices.note().is_none() && ui.focus(world) == Focus::Pane
}

fn note_rows(world: &World, ui: &Ui, width: u16) -> u16 {
    let room = usize::from(width.saturating_sub(4)).max(1);
    let lines = ui.note(world).map_or(0, |note| wrap(&note.text, room).len());
    let banner = banner_rows(world, ui, width).len();
    // An identifier and what is said of it may not fit a narrow line.
    let story = match (has_story(world, ui), width < WIDE && world.viewport.1 >= ROOMY) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => 2,
    };
    u16::try_from(lines + banner + story).unwrap_or(u16::MAX).min(most_note(world))
}

/// The most lines of a note: more on a tall terminal.
fn most_note(world: &World) -> u16 {
    MAX_NOTE.max(world.viewport.1 / 6)
}
