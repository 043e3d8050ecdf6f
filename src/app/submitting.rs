//! From the review to the outcome, and what is told of it.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;

use super::effect::{Effect, Effects};
use super::message::Recovered;
use super::notes::{Note, Tone};
use super::requests::RequestId;
use super::screens::pane::State;
use super::{App, Now, Overlay, Screen};

impl App {
    /// What quitting means, while that is asked. Short, for it has to fit a small terminal in full: people
    /// answer it in a hurry.
    pub(super) fn leaving_question(&self) -> Option<Note> {
        // The simulator ends with the program and keeps no file: there is no next start for it.
        let is_demo = self.place().is_some_and(|place| place.is_demo);
        let text = match (self.is_sending(), is_demo) {
            (true, true) => {
                "A simulated request is under way. Quitting waits 10 s for it at most, and ends the demo."
            }
            (true, false) => {
                "A request is under way. Quitting waits 10 s for it at most; the next start tells what became of it."
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

    /// What the request on the screen waits for, where a few words do not tell it.
    pub(super) fn step_note(&self) -> Option<Note> {
        let Screen::Sending(id, request) = &self.screen else { return None };
        let State::Submitting(step) = &self.sending_row(*id)?.state else { return None };
        let text = match step {
            Step::Retrying { cause, after_ms } => {
                format!("{cause}. It was not carried out; sent again in {} s.", after_ms.div_ceil(1000))
            }
            Step::Reconciling { cause } => format!(
                "{cause}. It may have been carried out all the same: looking for {}, and nothing is sent \
                 again.",
                request.snapshot
            ),
            Step::Confirming { refusal } => format!(
                "{refusal}. Nothing is sent again; looking for up to 90 s whether a copy of the request was \
                 carried out."
            ),
            Step::NotRecorded { cause } => format!("It is done, but could not be recorded: {cause}."),
            Step::LookingUp | Step::Journalling | Step::Sending { .. } => return None,
        };
        Some(Note::new(Tone::Doubt, &text))
    }

    /// Sends what is on the review screen. The screen changes with it, so one confirmation makes one
    /// effect, however often the key is pressed.
    pub(super) fn submit(&mut self, without_journal: bool, now: &Now) -> Effects {
        let Screen::Review(request) = &self.screen else { return Vec::new() };
        let request = request.clone();
        let id = self.ids.issue();
        self.pane.submit(id, &request, now);
        self.screen = Screen::Sending(id, request.clone());
        self.note = None;
        self.fit();
        vec![Effect::Submit { id, request: *request, without_journal }]
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
        let mut note = tell(&name, &cluster, outcome);
        if let Some(cause) = not_recorded {
            note.text = format!("{} The journal could not record this outcome: {cause}.", note.text);
        }
        self.note = Some(note);
        let shown = match &self.screen {
            Screen::Sending(shown, request) if *shown == id => Some(request.clone()),
            _ => None,
        };
        match outcome {
            Outcome::Created { snapshot, .. } | Outcome::FoundAgain { snapshot, .. } => {
                self.catalog.note(snapshot);
                self.drafts.retain(|draft, _| draft.as_str() != cluster);
            }
            Outcome::NotCreated(failure) => self.refuse(&cluster, failure.clone()),
            Outcome::Taken { by, failure } => {
                if let Some(by) = by {
                    self.catalog.note(by);
                }
                let refusal = failure.clone().unwrap_or_else(|| {
                    Failure::local(FailureKind::SnapshotExists, "another snapshot has this name")
                });
                self.refuse(&cluster, refusal);
            }
            Outcome::Unproven { snapshot, .. } => self.catalog.note(snapshot),
            Outcome::Unknown { .. } | Outcome::NotListed { .. } => {}
        }
        if let Some(request) = shown {
            self.screen = after(outcome, request, self.drafts.keys().any(|draft| draft.as_str() == cluster));
        }
        self.remember_outcome(id, outcome);
        let mut effects = self.look_back(now);
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

    /// Tells what became of the requests of an earlier run.
    pub(super) fn on_recovered(&mut self, recovered: &[Recovered], now: &Now) -> Effects {
        for found in recovered {
            if let Some(snapshot) = found.outcome.snapshot() {
                self.catalog.note(snapshot);
            }
            let id = self.ids.issue();
            self.pane.recover(id, found, now);
        }
        let mut effects = Vec::new();
        if self.pane.open_count() > 0 {
            effects.extend(self.look_back(now));
        }
        let told = recovered.iter().map(|found| tell(&found.snapshot, &found.cluster, &found.outcome));
        let told: Vec<Note> = told.collect();
        if let Some(tone) = told.iter().map(|note| note.tone).max() {
            let texts: Vec<&str> = told.iter().map(|note| note.text.as_str()).collect();
            self.note = Some(Note::new(tone, &format!("From before: {}", texts.join(" "))));
        }
        self.fit();
        effects
    }

    fn refuse(&mut self, cluster: &str, failure: Failure) {
        if let Some(form) = self.drafts.values_mut().find(|form| form.cluster.as_str() == cluster) {
            form.refusal = Some(failure);
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
        Outcome::NotCreated(_) | Outcome::Taken { .. } if has_draft => Screen::Form(request.cluster),
        _ => Screen::Clusters,
    }
}

/// Says what became of a request: what happened, to what, what it means for the snapshot.
#[must_use]
pub fn tell(name: &str, cluster: &str, outcome: &Outcome) -> Note {
    match outcome {
        Outcome::Created { snapshot, request_id } => {
            let request = request_id.as_ref().map(|id| format!(", request {id}")).unwrap_or_default();
            let (tone, state) = match (snapshot.status.is_usable(), snapshot.status.is_final()) {
                (true, _) => (Tone::Good, "created, and available: it can be restored".to_owned()),
                (false, true) => {
                    (Tone::Bad, format!("created, but {}: it cannot be restored", snapshot.status))
                }
                (false, false) => (Tone::Good, "AWS is creating it; usable once available".to_owned()),
            };
            Note::new(tone, &format!("{name}: {state}{request}."))
        }
        Outcome::FoundAgain { lost, .. } => Note::new(
            Tone::Good,
            &format!(
                "{name}: created. The answer was lost ({}), and the snapshot was found again: it is this \
                 request's. Nothing was sent twice.",
                lost.kind.clause()
            ),
        ),
        Outcome::NotCreated(failure) => {
            Note::new(Tone::Bad, &format!("Not created: {name}. {failure}. {}", advice(failure, cluster)))
        }
        Outcome::Taken { by, failure } => {
            let by = by.as_ref().map_or_else(String::new, |by| {
                let of = by.cluster.as_ref().map(|cluster| format!(" of {cluster}")).unwrap_or_default();
                let since = by.created_at.map(|at| format!(", begun {at:.0}")).unwrap_or_default();
                format!(" by a snapshot{of} that is {}{since}", by.status)
            });
            let words = failure.as_ref().map(|failure| format!(" {failure}.")).unwrap_or_default();
            let text = format!("Not created: the name {name} is taken{by}. It is not this request's.{words}");
            Note::new(Tone::Bad, &text)
        }
        Outcome::Unknown { cause, .. } => Note::new(
            Tone::Doubt,
            &format!(
                "Not known yet: {name}. {cause}. The request may have been carried out: it is looked up on \
                 and on, and nothing is sent again. The name was free before."
            ),
        ),
        Outcome::NotListed { looked_at, cause, .. } => Note::new(
            Tone::Doubt,
            &format!(
                "Not there: {name}. {cause}. AWS lists no snapshot that this request can have made \
                 (looked up {looked_at:.0}), and it is too old to take effect any more."
            ),
        ),
        Outcome::Unproven { snapshot, cause } => Note::new(
            Tone::Doubt,
            &format!(
                "A snapshot {name} is there ({}), but whether this request made it or another one cannot \
                 be told. {cause}.",
                snapshot.status
            ),
        ),
    }
}

/// What to do next after a failure that certainly created nothing.
#[must_use]
pub fn advice(failure: &Failure, cluster: &str) -> String {
    match failure.kind {
        FailureKind::InvalidState => format!("ctrl-s, then w, submits as soon as {cluster} is available."),
        FailureKind::QuotaExceeded => {
            "Delete manual snapshots that are not needed, or ask AWS to raise the quota.".to_owned()
        }
        FailureKind::Throttled => "Try again in a minute: ctrl-s.".to_owned(),
        FailureKind::NoConnection => "Check the network or the proxy, then ctrl-s again.".to_owned(),
        FailureKind::AccessDenied if failure.missing_permission().is_some() => {
            format!("Ask for {}.", failure.missing_permission().unwrap_or_default())
        }
        FailureKind::AccessDenied => {
            "Ask for rds:CreateDBClusterSnapshot on the cluster and the snapshot, and for \
             rds:AddTagsToResource on the snapshot if there are tags."
                .to_owned()
        }
        FailureKind::ClusterNotFound => "The cluster is gone: r in the list reads it anew.".to_owned(),
        FailureKind::Journal => "y tries again. J sends this one request without the journal: should its \
                                 answer be lost, nothing here knows of it."
            .to_owned(),
        kind if kind.is_credentials() => "Renew the credentials, then ctrl-s again.".to_owned(),
        _ => "The draft is kept: ctrl-s reviews it again.".to_owned(),
    }
}
