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
use crate::domain::outcome::Outcome;
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
    deadline: Instant,
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

impl<S: Service> Sending<'_, S> {
    /// Looks the name up until it is certain what became of the request; `None` if it is not in time. That
    /// nothing is listed settles nothing here: the lists may lag for longer than a person waits.
    pub(super) async fn reconcile(&self, answer: &Failure) -> Option<Outcome> {
        let deadline = Instant::now() + WINDOW;
        let mut pauses = Pauses::until(deadline);
        let mut first_seen = None;
        loop {
            if let Some((ownership, snapshot)) = self.look(deadline).await {
                let first_seen = *first_seen.get_or_insert_with(Instant::now);
                let is_late = self.request.mark.is_none() || first_seen.elapsed() >= TAGS_LAG.unsigned_abs();
                let outcome = decide::found(Moment::Unclear { is_late }, ownership, snapshot, Some(answer));
                if outcome.is_some() {
                    return outcome;
                }
            }
            if !pauses.pass().await {
                return None;
            }
        }
    }

    /// One look after a refusal by the service; an outcome if a copy of the request was carried out before.
    pub(super) async fn confirm(&self, refusal: Failure) -> Option<Outcome> {
        if !refusal.is_by_the_service() {
            return None;
        }
        let (ownership, snapshot) = self.look(Instant::now() + LOOK).await?;
        decide::found(Moment::Refused, ownership, snapshot, Some(&refusal))
    }

    /// What has the name now, if it is listed. A look-up that fails, or hangs, says nothing; the next one may.
    async fn look(&self, deadline: Instant) -> Option<(Ownership, Box<Snapshot>)> {
        let look_up = self.service.look_up(&self.request.snapshot);
        let Sighting { snapshot, .. } = timeout_at(deadline, look_up).await.ok()?.ok()?;
        let snapshot = snapshot?;
        let ownership = judge(self.recorder, self.intent, &snapshot).await;
        Some((ownership, Box::new(snapshot)))
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
