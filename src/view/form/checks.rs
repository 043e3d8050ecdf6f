//! What is known before the request, with a symbol for what it means; the words say it too.

use ratatui::layout::Rect;

use crate::app::screens::form::checks::{Check, CheckLine, Verdict, rows};

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
    let mut rows = rows(&checks, area.width);
    mark_cut(&mut rows, usize::from(room), paint.symbols().ellipsis);
    for (at, lines) in (0..room).zip(&rows) {
        let line = row(area, blank + heading + at);
        let half = line.width / 2;
        if let [first, second] = lines.as_slice() {
            draw_line(first, paint, Rect { width: half, ..line }, FIELD);
            draw_line(second, paint, line, half);
        } else if let Some(only) = lines.first() {
            draw_line(only, paint, line, FIELD);
        }
    }
}

/// Shows that what blocks goes on below the rows that there are.
fn mark_cut(rows: &mut [Vec<CheckLine>], room: usize, ellipsis: &str) {
    let goes_on = rows.get(room).is_some_and(|next| next.iter().any(|line| line.verdict.is_none()));
    let last = room.checked_sub(1).and_then(|last| rows.get_mut(last)?.first_mut());
    if let Some(line) = last.filter(|_| goes_on) {
        line.text = format!("{} {ellipsis}", line.text.trim_end());
    }
}

fn draw_line(line: &CheckLine, paint: &mut Paint<'_, '_>, row: Rect, at: u16) {
    let (role, symbol) = line.verdict.map_or((Role::Plain, " "), |verdict| mark(verdict, paint.symbols()));
    let words = if line.blocks { Role::Bad } else { Role::Plain };
    paint.line(row, at, &[(role, symbol), (Role::Plain, " "), (words, &line.text)]);
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
