//! The plan of a clean-up: each marked snapshot, what becomes of it and why, how many of its cluster remain; and the
//! confirmation.

use std::collections::BTreeSet;

use crate::app::action::Action;
use crate::app::alterations::{AlterationOrder, AlterationStage};
use crate::app::changes::RequestStanding;
use crate::app::cursor::{ListCursor, Motion};
use crate::app::keymap::Focus;
use crate::app::note::{About, Note, Tone};
use crate::app::place::Place;
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::account::AccountId;
use crate::domain::alteration::Deed;
use crate::domain::change_id::ChangeId;
use crate::domain::record::Record;
use crate::domain::removal::{RemovalGround, RemovalItem, RemovalWish, open_changes};
use crate::domain::snapshot::Snapshot;

use super::alterations::{Meant, meant, send};
use super::snapshots::NO_SNAPSHOT;
use super::typed::Typed;
use super::{Next, Screen, Text};

/// The plan.
#[derive(Debug, Default)]
pub struct Removal {
    /// The snapshots that were said by name, to be deleted although something stands before them.
    even: Vec<(PlaceId, String)>,
    /// What becomes of each, by place, as far as is known now.
    pub items: Vec<(PlaceId, RemovalItem)>,
    /// The cursor.
    pub cursor: ListCursor,
    /// What is typed, while something is asked for.
    pub typed: Option<Typed<ToConfirm>>,
}

/// What is confirmed by what is typed.
#[derive(Debug, PartialEq)]
pub enum ToConfirm {
    /// That the snapshot of this name is planned although something stands before it.
    Name(PlaceId, String),
    /// The whole, with what it deleted when it was asked for.
    Plan(Meant),
}

/// Opens the plan for the marked snapshots, else for the one under the cursor. What remains is counted among all that
/// a place lists: a list that is not complete yet has no plan.
pub fn open(chosen: Option<(PlaceId, String)>, world: &mut World) -> Next {
    if !mark_one(chosen, world) {
        return Next::Stay;
    }
    let is_whole = |place: &Place| place.catalog.snapshots.complete_at.is_some();
    if let Some(place) = places(world).into_iter().find(|place| !is_whole(world.at(*place))) {
        let text = format!(
            "Not yet: the snapshots of {} are not all read, and what would remain is counted among them.",
            world.at(place).label()
        );
        world.notices.answer(Note { about: Some(About::Unread(place)), ..Note::new(Tone::Neutral, &text) });
        return Next::Stay;
    }
    world.open_requests.want();
    Removal::default().into()
}

/// Marks the snapshot under the cursor where none is marked; whether one is then. Where all that was marked is gone,
/// the one under the cursor was not meant.
pub(super) fn mark_one(chosen: Option<(PlaceId, String)>, world: &mut World) -> bool {
    world.notices.clear();
    if world.marks.snapshots.is_empty() {
        world.marks.snapshots.extend(chosen.clone());
        world.marks.for_plan = chosen;
        if world.marks.snapshots.is_empty() {
            world.notices.say(NO_SNAPSHOT);
        }
    } else {
        let is_listed = |(place, id): &(PlaceId, String)| {
            let list = &world.at(*place).catalog.snapshots;
            list.complete_at.is_none() || list.items.iter().any(|it| it.id == *id)
        };
        let (there, gone) = world.marks.snapshots.clone().into_iter().partition::<BTreeSet<_>, _>(is_listed);
        world.marks.snapshots = there;
        tell_gone(gone, "marked any more", world);
    }
    !world.marks.snapshots.is_empty()
}

/// Tells which of what was marked is not listed any more, if any, and what it is not for that.
pub(super) fn tell_gone<T: ToString>(
    gone: impl IntoIterator<Item = (PlaceId, T)>,
    what: &str,
    world: &mut World,
) {
    let names: Vec<String> = gone.into_iter().map(|(_, name)| name.to_string()).collect();
    let are = if names.len() == 1 { "is" } else { "are" };
    if !names.is_empty() {
        world.notices.say(&format!("{} {are} not listed any more, and not {what}.", names.join(", ")));
    }
}

/// What is known of a place, of which an account answers, for what is done to its snapshots.
pub(super) fn ground<'a>(
    world: &'a World,
    place: &'a Place,
    account: Option<&'a AccountId>,
) -> RemovalGround<'a> {
    let clusters = &place.catalog.clusters;
    RemovalGround {
        place: place.target(),
        account,
        snapshots: &place.catalog.snapshots.items,
        clusters: clusters.complete_at.map(|_| clusters.items.as_slice()),
        open: &[],
        deletions: world.open_requests.deletions(),
        changes: &[],
        policy: &world.policy,
        now: world.now.at(),
    }
}

/// The places of what is marked.
pub(super) fn places(world: &World) -> Vec<PlaceId> {
    let mut places: Vec<PlaceId> = world.marks.snapshots.iter().map(|(place, _)| *place).collect();
    places.dedup();
    places
}

impl Removal {
    fn judged(&self, world: &World) -> Vec<(PlaceId, RemovalItem)> {
        let changes = changes_under_way(world);
        let mut items = Vec::new();
        for id in places(world) {
            let place = world.at(id);
            let account = place.account();
            let open: Vec<Record> = world.open_requests.of(place).cloned().collect();
            let mut changes = changes.clone();
            changes.extend(open_changes(&open, &place.catalog.snapshots.items, world.now.at()));
            let ground =
                RemovalGround { open: &open, changes: &changes, ..ground(world, place, account.as_ref()) };
            let even = self.even.iter().filter(|(of, _)| *of == id).map(|(_, name)| name.clone());
            let wish = RemovalWish { keep_last: None, even: &even.collect::<Vec<_>>() };
            let is_chosen = |snapshot: &Snapshot| world.marks.snapshots.contains(&(id, snapshot.id.clone()));
            items.extend(ground.plan(is_chosen, &wish).into_iter().map(|item| (id, item)));
        }
        // What is deleted stands first, and before it what is deleted although something stands against it.
        items.sort_by_key(|(_, item)| (!item.is_deleted(), item.overridden.is_empty()));
        items
    }

    /// What is to be typed to delete what the plan deletes: the count, and that it is production where it is.
    fn to_type(items: &[(PlaceId, RemovalItem)], world: &World) -> (String, ToConfirm) {
        let deleted = || items.iter().filter(|(_, item)| item.is_deleted());
        let of = |(place, item): &(PlaceId, RemovalItem)| {
            world.is_production(world.at(*place), item.snapshot.cluster.as_ref())
        };
        let wanted = format!("{}{}", deleted().count(), if deleted().any(of) { " production" } else { "" });
        (wanted, ToConfirm::Plan(meant(deleted().map(|(place, item)| (*place, &item.snapshot)))))
    }

    fn confirm(&mut self, world: &mut World) -> Next {
        let items = self.judged(world);
        world.notices.clear();
        if !items.iter().any(|(_, item)| item.is_deleted()) {
            world.notices.tell(Tone::Bad, "Nothing is deleted: something stands before each of them.");
            return Next::Stay;
        }
        let (wanted, plan) = Self::to_type(&items, world);
        self.typed = Some(Typed::new(wanted, plan));
        Next::Stay
    }

    /// Asks for the name of the snapshot under the cursor, if something stands before it that its name lifts.
    fn ask_for_name(&mut self, world: &mut World) {
        match self.items.get(self.cursor.at) {
            Some((place, item)) if item.is_guarded() => {
                let name = item.snapshot.id.clone();
                world.notices.clear();
                self.typed = Some(Typed::new(name.clone(), ToConfirm::Name(*place, name)));
            }
            Some((_, item)) => {
                let name = &item.snapshot.id;
                world.notices.say(&if item.is_deleted() {
                    format!("Nothing stands before {name}.")
                } else {
                    format!("{name} is never deleted from here, whatever is named.")
                });
            }
            None => {}
        }
    }

    fn confirm_typed(&mut self, world: &mut World) -> Next {
        let Some(typed) = Typed::confirmed(&mut self.typed, "Nothing was deleted", world) else {
            return Next::Stay;
        };
        if let ToConfirm::Name(place, name) = &typed.then {
            self.even.push((*place, name.clone()));
            return Next::Stay;
        }
        let items = self.judged(world);
        if !typed.is_still("Nothing was deleted", &Self::to_type(&items, world), world) {
            return Next::Stay;
        }
        let order = |(place, item): (PlaceId, RemovalItem)| AlterationOrder {
            place,
            terms: item.terms(),
            snapshot: item.snapshot,
            deed: Deed::Delete,
            stage: AlterationStage::Queued,
        };
        send(items.into_iter().filter(|(_, item)| item.is_deleted()).map(order), world)
    }
}

/// The changes that are not over: of this run, and those of which any program has something still to send.
fn changes_under_way(world: &World) -> Vec<ChangeId> {
    let is_open = |(standing, _): &(RequestStanding, usize)| {
        matches!(standing, RequestStanding::Unknown | RequestStanding::NotSent | RequestStanding::UnderWay)
    };
    let rows = world.changes.rows.iter().filter(|change| change.standings(&world.places).iter().any(is_open));
    rows.map(|change| &change.id).chain(world.open_requests.changes()).cloned().collect()
}

impl Screen for Removal {
    fn is_plan(&self) -> bool {
        true
    }

    fn focus(&self, _world: &World) -> Focus {
        if self.typed.is_some() { Focus::Typing } else { Focus::Removal }
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::Submit => return self.confirm(world),
            Action::SayName => self.ask_for_name(world),
            Action::SubmitTyped => return self.confirm_typed(world),
            Action::Back if self.typed.take().is_some() => world.notices.clear(),
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn offers(&self, action: Action) -> bool {
        let has = |is: fn(&RemovalItem) -> bool| self.items.iter().any(|(_, item)| is(item));
        match action {
            Action::Submit => has(RemovalItem::is_deleted),
            Action::SayName => self.items.get(self.cursor.at).is_some_and(|(_, item)| item.is_guarded()),
            _ => true,
        }
    }

    fn go(&mut self, motion: Motion, world: &World) {
        self.cursor.go(motion, self.items.len(), world.layout.rows_above_story());
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        Typed::take(&mut self.typed, text, world)
    }

    fn is_of(&self, place: PlaceId, world: &World) -> bool {
        places(world).contains(&place)
    }

    fn place(&self, _world: &World) -> Option<PlaceId> {
        self.items.get(self.cursor.at).map(|(place, _)| *place)
    }

    fn fit(&mut self, world: &mut World) {
        let key = |(place, item): &(PlaceId, RemovalItem)| (*place, item.snapshot.id.clone());
        let in_hand = self.items.get(self.cursor.at).map(key);
        self.items = self.judged(world);
        let still = self.items.iter().position(|item| Some(key(item)) == in_hand);
        self.cursor.at = still.unwrap_or(self.cursor.at);
        self.cursor.fit(self.items.len(), world.layout.rows_above_story());
    }
}
