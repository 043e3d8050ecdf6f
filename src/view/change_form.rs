//! The form of a change: its id, the template of its names, the tags for all, and what stands in the way.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::Now;
use crate::app::asked;
use crate::app::drafts::change::ChangeDraft;
use crate::app::drafts::fields::{Field, Fields};
use crate::app::screens::change_form;
use crate::app::screens::form::checks::{Check, Verdict, rows as rows_of};
use crate::app::world::World;
use crate::domain::tag::Tag;

use super::form::tags::Shown;
use super::form::{FIELD, checks, draw_button, draw_input, tags};
use super::paint::{Paint, row};
use super::theme::Role;

/// From this height on there is room for hints and blank rows.
const ROOMY: u16 = 14;

pub fn draw(world: &World, paint: &mut Paint<'_, '_>, [title, body]: [Rect; 2], now: &Now) {
    let Some(draft) = &world.drafts.change else { return };
    let heading = format!("New snapshots of {} clusters", draft.parts.len());
    paint.line(title, 1, &[(Role::Heading, &heading)]);
    let is_roomy = body.height >= ROOMY;
    let focus = draft.fields.focus;
    let of_field = |field: Field| match (is_roomy, focus == field) {
        (true, _) => 3,
        (false, true) => 2,
        (false, false) => 1,
    };
    let names = asked::names(world, draft, now);
    let known = all_checks(world, draft, &names);
    let wanted = u16::try_from(rows_of(&known, body.width).len()).unwrap_or(u16::MAX);
    let parts = [
        Constraint::Length(of_field(Field::Change)),
        Constraint::Length(of_field(Field::Name)),
        Constraint::Length(if is_roomy { 2 } else { 1 }),
        Constraint::Min(1),
        Constraint::Length(if is_roomy { wanted + 2 } else { 0 }),
        Constraint::Length(1),
    ];
    let [change, name, heading, rows, below, button] = Layout::vertical(parts).areas(body);
    draw_field(draft, Field::Change, "Change id", paint, change);
    draw_field(draft, Field::Name, "Names", paint, name);
    draw_hint(draft, names.first(), paint, name);
    tags::draw_heading(&draft.fields, rows.height, paint, heading);
    tags::draw(&draft.fields, &shown(world, draft), paint, rows);
    checks::draw(focus == Field::Review, known.clone(), paint, below, is_roomy);
    draw_button(focus == Field::Review, &known, paint, button);
}

fn shown(world: &World, draft: &ChangeDraft) -> Shown {
    let key = world.policy.mark_key.0.as_ref().filter(|_| draft.fields.tags.with_mark);
    Shown {
        offer: change_form::offer(world, draft),
        mark: key.map(|key| Tag::new(key, "one each")),
        missing: Vec::new(),
        untagged: "none for all: each snapshot has its cluster's own, if so said above",
    }
}

/// A field of one line, with its label above it, or before it where rows are scarce.
fn draw_field(draft: &ChangeDraft, field: Field, label: &str, paint: &mut Paint<'_, '_>, area: Rect) {
    let Fields { change, name, focus, .. } = &draft.fields;
    let input = if field == Field::Change { change.as_ref().unwrap_or(name) } else { name };
    let is_focused = *focus == field;
    let role = if is_focused { Role::Heading } else { Role::Plain };
    let column = paint.line(row(area, 0), FIELD, &[(role, label)]);
    let (line, at) = if area.height > 1 { (row(area, 1), FIELD) } else { (row(area, 0), column + 2) };
    let room = line.width.saturating_sub(at + 1);
    draw_input(input, None, is_focused, paint, (line, at, room));
}

/// The first of the names, as they would be now.
fn draw_hint(draft: &ChangeDraft, first: Option<&String>, paint: &mut Paint<'_, '_>, area: Rect) {
    if let Some(first) = first.filter(|_| area.height > 2) {
        let others = draft.parts.len().saturating_sub(1);
        let hint = format!("as {first}, and {others} more: the review has them");
        paint.line(row(area, 2), FIELD, &[(Role::Quiet, &hint)]);
    }
}

/// What is known of the whole before its review.
fn all_checks(world: &World, draft: &ChangeDraft, names: &[String]) -> Vec<Check> {
    let check = Check::new;
    let mut checks: Vec<Check> = change_form::blockers(draft)
        .into_iter()
        .map(|it| check(Verdict::Blocks, it.text).brief(it.brief))
        .collect();
    let asked = asked::asked(world, draft, names);
    checks.extend(asked::against_all(world, &asked).into_iter().map(|text| check(Verdict::Blocks, text)));
    let count = |is: fn(&asked::Asked) -> bool| asked.iter().filter(|one| one.is_in() && is(one)).count();
    if checks.is_empty() {
        let against = count(|one| !one.obstacles.is_empty());
        if against > 0 {
            let text = format!("something stands against {against} of them: the review says what");
            checks.push(check(Verdict::Doubt, text).brief(format!("{against} with an obstacle")));
        }
    }
    let waits = count(|one| one.waits);
    if waits > 0 {
        let text = format!("{waits} wait until their cluster is available");
        checks.push(check(Verdict::Doubt, text).brief(format!("{waits} wait")));
    }
    let production = asked::production(world, &asked).count();
    if production > 0 {
        let text =
            format!("PRODUCTION: {production} of them; the count and the id of the change have to be typed");
        checks.push(check(Verdict::Doubt, text).brief(format!("PRODUCTION: {production} of them")));
    }
    checks
}
