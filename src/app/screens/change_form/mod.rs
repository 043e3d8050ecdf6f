//! The form of a change: what is typed once for all of its clusters.

pub mod checks;
pub mod layout;

use tui_input::Input;

use crate::app::action::Action;
use crate::app::asked;
use crate::app::drafts::change::ChangeDraft;
use crate::app::drafts::fields::{Field, Fields};
use crate::app::keymap::Focus;
use crate::app::note::Tone;
use crate::app::prompt::Prompt;
use crate::app::request_id::PlaceId;
use crate::app::telling::capitalized;
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;
use crate::domain::naming::Template;

use layout::ChangeLayout;

use super::change_review::ChangeReview;
use super::form::blockers::Blocker;
use super::form::keys;
use super::removal::tell_gone;
use super::{Next, Screen, Shape, Text};

/// What is said while what was known of the places of a change is read anew.
const LOOKING: &str = "Looking at the clusters and the quota again.";

/// The form of the change that is being written.
#[derive(Debug)]
pub struct ChangeForm;

/// Opens the form for the clusters that are marked. What is known of their places is read anew.
pub fn open(world: &mut World) -> Next {
    let marked: Vec<(PlaceId, ClusterId)> = world.marks.clusters.iter().cloned().collect();
    let (known, gone): (Vec<_>, Vec<_>) =
        marked.into_iter().partition(|(place, id)| world.at(*place).catalog.cluster(id).is_some());
    world.marks.clusters = known.iter().cloned().collect();
    world.notices.clear();
    tell_gone(gone, "in the change", world);
    if known.is_empty() {
        return Next::Stay;
    }
    let known: Vec<_> = known.into_iter().map(|(place, id)| (place, id, world.fresh_number())).collect();
    let draft = world.drafts.change.get_or_insert_with(|| ChangeDraft::new(&world.policy));
    draft.take(known);
    read_anew(world);
    ChangeForm.into()
}

impl Screen for ChangeForm {
    fn focus(&self, world: &World) -> Focus {
        world.drafts.change.as_ref().map_or(Focus::Form, |draft| keys::focus(&draft.fields))
    }

    fn shape(&self) -> Shape {
        Shape::Form
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        let offer = world.drafts.change.as_ref().and_then(|draft| offer(world, draft));
        let Some(draft) = &mut world.drafts.change else { return Next::Pop };
        let field = draft.fields.focus;
        match action {
            Action::Review => return review(world),
            Action::Press if field == Field::Review => return review(world),
            Action::Press if field == Field::AddTag => draft.fields.add_tag(),
            Action::Press | Action::ToggleClusterTags => draft.fields.toggle_own_tags(None),
            Action::ToggleMark => {
                let text = keys::toggle_mark(&mut draft.fields.tags);
                world.notices.say(&text);
            }
            // The template of a change is the configuration's.
            Action::ProposeName => draft.fields.name = Input::new(world.policy.name_template.to_string()),
            Action::LookAgain => look_again(world),
            _ => match keys::act(action, &mut draft.fields, offer.as_deref()) {
                Some(true) => world.notices.clear(),
                Some(false) => {}
                None => return Next::Pass,
            },
        }
        Next::Stay
    }

    fn is_of(&self, place: PlaceId, world: &World) -> bool {
        world.drafts.change.as_ref().is_some_and(|draft| draft.places().contains(&place))
    }

    fn fit(&mut self, world: &mut World) {
        if !places(world).iter().any(|place| world.at(*place).reads_for_change()) {
            world.notices.take_back(LOOKING);
        }
        let body = world.layout.body;
        if let Some(draft) = &mut world.drafts.change {
            let room = ChangeLayout::of(draft, body).other_tags();
            draft.fields.fit(room);
        }
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        let taken = world.drafts.change.as_mut().and_then(|draft| keys::take(&mut draft.fields, text));
        let Some(taken) = taken else { return false };
        match taken.remark {
            Some(remark) => world.notices.say(&remark),
            None => world.notices.clear(),
        }
        true
    }
}

/// The places of the change.
fn places(world: &World) -> Vec<PlaceId> {
    world.drafts.change.as_ref().map(ChangeDraft::places).unwrap_or_default()
}

/// Wants read anew what stands in the way of requests, in every place of the change.
fn read_anew(world: &mut World) {
    for place in places(world) {
        world.places.get_mut(place).want_for_change(&world.now);
    }
    world.open_requests.want();
}

/// The same, and says so until it is read.
pub(super) fn look_again(world: &mut World) {
    read_anew(world);
    world.notices.say(LOOKING);
}

/// What is offered to complete the field that has the focus: what was typed lately, else text seen on clusters that are
/// not in the change.
pub fn offer(world: &World, draft: &ChangeDraft) -> Option<String> {
    let is_in = |id: &ClusterId| draft.parts.iter().any(|part| part.cluster == *id);
    keys::offer(world, &draft.fields, &draft.places(), is_in)
}

/// Goes on to the review, or to what stands in its way.
fn review(world: &mut World) -> Next {
    let Some(draft) = &mut world.drafts.change else { return Next::Pop };
    let blockers = blockers(draft);
    let Some(first) = blockers.first() else {
        world.notices.clear();
        let id = draft.id().ok();
        if id.is_some_and(|id| world.changes.ask_again(&id)) {
            return Next::Ask(Prompt::GoOn);
        }
        return ChangeReview::of(world).into();
    };
    draft.fields.go_to(first.field.unwrap_or(draft.fields.focus));
    let texts: Vec<&str> = blockers.iter().map(|blocker| blocker.text.as_str()).collect();
    let text = format!("Not yet: {}", texts.join(" "));
    world.notices.tell(Tone::Bad, &text);
    Next::Stay
}

/// What is wrong with what is typed. What stands against single clusters is told on the review.
pub fn blockers(draft: &ChangeDraft) -> Vec<Blocker> {
    let Fields { name, tags, .. } = &draft.fields;
    let mut blockers = Vec::new();
    let mut block = |field, text: String| {
        let brief = match field {
            Field::Change => "the id breaks a rule",
            Field::Name => "the names: told above",
            _ => "a tag breaks a rule",
        };
        blockers.push(Blocker::new(text, Some(field)).brief(brief));
    };
    if let Err(problem) = draft.id() {
        block(Field::Change, format!("The id of the change: {problem}."));
    }
    match Template::parse(name.value()) {
        Err(problem) => block(Field::Name, format!("The names: {problem}.")),
        Ok(_) if !asked::tells_apart(draft) => {
            let text = "The names do not tell the clusters apart: put {cluster} or {seq} into them.";
            block(Field::Name, text.to_owned());
        }
        Ok(_) => {}
    }
    for problem in tags.problems() {
        block(Field::Key(problem.row), capitalized(&format!("{}.", tags.told(&problem))));
    }
    blockers
}
