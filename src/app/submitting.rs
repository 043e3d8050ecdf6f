//! From the review to the outcome, and what is told of it.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;

use super::drafts::DraftId;
use super::effect::{Effect, Effects};
use super::message::Recovered;
use super::notes::{Note, Tone};
use super::proof;
use super::requests::RequestId;
use super::screens::pane::State;
use super::telling::{self, Reader, tell};
use super::{App, Now, Overlay, Screen};

impl App {
    /// What quitting means, while that is asked. Short, for it has to fit a small terminal in full: people
    /// answer it in a hurry.
    pub(super) fn leaving_question(&self) -> Option<Note> {
        // The simulator ends with the program and keeps no file: there is no next start for it.
        let is_demo = self.place().is_some_and(|place| place.is_demo);
        let text = match (self.is_sending(), is_demo) {
            (true, false) if self.has_unwritten() => {
                "A request that is in no journal is under way. Quitting waits 10 s for it at most; after that \
                 nothing here knows of it."
            }
            (false, false) if self.has_unwritten() => {
                "The outcome of a request that is in no journal is not known. After quitting nothing here knows \
                 of it."
            }
            (true, true) => {
                "A simulated request is under way. Quitting waits 10 s for it at most, and ends the demo."
            }
            (true, false) => {
                "A request is under way. Quitting waits 10 s for it at most; the next start tells what became of it."
            }
            (false, true) if self.waits.rows.is_empty() => {
                "The outcome of a simulated request is not known. Quitting ends the demo."
            }
            (false, false) if self.has_unknown() => {
                "The outcome of a request is not known yet. After quitting, the next start looks for it, or \
                 clustersnap watch."
            }
            (false, true) => {
                "A simulated request waits for its cluster. Quitting drops it, and ends the demo."
            }
            (false, false) => {
                "A request waits for its cluster. Quitting sends nothing; the next start asks about it."
            }
        };
        (self.overlay == Some(Overlay::Leaving)).then(|| Note::new(Tone::Doubt, text))
    }

    /// Takes a step. What takes a while and has to be known is told: where the request is not on the screen,
    /// as what happened last.
    pub(super) fn on_step(&mut self, id: RequestId, step: Step, now: &Now) {
        self.pane.step(id, step);
        let Some(row) = self.sending_row(id) else { return };
        let State::Submitting(step) = &row.state else { return };
        let Some(note) = telling::step(step, &row.id) else { return };
        if matches!(&self.screen, Screen::Sending(shown, _) if *shown == id) {
            self.messages.add(note, now.at());
        } else {
            self.note = Some(note);
        }
        self.fit();
    }

    /// What the request on the screen waits for, where a few words do not tell it.
    pub(super) fn note_of_step(&self) -> Option<Note> {
        let Screen::Sending(id, request) = &self.screen else { return None };
        let State::Submitting(step) = &self.sending_row(*id)?.state else { return None };
        telling::step(step, request.snapshot.as_str())
    }

    /// Sends what is on the review screen. The screen changes with it, so one confirmation makes one
    /// effect, however often the key is pressed.
    pub(super) fn submit(&mut self, without_journal: bool, now: &Now) -> Effects {
        let Screen::Review(request) = &self.screen else { return Vec::new() };
        let request = request.clone();
        let id = self.ids.issue();
        self.pane.submit(id, &request, now);
        if without_journal && let Some(row) = self.pane.rows.first_mut() {
            row.is_unwritten = true;
        }
        self.drafts.send(&request.number, id);
        self.screen = Screen::Sending(id, request.clone());
        self.note = None;
        self.fit();
        let account = self.account();
        vec![Effect::Submit { id, request: *request, account, without_journal }]
    }

    /// Whether the journal refused this very request: then the person may say to send it without.
    #[must_use]
    pub fn is_unwritten(&self, request: &SnapshotRequest) -> bool {
        let draft = self.drafts.of_number(&request.number).and_then(|draft| self.drafts.get(draft));
        let refusal = draft.and_then(|draft| draft.refusal.as_ref());
        refusal.is_some_and(|failure| failure.kind == FailureKind::Journal)
    }

    /// Takes the outcome of a request of this run.
    pub(super) fn on_outcome(&mut self, id: RequestId, outcome: &Outcome, now: &Now) -> Effects {
        let Some(row) = self.pane.rows.iter().find(|row| row.submission == Some(id)) else {
            return Vec::new();
        };
        let (name, cluster) = (row.id.clone(), row.cluster.clone().unwrap_or_default());
        let not_recorded = match &row.state {
            State::Submitting(Step::NotRecorded { cause }) => Some(cause.to_string()),
            _ => None,
        };
        self.pane.settle(id, outcome, now);
        let is_shown = matches!(&self.screen, Screen::Sending(shown, _) if *shown == id);
        let draft = self.drafts.of_submission(id);
        self.settle_draft(draft, outcome, now);
        if is_shown {
            self.screen = self.after(outcome, draft);
        }
        let reader = self.reader(draft);
        let mut note = tell(&name, &cluster, outcome, reader, &now.wall);
        if let Some(cause) = not_recorded {
            note.text =
                format!("{} The journal could not record this: {cause}. Note it yourself.", note.text);
        }
        let draft = draft.and_then(|draft| self.drafts.get(draft));
        let mark = draft.and_then(|draft| draft.tags.mark(&draft.number));
        if let (Outcome::Refused(failure) | Outcome::NotCreated(failure), Some(mark)) = (outcome, mark)
            && let Some(words) = proof::refused(failure, &mark.key, reader)
        {
            note = Note::new(note.tone, &format!("{} {words}", note.text));
        }
        self.note = Some(note);
        self.remember_outcome(id, outcome);
        let mut effects = self.look_back(now);
        if matches!(outcome, Outcome::NotCreated(failure) if failure.kind == FailureKind::OtherAccount) {
            // What is on the screen is the other account's: its answer clears it away.
            effects.push(self.ask_caller());
        }
        effects.extend(self.renew_history());
        // The service may have been done at once.
        let ended = self.pane.rows.iter().position(|row| row.submission == Some(id) && !row.is_open());
        if let Some(row) = ended {
            let told = self.note.take();
            effects.extend(self.on_ended(&[row], now));
            if let (Some(note), Some(told)) = (&mut self.note, told) {
                note.text = format!("{} {}", told.text, note.text);
            }
        }
        self.fit();
        effects
    }

    /// Where what became of a draft's request is read.
    fn reader(&self, draft: Option<DraftId>) -> Reader {
        let shown = match &self.screen {
            Screen::Form(shown) => Some(*shown),
            Screen::Review(request) => self.drafts.of_number(&request.number),
            _ => None,
        };
        if shown.is_some() && shown == draft { Reader::Form } else { Reader::Screen }
    }

    /// Where the person finds themselves after the outcome of the request on the screen: back in the form if there
    /// is something to change, at the review if only the journal stands in the way, else at the list with its pane.
    fn after(&self, outcome: &Outcome, draft: Option<DraftId>) -> Screen {
        let (Some(draft), true) = (draft, is_refusal(outcome)) else { return Screen::Clusters };
        let is_journal =
            matches!(outcome, Outcome::NotCreated(failure) if failure.kind == FailureKind::Journal);
        let form = self.drafts.get(draft).filter(|_| is_journal);
        match form.and_then(|form| self.request_of(form).ok()) {
            Some(request) => Screen::Review(Box::new(request)),
            None => Screen::Form(draft),
        }
    }

    /// Takes what became of a request to its draft, and what was seen with it to the list.
    fn settle_draft(&mut self, draft: Option<DraftId>, outcome: &Outcome, now: &Now) {
        let seen = match outcome {
            Outcome::Taken { by, .. } => by.as_deref(),
            Outcome::Unproven { snapshot, .. } | Outcome::Elsewhere { snapshot, .. } => Some(&**snapshot),
            outcome => outcome.snapshot(),
        };
        if let Some(snapshot) = seen {
            self.catalog.note(snapshot);
        }
        let Some(draft) = draft else { return };
        if outcome.snapshot().is_some() {
            self.drafts.remove(draft);
        } else if outcome.is_settled() {
            let number = self.fresh_number(now);
            self.drafts.reopen(draft, number);
        }
        if let Some(form) = self.drafts.get_mut(draft).filter(|_| is_refusal(outcome)) {
            let taken = || Failure::local(FailureKind::SnapshotExists, "another snapshot has this name");
            form.refusal = Some(outcome.failure().cloned().unwrap_or_else(taken));
        }
    }

    /// Tells what became of the requests of an earlier run.
    pub(super) fn on_recovered(&mut self, recovered: &[Recovered], now: &Now) -> Effects {
        for found in recovered {
            if let Some(snapshot) = found.outcome.snapshot() {
                self.catalog.note(snapshot);
            }
            let id = self.ids.issue();
            self.pane.recover(id, found, now);
        }
        let mut effects = self.renew_history();
        if self.pane.open_count() > 0 {
            effects.extend(self.look_back(now));
        }
        let told = |found: &Recovered| {
            let Recovered { snapshot, cluster, outcome, is_listed } = found;
            if outcome.snapshot().is_some() && !is_listed {
                let told = format!(
                    "{snapshot} was created, and AWS does not list it at the moment. It is followed on; lists lag."
                );
                return Note::new(Tone::Doubt, &told);
            }
            tell(snapshot, cluster, outcome, Reader::Later, &now.wall)
        };
        let told: Vec<Note> = recovered.iter().map(told).collect();
        if let Some(tone) = told.iter().map(|note| note.tone).max() {
            let texts: Vec<&str> = told.iter().map(|note| note.text.as_str()).collect();
            self.note = Some(Note::new(tone, &format!("Earlier request: {}", texts.join(" "))));
        }
        self.fit();
        effects
    }
}

/// Whether nothing came of a request, so that its draft is to be changed.
fn is_refusal(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::NotCreated(_) | Outcome::Refused(_) | Outcome::Taken { .. })
}
