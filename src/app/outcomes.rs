//! What became of requests, and what places have to say: brought to the drafts, the screens and the person.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::{Outcome, Step};
use crate::domain::outcome_kind::OutcomeKind;

use super::Now;
use super::completion;
use super::drafts::DraftId;
use super::keymap::Focus;
use super::message::Recovered;
use super::note::{About, Note, Tone};
use super::place::News;
use super::place::followed::{FollowedSnapshot, FollowedState};
use super::place::submitting::Settled;
use super::request_id::{PlaceId, RequestId};
use super::screens::form::blockers::request_of;
use super::sending::leave_to_another;
use super::telling::{self, Reader, tell, tell_marked};
use super::ui::Ui;
use super::world::World;

/// Takes what places have to say; `said` is what is told of the outcome of a request at the same time.
pub fn take_news(world: &mut World, ui: &mut Ui, is_by_hand: bool, mut said: Option<Note>) {
    let ids: Vec<PlaceId> = world.places.iter().map(|place| place.id).collect();
    let mut has_changed = false;
    for id in ids {
        for news in world.places.get_mut(id).take_news() {
            match news {
                News::Told(note) => {
                    let note = world.places.signed(id, note);
                    if is_by_hand { world.notices.answer(note) } else { world.notices.news(note, &world.now) }
                }
                News::CameToNothing(settled, note) => {
                    let note = world.places.signed(id, note);
                    let kind = OutcomeKind::NotCreated;
                    world.put_all(completion::alarms_of_request(&settled, kind, &note, id, world));
                    world.notices.news(note, &world.now);
                }
                News::Over(about) => world.notices.end(&about),
                News::Changed => has_changed = true,
                News::Ended(rows) => take_ended(id, &rows, &mut said, world),
                News::TurnedToAnother(before, note) => {
                    let note = world.places.signed(id, note);
                    world.notices.overturn(note, id, &before, &world.now);
                    ui.leave(id, world);
                    world.drafts.clear_of(id);
                    world.marks.clear_of(id);
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
    if let Some(note) = said {
        world.notices.news(note, &world.now);
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
        let Some(account) = world.at(stays).account() else { continue };
        let text = format!("{label} is account {account}, which {other} shows already: it is shown once.");
        world.notices.news(Note::new(Tone::Neutral, &text), &world.now);
        ui.leave(double, world);
        world.drafts.move_to(stays, double);
        ui.renew(world);
    }
    world.gather_marks();
}

/// Tells of snapshots that have ended, after what is said of the request that one of them belongs to: the service may
/// have been done at once.
fn take_ended(id: PlaceId, rows: &[FollowedSnapshot], said: &mut Option<Note>, world: &mut World) {
    world.put_all(completion::alarms(rows, id, world));
    for row in rows {
        world.notices.end(&About::Snapshot(id, row.id.clone()));
    }
    for note in completion::notes(rows, id) {
        let ended = world.places.signed(id, note);
        let note = match said.take_if(|said| said.gives_way_to(&ended)) {
            Some(said) => Note { text: format!("{} {}", said.text, ended.text), ..ended },
            None => ended,
        };
        world.notices.news(note, &world.now);
    }
}

/// Takes a step. What takes a while and has to be known is told: where the request is not on the screen, as what
/// happened last.
pub fn take_step(id: RequestId, step: Step, world: &mut World, ui: &Ui) {
    let Some(of) = id.place() else { return };
    world.places.get_mut(of).followed.step(id, step);
    let Some(row) = world.at(of).followed.of(id) else { return };
    let FollowedState::Submitting(step) = &row.state else { return };
    let Some(note) = telling::step(step, &row.id) else { return };
    let note = match world.at(of).left_behind(row) {
        Some(account) => note.of_account(&account),
        None => note,
    };
    let note = world.places.signed(of, note.about(of, &row.id));
    if ui.shows_sending(id) {
        world.notices.add(note, world.now.at());
    } else {
        world.notices.news(note, &world.now);
    }
}

/// Takes the outcome of a request of this run.
pub fn take_outcome(id: RequestId, outcome: &Outcome, world: &mut World, ui: &mut Ui) {
    let Some(of) = id.place() else { return };
    let is_in_sight = ui.shows_sending(id) || ui.screen().focus(world) == Focus::Change;
    let Some(settled) = world.places.get_mut(of).settle(id, outcome, &world.now) else { return };
    if leave_to_another(of, &settled.snapshot, outcome, world) {
        world.notices.end(&About::Snapshot(of, settled.snapshot));
        return take_news(world, ui, false, None);
    }
    let is_of_change = world.changes.settle(of, &settled.snapshot, outcome);
    let draft = world.drafts.of_submission(id);
    settle_draft(draft, outcome, world);
    let again = draft.and_then(|draft| request_of(world, world.drafts.get(draft)?).ok());
    ui.settle(id, |review| review.settled(outcome, again));
    let note = world.places.signed(of, note_of(&settled, outcome, (draft, is_of_change), world, ui));
    let note = note.about(of, &settled.snapshot);
    if note.tone >= Tone::Doubt && !is_in_sight {
        world.put_all(completion::alarms_of_request(&settled, outcome.kind(), &note, of, world));
    }
    world.notices.end(&About::Snapshot(of, settled.snapshot));
    // The screen of a change has a row for each: only what went wrong is told besides.
    let said = (!is_of_change || note.tone != Tone::Good).then_some(note);
    take_news(world, ui, false, said);
    renew_draft(world, ui);
}

/// Takes what became of the requests of an earlier run.
pub fn take_recovered(of: PlaceId, recovered: &[Recovered], world: &mut World, ui: &mut Ui) {
    for found in recovered {
        // One of this run that was looked up by a key.
        let request = world.at(of).followed.unknown(&found.snapshot);
        settle_draft(request.and_then(|id| world.drafts.of_submission(id)), &found.outcome, world);
    }
    world.places.get_mut(of).recover(recovered, &world.now);
    for found in recovered {
        if !leave_to_another(of, &found.snapshot, &found.outcome, world) {
            world.changes.settle(of, &found.snapshot, &found.outcome);
        }
    }
    let told: Vec<Note> = recovered.iter().map(|found| tell_recovered(found, &world.now)).collect();
    if let Some(tone) = told.iter().map(|note| note.tone).max() {
        let texts: Vec<&str> = told.iter().map(|note| note.text.as_str()).collect();
        let note = Note::new(tone, &format!("Earlier request: {}", texts.join(" ")));
        let about = match recovered {
            [only] => About::Snapshot(of, only.snapshot.clone()),
            several => About::Snapshots(of, several.iter().map(|found| found.snapshot.clone()).collect()),
        };
        let note = Note { about: Some(about), ..note };
        for found in recovered {
            world.notices.end(&About::Snapshot(of, found.snapshot.clone()));
        }
        world.notices.news(world.places.signed(of, note), &world.now);
    }
    if ui.draft(world).is_some() {
        world.open_requests.want();
    }
}

fn tell_recovered(found: &Recovered, now: &Now) -> Note {
    let Recovered { snapshot, cluster, outcome, is_listed, twin, .. } = found;
    if let Some(twin) = twin {
        return Note::new(Tone::Neutral, &format!("{cluster}: {twin}."));
    }
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
    (draft, is_of_change): (Option<DraftId>, bool),
    world: &World,
    ui: &Ui,
) -> Note {
    let reader = match draft {
        _ if settled.left_behind.is_some() => Reader::AfterScreen,
        Some(_) if ui.draft(world) == draft => Reader::Form,
        Some(_) => Reader::Screen,
        None if is_of_change => Reader::Change,
        None => Reader::Later,
    };
    let draft = draft.and_then(|draft| world.drafts.get(draft));
    let mark = draft.and_then(|draft| draft.fields.tags.mark(&draft.number)).map(|mark| mark.key);
    let Settled { snapshot, cluster, not_recorded, left_behind } = settled;
    let mut note = tell_marked(snapshot, cluster, outcome, reader, mark.as_deref(), &world.now.wall);
    if let Some(cause) = not_recorded {
        note.text = format!("{} The journal could not record this: {cause}. Note it yourself.", note.text);
    }
    match left_behind {
        Some(account) => note.of_account(account),
        None => note,
    }
}

/// Takes what became of a request to its draft.
fn settle_draft(draft: Option<DraftId>, outcome: &Outcome, world: &mut World) {
    let Some(draft) = draft else { return };
    if outcome.snapshot().is_some() {
        world.drafts.remove(draft);
    } else if outcome.is_settled() {
        let number = world.fresh_number();
        world.drafts.reopen(draft, number);
    }
    if let Some(form) = world.drafts.get_mut(draft).filter(|_| outcome.is_refusal()) {
        let taken = || Failure::local(FailureKind::SnapshotExists, "another snapshot has this name");
        form.refusal = Some(outcome.failure().cloned().unwrap_or_else(taken));
    }
}

/// Wants what a draft on the screen shows read anew: what AWS refused may have changed since it was read.
fn renew_draft(world: &mut World, ui: &Ui) {
    let Some(form) = ui.draft(world).and_then(|draft| world.drafts.get(draft)) else { return };
    let (place, cluster) = (form.place, form.cluster.clone());
    world.open_requests.want();
    world.places.get_mut(place).want_for_form(&cluster, &world.now);
}
