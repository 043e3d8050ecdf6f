//! Settling what was left unknown: in the background, and from the journal at the next start.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::sleep;

use super::MAX_STALENESS;
use super::decide::{self, Ownership, TAGS_LAG};
use super::preflight::account_of;
use super::reconcile::judge;
use super::recorder::Recorder;
use super::service::{Service, Sighting};
use super::table::Moment;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::HORIZON;
use crate::domain::outcome::Outcome;
use crate::domain::record::{Entry, Intent};
use crate::domain::snapshot_id::SnapshotId;
use crate::journal::Journal;

/// How far apart the looks are, at the least, that find something absent.
pub const SECOND_LOOK: Duration = Duration::from_secs(2);

/// For how long after its look-up whoever sent a request can still be at work on it with nothing written down: the
/// attempts, and the wait for the answer to the last one. That answer can prove more than what is listed does.
const MAY_BE_ANSWERED: SignedDuration = SignedDuration::from_secs(MAX_STALENESS.as_secs() + 30);

/// Looks up once what became of a request whose outcome is not known, and journals it if it is now.
///
/// `cause` is why it is not known ([`crate::domain::record::Record::cause`]). The outcome stays unknown while the
/// request may still take effect, and as long as the look-up fails; to be called again after a while. What was
/// refused stays refused, unless its snapshot is there after all. What the journal has by then is the outcome, if that is
/// worth more. Sends nothing that changes anything.
///
/// # Errors
/// Why the name could not be looked up: its outcome is as unknown as before.
pub async fn settle<S: Service>(
    service: &S,
    journal: Option<&Journal>,
    intent: &Intent,
    cause: Failure,
    clock: impl Fn() -> Timestamp,
) -> Result<Outcome, Failure> {
    let recorder = Recorder::new(journal);
    let outcome = Look { service, recorder: &recorder, intent, cause }.outcome(&clock).await?;
    // Whoever sent it may be at work still, and have been answered meanwhile.
    let told = recorder.entry(&intent.number).await.and_then(Entry::request).and_then(|it| it.told());
    if let Some(told) = told.filter(|told| told.kind().weight() > outcome.kind().weight()) {
        return Ok(told);
    }
    if outcome.is_settled() && !matches!(outcome, Outcome::Refused(_)) {
        // If it cannot be written, the next start settles it again, to the same word.
        let _ = recorder.outcome(&intent.number, clock(), &outcome, None).await;
    }
    Ok(outcome)
}

/// A look at a request that was left open.
struct Look<'a, S> {
    service: &'a S,
    recorder: &'a Recorder,
    intent: &'a Intent,
    cause: Failure,
}

impl<S: Service> Look<'_, S> {
    async fn outcome(self, clock: &impl Fn() -> Timestamp) -> Result<Outcome, Failure> {
        let Ok(id) = SnapshotId::parse(&self.intent.snapshot) else { return Ok(self.still_open()) };
        let Sighting { snapshot, server_time } = self.service.look_up(&id).await?;
        let age = self.intent.age(clock(), server_time);
        let Some(snapshot) = snapshot else { return self.absent(&id, age > HORIZON, clock).await };
        let ownership = judge(self.recorder, self.intent, &snapshot).await;
        if self.is_refused() && matches!(ownership, Ownership::NotOurs | Ownership::CannotTell) {
            return Ok(self.still_open());
        }
        let is_late = match self.cause.kind {
            FailureKind::NotWrittenDown => age > MAY_BE_ANSWERED,
            _ => self.intent.mark.is_none() || age > TAGS_LAG,
        };
        let moment = Moment::Unclear { is_late };
        let found = decide::found(moment, ownership, Box::new(snapshot), Some(&self.cause));
        Ok(found.unwrap_or_else(|| self.still_open()))
    }

    /// What an absence means: nothing, unless the request is too old to appear, the account that answers is the
    /// one that it went to, and a second look shows the same.
    async fn absent(
        self,
        id: &SnapshotId,
        is_dead: bool,
        clock: &impl Fn() -> Timestamp,
    ) -> Result<Outcome, Failure> {
        if !is_dead || self.is_refused() {
            return Ok(self.still_open());
        }
        let asked = self.intent.account.clone();
        let cluster = self.service.look_at_cluster(&ClusterId::reported(&self.intent.cluster)).await;
        let answers = account_of(self.service, cluster.ok().flatten().as_ref()).await;
        sleep(SECOND_LOOK).await;
        let is_believed = asked.is_some() && asked == answers;
        if !is_believed || self.service.look_up(id).await?.snapshot.is_some() {
            return Ok(self.still_open());
        }
        Ok(Outcome::NotListed { looked_at: clock(), cause: self.cause })
    }

    fn still_open(&self) -> Outcome {
        let cause = self.cause.clone();
        if self.is_refused() {
            Outcome::Refused(cause)
        } else {
            Outcome::Unknown { since: self.intent.asked_at(), cause, look: None }
        }
    }

    /// Whether the service refused the request. That the name was taken is no refusal: a copy may have taken it.
    fn is_refused(&self) -> bool {
        self.cause.is_by_the_service() && self.cause.kind != FailureKind::SnapshotExists
    }
}
