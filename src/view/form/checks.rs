//! What is known before the request, with a symbol for what it means; the words say it too.

use ratatui::layout::Rect;

use crate::app::screens::form::checks::{Check, Verdict, rows};

use super::super::paint::{Paint, row};
use super::super::theme::{Role, Symbols};
use super::FIELD;

pub fn draw(
    is_at_review: bool,
    mut checks: Vec<Check>,
    paint: &mut Paint<'_, '_>,
    area: Rect,
    is_roomy: bool,
) {
    let blank = u16::from(is_roomy && area.height > 2);
    let heading = u16::from(area.height > 1);
    let room = area.height.saturating_sub(blank + heading);
    let hidden = rows(&checks, area.width).len().saturating_sub(usize::from(room));
    if hidden > 0 {
        // Where not all fit, what weighs most comes first.
        checks.sort_by_key(|check| check.verdict);
    }
    if heading > 0 {
        let column = paint.line(row(area, blank), FIELD, &[(Role::Heading, "Before the request")]);
        if hidden > 0 && !is_at_review {
            paint.line(row(area, blank), column + 3, &[(Role::Quiet, "more: tab to [ Review ]")]);
        }
    }
    for (at, checks) in (0..room).zip(rows(&checks, area.width)) {
        let line = row(area, blank + heading + at);
        let half = line.width / 2;
        if let [first, second] = checks.as_slice() {
            draw_check(first, paint, Rect { width: half, ..line }, FIELD);
            draw_check(second, paint, line, half);
        } else if let Some(only) = checks.first() {
            draw_check(only, paint, line, FIELD);
        }
    }
}

fn draw_check(check: &Check, paint: &mut Paint<'_, '_>, row: Rect, at: u16) {
    let (role, symbol) = mark(check.verdict, paint.symbols());
    let words = if check.verdict == Verdict::Blocks { Role::Bad } else { Role::Plain };
    paint.line(row, at, &[(role, symbol), (Role::Plain, " "), (words, &check.text)]);
}

fn mark(verdict: Verdict, symbols: &Symbols) -> (Role, &'static str) {
    match verdict {
        Verdict::Blocks => (Role::Bad, symbols.cross),
        Verdict::Doubt => (Role::Doubt, "!"),
        Verdict::Unknown => (Role::Doubt, "?"),
        Verdict::Fine => (Role::Good, symbols.full),
        Verdict::Fact => (Role::Quiet, "-"),
    }
}
