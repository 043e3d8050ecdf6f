//! After an unclear answer: the name is looked up until it is known what happened, within bounds.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep, timeout_at};

use super::decide::{self, Verdict};
use super::recorder::Recorder;
use super::service::{Service, Sighting};
use crate::domain::failure::Failure;
use crate::domain::outcome::Outcome;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::journal::Intent;

/// How long to look after the answer was lost: AWS's lists lag for up to a minute, and a margin.
const WINDOW: Duration = Duration::from_secs(90);
/// The pause after the first look-up; each further one is half as long again, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause between two look-ups.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A request that was sent, and not clearly answered.
pub(super) struct Reconciling<'a, S> {
    pub(super) service: &'a S,
    pub(super) request: &'a SnapshotRequest,
    pub(super) intent: &'a Intent,
    pub(super) recorder: &'a Recorder,
}

impl<S: Service> Reconciling<'_, S> {
    /// Looks the name up until it is certain whose it is, else says that it is not known. `since` is when
    /// the request was sent, by this machine's clock.
    pub(super) async fn run(&self, since: Timestamp, cause: Failure) -> Outcome {
        let deadline = Instant::now() + WINDOW;
        let mut pause = FIRST_PAUSE;
        loop {
            // A look-up that fails, or hangs, says nothing; the next one may.
            let look_up = self.service.look_up(&self.request.snapshot);
            let found = timeout_at(deadline, look_up).await.ok().and_then(Result::ok);
            if let Some(Sighting { snapshot: Some(snapshot), server_time }) = found {
                match judge(self.recorder, self.intent, server_time, &snapshot).await {
                    Verdict::Ours => {
                        return Outcome::FoundAgain { snapshot: Box::new(snapshot), lost: cause };
                    }
                    Verdict::NotOurs => {
                        return Outcome::Taken { by: Some(Box::new(snapshot)), failure: Some(cause) };
                    }
                    Verdict::CannotTell => {}
                }
            }
            if Instant::now() + pause > deadline {
                return Outcome::Unknown { since, cause };
            }
            sleep(pause).await;
            pause = (pause + pause / 2).min(LONGEST_PAUSE);
        }
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
