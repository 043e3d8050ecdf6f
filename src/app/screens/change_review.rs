//! The review of a change: each cluster with the name of its snapshot and what stands against it, and the confirmation.

use crate::app::action::Action;
use crate::app::asked::{self, Asked};
use crate::app::cursor::{ListCursor, Motion};
use crate::app::drafts::change::places;
use crate::app::keymap::Focus;
use crate::app::note::Tone;
use crate::app::request_id::PlaceId;
use crate::app::sending;
use crate::app::world::World;
use crate::domain::change_id::ChangeId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::request::SnapshotRequest;

use super::change::ChangeScreen;
use super::change_form;
use super::typed::Typed;
use super::{Next, Screen, Text};

/// From so many columns on there is what is so of all of it below the table: on fewer it would be cut to nothing.
const FACTS: u16 = 60;
/// So many rows the table has before that.
const LEAST_ROWS: usize = 5;

/// What a confirmation is asked for: another request is none of them.
pub type Requests = Vec<(PlaceId, SnapshotRequest)>;

/// The review of the change that is being written.
#[derive(Debug, Default)]
pub struct ChangeReview {
    /// The names as they were when it was opened: none changes under the hand.
    names: Vec<String>,
    /// What is asked for each cluster, as far as is known now: first that against which something stands.
    pub asked: Vec<Asked>,
    /// The cursor.
    pub cursor: ListCursor,
    /// What certainly stands against all of it, as far as is known now.
    pub against: Vec<String>,
    /// Why the last confirmation was not taken: told until it is not so any more.
    told: Option<String>,
    /// What was typed so far of what production asks for, while it does; with what was to be sent then.
    pub typed: Option<Typed<Requests>>,
}

impl ChangeReview {
    /// The review, with the names that are proposed now. What the change has already is read anew.
    pub(crate) fn of(world: &mut World) -> Self {
        let draft = world.drafts.change.as_ref();
        let names = draft.map(|draft| asked::names(world, draft, &world.now)).unwrap_or_default();
        let mut review = Self { names, ..Self::default() };
        if let Some(id) = id(world) {
            world.change_requests.want(id);
        }
        review.judge(world);
        review
    }

    /// Works out anew what is asked and what stands against it.
    fn judge(&mut self, world: &World) {
        let in_hand = self.in_hand();
        self.asked = self.judged(world);
        // Left out, it stays where it is: nothing moves under the hand.
        self.asked.sort_by_key(|one| one.obstacles.is_empty() || one.earlier.is_some());
        let still = self.asked.iter().position(|one| Some(one.cluster()) == in_hand);
        self.cursor.at = still.unwrap_or(self.cursor.at);
        self.against = world.change_requests.failure().into_iter().collect();
        self.against.extend(asked::against_all(world, &self.asked));
    }

    /// Whether it cannot be sent as it is.
    fn is_obstructed(&self) -> bool {
        !self.against.is_empty() || self.count() == 0 || self.asked.iter().any(Asked::is_obstructed)
    }

    /// How many lines below the table tell what is so of all of it.
    pub fn fact_count(&self, world: &World) -> usize {
        if world.drafts.change.is_none() || world.viewport.0 < FACTS {
            return 0;
        }
        let is_in = || self.asked.iter().filter(|one| one.is_in());
        let places = places(is_in().map(|one| &one.part)).len();
        usize::from(is_in().any(|one| one.waits && one.can_be_sent())) + places + 3
    }

    /// How many rows of the table are shown at once: where all has room, it leaves those below it theirs.
    pub fn room(&self, world: &World) -> usize {
        let (rows, facts) = (world.layout.rows_above_story(), self.fact_count(world));
        if facts > 0 && rows > facts + LEAST_ROWS { rows - facts - 1 } else { rows }
    }

    /// How many snapshots it is.
    pub fn count(&self) -> usize {
        self.asked.iter().filter(|one| one.is_in()).count()
    }

    fn judged(&self, world: &World) -> Vec<Asked> {
        let draft = world.drafts.change.as_ref();
        draft.map(|draft| asked::asked(world, draft, &self.names)).unwrap_or_default()
    }

    fn in_hand(&self) -> Option<(PlaceId, ClusterId)> {
        self.asked.get(self.cursor.at).map(Asked::cluster)
    }

    /// Leaves clusters out, or takes them in again.
    fn leave_out(&self, world: &mut World, is_meant: impl Fn(&Asked) -> bool) {
        let meant: Vec<_> = self.asked.iter().filter(|one| is_meant(one)).map(Asked::cluster).collect();
        let Some(draft) = &mut world.drafts.change else { return };
        for part in draft.parts.iter_mut().filter(|it| meant.contains(&(it.place, it.cluster.clone()))) {
            part.is_left_out = !part.is_left_out;
        }
    }

    /// Takes the confirmation. Where production is among the clusters, count and id of the change are typed first.
    fn confirm(&mut self, world: &mut World) -> Next {
        let asked = self.judged(world);
        if let Some(text) = obstacle(&asked, world) {
            self.typed = None;
            world.notices.tell(Tone::Bad, &text);
            self.told = Some(text);
            return Next::Stay;
        }
        if asked::production(world, &asked).next().is_some() && self.typed.is_none() {
            world.notices.clear();
            let (wanted, requests) = to_type(&asked, world);
            self.typed = Some(Typed::new(wanted, requests));
            return Next::Stay;
        }
        send(asked, world)
    }

    fn confirm_typed(&mut self, world: &mut World) -> Next {
        let Some(typed) = Typed::confirmed(&mut self.typed, "Nothing was sent", world) else {
            return Next::Stay;
        };
        let asked = self.judged(world);
        let now = to_type(&asked, world);
        if obstacle(&asked, world).is_none() && !typed.is_still("Nothing was sent", &now, world) {
            return Next::Stay;
        }
        self.typed = Some(typed);
        self.confirm(world)
    }
}

/// What is to be typed where production is among the clusters, and what is sent then.
fn to_type(asked: &[Asked], world: &World) -> (String, Requests) {
    let is_in = asked.iter().filter(|one| one.is_in());
    let requests = is_in.filter_map(|one| Some((one.part.place, one.request.clone()?))).collect::<Requests>();
    let id = id(world).map(|id| id.to_string()).unwrap_or_default();
    (format!("{} {id}", requests.len()), requests)
}

/// The id of the change that is being written.
pub fn id(world: &World) -> Option<ChangeId> {
    world.drafts.change.as_ref().and_then(|draft| draft.id().ok())
}

/// Looks again at what may have changed.
fn look_again(world: &mut World) {
    change_form::look_again(world);
    if let Some(id) = id(world) {
        world.change_requests.want(id);
    }
}

fn send(asked: Vec<Asked>, world: &mut World) -> Next {
    let Some(id) = id(world) else { return Next::Stay };
    let all_or_stop = world.drafts.change.as_ref().is_some_and(|draft| draft.all_or_stop);
    world.notices.clear();
    if let Some(draft) = &world.drafts.change {
        world.typed_tags.note("", draft.fields.tags.given());
    }
    sending::confirm(id, asked, all_or_stop, world);
    world.drafts.change = None;
    world.marks.clusters.clear();
    Next::Instead(Box::new(ChangeScreen::newest(world).into()))
}

/// Why nothing is sent as it stands.
fn obstacle(asked: &[Asked], world: &World) -> Option<String> {
    if let Some(text) = world.no_room().or_else(|| world.change_requests.obstacle()) {
        return Some(text);
    }
    let is_in: Vec<&Asked> = asked.iter().filter(|one| one.is_in()).collect();
    let against = is_in.iter().filter(|one| one.is_obstructed()).count();
    match (is_in.len(), against) {
        (0, _) if asked.iter().any(|one| one.earlier.is_some()) => {
            Some("Nothing is to be sent: this change has the rest already.".to_owned())
        }
        (0, _) => Some("Not sent: every cluster is left out.".to_owned()),
        (_, 0) => asked::against_all(world, asked).first().map(|text| format!("Not sent: {text}.")),
        (_, n) => Some(format!("Not sent: {n} of them cannot be sent. ‹x:leave_out› leaves those out.")),
    }
}

impl Screen for ChangeReview {
    fn focus(&self, world: &World) -> Focus {
        match self.typed {
            Some(_) => Focus::Typing,
            None if self.is_obstructed() || world.no_room().is_some() => Focus::ChangeObstructed,
            None => Focus::ChangeReview,
        }
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::Submit => return self.confirm(world),
            Action::LookAgain => look_again(world),
            Action::SubmitTyped => return self.confirm_typed(world),
            Action::Mark => {
                let in_hand = self.in_hand();
                self.leave_out(world, |one| Some(one.cluster()) == in_hand);
                self.go(Motion::Down, world);
            }
            Action::LeaveOut if self.asked.iter().any(Asked::is_obstructed) => {
                self.leave_out(world, Asked::is_obstructed);
            }
            Action::LeaveOut => {
                world.notices.say("Nothing stands against a single one: ‹space:mark› leaves one out.");
            }
            Action::AllOrStop => {
                if let Some(draft) = &mut world.drafts.change {
                    draft.all_or_stop = !draft.all_or_stop;
                }
            }
            Action::Back if self.typed.take().is_some() => world.notices.clear(),
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn undoes(&self, action: Action, world: &World) -> Option<&'static str> {
        let stops = world.drafts.change.as_ref().is_some_and(|draft| draft.all_or_stop);
        let is_out = self.asked.get(self.cursor.at).is_some_and(|one| one.part.is_left_out);
        match action {
            Action::AllOrStop if stops => Some("stop at none"),
            Action::Mark if is_out => Some("take in"),
            _ => None,
        }
    }

    fn offers(&self, action: Action) -> bool {
        action != Action::LeaveOut || self.asked.iter().any(Asked::is_obstructed)
    }

    fn go(&mut self, motion: Motion, world: &World) {
        self.cursor.go(motion, self.names.len(), self.room(world));
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        Typed::take(&mut self.typed, text, world)
    }

    fn is_of(&self, place: PlaceId, world: &World) -> bool {
        world.drafts.change.as_ref().is_some_and(|draft| draft.places().contains(&place))
    }

    fn place(&self, _world: &World) -> Option<PlaceId> {
        self.in_hand().map(|(place, _)| place)
    }

    fn fit(&mut self, world: &mut World) {
        self.judge(world);
        if let Some(told) = self.told.take_if(|told| obstacle(&self.asked, world).as_ref() != Some(told)) {
            world.notices.take_back(&told);
        }
        self.cursor.fit(self.names.len(), self.room(world));
    }
}
