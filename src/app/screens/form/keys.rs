//! What keys and text do to the fields of a form, of one request as of a change.

use tui_input::{Input, InputRequest};

use crate::app::action::Action;
use crate::app::drafts::fields::{Field, Fields, Way};
use crate::app::drafts::tags::TagTable;
use crate::app::keymap::Focus;
use crate::app::proof::LOST;
use crate::app::request_id::PlaceId;
use crate::app::screens::Text;
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;

/// What became of text for a field.
#[derive(Debug)]
pub struct Taken {
    /// Whether something was changed.
    pub changed: bool,
    /// What is to be known of it.
    pub remark: Option<String>,
}

/// Where the keys go.
pub fn focus(fields: &Fields) -> Focus {
    match fields.focus {
        Field::Key(_) | Field::Value(_) => Focus::Tags,
        Field::OwnTags | Field::AddTag | Field::Review => Focus::Buttons,
        Field::Change | Field::Name => Focus::Form,
    }
}

/// Does what a key means in every form; whether that changed something, or `None` if it is no key of all forms. What is
/// offered is taken by a step to the right.
pub fn act(action: Action, fields: &mut Fields, offer: Option<&str>) -> Option<bool> {
    match action {
        Action::NextField => fields.go(Way::Next),
        Action::PreviousField => fields.go(Way::Previous),
        Action::FieldDown => fields.go(Way::Down),
        Action::FieldUp => fields.go(Way::Up),
        Action::FieldLeft => {
            step(fields, InputRequest::GoToPrevChar, |input| input.cursor() > 0, Way::Previous);
        }
        Action::FieldRight => {
            if let Some(rest) = offer {
                fields.insert(rest);
                return Some(true);
            }
            let is_within = |input: &Input| input.cursor() < input.value().chars().count();
            step(fields, InputRequest::GoToNextChar, is_within, Way::Next);
        }
        Action::AddTag => fields.add_tag(),
        Action::RemoveTag => return Some(fields.remove_tag()),
        Action::Undo => return Some(fields.undo()),
        _ => return None,
    }
    Some(false)
}

/// What is offered to complete the field that has the focus: what was typed lately, else text seen on the clusters of the
/// places that the form is not about.
pub fn offer(
    world: &World,
    fields: &Fields,
    places: &[PlaceId],
    is_own: impl Fn(&ClusterId) -> bool,
) -> Option<String> {
    if !matches!(fields.focus, Field::Key(_) | Field::Value(_)) {
        return None;
    }
    let clusters = || places.iter().flat_map(|place| &world.at(*place).catalog.clusters.items);
    let lately = world.typed_tags.given(clusters(), &world.policy);
    let others = clusters().filter(|cluster| !is_own(&cluster.id)).flat_map(|cluster| &cluster.tags);
    fields.tags.offer(fields.focus, &lately, others.chain(&world.policy.tags))
}

/// Takes text for the field that has the focus; `None` of a key if that is none.
pub fn take(fields: &mut Fields, text: Text<'_>) -> Option<Taken> {
    let taken = match text {
        Text::Key(_) if focus(fields) == Focus::Buttons => return None,
        Text::Key(request) => Taken { changed: fields.edit(request), remark: None },
        Text::Burst(text) if is_piece_of_a_tag(fields.focus, text) => {
            // A piece of typed text: nothing at its edges is left out.
            fields.insert(text);
            Taken { changed: true, remark: None }
        }
        Text::Burst(text) | Text::Pasted(text) => Taken { changed: true, remark: fields.paste(text) },
    };
    Some(taken)
}

fn is_piece_of_a_tag(field: Field, text: &str) -> bool {
    match field {
        Field::Key(_) => !text.contains(['=', '\n']),
        Field::Value(_) => !text.contains('\n'),
        _ => false,
    }
}

/// Takes the mark out, and says what that costs; or takes it back in.
pub fn toggle_mark(tags: &mut TagTable) -> String {
    tags.with_mark = !tags.with_mark;
    match &tags.mark.0 {
        None => "There is no mark: the configuration turns it off for all requests.".to_owned(),
        Some(key) if tags.with_mark => format!("The mark {key} is given again."),
        Some(key) => format!("The mark {key} is left out: {LOST}. ‹ctrl-y:toggle_mark› brings it back."),
    }
}

/// A character in a direction; at the end of the text there goes on, but in a field that is a line of its own.
fn step(fields: &mut Fields, request: InputRequest, is_within: fn(&Input) -> bool, way: Way) {
    match fields.input() {
        Some(input) if is_within(input) => {
            fields.edit(request);
        }
        Some(_) if is_line(fields.focus) => {}
        _ => fields.go(way),
    }
}

fn is_line(field: Field) -> bool {
    matches!(field, Field::Change | Field::Name)
}
