//! The review of a request: everything that will be sent, and the same as other tools would send it; the
//! confirmation; and the request while it is under way.

mod rows;

use crate::app::action::Action;
use crate::app::cursor::Motion;
use crate::app::drafts::DraftId;
use crate::app::keymap::Focus;
use crate::app::note::{Note, Tone};
use crate::app::place::followed::FollowedState;
use crate::app::preflight;
use crate::app::request_id::{PlaceId, RequestId};
use crate::app::telling;
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;
use crate::domain::command;
use crate::domain::context;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::preflight::{Check, Subject, Verdict, not_available};
use crate::domain::request::SnapshotRequest;

use super::typed::Typed;
use super::{Next, Screen, Shape, Text, fit, scroll};

pub use rows::{Kind, MARGIN, VALUE};

/// The review of a request.
#[derive(Debug)]
pub struct Review {
    /// The place that it goes to.
    pub place: PlaceId,
    /// The request.
    pub request: Box<SnapshotRequest>,
    /// The request as it is under way, once it was sent.
    pub sent: Option<RequestId>,
    /// The cluster's name as far as it is typed, while that is asked for.
    pub typed: Option<Typed<Action>>,
    /// The first line that is shown.
    pub first: usize,
    /// Why the last confirmation was not taken: told until it is not so any more.
    told: Option<String>,
}

impl Screen for Review {
    fn focus(&self, world: &World) -> Focus {
        match self {
            Self { typed: Some(_), .. } => Focus::Typing,
            Self { sent: Some(_), .. } => Focus::Sending,
            _ if world.is_open(self.place, self.request.snapshot.as_str()) => Focus::Requested,
            _ if self.is_obstructed(world) => Focus::Obstructed,
            _ if world.at(self.place).is_busy(&self.request.cluster) => Focus::Busy,
            // The journal refused this very request: then the person may say to send it without.
            _ if self.refusal(world).is_some_and(|it| it.kind == FailureKind::Journal) => Focus::Unwritten,
            _ => Focus::Review,
        }
    }

    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::Submit | Action::SubmitUnwritten | Action::Arm => return self.confirm(action, world),
            Action::SubmitTyped => return self.confirm_typed(world),
            Action::WaitLonger => world.wait_time.choose(true),
            Action::WaitLess => world.wait_time.choose(false),
            Action::CopyCommand => self.copy(command::cli, "The AWS command", world),
            Action::CopyCurl => self.copy(command::curl, "The curl call", world),
            Action::LookAgain => {
                world.look_again(self.place, &self.request.cluster, self.request.snapshot.as_str());
            }
            Action::Back if self.typed.take().is_some() => world.notices.clear(),
            Action::Back if self.sent.is_some() => {
                world.notices.clear();
                return Next::Home;
            }
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let len = self.rows(world).len();
        scroll(&mut self.first, motion, len, world.layout.body_rows());
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        Typed::take(&mut self.typed, text, world)
    }

    fn about(&self, _world: &World) -> Option<(PlaceId, ClusterId)> {
        Some((self.place, self.request.cluster.clone()))
    }

    fn draft(&self, world: &World) -> Option<DraftId> {
        world.drafts.of_number(&self.request.number)
    }

    fn fit(&mut self, world: &mut World) {
        let len = self.rows(world).len();
        fit(&mut self.first, len, world.layout.body_rows());
        let Some(told) = self.told.take() else { return };
        let stands = |confirmed| self.obstacle(confirmed, world).as_ref() == Some(&told);
        if self.sent.is_none() && (stands(Action::Submit) || stands(Action::Arm)) {
            self.told = Some(told);
        } else {
            world.notices.take_back(&told);
        }
    }
}

impl Review {
    /// The review of a request that was not sent yet.
    #[must_use]
    pub fn of(place: PlaceId, request: SnapshotRequest) -> Self {
        Self { place, request: Box::new(request), sent: None, typed: None, first: 0, told: None }
    }

    /// Where the person finds themselves after the outcome of the request: back in the form if there is something to
    /// change, still here if only the journal stands in the way, else at the list with its pane.
    pub fn settled(&mut self, outcome: &Outcome, again: Option<SnapshotRequest>) -> Next {
        let is_journal =
            matches!(outcome, Outcome::NotCreated(failure) if failure.kind == FailureKind::Journal);
        match again {
            Some(request) if is_journal => {
                *self = Self::of(self.place, request);
                Next::Stay
            }
            _ if outcome.is_refusal() => Next::Pop,
            _ => Next::Home,
        }
    }

    /// What the request waits for, where a few words do not tell it.
    pub(crate) fn note(&self, world: &World) -> Option<Note> {
        let FollowedState::Submitting(step) = &world.at(self.place).followed.of(self.sent?)?.state else {
            return None;
        };
        telling::step(step, self.request.snapshot.as_str())
    }

    /// What was refused of the request the last time.
    fn refusal<'a>(&self, world: &'a World) -> Option<&'a Failure> {
        self.draft(world).and_then(|draft| world.drafts.get(draft))?.refusal.as_ref()
    }

    /// Takes the confirmation. Production wants the cluster's name typed first.
    fn confirm(&mut self, confirmed: Action, world: &mut World) -> Next {
        // One confirmation makes one request, however often the key is pressed.
        if self.sent.is_some() {
            return Next::Stay;
        }
        if let Some(text) = self.obstacle(confirmed, world) {
            world.notices.tell(Tone::Bad, &text);
            self.told = Some(text);
            return Next::Stay;
        }
        world.notices.clear();
        if world.is_production(world.at(self.place), Some(&self.request.cluster)) {
            self.typed = Some(Typed::new(self.request.cluster.to_string(), confirmed));
            return Next::Stay;
        }
        self.carry_out(confirmed, world)
    }

    fn obstacle(&self, confirmed: Action, world: &World) -> Option<String> {
        if let Some(text) = world.no_room() {
            return Some(text);
        }
        if world.is_open(self.place, self.request.snapshot.as_str()) {
            // Which one stands above; no age is in this, for it stays as it was told.
            return Some(
                "Not sent: a request for this name is open or waits. ‹l:look_again› looks up what became of it."
                    .to_owned(),
            );
        }
        if let Some(check) = self.blocking(world) {
            return Some(format!("Not sent: {}. ‹l:look_again› looks again.", check.text));
        }
        // No look changes what holds every request back.
        if let Some(guard) = preflight::guard(world, self.place, &self.request.cluster) {
            return Some(format!("Not sent: {guard}"));
        }
        let cluster = world.at(self.place).catalog.cluster(&self.request.cluster)?;
        let is_busy = world.at(self.place).is_busy(&cluster.id) && confirmed != Action::Arm;
        is_busy.then(|| format!("Not sent: {}. ‹w:arm› waits for it.", not_available(cluster)))
    }

    /// What certainly stands against the request, but for an open one and the journal, which have keys of their own.
    fn blocking(&self, world: &World) -> Option<Check> {
        let is_certain = |it: &Check| it.verdict == Verdict::Blocks && it.subject != Subject::Journal;
        self.judged(world).into_iter().find(is_certain)
    }

    fn is_obstructed(&self, world: &World) -> bool {
        let guard = || preflight::guard(world, self.place, &self.request.cluster);
        self.blocking(world).is_some() || guard().or_else(|| world.no_room()).is_some()
    }

    /// Takes the cluster's name as it was typed to confirm.
    fn confirm_typed(&mut self, world: &mut World) -> Next {
        let is_obstructed =
            self.typed.as_ref().is_some_and(|typed| self.obstacle(typed.then, world).is_some());
        if let Some(typed) = self.typed.take_if(|_| is_obstructed) {
            return self.confirm(typed.then, world);
        }
        match Typed::confirmed(&mut self.typed, "Nothing was sent", world) {
            Some(typed) => self.carry_out(typed.then, world),
            None => Next::Stay,
        }
    }

    fn carry_out(&mut self, confirmed: Action, world: &mut World) -> Next {
        let told = world.open_requests.told(world.at(self.place), &self.request);
        world.typed_tags.note(self.request.cluster.as_str(), self.request.own_tags().cloned());
        if confirmed == Action::Arm {
            let place = world.places.get_mut(self.place);
            let token = place.arm(&self.request, told, world.wait_time, &world.now);
            place.tell_wait(&self.request.snapshot);
            world.drafts.wait(&self.request.number, &token);
            return Next::Home;
        }
        let without_journal = confirmed == Action::SubmitUnwritten;
        let place = world.places.get_mut(self.place);
        let id = place.submit(&self.request, told, without_journal, &world.now);
        world.drafts.send(&self.request.number, id);
        self.sent = Some(id);
        world.notices.clear();
        Next::Stay
    }

    fn copy(
        &self,
        write: impl Fn(&context::Target, &SnapshotRequest) -> String,
        what: &str,
        world: &mut World,
    ) {
        let text = write(world.at(self.place).target(), &self.request);
        world.copy(text, &format!("{what} was sent to the terminal's clipboard."));
    }
}
