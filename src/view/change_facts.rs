//! What is so of all snapshots of a change, below the table of its review: their tags, the quota, how long what waits
//! does, and what a failure does.

use ratatui::layout::Rect;

use crate::app::asked;
use crate::app::drafts::change::{ChangeDraft, places};
use crate::app::keymap::Focus;
use crate::app::layout::VALUE_COLUMN;
use crate::app::place::Place;
use crate::app::screens::change_review::ChangeReview;
use crate::app::world::World;
use crate::domain::tag::{MAX_TAGS, Tag};
use crate::domain::text::length;

use super::paint::Paint;
use super::theme::Role;
use super::words;

/// Where the names stand.
const MARGIN: u16 = 3;

/// A name, and what is told of it.
type ChangeFact = (&'static str, (Role, String));

/// Draws those that there is room for.
pub fn draw(facts: &[ChangeFact], paint: &mut Paint<'_>, area: Rect) {
    for (row, (name, told)) in area.rows().zip(facts) {
        paint.line(row, MARGIN, &[(Role::Quiet, name)]);
        paint.line(row, VALUE_COLUMN, std::slice::from_ref(told));
    }
}

/// What is so of all of a change: as many lines as its screen counts on.
pub fn facts(world: &World, review: &ChangeReview) -> Vec<ChangeFact> {
    let Some(draft) = world.drafts.change.as_ref().filter(|_| review.fact_count(world) > 0) else {
        return Vec::new();
    };
    let is_in = || review.asked.iter().filter(|one| one.is_in());
    let mut facts = Vec::new();
    let waiting = is_in().filter(|one| one.waits && one.can_be_sent()).count();
    if waiting > 0 {
        let time = length(world.wait_time.length());
        let text = format!("{waiting} until available, for {time} at most: then nothing is sent");
        facts.push(("Waiting", (Role::Plain, text)));
    }
    let failure = if draft.all_or_stop {
        "stops those that are not sent yet (‹o:all_or_stop›: it stops none)"
    } else {
        "stops none of the others (‹o:all_or_stop›: those not sent yet)"
    };
    let failure = world.keymap.told(failure, Focus::ChangeReview).into_owned();
    facts.push(("A failure", (Role::Plain, failure)));
    for (at, id) in places(is_in().map(|one| &one.part)).into_iter().enumerate() {
        let wanted = is_in().filter(|one| one.part.place == id && one.can_be_sent()).count();
        facts.push((if at == 0 { "Quota" } else { "" }, quota(world.at(id), wanted)));
    }
    facts.extend([("Tags", (Role::Plain, tags(world, review, draft))), ("Mark", mark(draft))]);
    facts
}

/// The tags that all of them get, and how many one gets at most.
fn tags(world: &World, review: &ChangeReview, draft: &ChangeDraft) -> String {
    let change = draft.id().ok().map(|id| Tag::new(&world.policy.change_key.0, id.as_str()));
    let is_change = |tag: &Tag| tag.key == world.policy.change_key.0;
    let given = draft.fields.tags.given().filter(|tag| !is_change(tag));
    let all = words::tags(&change.into_iter().chain(given).collect::<Vec<_>>());
    let is_in = review.asked.iter().filter(|one| one.is_in()).map(|one| &one.part);
    let most = asked::tag_counts(world, draft, is_in).1;
    let own = if draft.fields.tags.with_own { ", and each cluster's own" } else { "" };
    format!("{all}{own}: up to {most} of {MAX_TAGS}")
}

fn mark(draft: &ChangeDraft) -> (Role, String) {
    let table = &draft.fields.tags;
    let none = "none: nothing proves afterwards whose a snapshot is";
    match &table.mark.0 {
        Some(key) if table.with_mark => {
            (Role::Plain, format!("{key}, each one's own: proves whose a snapshot is"))
        }
        Some(_) => (Role::Doubt, none.to_owned()),
        None => (Role::Plain, none.to_owned()),
    }
}

/// How many manual snapshots a place has, and would have with those that can be sent.
fn quota(place: &Place, wanted: usize) -> (Role, String) {
    let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
    let place_name = place.label();
    let told = match place.quota.value {
        Some(Some(quota)) => {
            let (used, then, max) = (quota.used, quota.used + wanted, quota.max);
            format!("{used}, then {then} of {max} manual snapshots in {place_name}")
        }
        Some(None) => format!("not reported by the account in {place_name}"),
        None => format!("not known in {place_name}"),
    };
    let is_over = place.quota.value.flatten().is_some_and(|quota| quota.used + wanted > quota.max);
    let role = if is_over { Role::Bad } else { Role::Plain };
    (role, told)
}
