//! What is wanted of the service and what is in flight: the one record of both, at one pace.
//!
//! What a person waits for is asked as fast as the service lets it be, everything else at most once a second, whatever
//! is on the screen and whichever keys are pressed ([`Pace`]); only a submission waits for nobody
//! ([`crate::submit`]). Decides nothing about answers.

use std::time::Duration;

use crate::app::request_id::RequestId;
use crate::domain::failure::Failure;
use crate::track::backoff::Backoff;
use crate::track::pace::{Haste, Pace};

/// What a question is about. Of those that have waited equally long, the first one here comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuestionSubject {
    /// Who the caller is: another service's, with a pace of its own.
    Caller,
    /// The cluster of the form.
    Cluster,
    /// The quota of manual snapshots.
    Quota,
    /// The name that is typed, while the list of snapshots is not complete.
    Name,
    /// The snapshots that are followed.
    Followed,
    /// The cluster that a waiting request waits for, by the wait's token.
    Availability(String),
    /// The list of DB clusters.
    Clusters,
    /// The list of DB cluster snapshots.
    Snapshots,
    /// The events of the last minutes, for snapshots that were begun elsewhere.
    LatestEvents,
    /// The snapshots that these told of.
    Begun,
    /// The Region's manual snapshots, for those of which no event told.
    ManualSnapshots,
    /// The events of all snapshots that are kept.
    Events,
}

impl QuestionSubject {
    /// Whether it is wanted for the lists only.
    pub(super) fn is_of_lists(&self) -> bool {
        matches!(
            self,
            Self::Clusters
                | Self::Snapshots
                | Self::LatestEvents
                | Self::Begun
                | Self::ManualSnapshots
                | Self::Quota
                | Self::Name
        )
    }

    /// Whether the review of a change shows its answer.
    pub(super) fn is_of_review(&self) -> bool {
        matches!(self, Self::Clusters | Self::Quota)
    }

    /// Whether a person waits for its answer.
    fn haste(&self) -> Haste {
        match self {
            Self::Clusters | Self::Snapshots | Self::Cluster | Self::Quota | Self::Name => Haste::Waited,
            _ => Haste::Background,
        }
    }

    /// Whether its answer tells that the credentials work again.
    fn is_a_probe(&self) -> bool {
        matches!(
            self,
            Self::Followed
                | Self::Clusters
                | Self::Snapshots
                | Self::LatestEvents
                | Self::Begun
                | Self::ManualSnapshots
                | Self::Events
        )
    }
}

/// A question that is due.
#[derive(Clone, Debug)]
pub struct Due {
    /// What it is about.
    pub subject: QuestionSubject,
    /// Since when the answer is wanted: what has waited longest comes first.
    pub since: Duration,
    /// From when on it may be asked.
    pub from: Duration,
}

/// What is wanted and what is in flight.
#[derive(Debug, Default)]
pub struct Questions {
    /// Throttles, trouble and pauses.
    pub backoff: Backoff,
    pace: Pace,
    caller_pace: Pace,
    wanted: Vec<(QuestionSubject, Duration)>,
    in_flight: Vec<(RequestId, QuestionSubject)>,
}

impl Questions {
    /// Wants an answer, from a moment of the monotonic clock on; what is wanted already keeps its turn.
    pub fn want(&mut self, subject: QuestionSubject, from: Duration) {
        if self.wanted_since(&subject).is_none() {
            self.wanted.push((subject, from));
        }
    }

    /// Wants an answer, from a moment on; what was wanted for later only is wanted from then on.
    pub fn want_sooner(&mut self, subject: QuestionSubject, from: Duration) {
        if self.wanted_since(&subject).is_none_or(|since| since > from) {
            self.want_at(subject, from);
        }
    }

    /// Wants an answer at a moment of the monotonic clock and not at another one.
    pub fn want_at(&mut self, subject: QuestionSubject, at: Duration) {
        self.wanted.retain(|(wanted, _)| *wanted != subject);
        self.wanted.push((subject, at));
    }

    /// Lets go of a subject: nothing about it is wanted, and an answer that still comes is late.
    pub fn forget(&mut self, subject: &QuestionSubject) {
        self.wanted.retain(|(wanted, _)| wanted != subject);
        self.in_flight.retain(|(_, asked)| asked != subject);
    }

    /// Lets go of everything: answers that still come are late. The pace stays, and so does a pause.
    pub fn forget_all(&mut self) {
        self.wanted.clear();
        self.in_flight.clear();
    }

    /// Since when a subject is wanted, on the monotonic clock.
    pub fn wanted_since(&self, subject: &QuestionSubject) -> Option<Duration> {
        self.wanted.iter().find(|(wanted, _)| wanted == subject).map(|(_, since)| *since)
    }

    /// Whether an answer about a subject is awaited.
    pub fn is_in_flight(&self, subject: &QuestionSubject) -> bool {
        self.in_flight.iter().any(|(_, asked)| asked == subject)
    }

    /// Notes that a question is on its way; an earlier one about the same becomes late.
    pub fn ask(&mut self, id: RequestId, subject: QuestionSubject) {
        self.forget(&subject);
        self.in_flight.push((id, subject));
    }

    /// Whether an answer is waited for.
    pub fn is_asked(&self, id: RequestId) -> bool {
        self.in_flight.iter().any(|(asked, _)| *asked == id)
    }

    /// What an answer is about; `None` if it is late.
    pub fn answered(&mut self, id: RequestId) -> Option<QuestionSubject> {
        let at = self.in_flight.iter().position(|(asked, _)| *asked == id)?;
        Some(self.in_flight.remove(at).1)
    }

    /// Takes the turn for a question about a subject, if there is one now.
    pub fn take_turn(&mut self, subject: &QuestionSubject, now: Duration) -> bool {
        match subject {
            QuestionSubject::Caller => self.caller_pace.take(Haste::Background, now),
            subject => self.pace.take(subject.haste(), now),
        }
    }

    /// What is to be asked and when, with what is asked by a schedule of its own.
    pub fn due(&self, scheduled: impl IntoIterator<Item = (QuestionSubject, Duration)>) -> Vec<Due> {
        let is_paused = self.backoff.is_paused();
        let is_probing = is_paused && self.in_flight.iter().any(|(_, subject)| subject.is_a_probe());
        let all = self.wanted.iter().cloned().chain(scheduled);
        let may_be_asked = |subject: &QuestionSubject| {
            !self.is_in_flight(subject) && (!is_probing || *subject == QuestionSubject::Caller)
        };
        let due = all.filter(|(subject, _)| may_be_asked(subject));
        due.map(|(subject, since)| Due { from: self.free_at(&subject).max(since), subject, since }).collect()
    }

    /// Takes it that the service asks to slow down.
    pub fn throttled(&mut self, now: Duration) {
        self.pace.slow_down(now);
    }

    /// From when on a question about a subject may be asked: at its pace, and after the last failure's pause. What a
    /// person waits for in a form is not held up by that, nor is a list by a throttle: its pace is slower already.
    fn free_at(&self, subject: &QuestionSubject) -> Duration {
        let free = self.pace.free_at(subject.haste());
        match subject {
            QuestionSubject::Caller => self.caller_pace.free_at(Haste::Background),
            QuestionSubject::Cluster | QuestionSubject::Quota | QuestionSubject::Name => free,
            QuestionSubject::Clusters | QuestionSubject::Snapshots if self.backoff.is_throttled() => free,
            _ => free.max(self.backoff.until()),
        }
    }
}

/// Something that is asked of the service, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote<T> {
    /// The last good answer; it stays while a newer one is awaited or has failed.
    pub value: Option<T>,
    /// Why the last question failed.
    pub failure: Option<Failure>,
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Self { value: None, failure: None }
    }
}

impl<T> Remote<T> {
    /// Takes an answer.
    pub fn take(&mut self, answer: Result<T, Failure>) {
        match answer {
            Ok(value) => (self.value, self.failure) = (Some(value), None),
            Err(failure) => self.failure = Some(failure),
        }
    }
}
