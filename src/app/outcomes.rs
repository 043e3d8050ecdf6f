//! What became of requests, and what places have to say: brought to the drafts, the screens and the person.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::notify::Notify;
use crate::domain::outcome::{Outcome, Step};

use super::Now;
use super::completion;
use super::drafts::DraftId;
use super::message::Recovered;
use super::note::{Note, Tone};
use super::place::News;
use super::place::followed::{FollowedSnapshot, State};
use super::place::submitting::Settled;
use super::proof;
use super::request_id::{PlaceId, RequestId};
use super::screens::form::checks::request_of;
use super::telling::{self, Reader, tell};
use super::ui::Ui;
use super::world::World;

/// Takes what places have to say.
pub fn take_news(world: &mut World, ui: &mut Ui, notify: &Notify, now: &Now) {
    let ids: Vec<PlaceId> = world.places.iter().map(|place| place.id).collect();
    let mut has_changed = false;
    for id in ids {
        for news in world.places.get_mut(id).take_news() {
            match news {
                News::Told(note) => world.notices.note = Some(world.places.signed(id, note)),
                News::Changed => has_changed = true,
                News::Ended(rows) => take_ended(id, &rows, world, notify, now),
                News::TurnedToAnother => {
                    ui.leave(id, world);
                    world.drafts.clear_of(id);
                    has_changed = true;
                }
                News::WaitOver(token) => {
                    world.changes.end_wait(&token);
                    world.drafts.reopen_waiting(&token);
                }
                News::Launched(number, id) => {
                    world.changes.launch(&number);
                    world.drafts.send(&number, id);
                }
            }
        }
    }
    // Once, whatever came together: a hundred thousand snapshots are sorted anew.
    if has_changed {
        ui.renew(world);
    }
}

/// Shows what is one place once, under whichever of its profiles it was opened first.
pub fn hide_doubles(world: &mut World, ui: &mut Ui) {
    for (double, stays) in world.places.hide_doubles() {
        let (label, other) = (world.at(double).label(), world.at(stays).label());
        let account = world.at(stays).account().unwrap_or_default();
        let text = format!("{label} is account {account}, which {other} shows already: it is shown once.");
        world.notices.tell(Tone::Neutral, &text);
        ui.leave(double, world);
        ui.renew(world);
    }
}

/// Tells of snapshots that have ended, after what was told of the request that one of them belongs to.
fn take_ended(id: PlaceId, rows: &[FollowedSnapshot], world: &mut World, notify: &Notify, now: &Now) {
    for effect in completion::alarms(rows, world.at(id), notify) {
        world.put(effect);
    }
    let note = world.places.signed(id, completion::note(rows));
    world.notices.news(note, now.at());
}

/// Takes a step. What takes a while and has to be known is told: where the request is not on the screen, as what
/// happened last.
pub fn take_step(id: RequestId, step: Step, world: &mut World, ui: &Ui, now: &Now) {
    let Some(of) = id.place() else { return };
    world.places.get_mut(of).followed.step(id, step);
    let Some(row) = world.at(of).followed.of(id) else { return };
    let State::Submitting(step) = &row.state else { return };
    let Some(note) = telling::step(step, &row.id) else { return };
    let note = world.places.signed(of, note);
    if ui.shows_sending(id) {
        world.notices.add(note, now.at());
    } else {
        world.notices.note = Some(note);
    }
}

/// Takes the outcome of a request of this run.
pub fn take_outcome(
    id: RequestId,
    outcome: &Outcome,
    world: &mut World,
    ui: &mut Ui,
    notify: &Notify,
    now: &Now,
) {
    let Some(of) = id.place() else { return };
    let Some(settled) = world.places.get_mut(of).settle(id, outcome, now) else { return };
    let is_of_change = world.changes.settle(of, &settled.snapshot, outcome);
    let draft = world.drafts.of_submission(id);
    settle_draft(draft, outcome, world, now);
    let again = draft.and_then(|draft| request_of(world, world.drafts.get(draft)?).ok());
    ui.settle(id, |review| review.settled(outcome, again));
    let note = world.places.signed(of, note_of(&settled, outcome, draft, world, ui, now));
    // The screen of a change has a row for each: only what went wrong is told besides.
    if is_of_change && note.tone == Tone::Good {
        take_news(world, ui, notify, now);
        return;
    }
    world.notices.note = None;
    take_news(world, ui, notify, now);
    world.notices.note = Some(match world.notices.note.take() {
        // The service may have been done at once.
        Some(ended) => Note { text: format!("{} {}", note.text, ended.text), ..ended },
        None => note,
    });
    if let Some(history) = ui.history_mut() {
        history.read(world);
    }
    renew_draft(world, ui, now);
}

/// Takes what became of the requests of an earlier run.
pub fn take_recovered(of: PlaceId, recovered: &[Recovered], world: &mut World, ui: &mut Ui, now: &Now) {
    world.places.get_mut(of).recover(recovered, now);
    for found in recovered {
        world.changes.settle(of, &found.snapshot, &found.outcome);
    }
    if let Some(history) = ui.history_mut() {
        history.read(world);
    }
    let told: Vec<Note> = recovered.iter().map(|found| tell_recovered(found, now)).collect();
    if let Some(tone) = told.iter().map(|note| note.tone).max() {
        let texts: Vec<&str> = told.iter().map(|note| note.text.as_str()).collect();
        let note = Note::new(tone, &format!("Earlier request: {}", texts.join(" ")));
        world.notices.note = Some(world.places.signed(of, note));
    }
    if ui.draft(world).is_some() {
        world.open_requests.want();
    }
}

fn tell_recovered(found: &Recovered, now: &Now) -> Note {
    let Recovered { snapshot, cluster, outcome, is_listed } = found;
    if outcome.snapshot().is_some() && !is_listed {
        let told = format!(
            "{snapshot} was created, and AWS does not list it at the moment. It is followed on; lists lag."
        );
        return Note::new(Tone::Doubt, &told);
    }
    tell(snapshot, cluster, outcome, Reader::Later, &now.wall)
}

/// What is told of an outcome, where it is read.
fn note_of(
    settled: &Settled,
    outcome: &Outcome,
    draft: Option<DraftId>,
    world: &World,
    ui: &Ui,
    now: &Now,
) -> Note {
    let shown = ui.draft(world);
    let reader = if shown.is_some() && shown == draft { Reader::Form } else { Reader::Screen };
    let mut note = tell(&settled.snapshot, &settled.cluster, outcome, reader, &now.wall);
    if let Some(cause) = &settled.not_recorded {
        note.text = format!("{} The journal could not record this: {cause}. Note it yourself.", note.text);
    }
    let draft = draft.and_then(|draft| world.drafts.get(draft));
    let mark = draft.and_then(|draft| draft.fields.tags.mark(&draft.number));
    if let (Outcome::Refused(failure) | Outcome::NotCreated(failure), Some(mark)) = (outcome, mark)
        && let Some(words) = proof::refused(failure, &mark.key, reader)
    {
        note = Note::new(note.tone, &format!("{} {words}", note.text));
    }
    note
}

/// Takes what became of a request to its draft.
fn settle_draft(draft: Option<DraftId>, outcome: &Outcome, world: &mut World, now: &Now) {
    let Some(draft) = draft else { return };
    if outcome.snapshot().is_some() {
        world.drafts.remove(draft);
    } else if outcome.is_settled() {
        let number = world.fresh_number(now);
        world.drafts.reopen(draft, number);
    }
    if let Some(form) = world.drafts.get_mut(draft).filter(|_| outcome.is_refusal()) {
        let taken = || Failure::local(FailureKind::SnapshotExists, "another snapshot has this name");
        form.refusal = Some(outcome.failure().cloned().unwrap_or_else(taken));
    }
}

/// Wants what a draft on the screen shows read anew: what AWS refused may have changed since it was read.
fn renew_draft(world: &mut World, ui: &Ui, now: &Now) {
    let Some(form) = ui.draft(world).and_then(|draft| world.drafts.get(draft)) else { return };
    let (place, cluster) = (form.place, form.cluster.clone());
    world.open_requests.want();
    world.places.get_mut(place).want_for_form(&cluster, now);
}
