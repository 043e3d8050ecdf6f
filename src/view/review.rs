//! The review of a request before it is sent, and while it is under way.

use ratatui::layout::Rect;

use crate::app::keymap::{Action, Focus};
use crate::app::place::Place;
use crate::app::place::followed::FollowedState;
use crate::app::request_id::RequestId;
use crate::app::screens::Screen as _;
use crate::app::screens::review::{Kind, MARGIN, Review, VALUE};
use crate::app::screens::typed::Typed;
use crate::app::world::World;
use crate::domain::outcome::Step;

use super::paint::Paint;
use super::pane::step_word;
use super::story::Story;
use super::table::hidden;
use super::theme::Role;

const NOT_SENT: &str = "not sent yet";
/// Below so many columns the state is told in short.
const NARROW: u16 = 60;

pub fn draw(review: &Review, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    let world = paint.world;
    let (heading, [state, short]) = told_stage(world, review);
    let question = |typed: &Typed<Action>| {
        let when = if typed.then == Action::Arm { "when it is available" } else { "now" };
        format!("Type {} to send it {when}:", typed.wanted)
    };
    let story = Story::of(review.typed.as_ref(), question, Vec::new());
    let rows = review.rows(world);
    let [lines, question] = story.parts(0, rows.len(), body);
    let above = review.first.min(rows.len().saturating_sub(usize::from(lines.height)));
    for (row, line) in lines.rows().zip(rows.iter().skip(above)) {
        let (role, at) = match line.kind {
            Kind::Fact => (Role::Plain, VALUE),
            Kind::Warning => (Role::Bad, VALUE),
            Kind::Command => (Role::Quiet, MARGIN),
        };
        let name = if line.kind == Kind::Warning { Role::Bad } else { Role::Quiet };
        paint.line(row, MARGIN, &[(name, line.name)]);
        paint.line(row, at, &[(role, &line.text)]);
    }
    let state = if body.width < NARROW { short } else { state };
    let column = paint.line(title, 1, &[(Role::Heading, heading)]);
    paint.title_end(title, column, &hidden(rows.len(), above, lines), (Role::Doubt, state));
    story.draw(paint, question);
}

/// What is so of the request, in a few words, and in fewer.
fn told_stage(world: &World, review: &Review) -> (&'static str, [&'static str; 2]) {
    let state = match review.focus(world) {
        Focus::Unwritten => ["nothing is sent: the journal refused it", "not sent: no journal"],
        Focus::Busy => ["nothing is sent: the cluster is busy", "not sent: cluster busy"],
        Focus::Requested => ["nothing is sent: a request for this name is open", "not sent: one is open"],
        Focus::Obstructed => ["nothing is sent: something stands against it", "not sent: see below"],
        Focus::Sending => {
            let step = review.sent.map(|id| told_step(world.at(review.place), id));
            return ("Under way", step.unwrap_or([NOT_SENT; 2]));
        }
        _ => ["nothing is sent yet", NOT_SENT],
    };
    ("Review", state)
}

/// The step in a few words, and in fewer; where it takes more, the note has them.
fn told_step(place: &Place, id: RequestId) -> [&'static str; 2] {
    let Some(FollowedState::Submitting(step)) = place.followed.of(id).map(|row| &row.state) else {
        return ["not known yet; looked up on and on", "not known yet"];
    };
    match step {
        Step::LookingUp => ["looking the name up; nothing is sent yet", NOT_SENT],
        Step::Journalling => ["writing it to the journal; nothing is sent yet", NOT_SENT],
        Step::Sending { attempt: 1 } => ["sending, once", "sending, once"],
        Step::Sending { .. } => ["sending again", "sending again"],
        Step::Confirming { .. } => ["refused so far; looked up once", step_word(step)],
        step => [step_word(step); 2],
    }
}
