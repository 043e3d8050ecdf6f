//! The identifier, with a mark under the first character that breaks a rule.

use ratatui::layout::Rect;

use crate::app::drafts::fields::Field;
use crate::app::drafts::form::Form;
use crate::app::screens::form::checks::doubt_of_name;
use crate::domain::failure::FailureKind;
use crate::domain::preflight::Known;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::{self, IdProblem, MAX_CHARS};

use super::super::paint::{Paint, row};
use super::super::theme::Role;
use super::{FIELD, draw_input};

/// What to do about a name that is taken.
const PROPOSES: &str = "‹ctrl-t:propose_name› proposes a free name";

pub fn draw(form: &Form, paint: &mut Paint<'_>, area: Rect) {
    let label = row(area, 0);
    let is_focused = form.fields.focus == Field::Name;
    let role = if is_focused { Role::Heading } else { Role::Plain };
    let column = paint.line(label, FIELD, &[(role, "Snapshot identifier")]);
    let chars = form.fields.name.value().chars().count();
    let count = format!("{chars}/{MAX_CHARS}");
    paint.right(label, column, &[(if chars > MAX_CHARS { Role::Bad } else { Role::Quiet }, &count)]);
    let field = row(area, 1);
    let width = field.width.saturating_sub(FIELD + 1);
    let shift = draw_input(&form.fields.name, None, is_focused, paint, (field, FIELD, width));
    let hint = row(area, 2);
    let problems = snapshot_id::problems(form.fields.name.value());
    match problems.first() {
        Some(first) => draw_problem(form.fields.name.value(), *first, &problems, shift, paint, hint),
        None => draw_use(form, paint, hint),
    }
}

/// The rule that is broken, with a mark under the character where that is in sight.
fn draw_problem(
    name: &str,
    first: IdProblem,
    problems: &[IdProblem],
    shift: usize,
    paint: &mut Paint<'_>,
    row: Rect,
) {
    let text = snapshot_id::told(problems);
    let upto = |count: usize| usize::from(paint.columns_of(&name.chars().take(count).collect::<String>()));
    // A mark that is drawn over the character before it has no column of its own.
    let (start, end) = (upto(first.at), upto(first.at + 1));
    let place = if end > start { start } else { end.saturating_sub(1) };
    let end_of_field = usize::from(row.width.saturating_sub(FIELD + 1));
    let Some(place) = place.checked_sub(shift).filter(|place| *place < end_of_field) else {
        let text = format!("at character {}: {text}", first.at + 1);
        paint.line(row, FIELD, &[(Role::Bad, &text)]);
        return;
    };
    let column = FIELD + u16::try_from(place).unwrap_or(u16::MAX);
    let marker = paint.symbols().marker;
    let behind = paint.line(row, column, &[(Role::Bad, marker)]) + 1;
    let width = paint.columns_of(&text);
    // On the side of the mark that has more room, the right one where it fits.
    let before = column.saturating_sub(FIELD + 1);
    if row.width.saturating_sub(behind) >= width.min(before) {
        paint.line(row, behind, &[(Role::Bad, &text)]);
    } else {
        let start = (column - 1).saturating_sub(width).max(FIELD);
        paint.cell(row, start, column - 1 - start, Role::Bad, &text);
    }
}

/// What will be stored, and whether the name is free.
fn draw_use(form: &Form, paint: &mut Paint<'_>, row: Rect) {
    let world = paint.world;
    let name = form.fields.name.value();
    if form.refusal_is_about_name() {
        let told = form.refusal.as_ref().map(|failure| match failure.kind {
            FailureKind::SnapshotExists => format!("taken; {}", paint.told(PROPOSES)),
            _ => format!("not created: {failure}"),
        });
        let told = told.unwrap_or_default();
        paint.line(row, FIELD, &[(Role::Bad, &told)]);
        return;
    }
    let stored = name.to_ascii_lowercase();
    let lowered = if stored == name { String::new() } else { format!("stored as {stored}; ") };
    let catalog = &world.at(form.place).catalog;
    let (role, told) = match catalog.taken_by(name) {
        // Another name is not advised: the open request may have made this one.
        _ if world.is_open(form.place, name) => {
            let told = paint.told("a request for it is open or waits; ‹ctrl-l:look_again› looks it up");
            (Role::Bad, told.into_owned())
        }
        Known::Is(None) if catalog.not_relisted(name).is_some() => {
            (Role::Doubt, format!("{lowered}it was free; the list could not be read anew"))
        }
        Known::Is(None) => match doubt_of_name(world, form) {
            Some(doubt) => (Role::Doubt, format!("{lowered}{doubt}")),
            None => (Role::Good, format!("{lowered}the name is free")),
        },
        Known::Is(Some(taken)) => (Role::Bad, told_taken(taken, form, paint, row)),
        _ if catalog.snapshots.failure.is_some() => {
            (Role::Doubt, format!("{lowered}whether it is free is not known: the list was not read"))
        }
        _ => (Role::Doubt, format!("{lowered}whether it is free is not known yet, still loading")),
    };
    paint.line(row, FIELD, &[(role, &told)]);
}

/// By what it is taken and what to do, or what to do where there is no room for both: the checks say the rest.
fn told_taken(taken: &Snapshot, form: &Form, paint: &Paint<'_>, row: Rect) -> String {
    let of = match &taken.cluster {
        Some(cluster) if *cluster == form.cluster => " of this cluster".to_owned(),
        Some(cluster) => format!(" of {cluster}"),
        None => String::new(),
    };
    let proposes = paint.told(PROPOSES);
    let whole = format!("taken by a snapshot{of} ({}); {proposes}", taken.status);
    let fits = paint.columns_of(&whole) < row.width.saturating_sub(FIELD);
    if fits { whole } else { format!("taken; {proposes}") }
}
