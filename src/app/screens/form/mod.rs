//! The form as a screen: which draft it shows, and what its keys do to it.

pub mod blockers;
pub mod checks;
pub mod keys;
pub mod layout;

use jiff::civil::DateTime;

use crate::app::action::Action;
use crate::app::drafts::DraftId;
use crate::app::drafts::fields::Field;
use crate::app::drafts::form::Form;
use crate::app::keymap::Focus;
use crate::app::layout::ROOMY;
use crate::app::note::Tone;
use crate::app::request_id::PlaceId;
use crate::app::screens::review::Review;
use crate::app::screens::{Next, Screen, Shape, Text};
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;
use crate::domain::naming;
use crate::domain::preflight::Verdict;
use crate::domain::snapshot_id::SnapshotId;

use blockers::{Blocker, request_of};
use layout::FormLayout;

/// The form.
#[derive(Debug)]
pub struct FormScreen {
    /// The draft that it shows.
    pub draft: DraftId,
    /// Why it could not be reviewed, in the note and of each obstacle, told until it is not so any more.
    told: Option<(String, Vec<String>)>,
}

/// Opens the form for a cluster of a place: its draft where there is one, else a new one. What can have changed is read
/// anew.
pub fn open(place: PlaceId, cluster: &ClusterId, world: &mut World) -> Next {
    let number = world.fresh_number();
    let Some(known) = world.at(place).catalog.cluster(cluster) else {
        world.notices.say(&super::details::gone(cluster));
        return Next::Stay;
    };
    let form = Form::new(number, place, known, &world.policy);
    let resource_id = known.resource_id.clone();
    let earlier = world.drafts.take_turn(place, cluster);
    let draft = earlier.unwrap_or_else(|| world.drafts.add(form));
    if let Some(form) = world.drafts.get_mut(draft) {
        // The cluster that is listed now is meant, also where an earlier one had its name.
        form.resource_id = resource_id;
    }
    // The name of a request that is still open is not to be had.
    let is_used =
        world.drafts.get(draft).is_some_and(|form| world.at(place).is_requested(form.fields.name.value()));
    if earlier.is_none() || is_used {
        let at = world.now.wall.datetime();
        let name = world.drafts.get(draft).map(|form| proposal(world, form, at));
        if let (Some(form), Some(name)) = (world.drafts.get_mut(draft), name) {
            form.rename(name, at);
        }
    }
    match world.drafts.open_count(place, cluster) {
        0 | 1 => world.notices.clear(),
        drafts => {
            let text = format!("There are {drafts} drafts for {cluster}: ‹s:snapshot› opens them by turns.");
            world.notices.say(&text);
        }
    }
    world.open_requests.want();
    world.places.get_mut(place).want_for_form(cluster, &world.now);
    FormScreen { draft, told: None }.into()
}

impl Screen for FormScreen {
    fn focus(&self, world: &World) -> Focus {
        self.form(world).map_or(Focus::Form, |form| keys::focus(&form.fields))
    }

    fn shape(&self) -> Shape {
        Shape::Form
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::ProposeName => self.propose_name(world),
            Action::ToggleClusterTags => self.toggle_own_tags(world),
            Action::ToggleMark => self.toggle_mark(world),
            Action::LookAgain => self.look_again(world),
            Action::Press => return self.press(world),
            Action::Review => return self.review(world),
            _ => {
                let offer = self.offer(world);
                let done = self.with(world, |form| keys::act(action, &mut form.fields, offer.as_deref()));
                let Some(changed) = done.flatten() else { return Next::Pass };
                self.forget_refusal(changed, world);
                if changed {
                    world.notices.clear();
                }
            }
        }
        Next::Stay
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        let taken = self.with(world, |form| keys::take(&mut form.fields, text)).flatten();
        let Some(taken) = taken else { return false };
        self.forget_refusal(taken.changed, world);
        match taken.remark {
            Some(remark) => world.notices.say(&remark),
            None => world.notices.clear(),
        }
        true
    }

    fn about(&self, world: &World) -> Option<(PlaceId, ClusterId)> {
        self.form(world).map(|form| (form.place, form.cluster.clone()))
    }

    fn draft(&self, _world: &World) -> Option<DraftId> {
        Some(self.draft)
    }

    fn fit(&mut self, world: &mut World) {
        self.take_back(world);
        let room = self
            .form(world)
            .map_or(1, |form| usize::from(FormLayout::of(world, form, world.layout.body).tags));
        self.with(world, |form| form.fields.fit(room));
    }
}

impl FormScreen {
    /// The draft.
    pub fn form<'a>(&self, world: &'a World) -> Option<&'a Form> {
        world.drafts.get(self.draft)
    }

    /// What is offered to complete the field that has the focus: what was typed lately, else text seen on other
    /// clusters.
    pub fn offer(&self, world: &World) -> Option<String> {
        let form = self.form(world)?;
        keys::offer(world, &form.fields, &[form.place], |id| *id == form.cluster)
    }

    /// Takes back what was told to stand in the way of a review, once that is not so any more.
    fn take_back(&mut self, world: &mut World) {
        if self.told.is_none() {
            return;
        }
        let blockers = self.form(world).and_then(|form| request_of(world, form).err()).unwrap_or_default();
        if let Some((text, _)) = self.told.take_if(|(_, about)| *about != notes(&blockers)) {
            world.notices.take_back(&text);
        }
    }

    /// Whether the checks have room for all that stands in the way, also beside a note of one row more.
    fn shows_obstacles(&self, world: &World) -> bool {
        let Some(form) = self.form(world).filter(|_| world.viewport.1 >= ROOMY) else { return false };
        let mut known = checks::checks(world, form);
        known.retain(|check| check.verdict == Verdict::Blocks);
        let room = FormLayout::of(world, form, world.layout.body).checks.saturating_sub(3);
        known.len() == 1 || checks::rows(&known, world.viewport.0).len() <= usize::from(room)
    }

    fn with<T>(&self, world: &mut World, act: impl FnOnce(&mut Form) -> T) -> Option<T> {
        world.drafts.get_mut(self.draft).map(act)
    }

    /// What was refused is not what stands in the form now.
    fn forget_refusal(&self, changed: bool, world: &mut World) {
        if changed {
            self.with(world, |form| form.refusal = None);
        }
    }

    /// Looks again at what may have changed: what the form shows, and what became of open requests for the name.
    fn look_again(&self, world: &mut World) {
        let Some(form) = self.form(world) else { return };
        let (place, cluster, name) = (form.place, form.cluster.clone(), form.fields.name.value().to_owned());
        world.look_again(place, &cluster, &name);
    }

    /// Goes on to the review, or to what stands in its way.
    fn review(&mut self, world: &mut World) -> Next {
        let Some(form) = self.form(world) else { return Next::Stay };
        match request_of(world, form) {
            Ok(request) => {
                let place = form.place;
                world.open_requests.want();
                world.notices.clear();
                Review::of(place, request).into()
            }
            Err(blockers) => {
                let field = blockers.iter().find_map(|blocker| blocker.field);
                // The checks do not complain of a new tag that has the focus.
                let is_muted = self.with(world, |form| {
                    form.fields.go_to(field.unwrap_or(form.fields.focus));
                    blockers.iter().any(|blocker| blocker.is_of_new_tag(&form.fields))
                });
                let are_told = is_muted == Some(false) && self.shows_obstacles(world);
                let text = told(&blockers, are_told);
                world.notices.tell(Tone::Bad, &text);
                self.told = Some((text, notes(&blockers)));
                Next::Stay
            }
        }
    }

    /// Presses the switch or button that has the focus.
    fn press(&mut self, world: &mut World) -> Next {
        match self.form(world).map(|form| form.fields.focus) {
            Some(Field::OwnTags) => self.toggle_own_tags(world),
            Some(Field::AddTag) => {
                self.with(world, |form| form.fields.add_tag());
            }
            Some(Field::Review) => return self.review(world),
            _ => {}
        }
        Next::Stay
    }

    fn toggle_own_tags(&self, world: &mut World) {
        let World { drafts, places, .. } = world;
        if let Some(form) = drafts.get_mut(self.draft)
            && let Some(cluster) = places.get(form.place).catalog.cluster(&form.cluster)
        {
            form.fields.toggle_own_tags(Some(cluster));
            form.refusal = None;
        }
    }

    fn toggle_mark(&self, world: &mut World) {
        let Some(text) = self.with(world, |form| keys::toggle_mark(&mut form.fields.tags)) else { return };
        self.forget_refusal(true, world);
        world.notices.say(&text);
    }

    /// Proposes another name: a free variant of the typed one if that is taken, else from the template.
    fn propose_name(&self, world: &mut World) {
        let Some(form) = self.form(world) else { return };
        let (place, typed, at) = (world.at(form.place), form.fields.name.value(), world.now.wall.datetime());
        let name = match SnapshotId::parse(typed) {
            Ok(taken) if place.is_used(typed) => naming::free_variant(&taken, |name| place.is_used(name)),
            _ => proposal(world, form, at),
        };
        self.with(world, |form| form.rename(name, at));
    }
}

/// Lets a proposed identifier follow the ticket of a draft: as long as nobody has changed it by hand.
pub fn follow_ticket(draft: DraftId, world: &mut World) {
    let Some(form) = world.drafts.get(draft) else { return };
    let Some(at) = form.awaits_ticket() else { return };
    let name = proposal(world, form, at);
    if let Some(form) = world.drafts.get_mut(draft) {
        form.propose(name, at);
    }
}

fn notes(blockers: &[Blocker]) -> Vec<String> {
    blockers.iter().map(|blocker| blocker.note.clone()).collect()
}

/// That there is no review yet; why is told where the checks have no room to tell it.
fn told(blockers: &[Blocker], are_checks_shown: bool) -> String {
    let count = blockers.len();
    let obstacles = if count == 1 { "1 obstacle".to_owned() } else { format!("{count} obstacles") };
    match blockers.first() {
        Some(first) if !are_checks_shown && count > 1 => format!("Not yet, {obstacles}: {}", first.note),
        Some(first) if !are_checks_shown => format!("Not yet: {}", first.note),
        _ => format!("Not yet: {obstacles}, told above."),
    }
}

/// A name from the template that is free, as far as is known.
fn proposal(world: &World, form: &Form, at: DateTime) -> String {
    let place = world.at(form.place);
    let parts = place.name_parts(&form.cluster, at, form.ticket());
    world.policy.name_template.propose(&parts, |name| place.is_used(name))
}
