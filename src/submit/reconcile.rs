//! After an answer that leaves something open: the name is looked up until it is known what happened,
//! within bounds.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::decide::{self, Ownership, TAGS_LAG};
use super::recorder::Recorder;
use super::send::Sending;
use super::service::{Service, Sighting};
use super::table::Moment;
use crate::domain::failure::Failure;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::record::Intent;
use crate::domain::snapshot::Snapshot;

/// How long to look after the answer was lost: AWS's lists usually lag for up to a minute, and a margin.
const WINDOW: Duration = Duration::from_secs(90);
/// How long a look may take that only adds to what is known: a person waits for the answer.
pub(super) const LOOK: Duration = Duration::from_secs(10);
/// The pause after the first look-up; each further one is half as long again, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause between two look-ups.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The pauses between the looks that there is time for.
pub(super) struct Pauses {
    /// Until when there is.
    pub(super) deadline: Instant,
    next: Duration,
}

impl Pauses {
    pub(super) fn until(deadline: Instant) -> Self {
        Self { deadline, next: FIRST_PAUSE }
    }

    /// Waits before the next look; whether there is one.
    pub(super) async fn pass(&mut self) -> bool {
        if Instant::now() + self.next > self.deadline {
            return false;
        }
        sleep(self.next).await;
        self.next = (self.next + self.next / 2).min(LONGEST_PAUSE);
        true
    }
}

/// Takes how a look-up after no clear answer went, and tells it where it went otherwise than the one before. `before` is
/// why that failed, if it did.
pub(super) fn note_look(
    before: &mut Option<Failure>,
    failed: Option<&Failure>,
    answer: &Failure,
    on_step: &mut impl FnMut(Step),
) {
    let kind = |failure: &Failure| failure.kind;
    if failed.map(kind) != before.as_ref().map(kind) {
        on_step(match failed {
            Some(cause) => Step::LookFailed { cause: cause.clone() },
            None => Step::Reconciling { cause: answer.clone() },
        });
    }
    *before = failed.cloned();
}

impl<S: Service> Sending<'_, S> {
    /// Looks the name up until it is certain what became of the request; if it is not in time, why the last look-up
    /// failed, if it did. That nothing is listed settles nothing here: the lists may lag for longer than a person waits.
    pub(super) async fn reconcile(
        &self,
        answer: &Failure,
        on_step: &mut impl FnMut(Step),
    ) -> Result<Outcome, Option<Failure>> {
        let deadline = self.look_for(WINDOW);
        let mut pauses = Pauses::until(deadline);
        let mut first_seen = None;
        let mut failed = None;
        loop {
            let Some(look) = self.look(deadline).await else { return Err(failed) };
            note_look(&mut failed, look.as_ref().err(), answer, on_step);
            if let Ok(Some((ownership, snapshot))) = look {
                let first_seen = *first_seen.get_or_insert_with(Instant::now);
                let is_late = self.request.mark.is_none() || first_seen.elapsed() >= TAGS_LAG.unsigned_abs();
                let outcome = decide::found(Moment::Unclear { is_late }, ownership, snapshot, Some(answer));
                if let Some(outcome) = outcome {
                    return Ok(outcome);
                }
            }
            if !pauses.pass().await {
                return Err(failed);
            }
        }
    }

    /// One look after a refusal by the service; an outcome if a copy of the request was carried out before.
    pub(super) async fn confirm(&self, refusal: Failure) -> Option<Outcome> {
        let (ownership, snapshot) = self.look(self.look_for(LOOK)).await?.ok()??;
        decide::found(Moment::Refused, ownership, snapshot, Some(&refusal))
    }

    /// Whether the time to look is over.
    pub(super) fn is_late(&self) -> bool {
        self.look_until.is_some_and(|until| until <= Instant::now())
    }

    /// When looks end that may take so long.
    fn look_for(&self, time: Duration) -> Instant {
        let end = Instant::now() + time;
        self.look_until.map_or(end, |until| until.min(end))
    }

    /// What has the name now, if it is listed. A look-up that fails says nothing, the next one may; `None` where there
    /// was no time left for an answer.
    async fn look(&self, deadline: Instant) -> Option<Result<Option<(Ownership, Box<Snapshot>)>, Failure>> {
        let look_up = self.service.look_up(&self.request.snapshot);
        let snapshot = match timeout_at(deadline, look_up).await.ok()? {
            Ok(Sighting { snapshot: Some(snapshot), .. }) => snapshot,
            Ok(_) => return Some(Ok(None)),
            Err(failure) => return Some(Err(failure)),
        };
        let ownership = judge(self.recorder, self.intent, &snapshot).await;
        Some(Ok(Some((ownership, Box::new(snapshot)))))
    }
}

/// Whose a found snapshot is, in the light of what else the journal holds; that is read only if it can
/// matter.
pub(super) async fn judge(recorder: &Recorder, intent: &Intent, found: &Snapshot) -> Ownership {
    let ownership = decide::ownership(intent, found);
    if ownership == Ownership::CannotTell {
        decide::considering(ownership, &recorder.rivals(intent).await, found)
    } else {
        ownership
    }
}
