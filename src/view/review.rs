//! The review of a request before it is sent, and while it is under way.

use ratatui::layout::Rect;

use crate::app::App;
use crate::app::drafting::Confirmed;
use crate::app::requests::RequestId;
use crate::app::screens::pane::State;
use crate::app::screens::review::{Kind, MARGIN, VALUE, rows};
use crate::domain::outcome::Step;
use crate::domain::request::SnapshotRequest;

use super::paint::{Paint, row};
use super::pane::step_word;
use super::theme::Role;

pub fn draw(
    app: &App,
    request: &SnapshotRequest,
    sending: Option<RequestId>,
    paint: &mut Paint<'_, '_>,
    title: Rect,
    body: Rect,
) {
    let step = sending.map(|id| told_step(app, id));
    let (heading, state) = match &step {
        None => ("Review", "nothing is sent yet"),
        Some(step) => ("Under way", *step),
    };
    let typed = app.typed.as_ref().filter(|_| sending.is_none());
    let [lines, question] = parts(body, typed.is_some());
    let rows = rows(app, request);
    let above = app.review.min(rows.len().saturating_sub(usize::from(lines.height)));
    for (index, line) in (0..lines.height).zip(rows.iter().skip(above)) {
        let (role, at) = match line.kind {
            Kind::Fact => (Role::Plain, VALUE),
            Kind::Warning => (Role::Bad, VALUE),
            Kind::Command => (Role::Quiet, MARGIN),
        };
        let name = if line.kind == Kind::Warning { Role::Bad } else { Role::Quiet };
        paint.line(row(lines, index), MARGIN, &[(name, line.name)]);
        paint.line(row(lines, index), at, &[(role, &line.text)]);
    }
    let column = paint.line(title, 1, &[(Role::Heading, heading)]);
    let below = above + usize::from(lines.height).min(rows.len());
    let part = format!("   {}-{below} of {}", above + 1, rows.len());
    let part = if rows.len() > usize::from(lines.height) { part.as_str() } else { "" };
    let column = paint.line(title, column, &[(Role::Quiet, part)]);
    paint.right(title, column, &[(Role::Doubt, state)]);
    if let Some(typed) = typed {
        let question = row(question, 0);
        let when = if typed.then == Confirmed::Arm { "when it is available" } else { "now" };
        let label = format!("Type {} to submit {when}: ", request.cluster);
        let column = paint.line(question, MARGIN, &[(Role::Doubt, &label)]);
        let column = paint.line(question, column, &[(Role::Heading, typed.text.value())]);
        paint.place_cursor(question, column);
    }
}

/// The lines of the review, and the question below them.
fn parts(body: Rect, asks: bool) -> [Rect; 2] {
    let question = u16::from(asks);
    let height = body.height.saturating_sub(question);
    [Rect { height, ..body }, Rect { y: body.y + height, height: question, ..body }]
}

/// The step in a few words; where it takes more, the note has them.
fn told_step(app: &App, id: RequestId) -> &'static str {
    match app.sending_row(id).map(|row| &row.state) {
        Some(State::Submitting(step)) => match step {
            Step::LookingUp => "looking the name up; nothing is sent yet",
            Step::Journalling => "writing it to the journal; nothing is sent yet",
            Step::Sending { attempt: 1 } => "sending, once",
            Step::Sending { .. } => "sending again",
            step => step_word(step),
        },
        _ => "not known yet; looked up on and on",
    }
}
