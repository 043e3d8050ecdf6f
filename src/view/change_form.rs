//! The form of a change: its id, the template of its names, the tags for all, and what stands in the way.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::asked;
use crate::app::drafts::change::ChangeDraft;
use crate::app::drafts::fields::{Field, Fields};
use crate::app::screens::change_form;
use crate::app::screens::change_form::checks as change_checks;
use crate::app::screens::change_form::layout::ChangeLayout;
use crate::app::screens::form::checks::rows as rows_of;
use crate::app::world::World;
use crate::domain::tag::{MAX_TAGS, Tag};

use super::form::tags::Shown;
use super::form::{FIELD, checks, draw_button, draw_input, tags};
use super::paint::{Paint, below, row};
use super::table::HiddenRows;
use super::theme::Role;

/// Below so many columns there is hardly room for the count of the tags.
const NARROW: u16 = 60;

pub fn draw(paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let world = paint.world;
    let Some(draft) = &world.drafts.change else { return };
    let count = draft.parts.len();
    let heading = format!("New snapshots of {count} cluster{}", if count == 1 { "" } else { "s" });
    let column = paint.line(title, 1, &[(Role::Heading, &heading)]);
    paint.title_end(title, column, &HiddenRows::default(), (Role::Doubt, "nothing is sent yet"));
    let names = asked::names(world, draft, paint.now);
    let known = change_checks::checks(world, draft, &names);
    let layout = ChangeLayout::of(draft, body.height);
    let wanted = u16::try_from(rows_of(&known, body.width).len()).unwrap_or(u16::MAX).saturating_add(2);
    let focus = draft.fields.focus;
    let ChangeLayout { is_roomy, change, name, heading, tags: rows, checks } = layout;
    let parts = [change, name, heading, rows, checks.min(wanted), 1].map(Constraint::Length);
    let [change, name, heading, mut rows, checks, button] = Layout::vertical(parts).areas(body);
    draw_field(draft, Field::Change, "Change id", paint, change);
    draw_field(draft, Field::Name, "Names", paint, name);
    draw_hint(draft, &names, paint, name);
    draw_heading(draft, u16::try_from(layout.other_tags()).unwrap_or(u16::MAX), paint, heading);
    if layout.shows_change() {
        draw_change(draft, paint, row(rows, 0));
        rows = below(rows, 1);
    }
    tags::draw(&draft.fields, &shown(world, draft), paint, rows);
    checks::draw(focus == Field::Review, known.clone(), paint, checks, is_roomy);
    draw_button(focus == Field::Review, &known, paint, button);
}

/// The heading of the tags, with how many there are for all and how many one gets at most.
fn draw_heading(draft: &ChangeDraft, room: u16, paint: &mut Paint<'_>, area: Rect) {
    let (all, most) =
        asked::tag_counts(paint.world, draft, draft.parts.iter().filter(|part| !part.is_left_out));
    let is_short = area.width < NARROW || draft.fields.tags.count() > usize::from(room);
    let told = match (all == most, is_short) {
        (_, true) => format!("{most}/{MAX_TAGS}"),
        (true, false) => format!("{all} of {MAX_TAGS}"),
        (false, false) => format!("{all} for all; up to {most} of {MAX_TAGS}"),
    };
    let role = if most > MAX_TAGS { Role::Bad } else { Role::Quiet };
    tags::draw_heading_with(&draft.fields, room, (role, &told), paint, area);
}

/// The tag that says of which change a snapshot is.
fn draw_change(draft: &ChangeDraft, paint: &mut Paint<'_>, row: Rect) {
    let id = draft.id().map_or_else(|_| "the id above".to_owned(), |id| id.to_string());
    let tag = Tag::new(&paint.world.policy.change_key.0, id);
    let told = ["this change: nothing is asked for twice under it", "this change", "change"];
    tags::draw_fixed(&draft.fields, &tag, &told, paint, row);
}

fn shown(world: &World, draft: &ChangeDraft) -> Shown {
    let key = world.policy.mark_key.0.as_ref().filter(|_| draft.fields.tags.with_mark);
    Shown {
        offer: change_form::offer(world, draft),
        mark: key.map(|key| Tag::new(key, "one each")),
        missing: Vec::new(),
        untagged: "no other for all",
    }
}

/// A field of one line, with its label above it, or before it where rows are scarce.
fn draw_field(draft: &ChangeDraft, field: Field, label: &str, paint: &mut Paint<'_>, area: Rect) {
    let Fields { change, name, focus, .. } = &draft.fields;
    let input = if field == Field::Change { change.as_ref().unwrap_or(name) } else { name };
    let is_focused = *focus == field;
    let role = if is_focused { Role::Heading } else { Role::Plain };
    let column = paint.line(row(area, 0), FIELD, &[(role, label)]);
    let (line, at) = if area.height > 1 { (row(area, 1), FIELD) } else { (row(area, 0), column + 2) };
    let room = line.width.saturating_sub(at + 1);
    draw_input(input, None, is_focused, paint, (line, at, room));
}

/// The first of the names, as they would be now; or the one that all of them would have.
fn draw_hint(draft: &ChangeDraft, names: &[String], paint: &mut Paint<'_>, area: Rect) {
    let Some(first) = names.first().filter(|_| area.height > 2) else { return };
    let hint = match draft.parts.len() {
        1 => format!("as {first}"),
        count if !asked::tells_apart(draft) => format!("{first} for all {count}"),
        count => format!("as {first}, and {} more: the review has them", count - 1),
    };
    paint.line(row(area, 2), FIELD, &[(Role::Quiet, &hint)]);
}
