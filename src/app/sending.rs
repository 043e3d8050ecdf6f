//! What was confirmed, on its way: the requests of changes, and what is done to snapshots. Some of a place are under way at
//! a time; what waits for its cluster holds up none of the others.

use crate::domain::account::AccountId;
use crate::domain::alteration::{Altered, AlteredKind, Deed};
use crate::domain::change::{self, ChangeItem, ChangePlace, LeftOut};
use crate::domain::change_id::ChangeId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::Target;
use crate::domain::earlier::Earlier;
use crate::domain::failure::FailureKind;
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::SnapshotStatus;

use super::Now;
use super::alterations::{AlterationOrder, AlterationStage, AlterationStanding};
use super::asked::Asked;
use super::changes::{ConfirmedChange, Keeping, RequestOfChange, RequestStage};
use super::effect::Effect;
use super::message::Before;
use super::note::{About, Note, Tone};
use super::place::{ConnectionState, Place};
use super::preflight;
use super::request_id::{PlaceId, RequestId};
use super::wait_time::WaitTime;
use super::world::World;

/// How many snapshots of a place are deleted or tagged at a time.
const ALTERED_AT_ONCE: usize = 2;

/// Takes a change that was confirmed: what is in it of what was asked for. What waits for its cluster is kept as any
/// wait is; all else is written down first.
pub fn confirm(id: ChangeId, asked: Vec<Asked>, all_or_stop: bool, world: &mut World) {
    let item = |one: Asked| {
        let item = to_keep(world.at(one.part.place), one.request?);
        let told = world.open_requests.told(world.at(one.part.place), &item.request);
        let stage = RequestStage::Queued { waits: one.waits };
        Some(RequestOfChange { place: one.part.place, item, told, stage })
    };
    let (is_in, out): (Vec<Asked>, Vec<Asked>) = asked.into_iter().partition(Asked::is_in);
    let out = out.into_iter().map(|one| (one.part.place, left_out(world.at(one.part.place), one)));
    let left_out: Vec<(PlaceId, LeftOut)> = out.collect();
    let items: Vec<RequestOfChange> = is_in.into_iter().filter_map(item).collect();
    let token = world.fresh_number().to_string();
    let (waiting, at_once): (Vec<&RequestOfChange>, Vec<&RequestOfChange>) =
        items.iter().partition(|item| item.stage == RequestStage::Queued { waits: true });
    let waits = waiting.iter().map(|item| apart(world.at(item.place), item));
    let to_keep = change::Change {
        id: id.clone(),
        token: token.clone(),
        since: world.now.at(),
        items: at_once.iter().map(|it| it.item.clone()).collect(),
        all_or_stop,
        left_out: left_out.iter().map(|(_, it)| it.clone()).chain(waits).collect(),
        is_untold: false,
    };
    let is_demo = world.places.iter().all(|place| place.target().is_demo);
    let keeping = if to_keep.items.is_empty() || is_demo { Keeping::Needless } else { Keeping::Asked };
    let unread = Vec::new();
    let change = ConfirmedChange { id, items, token, keeping, all_or_stop, left_out, unread };
    if keeping == Keeping::Asked {
        world.put(Effect::KeepChange(to_keep));
    } else if !is_demo {
        world.put(Effect::EndChange(ended(&change, &world.now)));
    }
    world.changes.rows.push(change);
}

/// A cluster for which nothing is sent.
fn left_out(place: &Place, one: Asked) -> LeftOut {
    let is_requested = one.earlier.is_some();
    let why = one.earlier.or(one.obstacles.into_iter().next()).unwrap_or_else(|| "by hand".to_owned());
    out(place, &one.part.cluster, why, is_requested)
}

/// What is written down of a change of which nothing is to be sent any more: that which was not, and what was left out.
fn ended(change: &ConfirmedChange, now: &Now) -> change::Change {
    let unsent = change.items.iter().filter(|item| !item.stage.was_sent());
    let why = |item: &RequestOfChange| match &item.stage {
        RequestStage::Ended(_, why) => Some(why.clone()),
        _ => None,
    };
    let kept = |item: &RequestOfChange| ChangeItem {
        why: why(item),
        when_available: item.waits(),
        ..item.item.clone()
    };
    change::Change {
        id: change.id.clone(),
        token: change.token.clone(),
        since: now.at(),
        items: unsent.map(kept).collect(),
        all_or_stop: change.all_or_stop,
        left_out: change.left_out.iter().map(|(_, out)| out).chain(&change.unread).cloned().collect(),
        // Who confirmed it may have been away when that was told.
        is_untold: change.unsent_whys().next().is_some(),
    }
}

/// A cluster whose request waits: that is kept apart, and gone on with apart.
fn apart(place: &Place, item: &RequestOfChange) -> LeftOut {
    let why = format!("{} waits for its cluster, and is asked about apart", item.request().snapshot);
    out(place, &item.request().cluster, why, true)
}

/// Takes the outcome of a request that was not sent for a snapshot that another program or machine made for the same
/// change: nothing is asked for its cluster here. Whether it is that.
pub fn leave_to_another(of: PlaceId, snapshot: &str, outcome: &Outcome, world: &mut World) -> bool {
    let Outcome::Taken { by: Some(found), .. } = outcome else { return false };
    let is_it = |item: &RequestOfChange| {
        item.place == of && item.request().snapshot.as_str() == snapshot && item.request().has_twin(found)
    };
    for change in &mut world.changes.rows {
        if let Some(at) = change.items.iter().position(is_it) {
            let cluster = change.items.remove(at).item.request.cluster;
            let why = Earlier::Elsewhere(found.clone()).to_string();
            change.left_out.push((of, out(world.places.get(of), &cluster, why, true)));
            return true;
        }
    }
    false
}

fn out(place: &Place, cluster: &ClusterId, why: String, is_requested: bool) -> LeftOut {
    let (place, account) = address(place);
    LeftOut { place, account, cluster: cluster.to_string(), why, is_requested }
}

/// What a place is written down by.
fn address(place: &Place) -> (ChangePlace, Option<AccountId>) {
    let Target { profile, region, endpoint, .. } = place.target().clone();
    let account = place.account();
    (ChangePlace { profile, region, endpoint }, account)
}

/// A request of a change to a place, as it is written down.
pub fn to_keep(place: &Place, request: SnapshotRequest) -> ChangeItem {
    let (place, account) = address(place);
    ChangeItem { place, account, request, when_available: false, why: None }
}

/// Goes on with the first change of an earlier run, or lets go of it; `None` decides later.
pub fn go_on(again: Option<bool>, world: &mut World) {
    if world.changes.before.is_empty() {
        return;
    }
    let before = world.changes.before.remove(0);
    let Some(again) = again else {
        world.notices.say(&before.left());
        return world.changes.later.push(before);
    };
    if again && let Some(why) = held_back(&before, world) {
        world.notices.say(&format!("{why} {}", before.left()));
        return world.changes.later.push(before);
    }
    if !again {
        world.notices.say(&before.let_go());
    }
    let Before { mut change, sent } = before;
    if !again {
        change.items.retain(|item| !sent.iter().any(|it| it.intent.number == item.request.number.as_str()));
        change.items.iter_mut().for_each(|item| item.why = Some("let go of by hand".to_owned()));
        return world.put(Effect::EndChange(change));
    }
    let change::Change { id, token, items, all_or_stop, left_out, .. } = change;
    let item = |item: ChangeItem| {
        let place = world.place_for(&item.place, item.account.as_ref())?;
        let record = sent.iter().find(|it| it.intent.number == item.request.number.as_str());
        let stage = record.map_or(RequestStage::Queued { waits: item.when_available }, |it| {
            RequestStage::after(it.kind(), it.failure())
        });
        Some(RequestOfChange { place, item, told: Vec::new(), stage })
    };
    let items = items.into_iter().filter_map(item).collect();
    let out = |it: LeftOut| Some((world.place_for(&it.place, it.account.as_ref())?, it));
    let (unread, left_out): (Vec<LeftOut>, Vec<LeftOut>) = left_out.into_iter().partition(LeftOut::is_place);
    let left_out = left_out.into_iter().filter_map(out).collect();
    let keeping = Keeping::Kept;
    world.changes.rows.push(ConfirmedChange { id, items, token, keeping, all_or_stop, left_out, unread });
}

/// Why a change of an earlier run is not gone on with: nothing of it can be sent, or not one that would stop the others.
/// It would be over by that, and a person can put it right.
fn held_back(before: &Before, world: &mut World) -> Option<String> {
    let why = |item: &ChangeItem| {
        let (place, cluster) = (world.place_for(&item.place, item.account.as_ref())?, &item.request.cluster);
        let astray = astray(item, world.at(place)).map(|why| format!("not sent, as {why}."));
        Some(format!("{cluster}: {}", astray.or_else(|| preflight::guard(world, place, cluster))?))
    };
    let whys: Vec<Option<String>> = before.unsent_items().map(why).collect();
    let is_held = before.change.all_or_stop || whys.iter().all(Option::is_some);
    whys.into_iter().flatten().next().filter(|_| is_held)
}

/// Lets go of what is left of changes of which one that came to nothing stops all.
fn stop(world: &mut World) {
    let World { changes, places, .. } = world;
    for change in &mut changes.rows {
        let Some(why) = change.stopped_by(places) else { continue };
        for item in &mut change.items {
            if let RequestStage::Waits(token) = &item.stage {
                places.get_mut(item.place).drop_wait(token, &why);
            }
            if matches!(item.stage, RequestStage::Queued { .. } | RequestStage::Waits(_)) {
                item.stage = RequestStage::Ended(OutcomeKind::NotCreated, why.clone());
            }
        }
    }
}

/// Tells of each change how many of its requests are not sent any more, besides those that were not before: nobody may
/// look at their rows.
fn tell_unsent(before: &[usize], world: &mut World) {
    let World { changes, notices, now, .. } = world;
    for (change, before) in changes.rows.iter().zip(before) {
        let whys: Vec<&String> = change.unsent_whys().collect();
        let requests = match whys.len().saturating_sub(*before) {
            0 => continue,
            1 => "1 request is".to_owned(),
            count => format!("{count} requests are"),
        };
        let why = whys.last().map_or("", |why| why.as_str());
        let text = format!("{}: {requests} not sent any more: {why}.", change.id);
        notices.news(Note::new(Tone::Bad, &text), now);
    }
}

/// Sends what may be sent now of what was confirmed, and lets go of what is written down once all of it has left.
pub fn send_next(world: &mut World) {
    let before: Vec<usize> = world.changes.rows.iter().map(|change| change.unsent_whys().count()).collect();
    stop(world);
    if world.changes.has_queued() {
        let World { changes, places, now, wait_time, .. } = world;
        for change in changes.rows.iter_mut().filter(|change| change.keeping != Keeping::Asked) {
            if change.is_held(places) {
                continue;
            }
            for item in change.items.iter_mut().filter(|item| item.is_queued()) {
                send(item, places.get_mut(item.place), *wait_time, now);
            }
        }
    }
    tell_unsent(&before, world);
    let World { changes, places, now, .. } = world;
    let mut over = Vec::new();
    for change in &mut changes.rows {
        if change.keeping == Keeping::Kept && change.is_sent(places) {
            change.keeping = Keeping::Needless;
            over.push(Effect::EndChange(ended(change, now)));
        }
    }
    world.put_all(over);
}

/// Why a request does not go to its place: what was confirmed for one account or endpoint goes to no other.
fn astray(item: &ChangeItem, place: &Place) -> Option<String> {
    if let (Some(answering), Some(confirmed)) = (place.account(), &item.account)
        && answering != *confirmed
    {
        return Some(format!("it was confirmed for account {confirmed}, and {answering} answers"));
    }
    let ConnectionState::Ready(Target { endpoint, .. }) = &place.connection else { return None };
    let called =
        |endpoint: &Option<String>| endpoint.clone().unwrap_or_else(|| "AWS's own endpoint".to_owned());
    let confirmed = &item.place.endpoint;
    (endpoint != confirmed)
        .then(|| format!("it was confirmed for {}, and would go to {}", called(confirmed), called(endpoint)))
}

/// Sends one request, if its place is there for it.
fn send(item: &mut RequestOfChange, place: &mut Place, wait_time: WaitTime, now: &Now) {
    if let Some(why) = astray(&item.item, place) {
        item.stage = RequestStage::Ended(OutcomeKind::NotCreated, why);
        return;
    }
    let answering = place.account();
    let is_ready = matches!(place.connection, ConnectionState::Ready(_))
        && (answering.is_some() || item.item.account.is_none());
    match item.stage {
        RequestStage::Queued { waits: true } if is_ready => {
            item.stage = RequestStage::Waits(place.arm(item.request(), item.told.clone(), wait_time, now));
        }
        RequestStage::Queued { waits: false }
            if is_ready && place.followed.sending_count() < change::AT_ONCE =>
        {
            place.submit(item.request(), item.told.clone(), false, now);
            item.stage = RequestStage::Sent;
        }
        _ => {}
    }
}

/// Sends what may be sent now of what was confirmed.
pub fn alter_next(world: &mut World) {
    let World { alterations, places, .. } = world;
    let is_under_way = |order: &&AlterationOrder| matches!(order.stage, AlterationStage::UnderWay(_));
    let mut under_way: Vec<PlaceId> =
        alterations.rows.iter().filter(is_under_way).map(|order| order.place).collect();
    for order in alterations.rows.iter_mut().filter(|order| order.stage == AlterationStage::Queued) {
        if under_way.iter().filter(|place| **place == order.place).count() < ALTERED_AT_ONCE {
            under_way.push(order.place);
            let place = places.get_mut(order.place);
            order.stage = AlterationStage::UnderWay(place.alter(&order.snapshot, &order.deed, &order.terms));
        }
    }
}

/// Takes what became of an order, or what a later look tells of it; its place reads its snapshots anew once all of its
/// orders are over. Gives what is to be told where its screen was left: that it is not as was wanted.
pub fn altered(id: RequestId, altered: Box<Altered>, world: &mut World) -> Option<Note> {
    let order = world.alterations.rows.iter_mut().find(|order| order.stage.is_of(id))?;
    let is_as_wanted = altered.kind.is_as_wanted(&order.deed);
    // Who looks later tells what is found.
    let is_first = matches!(order.stage, AlterationStage::UnderWay(_));
    let told =
        (is_first && !is_as_wanted).then(|| format!("{}: {}", order.snapshot.id, altered.words(&order.deed)));
    let place = order.place;
    let its_place = world.places.get_mut(place);
    // Another account answers since: what it has of the name is another snapshot.
    let is_left = its_place.is_of_another(&order.snapshot);
    if is_as_wanted && order.deed == Deed::Delete {
        world.notices.end(&About::Snapshot(place, order.snapshot.id.clone()));
        its_place.followed.deleted(&order.snapshot);
        world.changes.deleted(place, &order.snapshot);
    }
    match (altered.kind, &altered.seen) {
        // AWS answers with the snapshot as it was before: available.
        (AlteredKind::Deleting, _) => {
            let status = SnapshotStatus::Deleting;
            its_place.see(&Snapshot { status, ..order.snapshot.clone() }, &world.now);
        }
        (AlteredKind::Gone, _) if is_left => {}
        (AlteredKind::Gone, _) => its_place.catalog.forget_snapshot(&order.snapshot.id),
        (_, Some(seen)) => its_place.see(seen, &world.now),
        (_, None) => {}
    }
    if altered.failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::OtherAccount) {
        // What is on the screen is the other account's: its answer clears it away.
        world.places.get_mut(place).ask_caller();
    }
    order.stage = AlterationStage::Over(id, altered);
    let mut orders = world.alterations.rows.iter();
    if !orders.any(|order| order.place == place && order.standing() == AlterationStanding::Open) {
        world.places.get_mut(place).want_for_removal(&world.now);
    }
    told.map(|text| world.places.signed(place, Note::new(Tone::Bad, &text)))
}
