//! From the review to the outcome, and what is told of it.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;

use super::effect::{Effect, Effects};
use super::message::Recovered;
use super::notes::{Note, Tone};
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
        self.screen = Screen::Sending(id, request.clone());
        self.note = None;
        self.fit();
        let account = self.account();
        vec![Effect::Submit { id, request: *request, account, without_journal }]
    }

    /// Whether the journal refused this very request: then the person may say to send it without.
    #[must_use]
    pub fn is_unwritten(&self, request: &SnapshotRequest) -> bool {
        let refusal = self.drafts.get(&request.cluster).and_then(|draft| draft.refusal.as_ref());
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
        let shown = match &self.screen {
            Screen::Sending(shown, request) if *shown == id => Some(request.clone()),
            _ => None,
        };
        match outcome {
            Outcome::Created { snapshot, .. } | Outcome::FoundAgain { snapshot, .. } => {
                self.catalog.note(snapshot);
                self.drafts.retain(|draft, _| draft.as_str() != cluster);
            }
            Outcome::NotCreated(failure) | Outcome::Refused(failure) => {
                self.refuse(&cluster, failure.clone(), now);
            }
            Outcome::Taken { by, failure } => {
                if let Some(by) = by {
                    self.catalog.note(by);
                }
                let refusal = failure.clone().unwrap_or_else(|| {
                    Failure::local(FailureKind::SnapshotExists, "another snapshot has this name")
                });
                self.refuse(&cluster, refusal, now);
            }
            Outcome::Unproven { snapshot, .. } | Outcome::Elsewhere { snapshot, .. } => {
                self.catalog.note(snapshot);
            }
            Outcome::Unknown { .. } | Outcome::NotListed { .. } => {}
        }
        if let Some(request) = shown {
            self.screen = after(outcome, request, self.drafts.keys().any(|draft| draft.as_str() == cluster));
        }
        let mut note = tell(&name, &cluster, outcome, self.reader(&cluster), &now.wall);
        if let Some(cause) = not_recorded {
            note.text =
                format!("{} The journal could not record this: {cause}. Note it yourself.", note.text);
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

    /// Where what became of a request for a cluster is read.
    fn reader(&self, cluster: &str) -> Reader {
        match &self.screen {
            Screen::Form(shown) if shown.as_str() == cluster => Reader::Form,
            Screen::Review(request) if request.cluster.as_str() == cluster => Reader::Form,
            _ => Reader::Screen,
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

    fn refuse(&mut self, cluster: &str, failure: Failure, now: &Now) {
        // What is sent next is another request.
        let number = self.fresh_number(now);
        if let Some(form) = self.drafts.values_mut().find(|form| form.cluster.as_str() == cluster) {
            form.refusal = Some(failure);
            form.number = number;
        }
    }
}

/// Where the person finds themselves after an outcome: back in the form if there is something to
/// change, at the review if only the journal stands in the way, else at the list with its pane.
fn after(outcome: &Outcome, request: Box<SnapshotRequest>, has_draft: bool) -> Screen {
    match outcome {
        Outcome::NotCreated(failure) if has_draft && failure.kind == FailureKind::Journal => {
            Screen::Review(request)
        }
        Outcome::NotCreated(_) | Outcome::Refused(_) | Outcome::Taken { .. } if has_draft => {
            Screen::Form(request.cluster)
        }
        _ => Screen::Clusters,
    }
}
