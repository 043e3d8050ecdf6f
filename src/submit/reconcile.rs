//! After an answer that leaves something open: the name is looked up until it is known what happened,
//! within bounds.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::decide::{self, Open, Sight, Verdict};
use super::recorder::Recorder;
use super::send::Sending;
use super::service::{Service, Sighting};
use crate::domain::failure::Failure;
use crate::domain::outcome::Outcome;
use crate::domain::snapshot::Snapshot;
use crate::journal::Intent;

/// How long to look after the answer was lost: AWS's lists lag for up to a minute, and a margin.
const WINDOW: Duration = Duration::from_secs(90);
/// From when on a name that is not listed was not taken: the lists' lag, and a smaller margin.
const ABSENT_FROM: Duration = Duration::from_secs(65);
/// How long a look may take that only adds to what is known: a person waits for the answer.
const LOOK: Duration = Duration::from_secs(10);
/// The pause after the first look-up; each further one is half as long again, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause between two look-ups.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

impl<S: Service> Sending<'_, S> {
    /// Looks the name up until it is certain what became of the request; `None` if it is not in time.
    pub(super) async fn reconcile(&self, open: Open, answer: &Failure) -> Option<Outcome> {
        let begun = Instant::now();
        let deadline = begun + WINDOW;
        let mut pause = FIRST_PAUSE;
        loop {
            let is_late = begun.elapsed() >= ABSENT_FROM;
            let sight = self.look(deadline).await.filter(|sight| is_late || *sight != Sight::Absent);
            let is_absent = sight == Some(Sight::Absent);
            if let Some(outcome) = sight.and_then(|sight| decide::certain(open, answer, sight))
                && !(is_absent && self.is_elsewhere().await)
            {
                return Some(outcome);
            }
            if Instant::now() + pause > deadline {
                return None;
            }
            sleep(pause).await;
            pause = (pause + pause / 2).min(LONGEST_PAUSE);
        }
    }

    /// A refusal that holds for every copy of the request is believed; where it is the service's own, one
    /// look confirms it.
    pub(super) async fn refused(&self, answer: Failure) -> Outcome {
        let confirms = answer.code.is_some();
        let sight = if confirms { self.look(Instant::now() + LOOK).await } else { None };
        sight
            .and_then(|sight| decide::certain(Open::Copy, &answer, sight))
            .unwrap_or(Outcome::NotCreated(answer))
    }

    /// The name is taken; who has it is worth one look, and no more: the list may lag.
    pub(super) async fn taken(&self, answer: Failure) -> Outcome {
        let look_up = self.service.look_up(&self.request.snapshot);
        let sighting = timeout(LOOK, look_up).await.ok().and_then(Result::ok);
        let by = sighting.and_then(|sighting| sighting.snapshot).map(Box::new);
        Outcome::Taken { by, failure: Some(answer) }
    }

    /// Whether the look-ups may be answered from another account than the request went to: what is not there
    /// says nothing then.
    async fn is_elsewhere(&self) -> bool {
        let Some(asked) = &self.intent.account else { return false };
        self.service.account().await.as_deref() != Some(asked.as_str())
    }

    /// What the name looks like now. A look-up that fails, or hangs, says nothing; the next one may.
    async fn look(&self, deadline: Instant) -> Option<Sight> {
        let look_up = self.service.look_up(&self.request.snapshot);
        let Sighting { snapshot, server_time } = timeout_at(deadline, look_up).await.ok()?.ok()?;
        let Some(snapshot) = snapshot else { return Some(Sight::Absent) };
        let verdict = judge(self.recorder, self.intent, server_time, &snapshot).await;
        Some(Sight::Found(verdict, Box::new(snapshot)))
    }
}

/// Whose a found snapshot is, in the light of what else the journal holds; that is read only if it can
/// matter.
pub(super) async fn judge(
    recorder: &Recorder,
    intent: &Intent,
    seen: Option<Timestamp>,
    found: &Snapshot,
) -> Verdict {
    let verdict = decide::verdict_on(intent, seen, found);
    if verdict == Verdict::Ours {
        decide::considering(verdict, recorder.rivalry(intent, seen, found).await)
    } else {
        verdict
    }
}
