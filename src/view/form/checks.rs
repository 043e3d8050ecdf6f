//! What is known before the request, with a symbol for what it means; the words say it too.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::screens::form::checks::{CheckLine, FormCheck, Verdict, rows};
use crate::domain::text;

use super::super::paint::Paint;
use super::super::table::hidden;
use super::super::theme::{Role, Symbols};
use super::FIELD;

/// By how many columns the second of two in a row moves at once.
const STEP: u16 = 10;

pub fn draw(
    is_at_review: bool,
    mut checks: Vec<FormCheck>,
    paint: &mut Paint<'_>,
    area: Rect,
    is_roomy: bool,
) {
    let blank = u16::from(is_roomy && area.height > 2);
    let heading = u16::from(area.height > 1);
    let parts = [Constraint::Length(blank), Constraint::Length(heading), Constraint::Fill(1)];
    let [_, heading, lines] = Layout::vertical(parts).areas(area);
    let room = usize::from(lines.height);
    let hidden = hidden(rows(&checks, area.width).len(), 0, lines);
    if !hidden.is_none() {
        // Where not all fit, what weighs most comes first.
        checks.sort_by_key(|check| check.verdict);
    }
    let column = paint.line(heading, FIELD, &[(Role::Heading, "Before the request")]);
    if !hidden.is_none() && !is_at_review {
        paint.title_end(heading, column, &hidden, (Role::Quiet, ""));
    }
    let mut rows = rows(&checks, area.width);
    let half = half(&rows, area.width);
    mark_cut(&mut rows, room, paint.symbols().ellipsis);
    for (line, lines) in lines.rows().zip(&rows) {
        if let [first, second] = lines.as_slice() {
            draw_line(first, paint, Rect { width: half, ..line }, FIELD);
            draw_line(second, paint, line, half);
        } else if let Some(only) = lines.first() {
            draw_line(only, paint, line, FIELD);
        }
    }
}

/// Where the second of two in a row begins: not farther from the first than it needs to be.
fn half(rows: &[Vec<CheckLine>], width: u16) -> u16 {
    let pairs = rows.iter().filter(|lines| lines.len() > 1).filter_map(|lines| lines.first());
    let longest = pairs.map(|line| text::width(&line.text)).max().unwrap_or_default();
    // In steps, so that an age that grows by a digit moves nothing.
    let wanted = u16::try_from(longest).unwrap_or(u16::MAX).saturating_add(FIELD + 6).next_multiple_of(STEP);
    wanted.min(width / 2)
}

/// Shows that what blocks goes on below the rows that there are.
fn mark_cut(rows: &mut [Vec<CheckLine>], room: usize, ellipsis: &str) {
    let goes_on = rows.get(room).is_some_and(|next| next.iter().any(|line| line.verdict.is_none()));
    let last = room.checked_sub(1).and_then(|last| rows.get_mut(last)?.first_mut());
    if let Some(line) = last.filter(|_| goes_on) {
        line.text = format!("{} {ellipsis}", line.text.trim_end());
    }
}

fn draw_line(line: &CheckLine, paint: &mut Paint<'_>, row: Rect, at: u16) {
    let (role, symbol) = line.verdict.map_or((Role::Plain, " "), |verdict| mark(verdict, paint.symbols()));
    let words = if line.blocks { Role::Bad } else { Role::Plain };
    paint.line(row, at, &[(role, symbol), (Role::Plain, " "), (words, &line.text)]);
}

pub(super) fn mark(verdict: Verdict, symbols: &Symbols) -> (Role, &'static str) {
    match verdict {
        Verdict::Blocks => (Role::Bad, symbols.cross),
        Verdict::Doubt => (Role::Doubt, "!"),
        Verdict::Unknown => (Role::Doubt, "?"),
        Verdict::Fine => (Role::Good, symbols.full),
        Verdict::Fact => (Role::Quiet, "-"),
    }
}
