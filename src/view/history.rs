//! The requests of the past, and all that is known of one.

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::screens::history::{History, Known};
use crate::app::world::World;
use crate::domain::ending::Took;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::record::Record;
use crate::domain::text::wrap;

use super::details;
use super::paint::{Paint, row};
use super::theme::Role;
use super::words;

/// Where the columns stand: start and width of each; a width of 0 leaves the column out.
struct Columns {
    asked: (u16, u16),
    cluster: (u16, u16),
    snapshot: (u16, u16),
    result: (u16, u16),
    took: (u16, u16),
    by: (u16, u16),
}

impl Columns {
    fn of(width: u16) -> Self {
        let asked = if width < 60 { 0 } else { 16 };
        let took = if width < 60 { 0 } else { 7 };
        let by = if width < 100 { 0 } else { width / 6 };
        let cluster = if width < 120 { 0 } else { width / 6 };
        let result = 15;
        let gaps = [asked, took, by, cluster].iter().filter(|width| **width > 0).count();
        let gaps = 1 + u16::try_from(gaps).unwrap_or(0);
        let snapshot = width.saturating_sub(3 + asked + cluster + result + took + by + gaps).min(63);
        let mut next = 3;
        let mut place = |width: u16| {
            let at = next;
            next += width + u16::from(width > 0);
            (at, width)
        };
        Self {
            asked: place(asked),
            cluster: place(cluster),
            snapshot: place(snapshot),
            result: place(result),
            took: place(took),
            by: place(by),
        }
    }
}

/// Draws the list, or all that is known of the request under the cursor.
pub fn draw(
    world: &World,
    history: &History,
    paint: &mut Paint<'_, '_>,
    [title, heads, body]: [Rect; 3],
    now: &Now,
) {
    if let Some(first) = history.opened {
        return draw_request(world, history, first, paint, [title, body], now);
    }
    draw_title(history, paint, title);
    if history.rows.is_empty() {
        draw_empty(history, paint, body);
        return;
    }
    let columns = Columns::of(body.width);
    let asked = format!("ASKED {}", now.wall.strftime("%:z"));
    for ((at, width), head) in [
        (columns.asked, asked.as_str()),
        (columns.cluster, "CLUSTER"),
        (columns.snapshot, "SNAPSHOT"),
        (columns.result, "BECAME"),
        (columns.took, "TOOK"),
        (columns.by, "BY"),
    ] {
        paint.cell(heads, at, width, Role::Quiet, head);
    }
    let shown = history.rows.iter().enumerate().skip(history.cursor.offset());
    for (index, (at, request)) in (0..body.height).zip(shown) {
        let Some(request) = history.requests().get(*request) else { continue };
        draw_row(request, at == history.cursor.at(), paint, row(body, index), now);
    }
}

fn draw_row(request: &Record, is_cursor: bool, paint: &mut Paint<'_, '_>, row: Rect, now: &Now) {
    let columns = Columns::of(row.width);
    if is_cursor {
        paint.line(row, 1, &[(Role::Accent, paint.symbols().cursor)]);
    }
    let asked = words::minute(request.intent.at, &now.wall);
    paint.cell(row, columns.asked.0, columns.asked.1, Role::Plain, &asked);
    paint.name(row, columns.cluster.0, columns.cluster.1, Role::Plain, &request.intent.cluster);
    paint.name(row, columns.snapshot.0, columns.snapshot.1, Role::Plain, &request.intent.snapshot);
    paint.cell(row, columns.result.0, columns.result.1, role(request), request.result());
    let took = request.took().and_then(Took::observed).map(words::span).unwrap_or_default();
    paint.cell(row, columns.took.0, columns.took.1, Role::Plain, &took);
    paint.cell(row, columns.by.0, columns.by.1, Role::Quiet, &who(request));
}

fn role(request: &Record) -> Role {
    match (&request.ended, request.kind()) {
        (Some(ending), _) if ending.status == "available" => Role::Good,
        (Some(_), _)
        | (
            None,
            OutcomeKind::NotCreated | OutcomeKind::Refused | OutcomeKind::Elsewhere | OutcomeKind::Taken,
        ) => Role::Bad,
        (None, OutcomeKind::Created | OutcomeKind::FoundAgain) => Role::Plain,
        (
            None,
            OutcomeKind::Unknown | OutcomeKind::NotListed | OutcomeKind::Unproven | OutcomeKind::Other,
        ) => Role::Doubt,
    }
}

/// Who asked: what stands behind the last colon of the ARN, without the kind of identity.
fn who(request: &Record) -> String {
    let resource =
        request.intent.caller.as_deref().unwrap_or_default().rsplit(':').next().unwrap_or_default();
    resource.trim_start_matches("assumed-role/").trim_start_matches("user/").to_owned()
}

fn draw_title(history: &History, paint: &mut Paint<'_, '_>, title: Rect) {
    let mut column = paint.line(title, 1, &[(Role::Heading, "History"), (Role::Plain, "  ")]);
    if history.filter.is_open || !history.filter.is_empty() {
        let total = if let Known::Read(past) = &history.known { past.total } else { 0 };
        // What was not read yet may have more.
        let more = if history.has_older() { "+" } else { "" };
        let count = format!("{}{more} of {total}  ", history.rows.len());
        column = paint.line(title, column, &[(Role::Plain, &count), (Role::Accent, "/")]);
        column = paint.filter(title, column, &history.filter);
    } else if let Known::Read(past) = &history.known {
        column = paint.line(title, column, &[(Role::Plain, &past.total.to_string())]);
    }
    if history.problem.is_some() && !history.requests().is_empty() {
        paint.right(title, column, &[(Role::Bad, "could not be read anew")]);
    } else if let Known::Read(past) = &history.known
        && past.unreadable > 0
    {
        let lines = if past.unreadable == 1 { "line" } else { "lines" };
        let told = format!("{} {lines} of the journal could not be read", past.unreadable);
        paint.right(title, column, &[(Role::Doubt, &told)]);
    }
}

fn draw_empty(history: &History, paint: &mut Paint<'_, '_>, body: Rect) {
    let (role, text) = match (&history.problem, &history.known) {
        (Some(problem), _) => (Role::Bad, format!("The journal cannot be read: {problem}. r tries again.")),
        (None, Known::Nothing) => (Role::Quiet, "Reading the journal.".to_owned()),
        (None, Known::NotKept) => (
            Role::Plain,
            "The embedded simulator leaves no trace on this machine, so there is no journal of the demo."
                .to_owned(),
        ),
        (None, Known::Read(past)) if past.records.is_empty() => (
            Role::Plain,
            "You have requested nothing from this machine yet. Every request is written down before it is sent."
                .to_owned(),
        ),
        (None, Known::Read(_)) if history.has_older() => {
            (Role::Quiet, "Looking through the older requests.".to_owned())
        }
        (None, Known::Read(_)) => {
            (Role::Plain, "Nothing matches the filter. / changes it.".to_owned())
        }
    };
    let room = usize::from(body.width.saturating_sub(4));
    let top = u16::from(body.height > 6);
    for (index, line) in (top..body.height).zip(wrap(&text, room)) {
        paint.line(row(body, index), 3, &[(role, &line)]);
    }
}

fn draw_request(
    world: &World,
    history: &History,
    first: usize,
    paint: &mut Paint<'_, '_>,
    [title, body]: [Rect; 2],
    now: &Now,
) {
    let Some(request) = history.chosen() else { return };
    let rows = history.detail_rows(world.columns());
    let left = rows.len().saturating_sub(first);
    details::draw_title("History  ", &request.intent.snapshot, left, paint, [title, body]);
    details::draw_rows(&rows, first, paint, body, now);
}
